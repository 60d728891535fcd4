r"""Articles as vectors of weighted words, and the cosines between them.

The weight of a term in an article is :math:`w = (1+\ln tf)\,\bigl(\ln\frac{1+N}{1+df}+1\bigr)`,
N and df from the reference list, so that the weights of two articles do not change when a third
one joins the corpus; vectors are scaled to length 1. That is scikit-learn's `TfidfTransformer`
with ``sublinear_tf`` and the idf of the reference list.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.compare.ground.groups import Groups, everything
from analysis.compare.ground.inference import ordered
from analysis.data import mistake
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.notes import note, some

DECIMALS = 13
_BLOCK_ROWS = 500
_COMMON_SHARE = 0.05
_DENSE_CELLS = 40_000_000
_SLACK = 1e-5  # more than what single precision may be wrong by


@dataclass(frozen=True, eq=False)
class Vectors(Groups):
    """All articles, sorted by id, as vectors of length 1.

    Attributes
    ----------
    weights : sparse float64, articles × terms; an article without words is a row of zeros
    articles : one row per row of the weights
    notes : weights, reference list, articles without words, identical texts
    """

    weights: sp.csr_array = field(kw_only=True)
    articles: pd.DataFrame = field(kw_only=True)

    @property
    def has_words(self) -> np.ndarray:
        """Whether an article has any word in the selection."""
        return np.diff(self.weights.indptr) > 0

    def row(self, article: str) -> int:
        """Row of an article."""
        if article not in self.ids:
            raise unknown("article", article, self.ids)
        return int(np.searchsorted(self.ids, article))


def vectors(measures: Measures) -> Vectors:
    """Weight the words of each article as the module says."""
    reference, counted = measures.reference, everything(measures)
    weighting = TfidfTransformer(sublinear_tf=True)
    weighting.idf_ = reference.idf(counted.things)
    weights = counted.matrix.astype(np.float64)
    weights = sp.csr_array(weighting.transform(weights)) if weights.nnz else weights
    articles = measures.articles.sort_values("id", ignore_index=True)
    wordless = counted.ids[counted.tokens == 0].tolist()
    by_text = measures.texts.index.to_series().groupby(measures.texts)
    same = sorted(" = ".join(sorted(ids)) for _, ids in by_text if len(ids) > 1)
    notes = (
        note("similarity.cosine", reference=reference.note),
        note("similarity.wordless", wordless, ids=in_a_row(wordless)),
        note("similarity.same", same, ids=in_a_row(same)),
    )
    known = vars(counted) | {"notes": tuple(filter(None, notes))}
    return Vectors(**known, weights=weights, articles=articles)


def in_a_row(names: list[str]) -> str:
    """Some of the names, in a row."""
    return some(names, 5, "; ")


# ---------------------------------------------------------------- cosines


def cosine_matrix(v: Vectors) -> np.ndarray:
    """Dense cosines, articles × articles, exactly symmetric; NaN where an article has no words."""
    blocks = [block for _, _, block in Products(v.weights).blocks()]
    cosines = np.vstack(blocks) if blocks else np.zeros((0, 0))
    cosines = np.round((cosines + cosines.T) / 2, DECIMALS)
    cosines[~v.has_words, :] = np.nan
    cosines[:, ~v.has_words] = np.nan
    return cosines


class Products:
    """Cosines of some rows with others, dense, without ever holding those of all.

    Terms in many articles are multiplied as a dense matrix, the many rare ones as a sparse one:
    a sparse product takes time with the square of a term's document frequency.
    """

    def __init__(self, matrix: sp.csr_array, precision: type[np.floating] = np.float64) -> None:
        n = matrix.shape[0]
        in_articles = np.bincount(matrix.indices, minlength=matrix.shape[1])
        common = in_articles > max(_COMMON_SHARE * n, 1)
        most = _DENSE_CELLS // max(n, 1)
        if common.sum() > most:
            common = in_articles > np.sort(in_articles)[::-1][most]
        columns = sp.csc_array(matrix.astype(precision))
        self._dense = columns[:, common].toarray()
        self._rare = sp.csr_array(columns[:, ~common])

    def of(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Cosines of these rows with those."""
        dense, rare = self._dense, self._rare
        return np.asarray(dense[rows] @ dense[others].T + (rare[rows] @ rare[others].T).toarray())

    def blocks(self, at_most: int | None = None) -> Iterator[tuple[np.ndarray, ...]]:
        """Some rows, the rows they are compared with, and their cosines; block by block.

        Every row is compared with all, or with `at_most` evenly spaced ones where there are more.
        """
        n = self._rare.shape[0]
        others = np.arange(0, n, -(-n // (at_most or max(n, 1))) or 1)
        for start in range(0, n, _BLOCK_ROWS):
            rows = np.arange(start, min(start + _BLOCK_ROWS, n))
            yield rows, others, self.of(rows, others)


def _pair_cosines(matrix: sp.csr_array, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines of pairs sorted by a, each summed in the order of the terms: ties are exact."""
    cosines = np.zeros(len(a))
    row = np.zeros(matrix.shape[1])
    distinct, starts = np.unique(a, return_index=True)
    ends = np.append(starts, len(a))[1:]
    for article, start, end in zip(distinct, starts, ends, strict=True):
        at = slice(matrix.indptr[article], matrix.indptr[article + 1])
        row[matrix.indices[at]] = matrix.data[at]
        cosines[start:end] = matrix[b[start:end]] @ row
        row[matrix.indices[at]] = 0
    return np.round(cosines, DECIMALS)


def nearest_of_all(v: Vectors, k: int, at_most: int | None = None) -> pd.DataFrame:
    """The k nearest of every article: a, b, cosine, sorted by falling cosine, then a, b.

    Never holds all cosines. Where `at_most` is given and there are more articles, the nearest are
    sought among that many evenly spaced ones.
    """
    if k < 1:
        raise mistake("nearest", k=k)
    pairs = [np.zeros((2, 0), np.int64)]
    for rows, others, block in Products(v.weights, np.float32).blocks(at_most):
        block[rows[:, None] == others] = 0
        kth = np.partition(block, -k, axis=1)[:, -k] if k < len(others) else np.zeros(len(rows))
        i, j = np.nonzero((block >= (kth - _SLACK)[:, None]) & (block > 0))
        pairs.append(np.vstack([rows[i], others[j]]))
    a, b = np.hstack(pairs)
    cosines = _pair_cosines(v.weights, a, b)
    found = pd.DataFrame({"a": v.ids[a], "b": v.ids[b], "cosine": cosines})
    found = ordered(found, ["cosine", "a", "b"], ["cosine"])
    nearest = found[found.groupby("a", sort=False).cumcount() < k]
    return nearest.astype({"a": "str", "b": "str"}).reset_index(drop=True)
