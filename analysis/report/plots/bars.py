"""Bars by group, plain from zero or parted by voice, the few apart; strips of articles."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from analysis.compare.sourcing import NOBODY, UNLISTED
from analysis.errors import counted
from analysis.measure.schema import VOICES
from analysis.report.plots import style

FEW = 4
_PALE = 0.4
_CALLED = {"narrator": "own", "reported": "reported", "quoted": "quoted"}
# Without rules for reported speech quotation marks alone part the words of a text.
_MARKED = {"narrator": "outside quotation marks", "quoted": "inside quotation marks"}
_BOX = {"facecolor": style.PAPER, "lw": 0.8}
LOOKS: Mapping[str, dict[str, Any]] = {
    "narrator": {"color": style.NARRATOR},
    "reported": _BOX | {"edgecolor": style.REPORTED, "hatch": "\\\\\\"},
    "quoted": _BOX | {"edgecolor": style.QUOTED, "hatch": "///"},
}
_NOTHING = "There is nothing to draw here."
_MOST = 12  # strips
_ROOM = 0.09  # of the widest article, from which a speaker's name fits over the words


def rows_of(table: pd.DataFrame, value: str, n: str | None) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows, firm ones first by falling value, and where each stands: a gap before the few.

    What has an order of its own, such as weeks, keeps it.
    """
    few = table[n].to_numpy() < FEW if n else np.zeros(len(table), bool)
    if getattr(table.iloc[:, 0].dtype, "ordered", False):
        return table.assign(few=few), np.arange(len(table))
    order = np.lexsort((table.iloc[:, 0].astype(str), -table[value].to_numpy(float), few))
    few = few[order]
    gap = 0.9 if few.any() and not few.all() else 0.0
    return table.iloc[order].assign(few=few), np.arange(len(table)) + gap * few


@style.styled
def by_group(
    table: pd.DataFrame,
    value: str,
    *,
    n: str | None = None,
    k: str | None = None,
    ends: tuple[str, str] | None = None,
    unit: str = "",
    percent: bool = False,
    empty: str = _NOTHING,
) -> Axes:
    """One bar a row, from zero; the first column of the table names them.

    Parameters
    ----------
    value, ends
        Columns of the bar's length, and of the ends of its interval.
    n, k
        Columns of articles, and of those that hold it; written at the end as "k of n". Groups of
        few articles are written in figures where others have bars: they are nobody's longest bar.
    """
    shown = table[table[value].notna()] if value in table else table.head(0)
    if shown.empty:
        return style.nothing(empty)
    rows, y = rows_of(shown, value, n)
    figures = None if value == n else "{:.0%}" if percent else "{:.3g}"
    ax = _bars(rows, y, {value: {"color": style.BLUE}}, n=n, k=k, ends=ends, figures=figures)
    if percent:
        _in_percent(ax)
    elif (rows[value] % 1 == 0).all():  # no half articles
        ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))
    ax.set_xlabel(unit)
    return style.described(ax, _in_words(rows, value, unit, percent))


def _in_percent(ax: Axes, most: int = 7) -> None:
    """Per cents along the x-axis, each at its place: never 2.5 % called 2 %."""
    ax.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g} %")


def _bars(
    rows: pd.DataFrame,
    y: np.ndarray,
    looks: Mapping[str, dict[str, Any]],
    *,
    n: str | None,
    k: str | None,
    ends: tuple[str, str] | None = None,
    figures: str | None = "{:.3g}",
) -> Axes:
    """A bar a row of these columns, one behind the other, with k of n at its end.

    The few are written so in figures where there are firm ones; None: they have bars as well.
    """
    few = rows["few"].to_numpy()
    ax = style.axes(None, rows=len(rows) + len(looks) // 2 + 1 + int(few.any()))
    style.frame(ax, y, style.labels(rows.iloc[:, 0].astype(str).tolist(), 46 - 20 * style.narrow()))
    written = few & (not few.all() and figures is not None)
    total = rows[[*looks]].sum(axis=1).to_numpy(float)
    start = np.zeros(len(rows))
    for column, look in looks.items():
        drawn = rows[column].to_numpy(float) * ~written
        for at, left, length, pale in zip(y, start, drawn, few, strict=True):
            if length:  # else its edge would be seen
                ax.barh(at, length, left=left, height=0.68, alpha=_PALE if pale else 1.0, **look)
        start = start + drawn
    if ends and rows[ends[0]].notna().any():
        ax.hlines(y, rows[ends[0]], rows[ends[1]], color=style.INK, linewidth=1.3)
        start = np.fmax(start, rows[ends[1]].to_numpy(float))
    for i, row in enumerate(rows.to_dict("records") if n else ()):
        told = f"{row[k]:.0f} of {row[n]:.0f}" if k else f"{row[n]:.0f}"
        if written[i] and total[i]:
            told = f"{str(figures).format(total[i]).replace('%', ' %')} ({told})"
        style.note(ax, told, (start[i], y[i]), fontsize=7.5)
    if y[-1] > len(y) - 1:  # they stand apart
        place = (0, y[few.argmax()] - 0.85)
        where = ("axes fraction", "data")
        style.note(ax, f"fewer than {FEW} articles", place, (0, 0), xycoords=where, fontsize=8)
    ax.margins(x=0.14)
    ax.set_xlim(left=0)
    return ax


def _in_words(rows: pd.DataFrame, value: str, unit: str, percent: bool) -> str:
    firm = rows[~rows["few"]]
    named = firm if len(firm) else rows
    ends = named.iloc[0], named.iloc[-1]
    shown = [f"{100 * e[value]:.0f} %" if percent else f"{e[value]:,.3g}" for e in ends]
    most, least = (f"{e.iloc[0]} ({v})" for e, v in zip(ends, shown, strict=True))
    if len(rows) == 1:
        return f"A bar{', ' * bool(unit)}{unit}: {most}."
    few = int(rows["few"].sum())
    apart = f" {few} of fewer than {FEW} articles stand apart." * bool(few)
    of = f"Bars{', ' * bool(unit)}{unit}, of {len(rows):,} rows"
    if named[value].nunique() == 1:
        return f"{of}: {shown[0]} in each.{apart}"
    return f"{of}: most {most}, least {least}.{apart}"


@style.styled
def by_voice(
    table: pd.DataFrame,
    *,
    n: str | None = None,
    k: str | None = None,
    unit: str = "uses",
    empty: str = _NOTHING,
) -> Axes:
    """One bar a row, parted by voice: said by the outlet itself, reported, quoted.

    Where ``table.attrs["unparted"]`` says so, by quotation marks.
    """
    called = _MARKED if table.attrs.get("unparted") else _CALLED
    shown = table.assign(total=table[list(VOICES)].sum(axis=1)) if len(table) else table
    if shown.empty or not shown["total"].any():
        return style.nothing(empty)
    rows, y = rows_of(shown, "total", n)
    ax = _bars(rows, y, LOOKS, n=n, k=k)
    ax.set_xlabel(unit)
    key(ax, {voice: name for voice, name in called.items() if rows[voice].sum()})
    first = rows.iloc[0]
    parts = ", ".join(f"{first[voice]:,.3g} {name}" for voice, name in called.items())
    of = f"Bars parted by voice, {unit}, of {counted(len(rows), 'row')}"
    return style.described(ax, f"{of}; longest {first.iloc[0]} ({parts}).")


def key(ax: Axes, voices: Mapping[str, str] = _CALLED) -> None:
    """Which look is which voice, above the picture."""
    figure = ax.get_figure(root=True)
    patches = [Patch(**LOOKS[voice], label=name) for voice, name in voices.items()]
    if figure is not None and patches:
        where: dict[str, Any] = {"loc": "outside upper left", "ncols": 3}
        figure.legend(handles=patches, fontsize=8, handlelength=1.4, **where)


@style.styled
def panels_of(
    table: pd.DataFrame, part: str, value: str, *, n: str, most: int = 4, empty: str = _NOTHING
) -> Axes:
    """The same groups once for each of a few parts (sides), shares as bars from zero.

    Parameters
    ----------
    part
        Column whose commonest values become panels.
    """
    shown = table[table[value].notna()] if value in table else table.head(0)
    if shown.empty:
        return style.nothing(empty)
    group = shown.columns[0]
    shown = shown[~shown[part].isin(NOBODY)] if part == "speaker" else shown
    parts = shown.groupby(part)[value].sum().sort_values(ascending=False, kind="stable")
    names = sorted(parts.index[:most], key=UNLISTED["side"].__eq__)  # what says least comes last
    order, y = rows_of(shown.drop_duplicates(group), n, n)
    firm = shown[shown[n] >= FEW]
    drawn_of = firm if len(firm) else shown
    drawn = style.panels(len(names), rows=len(order) + 2, sharey=True)
    called = style.labels(order[group].astype(str).tolist(), 20)
    for ax, name in zip(drawn, names, strict=True):
        style.frame(ax, y, [f"{g} ({c})" for g, c in zip(called, order[n], strict=True)])
        length = shown[shown[part] == name].set_index(group)[value].reindex(order[group]).fillna(0)
        for at, share, few in zip(y, length, order["few"], strict=True):
            if few and not order["few"].all():
                style.note(ax, f"{100 * share:.0f} %", (0, at), fontsize=7.5)
            else:
                ax.barh(at, share, height=0.68, color=style.BLUE, alpha=_PALE if few else 1.0)
        ax.set_xlim(0, 1.12 * float(drawn_of[value].max()) or 1)
        ax.set_title(style.short(name, 18), fontsize=9)
        _in_percent(ax, 3)
    top = drawn_of.sort_values([value, group], ascending=[False, True]).iloc[0]
    return style.described(
        drawn[0],
        f"Bars from zero in {counted(len(names), 'panel')} ({', '.join(names)}), "
        f"{counted(len(order), 'group')}; "
        f"longest: {top[part]} in {top[group]} ({100 * top[value]:.0f} %, "
        f"{counted(top[n], 'article')}).",
    )


@style.styled
def strips(articles: pd.DataFrame, statements: pd.DataFrame, called: pd.Series) -> Axes:
    """Articles from first word to last, one under the other and on one scale, at most twelve.

    The line is the outlet's own voice; boxes are what is reported and what holds a quotation,
    hatched either way, with the speaker's name where there is room.

    Parameters
    ----------
    articles : id, outlet, words; the longest twelve are drawn, in their order
    statements : article, start_word, words, kind, speaker
    called : what an article is called, by id
    """
    shown = articles[articles["words"] > 0].nlargest(_MOST, "words").index
    shown = articles.loc[articles.index.isin(shown)]
    if shown.empty:
        return style.nothing("No article here has a word.")
    ax = style.axes(None, rows=2 * len(shown) + 2)
    longest = int(shown["words"].max())
    for row, one in enumerate(shown.itertuples()):
        y = 2 * row + 1
        ax.plot([0, one.words], [y, y], color=style.NARRATOR, lw=2, zorder=1)
        title = called[one.id].removeprefix(f"{one.outlet}: ")
        name = style.short(f"{one.outlet}: {title}", 84 - 40 * style.narrow())
        ax.text(0, y - 0.75, name, fontsize=8.5, color=style.INK, va="center")
        style.note(ax, f"{one.words:,}", (one.words, y), (6, 0), fontsize=7.5)
        for said in statements[statements["article"] == one.id].itertuples():
            _box(ax, y, said, longest)
    ax.set(xlim=(0, 1.04 * longest), ylim=(2 * len(shown) + 0.2, -0.4))
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("words from the beginning of the article")
    key(ax)
    return style.described(ax, _strips_in_words(shown, statements))


def _box(ax: Axes, y: float, said: Any, longest: int) -> None:
    look = LOOKS["reported" if said.kind == "indirect" else "quoted"]
    ax.barh(y, said.words, left=said.start_word, height=0.62, zorder=2, **look)
    speaker = str(said.speaker)
    if said.words >= _ROOM * longest * (1 + style.narrow()) and speaker not in ("", "unattributed"):
        last = style.short(speaker.split()[-1], 14)
        box = {"boxstyle": "square,pad=0.12", "facecolor": style.PAPER, "linewidth": 0}
        middle = said.start_word + said.words / 2
        ax.text(middle, y, last, fontsize=7, ha="center", va="center", bbox=box, zorder=3)


def _strips_in_words(articles: pd.DataFrame, statements: pd.DataFrame) -> str:
    own = statements[statements["article"].isin(articles["id"])]
    share = own.groupby("article")["words"].sum().reindex(articles["id"]).fillna(0)
    of = (share / articles.set_index("id")["words"]).clip(upper=1)
    most, least = of.idxmax(), of.idxmin()
    outlet = articles.set_index("id")["outlet"]
    return (
        f"Strips of {counted(len(articles), 'article')} from first word to last with "
        f"{counted(len(own), 'statement')}; "
        f"most of its words are others’ in an article of {outlet[most]} ({100 * of[most]:.0f} %), "
        f"fewest in one of {outlet[least]} ({100 * of[least]:.0f} %)."
    )
