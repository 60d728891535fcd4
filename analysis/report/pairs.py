"""What the page knows on which a reader compares any two groups: counts, and what was tested."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.compare import usage
from analysis.compare.telling import called, hits_by_group, nearest_pairs, speakers_by_group
from analysis.measure.measures import Measures
from analysis.report.explorer import with_voices

ROOM = 3_000_000  # bytes that words may take, about
_ROW_BYTES = 20
_AMOUNTS = ["count", "reported", "quoted", "articles"]
_SPEAKERS = 60  # of each group


def pairs_data(measures: Measures, keys: pd.DataFrame | None, by: str = "outlet") -> dict[str, Any]:
    """Counts of words, speakers, names and themes by group, ready for JSON.

    Parameters
    ----------
    keys
        The corpus's family of tests of words, from `vocabulary.keyness`; None where there is none.

    Returns
    -------
    dict
        groups, sizes, tokens; terms, spellings, uses (by term: group, count, reported, quoted,
        articles, flat); tested (by contrast: [target, reference, {term: q}]); speakers
        ([group, speaker, side, statements, words, quoted words, articles]); hits ([group, kind of
        list, set, entry, narrator, reported, quoted, articles]); pairs ([group, group, cosine in
        hundredths, name, name]).
    """
    groups = usage.presence(measures, by)
    at = pd.Index(groups["group"])
    used = with_voices(usage.by_article(measures, by))
    used = used.assign(articles=1).groupby(["term", "group"])[_AMOUNTS].sum().reset_index()
    used = used[used["term"].isin(_fitting(used))]
    known = pd.Index(used["term"].unique())
    names = called(measures)
    pairs = nearest_pairs(measures, by)
    return {
        "by": by,
        "groups": groups["group"].tolist(),
        "sizes": groups["n_articles"].tolist(),
        "tokens": groups["tokens"].tolist(),
        "terms": known.tolist(),
        "spellings": measures.spelling(known),
        "uses": _uses(used, at, known),
        "tested": _tested(keys, at, known),
        "speakers": _speakers(measures, at, by),
        "hits": _hits(measures, at, by),
        "pairs": [
            [
                *at.get_indexer([r.group_a, r.group_b]).tolist(),
                round(100 * r.cosine),
                names[r.a],
                names[r.b],
            ]
            for r in pairs.itertuples()
        ],
    }


def _fitting(used: pd.DataFrame) -> pd.Index:
    """The terms there is room for, those in most articles first."""
    size = used.groupby("term").agg(k=("articles", "sum"), rows=("group", "size"))
    size = size.sort_values("k", ascending=False, kind="stable")
    return size.index[(size["rows"] * _ROW_BYTES).cumsum() <= ROOM]


def _uses(used: pd.DataFrame, at: pd.Index, known: pd.Index) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in known]
    group, term = at.get_indexer(used["group"]), known.get_indexer(used["term"])
    numbers = used[_AMOUNTS].to_numpy(int)
    for t, g, n in zip(term, group, numbers.tolist(), strict=True):
        rows[t] += [int(g), *n]
    return rows


def _tested(keys: pd.DataFrame | None, at: pd.Index, known: pd.Index) -> list[list[Any]]:
    """By contrast that was tested, the q of its terms that have one."""
    if keys is None or "q" not in keys:
        return []
    found = []
    for (target, reference), own in keys.groupby(["target", "reference"], sort=True):
        own = own[own["p"].notna() & own["term"].isin(known)]
        if len(own) and target in at and reference in at:
            q = own["q"].astype(float).round(3)
            listed = {
                str(t): v for t, v in zip(known.get_indexer(own["term"]), q, strict=True) if v == v
            }
            found.append([int(at.get_loc(target)), int(at.get_loc(reference)), listed, len(own)])
    return found


def _speakers(measures: Measures, at: pd.Index, by: str) -> list[list[Any]]:
    table = speakers_by_group(measures, by)
    table = table[table["group"].isin(at)]
    table = table[table.groupby("group").cumcount() < _SPEAKERS]
    numbers = table[["statements", "words", "marked_words", "articles"]].to_numpy(int).tolist()
    groups = at.get_indexer(table["group"]).tolist()
    return [
        [g, speaker, side, *n]
        for g, speaker, side, n in zip(
            groups, table["speaker"], table["side"], numbers, strict=True
        )
    ]


def _hits(measures: Measures, at: pd.Index, by: str) -> list[list[Any]]:
    table = hits_by_group(measures, by)
    table = table[table["group"].isin(at)]
    numbers = table[["narrator", "reported", "quoted", "articles"]].to_numpy(int).tolist()
    groups = at.get_indexer(table["group"]).tolist()
    named = zip(groups, table["kind"], table["set"], table["entry"], numbers, strict=True)
    return [[g, kind, of_set, entry, *n] for g, kind, of_set, entry, n in named]
