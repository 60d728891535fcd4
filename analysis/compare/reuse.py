r"""Which articles share copy, and a corpus without it (docs/methods.md).

*Containment* of two articles is :math:`|A \cap B| / \min(|A|, |B|)`, A and B the distinct
five-word shingles of their own words (Broder 1997); quotations, names and titles are set aside.
Both are counted while the texts are at hand and kept per pair (`analysis.measure.overlaps`), so
containments are exact.

Shared copy says that words are the same, not who took them from whom: often both took them
from an agency.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import DisjointSet

from analysis.compare.ground import copies
from analysis.compare.ground.asked import of_all_voices, of_measures
from analysis.compare.ground.copies import Rank, Shares, counted_with, shared
from analysis.compare.ground.inference import ordered, with_notes
from analysis.data import mistake
from analysis.measure import overlaps
from analysis.measure.measures import Measures
from analysis.notes import note

SHARED = overlaps.LEAST_CONTAINMENT
SUBSTANTIAL = 0.20
RUN = 20  # own words in one run


@of_measures
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
        longest common run, in own words), same_text (to the letter),
        agency_a, agency_b (credited in the text), date_a, date_b, earlier (id of the article
        with the earlier date; empty where a date is missing or both are the same). Sorted by
        containment, then a, b.

    Raises
    ------
    AnalysisError
        Where the threshold is below .05 or above 1.
    """
    of_all_voices(measures, "copy-of-a-voice")
    if not SHARED <= threshold <= 1:
        raise mistake("copy-threshold", threshold=threshold, least=SHARED)
    pairs = measures.overlaps.astype({"a": "str", "b": "str"})
    of = pairs[["of_a", "of_b"]].min(axis=1)
    pairs = pairs.assign(of=of, containment=pairs["shared"] / of)
    pairs = pairs[pairs["containment"] >= threshold].reset_index(drop=True)
    substantial = _in_one_run(pairs) & (pairs["containment"] >= SUBSTANTIAL)
    table = pairs.assign(level=np.where(substantial, "substantial", "some"))
    known = measures.articles.set_index("id")
    for side in ("a", "b"):
        for column in ("outlet", "agency", "date"):
            table[f"{column}_{side}"] = known.loc[table[side], column].to_numpy()
    texts = measures.texts
    table["same_text"] = texts.loc[table["a"]].to_numpy() == texts.loc[table["b"]].to_numpy()
    a, b = table["date_a"], table["date_b"]
    table["earlier"] = np.where(a < b, table["a"], table["b"])
    table["earlier"] = table["earlier"].where((a != "") & (b != "") & (a != b), "")
    table = ordered(table[_COLUMNS], ["containment", "a", "b"], ["containment"])
    return with_notes(table, _notes(measures.articles, table, threshold), measures)


def _in_one_run(pairs: pd.DataFrame) -> pd.Series:
    return pairs["longest"] >= np.minimum(RUN, pairs["of"] + overlaps.SHINGLE_WORDS - 1)


_COLUMNS = [
    *("a", "b", "outlet_a", "outlet_b", "containment", "level", "shared", "of", "longest"),
    *("same_text", "agency_a", "agency_b", "date_a", "date_b", "earlier"),
]


def _notes(articles: pd.DataFrame, table: pd.DataFrame, threshold: float) -> list[str]:
    n = len(articles)
    inside = int((table["outlet_a"] == table["outlet_b"]).sum())
    none = int((articles["shingles"] == 0).sum())
    pairs = {"n": len(table), "of": n * (n - 1) // 2, "articles": n, "inside": inside}
    rule = {"threshold": threshold, "substantial": SUBSTANTIAL, "run": RUN}
    return [
        note("reuse.pairs", **pairs, **rule),
        note("reuse.looked", limits=overlaps),
        note("reuse.none", none, n=none),
    ]


# ---------------------------------------------------------------- a corpus without copies


def independent(measures: Measures, *, threshold: float = SUBSTANTIAL) -> Measures:
    """The measures without shared copy, for any comparison: ``keyness(independent(measures))``.


    The articles that `drop_shared_copy` keeps; the notes say what was left out.
    """
    kept, dropped = drop_shared_copy(measures, threshold)
    sizes = {"n": len(dropped), "of": len(measures.articles)}
    without = note("reuse.without", threshold=threshold, **sizes)
    return dataclasses.replace(kept, notes=(*measures.notes, without))


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
    shares = shared(pairs[_in_one_run(pairs)], measures.texts)
    rank = _by_date(measures.articles.set_index("id"), shares)
    found = counted_with(shares, rank, measures.texts)
    reasons = ("earlier", "longer", "first by id")
    dropped = _as_table(found, measures).assign(
        reason=[reasons[_first_difference(rank[a], rank[b])] for a, (b, _) in found.items()]
    )
    dropped = ordered(dropped, ["containment", "article"], ["containment"])
    left = measures.keep(set(measures.articles["id"]) - set(found))
    return left, with_notes(dropped, pairs.attrs["notes"][len(measures.notes) :], measures)


def editions(measures: Measures, threshold: float = overlaps.EDITION) -> pd.DataFrame:
    """Articles that are editions or updates of another one of the same outlet.

    The longest of them is kept (then the earliest, then the first by id), so that nothing that
    was reported is lost. Comparisons count the others with it (`ground.copies`).

    Returns
    -------
    DataFrame, sorted by falling containment, article
        article, outlet, date, copy_of, outlet_kept, date_kept, containment, title.
    """
    of_all_voices(measures, "copy-of-a-voice")
    labels = pd.Series("", index=measures.articles["id"])
    table = _as_table(copies.find_editions(measures, labels, threshold), measures)
    titles = measures.articles.set_index("id")["title"]
    table = table.assign(title=titles.reindex(table["article"]).to_numpy())
    sizes = {"n": len(table), "of": len(measures.articles)}
    table = ordered(table, ["containment", "article"], ["containment"])
    return with_notes(table, [note("reuse.editions", threshold=threshold, **sizes)], measures)


def _as_table(found: Mapping[str, tuple[str, float]], measures: Measures) -> pd.DataFrame:
    known = measures.articles.set_index("id")[["outlet", "date"]]
    kept = [other for other, _ in found.values()]
    table = pd.DataFrame({"article": list(found)}, dtype="str")
    table[["outlet", "date"]] = known.reindex(list(found)).to_numpy(object)
    table["copy_of"] = pd.Series(kept, dtype="str")
    table[["outlet_kept", "date_kept"]] = known.reindex(kept).to_numpy(object)
    table = table.astype("str")
    table["containment"] = pd.Series([share for _, share in found.values()], dtype="float64")
    return table


def _first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    return [a != b for a, b in zip(one, other, strict=True)].index(True)


def _by_date(articles: pd.DataFrame, shares: Shares) -> Rank:
    """Sort key of each article that shares copy, comparable within its group."""
    group = DisjointSet(shares)
    for article, others in shares.items():
        for other in others:
            group.merge(article, other)
    words, dates = articles["words"].to_dict(), articles["date"].to_dict()
    undated = {group[article] for article in shares if not dates[article]}
    return {
        article: ("" if group[article] in undated else dates[article], -words[article], article)
        for article in shares
    }
