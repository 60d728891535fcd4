"""Sentences as strings of word classes, so that rules about clauses are short expressions.

No parser and no model: a word's class is looked up in a list of closed classes
(``data/languages/en/clause_words.toml``) or read off its shape. One letter stands for one word;
rules are written with the names of the letters (`pattern`):

======  =  ======================  ======  =  ======================  ======  =  ==================
NAME    N  a capitalised word      OWNER   O  a possessive            WORD    l  any other word
SAID    V  a verb of saying, past  SAYS    U  the same, in -s         SAY     B  the same, bare
SAYING  G  the same, in -ing       AUX     x  an auxiliary            NOT     z  a negation
PRON    P  a pronoun               DET     D  a determiner            THAT    t  *that*
WHO     w  *who, which*            WH      h  *what, whether* …       DAY     y  a day or month
PREP    i  a preposition           TO      o  *to*                    WHILE   s  *while, as, if* …
AND     &  *and, or*               BUT     b  *but*                   ADV     a  an adverb
ING     g  a participle in -ing    NUM     d  a number
QUOTE   Q  words in quotation marks           LABEL   q  a few quoted words inside a phrase
======  =  ======================  ======  =  ======================  ======  =  ==================

, ; : - ( ) . stand for themselves. AUX is also any other form that can be nothing but a finite verb
and that no participle is spelled like: "came", "gives".
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import NamedTuple

from analysis.data import LANGUAGE, word_list
from analysis.measure.lookup import Lookup

_NAMES = {
    "NAME": "N", "OWNER": "O", "WORD": "l", "SAID": "V", "SAYS": "U", "SAY": "B", "SAYING": "G",
    "AUX": "x", "NOT": "z", "PRON": "P", "DET": "D", "THAT": "t", "WHO": "w", "WH": "h",
    "DAY": "y", "PREP": "i", "TO": "o", "WHILE": "s", "AND": "&", "BUT": "b", "ADV": "a",
    "ING": "g", "NUM": "d", "QUOTE": "Q", "LABEL": "q",
}  # fmt: skip
_BY_LETTER = {letter: name for name, letter in _NAMES.items()}
_NAME = re.compile("[A-Z]{2,}")
_BLANK = re.compile(r"\s")
_FRAGMENT = re.compile("@([a-z_]+)@")

QUOTED = "\ue000"  # stands for every character of a quotation in a masked text

MARKS = "\"“”„«»‘’'`″＂"

_LETTER = r"[^\W_]"
_WORD = re.compile(
    rf"{QUOTED}+|(?:{_LETTER}\.){{2,}}|@?{_LETTER}[\w\u0300-\u036f]*"
    r"(?:(?:[’'`‐‑&/@_-]|(?<=\d)[.,](?=\d)|\.(?=[a-z\d]))[^\W_][\w\u0300-\u036f]*)*|--+|[,;:()\[\]—–―-]|[$£€]"
)
_SIGNS = dict(zip(f"[]—–―$£€{QUOTED}-,;:()", "()---dddQ-,;:()", strict=True))
_LETTERS = re.compile("[A-Za-z]+")
# Marks behind the letters of an outline: a cue ("said"), a noun that may be one ("claim"), and a
# determiner that may be its subject ("some"). Nothing is said in a sentence without a cue, a verb
# spelled like a noun ("bakers claim"; not "the claim", "of claims"), what such a noun introduces
# ("the claim that"), or a quotation or a colon at one of its ends.
_CUE, _NOUN, _ALONE = "*~+"
_MAY_SPEAK = re.compile(r"\*|(?<![DOi])[BU]~|~[to]|^.?Q|Q$|^.{1,9}:|:$")
_OFF = str.maketrans(dict.fromkeys("*~+"))
Names = frozenset[str]
_RUN_OF_QUOTED = re.compile(f"{QUOTED}+")
_SHORT_QUOTE = 4  # words: longer ones are never part of a noun phrase


def pattern(rule: str) -> re.Pattern[str]:
    """An expression over word classes, written with their names; blanks do not count.

    >>> pattern("DET? [ADV WORD]* NAME+").pattern
    'D?[al]*N+'
    """
    return re.compile(_BLANK.sub("", _NAME.sub(lambda name: _NAMES[name[0]], rule)))


def _expressions(kind: str) -> dict[str, re.Pattern[str]]:
    """The expressions of a table of ``data/languages/en/clauses.toml``, fragments put in."""
    grammar = word_list("clauses")
    fragments = dict(grammar["fragments"])

    def whole(rule: str) -> str:
        return _FRAGMENT.sub(lambda name: whole(fragments[name[1]]), rule)

    return {name: pattern(whole(rule)) for name, rule in grammar[kind].items()}


def class_names(classes: str) -> list[str]:
    """The names of some word classes; signs are their own names."""
    return [_BY_LETTER.get(letter, letter) for letter in classes]


_SHAPES = _expressions("patterns")
_KINDS = {name: tuple(shape.groupindex) for name, shape in _SHAPES.items()}
RULES = _expressions("rules")  # groups: who, what, cue


@dataclass(frozen=True)
class Verb:
    """One verb of saying, as listed in ``data/languages/en/attribution_verbs.toml``."""

    lemma: str
    takes: frozenset[str]
    group: str
    noun: bool = False  # its bare form and the one in -s are as often nouns
    particle: str = ""  # a verb of saying only with this word behind it: "point out"
    prepositions: frozenset[str] = frozenset()  # behind one of them a noun phrase is said


@cache
def attribution_verbs() -> dict[str, Verb]:
    """Every listed form of a verb of saying, lower case, with its entry."""
    found: dict[str, Verb] = {}
    for lemma, entry in word_list("attribution_verbs")["verbs"].items():
        takes, prepositions = (frozenset(entry.get(key, ())) for key in ("takes", "prepositions"))
        noun, particle = entry.get("noun", False), entry.get("particle", "")
        verb = Verb(lemma, takes, entry["class"], noun, particle, prepositions)
        found |= dict.fromkeys(entry["forms"], verb)
    return found


@cache
def listed(kind: str, language: str = LANGUAGE) -> frozenset[str]:
    """Words that a rule asks for, lower case: ``[words]`` in ``clause_words.toml``.

    Nouns by which constructions are told apart (``[nouns]``) and words that negate a saying or
    make it hypothetical (``[modality]``) likewise.
    """
    lists = word_list("clause_words", language)
    others = dict.fromkeys(lists["endings"], ())
    found = {**others, **lists["modality"], **lists["words"], **lists["nouns"]}[kind]
    return frozenset(found["words"] if isinstance(found, dict) else found)


@cache
def endings(kind: str, language: str = LANGUAGE) -> tuple[str, ...]:
    """Endings that tell a word's class: ``[endings]`` in ``clause_words.toml``."""
    return tuple(word_list("clause_words", language)["endings"][kind])


@cache
def word_classes() -> dict[str, str]:
    """The class of every listed word, lower case."""
    verbs = attribution_verbs()
    counts = Counter(verb.lemma for verb in verbs.values())
    closed = word_list("clause_words")["classes"].items()
    classes = {word: letter for letter, words in reversed(closed) for word in words}
    return classes | {
        form: _verb_class(form, verb, counts[verb.lemma]) for form, verb in verbs.items()
    }


def _verb_class(form: str, verb: Verb, n_forms: int) -> str:
    if form.endswith(endings("participle")):
        return "G"
    if form == verb.lemma:
        return "B" if n_forms > 3 else "V"  # "read" is its own past
    return "U" if form.endswith(endings("third")) else "V"


class Outline(NamedTuple):
    """A sentence before it is known whether it is a headline, and whether anything is said."""

    parts: list[str]
    letters: str  # as inside a sentence, with marks

    @property
    def may_speak(self) -> bool:
        """Whether anything can be said in it."""
        return _MAY_SPEAK.search(self.letters) is not None


def outline(sentence: str) -> Outline:
    """The outline of a sentence of a text after `mask`."""
    parts = sentence.split(" ")
    return Outline(parts, "".join(map(_LETTERS_OF, parts)))


class Clauses:
    """One sentence: its words, where they stand in the text, and their classes."""

    def __init__(
        self, text: str, masked: str, start: int, end: int, outline: Outline, names: Names
    ) -> None:
        """Give each word of a sentence of a text its class.

        Parameters
        ----------
        masked
            The text after `mask`.
        start, end
            The sentence, in code points of the text.
        outline
            What `outline` gives for the sentence.
        names
            Surnames of the text that are also words: "Will", "May".
        """
        self.text, self.masked, self.start, self.end = text, masked, start, end
        self.words = list(chain.from_iterable(map(_WORDS_OF, outline.parts)))
        self.verbs: dict[int, Verb] = {}
        self._ends: list[int] = []
        self.classes = outline.letters.translate(_OFF)
        opening = _OPENING
        if _is_headline(self.words) and masked[end - 1] not in "!?":
            self.classes, opening = "".join(map(_IN_HEADLINE, self.words)), _OPENING_HEADLINE
        if self.words:
            self._put(0, opening[self.words[0]])
            for kind, letter, fits in _OPENINGS[self.classes[0]]:
                if fits(_LOWER[self.words[0]]) and self.match(kind):
                    self._put(0, letter)
        if "Q" in self.classes:
            self._mark_labels()
        if not names.isdisjoint(self.words):
            self._mark_names(names)
        # The "there" of "there would be" stands for a subject, "about half" holds no preposition.
        for kind, letter in (("there", "P"), ("about", "a"), ("reflexive", "a")):
            for here in () if listed(kind).isdisjoint(self.words) else self.all(kind):
                self._put(here.start(), letter)
        self._find_verbs()

    def _put(self, at: int, letter: str) -> None:
        self.classes = f"{self.classes[:at]}{letter}{self.classes[at + 1 :]}"

    def _mark_labels(self) -> None:
        """Tell a few quoted words inside a phrase (LABEL) from words that may be speech."""
        at = -1
        for run in _RUN_OF_QUOTED.finditer(self.masked, self.start, self.end):
            at = self.classes.find("Q", at + 1)
            inside = self.text[slice(*run.span())].strip(MARKS)
            is_short = inside.count(" ") < _SHORT_QUOTE and inside[-1:] not in tuple(".,!?…—")
            if is_short and self.letter(at - 1) not in ("", ",", ":"):
                self._put(at, "q")

    def _mark_names(self, names: Names) -> None:
        """Words that are surnames in this text become names, but not "in May" and "May 5"."""
        for k, word in enumerate(self.words):
            around, letter = {self.letter(k - 1), self.letter(k + 1)}, self.classes[k]
            is_date = letter == "y" and bool(around & {"d", "i"})
            asks = letter == "x" and k == 0 and self.letter(1) not in tuple("VUBaxz,;(")
            if word in names and not is_date and not asks:
                self._put(k, "N")

    def _find_verbs(self) -> None:
        """The verbs of saying; one that needs a particle and lacks it becomes any word."""
        verbs, alone = attribution_verbs(), listed("alone")
        for match in _SHAPES["cues"].finditer(self.classes):
            at = match.start()
            verb, before = verbs[_LOWER[self.words[at]]], _LOWER[self.words[at - 1]]
            letter, has_owner = self.classes[at], self.letter(at - 1) in tuple("DOi")
            if verb.noun and letter in "BU" and has_owner and before not in alone:
                continue  # "the claim", "of claims"
            first = max(at - 1 - (self.letter(at - 1) == "d"), 0)
            told = self.classes[at - 1 : at + 2] == "dVl" and "clause" not in verb.takes
            told = told or _SHAPES["attribute"].match(self.classes, first) is not None
            if (told and before not in alone) or self._is_told(at, verb):
                self._put(at, "l")  # "a written statement", "only 30 confirmed cases"
            elif verb.particle and [w.lower() for w in self.words[at + 1 : at + 2]] != [
                verb.particle
            ]:
                is_finite = _LOWER[self.words[at]] in word_list("clause_words")["classes"]["x"]
                self._put(at, "g" if letter == "G" else "x" if is_finite else "l")
            else:
                self.verbs[at] = verb
                if verb.particle:
                    self._put(at + 1, "a")

    def _is_told(self, at: int, verb: Verb) -> bool:
        """Whether a verb tells what is said of somebody: "those asked said", "accused of"."""
        if self.classes[at] != "V":
            return False
        if self.letter(at + 1) in tuple("VUB"):
            other = attribution_verbs()[_LOWER[self.words[at + 1]]]
            return not (other.noun or other.particle)
        of = self.match("accused", at) and self.lower[at + 1] in verb.prepositions | listed("with")
        is_behind = self.classes[:at].rstrip("a")[-1:] in ("l", "N", ",")
        return bool(of) and is_behind and not self.search("whom", max(0, at - 9), at)

    @cached_property
    def lower(self) -> list[str]:
        """The words in small letters."""
        return list(map(_LOWER.__getitem__, self.words))

    def letter(self, at: int) -> str:
        """The class of a word, '' in front of the first and behind the last."""
        return self.classes[at : at + 1] if at >= 0 else ""

    def is_a(self, kind: str, at: int) -> bool:
        """Whether a word is of a list (`listed`), or has an ending of that name (`endings`).

        "not_" in front of the kind asks for the opposite. No word, no kind.
        """
        if not 0 <= at < len(self.words):
            return False
        if kind.startswith("not_"):
            return not self.is_a(kind[4:], at)
        word = _LOWER[self.words[at]]
        return word in listed(kind) or (kind in _ENDINGS and word.endswith(endings(kind)))

    def has(self, kind: str, start: int = 0, end: int | None = None) -> bool:
        """Whether one of some words is of a list."""
        return not listed(kind).isdisjoint(self.lower[max(start, 0) : end])

    def phrase(self, start: int, end: int) -> str:
        """Some words with spaces between them."""
        return " ".join(self.words[start:end])

    def match(self, name: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """A pattern of ``clauses.toml`` from a word on.

        What a group holds has to be of the list after which the group is named (`is_a`).
        """
        found = _SHAPES[name].match(self.classes, at, end)
        return found if found and (not _KINDS[name] or self._fits(found)) else None

    def whole(self, name: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The same, where it is all the words from one to another."""
        return _SHAPES[name].fullmatch(self.classes, at, end)

    def all(self, name: str, at: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Every place where it matches."""
        found = _SHAPES[name].finditer(self.classes, at, end)
        return filter(self._fits, found) if _KINDS[name] else found

    def search(self, name: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first of them."""
        return next(self.all(name, at, end), None)

    def _fits(self, found: re.Match[str]) -> bool:
        kinds = found.re.groupindex
        return all(self.is_a(kind, found.end(kind) - 1) for kind in kinds if found[kind])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Words start..end in code points of the text."""
        ends = self._ends
        if not ends:  # looked for only in the sentences that need it
            # Nothing between two words holds a character that a word may begin with.
            at, find = self.start, self.masked.find
            ends += [at := find(word, at) + len(word) for word in self.words]
        return ends[start] - len(self.words[start]), ends[end - 1]

    def closes_with(self, marks: str, word: int) -> bool:
        """Whether a quotation ends with one of some marks, inside or outside its last mark."""
        start, end = self.span(word, word + 1)
        return not set(marks).isdisjoint(self.text[max(start, end - 3) : end])

    def is_sentence(self, word: int) -> bool:
        """Whether a quotation reads as a whole sentence: a capital, three words, an end mark."""
        inside = self.text[slice(*self.span(word, word + 1))].strip(MARKS)
        return inside[:1].isupper() and inside[-1:] in tuple(".?!") and inside.count(" ") > 1

    def begins_with_capital(self, word: int) -> bool:
        """Whether a quotation begins like a sentence."""
        return self.text[slice(*self.span(word, word + 1))].lstrip(MARKS)[:1].isupper()


def mask(text: str, quoted: Sequence[tuple[int, int]]) -> str:
    """The text with every character of a quotation replaced, so that offsets stay the same."""
    pieces, at = [], 0
    for start, end in quoted:
        pieces += [text[at:start], QUOTED * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _is_headline(words: Sequence[str]) -> bool:
    """Whether nearly every longer word is capitalised, as in headlines."""
    if len(words) > 40 or sum(map(str.islower, words[:6])) > 3:
        return False
    initials = [w[0] for w in words if len(w) > 3 and w[0].isalpha()]
    return len(initials) > 2 and sum(map(str.isupper, initials)) >= 0.8 * len(initials)


def _letter(word: str, opens: bool, headline: bool) -> str:
    """The class of one word; `opens` where it stands first in its sentence."""
    known = word_classes()
    if (small := known.get(word)) is not None:
        return small
    first = word[0]
    if first in _SIGNS:
        return _SIGNS[first]
    if first.isdigit():
        return "d"
    lower = word.lower().replace("’", "'")
    letter = known.get(lower)
    capital = first.isupper() or first == "@"
    is_first = opens and not headline
    if letter and (not capital or opens or headline or letter in "Py" or lower == word):
        return letter if not (capital and letter in "VUB" and is_first) else "N"
    is_adverb = lower.endswith(endings("adverb"))
    small = letter if letter in ("D", "i", "&", "o") else ""
    rules = (
        ("O", lower.endswith(endings("owner"))),
        ("a", is_first and is_adverb),
        ("N", capital and not headline),
        (small, small),
        ("N", capital),
        ("z", lower.endswith(endings("negation"))),
        ("a", is_adverb),
        ("g", lower.endswith(endings("participle"))),
    )
    return next((letter for letter, fits in rules if fits), "l")


# What opens a sentence, by what stands behind it: a name ("Jolly said"), a participle ("Arriving
# in Oru"), a cue ("Asked whether", "Said Vell: "Q"").
_OPENINGS: defaultdict[str, tuple[tuple[str, str, Callable[[str], bool]], ...]]
_OPENINGS = defaultdict(
    tuple,
    a=(("opens_with_name", "N", lambda word: word.endswith(endings("adverb"))),),
    N=(
        ("opens_with_ing", "g", lambda word: word.endswith(endings("participle"))),
        ("opens_with_cue", "V", lambda word: word_classes().get(word) == "V"),
        ("opens_with_present", "V", lambda word: word_classes().get(word) == "U"),
        ("opens_with_past", "g", lambda word: word.endswith(endings("past"))),
    ),
)
_OPENING = Lookup(lambda word: _letter(word, True, False))
_OPENING_HEADLINE = Lookup(lambda word: _letter(word, True, True))
_IN_HEADLINE = Lookup(lambda word: _letter(word, False, True)).__getitem__


def _words_of(part: str) -> tuple[str, ...]:
    """The words between two spaces; no word holds a space."""
    return (part,) if part.isalpha() and part.isascii() else tuple(_WORD.findall(part))


def _letters_of(part: str) -> str:
    """Their classes as inside a sentence, with marks."""
    if part.startswith(QUOTED * 2):  # any length: what follows is looked up as after a short one
        return _LETTERS_OF(QUOTED + part.lstrip(QUOTED))
    letters, marks = "".join(_letter(word, False, False) for word in _words_of(part)), _marks()
    if part.isalpha() and part.islower() and part.isascii():
        return letters + marks.get(part, "")
    words = (word.lower() for word in _LETTERS.findall(part) if not word.isupper())
    has_cue = "Q" not in letters and any(marks.get(word, _ALONE) != _ALONE for word in words)
    return letters + _CUE if has_cue else letters


@cache
def _marks() -> dict[str, str]:
    """The mark of each word without which nothing is said."""
    marks = dict.fromkeys(listed("saying") | listed("message"), _NOUN)
    for form, verb in attribution_verbs().items():
        marks[form] = _NOUN if verb.noun and word_classes()[form] in "BU" else _CUE
    return marks | dict.fromkeys(listed("alone"), _ALONE) | dict.fromkeys(listed("according"), _CUE)


_WORDS_OF = Lookup(_words_of).__getitem__
_LETTERS_OF = Lookup(_letters_of).__getitem__
_LOWER = Lookup(lambda word: word.lower().replace("’", "'"))
_ENDINGS = frozenset(word_list("clause_words")["endings"])
