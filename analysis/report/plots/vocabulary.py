"""Pictures of words: what sets two outlets apart, with how much evidence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from adjustText import adjust_text
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from analysis.compare.ground.groups import REST
from analysis.errors import AnalysisError
from analysis.report.plots import style
from analysis.report.plots.bars import nothing

_BESIDE = ("axes fraction", "data")
_LEADER = 6  # pixels from dot to name, from which a line joins them
_TIMES = FuncFormatter(lambda x, _: "equal" if x == 0 else f"{2.0 ** abs(x):,.3g}×")


@style.styled
def keyness_intervals(
    table: pd.DataFrame,
    target: str,
    reference: str,
    *,
    top: int = 10,
    fragile: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """The words that set two sides apart, with interval and articles, from `vocabulary.keyness`.

    A dot is the log ratio; a line its 95 % interval, or below 10 articles the range when one
    article is left out. Filled dots have q < .05. Beside each word: in how many articles of
    either side it stands.

    Parameters
    ----------
    table
        What `keyness` returned; one of its contrasts is drawn.
    target, reference
        Which one.
    top
        Words of each side: those with q < .05 first, then by log-odds.
    fragile
        Terms to be marked as fragile, from `robustness.stability`.
    """
    contrast = _contrast(table, target, reference)
    contrast = contrast.iloc[np.argsort(~(contrast["q"] < 0.05), kind="stable")]
    first = contrast[contrast["more_used_by"] == target].head(top)
    second = contrast[contrast["more_used_by"] == reference].head(top)
    rows = pd.concat([first, second])
    ax = style.axes(ax, rows=len(rows) + 2)
    gap = 0.8 if len(first) and len(second) else 0.0
    y = np.arange(len(rows)) + gap * (np.arange(len(rows)) >= len(first))
    low = rows["log_ratio_low"].fillna(rows["loo_low"]).to_numpy()
    high = rows["log_ratio_high"].fillna(rows["loo_high"]).to_numpy()
    sure = (rows["q"] < 0.05).to_numpy()
    colours = np.where(rows["more_used_by"] == target, style.BLUE, style.VERMILLION).tolist()
    ax.axvline(0, color=style.MUTED, linewidth=1)
    ax.hlines(y, low, high, colors=colours, linewidth=2, alpha=0.55)
    marks = ax.scatter(
        rows["log_ratio"],
        y,
        s=34,
        c=np.where(sure, colours, style.PAPER).tolist(),
        edgecolors=colours,
        linewidths=1.5,
        zorder=3,
    )
    times = [f"{r.spelling}: {2 ** abs(r.log_ratio):.3g} times" for r in rows.itertuples()]
    style.hovered(marks, times)
    frail = [" (fragile)" if t in fragile else "" for t in rows["term"]]
    names = [style.short(s, 24) + m for s, m in zip(rows["spelling"], frail, strict=True)]
    style.frame(ax, y, names)
    for label, term in zip(ax.get_yticklabels(), rows["term"], strict=True):
        style.linked(label, term)
    ax.set_ylim(y.max(initial=0) + 0.7, -1.5)
    edge = 1.08 * np.nanmax(np.abs([*low, *high, *rows["log_ratio"], 1.0]))
    ax.set_xlim(-edge, edge)
    _write_articles(ax, rows, y, target, reference)
    _write_key(ax, rows, low, bool(sure.any()))
    step = max(1, int(np.ceil(edge / (2 if style.narrow() else 5))))
    ticks = np.arange(-step * int(edge // step), edge, step)
    ax.xaxis.set_major_locator(FixedLocator(list(ticks)))
    ax.xaxis.set_major_formatter(_TIMES)
    sides = [style.short(_told(side)) for side in (reference, target)]
    ax.set_xlabel("← more often in {}      more often in {} →".format(*sides))
    return style.described(
        ax, _keyness_words(first, second, target, _told(reference), int(sure.sum()))
    )


def _told(side: str) -> str:
    return "the others" if side == REST else side


def _write_key(ax: Axes, rows: pd.DataFrame, low: np.ndarray, sure: bool) -> None:
    """What a dot and its line stand for, above the first word; nothing where there is no line."""
    whole = bool(rows["log_ratio_low"].notna().any())
    line = "95 % interval" if whole else "range when one article is left out"
    key = f"{'● q < .05   ' if sure else ''}— {line}" if np.isfinite(low).any() else ""
    style.note(ax, key, (0, -1.1), (0, 0), xycoords=_BESIDE)


def _write_articles(
    ax: Axes, rows: pd.DataFrame, y: np.ndarray, target: str, reference: str
) -> None:
    """In how many articles of either side a word stands, in two columns at the right."""
    columns = (
        ("target", target, style.BLUE, 1.10 + 0.08 * style.narrow()),
        ("reference", _told(reference), style.VERMILLION, 1.27 + 0.25 * style.narrow()),
    )
    for side, name, colour, x in columns:
        where: dict[str, Any] = {"xycoords": _BESIDE, "ha": "center"}
        style.note(
            ax, style.short(name, 14), (x, -1.1), (0, 0), color=colour, weight="bold", **where
        )
        for at, k, n in zip(y, rows[f"articles_{side}"], rows[f"articles_{side}_all"], strict=True):
            style.note(
                ax, f"{k} of {n}", (x, at), (0, 0), color=style.INK if k else style.MUTED, **where
            )


def _contrast(table: pd.DataFrame, target: str, reference: str) -> pd.DataFrame:
    if "target" not in table:
        raise AnalysisError(
            " ".join(table.attrs.get("notes", [])) or "There is nothing to compare."
        )
    found = table[(table["target"] == target) & (table["reference"] == reference)]
    if found.empty:
        pairs = table[["target", "reference"]].drop_duplicates()
        named = ", ".join(f"{a} – {b}" for a, b in pairs.itertuples(index=False))
        raise AnalysisError(f"No contrast {target} – {reference}.", f"Available: {named}.")
    return found


def _keyness_words(
    first: pd.DataFrame, second: pd.DataFrame, target: str, reference: str, sure: int
) -> str:
    def words(rows: pd.DataFrame) -> str:
        return ", ".join(
            f"{r.spelling} ({2 ** abs(r.log_ratio):.3g} times)" for r in rows.head(5).itertuples()
        )

    return (
        f"Dots with lines for {len(first) + len(second)} words. Furthest towards {target}: "
        f"{words(first) or 'none'}. Furthest towards {reference}: {words(second) or 'none'}. "
        f"{sure} of them have q below .05."
    )


@style.styled
def term_scatter(
    table: pd.DataFrame, target: str, reference: str, *, labels: int = 30, ax: Axes | None = None
) -> Axes:
    """Every word at its rate in two sides, the furthest apart by name, from `vocabulary.keyness`.

    Words on the diagonal are used equally; those that a side does not use stand on its edge.
    Names never overlap; where there is no room, the word with less evidence goes without.

    Parameters
    ----------
    table, target, reference
        As in `keyness_intervals`.
    labels
        How many words to name at most.
    """
    contrast = _contrast(table, target, reference)
    ax = style.axes(ax, width=7.2, height=6.4)
    x, y = (contrast[f"per_1000_{side}"].to_numpy() for side in ("target", "reference"))
    least = min(v[v > 0].min() for v in (x, y) if (v > 0).any())
    most = 1.6 * max(x.max(), y.max())
    none = least / 2.2
    at = [np.where(v > 0, v, none) for v in (x, y)]
    colours = np.where(x > y, style.BLUE, np.where(x < y, style.VERMILLION, style.MUTED)).tolist()
    ax.plot([least, most], [least, most], color=style.RULE, linewidth=1, zorder=1)
    marks = ax.scatter(at[0], at[1], s=9, c=colours, alpha=0.45, linewidths=0, zorder=2)
    style.hovered(marks, contrast["spelling"])
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis, name in ((ax.xaxis, target), (ax.yaxis, reference)):
        _rate_axis(axis, least, most, none)
        axis.set_label_text(f"per 1,000 words in {style.short(name)}")
    ax.set_xlim(none / 1.35, most)
    ax.set_ylim(none / 1.35, most)
    ax.grid(alpha=0.6)
    named = contrast[contrast["more_used_by"] != ""].head(labels)
    place = contrast.index.get_indexer(named.index)
    across, up = at[0][place], at[1][place]
    texts = _write_names(ax, named, across, up, [colours[i] for i in place])
    _part(ax, texts, across, up)
    most_apart = ", ".join(named["spelling"].head(8))
    return style.described(
        ax,
        f"{len(contrast):,} words as dots, across at their rate in {target}, up at their rate in "
        f"{reference}. Furthest apart: {most_apart}.",
    )


def _rate_axis(axis: Axis, least: float, most: float, none: float) -> None:
    ticks = [t for t in (0.01, 0.1, 1, 10, 100) if least <= t <= most]
    axis.set_major_locator(FixedLocator([none, *ticks]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda v, _: "0" if v < least else f"{v:g}"))


def _write_names(
    ax: Axes, named: pd.DataFrame, x: np.ndarray, y: np.ndarray, colours: list[str]
) -> list[Text]:
    """Each word at its dot, leading into the explorer."""
    box: dict[str, Any] = {"facecolor": style.PAPER, "alpha": 0.95, "pad": 0.4, "edgecolor": "none"}
    places = zip(named["spelling"], named["term"], x, y, colours, strict=True)
    return [
        style.linked(ax.text(across, up, style.short(spelling, 20), color=colour, bbox=box), term)
        for spelling, term, across, up, colour in places
    ]


def _part(ax: Axes, texts: list[Text], x: np.ndarray, y: np.ndarray) -> None:
    """Move names apart, the same way each time; take out those that still overlap a better one."""
    if not texts:
        return
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    figure.draw_without_rendering()
    adjust_text(texts, x=x, y=y, ax=ax, iter_lim=400, expand=(1.08, 1.25))
    kept: list[Text] = []
    for text, point in zip(texts, zip(x, y, strict=True), strict=True):
        box = text.get_window_extent()
        if any(box.overlaps(other.get_window_extent()) for other in kept):
            text.remove()
            continue
        kept.append(text)
        dot = ax.transData.transform(point)
        nearest = np.clip(dot, box.min, box.max)
        if np.hypot(*(nearest - dot)) > _LEADER:
            ends = np.array([dot, ax.transData.inverted().transform(nearest)])
            ends[0] = point
            ax.plot(*ends.T, color=style.MUTED, linewidth=0.5, zorder=1)


@style.styled
def word_shift(table: pd.DataFrame, *, top: int = 24, ax: Axes | None = None) -> Axes:
    """What each word contributes to the divergence of two vocabularies, from `usage.word_shift`.

    Bars to the right are words the first uses more, to the left the second (Gallagher et al.
    2021).
    """
    if "first" not in table or table.empty:
        return nothing("There are no two groups whose words could diverge.")
    first, second = str(table["first"].iloc[0]), str(table["second"].iloc[0])
    rows = table[table["more_used_by"] != ""].head(top)
    ax = style.axes(ax, rows=len(rows) + 1)
    to_first = (rows["more_used_by"] == first).to_numpy()
    size = 1000 * rows["contribution"].to_numpy()
    y = np.arange(len(rows))
    ax.barh(
        y,
        np.where(to_first, size, -size),
        color=np.where(to_first, style.BLUE, style.VERMILLION),
        height=0.72,
    )
    _name_bars(ax, rows, to_first, size)
    edge = 1.45 * size.max(initial=1e-9)
    ax.set_xlim(-edge, edge)
    ax.axvline(0, color=style.MUTED, linewidth=1)
    style.frame(ax, y, [""] * len(y))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):g}"))
    ax.set_xlabel(
        f"← more in {style.short(second)}    thousandths of a bit    more in {style.short(first)} →"
    )
    named = [", ".join(rows.loc[side, "spelling"].head(6)) for side in (to_first, ~to_first)]
    return style.described(
        ax,
        f"Bars of what {len(rows)} words contribute to the divergence of {first} and {second}. "
        f"Longest towards {first}: {named[0] or 'none'}; towards {second}: {named[1] or 'none'}.",
    )


def _name_bars(ax: Axes, rows: pd.DataFrame, to_first: np.ndarray, size: np.ndarray) -> None:
    """Beside each bar its word, at the other side of the middle how often either uses it."""
    for at, (right, value, row) in enumerate(zip(to_first, size, rows.itertuples(), strict=True)):
        sign, outside, inside = (1, "left", "right") if right else (-1, "right", "left")
        name = style.short(row.spelling, 24) + (" *" if row.evidence else "")
        text = style.note(ax, name, (sign * value, at), (4 * sign, 0), ha=outside, color=style.INK)
        style.linked(text, row.term)
        counts = f"{row.n_first} : {row.n_second}"
        style.note(ax, counts, (0, at), (-4 * sign, 0), ha=inside, fontsize=7.5)
    if (rows["evidence"] != "").any():
        corner: dict[str, Any] = {"xycoords": "axes fraction", "ha": "right"}
        style.note(ax, "* in one article alone", (1, 1), (0, 4), **corner)
