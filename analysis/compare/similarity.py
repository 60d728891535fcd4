"""How alike articles and outlets are, and which words make them so (METHODS §5).

The similarity of two articles is the cosine of their vectors of weighted words
(`analysis.compare.ground.vectors`), from 0 (no word in common) to 1 (the same words equally often).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import nan
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import MDS

from analysis.compare.ground.groups import Groups, grouped
from analysis.compare.ground.inference import (
    PLAN,
    Evidence,
    Plan,
    adjusted,
    generator,
    ordered,
    permitted,
    with_notes,
)
from analysis.compare.ground.notes import note, of_measures, refusal
from analysis.compare.ground.pairs import bootstrap, leave_one_out
from analysis.compare.ground.permanova import dispersion, permanova
from analysis.compare.ground.vectors import (
    DECIMALS,
    Vectors,
    cosine_matrix,
    listed,
    nearest_of_all,
    vectors,
)
from analysis.compare.strata import strata_of
from analysis.measure.measures import Measures

DENSE_ARTICLES = 3_000
COMPARED = 30
NEAREST = 10
SMALLEST_TREE = 4
_TESTS = (
    *("f", "r2", "r2_chance", "r2_adjusted", "p", "dispersion_f", "dispersion_p", "arrangements"),
)
_COMPARED = ("baseline", "difference", "least", "most", "low", "high", *_TESTS[:-1], "p_adjusted")


# ---------------------------------------------------------------- articles


@of_measures
def between_articles(measures: Measures, *, top: int | None = None) -> pd.DataFrame:
    """Cosine between articles.

    Parameters
    ----------
    top
        Give the `top` nearest of each article as a long table. Left out, that is done with
        ten where there are more than 3,000 articles.

    Returns
    -------
    DataFrame
        Articles × articles, rows and columns labelled by id and sorted by it; 1 on the diagonal,
        NaN for an article that has no words in the selection. With `top` a long table a, b,
        cosine: b is one of the articles nearest to a. Pairs without a common word are not
        listed; of equal cosines the id first by code point comes first.
    """
    v = vectors(measures)
    if top is None and len(v.articles) <= DENSE_ARTICLES:
        cosines = cosine_matrix(v)
        frame = pd.DataFrame(cosines, index=v.ids.rename("a"), columns=v.ids.rename("b"))
        return with_notes(frame, v.notes, v.measures)
    k = NEAREST if top is None else top
    nearest = note("similarity.nearest", k=k, n=len(v.articles))
    return with_notes(nearest_of_all(v, k), [*v.notes, nearest], v.measures)


@of_measures
def explain(measures: Measures, a: str, b: str) -> pd.DataFrame:
    r"""The terms that make two articles alike.

    The contribution of a term is the product of its two weights,
    :math:`w_{at}\,w_{bt}`; the contributions of all terms sum to the cosine.

    Returns
    -------
    DataFrame
        term, spelling, contribution, share (of the cosine), count_a, count_b: one row per term
        that both articles have, sorted by contribution, then term. Notes give the cosine.

    Raises
    ------
    AnalysisError
        Where there is no such article.
    """
    v = vectors(measures)
    one, other = v.row(a), v.row(b)
    products = (v.matrix[[one]].multiply(v.matrix[[other]])).tocoo()
    column, contribution = products.coords[1], products.data
    cosine = float(contribution.sum())
    terms = v.terms[column]
    frame = pd.DataFrame(
        {
            "term": terms.to_numpy(object),
            "spelling": v.measures.spelling(terms),
            "contribution": contribution,
            "share": contribution / cosine if cosine else contribution,
            "count_a": v.counts[[one]].toarray()[0, column],
            "count_b": v.counts[[other]].toarray()[0, column],
        }
    ).astype({"term": "str", "spelling": "str"})
    table = ordered(frame, ["contribution", "term"], ["contribution"])
    return with_notes(table, [_explained(v, one, other, cosine, len(table)), *v.notes], v.measures)


def _explained(v: Vectors, one: int, other: int, cosine: float, n_terms: int) -> str:
    a, b = v.ids[one], v.ids[other]
    if not v.has_words[[one, other]].all():
        return note("similarity.undefined", a=a, b=b)
    sizes = {"n": n_terms, "of_a": v.counts[[one]].nnz, "of_b": v.counts[[other]].nnz}
    return note("similarity.explained", a=a, b=b, cosine=cosine, **sizes)


# ---------------------------------------------------------------- outlets


@of_measures
def between_outlets(
    measures: Measures,
    by: str = "outlet",
    *,
    pairs: Sequence[tuple[str, str]] | None = None,
    plan: Plan = PLAN,
) -> pd.DataFrame:
    r"""How alike the articles of different outlets are, against articles of the same outlet.

    Parameters
    ----------
    by
        Column of articles or outlets whose values are compared.
    pairs
        Which are compared. Left out, all pairs of the thirty with most articles: the number of
        pairs grows with the square of that of outlets.
    plan
        Permutations, bootstraps, seed, and what is held still (`strata`): articles of other events
        differ for that reason alone.

    Returns
    -------
    DataFrame
        One row per pair of outlets, and one per outlet with itself (a = b): a, b, articles_a,
        articles_b, pairs (of different articles), cosine (their mean), and for a ≠ b baseline
        (the mean of the two outlets' own mean cosines), difference (cosine − baseline; below 0
        where articles are more like those of the same outlet), least, most (range of the
        difference when any one article is left out), low, high (95 % bootstrap interval over
        articles within each outlet; pairs of an article with itself are left out), f, r2,
        r2_chance (the mean R² of exchanged articles), r2_adjusted (what is beyond chance, of what
        is left), p, p_adjusted (PERMANOVA on 1 − cosine; Benjamini-Hochberg over all pairs
        tested), dispersion_f, dispersion_p (do the two differ in spread around their mean?).
        Sorted by cosine, then a, b. What `grouped` leaves out is left out. Intervals and tests
        need ten articles of each and at most 3,000 together; the notes say where there are not,
        and give the test of all outlets at once.

    Raises
    ------
    AnalysisError
        Where a column or an outlet of a pair does not exist.
    """
    v, groups = vectors(measures), grouped(measures, by)
    wanted, chosen = _wanted(groups, pairs)
    means = {name: _mean_within(v, _rows(v, groups, [name])) for name in wanted}
    rows = [_within_row(groups, name, means[name]) for name in wanted]
    rows += [_pair_row(v, groups, (a, b), means, plan) for a, b in chosen]
    columns = ["a", "b", "articles_a", "articles_b", "pairs", "cosine", *_COMPARED]
    table = pd.DataFrame(rows, columns=columns)
    table.loc[:, "p_adjusted"] = adjusted(table["p"].to_numpy())
    table = ordered(table, ["cosine", "a", "b"], ["cosine"])
    overall = _overall_note(_test_all(v, groups, plan), by)
    left = len(groups.groups) - len(wanted)
    notes = [note("similarity.left", left, n=left), *_test_notes(groups, wanted, plan), overall]
    return with_notes(table, [*v.notes, *groups.notes, *notes], v.measures)


def outlets_differ(measures: Measures, by: str = "outlet", *, plan: Plan = PLAN) -> pd.DataFrame:
    """One test of all outlets at once: PERMANOVA on 1 − cosine, and the test of dispersion.

    Returns
    -------
    DataFrame
        One row: groups, articles, f, r2, r2_chance, r2_adjusted, p, dispersion_f, dispersion_p,
        arrangements; as in `between_outlets`. Outlets with fewer than ten articles are left out;
        the notes name them. No row where fewer than two are left, or where more than 3,000
        articles are.
    """
    v, groups = vectors(measures), grouped(measures, by)
    found = _test_all(v, groups, plan)
    table = pd.DataFrame([] if found is None else [found], columns=["groups", "articles", *_TESTS])
    notes = [*_test_notes(groups, list(groups.groups), plan), _overall_note(found, by)]
    return with_notes(table, [*v.notes, *groups.notes, *notes], v.measures)


def _wanted(
    groups: Groups, pairs: Sequence[tuple[str, str]] | None
) -> tuple[list[str], list[tuple[str, str]]]:
    """The groups that are compared, and their pairs, each once and in order of names."""
    if pairs is not None:
        chosen = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
        names = sorted({groups.named(name).name for pair in pairs for name in pair})
        return names, chosen
    by_size = sorted(groups, key=lambda group: (-group.n, group.name))
    names = sorted(group.name for group in by_size[:COMPARED])
    return names, list(combinations(names, 2))


def _rows(v: Vectors, groups: Groups, names: Sequence[str]) -> np.ndarray:
    """Rows of these groups' articles, one group after the other."""
    ids = [i for name in names for i in groups.groups[name].ids]
    return np.asarray(v.ids.get_indexer(pd.Index(ids, dtype="object")), np.int64)


def _cosines(v: Vectors, rows: np.ndarray) -> np.ndarray:
    """Cosines of the articles in these rows with each other, dense."""
    return np.asarray((v.matrix[rows] @ v.matrix[rows].T).toarray())


def _sum(v: Vectors, rows: np.ndarray) -> np.ndarray:
    return np.asarray(v.matrix[rows].sum(axis=0)).ravel()


def _mean_within(v: Vectors, rows: np.ndarray) -> float:
    """Mean cosine of pairs of different articles; NaN of a single article."""
    n, total = len(rows), _sum(v, rows)
    return float(np.round((total @ total - n) / (n * (n - 1)), DECIMALS)) if n > 1 else nan


def _within_row(groups: Groups, name: str, cosine: float) -> dict[str, Any]:
    n = groups.groups[name].n
    row = {"a": name, "b": name, "articles_a": n, "articles_b": n, "pairs": n * (n - 1) // 2}
    return row | dict.fromkeys(_COMPARED, nan) | {"cosine": cosine}


def _pair_row(
    v: Vectors, groups: Groups, pair: tuple[str, str], means: dict[str, float], plan: Plan
) -> dict[str, Any]:
    a, b = pair
    n_a, n_b = (groups.groups[name].n for name in pair)
    one, other = (_sum(v, _rows(v, groups, [name])) for name in pair)
    cosine = float(np.round(one @ other / (n_a * n_b), DECIMALS))  # the mean of all pairs
    baseline = (means[a] + means[b]) / 2
    row: dict[str, Any] = {"a": a, "b": b, "articles_a": n_a, "articles_b": n_b}
    row |= {"pairs": n_a * n_b, "cosine": cosine}
    row |= dict.fromkeys(_COMPARED, nan) | {"baseline": baseline, "difference": cosine - baseline}
    if min(n_a, n_b) > 1 and n_a + n_b <= DENSE_ARTICLES:
        cosines = _cosines(v, _rows(v, groups, pair))
        row["least"], row["most"] = leave_one_out(cosines, n_a)
        if permitted(min(n_a, n_b)) is Evidence.WORDS and plan.permutations:
            rng = generator("interval", a, b, seed=plan.seed)
            row["low"], row["high"] = bootstrap(cosines, n_a, rng, plan.bootstraps)
            row |= _tests(v.measures, groups, pair, cosines, plan)
    return row


def _test_all(v: Vectors, groups: Groups, plan: Plan) -> dict[str, Any] | None:
    names = [group.name for group in groups if permitted(group.n) is Evidence.WORDS]
    rows = _rows(v, groups, names)
    if len(names) < 2 or len(rows) > DENSE_ARTICLES or not plan.permutations:
        return None
    tests = _tests(v.measures, groups, names, _cosines(v, rows), plan)
    return {"groups": len(names), "articles": len(rows)} | tests


def _tests(
    measures: Measures, groups: Groups, names: Sequence[str], cosines: np.ndarray, plan: Plan
) -> dict[str, Any]:
    """Tests of place and of spread, given the cosines of the articles of these groups."""
    distances = np.clip(1 - cosines, 0, None)
    np.fill_diagonal(distances, 0)
    label = np.repeat(np.arange(len(names)), [groups.groups[name].n for name in names])
    ids = [i for name in names for i in groups.groups[name].ids]
    held = strata_of(measures, plan.strata)
    strata = None if held is None else held.reindex(ids).to_numpy(object)
    place, spread = (
        test(
            distances,
            label,
            generator(what, *names, seed=plan.seed),
            strata=strata,
            permutations=plan.permutations,
        )
        for test, what in ((permanova, "place"), (dispersion, "spread"))
    )
    return {
        "f": place.f,
        "r2": place.r2,
        "r2_chance": place.chance,
        "r2_adjusted": place.adjusted,
        "p": place.p,
        "dispersion_f": spread.f,
        "dispersion_p": spread.p,
        "arrangements": place.arrangements,
    }


def _test_notes(groups: Groups, names: Sequence[str], plan: Plan) -> list[str]:
    alone = [name for name in names if groups.groups[name].n == 1]
    held = note("similarity.held", plan.strata, strata=plan.strata)
    return [
        note("similarity.difference", plan=plan, held=held),
        groups.too_few,
        note("similarity.alone", alone, names=listed(alone)),
    ]


def _overall_note(found: dict[str, Any] | None, by: str) -> str:
    if found is None:
        return note("similarity.none_at_once", by=by, most=DENSE_ARTICLES)
    return note("similarity.at_once", **found)


# ---------------------------------------------------------------- trees and maps


def clusters(measures: Measures, by: str = "") -> pd.DataFrame:
    r"""Average linkage (UPGMA) on 1 − cosine.

    Parameters
    ----------
    by
        Left empty, articles are joined; else outlets, or the values of another column, whose
        distance is 1 − the mean cosine of their articles.

    Returns
    -------
    DataFrame
        One row per step: step (from 1), a, b (ids or names; ``#k`` is what step k joined),
        distance, texts (leaves joined). ``attrs["order"]`` lists the leaves as a dendrogram
        shows them, ``attrs["cophenetic"]`` is the correlation of the tree's distances with the
        given ones (Sokal & Rohlf 1962); the notes give it too. Below four texts there is no row,
        since a tree shows nothing then that the cosines do not, and the order is that of names.

    Raises
    ------
    AnalysisError
        For more than 3,000 articles.
    """
    v = vectors(measures)
    names, distances = _distances(v, by)
    if len(names) < SMALLEST_TREE:
        return _no_tree(v, names, by)
    condensed = squareform(distances, checks=False)
    tree = hierarchy.linkage(condensed, "average", optimal_ordering=len(names) <= 200)
    cophenetic = float(hierarchy.cophenet(tree, condensed)[0])
    nodes = [*names, *(f"#{k}" for k in range(1, len(tree) + 1))]
    table = pd.DataFrame(
        {
            "step": np.arange(1, len(tree) + 1),
            "a": [nodes[int(k)] for k in tree[:, 0]],
            "b": [nodes[int(k)] for k in tree[:, 1]],
            "distance": np.round(tree[:, 2], DECIMALS),
            "texts": tree[:, 3].astype(np.int64),
        }
    )
    table.attrs["order"] = [names[k] for k in hierarchy.leaves_list(tree)]
    table.attrs["cophenetic"] = cophenetic
    what = {"n": len(names), "by": by or "article"}
    tree_note = note("similarity.tree", cophenetic=cophenetic, **what)
    return with_notes(table, [*v.notes, tree_note], v.measures)


def _no_tree(v: Vectors, names: list[str], by: str) -> pd.DataFrame:
    columns = {"step": "int64", "a": "str", "b": "str", "distance": "float64", "texts": "int64"}
    table = pd.DataFrame({c: pd.Series([], dtype=t) for c, t in columns.items()})
    table.attrs |= {"order": names, "cophenetic": nan}
    why = note("similarity.no_tree", n=len(names), by=by or "article", least=SMALLEST_TREE)
    return with_notes(table, [*v.notes, why], v.measures)


def _distances(v: Vectors, by: str) -> tuple[list[str], np.ndarray]:
    """Names and 1 − cosine of the articles that have words, or of groups of them."""
    if by:
        groups = grouped(v.measures, by)
        group = np.repeat(np.arange(len(groups.groups)), [g.n for g in groups])
        rows = _rows(v, groups, list(groups.groups))
        share = 1 / np.repeat([g.n for g in groups], [g.n for g in groups])
        members = sp.csr_array((share, (group, rows)), shape=(len(groups.groups), len(v.ids)))
        means = members @ v.matrix
        cosines = np.round((means @ means.T).toarray(), DECIMALS)
        np.fill_diagonal(cosines, 1)
        return list(groups.groups), 1 - cosines
    usable = v.has_words
    if usable.sum() > DENSE_ARTICLES:
        raise refusal("too_many", n=int(usable.sum()), most=DENSE_ARTICLES)
    distances = np.clip(1 - cosine_matrix(v)[np.ix_(usable, usable)], 0, None)
    return v.ids[usable].tolist(), distances


def map_articles(measures: Measures) -> pd.DataFrame:
    r"""A map in two dimensions: articles lie as near to each other as they are alike.

    Metric multidimensional scaling of 1 − cosine by SMACOF (de Leeuw 1977; scikit-learn), from
    the classical solution (Torgerson 1952), turned to its principal axes; no random start.
    Stress is Kruskal's (1964) stress-1, :math:`\sqrt{\sum(\delta-d)^2 / \sum d^2}`, δ being
    1 − cosine and d the distance on the map: 0 where the map is true, above .2 poor. Axes have
    no meaning.

    Returns
    -------
    DataFrame
        article, outlet, date, title, x, y, sorted by article; ``attrs["stress"]``. Articles
        without words in the selection are not on the map.

    Raises
    ------
    AnalysisError
        For more than 3,000 articles.
    """
    v = vectors(measures)
    names, distances = _distances(v, "")
    points, stress = _scaled(distances)
    known = v.articles[["id", "outlet", "date", "title"]].rename(columns={"id": "article"})
    table = known[v.has_words].reset_index(drop=True)
    table[["x", "y"]] = points
    table.attrs["stress"] = stress
    map_note = note("similarity.map", n=len(names), stress=stress)
    return with_notes(table, [*v.notes, map_note], v.measures)


def _scaled(distances: np.ndarray) -> tuple[np.ndarray, float]:
    """Points in two dimensions, and stress-1."""
    if not distances.any():
        return np.zeros((len(distances), 2)), 0.0
    # Torgerson's solution. scikit-learn's own refuses distances that no plane has.
    centred = distances**2 - (distances**2).mean(axis=0)
    values, axes = np.linalg.eigh(-0.5 * (centred - centred.mean(axis=1, keepdims=True)))
    start = axes[:, :-3:-1] * np.sqrt(np.abs(values[:-3:-1]))
    scaling = MDS(metric="precomputed", n_init=1, init="classical_mds", normalized_stress=False)
    points = scaling.fit_transform(distances, init=start)
    points = points - points.mean(axis=0)
    points = points @ np.linalg.svd(points, full_matrices=False)[2].T
    farthest = points[np.argmax(np.abs(points), axis=0), [0, 1]]
    points = np.round(points * np.where(farthest < 0, -1, 1), 6)
    shown, wanted = pdist(points), squareform(distances, checks=False)
    return points, float(np.sqrt(((wanted - shown) ** 2).sum() / (shown**2).sum()))
