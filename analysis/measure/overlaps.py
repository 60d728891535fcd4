r"""What articles share word for word, counted while their texts are at hand (docs/methods.md).

A *shingle* is five words that follow one another in an article's own words: the narrator's and
what it reports others saying. Quotations, names and titles of persons are set aside first (two
reports of one event share those without copying); a name or title is a word written with a
capital letter. Pairs are found by an inverted index over 64-bit hashes of the shingles, which
never leaves the memory: what is kept of a pair is how many shingles both have and how long their
longest common run is.

The index is made by sorting, one part of the range of hashes after the other, and only shingles
that stand in two articles or more stay in it; pairs are then counted for a block of articles at
a time, each against the articles of the days around it. So memory is bounded by the shingles
shared and not by the articles, and a part could as well be sorted on disk.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.measure.lookup import Lookup

SHINGLE_WORDS = 5
FEWEST_SHARED = 5
LEAST_CONTAINMENT = 0.05
EDITION = 0.80  # containment from which an article of the same outlet is one of another
MOST_DAYS = 14
COMMON_ARTICLES = 1_000  # a shingle in more articles finds no pair, but counts
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd: no run but those that are equal meet
_UNDATED = -(2**40)  # days, before all others
_PART = 20_000_000  # shingles sorted at a time
_SHIFT = np.uint64(64 - 26)
_BLOCK = 10_000_000  # products of a block of articles


def term_hashes(terms: list[str]) -> np.ndarray:
    """A 64-bit hash of each term (BLAKE2b), the same on every machine."""
    return np.frombuffer(b"".join(map(_DIGESTS.__getitem__, terms)), "<u8")


_DIGESTS = Lookup(lambda term: hashlib.blake2b(term.encode(), digest_size=8).digest())


def counts_as_own(spellings: list[str]) -> np.ndarray:
    """Which spellings belong to shingles: not names and titles, which have a capital letter."""
    return np.asarray([not s[:1].isupper() for s in spellings], bool)


class Shingles(NamedTuple):
    """Hashes of the shingles of some articles, one article after the other, in text order.

    Attributes
    ----------
    hashes : one entry a shingle
    sizes : shingles of each article, repeated ones included
    """

    hashes: np.ndarray
    sizes: np.ndarray

    @property
    def of_each(self) -> list[np.ndarray]:
        """The hashes of each article."""
        return np.split(self.hashes, np.cumsum(self.sizes)[:-1])

    @property
    def distinct(self) -> list[int]:
        """Number of distinct shingles of each article."""
        return [len(np.unique(hashes)) for hashes in self.of_each]


def shingles(words: np.ndarray, article: np.ndarray, articles: int) -> Shingles:
    """The shingles of articles whose own words have these hashes, in text order.

    Parameters
    ----------
    words, article
        One entry a word: its hash, and the number of its article, in rising order.
    articles
        How many articles there are.
    """
    runs = max(len(words) - SHINGLE_WORDS + 1, 0)
    mixed = np.zeros(runs, np.uint64)
    for i in range(SHINGLE_WORDS):
        mixed = _mix(mixed ^ words[i : i + runs])
    inside = article[:runs] == article[len(article) - runs :]
    return Shingles(mixed[inside], np.bincount(article[:runs][inside], minlength=articles))


def _mix(x: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every input bit reaches all."""
    x = x + _BASE
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


# ---------------------------------------------------------------- pairs of articles


def overlaps(found: Shingles, articles: pd.DataFrame) -> pd.DataFrame:
    r"""Pairs of articles that share shingles, with what they share.

    Kept are pairs with at least five shared shingles and a containment
    :math:`|A \cap B| / \min(|A|, |B|)` of at least .05 whose dates are at most 14 days apart or
    one of which is undated. A shingle in more than 1,000 articles finds no pair; in a pair that
    others find it counts.

    Parameters
    ----------
    found
        The shingles of each article.
    articles
        id, date (ISO 8601, empty where unknown), shingles (distinct ones) of each article.

    Returns
    -------
    DataFrame
        a, b (ids, a before b in code-point order), shared, of_a, of_b (distinct shingles),
        longest (longest common run of own words, in words), date_gap (days, missing where one
        is undated), sorted by a, b.
    """
    of = articles["shingles"].to_numpy(np.int64)
    day = days_of(articles["date"], _UNDATED)
    order = np.argsort(day, kind="stable")
    index = _index(found)[order]
    i, j, shared = _pairs(index, of[order], day[order])
    names = articles["id"].to_numpy(object)
    i, j = order[i], order[j]
    swap = names[i] > names[j]
    a, b = np.where(swap, j, i), np.where(swap, i, j)
    of_each = found.of_each
    dated = np.minimum(day[a], day[b]) > _UNDATED
    table = pd.DataFrame(
        {
            "a": names[a],
            "b": names[b],
            "shared": shared,
            "of_a": of[a],
            "of_b": of[b],
            "longest": [
                SHINGLE_WORDS - 1 + _longest(of_each[p], of_each[q])
                for p, q in zip(a.tolist(), b.tolist(), strict=True)
            ],
            "date_gap": np.where(dated, np.abs(day[a] - day[b]), np.nan),
        }
    )
    return table.astype({"longest": "int64"}).sort_values(["a", "b"], ignore_index=True)


def days_of(dates: pd.Series, undated: float = np.nan) -> np.ndarray:
    """Number of each day, of dates with or without a time; `undated` where there is none."""
    written = dates.astype("str").str[:10]
    days = pd.to_datetime(written, format="ISO8601", errors="coerce").to_numpy("datetime64[D]")
    return np.where(np.isnat(days), undated, days.astype(np.int64))


def _index(found: Shingles) -> sp.csr_array:
    """Which article (row) has which shingle (column); those of one article alone have none."""
    article = np.repeat(np.arange(len(found.sizes)), found.sizes)
    parts = -(-len(article) // _PART)
    part_of = found.hashes >> np.uint64(64 - 16)
    rows, columns, width = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for part in range(parts):
        at = np.flatnonzero((part_of * np.uint64(parts)) >> np.uint64(16) == part)
        in_order = np.sort(found.hashes[at])
        may = np.zeros(2**26, bool)  # sorted once more are those that may stand there twice
        may[in_order[1:][in_order[1:] == in_order[:-1]] >> _SHIFT] = True
        at = at[may[found.hashes[at] >> _SHIFT]]
        at = at[np.argsort(found.hashes[at], kind="stable")]  # articles stay in order
        hashes, of = found.hashes[at], article[at]
        new = np.ones(len(at), bool)
        new[1:] = hashes[1:] != hashes[:-1]
        once = new.copy()  # an article has a shingle once, however often it stands there
        once[1:] |= of[1:] != of[:-1]
        number = np.cumsum(new)[once] - 1
        shared = np.bincount(number)[number] > 1
        _, number = np.unique(number[shared], return_inverse=True)
        rows.append(of[once][shared])
        columns.append(number + width)
        width += int(number.max(initial=-1)) + 1
    where = (np.concatenate(rows), np.concatenate(columns))
    ones = np.ones(len(where[0]), np.int32)
    return sp.coo_array((ones, where), shape=(len(found.sizes), width)).tocsr()


def _pairs(
    index: sp.csr_array, of: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows i < j of the pairs that are kept, and how many shingles they share.

    Rows are in the order of days, undated ones first. Takes time with the sum over the shingles
    of the pairs of articles they stand in, at most 1,000 articles each, within the days.
    """
    articles = np.bincount(index.indices, minlength=index.shape[1])
    by_column = sp.csc_array(index)
    rare = sp.csr_array(by_column[:, articles <= COMMON_ARTICLES])
    often = sp.csr_array(by_column[:, articles > COMMON_ARTICLES])
    n_often = np.diff(often.indptr)
    undated = int(np.searchsorted(day, _UNDATED, "right"))
    parts = [(np.zeros(0, np.int64),) * 3]
    for start, end in _blocks(rare):
        first = max(undated, int(np.searchsorted(day, day[start] - MOST_DAYS)))
        partners = np.concatenate([np.arange(min(undated, end)), np.arange(first, end)])
        product = (rare[start:end] @ rare[partners].T).tocoo()
        i, j, shared = partners[product.coords[1]], product.coords[0] + start, product.data
        near = (i < undated) | (day[j] - day[i] <= MOST_DAYS)
        bound = shared + np.minimum(n_often[i], n_often[j])
        able = (i < j) & near & _enough(bound, of[i], of[j])
        i, j, shared = i[able], j[able], shared[able].astype(np.int64)
        shared += _in_both(often, i, j)
        kept = _enough(shared, of[i], of[j])
        parts.append((i[kept], j[kept], shared[kept]))
    i, j, shared = (np.concatenate(column) for column in zip(*parts, strict=True))
    return i, j, shared


def _enough(shared: np.ndarray, of_a: np.ndarray, of_b: np.ndarray) -> np.ndarray:
    contained = shared >= LEAST_CONTAINMENT * np.minimum(of_a, of_b)
    return np.asarray(contained & (shared >= FEWEST_SHARED))


def _blocks(index: sp.csr_array) -> Iterator[tuple[int, int]]:
    """Rows whose products with all others are together about `_BLOCK`."""
    articles = np.bincount(index.indices, minlength=index.shape[1])
    cost = np.concatenate([[0], np.cumsum(articles[index.indices])])[index.indptr]
    cuts = np.flatnonzero(np.diff(cost[:-1] // _BLOCK)) + 1
    edges = [0, *cuts.tolist(), index.shape[0]]
    return ((a, b) for a, b in pairwise(edges) if a < b)


def _in_both(index: sp.csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Number of columns that both rows of each pair have."""
    if not index.nnz:
        return np.zeros(len(i), np.int64)
    found = [np.zeros(0, np.int64)]
    for start in range(0, len(i), 50_000):
        part = slice(start, start + 50_000)
        found.append(np.asarray(index[i[part]].multiply(index[j[part]]).sum(axis=1)).ravel())
    return np.concatenate(found)


def _longest(a: np.ndarray, b: np.ndarray) -> int:
    """Length of the longest run of shingles that stands in both, of which they have at least one.

    Runs of one length are compared by their hashes (polynomials, taken from sums once made), and
    the length is found by halving: time grows with n log n, however often a run is repeated.
    """
    if np.array_equal(a, b):
        return len(a)
    powers = np.cumprod(np.full(max(len(a), len(b)) + 1, _BASE))
    sums = [np.append(np.uint64(0), np.cumsum(x * powers[: len(x)])) for x in (a, b)]

    def is_apart(length: int) -> bool:
        one, other = (
            ((s[length:] - s[:-length]) * powers[::-1][: len(s) - length]).tolist() for s in sums
        )
        return set(one).isdisjoint(other)

    return 1 + bisect_left(range(2, min(len(a), len(b)) + 1), True, key=is_apart)
