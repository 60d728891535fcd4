"""How alike articles and outlets are, and which words make them so (docs/methods.md).

The similarity of two articles is the cosine of their vectors of weighted words
(`analysis.compare.ground.vectors`), from 0 (no word in common) to 1 (the same words equally often).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations
from math import nan
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from analysis.compare.ground import inference
from analysis.compare.ground.asked import of_measures
from analysis.compare.ground.groups import Groups, Side, grouped
from analysis.compare.ground.inference import PLAN, Evidence, Plan, ordered, permitted, with_notes
from analysis.compare.ground.pairs import agreed, interval, leave_one_out, may_be_off
from analysis.compare.ground.permanova import dispersion, permanova
from analysis.compare.ground.vectors import (
    DECIMALS,
    Vectors,
    cosine_matrix,
    in_a_row,
    nearest_of_all,
    vectors,
)
from analysis.compare.stories import strata_of
from analysis.data import mistake
from analysis.measure.measures import Measures
from analysis.notes import note

DENSE_ARTICLES = 3_000
COMPARED = 30
NEAREST = 10
SMALLEST_TREE = 4
_TESTS = (
    *("f", "r2", "r2_chance", "r2_adjusted", "p", "dispersion_f", "dispersion_p", "arrangements"),
)
_COMPARED = (
    "off",
    "baseline",
    "difference",
    "least",
    "most",
    "low",
    "high",
    *_TESTS[:-1],
    "p_adjusted",
)


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
        frame = pd.DataFrame(cosines, v.ids, v.ids).rename_axis(index="a", columns="b")
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
    rows = [v.row(a), v.row(b)]
    weights, counts = v.weights[rows], v.matrix[rows]
    products = weights[[0]].multiply(weights[[1]]).tocoo()
    column, contribution = products.coords[1], products.data
    cosine = float(contribution.sum())
    table = pd.DataFrame(
        {"term": v.things[column], "spelling": measures.spelling(v.things[column])}
    )
    table["contribution"] = contribution
    table["share"] = contribution / cosine if cosine else contribution
    table["count_a"], table["count_b"] = counts.toarray()[:, column]
    table = ordered(table.astype({"spelling": "str"}), ["contribution", "term"], ["contribution"])
    told = note("similarity.undefined", a=a, b=b)
    if v.has_words[rows].all():
        sizes = {"n": len(table), "of_a": counts[[0]].nnz, "of_b": counts[[1]].nnz}
        told = note("similarity.explained", a=a, b=b, cosine=cosine, **sizes)
    return with_notes(table, [told, *v.notes], measures)


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
        Permutations, seed, and what is held still (`strata`): articles of other events
        differ for that reason alone.

    Returns
    -------
    DataFrame
        One row per pair of outlets, and one per outlet with itself (a = b): a, b, articles_a,
        articles_b, pairs (of different articles), cosine (their mean), and for a ≠ b off (half the
        95 % interval of that mean, over articles), baseline
        (the mean of the two outlets' own mean cosines), difference (cosine − baseline; below 0
        where articles are more like those of the same outlet), least, most (range of the
        difference when any one article is left out), low, high (95 % interval over articles
        within each outlet; pairs of an article with itself are left out), f, r2,
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
    v = vectors(measures)
    groups = _weighted(v, by)
    wanted, chosen = _wanted(groups, pairs)
    sides = {name: groups.named(name) for name in wanted}
    sums = {name: np.asarray(g.matrix.sum(axis=0)).ravel() for name, g in sides.items()}
    rows = {
        name: _row(g, g, g.n * (g.n - 1) // 2, (sums[name] @ sums[name] - g.n) / 2)
        for name, g in sides.items()
    }
    means = {name: row["cosine"] for name, row in rows.items()}
    held = strata_of(v.measures, plan.strata)
    compared = [
        _pair_row(sides[a], sides[b], sums[a] @ sums[b], (means[a] + means[b]) / 2, plan, held)
        for a, b in chosen
    ]
    columns = ["a", "b", "articles_a", "articles_b", "pairs", "cosine", *_COMPARED]
    table = pd.DataFrame([*rows.values(), *compared], columns=columns)
    table.loc[:, "p_adjusted"] = inference.adjusted(table["p"].to_numpy())
    table = ordered(table, ["cosine", "a", "b"], ["cosine"])
    overall = _overall_note(_test_all(groups, plan, held), by)
    left = len(groups.names) - len(wanted)
    notes = [note("similarity.left", left, n=left), *_test_notes(groups, wanted, plan), overall]
    return with_notes(table, [*v.notes, *groups.notes, *notes], v.measures)


@of_measures
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
    v = vectors(measures)
    groups = _weighted(v, by)
    found = _test_all(groups, plan, strata_of(v.measures, plan.strata))
    table = pd.DataFrame([] if found is None else [found], columns=["groups", "articles", *_TESTS])
    notes = [*_test_notes(groups, list(groups.names), plan), _overall_note(found, by)]
    return with_notes(table, [*v.notes, *groups.notes, *notes], v.measures)


def _weighted(v: Vectors, by: str) -> Groups:
    """The articles by group, with the weights of their words."""
    groups = grouped(v.measures, by)
    return replace(groups, matrix=v.weights[np.searchsorted(v.ids, groups.ids)])


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


def _cosines(side: Side) -> np.ndarray:
    """Cosines of the articles of a side with each other, dense."""
    return np.asarray((side.matrix @ side.matrix.T).toarray())


def _row(a: Side, b: Side, pairs: int, total: float) -> dict[str, Any]:
    """Two groups, or one with itself, and the mean cosine of so many pairs of articles."""
    row: dict[str, Any] = {"a": a.name, "b": b.name, "articles_a": a.n, "articles_b": b.n}
    cosine = float(np.round(total / pairs, DECIMALS)) if pairs else nan
    return row | {"pairs": pairs, "cosine": cosine} | dict.fromkeys(_COMPARED, nan)


def _pair_row(
    a: Side, b: Side, total: float, within: float, plan: Plan, held: pd.Series | None
) -> dict[str, Any]:
    """Two groups compared: the sum of all cosines, and the mean of their own mean cosines."""
    row = _row(a, b, a.n * b.n, total)
    row |= {"baseline": within, "difference": row["cosine"] - within}
    both = Side("", a.of, a.members + b.members)
    if min(a.n, b.n) > 1 and both.n <= DENSE_ARTICLES:
        cosines = _cosines(both)
        row["least"], row["most"] = leave_one_out(cosines, a.n)
        if permitted(min(a.n, b.n)) is Evidence.WORDS and plan.permutations:
            row |= _tests(both, cosines, plan, held) | {"off": may_be_off(cosines[: a.n, a.n :])}
            row["low"], row["high"] = agreed(*interval(cosines, a.n), row["p"])
    return row


def _test_all(groups: Groups, plan: Plan, held: pd.Series | None) -> dict[str, Any] | None:
    large = [g.members for g in groups if permitted(g.n) is Evidence.WORDS]
    every = Side("", groups, tuple(chain.from_iterable(large)))
    if len(large) < 2 or every.n > DENSE_ARTICLES or not plan.permutations:
        return None
    return {"groups": len(large), "articles": every.n} | _tests(every, _cosines(every), plan, held)


def _tests(side: Side, cosines: np.ndarray, plan: Plan, held: pd.Series | None) -> dict[str, Any]:
    """Tests of place and of spread, given the cosines of the articles of these groups."""
    distances = np.clip(1 - cosines, 0, None)
    np.fill_diagonal(distances, 0)
    names = [side.of.names[i] for i in side.members]
    strata = None if held is None else held.reindex(side.ids).to_numpy(object)
    place, spread = (
        test(distances, side.code, rng, strata=strata, permutations=plan.permutations)
        for test, rng in (
            (permanova, inference.generator("place", *names, seed=plan.seed)),
            (dispersion, inference.generator("spread", *names, seed=plan.seed)),
        )
    )
    found = (place.f, place.r2, place.chance, place.adjusted, place.p, spread.f, spread.p)
    return dict(zip(_TESTS, (*found, place.arrangements), strict=True))


def _test_notes(groups: Groups, names: Sequence[str], plan: Plan) -> list[str]:
    alone = [name for name in names if groups.named(name).n == 1]
    held = note("similarity.held", plan.strata, strata=plan.strata)
    return [
        note("similarity.difference", plan=plan, held=held),
        groups.too_few,
        note("similarity.alone", alone, names=in_a_row(alone)),
    ]


def _overall_note(found: dict[str, Any] | None, by: str) -> str:
    if found is None:
        return note("similarity.none_at_once", by=by, most=DENSE_ARTICLES)
    return note("similarity.at_once", **found)


# ---------------------------------------------------------------- trees


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
    condensed, enough = squareform(distances, checks=False), len(names) >= SMALLEST_TREE
    tree, order, cophenetic = np.empty((0, 4)), names, nan
    if enough:
        tree = hierarchy.linkage(condensed, "average", optimal_ordering=len(names) <= 200)
        cophenetic = float(hierarchy.cophenet(tree, condensed)[0])
        order = [names[k] for k in hierarchy.leaves_list(tree)]
    nodes = [*names, *(f"#{k}" for k in range(1, len(tree) + 1))]
    table = pd.DataFrame(
        {
            "step": np.arange(1, len(tree) + 1),
            "a": pd.array([nodes[int(k)] for k in tree[:, 0]], "str"),
            "b": pd.array([nodes[int(k)] for k in tree[:, 1]], "str"),
            "distance": np.round(tree[:, 2], DECIMALS),
            "texts": tree[:, 3].astype(np.int64),
        }
    )
    table.attrs |= {"order": order, "cophenetic": cophenetic}
    what = {"n": len(names), "by": by or "article", "cophenetic": cophenetic}
    told = note(f"similarity.{'tree' if enough else 'no_tree'}", least=SMALLEST_TREE, **what)
    return with_notes(table, [*v.notes, told], v.measures)


def _distances(v: Vectors, by: str) -> tuple[list[str], np.ndarray]:
    """Names and 1 − cosine of the articles that have words, or of groups of them."""
    if by:
        groups = _weighted(v, by)
        share = 1 / np.bincount(groups.code)[groups.code]
        members = sp.csr_array((share, (groups.code, np.arange(len(share)))))
        means = members @ groups.matrix
        cosines = np.round((means @ means.T).toarray(), DECIMALS)
        np.fill_diagonal(cosines, 1)
        return list(groups.names), 1 - cosines
    usable = v.has_words
    if usable.sum() > DENSE_ARTICLES:
        raise mistake("too-many", n=int(usable.sum()), most=DENSE_ARTICLES)
    distances = np.clip(1 - cosine_matrix(v)[np.ix_(usable, usable)], 0, None)
    return v.ids[usable].tolist(), distances


# ---------------------------------------------------------------- what pages of every article ask


def telling_words(v: Vectors, most: int = 5) -> pd.DataFrame:
    """The words that set an article apart from news in general: those of greatest weight.

    Returns
    -------
    DataFrame, sorted by article, falling weight, term
        article, term, spelling, weight (as in `analysis.compare.ground.vectors`, 0 to 1).
    """
    coo = v.weights.tocoo()
    order = np.lexsort((coo.col, -np.round(coo.data, 12), coo.row))
    row, column, weight = coo.row[order], coo.col[order], coo.data[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row, "left") < most
    columns = {"article": v.ids[row[kept]], "term": v.things[column[kept]]}
    columns |= {"spelling": v.measures.spelling(columns["term"]), "weight": weight[kept]}
    return pd.DataFrame(columns)


def called(measures: Measures, words: int = 3) -> pd.Series:
    """By article id: its title, or its outlet and its own most telling words.

    >>> # "BBC: Parubiy, visa, Obama"
    """
    articles = measures.articles.set_index("id")
    untitled = articles.index[articles["title"] == ""]
    if untitled.empty:
        return articles["title"]
    telling = telling_words(vectors(measures.keep(untitled)), words)
    listed = telling.groupby("article")["spelling"].agg(", ".join).reindex(untitled)
    named = articles["outlet"].reindex(untitled).astype(str) + ": " + listed.fillna("no words")
    return articles["title"].where(articles["title"] != "", named.reindex(articles.index))


def nearest_pairs(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """The two articles most alike of every two groups, as far as they are among the 40 nearest.

    Returns
    -------
    DataFrame, sorted by falling cosine, a, b
        group_a, group_b (group_a before group_b), a, b, cosine.
    """
    near = nearest_of_all(vectors(measures), 40)
    labels = measures.labels(by)
    sides = {f"group_{side}": near[side].map(labels) for side in ("a", "b")}
    near = near.assign(**sides)
    near = near[(near["group_a"] < near["group_b"]) & (near["group_a"] != "")]
    best = near.drop_duplicates(["group_a", "group_b"])  # they come by falling cosine
    return best[["group_a", "group_b", "a", "b", "cosine"]].reset_index(drop=True)
