"""What the number of articles allows to be said (docs/methods.md): the ground floor of `compare`.

The article is the unit of evidence. n is the number of articles in the smaller of two groups.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import comb

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.measure.measures import Measures
from analysis.notes import note

SEED = 20140314
ALPHA = 0.05
REST = "rest"  # all groups but one
Names = str | Sequence[str] | None  # one, several, or where left out all
EXACT = 200_000  # arrangements that an exact test of terms named beforehand may take
_AT_ONCE = 512
_NINE_TENTHS = 2 * stats.norm.ppf(0.95)  # standard deviations


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
        sides = f"{one} against {other} article{'s' if other != 1 else ''}"
        kind = {Evidence.WORDS: "", Evidence.NAMED_TERMS: "named" if named else "words"}
        smallest = smallest_p(one, other)
        which = kind.get(self, "no_p")
        return note(f"why_empty.{which}", which, sides=sides, smallest=smallest)


def permitted(n: int) -> Evidence:
    """What n articles in the smaller group allow."""
    return max(level for level in Evidence if level <= max(n, 0))


def smallest_p(n_target: int, n_reference: int) -> float:
    r"""The smallest two-sided p that a permutation test of article labels can give.

    :math:`2 / \binom{n_1+n_2}{n_1}`, but never above 1; .10 for three against three.
    """
    return min(1.0, 2 / comb(n_target + n_reference, n_target))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How comparisons are tested: what travels as one, so that all pages test alike.

    Attributes
    ----------
    least, share
        Words are tested that stand in at least so many articles of the two sides, and in this
        share of the articles of the smaller one; whose they are is not looked at. Words in fewer
        than `least` articles are listed only where a side of fewer than ten articles uses them.
        Terms named beforehand are always tested.
    permutations
        Of article labels; 0 for tables that only describe (no p, interval or range).
    work
        Multiplications that further permutations may take, where p has to be small to pass.
    bootstraps
        Samples of articles behind an interval; 0 for none.
    prior
        α₀ of the log-odds, or ``"n"`` for the tokens of the two sides.
    strata
        What is held still: articles change places only within a ``week``, a ``story`` or the
        values of a column; "" for nothing.
    seed
        Of permutations and bootstrap.
    """

    least: int = 5
    share: float = 0.4
    permutations: int = 2000
    work: float = 15e9
    bootstraps: int = 1000
    prior: float | str = 500.0
    strata: str = ""
    seed: int = SEED

    def fewest(self, n: int) -> int:
        """In how many articles of both sides a word must stand to be tested, n in the smaller."""
        return max(self.least, math.ceil(self.share * n))


PLAN = Plan()
DESCRIBED = Plan(permutations=0, bootstraps=0)


def ordered(frame: pd.DataFrame, by: list[str], descending: list[str]) -> pd.DataFrame:
    """Sorted by score, then by name, so that equal scores have one order on every machine."""
    ascending = [c not in descending for c in by]
    return frame.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)


def with_ends(table: pd.DataFrame) -> pd.DataFrame:
    """With low and high: the interval of the log ratio, or below 10 articles its range."""
    low, high = (table[f"log_ratio_{end}"].fillna(table[f"loo_{end}"]) for end in ("low", "high"))
    return table.assign(low=low, high=high)


def with_notes(
    frame: pd.DataFrame, notes: Iterable[str], of: Measures | Sequence[str] = ()
) -> pd.DataFrame:
    """The frame, carrying what was selected and these notes in ``frame.attrs["notes"]``."""
    selected = of.notes if isinstance(of, Measures) else of
    frame.attrs["notes"] = [note for note in (*selected, *notes) if note]
    return frame


def generator(*key: int | str, seed: int = SEED) -> np.random.Generator:
    """Random numbers that depend on the seed and this key alone (texts count by their hash)."""
    return np.random.default_rng([seed, *(_as_number(k) for k in key)])


def _as_number(key: int | str) -> int:
    if isinstance(key, int):
        return key
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


# ---------------------------------------------------------------- families of tests


def adjusted(p: np.ndarray) -> np.ndarray:
    """Benjamini & Hochberg (1995) over every p that is not empty; q, empty where p is."""
    p = np.asarray(p, np.float64)
    q = np.full(p.shape, np.nan)
    given = ~np.isnan(p)
    if given.any():
        q[given] = stats.false_discovery_control(p[given], method="bh")
    return q


def simes(p: np.ndarray) -> float:
    r"""p of the hypothesis that nothing differs: :math:`\min_k p_{(k)}\,K/k` (Simes 1986)."""
    given = np.sort(p[~np.isnan(p)])
    return (
        float((given * len(given) / np.arange(1, len(given) + 1)).min()) if len(given) else np.nan
    )


def families(p: np.ndarray, contrast: np.ndarray) -> np.ndarray:
    r"""q of tests in several contrasts: first which contrasts differ, then in what.

    Contrasts are selected by Benjamini & Hochberg at .05 on their p after `simes`; R of m pass.
    Within those q is Benjamini & Hochberg's, times :math:`m/R`, so that q < .05 is the test at
    :math:`.05\,R/m` that keeps the share of false findings of the selected contrasts (Benjamini &
    Bogomolov 2014). Contrasts that are not selected have no q: choosing them and then testing at
    .05 would give a false finding in nearly half of all corpora of twelve contrasts.

    Parameters
    ----------
    p
        Of each test; empty where there is none.
    contrast
        What contrast each test is of.

    Returns
    -------
    ndarray, empty where p is, and in contrasts that are not selected.
    """
    p, contrast = np.asarray(p, np.float64), np.asarray(contrast)
    names = list(dict.fromkeys(contrast.tolist()))
    rows = {name: np.flatnonzero(contrast == name) for name in names}
    tested = [name for name in names if not np.isnan(p[rows[name]]).all()]
    of_contrast = adjusted(np.array([simes(p[rows[name]]) for name in tested]))
    selected = [name for name, q in zip(tested, of_contrast, strict=True) if q < ALPHA]
    q = np.full(len(p), np.nan)
    for name in selected:
        of_words = adjusted(p[rows[name]])
        q[rows[name]] = np.minimum(1.0, of_words * len(tested) / len(selected))
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


def spread(
    parts: sp.csr_array,
    weights: np.ndarray,
    size: float,
    inflation: float,
    *,
    of_whole: bool = False,
) -> np.ndarray:
    r"""Variance of the logarithm of a rate, or of the logit of a share, over bootstrap samples.

    From the 5th and 95th percentile, as of a normal distribution, :math:`((b-a)/3.29)^2`: the few
    samples without any occurrence, whose logarithm is far away, do not decide it.

    Parameters
    ----------
    parts
        Articles × things.
    weights
        Articles × samples: with them the parts add up to the rate or share of each sample.
    size
        Tokens behind the rate, or the whole of which it is a share: half an occurrence is added
        to each, as in the log ratio, so that a sample without any has a logarithm.
    inflation
        By what the bootstrap falls short of the variance: :math:`n/(n-1)` for n articles.
    of_whole
        Shares: logit (natural) instead of the logarithm to base 2.

    Returns
    -------
    ndarray, one per thing
    """
    by_thing, weights = sp.csr_array(parts.T.astype(np.float32)), weights.astype(np.float32)
    ends = np.array((0.05, 0.95)) * (weights.shape[1] - 1)
    below, beyond = ends.astype(int), ends % 1
    found = [np.empty(0)]
    for start in range(0, by_thing.shape[0], _AT_ONCE):
        drawn = np.sort(by_thing[start : start + _AT_ONCE] @ weights, axis=1)
        amount = drawn[:, np.stack([below, below + 1])].astype(np.float64) * size
        if of_whole:
            logs = np.log((amount + 0.5) / (np.maximum(size - amount, 0) + 0.5))
        else:
            logs = np.log2(amount + 0.5)
        low, high = (logs[:, 0] + beyond * (logs[:, 1] - logs[:, 0])).T
        found.append(((high - low) / _NINE_TENTHS) ** 2)
    return np.concatenate(found) * inflation


def interval(
    estimate: np.ndarray, *parts: tuple[np.ndarray, np.ndarray | float]
) -> tuple[np.ndarray, np.ndarray]:
    r"""95 % interval of an estimate on a scale where it is symmetric.

    :math:`x \pm t_{.975,\nu}\sqrt{\sum_i v_i}`, v being the variance of each part (of a difference
    each side) with n articles, and :math:`\nu = (\sum v_i)^2 / \sum v_i^2/(n_i-1)` (Welch 1947).

    Parameters
    ----------
    estimate
        Logarithm of a rate or ratio, logit of a share, mean.
    parts
        (variance, articles) of each part.

    Returns
    -------
    Lower and upper ends.
    """
    total = np.sum([v for v, _ in parts], axis=0)
    by_part = np.sum([v**2 / np.maximum(n - 1, 1) for v, n in parts], axis=0)
    freedom = np.divide(total**2, by_part, out=np.ones_like(total), where=by_part > 0)
    half = stats.t.ppf((2 - ALPHA) / 2, freedom) * np.sqrt(total)
    return estimate - half, estimate + half


def upper_bound(k: np.ndarray | int, n: np.ndarray | int, level: float = 1 - ALPHA) -> np.ndarray:
    """Upper end of the two-sided Clopper–Pearson interval of k in n; 0 of 10 gives 30.8 %."""
    k = np.asarray(k, np.float64)
    bound = stats.beta.ppf((1 + level) / 2, k + 1, np.maximum(n - k, 1e-12))
    return np.where(k >= n, 1.0, bound)
