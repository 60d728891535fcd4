"""A picture of how good the indicators are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.report.plots import style
from analysis.report.plots.bars import nothing


@style.styled
def quality(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """AUC of each indicator with its interval, from `framing.quality`; ½ is chance."""
    if table.empty:
        return nothing("There are no figures of quality for these word lists.")
    ax = style.axes(ax, rows=len(table) + 1)
    y = np.arange(len(table))
    ax.axvline(0.5, color=style.INK, linewidth=1)
    style.note(ax, "chance", (0.5, -0.75), color=style.INK)
    ax.hlines(y, table["auc_low"], table["auc_high"], color=style.BLUE, linewidth=2)
    at_chance = (table["verdict"] == "at chance").to_numpy()
    for hollow in (False, True):
        own = at_chance == hollow
        face = style.PAPER if hollow else style.BLUE
        look: dict[str, Any] = {"s": 44, "facecolor": face, "edgecolor": style.BLUE, "zorder": 3}
        style.hovered(ax.scatter(table["auc"][own], y[own], **look), table["indicator"][own])
    for row, one in zip(y, table.itertuples(), strict=True):
        verdict = f", {one.verdict}" * (one.verdict != "better than chance")
        style.note(
            ax, f"{one.auc:.2f}{verdict}", (max(one.auc_high, 0.5), row), (6, 0), color=style.INK
        )
    style.frame(ax, y, [f"{r.indicator} ({r.coded} of {r.articles})" for r in table.itertuples()])
    ax.set(ylim=(len(table) - 0.5, -1.1), xlim=(min(0.4, table["auc_low"].min() - 0.03), 1.02))
    ax.set_xlabel("AUC: how often the coded one of two articles has the higher rate")
    best, worst = table.iloc[0], table.iloc[-1]
    return style.described(
        ax,
        f"Dots with 95 % intervals: AUC of {len(table)} indicators on {best['articles']} articles "
        f"coded by hand, from {best['indicator']} ({best['auc']:.2f}) to {worst['indicator']} "
        f"({worst['auc']:.2f}); chance is 0.50. At chance: {int(at_chance.sum())}.",
    )
