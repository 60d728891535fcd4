"""What a page claims: a headline, the line of evidence below it, and how sure it is."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.report.plots.style import Picture
from analysis.report.show import Said

Badge = Literal["tested", "described", "confounded"]

# The one glossary: shown where a word of it is pointed at or focused, and folded on each page.
GLOSSARY: Mapping[str, str] = {
    "tested": "A test that moves whole articles between the sides says that a difference this "
    "large is rare where there is none; q below .05 after allowing for all tests of its kind.",
    "described": "A count, not a test: too few articles, or a list that was not checked on these "
    "articles. Read it as what stands in them, not as what the outlet does.",
    "confounded": "Something other than the outlet explains the difference as well; it is named.",
    "q": "The share of false findings to be expected among all words (or themes, or speakers) "
    "with a value this small or smaller.",
    "p": "How often a difference this large comes about when articles are dealt at random.",
    "k": "Articles that hold it.",
    "n": "Articles there are.",
    "dp": "Deviation of proportions (Gries 2008): 0 where a word is spread evenly over the "
    "articles, towards 1 where it stands in one of them.",
    "own": "What the outlet says itself: neither reported nor inside quotation marks.",
    "reported": "What it reports others as saying, without quotation marks.",
    "quoted": "What stands inside quotation marks.",
}


def badge(kind: Badge, detail: str = "") -> str:
    """A badge as HTML; its meaning is shown when it is pointed at or focused."""
    text = kind + (f", {detail}" if detail else "")
    return (
        f'<button type="button" class="badge {kind}" data-gloss="{kind}">'
        f"{html.escape(text)}</button>"
    )


@dataclass(frozen=True)
class Claim:
    """One finding. Made by the rules of `analysis.report.findings` and shown by notebooks.

    Attributes
    ----------
    kind : what it is of; an index shows one of a kind
    headline, line : the finding; its unit, n and period
    sure : badge, and `detail` beside it, such as ``q = .017``
    rivals : what else could explain it
    link : page and anchor of the evidence
    picture : draws its small picture, where it has one
    """

    kind: str
    headline: Said
    line: Said
    sure: Badge = "described"
    detail: str = ""
    rivals: Sequence[str] = ()
    link: str = ""
    picture: Callable[[], Picture] | None = field(default=None, compare=False)

    @property
    def anchor(self) -> str:
        """Of the headline on its page."""
        return f"found-{self.kind}"

    def html(self, level: int = 3) -> str:
        """Headline, evidence, badge and rivals; the picture stands below it on its page."""
        rivals = "".join(f"<li>{html.escape(rival)}</li>" for rival in self.rivals)
        return (
            f'<div class="claim"><h{level} id="{self.anchor}">{self.headline.inline()}</h{level}>'
            f'<p class="line">{self.line.inline()} {badge(self.sure, self.detail)}</p>'
            + (
                f'<ul class="rivals" aria-label="What else could explain it">{rivals}</ul>'
                * bool(rivals)
            )
            + "</div>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        lines = [
            repr(self.headline),
            f"{self.line!r} [{self.sure}{', ' * bool(self.detail)}{self.detail}]",
        ]
        return "\n".join([*lines, *self.rivals])


def as_html(shown: Any) -> str:
    """What a notebook cell may end on, as HTML."""
    return str(shown.html() if isinstance(shown, Picture) else shown._repr_html_())
