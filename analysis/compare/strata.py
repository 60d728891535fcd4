"""What a test may hold still: articles change places within one stratum alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.compare.stories import stories
from analysis.measure.measures import Measures

STORY, WEEK, LENGTH = "story", "week", "length"
_PARTS = 3


def strata_of(measures: Measures, name: str) -> pd.Series | None:
    """The stratum of each article, by id.

    Parameters
    ----------
    name
        ``story`` (`analysis.compare.stories`: a story alone is no stratum of any other, so
        articles without one are left out of tests); ``week`` (ISO 8601, of the date; articles
        without a date are one stratum); ``length`` (three parts of equally many articles, by
        their words); or a column of articles or outlets. Empty: nothing is held still.

    Raises
    ------
    AnalysisError
        Where there is no such column.
    """
    if not name:
        return None
    if name in measures.articles.columns:
        return measures.labels(name)
    if name == STORY:
        return stories(measures).set_index("article")["story"].astype("str")
    if name == LENGTH:
        words = measures.articles.set_index("id")["words"].sort_index()
        rank = words.rank(method="first")
        return np.ceil(rank * _PARTS / len(rank)).astype("int64").astype("str")
    if name != WEEK:
        return measures.labels(name)
    dates = measures.labels("date").str.slice(0, 10)
    days = pd.to_datetime(dates.where(dates != ""), format="%Y-%m-%d")
    return days.dt.strftime("%G-W%V").fillna("")
