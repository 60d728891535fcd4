"""One page on which a reader asks for any term: its use by outlet, and the evidence.

Nothing is computed here: the tables are those of `analysis.compare.usage`, written so that they
take little room, and drawn in the browser by `templates/explorer.js`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import usage
from analysis.compare.telling import called
from analysis.measure.evidence import at_hand, in_context
from analysis.measure.measures import Measures
from analysis.report.addresses import web_address

ROOM = 4_200_000
_FOR_TEXT = 0.7  # of that, besides
_ROW_BYTES = {"uses": 34, "places": 13}
_LINE_BYTES = 16
_ATTEMPTS = [(40, 1), (20, 1), (10, 1), (5, 1), (5, 2), (5, 3), (5, 5), (5, 10), (3, 20), (0, 1)]
_ABSENT = -1
_NUMBERS = ["group", "count", "reported", "quoted", "articles", "rate", "dp", "low", "high"]


def explorer_data(
    measures: Measures,
    by: str = "outlet",
    *,
    articles: pd.DataFrame | None = None,
    room: int = ROOM,
) -> dict[str, Any]:
    """What the page knows, ready for JSON.

    Parameters
    ----------
    by
        What terms are compared by.
    articles
        Articles with their text, where that is at hand: gives sentences and collocates.
    room
        Bytes that uses and places may take, about; sentences may take two thirds as many. Where
        all terms need more, those in fewest articles are left out; where their sentences do, fewer
        of each are shown. The page says so.
    """
    places = with_voices(usage.by_article(measures, by))
    least = _fewest_articles(places, room)
    used = with_voices(usage.uses(measures, by, least=least))
    groups = usage.presence(measures, by)
    known = pd.Index(used["term"].unique())
    places = places[places["term"].isin(known)]
    listed = measures.articles[measures.articles["id"].isin(places["article"])]
    listed = listed.sort_values("id", ignore_index=True)
    data: dict[str, Any] = {
        "by": by,
        "groups": groups["group"].tolist(),
        "sizes": groups["n_articles"].tolist(),
        "tokens": groups["tokens"].tolist(),
        "articles": _articles(measures, listed, pd.Index(groups["group"]), by),
        "terms": known.tolist(),
        "spellings": _spellings(measures, known),
        "uses": _uses(used, pd.Index(groups["group"]), known),
        "places": flat(
            places.assign(article=pd.Index(listed["id"]).get_indexer(places["article"])),
            ["article", "count", "reported", "quoted"],
            known,
        ),
        "notes": used.attrs["notes"],
        "limit": f"Listed are words in {least} articles or more." if least > 1 else "",
        "texts": 0,
    }
    return (
        data
        if articles is None
        else data | _in_context(measures, articles, listed, known, int(_FOR_TEXT * room))
    )


def _fewest_articles(places: pd.DataFrame, room: int) -> int:
    """The least number of articles a term must be in for the page to stay within its room."""
    by_term = places.groupby("term").agg(k=("article", "size"), groups=("group", "nunique"))
    bytes_of = by_term["k"] * _ROW_BYTES["places"] + by_term["groups"] * _ROW_BYTES["uses"]
    by_k = bytes_of.groupby(by_term["k"]).sum().sort_index(ascending=False).cumsum()
    fitting = by_k.index[by_k <= room]
    return int(fitting.min()) if len(fitting) else int(by_term["k"].max())


def with_voices(table: pd.DataFrame) -> pd.DataFrame:
    """A table of uses with what is neither the narrator's nor quoted: reported."""
    return table.assign(reported=table["count"] - table["narrator"] - table["quoted"])


def _articles(
    measures: Measures, listed: pd.DataFrame, groups: pd.Index, by: str
) -> list[list[Any]]:
    group = groups.get_indexer(measures.labels(by).reindex(listed["id"]))
    outlets = listed["outlet"] if by != "outlet" else [""] * len(listed)
    titles = called(measures).reindex(listed["id"])
    return [
        [int(g), date, title, web_address(url), outlet, int(words)]
        for g, date, title, url, outlet, words in zip(
            group, listed["date"], titles, listed["url"], outlets, listed["words"], strict=True
        )
    ]


def _spellings(measures: Measures, known: pd.Index) -> dict[str, str]:
    written = measures.spelling(known)
    return {str(i): s for i, (t, s) in enumerate(zip(known, written, strict=True)) if s != t}


def _uses(used: pd.DataFrame, groups: pd.Index, known: pd.Index) -> list[list[int]]:
    """By term, nine numbers a group; rates and intervals per million words, DP in thousandths."""
    table = used.assign(
        group=groups.get_indexer(used["group"]),
        rate=(1000 * used["per_1000"]).round(),
        dp=(1000 * used["dp"]).where(used["n_articles"] > 1).round(),
        low=(1000 * used["low"]).round(),
        high=(1000 * used["high"]).round(),
    ).fillna(_ABSENT)
    return flat(table, _NUMBERS, known)


def flat(table: pd.DataFrame, columns: list[str], known: pd.Index) -> list[list[int]]:
    """By term, in the order of `known`, its rows one after the other."""
    at = known.get_indexer(table["term"])
    order = np.argsort(at, kind="stable")
    values = table[columns].to_numpy(np.int64)[order]
    ends = np.searchsorted(at[order], np.arange(1, len(known)))
    return [part.ravel().tolist() for part in np.split(values, ends)]


def _in_context(
    measures: Measures, articles: pd.DataFrame, listed: pd.DataFrame, known: pd.Index, room: int
) -> dict[str, Any]:
    """Sentences, where in them each term stands, and what stands beside it."""
    texts = at_hand(measures, articles)
    texts = texts[texts["id"].isin(listed["id"])]
    lines, found = in_context(texts, known[known.str.contains(" ")])
    near = usage.collocates(found)
    near = near[near["term"].isin(known) & near["collocate"].isin(known)]
    near = near.assign(collocate=known.get_indexer(near["collocate"]))
    found["term"] = known.get_indexer(found["term"])
    found = found[found["term"] >= 0]
    found["article"] = pd.Index(listed["id"]).get_indexer(lines["article"])[found["sentence"]]
    lengths = lines["text"].str.len().to_numpy()
    found, shown, least = _fitting(found, lengths, room)
    kept = np.unique(found["sentence"])
    quoted_lines = lines["text"].to_numpy(object)[kept]
    found["sentence"] = np.searchsorted(kept, found["sentence"])
    for column in ("start", "end"):
        found[column] = _in_utf16(quoted_lines[found["sentence"]], found[column])
    article = pd.Index(listed["id"]).get_indexer(lines["article"].iloc[kept])
    places = found.assign(quoted=found["quoted"].astype(int), term=known[found["term"]])
    return {
        "texts": len(texts),
        "lines_shown": shown,
        "lines_from": least,
        "sentences": [[int(a), text] for a, text in zip(article, quoted_lines, strict=True)],
        "lines": flat(places, ["sentence", "start", "end", "quoted"], known),
        "near": flat(near, ["collocate", "together", "sentences"], known),
    }


def _fitting(found: pd.DataFrame, lengths: np.ndarray, room: int) -> tuple[pd.DataFrame, int, int]:
    """As many occurrences as there is room for, one of each article before a second of any.

    Fewer lines a term are tried first, then only terms that more articles hold. With them: lines
    a term at most, and articles a term must be in.
    """
    found = found.assign(turn=found.groupby(["term", "article"]).cumcount())
    found = found.sort_values(["term", "turn"], kind="stable")
    line = found.groupby("term").cumcount().to_numpy()
    held = found.groupby("term")["article"].transform("nunique").to_numpy()
    for shown, least in _ATTEMPTS:
        kept = found[(line < shown) & (held >= least)]
        size = lengths[np.unique(kept["sentence"])].sum() + _LINE_BYTES * len(kept)
        if size <= room:
            break
    return kept, shown, least


def _in_utf16(texts: Iterable[str], positions: Iterable[int]) -> list[int]:
    """Code points → the positions that a browser counts in."""
    return [
        at if text.isascii() else len(text[:at].encode("utf-16-le")) // 2
        for text, at in zip(texts, positions, strict=True)
    ]
