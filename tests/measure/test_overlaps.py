import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measure.overlaps import (
    SHINGLE_WORDS,
    SKETCH_FRACTION,
    shingle_hashes,
    sketch,
    term_hashes,
)

SMALL = ["the", "pier", "was", "closed", "by", "a", "vote"]
WORDS = st.lists(st.sampled_from(SMALL), max_size=30)


def hashes(words: list[str]) -> np.ndarray:
    return shingle_hashes(term_hashes(words))


@given(WORDS)
def test_one_hash_per_distinct_run_of_five(words: list[str]) -> None:
    runs = {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    assert len(hashes(words)) == len(runs)


@given(WORDS, WORDS)
def test_texts_share_exactly_the_hashes_of_shared_runs(a: list[str], b: list[str]) -> None:
    runs = [{tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (a, b)]
    assert len(np.intersect1d(hashes(a), hashes(b))) == len(runs[0] & runs[1])


def test_order_of_words_matters() -> None:
    words = ["one", "two", "three", "four", "five"]
    assert hashes(words)[0] != hashes(words[::-1])[0]
    assert SHINGLE_WORDS == 5


def test_the_sketch_keeps_one_hash_in_four() -> None:
    many = shingle_hashes(term_hashes([str(i) for i in range(40_000)]))
    kept = sketch(many)
    # 40,000 draws at p = 1/4: five standard errors are 433
    assert len(kept) == pytest.approx(len(many) / SKETCH_FRACTION, abs=433)
    assert set(kept) <= set(many)


def test_hashes_are_the_same_on_every_machine() -> None:
    # BLAKE2b of "pier", eight bytes, little-endian; from the reference implementation (b2sum -l 64)
    assert term_hashes(["pier"])[0] == np.frombuffer(bytes.fromhex("6b226fa07805aa14"), "<u8")[0]
