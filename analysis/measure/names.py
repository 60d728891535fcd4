"""Who a noun phrase names: one name per person per article, collectives as they are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from analysis.errors import AnalysisError
from analysis.measure.clauses import word_classes
from analysis.measure.lookup import Lookup
from analysis.paths import LEXICONS

_UPPER = r"[^\W\d_a-zß-ÿ]"
_MAY_BE_UPPER = r"[A-Z\x80-\xde\u0100-\ud7ff\uf900-\U0010ffff]"  # quick to look for
_REST = r"[\w\u0300-\u036f]*+(?:[’'-][^\W\d_][\w\u0300-\u036f]*+)*+"
_PARTICLE = r"(?:de|da|del|der|den|di|la|le|van|von|bin|ibn|al|el|ter|ten|dos|du)"
_STOP = (
    r"(?:(?<=\b\w)\.|(?<=\b(?:Mr|Dr|Ms|Jr|St|Lt))\.|(?<=\b(?:Mrs|Sen|Rep|Gov|Gen|Col|Sgt|Rev))\.)"
)
_FULL_NAME = re.compile(
    rf"{_MAY_BE_UPPER}(?<={_UPPER})(?<![\w’'-].){_REST}"
    rf"(?:{_STOP}?[ \u00a0](?:{_PARTICLE}[ \u00a0-])*{_UPPER}{_REST})+"
)
_COURTESY = re.compile(
    rf"([DLMS](?<!\w.)(?:rs?|s|iss|ir|ord|ady|ame))\.?[ \u00a0]({_UPPER}{_REST})"
)
_ARAB_ARTICLE = re.compile("^(?:al|el|Al|El)-")
_SUFFIXES = frozenset(["Jr", "Sr", "Jr.", "Sr."])
_IS_PARTICLE = re.compile(f"(?i:{_PARTICLE})$").match
_POSSESSIVES = ("'", "’", "'s", "’s")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_INITIAL = re.compile(r"\s+\w\.?(?:\s+\w\.?)*\s+")
_SPACE = re.compile(r"\s+")
_WHERE = re.compile(  # "ambassador to Oru"; "the government in Oru" is Oru's
    r"(?<!government)(?<!authorities)(?<!parliament)\s"
    r"(?:in|from|to|near|on|at|with|against|about|by)\s(?:(?!,|\b(?:of|for)\s).)*"
)

# Roles in which somebody speaks for a state or an institution.
OFFICIAL = frozenset(
    ["spokesperson", "diplomat", "minister", "head of state or government", "legislator",
     "officials", "police"]
)  # fmt: skip


class Speaker(NamedTuple):
    """Who somebody is, according to a speaker table."""

    name: str
    side: str
    role: str


@dataclass(frozen=True)
class SpeakerTable:
    """Known speakers by alias, and adjectives that tell the side of a collective.

    Attributes
    ----------
    aliases : case-folded alias → speaker
    origins : case-folded word → side ("Russian" → "Russia"); a collective that holds words of
        one side only belongs to it
    """

    aliases: Mapping[str, Speaker] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _found(self) -> Lookup[Speaker | None]:
        return Lookup(self._find)

    @cached_property
    def _sides(self) -> Lookup[str]:
        return Lookup(self._side)

    def find(self, name: str) -> Speaker | None:
        """The speaker of a name, with or without middle initials; None when not listed."""
        return self._found[name]

    def side_of_collective(self, phrase: str) -> str:
        """The one side a phrase speaks for, '' when there is none or more than one.

        It has to be a state ("Russia"), an organ of one or an office. A place where somebody is
        or that somebody is sent to ("ambassador to Oru") tells nothing.
        """
        return self._sides[phrase]

    def _find(self, name: str) -> Speaker | None:
        key = name.casefold()
        return self.aliases.get(key) or self.aliases.get(_INITIAL.sub(" ", key))

    def _side(self, phrase: str) -> str:
        people = people_words()
        words = [w.strip("(),") for w in _WHERE.sub("", phrase.casefold()).split()]
        bare = [without_possessive(w) for w in words]
        found = [self.origins.get(w) or self.origins.get(w.rstrip("."), "") for w in bare]
        others = {w for w, side in zip(bare, found, strict=True) if not side}
        speaks_for_state = (
            role_of(phrase) in OFFICIAL
            or not others.isdisjoint(people["state"])
            or others <= {"the", "and", "both"}
        )
        sides = {side for side in found if side}
        if len(sides) != 1 or not speaks_for_state or others & people["sideless"]:
            return ""
        return sides.pop()


@cache
def read_speakers(path: Path | None = None) -> SpeakerTable:
    """Read a speaker table (TOML); the project's own, ``data/lexicons/speakers.toml``, by default.

    Each ``[[speaker]]`` has name, aliases, side, role, source; each ``[[origin]]`` has words and
    side. A side left out is ''.

    Raises
    ------
    AnalysisError
        When an entry has no name, or one alias stands for two speakers.
    """
    path = path or LEXICONS / "speakers.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    aliases: dict[str, Speaker] = {}
    for entry in table.get("speaker", []):
        if not entry.get("name"):
            raise AnalysisError(f"{path.name}: a speaker without a name.", 'Add name = "…".')
        speaker = Speaker(entry["name"], entry.get("side", ""), entry.get("role", ""))
        for alias in [entry["name"], *entry.get("aliases", [])]:
            known = aliases.setdefault(alias.casefold(), speaker)
            if known != speaker:
                raise AnalysisError(
                    f"{path.name}: '{alias}' stands for {known.name} and for {speaker.name}.",
                    "Keep the alias for one of them.",
                )
    origins = {w.casefold(): e.get("side", "") for e in table.get("origin", []) for w in e["words"]}
    return SpeakerTable(aliases, origins)


@cache
def people_words() -> dict[str, frozenset[str]]:
    """Titles, gendered words, addressees, plurals and organisation words, lower case."""
    table = tomllib.loads((LEXICONS / "people.toml").read_text("utf-8"))
    return {key: frozenset(v) for key, v in table.items() if isinstance(v, list)}


@cache
def _roles() -> dict[str, str]:
    table = tomllib.loads((LEXICONS / "people.toml").read_text("utf-8"))["roles"]
    return {word: role for role, words in table.items() for word in words}


def without_possessive(word: str) -> str:
    """A word without 's or an apostrophe at its end."""
    return word[: -1 - (word[-1] == "s")] if word.endswith(_POSSESSIVES) else word


@lru_cache(maxsize=50_000)
def role_of(phrase: str) -> str:
    """The role that the first telling word of a phrase gives: "a mill spokesman" → spokesperson.

    Not a word in front of a possessive ("President Vell's spokesman"), nor "deputy" where it is
    somebody's deputy ("deputy minister").
    """
    roles = _roles()
    words = [w.strip("(),.") for w in phrase.lower().split()]
    head = next((i for i, w in enumerate(words) if w in ("of", "for", "at")), len(words))
    owner = max((i for i, w in enumerate(words[:head]) if w.endswith(_POSSESSIVES)), default=-1)
    for part in (words[owner + 1 :], words):
        found = [(w, role) for w in part if (role := roles.get(without_possessive(w)))]
        if found:
            return next((role for w, role in found if w != "deputy"), found[0][1])
    return ""


@cache
def given_names() -> dict[str, str]:
    """Given names, lower case, with 'm' or 'f'."""
    table = tomllib.loads((LEXICONS / "given_names.toml").read_text("utf-8"))
    return dict.fromkeys(table["female"], "f") | dict.fromkeys(table["male"], "m")


@lru_cache(maxsize=50_000)
def is_small_word(word: str) -> bool:
    """Whether a capitalised word is a closed-class word that opens a sentence, or a day."""
    return word_classes().get(word.lower(), "N") in "PDtwhxzaios&byq" and len(word) > 1


class Register:
    """The persons of one article: surname → full names, and what is known of their gender."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._full: dict[str, list[str]] = {}
        self._gender: dict[str, str] = {}
        for phrase in dict.fromkeys(_FULL_NAME.findall(text, _body(text))):
            if name := _full_name(phrase):
                _add_name(self._full.setdefault(_surname(name), []), name)

    def knows(self, surname: str) -> bool:
        """Whether the article gives a full name with this surname."""
        return _surname(surname) in self._full

    def full_name(self, words: list[str], gender: str = "") -> str:
        """The full name for the words of a name (titles stripped), as the article first gives it.

        `gender` ('m', 'f' or '') chooses between two of one surname. Where nothing tells them
        apart the words stay as they are.
        """
        names = self._full.get(_surname(words[-1]), [])
        if names == [" ".join(words)]:
            return names[0]
        for start in range(len(words) - 1) if names else ():
            name = " ".join(words[start:])
            if any(known.endswith(f" {name}") for known in names):
                _add_name(names, name)
            for known in names:
                if _is_same_person(name, known):
                    return known
        if len(words) > 1 and words[0].lower() in given_names():
            return " ".join(words)
        fitting = [n for n in names if not gender or self.gender(n) in ("", gender)]
        if len(fitting) > 1:
            known_by_gender = [n for n in fitting if gender and self.gender(n) == gender]
            fitting = known_by_gender or [n for n in fitting if self._is_given(n.split(" ")[0])]
        return fitting[0] if len(fitting) == 1 else " ".join(words)

    def _is_given(self, word: str) -> bool:
        """Whether a first word is a given name, not a word that opens a sentence before a name."""
        lower = word.lower()
        is_word = word.isupper() or lower in word_classes() or f" {lower} " in self._text
        return lower in given_names() or not is_word

    def note_gender(self, name: str, gender: str) -> None:
        """Remember what a phrase like "Mrs. Novak" or a pronoun has told of a person."""
        if gender:
            self._gender.setdefault(name, gender)

    def gender(self, name: str) -> str:
        """'m', 'f' or '' when nothing in the article or the list of given names tells."""
        known = self._gender.get(name) or given_names().get(name.split(" ")[0].lower(), "")
        return known or self._by_courtesy.get(_surname(name), "")

    @cached_property
    def _by_courtesy(self) -> dict[str, str]:
        """Surname → gender; '' where both "Mr." and "Mrs." stand before it."""
        found: dict[str, str] = {}
        for title, surname in _COURTESY.findall(self._text):
            gender = gender_in(title)
            found[surname] = gender if found.get(surname, gender) == gender else ""
        return found


def _body(text: str) -> int:
    """Where a text begins behind a headline in which every longer word has a capital."""
    line = text.find("\n")
    words = [w for w in text[: max(line, 0)].split() if len(w) > 3]
    is_headline = len(words) > 2 and sum(w[0].isupper() for w in words) >= 0.8 * len(words)
    return line if is_headline and text[line - 1] != "." else 0


def _add_name(names: list[str], name: str) -> None:
    """Add a full name to those of one surname, unless it is one of them in another form."""
    for i, known in enumerate(names):
        shorter, longer = sorted((name, known), key=len)
        if longer.endswith(f" {shorter}"):  # "Oru Ida Renn", who is Ida Renn
            names[i] = longer if longer.split(" ")[0].lower() in given_names() else shorter
        if _is_same_person(name, names[i]):
            return
    names.append(name)


def _surname(name: str) -> str:
    return _ARAB_ARTICLE.sub("", name.rpartition(" ")[2])


def _is_same_person(name: str, other: str) -> bool:
    """Whether two full names of one surname are one person's: "J. Renn" and "Jan Karel Renn"."""
    one, two = name.split(" ")[0].rstrip("."), other.split(" ")[0].rstrip(".")
    return one == two or (one[0] == two[0] and 1 in (len(one), len(two)))


@lru_cache(maxsize=50_000)
def _full_name(phrase: str) -> str:
    """The full name that a run of capitalised words ends with, '' where it is no person's."""
    words = strip_titles([w.rstrip(".") if len(w) > 2 else w for w in phrase.split()])
    while words and is_small_word(words[0]):
        del words[0]
    if not 2 <= len(words) <= 4 or any(map(is_small_word, words)) or _IS_PARTICLE(words[0]):
        return ""
    is_acronym = len(words[-1]) > 1 and words[-1].isupper()
    return "" if is_acronym or is_organisation(words) else " ".join(words)


@lru_cache(maxsize=50_000)
def gender_in(phrase: str) -> str:
    """What titles and nouns in a phrase tell: "Mrs. Novak", "spokeswoman" → 'f'."""
    words = {w.strip(".,").lower() for w in phrase.split()}
    people = people_words()
    if words & people["female"]:
        return "f"
    return "m" if words & people["male"] else ""


def strip_titles(words: list[str]) -> list[str]:
    """The name in a run of capitalised words: what follows the last title or possessive.

    ["Foreign", "Minister", "Ana", "Novak"] → ["Ana", "Novak"]. Where a given name stands inside
    ("Oru", "Anna", "Novak"), the name begins with it.
    """
    if words and words[-1] in _SUFFIXES:
        words = words[:-1]
    start = len(words)
    while start and not _IS_TITLE[words[start - 1]]:
        start -= 1
    name = words[start:]
    given = given_names()
    if len(name) > 2 and name[0].lower() not in given:
        for i in range(1, len(name) - 1):
            if name[i].lower() in given and len(name[0]) > 2:
                return name[i:]
    return name


def _is_title(word: str) -> bool:
    bare = word.lower().rstrip(".")
    return bare in people_words()["titles"] or bare.endswith(("'s", "’s"))


_IS_TITLE = Lookup(_is_title)


@lru_cache(maxsize=50_000)
def tidy(phrase: str) -> str:
    """A phrase as it is shown: white space single, article gone, no small first word capital."""
    return _ARTICLE.sub("", _SPACE.sub(" ", phrase.strip(" ,;:-")))


def is_organisation(words: list[str]) -> bool:
    """Whether a run of capitalised words holds a word that only organisations or places have."""
    people = people_words()
    is_place = len(words) > 1 and words[0].lower() in people["places"]
    return is_place or not people["organisations"].isdisjoint(w.lower() for w in words)
