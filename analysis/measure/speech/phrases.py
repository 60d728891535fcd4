"""The source of an attribution: the noun phrase that is the subject of a verb of saying.

Phrases are found in sentences written as word classes (`speech.wordclasses`); positions
are words of the sentence.
"""

import re
from typing import NamedTuple

from analysis.measure.speech.complements import is_only_time
from analysis.measure.speech.names import people_words, role_of
from analysis.measure.speech.wordclasses import Clauses, listed

_APPOSITION = 60  # words between a source and its verb
_WINDOW = 12  # words a verb group may have
_ENDS_GROUP = frozenset("xazysldD,")
_IN_PHRASE = "adglNOqBUyi&D"
_SIGN = re.compile("[,;:Q-]")
_BRACKETS = re.compile(r"\([^)Q]*\)")
_NO_PHRASE = frozenset("xPVGzht")
_HEADS = frozenset("NlODB")


class Subject(NamedTuple):
    """Words of a source, first and one past the last."""

    start: int
    end: int
    kind: str = "phrase"  # or pronoun, relative
    mention: int = -1  # the word that stands for the source, where it is "who"


def subject_at(sentence: Clauses, start: int, end: int) -> Subject:
    """A subject that is known to stand at these words."""
    is_object = end == start + 1 and sentence.is_a("personal", start)
    is_pronoun = is_object or sentence.classes[start:end] == "P"
    return Subject(start, end, "pronoun" if is_pronoun else "phrase")


def verb_group(sentence: Clauses, cue: int) -> int:
    """The first word of the verb group that ends in the cue (auxiliaries, adverbs, days)."""
    first = cue
    if sentence.letter(cue - 1) in _ENDS_GROUP:
        begin = max(0, cue - _WINDOW)
        match = sentence.search("group", begin, cue)
        first = match.start() if match else cue
    if occasion := sentence.search("aside_on_occasion", max(0, first - 5), first):
        first = occasion.start()
    for n in (3, 2, 1):  # "Name this past week said", "Name late on Tuesday said"
        at = first - n
        is_time = at > 0 and listed("time").issuperset(sentence.lower[at + (n > 1) : first])
        if is_time and sentence.is_a("this_time", at) and sentence.classes[at - 1] in "NlO,)":
            return at
    return first


def is_passive(sentence: Clauses, first: int, at: int) -> bool:
    """For "was told", "he's asked": somebody is spoken to, nobody is said to speak."""
    if sentence.has("be", first, at):
        return True
    is_pronoun = sentence.letter(first - 1) == "P" and "person" in sentence.verbs[at].takes
    is_short = is_pronoun and sentence.is_a("possessive", first - 1)  # not "he's said"
    return is_short and not sentence.classes[first:at].strip("a")


def modality_of(sentence: Clauses, first: int, at: int) -> str:
    """Whether a saying is negated or hypothetical, by the words of its own clause."""
    classes, begin = sentence.classes, max(first - 6, 0)
    is_negated = "z" in classes[first:at]
    to = sentence.letter(first - 1) == "o"
    before = max(begin, first - (4 if to else 1))
    if is_negated or sentence.has("negating", before, first):
        return "negated"
    is_expected = to and sentence.has("expecting", before, first)
    is_short = sentence.letter(first - 1) == "P"  # "she'd say"; not "Name May said"
    if is_expected or sentence.has("hypothetical", first - is_short, at):
        return "hypothetical"
    is_near = sentence.has("conditional", begin, first)
    clause = sentence.search("own_clause", begin, first) if is_near else None
    is_condition = clause and sentence.has("conditional", clause.start(), first)
    return "hypothetical" if is_condition else ""


def subject_before(sentence: Clauses, first: int) -> Subject | None:
    """The noun phrase in front of a verb group; parentheses and appositions are passed over."""
    classes, at = sentence.classes, first
    closes = at - (sentence.letter(at - 1) == ",")  # "Name (left), said"
    if sentence.letter(closes - 1) == ")":
        at = max(classes.rfind("(", 0, closes), 0) or at
    if sentence.letter(at - 1) == "-" and (dash := classes.rfind("-", 0, at - 1)) > 0:
        at = dash
        if "," in classes[:at]:
            return _before_apposition(sentence, at) or phrase_ending(sentence, at)
    before = sentence.letter(at - 1)
    if before == "":
        return None
    if before == "P":
        return Subject(at - 1, at, "pronoun")
    if before in "Q," and (described := sentence.whole("by_a_quote", 0, at)):
        return Subject(*described.span(1))
    if before in "wt":
        return antecedent(sentence, at - 1)
    if before in ",-":
        return _before_apposition(sentence, at - 1)
    found = phrase_ending(sentence, at)
    return _with_others(sentence, found, at) if found else None


def _with_others(sentence: Clauses, found: Subject, end: int) -> Subject:
    """A phrase with those named beside it: "he and Name", "Name, the mayor, and Name"."""
    classes, start = sentence.classes, found.start
    if classes[max(start - 2, 0) : start] == "P&":
        return found._replace(start=start - 2)
    is_last = "&" in classes[classes.rfind(",", 0, start) + 1 : end]
    if is_last and (classes[start] in "NDO" or sentence.is_a("plural", start)):
        others = sentence.search("others_named", max(0, start - _APPOSITION), start)
        return found._replace(start=others.start()) if others else found
    return found


def antecedent(sentence: Clauses, who: int) -> Subject | None:
    """For "…, who said": the noun phrase nearest to "who" that can be a person."""
    end = len(sentence.classes[:who].rstrip(",-"))
    found = _before_apposition(sentence, end) if sentence.classes[end] == "," else None
    told = None if found else sentence.search("told_name", max(0, end - _APPOSITION), end)
    opens = sentence.classes[0] in "shig" and told and "," not in sentence.classes[: told.start()]
    in_place = told and all(sentence.is_a(kind, told.start() - 1) for kind in ("place", "between"))
    if told and not opens and not in_place:
        end = told.end(1)  # "met Name, a baker at the mill, who said"
    found = found or phrase_ending(sentence, end)
    is_worn = sentence.match("words_on", who)
    is_person = sentence.is_a("relative", who)
    is_that = sentence.letter(who) == "t" and not sentence.is_a("document", end - 1)
    if not found or not (is_worn or is_person or (not is_that and _may_say(sentence, found))):
        return None
    return Subject(_inner(sentence, found, is_person), found.end, "relative", who)


def _inner(sentence: Clauses, found: Subject, is_person: bool) -> int:
    """Where the person inside a phrase begins: "a letter from Name"."""
    person = sentence.match("person_after_preposition", *found[:2])
    is_body = sentence.has("document", *found[:2]) or role_of(sentence.phrase(*found[:2]))
    if not (is_person or is_body):
        person = sentence.match("name_after_preposition", *found[:2]) or person
    return person.start(1) if person else found.start


def _may_say(sentence: Clauses, subject: Subject) -> bool:
    """Whether what "which" or "that" stands for is a body or holds words: "a sign that said"."""
    phrase = sentence.phrase(subject.start, subject.end)
    is_document = sentence.has("document", subject.start, subject.end)
    is_body = sentence.lower[subject.end - 1] in people_words()["organisations"]
    return (
        is_document or is_body or sentence.classes[subject.end - 1] == "N" or role_of(phrase) != ""
    )


def _before_apposition(sentence: Clauses, comma: int) -> Subject | None:
    """For "Name, a baker from Oru, said": the first part that is a noun phrase."""
    classes = _BRACKETS.sub(lambda found: "a" * len(found[0]), sentence.classes[:comma])
    classes += sentence.classes[comma:]
    far = max(0, comma - _APPOSITION)
    quote = classes.rfind("Q", far, comma)
    is_title = quote > 1 and classes[quote - 2] == "," and classes[quote - 1] not in ",:"
    signs = ";:b(-" if is_title else ";:Qb(-"  # "the film, called "Q","
    at = max(far, *(classes.rfind(sign, far, comma) + 1 for sign in signs))
    if described := sentence.search("role_and_name", at, comma):
        return Subject(*described.span(1))
    if subordinate := sentence.search("subject_of_as", at, comma):
        at = subordinate.end()
    for part in classes[at:comma].split(","):
        end = at + len(part)
        is_time = _is_time(sentence, at, end)
        tail = part if part[:1] in tuple("isgw") else re.split("[sth]", part)[-1]
        head = tail.lstrip("&ba").split("w")[0]
        is_phrase = head[:1] in tuple("NDOldqB") and _NO_PHRASE.isdisjoint(head)
        if is_phrase and end < comma and not is_time:
            start = end - len(tail)
            return _trimmed(sentence, start, start + len(tail.split("w")[0].rstrip("a")))
        at = end + 1
    return None


def phrase_ending(sentence: Clauses, end: int) -> Subject | None:
    """The noun phrase that ends before a word."""
    classes = sentence.classes
    start = len(classes[:end].rstrip(_IN_PHRASE))
    described = sentence.search("described", max(0, start - _WINDOW), start)
    who = classes.rfind("w", 0, end)
    is_relative = sentence.is_a("relative", who) and sentence.whole("relative", who + 1, end)
    if is_relative and (whole := antecedent(sentence, who)):  # "a woman who saw the fire"
        return Subject(whole.start, whole.end)
    is_aim = start > 2 and classes[start - 2 : start] in ("go", "Go")
    is_aim = is_aim and "&" not in classes[start:end] and sentence.letter(end) not in tuple(",-wtG")
    if is_aim and (whole := phrase_ending(sentence, start - 2)):
        return Subject(whole.start, end)  # "officials hoping to free the crew"
    if start == end - 1 and sentence.is_a("corporate", start):  # "Wells, Inc. said"
        start = len(classes[:start].rstrip(",").rstrip("NO"))
    if start < end and described and sentence.has("beside", described.start(), start):
        return Subject(described.start(), end)  # "an aide to Name", "people close to Name"
    return _trimmed(sentence, start, end) if start < end else None


def _trimmed(sentence: Clauses, start: int, end: int) -> Subject | None:
    """Cut what stands before the noun phrase proper: adverbs, a preposition's phrase, a verb."""
    classes, opener = sentence.classes, max(start - 1, 0)
    start = _past_opening(sentence, start, end)
    if act := sentence.match("act", start, end):
        start = act.end()  # "Name defended bakers", who said
    for at in range(end - 1, start, -1):
        if classes[at] == "D" and classes[at - 1] not in "io&aDdO":
            start = at
            break
    if classes.startswith("lgN", start) and sentence.letter(start - 1) == "P":
        start += 2  # "we keep hearing Name"
    joined = classes.rfind("&", start, end)
    is_object = "x" in classes[opener:start] and classes[joined + 1] in "DN"
    is_object = is_object and sentence.letter(end) not in (",", "w")
    is_name = classes[joined - 1] in "lag" and not classes[joined + 1 : end].strip("N")
    if joined > start and (is_object or is_name):
        start = joined + 1  # "…spoke with Name and the mayor", "…a failure and Name"
    end = max(start, len(classes[:end].rstrip("ay&i")))
    if classes[start:end].strip("Da") or sentence.lower[end - 1] in listed("alone"):
        return Subject(start, end) if start < end else None
    return None


def _past_opening(sentence: Clauses, start: int, end: int) -> int:
    classes = sentence.classes
    while start < end:
        if classes[start] in "a&y" or classes[start : start + 2] == "iy":
            start += 1
        elif classes[start : start + 2] == "li" and (
            sentence.letter(start - 1) == "x" or sentence.is_a("compares", start)
        ):
            start += 2  # "was meant for bakers", "compared with bakers"
        elif classes[start] == "l" and sentence.letter(start - 1) == "x" and end - start > 2:
            start += 1  # "have left half of the bakers saying"
        elif sentence.match("verb_behind", start):
            start += 1  # "I think Name", "to hear Name"
        elif classes[start] == "i":
            match = sentence.match("preposition", start, end)
            start = match.end() if match else start + 1
        else:
            break
    return start


def subject_after(sentence: Clauses, cue: int) -> Subject | None:
    """The noun phrase behind an inverted cue: "said a clerk at the mill"."""
    classes = sentence.classes
    start = cue + 1
    while sentence.letter(start) == "a":
        start += 1
    if sentence.letter(start) == "P":  # "says he"
        is_person = sentence.words[start] in listed("personal")
        ends = sentence.letter(start + 1) in ("", ",", ":", "Q")
        return Subject(start, start + 1, "pronoun") if is_person and ends else None
    match = sentence.match("name_after", start) or sentence.match("phrase_after", start)
    end = match.end() if match else start
    while sentence.letter(end) == "l" and role_of(sentence.words[end]):
        end += 1  # "said Tolvan officials"
    if sentence.letter(end) == "o" and sentence.has("beside", start, end):
        match = sentence.match("phrase_after", end + 1)
        end = match.end() if match else end
    end = max(start, len(classes[:end].rstrip("iya&")))
    return Subject(start, end) if not _HEADS.isdisjoint(classes[start:end]) else None


def object_after(sentence: Clauses, verb: int) -> Subject | None:
    """The noun phrase or pronoun behind a word: "quoted him", "by a clerk at the mill"."""
    at = verb + 1
    near = subject_at(sentence, at, at + 1)
    return near if near.kind == "pronoun" else subject_after(sentence, verb)


def is_named(sentence: Clauses, subject: Subject) -> bool:
    """Whether a phrase reads as a person: a name with titles in front of it at most."""
    return sentence.whole("named", subject.start, subject.end) is not None


def is_plural(sentence: Clauses, subject: Subject) -> bool:
    """Whether a bare verb may follow: "they say", "critics of the plan say"."""
    if subject.kind == "relative":
        return True
    start, end = subject[:2]
    phrase = sentence.classes[start:end]
    head = sentence.match("head", start, end)
    last = (head.end() if head else end) - 1
    if subject.kind == "pronoun":
        return sentence.is_a("bare", last)
    if {"&", "d"} & set(phrase) or sentence.is_a("quantity", last):
        return True  # "Vell and Renn say", "half of the town say"
    privy = [k for k in range(start, last + 1) if sentence.is_a("beside", k)]
    several = people_words()["plurals"]  # "sources privy to the plan say"
    is_one = sentence.is_a("indefinite", start)  # "an ambitious claim"
    told = (k for k in (*privy, last, start) if not is_one or k in privy)
    return any(sentence.is_a("plural", k) or sentence.lower[k] in several for k in told)


def first_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the main clause, which a later verb shares: the first noun phrase.

    A dateline, an opening phrase ("In Oru, Vell, Name …") and an opening clause ("While …,") are
    passed over.
    """
    classes = sentence.classes
    dateline = sentence.match("dateline")
    at = dateline.end() if dateline else 0
    in_place = False
    for part in _SIGN.split(classes[at:before]):
        end = at + len(part)
        bare = part.lstrip("&ba")
        start, opener = end - len(bare), bare[:1]
        rest_of_place = in_place and not bare.strip("Nd")
        if _is_passed(sentence, start, end, bare):
            opener = "y"
        is_first = start == (dateline.end() if dateline else 0)
        is_first = is_first and sentence.letter(end) in tuple(",QG")
        if is_first and sentence.match("participle_first", start):
            opener = "g"  # "Holding signs, the bakers"
        if opener not in ("", *"isgQothyV") and not rest_of_place:
            return _opening_phrase(sentence, start, min(before, end))
        near = part.rfind("P") if opener in ("i", "s") else -1
        if near > 0 and not classes[end:before].strip("a"):
            return Subject(at + near, at + near + 1, "pronoun")  # "At this she laughed and said"
        in_place = (opener in ("i", "s", "g") and part[-1:] == "N") or (in_place and opener == "N")
        at = end + 1
    return None


def _is_passed(sentence: Clauses, start: int, end: int, part: str) -> bool:
    """Whether a part of a sentence is a time or tells a place: "Hours after the fire,"."""
    after = part.find("s", 0, 4) if part[:1] in tuple("NldD") else 0
    is_after = after > 0 and sentence.is_a("time", start + after - 1)
    behind = sentence.classes[end : end + 2]  # "in Oru, a town in Tolva, Name"
    is_apposed = start > 1 and sentence.is_a("indefinite", start) and behind == ",N"
    return is_after or is_apposed or _is_time(sentence, start, end)


def _is_time(sentence: Clauses, start: int, comma: int) -> bool:
    """Whether "Hours later," or "Last week," stands before a comma."""
    is_short = 0 < comma - start < 7 and sentence.letter(comma) == ","
    return is_short and is_only_time(sentence, start, comma)


def main_subject(sentence: Clauses, begin: int) -> Subject | None:
    """The subject of a main clause behind an opening phrase or clause."""
    classes = sentence.classes
    start = len(classes) - len(classes[begin:].lstrip("as,"))
    end = next((k for k in range(start, len(classes)) if _SIGN.match(classes, k)), len(classes))
    return _opening_phrase(sentence, start, end) if start < end else None


def _opening_phrase(sentence: Clauses, start: int, end: int) -> Subject | None:
    if sentence.classes[start] == "P":
        return Subject(start, start + 1, "pronoun")
    if titled := _office_first(sentence, start, end):
        return titled
    match = sentence.match("opening", start, end)
    if not match:
        return None
    last = match.end()
    name = sentence.classes.find("N", start + 1, last)
    stop = name if name > 0 else last
    if is_only_time(sentence, start, stop):  # "A few minutes later they", "A week ago Name"
        begin = end - len(sentence.classes[stop:end].lstrip("ay"))
        return _opening_phrase(sentence, begin, end) if begin < end else None
    office = sentence.match("named_office", last, end)
    if office and sentence.lower[last - 1] in people_words()["titles"]:
        return Subject(start, office.end())  # "Secretary of State Ida Renn"
    while last < end and _goes_on(sentence, start, last):
        last += 1
    words = (k for k in range(start + 1, last) if sentence.classes[k] == "l")
    verbs = (k for k in words if sentence.is_a("past", k))
    verb = (k for k in verbs if sentence.is_a("alone", k - 1) or sentence.classes[k - 1] in "lN")
    return Subject(start, next(verb, last))  # "the head of the mill thanked bakers"


def _office_first(sentence: Clauses, start: int, end: int) -> Subject | None:
    """A name behind what somebody is: "Oruan presidential nominee Ida Renn"."""
    named = sentence.match("office_first", start, end)
    *told, title = range(*named.span(1)) if named else (0,)
    is_verb = any(sentence.is_a(kind, k) for k in told for kind in ("past", "third"))
    is_office = sentence.lower[title] in people_words()["titles"]
    return Subject(start, named.end()) if named and is_office and not is_verb else None


def _goes_on(sentence: Clauses, start: int, last: int) -> bool:
    """For "the Oruan leader", "an army of", "her comments", "the Renn campaign has"."""
    is_noun = sentence.letter(last) == "l" and not sentence.is_a("past", last)
    if is_noun and (role_of(sentence.words[last]) or sentence.is_a("part", last + 1)):
        return True
    if sentence.classes[start] == "D" and sentence.match("noun_behind_name", last - 1):
        is_named = sentence.classes[last - 1] == "N" and sentence.letter(last + 1) in ("i", ",")
        if is_named or _has_verb(sentence, last + 1):
            return True
    shapes = ["own_noun", "told_noun", "noun_behind_adjective"]
    shapes += ["noun_behind_noun"] * (last == start + 1)
    return any(sentence.match(shape, last - 1) for shape in shapes)


def _has_verb(sentence: Clauses, at: int) -> bool:
    """Whether a verb is the first word that is no noun: "(the) council leader has"."""
    end = at + 3
    while at < end and sentence.letter(at) == "l" and not sentence.is_a("past", at):
        at += 1
    at += sentence.letter(at) == "a"
    return sentence.letter(at) in tuple("xVUw") or sentence.is_a("past", at)


def nearest_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the clause a coordinated verb is in: "when Name sat down and said"."""
    classes, who = sentence.classes, sentence.classes.rfind("w", 0, before)
    if who > 0 and sentence.whole("aside_of", who - 1, before):
        return antecedent(sentence, who)  # ", who left and said"
    clauses = list(sentence.all("clause_start", 1, before))
    if clauses:
        near, in_front = clauses[-1], classes[: clauses[-1].start()].rstrip("ab&")
        opens = in_front[-1:] in ("", ",") or classes[0] in "sh"
        if not (opens and "," in classes[near.end() : before]):  # else it has ended
            return subject_at(sentence, *near.span(1))
    main = first_subject(sentence, before)
    first = None if main or clauses else sentence.match("clause_start")
    return subject_at(sentence, *first.span(1)) if first else main
