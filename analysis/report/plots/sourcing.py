"""Pictures of who speaks where in an article."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import counted
from analysis.report.plots import style
from analysis.report.plots.bars import LOOKS, key, nothing

_MOST = 12
_ROOM = 0.09  # of the widest article, from which a speaker's name fits over the words


@style.styled
def strips(articles: pd.DataFrame, statements: pd.DataFrame, called: pd.Series) -> Axes:
    """Articles from first word to last, one under the other and on one scale, at most twelve.

    The line is the outlet's own voice; boxes are what is reported (dotted) and what holds a
    quotation (hatched), with the speaker's name where there is room.

    Parameters
    ----------
    articles : id, outlet, words; the longest twelve are drawn, in their order
    statements : article, start_word, words, kind, speaker
    called : what an article is called, by id
    """
    shown = articles[articles["words"] > 0].nlargest(_MOST, "words").index
    shown = articles.loc[articles.index.isin(shown)]
    if shown.empty:
        return nothing("No article here has a word.")
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
    key(ax, list(LOOKS))
    return style.described(ax, _in_words(shown, statements))


def _box(ax: Axes, y: float, said: Any, longest: int) -> None:
    look = LOOKS["reported" if said.kind == "indirect" else "quoted"]
    ax.barh(y, said.words, left=said.start_word, height=0.62, zorder=2, **look)
    speaker = str(said.speaker)
    if said.words >= _ROOM * longest * (1 + style.narrow()) and speaker not in ("", "unattributed"):
        last = style.short(speaker.split()[-1], 14)
        box = {"boxstyle": "square,pad=0.12", "facecolor": style.PAPER, "linewidth": 0}
        middle = said.start_word + said.words / 2
        ax.text(middle, y, last, fontsize=7, ha="center", va="center", bbox=box, zorder=3)


def _in_words(articles: pd.DataFrame, statements: pd.DataFrame) -> str:
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
