"""The rules by which something said is tied to who said it, sentence by sentence.

Every rule reads a sentence as a string of word classes (`speech.wordclasses`). A cue is a
verb of saying or *according to*; its subject is the source (`analysis.measure.speech.phrases`), and
what it introduces, before or after it, is the content. The rules follow the constructions of
reported speech in Quirk et al. 1985, §14.28-35. Each has a name, which every statement keeps:

======================  ====================================================================
quote-speaker-cue       "Q," Name said
quote-cue-speaker       "Q," said Name
quote-speaker-verb      "Q," the clerk beamed (a verb that is not listed); quote-verb-speaker
speaker-cue-…           Name said that … (-that), Name said … (-clause), "Q" (-quote), : (-colon),
                        whether … (-wh), to … (-to); called it "Q" (-label), rejected … (-object),
                        warned of … (-about)
passive-by-speaker      was told by Name that …; described by Name as "Q"
quoted-as-saying        quoted Name as saying that …; Name was quoted as saying …
clause-speaker-cue      The dam is safe, Name said; The dam, Name said, is safe
clause-cue-speaker      The dam is safe, says Name
as-speaker-cue          As Name said, the dam is safe
according-to            According to Name, the dam is safe
participle              …, adding that the dam is safe (shares the subject)
coordinated             … and claims the dam is safe (shares the subject)
infinitive              … went on to say that the dam is safe (shares the subject)
cue-then-quotation      Name spoke up. "Q"; behind a colon at a paragraph's end: colon-paragraph
continued-sentence      "Q," Name said. "Q"; in the next paragraph: continued-paragraph
colon-quote             Name shook her head: "Q"
name-colon              Name: the dam is safe (as a paragraph of its own)
verb-quote              Name called over her shoulder, "Q"
cue-speaker-quote       Said Name: "Q"
quote-name              "Q" - Name, baker, on one line or on two
asked, it-was-said      Asked whether it was safe, …; It was reported that …; nobody is named
noun-of-saying          Name's claim that the dam is safe; in a tweet that the dam is safe
transcript              A: It is safe; RENN: It is safe (as paragraphs of their own)
======================  ====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from analysis.measure.speech.complements import (
    FINITE,
    behind_comment,
    comma_behind,
    content_after,
    goes_on_at,
    is_only_time,
)
from analysis.measure.speech.names import people_words, role_of
from analysis.measure.speech.phrases import (
    Subject,
    antecedent,
    first_subject,
    is_named,
    is_passive,
    is_plural,
    modality_of,
    nearest_subject,
    object_after,
    phrase_ending,
    subject_after,
    subject_at,
    subject_before,
    verb_group,
)
from analysis.measure.speech.wordclasses import (
    RULES,
    SHAPES,
    Clauses,
    Verb,
    endings,
    listed,
    shape,
)

_NOUN = frozenset("DNO")
_CLAUSAL = frozenset("xPVUtQ:")
_VERBAL = frozenset("xPz")
_CLAUSES = frozenset(["that", "wh", "clause", "to", "about"])
_TELLING = frozenset(["label", "person"])


class Found(NamedTuple):
    """One attribution in one sentence: cue in words, contents in code points of the text."""

    cue: tuple[int, int]
    subject: Subject | None
    contents: tuple[tuple[int, int], ...]
    rule: str
    modality: str = ""
    verb: Verb | None = None  # as listed; None where no listed verb tells that something is said


class _Cue(NamedTuple):
    """A verb of saying with what stands around it."""

    at: int
    first: int  # of its verb group
    after: tuple[int, str] | None  # where what is said begins behind it, introduced by what
    subject: Subject | None = None
    rule: str = ""
    start: int = 0  # where the whole construction begins
    modality: str = ""  # where the subject decides it
    is_left: bool = False  # what is said stands in front
    shares: bool = False  # its subject is that of the attribution in front


def find_in_sentence(sentence: Clauses) -> list[Found]:
    """All attributions of one sentence, in the order of their cues."""
    found = _by_verbs(sentence)
    if not _capitalised("according").isdisjoint(sentence.words):
        found = _and_free(found, _according(sentence))
    found = _with_nouns(sentence, found)
    if not found and "Q" in sentence.classes[:2]:
        found = _of_quotation(sentence)
    if not found and sentence.classes.endswith("Q"):
        found = _introduced(sentence)
    return found


@cache
def _capitalised(kind: str) -> frozenset[str]:
    """Words that a rule asks for, and the same at the start of a sentence."""
    return listed(kind) | {word.capitalize() for word in listed(kind)}


def introduces(sentence: Clauses) -> Found | None:
    """Who is about to speak where a sentence names a speaker and holds no words of theirs.

    It ends with a colon, or it has a finite verb of saying: "Name spoke up. "Q"".
    """
    end = len(sentence.classes)
    at = max((k for k in sentence.verbs if sentence.classes[k] in "VU"), default=None)
    if at is None and not sentence.classes.endswith(":"):
        return None
    if at is None:
        subject, cue = first_subject(sentence, end), (end - 1, end)
    else:
        first = verb_group(sentence, at)
        if is_passive(sentence, first, at):
            return None
        is_finite = sentence.classes[at] in "VU" and sentence.classes[first - 1 : first] != ","
        near = subject_before(sentence, first) if is_finite else None
        subject, cue = near or first_subject(sentence, first), (first, at + 1)
    if subject is None:
        return None
    verb = None if at is None else sentence.verbs[at]
    return Found(cue, subject, (), "colon-paragraph", verb=verb)


def by_pattern(sentence: Clauses, rule: str) -> list[Found]:
    """What a rule finds that is one expression over the whole sentence."""
    match = RULES[rule].match(sentence.classes)
    if not match:
        return []
    said = (sentence.span(*match.span("what")),)
    return [Found(match.span("cue"), subject_at(sentence, *match.span("who")), said, rule)]


def _by_verbs(sentence: Clauses) -> list[Found]:
    if not sentence.verbs:
        return []
    found: list[Found] = []
    done = 0  # words that are somebody's already
    cues = [cue for at in sentence.verbs if (cue := _read_cue(sentence, at))]
    for i, cue in enumerate(cues):
        if cue.at < done:
            continue
        contents = _contents(sentence, cue, done, _content_end(sentence, cue, cues[i + 1 :]))
        if not contents:
            continue
        subject = cue.subject
        if found and cue.shares:
            subject = found[-1].subject or subject
        words = (cue.first, cue.at + (2 if sentence.verbs[cue.at].particle else 1))
        spans = tuple(sentence.span(a, b) for a, b in contents)
        modality = cue.modality or modality_of(sentence, cue.first, cue.at)
        verb = sentence.verbs[cue.at]
        found.append(Found(words, subject, spans, cue.rule, modality, verb))
        done = max(cue.at + 1, *(b for _, b in contents))
    return found


# ---------------------------------------------------------------- the cue


def _read_cue(sentence: Clauses, at: int) -> _Cue | None:
    classes = sentence.classes
    letter = classes[at]
    first = verb_group(sentence, at)
    if letter == "V":
        passive = is_passive(sentence, first, at)
        agent = None
        if not listed("agent").isdisjoint(sentence.words[at + 1 : at + 4]):
            agent = _by_agent(sentence, at, first, passive)
        is_of_another = classes[at + 1 : at + 2] == "i" and agent is None
        is_of_another = is_of_another and listed("means").isdisjoint(
            sentence.words[at + 2 : at + 3]
        )
        if is_of_another and sentence.words[at + 1] in listed("agent"):
            return None  # "polls reported by Name"
        if agent or passive:
            return agent or _said_by_somebody(sentence, at, first)
    before = classes[first - 1 : first]
    if letter == "V" and (before == "" or (before in ("h", "s") and first == at)):
        return _opening(sentence, at)
    if before == "" and letter == "U":
        return None
    is_behind = before == "Q" or (before == "," and classes[first - 2 : first - 1] == "Q")
    is_label = classes[: classes.rfind("Q", 0, first)][-1:] == "s"  # 'known as "Q," said'
    if is_behind and not is_label and not SHAPES.by_a_quote.fullmatch(classes, 0, first):
        follows = _subject_behind(sentence, at)
        if (
            letter in "VUB"
            and follows
            and classes[follows.end : follows.end + 1] not in tuple("xVU")
        ):
            after = goes_on_at(classes, follows.end)
            return _Cue(at, first, after, follows, "quote-cue-speaker", first, is_left=True)
    cue = _Cue(at, first, content_after(sentence, at, at + 1))
    if letter == "G":
        return _participle(sentence, cue, before)
    if letter == "B" and before == "o":
        return _infinitive(sentence, cue)
    joins = before in ("&", "b") and letter in "VU"
    shared = _coordinated(sentence, cue) if joins else None
    return shared or _finite(sentence, cue, before)


def _said_by_somebody(sentence: Clauses, at: int, first: int) -> _Cue | None:
    """For "it was reported that", "Name was asked whether": said by one who is not named."""
    after = content_after(sentence, at, at + 1)
    how = after[1] if after else ""
    is_it = first > 0 and sentence.words[first - 1].lower() in listed("nobody")
    is_asked = how in ("wh", "about") and sentence.verbs[at].group == "question"
    if is_asked or (how == "that" and is_it):
        return _Cue(at, first, after, None, "asked" if is_asked else "it-was-said", first)
    return None


def _opening(sentence: Clauses, at: int) -> _Cue | None:
    """For "Asked whether …, Name left", "when asked about it", and for "Said Name: "Q""."""
    after = content_after(sentence, at, at + 1)
    if after and after[1] in ("wh", "about") and sentence.verbs[at].group == "question":
        return _Cue(at, at, after, None, "asked", at)
    follows = _subject_behind(sentence, at) if at == 0 else None
    quote = sentence.classes.find("Q", follows.end) if follows else -1
    if quote < 1 or sentence.classes[quote - 1] not in ":,":
        return None
    return _Cue(at, at, (quote, "quote"), follows, "cue-speaker-quote", at)


def _by_agent(sentence: Clauses, at: int, first: int, passive: bool) -> _Cue | None:
    """For "was told by Name that", "described by Name as "Q"": Name says it."""
    by = SHAPES.agent.match(sentence.classes, at + 1)
    may_be = passive or not _TELLING.isdisjoint(sentence.verbs[at].takes)
    if not by or not may_be or sentence.words[by.end() - 1] not in listed("agent"):
        return None
    subject = object_after(sentence, by.end() - 1)
    after = content_after(sentence, at, subject.end) if subject else None
    if after is None or after[1] not in ("that", "quote", "colon", "wh", "label", "about"):
        return None
    if sentence.classes[after[0]] == "w":  # "tweeted by those who"
        return None
    return _Cue(at, first, after, subject, "passive-by-speaker", first)


def _subject_behind(sentence: Clauses, at: int) -> Subject | None:
    if sentence.verbs[at].lemma in listed("only_to"):
        return None
    return subject_after(sentence, at)


def _finite(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """A finite cue with its own subject, in front of it or, in ", says Name", behind it."""
    classes = sentence.classes
    if before == "i" or (before in ("D", "O") and classes[cue.at + 1 : cue.at + 2] in tuple("Nlg")):
        return None  # "a majority of pledged votes", "the alleged attack"
    how = cue.after[1] if cue.after else ""
    may_follow = not {"clause", "that"}.isdisjoint(sentence.verbs[cue.at].takes)
    if before == "," and may_follow and how in ("", "clause", "object"):
        follows = _subject_behind(sentence, cue.at) if cue.first > 2 else None
        named = follows and (
            is_named(classes, follows)
            or SHAPES.name_behind.match(classes, follows.end)
            or (_are_people(sentence, follows) and not sentence.verbs[cue.at].noun)
        )
        if follows and named and SHAPES.ending.match(classes, follows.end):
            return cue._replace(
                subject=follows, after=None, is_left=True, start=cue.first,
                rule="clause-cue-speaker",
            )  # fmt: skip
    subject = subject_before(sentence, cue.first)
    if subject is None:
        return None
    is_bare = cue.first == cue.at and classes[cue.at] in "BU"
    if is_bare and not _is_verb(sentence, cue, subject):
        return None
    last = sentence.words[subject.end - 1]
    is_anybody = last.lower() in listed("anybody") and "x" in classes[cue.first : cue.at]
    if last.lower() in listed("ballot") | listed("addressed") or is_anybody:
        return None  # "the ballot asks", "if you say", "one could say"
    found = _with_subject(sentence, cue, subject)
    return _said_by_nobody(sentence, found, subject) if found else None


def _are_people(sentence: Clauses, subject: Subject) -> bool:
    """Whether a phrase behind "…, said" tells people: "several officials", "a group of Oruans"."""
    words = [word.lower() for word in sentence.words[subject.start : subject.end]]
    told = role_of(" ".join(words)) not in ("", "document")
    told = told or not (listed("quantity") | people_words()["plurals"]).isdisjoint(words)
    return told and len(words) < 7 and sentence.classes[subject.start] != "i"


def _said_by_nobody(sentence: Clauses, cue: _Cue, subject: Subject) -> _Cue:
    """For "nobody said", and "neither Name nor Name said", where no one Name is credited."""
    if sentence.classes[subject.start - 1 : subject.start] == "z":
        return cue._replace(subject=None, modality="negated")
    words, start = sentence.words, subject.start
    is_nobody = words[start].lower() in listed("no_one") and words[start + 1] not in listed(
        "no_person"
    )
    return cue._replace(modality="negated") if is_nobody else cue


def _with_subject(sentence: Clauses, cue: _Cue, subject: Subject) -> _Cue | None:
    classes = sentence.classes
    left = _said_in_front(sentence, subject, cue)
    if left == "quote":
        quote = classes.rfind("Q", 0, subject.start)
        start = quote if classes[quote - 1 : quote] in (":", ",", "-") else subject.start
        goes_on = cue.after if cue.after and cue.after[1] in ("that", "quote", "colon") else None
        if goes_on and goes_on[1] == "that" and "," in classes[cue.at : goes_on[0] - 2]:
            goes_on = None  # "Q," Name said, referring to a plan that
        if goes_on and goes_on[1] == "quote" and classes[goes_on[0] - 1] not in ",:VUB":
            goes_on = None
        goes_on = goes_on or goes_on_at(classes, cue.at + 1)
        if goes_on and _is_another(sentence, quote, goes_on):
            rule = f"speaker-cue-{goes_on[1]}"
            return cue._replace(subject=subject, start=subject.start, after=goes_on, rule=rule)
        return cue._replace(
            subject=subject, is_left=True, start=start, after=goes_on, rule="quote-speaker-cue"
        )
    if _follows_as(sentence, subject.start) and _is_as_said(sentence, cue, subject):
        comma = classes.find(",", cue.at)
        if comma > 0 and (comma < len(classes) - 3 or "Q" in classes[comma:]):
            after = (comma + 1, "clause")
            return cue._replace(subject=subject, after=after, start=0, rule="as-speaker-cue")
    rule = "clause-speaker-cue" if left else f"speaker-cue-{cue.after[1]}" if cue.after else ""
    if not rule:
        return None
    return cue._replace(subject=subject, start=subject.start, is_left=left == "clause", rule=rule)


def _is_as_said(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """Whether it is "As Name said last week, …" and not "As Name said that …, …"."""
    classes, start = sentence.classes, subject.start
    if classes[: start - 1].rstrip("b&")[-1:] not in ("", ",", ";"):
        return False
    takes = sentence.verbs[cue.at].takes
    if "pause" in takes or (cue.after and cue.after[1] in ("to", "object", "label", "about")):
        return False
    return _CLAUSAL.isdisjoint(classes[cue.at + 1 : classes.find(",", cue.at)])


def _follows_as(sentence: Clauses, start: int) -> bool:
    return start > 0 and sentence.words[start - 1].lower() in listed("as")


def _is_another(sentence: Clauses, left: int, right: tuple[int, str]) -> bool:
    """Whether of two quotations round a cue the first is a sentence on its own."""
    at, how = right
    begins = how in ("quote", "colon") and sentence.classes[at - 1] in ",:"
    return begins and sentence.is_sentence(left) and sentence.begins_with_capital(at)


def _said_in_front(sentence: Clauses, subject: Subject, cue: _Cue) -> str:
    """Whether what is said stands before its speaker: 'quote', 'clause' or ''."""
    classes = sentence.classes
    takes = sentence.verbs[cue.at].takes
    as_said = "pause" not in takes and _follows_as(sentence, subject.start)
    before = classes[: subject.start - as_said].rstrip("ab&")
    if subject.kind == "relative" or not before:
        return ""
    if before[-1] == "Q" or before[-2:] in ("Q,", "Q-"):
        embedded = before[: before.rfind("Q")][-1:] not in ("", *",:-(&b")
        is_apart = embedded and cue.after is not None and cue.after[1] in _CLAUSES
        is_title = is_apart or (cue.after is not None and SHAPES.title.match(before))
        return "" if is_title else "quote"
    after = cue.after
    if after and after[1] == "clause" and before[-1] == "," and _is_place(sentence, cue):
        after = None  # "…, Name said in a message to the crew"
    takes_clause = as_said or not takes.isdisjoint(("clause", "that"))
    joins = classes[: subject.start - as_said].rstrip("a")[-1] in "b&"  # ", but she said little"
    in_brackets = before[-1] == "(" and classes[cue.at + 1 : cue.at + 2] in ("", ")")
    if not (before[-1] in ",-" or in_brackets) or joins or after or not takes_clause:
        return ""
    comma = comma_behind(sentence, cue.at)
    if FINITE.isdisjoint(before) and not comma and _is_only_opening(sentence, before):
        return ""
    if comma is None or (not comma and (len(before) <= 3 or SHAPES.rule_opening.match(before))):
        return ""
    return "clause"


def _is_only_opening(sentence: Clauses, before: str) -> bool:
    """Whether nothing but times and places open a sentence: "Days later, in Oru, Name agreed"."""
    at = 0
    for part in before.rstrip(",").split(","):
        if part[:1] not in tuple("isydgh") and not is_only_time(sentence, at, at + len(part)):
            return False
        at += len(part) + 1
    return True


def _is_place(sentence: Clauses, cue: _Cue) -> bool:
    """Whether a phrase without a verb stands behind a cue, and a clause in front of it."""
    classes = sentence.classes
    is_phrase = classes[cue.at + 1 : cue.at + 2] in ("i", "y", "a")
    bare = FINITE.isdisjoint(classes[cue.at + 1 :]) and "Q" not in classes[cue.at :]
    return is_phrase and bare and not FINITE.isdisjoint(classes[: cue.first])


def _is_verb(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """Whether "report" or "claims" behind a phrase is a verb, not the noun spelled like it."""
    classes, at = sentence.classes, cue.at
    if classes[subject.end - 1] == "O":
        return False
    if classes[at] == "B" and not is_plural(sentence, subject):
        return False
    if not sentence.verbs[at].noun or subject.kind != "phrase":
        return True
    if subject.start == 0 and classes[at + 1 : at + 2] in tuple("xVUz"):
        return False  # "Eastern states could"
    left = _said_in_front(sentence, subject, cue._replace(after=None))
    ends = cue.at == len(classes) - 1 and is_named(classes, subject)
    if (left == "quote" and classes[subject.start - 1] != "&") or (left and ends):
        return True
    phrase = classes[subject.start : subject.end]
    if classes[at] == "U" and _claims(sentence, cue, subject):
        return True
    if phrase[-1] not in "Nl" or (classes[at] == "U" and _NOUN.isdisjoint(phrase)):
        return False
    if subject.end == 1 and sentence.words[0].lower() in people_words()["adjectives"]:
        return False
    if (
        subject.start == 0
        and classes[at] == "U"
        and "".join(sentence.words[at + 1 : at + 2]).endswith(endings("past"))
    ):
        return False  # "Angry tweets aimed at Name"
    opens = subject.start == 0 or classes[subject.start - 1] in ",;-:bQtws&"
    if not opens or cue.after is None or cue.after[1] == "colon":
        return False
    if cue.after[1] == "that" and classes[cue.after[0]] in "xVU":
        return False  # "Rust Belt states that have"
    if cue.after[1] != "clause":
        return True
    return "N" in phrase and not _VERBAL.isdisjoint(classes[at + 1 : at + 14])


def _claims(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """For "The mayor claims his wall is safe", "Another notes her plan": a verb, not a noun."""
    classes, at = sentence.classes, cue.at
    source = " ".join(sentence.words[subject.start : subject.end])
    if subject.end - subject.start == 1:
        return source.lower() in listed("single") and classes[at + 1 : at + 2] in tuple("PDOt")
    is_clause = cue.after is not None and cue.after[1] == "clause"
    if not (is_clause and role_of(source) not in ("", "document")):
        return False
    name = SHAPES.name_and_verb.match(classes, at + 1)
    return classes[at + 1] in "PD" or (
        name is not None and sentence.words[name.end() - 1].endswith(endings("third"))
    )


def _participle(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """For "…, adding that", "after saying that"; in "is saying" it is a finite verb."""
    classes, first = sentence.classes, cue.first
    if before == "s" and (quoted := _quoted(sentence, cue)):
        return quoted
    if cue.after is None:
        return None
    if "x" in classes[first : cue.at] or before == "P":
        return _finite(sentence, cue, before)
    begin, how = cue.after
    cue = cue._replace(rule="participle", start=first)
    if _opens(sentence, first):
        comma = classes.find(",", begin)
        main = SHAPES.main_subject.match(classes, comma + 1) if comma > 0 else None
        is_said = how in ("that", "quote") or (how == "clause" and "x" in classes[begin:comma])
        if first and main:  # "After saying that it was safe, Name left"
            return cue._replace(subject=subject_at(sentence, *main.span(1)))
    if before == "":
        if not main or not is_said:
            return None
        return cue._replace(subject=subject_at(sentence, *main.span(1)))
    if before in "Nl":  # "with Name telling reporters", "issued a statement saying that"
        near = max(0, first - 8)
        with_phrase = SHAPES.with_name.search(classes, near, first)
        named = with_phrase and (
            before == "N" or sentence.words[with_phrase.start()].lower() in listed("with")
        )
        is_document = sentence.words[first - 1].lower() in listed("document")
        if is_document and sentence.words[first - 2].lower() in listed("unsaid"):
            return None
        if not named and how not in ("that", "quote", "colon", "wh") and not is_document:
            return None
        near_by = phrase_ending(sentence, first)
        named = named or (near_by is not None and _is_shown(sentence, near_by))
        subject = near_by if named else first_subject(sentence, first)
        return cue._replace(subject=subject, shares=not named) if subject else None
    if before not in ",s&-Qb" and sentence.words[first - 1].lower() not in listed("agent"):
        return None
    start = first
    while start and classes[start - 1] in ",s&-aib":
        start -= 1
    own = _of_participle(sentence, first)
    subject = own or first_subject(sentence, first)
    return cue._replace(subject=subject, start=start, shares=own is None)


def _is_shown(sentence: Clauses, subject: Subject) -> bool:
    """Whether a person is whom a verb has for its object: "it showed a clerk saying that"."""
    person = role_of(" ".join(sentence.words[subject.start : subject.end]))
    before = sentence.classes[subject.start - 1 : subject.start]
    return person not in ("", "document") and before not in ("", *"io")


def _opens(sentence: Clauses, first: int) -> bool:
    """Whether a participle opens its sentence: "Saying", "But after saying"."""
    return not sentence.classes[:first].strip("asi&b") or is_only_time(sentence, 0, first)


def _of_participle(sentence: Clauses, first: int) -> Subject | None:
    """Whose participle it is where a clause of its own ends in front: "…, Name added, saying"."""
    classes = sentence.classes
    comment = SHAPES.comment_before.search(classes, max(0, first - 5), first)
    if comment and not sentence.verbs[comment.start()].noun:
        return subject_before(sentence, verb_group(sentence, comment.start()))
    near = classes.rfind(",", 0, max(first - 1, 0)) + 1
    clause = SHAPES.own_subject.match(classes, near, first)
    if clause:
        return subject_at(sentence, *clause.span(1))
    who = classes.find("w", near, first)
    if who < 0 or classes[who + 1 : who + 2] not in tuple("xVUlaP"):
        return None
    if classes[who + 1] == "P":
        return subject_at(sentence, who + 1, who + 2)
    return antecedent(sentence, who) if classes[first - 1] != "," else None


def _quoted(sentence: Clauses, cue: _Cue) -> _Cue | None:
    """For "the agency quoted Name as saying", "Name was quoted as saying": Name says it."""
    words, end = [w.lower() for w in sentence.words[max(0, cue.first - 12) : cue.first]], cue.first
    at = max(
        (end - len(words) + k for k, w in enumerate(words) if w in listed("quoting")), default=-1
    )
    if at < 0 or words[-1] not in listed("as"):
        return None
    first = verb_group(sentence, at)
    outer = subject_before(sentence, first)
    is_object = at + 2 < end and sentence.words[at + 1] not in listed("agent")
    subject = object_after(sentence, at) if is_object else outer
    start = min(first, outer.start if outer else first)
    is_left = cue.after is None
    if subject is None or (is_left and sentence.classes[start - 1 : start] not in (",", "Q")):
        return None
    cue = cue._replace(first=first, start=start, is_left=is_left)
    return cue._replace(subject=subject, rule="quoted-as-saying")


def _infinitive(sentence: Clauses, cue: _Cue) -> _Cue | None:
    if cue.after is None or cue.after[1] in ("clause", "to", "object", "about"):
        return None
    start = cue.first - 1
    if sentence.words[start - 1].lower() in listed("goes_on") and (
        sentence.classes[start - 2 : start - 1] == "&" and cue.after[1] == "quote"
    ):  # "Q" and went on to ask "Q"
        cue = cue._replace(first=start - 1)
        return _coordinated(sentence, cue)
    made = _who_is_to(sentence, start)
    subject = made or nearest_subject(sentence, cue.first)
    if subject is None or sentence.words[subject.end - 1].lower() in listed("nobody"):
        return None  # "it is too soon to say whether"
    return cue._replace(subject=subject, start=start, rule="infinitive", shares=made is None)


def _who_is_to(sentence: Clauses, to: int) -> Subject | None:
    """The subject of an infinitive by the verb before it: "led Name to say", "Name went on to"."""
    words, classes = sentence.words, sentence.classes
    if words[to - 1].lower() in listed("goes_on"):
        return subject_before(sentence, verb_group(sentence, to - 1))
    for at in range(to - 2, max(0, to - 8), -1):
        if words[at].lower() in listed("makes") and SHAPES.made_to.fullmatch(classes, at + 1, to):
            return subject_at(sentence, at + 1, to)
    return None


def _coordinated(sentence: Clauses, cue: _Cue) -> _Cue | None:
    classes = sentence.classes
    if cue.after is None or cue.first < 2:
        return None
    start = cue.first - (2 if classes[cue.first - 2] == "," else 1)
    subject = nearest_subject(sentence, cue.first)
    if subject is None:
        return None
    return cue._replace(subject=subject, start=start, rule="coordinated", shares=True)


# ---------------------------------------------------------------- the content


def _content_end(sentence: Clauses, cue: _Cue, later: Sequence[_Cue]) -> int:
    """Where the content of a cue ends: at its own end, or where the next attribution begins."""
    classes = sentence.classes
    if cue.after is None:
        return len(classes)
    begin, how = cue.after
    if how == "label":
        match = SHAPES.label_end.match(classes, begin)
        return match.end() if match else len(classes)
    limit = _clause_end(sentence, cue, begin, how)
    for other in later:
        if begin < other.start < limit and _is_apart(classes, other, begin):
            end = other.start
            while end > begin and classes[end - 1] in ",;-b&sa":
                end -= 1
            return end
    return limit


def _is_apart(classes: str, other: _Cue, begin: int) -> bool:
    """Whether a later attribution stands beside the clause at hand and not inside it."""
    before = classes[: other.start].rstrip("a")[-2:]
    if other.rule.startswith("clause-") and before[-1:] == "," and not _is_inserted(classes, other):
        return True
    own = other.subject is not None and other.subject.kind == "phrase"
    own = own and other.rule.startswith("speaker-cue-")
    if before[-1:] in ("&", ",") and own and not FINITE.isdisjoint(classes[begin : other.start]):
        return True  # "S and Name says S"
    if before[-1:] in (";", "b", "-") or before in (",b", ",s", ",&"):
        return True
    if other.rule in ("participle", "coordinated") and classes[other.start] in ",s&-b":
        return True
    is_speech = other.after is not None and other.after[1] in ("quote", "colon")
    return is_speech and (before[-1:] == "," or before == "Q&")


def _is_inserted(classes: str, comment: _Cue) -> bool:
    """Whether a clause goes on behind ", Name said,"."""
    comma = classes.find(",", max(comment.at, comment.subject.end if comment.subject else 0))
    return comma > 0 and behind_comment(classes, comma) is not None


def _clause_end(sentence: Clauses, cue: _Cue, begin: int, how: str) -> int:
    """Where a reported clause ends by its own signs, whatever cue follows.

    A clause that opens the sentence with "while" or a participle ends at its comma; the outlet
    speaks again in ", pointing to the map" and ", while …"; a quotation that closes with a
    comma closes the clause as well.
    """
    classes = sentence.classes
    comma = classes.find(",", begin + 1)
    if cue.rule == "asked":
        return comma if comma > 0 else len(classes)
    opens = SHAPES.opens.fullmatch(classes, 0, cue.start) is not None
    opens = opens or is_only_time(sentence, classes[:1] == "s", cue.start - 1)
    if cue.rule == "participle":
        opens = _opens(sentence, cue.first)
    subordinate = cue.rule == "participle" or classes[cue.start - 1 : cue.start] in ("s", "h")
    subordinate = subordinate or (cue.start > 1 and classes[:1] == "s")
    if how in ("object", "about", "to") and cue.rule != "participle":
        opens = opens or classes[cue.start - 1 : cue.start] in tuple("sh")
    if opens and subordinate and comma > 0 and how != "quote":
        return comma
    is_which = how not in ("that", "wh", "quote", "colon") and classes[: cue.start].endswith(",w")
    if is_which and comma > 0:
        return comma  # ", which Name said was late, "
    if how != "quote":
        who = cue.subject if cue.subject and cue.subject.kind == "relative" else None
        end = _relative_end(sentence, who, begin) if who else 0
        if end := end or _narrator_at(sentence, begin, how):
            return end
    quote = classes.find("Q", begin)
    if how == "quote" and SHAPES.new_clause.match(classes, begin):
        return begin + 1
    while 0 <= quote < len(classes) - 1:
        is_named_next = quote == begin and how == "quote" and classes[quote + 2 : quote + 3] in "VU"
        goes_on = (
            classes[quote + 1] in "&t(-Qxz"
            or is_named_next
            or (classes[quote + 1] == "b" and "Q" in classes[quote + 2 :])
            or (classes[quote + 1] == "D" and classes[quote + 2 : quote + 3] in ("q", "Q"))
            or (classes[begin] == "s" and "Q" not in classes[begin:quote])
        )
        if not goes_on and sentence.closes_with(",", quote):
            return quote + 1
        quote = classes.find("Q", quote + 1)
    return len(classes)


def _narrator_at(sentence: Clauses, begin: int, how: str) -> int:
    """Where the outlet speaks again behind a reported clause or phrase; 0 where it does not."""
    classes, words = sentence.classes, sentence.words

    def is_act(last: int) -> bool:
        follows = classes[last] != "l" or classes[last + 1 : last + 2] in tuple("DPo")
        return follows or words[last].endswith(endings("past"))

    # what opens the outlet's words: how far behind at least, and what its last word has to be
    openings: list[tuple[str, int, Callable[[int], bool]]] = [
        ("narrator", 3, lambda last: _is_narrator(sentence, last)),
        ("tail", 2, lambda last: True),
        ("next_clause", 3, lambda last: words[last] not in listed("reported")),
        ("comment", 3, lambda last: words[last].lower() in listed("comment")),
        ("next_verb", 3, lambda last: words[last].endswith(endings("past"))),
        ("compared", 3, lambda last: words[last] in listed("compares")),
    ]
    if how in ("object", "about", "to"):
        openings.append(("next_act", 1, is_act))
    found = [
        next(
            (m.start() for m in shape(name).finditer(classes, begin + far) if fits(m.end() - 1)), 0
        )
        for name, far, fits in openings
    ]
    return min(filter(None, found), default=0)


def _relative_end(sentence: Clauses, subject: Subject, begin: int) -> int:
    """Where "…, who said …" gives way to the verb of its main clause; 0 where it does not."""
    classes = sentence.classes
    opener = classes[subject.mention - 1]
    if opener == "-":
        return max(classes.find("-", begin), 0)
    if opener == ",":
        for closing in SHAPES.main_verb.finditer(classes, begin):
            return closing.start()
        last = classes.find(",", begin)
        return last if last > 0 and SHAPES.last_part.fullmatch(classes, last) else 0
    opens = FINITE.isdisjoint(classes[: subject.start])
    match = SHAPES.two_verbs.match(classes, begin) if opens else None
    return match.end() if match else 0


def _is_narrator(sentence: Clauses, at: int) -> bool:
    word = sentence.words[at].lower()
    if sentence.classes[at - 1] not in ",-a":
        return word in listed("meanwhile")
    return (
        word not in listed("no_aside") if sentence.classes[at] == "g" else word in listed("aside")
    )


def _contents(sentence: Clauses, cue: _Cue, left: int, end: int) -> list[tuple[int, int]]:
    contents = [_in_front(sentence, cue, left)] if cue.is_left else []
    if cue.after and (cue.after[1] in ("quote", "that") or not cue.is_left):
        contents.append((cue.after[0], end))
    elif cue.rule in ("clause-speaker-cue", "clause-cue-speaker"):
        comma = comma_behind(sentence, cue.at) or 0
        if cue.rule == "clause-cue-speaker" and cue.subject:
            comma = sentence.classes.find(",", cue.subject.end)
        rest = behind_comment(sentence.classes, comma) if comma > 0 else None
        start, stop = contents[0]
        is_phrase = stop - start < 4 and sentence.classes[start : start + 1] in tuple("iyas")
        is_phrase = is_phrase or is_only_time(sentence, start, stop)
        if cue.rule == "clause-cue-speaker" and not is_phrase:
            rest = None
        if rest and any(rest[0] <= at < rest[0] + 4 for at in sentence.verbs) and not is_phrase:
            rest = None  # "…, Name said, but added that …"
        if rest and is_phrase:
            contents = []  # "On Monday, she said, …"
        contents += [rest] if rest else []
    return [(a, b) for a, b in contents if a < b]


def _in_front(sentence: Clauses, cue: _Cue, left: int) -> tuple[int, int]:
    classes = sentence.classes
    is_inverted = cue.rule.endswith("cue-speaker") or cue.subject is None
    stop = cue.first if is_inverted or cue.subject is None else cue.subject.start
    stop = cue.start if cue.rule == "quoted-as-saying" else stop
    stop -= _follows_as(sentence, stop)
    while stop > left and classes[stop - 1] in ",-ab&(":
        stop -= 1
    dateline = SHAPES.dateline.match(classes)
    start = max(left, dateline.end() if dateline else 0)
    while start < stop and classes[start] in ",;-&b":
        start += 1
    if cue.rule.startswith("quote"):
        start = max(start, *(classes.rfind(sign, start, stop) + 1 for sign in ":("))
    return start, stop


# ---------------------------------------------------------------- without a verb of saying


def _and_free(found: list[Found], more: list[Found]) -> list[Found]:
    """What else is found, where it is nobody's yet."""
    taken = [span for one in found for span in one.contents]
    free = [
        one
        for one in more
        if all(end <= one.contents[0][0] or one.contents[0][1] <= start for start, end in taken)
    ]
    return sorted(found + free, key=lambda one: one.cue)


def _with_nouns(sentence: Clauses, found: list[Found]) -> list[Found]:
    """What a noun of saying introduces: "his claim that", "Name's promise to"."""
    classes, more = sentence.classes, _in_messages(sentence)
    if listed("saying").isdisjoint(sentence.words):
        return _and_free(found, more) if more else found
    for k in range(1, len(classes) - 3):
        if sentence.words[k] not in listed("saying") or classes[k + 1] not in "to":
            continue
        if classes[k + 1] == "o" and sentence.words[k].lower() not in listed("commitment"):
            continue
        owner = SHAPES.owned.search(classes, max(0, k - 6), k)
        if not owner:
            continue
        at, end = owner.span(1)
        is_pronoun = classes[at:end] == "D"
        if is_pronoun and sentence.words[at].lower() not in listed("possessive"):
            continue
        begin = k + 1 + (classes[k + 1] == "t")
        is_object = not FINITE.isdisjoint(classes[:at]) or classes[at - 1 : at] == "i"
        closes = None if is_object else SHAPES.two_verbs.match(classes, begin)
        if not (is_object or closes):
            continue
        sign = SHAPES.sign.search(classes, begin) if FINITE.isdisjoint(classes[:at]) else None
        stop = sign.start() if sign else _narrator_at(sentence, begin, "to") or len(classes)
        stop = closes.end() if closes else stop
        subject = Subject(at, end, "pronoun" if is_pronoun else "phrase")
        span = sentence.span(begin, stop)
        more.append(Found((k, k + 1), subject, (span,), "noun-of-saying"))
    return _and_free(found, more)


def _in_messages(sentence: Clauses) -> list[Found]:
    """For "Name hit back in a tweet that S" and "In a tweet that S, Name hit back"."""
    classes, more = sentence.classes, list[Found]()
    if listed("message").isdisjoint(sentence.words):
        return more
    for match in SHAPES.in_message.finditer(classes):
        at, begin = match.start(), match.end()
        if sentence.words[begin - 2] not in listed("message"):
            continue
        comma = classes.find(",", begin)
        stop = comma if at == 0 else _narrator_at(sentence, begin, "that") or len(classes)
        if "x" not in classes[begin:stop]:
            continue  # "in a tweet that he deleted"
        main = SHAPES.main_subject.match(classes, comma + 1) if at == 0 and comma > 0 else None
        subject = subject_at(sentence, *main.span(1)) if main else first_subject(sentence, at)
        if subject:
            span = sentence.span(begin, stop)
            more.append(Found((begin - 2, begin - 1), subject, (span,), "noun-of-saying"))
    return more


def _according(sentence: Clauses) -> list[Found]:
    classes = sentence.classes
    words = [w.lower() for w in sentence.words]
    at = next((k for k, word in enumerate(words) if word in listed("according")), -1)
    if at < 0:
        return []
    stop = at + 2
    while classes[stop : stop + 1] and classes[stop] in "adglNOqBUyi&DPo":
        stop += 1
    if classes[at + 1 : at + 2] != "o" or stop == at + 2:
        return []
    head = classes[:at].rstrip(",ab&-")
    start = len(head) - len(head.lstrip(",b&"))
    comma = classes.find(",", stop)
    is_inserted = comma == stop and classes[at - 1 : at] == "," and behind_comment(classes, comma)
    rest = len(classes) - comma
    is_clause = not FINITE.isdisjoint(classes[comma:])
    is_phrase = head[start : start + 1] in ("i", "s", "y") or rest > len(head)
    goes_on = is_inserted and is_clause and is_phrase and classes[comma + 1] not in "whgs&b"
    if (len(head) - start > 1 or "Q" in head) and not goes_on and head[-1] not in ":;":
        content = (start, len(head))
    elif classes[stop : stop + 1] == ":" and stop + 1 < len(classes):
        content = (stop + 1, len(classes))
    elif 0 < comma < len(classes) - (1 if classes.endswith("Q") else 2):
        behind = classes.find(",", comma + 1)
        is_apart = classes[comma + 1] in "DNl" and FINITE.isdisjoint(classes[comma:behind])
        if 0 < behind < len(classes) - 2 and is_apart:
            comma = behind  # "According to Name, a baker in Oru, the dam is safe"
        content = (comma + 1, len(classes))
    else:
        return []
    subject = subject_at(sentence, at + 2, stop)
    return [Found((at, at + 2), subject, (sentence.span(*content),), "according-to")]


def _of_quotation(sentence: Clauses) -> list[Found]:
    """A quotation that opens a sentence without a listed verb."""
    for rule in ("quote-speaker-verb", "quote-verb-speaker", "quote-name"):
        found = by_pattern(sentence, rule)
        is_speech = rule == "quote-name" or sentence.closes_with(",?!—", sentence.classes.find("Q"))
        if found and is_speech:
            return found
    return []


def _introduced(sentence: Clauses) -> list[Found]:
    """A quotation that closes a sentence without a listed cue: behind a colon or a comma."""
    classes = sentence.classes
    quote = classes.index("Q")
    before = classes[quote - 1 : quote]
    closes = quote == len(classes) - 1 and sentence.is_sentence(quote)
    rule = "colon-quote" if before == ":" else "verb-quote"
    if _asks_voters(sentence, quote):
        return []
    if before != ":" and not (before == "," and "V" not in classes and closes):
        return []
    named = SHAPES.named_colon.search(classes, 0, quote)
    subject = subject_at(sentence, *named.span(1)) if named else first_subject(sentence, quote - 1)
    if subject is None:
        return []
    span = sentence.span(quote, len(classes))
    return [Found((quote - 1, quote), subject, (span,), rule)]


def _asks_voters(sentence: Clauses, end: int) -> bool:
    """For "voters were asked: "Q"" and "a choice of two options: "Q"": nobody says it."""
    passive = any(
        at < end and is_passive(sentence, verb_group(sentence, at), at) for at in sentence.verbs
    )
    return passive or any(word.lower() in listed("ballot") for word in sentence.words[:end])
