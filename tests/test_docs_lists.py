"""The examples in docs/lists.md and docs/speakers.md are read as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.measure.evidence import indicator_hits
from analysis.measure.lexicon.load import load_lexicon
from analysis.measure.speech.names import read_speakers

DOCS = Path(__file__).resolve().parents[1] / "docs"


def blocks(name: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (DOCS / name).read_text("utf-8"), re.DOTALL)


def test_the_list_of_ones_own_finds_what_the_text_says(tmp_path: Path) -> None:
    first, guarded = blocks("lists.md")
    (tmp_path / "first.toml").write_text(first, "utf-8")
    (tmp_path / "guarded.toml").write_text(f'kind = "naming"\n{guarded}', "utf-8")
    assert len(load_lexicon(tmp_path / "first.toml").entries) == 3
    assert load_lexicon(tmp_path / "guarded.toml").remarks == ()
    texts = ["The sale of the pier goes on. The summer sale begins.", "The shop has a sale."]
    articles = pd.DataFrame({"id": ["a", "b"], "text": texts})
    found = [len(indicator_hits(articles, [tmp_path / f"{n}.toml"])) for n in ("first", "guarded")]
    assert found == [3, 1]


def test_the_table_of_speakers_gives_sides(tmp_path: Path) -> None:
    (table,) = blocks("speakers.md")
    (tmp_path / "speakers.toml").write_text(table, "utf-8")
    speakers = read_speakers(tmp_path / "speakers.toml")
    assert speakers.find("mayor brandt") == ("Ida Brandt", "town", "head of state or government")
    assert speakers.side_of_collective("a Velmar official") == "town"
    assert speakers.side_of_collective("the ambassador to Velmar") == ""
