r"""The mean over pairs across two groups, against the pairs within each: range and interval.

All take the cosines of the articles of one group followed by those of the other, and `n_a`, how
many the first group has. The *difference* is the mean cosine across the groups minus the mean of
the two mean cosines within them, pairs of an article with itself left out.
"""

from math import nan

import numpy as np
from scipy import stats

from analysis.compare.ground.inference import ALPHA

_LEAST = 1e-12  # as much below 0 as cosines are written


def leave_one_out(cosines: np.ndarray, n_a: int) -> tuple[float, float]:
    """Least and most difference when any one article is left out; NaN where none is defined."""
    found = weighted_difference(cosines, n_a, 1 - np.eye(len(cosines)))
    defined = found[~np.isnan(found)]
    return (float(defined.min()), float(defined.max())) if len(defined) else (nan, nan)


def interval(cosines: np.ndarray, n_a: int) -> tuple[float, float]:
    r"""95 % interval of the difference D over articles within each of two outlets.

    :math:`D - t^2\kappa/2 \pm \sqrt{t^2(A + V_2) + t^4\kappa^2/4}`, t of n − 1 articles
    of the smaller outlet. An article's mean cosine with the other outlet less that with its own
    has a variance by which that of D is :math:`V_1 = s_a^2/n_a + s_b^2/n_b`; it holds that of
    pairs, :math:`V_2`, twice, so :math:`A = V_1 - 2V_2` is due to articles. A grows with the
    difference itself, which is half the squared distance of two means: each end is taken with its
    own, as in Wilson's interval, :math:`\kappa = A/\max(-D, \sqrt{V_2})`.
    """
    observed = weighted_difference(cosines, n_a, np.ones((1, len(cosines))))[0]
    others, sides = cosines - np.diag(np.diag(cosines)), (slice(0, n_a), slice(n_a, None))
    of_pairs, of_articles = pair_variance(cosines, n_a), 0.0
    for own, other in (sides, sides[::-1]):
        n = len(others[own])
        apart = others[own, other].mean(axis=1) - others[own, own].sum(axis=1) / (n - 1)
        of_articles += apart.var(ddof=1) / n
    of_articles = max(of_articles - 2 * of_pairs, 0.0)
    t = stats.t.isf(ALPHA / 2, min(n_a, len(cosines) - n_a) - 1)
    shift = t**2 / 2 * of_articles / max(-observed, np.sqrt(of_pairs), _LEAST)
    half = np.sqrt(t**2 * (of_articles + of_pairs) + shift**2)
    return float(observed - shift - half), float(observed - shift + half)


def agreed(low: float, high: float, p: float) -> tuple[float, float]:
    """The interval, which holds 0 exactly where the test finds no difference.

    Exchanging articles is exact where nothing differs; the interval is not.
    """
    if p >= ALPHA or np.isnan(p):
        return min(low, 0.0), max(high, 0.0)
    return low, min(high, -_LEAST) if low < 0 else high


def pair_variance(cosines: np.ndarray, n_a: int) -> float:
    r"""The part of the difference's variance that is due to pairs, not to their articles.

    :math:`\frac{\sigma_{ab}^2}{n_a n_b} + \frac14 \sum_{g=a,b} \frac{2\sigma_g^2}{n_g(n_g-1)}`,
    σ² being the variance of cosines that are centred by row and column (within an outlet as
    Székely & Rizzo 2014 do, without bias).
    """
    parts = (slice(0, n_a), slice(n_a, None))
    variance = _across_variance(cosines[parts[0], parts[1]])
    for part in parts:
        own = cosines[part, part].copy()
        np.fill_diagonal(own, 0)
        n, sums = len(own), own.sum(axis=0)
        centred = own - (sums + sums[:, None]) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(centred, 0)
        variance += (centred**2).sum() / (n * (n - 3)) / (2 * n * (n - 1))
    return float(variance)


def _across_variance(across: np.ndarray) -> float:
    centred = across - across.mean(axis=0) - across.mean(axis=1)[:, None] + across.mean()
    n_a, n_b = across.shape
    return float((centred**2).sum() / ((n_a - 1) * (n_b - 1) * n_a * n_b))


def may_be_off(across: np.ndarray) -> float:
    r"""Half the 95 % interval of the mean of the cosines across, articles of both outlets varying.

    :math:`t\sqrt{s_a^2/n_a + s_b^2/n_b - V}`, s² being the variance of articles' mean cosines with
    the other outlet, which hold that of pairs, V, twice; t of n − 1 articles of the smaller one.
    """
    of_pairs, variance = _across_variance(across), 0.0
    for axis in (0, 1):
        means = across.mean(axis=axis)
        variance += means.var(ddof=1) / len(means)
    t = stats.t.isf(ALPHA / 2, min(across.shape) - 1)
    return float(t * np.sqrt(max(variance - of_pairs, of_pairs)))


def weighted_difference(cosines: np.ndarray, n_a: int, weights: np.ndarray) -> np.ndarray:
    """Mean cosine across minus baseline, once for each row of weights of the articles."""
    parts = (slice(0, n_a), slice(n_a, None))
    a, b = (weights[:, part] for part in parts)
    total = ((a @ cosines[parts[0], parts[1]]) * b).sum(axis=1)
    across = total / (a.sum(axis=1) * b.sum(axis=1))
    own = [_weighted_within(w, cosines[part, part]) for w, part in ((a, parts[0]), (b, parts[1]))]
    return across - (own[0] + own[1]) / 2


def _weighted_within(weights: np.ndarray, cosines: np.ndarray) -> np.ndarray:
    """Mean cosine of pairs of different articles, each article as often as its weight says."""
    others = cosines.copy()
    np.fill_diagonal(others, 0)
    pairs = weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1)
    total = ((weights @ others) * weights).sum(axis=1)
    return np.divide(total, pairs, out=np.full(len(pairs), nan), where=pairs > 0)
