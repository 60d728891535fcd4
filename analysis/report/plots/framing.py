"""Pictures of indicators, of competing names, and of how good the indicators are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import blended_transform_factory

from analysis.report.plots.style import (
    BLUE,
    INK,
    MUTED,
    NARRATOR,
    PALETTE,
    PAPER,
    QUOTED,
    RULE,
    axes,
    described,
    ink_on,
    short,
    styled,
)

_MOST_GROUPS = 20
_OTHERS = "#b6bdc6"
_HATCHES = ("", "", "", "////", "....", "xxxx", "----")
_HEADING = 0.8  # rows that the name of a set takes
_EMPTY = "#f6f8fa"
_VOICES = {
    "own": ("above: said by the outlet itself", NARRATOR),
    "others": ("below: said by others, reported or quoted", QUOTED),
}
_SHADES = {
    half: LinearSegmentedColormap.from_list(half, ["#ffffff", colour])
    for half, (_, colour) in _VOICES.items()
}


@styled
def heat_map(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Indicators × groups, from `framing.by_voice`: hits written in, rates as shades.

    Each square is parted: above what the group says itself, below what it lets others say
    (reported or quoted). The groups with most articles stand at the left, the indicators with
    most hits on top of their set. Of more than 20 groups those with most articles are shown.
    """
    by = table.columns[0]
    sizes = table.drop_duplicates(by).sort_values(
        ["articles_all", by], ascending=[False, True], kind="stable"
    )
    shown = sizes.head(_MOST_GROUPS)
    groups = shown[by].tolist()
    table = table[table[by].isin(groups)]
    sets = _sorted_sets(table)
    if not sets:
        return _nothing("No indicator was looked for in these articles.")
    rows = sum(len(entries) + _HEADING for _, entries in sets)
    heads = [f"{short(g, 26)} ({k})" for g, k in zip(groups, shown["articles_all"], strict=True)]
    room = 0.055 * max(map(len, heads)) + 0.35
    ax = axes(ax, width=min(7.2, 3.6 + 0.42 * len(groups)), height=0.34 * rows + room)
    cells = _cells(table, by)
    darkest = float(np.nanmax(cells["per_1000"]))
    at, ticks = 0.0, {}
    for of_set, entries in sets:
        ax.text(-0.47, at + 0.02, _capital(of_set[1]), fontweight="bold", fontsize=8.5, va="center")
        at += _HEADING
        for entry in entries:
            ticks[at] = textwrap.fill(short(entry, 52), 27)
            for column, group in enumerate(groups):
                _square(ax, column, at, cells.loc[(group, *of_set, entry)], darkest)
            at += 1
    ax.set_yticks(list(ticks), list(ticks.values()), fontsize=8, linespacing=0.95)
    ax.set_xticks(range(len(groups)), heads, fontsize=8)
    ax.tick_params(axis="x", labelrotation=50, colors=INK, pad=1)
    ax.xaxis.tick_top()
    for label in ax.get_xticklabels():
        label.set(ha="left", va="bottom", rotation_mode="anchor")
    ax.set(xlim=(-0.52, len(groups) - 0.48), ylim=(at - 0.5, -0.35))
    for spine in ax.spines.values():
        spine.set_visible(False)
    key = [Patch(facecolor=colour, label=text) for text, colour in _VOICES.values()]
    ax.legend(
        handles=key,
        loc="upper left",
        bbox_to_anchor=(-0.01, 0.0),
        ncols=1 + (len(groups) > 8),
        fontsize=8,
        handlelength=1.2,
    )
    return described(ax, _heat_map_in_words(table, by, len(sizes)))


def _capital(text: str) -> str:
    return short(text[:1].upper() + text[1:], 60)


def _sorted_sets(table: pd.DataFrame) -> list[tuple[tuple[str, str], list[str]]]:
    """Sets of indicators in the order of the table, their indicators by falling hits."""
    sets = []
    for (lexicon, of_set), own in table.groupby(["lexicon", "set"], sort=False):
        hits = own.groupby("entry")["hits"].sum().sort_index()
        entries = hits.sort_values(ascending=False, kind="stable").index.tolist()
        sets.append(((str(lexicon), str(of_set)), entries))
    return sets


def _cells(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Hits and rate by group, set and entry, with a column level for the two halves."""
    half = np.where(table["voice"] == "narrator", "own", "others")
    keys = [by, "lexicon", "set", "entry", pd.Series(half, table.index, name="half")]
    return table.groupby(keys)[["hits", "per_1000"]].sum().unstack("half")


def _square(ax: Axes, x: float, y: float, cell: pd.Series, darkest: float) -> None:
    for half, top in (("own", y - 0.46), ("others", y)):
        hits, rate = int(cell["hits", half]), float(cell["per_1000", half])
        # Square root: else the rates of one long list of names leave all others pale.
        shade = _SHADES[half]((rate / darkest) ** 0.5) if hits else _EMPTY
        ax.add_patch(Rectangle((x - 0.47, top), 0.94, 0.45, facecolor=shade, linewidth=0))
        text = f"{hits:,}" if hits else "·"
        ink = ink_on(shade) if hits else MUTED
        ax.text(x, top + 0.235, text, ha="center", va="center", color=ink, fontsize=7.5)


def _nothing(text: str) -> Axes:
    ax = axes(None, width=7.2, height=0.6)
    ax.text(0, 0.5, text, color=MUTED, va="center")
    ax.axis("off")
    return described(ax, text)


def _heat_map_in_words(table: pd.DataFrame, by: str, groups: int) -> str:
    hits = table.groupby(["entry"])["hits"].sum()
    most = sorted(hits.index, key=lambda e: (-hits[e], e))[0]
    of_voice = table.groupby("voice", observed=True)["hits"].sum()
    rates = table.groupby([by, "entry"])["per_1000"].sum()
    top = sorted(rates.index, key=lambda key: (-rates[key], key))[0]
    shown = table[by].nunique()
    cut = f" (of {groups}, those with most articles)" if shown < groups else ""
    peak = f" Most per 1,000 words: {top[1]} in {top[0]} ({rates[top]:.1f})." if rates[top] else ""
    return (
        f"A table of squares, {len(hits)} indicators by {shown} groups{cut}, each parted by voice "
        "and darker where there are more hits per 1,000 words: "
        f"{of_voice['narrator']:,} hits in the outlets' own voice, {of_voice['reported']:,} "
        f"reported and {of_voice['quoted']:,} quoted of others. "
        f"Most hits: {most} ({hits[most]:,}).{peak}"
    )


# ---------------------------------------------------------------- naming


@styled
def names(table: pd.DataFrame, *, sets: Sequence[str] | int = 4) -> Axes:
    """Shares of the names of a referent in each group, from `framing.naming`, as stacked bars.

    Groups with fewer than five mentions of a set have no bar; their mentions are written out.

    Parameters
    ----------
    sets
        Which, or how many: those with five mentions in most groups, spellings left aside.
    """
    chosen = _comparable(table, sets) if isinstance(sets, int) else list(sets)
    if not chosen:
        return _nothing("No name was found five times in any group: the table has the counts.")
    by = table.columns[0]
    parts = [_set_of_names(table[table["set"] == s], by) for s in chosen]
    rows = [len(shares) + 0.62 * len(few) for _, shares, _, few in parts]
    figure = Figure(
        figsize=(7.2, sum(0.235 * r + 0.72 for r in rows)),
        layout=ConstrainedLayoutEngine(hspace=0.02, h_pad=0.05),
    )
    grid = figure.subplots(len(chosen), 1, squeeze=False, height_ratios=[r + 2 for r in rows])
    for ax, name, (labels, shares, totals, few) in zip(grid[:, 0], chosen, parts, strict=True):
        _stacked(ax, name, labels, shares, totals, few)
        described(ax, _names_in_words(name, labels, shares, totals, few))
    return grid[0, 0]


def _comparable(table: pd.DataFrame, most: int) -> list[str]:
    """Sets with a share in most groups, of equal ones those with most mentions."""
    by = table.columns[0]
    rows = table[~table["house_style"] & table["share"].notna()]
    of = rows.groupby("set").agg(groups=(by, "nunique"), mentions=("mentions", "sum"))
    of = of.reset_index().sort_values(
        ["groups", "mentions", "set"], ascending=[False, False, True], kind="stable"
    )
    return of["set"].head(most).tolist()


def _set_of_names(
    table: pd.DataFrame, by: str
) -> tuple[list[str], pd.DataFrame, pd.Series, list[str]]:
    """Labels, shares (groups × labels, sorted), mentions of each group, and who has too few."""
    used = table[table["mentions"] > 0]
    times = used.groupby("label")["mentions"].sum()
    labels = sorted(times.index, key=lambda name: (-times[name], name))
    shares = used.dropna(subset="share").pivot(index=by, columns="label", values="share")
    shares = shares.reindex(columns=labels).fillna(0.0)
    order = sorted(shares.index, key=lambda g: ([-s for s in shares.loc[g]], g))
    few = used[used["share"].isna()].sort_values([by, "mentions", "label"], ascending=[1, 0, 1])
    written = [
        f"{short(g, 24)}: " + ", ".join(f"{r.mentions} {r.label}" for r in own.itertuples())
        for g, own in few.groupby(by, sort=True)
    ]
    totals = table.drop_duplicates(by).set_index(by)["of_set"]
    return (
        labels,
        shares.loc[order],
        totals,
        textwrap.wrap("fewer than five mentions: " + "; ".join(written), 124) if written else [],
    )


def _stacked(
    ax: Axes,
    name: str,
    labels: list[str],
    shares: pd.DataFrame,
    totals: pd.Series,
    few: list[str],
) -> None:
    looks = {
        label: (PALETTE[i], _HATCHES[i]) if i < len(PALETTE) else (_OTHERS, "")
        for i, label in enumerate(labels)
    }
    for row, (group, its) in enumerate(shares.iterrows()):
        at = 0.0
        for label in labels:
            _segment(ax, row, at, float(its[label]), label, *looks[label])
            at += float(its[label])
        ax.annotate(
            f"n = {totals[group]:,}",
            (1, row),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=MUTED,
        )
    for i, line in enumerate(few):
        y = len(shares) - 0.1 + 0.62 * i
        place = blended_transform_factory(ax.figure.transFigure, ax.transData)
        note = ax.text(0.012, y, line, fontsize=7, color=MUTED, va="center", transform=place)
        note.set_in_layout(False)
    ax.set_yticks(range(len(shares)), [short(g, 24) for g in shares.index])
    ax.set_xticks([])
    ax.set(xlim=(0, 1.0), ylim=(len(shares) - 0.5 + 0.62 * len(few), -0.55))
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_title(_capital(name), loc="left", fontsize=9.5, pad=20)
    first = labels[: len(PALETTE)]
    key = [
        Patch(facecolor=looks[n][0], hatch=looks[n][1], edgecolor=PAPER, linewidth=0, label=n)
        for n in first
    ]
    if len(labels) > len(first):
        rest = f"{len(labels) - len(first)} other names"
        key.append(Patch(facecolor=_OTHERS, label=rest))
    legend = ax.legend(
        handles=key,
        loc="lower left",
        bbox_to_anchor=(-0.005, 0.985),
        ncols=len(key),
        fontsize=7.5,
        handlelength=1.1,
        handleheight=0.9,
        handletextpad=0.4,
        columnspacing=1.1,
        borderpad=0.1,
    )
    legend.set_in_layout(False)


def _segment(
    ax: Axes, row: int, at: float, share: float, label: str, colour: str, hatch: str
) -> None:
    if not share:
        return
    ax.barh(
        row,
        share,
        left=at,
        height=0.76,
        color=colour,
        hatch=hatch,
        edgecolor=PAPER,
        linewidth=0.8,
    )
    written = f"{label} {100 * share:.0f} %"
    text = written if share > 0.0128 * len(written) else f"{100 * share:.0f}"
    if share > 0.035:
        ax.text(
            at + share / 2,
            row,
            text,
            ha="center",
            va="center",
            fontsize=7,
            color=ink_on(colour),
            bbox={"boxstyle": "square,pad=0.1", "facecolor": colour, "linewidth": 0}
            if hatch
            else None,
        )


def _names_in_words(
    name: str, labels: list[str], shares: pd.DataFrame, totals: pd.Series, few: list[str]
) -> str:
    first = labels[0]
    top, low = shares.index[0], shares.index[-1]
    text = (
        f"Stacked bars, {name}: {first} from {100 * shares.loc[top, first]:.0f} % in {top} "
        f"(n = {totals[top]:,}) to {100 * shares.loc[low, first]:.0f} % in {low} "
        f"(n = {totals[low]:,}); {len(shares)} groups with five mentions or more."
    )
    return text + (" The others' mentions are written out below the bars." if few else "")


# ---------------------------------------------------------------- quality


@styled
def quality(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """AUC of each indicator with its interval, from `framing.quality`; ½ is chance."""
    if table.empty:
        return _nothing("There are no figures of quality for these word lists.")
    ax = axes(ax, rows=len(table) + 1)
    y = np.arange(len(table))
    ax.axvline(0.5, color=INK, linewidth=1)
    ax.annotate("chance", (0.5, -0.75), (4, 0), textcoords="offset points", va="center")
    ax.hlines(y, table["auc_low"], table["auc_high"], color=BLUE, linewidth=2)
    at_chance = (table["verdict"] == "at chance").to_numpy()
    for hollow in (False, True):
        own = at_chance == hollow
        face = PAPER if hollow else BLUE
        ax.scatter(table["auc"][own], y[own], s=44, facecolor=face, edgecolor=BLUE, zorder=3)
    for row, one in zip(y, table.itertuples(), strict=True):
        text = f"{one.auc:.2f}" + (
            "" if one.verdict == "better than chance" else f", {one.verdict}"
        )
        place = (max(one.auc_high, 0.5), row)
        ax.annotate(text, place, (6, 0), textcoords="offset points", va="center")
    ax.set_yticks(y, [f"{r.indicator} ({r.coded} of {r.articles})" for r in table.itertuples()])
    ax.set(ylim=(len(table) - 0.5, -1.1), xlim=(min(0.4, table["auc_low"].min() - 0.03), 1.02))
    ax.grid(axis="x", color=RULE)
    ax.set_xlabel("AUC: how often the coded one of two articles has the higher rate")
    best, worst = table.iloc[0], table.iloc[-1]
    return described(
        ax,
        f"Dots with 95 % intervals: AUC of {len(table)} indicators on {best['articles']} articles "
        f"coded by hand, from {best['indicator']} ({best['auc']:.2f}) to {worst['indicator']} "
        f"({worst['auc']:.2f}); chance is 0.50. At chance: {int(at_chance.sum())}.",
    )
