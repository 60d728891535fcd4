"""Where a lexicon's entries stand in a text, and how they are meant there."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from analysis.measure.lexicon import NUMBER, Lexicon, Word
from analysis.measure.reading import Reading
from analysis.measure.tokens import fold, spelling, token_spans
from analysis.measure.voices import Statement, quoted_spans
from analysis.paths import LEXICONS

_SENTENCE_END = re.compile(r"[.;:!?…\n\r]")
_CLAUSE_END = re.compile(r"[.,;:!?…\n\r()\[\]{}—–]|(?<=\s)-(?=\s)")
_NEGATION_WINDOW = 5
_SCARE_WORDS = 4
_SO_CALLED_WINDOW = 2
_MARKS = "\"“”„«»‘’'‟＂″`"


class Hit(NamedTuple):
    """One passage that an entry of a lexicon matches.

    Attributes
    ----------
    lexicon, set, entry, pattern : which one; `entry` is the label, `pattern` as written in the file
    token, tokens : number of its first token in the text, and how many it spans
    start, end : code points of the text
    negated : a negation governs it ("not illegal", "no annexation")
    scare : it stands in at most four words of quotation that are no utterance of their own
    so_called : a word such as *so-called* holds it at arm's length
    """

    lexicon: str
    set: str
    entry: str
    pattern: str
    token: int
    tokens: int
    start: int
    end: int
    negated: bool
    scare: bool
    so_called: bool


class _Way(NamedTuple):
    """One way to match one entry: (least gap, most gap, number of the word) for each place."""

    rank: int
    set_number: int
    adjacent: int  # number of the second word where it follows directly, else -1
    steps: tuple[tuple[int, int, int], ...]


class Matcher:
    """Lexicons compiled for one pass over a text.

    Each distinct word of the texts is looked up once: `begins` holds, for a word as written,
    the ways to match that begin with it, `holds` the places of patterns that it can fill.
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self.lexicons = tuple(lexicons)
        entries = [(lexicon.name, e) for lexicon in self.lexicons for e in lexicon.entries]
        entries.sort(key=lambda pair: (pair[0], pair[1].set, pair[1].label, pair[1].pattern))
        self.entries = entries
        words: dict[Word, int] = {}
        sets: dict[tuple[str, str], int] = {}
        ways: dict[int, list[_Way]] = {}
        for rank, (name, entry) in enumerate(entries):
            set_number = sets.setdefault((name, entry.set), len(sets))
            for sequence in entry.sequences:
                steps = tuple(
                    (s.least, s.most, words.setdefault(s.word, len(words))) for s in sequence
                )
                adjacent = steps[1][2] if len(steps) > 1 and steps[1][1] == 0 else -1
                way = _Way(rank, set_number, adjacent, steps)
                ways.setdefault(steps[0][2], []).append(way)
        self.folded = _Folded()
        self.holds = _Holds(self.folded, words)
        self.begins = _Begins(self.holds, ways)


class _Folded(dict[str, str]):
    def __missing__(self, word: str) -> str:
        self[word] = folded = fold(spelling(word))
        return folded


class _Holds(dict[str, frozenset[int]]):
    """From a word as written to the numbers of the pattern words that it can stand for."""

    def __init__(self, folded: _Folded, words: dict[Word, int]) -> None:
        super().__init__()
        self.folded = folded
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        for word, number in words.items():
            for text in word.exact:
                self._exact.setdefault(text, set()).add(number)
            for stem in word.stems:
                self._stems.setdefault(stem, set()).add(number)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def __missing__(self, word: str) -> frozenset[int]:
        token = self.folded[word]
        numbers = set(self._exact.get(token, ()))
        for length in self._lengths:
            numbers |= self._stems.get(token[:length], set())
        if token[:1].isdigit():
            numbers |= self._exact.get(NUMBER.sub("#", token, count=1), set())
        self[word] = found = frozenset(numbers)
        return found


_Start = tuple[tuple[_Way, ...], str]


class _Begins(dict[str, _Start | None]):
    """From a word as written to the ways that begin with it and the kind of mark it is.

    None where it is neither. The kinds are "negator", "so_called" and "" (`_markers`).
    """

    def __init__(self, holds: _Holds, ways: dict[int, list[_Way]]) -> None:
        super().__init__()
        self._holds = holds
        self._ways = ways

    def __missing__(self, word: str) -> _Start | None:
        found = [way for number in self._holds[word] for way in self._ways.get(number, ())]
        ways = tuple(sorted(found, key=lambda way: way.rank))
        folded, markers = self._holds.folded[word], _markers()
        kind = "negator" if folded in markers["negators"] else ""
        kind = "so_called" if folded in markers["so_called"] or folded == "called" else kind
        self[word] = value = (ways, kind) if ways or kind else None
        return value


def find_hits(
    text: str,
    matcher: Matcher,
    spans: Sequence[tuple[int, int]] | None = None,
    quoted: Sequence[tuple[int, int]] | None = None,
) -> list[Hit]:
    """The passages of a text that the lexicons' entries match, in text order.

    Within one set of a lexicon passages do not overlap: from left to right, the longest match
    wins (counted in tokens; among equals, the first label and pattern by name). Sets do not
    see each other.

    Parameters
    ----------
    spans
        The text's tokens (`token_spans`), found here when left out.
    quoted
        What stands in quotation marks (`quoted_spans`), found here when left out.
    """
    spans = token_spans(text) if spans is None else spans
    words = [text[start:end] for start, end in spans]
    passage = _Passage(text, spans, words, matcher)
    begins = matcher.begins
    starts = map(begins.__getitem__, words)
    candidates = [(i, start) for i, start in enumerate(starts) if start is not None]
    found = _longest_matches(candidates, passage)
    if not found:
        return []
    quoted = quoted_spans(text) if quoted is None else quoted
    marks = _Marks(passage, quoted, [(i, kind) for i, (_, kind) in candidates if kind])
    return [marks.hit(*each) for each in found]


def _longest_matches(
    candidates: list[tuple[int, _Start]], passage: _Passage
) -> list[tuple[int, int, int]]:
    """First token, token after the last, and rank of the entry of each match, in text order."""
    holds, words = passage.matcher.holds, passage.words
    last = len(words) - 1
    free_from: dict[int, int] = {}
    found: list[tuple[int, int, int]] = []
    for i, (ways, _) in candidates:
        if not ways:  # a marker only
            continue
        best: dict[int, tuple[int, int]] = {}
        following = holds[words[i + 1]] if i < last else ()
        for rank, set_number, adjacent, steps in ways:
            if adjacent >= 0 and adjacent not in following:
                continue
            if free_from.get(set_number, 0) > i:
                continue
            end = passage.longest(steps, 1, i + 1) if len(steps) > 1 else i + 1
            if end and (set_number not in best or end > best[set_number][0]):
                best[set_number] = (end, rank)
        for set_number, (end, rank) in best.items():
            free_from[set_number] = end
            found.append((i, end, rank))
    return sorted(found)


class _Passage:
    """A text's words, and what stands between them."""

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int]], words: list[str], matcher: Matcher
    ) -> None:
        self.text, self.spans, self.words, self.matcher = text, spans, words, matcher

    def ends(self, boundary: re.Pattern[str], i: int) -> bool:
        """Whether a boundary stands between token i and the one after."""
        between = self.text[self.spans[i][1] : self.spans[i + 1][0]]
        return between != " " and boundary.search(between) is not None

    def longest(self, steps: tuple[tuple[int, int, int], ...], step: int, at: int) -> int:
        """The end of the longest match of the remaining steps from token `at`, 0 for none."""
        if step == len(steps):
            return at
        least, most, number = steps[step]
        boundary = _SENTENCE_END if most else _CLAUSE_END
        holds, words = self.matcher.holds, self.words
        best = 0
        for i in range(at + least, min(at + most + 1, len(words))):
            if number in holds[words[i]]:
                if any(self.ends(boundary, k) for k in range(at - 1, i)):
                    break
                best = max(best, self.longest(steps, step + 1, i + 1))
        return best

    def folded(self, i: int) -> str:
        return self.matcher.folded[self.words[i]]


# ---------------------------------------------------------------- whose words they are


class Place(NamedTuple):
    """Where a hit is counted: the key of the table `indicators`, without the article."""

    lexicon: str
    set: str
    entry: str
    pattern: str
    zone: str
    voice: str
    side: str


class Tally(NamedTuple):
    """Hits in one place, and how many of them are negated or held at arm's length."""

    times: int
    negated: int
    distanced: int


class PlacedHit(NamedTuple):
    """A hit, where it is counted, and the speaker who is credited with it."""

    hit: Hit
    place: Place
    speaker: str


def placed_hits(title: str, reading: Reading, matcher: Matcher) -> list[PlacedHit]:
    """The hits of an article with zone and voice: those of the headline, then those of the text.

    A hit's voice is *quoted* inside quotation marks, *reported* where it is part of a statement
    that somebody is credited with, *narrator* otherwise. A few words in quotation marks that no
    statement claims (scare quotes) are the narrator's, and count as distanced. Where statements
    overlap, a hit belongs to the one that begins last.
    """
    marks = quoted_spans(title)
    in_title = [("headline", hit) for hit in find_hits(title, matcher, quoted=marks)]
    lead_end = reading.lead_end
    in_text = [
        ("lead" if hit.start < lead_end else "body", hit)
        for hit in find_hits(reading.text, matcher, reading.tokens, reading.quoted)
    ]
    said = [(s.start, s.end) for s in reading.said]
    in_quotes, in_statements = _Cover(reading.quoted), _Cover(said)
    placed = [_placed(zone, hit, _Cover(marks).at(hit.start) >= 0, None) for zone, hit in in_title]
    for zone, hit in in_text:
        at = in_statements.at(hit.start)
        by = reading.said[at] if at >= 0 else None
        placed.append(_placed(zone, hit, in_quotes.at(hit.start) >= 0, by))
    return placed


class _Cover:
    """Which of many spans, sorted by start, holds a place in the text."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]
        self._reach = list(accumulate((end for _, end in spans), max))

    def at(self, place: int) -> int:
        """The number of the span that begins last of those around `place`; -1 where none is."""
        i = bisect_right(self._starts, place) - 1
        while i >= 0 and self._reach[i] > place:
            if self._spans[i][1] > place:
                return i
            i -= 1
        return -1


def _placed(zone: str, hit: Hit, inside: bool, by: Statement | None) -> PlacedHit:
    voice = "quoted" if inside and (by or not hit.scare) else "reported" if by else "narrator"
    side, speaker = (by.side, by.speaker) if by else ("", "")
    place = Place(hit.lexicon, hit.set, hit.entry, hit.pattern, zone, voice, side)
    return PlacedHit(hit, place, speaker)


def tally(hits: Iterable[PlacedHit]) -> dict[Place, Tally]:
    """How many hits stand in each place."""
    rows: dict[Place, Tally] = {}
    for hit, place, _ in hits:
        times, negated, distanced = rows.get(place, (0, 0, 0))
        is_distanced = hit.scare or hit.so_called
        rows[place] = Tally(times + 1, negated + hit.negated, distanced + is_distanced)
    return rows


# ---------------------------------------------------------------- how they are meant


@cache
def _markers() -> dict[str, frozenset[str]]:
    table = tomllib.loads((LEXICONS / "markers.toml").read_text("utf-8"))
    return {key: frozenset(words) for key, words in table.items() if key != "source"}


class _Marks:
    """How hits are meant: negated, in scare quotes, so-called."""

    def __init__(
        self, passage: _Passage, quoted: Sequence[tuple[int, int]], markers: list[tuple[int, str]]
    ) -> None:
        self._passage = passage
        self._markers = _markers()
        self._scare_quotes = [span for span in quoted if self._is_scare(*span)]
        self._scare_starts = [start for start, _ in self._scare_quotes]
        # Most hits have no marker near them: look closer only where one is.
        self._near_negator: set[int] = set()
        self._so_called_at: list[int] = []
        for i, kind in markers:
            if kind == "negator":
                self._near_negator.update(range(i + 1, i + 1 + _NEGATION_WINDOW))
            else:
                self._so_called_at.append(i)

    def hit(self, first: int, after: int, rank: int) -> Hit:
        name, entry = self._passage.matcher.entries[rank]
        start, end = self._passage.spans[first][0], self._passage.spans[after - 1][1]
        return Hit(
            name,
            entry.set,
            entry.label,
            entry.pattern,
            first,
            after - first,
            start,
            end,
            first in self._near_negator and self._negated(first),
            bool(self._scare_quotes) and self._scare(start, end),
            bool(self._so_called_at) and self._so_called(first, after),
        )

    def _negated(self, first: int) -> bool:
        """Whether a negator governs the token: see ``data/lexicons/markers.toml``."""
        markers, folded = self._markers, self._passage.folded
        skip_next = False
        for i in range(first - 1, max(first - 1 - _NEGATION_WINDOW, -1), -1):
            if self._passage.ends(_CLAUSE_END, i):
                return False
            word = folded(i)
            if word in markers["negators"]:
                return folded(i + 1) not in markers["pseudo"]
            if word in markers["joiners"]:
                skip_next = True
            elif word not in markers["carriers"]:
                after_determiner = i > 0 and folded(i - 1) in markers["determiners"]
                if not skip_next and not after_determiner:
                    return False
                skip_next = False
        return False

    def _scare(self, start: int, end: int) -> bool:
        i = bisect_right(self._scare_starts, start) - 1
        return i >= 0 and end <= self._scare_quotes[i][1]

    def _is_scare(self, opened: int, closed: int) -> bool:
        """Whether a quotation is of a few words that are no utterance of their own."""
        text = self._passage.text
        inside = text[opened:closed].strip(_MARKS + " ")
        if inside.count(" ") > _SCARE_WORDS or len(token_spans(inside)) > _SCARE_WORDS:
            return False
        if inside[-1:] not in ".,!?…":
            return True
        before = text[max(0, opened - 3) : opened].rstrip()[-1:]
        return inside[:1].islower() and before not in (",", ":")

    def _so_called(self, first: int, after: int) -> bool:
        """Whether *so-called* or its like stands in the hit or up to two words before it."""
        folded = self._passage.folded
        for at in self._so_called_at:
            if not first - _SO_CALLED_WINDOW <= at < after:
                continue
            if folded(at) == "called" and (at == 0 or folded(at - 1) != "so"):
                continue
            if not any(self._passage.ends(_CLAUSE_END, i) for i in range(at, first)):
                return True
        return False
