"""Hits lead to articles, and to sentences where the text is at hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import analysis
from analysis.data import DATA
from analysis.measure.evidence import evidence, texts_beside
from analysis.measure.measures import Measures

HARBOUR = DATA / "examples" / "harbour.toml"


def corpus() -> tuple[pd.DataFrame, Measures]:
    rows = {
        "a": ("Post", "The pier is unsafe. “It is a danger,” said Ida Brandt. Wind rose."),
        "b": ("Skerry", "Nobody spoke of it. A danger? No danger."),
        "c": ("Skerry", "The pier is costly."),
    }
    articles = pd.DataFrame(
        [{"id": i, "outlet": o, "title": "", "text": t} for i, (o, t) in rows.items()]
    )
    return articles, analysis.measure_articles(articles, lexicons=[HARBOUR])


def test_without_text_there_are_articles_and_addresses() -> None:
    _, measures = corpus()
    table = evidence(measures, "danger")
    assert table[["article", "outlet", "count", "narrator", "quoted"]].to_numpy().tolist() == [
        ["a", "Post", 2, 1, 1],
        ["b", "Skerry", 2, 2, 0],
    ]
    assert {"date", "title", "url"} <= set(table.columns) and "passages" not in table.columns


def test_with_text_every_hit_has_its_sentence_and_voice() -> None:
    articles, measures = corpus()
    table = evidence(measures, ["danger", "cost"], articles, lexicons=[HARBOUR])
    assert table["passages"].map(len).to_list() == table["count"].to_list()
    passages = table.set_index(["entry", "article"])["passages"]
    assert passages["danger", "a"] == [
        "narrator: The pier is unsafe.",
        "quoted: “It is a danger,” said Ida Brandt.",
    ]
    assert passages["cost", "c"] == ["narrator: The pier is costly."]
    assert "Sentences: 5 of 5 hits, from 3 of 3 articles" in table.attrs["notes"][-1]


def test_a_text_that_is_not_the_measured_one_is_not_shown() -> None:
    articles, measures = corpus()
    changed = articles.assign(text=articles["text"].where(articles["id"] != "a", "A danger."))
    table = evidence(measures, "danger", changed, lexicons=[HARBOUR]).set_index("article")
    assert table.loc["a", "passages"] == []
    assert len(table.loc["b", "passages"]) == 2


def test_a_lexicon_that_is_not_at_hand_gives_no_sentence_and_says_so() -> None:
    articles, measures = corpus()
    table = evidence(measures, "danger", articles)
    assert table["passages"].map(len).sum() == 0
    assert table.attrs["notes"][-1].startswith("Sentences: 0 of 4 hits")


def test_a_changed_lexicon_is_not_taken_for_the_one_that_measured(tmp_path: Path) -> None:
    articles, measures = corpus()
    other = tmp_path / "harbour.toml"
    other.write_text(HARBOUR.read_text("utf-8").replace("|unsafe", "|unsafe|wind"), "utf-8")
    table = evidence(measures, "danger", articles, lexicons=[other])
    assert table["passages"].map(len).sum() == 0


def test_what_was_not_found_is_told_from_what_was_not_looked_for() -> None:
    _, measures = corpus()
    table = evidence(measures.keep(["b"]), ["cost", "ghosts"])
    assert table.empty
    assert table.attrs["notes"][-2:] == [
        "'cost' was looked for and not found in these articles.",
        "'ghosts' is in no lexicon these articles were measured with.",
    ]
    assert evidence(measures, []).empty


def test_texts_lie_beside_the_corpus(tmp_path: Path) -> None:
    articles, measures = corpus()
    folder = analysis.write_measures(measures, tmp_path / "harbour")
    assert texts_beside(folder) is None
    articles.to_parquet(tmp_path / "harbour.articles.parquet")
    found = texts_beside(folder)
    assert found is not None and found["id"].to_list() == ["a", "b", "c"]
    assert len(evidence(measures, "danger", found, lexicons=[HARBOUR])["passages"][0]) == 2


def test_evidence_adds_up_to_what_was_measured(articles: pd.DataFrame, measures: Measures) -> None:
    entries = sorted(measures.indicators["entry"].astype("str").unique())
    table = evidence(measures, entries, articles)
    assert table["count"].sum() == measures.indicators["count"].sum()
    voices = table[["narrator", "reported", "quoted"]].sum(axis=1)
    assert voices.to_list() == table["count"].to_list()
    assert table["passages"].map(len).to_list() == table["count"].to_list()
