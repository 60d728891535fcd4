r"""Do two groups use something at different rates? Whole articles are permuted.

Words of one article are not independent, so what changes places is the article with all it holds.
The statistic is the difference of two rates in units of its own standard error: the plain
difference breaks its level where the smaller side's articles are shorter than the other's, which
the standard error makes good for large groups (Chung & Romano 2013, The Annals of Statistics 41:
484–507; Neuhaus 1993). How far it does for small ones is measured in
``tests/benchmarks/bench_inference.py``.

Words of one article depend on each other, the more so the burstier a word is: a long article says
less of a bursty word's rate than its length. So articles weigh as they do in a rate with
overdispersed counts (Kleinman 1973, JASA 68: 46–54), by :math:`w = 1/(1 + c\,m)`, c the excess of
the word's variance over Poisson's in all articles of both sides, whose they are not being looked
at.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import combinations, islice
from math import comb, prod
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from analysis.compare.ground.inference import ALPHA, Plan, generator

_THREADS = 2
_UNDECIDED = 0.2  # a p so large after the first look is not looked at again
_ENOUGH = 20  # exceedances after which a p is precise enough
_FEW = 5  # … of a p that cannot pass, or among very many permutations
_MARGIN = 4  # how much lower a p may turn out, and more be afforded, further on
_STEP = 5
_MOST_TIMES = 500
_DRAWING = 30  # work of putting one article in its place, in multiplications
_SLACK = 1e-9
_BURSTY, _STEPS = (0.0, 0.5, 2.0), (0.25, 1.0)  # weights 1/(1 + c m), m in mean lengths
_BY_THING = ("y", "y2", "e2", "ym")
_COMMON, _CELLS = (2_000, 40_000), 20_000_000  # arrangements in which others are looked up


@dataclass(frozen=True)
class Sample:
    """What is tested: articles × things, and who changes places with whom.

    Attributes
    ----------
    counts : sparse, articles × things; rows in an order of their own (by id), which with the seed
        decides the permutations
    tokens : of each article: what rates are of
    groups : number of each article's group, from 0
    strata : number of each article's stratum, from 0; articles change places within it alone
    """

    counts: sp.csr_array
    tokens: np.ndarray
    groups: np.ndarray
    strata: np.ndarray

    def of(self, things: np.ndarray) -> Sample:
        """The same articles with some of the things."""
        return Sample(self.counts[:, things], self.tokens, self.groups, self.strata)


def ratio_test(
    sample: Sample,
    targets: list[int],
    listed: np.ndarray,
    *,
    plan: Plan,
    exact: int = 0,
    family: int = 0,
) -> np.ndarray:
    r"""Two-sided p of a difference of rates, each target group against the mean of the others.

    .. math:: T = \frac{r_1 - r_2}{\sqrt{V_1 + V_2}}, \quad r = \frac{\sum y}{\sum m}, \quad
       V = \max\left\{\frac{k}{k-1}\,\frac{\sum (y - rm)^2}{(\sum m)^2},\;
       \frac{\sum y + \frac12}{(\sum m)^2}\right\}

    y being the uses in each of a side's k articles and m their words, both times the article's
    weight (`weights_of`): 1 for a word that is spread evenly. The half in the Poisson
    floor keeps a side that does not use the word from having no variance at all. The rate of
    several groups is the mean of theirs. Within strata, y is what exceeds the stratum's own rate,
    :math:`y - r_s m`, so that strata which differ make no difference of sides.

    :math:`p = \min\{1, 2\min(P[T^* \ge T], P[T^* \le T])\}` over all arrangements where there are
    no more than `exact` (or the plan's permutations), otherwise with (b+1)/(m+1), b of m random
    ones being as extreme (Phipson & Smyth 2010). The nearer tail is doubled because T is skewed
    where sides differ in size: by :math:`|T^*|` a small side's own words would hardly ever pass.
    Things whose p is above .2 after a fifth of the permutations keep it; those with few
    exceedances are given more, twice as many each time, until the smallest p that m allows passes
    in a family of tests, or no more can make it pass (a staged form of Besag & Clifford 1991).

    Parameters
    ----------
    targets
        Numbers of groups.
    listed
        targets × things: what is tested of which.
    family
        Number of tests of which these are some; these alone where left out.

    Returns
    -------
    ndarray, targets × things; empty (nan) where not listed.
    """
    held = np.bincount(sample.counts.indices, minlength=sample.counts.shape[1]) > 0
    active = listed & held
    observed = _Test(sample, targets).statistics(_in_places(sample)[None, :])[:, :, 0]
    if arrangements(sample.groups, sample.strata) <= max(exact, plan.permutations):
        every = all_arrangements(sample.groups, sample.strata)
        extreme, n = _count(_Test(sample, targets), observed, every)
        p = 2 * extreme.min(axis=0) / n
    else:
        extreme, done = np.zeros((2, *active.shape), np.int64), np.zeros(active.shape, np.int64)
        budget, m = plan.work, max(plan.permutations // _STEP, 1)
        family = max(family, int(listed.sum()))
        while active.any() and m:
            rows, things = (np.flatnonzero(active.any(axis=axis)) for axis in (1, 0))
            cells = np.ix_(rows, things)
            left = sample.of(things)
            some = _Test(left, [targets[row] for row in rows], active[cells])
            draws = _drawn(left, m, int(done.max()), plan.seed)
            found, n = _count(some, observed[cells], draws)
            for counted, more in zip(extreme, found, strict=True):
                counted[cells] += np.where(active[cells], more, 0)
            done[cells] += np.where(active[cells], n, 0)
            budget -= n * some.work if done.max() > plan.permutations else 0
            affordable = budget / some.work
            m = _next(active, extreme.min(axis=0), done, plan.permutations, affordable, family)
        p = 2 * (extreme.min(axis=0) + 1) / (done + 1)
    return np.where(listed, np.where(held, np.minimum(p, 1.0), 1.0), np.nan)


def _next(
    active: np.ndarray,
    extreme: np.ndarray,
    done: np.ndarray,
    least: int,
    affordable: float,
    family: int,
) -> int:
    """How many permutations follow, for what is left in `active`, which is changed."""
    total = int(done.max())
    if total < least:
        active &= 2 * extreme <= _UNDECIDED * total
        return least - total
    # By Benjamini-Hochberg no higher p passes, however the rest of the permutations fall.
    highest = _MARGIN * ALPHA * (active & (extreme <= _FEW)).sum() / family
    precise = total < _STEP * least and highest * total >= 2 * _FEW
    active &= extreme < (_ENOUGH if precise else _FEW)
    untouched = max(1, int((extreme[active] == 0).sum()))
    reached = min(_MOST_TIMES * least, total + _MARGIN * affordable)  # fewer are left each time
    now, at_last = 2 * family / untouched / np.array([total, reached])
    if total >= _STEP * least and (now <= ALPHA / 2 or at_last > ALPHA):
        return 0  # what is left passes already, or cannot pass any more
    more = int(min(total, _MOST_TIMES * least - total, affordable))
    return more if more >= total // 2 else 0


def _count(
    test: _Test, observed: np.ndarray, draws: Iterator[np.ndarray]
) -> tuple[np.ndarray, int]:
    """How many arrangements are at least as high, and as low, as observed; and how many."""
    slack = _SLACK * (1 + np.abs(observed))
    low, high = (observed + slack)[:, :, None], (observed - slack)[:, :, None]

    def count(orders: np.ndarray) -> tuple[np.ndarray, int]:
        drawn = test.statistics(orders)
        return np.array([(drawn >= high).sum(axis=2), (drawn <= low).sum(axis=2)]), len(orders)

    extreme, n = np.zeros((2, *observed.shape), np.int64), 0
    with ThreadPoolExecutor(_THREADS) as pool:
        while blocks := list(islice(draws, _THREADS)):
            for found, size in pool.map(count, blocks):
                extreme += found
                n += size
    return extreme, n


def statistics(sample: Sample, number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """T of the first group against the others: observed, and in random arrangements.

    Things, and things × `number`.
    """
    test = _Test(sample, [0])
    drawn = [test.statistics(o)[0] for o in _drawn(sample, number, 0, seed)]
    return test.statistics(_in_places(sample)[None, :])[0, :, 0], np.concatenate(drawn, axis=1)


def p_of_arrangements(sample: Sample, orders: np.ndarray, seed: int, family: int) -> np.ndarray:
    """Two-sided p of T of two groups in many arrangements of the same articles.

    All are looked up among the same random ones: so many that the smallest p could pass in a
    family of so many tests, and no more than 40,000.

    Parameters
    ----------
    orders
        Arrangements × articles: those put in the first group, then the others.

    Returns
    -------
    ndarray, things × arrangements
    """
    number = int(np.clip(2 * family / ALPHA, _COMMON[0], _COMMON[1]))
    things = sample.counts.shape[1]
    found = np.empty((things, len(orders)))
    for start in range(0, things, _CELLS // number):
        of = np.arange(start, min(start + _CELLS // number, things))
        some = sample.of(of)
        drawn = np.sort(statistics(some, number, seed)[1], axis=1)
        observed = _Test(some, [0]).statistics(orders)[0]
        slack = _SLACK * (1 + np.abs(observed))
        for thing, row in enumerate(drawn):
            high = number - np.searchsorted(row, observed[thing] - slack[thing], "left")
            low = np.searchsorted(row, observed[thing] + slack[thing], "right")
            found[of[thing]] = 2 * (np.minimum(high, low) + 1) / (number + 1)
    return np.minimum(found, 1.0)


# ---------------------------------------------------------------- the statistic


@dataclass(frozen=True)
class _Sums:
    """Sums over a side's articles, weights w adding up to 1 per token; things or strata × draws."""

    y: np.ndarray
    """w·y"""
    y2: np.ndarray
    """w²·y"""
    e2: np.ndarray
    """w²·(y² − 2 r y m), what depends on the draw of the squared excess"""
    ym: np.ndarray
    """w²·y·m"""
    m: np.ndarray
    """w·m, by stratum"""
    m2: np.ndarray
    """w²·m, by stratum"""
    mm: np.ndarray
    """w²·m², by stratum"""
    u2: np.ndarray
    """w²·m times what the article weighs"""

    def without(self, other: _Sums, things: np.ndarray, groups: int) -> _Sums:
        """The mean of the other groups, self being the sum of all; of some of the things."""
        parts = {}
        for field in fields(self):
            power = 1 if field.name in ("y", "m") else 2
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            mine = mine[things] if field.name in _BY_THING else mine
            parts[field.name] = (mine - theirs) / (groups - 1) ** power
        return _Sums(**parts)

    def rate(self, rates: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """How far the side's rate exceeds that of its strata, and its variance; things × draws."""
        excess = self.y - rates @ self.m
        of_strata = rates @ self.mm
        squares = self.e2 + rates**2 @ self.mm - 2 * excess * (self.ym - of_strata)
        squares += excess**2 * self.mm.sum(axis=0)
        m2 = self.m2.sum(axis=0)
        weight = np.divide(self.u2, m2, out=np.ones_like(m2), where=m2 > 0)  # of its words
        poisson = weight * self.y2 + (weight * m2) ** 2 / 2
        return excess, np.maximum(k / (k - 1) * squares, poisson)


class _Raw(NamedTuple):
    """Sums over a group's articles: of y, y² − 2 r y m and y m in one; of m and m² by stratum.

    And of m times what the article weighs.
    """

    sums: np.ndarray
    m: np.ndarray
    mm: np.ndarray
    u: np.ndarray

    def per_token(self) -> _Sums:
        """The same with each article weighted by 1 / tokens of the group."""
        w = 1 / self.m.sum(axis=0)
        y, e2, ym = np.split(self.sums, 3)
        y2, e2, ym, m2, mm, u2 = (x * w**2 for x in (y, e2, ym, self.m, self.mm, self.u))
        return _Sums(y * w, y2, e2, ym, self.m * w, m2, mm, u2)


def weights_of(counts: sp.csr_array, tokens: np.ndarray) -> np.ndarray:
    r"""How bursty each thing is, in the steps of `_BURSTY`: :math:`\hat c` of its weights.

    In units of the mean article: :math:`\hat c\,\bar m = \bar m\,\frac{\sum (y - e)^2 - \sum e}{r
    \sum m^2}`, e = r m being what each article would hold of an evenly spread thing.
    """
    m, y = tokens.astype(np.float64), sp.csr_array(counts, dtype=np.float64)
    total, squares = np.asarray(y.sum(axis=0)).ravel(), np.asarray((y * y).sum(axis=0)).ravel()
    rate, of_lengths = total / m.sum(), (m**2).sum()
    excess = squares - 2 * rate * (y.T @ m) + rate**2 * of_lengths - total
    bursty = m.mean() * excess / np.maximum(rate * of_lengths, 1e-300)
    return np.asarray(_BURSTY)[np.searchsorted(_STEPS, bursty, "right")]


class _Test:
    """The statistic of a sample for any arrangements of its articles; things alike in weights."""

    def __init__(self, sample: Sample, targets: list[int], asked: np.ndarray | None = None) -> None:
        of_thing = weights_of(sample.counts, sample.tokens)
        relative = sample.tokens / max(sample.tokens.mean(), 1e-300)
        if asked is None:
            asked = np.ones((len(targets), len(of_thing)), bool)
        self.parts = [
            (at, _Weighted(sample.of(at), 1 / (1 + c * relative), targets, asked[:, at]))
            for c in _BURSTY
            if len(at := np.flatnonzero(of_thing == c))
        ]
        self.shape = (len(targets), len(of_thing))
        self.work = sum(part.work for _, part in self.parts)

    def statistics(self, orders: np.ndarray) -> np.ndarray:
        """T of each target and thing, targets × things × draws; nan where it is not asked for.

        `orders` is draws × articles: the articles that are put in the first group, then those
        in the second, …
        """
        found = np.empty((*self.shape, len(orders)))
        for at, part in self.parts:
            found[:, at] = part.statistics(orders)
        return found


class _Weighted:
    """The statistic of things whose articles weigh alike."""

    def __init__(
        self, sample: Sample, weight: np.ndarray, targets: list[int], asked: np.ndarray
    ) -> None:
        m = sample.tokens * weight
        self.weighted = weight * m
        counts = sp.csr_array(
            sp.csr_array(sample.counts, dtype=np.float64).multiply(weight[:, None])
        )
        row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        n, self.n_things = counts.shape
        size = np.bincount(sample.groups)
        strata = sp.csr_array((np.ones(n), (sample.strata, np.arange(n))))
        self.m, self.mm = (sp.csr_array(strata.multiply(v)) for v in (m, m**2))
        total = self.m.sum(axis=1)
        self.rates = (counts.T @ strata.T).toarray() / np.where(total > 0, total, 1)
        y = counts.data
        own = self.rates[counts.indices, sample.strata[row]]
        kinds = [y, y * y - 2 * own * y * m[row], y * m[row]]
        parts = [sp.csr_array((v, counts.indices, counts.indptr), counts.shape) for v in kinds]
        by_article = sp.csr_array(sp.hstack(parts, format="csr"))
        self.by_thing = sp.csr_array(by_article.T)
        self.tokens, self.bounds = m, np.concatenate([[0], np.cumsum(size)])
        self.targets = []  # where each stands, what is asked of it, and the parts of that
        for target, things in zip(targets, map(np.flatnonzero, asked), strict=True):
            columns = (np.arange(3)[:, None] * self.n_things + things).ravel()
            few = 8 * size[target] <= n and len(total) == 1
            of = by_article[:, columns] if few else self.by_thing[columns]
            self.targets.append((slice(*self.bounds[target : target + 2]), things, few, of))
        self.work = by_article.nnz * (1 if len(size) == 2 else 4) + _DRAWING * n

    def statistics(self, orders: np.ndarray) -> np.ndarray:
        """As `_Test.statistics`."""
        groups, n = len(self.bounds) - 1, orders.shape[1]
        everything = None if groups == 2 else self._everything(orders)
        found = np.full((len(self.targets), self.n_things, len(orders)), np.nan)
        for i, (place, things, few, parts) in enumerate(self.targets):
            raw, rates = self._raw(orders[:, place], few, parts), self.rates[things]
            one = raw.per_token()
            if everything:
                other = everything.without(one, things, groups)
            else:
                whole = self._raw(np.arange(n)[None, :], few, parts)
                other = _Raw(*map(np.subtract, whole, raw)).per_token()
            k = place.stop - place.start
            rate1, variance1 = one.rate(rates, k)
            rate2, variance2 = other.rate(rates, n - k)
            found[i, things] = (rate1 - rate2) / np.sqrt(variance1 + variance2)
        return found

    def _raw(self, articles: np.ndarray, few: bool, parts: sp.csr_array) -> _Raw:
        """Sums over some articles, draws × articles: of parts, by article where they are few."""
        (b, k), n = articles.shape, len(self.tokens)
        if not few:
            chosen = np.zeros((n, b))
            chosen[articles.T, np.arange(b)] = 1
            return _Raw(*(x @ chosen for x in (parts, self.m, self.mm, self.weighted)))
        cells = (np.ones(b * k), articles.ravel(), np.arange(0, b * k + 1, k))
        sums = (sp.csr_array(cells, shape=(b, n)) @ parts).toarray().T
        lengths = self.tokens[articles]
        m, mm = lengths.sum(axis=1)[None, :], (lengths**2).sum(axis=1)[None, :]
        return _Raw(sums, m, mm, self.weighted[articles].sum(axis=1))

    def _everything(self, orders: np.ndarray) -> _Sums:
        """The sum of all groups' means, each article weighted by 1 / tokens of its group."""
        size = np.add.reduceat(self.tokens[orders], self.bounds[:-1], axis=1)
        of_article = np.empty(orders.shape)
        of_place = np.repeat(1 / size, np.diff(self.bounds), axis=1)
        np.put_along_axis(of_article, orders, of_place, axis=1)
        weights = np.ascontiguousarray(of_article.T)
        squares = weights**2
        y = self.by_thing[: self.n_things] @ weights
        y2, e2, ym = np.split(self.by_thing @ squares, 3)
        m, m2, mm = self.m @ weights, self.m @ squares, self.mm @ squares
        return _Sums(y, y2, e2, ym, m, m2, mm, self.weighted @ squares)


# ---------------------------------------------------------------- arrangements


def arrangements(groups: np.ndarray, strata: np.ndarray) -> int:
    """In how many ways the groups can stand when articles change places within strata."""
    sizes = [np.bincount(groups[strata == s]) for s in np.unique(strata)]
    return prod(
        comb(int(n), int(k)) for size in sizes for n, k in zip(size.cumsum(), size, strict=True)
    )


def all_arrangements(groups: np.ndarray, strata: np.ndarray) -> Iterator[np.ndarray]:
    """Every arrangement once, in blocks: draws × articles, ordered by the group they get."""
    every = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    places = [at for at in every if len(set(groups[at])) > 1]  # in the others nothing moves
    choices = [_labellings(groups[at]) for at in places]
    ways = (1, *(len(choice) for choice in choices))
    total, size = prod(ways), _block(len(groups))
    for start in range(0, total, size):
        first, *chosen = np.unravel_index(np.arange(start, min(start + size, total)), ways)
        labels = np.tile(groups, (len(first), 1))
        for at, choice, which in zip(places, choices, chosen, strict=True):
            labels[:, at] = choice[which]
        yield np.argsort(labels, axis=1, kind="stable")


def _labellings(groups: np.ndarray) -> np.ndarray:
    """Every distinct order of some labels, one a row."""
    names, sizes = np.unique(groups, return_counts=True)
    labels = np.full((1, len(groups)), names[-1])
    free = np.arange(len(groups))[None, :]
    for name, size in zip(names[:-1], sizes[:-1], strict=True):
        n = free.shape[1]
        taken = np.array(list(combinations(range(n), int(size))))
        is_left = np.ones((len(taken), n), bool)
        is_left[np.arange(len(taken))[:, None], taken] = False
        left = np.nonzero(is_left)[1].reshape(len(taken), -1)
        row = np.repeat(np.arange(len(labels)), len(taken))
        pick = np.tile(np.arange(len(taken)), len(labels))
        labels = labels[row]
        labels[np.arange(len(labels))[:, None], free[row[:, None], taken[pick]]] = name
        free = free[row[:, None], left[pick]]
    return labels


def random_arrangements(
    groups: np.ndarray, strata: np.ndarray, number: int, rng: np.random.Generator, at_once: int
) -> Iterator[np.ndarray]:
    """So many random arrangements, in blocks as `all_arrangements` gives them."""
    n, places = len(groups), np.argsort(groups, kind="stable")
    by_stratum = np.argsort(strata, kind="stable")
    for start in range(0, number, at_once):
        b = min(at_once, number - start)
        if strata.any():
            keys = rng.random((b, n)) + strata[by_stratum]
            articles = np.empty((b, n), np.int64)
            articles[:, by_stratum] = by_stratum[np.argsort(keys, axis=1)]
        else:
            articles = rng.permuted(np.tile(np.arange(n), (b, 1)), axis=1)
        yield articles[:, places]


def _drawn(sample: Sample, number: int, before: int, seed: int) -> Iterator[np.ndarray]:
    """Random arrangements of a sample's articles, after so many that were drawn before."""
    n = len(sample.groups)
    rng = generator("permutations", n, before, seed=seed)
    size = _block(n + 3 * sample.counts.shape[1])
    return random_arrangements(sample.groups, sample.strata, number, rng, size)


def _in_places(sample: Sample) -> np.ndarray:
    """Articles ordered by their group."""
    return np.argsort(sample.groups, kind="stable")


def _block(numbers: int) -> int:
    """Arrangements at a time, given the numbers that each takes, so that they fit into a cache."""
    return int(np.clip(600_000 // numbers, 64, 4096))
