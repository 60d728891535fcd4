"""Drafts of descriptions can be read as they stand, and say what was found."""

from pathlib import Path

import pandas as pd

import analysis
from analysis.compare.describe import describe
from analysis.description import read_description


def test_a_draft_is_read_and_says_what_was_found(
    articles: pd.DataFrame, measures: analysis.Measures, tmp_path: Path
) -> None:
    draft = describe(measures)
    (tmp_path / "corpus.toml").write_text(draft, "utf-8")
    assert read_description(tmp_path).title == measures.package["title"]
    assert draft.startswith("# 12 articles of 3 outlets, 2031-05-01 to 2031-05-12.\n")
    assert "Languages: en 12." in draft and "Radio Skerry 4" in draft and "Velmar" in draft


def test_every_line_of_a_draft_may_be_uncommented(
    measures: analysis.Measures, tmp_path: Path
) -> None:
    lines = describe(measures).splitlines()
    keys = ("question", "by", "topic", "topic_least", "terms", "strata", "aliases", "country")
    kept = [x.removeprefix("# ") if x.removeprefix("# ").startswith(keys) else x for x in lines]
    kept = [x.removeprefix("# ") if x.startswith("# [outlets") else x for x in kept]
    (tmp_path / "corpus.toml").write_text("\n".join(kept), "utf-8")
    read = read_description(tmp_path)
    assert read.by == "outlet" and len(read.outlets) == 1


def test_hostile_names_stay_in_their_comment(tmp_path: Path) -> None:
    rows = [{"id": "a", "outlet": 'Po"st\ntitle = 3', "text": "The Pier of Velmar is shut."}]
    draft = describe(analysis.measure_articles(pd.DataFrame(rows), title='A "title"\nof two'))
    (tmp_path / "corpus.toml").write_text(draft, "utf-8")
    assert read_description(tmp_path).title == 'A "title"\nof two'
