import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.ground.pairs import (
    agreed,
    interval,
    leave_one_out,
    may_be_off,
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


def test_each_end_is_as_far_as_the_variance_there_allows() -> None:
    matrix = cosines(np.random.default_rng(3), 26, 0.8)
    d = weighted_difference(matrix, 13, np.ones((1, 26)))[0]
    a, b = range(13), range(13, 26)
    variance = 0.0
    for own, other in ((a, b), (b, a)):
        of_own = [np.mean([matrix[i, j] for j in own if j != i]) for i in own]
        of_other = [np.mean([matrix[i, j] for j in other]) for i in own]
        variance += np.var(np.subtract(of_other, of_own), ddof=1) / 13
    of_pairs = pair_variance(matrix, 13)
    for end in interval(matrix, 13):
        there = (variance - 2 * of_pairs) * end / d + of_pairs
        assert (end - d) ** 2 == pytest.approx(stats.t.ppf(0.975, 12) ** 2 * there)


def test_identical_articles_have_an_interval_of_no_width() -> None:
    assert interval(np.ones((20, 20)), 10) == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.6])
def test_intervals_cover_what_they_say(shift: float) -> None:
    every = np.ones((1, 400))
    drawn = [cosines(np.random.default_rng([9, s]), 400, shift) for s in range(10)]
    truth = np.mean([weighted_difference(d, 200, every)[0] for d in drawn])
    held = []
    for seed in range(1000):
        low, high = interval(cosines(np.random.default_rng([7, seed]), 30, shift), 15)
        held.append(low <= truth <= high)
    # Of 1,000 trials three standard errors are 2 points.
    assert 0.93 <= np.mean(held) <= 0.99


def test_how_far_a_mean_cosine_may_be_off_is_how_far_it_is() -> None:
    every = cosines(np.random.default_rng(11), 800, 0.4)[:400, 400:]
    off = []
    for seed in range(1000):
        rng = np.random.default_rng([12, seed])
        some = every[np.ix_(rng.permutation(400)[:20], rng.permutation(400)[:12])]
        off.append(abs(some.mean() - every.mean()) <= may_be_off(some))
    # Of 1,000 trials three standard errors are 2 points.
    assert 0.93 <= np.mean(off) <= 0.98
