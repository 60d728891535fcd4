"""What n articles allow, families of tests, intervals."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

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


def test_adjusted_by_hand_and_blind_to_what_is_empty() -> None:
    q = inference.adjusted(np.array([0.01, np.nan, 0.04, 0.03]))
    assert q == pytest.approx([0.03, np.nan, 0.04, 0.04], nan_ok=True)
    assert np.isnan(inference.adjusted(np.array([np.nan]))).all()


def test_statsmodels_adjusts_and_bounds_alike() -> None:
    p = np.random.default_rng(4).random(50) ** 3
    assert inference.adjusted(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    chosen = inference.families(np.r_[p, p], np.repeat([0, 1], 50))
    assert chosen[:50] == pytest.approx(multipletests(p, method="fdr_bh")[1])
    for k, n in ((0, 10), (3, 17), (12, 40)):
        high = proportion_confint(k, n, method="beta")[1]
        assert float(inference.upper_bound(k, n)) == pytest.approx(high)


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


def test_simes_by_hand() -> None:
    assert inference.simes(np.array([0.04, np.nan, 0.01, 0.5])) == pytest.approx(0.03)
    assert np.isnan(inference.simes(np.array([np.nan])))


def test_families_select_contrasts_and_correct_for_it() -> None:
    p = np.array([0.001, 0.6, 0.9, 0.4, 0.5, 0.8, 0.3, 0.7, 0.9])
    contrast = np.repeat(["a", "b", "c"], 3)
    q = inference.families(p, contrast)
    assert q[:3] == pytest.approx([0.003 * 3, 1, 1])  # one of three selected: q · 3 / 1
    assert np.isnan(q[3:]).all()
    both = inference.families(np.where(p == 0.4, 0.001, p), contrast)
    assert both[0] == both[3] == pytest.approx(0.003 * 3 / 2)
    theirs = stats.false_discovery_control(p[:3])
    assert inference.families(p[:3], contrast[:3]) == pytest.approx(theirs)
    assert np.isnan(inference.families(np.full(3, np.nan), contrast[:3])).all()


def test_false_findings_of_many_contrasts_without_a_difference_are_rare() -> None:
    rng = np.random.default_rng(6)
    contrast = np.repeat(np.arange(12), 50)
    found = [(inference.families(rng.random(600), contrast) < 0.05).any() for _ in range(400)]
    assert np.mean(found) < 0.08


def test_interval_of_one_part_is_that_of_t_and_of_two_that_of_welch() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=12), rng.normal(2, 3, size=7)
    parts = [(np.asarray(v.var(ddof=1) / len(v)), len(v)) for v in (x, y)]
    theirs = stats.ttest_1samp(x, 0).confidence_interval()
    assert inference.interval(x.mean(), parts[0]) == pytest.approx(tuple(theirs))
    theirs = stats.ttest_ind(x, y, equal_var=False).confidence_interval()
    assert inference.interval(x.mean() - y.mean(), *parts) == pytest.approx(tuple(theirs))


def test_spread_is_the_variance_over_resampled_articles() -> None:
    rng = np.random.default_rng(9)
    counts, tokens = rng.poisson(3, (20, 2)), rng.integers(100, 200, 20)
    times = inference.resampled(np.zeros(20), [f"{i:02}" for i in range(20)], 3000)
    weights = times / (tokens @ times)
    found = inference.spread(sp.csr_array(counts), weights, tokens.sum(), 20 / 19)
    drawn = rng.integers(20, size=(3000, 20))
    rates = counts[drawn].sum(axis=1) / tokens[drawn].sum(axis=1)[:, None]
    low, high = np.quantile(np.log2(rates * tokens.sum() + 0.5), (0.05, 0.95), axis=0)
    assert found == pytest.approx(((high - low) / 3.29) ** 2 * 20 / 19, rel=0.1)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (0, 1), (3, 17), (10, 10)])
def test_upper_bound_agrees_with_scipy(k: int, n: int) -> None:
    theirs = stats.binomtest(k, n).proportion_ci(0.95, "exact").high
    assert inference.upper_bound(k, n) == pytest.approx(theirs)


def test_nothing_in_ten_articles() -> None:
    assert float(inference.upper_bound(0, 10)) == pytest.approx(1 - 0.025 ** (1 / 10))
    assert f"{float(inference.upper_bound(0, 10)):.1%}" == "30.8%"
