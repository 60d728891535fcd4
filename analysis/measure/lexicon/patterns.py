"""How a word list says what it looks for: patterns of words, their guards, and the lists of them.

**Patterns** are made of words as the token rule sees them (`analysis.measure.tokens`), in any
case, separated by spaces:

==================  ==============================================================
``word``            that token; possessive ``'s`` is stripped from texts, so never written
``stem*``           any token that begins so (at least three letters before the star)
``one|other*``      one of several
``{0,3}``           between none and three words of any kind, within the sentence
``#``, ``#-year``   a number in figures, alone or at the beginning of a token
``self-made``       hyphened or open: ``self-made`` and ``self made``
==================  ==============================================================

Words that follow each other directly in a pattern have only white space, quotation marks or
a sign like ``$`` between them in a text; a gap may hold commas, but no end of a sentence. A
pattern has at most twelve places, and its gaps together at most sixteen words, so that looking
for it takes time that grows with the text alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, NamedTuple

import regex

from analysis.data import mistake
from analysis.errors import AnalysisError
from analysis.measure.tokens import tokenize

NUMBER = re.compile(r"\d[\d.,:]*")
_GAP = re.compile(r"\{(\d{1,2}),(\d{1,2})\}")
_LONGEST_GAP = 8
_LONGEST_GAPS = 16  # of one pattern together
_MOST_PLACES = 12
_SHORTEST_STEM = 3
LONGEST = 2 * _MOST_PLACES + _LONGEST_GAPS  # tokens of a match, hyphened words written open


class Word(NamedTuple):
    """One place in a pattern: any of some words, or any token that begins with a stem.

    ``#`` in a word stands for a number.
    """

    exact: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()


class Place(NamedTuple):
    """A place of a pattern: what may stand there, and how many tokens may stand before it.

    Attributes
    ----------
    least, most : tokens between the place before and this one
    options : the ways to write it: one word, or several that follow each other (a hyphened
        word written open)
    """

    least: int
    most: int
    options: tuple[tuple[Word, ...], ...]


Pattern = tuple[Place, ...]


def parse(pattern: str) -> Pattern:
    """The places of a pattern.

    Raises
    ------
    AnalysisError
        Where the pattern could never match, its meaning is unclear, or it is too long.
    """
    places: list[Place] = []
    least = most = 0
    parts = pattern.split()
    if not parts:
        raise AnalysisError("The pattern is empty.", "Write at least one word.")
    if _GAP.fullmatch(parts[0]) or _GAP.fullmatch(parts[-1]):
        raise AnalysisError("A gap begins or ends the pattern.", "Put it between two words.")
    for before, part in pairwise(["", *parts]):
        gap = _GAP.fullmatch(part)
        if gap:
            least, most = _gap(gap, before)
            continue
        places.append(Place(least, most, tuple(_options(part))))
        least = most = 0
    gaps = sum(place.most for place in places)
    if len(places) > _MOST_PLACES or gaps > _LONGEST_GAPS:
        limits = {"most": _MOST_PLACES, "longest": _LONGEST_GAPS}
        raise mistake("pattern-long", words=len(places), gaps=gaps, **limits)
    return tuple(places)


# A text is looked through as one string: each token as it is counted, behind a sign of what stands
# before it, a space where neither a clause nor a sentence ends there.
CLAUSE, SENTENCE = "\t", "\n"
_TOKEN, BEHIND = rf"[^ {CLAUSE}{SENTENCE}]*", rf"(?=[ {CLAUSE}{SENTENCE}])"


def expression(places: Pattern) -> re.Pattern[str]:
    """What the tokens of a pattern have to be, from its first one on; a group for each place.

    Of several matches the longest is found.
    """
    parts = []
    for place in places:
        options = sorted(place.options, key=len, reverse=True)
        parts.append(f"({'|'.join(' '.join(map(_written, words)) for words in options)})")
    gaps = [
        f"(?:[ {CLAUSE}]{_TOKEN}){{{least},{most}}}[ {CLAUSE}]" if most else " "
        for least, most, _ in places[1:]
    ]
    whole = "".join(chain(*zip(["", *gaps], parts, strict=True))) + BEHIND
    if len(places) > 1 and any(len(set(map(len, place.options))) > 1 for place in places):
        return regex.compile(whole, regex.POSIX)  # a longer word may stand behind a shorter gap
    return re.compile(whole)


def _written(word: Word) -> str:
    """The ways to write a word of a pattern."""
    exact = (
        rf"{NUMBER.pattern}+{re.escape(w[1:])}" if w[0] == "#" else re.escape(w)
        for w in sorted(word.exact)
    )
    return f"(?:{'|'.join([*exact, *(re.escape(stem) + _TOKEN for stem in word.stems)])})"


def _gap(gap: re.Match[str], before: str) -> tuple[int, int]:
    least, most = int(gap[1]), int(gap[2])
    if least > most or not 0 < most <= _LONGEST_GAP or _GAP.fullmatch(before):
        raise mistake("pattern-gap", gap=gap[0], most=_LONGEST_GAP)
    return least, most


def _options(part: str) -> list[tuple[Word, ...]]:
    """The ways to write one word of a pattern: as it stands, and open where it has hyphens."""
    written = [_checked(alternative) for alternative in part.split("|")]
    if len(set(written)) < len(written):
        raise AnalysisError(f"{part!r} names a word twice.", "Leave one out.")
    options: list[tuple[Word, ...]] = [(_word(written),)]
    for alternative in written:
        pieces = alternative.split("-")
        if len(pieces) > 1 and all(pieces):
            options.append(tuple(_word([piece]) for piece in pieces))
    return options


def _word(alternatives: Iterable[str]) -> Word:
    alternatives = list(alternatives)
    exact = frozenset(a for a in alternatives if not a.endswith("*"))
    return Word(exact, tuple(sorted(a[:-1] for a in alternatives if a.endswith("*"))))


def _checked(word: str) -> str:
    """A word of a pattern in its folded form, mistake where no token can ever equal it."""
    if not word:
        raise AnalysisError("A bar has no word on one of its sides.", "Write one|other.")
    if "{" in word or "}" in word or "..." in word or "…" in word:
        raise mistake("pattern-no-gap", word=word)
    stem = word.removesuffix("*")
    if "*" in stem or not stem:
        raise mistake("pattern-star", word=word)
    star = word[len(stem) :]
    number = stem.startswith("#")
    probe = (stem.replace("#", "1", 1) if number else stem) + "x" * len(star)
    tokens = tokenize(probe)
    folded = " ".join(tokens)
    if len(tokens) != 1 or len(folded) != len(probe):
        write = repr(folded) if tokens else "letters, digits, inner hyphens, apostrophes"
        raise mistake("pattern-never", word=word, read=folded or "nothing", write=write)
    if star and (len(stem) < _SHORTEST_STEM or any(c.isdigit() or c == "#" for c in stem)):
        raise mistake("pattern-stem", word=word, least=_SHORTEST_STEM)
    return (f"#{folded[1:]}" if number else folded)[: len(stem)] + star


# ---------------------------------------------------------------- entries and lists


class Guards(NamedTuple):
    """What must stand about a match for it to count; see `analysis.measure.lexicon.load`.

    Lists of patterns, or in a `Matcher` the numbers of these.
    """

    near: frozenset[Any] = frozenset()
    not_near: frozenset[Any] = frozenset()
    article: frozenset[Any] = frozenset()
    not_article: frozenset[Any] = frozenset()
    not_in: frozenset[Any] = frozenset()
    part_of_name: bool = True


UNGUARDED = Guards()


@dataclass(frozen=True)
class Entry:
    """One pattern of a lexicon, with what a reader needs to judge it."""

    set: str
    label: str
    pattern: str
    places: Pattern = field(repr=False)
    sense: str = ""
    source: str = ""
    example: str = ""
    but_not: str = ""
    side: str = ""
    mirror: str = ""
    guards: Guards = UNGUARDED


@dataclass(frozen=True)
class LexiconSet:
    """A set of labels among which a passage has one."""

    name: str
    kind: str
    about: str
    sides: tuple[str, ...]
    house_style: bool
    labels: dict[str, str]


@dataclass(frozen=True)
class Lexicon:
    """A word list that passed every check of `load_lexicon`; equal where name and hash are.

    Attributes
    ----------
    name : the name of a bundled list, or the file's name without its ending
    hash : SHA-256 of its files, line ends as ``\\n``
    sets : by name, in the order of the files
    sources : by the key under which entries cite them
    entries : in the order of the files
    remarks : what a reader of the list will miss (sources, examples)
    """

    name: str
    hash: str
    title: str = field(compare=False)
    about: str = field(compare=False)
    sets: dict[str, LexiconSet] = field(compare=False)
    sources: dict[str, str] = field(compare=False)
    entries: tuple[Entry, ...] = field(compare=False)
    remarks: tuple[str, ...] = field(compare=False, default=())

    def described(self) -> dict[str, Any]:
        """What a measured corpus keeps of the lexicon: enough to list what was not found."""
        sets = {
            s.name: {"kind": s.kind, "house_style": s.house_style, "labels": dict(s.labels)}
            for s in self.sets.values()
        }
        return {"hash": f"sha256:{self.hash}", "title": self.title, "sets": sets}
