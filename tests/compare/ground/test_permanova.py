from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skbio import DistanceMatrix
from skbio.stats import distance

from analysis.compare.ground.permanova import (
    arrangements,
    dispersion,
    distances_to_centroid,
    permanova,
)
from analysis.errors import AnalysisError

# Distances, groups and results of scikit-bio's own tests (skbio/stats/distance/tests, BSD),
# which were verified with R's vegan::adonis.
TIES = [[0, 1, 1, 4], [1, 0, 3, 2], [1, 3, 0, 3], [4, 2, 3, 0]]
NO_TIES = [[0, 1, 5, 4], [1, 0, 3, 2], [5, 3, 0, 3], [4, 2, 3, 0]]
UNEQUAL = [
    [0.0, 1.0, 0.1, 0.5678, 1.0, 1.0],
    [1.0, 0.0, 0.002, 0.42, 0.998, 0.0],
    [0.1, 0.002, 0.0, 1.0, 0.123, 1.0],
    [0.5678, 0.42, 1.0, 0.0, 0.123, 0.43],
    [1.0, 0.998, 0.123, 0.123, 0.0, 0.5],
    [1.0, 0.0, 1.0, 0.43, 0.5, 0.0],
]
UNIFRAC = [  # upper triangle
    *(0.595483768391, 0.618074717633, 0.582763100909, 0.566949022108, 0.714717232268),
    *(0.772001731764, 0.690237118413, 0.740681707488, 0.581427669668, 0.613726772383),
    *(0.65945132763, 0.745176523638, 0.733836123821, 0.720305073505, 0.680785600439),
    *(0.672149021573, 0.699416863323, 0.71405573754, 0.759178215168, 0.689701276341),
    *(0.725100672826, 0.64756120797, 0.666018240373, 0.66532968784, 0.650464714994),
    *(0.632524644216, 0.703720200713, 0.748240937349, 0.73416971958, 0.727154987937),
    *(0.707316869557, 0.636288883818, 0.699880573956, 0.565875193399, 0.560605525642),
    0.575788039321,
]


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def square(upper: list[float]) -> np.ndarray:
    n = int((1 + np.sqrt(1 + 8 * len(upper))) / 2)
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = upper
    return matrix + matrix.T


@pytest.mark.parametrize(
    ("distances", "groups", "f", "published_p"),
    [
        (TIES, "CCFF", 2.0, 0.68),
        (NO_TIES, "CCFF", 4.4, 0.345),
        (UNEQUAL, "CabaCC", 0.578848, 0.655),
    ],
)
def test_published_values(
    distances: list[list[float]], groups: str, f: float, published_p: float
) -> None:
    found = permanova(np.array(distances), np.array(list(groups)), rng())
    assert found.f == pytest.approx(f, abs=1e-6)
    # theirs comes from 999 random permutations, ours from all
    assert found.exact
    assert found.p == pytest.approx(published_p, abs=0.05)


def test_published_dispersion() -> None:
    groups = np.array(["Control"] * 5 + ["Fast"] * 4)
    found = dispersion(square(UNIFRAC), groups, rng())
    assert found.f == pytest.approx(0.244501519876, rel=1e-9)
    assert found.arrangements == 126 == arrangements(groups == "Fast", np.zeros(9))


def test_scikit_bio_gives_the_same() -> None:
    points = rng().normal(size=(24, 4))
    points[15:] = 1.7 * points[15:] + 0.5
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    groups, theirs = ["a"] * 9 + ["b"] * 6 + ["c"] * 9, DistanceMatrix(distances)
    for ours, test, more in (
        (permanova, distance.permanova, {}),
        (dispersion, distance.permdisp, {"test": "centroid", "method": "eigh"}),
    ):
        found = ours(distances, np.array(groups), rng())
        known = test(theirs, groups, permutations=1999, seed=5, **more)
        assert found.f == pytest.approx(known["test statistic"], rel=1e-6)
        assert found.p == pytest.approx(known["p-value"], abs=0.04)


def test_by_hand() -> None:
    # Points 0, 2 | 5, 9 on a line. Sums of squares: total (4+25+81+9+49+16)/4 = 46, within
    # 4/2 + 16/2 = 10, between 36; F = 36 / (10/2) = 7.2. Of the six arrangements only the
    # observed one and its mirror image are as extreme.
    points = np.array([0.0, 2.0, 5.0, 9.0])
    found = permanova(np.abs(points[:, None] - points), np.array(list("aabb")), rng())
    assert (found.f, found.r2, found.p) == pytest.approx((7.2, 36 / 46, 2 / 6))


def test_distances_to_centroid_on_a_line() -> None:
    points = np.array([0.0, 2.0, 10.0, 3.0, 5.0])
    groups = np.array(list("aaabb"))
    expected = [4.0, 2.0, 6.0, 1.0, 1.0]
    found = distances_to_centroid(np.abs(points[:, None] - points), groups)
    assert found == pytest.approx(expected)


def test_strata_exchange_labels_inside_alone() -> None:
    groups, strata = np.array(list("abaab")), np.array(list("xxyyy"))
    assert arrangements(np.array([0, 1, 0, 0, 1]), np.array([0, 0, 1, 1, 1])) == 2 * 3
    points = np.array([0.0, 9.0, 1.0, 3.0, 8.0])
    found = permanova(np.abs(points[:, None] - points), groups, rng(), strata=strata)
    assert found.arrangements == 6
    distances = np.abs(points[:, None] - points)
    f = [
        permanova(distances, np.array([*first, *second]), rng()).f
        for first in ("ab", "ba")
        for second in ("aab", "aba", "baa")
    ]
    assert found.p == sum(value >= found.f - 1e-9 for value in f) / 6


def test_one_arrangement_has_no_p() -> None:
    distances = square([1.0, 2.0, 3.0, 1.5, 2.5, 0.5])
    found = permanova(distances, np.array(list("aabb")), rng(), strata=np.array([1, 1, 2, 2]))
    assert np.isnan(found.p)
    assert not np.isnan(found.f)


def test_random_permutations_agree_with_all_of_them() -> None:
    points = rng(3).normal(size=(9, 2)) + np.array([[0.8, 0]] * 4 + [[0, 0]] * 5)
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    groups = np.array([0] * 4 + [1] * 5)
    every = permanova(distances, groups, rng(), permutations=126)
    some = permanova(distances, groups, rng(), permutations=125)
    many = [permanova(distances, groups, rng(s), permutations=125).p for s in range(60)]
    assert every.exact
    assert not some.exact
    # 60 x 125 draws: four standard errors are at most 4 * sqrt(.25 / 7500) = .023
    assert np.mean(many) == pytest.approx(every.p, abs=0.023 + 1 / 126)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=15, max_size=15), st.permutations(range(6)))
def test_order_of_articles_does_not_matter(upper: list[float], order: list[int]) -> None:
    distances, groups = square(upper), np.array(list("aabbbc"))
    at = np.array(order)
    for test in (permanova, dispersion):
        one = test(distances, groups, rng())
        other = test(distances[np.ix_(at, at)], groups[at], rng())
        assert (one.r2, one.p) == pytest.approx((other.r2, other.p), nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 1), min_size=15, max_size=15))
def test_p_counts_all_relabellings(upper: list[float]) -> None:
    distances, groups = square(upper), np.array([0, 0, 0, 1, 1, 1])
    found = permanova(distances, groups, rng())
    squared = distances**2

    def within(members: tuple[int, ...]) -> float:
        others = [i for i in range(6) if i not in members]
        return sum(sum(squared[i, j] for i, j in combinations(g, 2)) / 3 for g in (members, others))

    every = [within(members) for members in combinations(range(6), 3)]
    as_extreme = sum(w <= within((0, 1, 2)) + 1e-9 for w in every)
    assert found.p == pytest.approx(as_extreme / 20)
    assert len(set(permutations(groups.tolist()))) == found.arrangements == 20


@pytest.mark.parametrize("groups", ["aaaa", "abcd"])
def test_refuses_what_cannot_be_compared(groups: str) -> None:
    with pytest.raises(AnalysisError, match="at least two groups"):
        permanova(np.array(TIES), np.array(list(groups)), rng())
