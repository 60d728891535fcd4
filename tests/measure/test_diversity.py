"""MATTR and MTLD against the definitions, read word by word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measure.diversity import mattr, mtld, neighbours


def _encode(texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    starts = np.concatenate([[0], np.cumsum([len(t) for t in texts])]).astype(np.int64)
    return np.array([w for t in texts for w in t], np.int64), starts


def _mattr(texts: list[list[int]], window: int) -> np.ndarray:
    codes, starts = _encode(texts)
    return mattr(neighbours(codes, starts)[0], starts, window)


def _mtld(texts: list[list[int]]) -> np.ndarray:
    codes, starts = _encode(texts)
    return mtld(*neighbours(codes, starts), starts)


def _mattr_read(text: list[int], window: int) -> float:
    windows = [text[i : i + window] for i in range(len(text) - window + 1)]
    return float(np.mean([len(set(w)) / window for w in windows])) if windows else np.nan


def _runs(text: list[int]) -> float:
    factors, seen, n = 0.0, set(), 0
    for word in text:
        seen.add(word)
        n += 1
        if len(seen) / n < 0.72:
            factors, seen, n = factors + 1, set(), 0
    return factors + ((1 - len(seen) / n) / 0.28 if n else 0.0)


def _mtld_read(text: list[int]) -> float:
    both = [_runs(text), _runs(text[::-1])]
    return float(np.mean([len(text) / f for f in both])) if all(both) else np.nan


TEXTS = st.lists(st.lists(st.integers(0, 12), max_size=60), min_size=1, max_size=6)


@given(TEXTS, st.integers(1, 20))
def test_mattr_is_the_mean_over_windows(texts: list[list[int]], window: int) -> None:
    read = [_mattr_read(t, window) for t in texts]
    assert _mattr(texts, window) == pytest.approx(read, nan_ok=True)


@given(TEXTS)
def test_mtld_is_the_mean_length_of_runs(texts: list[list[int]]) -> None:
    assert _mtld(texts) == pytest.approx([_mtld_read(t) for t in texts], nan_ok=True)


def test_mtld_by_hand() -> None:
    # a b a: 2/3 < .72, a run of three; twice over: two runs either way, 6 tokens.
    assert _mtld([[1, 2, 1, 1, 2, 1]]) == pytest.approx([3])
    # a b c d e a: one run in part, (1 − 5/6) / .28
    assert _mtld([[1, 2, 3, 4, 5, 1]]) == pytest.approx([6 / ((1 / 6) / 0.28)])


def test_a_text_without_repetition_has_no_mtld() -> None:
    assert np.isnan(_mtld([[1, 2, 3], []])).all()


def test_mattr_by_hand() -> None:
    assert _mattr([[1, 1, 2, 3]], 2) == pytest.approx([(1 / 2 + 1 + 1) / 3])
    assert np.isnan(_mattr([[1]], 2)).all()


def test_articles_carry_both(measures) -> None:
    table = measures.articles
    assert (table["mtld"] > 0).all()
    assert table.loc[table["words"] < 100, "mattr"].isna().all()
