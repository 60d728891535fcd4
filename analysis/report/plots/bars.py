"""Bars by group: plain from zero, or parted by voice; groups of few articles apart and pale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from analysis.report.plots.style import (
    BLUE,
    INK,
    MUTED,
    NARRATOR,
    PAPER,
    QUOTED,
    REPORTED,
    RULE,
    axes,
    described,
    labels,
    narrow,
    panels,
    short,
    styled,
)

FEW = 4
_PALE = 0.4
VOICES = {
    "narrator": ("own", NARRATOR, ""),
    "reported": ("reported", REPORTED, "\\\\\\"),
    "quoted": ("quoted", QUOTED, "///"),
}


def nothing(text: str) -> Axes:
    """A picture that says why there is none."""
    ax = axes(None, height=0.6)
    ax.text(0, 0.5, text, color=MUTED, va="center", wrap=True)
    ax.axis("off")
    return described(ax, text)


def rows_of(table: pd.DataFrame, value: str, n: str | None) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows, firm ones first by falling value, and where each stands: a gap before the few."""
    few = table[n].to_numpy() < FEW if n else np.zeros(len(table), bool)
    order = np.lexsort((table.iloc[:, 0].astype(str), -table[value].to_numpy(float), few))
    few = few[order]
    gap = 0.9 if few.any() and not few.all() else 0.0
    return table.iloc[order].assign(few=few), np.arange(len(table)) + gap * few


@styled
def by_group(
    table: pd.DataFrame,
    value: str,
    *,
    n: str | None = None,
    k: str | None = None,
    low: str | None = None,
    high: str | None = None,
    unit: str = "",
    percent: bool = False,
    empty: str = "There is nothing to draw here.",
    ax: Axes | None = None,
) -> Axes:
    """One bar a row, from zero; the first column of the table names them.

    Parameters
    ----------
    value, low, high
        Columns of the bar's length and the ends of its interval.
    n, k
        Columns of articles, and of those that hold it; written at the end as "k of n".
    """
    shown = table[table[value].notna()]
    if shown.empty:
        return nothing(empty)
    rows, y = rows_of(shown, value, n)
    ax = axes(ax, rows=len(rows) + 1 + int(rows["few"].any()))
    _rows(ax, rows, y, 34)
    alpha = np.where(rows["few"], _PALE, 1.0)
    for at, length, pale in zip(y, rows[value], alpha, strict=True):
        ax.barh(at, length, height=0.68, color=BLUE, alpha=pale)
    ends = rows[value].to_numpy(float)
    if low and high and rows[low].notna().any():
        ax.hlines(y, rows[low], rows[high], color=INK, linewidth=1.3)
        ends = np.fmax(ends, rows[high].to_numpy(float))
    _at_ends(ax, rows, y, ends, n, k)
    ax.margins(x=0.14)
    ax.set_xlim(left=0)
    if percent:
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(unit)
    return described(ax, _in_words(rows, value, unit, percent))


def _rows(ax: Axes, rows: pd.DataFrame, y: np.ndarray, width: int) -> None:
    names = labels(rows.iloc[:, 0].astype(str).tolist(), width - 8 * narrow())
    ax.set_yticks(y, names)
    ax.set_ylim(max(y) + 0.6, -0.6)
    ax.grid(axis="x", color=RULE)
    ax.spines["left"].set_visible(False)
    few = rows["few"].to_numpy()
    if few.any() and not few.all():
        place = (0, y[few.argmax()] - 0.85)
        where: dict[str, Any] = {
            "xycoords": ("axes fraction", "data"),
            "va": "center",
            "fontsize": 8,
        }
        ax.annotate(f"fewer than {FEW} articles", place, color=MUTED, **where)


def _at_ends(
    ax: Axes, rows: pd.DataFrame, y: np.ndarray, ends: np.ndarray, n: str | None, k: str | None
) -> None:
    if not n:
        return
    for at, end, row in zip(y, ends, rows.to_dict("records"), strict=True):
        text = f"{row[k]:.0f} of {row[n]:.0f}" if k else f"{row[n]:.0f}"
        where: dict[str, Any] = {
            "textcoords": "offset points",
            "va": "center",
            "fontsize": 7.5,
            "color": MUTED,
        }
        ax.annotate(text, (end, at), (4, 0), **where)


def _in_words(rows: pd.DataFrame, value: str, unit: str, percent: bool) -> str:
    firm = rows[~rows["few"]]
    named = firm if len(firm) else rows
    first, last = named.iloc[0], named.iloc[-1]
    most, least = (
        f"{100 * v:.0f} %" if percent else f"{v:,.3g}" for v in (first[value], last[value])
    )
    apart = f" {int(rows['few'].sum())} of fewer than {FEW} articles stand apart." * bool(
        rows["few"].any()
    )
    return (
        f"Bars{', ' * bool(unit)}{unit}, of {len(rows)} rows: most {first.iloc[0]} ({most}), least "
        f"{last.iloc[0]} ({least}).{apart}"
    )


@styled
def by_voice(
    table: pd.DataFrame,
    *,
    values: Sequence[str] = ("narrator", "reported", "quoted"),
    n: str | None = None,
    k: str | None = None,
    unit: str = "uses",
    empty: str = "There is nothing to draw here.",
    ax: Axes | None = None,
) -> Axes:
    """One bar a row, parted by voice: said by the outlet itself, reported, quoted.

    Parameters
    ----------
    values
        Columns of the three voices, in the order of the picture.
    """
    total = table[list(values)].sum(axis=1) if len(table) else pd.Series(dtype=float)
    shown = table.assign(total=total)[lambda t: t["total"] > 0] if len(table) else table
    if shown.empty:
        return nothing(empty)
    rows, y = rows_of(shown, "total", n)
    ax = axes(ax, rows=len(rows) + 2 + int(rows["few"].any()))
    _rows(ax, rows, y, 34)
    start = np.zeros(len(rows))
    for column, (_, colour, hatch) in zip(values, VOICES.values(), strict=True):
        for at, left, length, few in zip(y, start, rows[column], rows["few"], strict=True):
            look: dict[str, Any] = (
                {"color": colour} if not hatch else {"facecolor": PAPER, "edgecolor": colour}
            )
            alpha = _PALE if few else 1.0
            ax.barh(at, length, left=left, height=0.68, hatch=hatch, alpha=alpha, lw=0.8, **look)
        start = start + rows[column].to_numpy(float)
    _at_ends(ax, rows, y, start, n, k)
    ax.margins(x=0.14)
    ax.set_xlim(left=0)
    ax.set_xlabel(unit)
    key(ax, [c for c in zip(values, VOICES.values(), strict=True) if rows[c[0]].sum()])
    return described(ax, _voices_in_words(rows, values, unit))


def key(ax: Axes, shown: list[tuple[str, tuple[str, str, str]]]) -> None:
    """Which look is which voice, above the picture."""
    figure = ax.get_figure(root=True)
    patches = [
        Patch(facecolor=PAPER if hatch else colour, edgecolor=colour, hatch=hatch, label=label)
        for _, (label, colour, hatch) in shown
    ]
    if figure is not None and patches:
        figure.legend(
            handles=patches, loc="outside upper left", ncols=3, fontsize=8, handlelength=1.4
        )


def _voices_in_words(rows: pd.DataFrame, values: Sequence[str], unit: str) -> str:
    first = rows.iloc[0]
    parts = ", ".join(
        f"{first[c]:,.3g} {label}" for c, (label, _, _) in zip(values, VOICES.values(), strict=True)
    )
    return f"Bars parted by voice, {unit}, of {len(rows)} rows; longest {first.iloc[0]} ({parts})."


@styled
def panels_of(
    table: pd.DataFrame, part: str, value: str, *, n: str, most: int = 4, empty: str = ""
) -> Axes:
    """The same groups once for each of a few parts (sides), shares as bars from zero.

    Parameters
    ----------
    part
        Column whose commonest values become panels.
    """
    shown = table[table[value].notna()] if value in table else table.head(0)
    if shown.empty:
        return nothing(empty)
    group = shown.columns[0]
    parts = shown.groupby(part)[value].sum().sort_values(ascending=False, kind="stable")
    names = parts.index[:most].tolist()
    order = shown.drop_duplicates(group).sort_values([n, group], ascending=[False, True])
    order, y = rows_of(order.assign(size=order[n].astype(float)), "size", n)
    drawn = panels(len(names), rows=len(order) + 2, sharey=True)
    at = dict(zip(order[group], y, strict=True))
    edge = 1.12 * float(shown[value].max())
    for ax, name in zip(drawn, names, strict=True):
        own = shown[shown[part] == name]
        for row in own.to_dict("records"):
            alpha = _PALE if row[n] < FEW else 1.0
            ax.barh(at[row[group]], row[value], height=0.68, color=BLUE, alpha=alpha)
        ax.set(xlim=(0, edge), ylim=(max(y) + 0.6, -0.6))
        ax.set_title(short(name, 18), fontsize=9)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.grid(axis="x", color=RULE)
        called = labels(order[group].astype(str).tolist(), 20)
        ax.set_yticks(y, [f"{g} ({c})" for g, c in zip(called, order[n], strict=True)])
        ax.spines["left"].set_visible(False)
    firm = shown[shown[n] >= FEW]
    best = (firm if len(firm) else shown).sort_values([value, group], ascending=[False, True])
    top = best.iloc[0]
    return described(
        drawn[0],
        f"Bars from zero in {len(names)} panels ({', '.join(names)}), {len(order)} groups; "
        f"longest: {top[part]} in {top[group]} ({100 * top[value]:.0f} %, {top[n]} articles).",
    )
