"""One article read once: its quotations, sentences, statements, and the stretches to be counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.measure.names import SpeakerTable
from analysis.measure.tokens import sentences, token_spans
from analysis.measure.voices import Statement, quoted_spans, sides_of_quoted, statements

LEAD_SENTENCES = 5
NAME_WORDS = 8
HEADLINE, LEAD, BODY = range(3)
NARRATOR, QUOTED = range(2)

Span = tuple[int, int]


class Segment(NamedTuple):
    """A stretch of an article in one zone and one voice; quoted ones know their side."""

    zone: int
    voice: int
    side: str
    text: str


@dataclass(frozen=True)
class Reading:
    """What is found in a text before anything is counted; all offsets are code points.

    Attributes
    ----------
    quoted, sentences, tokens : spans, in text order
    said : the statements, in text order
    sides : for each quoted span the side of its speaker, '' where unknown
    lead_end : where the lead, the first five sentences, ends
    """

    text: str
    quoted: list[Span]
    sentences: list[Span]
    tokens: list[Span]
    said: list[Statement]
    sides: list[str]

    @property
    def lead_end(self) -> int:
        """Code point at which the first five sentences end."""
        if len(self.sentences) <= LEAD_SENTENCES:
            return len(self.text)
        return self.sentences[LEAD_SENTENCES - 1][1]

    def segments(self, title: str) -> list[Segment]:
        """Headline and text, cut at quotation marks and at the end of the lead."""
        in_title = quoted_spans(title)
        pieces = [
            Segment(HEADLINE, voice, side, title[a:b])
            for voice, side, a, b in _voices(title, in_title, [""] * len(in_title))
        ]
        end = self.lead_end
        for voice, side, a, b in _voices(self.text, self.quoted, self.sides):
            if a < end:
                pieces.append(Segment(LEAD, voice, side, self.text[a : min(b, end)]))
            if b > end:
                pieces.append(Segment(BODY, voice, side, self.text[max(a, end) : b]))
        return pieces

    def statement_rows(self) -> list[tuple[object, ...]]:
        """The statements as rows of Measures' table, without the article.

        order, speaker (at most eight words of it), side, role, cue, kind, rule, modality,
        start_word, words, marked_words.
        """
        starts = [start for start, _ in self.tokens]
        rows: list[tuple[object, ...]] = []
        for order, s in enumerate(self.said, 1):
            first, last = bisect_left(starts, s.start), bisect_left(starts, s.end)
            marked = sum(
                bisect_left(starts, min(b, s.end)) - bisect_left(starts, max(a, s.start))
                for a, b in self.quoted
                if a < s.end and s.start < b
            )
            who, cue = _cut(s.speaker), _cut(s.cue.casefold())
            found = (who, s.side, s.role, cue, s.kind, s.rule, s.modality)
            rows.append((order, *found, first, last - first, marked))
        return rows


def read(text: str, speakers: SpeakerTable) -> Reading:
    """Read a text: quotations, sentences, tokens, and who is credited with what."""
    quoted = quoted_spans(text)
    spans = sentences(text, quoted)
    said = statements(text, quoted, spans, speakers)
    return Reading(text, quoted, spans, token_spans(text), said, sides_of_quoted(quoted, said))


def _cut(phrase: str) -> str:
    """A phrase no longer than a name may be: what is measured is published, text is not."""
    words = phrase.split()
    return " ".join(words[:NAME_WORDS]) + (" …" if len(words) > NAME_WORDS else "")


def _voices(
    text: str, quoted: Sequence[Span], sides: Sequence[str]
) -> Iterator[tuple[int, str, int, int]]:
    """(voice, side, start, end) of the whole text, in order."""
    at = 0
    for (start, end), side in zip(quoted, sides, strict=True):
        yield NARRATOR, "", at, start
        yield QUOTED, side, start, end
        at = end
    yield NARRATOR, "", at, len(text)
