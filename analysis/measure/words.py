"""Articles read once: their quotations, sentences and statements, and whose each word is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.measure.speech.names import SpeakerTable
from analysis.measure.tokens import Tokens, find_tokens, sentences
from analysis.measure.voices import Statement, quoted_spans, sides_of_quoted, statements

LEAD_SENTENCES = 5
HEADLINE, LEAD, BODY = range(3)

Span = tuple[int, int]


class Piece(NamedTuple):
    """A headline or a text, and what is found in it, in text order.

    Attributes
    ----------
    quoted : spans of what stands in quotation marks
    sentences : spans of the sentences
    said : the statements
    """

    text: str
    quoted: list[Span]
    sentences: list[Span]
    tokens: Tokens
    said: list[Statement]

    def tokens_in(self, start: int, end: int, offset: int = 0) -> slice:
        """The tokens that begin in a span of the text, counted from `offset`."""
        starts = self.tokens.starts
        return slice(offset + bisect_left(starts, start), offset + bisect_left(starts, end))


@dataclass(frozen=True)
class Reading:
    """What is found in an article before anything is counted; all offsets are code points."""

    headline: Piece
    text: Piece

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """Headline and text."""
        return self.headline, self.text

    @property
    def lead_end(self) -> int:
        """Code point of the text at which the first five sentences end."""
        spans = self.text.sentences
        if len(spans) <= LEAD_SENTENCES:
            return len(self.text.text)
        return spans[LEAD_SENTENCES - 1][1]


def read(title: str, text: str, speakers: SpeakerTable) -> Reading:
    """Read an article: quotations, sentences, tokens, and who is credited with what."""
    return Reading(*(_piece(one, speakers) for one in (title, text)))


def _piece(text: str, speakers: SpeakerTable) -> Piece:
    quoted = quoted_spans(text)
    spans = sentences(text, quoted)
    return Piece(text, quoted, spans, find_tokens(text), statements(text, quoted, spans, speakers))


@dataclass(frozen=True)
class Words:
    """Every token of some articles: which word it is, where it stands and whose it is.

    Attributes
    ----------
    forms : the distinct words as they are written
    form, article, zone, quoted, side, statement
        One entry a token, article by article, the headline's first: index into `forms`; number
        of the article; 0 headline, 1 lead, 2 body; whether inside quotation marks; index into
        `sides` of who is quoted; index into `said`, -1 where it is part of no statement. Of
        statements that overlap, a token is part of the one that begins last.
    pieces : the first token of each headline and each text, by turns, and the end
    said : the statements of all headlines and texts
    said_in, said_first, said_after
        One entry a statement: index into `pieces` of where it stands (even: a headline), first
        token, token after the last.
    """

    forms: list[str]
    form: np.ndarray
    article: np.ndarray
    zone: np.ndarray
    quoted: np.ndarray
    side: np.ndarray
    sides: list[str]
    statement: np.ndarray
    pieces: np.ndarray
    said: list[Statement]
    said_in: np.ndarray
    said_first: np.ndarray
    said_after: np.ndarray


def words_of(readings: Sequence[Reading]) -> Words:
    """The tokens of the articles read."""
    written: list[str] = []
    pieces = [0]
    for one in readings:
        for piece in one.pieces:
            written += piece.tokens.words
            pieces.append(len(written))
    encoded = pa.array(written, "string").dictionary_encode()
    zone, side = np.full(len(written), BODY, np.int64), np.zeros(len(written), np.int64)
    quoted, statement = np.zeros(len(written), bool), np.full(len(written), -1)
    sides = {"": 0}
    spans: list[tuple[int, int, int]] = []
    for number, one in enumerate(readings):
        headline, text = pieces[2 * number : 2 * number + 2]
        zone[headline:text] = HEADLINE
        zone[one.text.tokens_in(0, one.lead_end, text)] = LEAD
        for at, piece in enumerate(one.pieces, 2 * number):
            offset = pieces[at]
            speaks = sides_of_quoted(piece.quoted, piece.said)
            for (start, end), its_side in zip(piece.quoted, speaks, strict=True):
                inside = piece.tokens_in(start, end, offset)
                quoted[inside] = True
                side[inside] = sides.setdefault(its_side, len(sides))
            for s in piece.said:
                inside = piece.tokens_in(s.start, s.end, offset)
                statement[inside] = len(spans)
                spans.append((at, inside.start, inside.stop))
    in_order = sorted(sides)
    rank = np.array([in_order.index(name) for name in sides])
    said_in, first, after = np.array(spans, np.int64).reshape(-1, 3).T
    return Words(
        forms=encoded.dictionary.to_pylist(),
        form=encoded.indices.to_numpy(),
        article=np.repeat(np.repeat(np.arange(len(readings)), 2), np.diff(pieces)),
        zone=zone,
        quoted=quoted,
        side=rank[side],
        sides=in_order,
        statement=statement,
        pieces=np.array(pieces),
        said=[s for one in readings for piece in one.pieces for s in piece.said],
        said_in=said_in,
        said_first=first,
        said_after=after,
    )
