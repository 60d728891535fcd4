"""The sentences that travel with tables."""

import re
import string

from analysis.data import DATA, read_list
from analysis.notes import note, some


def test_a_note_counts_as_people_do_and_is_none_where_it_does_not_apply() -> None:
    assert note("any.left_out", n=1, why="undated") == "Left out: 1 article undated."
    assert note("any.left_out", n=2, why="undated") == "Left out: 2 articles undated."
    assert note("any.left_out", [], n=2, why="undated") == ""


def test_some_names_and_how_many_more() -> None:
    assert some(["a", "b"], 2) == "a, b"
    assert some("abcd", 2) == "a, b and 2 more"
    assert some("abcd", 2, "; ") == "a; b; and 2 more"


def test_every_sentence_can_be_filled_in() -> None:
    for table, notes in read_list(DATA / "notes.toml").items():
        for name, text in notes.items():
            for one in [text] if isinstance(text, str) else text:
                fields = [field for _, field, _, _ in string.Formatter().parse(one) if field]
                assert all(re.match(r"[a-z_]+", f) for f in fields), f"{table}.{name}"
