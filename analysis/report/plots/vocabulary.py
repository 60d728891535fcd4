"""Pictures of words: what sets two outlets apart, with how much evidence."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from matplotlib.transforms import Bbox

from analysis.compare.ground.inference import ALPHA, REST
from analysis.errors import AnalysisError
from analysis.report.plots import style

_TIMES = FuncFormatter(lambda x, _: "equal" if x == 0 else f"{2.0 ** abs(x):,.0f}×")
_OPAQUE = {"facecolor": style.PAPER, "pad": 0.3, "edgecolor": "none"}
# Where the name of a dot may stand: points across and up, and how it is aligned.
_PLACES = ((5, 0, "left"), (-5, 0, "right"), (0, 8, "center"), (0, -8, "center"))


@style.styled
def keyness_intervals(
    table: pd.DataFrame,
    target: str,
    reference: str,
    marked: str = "",
    *,
    top: int = 10,
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
    marked
        A term whose name stands bold.
    top
        Words of each side: those with q < .05 first, then by log-odds.
    """
    contrast = _contrast(table, target, reference)
    contrast = contrast.iloc[np.argsort(~(contrast["q"] < ALPHA), kind="stable")]
    sides = [contrast[contrast["more_used_by"] == side].head(top) for side in (target, reference)]
    rows = pd.concat(sides)
    ax = style.axes(ax, rows=len(rows) + 2)
    of_first = np.arange(len(rows)) < len(sides[0])
    y = np.arange(len(rows)) + 0.8 * (~of_first & bool(len(sides[0])))
    low, high = (
        rows[f"log_ratio_{end}"].fillna(rows[f"loo_{end}"]).to_numpy() for end in ("low", "high")
    )
    sure = (rows["q"] < ALPHA).to_numpy()
    colours = np.where(of_first, style.BLUE, style.VERMILLION).tolist()
    ax.axvline(0, color=style.MUTED, linewidth=1)
    ax.hlines(y, low, high, colors=colours, linewidth=2, alpha=0.55)
    faces = np.where(sure, colours, style.PAPER).tolist()
    look: dict[str, Any] = {"s": 34, "c": faces, "edgecolors": colours, "linewidths": 1.5}
    marks = ax.scatter(rows["log_ratio"], y, zorder=3, **look)
    times = [f"{2 ** abs(ratio):.3g} times" for ratio in rows["log_ratio"]]
    style.hovered(marks, rows["spelling"] + ": " + times)
    style.frame(ax, y, [style.short(s, 24) for s in rows["spelling"]], rows["term"])
    for label in np.asarray(ax.get_yticklabels())[(rows["term"] == marked).to_numpy()]:
        label.set_fontweight("bold")
    ax.set_ylim(y.max(initial=0) + 0.7, -1.5)
    edge = 1.08 * np.nanmax(np.abs([*low, *high, *rows["log_ratio"], 1.0]))
    ax.set_xlim(-edge, edge)
    _write_articles(ax, rows, y, target, reference)
    line = rows["log_ratio_low"].notna().any()
    key = f"— {'95 % interval' if line else 'range when one article is left out'}"
    key = f"{'● q < .05   ' * bool(sure.any())}{key}" * bool(np.isfinite(low).any())
    style.note(ax, key, (0, -1.1), (0, 0), xycoords=style.BESIDE, bbox=_OPAQUE)
    step = max(1, int(np.ceil(edge / (2 if style.narrow() else 5))))
    ax.xaxis.set_major_locator(FixedLocator(list(np.arange(-step * int(edge // step), edge, step))))
    ax.xaxis.set_major_formatter(_TIMES)
    ends = [style.short(_told(side)) for side in (reference, target)]
    ax.set_xlabel("← more often in {}  ·  more often in {} →".format(*ends))
    words = rows["spelling"] + " (" + times + ")"
    one, other = (", ".join(words[of].head(5)) or "none" for of in (of_first, ~of_first))
    return style.described(
        ax,
        f"Dots with lines for {len(rows)} words. Furthest towards {target}: {one}. Furthest "
        f"towards {_told(reference)}: {other}. {sure.sum()} of them have q below .05.",
    )


def _told(side: str) -> str:
    return "the others" if side == REST else side


def _write_articles(
    ax: Axes, rows: pd.DataFrame, y: np.ndarray, target: str, reference: str
) -> None:
    """In how many articles of either side a word stands, in two columns at the right."""
    for side, name, colour, x, more in (
        ("target", target, style.BLUE, 1.10, 0.08),
        ("reference", _told(reference), style.VERMILLION, 1.31, 0.21),
    ):
        counts = zip(rows[f"articles_{side}"], rows[f"articles_{side}_all"], strict=True)
        cells, look = [f"{k} of {n}" for k, n in counts], {"color": colour, "weight": "bold"}
        style.beside(ax, x + more * style.narrow(), y, cells, name, top=-1.1, ha="center", **look)


def _contrast(table: pd.DataFrame, target: str, reference: str) -> pd.DataFrame:
    found = table[(table["target"] == target) & (table["reference"] == reference)]
    if found.empty:
        notes = " ".join(table.attrs.get("notes", []))
        raise AnalysisError(notes or f"There is no contrast {target} – {reference}.")
    return found


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
    across, up = (np.where(v > 0, v, none) for v in (x, y))
    colours = np.where(x > y, style.BLUE, np.where(x < y, style.VERMILLION, style.MUTED)).tolist()
    ax.plot([least, most], [least, most], color=style.RULE, linewidth=1, zorder=1)
    marks = ax.scatter(across, up, s=9, c=colours, alpha=0.45, linewidths=0, zorder=2)
    style.hovered(marks, contrast["spelling"])
    ax.set(xscale="log", yscale="log", xlim=(none / 1.35, most), ylim=(none / 1.35, most))
    for axis, name in ((ax.xaxis, target), (ax.yaxis, reference)):
        _rate_axis(axis, least, most, none)
        axis.set_label_text(f"per 1,000 words in {style.short(name)}")
    ax.grid(alpha=0.6)
    named = contrast.assign(x=across, y=up, colour=colours)
    named = named[named["more_used_by"] != ""].head(labels)
    _write_names(ax, named)
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


def _write_names(ax: Axes, named: pd.DataFrame) -> None:
    """Each word beside its dot, leading into the explorer; where there is no room, none."""
    ax.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
    taken: list[Bbox] = []
    for row in named.itertuples():
        look = {"color": row.colour, "bbox": _OPAQUE}
        text = style.note(ax, style.short(row.spelling, 20), (row.x, row.y), **look)
        style.linked(text, row.term)
        for right, above, align in _PLACES:
            text.set(position=(right, above), ha=align)
            covers = text.get_window_extent().padded(3)
            inside = ax.bbox.containsx(covers.x0) and ax.bbox.containsx(covers.x1)
            if inside and not covers.count_overlaps(taken):
                taken.append(covers)
                break
        else:
            text.remove()


@style.styled
def word_shift(table: pd.DataFrame, *, top: int = 24, ax: Axes | None = None) -> Axes:
    """What each word contributes to the divergence of two vocabularies, from `usage.word_shift`.

    Bars to the right are words the first uses more, to the left the second (Gallagher et al.
    2021). Beside a bar its word, at the other side of the middle how often either uses it.
    """
    if table.empty:
        return style.nothing("There are no two groups whose words could diverge.")
    first, second = table[["first", "second"]].iloc[0]
    rows = table[table["more_used_by"] != ""].head(top)
    ax = style.axes(ax, rows=len(rows) + 1)
    to_first = (rows["more_used_by"] == first).to_numpy()
    size = np.where(to_first, 1000, -1000) * rows["contribution"].to_numpy()
    y = np.arange(len(rows))
    ax.barh(y, size, color=np.where(to_first, style.BLUE, style.VERMILLION), height=0.72)
    for at, value, row in zip(y, size, rows.itertuples(), strict=True):
        sign, outside, inside = (1, "left", "right") if to_first[at] else (-1, "right", "left")
        name = style.short(row.spelling, 24) + (" *" if row.evidence else "")
        text = style.note(ax, name, (value, at), (4 * sign, 0), ha=outside, color=style.INK)
        style.linked(text, row.term)
        counts = f"{row.n_first} : {row.n_second}"
        style.note(ax, counts, (0, at), (-4 * sign, 0), ha=inside, fontsize=7.5)
    if (rows["evidence"] != "").any():
        corner: dict[str, Any] = {"xycoords": "axes fraction", "ha": "right"}
        style.note(ax, "* in one article alone", (1, 1), (0, 4), **corner)
    edge = 1.45 * np.abs(size).max(initial=1e-9)
    ax.set_xlim(-edge, edge)
    ax.axvline(0, color=style.MUTED, linewidth=1)
    style.frame(ax, y, [""] * len(y))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):g}"))
    ends = [style.short(side) for side in (second, first)]
    ax.set_xlabel("← more in {}  ·  thousandths of a bit  ·  more in {} →".format(*ends))
    one, other = (
        ", ".join(rows.loc[s, "spelling"].head(6)) or "none" for s in (to_first, ~to_first)
    )
    return style.described(
        ax,
        f"Bars of what {len(rows)} words contribute to the divergence of {first} and {second}. "
        f"Longest towards {first}: {one}; towards {second}: {other}.",
    )
