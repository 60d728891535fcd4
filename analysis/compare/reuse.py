r"""Which articles share copy, and a corpus without it (METHODS §5).

*Containment* of two articles is :math:`|A \cap B| / \min(|A|, |B|)`, A and B the distinct
five-word shingles of their own words (Broder 1997); quotations, names and titles are set aside
(`analysis.measure.overlaps`). A measured corpus keeps about one shingle hash in four, the same
ones in every article, so containment is estimated as the share of the shorter article's kept
hashes that the other one has too (FracMinHash, Irber et al. 2022): the standard error is about
:math:`\sqrt{3c(1-c)/|A|}`. Where both articles keep all their hashes
(`analysis.measure.passages.exact_shingles`), it is exact.

Shared copy says that words are the same, not who took them from whom: often both took them
from an agency.
"""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground.inference import ordered, with_notes
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.overlaps import kept_in_sketch

SHARED = 0.05
SUBSTANTIAL = 0.20
FEWEST_SHARED = 3  # shingle hashes; fewer may be one stock phrase in a short article
_COMMON_ARTICLES = 1_000
_BLOCK_ROWS = 500


def shared_copy(measures: Measures, threshold: float = SHARED) -> pd.DataFrame:
    """Pairs of articles that share copy.

    Parameters
    ----------
    threshold
        The least containment that is listed, above 0 and at most 1.

    Returns
    -------
    DataFrame
        a, b, outlet_a, outlet_b, containment, level ("substantial" from .20 where at least three
        hashes are shared, else "some"), shared (shingle hashes both have), of (those of the
        shorter article; the denominator), basis ("exact", or "sketch" where one hash in four was
        kept), same_text (to the letter; containment 1 whatever the length), agency_a, agency_b
        (credited in the text), date_a, date_b, earlier (id of the article with the earlier date;
        empty where a date is missing or both are the same). Sorted by containment, then a, b.

    Raises
    ------
    AnalysisError
        Where the threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise AnalysisError(f"threshold = {threshold}.", "Give a share above 0 and at most 1.")
    articles = measures.articles.sort_values("id", ignore_index=True)
    sets = _shingle_sets(measures, articles)
    pairs = _with_same_texts(sets.pairs(threshold), articles)
    table = ordered(_described(pairs, articles), ["containment", "a", "b"], ["containment"])
    return with_notes(table, _notes(sets, articles, table, threshold), measures)


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
    article is kept unless it shares copy with one that was kept before it.

    Returns
    -------
    kept : Measures
        No two of its articles have a containment of `threshold` or more.
    dropped : DataFrame
        article, outlet, date, copy_of (the kept article it shares most with), outlet_kept,
        date_kept, containment, reason (why the other one was kept: "earlier", "longer" or
        "first by id"), sorted by containment, then article.
    """
    pairs = shared_copy(measures, threshold)
    notes = pairs.attrs["notes"][len(measures.notes) :]
    pairs = pairs[(pairs["shared"] >= FEWEST_SHARED) | pairs["same_text"]]
    articles = measures.articles.set_index("id").sort_index()
    shares = _neighbours(pairs)
    rank = _order_of_keeping(articles, shares)
    kept: set[str] = set()
    rows = []
    for article in sorted(shares, key=rank.__getitem__):
        before = [(-c, rank[other], other) for other, c in shares[article].items() if other in kept]
        if not before:
            kept.add(article)
            continue
        negative, _, other = min(before)
        reason = _reason(rank[article], rank[other])
        rows.append(_dropped(article, other, -negative, reason, articles))
    columns = [
        *("article", "outlet", "date", "copy_of", "outlet_kept", "date_kept", "containment"),
        "reason",
    ]
    dropped = pd.DataFrame(rows, columns=columns)
    dropped = ordered(dropped, ["containment", "article"], ["containment"])
    left = measures.keep(set(articles.index) - set(dropped["article"]))
    return left, with_notes(dropped, [*notes, _DROP_NOTE], measures)


_DROP_NOTE = (
    f"Left out where at least {FEWEST_SHARED} hashes are shared with an article that is kept, or "
    "the text is the same."
)


def _neighbours(pairs: pd.DataFrame) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for a, b, containment in zip(pairs["a"], pairs["b"], pairs["containment"], strict=True):
        shares.setdefault(a, {})[b] = containment
        shares.setdefault(b, {})[a] = containment
    return shares


def _order_of_keeping(
    articles: pd.DataFrame, shares: dict[str, dict[str, float]]
) -> dict[str, tuple[str, int, str]]:
    """Sort key of each article that shares copy, comparable within its group."""
    group = _groups(shares)
    words = articles["words"].to_dict()
    dates = articles["date"].to_dict()
    undated = {group[article] for article in shares if not dates[article]}
    return {
        article: ("" if group[article] in undated else dates[article], -words[article], article)
        for article in shares
    }


def _groups(shares: dict[str, dict[str, float]]) -> dict[str, int]:
    """Number of the connected component of each article."""
    names = sorted(shares)
    at = {name: i for i, name in enumerate(names)}
    edges = [(at[a], at[b]) for a in names for b in shares[a]]
    rows, columns = np.array(edges, np.int64).reshape(-1, 2).T
    graph = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(names)))
    _, label = sp.csgraph.connected_components(graph, directed=False)
    return dict(zip(names, label.tolist(), strict=True))


def _reason(this: tuple[str, int, str], kept: tuple[str, int, str]) -> str:
    if kept[0] < this[0]:
        return "earlier"
    return "longer" if kept[1] < this[1] else "first by id"


def _dropped(
    article: str, other: str, containment: float, reason: str, articles: pd.DataFrame
) -> tuple[object, ...]:
    this, kept = articles.loc[article], articles.loc[other]
    names = (article, this["outlet"], this["date"], other, kept["outlet"], kept["date"])
    return (*names, containment, reason)


def _with_same_texts(pairs: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same text have a containment of 1, even where no hash was kept."""
    rows = articles.assign(row=np.arange(len(articles)))[articles["words"] > 0]
    equal = [
        pair
        for same in rows.groupby("text_sha256")["row"].apply(list)
        for pair in combinations(same, 2)
    ]
    i, j = np.array(equal, np.int64).reshape(-1, 2).T
    total = articles["shingles"].to_numpy(np.int64)[i]
    same = {"i": i, "j": j, "containment": 1.0, "shared": total, "of": total, "basis": "exact"}
    both = pd.concat([pd.DataFrame(same), pairs], ignore_index=True)
    return both.drop_duplicates(["i", "j"], ignore_index=True)


def _described(pairs: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Pairs of row numbers with what is known of their articles."""
    ends = {
        side: articles.iloc[pairs[number]].reset_index(drop=True)
        for side, number in (("a", "i"), ("b", "j"))
    }
    a, b = ends["a"], ends["b"]
    comparable = (a["date"] != "") & (b["date"] != "") & (a["date"] != b["date"])
    first = a["id"].where(a["date"] < b["date"], b["id"])
    same_text = a["text_sha256"] == b["text_sha256"]
    enough = (pairs["shared"] >= FEWEST_SHARED) | same_text
    substantial = (pairs["containment"] >= SUBSTANTIAL) & enough
    return pd.DataFrame(
        {
            "a": a["id"],
            "b": b["id"],
            "outlet_a": a["outlet"],
            "outlet_b": b["outlet"],
            "containment": pairs["containment"],
            "level": np.where(substantial, "substantial", "some"),
            "shared": pairs["shared"],
            "of": pairs["of"],
            "basis": pairs["basis"],
            "same_text": same_text,
            "agency_a": a["agency"],
            "agency_b": b["agency"],
            "date_a": a["date"],
            "date_b": b["date"],
            "earlier": first.where(comparable, ""),
        }
    ).astype({"level": "str", "basis": "str"})


def _notes(
    sets: _ShingleSets, articles: pd.DataFrame, table: pd.DataFrame, threshold: float
) -> list[str]:
    n, n_pairs = len(articles), len(articles) * (len(articles) - 1) // 2
    none = int((sets.total == 0).sum())
    often = int(sets.common.sum())
    inside = int((table["outlet_a"] == table["outlet_b"]).sum())
    sketch = not sets.complete.all()
    return [
        f"{len(table):,} of {n_pairs:,} pairs of {n:,} articles have a containment of at least "
        f"{threshold:.2f} ({inside:,} of them within one outlet, where page furniture counts as "
        f"copy); substantial from {SUBSTANTIAL:.2f} and {FEWEST_SHARED} hashes. Five-word shingles "
        "of the outlets' own words; quotations, names and titles set aside.",
        "Estimated from one shingle hash in four; the standard error of a containment c is about "
        "√(c(1−c)·0.75/of)." * sketch,
        f"Articles without five own words, which cannot share copy here: {none:,}." * bool(none),
        f"{often:,} hashes stand in more than {_COMMON_ARTICLES:,} articles each: they count in "
        "the containment of a pair, but a pair that shares nothing else is not found."
        * bool(often),
    ]


# ---------------------------------------------------------------- sets of hashes


@dataclasses.dataclass(frozen=True)
class _ShingleSets:
    """Which article (row) has which hash (column); hashes of one article alone have no column."""

    matrix: sp.csr_array
    total: np.ndarray
    """Distinct shingles of each article."""
    kept: np.ndarray
    """Hashes in the table."""
    in_sketch: np.ndarray
    """Hashes of those that a sketch keeps."""

    @property
    def complete(self) -> np.ndarray:
        """Whether every shingle of the article is in the table."""
        return self.kept == self.total

    @property
    def common(self) -> np.ndarray:
        """Hashes in so many articles that they are not used to find pairs."""
        in_articles = np.bincount(self.matrix.indices, minlength=self.matrix.shape[1])
        return in_articles > _COMMON_ARTICLES

    def pairs(self, threshold: float) -> pd.DataFrame:
        """Rows i < j of the pairs, shared, of, containment and basis.

        Takes time with the sum of squared document frequencies of the hashes, each at most
        `_COMMON_ARTICLES`, and never all pairs.
        """
        common = self.common
        columns = sp.csc_array(self.matrix)
        rare = sp.csr_array(columns[:, ~common])
        often = sp.csr_array(columns[:, common])
        transposed = sp.csr_array(rare.T)
        nothing = np.zeros(0, np.int64)
        parts = [self._contained(nothing, nothing, nothing, often, threshold)]
        for start in range(0, rare.shape[0], _BLOCK_ROWS):
            product = (rare[start : start + _BLOCK_ROWS] @ transposed).tocoo()
            i, j = product.coords[0] + start, product.coords[1]
            upper = i < j
            parts.append(self._contained(i[upper], j[upper], product.data[upper], often, threshold))
        return pd.concat(parts, ignore_index=True)

    def _contained(
        self, i: np.ndarray, j: np.ndarray, shared: np.ndarray, often: sp.csr_array, least: float
    ) -> pd.DataFrame:
        if often.nnz:
            shared = shared + _in_both(often, i, j)
        exact = self.complete[i] & self.complete[j]
        shorter = np.where(self.total[i] <= self.total[j], i, j)
        of = np.where(exact, self.total[shorter], self.in_sketch[shorter])
        containment = shared / np.maximum(of, 1)
        found = containment >= least
        return pd.DataFrame(
            {
                "i": i[found],
                "j": j[found],
                "containment": containment[found],
                "shared": shared[found].astype(np.int64),
                "of": of[found],
                "basis": np.where(exact[found], "exact", "sketch"),
            }
        )


def _in_both(matrix: sp.csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Number of columns that both rows of each pair have."""
    found = [np.zeros(0)]
    for start in range(0, len(i), 50_000):
        part = slice(start, start + 50_000)
        found.append(np.asarray(matrix[i[part]].multiply(matrix[j[part]]).sum(axis=1)).ravel())
    return np.concatenate(found)


def _shingle_sets(measures: Measures, articles: pd.DataFrame) -> _ShingleSets:
    """The shingle hashes as a matrix, its rows in the order of `articles`."""
    table = measures.shingles
    row_of = pd.Index(articles["id"]).get_indexer(table["article"].cat.categories)
    rows = row_of[table["article"].cat.codes.to_numpy()]
    hashes = table["hash"].to_numpy()
    n = len(articles)
    _, columns, times = np.unique(hashes, return_inverse=True, return_counts=True)
    again = times > 1
    number = np.cumsum(again) - 1
    shared = again[columns]
    at = (rows[shared], number[columns[shared]])
    shape = (n, int(again.sum()))
    return _ShingleSets(
        sp.coo_array((np.ones(len(at[0]), np.int32), at), shape=shape).tocsr(),
        articles["shingles"].to_numpy(np.int64),
        np.bincount(rows, minlength=n),
        np.bincount(rows[kept_in_sketch(hashes)], minlength=n),
    )
