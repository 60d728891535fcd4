"""Which persons an article speaks of: names, titles and genders, and where they are subjects."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import NamedTuple

import pandas as pd

from analysis.data import word_list
from analysis.measure.lookup import Lookup
from analysis.measure.speech import names, wordclasses
from analysis.measure.speech.names import Speaker, given_names, people_words, role_of, strip_titles
from analysis.measure.speech.wordclasses import listed, word_classes

_UPPER = r"[^\W\d_a-zß-ÿ]"
_MAY_BE_UPPER = r"[A-Z\x80-\xde\u0100-\ud7ff\uf900-\U0010ffff]"  # quick to look for
_REST = r"[\w\u0300-\u036f]*+(?:[’'-][^\W\d_][\w\u0300-\u036f]*+)*+"
_PARTICLE = f"(?:{'|'.join(word_list('people')['particles'])})"
_STOP = r"(?:(?<=\b\w)\.|{})".format(
    "|".join(rf"(?<=\b{title.capitalize()})\." for title in word_list("people")["short_titles"])
)
_FULL_NAME = re.compile(
    rf"{_MAY_BE_UPPER}(?<={_UPPER})(?<![\w’'-].)(?<!\b\w\..){_REST}"
    rf"(?:{_STOP}?[ \u00a0](?:{_PARTICLE}[ \u00a0-])*{_UPPER}{_REST})+"
)
_TITLES = [title.capitalize() for title in word_list("people")["courtesy"]]
_COURTESY = re.compile(  # one class in front: `re` then skips quickly to where it may match
    rf"([{''.join(sorted({title[0] for title in _TITLES}))}](?<!\w.)"
    rf"(?:{'|'.join(title[1:] for title in _TITLES)}))\.?[ \u00a0]({_UPPER}{_REST})"
)
_NAMESAKES = 30  # persons of one surname that are told apart
_KNOWN, _NAMESAKES_SHARE = 3, 20  # articles; times as many as of all namesakes
_HEADLINE = 300  # code points: a longer first line is none
_ARAB_ARTICLE = re.compile("^(?:al|el|Al|El)-")
_IS_PARTICLE = re.compile(f"(?i:{_PARTICLE})$").match
_CAPITALS = re.compile(
    r"[^\W\d_a-zß-ÿ](?<![\w’'-].)[\w.’'-]*"
    rf"(?: (?:{_PARTICLE} )*[^\W\d_a-zß-ÿ][\w.’'-]*)*"
)
_BEHIND = re.compile(r",\s+((?:[\w’'-]+\s){0,5}[\w’'-]+)")
_ARAB = re.compile(r"(?:al|el)-[^\W\d_a-z]")


class Mention(NamedTuple):
    """A person named in the outlet's voice."""

    name: str
    place: str  # subject, addressee, or neither


class Register:
    """The persons of one article: surname → full names, what is known of their gender, who spoke.

    The text is one after `speech.wordclasses.mask`: names in quotations do not count.
    """

    def __init__(self, text: str, speakers: names.SpeakerTable) -> None:
        self._text = text
        self._speakers = speakers
        self.spoke: dict[str, Speaker] = {}  # single persons who have spoken, the last one last
        self._full: dict[str, list[str]] = {}
        self._gender: dict[str, str] = {}
        self._stands_small = Lookup(lambda word: f" {word} " in text)  # without a capital
        for phrase in dict.fromkeys(_FULL_NAME.findall(text, _body(text))):
            if name := _full_name(phrase):
                _add_name(self._full.setdefault(_surname(name), []), name)

    def people(self) -> list[str]:
        """The persons with full names, one name each, in the order in which they are named."""
        return [name for same in self._full.values() for name in same]

    def word_names(self) -> frozenset[str]:
        """Surnames of this article that are also words, as they are written."""
        words = people_words()["also_surnames"]
        return frozenset(name for name in self._full if name.lower() in words)

    def knows(self, surname: str) -> bool:
        """Whether the article gives a full name with this surname."""
        return _surname(surname) in self._full

    def full_name(self, words: list[str], gender: str = "") -> str:
        """The full name for the words of a name (titles stripped), as the article first gives it.

        `gender` ('m', 'f' or '') chooses between two of one surname. Where nothing tells them
        apart the words stay as they are.
        """
        namesakes = self._full.get(_surname(words[-1]), [])
        if namesakes == [" ".join(words)]:
            return namesakes[0]
        for start in range(len(words) - 1) if namesakes else ():
            name = " ".join(words[start:])
            if any(known.endswith(f" {name}") for known in namesakes):
                _add_name(namesakes, name)
            for known in namesakes:
                if _is_same_person(name, known):
                    return known
        if len(words) > 1 and words[0].lower() in given_names():
            return " ".join(words)
        fitting = self._fitting(namesakes, _surname(words[-1]), gender)
        fitting = [name for name in fitting if self._is_given(name.split(" ")[0])]
        return fitting[0] if len(fitting) == 1 else " ".join(words)

    def _fitting(self, namesakes: list[str], surname: str, gender: str) -> list[str]:
        fitting = [n for n in namesakes if self.fits(n, gender)]
        if gender and self._by_courtesy.get(surname) == "":
            fitting = [n for n in fitting if self.gender(n)]  # "Mr." may not mean the one listed
        if len(fitting) > 1:
            known_by_gender = [n for n in fitting if gender and self.gender(n) == gender]
            fitting = known_by_gender or [n for n in fitting if self._is_given(n.split(" ")[0])]
        return fitting

    def _is_given(self, word: str) -> bool:
        """Whether a first word is a given name, not a word that opens a sentence before a name."""
        lower = word.lower()
        is_word = (
            is_acronym(word.rstrip(".")) or lower in word_classes() or self._stands_small[lower]
        )
        return lower in given_names() or not is_word

    def note_gender(self, name: str, gender: str) -> None:
        """Remember what a phrase like "Mrs. Novak" or a pronoun has told of a person."""
        if gender:
            self._gender.setdefault(name, gender)

    def speaks(self, speaker: Speaker) -> Speaker:
        """Remember who spoke last, if only as "she"."""
        self.spoke.pop(speaker.name, None)
        self.spoke[speaker.name] = speaker
        return speaker

    def gender(self, name: str) -> str:
        """'m', 'f' or '' when nothing in the article or the list of given names tells."""
        known = self._gender.get(name) or given_names().get(name.split(" ")[0].lower(), "")
        return known or self._by_courtesy.get(_surname(name), "")

    def fits(self, name: str, gender: str) -> bool:
        """Whether nothing speaks against a gender ('' for any)."""
        return not gender or self.gender(name) in ("", gender)

    @cached_property
    def _by_courtesy(self) -> dict[str, str]:
        """Surname → gender; '' where both "Mr." and "Mrs." stand before it."""
        found: dict[str, str] = {}
        for title, surname in _COURTESY.findall(self._text):
            gender = names.gender_in(title)
            found[surname] = gender if found.get(surname, gender) == gender else ""
        return found

    def mentions(self, start: int, end: int) -> list[Mention]:
        """The persons a stretch of text names."""
        found: list[Mention] = []
        for match in _CAPITALS.finditer(self._text, start, end):
            words = match[0].split()
            while words and names.is_small_word(words[0]):
                del words[0]
            place = _place(self._text[start : match.start()])
            behind = self._text[match.end() : match.end() + 12].lstrip(",").lstrip(" ")
            if place == "subject" and behind.split(" ")[0] in listed("and"):
                place = ""
            if words and (name := self._named(words, place == "subject")):
                found.append(Mention(name, place))
        return found

    def _named(self, words: list[str], is_subject: bool) -> str:
        """The full name of a person by the words of a run of capitals, '' where it is none's.

        A full name that nothing else tells to be a person's counts as the subject only.
        """
        bare = [w.rstrip(".") if len(w) > 2 else w for w in words]
        bare[-1] = names.without_possessive(bare[-1])
        name = strip_titles(bare)
        if not name or names.is_organisation(name) or is_acronym(name[-1]):
            return ""
        full = self.full_name(name, names.gender_in(" ".join(words)))
        if listed := self._speakers.find(full):
            return "" if listed.role == "organisation" else listed.name
        is_titled = len(name) < len(bare) and role_of(" ".join(bare)) in names.OFFICIAL
        is_person = full in self.spoke or self.gender(full) or is_titled
        return full if is_person or (is_subject and self.knows(name[-1])) else ""


def _body(text: str) -> int:
    """Where a text begins behind a headline in which every longer word has a capital."""
    line = text.find("\n", 0, _HEADLINE)
    words = [w for w in text[: max(line, 0)].split() if len(w) > 3]
    is_headline = len(words) > 2 and sum(w[0].isupper() for w in words) >= 0.8 * len(words)
    return line if is_headline and text[line - 1] != "." else 0


def _add_name(namesakes: list[str], name: str) -> None:
    """Add a full name to those of one surname, unless it is one of them in another form."""
    for i, known in enumerate(namesakes):
        shorter, longer = sorted((name, known), key=len)
        if longer.endswith(f" {shorter}"):  # "Oru Ida Renn", who is Ida Renn
            namesakes[i] = longer if longer.split(" ")[0].lower() in given_names() else shorter
        if _is_same_person(name, namesakes[i]):
            return
    if len(namesakes) < _NAMESAKES:
        namesakes.append(name)


def usual_names(statements: pd.DataFrame) -> dict[str, str]:
    """Names as articles give them → the one by which the person is known in all of them.

    "Ida E. Renn" → "Ida Renn", where both speak and no other middle name tells two persons apart.
    "Renn" → "Ida Renn", where she speaks in three articles, and all her namesakes together in at
    most a twentieth as many: who is named by a surname alone is known to all. Speakers with a side
    have the name that their list gives them.

    Parameters
    ----------
    statements
        article, speaker, side.
    """
    alone = statements.loc[statements["side"] == "", ["article", "speaker"]].drop_duplicates()
    heard = alone["speaker"].astype("str").value_counts().to_dict()
    usual = _without_middle_names(heard)
    full: dict[str, Counter[str]] = {}
    for name, articles in heard.items():
        known = usual.get(name, name)
        if _FULL_NAME.fullmatch(known) and known.split()[0].lower() in given_names():
            full.setdefault(_surname(known), Counter())[known] += articles
    for surname, persons in full.items():
        person, articles = max(persons.items(), key=lambda one: (one[1], one[0]))
        is_only = _NAMESAKES_SHARE * (persons.total() - articles) <= articles
        if surname in heard and articles >= _KNOWN and is_only:
            usual[surname] = person
    return usual


def _without_middle_names(spoken: Iterable[str]) -> dict[str, str]:
    middles: dict[str, set[str]] = {}
    of: dict[str, str] = {}
    for name in sorted(spoken):
        first, *middle, last = name.split() if name.count(" ") > 1 else ("", "")
        initials = "".join(word[0] for word in middle)
        if initials.isupper() and (max(map(len, middle)) < 3 or first.lower() in given_names()):
            of[name] = f"{first} {last}"
            middles.setdefault(of[name], set()).add(initials)
    known = set(spoken)
    return {
        name: short for name, short in of.items() if short in known and len(middles[short]) == 1
    }


def _surname(name: str) -> str:
    return _ARAB_ARTICLE.sub("", name.rpartition(" ")[2])


def _is_same_person(name: str, other: str) -> bool:
    """Whether two full names of one surname are one person's: "J. Renn" and "Jan Karel Renn"."""
    one, two = name.split(" ")[0].rstrip("."), other.split(" ")[0].rstrip(".")
    return one == two or (one[0] == two[0] and 1 in (len(one), len(two)))


def _letter(word: str) -> str:
    return word_classes().get(word.lower(), "")


@lru_cache(maxsize=50_000)
def _full_name(phrase: str) -> str:
    """The full name that a run of capitalised words ends with, '' where it is no person's."""
    words = strip_titles([w.rstrip(".") if len(w) > 2 else w for w in phrase.split()])
    while words and (names.is_small_word(words[0]) or _letter(words[0]) in ("V", "U")):
        del words[0]  # "Said Ida Renn", "Says Neil"
    small = words[:-1] if names.is_given_and_word(words[-2:]) else words
    if not 2 <= len(words) <= 4 or any(map(names.is_small_word, small)) or _IS_PARTICLE(words[0]):
        return ""
    return "" if is_acronym(words[-1]) or names.is_organisation(words) else " ".join(words)


def _place(before: str) -> str:
    """What a person is in a sentence, by the words in front: subject, addressee, or ''."""
    clause = before.rpartition(",")[2].split()
    n_words = len(clause)
    while clause and (clause[-1][0].isupper() or _is_title(clause[-1])):
        del clause[-1]
    letters = "".join(word_classes().get(w.lower(), "l") for w in clause)
    has_title = len(clause) < n_words and clause[-1:] != [] and before.split()[-1].islower()
    if not letters.strip("&baystDl" if has_title else "&baystD"):
        return "subject"
    verb = wordclasses.attribution_verbs().get(clause[-1].lower())
    return "addressee" if verb and "person" in verb.takes else ""


def _is_title(word: str) -> bool:
    return word.lower() in people_words()["titles"] or role_of(word) != ""


def is_acronym(word: str) -> bool:
    """Whether a word is all capitals."""
    return len(word) > 1 and word.isupper()


def is_several(phrase: str) -> bool:
    """Whether a phrase means more than one: "officials in Oru", "most people", "the bakers"."""
    words = people_words()
    head = takewhile(lambda word: word.lower() not in listed("belongs"), phrase.split())
    several, plural = words["plurals"] | words["crowds"], wordclasses.endings("plural")
    for at, word in enumerate(head):
        lower = word.lower()
        is_agent = lower.endswith(wordclasses.endings("agents")) and lower not in listed("things")
        is_agent = is_agent and (at == 0 or word.islower())  # not "Ida Wahlers"
        if lower in several or is_agent or (lower.endswith(plural) and role_of(lower)):
            return True
    return False


def apposition(text: str, end: int) -> str:
    """The first words of what stands behind a name: ", a professor at Oru, …"."""
    match = _BEHIND.match(text, end)
    return match[1] if match else ""


def person_in(words: list[str], classes: str) -> list[str]:
    """The words of the personal name in a phrase; empty for collectives.

    It is the last run of capitals, unless that belongs to what the first one is of: "Ida Renn
    of the Harbour Institute", "Ambassador to Oru Ida Renn".
    """
    if "l" in classes and any(map(_ARAB.match, words)):
        letters = ["N" if _ARAB.match(w) else c for w, c in zip(words, classes, strict=True)]
        classes = "".join(letters)
    begin = classes.find("N")
    if begin < 0 or words[-1].lower() in listed("corporate"):
        return []
    end = len(classes) - len(classes[begin:].lstrip("N"))
    last = len(classes.rstrip("N"))
    run, before = words[last:], classes[last - 1 : last]
    is_in_place = len(run) == 1 and classes[:last].rstrip("DOadgl")[-1:] in ("i", "o")
    if is_in_place or (before == "g" and last > 1):
        before = "i"  # "rebels in eastern Tolva", "a lawyer defending Vell"
    name = strip_titles(run) if before != "&" else []
    if name and not names.is_organisation(name):
        if before not in ("i", "o") or 1 < len(name) < len(run):
            return name
        if len(run) > 2 and begin == 0 and not strip_titles(words[:end]):
            return name[-2:]
    return _first_name(words, classes, begin, end)


def _first_name(words: list[str], classes: str, begin: int, end: int) -> list[str]:
    name, rest = strip_titles(words[:end]), classes[end:]
    if len(name) < 2 or rest[:1] not in tuple("lid,") or classes[:begin].strip("OD"):
        return []
    if rest[0] == "," and "&" in rest:
        return []  # "Ida Renn, Jan Vell and Karl Oster"
    is_whole = "l" not in rest or (rest[0] == "i" and name[0].lower() in given_names())
    return name if is_whole and not names.is_organisation(name) else []
