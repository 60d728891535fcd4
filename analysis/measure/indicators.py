"""Where a lexicon's entries stand in a text, and how they are meant there."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from analysis.measure.lexicon import NUMBER, Lexicon, Word
from analysis.measure.tokens import fold, spelling, token_spans
from analysis.measure.voices import quoted_spans
from analysis.paths import LEXICONS

_SENTENCE_END = re.compile(r"[.;:!?…\n\r]")
_CLAUSE_END = re.compile(r"[.,;:!?…\n\r()\[\]{}—–]|(?<=\s)-(?=\s)")
_NEGATION_WINDOW = 5
_SCARE_WORDS = 4
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
                ways.setdefault(steps[0][2], []).append(_Way(rank, set_number, steps))
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
        self._folded = folded
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        for word, number in words.items():
            for text in word.exact:
                self._exact.setdefault(text, set()).add(number)
            for stem in word.stems:
                self._stems.setdefault(stem, set()).add(number)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def __missing__(self, word: str) -> frozenset[int]:
        token = self._folded[word]
        numbers = set(self._exact.get(token, ()))
        for length in self._lengths:
            numbers |= self._stems.get(token[:length], set())
        if token[:1].isdigit():
            numbers |= self._exact.get(NUMBER.sub("#", token, count=1), set())
        self[word] = found = frozenset(numbers)
        return found


class _Begins(dict[str, tuple[_Way, ...]]):
    def __init__(self, holds: _Holds, ways: dict[int, list[_Way]]) -> None:
        super().__init__()
        self._holds = holds
        self._ways = ways

    def __missing__(self, word: str) -> tuple[_Way, ...]:
        found = [way for number in self._holds[word] for way in self._ways.get(number, ())]
        self[word] = ways = tuple(sorted(found, key=lambda way: way.rank))
        return ways


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
    begins = matcher.begins
    candidates = [i for i, word in enumerate(words) if begins[word]]
    if not candidates:
        return []
    passage = _Passage(text, spans, words, matcher)
    free_from: dict[int, int] = {}
    found: list[tuple[int, int, int]] = []
    for i in candidates:
        best: dict[int, tuple[int, int]] = {}
        for rank, set_number, steps in begins[words[i]]:
            if free_from.get(set_number, 0) > i:
                continue
            end = passage.longest(steps, 1, i + 1) if len(steps) > 1 else i + 1
            if end > best.get(set_number, (0, 0))[0]:
                best[set_number] = (end, rank)
        for set_number, (end, rank) in best.items():
            free_from[set_number] = end
            found.append((i, end, rank))
    quoted = quoted_spans(text) if quoted is None else quoted
    marks = _Marks(passage, quoted)
    return [marks.hit(*each) for each in sorted(found)]


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
        best = 0
        for i in range(at, min(at + most + 1, len(self.words))):
            if self.ends(boundary, i - 1):
                break
            if i - at >= least and number in self.matcher.holds[self.words[i]]:
                best = max(best, self.longest(steps, step + 1, i + 1))
        return best

    def folded(self, i: int) -> str:
        return self.matcher.folded[self.words[i]]


@cache
def _markers() -> dict[str, frozenset[str]]:
    table = tomllib.loads((LEXICONS / "markers.toml").read_text("utf-8"))
    return {key: frozenset(words) for key, words in table.items() if isinstance(words, list)}


class _Marks:
    """How hits are meant: negated, in scare quotes, so-called."""

    def __init__(self, passage: _Passage, quoted: Sequence[tuple[int, int]]) -> None:
        self._passage = passage
        self._quoted = quoted
        self._quote_starts = [start for start, _ in quoted]
        self._token_starts = [start for start, _ in passage.spans]

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
            self.negated(first),
            self.scare(start, end),
            self.so_called(first, after),
        )

    def negated(self, first: int) -> bool:
        """Whether a negator governs the token: see ``data/lexicons/markers.toml``."""
        markers = _markers()
        skip_next = False
        for i in range(first - 1, max(first - 1 - _NEGATION_WINDOW, -1), -1):
            if self._passage.ends(_CLAUSE_END, i):
                return False
            word = self._passage.folded(i)
            if word in markers["negators"]:
                return self._passage.folded(i + 1) not in markers["pseudo"]
            if word in markers["joiners"]:
                skip_next = True
            elif word not in markers["carriers"]:
                if not skip_next and not self._after_determiner(i):
                    return False
                skip_next = False
        return False

    def _after_determiner(self, i: int) -> bool:
        determiners = _markers()["determiners"]
        return i > 0 and self._passage.folded(i - 1) in determiners

    def scare(self, start: int, end: int) -> bool:
        """Whether the hit stands in a few quoted words that are no utterance of their own."""
        i = bisect_right(self._quote_starts, start) - 1
        if i < 0 or end > self._quoted[i][1] + 1:
            return False
        opened, closed = self._quoted[i]
        begin = bisect_right(self._token_starts, opened)
        stop = bisect_right(self._token_starts, closed - 1)
        return stop - begin <= _SCARE_WORDS and not self._is_utterance(opened, closed)

    def _is_utterance(self, opened: int, closed: int) -> bool:
        text = self._passage.text
        inside = text[opened:closed].strip(_MARKS + " ")
        before = text[max(0, opened - 3) : opened].rstrip()[-1:]
        if inside[-1:] not in ".,!?…":
            return False
        return inside[:1].isupper() or before in (",", ":")

    def so_called(self, first: int, after: int) -> bool:
        """Whether *so-called* or its like stands in the hit or up to two words before it."""
        words = _markers()["so_called"]
        folded = self._passage.folded
        if any(folded(i) in words for i in range(first, after)):
            return True
        for i in range(first - 1, max(first - 3, -1), -1):
            if self._passage.ends(_CLAUSE_END, i):
                return False
            if folded(i) in words or (folded(i) == "called" and i and folded(i - 1) == "so"):
                return True
        return False
