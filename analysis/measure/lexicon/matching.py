"""Where a lexicon's entries stand in a text, and how they are meant there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.data import word_list
from analysis.measure.lexicon.load import NUMBER, Lexicon, Word
from analysis.measure.sentences import quoted_spans
from analysis.measure.tokens import SPELLED, Tokens, find_tokens
from analysis.measure.words import Reading, Words

_NONE: frozenset[int] = frozenset()
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
    rank : number of the entry in `Matcher.entries`
    first, after : its first token in the text, and the token after its last
    negated : a negation governs it ("not illegal", "no annexation")
    scare : it stands in at most four words of quotation that are no utterance of their own
    so_called : a word such as *so-called* holds it at arm's length
    """

    rank: int
    first: int
    after: int
    negated: bool
    scare: bool
    so_called: bool


class _Way(NamedTuple):
    """One way to match one entry: (least gap, most gap, number of the word) for each place."""

    rank: int
    set_number: int
    adjacent: int  # number of the second word where it follows directly, else -1
    steps: tuple[tuple[int, int, int], ...]


class Form(NamedTuple):
    """What a word, as it is written, can be in a lexicon's patterns.

    Attributes
    ----------
    folded : the form in which it is counted
    holds : numbers of the words of patterns that it can stand for
    ways : the ways to match that begin with it
    lone : those of one word only, where there are no others
    follows : where each way wants a certain next word, the numbers of these words; else None
    mark : "negator", "so_called" or "" (``data/languages/en/markers.toml``)
    """

    folded: str
    holds: frozenset[int]
    ways: tuple[_Way, ...]
    lone: bool
    follows: frozenset[int] | None
    mark: str


class Matcher(dict[str, Form]):
    """Lexicons compiled for one pass over a text: from a word as written to its `Form`.

    Attributes
    ----------
    entries : name of the lexicon and entry, by lexicon, set, label and pattern
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        super().__init__()
        entries = [(lexicon.name, e) for lexicon in lexicons for e in lexicon.entries]
        entries.sort(key=lambda pair: (pair[0], pair[1].set, pair[1].label, pair[1].pattern))
        self.entries = entries
        self.sets: dict[tuple[str, str], int] = {}
        words: dict[Word, int] = {}
        self._ways: dict[int, list[_Way]] = {}
        for rank, (name, entry) in enumerate(entries):
            set_number = self.sets.setdefault((name, entry.set), len(self.sets))
            for sequence in entry.sequences:
                steps = tuple(
                    (s.least, s.most, words.setdefault(s.word, len(words))) for s in sequence
                )
                adjacent = steps[1][2] if len(steps) > 1 and steps[1][1] == 0 else -1
                way = _Way(rank, set_number, adjacent, steps)
                self._ways.setdefault(steps[0][2], []).append(way)
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        for word, number in words.items():
            for text in word.exact:
                self._exact.setdefault(text, set()).add(number)
            for stem in word.stems:
                self._stems.setdefault(stem, set()).add(number)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def __missing__(self, word: str) -> Form:
        folded = SPELLED[word][1]
        holds = self._holds(folded)
        mark = _mark_of(folded)
        if holds:
            found = [way for number in holds for way in self._ways.get(number, ())]
            ways = tuple(sorted(found, key=lambda way: way.rank))
            lone = all(len(way.steps) == 1 for way in ways)
            adjacent = frozenset(way.adjacent for way in ways)
            follows = None if lone or -1 in adjacent else adjacent
            form = Form(folded, holds, ways, lone, follows, mark)
        else:
            form = Form(folded, _NONE, (), True, None, mark)
        self[word] = form
        return form

    def _holds(self, folded: str) -> frozenset[int]:
        numbers = set(self._exact.get(folded, ()))
        for length in self._lengths:
            if (found := self._stems.get(folded[:length])) is not None:
                numbers |= found
        if folded[:1].isdigit():
            numbers |= self._exact.get(NUMBER.sub("#", folded, count=1), set())
        return frozenset(numbers) if numbers else _NONE


def find_hits(text: str, matcher: Matcher) -> list[Hit]:
    """The passages of a text that the lexicons' entries match, in text order.

    Within one set of a lexicon passages do not overlap: from left to right, the longest match
    wins (counted in tokens; among equals, the first label and pattern by name). Sets do not
    see each other. Tokens are those of `analysis.measure.tokens.find_tokens`.
    """
    tokens = find_tokens(text)
    forms = [matcher[word] for word in tokens.words]
    starting = [i for i, form in enumerate(forms) if form.ways or form.mark]
    return _hits(_Passage(text, tokens, forms), starting, quoted_spans(text), len(matcher.sets))


def _hits(
    passage: _Passage, starting: Sequence[int], quoted: Sequence[tuple[int, int]], n_sets: int
) -> list[Hit]:
    """The hits of one text, given the tokens at which one may begin or which are marks."""
    found = _longest_matches(passage, starting, n_sets)
    if not found:
        return []
    marks = _Marks(passage, quoted, starting)
    return [marks.hit(*each) for each in found]


def _longest_matches(
    passage: _Passage, starting: Sequence[int], n_sets: int
) -> list[tuple[int, int, int]]:
    """First token, token after the last, and rank of the entry of each match, in text order."""
    forms = passage.forms
    last = len(forms) - 1
    free_from = [0] * n_sets
    found: list[tuple[int, int, int]] = []
    for i in starting:
        _, _, ways, lone, follows, _ = forms[i]
        if lone:
            for rank, set_number, _, _ in ways:
                if free_from[set_number] <= i:
                    free_from[set_number] = i + 1
                    found.append((i, i + 1, rank))
            continue
        following = forms[i + 1].holds if i < last else _NONE
        if follows is not None and follows.isdisjoint(following):
            continue
        best: dict[int, tuple[int, int]] = {}
        for rank, set_number, adjacent, steps in ways:
            if (adjacent >= 0 and adjacent not in following) or free_from[set_number] > i:
                continue
            end = passage.longest(steps, 1, i + 1) if len(steps) > 1 else i + 1
            if end and (set_number not in best or end > best[set_number][0]):
                best[set_number] = (end, rank)
        for set_number, (end, _) in best.items():
            free_from[set_number] = end
        if best:
            found += sorted((i, end, rank) for end, rank in best.values())
    return found


class _Passage:
    """A text's words, and what stands between them."""

    def __init__(self, text: str, tokens: Tokens, forms: list[Form]) -> None:
        self.text, self.tokens, self.forms = text, tokens, forms

    def ends(self, boundary: re.Pattern[str], i: int) -> bool:
        """Whether a boundary stands between token i and the one after."""
        between = self.tokens.between[i + 1]
        return between != " " and boundary.search(between) is not None

    def longest(self, steps: tuple[tuple[int, int, int], ...], step: int, at: int) -> int:
        """The end of the longest match of the remaining steps from token `at`, 0 for none."""
        if step == len(steps):
            return at
        least, most, number = steps[step]
        boundary = _SENTENCE_END if most else _CLAUSE_END
        forms = self.forms
        best = 0
        for i in range(at + least, min(at + most + 1, len(forms))):
            if number in forms[i].holds:
                if any(self.ends(boundary, k) for k in range(at - 1, i)):
                    break
                best = max(best, self.longest(steps, step + 1, i + 1))
        return best


# ---------------------------------------------------------------- whose words they are


class Hits(NamedTuple):
    """The hits of some articles, one entry a hit, in the order of articles and tokens.

    Attributes
    ----------
    rank : of the entry in `Matcher.entries`
    first, after : tokens, as numbered in `analysis.measure.words.Words`
    negated, scare, so_called : as in `Hit`
    voice : index into `HIT_VOICES`
    statement : number of the statement the hit is part of; -1 where there is none
    """

    rank: np.ndarray
    first: np.ndarray
    after: np.ndarray
    negated: np.ndarray
    scare: np.ndarray
    so_called: np.ndarray
    voice: np.ndarray
    statement: np.ndarray


def hits_in(readings: Sequence[Reading], words: Words, matcher: Matcher) -> Hits:
    """The hits of some articles with their voices: those of a headline, then those of its text.

    A hit's voice is *quoted* inside quotation marks, *reported* where it is part of a statement
    that somebody is credited with, *narrator* otherwise. A few words in quotation marks that no
    statement claims (scare quotes) are the narrator's, and count as distanced. Where statements
    overlap, a hit belongs to the one that begins last.

    Parameters
    ----------
    words
        What `analysis.measure.words.words_of` gives for these readings.
    """
    known = [matcher[form] for form in words.forms]
    begins = np.array([bool(form.ways or form.mark) for form in known], bool)
    starting = np.flatnonzero(begins[words.form])
    bounds = np.searchsorted(starting, words.pieces)
    forms = list(map(known.__getitem__, words.form.tolist()))
    rows: list[tuple[int, int, int, bool, bool, bool]] = []
    pieces = zip(pairwise(words.pieces.tolist()), pairwise(bounds.tolist()), strict=True)
    for one in readings:
        for piece in one.pieces:
            (start, end), (a, b) = next(pieces)
            passage = _Passage(piece.text, piece.tokens, forms[start:end])
            at = (starting[a:b] - start).tolist()
            for rank, first, after, *marks in _hits(passage, at, piece.quoted, len(matcher.sets)):
                rows.append((rank, start + first, start + after, *marks))
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    rank, first, after = columns[:3]
    negated, scare, so_called = columns[3:].astype(bool)
    statement = words.statement[first]
    is_quoted = words.quoted[first] & ((statement >= 0) | ~scare)
    voice = np.where(is_quoted, 2, np.where(statement >= 0, 1, 0))
    return Hits(rank, first, after, negated, scare, so_called, voice, statement)


# ---------------------------------------------------------------- how they are meant


@cache
def _markers() -> dict[str, frozenset[str]]:
    table = word_list("markers")
    return {key: frozenset(words) for key, words in table.items() if key != "source"}


def _mark_of(folded: str) -> str:
    markers = _markers()
    if folded in markers["so_called"] or folded == "called":
        return "so_called"
    return "negator" if folded in markers["negators"] else ""


class _Marks:
    """How hits are meant: negated, in scare quotes, so-called."""

    def __init__(
        self, passage: _Passage, quoted: Sequence[tuple[int, int]], starting: Sequence[int]
    ) -> None:
        self._passage = passage
        self._forms = passage.forms
        self._markers = _markers()
        self._scare_quotes = [span for span in quoted if self._is_scare(*span)]
        self._scare_starts = [start for start, _ in self._scare_quotes]
        # Most hits have no marker near them: look closer only where one is.
        self._near_negator: set[int] = set()
        self._so_called_at: list[int] = []
        for i in starting:
            mark = self._forms[i].mark
            if mark == "negator":
                self._near_negator.update(range(i + 1, i + 1 + _NEGATION_WINDOW))
            elif mark:
                self._so_called_at.append(i)

    def hit(self, first: int, after: int, rank: int) -> Hit:
        return Hit(
            rank,
            first,
            after,
            first in self._near_negator and self._negated(first),
            bool(self._scare_quotes) and self._scare(first, after),
            bool(self._so_called_at) and self._so_called(first, after),
        )

    def _negated(self, first: int) -> bool:
        """Whether a negator governs the token: see ``data/languages/en/markers.toml``."""
        markers, forms = self._markers, self._forms
        skip_next = False
        for i in range(first - 1, max(first - 1 - _NEGATION_WINDOW, -1), -1):
            if self._passage.ends(_CLAUSE_END, i):
                return False
            word = forms[i].folded
            if word in markers["negators"]:
                return forms[i + 1].folded not in markers["pseudo"]
            if word in markers["joiners"]:
                skip_next = True
            elif word not in markers["carriers"]:
                after_determiner = i > 0 and forms[i - 1].folded in markers["determiners"]
                if not skip_next and not after_determiner:
                    return False
                skip_next = False
        return False

    def _scare(self, first: int, after: int) -> bool:
        start, end = self._passage.tokens.starts[first], self._passage.tokens.ends[after - 1]
        i = bisect_right(self._scare_starts, start) - 1
        return i >= 0 and end <= self._scare_quotes[i][1]

    def _is_scare(self, opened: int, closed: int) -> bool:
        """Whether a quotation is of a few words that are no utterance of their own."""
        text = self._passage.text
        inside = text[opened:closed].strip(_MARKS + " ")
        if inside.count(" ") > _SCARE_WORDS or len(find_tokens(inside).words) > _SCARE_WORDS:
            return False
        if inside[-1:] not in ".,!?…":
            return True
        before = text[max(0, opened - 3) : opened].rstrip()[-1:]
        return inside[:1].islower() and before not in (",", ":")

    def _so_called(self, first: int, after: int) -> bool:
        """Whether *so-called* or its like stands in the hit or up to two words before it."""
        forms = self._forms
        for at in self._so_called_at:
            if not first - _SO_CALLED_WINDOW <= at < after:
                continue
            if forms[at].folded == "called" and (at == 0 or forms[at - 1].folded != "so"):
                continue
            if not any(self._passage.ends(_CLAUSE_END, i) for i in range(at, first)):
                return True
        return False
