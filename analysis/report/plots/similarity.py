"""Pictures of what is alike: outlets, and the words that make two articles alike."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from analysis.report.plots import style

# Not the very blue of own voice, which is another one in the dark; here ink goes by the shade.
_SHADES = LinearSegmentedColormap.from_list("paper to blue", ["#f4f8fb", "#0071b1"])
_NAMED, _NARROW = 18, 10  # outlets whose numbers can be read, on a page and on a phone


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
        ``attrs["order"]``; of very many those with most articles are shown, and it is said. On the
        framed diagonal stands the mean cosine within the outlet.
    tree
        From `similarity.clusters`, of the same outlets; drawn beside the squares.
    """
    every = len(order)
    order = _largest(table, order) if len(table) else []
    n = len(order)
    if n < 2:
        return style.nothing("There are no two outlets of several articles to be compared.")
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
    ax.spines[:].set_visible(False)
    if n < every:
        ax.set_xlabel(f"{n} of {every}: those with most articles")
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
    most = _NARROW if style.narrow() else _NAMED
    kept = sorted(order, key=lambda name: (-sizes.get(name, 0), name))[:most]
    return [name for name in order if name in kept]


def _cells(table: pd.DataFrame, order: list[str]) -> np.ndarray:
    both = pd.concat([table, table.rename(columns={"a": "b", "b": "a"})])
    known = both.drop_duplicates(["a", "b"]).pivot(index="a", columns="b", values="cosine")
    return known.reindex(index=order, columns=order).to_numpy(float)


def _heatmap_in_words(table: pd.DataFrame, order: list[str]) -> str:
    shown = table["a"].isin(order) & table["b"].isin(order)
    across = table[shown & (table["a"] != table["b"]) & table["cosine"].notna()]
    if across.empty:
        return f"A table of squares, empty, for {len(order)} outlets."
    most, least = (f"{r.a} and {r.b} ({r.cosine:.2f})" for r in across.iloc[[0, -1]].itertuples())
    return (
        f"A table of squares, {len(order)} outlets by {len(order)}, darker where articles are more "
        f"alike. Across outlets the mean cosine is highest for {most} and lowest for {least}; the "
        "framed diagonal is the mean within one outlet."
    )


@style.styled
def contributions(table: pd.DataFrame, a: str, b: str, *, terms: int = 20) -> Axes:
    """What the terms contribute to the cosine of two articles, from `similarity.explain`.

    `a` and `b` are what the two are called over their columns of uses.
    """
    if table.empty:
        return style.nothing("No two articles here have a word in common.")
    shown = table.head(terms)
    rest = table["contribution"].iloc[len(shown) :]
    ax = style.axes(None, rows=len(shown) + 1)
    y = range(len(shown))
    ax.barh(y, shown["contribution"], color=style.BLUE, height=0.72)
    for row, value in zip(y, shown["contribution"], strict=True):
        style.note(ax, f"{value:.3f}", (value, row))
    for column, heading, right in (("count_a", a, 1.12), ("count_b", b, 1.27)):
        cells = [f"{count:,}" for count in shown[column]]
        style.beside(ax, right, y, cells, heading, top=-0.9, ha="right")
    style.frame(ax, y, [style.short(name, 26) for name in shown["spelling"]], shown["term"])
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
