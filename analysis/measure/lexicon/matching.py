"""Where a lexicon's entries stand in a text, and how they are meant there."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain, groupby, pairwise, product
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.data import mistake, word_list
from analysis.measure.lexicon.patterns import (
    LONGEST,
    NUMBER,
    UNGUARDED,
    Entry,
    Guards,
    Lexicon,
    Pattern,
    Word,
    parse,
)
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech.names import is_small_word
from analysis.measure.tokens import SPELLED, Tokens, find_tokens
from analysis.measure.words import Piece, Reading, Words

FOUND_WORDS = 4
_NONE: frozenset[int] = frozenset()
_NOWHERE: tuple[list[int], list[int]] = ([], [])
_MOST_WORDS = 2**32  # of patterns: a number to count forms by
_SENTENCE_END = re.compile(r"[.;:!?…\n\r]")
_CLAUSE_END = re.compile(r"[.,;:!?…\n\r()\[\]{}—–]|(?<=\s)-(?=\s)")
_NEGATION_WINDOW = 5
_DENIAL_WINDOW = 8
_SCARE_WORDS = 4
_SO_CALLED_WINDOW = 2
_MARKS = "\"“”„«»‘’'‟＂″`"
_MOST_COMPARED = 2_000_000  # pairs of patterns that begin and end alike
_TITLE_CASE = 0.7  # of a headline's longer words: capitals then tell no name
_MEANT = ("negated", "scare", "so_called")
_MARKERS = ("negators", "denials", "asides", "so_called")


class Hit(NamedTuple):
    """One passage that an entry of a lexicon matches.

    Attributes
    ----------
    rank : number of the entry in `Matcher.entries`
    first, after : its first token in the text, and the token after its last
    words : the tokens that the pattern names, those in its gaps left out
    negated : a negation or a denial governs it ("not illegal", "denied it was illegal")
    scare : it stands in at most four words of quotation that are no utterance of their own
    so_called : a word such as *so-called* holds it at arm's length
    """

    rank: int
    first: int
    after: int
    words: tuple[int, ...]
    negated: bool
    scare: bool
    so_called: bool


_Steps = tuple[tuple[int, int, tuple[tuple[int, ...], ...]], ...]


class _Way(NamedTuple):
    """One way to match one entry or sign, from its first word on.

    Attributes
    ----------
    rank : of the entry, or number of the sign
    set_number : of the entry's set; -1 of a sign
    adjacent : number of the second word where it follows directly, else -1
    steps : (least gap, most gap, numbers of the words of each option) of each further place
    """

    rank: int
    set_number: int
    adjacent: int
    steps: _Steps


class Form(NamedTuple):
    """What a word, as it is written, can be in a lexicon's patterns.

    Attributes
    ----------
    word, folded : as it is written, and the form in which it is counted
    holds : numbers of the words of patterns that it can stand for
    ways : the ways to match an entry that begin with it
    signs : the ways to match a sign that begin with it
    """

    word: str
    folded: str
    holds: frozenset[int]
    ways: tuple[_Way, ...]
    signs: tuple[_Way, ...]


class Matcher(dict[str, Form]):
    """Lexicons compiled for one pass over a text: from a word as written to its `Form`.

    Attributes
    ----------
    entries : name of the lexicon and entry, by lexicon, set, label and pattern
    sets : number of each set of each lexicon
    guards : by rank of the entries that have some: their lists as numbers of signs
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        super().__init__()
        entries = [(lexicon.name, e) for lexicon in lexicons for e in lexicon.entries]
        entries.sort(key=lambda pair: (pair[0], pair[1].set, pair[1].label, pair[1].pattern))
        self.entries = entries
        self.sets: dict[tuple[str, str], int] = {}
        self.guards: dict[int, Guards] = {}
        self._words: dict[Word, int] = {}
        self._ways: dict[int, list[_Way]] = {}
        self._compared = 0
        self._sign_ways: dict[int, list[_Way]] = {}
        self._signs: dict[str, int] = {}
        self.marks = {key: frozenset(map(self._sign, sorted(_markers()[key]))) for key in _MARKERS}
        for rank, (name, entry) in enumerate(entries):
            set_number = self.sets.setdefault((name, entry.set), len(self.sets))
            self._compile(self._ways, entry.places, rank, set_number)
            if entry.guards != UNGUARDED:
                *lists, of_name = entry.guards
                signs = [frozenset(map(self._sign, sorted(patterns))) for patterns in lists]
                self.guards[rank] = Guards._make([*signs, of_name])
        self._exact: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        for word, number in self._words.items():
            for text in word.exact:
                self._exact.setdefault(text, set()).add(number)
            for stem in word.stems:
                self._stems.setdefault(stem, set()).add(number)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def _sign(self, pattern: str) -> int:
        """The number of a pattern that is no entry, but looked for in guards and as a mark."""
        number = self._signs.get(pattern)
        if number is None:
            number = self._signs[pattern] = len(self._signs)
            self._compile(self._sign_ways, parse(pattern), number, -1)
        return number

    def _compile(
        self, ways: dict[int, list[_Way]], places: Pattern, rank: int, set_number: int
    ) -> None:
        words = self._words
        numbered = [
            (least, most, tuple(tuple(words.setdefault(w, len(words)) for w in o) for o in options))
            for least, most, options in places
        ]
        (_, _, openings), *later = numbered
        for first, *rest in openings:
            steps = ((0, 0, (tuple(rest),)), *later) if rest else tuple(later)
            is_adjacent = bool(steps) and steps[0][1] == 0 and len(steps[0][2]) == 1
            adjacent = steps[0][2][0][0] if is_adjacent else -1
            ways.setdefault(first, []).append(_Way(rank, set_number, adjacent, steps))

    def __missing__(self, word: str) -> Form:
        folded = SPELLED[word][1]
        holds = self._holds(folded)
        found = [way for number in holds for way in self._ways.get(number, ())]
        ways = tuple(sorted(found, key=lambda way: way.rank))
        signs = [way for number in holds for way in self._sign_ways.get(number, ())]
        form = Form(word, folded, holds, ways, tuple(sorted(signs)))
        self[word] = form
        return form

    @cached_property
    def _by_ends(self) -> dict[tuple[int, int, int], dict[str, list[_Way]]]:
        """The ways to match an entry by its set, their first and last word, and its label."""
        ways: Any = defaultdict(lambda: defaultdict(list))
        for first, its_ways in self._ways.items():
            for way in its_ways:
                label = self.entries[way.rank][1].label
                for last in {o[-1] for o in way.steps[-1][2]} if way.steps else {first}:
                    ways[way.set_number, first, last][label].append(way)
        return dict(ways)

    def rivals(self, rank: int, tokens: list[str]) -> Iterator[Entry]:
        """The entries of other labels of an entry's set that match all of some tokens."""
        name, entry = self.entries[rank]
        spaced = Tokens(tokens, [" "] * (len(tokens) + 1), [], [])
        forms = [self[token] for token in tokens]
        text = _Text([Piece("", [], [], spaced, [])], forms, np.arange(len(forms)))
        for ends in product([self.sets[name, entry.set]], forms[0].holds, forms[-1].holds):
            others = self._by_ends.get(ends, {})
            for way in chain.from_iterable(
                w for label, w in others.items() if label != entry.label
            ):
                self._compared += 1
                if text.longest(way.steps, 0)[-1:] == (len(tokens) - 1,):
                    yield self.entries[way.rank][1]
        if self._compared > _MOST_COMPARED:
            raise mistake("list-rivals", name=name, pattern=entry.pattern)

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
    whose guards hold wins (counted in tokens; among equals, the first label and pattern by name).
    Sets do not see each other. Tokens are those of `analysis.measure.tokens.find_tokens`.
    """
    tokens, quoted = find_tokens(text), quoted_spans(text)
    number = {word: i for i, word in enumerate(dict.fromkeys(tokens.words))}
    form = np.fromiter(map(number.__getitem__, tokens.words), np.int64, len(tokens.words))
    piece = Piece(text, quoted, sentences(text, quoted), tokens, [])
    return _Text([piece], [matcher[word] for word in number], form).hits(matcher)


class _Text:
    """Headlines and texts, one behind the other: their words, and the signs among them.

    Nothing goes on from one of them to the next: a line ends in front of each.
    """

    def __init__(self, pieces: Sequence[Piece], distinct: list[Form], form: np.ndarray) -> None:
        self._pieces, self._distinct, self._form = pieces, distinct, form
        self._offsets = [0, *accumulate(len(piece.tokens.words) for piece in pieces)]
        self._articles = self._offsets[2::2]  # where each ends: a headline and a text
        self.forms = list(map(distinct.__getitem__, form.tolist()))
        self.gaps = [*chain.from_iterable(piece.tokens.between[:-1] for piece in pieces), ""]
        for first in self._offsets:
            self.gaps[first] = "\n"
        self._in_capitals: dict[int, bool] = {}  # by the first token of a sentence

    def _beginning(self, kind: str) -> tuple[np.ndarray, list[_Way]]:
        """Tokens with the ways that begin there and whose next word, where it is adjacent, follows.

        In the order of tokens, and for each in that of `Form`.
        """
        ways = list(map(attrgetter(kind), self._distinct))
        size = np.fromiter(map(len, ways), np.int64, len(ways))
        every = list(chain.from_iterable(ways))
        times = size[self._form]
        token = np.repeat(np.arange(len(times)), times)
        at = (np.cumsum(size) - size)[self._form] - (np.cumsum(times) - times)
        way = np.arange(len(token)) + np.repeat(at, times)
        adjacent = np.fromiter((way.adjacent for way in every), np.int64, len(every))[way]
        asks = np.flatnonzero(adjacent >= 0)
        holds = [f * _MOST_WORDS + n for f, form in enumerate(self._distinct) for n in form.holds]
        following = np.append(self._form, -1)[token[asks] + 1]
        fits = np.ones(len(token), bool)
        fits[asks] = np.isin(following * _MOST_WORDS + adjacent[asks], holds)
        return token[fits], list(map(every.__getitem__, way[fits].tolist()))

    @cached_property
    def signs(self) -> dict[int, tuple[list[int], list[int]]]:
        """Where each sign stands: first tokens in text order, and the tokens after the last."""
        token, ways = self._beginning("signs")
        after = token + 1
        for i, way in enumerate(ways):
            if way.steps:
                after[i] = max(self.longest(way.steps, int(token[i])), default=-1) + 1
        found = after > 0
        number = np.fromiter((way.rank for way in ways), np.int64, len(ways))[found]
        order = np.lexsort((after[found], token[found], number))
        number, token, after = (column[order] for column in (number, token[found], after[found]))
        names, starts = np.unique(number, return_index=True)
        parts = (np.split(column, starts[1:]) for column in (token, after))
        places = zip(*([part.tolist() for part in of] for of in parts), strict=True)
        return dict(zip(names.tolist(), places, strict=False))

    @cached_property
    def _of_article(self) -> list[set[int]]:
        """The signs that stand in each article, of which there is a headline and a text."""
        held: list[set[int]] = [set() for _ in self._offsets[::2]]
        for number, (firsts, _) in self.signs.items():
            for article in set(np.searchsorted(self._articles, firsts, "right").tolist()):
                held[article].add(number)
        return held

    def ends(self, boundary: re.Pattern[str], i: int) -> bool:
        """Whether a boundary stands between token i and the one after."""
        gap = self.gaps[i + 1]
        return gap != " " and boundary.search(gap) is not None

    def longest(self, steps: _Steps, first: int) -> tuple[int, ...]:
        """The tokens of the longest match of the steps behind token `first`, () for none."""
        forms, gaps, n = self.forms, self.gaps, len(self.forms)
        reached: dict[int, tuple[int, ...]] = {first + 1: (first,)}
        for least, most, options in steps:
            boundary = _SENTENCE_END if most else _CLAUSE_END
            after: dict[int, tuple[int, ...]] = {}
            for end, so_far in reached.items():
                for i in range(end, min(end + most + 1, n)):
                    if gaps[i] != " " and boundary.search(gaps[i]):
                        break
                    if i < end + least:
                        continue
                    holds = forms[i].holds
                    for option in options:
                        if option[0] in holds and (len(option) == 1 or self._stands(option, i)):
                            further = tuple(range(i, i + len(option)))
                            after.setdefault(i + len(option), so_far + further)
            if not after:
                return ()
            reached = after
        return reached[max(reached)]

    def _stands(self, option: tuple[int, ...], at: int) -> bool:
        """Whether the further words of an option follow its first one, token `at`."""
        forms = self.forms
        return at + len(option) <= len(forms) and all(
            option[k] in forms[at + k].holds and not self.ends(_CLAUSE_END, at + k - 1)
            for k in range(1, len(option))
        )

    def hits(self, matcher: Matcher) -> list[Hit]:
        """The hits, in text order."""
        found = self._longest_matches(matcher)
        if not found:
            return []
        marks = _Marks(self, matcher.marks)
        _, first, after, _ = zip(*found, strict=True)
        scare = np.array(after) <= self._scare_quotes()[list(first)]
        meant = zip(
            found, scare.tolist(), marks.near(np.array(first), np.array(after)), strict=True
        )
        return [
            Hit(*match, *marks.of(match[1], match[2], is_scare))
            if is_near
            else Hit(*match, False, is_scare, False)
            for match, is_scare, is_near in meant
        ]

    def _longest_matches(self, matcher: Matcher) -> list[tuple[int, int, int, tuple[int, ...]]]:
        """Rank, first token, token after the last and the words of each match, in text order."""
        guards = matcher.guards
        free_from = [0] * len(matcher.sets)
        found: list[tuple[int, int, int, tuple[int, ...]]] = []
        best: dict[int, tuple[int, int, int, tuple[int, ...]]] = {}
        tokens, ways = self._beginning("ways")
        at = -1
        for i, (rank, set_number, _, steps) in zip(tokens.tolist(), ways, strict=True):
            if i != at:
                found += sorted(best.values())
                best, at = {}, i
            if free_from[set_number] > i and set_number not in best:
                continue
            words = self.longest(steps, i) if steps else (i,)
            end = words[-1] + 1 if words else 0
            if not end or (set_number in best and end <= best[set_number][2]):
                continue
            if rank not in guards or self._allowed(guards[rank], i, end):
                best[set_number] = (rank, i, end, words)
                free_from[set_number] = end
        return found + sorted(best.values())

    # ------------------------------------------------------------ guards

    def _allowed(self, guards: Guards, first: int, after: int) -> bool:
        if not guards.part_of_name and self._in_name(first, after):
            return False
        if guards.article or guards.not_article:
            of_article = self._of_article[bisect_right(self._articles, first)]
            if guards.article and guards.article.isdisjoint(of_article):
                return False
            if not guards.not_article.isdisjoint(of_article):
                return False
        if guards.near and not self._near(guards.near, first, after):
            return False
        if guards.not_near and self._near(guards.not_near, first, after):
            return False
        return not (guards.not_in and self._is_in(guards.not_in, first, after))

    def _is_in(self, numbers: frozenset[int], first: int, after: int) -> bool:
        """Whether the match is part of one of the signs."""
        for number in numbers:
            firsts, afters = self.signs.get(number, _NOWHERE)
            i = bisect_right(firsts, first)
            while i and firsts[i - 1] >= first - LONGEST:
                i -= 1
                if afters[i] >= after:
                    return True
        return False

    def _near(self, numbers: frozenset[int], first: int, after: int) -> bool:
        """Whether one of the signs stands in the sentence, and not in the match itself."""
        sentence = self._sentence(first)
        return any(
            b <= first or a >= after
            for number in numbers
            for a, b in self._signs_in(number, *sentence)
        )

    def _signs_in(self, number: int, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where a sign stands that begins among some tokens."""
        firsts, afters = self.signs.get(number, _NOWHERE)
        part = slice(bisect_left(firsts, start), bisect_left(firsts, end))
        return zip(firsts[part], afters[part], strict=True)

    def _sentence(self, token: int) -> tuple[int, int]:
        """First token of the sentence a token stands in, and the token after its last."""
        number = bisect_right(self._offsets, token) - 1
        piece, offset = self._pieces[number], self._offsets[number]
        start = piece.tokens.starts[token - offset]
        at = bisect_right(piece.sentences, (start, len(piece.text))) - 1
        if at < 0:
            return offset, self._offsets[number + 1]
        part = piece.tokens_in(*piece.sentences[at], offset)
        return part.start, part.stop

    def _in_name(self, first: int, after: int) -> bool:
        """Whether the match continues in a word with a capital, where capitals tell names."""
        forms = self.forms
        capitals = all(form.word[:1].isupper() for form in forms[first:after])
        if not capitals:
            return False
        start, end = self._sentence(first)
        if start not in self._in_capitals:
            long = [form.word[:1].isupper() for form in forms[start:end] if len(form.word) > 3]
            self._in_capitals[start] = len(long) > 2 and sum(long) > _TITLE_CASE * len(long)
        if self._in_capitals[start]:
            return False
        neighbours = [(first - 1, first), (after, after)]
        return any(
            start <= i < end
            and forms[i].word[:1].isupper()
            and self.gaps[gap].isspace()
            and not (i == start and is_small_word(forms[i].word))
            for i, gap in neighbours
        )

    def _scare_quotes(self) -> np.ndarray:
        """Of each token in a few words of quotation that are no utterance: the token behind them.

        0 for all others.
        """
        behind = np.zeros(len(self.forms), np.int64)
        for piece, offset in zip(self._pieces, self._offsets, strict=False):
            for opened, closed in piece.quoted:
                if _is_scare(piece.text, opened, closed):
                    end = offset + bisect_right(piece.tokens.ends, closed)
                    behind[piece.tokens_in(opened, closed, offset).start : end] = end
        return behind


def _is_scare(text: str, opened: int, closed: int) -> bool:
    """Whether a quotation is of a few words that are no utterance of their own."""
    inside = text[opened:closed].strip(_MARKS + " ")
    if inside.count(" ") > _SCARE_WORDS or len(find_tokens(inside).words) > _SCARE_WORDS:
        return False
    if inside[-1:] not in ".,!?…":
        return True
    before = text[max(0, opened - 3) : opened].rstrip()[-1:]
    return inside[:1].islower() and before not in (",", ":")


# ---------------------------------------------------------------- whose words they are


def hits_in(readings: Sequence[Reading], words: Words, matcher: Matcher) -> pd.DataFrame:
    """The hits of some articles with their voices: those of a headline, then those of its text.

    A hit's voice is *quoted* inside quotation marks, *reported* where it is part of a statement
    that somebody is credited with, *narrator* otherwise. A few words in quotation marks that no
    statement claims (scare quotes) are the narrator's, and count as distanced. Where statements
    overlap, a hit belongs to the one that begins last.

    Parameters
    ----------
    words
        What `analysis.measure.words.words_of` gives for these readings.

    Returns
    -------
    DataFrame, in the order of articles and tokens
        rank (of the entry in `Matcher.entries`), first, after (tokens, as numbered in `words`),
        negated, scare, so_called (as in `Hit`), found (the words found, case-folded, at most
        four; see `_publishable`), voice (index into `VOICES`), statement (its number; -1 for none).
    """
    pieces = [piece for one in readings for piece in one.pieces]
    text = _Text(pieces, [matcher[form] for form in words.forms], words.form)
    matched = text.hits(matcher)
    told = [_told(text.forms, hit.words) for hit in matched]
    rows = [(rank, first, after, *marks) for rank, first, after, _, *marks in matched]
    hits = pd.DataFrame(rows, columns=["rank", "first", "after", *_MEANT]).astype("int64")
    bounds = np.searchsorted(hits["first"], words.pieces[::2]).tolist()
    found = [shown for a, b in pairwise(bounds) for shown in _publishable(told[a:b])]
    hits = hits.astype(dict.fromkeys(_MEANT, bool)).assign(found=pd.Series(found, dtype="object"))
    statement, quoted = words.statement[hits["first"]], words.quoted[hits["first"]]
    quoted = quoted & ((statement >= 0) | ~hits["scare"])
    voice = np.where(quoted, 2, np.where(statement >= 0, 1, 0))
    return hits.assign(voice=voice, statement=statement)


def _told(forms: list[Form], tokens: tuple[int, ...]) -> tuple[str, ...]:
    """The first four words of a match as they are counted; "…" for the words of a gap."""
    told: tuple[str, ...] = (forms[tokens[0]].folded,)
    for before, i in pairwise(tokens[:FOUND_WORDS]):
        told += ("…",) * (i > before + 1) + (forms[i].folded,)
    return told


def _publishable(told: list[tuple[str, ...]]) -> list[str]:
    """What of the words found in one article may be published.

    From phrases that share a word a longer run could be put together. So the longest come first
    (of equally long ones the first by code point), and of any other "…" stands for the words that
    one before it has; where these are all, its longest word alone is left.
    """
    shown: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for phrase in sorted(set(told), key=lambda p: (-len(p), p)):
        own = set(phrase) - {"…"}
        left = own - taken if len(own) > 1 else own
        if not left:
            shown[phrase] = max(own, key=lambda word: (len(word), word))
            continue
        if len(left) > 1:
            taken |= left
        words = [word if word in left else "…" for word in phrase]
        shown[phrase] = " ".join(word for word, _ in groupby(words))
    return [shown[each] for each in told]


# ---------------------------------------------------------------- how they are meant


@cache
def _markers() -> dict[str, frozenset[str]]:
    table = word_list("markers")
    return {key: frozenset(words) for key, words in table.items() if key != "source"}


class _Marks:
    """How hits are meant: negated, in scare quotes, so-called."""

    def __init__(self, text: _Text, marks: dict[str, frozenset[int]]) -> None:
        self._text = text
        self._markers = _markers()
        self._spans = {  # where each kind ends, in text order
            key: sorted(
                (b, a)
                for number in numbers & text.signs.keys()
                for a, b in zip(*text.signs[number], strict=True)
            )
            for key, numbers in marks.items()
        }

    def near(self, first: np.ndarray, after: np.ndarray) -> list[bool]:
        """Which hits may have a marker: most have none near them."""
        ends = {key: np.array([b for b, _ in spans]) for key, spans in self._spans.items()}
        found = np.zeros(len(first), bool)
        for key, to in ends.items():
            window, until = (
                (_SO_CALLED_WINDOW, after + LONGEST)
                if key == "so_called"
                else (_DENIAL_WINDOW, first + 1)
            )
            found |= np.searchsorted(to, first - window) < np.searchsorted(to, until)
        return list(found.tolist())

    def of(self, first: int, after: int, scare: bool) -> tuple[bool, bool, bool]:
        """Whether a hit is negated, in scare quotes, so-called."""
        negated = (
            (bool(self._before("negators", first, _NEGATION_WINDOW)) and self._negated(first))
            or any(
                self._reaches(*span, first)
                for span in self._before("denials", first, _DENIAL_WINDOW)
            )
            or any(
                self._set_aside(end, first)
                for _, end in self._before("asides", first, _NEGATION_WINDOW)
            )
        )
        return negated, scare, self._so_called(first, after)

    def _before(self, key: str, first: int, window: int) -> list[tuple[int, int]]:
        """Where the markers of a kind stand that end at most so many tokens before a hit."""
        spans = self._spans[key]
        if not spans:
            return []
        at = bisect_left(spans, (first - window + 1, 0))
        return [(start, end) for end, start in spans[at : bisect_left(spans, (first + 1, 0))]]

    def _is_free(self, start: int, first: int) -> bool:
        """Whether no clause ends between the token before `start` and the hit."""
        return not any(self._text.ends(_CLAUSE_END, i) for i in range(start - 1, first))

    def _negated(self, first: int) -> bool:
        """Whether a negator governs the token: see ``data/languages/en/markers.toml``."""
        markers, forms = self._markers, self._text.forms
        skip_next = False
        for i in range(first - 1, max(first - 1 - _NEGATION_WINDOW, -1), -1):
            if self._text.ends(_CLAUSE_END, i):
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

    def _reaches(self, start: int, end: int, first: int) -> bool:
        """Whether a denial, of the tokens from `start` to before `end`, still holds at the hit."""
        forms = self._text.forms
        between = {form.folded for form in (*forms[start + 1 : end - 1], *forms[end:first])}
        return between.isdisjoint(self._markers["scope_ends"]) and self._is_free(end, first)

    def _set_aside(self, end: int, first: int) -> bool:
        """Whether an aside ends in a comma before token `end`, with carriers up to the hit."""
        between = {form.folded for form in self._text.forms[end:first]}
        comma = self._text.gaps[end].strip() == ","
        return comma and between <= self._markers["carriers"] and self._is_free(end + 1, first)

    def _so_called(self, first: int, after: int) -> bool:
        """Whether *so-called* or its like stands in the hit, or up to two words before it."""
        spans = self._spans["so_called"]
        for end, start in spans[bisect_left(spans, (first - _SO_CALLED_WINDOW, 0)) :]:
            if start >= after:
                return False
            if end > first or self._is_free(end, first):
                return True
        return False
