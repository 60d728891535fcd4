r"""Which articles share copy, and a corpus without it (METHODS §5).

*Containment* of two articles is :math:`|A \cap B| / \min(|A|, |B|)`, A and B the distinct
five-word shingles of their own words (Broder 1997); quotations, names and titles are set aside.
Both are counted while the texts are at hand and kept per pair (`analysis.measure.overlaps`), so
containments are exact.

Shared copy says that words are the same, not who took them from whom: often both took them
from an agency.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground.inference import ordered, with_notes
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.overlaps import (
    COMMON_ARTICLES,
    FEWEST_SHARED,
    LEAST_CONTAINMENT,
    MOST_DAYS,
    SHINGLE_WORDS,
)

SHARED = LEAST_CONTAINMENT
SUBSTANTIAL = 0.20
RUN = 20  # own words in one run
EDITION = 0.80


def shared_copy(measures: Measures, threshold: float = SHARED) -> pd.DataFrame:
    """Pairs of articles that share copy.

    Parameters
    ----------
    threshold
        The least containment that is listed, from .05 (what a measured corpus keeps) to 1.

    Returns
    -------
    DataFrame
        a, b, outlet_a, outlet_b, containment, level ("substantial" from .20 with a common run of
        20 own words, or of all where the shorter article has fewer; else "some"), shared
        (shingles both have), of (those of the shorter article; the denominator), longest (the
        longest common run, in own words), same_text (to the letter; known from 50 words on),
        agency_a, agency_b (credited in the text), date_a, date_b, earlier (id of the article
        with the earlier date; empty where a date is missing or both are the same). Sorted by
        containment, then a, b.

    Raises
    ------
    AnalysisError
        Where the threshold is below .05 or above 1.
    """
    if not SHARED <= threshold <= 1:
        raise AnalysisError(
            f"threshold = {threshold}.",
            f"Give a share from {SHARED} to 1; pairs that share less are not kept.",
        )
    pairs = measures.overlaps.astype({"a": "str", "b": "str"})
    of = pairs[["of_a", "of_b"]].min(axis=1)
    pairs = pairs.assign(of=of, containment=pairs["shared"] / of)
    pairs = pairs[pairs["containment"] >= threshold].reset_index(drop=True)
    substantial = _in_one_run(pairs) & (pairs["containment"] >= SUBSTANTIAL)
    table = pairs.assign(level=np.where(substantial, "substantial", "some"))
    known = measures.articles.set_index("id")
    for side in ("a", "b"):
        for column in ("outlet", "agency", "date", "text_sha256"):
            table[f"{column}_{side}"] = known.loc[table[side], column].to_numpy()
    same = table["text_sha256_a"] == table["text_sha256_b"]
    a, b = table["date_a"], table["date_b"]
    table["same_text"] = same & (table["text_sha256_a"] != "")
    table["earlier"] = np.where(a < b, table["a"], table["b"])
    table["earlier"] = table["earlier"].where((a != "") & (b != "") & (a != b), "")
    table = ordered(table[_COLUMNS], ["containment", "a", "b"], ["containment"])
    return with_notes(table, _notes(measures.articles, table, threshold), measures)


def _in_one_run(pairs: pd.DataFrame) -> pd.Series:
    return pairs["longest"] >= np.minimum(RUN, pairs["of"] + SHINGLE_WORDS - 1)


_COLUMNS = [
    *("a", "b", "outlet_a", "outlet_b", "containment", "level", "shared", "of", "longest"),
    *("same_text", "agency_a", "agency_b", "date_a", "date_b", "earlier"),
]


def _notes(articles: pd.DataFrame, table: pd.DataFrame, threshold: float) -> list[str]:
    n = len(articles)
    inside = int((table["outlet_a"] == table["outlet_b"]).sum())
    none = int((articles["shingles"] == 0).sum())
    return [
        f"{len(table):,} of {n * (n - 1) // 2:,} pairs of {n:,} articles have a containment of at "
        f"least {threshold:.2f} ({inside:,} of them within one outlet, where page furniture counts "
        f"as copy); substantial from {SUBSTANTIAL:.2f} with a common run of {RUN} words. Five-word "
        "shingles of the outlets' own words; quotations, names and titles set aside.",
        f"Looked for where at least {FEWEST_SHARED} shingles are shared and the dates are at most "
        f"{MOST_DAYS} days apart or one is unknown; a shingle in more than {COMMON_ARTICLES:,} "
        "articles finds no pair.",
        f"Articles without five own words, which cannot share copy here: {none:,}." * bool(none),
    ]


# ---------------------------------------------------------------- a corpus without copies


def independent(measures: Measures, *, threshold: float = SUBSTANTIAL) -> Measures:
    """The measures without shared copy, for any comparison: ``keyness(independent(measures))``.


    The articles that `drop_shared_copy` keeps; the notes say what was left out.
    """
    kept, dropped = drop_shared_copy(measures, threshold)
    note = (
        f"Without shared copy: {len(dropped):,} of {len(measures.articles):,} articles left out "
        f"(containment of at least {threshold:.2f} with one that is kept)."
    )
    return dataclasses.replace(kept, notes=(*measures.notes, note))


def drop_shared_copy(
    measures: Measures, threshold: float = SUBSTANTIAL
) -> tuple[Measures, pd.DataFrame]:
    """Leave out articles until no two that are left share copy.

    Articles that share copy, directly or through others, are a group. In its order of dates
    (the longest first where one of the group has no date or dates are equal; then by id) each
    article is kept unless it shares copy with one that was kept before it. Copy is shared where
    the containment is at least `threshold` with a run as long as *substantial* asks for, or where
    the texts are the same to the letter, whatever their dates.

    Returns
    -------
    kept : Measures
        No two of its articles have such a containment.
    dropped : DataFrame
        article, outlet, date, copy_of (the kept article it shares most with), outlet_kept,
        date_kept, containment, reason (why the other one was kept: "earlier", "longer" or
        "first by id"), sorted by containment, then article.
    """
    pairs = shared_copy(measures, threshold)
    articles = measures.articles.set_index("id")
    texts = articles["text_sha256"]
    shares = _shares(pairs[_in_one_run(pairs)], texts)
    reasons = ("earlier", "longer", "first by id")
    dropped = _dropped(shares, _by_date(articles, shares), reasons, texts, articles)
    left = measures.keep(set(articles.index) - set(dropped["article"]))
    return left, with_notes(dropped, pairs.attrs["notes"][len(measures.notes) :], measures)


def editions(measures: Measures, threshold: float = EDITION) -> pd.DataFrame:
    """Articles that are editions or updates of another one of the same outlet.

    The longest of them is kept (then the earliest, then the first by id), so that nothing that
    was reported is lost; the others are listed. Comparisons count them once.

    Returns
    -------
    DataFrame
        The columns of `drop_shared_copy`'s second table, and title; the same order.
    """
    pairs = shared_copy(measures, threshold)
    pairs = pairs[pairs["outlet_a"] == pairs["outlet_b"]]
    articles = measures.articles.set_index("id")
    texts = articles["text_sha256"]
    texts = (articles["outlet"] + "\n" + texts).where(texts != "", "")
    shares = _shares(pairs, texts)
    known = articles.loc[sorted(shares)]
    dates = known["date"].where(known["date"] != "", "~")  # after all dates
    keys = zip(-known["words"], dates, known.index, strict=True)
    rank = dict(zip(known.index, keys, strict=True))
    table = _dropped(shares, rank, ("longer", "earlier", "first by id"), texts, articles)
    table["title"] = articles["title"].reindex(table["article"]).to_numpy()
    note = (
        f"Within an outlet, a containment of at least {threshold:.2f}: {len(table):,} of "
        f"{len(articles):,} articles are counted with another, the longest of them."
    )
    return with_notes(table, [note], measures)


Shares = dict[str, dict[str, float]]
Rank = dict[str, tuple[Any, ...]]


def _shares(pairs: pd.DataFrame, texts: pd.Series) -> Shares:
    """What each article shares with which others; the same text with the first that has it."""
    known = texts[texts != ""].sort_index()
    first = known.index.to_series().groupby(known).transform("first")
    same = pd.DataFrame({"a": first, "b": known.index, "containment": 1.0})
    both = pd.concat([pairs[["a", "b", "containment"]], same[same["a"] != same["b"]]])
    shares: Shares = {}
    for a, b, containment in zip(both["a"], both["b"], both["containment"], strict=True):
        shares.setdefault(a, {})[b] = containment
        shares.setdefault(b, {})[a] = containment
    return shares


def _by_date(articles: pd.DataFrame, shares: Shares) -> Rank:
    """Sort key of each article that shares copy, comparable within its group."""
    group = _groups(shares)
    words, dates = articles["words"].to_dict(), articles["date"].to_dict()
    undated = {group[article] for article in shares if not dates[article]}
    return {
        article: ("" if group[article] in undated else dates[article], -words[article], article)
        for article in shares
    }


def _groups(shares: Shares) -> dict[str, int]:
    """Number of the connected component of each article."""
    names = sorted(shares)
    number = {name: i for i, name in enumerate(names)}
    edges = [(number[a], number[b]) for a in names for b in shares[a]]
    rows, columns = np.array(edges, np.int64).reshape(-1, 2).T
    graph = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(names)))
    _, label = sp.csgraph.connected_components(graph, directed=False)
    return dict(zip(names, label.tolist(), strict=True))


def _dropped(
    shares: Shares, rank: Rank, reasons: Sequence[str], texts: pd.Series, articles: pd.DataFrame
) -> pd.DataFrame:
    """In the order of `rank`, the articles that share copy with one that was kept before."""
    kept: set[str] = set()
    with_text: dict[str, str] = {}
    rows = []
    for article in sorted(shares, key=rank.__getitem__):
        same = with_text.get(texts[article])
        others = shares[article] | ({same: 1.0} if same else {})
        before = [(-c, rank[other], other) for other, c in others.items() if other in kept]
        if not before:
            kept.add(article)
            if texts[article]:
                with_text[texts[article]] = article
            continue
        negative, _, other = min(before)
        this, first = articles.loc[article], articles.loc[other]
        names = (article, this["outlet"], this["date"], other, first["outlet"], first["date"])
        differ = [a != b for a, b in zip(rank[article], rank[other], strict=True)].index(True)
        rows.append((*names, -negative, reasons[differ]))
    columns = [
        *("article", "outlet", "date", "copy_of", "outlet_kept", "date_kept", "containment"),
        "reason",
    ]
    table = pd.DataFrame(rows, columns=columns)
    return ordered(table, ["containment", "article"], ["containment"])
