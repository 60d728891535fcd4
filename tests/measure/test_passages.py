from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare.reuse import shared_copy
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.passages import (
    copied_passages,
    read_texts,
    shared_passages,
)
from analysis.measure.tokens import tokenize

FERRY = (
    "The ferry left the harbour at noon and ran onto a sandbank, the port authority said. "
    "“We had no warning at all,” said the captain, Mr Lund. "
    "Rescue boats brought everyone ashore before dark."
)
MOVED = (
    "Rescue boats brought everyone ashore before dark on Monday. The FERRY left the harbour at "
    "noon, and ran onto a sandbank, the port authority said. “We had no warning at all,” said "
    "the mate."
)
LETTERS = st.lists(st.sampled_from("abcdefg"), max_size=40)


def test_a_moved_passage_is_found_where_it_stands() -> None:
    found = shared_passages(FERRY, MOVED)
    assert found[["passage", "voice", "words"]].to_records(index=False).tolist() == [
        (1, "narrator", 16),
        (1, "quoted", 6),
        (1, "narrator", 2),
    ]
    for piece in found.itertuples():
        a, b = FERRY[piece.a_start : piece.a_end], MOVED[piece.b_start : piece.b_end]
        assert tokenize(a) == tokenize(b)
        assert len(tokenize(a)) == piece.words
    # The rescue boats are seven words: fewer than eight.
    assert len(shared_passages(FERRY, MOVED, words=7)) == len(found) + 1


def test_what_only_one_of_them_quotes_is_mixed() -> None:
    words = "the firm wants to build flats on the old pier"
    found = shared_passages(f"It is said that {words}.", f"He wrote: “{words}.”")
    assert found[["voice", "words"]].to_records(index=False).tolist() == [("mixed", 10)]


def test_no_passage() -> None:
    assert shared_passages("", FERRY).empty
    assert shared_passages("Too short.", "Too short.").empty
    assert shared_passages("", "").columns[0] == "passage"
    with pytest.raises(AnalysisError, match="at least 1"):
        shared_passages("a", "b", words=0)


def test_repeated_copy_is_counted_once() -> None:
    sentence = "The council voted late at night to sell the whole pier. "
    found = shared_passages(sentence, sentence * 3)
    assert found["words"].tolist() == [11]


@settings(max_examples=80, deadline=None)
@given(LETTERS, LETTERS, st.integers(1, 4))
def test_passages_are_equal_disjoint_and_leave_no_longer_one(
    a: list[str], b: list[str], least: int
) -> None:
    one, other = " ".join(a), " ".join(b)
    found = shared_passages(one, other, words=least)
    used_a, used_b = np.zeros(len(one), int), np.zeros(len(other), int)
    for piece in found.itertuples():
        assert one[piece.a_start : piece.a_end] == other[piece.b_start : piece.b_end]
        assert piece.words >= least
        used_a[piece.a_start : piece.a_end] += 1
        used_b[piece.b_start : piece.b_end] += 1
    assert max(used_a.max(initial=0), used_b.max(initial=0)) <= 1
    # By brute force: in what no passage holds, no run of `least` words is left in common.
    free = [
        {
            tuple(w[i : i + least])
            for i in range(len(w) - least + 1)
            if not used[2 * i : 2 * (i + least) - 1].any()
        }
        for w, used in ((a, used_a), (b, used_b))
    ]
    assert not free[0] & free[1]


def test_texts_are_found_beside_the_corpus(
    articles: pd.DataFrame, measures: Measures, tmp_path: Path
) -> None:
    folder = analysis.write_measures(measures, tmp_path / "velmar")
    assert read_texts(folder).empty
    for place in ("articles.parquet", "velmar.articles.parquet", "velmar/articles.parquet"):
        articles.to_parquet(tmp_path / place)
        assert read_texts(folder)["text"].tolist() == articles["text"].tolist()
        (tmp_path / place).unlink()


def test_passages_behind_the_containment() -> None:
    long = " ".join(f"word{i}" for i in range(60))
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "outlet": ["Post", "Lantern", "Skerry"],
            "text": [f"Before it {long}", f"{long} and after", long],
        }
    )
    measures = analysis.measure_articles(frame)
    table = copied_passages(shared_copy(measures), measures, frame, pairs=2)
    assert table[["a", "b", "words", "length_a"]].to_records(index=False).tolist() == [
        ("a", "c", 60, len(frame["text"][0])),
        ("b", "c", 60, len(frame["text"][1])),
    ]
    assert copied_passages(shared_copy(measures), measures, frame.head(1)).empty
