"""Who a noun phrase names: one name per person per article, collectives as they are written."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Annotated, NamedTuple, Required

from annotated_types import MinLen
from pydantic import with_config
from typing_extensions import TypedDict

from analysis.checks import NO_OTHERS, Name, checked
from analysis.data import DATA, read_list, word_list
from analysis.errors import AnalysisError
from analysis.measure.lookup import Lookup
from analysis.measure.speech.wordclasses import endings, listed, word_classes

_INITIAL = re.compile(r"\s+\w\.?(?:\s+\w\.?)*\s+")
_SPACE = re.compile(r"\s+")

MEDIA = "media"  # outlets, agencies and their reporters: no sources

# Roles in which somebody speaks for a state or an institution.
_OFFICES = "spokesperson, diplomat, minister, head of state or government, legislator"
OFFICIAL = frozenset([*_OFFICES.split(", "), "officials", "police"])


@cache
def _where() -> re.Pattern[str]:
    """Where somebody is: "ambassador to Oru"; but "the government in Oru" is Oru's."""
    states = "".join(f"(?<!{word})" for word in sorted(listed("place_of_state")))
    place, of = ("|".join(sorted(listed(kind))) for kind in ("place", "of"))
    return re.compile(rf"{states}\s(?:{place})\s(?:(?!,|\b(?:{of})\s).)*")


@with_config(NO_OTHERS)
class _Speaker(TypedDict, total=False):
    name: Required[Name]
    aliases: list[str]
    side: str
    role: str
    source: str


@with_config(NO_OTHERS)
class _Origin(TypedDict, total=False):
    words: Required[Annotated[list[str], MinLen(1)]]
    side: Required[Name]
    source: str


@with_config(NO_OTHERS)
class _Speakers(TypedDict, total=False):
    speaker: list[_Speaker]
    origin: list[_Origin]


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

    def find(self, name: str) -> Speaker | None:
        """The speaker of a name, with or without middle initials; None when not listed."""
        key = name.casefold().replace("’", "'")
        return self.aliases.get(key) or self.aliases.get(_INITIAL.sub(" ", key))

    @cached_property
    def _sides(self) -> Lookup[str]:
        return Lookup(self._side)

    def side_of_collective(self, phrase: str) -> str:
        """The one side a phrase speaks for, '' when there is none or more than one.

        It has to be a state ("Russia"), an organ of one or an office. A place where somebody is
        or that somebody is sent to ("ambassador to Oru") tells nothing.
        """
        return self._sides[phrase]

    def _side(self, phrase: str) -> str:
        people, words = people_words(), _where().sub("", phrase.casefold()).split()
        bare = [without_possessive(w.strip("(),")) for w in words]
        found = {w: self.origins.get(w) or self.origins.get(w.rstrip("."), "") for w in bare}
        others = {w for w, side in found.items() if not side}
        is_state = others & people["state"] or others <= listed("joins")
        sides = set(found.values()) - {""}
        speaks = (is_state or role_of(phrase) in OFFICIAL) and not others & people["sideless"]
        return sides.pop() if len(sides) == 1 and speaks else ""


def read_speakers(path: Path) -> SpeakerTable:
    """Read a speaker table (TOML).

    Each ``[[speaker]]`` has name, aliases, side, role, source; each ``[[origin]]`` has words, side
    and source: see ``docs/speakers.md``. A side left out is ''.

    Raises
    ------
    AnalysisError
        With file, entry and field, for an unknown key (``[mayor]``), a value of a wrong kind, an
        entry without a name, an alias of two speakers, a word of two sides.
    """
    table = checked(_Speakers, read_list(path).tables, path.name)
    aliases: dict[str, Speaker] = {}
    for entry in table.get("speaker", []):
        speaker = Speaker(entry["name"], entry.get("side", ""), entry.get("role", ""))
        for alias in [entry["name"], *entry.get("aliases", [])]:
            known = aliases.setdefault(alias.casefold().replace("’", "'"), speaker)
            said = f"'{alias}' stands for {known.name} and for {speaker.name}."
            if known != speaker:
                raise AnalysisError(f"{path.name}: {said}", "Keep the alias for one of them.")
    origins: dict[str, str] = {}
    for origin in table.get("origin", []):
        for word in origin["words"]:
            side = origins.setdefault(word.casefold(), origin["side"])
            said = f"{word!r} tells the side {side!r} as well."
            if side != origin["side"]:
                raise AnalysisError(f"{path.name}: {said}", "Keep it for one of them.")
    return SpeakerTable(aliases, origins)


@cache
def people_words() -> dict[str, frozenset[str]]:
    """Titles, gendered words, addressees, plurals and organisation words, lower case."""
    table = word_list("people")
    return {key: frozenset(v) for key, v in table.items() if isinstance(v, list)}


@cache
def _roles() -> dict[str, str]:
    table = word_list("people")["roles"]
    return {word: role for role, words in table.items() for word in words}


def without_possessive(word: str) -> str:
    """A word without 's or an apostrophe at its end."""
    return word[: -1 - (word[-1] == "s")] if word.endswith(endings("possessive")) else word


@lru_cache(maxsize=50_000)
def role_of(phrase: str) -> str:
    """The role that the first telling word of a phrase gives: "a mill spokesman" → spokesperson.

    Not a word in front of a possessive: "President Vell's spokesman".
    """
    roles = _roles()
    words = [w.strip("(),.") for w in phrase.lower().split()]
    head = list(takewhile(lambda word: word not in listed("of"), words))
    owners = (i for i, w in enumerate(head) if w.endswith(endings("possessive")))
    last = max(owners, default=-1)
    for part in (words[last + 1 :], words):
        found = [w for w in part if without_possessive(w) in roles]
        if found:
            strong = (w for w in found if w not in people_words()["weak"])
            return roles[without_possessive(next(strong, found[0]))]
    return ""


@cache
def given_names() -> dict[str, str]:
    """Given names, lower case, with 'm' or 'f'."""
    table = word_list("given_names")
    return dict.fromkeys(table["female"], "f") | dict.fromkeys(table["male"], "m")


@lru_cache(maxsize=50_000)
def is_small_word(word: str) -> bool:
    """Whether a capitalised word is a closed-class word that opens a sentence, or a day."""
    return word_classes().get(word.lower(), "N") in "PDtwhxzaios&byq" and len(word) > 1


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
    if words and words[-1].rstrip(".").lower() in people_words()["suffixes"]:
        words = words[:-1]
    if is_given_and_word(words[-2:]):
        return words[-2:]
    start = len(words)
    while start and not _IS_TITLE[words[start - 1]]:
        start -= 1
    name = words[start:]
    if len(name) < 3 or len(name[0]) < 3 or name[0].lower() in given_names():
        return name
    inside = (i for i in range(1, len(name) - 1) if name[i].lower() in given_names())
    return name[next(inside, 0) :]


@cache
def _outlets() -> frozenset[str]:
    """Names of outlets and agencies, lower case."""
    agencies = word_list("agencies")["entry"]
    names = [name for one in agencies for name in (one["name"], *one["aliases"])]
    with (DATA / "outlets.csv").open(encoding="utf-8", newline="") as lines:
        names += [row["outlet"] for row in csv.DictReader(lines)]
    return frozenset(name.casefold() for name in names)


@lru_cache(maxsize=50_000)
def is_media(phrase: str, has_person: bool) -> bool:
    """Whether a source is an outlet or somebody of one: "Reuters", "the Quay Times's Ida Renn"."""
    if not has_person:
        return _is_outlet(phrase)
    words = phrase.split()
    owner = next((i for i, word in enumerate(words) if word.endswith(endings("possessive"))), -1)
    of = next((i for i, word in enumerate(words) if word in listed("of")), len(words))
    return _is_outlet(" ".join(words[: owner + 1])) or _is_outlet(tidy(" ".join(words[of + 1 :])))


def _is_outlet(phrase: str) -> bool:
    words = [without_possessive(word.strip(",.")).casefold() for word in phrase.split()]
    known = any(" ".join(words[:n]) in _outlets() for n in range(1, min(len(words), 5) + 1))
    is_name = len(words) > 1 and phrase[:1].isupper()
    return known or (is_name and words[-1] in people_words()["outlets"])


def is_given_and_word(words: list[str]) -> bool:
    """Whether it is a given name and a surname that is also a word: "Anna May", "Ida King"."""
    if len(words) != 2 or words[0].lower() not in given_names():
        return False
    return words[1].lower() in people_words()["also_surnames"]


def _is_title(word: str) -> bool:
    bare = word.lower().rstrip(".")
    return bare in people_words()["titles"] or bare.endswith(endings("possessive")[2:])


_IS_TITLE = Lookup(_is_title)


@lru_cache(maxsize=50_000)
def tidy(phrase: str) -> str:
    """A phrase as it is shown: white space single, article gone, no small first word capital."""
    shown = _SPACE.sub(" ", phrase.strip(" ,;:-"))
    first, _, rest = shown.partition(" ")
    return rest if rest and first.lower() in listed("articles") else shown


def is_organisation(words: list[str]) -> bool:
    """Whether a run of capitalised words holds a word that only organisations or places have."""
    people, lower = people_words(), [word.lower() for word in words]
    if is_given_and_word(words):
        return False
    is_place = len(words) > 1 and lower[0] in people["places"]
    is_company = not listed("corporate").isdisjoint(lower[-1:])
    return is_place or is_company or not people["organisations"].isdisjoint(lower)
