r"""Do groups of articles differ? Tests on distances alone, by permuting whole articles.

PERMANOVA (Anderson 2001, Austral Ecology 26: 32-46) asks whether articles of one group are nearer
to each other than to those of other groups. A small p may also come from groups that differ
in spread and not in place, so the test of dispersion (PERMDISP, Anderson 2006, Biometrics 62:
245-253) stands beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np

from analysis.compare.ground.permutations import (
    all_arrangements,
    arrangements,
    random_arrangements,
)
from analysis.data import mistake

_BLOCK = 500
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class GroupTest:
    r"""Outcome of a test of groups.

    Attributes
    ----------
    f : pseudo-F, :math:`\frac{SS_A/(a-1)}{SS_W/(N-a)}` of a groups and N articles
    r2 : share of the sum of squares between groups, :math:`SS_A/SS_T`
    chance : the mean r2 of the arrangements looked at: what groups explain that mean nothing
    p : share of arrangements of the labels, the observed one among them, whose F is at least
        the observed; NaN where the labels have one arrangement only
    arrangements : how many were looked at
    exact : whether those are all there are
    """

    f: float
    r2: float
    chance: float
    p: float
    arrangements: int
    exact: bool

    @property
    def adjusted(self) -> float:
        """What the groups explain beyond chance, of what is left: 0 where they mean nothing."""
        return (self.r2 - self.chance) / (1 - self.chance)


def permanova(
    distances: np.ndarray,
    groups: np.ndarray,
    rng: np.random.Generator,
    *,
    strata: np.ndarray | None = None,
    permutations: int = 2_000,
) -> GroupTest:
    r"""PERMANOVA of one factor.

    :math:`SS_T = \frac1N \sum_{i<j} d_{ij}^2` and
    :math:`SS_W = \sum_g \frac1{n_g} \sum_{i<j \in g} d_{ij}^2`.

    Parameters
    ----------
    distances
        Symmetric, n × n.
    groups, strata
        Labels of the n articles; labels are exchanged within strata alone where these are given.
    permutations
        Arrangements drawn at random; all are looked at where there are no more than that.
    """
    codes, sizes = _groups(groups)
    squared = np.asarray(distances, np.float64) ** 2
    of_article = squared.sum(axis=1)
    every = of_article.sum()

    def within(labels: np.ndarray) -> np.ndarray:
        sums = np.zeros(len(labels))
        for group, size in enumerate(sizes[:-1] if len(sizes) == 2 else sizes):
            member = (labels == group).astype(np.float64)
            inside = ((member @ squared) * member).sum(axis=1)
            sums += inside / (2 * size)
        if len(sizes) == 2:  # the others are what is left
            sums += (every - 2 * (member @ of_article) + inside) / (2 * sizes[1])
        return sums

    return _test(within, every / (2 * len(codes)), codes, strata, permutations, rng)


def dispersion(
    distances: np.ndarray,
    groups: np.ndarray,
    rng: np.random.Generator,
    *,
    strata: np.ndarray | None = None,
    permutations: int = 2_000,
) -> GroupTest:
    """PERMDISP: do the groups differ in how far their articles lie from their centroid?

    The centre is the mean, not the spatial median that some programs take.

    F of a one-way analysis of variance of `distances_to_centroid`; parameters as in `permanova`.
    """
    codes, sizes = _groups(groups)
    spread = distances_to_centroid(distances, codes)
    total = float(((spread - spread.mean()) ** 2).sum())

    def within(labels: np.ndarray) -> np.ndarray:
        explained = np.zeros(len(labels))
        for group, size in enumerate(sizes):
            explained += ((labels == group) @ spread) ** 2 / size
        return (spread**2).sum() - explained

    return _test(within, total, codes, strata, permutations, rng)


def distances_to_centroid(distances: np.ndarray, groups: np.ndarray) -> np.ndarray:
    r"""Distance of each article to the centroid of its group, in the space of the distances.

    :math:`z_i^2 = \left|\frac1{n_g}\sum_j d_{ij}^2 - \frac1{n_g^2}\sum_{j<k} d_{jk}^2\right|`,
    which needs no coordinates; the absolute value is for distances that no Euclidean space has
    (Anderson 2006, eq. 9).
    """
    squared = np.asarray(distances, np.float64) ** 2
    spread = np.zeros(len(squared))
    for group in np.unique(groups):
        of = np.flatnonzero(groups == group)
        block = squared[np.ix_(of, of)]
        spread[of] = np.sqrt(np.abs(block.mean(axis=1) - block.mean() / 2))
    return spread


def _groups(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) < 2 or len(codes) <= len(sizes):
        raise mistake("no-groups", n=len(codes), groups=len(sizes))
    return codes, sizes


def _test(
    within: Callable[[np.ndarray], np.ndarray],
    total: float,
    codes: np.ndarray,
    strata: np.ndarray | None,
    permutations: int,
    rng: np.random.Generator,
) -> GroupTest:
    """The p and F of sums of squares within groups, the total being the same in all."""
    observed = float(within(codes[None, :])[0])
    n, n_groups = len(codes), int(codes.max()) + 1
    between = total - observed
    tiny = _TOLERANCE * max(total, 1e-300)
    f = (between / (n_groups - 1)) / (observed / (n - n_groups)) if observed > tiny else np.inf
    strata_codes = np.zeros(n, int) if strata is None else np.unique(strata, return_inverse=True)[1]
    possible = arrangements(codes, strata_codes)
    exact = possible <= permutations
    drawn = random_arrangements(codes, strata_codes, permutations, rng, _BLOCK)
    found = np.concatenate(
        [
            within(_labels(o, codes))
            for o in (all_arrangements(codes, strata_codes) if exact else drawn)
        ]
    )
    if not exact:
        found = np.append(found, observed)
    as_extreme, looked_at = int((found <= observed + tiny).sum()), len(found)
    p = as_extreme / looked_at if possible > 1 else nan
    r2, chance = (1 - np.array([observed, found.mean()]) / total) if total > 0 else (nan, nan)
    return GroupTest(float(f), float(r2), float(chance), float(p), looked_at, exact)


def _labels(orders: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The group of each article, given arrangements as the articles of one group after another."""
    labels = np.empty_like(orders)
    np.put_along_axis(labels, orders, np.sort(codes)[None, :], axis=1)
    return labels
