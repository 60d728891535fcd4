"""The schema of the Articles table, and the check that a table is one."""

import re

import pandas as pd

from analysis.errors import AnalysisError, unknown
from analysis.gather.problems import shown

NEEDED = ("id", "outlet", "date", "title", "url", "agency", "collection", "text")
# The columns of a gathered table, in order; then tags by name, then text.
FIRST = (
    *("id", "outlet", "date", "title", "url", "agency", "section", "genre"),
    *("collection", "language"),
)


def check_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """Hold a table against the Articles schema and hand it back.

    Raises
    ------
    AnalysisError
        A column is missing or not all str, an id is empty or stands twice, a date is not
        ``YYYY-MM-DD``, a text is empty.
    """
    for name in NEEDED:
        if name not in articles.columns:
            raise unknown("column of an Articles table", name, articles.columns)
    for name in articles.columns:
        bad = [v for v in articles[name] if not isinstance(v, str)]
        if bad:
            raise AnalysisError(
                f"Column '{name}' holds {shown(bad[0])}.", "Every value is a str, '' if unknown."
            )
    twice = articles["id"][articles["id"].duplicated()]
    if len(twice):
        raise AnalysisError(
            f"Id {shown(twice.iloc[0])} stands twice.", "Give each article its own."
        )
    for name, date, text in zip(articles["id"], articles["date"], articles["text"], strict=True):
        if not name or not text:
            raise AnalysisError(
                f"Article {name!r} has an empty {'text' if name else 'id'}.", "Leave it out."
            )
        if date and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise AnalysisError(f"Article {name!r} has the date {date!r}.", "Write YYYY-MM-DD.")
    return articles
