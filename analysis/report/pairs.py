"""What the page knows on which a reader compares any two groups: counts, and what was tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import usage
from analysis.compare.kinds import FUNCTION, STYLE, kinds_of
from analysis.compare.telling import called, nearest_pairs
from analysis.measure.schema import VOICES
from analysis.report.explorer import flat, with_voices
from analysis.report.study import Study

MOST_USES, MOST_HEARD = 150_000, 20_000  # rows of words and of speakers, of all groups
_AMOUNTS = ["count", "reported", "quoted", "articles"]


def pairs_data(study: Study) -> dict[str, Any]:
    """Counts of words, speakers, names and themes by group, and what was tested; ready for JSON.

    Returns
    -------
    dict
        groups, sizes, tokens; terms, spellings, aside (numbers of the terms that are function
        words or house style), uses (by term: group, count, reported, quoted,
        articles, flat); tested (by contrast: [target, reference, {term: q}]); speakers
        ([group, speaker, side, statements, words, quoted words, articles]); hits ([group, kind of
        list, set, entry, narrator, reported, quoted, articles]); pairs ([group, group, cosine in
        hundredths, name, name]).
    """
    measures, by = study.measures, study.by
    groups = usage.presence(measures, by)
    at = pd.Index(groups["group"])
    used = with_voices(usage.by_article(measures, by))
    used = used.assign(articles=1).groupby(["term", "group"])[_AMOUNTS].sum().reset_index()
    used = used[used["term"].isin(_fitting(used, "term", "articles", MOST_USES))]
    known = pd.Index(used["term"].unique())
    names = called(measures)
    pairs = nearest_pairs(measures, by)
    pairs = pairs.assign(cosine=(100 * pairs["cosine"]).round().astype(int))
    pairs["b"], pairs["a"] = names.reindex(pairs["b"]).array, names.reindex(pairs["a"]).array
    pairs["group_b"] = at.get_indexer(pairs["group_b"])
    kinds = kinds_of(measures, known)
    hits = study.hits
    lists = measures.package.get("measured", {}).get("lexicons", {}).values()
    spelled = {n for one in lists for n, of in one["sets"].items() if of.get("house_style")}
    hits = hits[~hits["set"].isin(spelled)]
    speakers = study.speakers
    # Whoever is listed is listed of every group: who is absent from one is not heard in it.
    listed = speakers["speaker"].isin(_fitting(speakers, "speaker", "words", MOST_HEARD))
    group = next(iter(study.sides), by)
    numbers = ["statements", "words", "marked_words", "articles"]
    return {
        "by": by,
        "groups": groups["group"].tolist(),
        "sizes": groups["n_articles"].tolist(),
        "tokens": groups["tokens"].tolist(),
        "terms": known.tolist(),
        "aside": np.flatnonzero(np.isin(kinds, (FUNCTION, STYLE))).tolist(),
        "spellings": measures.spelling(known),
        "uses": flat(used.assign(group=at.get_indexer(used["group"])), ["group", *_AMOUNTS], known),
        "tested": _tested(study.words, at, known),
        "speakers": _rows(speakers[listed], at, ["group", "speaker", "side", *numbers]),
        "all_heard": bool(listed.all()),
        "shares": _rows(study.sides, at, [group, study.heard_as, "words_share"]),
        "hits": _rows(hits, at, ["group", "kind", "set", "entry", *VOICES, "articles"]),
        "pairs": _rows(pairs, at, ["group_a", "group_b", "cosine", "a", "b"]),
    }


def _rows(table: pd.DataFrame, at: pd.Index, columns: list[str]) -> list[list[Any]]:
    """These columns, the groups of the first one by number; no group that is not compared."""
    if table.empty:
        return []
    group = at.get_indexer(table[columns[0]])
    rows: list[list[Any]] = (
        table.assign(**{columns[0]: group})[group >= 0][columns].to_numpy(object).tolist()
    )
    return rows


def _fitting(table: pd.DataFrame, name: str, weight: str, room: int) -> pd.Index:
    """The names there is room for, those of most weight first."""
    size = table.groupby(name)[weight].agg(["sum", "size"])
    size = size.sort_values("sum", ascending=False, kind="stable")
    return size.index[size["size"].cumsum() <= room]


def _tested(keys: pd.DataFrame | None, at: pd.Index, known: pd.Index) -> list[list[Any]]:
    """By contrast that was tested, the q of its terms that have one."""
    if keys is None:
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
