"""Pictures of who is given the word."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.report.plots.style import (
    INK,
    MUTED,
    PALETTE,
    PAPER,
    RULE,
    axes,
    described,
    ink_on,
    panels,
    short,
    styled,
)

_UNLISTED, _NOBODY = "#b6bdc6", "#d3d8de"
_HATCHES = ("", "", "....", "////", "xxxx", "----", "++++")
_AMOUNTS = {"statements": "statements", "words": "words", "marked_words": "quoted words"}
_ROOM = 0.18  # the share a segment needs for its figure to be written in it
_FEWEST = 50  # introduced statements a side needs for shares of cues to be drawn
_ENOUGH = 10  # articles of which a group's share is named in words
_PALE = 0.35
_OTHERS = "others"


def _look(sides: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and hatch of each side, in the order given; beyond the palette they come again."""
    n = len(PALETTE)
    return {side: (PALETTE[i % n], _HATCHES[i % n]) for i, side in enumerate(sides)}


def _others(names: pd.Series, sides: Sequence[str]) -> list[str]:
    """Who is no side, "unattributed" last."""
    return sorted(set(names) - set(sides), key=lambda name: (name == "unattributed", name))


# ---------------------------------------------------------------- sides by group


@styled
def sides_by_group(table: pd.DataFrame, sides: Sequence[str]) -> Axes:
    """Shares of the sides in each group, from `sourcing.shares(of="side")`: three ways.

    Every bar is a whole. It begins to the left of the line with the first side and goes on to the
    right of it with the second, so that these two can be compared by length; the others follow.
    At the end stands what the whole is: so many statements, words, quoted words.

    Parameters
    ----------
    sides
        From `sourcing.sides` of the whole corpus, so that a side has one colour everywhere.
    """
    if table.empty:
        return described(axes(None, rows=1), "No statement in these articles.")
    by = table.columns[0]
    groups = table.drop_duplicates(by)
    names = groups[by].tolist()
    others = _others(table["side"], sides)
    look = {**_look(sides), **{o: (_UNLISTED, "") for o in others}}
    look["unattributed"] = (_NOBODY, "////")
    order = [s for s in (*sides, *others) if s in set(table["side"])]
    drawn = panels(3, rows=len(names) + 2, sharey=True)
    shares = {
        amount: table.pivot(index=by, columns="side", values=f"{amount}_share")
        .reindex(index=names, columns=order)
        .fillna(0)
        for amount in _AMOUNTS
    }
    left = [s for s in sides[:1] if s in order]
    widest = max(float(s[left].to_numpy().max(initial=0)) for s in shares.values())
    for ax, (amount, title) in zip(drawn, _AMOUNTS.items(), strict=True):
        for row, name in enumerate(names):
            _whole_bar(ax, row, shares[amount].loc[name], left, look)
            _at_end(ax, row, f"{groups[f'{amount}_all'].iloc[row]:,}")
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_xlim(-widest, 1)
        ax.set_title(title, fontsize=9)
        ax.set_xticks([])
        ax.spines[["bottom", "left"]].set_visible(False)
    labels = [f"{short(n, 22)} ({a})" for n, a in zip(names, groups["articles_all"], strict=True)]
    drawn[0].set_yticks(range(len(names)), labels)
    drawn[0].set_ylim(len(names) - 0.4, -0.6)
    _key(drawn[0], [_patch(side, *look[side]) for side in order])
    return described(drawn[0], _sides_in_words(table, by, sides))


def _whole_bar(
    ax: Axes, row: int, share: pd.Series, left: Sequence[str], look: dict[str, tuple[str, str]]
) -> None:
    at = 0.0
    for side, value in share[share > 0].items():
        start = -value if side in left else at
        at += 0.0 if side in left else value
        colour, hatch = look[str(side)]
        ax.barh(
            row,
            value,
            left=start,
            height=0.74,
            color=colour,
            hatch=hatch,
            edgecolor=PAPER,
            linewidth=0.6,
        )
        if value >= _ROOM and not hatch:
            ax.text(
                start + value / 2,
                row,
                f"{100 * value:.0f}",
                ha="center",
                va="center",
                fontsize=7,
                color=ink_on(colour),
            )


def _at_end(ax: Axes, y: float, text: str, x: float = 1) -> None:
    """Small print at the right end of a row; `x` in fractions of the Axes."""
    ax.annotate(
        text,
        (x, y),
        (3, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=7,
        color=MUTED,
        annotation_clip=False,
    )


def _patch(label: str, colour: str, hatch: str = "") -> Patch:
    return Patch(
        facecolor=colour, hatch=hatch, edgecolor=PAPER, linewidth=0, label=short(label, 20)
    )


def _key(ax: Axes, patches: Sequence[Patch | Line2D]) -> None:
    figure = ax.get_figure(root=True)
    if figure is not None and patches:
        figure.legend(
            handles=patches,
            loc="outside upper left",
            ncols=min(len(patches), 7),
            fontsize=8,
            handlelength=1.2,
            columnspacing=1.2,
            handletextpad=0.5,
        )


def _sides_in_words(table: pd.DataFrame, by: str, sides: Sequence[str]) -> str:
    """Extremes are named of groups with ten articles only: a share of one article is its own."""
    parts = []
    for side in sides[:2]:
        own = table[(table["side"] == side) & table["words_share"].notna()]
        own = own[own["articles_all"] >= _ENOUGH]
        if len(own) < 2:
            continue
        most = own.sort_values(["words_share", by], ascending=[False, True]).iloc[0]
        least = own.sort_values(["words_share", by]).iloc[0]
        parts.append(
            f"Of the words of statements, {side} has most in {most[by]} "
            f"({100 * most['words_share']:.0f} % in {most['articles_all']} articles) and least in "
            f"{least[by]} ({100 * least['words_share']:.0f} % in {least['articles_all']}), among "
            f"the {len(own)} with at least {_ENOUGH} articles."
        )
    return (
        f"Bars in three panels (statements, their words, their words in quotation marks): shares "
        f"by side in {table[by].nunique()} groups. " + " ".join(parts)
    ).strip()


# ---------------------------------------------------------------- one article


@styled
def strip(
    table: pd.DataFrame, sides: Sequence[str], *, most: int = 16, ax: Axes | None = None
) -> Axes:
    """One article from first word to last, from `sourcing.sequence`: who speaks where.

    The uppermost row is the whole article; below it each speaker has a row, in order of
    appearance, with side and number of words at its end. Full: direct; hatched: mixed; pale:
    indirect; the line between is the narrator's. Beyond `most` speakers, those with fewest words
    share a row.
    """
    lanes = _lanes(table, most)
    names = list(dict.fromkeys(lanes))
    names = [n for n in names if n != _OTHERS] + [n for n in names if n == _OTHERS]
    look = _look(sides)
    ax = axes(ax, rows=len(names) + 3)
    total = int(table["words_all"].max()) if len(table) else 1
    for one, lane in zip(table.itertuples(), lanes, strict=True):
        nobody = _NOBODY if one.speaker == "unattributed" else _UNLISTED
        colour = look.get(one.side, (nobody, ""))[0]
        for y, height in ((0, 0.9), (names.index(lane) + 1.25, 0.66)):
            _stretch(ax, y, height, one.start_word, one.words, colour, one.kind)
    ax.plot([0, total], [0, 0], color=INK, linewidth=1.5, zorder=0, solid_capstyle="butt")
    for number, name in enumerate(names):
        own = table[[lane == name for lane in lanes]]
        side = next((s for s in own["side"] if s), "") if name != _OTHERS else ""
        y = number + 1.25
        ax.axhline(y, color=RULE, linewidth=0.6, zorder=-1)
        _at_end(ax, y, f"{own['words'].sum():,}", x=1.0)
        if side:
            _side_mark(ax, y, side, look)
    labels = [_lane_label(n, table, lanes) for n in names]
    ax.set_yticks([0, *(n + 1.25 for n in range(len(names)))], ["the whole article", *labels])
    ax.set_ylim(len(names) + 0.9, -0.7)
    ax.set_xlim(0, total)
    ax.set_xlabel("words from the beginning of the article")
    ax.spines["left"].set_visible(False)
    key: list[Patch | Line2D] = [
        _patch("direct", INK),
        _patch("mixed", INK, "/////"),
        Patch(facecolor=to_rgba(INK, _PALE), edgecolor=INK, linewidth=0.5, label="indirect"),
        Line2D([], [], color=INK, linewidth=1.5, label="narrator"),
        _patch("no side", _UNLISTED),
    ]
    _key(ax, key)
    return described(ax, _strip_in_words(table, total))


def _lanes(table: pd.DataFrame, most: int) -> list[str]:
    """The row of each statement: its speaker, or "others" beyond `most` speakers."""
    words = table.groupby("speaker")["words"].sum().reset_index()
    first = words.sort_values(["words", "speaker"], ascending=[False, True])["speaker"]
    shown = set(first if len(first) <= most else first.head(most - 1))
    return [s if s in shown else _OTHERS for s in table["speaker"]]


def _lane_label(name: str, table: pd.DataFrame, lanes: Sequence[str]) -> str:
    if name != _OTHERS:
        return short(name, 30)
    n = table.loc[[lane == _OTHERS for lane in lanes], "speaker"].nunique()
    return f"{n} others"


def _side_mark(ax: Axes, y: float, side: str, look: dict[str, tuple[str, str]]) -> None:
    """The side in words beside its colour; coloured letters would be hard to read."""
    for text, away, size, colour in (
        ("■", 28, 9, look.get(side, (MUTED, ""))[0]),
        (short(side, 16), 38, 7.5, INK),
    ):
        ax.annotate(
            text,
            (1, y),
            (away, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=size,
            color=colour,
            annotation_clip=False,
        )


def _stretch(
    ax: Axes, y: float, height: float, start: int, words: int, colour: str, kind: str
) -> None:
    """What is said: full, hatched or pale; the narrator's line does not shine through."""
    ax.barh(y, words, left=start, height=height, color=PAPER, linewidth=0)
    pale = kind == "indirect"
    ax.barh(
        y,
        words,
        left=start,
        height=height,
        color=to_rgba(colour, _PALE) if pale else colour,
        hatch="/////" if kind == "mixed" else None,
        edgecolor=colour if pale else PAPER,
        linewidth=0.5 if pale else 0.3,
    )


def _strip_in_words(table: pd.DataFrame, total: int) -> str:
    if table.empty:
        return "An article without a statement."
    words = table.groupby("speaker")["words"].sum().sort_index()
    first, most = table.iloc[0], words.idxmax()
    return (
        f"Strips: {len(table)} statements of {len(words)} speakers in an article of {total:,} "
        f"words. {first['speaker']} is heard first, after {first['start_word']:,} words; "
        f"{most} has most words ({words[most]:,})."
    )


# ---------------------------------------------------------------- cue verbs


@styled
def cues_by_side(table: pd.DataFrame, sides: Sequence[str], *, verbs: int = 14) -> Axes:
    """Which verbs introduce which side, from `sourcing.cues(of="side")`.

    A bar is the verb's share of all introduced statements of the side, with their number. The
    commonest verb stands in words above, since its bar would leave no room for the others. Verbs
    stand under the class the list of verbs gives them. Sides with fewer than 50 introduced
    statements are left to the table.
    """
    if table.empty:
        return described(axes(None, rows=1), "No statement is introduced by a verb.")
    many = table.drop_duplicates("side").set_index("side")["of_all"]
    known = [s for s in (*sides, *_others(table["side"], sides)) if s in many.index]
    shown = [s for s in known if many[s] >= _FEWEST and s != "unattributed"] or known[:1]
    common = table["cue"].iloc[0]
    rows = _rows_by_class(table[table["cue"] != common], verbs)
    look = _look(sides)
    drawn = panels(max(len(shown), 1), rows=len(rows) + 3, sharey=True)
    place = {label: y for y, (label, is_verb) in enumerate(rows) if is_verb}
    bars = table[table["cue"].isin(list(place)) & table["side"].isin(shown)]
    for ax, side in zip(drawn, shown, strict=True):
        own = bars[bars["side"] == side]
        colour = look.get(side, (_UNLISTED, ""))[0]
        ax.barh(own["cue"].map(place), own["share"], height=0.66, color=colour)
        for one in own.itertuples():
            ax.annotate(
                f"{one.statements}",
                (one.share, place[one.cue]),
                (2, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
                color=MUTED,
            )
        said = table.loc[(table["cue"] == common) & (table["side"] == side), "share"].sum()
        ax.set_title(short(side, 14), fontsize=9, pad=26)
        ax.annotate(
            f"{short(common, 12)} {100 * said:.0f} %\nof {many[side]:,}",
            (0, 1),
            (0, 2),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=7.5,
            color=MUTED,
        )
        ax.set_xlim(0, 1.25 * (bars["share"].max() if len(bars) else 1))
        ax.xaxis.set_major_locator(MaxNLocator(2))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.tick_params(axis="x", labelsize=7)
    drawn[0].set_yticks(range(len(rows)), [short(label, 22) for label, _ in rows])
    for text, (_, is_verb) in zip(drawn[0].get_yticklabels(), rows, strict=True):
        text.set(color=INK if is_verb else MUTED, style="normal" if is_verb else "italic")
        text.set_fontsize(9 if is_verb else 8)
    drawn[0].set_ylim(len(rows) - 0.4, -0.7)
    return described(drawn[0], _cues_in_words(table, shown, common))


def _rows_by_class(table: pd.DataFrame, verbs: int) -> list[tuple[str, bool]]:
    """The commonest cues under their classes, as (label, is a cue); those in no class last."""
    top = table.drop_duplicates("cue").head(verbs)
    sizes = top.groupby("class")["total"].sum().reset_index()
    sizes["unlisted"] = sizes["class"] == ""
    order = sizes.sort_values(["unlisted", "total", "class"], ascending=[True, False, True])
    rows: list[tuple[str, bool]] = []
    for name in order["class"]:
        rows.append((name or "not verbs", False))
        rows += [(cue, True) for cue in top.loc[top["class"] == name, "cue"]]
    return rows


def _cues_in_words(table: pd.DataFrame, shown: Sequence[str], common: str) -> str:
    own = table[(table["cue"] == common) & table["side"].isin(shown)]
    shares = ", ".join(
        f"{s} {100 * v:.0f} %" for s, v in zip(own["side"], own["share"], strict=True)
    )
    return (
        f"Bars: verbs that introduce statements, by side ({', '.join(shown)}). The commonest is "
        f"“{common}”: {shares}."
    )
