"""Two articles next to each other, where their texts are at hand: what they share is marked."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from analysis.measure.evidence import shared_passages
from analysis.measure.sentences import quoted_spans
from analysis.report.show import Said, say
from analysis.report.study import Study

Span = tuple[int, int, str]  # start, end, attributes of its element


@dataclass(frozen=True)
class Reading:
    """Two texts in two columns. Made by `side_by_side`."""

    columns: tuple[tuple[str, str], tuple[str, str]]  # heading, marked text as HTML

    def _repr_html_(self) -> str:
        parts = "".join(
            f'<section><h3>{html.escape(name)}</h3><div class="text">{text}</div></section>'
            for name, text in self.columns
        )
        return f'<div class="reading">{parts}</div>'

    def __repr__(self) -> str:
        return " | ".join(name for name, _ in self.columns)


def side_by_side(study: Study, a: str, b: str) -> Reading | Said:
    """Two articles with shared passages of eight words, quotations and speakers marked."""
    texts = study.texts.set_index("id")["text"]
    if not a:
        return say("There are no two articles of different {by}s here.", by=study.by)
    if a not in texts.index or b not in texts.index:
        return say(
            "This corpus is measured: it holds counts, no sentence. Whoever has the texts builds "
            "the report with them, and reads two articles here side by side."
        )
    shared = shared_passages(texts[a], texts[b])
    said = study.measures.statements
    names = sorted({str(name) for name in said["speaker"][said["article"].isin([a, b])]} - {""})
    columns = []
    for article, side in ((a, "a"), (b, "b")):
        spans = zip(shared[f"{side}_start"], shared[f"{side}_end"], shared["passage"], strict=True)
        marks: list[Span] = [(s, e, f'data-passage="{p}"') for s, e, p in spans]
        columns.append(
            (
                study.called[article],
                marked(
                    texts[article],
                    [*marks, *_quoted(texts[article]), *_named(texts[article], names)],
                ),
            )
        )
    return Reading((columns[0], columns[1]))


def _quoted(text: str) -> list[Span]:
    return [(start, end, 'class="q"') for start, end in quoted_spans(text)]


def _named(text: str, names: Iterable[str]) -> list[Span]:
    """Where speakers are named, in full or by their last name."""
    found: list[Span] = []
    for name in names:
        for form in {name, name.split()[-1]}:
            start = text.find(form) if len(form) > 3 and form[0].isupper() else -1
            while start >= 0:
                found.append((start, start + len(form), 'class="name"'))
                start = text.find(form, start + len(form))
    return found


def marked(text: str, spans: Iterable[Span]) -> str:
    """Text as HTML in paragraphs, every stretch with the attributes of all spans that cover it.

    >>> marked("a b", [(0, 1, 'class="q"')])
    '<p><span class="q">a</span> b</p>'
    """
    listed = list(spans)
    cuts = sorted({0, len(text), *(at for s, e, _ in listed for at in (s, e))})
    parts = []
    for start, end in pairwise(cuts):
        inner = "</p><p>".join(html.escape(p) for p in text[start:end].split("\n\n"))
        for attributes in dict.fromkeys(at for s, e, at in listed if s <= start and end <= e):
            inner = "</p><p>".join(
                f"<span {attributes}>{piece}</span>" if piece else ""
                for piece in inner.split("</p><p>")
            )
        parts.append(inner)
    return f"<p>{''.join(parts)}</p>".replace("<p></p>", "")
