import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare.ground.pairs import (
    agreed,
    bootstrap,
    leave_one_out,
    pair_variance,
    weighted_difference,
)


def cosines(rng: np.random.Generator, n: int, shift: float = 0.0) -> np.ndarray:
    """Cosines of random vectors, the second half of them moved."""
    points = rng.normal(size=(n, 30)) + 1
    points[n // 2 :, :10] += shift
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points @ points.T)


def difference(matrix: np.ndarray, n_a: int, taken: list[int]) -> float:
    """By hand, of the articles taken, an article as often as it is in the list."""
    pairs = [(i, j) for x, i in enumerate(taken) for j in taken[x + 1 :] if i != j]
    across = [matrix[i, j] for i, j in pairs if (i < n_a) != (j < n_a)]
    a = [matrix[i, j] for i, j in pairs if i < n_a and j < n_a]
    b = [matrix[i, j] for i, j in pairs if i >= n_a and j >= n_a]
    return float(np.mean(across) - (np.mean(a) + np.mean(b)) / 2)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_weights_are_repeated_articles(seed: int, data: st.DataObject) -> None:
    matrix = cosines(np.random.default_rng(seed), 8)
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=8, max_size=8)))
    weights[[0, 1, 6, 7]] += 1
    taken = [i for i, times in enumerate(weights) for _ in range(times)]
    found = weighted_difference(matrix, 4, weights[None, :].astype(float))
    assert found[0] == pytest.approx(difference(matrix, 4, taken))


def test_leave_one_out_by_hand() -> None:
    matrix = cosines(np.random.default_rng(1), 7)
    every = [difference(matrix, 3, [i for i in range(7) if i != out]) for out in range(7)]
    assert leave_one_out(matrix, 3) == pytest.approx((min(every), max(every)))


def test_groups_too_small_to_leave_one_out() -> None:
    assert np.isnan(leave_one_out(cosines(np.random.default_rng(1), 4), 2)).all()


def test_the_interval_holds_0_where_the_test_finds_nothing_and_only_there() -> None:
    assert agreed(-0.04, 0.01, 0.2) == (-0.04, 0.01)
    assert agreed(-0.04, -0.01, 0.2) == (-0.04, 0.0)
    assert agreed(0.01, 0.04, np.nan) == (0.0, 0.04)
    assert agreed(-0.04, -0.01, 0.01) == (-0.04, -0.01)
    low, high = agreed(-0.04, 0.01, 0.01)
    assert low == -0.04 and high < 0


def test_variance_of_pairs_is_all_there_is_without_a_difference() -> None:
    """Between groups drawn alike the difference varies through its pairs alone."""
    draws = [cosines(np.random.default_rng(seed), 24) for seed in range(400)]
    observed = np.var([weighted_difference(d, 12, np.ones((1, 24)))[0] for d in draws])
    # The standard error of a variance of 400 draws is about 7 %.
    assert np.mean([pair_variance(d, 12) for d in draws]) == pytest.approx(observed, rel=0.25)


@pytest.mark.parametrize("shift", [0.0, 0.6])
def test_intervals_cover_what_they_say(shift: float) -> None:
    truth = np.mean(
        [
            weighted_difference(cosines(np.random.default_rng([9, s]), 400, shift), 200, w)[0]
            for s in range(10)
            for w in [np.ones((1, 400))]
        ]
    )
    held = 0
    for seed in range(200):
        rng = np.random.default_rng([7, seed])
        low, high = bootstrap(cosines(rng, 30, shift), 15, rng, 2_000)
        held += low <= truth <= high
    # docs/methods.md: 92 to 98 %; of 200 trials three standard errors are 5 points more.
    assert 0.90 <= held / 200 <= 1.0
    if shift:
        assert held / 200 <= 0.99
