"""What is said of a gathering."""

import pytest
from bridge import jsonl

from analysis.gather.articles import read_articles


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([("Tarn Post", "x"), ("TARN-POST", "y")], "'TARN-POST' (1) and 'Tarn Post' (1)"),
        ([("www.tarn.example", "x"), ("tarn.example", "y")], "(1) and 'www.tarn.example' (1)"),
        ([("Zürich", "x"), ("Zu\u0308rich.", "y")], "'Zürich' (1) and 'Zürich.' (1)"),
        (
            [("A", "The bridge is shut …"), ("B", "A ferry runs.")],
            "1 of 2 texts end in an ellipsis",
        ),
        (
            [("A", "The bridge is shut."), ("B", "A ferry runs.")],
            "The middle article has 3.5 words",
        ),
    ],
)
def test_what_looks_like_a_mistake_is_said(tmp_path, rows, note):
    table = [{"id": f"{n}", "outlet": o, "text": t} for n, (o, t) in enumerate(rows)]
    notes = read_articles(jsonl(tmp_path / "a.jsonl", table)).attrs["notes"]
    assert note in " ".join(notes)


def test_nothing_is_said_of_outlets_that_differ(tmp_path):
    long = "The old bridge at Tarn was closed on Monday after the river rose. " * 8
    rows = [{"outlet": o, "text": f"{long} {o} said so."} for o in ("Tarn Post", "Tarn Posts")]
    notes = " ".join(read_articles(jsonl(tmp_path / "a.jsonl", rows)).attrs["notes"])
    assert "differ only" not in notes and "words" not in notes and "ellipsis" not in notes
