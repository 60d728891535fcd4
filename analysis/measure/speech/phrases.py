"""The source of an attribution: the noun phrase that is the subject of a verb of saying.

Phrases are found in sentences written as word classes (`speech.wordclasses`); positions
are words of the sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.measure.lookup import Lookup
from analysis.measure.speech.names import people_words, role_of
from analysis.measure.speech.wordclasses import (
    SHAPES,
    Clauses,
    endings,
    listed,
)

_APPOSITION = 60  # words between a source and its verb
_WINDOW = 12  # words a verb group may have
_ENDS_GROUP = frozenset("xazysl")
_IN_PHRASE = "adglNOqBUyi&D"
_SIGN = re.compile("[,;:Q-]")
_NO_PHRASE = frozenset("xPVGzht")
_LOWER = Lookup(lambda word: word.lower().replace("’", "'"))
_HEADS = frozenset("NlODB")


class Subject(NamedTuple):
    """Words of a source, first and one past the last."""

    start: int
    end: int
    kind: str = "phrase"  # or pronoun, relative
    mention: int = -1  # the word that stands for the source, where it is "who"


def subject_at(sentence: Clauses, start: int, end: int) -> Subject:
    """A subject that is known to stand at these words."""
    is_object = end == start + 1 and sentence.words[start].lower() in listed("personal")
    is_pronoun = is_object or sentence.classes[start:end] == "P"
    return Subject(start, end, "pronoun" if is_pronoun else "phrase")


def verb_group(sentence: Clauses, cue: int) -> int:
    """The first word of the verb group that ends in the cue (auxiliaries, adverbs, days)."""
    first = cue
    if sentence.classes[cue - 1 : cue] in _ENDS_GROUP:
        begin = max(0, cue - _WINDOW)
        match = SHAPES.group.search(sentence.classes[begin:cue])
        first = begin + match.start() if match else cue
    for n in (3, 2, 1):  # "Name this past week said", "Name late on Tuesday said"
        words = [word.lower() for word in sentence.words[max(first - n, 0) : first]]
        is_time = listed("time").issuperset(words[n > 1 :])
        if (
            is_time
            and first > n
            and words[0] in listed("this_time")
            and sentence.classes[first - n - 1] in "NlO,)"
        ):
            return first - n
    return first


def is_passive(sentence: Clauses, first: int, at: int) -> bool:
    """For "was told", "he's asked": somebody is spoken to, nobody is said to speak."""
    if first < at and not listed("be").isdisjoint(
        map(_LOWER.__getitem__, sentence.words[first:at])
    ):
        return True
    if sentence.classes[first - 1 : first] != "P":
        return False
    before = sentence.words[first - 1].lower()
    if "person" not in sentence.verbs[at].takes:  # "he's said"
        return False
    return before.endswith(endings("possessive")) and not sentence.classes[first:at].strip("a")


def modality_of(sentence: Clauses, first: int, at: int) -> str:
    """Whether a saying is negated or hypothetical, by the words of its own clause."""
    classes = sentence.classes
    begin = max(first - 6, 0)
    is_negated = "z" in classes[first:at]
    near = sentence.words[begin:at]
    if not is_negated and not any(map(_IS_MODAL.__getitem__, near)):
        return ""
    near_cue = list(map(_LOWER.__getitem__, near))
    group = near_cue[first - begin :]
    to = classes[first - 1 : first] == "o"
    before = near_cue[: first - begin][-4 if to else -1 :]
    if is_negated or not listed("negating").isdisjoint(before):
        return "negated"
    if not listed("hypothetical").isdisjoint(group + before[-1:]):
        return "hypothetical"
    if to and not listed("expecting").isdisjoint(before):
        return "hypothetical"
    clause = SHAPES.own_clause.search(classes, begin, first)
    own = near_cue[clause.start() - begin : first - begin] if clause else []
    return "hypothetical" if not listed("conditional").isdisjoint(own) else ""


_MODAL = ("negating", "no_one", "expecting", "hypothetical", "conditional")
_IS_MODAL = Lookup(lambda word: any(_LOWER[word] in listed(kind) for kind in _MODAL))


def subject_before(sentence: Clauses, first: int) -> Subject | None:
    """The noun phrase in front of a verb group; parentheses and appositions are passed over."""
    classes = sentence.classes
    at = first
    closes = at - (classes[at - 1 : at] == ",")  # "Name (left), said"
    if classes[closes - 1 : closes] == ")":
        at = max(classes.rfind("(", 0, closes), 0) or at
    if classes[at - 1 : at] == "-" and (dash := classes.rfind("-", 0, at - 1)) > 0:
        at = dash
        if "," in classes[:at]:
            return _before_apposition(sentence, at) or phrase_ending(sentence, at)
    before = classes[at - 1 : at]
    if before == "":
        return None
    if before == "P":
        return Subject(at - 1, at, "pronoun")
    if before in "Q," and (described := SHAPES.by_a_quote.fullmatch(classes, 0, at)):
        return Subject(*described.span(1))
    if before == "w":
        return antecedent(sentence, at - 1)
    if before in ",-":
        opens = classes.rfind(before, 0, at - 1)
        if classes[opens - 1 : opens] == "P" and classes[opens + 1] in "aiy":  # "She, too, said"
            return Subject(opens - 1, opens, "pronoun")
        return _before_apposition(sentence, at - 1)
    return phrase_ending(sentence, at)


def antecedent(sentence: Clauses, who: int) -> Subject | None:
    """For "…, who said": the noun phrase nearest to "who" that can be a person."""
    classes = sentence.classes
    if sentence.words[who].lower() not in listed("relative"):
        return None
    end = who
    while end and classes[end - 1] in ",-":
        end -= 1
    found = _before_apposition(sentence, end) if classes[end] == "," else None
    found = found or phrase_ending(sentence, end)
    if not found:
        return None
    inner = SHAPES.person_after_preposition.match(classes, found.start, found.end)
    return Subject(inner.start(1) if inner else found.start, found.end, "relative", who)


def _before_apposition(sentence: Clauses, comma: int) -> Subject | None:
    """For "Name, a baker from Oru, said": the first part that is a noun phrase."""
    classes = sentence.classes
    far = max(0, comma - _APPOSITION)
    quote = classes.rfind("Q", far, comma)
    is_title = (
        quote > 1 and classes[quote - 2] == "," and classes[quote - 1] not in ",:"
    )  # "the film, called "Q","
    signs = ";:b(-" if is_title else ";:Qb(-"
    start = max(far, *(classes.rfind(sign, far, comma) + 1 for sign in signs))
    at = start
    for part in classes[start:comma].split(","):
        end = at + len(part)
        is_time = _is_time(sentence, at, end)
        tail = part if part[:1] in tuple("isgw") else SHAPES.subordinate.split(part)[-1]
        if _is_phrase(tail) and end < comma and not is_time:
            return _trimmed(sentence, end - len(tail), end)
        at = end + 1
    return None


def _is_phrase(part: str) -> bool:
    head = part.lstrip("&ba")
    return head != "" and head[0] in "NDOldqB" and _NO_PHRASE.isdisjoint(head)


def phrase_ending(sentence: Clauses, end: int) -> Subject | None:
    """The noun phrase that ends before a word."""
    start = end
    while start and sentence.classes[start - 1] in _IN_PHRASE:
        start -= 1
    described = SHAPES.described.search(sentence.classes, max(0, start - _WINDOW), start)
    if (who := sentence.classes.rfind("w", 0, end)) >= 0 and SHAPES.relative.fullmatch(
        sentence.classes, who + 1, end
    ):
        whole = antecedent(sentence, who)  # "a woman who saw the fire"
        if whole:
            return Subject(whole.start, whole.end)
    if start == end - 1 and sentence.words[start].lower() in listed("corporate"):
        before = sentence.classes[:start].rstrip(",")  # "Wells, Inc. said"
        start = len(before.rstrip("NO"))
    if start < end and described and _is_described(sentence, described.start(), start):
        return Subject(described.start(), end)
    return _trimmed(sentence, start, end) if start < end else None


def _is_described(sentence: Clauses, start: int, end: int) -> bool:
    """Whether a source is told by another one: "an aide to Name", "people close to Name"."""
    words = [word.lower() for word in sentence.words[start:end]]
    return not listed("beside").isdisjoint(words)


def _trimmed(sentence: Clauses, start: int, end: int) -> Subject | None:
    """Cut what stands before the noun phrase proper: adverbs, a preposition's phrase, a verb."""
    classes = sentence.classes
    while start < end:
        if classes[start] in "a&y" or classes[start : start + 2] == "iy":
            start += 1
        elif classes[start] == "i":
            match = SHAPES.preposition.match(classes, start, end)
            start = match.end() if match else start + 1
        else:
            break
    for at in range(end - 1, start, -1):
        if classes[at] == "D" and classes[at - 1] not in "io&aDd":
            start = at
            break
    start = _second_conjunct(classes, start, end)
    while end > start and classes[end - 1] in "ay&i":
        end -= 1
    if start >= end:
        return None
    if classes[start:end].strip("Da") == "":
        alone = sentence.words[end - 1].lower() in people_words()["alone"]
        return Subject(start, end) if alone else None
    return Subject(start, end)


def _second_conjunct(classes: str, start: int, end: int) -> int:
    """In "…a failure and Name", where a name follows other words, the phrase is the name."""
    joined = classes.rfind("&", start, end)
    if joined <= start or classes[joined - 1] not in "lag":
        return start
    return joined + 1 if not classes[joined + 1 : end].strip("N") else start


def subject_after(sentence: Clauses, cue: int) -> Subject | None:
    """The noun phrase behind an inverted cue: "said a clerk at the mill"."""
    classes = sentence.classes
    start = cue + 1
    while classes[start : start + 1] == "a":
        start += 1
    if classes[start : start + 1] == "P":  # "says he"
        is_person = sentence.words[start] in listed("personal")
        ends = classes[start + 1 : start + 2] in ("", ",", ":", "Q")
        return Subject(start, start + 1, "pronoun") if is_person and ends else None
    match = SHAPES.name_after.match(classes, start) or SHAPES.phrase_after.match(classes, start)
    end = match.end() if match else start
    if classes[end : end + 1] == "o" and _is_described(sentence, start, end):
        end = SHAPES.phrase_after.match(classes, end + 1).end()
    while end > start and classes[end - 1] in "iya&":
        end -= 1
    return Subject(start, end) if not _HEADS.isdisjoint(classes[start:end]) else None


def object_after(sentence: Clauses, verb: int) -> Subject | None:
    """The noun phrase or pronoun behind a word: "quoted him", "by a clerk at the mill"."""
    at = verb + 1
    near = subject_at(sentence, at, at + 1) if at < len(sentence.words) else None
    return near if near and near.kind == "pronoun" else subject_after(sentence, verb)


def is_named(classes: str, subject: Subject) -> bool:
    """Whether a phrase reads as a person: a name with titles in front of it at most."""
    return SHAPES.named.fullmatch(classes, subject.start, subject.end) is not None


def is_plural(sentence: Clauses, subject: Subject) -> bool:
    """Whether a bare verb may follow: "they say", "critics of the plan say"."""
    if subject.kind == "relative":
        return True
    classes = sentence.classes
    phrase = classes[subject.start : subject.end]
    words = [word.lower() for word in sentence.words[subject.start : subject.end]]
    head = SHAPES.head.match(phrase)
    noun = words[head.end() - 1 if head else -1]
    if subject.kind == "pronoun":
        return noun in listed("plural")
    if not {"&", "d"}.isdisjoint(phrase) or noun in listed("quantity"):
        return True  # "Vell and Renn say", "half of the town say"
    several = people_words()["plurals"]
    if not listed("beside").isdisjoint(
        w for w in words[: head.end() if head else None] if w.endswith(endings("plural"))
    ):
        return True  # "sources privy to the plan say"
    return any(word.endswith(endings("plural")) or word in several for word in (noun, words[0]))


def first_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the main clause, which a later verb shares: the first noun phrase.

    A dateline, an opening phrase ("In Oru, Vell, Name …") and an opening clause ("While …,") are
    passed over.
    """
    classes = sentence.classes
    dateline = SHAPES.dateline.match(classes)
    at = dateline.end() if dateline else 0
    in_place = False
    for part in _SIGN.split(classes[at:before]):
        start = at + len(part) - len(part.lstrip("&ba"))
        opener = classes[start : at + len(part)][:1]
        rest_of_place = in_place and not classes[start : at + len(part)].strip("Nd")
        if _is_time(sentence, at, at + len(part)):
            opener = "y"
        if opener not in ("", *"isgQothyV") and not rest_of_place:
            return _opening_phrase(sentence, start, min(before, at + len(part)))
        near = part.rfind("P") if opener in ("i", "s") else -1
        if near > 0 and not classes[at + len(part) : before].strip("a"):
            return Subject(at + near, at + near + 1, "pronoun")  # "At this she laughed and said"
        in_place = opener == "i" or (in_place and opener == "N")
        at += len(part) + 1
    return None


def _is_time(sentence: Clauses, start: int, comma: int) -> bool:
    """Whether "Hours later," or "Last week," stands before a comma."""
    if not 0 < comma - start < 7 or sentence.classes[comma : comma + 1] != ",":
        return False
    classes, time = sentence.classes, listed("time")
    words = [word.lower() for word in sentence.words[start:comma]]
    return not time.isdisjoint(words) and all(
        word in time or classes[start + k] in "Dadi" for k, word in enumerate(words)
    )


def _opening_phrase(sentence: Clauses, start: int, end: int) -> Subject | None:
    if sentence.classes[start] == "P":
        return Subject(start, start + 1, "pronoun")
    match = SHAPES.opening.match(sentence.classes, start, end)
    if not match:
        return None
    last, words = match.end(), sentence.words
    office = SHAPES.named_office.match(sentence.classes, last, end)
    if office and words[last - 1].lower() in people_words()["titles"]:
        return Subject(start, office.end())  # "Secretary of State Ida Renn"
    while (
        sentence.classes[last : last + 1] == "l"
        and last < end
        and (role_of(words[last]) or not listed("part").isdisjoint(words[last + 1 : last + 2]))
    ):
        last += 1  # "the Oruan leader", "an angry army of"
    return Subject(start, last)


def nearest_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the clause a coordinated verb is in: "when Name sat down and said"."""
    starts = list(SHAPES.clause_start.finditer(sentence.classes, 1, before))
    if starts:
        return subject_at(sentence, *starts[-1].span(1))
    return first_subject(sentence, before)
