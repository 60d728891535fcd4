"""The use of every term by every group: what a reader sees who asks for one word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import Group, Groups, grouped
from analysis.compare.ground.inference import SEED, Evidence, permitted
from analysis.compare.reuse import comparison
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES

BOOTSTRAPS = 1000
LEAST_SENTENCES = 3
_AT_ONCE = 512


@comparison
def uses(
    measures: Measures,
    by: str = "outlet",
    *,
    min_articles: int = 1,
    bootstraps: int = BOOTSTRAPS,
    seed: int = SEED,
) -> pd.DataFrame:
    r"""How often, in how many articles and in whose voice each group uses each of its terms.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    min_articles
        Leave out terms that fewer articles of all groups together hold.
    bootstraps, seed
        Samples of articles for the interval.

    Returns
    -------
    DataFrame, sorted by term, falling per_1000, group

    ==========  ==============================================================
    term        case-folded word
    group       value of `by`
    count       occurrences in the group, headline, lead and body
    narrator    of these, outside quotation marks
    quoted      of these, inside quotation marks
    tokens      tokens of the group
    per_1000    1000 · count / tokens
    low, high   95 % bootstrap interval of per_1000 over the group's articles
                (:math:`\sum_a y_a/\sum_a n_a` of articles drawn anew, expanded
                percentiles, Hesterberg 2015); empty below 10 articles
    articles    articles of the group that hold the term (k)
    n_articles  articles of the group (n)
    dp          deviation of proportions (Gries 2008): 0 spread as evenly as the
                articles' lengths, towards 1 the more the term clumps
    ==========  ==============================================================
    """
    groups = grouped(measures, by)
    total = np.sum([g.articles for g in groups], axis=0)
    listed = np.flatnonzero(total >= max(min_articles, 1))
    narrated = _narrated(groups)
    frames = [_uses_of(group, groups, listed, narrated, bootstraps, seed) for group in groups]
    table = pd.concat(frames, ignore_index=True)  # groups by name, terms by code point in each
    term = groups.terms.get_indexer(table["term"])
    order = np.lexsort((-table["per_1000"].to_numpy(), term))
    table = table.iloc[order].reset_index(drop=True)
    return inference.with_notes(
        table, [*groups.notes, *_notes(groups, listed, min_articles, bootstraps, seed)], measures
    )


def _narrated(groups: Groups) -> dict[str, np.ndarray]:
    """Occurrences of each term outside quotation marks, by group."""
    counts = groups.measures.select(voice=VOICES[0]).counts()
    rows = pd.Index(counts.articles["id"])
    columns = pd.Index(groups.terms).get_indexer(counts.terms)
    found = {}
    for group in groups:
        own = np.zeros(len(groups.terms), np.int64)
        of_group = counts.matrix[rows.get_indexer(pd.Index(group.ids, dtype=rows.dtype))]
        own[columns] = np.asarray(of_group.sum(axis=0)).ravel()
        found[group.name] = own
    return found


def _uses_of(
    group: Group,
    groups: Groups,
    listed: np.ndarray,
    narrated: dict[str, np.ndarray],
    bootstraps: int,
    seed: int,
) -> pd.DataFrame:
    at = listed[group.count[listed] > 0]
    count, narrator = group.count[at], narrated[group.name][at]
    matrix = sp.csr_array(group.matrix[:, at])
    low, high = _interval(group, matrix, bootstraps, seed)
    return pd.DataFrame(
        {
            "term": groups.terms[at],
            "group": group.name,
            "count": count,
            "narrator": narrator,
            "quoted": count - narrator,
            "tokens": group.size,
            "per_1000": 1000 * count / group.size,
            "low": low,
            "high": high,
            "articles": group.articles[at],
            "n_articles": group.n,
            "dp": scores.deviation_of_proportions(matrix, group.tokens),
        }
    )


def _interval(
    group: Group, matrix: sp.csr_array, bootstraps: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the bootstrap interval of each rate per 1000; empty where n forbids it."""
    if permitted(group.n) is not Evidence.WORDS:
        empty = np.full(matrix.shape[1], np.nan)
        return empty, empty
    drawn = inference.resampled(np.zeros(group.n), list(group.ids), bootstraps, seed)
    weights = 1000 * drawn / np.maximum(group.tokens @ drawn, 1)
    by_term = sp.csr_array(matrix.T.astype(np.float64))
    ends = inference.percentiles(group.n)
    parts = [
        np.quantile(by_term[start : start + _AT_ONCE] @ weights, ends, axis=1)
        for start in range(0, matrix.shape[1], _AT_ONCE)
    ]
    low, high = np.concatenate([np.empty((2, 0)), *parts], axis=1)
    return low, high


def _notes(
    groups: Groups, listed: np.ndarray, min_articles: int, bootstraps: int, seed: int
) -> list[str]:
    notes = []
    if min_articles > 1:
        notes.append(
            f"{len(listed):,} of {len(groups.terms):,} terms: those that at least {min_articles} "
            "articles hold."
        )
    if len(groups.few) < len(groups.groups):
        notes.append(
            f"Intervals: 95 %, {bootstraps:,} bootstrap samples of the outlet's articles, seed "
            f"{seed}."
        )
    if groups.few:
        notes.append(
            "No interval for groups of fewer than 10 articles, which are too few to resample: "
            f"{', '.join(groups.few)}."
        )
    return notes


@comparison
def presence(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """What it means that a group does not use a term: how often it might, all the same.

    Returns
    -------
    DataFrame, sorted by group
        group, n_articles, tokens, most_if_absent (upper end of the 95 % Clopper–Pearson interval
        of the share of articles that hold a term, where none of the n does).
    """
    groups = grouped(measures, by)
    rows = [(g.name, g.n, g.size, float(inference.upper_bound(0, g.n))) for g in groups]
    table = pd.DataFrame(rows, columns=["group", "n_articles", "tokens", "most_if_absent"])
    return inference.with_notes(table, groups.notes, groups.measures)


@comparison
def by_article(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """In which articles each term stands: the evidence of `uses`.

    Returns
    -------
    DataFrame, sorted by term, falling count, article
        term, article, group, count, narrator, quoted (as in `uses`).
    """
    groups = grouped(measures, by)
    group_of = groups.of_article
    words = groups.measures.terms
    words = words[words["article"].isin(group_of)]
    article, ids = _coded(words["article"])
    term, names = _coded(words["term"])
    place, at = np.unique(term * len(ids) + article, return_inverse=True)
    count = np.bincount(at, words["count"], len(place)).astype(np.int64)
    own = np.bincount(at, words["count"] * words["voice"].eq(VOICES[0]), len(place))
    term, article = np.divmod(place, len(ids))
    order = np.lexsort((article, -count, term))
    table = pd.DataFrame(
        {
            "term": names[term[order]].astype("str"),
            "article": ids[article[order]].astype("str"),
            "group": pd.Series(ids).map(group_of).to_numpy(object)[article[order]],
            "count": count[order],
            "narrator": own[order].astype(np.int64),
        }
    )
    table["quoted"] = table["count"] - table["narrator"]
    return inference.with_notes(table, groups.notes, groups.measures)


def _coded(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """A categorical column as positions among its values, which stand in code-point order."""
    names = values.cat.categories.to_numpy(object)
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[values.cat.codes.to_numpy()], names[order]


def collocates(occurrences: pd.DataFrame, *, most: int = 8) -> pd.DataFrame:
    r"""Which terms stand in the same sentences, more than their frequencies would have it.

    Parameters
    ----------
    occurrences
        term, sentence (any number that tells sentences apart): the places of every term, as
        `analysis.measure.concordance` finds them where the text is at hand.
    most
        So many collocates of each term.

    Returns
    -------
    DataFrame, sorted by term, falling log_dice, collocate
        term, collocate, together (sentences that hold both, at least 3), sentences (those that
        hold the term), log_dice (:math:`14 + \log_2\frac{2 f_{xy}}{f_x+f_y}` over sentences,
        Rychlý 2008; 14 where the two always stand together). A description: sentences of one
        article are not independent.
    """
    pairs = occurrences[["term", "sentence"]].drop_duplicates()
    names, term = np.unique(pairs["term"].to_numpy(object), return_inverse=True)
    _, sentence = np.unique(pairs["sentence"].to_numpy(), return_inverse=True)
    shape = (sentence.max(initial=-1) + 1, len(names))
    held = sp.csr_array((np.ones(len(pairs), np.int64), (sentence, term)), shape=shape)
    frequent = np.flatnonzero(np.asarray(held.sum(axis=0)).ravel() >= LEAST_SENTENCES)
    held = sp.csr_array(held[:, frequent])
    f = np.asarray(held.sum(axis=0)).ravel()
    joint = sp.coo_array(held.T @ held)
    kept = (joint.data >= LEAST_SENTENCES) & (joint.row != joint.col)
    x, y, fxy = joint.row[kept], joint.col[kept], joint.data[kept]
    log_dice = 14 + np.log2(2 * fxy / (f[x] + f[y]))
    order = np.lexsort((y, -log_dice, x))
    x, y, fxy, log_dice = x[order], y[order], fxy[order], log_dice[order]
    first = np.searchsorted(x, x, "left")
    top = np.arange(len(x)) - first < most
    return pd.DataFrame(
        {
            "term": names[frequent][x[top]].astype(str),
            "collocate": names[frequent][y[top]].astype(str),
            "together": fxy[top],
            "sentences": f[x[top]],
            "log_dice": log_dice[top],
        }
    )
