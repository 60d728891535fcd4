"""Pictures of what there is to compare."""

from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator, StrMethodFormatter

from analysis.errors import counted
from analysis.report.plots import bars, style

_DAYS = 70  # up to so many days are counted by the day
_TICKS = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]


def sizes(table: pd.DataFrame) -> Axes:
    """Articles of each group, from `corpus.overview`."""
    return bars.by_group(table, "articles", n="articles", unit="articles")


@style.styled
def over_time(articles: pd.DataFrame) -> Axes:
    """All articles in one row of bars: by day, or by week where the days are many."""
    dates = pd.to_datetime(articles.loc[articles["date"] != "", "date"].str.slice(0, 10))
    undated = len(articles) - len(dates)
    if dates.empty:
        return style.nothing(f"None of the {len(articles):,} articles has a date.")
    span = (dates.max() - dates.min()).days
    days = dates if span <= _DAYS else dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    count = days.value_counts().sort_index()
    ax = style.axes(None, height=1.3)
    width = 0.8 if span <= _DAYS else 6.0
    ax.bar(mdates.date2num(count.index.to_pydatetime()), count, width=width, color=style.BLUE)
    _dated(ax, 7)
    ax.set_ylabel(f"articles a {'day' if span <= _DAYS else 'week'}")
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    ax.grid(axis="y")
    peak = count.index[count.to_numpy().argmax()]
    when = "on" if span <= _DAYS else "in the week from"
    return style.described(
        ax,
        f"Bars: {counted(len(dates), 'article')} over time, {dates.min():%Y-%m-%d} to "
        f"{dates.max():%Y-%m-%d}; most {when} {peak:%Y-%m-%d} ({count.max():,}). "
        f"Undated: {undated:,}.",
    )


def _dated(ax: Axes, most: int) -> None:
    ax.xaxis_date()
    locator = mdates.AutoDateLocator(minticks=2, maxticks=most)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def _dots(table: pd.DataFrame, at: pd.Series, ax: Axes | None) -> tuple[Axes, list[Any]]:
    """One dot per article in the row of its group, named where pointed at; and the groups."""
    groups = list(dict.fromkeys(table.iloc[:, 0]))
    ax = style.axes(ax, rows=len(groups))
    rows = [groups.index(group) for group in table.loc[at.index].iloc[:, 0]]
    marks = ax.scatter(at, rows, s=20, color=style.BLUE, alpha=0.55, linewidths=0)
    style.hovered(marks, table.loc[at.index, "called" if "called" in table else "id"])
    style.frame(ax, range(len(groups)), style.labels([str(group) for group in groups]))
    return ax, groups


@style.styled
def timeline(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One dot per article at its date, a row per group, from `corpus.lengths`.

    Undated articles stand in a column of their own at the right, as a count.
    """
    dated = table[table["date"] != ""]
    if dated.empty:
        return style.nothing(f"None of the {len(table):,} articles has a date.")
    ax, groups = _dots(table, pd.to_datetime(dated["date"]), ax)
    undated = table[table["date"] == ""].iloc[:, 0].value_counts()
    for group, n in undated.items():
        where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "color": style.VERMILLION}
        style.note(ax, f"{n} undated", (1.01, groups.index(group)), (0, 0), **where)
    _dated(ax, 8)
    ax.set_xlabel("date of publication")
    return style.described(
        ax,
        f"Dots: {counted(len(dated), 'dated article')} of "
        f"{counted(dated.iloc[:, 0].nunique(), 'group')} between "
        f"{dated['date'].min()} and {dated['date'].max()}. Undated: {undated.sum()}.",
    )


@style.styled
def article_lengths(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One dot per article at its number of words, the group's median as a line."""
    ax, groups = _dots(table, table["words"], ax)
    medians = table.groupby(table.columns[0])["words"].median()
    for row, group in enumerate(groups):
        ax.plot([medians[group]] * 2, [row - 0.32, row + 0.32], color=style.VERMILLION, linewidth=2)
    if table["words"].min() > 0:
        ax.set_xscale("log")
        low, high = table["words"].min() * 0.8, table["words"].max() * 1.25
        ax.xaxis.set_major_locator(FixedLocator([t for t in _TICKS if low <= t <= high]))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("words per article (logarithmic scale)")
    ends = [f"{medians[k]:,.0f} ({k})" for k in (medians.idxmin(), medians.idxmax())]
    middle = f"medians from {ends[0]} to {ends[1]}" if len(medians) > 1 else f"median {ends[0]}"
    return style.described(
        ax,
        f"Dots: words of {counted(len(table), 'article')}, from {table['words'].min():,} to "
        f"{table['words'].max():,}; {middle}.",
    )
