"""Pictures of what is alike: outlets, words, articles, and copy that two articles share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from adjustText import adjust_text
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from analysis.errors import counted
from analysis.report.plots import style
from analysis.report.plots.bars import nothing

# Not the very blue of own voice, which is another one in the dark; here ink goes by the shade.
_SHADES = LinearSegmentedColormap.from_list("paper to blue", ["#f4f8fb", "#0071b1"])
_NAMED = 30
_MEANING = {
    "narrator": "own words in both",
    "mixed": "quoted in one of them",
    "quoted": "quoted in both",
}
_HATCHES = {"narrator": "", "mixed": "....", "quoted": "/////"}
_LEVELS = ((1.0, 0.82), (0.18, 0.0))  # top and bottom of the two bars of a strip
_VOICES = {"narrator": style.NARRATOR, "mixed": style.PURPLE, "quoted": style.QUOTED}


@style.styled
def heatmap(
    table: pd.DataFrame,
    order: list[str],
    tree: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Mean cosine between outlets, from `similarity.between_outlets`.

    Parameters
    ----------
    order
        Outlets from top to bottom, such as ``similarity.clusters(measures, "outlet")``'s
        ``attrs["order"]``; of more than 30 those with most articles are shown. On the framed
        diagonal stands the mean cosine within the outlet.
    tree
        From `similarity.clusters`, of the same outlets; drawn beside the squares.
    """
    order = _largest(table, order) if "cosine" in table else []
    n = len(order)
    if n < 2:
        return nothing("There are no two outlets of several articles to be compared.")
    ax = style.axes(ax, width=min(7.2, 2.2 + 0.42 * n), height=min(7.2, 1.4 + 0.36 * n))
    cells = _cells(table, order)
    mesh = ax.pcolormesh(cells, cmap=_SHADES, edgecolors=style.PAPER, linewidth=2.5)
    for (i, j), value in np.ndenumerate(cells):
        known = not np.isnan(value)
        ink = style.ink_on(mesh.to_rgba(value)) if known else style.MUTED
        text = f"{value:.2f}".removeprefix("0") if known else "–"
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7.5 if n > 8 else 9}
        ax.text(j + 0.5, i + 0.5, text, color=ink, **look)
        if i == j:
            ax.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor=style.INK, linewidth=1.2))
    names = [style.short(name, 26) for name in order]
    ax.set_xticks(np.arange(n) + 0.5, names, rotation=45, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.set_yticks(np.arange(n) + 0.5, names)
    ax.tick_params(axis="x", colors=style.INK)
    ax.set(xlim=(-0.05, n + 0.05), ylim=(n + 0.05, -0.05), aspect="equal")
    for spine in ax.spines.values():
        spine.set_visible(False)
    if tree is not None and len(tree) == n - 1:
        _draw_tree(ax, tree, order)
    return style.described(ax, _heatmap_in_words(table, order))


def _draw_tree(ax: Axes, tree: pd.DataFrame, order: list[str]) -> None:
    """At the right of the squares: the nearer to them two branches join, the more alike."""
    joined = {name: (0.0, row + 0.5) for row, name in enumerate(order)}
    scale = 2 / (float(tree["distance"].max()) or 1.0)
    for step in tree.itertuples():
        (near, first), (far, second) = joined[step.a], joined[step.b]
        across = len(order) + 0.1 + scale * np.array([near, step.distance, step.distance, far])
        ax.plot(across, [first, first, second, second], color=style.MUTED, linewidth=1)
        joined[f"#{step.step}"] = (step.distance, (first + second) / 2)
    ax.set_xlim(-0.05, len(order) + 2.3)


def _largest(table: pd.DataFrame, order: list[str]) -> list[str]:
    sizes = table[table["a"] == table["b"]].set_index("a")["articles_a"].to_dict()
    kept = sorted(order, key=lambda name: (-sizes.get(name, 0), name))[:_NAMED]
    return [name for name in order if name in set(kept)]


def _cells(table: pd.DataFrame, order: list[str]) -> np.ndarray:
    both = pd.concat([table, table.rename(columns={"a": "b", "b": "a"})])
    known = both.drop_duplicates(["a", "b"]).pivot(index="a", columns="b", values="cosine")
    return known.reindex(index=order, columns=order).to_numpy(float)


def _heatmap_in_words(table: pd.DataFrame, order: list[str]) -> str:
    shown = table["a"].isin(order) & table["b"].isin(order)
    across = table[shown & (table["a"] != table["b"]) & table["cosine"].notna()]
    if across.empty:
        return f"A table of squares, empty, for {len(order)} outlets."
    most, least = across.iloc[0], across.iloc[-1]
    return (
        f"A table of squares, {len(order)} outlets by {len(order)}, darker where articles are more "
        f"alike. Across outlets the mean cosine is highest for {most['a']} and {most['b']} "
        f"({most['cosine']:.2f}) and lowest for {least['a']} and {least['b']} "
        f"({least['cosine']:.2f}); the framed diagonal is the mean within one outlet."
    )


@style.styled
def contributions(table: pd.DataFrame, a: str, b: str, *, terms: int = 20) -> Axes:
    """What the terms contribute to the cosine of two articles, from `similarity.explain`.

    `a` and `b` are what the two are called over their columns of uses.
    """
    if table.empty:
        return nothing("No two articles here have a word in common.")
    shown = table.head(terms)
    rest = table["contribution"].iloc[len(shown) :]
    ax = style.axes(None, rows=len(shown) + 1)
    ax.barh(range(len(shown)), shown["contribution"], color=style.BLUE, height=0.72)
    for row, value in enumerate(shown["contribution"]):
        style.note(ax, f"{value:.3f}", (value, row))
    for column, heading, right in (("count_a", a, 1.12), ("count_b", b, 1.27)):
        where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "ha": "right"}
        style.note(ax, style.short(heading, 14), (right, -0.9), (0, 0), **where)
        for row, count in enumerate(shown[column]):
            style.note(ax, f"{count:,}", (right, row), (0, 0), color=style.INK, **where)
    style.frame(ax, range(len(shown)), [style.short(name, 26) for name in shown["spelling"]])
    for label, term in zip(ax.get_yticklabels(), shown["term"], strict=True):
        style.linked(label, term)
    ax.margins(x=0.12)
    ax.set_xlabel("contribution to the cosine")
    total = table["contribution"].sum()
    first = ", ".join(shown["spelling"].head(5))
    return style.described(
        ax,
        f"Bars: the {len(shown)} terms that contribute most to a cosine of {total:.2f}, from "
        f"{first} on. "
        + (f"{len(rest):,} other terms together give {rest.sum():.2f}." if len(rest) else ""),
    )


@style.styled
def article_map(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Articles as points, from `similarity.map_articles`; outlets are named on the map.

    With up to 30 articles each point is named by its outlet; with more, the outlet's name stands
    beside a large framed mark at the middle (median) of its articles, for the 30 outlets with
    most of them.
    """
    if "x" not in table or table.empty:
        return nothing("There are too few articles for a map.")
    ax = style.axes(ax, width=7.2, height=6.2)
    outlets = sorted(table["outlet"].unique(), key=lambda o: (-(table["outlet"] == o).sum(), o))
    looks = _looks(outlets)
    many = len(table) > _NAMED
    middles = table.groupby("outlet")[["x", "y"]].median().loc[outlets[:_NAMED]]
    for outlet in reversed(outlets):
        points = table[table["outlet"] == outlet]
        look: dict[str, Any] = {"color": looks[outlet][0], "marker": looks[outlet][1]}
        alone = not many or len(points) == 1
        alpha = 0.9 if alone else 0.45
        marks = ax.scatter(points["x"], points["y"], s=26, alpha=alpha, lw=0, **look)
        if not alone and outlet in middles.index:
            middle = middles.loc[outlet]
            large: dict[str, Any] = {
                "s": 95,
                "edgecolors": style.INK,
                "linewidths": 1.1,
                "zorder": 4,
            }
            ax.scatter([middle["x"]], [middle["y"]], **large, **look)
        style.hovered(marks, f"{outlet} · " + points.get("title", points["outlet"]))
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.1)
    _name_points(ax, table, middles.reset_index() if many else table)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(True)
    stress = table.attrs.get("stress", float("nan"))
    ax.annotate(f"stress {stress:.2f}", (0.01, 0.01), xycoords="axes fraction", color=style.MUTED)
    return style.described(
        ax,
        f"A map of {counted(len(table), 'article')} of {counted(len(outlets), 'outlet')}; near "
        f"each other where their words are alike. Stress {stress:.2f}. The axes have no meaning.",
    )


def _looks(outlets: list[str]) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each outlet; no two have both in common up to 49."""
    return {
        outlet: (
            style.PALETTE[i % len(style.PALETTE)],
            style.MARKERS[(i + i // len(style.PALETTE)) % len(style.MARKERS)],
        )
        for i, outlet in enumerate(outlets)
    }


def _name_points(ax: Axes, table: pd.DataFrame, places: pd.DataFrame) -> None:
    """Names of outlets beside these places, moved until they overlap nothing that is drawn."""
    halo = [withStroke(linewidth=2.5, foreground=style.PAPER)]
    names = [
        ax.text(x, y, style.short(outlet, 30), color=style.INK, path_effects=halo, fontsize=8.5)
        for outlet, x, y in places[["outlet", "x", "y"]].itertuples(index=False)
    ]
    # Limits on iterations, not on time: the same picture on every machine.
    adjust_text(
        names,
        *_off_limits(table, places),
        target_x=places["x"].to_list(),
        target_y=places["y"].to_list(),
        ax=ax,
        iter_lim=300,
        expand=(1.1, 1.3),
        min_arrow_len=9,
        arrowprops={"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.6},
    )


def _off_limits(table: pd.DataFrame, places: pd.DataFrame) -> np.ndarray:
    """Points that names keep off, x and y: all articles, and rings around the marks named."""
    at = table[["x", "y"]].to_numpy(float)
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    ring = 0.016 * float(np.ptp(at, axis=0).max()) * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around = places[["x", "y"]].to_numpy(float)[:, None] + ring
    return np.concatenate([at, around.reshape(-1, 2)]).T


@style.styled
def shared_strip(passages: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Where two articles share copy: the first pair of `evidence.copied_passages`.

    Each article is a bar, its beginning at the left; a band joins a passage's two places.
    """
    if passages.empty:
        return nothing("No pair that shares copy has its texts at hand.")
    pair = passages.iloc[0]
    passages = passages[(passages["a"] == pair["a"]) & (passages["b"] == pair["b"])]
    lengths = (int(pair["length_a"]), int(pair["length_b"]))
    names = (pair["outlet_a"], pair["outlet_b"])
    ax = style.axes(ax, width=7.2, height=1.9)
    longest = max(*lengths, 1)
    for (top, bottom), length in zip(_LEVELS, lengths, strict=True):
        ax.add_patch(
            Rectangle((0, bottom), length, top - bottom, facecolor=style.RULE, linewidth=0)
        )
    _draw_passages(ax, passages)
    ax.set(xlim=(0, longest), ylim=(-0.02, 1.02))
    ax.set_yticks([0.91, 0.09], [style.short(name, 30) for name in names])
    ax.set_xticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    words = passages.groupby("voice")["words"].sum()
    told = {v: f"{_MEANING[v]}: {words[v]:,} words" for v in _VOICES if v in words.index}
    for voice, text in told.items():
        ax.add_patch(Rectangle((0, -9), 1, 1, label=text, **_look(voice)))  # for the key alone
    where: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.02), "ncols": 3}
    ax.legend(handlelength=1.4, handleheight=1, **where)
    parts = "; ".join(told.values())
    return style.described(
        ax,
        f"Two bars, {names[0]} above {names[1]}, with {passages['passage'].nunique()} shared "
        f"passages joined by bands. Shared in {parts}.",
    )


def _look(voice: str) -> dict[str, Any]:
    """How a passage in this voice is drawn."""
    face, hatch = _VOICES[voice], _HATCHES[voice]
    return {"facecolor": face, "hatch": hatch, "edgecolor": style.PAPER, "linewidth": 0}


def _draw_passages(ax: Axes, passages: pd.DataFrame) -> None:
    """Each passage in both bars, and the band between its two places."""
    for piece in passages.itertuples():
        look = _look(str(piece.voice))
        spans = ((piece.a_start, piece.a_end), (piece.b_start, piece.b_end))
        for (start, end), (top, bottom) in zip(spans, _LEVELS, strict=True):
            ax.add_patch(Rectangle((start, bottom), end - start, top - bottom, **look))
        (_, above), (below, _) = _LEVELS
        corners = [(piece.a_start, above), (piece.a_end, above)]
        corners += [(piece.b_end, below), (piece.b_start, below)]
        ax.add_patch(Polygon(corners, facecolor=look["facecolor"], alpha=0.28, linewidth=0))
