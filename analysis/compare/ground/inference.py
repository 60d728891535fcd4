"""What the number of articles allows to be said (METHODS §0): the ground floor of `compare`.

The article is the unit of evidence. n is the number of articles in the smaller of two groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations, islice
from math import comb

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.measure.measures import Measures

SEED = 20140314
ALPHA = 0.05
EXACT = 200_000  # divisions that an exact test of terms named beforehand may take


class Evidence(IntEnum):
    """What may be shown of a comparison; each is the number of articles from which it may."""

    NONE = 0
    """A group has no article."""
    DESCRIPTIVE = 1
    """1–3 articles: counts, rates, log ratio, leave-one-out range. No p, no interval."""
    NAMED_TERMS = 4
    """4–9: the same, and an exact permutation test of terms named beforehand."""
    WORDS = 10
    """10 or more: word-level tests with false-discovery control, bootstrap intervals."""

    def why_empty(self, one: int, other: int, named: bool = False) -> str:
        """Why p or interval of so many against so many articles is empty; "" where it is not.

        Parameters
        ----------
        named
            Whether what is tested was named beforehand.
        """
        if self is Evidence.WORDS:
            return ""
        sides = f"{one} against {other} article{'s' if other != 1 else ''}"
        if self is not Evidence.NAMED_TERMS:
            smallest = smallest_p(one, other)
            return f"No p and no interval: the smallest two-sided p of {sides} is {smallest:.2g}."
        if named:
            return f"{sides}: test of what was named beforehand, no interval."
        return (
            f"No p and no interval: single words are tested from {Evidence.WORDS:d} articles, "
            f"here {sides}."
        )


def permitted(n: int) -> Evidence:
    """What n articles in the smaller group allow."""
    return max(level for level in Evidence if level <= max(n, 0))


def smallest_p(n_target: int, n_reference: int) -> float:
    r"""The smallest two-sided p a permutation test of article labels can give.

    :math:`2 / \binom{n_1+n_2}{n_1}`, but never above 1; .10 for three against three.
    """
    return min(1.0, 2 / comb(n_target + n_reference, n_target))


@dataclass(frozen=True)
class Plan:
    """How comparisons are tested: what travels as one, so that all pages test alike.

    Attributes
    ----------
    least
        Words in at least so many articles of the two sides are listed and tested, where words are
        tested at all.
    permutations
        Of article labels; 0 for tables that only describe (no p, interval or range).
    bootstraps
        Samples of articles behind an interval; 0 for none.
    prior
        α₀ of the log-odds, or ``"n"`` for the tokens of the two sides.
    strata
        Column within whose values alone articles change places; "" for none.
    seed
        Of permutations and bootstrap.
    """

    least: int = 5
    permutations: int = 2000
    bootstraps: int = 1000
    prior: float | str = 500.0
    strata: str = ""
    seed: int = SEED


PLAN = Plan()
DESCRIBED = Plan(permutations=0, bootstraps=0)


def ordered(frame: pd.DataFrame, by: list[str], descending: list[str]) -> pd.DataFrame:
    """Sorted by score, then by name, so that equal scores have one order on every machine."""
    ascending = [c not in descending for c in by]
    return frame.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)


def with_notes(frame: pd.DataFrame, notes: Iterable[str], measures: Measures) -> pd.DataFrame:
    """The frame, carrying what was selected and these notes in ``frame.attrs["notes"]``."""
    frame.attrs["notes"] = [note for note in (*measures.notes, *notes) if note]
    return frame


def generator(*key: int | str, seed: int = SEED) -> np.random.Generator:
    """Random numbers that depend on the seed and this key alone (texts count by their hash)."""
    return np.random.default_rng([seed, *(_as_number(k) for k in key)])


def _as_number(key: int | str) -> int:
    if isinstance(key, int):
        return key
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


# ---------------------------------------------------------------- permutation of article labels

_THREADS = 2
_FEW = 5
_STEP = 5
_MOST_TIMES = 250
_DRAWING = 10  # work of putting one article in its place, in multiplications
_WORK = 3_000_000_000  # multiplications that further permutations may take


def permutation_p(
    values: sp.csr_array,
    weights: np.ndarray,
    *,
    permutations: int = 2000,
    exact: int | None = None,
    seed: int = SEED,
) -> np.ndarray:
    r"""Two-sided p of :math:`T_w = \sum_a c_a x_{aw}` when articles change places.

    With :math:`c_a = 1/n_1` for the articles of one group and :math:`-1/n_2` for those of the
    other, :math:`T_w` is the difference of the groups' means. Each permutation puts every
    article, with all its words, in the place of another, so that words of one article stay
    together.

    .. math:: p = \min\{1, 2\min(P[T^* \ge T], P[T^* \le T])\}

    Where all divisions in two groups are no more than `exact` (`permutations`, where left out),
    each is counted once and p is exact. Otherwise p is :math:`(b+1)/(m+1)` doubled, b of m
    random permutations being as extreme (Phipson & Smyth 2010). Terms with b < 5 are given
    more permutations, up to 250 times as many as the work allows, as long as the smallest p that
    m allows is too large for them to pass Benjamini–Hochberg (a staged form of Besag & Clifford
    1991).

    Parameters
    ----------
    values : sparse, articles × terms, e.g. rates per article; rows in an order of their own
        (by id), which with the seed decides the permutations
    weights : one per article
    permutations : how many for every term

    Returns
    -------
    ndarray, one p per term
    """
    by_term = sp.csr_array(values.T.astype(np.float64))
    by_term.sort_indices()
    observed = by_term @ weights
    slack = 1e-10 * np.abs(weights).max(initial=0) * np.asarray(np.abs(by_term).sum(axis=1))
    if _divisions(weights) <= (permutations if exact is None else exact):
        extreme, m = _exceedances(by_term, observed, slack, _all_divisions(weights))
        return np.minimum(1.0, 2 * extreme.min(axis=0) / m)
    extreme = np.zeros((2, len(observed)), np.int64)
    done = np.zeros(len(observed), np.int64)
    active, m, budget = np.arange(len(observed)), permutations, _WORK
    while len(active) and m:
        draws = _random_divisions(weights, m, int(done.max()), seed)
        found, _ = _exceedances(by_term[active], observed[active], slack[active], draws)
        extreme[:, active] += found
        done[active] += m
        active = active[extreme[:, active].min(axis=0) < _FEW]
        total = int(done.max())
        untouched = max(1, int((extreme[:, active].min(axis=0) == 0).sum()))
        if 2 / (total + 1) * len(observed) / untouched <= ALPHA / 5:
            break
        work = _DRAWING * len(weights) + by_term[active].nnz
        m = min(total * (_STEP - 1), _MOST_TIMES * permutations - total, budget // work)
        m = m if m >= total // 2 else 0
        budget -= m * work
    return np.minimum(1.0, 2 * (extreme.min(axis=0) + 1) / (done + 1))


def _divisions(weights: np.ndarray) -> float:
    """How many ways there are to divide the articles; infinite where weights take many values."""
    values, times = np.unique(weights, return_counts=True)
    if len(values) > 2:
        return np.inf
    return comb(len(weights), int(times[0]))


def _all_divisions(weights: np.ndarray) -> Iterator[np.ndarray]:
    values, times = np.unique(weights, return_counts=True)
    ways = combinations(range(len(weights)), int(times[0]))
    while chosen := list(islice(ways, _block(len(weights)))):
        block = np.full((len(weights), len(chosen)), values[-1])
        block[np.array(chosen).T, np.arange(len(chosen))] = values[0]
        yield block


def _random_divisions(
    weights: np.ndarray, number: int, before: int, seed: int
) -> Iterator[np.ndarray]:
    rng = generator("permutations", len(weights), before, seed=seed)
    block = _block(len(weights))
    for start in range(0, number, block):
        many = np.tile(weights, (min(block, number - start), 1))
        yield np.ascontiguousarray(rng.permuted(many, axis=1, out=many).T)


def _block(articles: int) -> int:
    """Divisions at a time: few of many articles, so that they stay in the processor's cache."""
    return int(np.clip(200_000 // articles, 128, 2048))


def _exceedances(
    by_term: sp.csr_array, observed: np.ndarray, slack: np.ndarray, draws: Iterator[np.ndarray]
) -> tuple[np.ndarray, int]:
    """How many draws are at least as high, and as low, as observed; and how many draws."""

    def count(block: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        drawn = by_term @ block
        high = (drawn >= (observed - slack)[:, None]).sum(axis=1)
        low = (drawn <= (observed + slack)[:, None]).sum(axis=1)
        return high, low, block.shape[1]

    extreme, m = np.zeros((2, len(observed)), np.int64), 0
    with ThreadPoolExecutor(_THREADS) as pool:
        while blocks := list(islice(draws, _THREADS)):
            for high, low, size in pool.map(count, blocks):
                extreme += (high, low)
                m += size
    return extreme, m


def adjusted(p: np.ndarray) -> np.ndarray:
    """Benjamini & Hochberg (1995) over every p that is not empty; q, empty where p is."""
    p = np.asarray(p, np.float64)
    q = np.full(p.shape, np.nan)
    given = ~np.isnan(p)
    if given.any():
        q[given] = stats.false_discovery_control(p[given], method="bh")
    return q


# ---------------------------------------------------------------- intervals


def resampled(groups: np.ndarray, ids: list[str], replicates: int, seed: int = SEED) -> np.ndarray:
    """How often each article is drawn in each bootstrap sample, articles × replicates.

    Each group is drawn from with replacement as often as it has articles. Groups of a single
    article cannot vary, so they are drawn from together (collapsed strata: Cochran 1977, §5A.12).
    The draws depend on the articles' ids and the seed, not on the names of groups.
    """
    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    stratum = np.where(size[group] == 1, -1, group)
    drawn = np.zeros((len(groups), replicates))
    for one in np.unique(stratum):
        rows = np.flatnonzero(stratum == one)
        rng = generator("bootstrap", *(ids[i] for i in rows), seed=seed)
        picked = rng.integers(len(rows), size=(replicates, len(rows)))
        picked += np.arange(replicates)[:, None] * len(rows)
        times = np.bincount(picked.ravel(), minlength=replicates * len(rows))
        drawn[rows] = times.reshape(replicates, len(rows)).T
    return drawn


def percentiles(n: int, level: float = 1 - ALPHA) -> tuple[float, float]:
    r"""The percentiles at which a bootstrap interval is cut, for n articles.

    Plain percentiles give intervals that are too narrow by :math:`\sqrt{(n-1)/n}` and by the
    difference of t and normal; so the share outside at each end is
    :math:`\Phi(-\sqrt{n/(n-1)}\,t_{1-\alpha/2,n-1})` (expanded percentiles, Hesterberg 2015).
    """
    if n < 2:
        return 0.0, 1.0
    t = stats.t.ppf((1 + level) / 2, n - 1)
    outside = float(stats.norm.cdf(-np.sqrt(n / (n - 1)) * t))
    return outside, 1 - outside


def upper_bound(k: np.ndarray | int, n: np.ndarray | int, level: float = 1 - ALPHA) -> np.ndarray:
    """Upper end of the two-sided Clopper–Pearson interval of k in n; 0 of 10 gives 30.8 %."""
    k = np.asarray(k, np.float64)
    bound = stats.beta.ppf((1 + level) / 2, k + 1, np.maximum(n - k, 1e-12))
    return np.where(k >= n, 1.0, bound)
