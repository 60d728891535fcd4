"""A draft of a corpus's description, with what was found in it, to be corrected by hand."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from analysis.compare.ground.notes import note, some
from analysis.compare.stories import stories
from analysis.errors import counted
from analysis.measure.measures import Measures

_NAMED = 12  # terms, outlets and stories that are listed


def describe(measures: Measures) -> str:
    """A commented draft of `corpus.toml` (`analysis.description`) for these articles.

    Returns
    -------
    str
        TOML that can be read as it is: every line but the title is a comment, and each says what
        was found: outlets, period, languages, the largest stories, the terms written with a
        capital letter that most articles have (from which to choose the topic).
    """
    articles = measures.articles
    days = articles.loc[articles["date"] != "", "date"].str[:10]
    period = f"{days.min()} to {days.max()}" if len(days) else "no dates"
    names = _capitalised(measures)
    half = names[names["articles"] >= len(articles) / 2]["spelling"].head(3).tolist()
    return note(
        "draft.text",
        articles=len(articles),
        n_outlets=articles["outlet"].nunique(),
        period=period,
        languages=_counted(articles["language"].replace("", "not told")),
        title=_quoted(measures.package.get("title", "A corpus of news articles")),
        names=_listed(names),
        topic=", ".join(map(_quoted, half)),
        stories="\n".join(_stories(measures)),
        outlets=_counted(articles["outlet"]),
        commonest=_quoted(str(articles["outlet"].mode()[0])),
    )


def _capitalised(measures: Measures) -> pd.DataFrame:
    """Terms that are mostly written with a capital letter, those of most articles first."""
    written = measures.spellings[measures.spellings["spelling"].str[:1].str.isupper()]
    counts = measures.counts()
    articles = np.bincount(counts.matrix.indices, minlength=len(counts.terms))
    table = pd.DataFrame({"term": counts.terms.astype("str"), "articles": articles})
    table = written.astype("str").merge(table, on="term")
    table = table[table["spelling"].str.len() > 1]
    return table.sort_values(["articles", "term"], ascending=[False, True], ignore_index=True)


def _listed(names: pd.DataFrame) -> str:
    rows = names.head(_NAMED).itertuples()
    return ", ".join(_plain(f"{row.spelling} {row.articles}") for row in rows) or "none"


def _counted(values: pd.Series) -> str:
    counts = values.value_counts()
    order = sorted(counts.index, key=lambda value: (-counts[value], value))
    return some((_plain(f"{value} {counts[value]}") for value in order), _NAMED)


def _stories(measures: Measures) -> list[str]:
    table = stories(measures)
    several = table[table["outlets"] > 1].drop_duplicates("story").head(3)
    told = [
        f"# {counted(row.size_, 'article')} of {row.outlets} outlets"
        for row in several.rename(columns={"size": "size_"}).itertuples()
    ]
    return told or ["# none of several outlets"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """A text that stays in its comment: without line ends and control characters."""
    return "".join(c if c.isprintable() else " " for c in text)
