"""The schema of the Articles table, and the check that a table is one."""

import re

import pandas as pd

from analysis.data import mistake
from analysis.errors import unknown
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
        for bad in (v for v in articles[name] if not isinstance(v, str)):
            raise mistake("table-text", column=name, value=shown(bad))
    for twice in articles["id"][articles["id"].duplicated()]:
        raise mistake("table-id", name=shown(twice))
    for name, date, text in zip(articles["id"], articles["date"], articles["text"], strict=True):
        if not name or not text:
            raise mistake("table-empty", name=name, what="text" if name else "id")
        if date and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise mistake("table-date", name=name, date=date)
    return articles
