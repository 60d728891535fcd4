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

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.data import word_list
from analysis.measure.speech import complements, phrases
from analysis.measure.speech.complements import FINITE, content_after, is_only_time
from analysis.measure.speech.names import people_words, role_of
from analysis.measure.speech.phrases import Subject, first_subject, subject_at, verb_group
from analysis.measure.speech.wordclasses import RULES, Clauses, Verb, listed

_CLAUSES = ("that", "wh", "clause", "to", "about")
_PHRASES = ("object", "about", "to")  # what need not hold a verb


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

    @property
    def how(self) -> str:
        """What introduces what is said behind it: that, wh, clause, quote …"""
        return self.after[1] if self.after else ""


def find_in_sentence(sentence: Clauses) -> list[Found]:
    """All attributions of one sentence, in the order of their cues."""
    found = _by_verbs(sentence)
    for kind, rule in _WITHOUT_VERB.items():
        if sentence.has(kind):
            found = _and_free(found, rule(sentence))
    found = [one for one in found if _is_source(sentence, one.subject)]
    if not found and "Q" in sentence.classes[:2]:
        found = _of_quotation(sentence)
    if not found and sentence.classes.endswith("Q"):
        found = _introduced(sentence)
    return found


def _is_source(sentence: Clauses, who: Subject | None) -> bool:
    """Whether a source reads as a noun phrase: not "killed in May", "sent", "late"."""
    return not (who and who.kind == "phrase" and sentence.match("no_source", who.start, who.end))


def introduces(sentence: Clauses) -> Found | None:
    """Who is about to speak where a sentence names a speaker and holds no words of theirs.

    It ends with a colon, or it has a finite verb of saying: "Name spoke up. "Q"".
    """
    at = max((k for k in sentence.verbs if sentence.classes[k] in "VU"), default=-1)
    if "Q" in sentence.classes or (at < 0 and not sentence.classes.endswith(":")):
        return None
    first = verb_group(sentence, at) if at >= 0 else len(sentence.classes)
    is_apart = sentence.letter(first - 1) in (",", ":")
    near = None if is_apart else phrases.subject_before(sentence, first)
    subject = near or first_subject(sentence, first)
    cue, verb = (min(first, len(sentence.classes) - 1), at + 1 or first), sentence.verbs.get(at)
    return Found(cue, subject, (), "colon-paragraph", verb=verb) if subject else None


def by_pattern(sentence: Clauses, rule: str) -> list[Found]:
    """What a rule finds that is one expression over the whole sentence."""
    match = RULES[rule].match(sentence.classes)
    if not match:
        return []
    said = (sentence.span(*match.span("what")),)
    return [Found(match.span("cue"), subject_at(sentence, *match.span("who")), said, rule)]


def _by_verbs(sentence: Clauses) -> list[Found]:
    found: list[Found] = []
    ends = [0]  # of the words that are somebody's already
    cues = [cue for at in sentence.verbs if (cue := _read_cue(sentence, at))]
    for i, cue in enumerate(cues):
        if cue.at < max(ends):
            continue
        source = cue.subject.start if cue.subject else cue.at  # "Q," Name, who said it, added
        left = max(end for end in ends if end <= max(source, 0))
        contents = _contents(sentence, cue, left, _content_end(sentence, cue, cues[i + 1 :]))
        if not contents:
            continue
        shares = found and cue.shares and not _is_other(sentence, cue, found[-1], max(ends))
        subject = (found[-1].subject if shares else None) or cue.subject
        verb = sentence.verbs[cue.at]
        words = (cue.first, cue.at + 1 + bool(verb.particle))
        spans = tuple(sentence.span(*part) for part in contents)
        modality = cue.modality or phrases.modality_of(sentence, cue.first, cue.at)
        found.append(Found(words, subject, spans, cue.rule, modality, verb))
        ends += [cue.at + 1, *(b for _, b in contents)]
    return found


def _is_other(sentence: Clauses, cue: _Cue, last: Found, end: int) -> bool:
    """Whether a cue has another subject than the last attribution: "When Name asked, he said"."""
    near = cue.subject
    if last.rule == "passive-by-speaker" or near is None:
        return last.rule == "passive-by-speaker"  # "Name was asked by Vell and said"
    if cue.rule == "participle":  # "Name asked them, but they left"
        return near.kind == "pronoun" and near.start > last.cue[1]
    opener, opens = sentence.letter(near.start - 1), sentence.classes[: last.cue[0]]
    is_own = opener in ("s", "h") and "," not in sentence.classes[last.cue[1] : near.start]
    is_own = is_own or (opener == "," and not set("sh").isdisjoint(opens))
    return is_own and near.start >= end


# ---------------------------------------------------------------- the cue


_QUOTE_IN_FRONT = re.compile(r"(?<!s)Q,?\Z")  # not 'known as "Q," said'


def _read_cue(sentence: Clauses, at: int) -> _Cue | None:
    classes, letter, first = sentence.classes, sentence.classes[at], verb_group(sentence, at)
    before = sentence.letter(first - 1)
    if letter == "V":
        passive = phrases.is_passive(sentence, first, at)
        agent = _by_agent(sentence, at, first, passive)
        if agent is None and sentence.is_a("agent", at + 1) and sentence.is_a("not_means", at + 2):
            return None  # "polls reported by Name"
        if agent or passive:
            return agent or _said_by_somebody(sentence, at, first)
        if before in ("", "h", "s") or sentence.whole("opening_word", 0, first):
            return _said_by_somebody(sentence, at, first) or _inverted(sentence, at)
    is_behind = _QUOTE_IN_FRONT.search(classes, 0, first)
    if is_behind and not sentence.whole("by_a_quote", 0, first):
        follows = _subject_behind(sentence, at)
        if follows and letter != "G" and sentence.letter(follows.end) not in tuple("xVU"):
            after = complements.goes_on_at(sentence, follows.end)
            return _Cue(at, first, after, follows, "quote-cue-speaker", first, is_left=True)
    return _led(sentence, _Cue(at, first, content_after(sentence, at, at + 1)), before)


def _led(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """A cue whose subject stands in front of it or in another clause: by the verb's form."""
    at, first, letter = cue.at, cue.first, sentence.classes[cue.at]
    if letter == "G":
        return _participle(sentence, cue, before)
    if letter == "B" and before == "o":
        return _infinitive(sentence, cue)
    has_auxiliary = "x" in sentence.classes[first:at]
    is_verb = letter in "VU" or has_auxiliary or (letter == "B" and cue.how == "that")
    joins = before in ("&", "b") and is_verb
    joins = joins or (before == "," and sentence.is_a("next", first))  # ", then said"
    return (_coordinated(sentence, cue) if joins else None) or _finite(sentence, cue, before)


def _said_by_somebody(sentence: Clauses, at: int, first: int) -> _Cue | None:
    """For "it was reported that", "Name was asked whether", "Asked whether …": nobody is named."""
    is_bidden = sentence.letter(at + 1) == "o"  # "Name was asked to leave"
    after = (at + 1, "to") if is_bidden else content_after(sentence, at, at + 1)
    cue = _Cue(at, first, after, start=first)
    if cue.how in ("wh", "about", "to") and sentence.verbs[at].group == "question":
        return cue._replace(rule="asked")
    is_said = cue.how == "that" and sentence.is_a("nobody", first - 1)
    is_said = is_said and not sentence.has("hypothetical", first, at)  # "it should be noted"
    return cue._replace(rule="it-was-said") if is_said else None


def _inverted(sentence: Clauses, at: int) -> _Cue | None:
    """For "Said Name: "Q""."""
    opens = at == 0 or sentence.whole("opening_word", 0, at)
    follows = _subject_behind(sentence, at) if opens else None
    quote = sentence.classes.find("Q", follows.end) if follows else -1
    if quote < 1 or sentence.classes[quote - 1] not in ":,":
        return None
    return _Cue(at, at, (quote, "quote"), follows, "cue-speaker-quote", at)


def _by_agent(sentence: Clauses, at: int, first: int, passive: bool) -> _Cue | None:
    """For "was told by Name that", "described by Name as "Q"": Name says it."""
    takes = sentence.verbs[at].takes
    labelled = sentence.match("labelled_by", at + 1) if "label" in takes else None
    by = labelled or sentence.match("agent", at + 1)
    if not by or not (passive or {"label", "person"} & takes):
        return None
    subject = phrases.object_after(sentence, by.end() - 1)
    after = content_after(sentence, at, subject.end) if subject else None
    if labelled:
        after = (labelled.start(1), "label")
    if subject and "person" in takes and sentence.letter(subject.end) == "o":
        after = None if sentence.is_a("means", subject.start) else (subject.end, "to")
    elif after and after[1] in ("to", "clause", "object"):
        return None
    if after is None or sentence.classes[after[0]] == "w":
        return None  # "tweeted by those who"
    return _Cue(at, first, after, subject, "passive-by-speaker", first)


def _subject_behind(sentence: Clauses, at: int) -> Subject | None:
    is_only_to = sentence.verbs[at].lemma in listed("only_to")
    return None if is_only_to else phrases.subject_after(sentence, at)


def _finite(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """A finite cue with its own subject, in front of it or, in ", says Name", behind it."""
    classes = sentence.classes
    if before == "i" or (before in ("D", "O") and sentence.letter(cue.at + 1) in tuple("Nlg")):
        return None  # "a majority of pledged votes", "the alleged attack"
    if before == "," and (behind := _behind_clause(sentence, cue)):
        return behind
    subject = phrases.subject_before(sentence, cue.first)
    if subject is None:
        return None
    if classes[cue.at] in "BU" and _is_noun(sentence, cue, subject):
        return None
    if _nobody_says(sentence, cue, subject):
        return None
    start = subject.start
    found = _with_subject(sentence, cue, subject)
    if found and sentence.letter(start - 1) == "z":
        return found._replace(subject=None, modality="negated")  # "neither Name nor Name said"
    is_nobody = found and sentence.is_a("no_one", start)
    return found._replace(modality="negated") if found and is_nobody else found


def _nobody_says(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """Whether a subject's verb tells of no saying."""
    last = subject.end - 1
    is_thing = sentence.classes[last] == "l" and not _is_human(sentence, subject)
    bodes = sentence.verbs[cue.at].lemma in listed("bodes") and cue.how in ("to", "object")
    if bodes and is_thing:
        return True  # "the storm threatens to", "the crisis demanded an answer"
    may_be = "x" in sentence.classes[cue.first : cue.at]  # "if you say", "one could say"
    return sentence.is_a("addressed", last) or (may_be and sentence.is_a("anybody", last))


def _behind_clause(sentence: Clauses, cue: _Cue) -> _Cue | None:
    """For "…, says Name"."""
    verb = sentence.verbs[cue.at]
    takes = cue.first > 2 and {"clause", "that"} & verb.takes
    if not {"x", "z"}.isdisjoint(sentence.classes[cue.first : cue.at]):
        return None  # "The director, Name, did not mention Name"
    comma = max(sentence.classes.rfind(",", 0, cue.first - 1), 0)
    if sentence.whole("named_behind", comma, cue.first - 1):
        return None  # "The director, Name Name, said the staff"
    if not takes or cue.how not in ("", "clause", "object"):
        return None
    follows = _subject_behind(sentence, cue.at)
    if not follows or not sentence.match("ending", follows.end):
        return None
    if phrases.is_named(sentence, follows) or (not verb.noun and _are_people(sentence, follows)):
        cue = cue._replace(subject=follows, after=None, is_left=True, start=cue.first)
        return cue._replace(rule="clause-cue-speaker")
    return None


def _are_people(sentence: Clauses, subject: Subject) -> bool:
    """Whether a phrase behind "…, said" tells people: "several officials", "a group of Oruans"."""
    start, end = subject[:2]
    told = _is_human(sentence, subject) or sentence.has("quantity", start, end)
    told = told or not people_words()["plurals"].isdisjoint(sentence.lower[start:end])
    return told and end - start < 7 and sentence.classes[start] != "i"


def _is_human(sentence: Clauses, subject: Subject) -> bool:
    """Whether a word of a source tells what somebody is."""
    return role_of(sentence.phrase(subject.start, subject.end)) not in ("", "document")


def _with_subject(sentence: Clauses, cue: _Cue, subject: Subject) -> _Cue | None:
    classes, start = sentence.classes, subject.start
    left = _said_in_front(sentence, subject, cue)
    cue = cue._replace(subject=subject, start=start)
    if left == "quote":
        quote = classes.rfind("Q", 0, start)
        at, how = cue.after or (0, "")
        goes_on = complements.goes_on_at(sentence, cue.at + 1)
        is_quoted = how == "colon" or (how == "quote" and classes[at - 1] in ",:VUB")
        if is_quoted or (how == "that" and "," not in classes[cue.at : at - 2]):
            goes_on = cue.after  # not "Q," Name said, referring to a plan that
        begin, form = goes_on or (0, "that")
        if form != "that" and sentence.is_sentence(quote) and sentence.begins_with_capital(begin):
            return cue._replace(after=goes_on, rule=f"speaker-cue-{form}")
        start = quote if sentence.letter(quote - 1) in (":", ",", "-") else start
        return cue._replace(is_left=True, start=start, after=goes_on, rule="quote-speaker-cue")
    if sentence.is_a("as", start - 1) and _is_as_said(sentence, cue, start):
        comma = classes.find(",", cue.at)
        if comma > 0 and (comma < len(classes) - 3 or "Q" in classes[comma:]):
            return cue._replace(after=(comma + 1, "clause"), start=0, rule="as-speaker-cue")
    if left:
        return cue._replace(is_left=True, rule="clause-speaker-cue")
    return cue._replace(rule=f"speaker-cue-{cue.how}") if cue.after else None


def _is_as_said(sentence: Clauses, cue: _Cue, start: int) -> bool:
    """Whether it is "As Name said last week, …" and not "As Name said that …, …"."""
    classes = sentence.classes
    if classes[: start - 1].rstrip("b&")[-1:] not in ("", ",", ";"):
        return False
    takes = sentence.verbs[cue.at].takes
    if "pause" in takes or "quote" not in takes or cue.how in (*_PHRASES, "label"):
        return False
    behind = classes[cue.at + 1 : classes.find(",", cue.at)]
    return not set("xPVUtQ:") & set(behind)


def _said_in_front(sentence: Clauses, subject: Subject, cue: _Cue) -> str:
    """Whether what is said stands before its speaker: 'quote', 'clause' or ''."""
    classes, takes = sentence.classes, sentence.verbs[cue.at].takes
    may_say = "pause" not in takes and not takes.isdisjoint({"clause", "that", "quote"})
    as_said = may_say and sentence.is_a("as", subject.start - 1)
    before = classes[: subject.start - as_said].rstrip("ab&")
    if subject.kind == "relative" or not before:
        return ""
    if before.endswith(("Q", "Q,", "Q-")):
        return "" if cue.after and _is_title(sentence, cue, before) else "quote"
    if sentence.is_a("indefinite", subject.start) and sentence.whole("contact", *subject[:2]):
        return ""  # "…, a claim Name denied"
    takes_clause = as_said or bool({"clause", "that"} & takes)
    joins = classes[: subject.start - as_said].rstrip("a")[-1] in "b&"  # ", but she said little"
    is_behind = takes_clause and not joins and _is_behind(sentence, cue, before)
    return "clause" if is_behind else ""


def _is_behind(sentence: Clauses, cue: _Cue, before: str) -> bool:
    """Whether a speaker and cue stand apart behind a clause that is said."""
    classes = sentence.classes
    is_closed = before[-1] == "(" and sentence.letter(cue.at + 1) in ("", ")")
    is_apart = before[-1] in ",-" or is_closed
    if not is_apart or (cue.after and not (before[-1] == "," and _is_place(sentence, cue))):
        return False
    comma = complements.comma_behind(sentence, cue.at)
    is_end = cue.at == len(classes) - 1
    is_opening = len(before) <= 3 or (not is_end and sentence.match("rule_opening", 0, len(before)))
    follows = comma and complements.behind_comment(classes, comma)
    return bool(follows or (comma is not None and not is_opening))


def _is_title(sentence: Clauses, cue: _Cue, before: str) -> bool:
    embedded = before[: before.rfind("Q")][-1:] not in ("", *",:-(&b")
    return (embedded and cue.how in _CLAUSES) or bool(sentence.match("title", 0, len(before)))


def _is_place(sentence: Clauses, cue: _Cue) -> bool:
    """For "…, Name said in a message to the crew": no verb behind the cue, but one in front."""
    classes = sentence.classes
    bare = FINITE.isdisjoint(classes[cue.at + 1 :]) and "Q" not in classes[cue.at :]
    is_phrase = sentence.letter(cue.at + 1) in ("i", "y", "a")
    in_front = not FINITE.isdisjoint(classes[: cue.first])
    return cue.how == "clause" and is_phrase and bare and in_front


def _is_noun(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """Whether a cue in the present is the noun spelled like it."""
    group, is_third = sentence.classes[cue.first : cue.at], sentence.classes[cue.at] == "U"
    if "x" in group and (is_third or sentence.has("finished", cue.first, cue.at)):
        return True  # "these are states", "have claims"
    return not group.strip("yla") and not _is_verb(sentence, cue, subject)


def _is_verb(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    """Whether "report" or "claims" behind a phrase is a verb, not the noun spelled like it."""
    classes, at, start = sentence.classes, cue.at, subject.start
    is_third = classes[at] == "U"
    if classes[subject.end - 1] == "O" or not (is_third or phrases.is_plural(sentence, subject)):
        return False
    if not sentence.verbs[at].noun or subject.kind != "phrase":
        return True
    several = is_third and sentence.letter(cue.first - 1) == "d"
    if sentence.letter(at + 1) in tuple("xVUz") or several:
        return False  # "Eastern states could", "two states"
    if _is_thing(sentence, subject, is_third):
        return False  # "incongruous comments", "the claim contradicts reports"
    left = _said_in_front(sentence, subject, cue._replace(after=None))
    ends = cue.at == len(classes) - 1 and phrases.is_named(sentence, subject)
    is_quoted = left == "quote" and classes[start - 1] != "&"
    if is_quoted or (left and ends):
        return True
    return _is_verb_with_clause(sentence, cue, subject)


def _is_thing(sentence: Clauses, subject: Subject, is_third: bool) -> bool:
    last = subject.end - 1
    is_singular = (
        sentence.classes[last] == "l" and "i" not in sentence.classes[subject.start : last]
    )
    is_second_noun = is_third and is_singular and sentence.is_a("third", last)
    is_noun = sentence.is_a("adjective", last) or is_second_noun
    is_act = is_third and sentence.is_a("past", last) and sentence.classes[last] == "l"
    role = role_of(sentence.phrase(subject.start, subject.end))
    is_object = sentence.is_a("no_noun", last) or (is_act and role != "document")
    return is_object or (is_noun and role in ("", "document"))  # "Name raised questions"


def _is_verb_with_clause(sentence: Clauses, cue: _Cue, subject: Subject) -> bool:
    classes, at, start = sentence.classes, cue.at, subject.start
    is_third = classes[at] == "U"
    phrase = classes[start : subject.end]
    is_adjective = subject.end == 1 and sentence.lower[0] in people_words()["adjectives"]
    is_aimed = start == 0 and is_third and sentence.is_a("past", at + 1)
    if phrase[-1] not in "Nl" or (is_third and not set("DNO") & set(phrase)):
        return False
    if is_adjective or is_aimed:  # "Angry tweets aimed at Name"
        return False
    opens = start == 0 or classes[start - 1] in ",;-:bQtwhs&"
    is_relative = cue.after and cue.how == "that" and classes[cue.after[0]] in "xVU"
    if not opens or cue.how in ("", "colon") or is_relative:  # "Rust Belt states that have"
        return False
    is_people = "N" in phrase or sentence.letter(at + 1) == "P" or _is_human(sentence, subject)
    is_clause = is_people and bool(set("xPz") & set(classes[at + 1 : at + 14]))
    return cue.how != "clause" or is_clause


def _participle(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """For "…, adding that", "after saying that"; in "is saying" it is a finite verb."""
    classes, first = sentence.classes, cue.first
    if before == "s" and (quoted := _quoted(sentence, cue)):
        return quoted
    if cue.after is None:
        return None
    if before == "l" and sentence.is_a("goes_on", first - 1):  # "kept saying"
        first = verb_group(sentence, first - 1)
        return _finite(sentence, cue._replace(first=first), sentence.letter(first - 1))
    if "x" in classes[first : cue.at] or before == "P":
        return _finite(sentence, cue, before)
    said, cue = cue.after, cue._replace(rule="participle", start=first)
    if _opens(sentence, first) and (main := _main_subject(sentence, first, *said)):
        return cue._replace(subject=main)
    if before in ("", *"Nl") or sentence.is_a("document", first - 1):
        return _behind_noun(sentence, cue, before) if before else None
    if before not in ",s&-Qb" and not sentence.is_a("agent", first - 1):
        return None
    start = len(classes[:first].rstrip(",s&-aib"))
    own = _of_participle(sentence, first)
    subject = own or first_subject(sentence, first)
    return cue._replace(subject=subject, start=start, shares=own is None)


def _main_subject(sentence: Clauses, first: int, begin: int, how: str) -> Subject | None:
    """Whose participle opens the sentence: "After saying that it was safe, Name left"."""
    comma = _comma_behind(sentence, begin)
    is_clause = how == "clause" and "x" in sentence.classes[begin:comma]
    is_said = first or is_clause or how in ("that", "quote")
    return phrases.main_subject(sentence, comma) if comma and is_said else None


def _behind_noun(sentence: Clauses, cue: _Cue, before: str) -> _Cue | None:
    """For "with Name telling reporters", "issued a statement saying that"."""
    first, is_document = cue.first, sentence.is_a("document", cue.first - 1)
    if is_document and sentence.is_a("unsaid", first - 2):
        return None
    near = _named_in_front(sentence, first, before)
    if near:
        return cue._replace(subject=near)
    if not is_document and cue.how in ("label", "clause", *_PHRASES):
        return None
    own = None if is_document else _of_participle(sentence, first)
    subject = own or first_subject(sentence, first)
    if subject is None and cue.after and cue.how in ("quote", "label"):
        begin = _comma_behind(sentence, cue.after[0])  # "Holding signs saying "Q," Name left"
        subject = phrases.main_subject(sentence, begin) if begin else None
    is_nobody = subject and not is_document and sentence.is_a("nobody", subject.end - 1)
    if subject is None or is_nobody:  # "it is worth noting that"
        return None
    return cue._replace(subject=subject, shares=True)


def _named_in_front(sentence: Clauses, first: int, before: str) -> Subject | None:
    """Who stands before a participle: "with Name saying", "half of the voters saying"."""
    near = phrases.phrase_ending(sentence, first)
    with_name = sentence.search("with_name", max(0, first - 8), first)
    named = with_name and (before == "N" or sentence.is_a("with", with_name.start()))
    if near and not named and _is_human(sentence, near):
        is_share = sentence.has("part", near.start, near.end)
        named = is_share or sentence.letter(near.start - 1) not in ("", *"io")
    return near if named else None


def _opens(sentence: Clauses, first: int) -> bool:
    """Whether a participle opens its sentence: "Saying", "But after saying"."""
    return not sentence.classes[:first].strip("asi&b") or is_only_time(sentence, 0, first)


def _of_participle(sentence: Clauses, first: int) -> Subject | None:
    """Whose participle it is where a clause of its own ends in front: "…, Name added, saying"."""
    classes = sentence.classes
    comment = sentence.search("comment_before", max(0, first - 5), first)
    said = sentence.verbs.get(comment.start()) if comment else None
    if comment and said and not said.noun:
        return phrases.subject_before(sentence, verb_group(sentence, comment.start()))
    near = classes.rfind(",", 0, max(first - 1, 0)) + 1
    clause = sentence.match("own_subject", near, first)
    if clause:
        return subject_at(sentence, *clause.span(1))
    who = classes.find("w", near, first)
    if who < 0 or sentence.letter(who + 1) not in tuple("xVUlaP"):
        return None
    if classes[who + 1] == "P":
        return subject_at(sentence, who + 1, who + 2)
    return phrases.antecedent(sentence, who) if classes[first - 1] != "," else None


def _quoted(sentence: Clauses, cue: _Cue) -> _Cue | None:
    """For "the agency quoted Name as saying", "Name was quoted as saying": Name says it."""
    end = cue.first
    near = range(max(0, end - 12), end)
    at = max((k for k in near if sentence.is_a("quoting", k)), default=-1)
    if at < 0 or not sentence.is_a("as", end - 1):
        return None
    first = verb_group(sentence, at)
    outer = phrases.subject_before(sentence, first)
    is_object = at + 2 < end and not sentence.is_a("agent", at + 1)
    subject = phrases.object_after(sentence, at) if is_object else outer
    start = min(first, outer.start if outer else first)
    is_left = cue.after is None
    if subject is None or (is_left and sentence.letter(start - 1) not in (",", "Q")):
        return None
    cue = cue._replace(first=first, start=start, is_left=is_left)
    return cue._replace(subject=subject, rule="quoted-as-saying")


def _infinitive(sentence: Clauses, cue: _Cue) -> _Cue | None:
    is_plain = sentence.verbs[cue.at].lemma in listed("plain")
    if cue.after is None or cue.how in _PHRASES or (cue.how == "clause" and not is_plain):
        return None
    start = cue.first - 1
    goes_on = sentence.is_a("goes_on", start - 1)
    if goes_on and sentence.letter(start - 2) == "&" and cue.how == "quote":
        return _coordinated(sentence, cue._replace(first=start - 1))  # "Q" and went on to ask "Q"
    made = None
    if goes_on:  # "Name went on to"
        made = phrases.subject_before(sentence, verb_group(sentence, start - 1))
    near = (k for k in range(start - 2, max(0, start - 8), -1) if sentence.is_a("makes", k))
    at = next((k + 1 for k in near if sentence.whole("made_to", k + 1, start)), 0)
    if at and not goes_on:
        made = subject_at(sentence, at, start)  # "led Name to say"
    subject = made or phrases.nearest_subject(sentence, cue.first)
    if subject is None or sentence.is_a("nobody", subject.end - 1):
        return None  # "it is too soon to say whether"
    return cue._replace(subject=subject, start=start, rule="infinitive", shares=made is None)


def _coordinated(sentence: Clauses, cue: _Cue) -> _Cue | None:
    if cue.after is None or cue.first < 2:
        return None
    start = cue.first - 1 - (sentence.classes[cue.first - 2] == ",")
    is_main = start < cue.first - 1 or sentence.letter(cue.first - 1) == "b"
    near = phrases.first_subject if is_main else phrases.nearest_subject
    subject = near(sentence, cue.first)
    cue = cue._replace(subject=subject, start=start, rule="coordinated", shares=True)
    return cue if subject else None


# ---------------------------------------------------------------- the content


def _content_end(sentence: Clauses, cue: _Cue, later: Sequence[_Cue]) -> int:
    """Where the content of a cue ends: at its own end, or where the next attribution begins."""
    classes = sentence.classes
    if cue.after is None:
        return len(classes)
    begin = cue.after[0]
    if cue.how == "label":
        match = sentence.match("label_end", begin)
        return match.end() if match else len(classes)
    limit = _clause_end(sentence, cue, begin)
    near = (other for other in later if begin < other.start < limit)
    apart = (other.start for other in near if _is_apart(sentence, other, begin))
    end = next(apart, None)
    return begin + len(classes[begin:end].rstrip(",;-b&sa")) if end else limit


def _is_apart(sentence: Clauses, other: _Cue, begin: int) -> bool:
    """Whether a later attribution stands beside the clause at hand and not inside it."""
    classes = sentence.classes
    before = classes[: other.start].rstrip("a")[-2:]
    sign = before[-1:]
    if other.rule.startswith("clause-") and sign == ",":
        comma = classes.find(",", max(other.at, other.subject.end if other.subject else 0))
        if comma < 0 or not complements.behind_comment(classes, comma):
            return True  # no clause goes on behind ", Name said,"
    own = other.subject is not None and other.subject.kind == "phrase"
    own = own and other.rule.startswith("speaker-cue-")
    own = own and (sign == "&" or not FINITE.isdisjoint(classes[begin : other.start]))
    shares = other.rule in ("participle", "coordinated") and classes[other.start] in ",s&-b"
    is_quoted = other.how in ("quote", "colon") and (sign == "," or before == "Q&")
    is_joined = sign in (";", "b", "-") or before in (",b", ",s", ",&")
    return is_joined or shares or is_quoted or (own and sign in ("&", ","))


def _clause_end(sentence: Clauses, cue: _Cue, begin: int) -> int:
    """Where a reported clause ends by its own signs, whatever cue follows.

    A clause that opens the sentence with "while" or a participle ends at its comma; the outlet
    speaks again in ", pointing to the map" and ", while …"; a quotation that closes with a
    comma closes the clause as well.
    """
    classes, how = sentence.classes, cue.how
    comma = classes.find(",", begin + 1)
    if cue.rule == "asked":
        return comma if comma > 0 else len(classes)
    is_which = how not in ("that", "wh", "quote", "colon") and classes[: cue.start].endswith(",w")
    may_open = how != "quote" or cue.rule == "participle"
    opens = is_which or (may_open and _is_opening(sentence, cue))
    if opens and (
        stop := _comma_behind(sentence, begin + (how != "quote"))
    ):  # ", which Name said was late, "
        return stop
    if how != "quote":
        end = _relative_end(sentence, cue, begin) or _narrator_at(sentence, begin, how)
        if end:
            return end
    elif sentence.match("new_clause", begin):
        return begin + 1
    return _end_of_quotation(sentence, begin, how)


def _comma_behind(sentence: Clauses, begin: int) -> int:
    """Where a comma closes a clause, or a quotation that ends with one; 0 where none does."""
    comma = sentence.classes.find(",", begin)
    within = range(begin, comma if comma > 0 else len(sentence.classes))
    quotes = (k for k in within if sentence.classes[k] in "Qq")
    return max(next((k + 1 for k in quotes if sentence.closes_with(",", k)), comma), 0)


def _is_opening(sentence: Clauses, cue: _Cue) -> bool:
    """Whether a clause opens its sentence with "while" or a participle, and ends at a comma."""
    if cue.rule == "participle" or (cue.rule == "passive-by-speaker" and cue.first == 0):
        return _opens(sentence, cue.first)
    classes, opener = sentence.classes, sentence.letter(cue.start - 1)
    if cue.rule == "coordinated":  # "While Name left and said it was safe, …"
        return classes[:1] == "s" and "," not in classes[: cue.start]
    opens = sentence.whole("opens", 0, cue.start) is not None
    opens = opens or is_only_time(sentence, classes[:1] == "s", cue.start - 1)
    opens = opens or (cue.how in _PHRASES and opener in ("s", "h"))
    return opens and (opener in ("s", "h") or (cue.start > 1 and classes[:1] == "s"))


def _end_of_quotation(sentence: Clauses, begin: int, how: str) -> int:
    """Behind the first quotation that closes with a comma, unless the clause goes on behind it."""
    classes = sentence.classes
    places = range(begin, len(classes) - 1) if "Q" in classes[begin:] else ()
    for quote in (k for k in places if classes[k] == "Q"):
        is_named = quote == begin and how == "quote" and sentence.letter(quote + 2) in ("", *"VU")
        is_opening = classes[begin] == "s" and "Q" not in classes[begin:quote]
        goes_on = is_named or is_opening or sentence.match("goes_on_behind", quote)
        if not goes_on and sentence.closes_with(",", quote):
            return quote + 1
    return len(classes)


def _narrator_at(sentence: Clauses, begin: int, how: str) -> int:
    """Where the outlet speaks again behind a reported clause or phrase; 0 where it does not."""
    ways = [one for one in word_list("clauses")["narrator"] if how in one.get("behind", [how])]
    found = [sentence.search(name, begin + one["far"]) for one in ways for name in one["patterns"]]
    ends = {match.start() for match in found if match}
    second = {k for k in ends if sentence.classes[begin : k + 1].count("-") % 2 == 0}
    second = {k for k in second if sentence.classes[k] == "-"}  # of two dashes: ends an aside
    return min(ends - second, default=0)


def _relative_end(sentence: Clauses, cue: _Cue, begin: int) -> int:
    """Where "…, who said …" gives way to the verb of its main clause; 0 where it does not."""
    subject, is_passive = cue.subject, cue.rule == "passive-by-speaker"
    if subject is None or (subject.kind != "relative" and not is_passive):
        return 0
    classes = sentence.classes
    opener = sentence.letter(cue.first - 1 if is_passive else subject.mention - 1)
    if opener == ",":
        closing = sentence.search("main_verb", begin)
        return closing.start() if closing else 0
    opens = FINITE.isdisjoint(classes[: subject.start])
    match = sentence.match("two_verbs", begin) if opens else None
    return match.end() if match else 0


def _contents(sentence: Clauses, cue: _Cue, left: int, end: int) -> list[tuple[int, int]]:
    contents = [_in_front(sentence, cue, left)] if cue.is_left else []
    if cue.after and (cue.how in ("quote", "that") or not cue.is_left):
        contents.append((cue.after[0], end))
    elif cue.subject and cue.rule in ("clause-speaker-cue", "clause-cue-speaker"):
        is_inverted = cue.rule == "clause-cue-speaker"
        comma = complements.comma_behind(sentence, cue.at) or 0
        if is_inverted:
            comma = sentence.classes.find(",", cue.subject.end)
        rest = complements.behind_comment(sentence.classes, comma) if comma > 0 else None
        start, stop = contents[0]
        is_phrase = stop - start < 4 and sentence.letter(start) in tuple("iyas")
        is_phrase = is_phrase or is_only_time(sentence, start, stop)
        if rest and is_phrase:
            contents = [rest]  # "On Monday, she said, …"
        elif rest and not is_inverted and sentence.verbs.keys().isdisjoint(range(*rest)[:4]):
            contents.append(rest)  # not "…, Name said, but added that …"
    return [(a, b) for a, b in contents if a < b]


def _in_front(sentence: Clauses, cue: _Cue, left: int) -> tuple[int, int]:
    classes = sentence.classes
    stop = cue.first
    if cue.rule == "quoted-as-saying":
        stop = cue.start
    elif cue.subject and not cue.rule.endswith("cue-speaker"):
        stop = cue.subject.start
    stop -= sentence.is_a("as", stop - 1)
    dateline = sentence.match("dateline")
    start = max(left, dateline.end() if dateline else 0)
    stop = left + len(classes[left:stop].rstrip(",-ab&("))
    while start < stop and classes[start] in ",;-&b":
        start += 1
    if cue.rule.startswith("quote"):
        start = max(start, *(classes.rfind(sign, start, stop) + 1 for sign in ":("))
    return start, stop


# ---------------------------------------------------------------- without a verb of saying


def _and_free(found: list[Found], more: list[Found]) -> list[Found]:
    """What else is found, where it is nobody's yet."""
    taken = [span for one in found for span in one.contents]

    def is_free(one: Found) -> bool:
        (begin, stop), *_ = one.contents
        return all(end <= begin or stop <= start for start, end in taken)

    return sorted([*found, *filter(is_free, more)], key=lambda one: one.cue)


def _with_nouns(sentence: Clauses) -> list[Found]:
    """What a noun of saying introduces: "his claim that", "Name's promise to"."""
    classes, more = sentence.classes, []
    for match in sentence.all("noun_of_saying"):
        (at, end), begin = match.span(1), match.end() - (match["commitment"] is not None)
        has_verb = not FINITE.isdisjoint(classes[:at])
        is_object = has_verb or sentence.letter(at - 1) == "i"
        closes = None if is_object else sentence.match("two_verbs", begin)
        sign = None if has_verb else sentence.search("sign", begin)
        stop = sign.start() if sign else _narrator_at(sentence, begin, "to") or len(classes)
        said = (sentence.span(begin, closes.end() if closes else stop),)
        who = Subject(at, end, "pronoun" if match["whose"] else "phrase")
        if is_object or closes:
            more.append(Found((match.end() - 2, match.end() - 1), who, said, "noun-of-saying"))
    return more


def _in_messages(sentence: Clauses) -> list[Found]:
    """For "Name hit back in a tweet that S" and "In a tweet that S, Name hit back"."""
    classes, more = sentence.classes, []
    for at, begin in (match.span() for match in sentence.all("in_message")):
        comma = classes.find(",", begin)
        stop = comma if at == 0 else _narrator_at(sentence, begin, "that") or len(classes)
        main = phrases.main_subject(sentence, comma + 1) if at == 0 and comma > 0 else None
        subject = main or first_subject(sentence, at)
        if subject and "x" in classes[begin:stop]:  # not "in a tweet that he deleted"
            said = (sentence.span(begin, stop),)
            more.append(Found((begin - 2, begin - 1), subject, said, "noun-of-saying"))
    return more


def _according(sentence: Clauses) -> list[Found]:
    match = sentence.search("according")
    if not match:
        return []
    classes, (at, stop) = sentence.classes, match.span()
    head = classes[:at].rstrip(",ab&-")
    start = len(head) - len(head.lstrip(",b&"))
    comma = classes.find(",", stop)
    is_apart = comma == stop and sentence.letter(at - 1) == ","
    is_inserted = is_apart and complements.behind_comment(classes, comma) is not None
    is_clause = not FINITE.isdisjoint(classes[comma:])
    is_phrase = head[start : start + 1] in ("i", "s", "y") or len(classes) - comma > len(head)
    goes_on = is_inserted and is_clause and is_phrase and classes[comma + 1] not in "whgs&b"
    content = [(start, len(head))]
    is_split = head[start : start + 1] not in ("i", "s", "y", "h") and FINITE.isdisjoint(head)
    if is_apart and is_split and sentence.match("goes_on_in_verb", comma):
        content.append((comma + 1, len(classes)))  # "The dam, according to Name, is safe"
    elif (len(head) - start > 1 or "Q" in head) and not goes_on and head[-1] not in ":;":
        pass
    elif sentence.letter(stop) == ":" and stop + 1 < len(classes):
        content = [(stop + 1, len(classes))]
    elif 0 < comma < len(classes) - 2 + classes.endswith("Q"):
        content = [(_behind_apposition(classes, comma) + 1, len(classes))]
    else:
        return []
    subject = subject_at(sentence, at + 2, stop)
    said = tuple(sentence.span(*part) for part in content)
    return [Found((at, at + 2), subject, said, "according-to")]


def _behind_apposition(classes: str, comma: int) -> int:
    """The comma behind "According to Name, a baker in Oru, the dam is safe"; else the first."""
    behind = classes.find(",", comma + 1)
    is_told = classes[comma + 1] in "DNl" and FINITE.isdisjoint(classes[comma:behind])
    return behind if 0 < behind < len(classes) - 2 and is_told else comma


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
    before = sentence.letter(quote - 1)
    closes = quote == len(classes) - 1 and sentence.is_sentence(quote)
    if before != ":" and not (before == "," and "V" not in classes and closes):
        return []
    verbs = ((verb_group(sentence, at), at) for at in sentence.verbs if at < quote)
    asked = any(phrases.is_passive(sentence, *verb) for verb in verbs)
    if asked:
        return []  # "voters were asked: "Q"": nobody says it
    named = sentence.search("named_colon", 0, quote)
    subject = subject_at(sentence, *named.span(1)) if named else first_subject(sentence, quote - 1)
    said = (sentence.span(quote, len(classes)),)
    rule = "colon-quote" if before == ":" else "verb-quote"
    return [Found((quote - 1, quote), subject, said, rule)] if subject else []


# What is said without a verb of saying, by the words without which there is nothing to look for.
_WITHOUT_VERB = {"according": _according, "message": _in_messages, "saying": _with_nouns}
