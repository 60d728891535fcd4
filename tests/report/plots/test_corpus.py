"""Pictures of what there is: articles over time, by group, and how long they are."""

import pandas as pd

from analysis.report.plots import corpus
from analysis.report.plots.style import figure

TABLE = pd.DataFrame(
    {
        "outlet": ["Post", "Post", "Skerry", "Skerry"],
        "id": ["a", "b", "c", "d"],
        "date": ["2031-05-01", "2031-05-03T10:00", "2031-05-03", ""],
        "words": [100, 300, 50, 90],
    }
)


def test_days_are_counted_and_the_undated_are_said():
    ax = corpus.over_time(TABLE)
    assert [p.get_height() for p in ax.patches] == [1, 2]
    assert ax.get_ylabel() == "articles a day"
    said = figure(ax, "When").alt
    assert "3 articles over time, 2031-05-01 to 2031-05-03" in said
    assert "most on 2031-05-03 (2). Undated: 1." in said


def test_a_long_time_is_counted_by_the_week():
    ax = corpus.over_time(TABLE.assign(date=["2031-01-01", "2031-05-02", "2031-05-03", ""]))
    assert ax.get_ylabel() == "articles a week"
    assert [p.get_height() for p in ax.patches] == [1, 2]


def test_undated_articles_stand_at_the_right_as_a_count():
    ax = corpus.timeline(TABLE.assign(date=TABLE["date"].str[:10]))
    assert [t.get_text() for t in ax.texts] == ["1 undated"]
    assert "3 dated articles of 2 groups" in figure(ax, "When").alt


def test_the_median_of_each_group_is_a_line():
    ax = corpus.article_lengths(TABLE)
    assert [line.get_xdata()[0] for line in ax.lines] == [200, 70]
    assert "medians from 70 (Skerry) to 200 (Post)" in figure(ax, "How long").alt


def test_no_dates_are_said_and_not_drawn():
    undated = TABLE.assign(date="")
    for picture in (corpus.over_time, corpus.timeline):
        assert "None of the 4 articles has a date." in str(figure(picture(undated), "When").alt)
