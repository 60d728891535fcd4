"""What n articles allow, permutation tests, adjustment, intervals."""

from math import comb

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.ground import inference
from analysis.compare.ground.inference import Evidence


@pytest.mark.parametrize(
    ("n", "level"),
    [(0, 0), (1, 1), (3, 1), (4, 4), (9, 4), (10, 10), (1000, 10)],
)
def test_what_n_articles_allow(n: int, level: int) -> None:
    assert inference.permitted(n) is Evidence(level)


def test_smallest_p_of_three_against_three_is_a_tenth() -> None:
    assert inference.smallest_p(3, 3) == pytest.approx(0.10)
    assert inference.smallest_p(1, 1) == 1.0


def test_why_there_is_no_p_or_interval() -> None:
    assert "0.1" in Evidence.DESCRIPTIVE.why_empty(3, 3)
    assert "10 articles" in Evidence.NAMED_TERMS.why_empty(4, 30)
    assert "named beforehand" in Evidence.NAMED_TERMS.why_empty(4, 30, named=True)
    assert Evidence.WORDS.why_empty(10, 10) == ""


def _two_groups(first: list[float], second: list[float]) -> tuple[sp.csr_array, np.ndarray]:
    values = sp.csr_array(np.array([[*first, *second]]).T)
    weights = np.repeat([1 / len(first), -1 / len(second)], [len(first), len(second)])
    return values, weights


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([3, 1, 4, 1, 5], [9, 2, 6, 5]),
        ([0, 0, 0, 7], [0, 1, 0, 0, 0]),
        ([1, 1, 1, 1], [1, 1, 1, 1]),
        ([8, 9, 10, 11], [0, 1, 2, 3]),
    ],
)
def test_exact_permutation_agrees_with_scipy(first: list[float], second: list[float]) -> None:
    values, weights = _two_groups(first, second)
    theirs = stats.permutation_test(
        (first, second), lambda a, b, axis: a.mean(axis) - b.mean(axis), n_resamples=np.inf
    )
    assert inference.permutation_p(values, weights) == pytest.approx([theirs.pvalue], abs=1e-12)


def test_extreme_division_by_hand() -> None:
    values, weights = _two_groups([8, 9, 10, 11], [0, 1, 2, 3])
    assert inference.permutation_p(values, weights)[0] == pytest.approx(2 / comb(8, 4))


def test_random_permutations_come_close_to_the_exact_p() -> None:
    rng = np.random.default_rng(3)
    dense = rng.poisson(0.8, (14, 40)).astype(float)
    weights = np.repeat([1 / 7, -1 / 7], 7)
    exact = inference.permutation_p(sp.csr_array(dense), weights, permutations=comb(14, 7))
    drawn = inference.permutation_p(sp.csr_array(dense), weights, permutations=3000)
    assert np.abs(exact - drawn).max() < 0.04
    assert np.corrcoef(exact, drawn)[0, 1] > 0.995


def test_few_terms_that_differ_get_a_p_small_enough_for_many_words() -> None:
    rng = np.random.default_rng(5)
    dense = rng.poisson(1.0, (40, 400)).astype(float)
    dense[:20, 0] += 6
    weights = np.repeat([1 / 20, -1 / 20], 20)
    p = inference.permutation_p(sp.csr_array(dense), weights, permutations=500)
    assert p[0] < 0.05 / 400
    assert inference.adjusted(p)[0] < 0.05


@given(st.permutations(range(12)), st.integers(0, 5))
def test_swapped_groups_have_the_same_p(order: list[int], seed: int) -> None:
    dense = np.random.default_rng(seed).poisson(0.7, (12, 5)).astype(float)[order]
    weights = np.repeat([1 / 5, -1 / 7], [5, 7])
    values = sp.csr_array(dense)
    one = inference.permutation_p(values, weights, permutations=50)
    other = inference.permutation_p(values, -weights, permutations=50)
    assert np.array_equal(one, other)


def test_the_same_seed_gives_the_same_p_and_another_seed_another() -> None:
    dense = np.random.default_rng(2).poisson(0.7, (30, 20)).astype(float)
    weights = np.repeat([1 / 15, -1 / 15], 15)
    first, again, other = (
        inference.permutation_p(sp.csr_array(dense), weights, permutations=100, seed=s)
        for s in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_null_p_is_uniform() -> None:
    rng = np.random.default_rng(11)
    dense = rng.lognormal(size=(40, 600))
    weights = np.repeat([1 / 20, -1 / 20], 20)
    p = inference.permutation_p(sp.csr_array(dense), weights, permutations=500)
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_adjusted_by_hand_and_blind_to_what_is_empty() -> None:
    q = inference.adjusted(np.array([0.01, np.nan, 0.04, 0.03]))
    assert q == pytest.approx([0.03, np.nan, 0.04, 0.04], nan_ok=True)
    assert np.isnan(inference.adjusted(np.array([np.nan]))).all()


def test_resampled_draws_each_group_as_often_as_it_has_articles() -> None:
    groups = np.array([0, 0, 0, 1, 1, 2, 3])
    times = inference.resampled(groups, list("abcdefg"), 200)
    assert (times[:3].sum(axis=0) == 3).all()
    assert (times[3:5].sum(axis=0) == 2).all()
    assert (times[5:].sum(axis=0) == 2).all()  # the two groups of one article, together
    assert times[5].min() == 0


def test_resampled_depends_on_ids_and_not_on_the_names_of_groups() -> None:
    one = inference.resampled(np.array(["a", "a", "b", "b"]), list("wxyz"), 50)
    other = inference.resampled(np.array(["b", "b", "a", "a"]), list("wxyz"), 50)
    assert np.array_equal(one, other)
    assert not np.array_equal(one[:2], one[2:])


def test_percentiles_widen_with_fewer_articles() -> None:
    low, high = inference.percentiles(10)
    t = stats.t.ppf(0.975, 9) * np.sqrt(10 / 9)
    assert low == pytest.approx(stats.norm.cdf(-t))
    assert low + high == pytest.approx(1)
    assert low < inference.percentiles(30)[0] < 0.025
    assert inference.percentiles(10**6)[0] == pytest.approx(0.025, abs=1e-5)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (0, 1), (3, 17), (10, 10)])
def test_upper_bound_agrees_with_scipy(k: int, n: int) -> None:
    theirs = stats.binomtest(k, n).proportion_ci(0.95, "exact").high
    assert inference.upper_bound(k, n) == pytest.approx(theirs)


def test_nothing_in_ten_articles() -> None:
    assert float(inference.upper_bound(0, 10)) == pytest.approx(1 - 0.025 ** (1 / 10))
    assert f"{float(inference.upper_bound(0, 10)):.1%}" == "30.8%"
