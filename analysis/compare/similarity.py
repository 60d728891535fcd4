"""How alike articles and outlets are, and which words make them so (METHODS §5).

The similarity of two articles is the cosine of their vectors of weighted words
(`analysis.compare.ground.vectors`), from 0 (no word in common) to 1 (the same words equally often).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from math import nan

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import MDS

from analysis.compare.ground.groups import exact_copies
from analysis.compare.ground.inference import (
    Evidence,
    adjusted,
    generator,
    ordered,
    permitted,
    with_notes,
)
from analysis.compare.ground.pairs import BOOTSTRAPS, bootstrap, leave_one_out
from analysis.compare.ground.permanova import PERMUTATIONS, dispersion, permanova
from analysis.compare.ground.vectors import (
    DECIMALS,
    Vectors,
    cosine_matrix,
    listed,
    nearest_of_all,
    vectors,
)
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures

DENSE_ARTICLES = 3_000
NEAREST = 10
SMALLEST_TREE = 4
_COMPARED = (
    *("baseline", "difference", "least", "most", "low", "high", "f", "r2", "p", "p_adjusted"),
    *("dispersion_f", "dispersion_p"),
)


# ---------------------------------------------------------------- articles


def between_articles(
    measures: Measures,
    *,
    top: int | None = None,
) -> pd.DataFrame:
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
    note = f"The {k} nearest of each of {len(v.articles):,} articles; cosine 0 is not listed."
    return with_notes(nearest_of_all(v, k), [*v.notes, note], v.measures)


def closest(
    measures: Measures,
    k: int = NEAREST,
) -> pd.DataFrame:
    """The k pairs of articles that are most alike.

    Returns
    -------
    DataFrame
        a, b, outlet_a, outlet_b, title_a, title_b, cosine, same_text (to the letter), sorted by
        cosine, then a, b; each pair once.
    """
    v = vectors(measures)
    pairs = nearest_of_all(v, k)  # each of the most alike is among the k nearest of both
    pairs = pairs[pairs["a"] < pairs["b"]].head(k).reset_index(drop=True)
    known = v.articles.set_index("id")
    for column in ("outlet", "title"):
        for side in ("a", "b"):
            pairs[f"{column}_{side}"] = known.loc[pairs[side], column].to_numpy()
    text = v.measures.texts
    pairs["same_text"] = text[pairs["a"]].to_numpy() == text[pairs["b"]].to_numpy()
    n = len(v.articles)
    note = f"The {len(pairs):,} most alike of {n * (n - 1) // 2:,} pairs of {n:,} articles."
    columns = ["a", "b", "outlet_a", "outlet_b", "title_a", "title_b", "cosine", "same_text"]
    return with_notes(pairs[columns], [note, *v.notes], v.measures)


def explain(
    measures: Measures,
    a: str,
    b: str,
) -> pd.DataFrame:
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
        return f"The cosine of {a} and {b} is undefined."
    return (
        f"The cosine of {a} and {b} is {cosine:.4f}: the sum of the contributions of the "
        f"{n_terms:,} terms they share; a has {v.counts[[one]].nnz:,} terms, "
        f"b {v.counts[[other]].nnz:,}."
    )


# ---------------------------------------------------------------- outlets


def between_outlets(
    measures: Measures,
    by: str = "outlet",
    *,
    within: str = "event",
) -> pd.DataFrame:
    r"""How alike the articles of different outlets are, against articles of the same outlet.

    Parameters
    ----------
    by
        Column of articles or outlets whose values are compared.
    within
        Tag within whose values alone articles are exchanged by the permutation tests, where the
        corpus has it: outlets that covered other events differ for that reason alone.

    Returns
    -------
    DataFrame
        One row per pair of outlets, and one per outlet with itself (a = b): a, b, articles_a,
        articles_b, pairs (of different articles), cosine (their mean), and for a ≠ b baseline
        (the mean of the two outlets' own mean cosines), difference (cosine − baseline; below 0
        where articles are more like those of the same outlet), least, most (range of the
        difference when any one article is left out), low, high (95 % percentile bootstrap over
        articles within each outlet; pairs of an article with itself are left out), f, r2, p,
        p_adjusted (PERMANOVA on 1 − cosine; Benjamini-Hochberg over all pairs tested),
        dispersion_f, dispersion_p (do the two differ in spread?). Sorted by cosine, then a, b.
        Articles without a label, and all but one of those with the same text in one outlet, are
        left out. Intervals and tests need ten articles of each; the notes say where there are
        fewer, and give the test of all outlets at once.
    """
    v = vectors(measures)
    grouping = _Grouping.of(v, by, within)
    columns = ["a", "b", "articles_a", "articles_b", "pairs", "cosine", *_COMPARED]
    pairs = combinations_with_replacement(grouping.rows, 2)
    rows = pd.DataFrame([_pair_row(v, grouping, a, b) for a, b in pairs], columns=columns)
    rows.loc[:, "p_adjusted"] = adjusted(rows["p"].to_numpy())
    table = ordered(rows, ["cosine", "a", "b"], ["cosine"])
    overall = _overall_note(_test_all(v, grouping), grouping)
    notes = [*v.notes, *grouping.notes(), _BETWEEN_NOTE, overall]
    return with_notes(table, notes, v.measures)


_BETWEEN_NOTE = (
    "Difference: mean cosine across two outlets minus the mean of the cosines within each. "
    f"Intervals: 95 %, {BOOTSTRAPS:,} bootstrap samples of articles. Tests: PERMANOVA on "
    f"1 − cosine, {PERMUTATIONS:,} permutations of articles. A small dispersion_p says that the "
    "two differ in spread, which alone can make p small."
)


def outlets_differ(
    measures: Measures,
    by: str = "outlet",
    *,
    within: str = "event",
) -> pd.DataFrame:
    """One test of all outlets at once: PERMANOVA on 1 − cosine, and the test of dispersion.

    Returns
    -------
    DataFrame
        One row: groups, articles, f, r2, p, dispersion_f, dispersion_p, arrangements. Outlets
        with fewer than ten articles are left out; the notes name them. No row where fewer than
        two are left, or where more than 3,000 articles are.
    """
    v = vectors(measures)
    grouping = _Grouping.of(v, by, within)
    found = _test_all(v, grouping)
    columns = ["groups", "articles", "f", "r2", "p", "dispersion_f", "dispersion_p"]
    table = pd.DataFrame([] if found is None else [found], columns=[*columns, "arrangements"])
    return with_notes(
        table, [*v.notes, *grouping.notes(), _overall_note(found, grouping)], v.measures
    )


@dataclass(frozen=True)
class _Grouping:
    """Rows of each group's articles that have words, and the strata of all articles."""

    by: str
    rows: dict[str, np.ndarray]
    strata: np.ndarray | None
    within: str
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, v: Vectors, by: str, within: str) -> _Grouping:
        labels = v.measures.labels(by).reindex(v.ids).to_numpy(object)
        labelled, copies = labels != "", exact_copies(v.articles, v.measures.texts, labels)
        usable = v.has_words & labelled & ~copies
        names = sorted(set(labels[usable]))
        rows = {name: np.flatnonzero((labels == name) & usable) for name in names}
        left_out = (
            f"Left out: {(~labelled).sum()} article(s) without {by}." * bool((~labelled).any()),
            f"Left out: {(copies & labelled).sum()} article(s) whose text is to the letter that of "
            "another of the same group." * bool((copies & labelled).any()),
        )
        strata = None
        if within in v.articles.columns and (v.articles[within] != "").any():
            strata = v.articles[within].to_numpy(object)
        return cls(by, rows, strata, within, left_out)

    @property
    def testable(self) -> list[str]:
        """Groups with as many articles as tests of words need."""
        return [g for g, rows in self.rows.items() if permitted(len(rows)) is Evidence.WORDS]

    def rows_of(self, names: Sequence[str]) -> np.ndarray:
        """Rows of these groups' articles, one group after the other."""
        return np.concatenate([np.zeros(0, int), *(self.rows[name] for name in names)])

    def notes(self) -> list[str]:
        sizes = {name: len(rows) for name, rows in self.rows.items()}
        smallest, largest = min(sizes.values(), default=0), max(sizes.values(), default=0)
        few = [f"{name} ({n})" for name, n in sizes.items() if name not in self.testable]
        notes = list(self.left_out)
        why = permitted(smallest).why_empty(smallest, largest)
        if few and len(sizes) > 1:
            notes.append(
                f"No interval and no p with fewer than 10 articles: {listed(few, 30)}. For the "
                f"smallest against the largest: {why}"
            )
        if smallest == 1:
            notes.append(
                "An outlet with one article has no cosine within it, so no baseline and no "
                "difference."
            )
        if self.strata is not None:
            notes.append(
                f"Articles are exchanged within each {self.within} alone; those without one among "
                "themselves."
            )
        return notes


def _cosines(v: Vectors, rows: np.ndarray) -> np.ndarray:
    """Cosines of the articles in these rows with each other, dense."""
    return (v.matrix[rows] @ v.matrix[rows].T).toarray()


def _mean_between(v: Vectors, one: np.ndarray, other: np.ndarray) -> float:
    """Mean cosine of all pairs: the product of the two sums of vectors, by the number of pairs."""
    sums = [np.asarray(v.matrix[rows].sum(axis=0)).ravel() for rows in (one, other)]
    return float(np.round(sums[0] @ sums[1] / (len(one) * len(other)), DECIMALS))


def _mean_within(v: Vectors, rows: np.ndarray) -> float:
    """Mean cosine of pairs of different articles; NaN of a single article."""
    n = len(rows)
    if n < 2:
        return nan
    total = np.asarray(v.matrix[rows].sum(axis=0)).ravel()
    return float(np.round((total @ total - n) / (n * (n - 1)), DECIMALS))


def _pair_row(v: Vectors, grouping: _Grouping, a: str, b: str) -> dict[str, object]:
    one, other = grouping.rows[a], grouping.rows[b]
    row: dict[str, object] = {"a": a, "b": b, "articles_a": len(one), "articles_b": len(other)}
    if a == b:
        row |= {"pairs": len(one) * (len(one) - 1) // 2, "cosine": _mean_within(v, one)}
        return row | dict.fromkeys(_COMPARED, nan)
    cosine = _mean_between(v, one, other)
    baseline = (_mean_within(v, one) + _mean_within(v, other)) / 2
    row |= {"pairs": len(one) * len(other), "cosine": cosine}
    row |= dict.fromkeys(_COMPARED, nan) | {"baseline": baseline, "difference": cosine - baseline}
    if min(len(one), len(other)) > 1:
        row |= _compared(v, grouping, a, b)
    return row


def _compared(v: Vectors, grouping: _Grouping, a: str, b: str) -> dict[str, float]:
    """Range, and interval and tests where both outlets have articles enough."""
    cosines, n_a = _cosines(v, grouping.rows_of([a, b])), len(grouping.rows[a])
    least, most = leave_one_out(cosines, n_a)
    found = {"least": least, "most": most}
    if a in grouping.testable and b in grouping.testable:
        low, high = bootstrap(cosines, n_a, generator("interval", a, b))
        found |= {"low": low, "high": high} | _tests(cosines, grouping, [a, b])
    return found


def _test_all(v: Vectors, grouping: _Grouping) -> dict[str, float] | None:
    names = grouping.testable
    rows = grouping.rows_of(names)
    if len(names) < 2 or len(rows) > DENSE_ARTICLES:
        return None
    tests = _tests(_cosines(v, rows), grouping, names)
    return {"groups": len(names), "articles": len(rows)} | tests


def _tests(cosines: np.ndarray, grouping: _Grouping, names: Sequence[str]) -> dict[str, float]:
    """Tests of place and of spread, given the cosines of the articles of these groups."""
    distances = np.clip(1 - cosines, 0, None)
    np.fill_diagonal(distances, 0)
    groups = np.repeat(np.arange(len(names)), [len(grouping.rows[name]) for name in names])
    strata = None if grouping.strata is None else grouping.strata[grouping.rows_of(names)]
    place = permanova(distances, groups, generator("place", *names), strata=strata)
    spread = dispersion(distances, groups, generator("spread", *names), strata=strata)
    return {
        "f": place.f,
        "r2": place.r2,
        "p": place.p,
        "dispersion_f": spread.f,
        "dispersion_p": spread.p,
        "arrangements": place.arrangements,
    }


def _overall_note(found: dict[str, float] | None, grouping: _Grouping) -> str:
    if found is None:
        return (
            f"No test of all values of {grouping.by} at once: it needs two with ten articles, and "
            f"at most {DENSE_ARTICLES:,} articles."
        )
    return (
        "All {groups} with ten articles or more at once ({articles:,} articles): PERMANOVA "
        "F = {f:.2f}, R² = {r2:.3f}, p = {p:.4f}; dispersion F = {dispersion_f:.2f}, "
        "p = {dispersion_p:.4f}; {arrangements:,} arrangements.".format(**found)
    )


# ---------------------------------------------------------------- trees and maps


def clusters(
    measures: Measures,
    by: str = "",
) -> pd.DataFrame:
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
    note = (
        f"Average linkage of {len(names):,} {by or 'article'}s on 1 − cosine; cophenetic "
        f"correlation {cophenetic:.2f} (1: the tree shows the distances as they are)."
    )
    return with_notes(table, [*v.notes, note], v.measures)


def _no_tree(v: Vectors, names: list[str], by: str) -> pd.DataFrame:
    columns = {"step": "int64", "a": "str", "b": "str", "distance": "float64", "texts": "int64"}
    table = pd.DataFrame({c: pd.Series([], dtype=t) for c, t in columns.items()})
    table.attrs |= {"order": names, "cophenetic": nan}
    note = f"No tree of {len(names)} {by or 'article'}s: it takes at least {SMALLEST_TREE}."
    return with_notes(table, [*v.notes, note], v.measures)


def _distances(v: Vectors, by: str) -> tuple[list[str], np.ndarray]:
    """Names and 1 − cosine of the articles that have words, or of groups of them."""
    if by:
        rows = _Grouping.of(v, by, "").rows
        names = list(rows)
        cosines = np.eye(len(names))
        for (i, a), (j, b) in combinations(enumerate(names), 2):
            cosines[i, j] = cosines[j, i] = _mean_between(v, rows[a], rows[b])
        return names, 1 - cosines
    usable = v.has_words
    if usable.sum() > DENSE_ARTICLES:
        raise AnalysisError(
            f"{int(usable.sum()):,} articles.",
            f"Select at most {DENSE_ARTICLES:,}, or ask by outlet.",
        )
    distances = np.clip(1 - cosine_matrix(v)[np.ix_(usable, usable)], 0, None)
    return v.ids[usable].tolist(), distances


def map_articles(
    measures: Measures,
) -> pd.DataFrame:
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
    note = (
        f"Multidimensional scaling of 1 − cosine of {len(names):,} articles; stress-1 "
        f"{stress:.2f} (0: distances on the map are true; above .2 they are a rough guide). "
        "The axes have no meaning."
    )
    return with_notes(table, [*v.notes, note], v.measures)


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
