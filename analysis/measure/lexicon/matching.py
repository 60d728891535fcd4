"""Where a lexicon's entries stand in a text, and how they are meant there."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain, groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.data import mistake, word_list
from analysis.measure.lexicon.patterns import (
    CLAUSE,
    LONGEST,
    NUMBER,
    SENTENCE,
    UNGUARDED,
    Entry,
    Guards,
    Lexicon,
    Pattern,
    Place,
    expression,
    parse,
)
from analysis.measure.lookup import Lookup
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech.names import is_small_word
from analysis.measure.tokens import SPELLED, find_tokens
from analysis.measure.words import Piece, Reading, Words

FOUND_WORDS = 4
_NOWHERE: tuple[list[int], list[int]] = ([], [])
_SENTENCE_END = re.compile(r"[.;:!?…\n\r]")
_CLAUSE_END = re.compile(r"[,()\[\]{}—–]|(?<=\s)-(?=\s)")
_NEGATION_WINDOW = 5
_DENIAL_WINDOW = 8
_SCARE_WORDS = 4
_SO_CALLED_WINDOW = 2
_MARKS = "\"“”„«»‘’'‟＂″`"
_MOST_COMPARED = 2_000_000  # pairs of patterns that begin and end alike
_TITLE_CASE = 0.7  # of a headline's longer words: capitals then tell no name
_MEANT = ("negated", "scare", "so_called")
_MARKERS = ("denials", "asides", "so_called")  # looked for as patterns are


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


class _Way(NamedTuple):
    """An entry, or a sign, that begins with a word.

    Attributes
    ----------
    rank : of the entry, or number of the sign
    set_number : of the entry's set; -1 of a sign
    match : looks from a place of a text on whether its tokens stand there; None of a single word
    """

    rank: int
    set_number: int
    match: Callable[[str, int], re.Match[str] | None] | None


_ORDER = attrgetter("rank")


class _Ways(NamedTuple):
    """The entries, or the signs, that begin with a word.

    Attributes
    ----------
    alone : those of a single word
    may : finds whether one of the others stands at a place; None where there is one at most
    """

    all: tuple[_Way, ...]
    alone: tuple[_Way, ...]
    may: Callable[[str, int], re.Match[str] | None] | None


@cache
def _ways(ways: tuple[_Way, ...]) -> _Ways:
    alone = tuple(way for way in ways if way.match is None)
    written = [way.match.__self__.pattern for way in ways if way.match]  # type: ignore[attr-defined]
    return _Ways(ways, alone, re.compile("|".join(written)).match if written[1:] else None)


class _Beginnings:
    """Patterns by the words they begin with."""

    def __init__(self) -> None:
        self._exact: dict[str, list[_Way]] = defaultdict(list)
        self._stems: dict[str, list[_Way]] = defaultdict(list)
        self._lengths: set[int] = set()  # of the stems

    def add(self, places: Pattern, rank: int, set_number: int = -1) -> None:
        """A pattern."""
        options = places[0].options
        is_word = len(places) == len(options) == 1
        way = _Way(rank, set_number, None if is_word else expression(places).match)
        for first, *_ in options:
            for text in first.exact:
                self._exact[text].append(way)
            for stem in first.stems:
                self._stems[stem].append(way)
                self._lengths.add(len(stem))

    def of(self, folded: str) -> list[_Way]:
        """The patterns that begin with a word as it is counted, by rank."""
        found = [*self._exact.get(folded, ())]
        for length in self._lengths:
            found += self._stems.get(folded[:length], ())
        if folded[:1].isdigit():
            found += self._exact.get(NUMBER.sub("#", folded, count=1), ())
        return sorted(set(found), key=_ORDER) if found else []


class Form(NamedTuple):
    """A word as it is written, and as it is counted; the entries and signs that begin with it."""

    word: str
    folded: str
    ways: _Ways
    signs: _Ways


class Matcher(dict[str, Form]):
    """Lexicons compiled for one pass over a text: from a word as written to its `Form`.

    Attributes
    ----------
    entries : name of the lexicon and entry, by lexicon, set, label and pattern
    sets : number of each set of each lexicon
    guards : by rank of the entries that have some: their lists as numbers of signs
    marks : the signs of each kind of marker
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        super().__init__()
        entries = [(lexicon.name, e) for lexicon in lexicons for e in lexicon.entries]
        entries.sort(key=lambda pair: (pair[0], pair[1].set, pair[1].label, pair[1].pattern))
        self.entries = entries
        self.sets: dict[tuple[str, str], int] = {}
        self.guards: dict[int, Guards] = {}
        self._beginnings = _Beginnings()
        self._compared = 0
        self._signs: dict[str, int] = {}
        self.marks = {key: frozenset(map(self._sign, sorted(_markers()[key]))) for key in _MARKERS}
        for rank, (name, entry) in enumerate(entries):
            set_number = self.sets.setdefault((name, entry.set), len(self.sets))
            self._beginnings.add(entry.places, rank, set_number)
            if entry.guards != UNGUARDED:
                *lists, of_name = entry.guards
                signs = [frozenset(map(self._sign, sorted(patterns))) for patterns in lists]
                self.guards[rank] = Guards._make([*signs, of_name])

    def _sign(self, pattern: str) -> int:
        """The number of a pattern that is no entry, but looked for in guards and as a mark."""
        number = self._signs.get(pattern)
        if number is None:
            number = self._signs[pattern] = len(self._signs)
            self._beginnings.add(parse(pattern), number)
        return number

    def __missing__(self, word: str) -> Form:
        folded = SPELLED[word][1]
        found = self._beginnings.of(folded)
        ways, signs = (tuple(w for w in found if (w.set_number < 0) == of) for of in (False, True))
        self[word] = form = Form(word, folded, _ways(ways), _ways(signs))
        return form

    @cached_property
    def _ends(self) -> _Beginnings:
        """The entries by the words they end with."""
        ends = _Beginnings()
        for rank, (name, entry) in enumerate(self.entries):
            last = tuple(option[::-1] for option in entry.places[-1].options)
            ends.add((Place(0, 0, last),), rank, self.sets[name, entry.set])
        return ends

    def rivals(self, rank: int, tokens: list[str]) -> Iterator[Entry]:
        """The entries of other labels of an entry's set that match all of some tokens."""
        name, entry = self.entries[rank]
        text, ways = " ".join(tokens), self[tokens[0]].ways.all
        for end in self._ends.of(SPELLED[tokens[-1]][1]):
            at, other = bisect_left(ways, end.rank, key=_ORDER), self.entries[end.rank][1]
            way = ways[at] if at < len(ways) else end
            is_rival = end.set_number == self.sets[name, entry.set] and other.label != entry.label
            if is_rival and way is not end and way.rank == end.rank:
                self._compared += 1
                found = way.match and way.match(text + SENTENCE, 0)
                if found.end() == len(text) if found else not (way.match or tokens[1:]):
                    yield other
        if self._compared > _MOST_COMPARED:
            raise mistake("list-rivals", name=name, pattern=entry.pattern)


def find_hits(text: str, matcher: Matcher) -> list[Hit]:
    """The passages of a text that the lexicons' entries match, in text order.

    Within one set of a lexicon passages do not overlap: from left to right, the longest match
    whose guards hold wins (counted in tokens; among equals, the first label and pattern by name).
    Sets do not see each other. Tokens are those of `analysis.measure.tokens.find_tokens`.
    """
    tokens, quoted = find_tokens(text), quoted_spans(text)
    piece = Piece(text, quoted, sentences(text, quoted), tokens, [])
    return _Text([piece], [matcher[word] for word in tokens.words]).hits(matcher)


def _gap(between: str) -> str:
    """The sign of what stands before a token: the end of a sentence, of a clause, or neither."""
    if _SENTENCE_END.search(between):
        return SENTENCE
    return CLAUSE if _CLAUSE_END.search(between) else " "


_GAPS = Lookup(_gap)


class _Text:
    """Headlines and texts, one behind the other: their words, and the signs among them.

    Nothing goes on from one of them to the next: a line ends in front of each. Patterns are
    looked for in one string, the words as they are counted, each behind the sign of its gap.
    """

    def __init__(self, pieces: Sequence[Piece], forms: list[Form]) -> None:
        self._pieces, self.forms = pieces, forms
        self._offsets = [0, *accumulate(len(piece.tokens.words) for piece in pieces)]
        self._articles = self._offsets[2::2]  # where each ends: a headline and a text
        self.between = [*chain.from_iterable(piece.tokens.between[:-1] for piece in pieces), ""]
        for first in self._offsets:
            self.between[first] = "\n"
        self.gaps = list(map(_GAPS.__getitem__, self.between))
        written = list(map(str.__add__, self.gaps, [*(form.folded for form in forms), ""]))
        self._written = "".join(written)
        self._starts = list(accumulate(map(len, written), initial=1))
        self._in_capitals: dict[int, bool] = {}  # by the first token of a sentence

    @cached_property
    def signs(self) -> dict[int, tuple[list[int], list[int]]]:
        """Where each sign stands: first tokens in text order, and the tokens after the last."""
        found: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i, form in enumerate(self.forms):
            for way in self._standing(form.signs, i) if form.signs.all else ():
                if after := self._after(way, i):
                    found[way.rank][0].append(i)
                    found[way.rank][1].append(after)
        return dict(found)

    @cached_property
    def _of_article(self) -> list[set[int]]:
        """The signs that stand in each article, of which there is a headline and a text."""
        held: list[set[int]] = [set() for _ in self._offsets[::2]]
        for number, (firsts, _) in self.signs.items():
            for article in set(np.searchsorted(self._articles, firsts, "right").tolist()):
                held[article].add(number)
        return held

    def _standing(self, ways: _Ways, first: int) -> tuple[_Way, ...]:
        """Of some patterns those that may begin with a token."""
        may = ways.may is None or ways.may(self._written, self._starts[first])
        return ways.all if may else ways.alone

    def _after(self, way: _Way, first: int) -> int:
        """The token after the longest match that begins with token `first`, 0 for none."""
        if way.match is None:
            return first + 1
        found = way.match(self._written, self._starts[first])
        return bisect_left(self._starts, found.end()) if found else 0

    def _named(self, way: _Way, first: int) -> tuple[int, ...]:
        """The tokens of a match that its pattern names, those of its gaps left out."""
        found = way.match and way.match(self._written, self._starts[first])
        if not found:
            return (first,)
        ends = (bisect_left(self._starts, end) for end in chain(*found.regs[1:]))
        return tuple(chain(*map(range, ends, ends)))

    def hits(self, matcher: Matcher) -> list[Hit]:
        """The hits, in text order."""
        found = self._longest_matches(matcher)
        if not found:
            return []
        marks, scare = _Marks(self, matcher.marks), self._scare_quotes()
        return [
            Hit(
                way.rank,
                first,
                after,
                self._named(way, first),
                marks.negated(first),
                after <= scare.get(first, 0),
                marks.so_called(first, after),
            )
            for way, first, after in found
        ]

    def _longest_matches(self, matcher: Matcher) -> list[tuple[_Way, int, int]]:
        """Each match, its first token and the token after its last, in text order."""
        free_from = [0] * len(matcher.sets)
        found: list[tuple[_Way, int, int]] = []
        for i, form in enumerate(self.forms):
            if not form.ways.all:
                continue
            best: dict[int, tuple[_Way, int, int]] = {}
            for way in self._standing(form.ways, i):
                number = way.set_number
                if free_from[number] > i:
                    continue
                after = self._after(way, i)
                if after <= (best[number][2] if number in best else 0):
                    continue
                guards = matcher.guards.get(way.rank)
                if guards is None or self._allowed(guards, i, after):
                    best[number] = (way, i, after)
            for number, (_, _, after) in best.items():
                free_from[number] = after
            found += sorted(best.values(), key=lambda match: match[0].rank)
        return found

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
            and self.between[gap].isspace()
            and not (i == start and is_small_word(forms[i].word))
            for i, gap in neighbours
        )

    def _scare_quotes(self) -> dict[int, int]:
        """Behind which token the few words in quotation marks end in which a token stands."""
        behind: dict[int, int] = {}
        for piece, offset in zip(self._pieces, self._offsets, strict=False):
            for opened, closed in piece.quoted:
                words = piece.tokens_in(opened, closed, offset)
                few = words.stop - words.start <= _SCARE_WORDS
                if few and _is_scare(piece.text, opened, closed):
                    end = offset + bisect_right(piece.tokens.ends, closed)
                    behind |= dict.fromkeys(range(words.start, end), end)
        return behind


def _is_scare(text: str, opened: int, closed: int) -> bool:
    """Whether a quotation of a few words is no utterance of its own."""
    inside = text[opened:closed].strip(_MARKS + " ")
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
    distinct = [matcher[form] for form in words.forms]
    text = _Text(pieces, list(map(distinct.__getitem__, words.form.tolist())))
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
        self._spans = {
            kind: sorted(
                (end, start)
                for number in numbers & text.signs.keys()
                for start, end in zip(*text.signs[number], strict=True)
            )
            for kind, numbers in marks.items()
        }
        self._ends = {kind: [end for end, _ in spans] for kind, spans in self._spans.items()}

    def negated(self, first: int) -> bool:
        """Whether a negator, a denial or an aside turns what begins with a token."""
        denials = self._ending("denials", first - _DENIAL_WINDOW + 1, first)
        asides = self._ending("asides", first - _NEGATION_WINDOW + 1, first)
        return (
            self._negated(first)
            or any(self._reaches(start, end, first) for end, start in denials)
            or any(self._set_aside(end, first) for end, _ in asides)
        )

    def so_called(self, first: int, after: int) -> bool:
        """Whether *so-called* or its like stands in the hit, or up to two words before it."""
        spans = self._ending("so_called", first - _SO_CALLED_WINDOW, after + LONGEST)
        return any(
            start < after and (end > first or self._is_free(end, first)) for end, start in spans
        )

    def _ending(self, kind: str, first: int, last: int) -> list[tuple[int, int]]:
        """End and start of the markers of a kind behind which one of some tokens stands."""
        ends = self._ends[kind]
        return self._spans[kind][bisect_left(ends, first) : bisect_right(ends, last)]

    def _is_free(self, start: int, first: int) -> bool:
        """Whether no clause ends between the token before `start` and the hit."""
        return set(self._text.gaps[start : first + 1]) <= {" "}

    def _negated(self, first: int) -> bool:
        """Whether a negator governs the token: see ``data/languages/en/markers.toml``."""
        markers, forms, gaps = self._markers, self._text.forms, self._text.gaps
        skip_next = False
        for i in range(first - 1, max(first - 1 - _NEGATION_WINDOW, -1), -1):
            if gaps[i + 1] != " ":
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
        comma = self._text.between[end].strip() == ","
        return comma and between <= self._markers["carriers"] and self._is_free(end + 1, first)
