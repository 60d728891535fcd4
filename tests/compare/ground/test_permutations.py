"""The test of rates: against scipy, by hand, within strata, and what must not matter."""

from math import comb

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.ground.inference import Plan, families
from analysis.compare.ground.permutations import (
    Sample,
    all_arrangements,
    arrangements,
    p_of_arrangements,
    ratio_test,
    weights_of,
)

QUICK = Plan(permutations=1000)


def studentised(
    y: np.ndarray, m: np.ndarray, weights: np.ndarray, of: np.ndarray | float = 1
) -> tuple[float, float]:
    """Rate of a side and its variance; weights are 1 / (groups · tokens of the article's group).

    y and m are times what the article weighs; that is `of`.
    """
    k, rate, mean = len(y), weights @ y, weights**2 @ (of * m) / (weights**2 @ m)
    squares = k / (k - 1) * (weights**2 @ (y - rate * m) ** 2)
    return rate, max(squares, mean * (weights**2 @ y) + (mean * (weights**2 @ m)) ** 2 / 2)


def statistic(first: np.ndarray, second: np.ndarray) -> float:
    """T of two groups, each 3 × articles: uses, words, and what each article weighs."""
    (r1, v1), (r2, v2) = (
        studentised(y * w, m * w, np.full(len(m), 1 / (m @ w)), w) for y, m, w in (first, second)
    )
    return (r1 - r2) / np.sqrt(v1 + v2)


def article_weights(y: np.ndarray, m: np.ndarray) -> np.ndarray:
    """1 / (1 + c m / mean m), c in three steps by how much y varies beyond Poisson."""
    rate = y.sum() / m.sum()
    expected = rate * m
    excess = (((y - expected) ** 2).sum() - expected.sum()) / (rate * (m**2).sum()) * m.mean()
    c = 0.0 if excess < 0.25 else 0.5 if excess < 1 else 2.0
    return 1 / (1 + c * m / m.mean())


def two_sided(observed: float, drawn: list[float]) -> float:
    of = np.array(drawn)
    return min(1.0, 2 * min(np.mean(of >= observed - 1e-9), np.mean(of <= observed + 1e-9)))


def sample(
    counts: np.ndarray, tokens: np.ndarray, groups: np.ndarray, strata: np.ndarray | None = None
) -> Sample:
    """Counts are articles × things."""
    together = np.zeros(len(tokens), np.int64) if strata is None else strata
    return Sample(sp.csr_array(counts), tokens, groups, together)


def p_of(one: Sample, plan: Plan = QUICK, exact: int = 0) -> np.ndarray:
    return ratio_test(one, [0], np.ones((1, one.counts.shape[1]), bool), plan=plan, exact=exact)[0]


@pytest.mark.parametrize("sizes", [(4, 5), (3, 6), (5, 5)])
def test_exact_p_agrees_with_scipy(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(sizes))
    n = sum(sizes)
    tokens = rng.integers(50, 400, n)
    counts = rng.poisson(0.01 * tokens[:, None] * rng.gamma(1, 1, (n, 6)))
    assert len(set(weights_of(sp.csr_array(counts), tokens))) > 1
    groups = np.repeat([0, 1], sizes)
    ours = p_of(sample(counts, tokens, groups), exact=1000)
    for thing in range(6):
        pairs = np.arange(n)
        of_articles = article_weights(counts[:, thing], tokens)
        each = np.array([counts[:, thing], tokens, of_articles])

        def of(a: np.ndarray, b: np.ndarray, each: np.ndarray = each) -> float:
            return statistic(*(each[:, x.astype(int)] for x in (a, b)))

        theirs = stats.permutation_test(
            (pairs[: sizes[0]], pairs[sizes[0] :]),
            of,
            n_resamples=np.inf,
            vectorized=False,
        )
        if counts[:, thing].any():
            assert ours[thing] == pytest.approx(theirs.pvalue, abs=1e-12)


def test_extreme_division_by_hand() -> None:
    counts = np.array([[8, 9, 10, 11, 0, 1, 2, 3]]).T
    p = p_of(sample(counts, np.full(8, 100), np.repeat([0, 1], 4)), exact=100)
    assert p[0] == pytest.approx(2 / comb(8, 4))


def test_several_groups_are_a_mean_of_rates() -> None:
    rng = np.random.default_rng(8)
    tokens, groups = rng.integers(50, 400, 9), np.array([0, 0, 0, 1, 1, 1, 2, 2, 3])
    counts = rng.poisson(0.02 * tokens[:, None], (9, 4))
    ours = p_of(sample(counts, tokens, groups), exact=10_000)
    orders = np.concatenate(list(all_arrangements(groups, np.zeros(9, int))))
    assert len(orders) == arrangements(groups, np.zeros(9, int)) == 5040
    for thing in range(4):
        found = []
        for order in [np.argsort(groups, kind="stable"), *orders]:
            y, m = counts[order, thing], tokens[order]
            size = np.array([m[:3].sum(), m[3:6].sum(), m[6:8].sum(), m[8:].sum()])
            weights = 1 / np.repeat(size, (3, 3, 2, 1))
            r1, v1 = studentised(y[:3], m[:3], weights[:3])
            r2, v2 = studentised(y[3:], m[3:], weights[3:] / 3)
            found.append((r1 - r2) / np.sqrt(v1 + v2))
        assert ours[thing] == pytest.approx(two_sided(found[0], found[1:]))


def test_within_strata_articles_stay_in_theirs() -> None:
    counts = np.array([[9, 8, 1, 0, 9, 0, 1, 1]]).T
    groups, strata = np.array([0, 1, 0, 1, 0, 1, 0, 1]), np.repeat([0, 1], 4)
    assert arrangements(groups, strata) == comb(4, 2) ** 2
    rates = np.array([18, 11]) / 400
    y = counts[:, 0] - 100 * rates[strata]
    observed, drawn = None, []
    for order in [
        np.argsort(groups, kind="stable"),
        *np.vstack([*all_arrangements(groups, strata)]),
    ]:
        assert sorted(strata[order[:4]]) == [0, 0, 1, 1]
        a, b = y[order[:4]], y[order[4:]]
        v = [
            max(4 / 3 * ((x - x.mean()) ** 2).sum() / 400**2, (c.sum() + 0.5) / 400**2)
            for x, c in ((a, counts[order[:4], 0]), (b, counts[order[4:], 0]))
        ]
        value = (a.sum() - b.sum()) / 400 / np.sqrt(sum(v))
        observed, drawn = (value, drawn) if observed is None else (observed, [*drawn, value])
    p = p_of(sample(counts, np.full(8, 100), groups, strata), exact=100)
    assert p[0] == pytest.approx(two_sided(observed, drawn))


def stories(rng: np.random.Generator, planted: float) -> Sample:
    """Six stories of ten articles with rates of their own; things from 20 on differ by side."""
    strata, groups = np.repeat(np.arange(6), 10), np.tile([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], 6)
    groups[:10], groups[50:] = 0, 1  # two stories that one side alone has
    tokens = rng.integers(200, 600, 60)
    rate = 0.004 * 4.0 ** rng.normal(size=(6, 40))[strata]
    rate[groups == 0, 20:] *= planted
    inside = (strata > 0) & (strata < 5)
    counts = rng.poisson(rate * tokens[:, None])[inside]
    return sample(counts, tokens[inside], groups[inside], strata[inside] - 1)


def test_stories_that_differ_are_no_difference_of_sides() -> None:
    rng = np.random.default_rng(4)
    null = np.concatenate([p_of(stories(rng, 1.0)) for _ in range(30)])
    assert 0.03 < (null < 0.05).mean() < 0.07
    found = np.concatenate([p_of(stories(rng, 3.0))[20:] for _ in range(5)])
    assert (found < 0.05).mean() > 0.8


def test_random_permutations_come_close_to_the_exact_p() -> None:
    rng = np.random.default_rng(3)
    tokens = rng.integers(100, 300, 14)
    one = sample(rng.poisson(0.8, (14, 40)), tokens, np.repeat([0, 1], 7))
    exact, drawn = p_of(one, exact=comb(14, 7)), p_of(one, Plan(permutations=3000))
    small = exact < 0.15  # larger ones are not looked at again
    assert np.abs(exact - drawn)[small].max() < 0.05
    assert np.corrcoef(exact, drawn)[0, 1] > 0.98


def test_few_things_that_differ_get_a_p_small_enough_for_many() -> None:
    rng = np.random.default_rng(5)
    counts = rng.poisson(1.0, (40, 400))
    counts[:20, 0] += 6
    p = p_of(sample(counts, np.full(40, 100), np.repeat([0, 1], 20)))
    assert p[0] < 0.05 / 400


@pytest.mark.slow
def test_one_real_contrast_of_twelve_is_found() -> None:
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(12), 30)
    counts = rng.poisson(0.2, (360, 1500))
    counts[groups == 0, :10] += 1
    one, listed = sample(counts, np.full(360, 100), groups), np.ones((12, 1500), bool)
    p = ratio_test(one, list(range(12)), listed, plan=Plan(), family=listed.size)
    q = families(p.ravel(), np.repeat(np.arange(12), 1500)).reshape(p.shape)
    assert (q[0, :10] < 0.05).sum() >= 9 and not (q[:, 10:] < 0.05).any()


@given(st.permutations(range(12)), st.integers(0, 5))
def test_swapped_sides_have_the_same_p(order: list[int], seed: int) -> None:
    counts = np.random.default_rng(seed).poisson(0.7, (12, 5))[order]
    one = sample(counts, np.full(12, 50), np.repeat([0, 1], [5, 7]))
    both = ratio_test(one, [0, 1], np.ones((2, 5), bool), plan=Plan(permutations=50))
    assert np.array_equal(both[0], both[1])


def test_the_same_seed_gives_the_same_p_and_another_seed_another() -> None:
    counts = np.random.default_rng(2).poisson(0.7, (30, 20))
    one = sample(counts, np.full(30, 80), np.repeat([0, 1], 15))
    first, again, other = (p_of(one, Plan(permutations=100, seed=s)) for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_null_p_is_uniform_even_where_one_side_writes_short() -> None:
    rng = np.random.default_rng(11)
    tokens = np.concatenate([rng.integers(250, 350, 20), rng.integers(700, 900, 40)])
    counts = rng.poisson(0.01 * tokens[:, None] * rng.gamma(2, 1 / 2, (60, 1500)))
    p = p_of(sample(counts, tokens, np.repeat([0, 1], [20, 40])))
    assert 0.035 < (p < 0.05).mean() < 0.065
    equal = sample(counts, tokens, rng.permutation(np.repeat([0, 1], 30)))
    assert stats.kstest(p_of(equal, Plan(permutations=5000)), "uniform").pvalue > 0.001


def test_what_is_not_listed_has_no_p_and_what_never_occurs_has_1() -> None:
    counts = np.array([[3, 0, 1], [2, 0, 0], [0, 0, 1], [0, 0, 0], [1, 0, 2], [0, 0, 1]])
    one = sample(counts, np.full(6, 10), np.repeat([0, 1], 3))
    listed = np.array([[True, True, False]])
    p = ratio_test(one, [0], listed, plan=QUICK)[0]
    assert p[1] == 1 and np.isnan(p[2]) and 0 < p[0] <= 1


def test_p_of_many_arrangements_is_that_of_each() -> None:
    rng = np.random.default_rng(3)
    tokens = rng.integers(50, 400, 24)
    counts = rng.poisson(0.01 * tokens[:, None] * rng.gamma(1, 1, (24, 40)))
    groups = np.repeat([0, 1], 12)
    dealt = np.array([rng.permutation(groups) for _ in range(5)])
    orders = np.argsort(dealt, axis=1, kind="stable")
    ours = p_of_arrangements(sample(counts, tokens, groups), orders, 1, 1000)  # 40,000 drawn
    for i, labels in enumerate(dealt):
        each = p_of(sample(counts, tokens, labels), Plan(permutations=20_000))
        assert np.abs(ours[:, i] - each).max() < 0.07  # of p above .2 a fifth are drawn
        assert np.abs(ours[:, i] - each)[each < 0.1].max() < 0.015


def test_strata_in_which_nothing_moves_are_no_dimension() -> None:
    groups = np.array([0, 1, 0, 1, *[0] * 70])
    strata = np.array([0, 0, 1, 1, *range(2, 72)])
    (found,) = all_arrangements(groups, strata)
    assert len({tuple(order) for order in found}) == len(found) == 4
    (alone,) = all_arrangements(groups, np.arange(len(groups)))
    assert alone.tolist() == [np.argsort(groups, kind="stable").tolist()]
