"""What the page of all articles knows: each with its strip, its words, its neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.ground.vectors import nearest_of_all, vectors
from analysis.compare.telling import called, telling_words
from analysis.measure.measures import Measures
from analysis.report.addresses import web_address
from analysis.report.show import squeezed

MOST = 5_000  # articles that the page holds
_FACTS = ["id", "outlet", "date", "name", "url", "words", "told"]
_NEAREST = 3
_VOICE_OF_KIND = {"indirect": 1}  # of a strip: 1 reported; everything else is quoted, 2


def articles_data(measures: Measures, stories: pd.DataFrame | None = None) -> dict[str, Any]:
    """The articles by outlet, date and id, ready for JSON.

    Parameters
    ----------
    stories
        From `analysis.compare.stories.stories`, of the same measures.

    Returns
    -------
    dict
        outlets, stories (names), total, whole (where there are more than `MOST`: what a CSV file
        says of all, squeezed), and articles: rows of id, outlet, date, name, address,
        words, story, telling words, nearest ([row, cosine in
        hundredths]), strip ([first word, words, voice, speaker]).
    """
    listed = measures.articles.sort_values(["outlet", "date", "id"], ignore_index=True)
    total = len(listed)
    v = vectors(measures)
    titles = called(measures)
    told = telling_words(v).groupby("article")["spelling"].agg(", ".join)
    outlets = sorted(set(listed["outlet"]))
    listed = listed.assign(name=titles.reindex(listed["id"]).to_numpy(object))
    listed["told"] = told.reindex(listed["id"]).fillna("").to_numpy(object)
    whole = ""
    if total > MOST:  # evenly spread, so that all outlets and days are there
        whole = squeezed(listed[_FACTS].astype(object).to_numpy().tolist())
        listed = listed.iloc[np.linspace(0, total - 1, MOST).astype(int)].reset_index(drop=True)
    at = pd.Index(listed["id"])
    near = nearest_of_all(v, _NEAREST)
    near = near[near["a"].isin(at) & near["b"].isin(at)]
    of_story, names = _stories(stories, at)
    near_of = _near_of(near, at)
    strips = _strips(measures, at)
    rows = [
        [
            *(row.id, outlets.index(row.outlet), row.date, row.name),
            *(web_address(row.url), int(row.words), of_story.get(row.id, -1)),
            *(row.told, near_of.get(row.id, []), strips.get(row.id, [])),
        ]
        for row in listed.itertuples()
    ]
    told_of = {"outlets": outlets, "stories": names, "total": total, "articles": rows}
    return told_of | ({"whole": whole} if whole else {})


def _stories(table: pd.DataFrame | None, at: pd.Index) -> tuple[dict[str, int], list[str]]:
    """By article the number of its story, where that has other articles; and the stories' names."""
    if table is None or table.empty:
        return {}, []
    own = table[table["article"].isin(at) & (table["size"] > 1)]
    order = list(dict.fromkeys(own["story"]))
    numbers = {story: i for i, story in enumerate(order)}
    return dict(zip(own["article"], own["story"].map(numbers), strict=True)), [
        f"story {story}" for story in order
    ]


def _near_of(near: pd.DataFrame, at: pd.Index) -> dict[str, list[list[int]]]:
    near = near.assign(b=at.get_indexer(near["b"]), cosine=(100 * near["cosine"]).round())
    return _by_article(near, "a", ["b", "cosine"])


def _strips(measures: Measures, at: pd.Index) -> dict[str, list[list[Any]]]:
    said = measures.statements
    said = said[said["article"].isin(at)].sort_values(["article", "start_word"], kind="stable")
    said = said.assign(voice=said["kind"].map(_VOICE_OF_KIND).astype(float).fillna(2))
    said = said.astype({"speaker": "str", "article": "str"})
    return _by_article(said, "article", ["start_word", "words", "voice", "speaker"])


def _by_article(
    table: pd.DataFrame, article: str, columns: list[str]
) -> dict[str, list[list[Any]]]:
    """The rows of each article, in their order; numbers as whole ones."""
    rows = table[columns].astype({c: int for c in columns if c != "speaker"})
    parts = rows.groupby(table[article].to_numpy(object), sort=False)
    return {str(name): part.to_numpy(object).tolist() for name, part in parts}
