r"""How alike articles and outlets are, and which words make them so (METHODS §5).

An article is the vector of its term weights
:math:`w = (1+\ln tf)\,\bigl(\ln\frac{1+N}{1+df}+1\bigr)`, N and df from the frozen reference
list, scaled to length 1; the similarity of two articles is the cosine of their vectors, from 0
(no word in common) to 1 (the same words equally often). scikit-learn's `TfidfTransformer`
counts N and df in the corpus at hand and by default takes tf itself; here the weights of two
articles do not change when a third one joins the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.preprocessing import normalize

from analysis.compare.inference import ordered, with_notes
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures
from analysis.measure.reference import Reference, read_reference

DENSE_ARTICLES = 3_000
NEAREST = 10
_BLOCK_ROWS = 500
_COMMON_SHARE = 0.03
_DECIMALS = 13
_SLACK = 1e-9


@dataclass(frozen=True)
class Vectors:
    """Articles as vectors of length 1.

    Attributes
    ----------
    matrix : sparse float64 matrix, articles × terms; an article without words is a row of zeros
    counts : sparse int64 matrix of the same shape
    articles : DataFrame, one row per row of the matrix, sorted by id
    terms : one per column
    measures : what was selected
    notes : weights, reference list, articles without words, identical texts
    """

    matrix: sp.csr_array
    counts: sp.csr_array
    articles: pd.DataFrame
    terms: pd.Index
    measures: Measures
    notes: tuple[str, ...]

    @property
    def ids(self) -> pd.Index:
        """Ids of the articles, in code-point order."""
        return pd.Index(self.articles["id"], name="article")

    @property
    def has_words(self) -> np.ndarray:
        """Whether an article has any word in the selection."""
        return np.diff(self.matrix.indptr) > 0

    def row(self, article: str) -> int:
        """Row of an article."""
        at = int(self.ids.get_indexer(pd.Index([article]))[0])
        if at < 0:
            raise unknown("article", article, self.ids)
        return at


def vectors(
    measures: Measures,
    *,
    zone: str | list[str] | None = None,
    voice: str | list[str] | None = None,
    reference_list: Reference | None = None,
) -> Vectors:
    """Weight the words of each article as the module says."""
    filters = {"zone": zone, "voice": voice}
    selected = measures.select(**{k: v for k, v in filters.items() if v is not None})
    reference = read_reference() if reference_list is None else reference_list
    counted = selected.counts()
    order = np.argsort(counted.articles["id"].to_numpy(object), kind="stable")
    counts = counted.matrix[order]
    counts.sort_indices()
    articles = counted.articles.iloc[order].reset_index(drop=True)
    weights = counts.astype(np.float64)
    weights.data = (1 + np.log(weights.data)) * reference.idf(counted.terms)[weights.indices]
    matrix = normalize(weights) if weights.nnz else weights
    notes = [
        "Cosine of (1 + ln tf) · idf, 0 to 1. " + reference.note,
        _without_words(articles.loc[np.diff(counts.indptr) == 0, "id"].tolist()),
        _same_texts_note(articles),
    ]
    kept = tuple(note for note in notes if note)
    return Vectors(sp.csr_array(matrix), counts, articles, counted.terms, selected, kept)


def _without_words(ids: list[str]) -> str:
    if not ids:
        return ""
    return f"No words in the selection, so no cosine: {_listed(ids)}."


def _same_texts_note(articles: pd.DataFrame) -> str:
    """Which articles have the same text to the letter."""
    twice = articles[articles["text_sha256"].duplicated(keep=False)]
    groups = [" = ".join(ids) for ids in twice.groupby("text_sha256")["id"].apply(sorted)]
    if not groups:
        return ""
    return f"The same text to the letter, each counted as an article: {_listed(sorted(groups))}."


def _listed(names: list[str], shown: int = 5) -> str:
    rest = len(names) - shown
    return "; ".join(names[:shown]) + (f"; and {rest} more" if rest > 0 else "")


# ---------------------------------------------------------------- articles


def between_articles(
    measures: Measures,
    *,
    zone: str | list[str] | None = None,
    voice: str | list[str] | None = None,
    top: int | None = None,
    reference_list: Reference | None = None,
) -> pd.DataFrame:
    """Cosine between articles.

    Parameters
    ----------
    zone, voice
        Words of these zones (headline, lead, body) or voices (narrator, quoted) alone.
    top
        Give the `top` nearest of each article as a long table. Left out, that is done with
        ten where there are more than 3,000 articles.
    reference_list
        Term frequencies behind the idf; the project's own by default.

    Returns
    -------
    DataFrame
        Articles × articles, rows and columns labelled by id and sorted by it; 1 on the diagonal,
        NaN for an article that has no words in the selection. With `top` a long table a, b,
        cosine: b is one of the articles nearest to a. Pairs without a common word are not
        listed; of equal cosines the id first by code point comes first.
    """
    v = vectors(measures, zone=zone, voice=voice, reference_list=reference_list)
    if top is None and len(v.articles) <= DENSE_ARTICLES:
        cosines = cosine_matrix(v)
        frame = pd.DataFrame(cosines, index=v.ids.rename("a"), columns=v.ids.rename("b"))
        return with_notes(frame, v.notes, v.measures)
    k = NEAREST if top is None else top
    note = f"The {k} nearest of each of {len(v.articles):,} articles; cosine 0 is not listed."
    return with_notes(_nearest_of_all(v, k), [*v.notes, note], v.measures)


def cosine_matrix(v: Vectors) -> np.ndarray:
    """Dense cosines, articles × articles, exactly symmetric; NaN where an article has no words."""
    blocks = [block for _, block in _products(v.matrix)]
    cosines = np.vstack(blocks) if blocks else np.zeros((0, 0))
    cosines = np.round((cosines + cosines.T) / 2, _DECIMALS)
    cosines[~v.has_words, :] = np.nan
    cosines[:, ~v.has_words] = np.nan
    return cosines


def _products(matrix: sp.csr_array) -> Iterator[tuple[int, np.ndarray]]:
    """Blocks of rows of ``matrix @ matrix.T``, each with the number of its first row.

    Terms in many articles are multiplied as a dense matrix, the many rare ones as a sparse one:
    a sparse product takes time with the square of a term's document frequency.
    """
    n = matrix.shape[0]
    in_articles = np.bincount(matrix.indices, minlength=matrix.shape[1])
    common = in_articles > max(_COMMON_SHARE * n, 1)
    columns = sp.csc_array(matrix)
    dense = columns[:, common].toarray()
    rare = sp.csr_array(columns[:, ~common])
    rare_t = sp.csr_array(rare.T)
    for start in range(0, n, _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, n))
        yield start, dense[rows] @ dense.T + (rare[rows] @ rare_t).toarray()


def _pair_cosines(matrix: sp.csr_array, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines of some pairs, each summed in the order of the terms, so that ties are exact."""
    found = [np.zeros(0)]
    for start in range(0, len(a), 20_000):
        part = slice(start, start + 20_000)
        found.append(np.asarray(matrix[a[part]].multiply(matrix[b[part]]).sum(axis=1)).ravel())
    return np.round(np.concatenate(found), _DECIMALS)


def _nearest_of_all(v: Vectors, k: int) -> pd.DataFrame:
    """The k nearest of every article, without ever holding all cosines."""
    if k < 1:
        raise AnalysisError(f"top = {k}.", "Ask for at least 1 nearest article.")
    k = min(k, max(len(v.articles) - 1, 0))
    pairs = [np.zeros((2, 0), np.int64)]
    for start, block in _products(v.matrix):
        block[np.arange(len(block)), start + np.arange(len(block))] = 0
        kth = np.partition(block, -k, axis=1)[:, -k] if k else np.ones(len(block))
        rows, columns = np.nonzero(block >= np.maximum(kth - _SLACK, _SLACK)[:, None])
        pairs.append(np.vstack([rows + start, columns]))
    a, b = np.hstack(pairs)
    ids = v.ids.to_numpy(object)
    found = pd.DataFrame({"a": ids[a], "b": ids[b], "cosine": _pair_cosines(v.matrix, a, b)})
    found = ordered(found, ["cosine", "a", "b"], ["cosine"])
    nearest = found[found.groupby("a", sort=False).cumcount() < k]
    return nearest.astype({"a": "str", "b": "str"}).reset_index(drop=True)


def nearest(
    measures: Measures,
    article: str,
    k: int = NEAREST,
    *,
    zone: str | list[str] | None = None,
    voice: str | list[str] | None = None,
    reference_list: Reference | None = None,
) -> pd.DataFrame:
    """The k articles most like one article.

    Returns
    -------
    DataFrame
        article, outlet, date, title, cosine, same_text (whether the texts are the same to the
        letter), sorted by cosine, then id. Articles without a common word are not listed.

    Raises
    ------
    AnalysisError
        Where there is no such article.
    """
    v = vectors(measures, zone=zone, voice=voice, reference_list=reference_list)
    row = v.row(article)
    cosines = np.round((v.matrix @ v.matrix[[row]].T).toarray().ravel(), _DECIMALS)
    frame = v.articles[["id", "outlet", "date", "title"]].rename(columns={"id": "article"})
    frame["cosine"] = cosines
    frame["same_text"] = v.articles["text_sha256"] == v.articles.at[row, "text_sha256"]
    frame = frame[(np.arange(len(frame)) != row) & (cosines > 0)]
    note = f"The {k} nearest of {len(v.articles) - 1:,} articles; cosine 0 is not listed."
    table = ordered(frame, ["cosine", "article"], ["cosine"]).head(k)
    return with_notes(table, [*v.notes, note], v.measures)


def explain(
    measures: Measures,
    a: str,
    b: str,
    *,
    zone: str | list[str] | None = None,
    voice: str | list[str] | None = None,
    reference_list: Reference | None = None,
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
    v = vectors(measures, zone=zone, voice=voice, reference_list=reference_list)
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
