"""Articles read once: their quotations, sentences and statements, and whose each word is."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from analysis.data import LANGUAGE
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import Statement, statements
from analysis.measure.tokens import Tokens, find_tokens

LEAD_SENTENCES = 5
HEADLINE, LEAD, BODY = range(3)
NARRATOR, REPORTED, QUOTED = range(3)

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


def read(title: str, text: str, speakers: SpeakerTable, language: str = LANGUAGE) -> Reading:
    """Read an article: quotations, sentences, tokens, and who is credited with what.

    In a language without rules (`analysis.measure.speech.statements.has_rules`) nobody is.
    """
    pieces = []
    for one in (title, text):
        quoted = quoted_spans(one)
        spans = sentences(one, quoted, language)
        said = statements(one, quoted, spans, speakers, language)
        pieces.append(Piece(one, quoted, spans, find_tokens(one), said))
    return Reading(*pieces)


@dataclass(frozen=True)
class Words:
    """Every token of some articles: which word it is, where it stands and whose it is.

    Attributes
    ----------
    forms : the distinct words as they are written
    form, article, zone, quoted, voice, side, statement
        One entry a token, article by article, the headline's first: index into `forms`; number
        of the article; 0 headline, 1 lead, 2 body; whether inside quotation marks; 0 narrator, 1
        reported (part of a statement, unmarked), 2 quoted; index into `sides` of who is reported
        or quoted; index into `said`, -1 where it is part of no statement. Of statements that
        overlap, a token is part of the one that begins last.
    pieces : the first token of each headline and each text, by turns, and the end
    said : the statements of all headlines and texts
    said_in, said_first, said_words, said_marked
        One entry a statement: index into `pieces` of where it stands (even: a headline), first
        token, number of tokens, and of those inside quotation marks.
    """

    forms: list[str]
    form: np.ndarray
    article: np.ndarray
    zone: np.ndarray
    quoted: np.ndarray
    voice: np.ndarray
    side: np.ndarray
    sides: list[str]
    statement: np.ndarray
    pieces: np.ndarray
    said: list[Statement]
    said_in: np.ndarray
    said_first: np.ndarray
    said_words: np.ndarray
    said_marked: np.ndarray


def words_of(readings: Sequence[Reading]) -> Words:
    """The tokens of the articles read."""
    pieces = [piece for one in readings for piece in one.pieces]
    starts = [0, *accumulate(len(piece.tokens.words) for piece in pieces)]
    written = chain.from_iterable(piece.tokens.words for piece in pieces)
    encoded = pa.array(list(written), "string").dictionary_encode()
    zone = np.full(starts[-1], BODY, np.int64)
    for number, one in enumerate(readings):
        headline, text = starts[2 * number : 2 * number + 2]
        zone[headline:text] = HEADLINE
        zone[one.text.tokens_in(0, one.lead_end, text)] = LEAD
    said = [s for piece in pieces for s in piece.said]
    sides = sorted({"", *(s.side for s in said)})
    side_of = np.array([*(sides.index(s.side) for s in said), sides.index("")])
    quoted, statement = np.zeros(starts[-1], bool), np.full(starts[-1], -1)
    stands: list[tuple[int, list[slice]]] = []  # in which piece, and its tokens
    for at, (piece, offset) in enumerate(zip(pieces, starts[:-1], strict=True)):
        for s in piece.said:
            parts = [piece.tokens_in(*span, offset) for span in s.spans]
            for part in parts:
                statement[part] = len(stands)
            stands.append((at, parts))
        for span in piece.quoted:
            quoted[piece.tokens_in(*span, offset)] = True
    return Words(
        forms=encoded.dictionary.to_pylist(),
        form=encoded.indices.to_numpy(),
        article=np.repeat(np.repeat(np.arange(len(readings)), 2), np.diff(starts)),
        zone=zone,
        quoted=quoted,
        voice=np.where(quoted, QUOTED, np.where(statement >= 0, REPORTED, NARRATOR)),
        side=side_of[statement],
        sides=sides,
        statement=statement,
        pieces=np.array(starts),
        said=said,
        said_in=np.array([at for at, _ in stands], np.int64),
        said_first=np.array([parts[0].start for _, parts in stands], np.int64),
        said_words=_sums(np.ones_like(quoted), stands),
        said_marked=_sums(quoted, stands),
    )


def _sums(of: np.ndarray, stands: list[tuple[int, list[slice]]]) -> np.ndarray:
    """How many tokens of a kind each statement holds."""
    until = np.concatenate([[0], np.cumsum(of, dtype=np.int64)])
    sums = (sum(until[part.stop] - until[part.start] for part in parts) for _, parts in stands)
    return np.fromiter(sums, np.int64, len(stands))
