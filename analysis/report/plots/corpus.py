"""Pictures of what there is to compare."""

from __future__ import annotations

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.report.plots.bars import nothing
from analysis.report.plots.style import (
    BLUE,
    MUTED,
    VERMILLION,
    axes,
    described,
    short,
    styled,
)

_DAYS = 70  # up to so many days are counted by the day


@styled
def over_time(articles: pd.DataFrame) -> Axes:
    """All articles in one row of bars: by day, or by week where the days are many."""
    dates = pd.to_datetime(articles.loc[articles["date"] != "", "date"].str.slice(0, 10))
    undated = len(articles) - len(dates)
    if dates.empty:
        return nothing(f"None of the {len(articles):,} articles has a date.")
    span = (dates.max() - dates.min()).days
    days = dates if span <= _DAYS else dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    count = days.value_counts().sort_index()
    ax = axes(None, height=1.3)
    width = 0.8 if span <= _DAYS else 6.0
    ax.bar(mdates.date2num(count.index.to_pydatetime()), count, width=width, color=BLUE)
    ax.xaxis_date()
    locator = mdates.AutoDateLocator(minticks=2, maxticks=7)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    ax.set_ylabel(f"articles a {'day' if span <= _DAYS else 'week'}")
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    ax.grid(axis="y")
    peak = count.index[count.to_numpy().argmax()]
    return described(
        ax,
        f"Bars: {len(dates):,} articles over time, {dates.min():%Y-%m-%d} to "
        f"{dates.max():%Y-%m-%d}; most from {peak:%Y-%m-%d} on ({count.max():,}). "
        f"{undated:,} have no date.",
    )


@styled
def timeline(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One dot per article at its date, a row per group, from `corpus.lengths`.

    Undated articles stand in a column of their own at the right, as a count.
    """
    groups = list(dict.fromkeys(table.iloc[:, 0]))
    dated = table[table["date"] != ""]
    if dated.empty:
        return nothing(f"None of the {len(table):,} articles has a date.")
    ax = axes(ax, rows=len(groups))
    dates = pd.to_datetime(dated["date"])
    rows = [groups.index(g) for g in dated.iloc[:, 0]]
    ax.scatter(dates, rows, s=22, color=BLUE, alpha=0.65, linewidths=0)
    for row, group in enumerate(groups):
        n = int((table.iloc[:, 0].eq(group) & table["date"].eq("")).sum())
        if n:
            ax.annotate(
                f"{n} undated",
                (1.01, row),
                xycoords=("axes fraction", "data"),
                va="center",
                color=VERMILLION,
            )
    ax.set_yticks(range(len(groups)), [short(g) for g in groups])
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.grid(axis="x")
    locator = mdates.AutoDateLocator(maxticks=8)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    ax.set_xlabel("date of publication")
    span = f" between {dated['date'].min()} and {dated['date'].max()}" if len(dated) else ""
    return described(
        ax,
        f"Dots: {len(dated)} dated articles of {dated.iloc[:, 0].nunique()} groups{span}. "
        f"{len(table) - len(dated)} articles are undated.",
    )


@styled
def article_lengths(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One dot per article at its number of words, the group's median as a line."""
    groups = list(dict.fromkeys(table.iloc[:, 0]))
    ax = axes(ax, rows=len(groups))
    medians = table.groupby(table.columns[0])["words"].median()
    for row, group in enumerate(groups):
        words = table.loc[table.iloc[:, 0] == group, "words"]
        ax.scatter(words, np.full(len(words), row), s=18, color=BLUE, alpha=0.5, linewidths=0)
        ax.plot([medians[group]] * 2, [row - 0.32, row + 0.32], color=VERMILLION, linewidth=2)
    if table["words"].min() > 0:
        ax.set_xscale("log")
        ticks = [t for t in (50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)]
        low, high = table["words"].min() * 0.8, table["words"].max() * 1.25
        shown = [t for t in ticks if low <= t <= high]
        ax.set_xticks(shown, [f"{t:,}" for t in shown])
        ax.minorticks_off()
    ax.set_yticks(range(len(groups)), [short(g) for g in groups])
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.grid(axis="x", color=MUTED, alpha=0.25)
    ax.set_xlabel("words per article (logarithmic scale)")
    return described(
        ax,
        f"Dots: words of {len(table)} articles, from {table['words'].min():,} to "
        f"{table['words'].max():,}; medians from {medians.min():,.0f} ({medians.idxmin()}) to "
        f"{medians.max():,.0f} ({medians.idxmax()}).",
    )
