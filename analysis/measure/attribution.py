"""The rules by which something said is tied to who said it, sentence by sentence.

Every rule reads a sentence as a string of word classes (`analysis.measure.clauses`). A cue is a
verb of saying or *according to*; its subject is the source, and what it introduces, before or
after it, is the content. The rules follow the constructions of reported speech in Quirk et al.
1985, §14.28-35 (comment clauses, direct and indirect speech).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.measure.clauses import Clauses, modality_words
from analysis.measure.names import people_words

# Words of a noun phrase, without the one that opens it.
_IN_PHRASE = "adglNOqBUyi&"
_GROUP = re.compile(r"(?:x(?:s|iD?a?l)[xaz]*|(?:[xaz]|iy|y)*)$")
_RELATIVE = re.compile(r",?w$")
_SKIP = r"(?:[ay]|i?[Dl]?y|,[aziy][^,Q;:]{0,6},)*"
_BESIDE = r"(?:[ios][DOP]?[adglNOqBUyi&Pz]*?|,[^,;:()QtVUBG]{1,12},|\([^)]*\))"
_ADDRESSEE = r"(?:P|[DO]?[adgBU]*(?:[NOlqy]|&[DO]?|iN)+)"
_BE = frozenset("is are was were be been being am it's he's she's they're we're i'm".split())


class Subject(NamedTuple):
    """Words of the source of a cue, first and one past the last."""

    start: int
    end: int
    kind: str = "phrase"
    mention: int = -1  # the word that stands for the source, where it is a relative pronoun


class Found(NamedTuple):
    """One attribution in one sentence, in words of the sentence; contents in code points."""

    cue: tuple[int, int]
    subject: Subject | None
    contents: tuple[tuple[int, int], ...]
    rule: str
    modality: str


def _sub(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{beside}", _BESIDE).replace("{skip}", _SKIP))


_THAT = _sub(r"{skip}{beside}{0,4}?,?t")
_THAT_TO = re.compile(rf"{_SKIP}{_ADDRESSEE}?{_SKIP}{_BESIDE}{{0,3}}?,?t")
_QUOTE = _sub(r"({skip}{beside}{0,4}?[,:-]?)[Qq]")
_QUOTE_TO = re.compile(rf"({_SKIP}{_ADDRESSEE}?{_SKIP}{_BESIDE}{{0,3}}?[,:-]?)[Qq]")
_WH_TO = re.compile(rf"({_ADDRESSEE})(?:[hw]|s[PD])")
_PERSON_TO = re.compile(rf"{_ADDRESSEE}a?o[lQqVUBGNa]")
_COLON = _sub(r"{skip}{beside}{0,3}?:")
_COLON_TO = re.compile(rf"{_SKIP}{_ADDRESSEE}?{_SKIP}{_BESIDE}{{0,3}}?:")
_BARE = re.compile(rf"({_SKIP}(?:i[DO]?[adglBUq&]*[NOyd]*?)?)[PDONldgqhxa$]")
_BARE_TO = re.compile(rf"({_SKIP}(?:P|D?[adBU]*l|[DO]?[NO]+|[DO]?N+l?)y?)(?=[PDONh])")
_NOTHING = re.compile(
    rf"{_SKIP}(?:{_BESIDE}|[ay])*(?:[,;.)-]|$)"
)
_NOTHING_TO = re.compile(rf"{_SKIP}{_ADDRESSEE}?{_SKIP}(?:{_BESIDE}|[ay])*(?:[,;.)-]|$)")
_PHRASE_RIGHT = re.compile(r"a?(?:[DO]?[adgBUlqO]*(?:N|O)*(?:[&i][DO]?[adgBUlq]*N*)*|P)")
_NAME_RIGHT = re.compile(r"[NOa&]*(?:l{1,3}N+|N)")


_DATELINE = re.compile(r"N+(?:,N+)*(?:\([N.]+\))?-")
_CLAUSE_START = re.compile(r"[shtb;](P|[DO]?[adl]{0,2}[NO]*N(?=[lxaV])|D[adlO]{0,2}l(?=[lxaV]))")
# What follows a comma in the outlet's own voice: "…, pointing to the map", "…, while Name left".
_ASIDE = re.compile(r",[gs]")
_UNLISTED = re.compile(
    r"([&b]?Q),?(?:(P|[DO]?[adl]{0,2}[NO]*N|D[adlO]{0,2}l)a?(l)(?=$|[,.aiosDPg])|l(?=[NDO])([NO]*N|D[adlO]{0,3}l)(?=$|[,i.]))"
)


# ---------------------------------------------------------------- the source


def verb_group(sentence: Clauses, cue: int) -> int:
    """The first word of the verb group that ends in the cue (auxiliaries, adverbs, days)."""
    match = _GROUP.search(sentence.classes[:cue])
    return match.start() if match else cue


def subject_before(sentence: Clauses, first: int) -> Subject | None:
    """The noun phrase in front of a verb group: what stands in parentheses is passed over."""
    classes = sentence.classes
    at = first
    if at and classes[at - 1] == ")":
        opened = classes.rfind("(", 0, at)
        if opened > 0:
            at = opened
    if at and classes[at - 1] == "-" and (dash := classes.rfind("-", 0, at - 1)) > 0:
        at = dash
        if "," in classes[:at]:
            return _before_apposition(sentence, at) or _phrase_ending(sentence, at)
    if not at:
        return None
    before = classes[at - 1]
    if before == "P":
        return Subject(at - 1, at, "pronoun")
    if before == "w":
        return _antecedent(sentence, at - 1)
    if before in ",-":
        return _before_apposition(sentence, at - 1)
    return _phrase_ending(sentence, at)


def _antecedent(sentence: Clauses, at: int) -> Subject | None:
    classes = sentence.classes
    if sentence.words[at].lower() != "who":
        return None
    end = at - 1 if at and classes[at - 1] == "," else at
    if end and classes[end - 1] == ",":
        end -= 1
    found = _before_apposition(sentence, end) if classes[end : end + 1] == "," else None
    found = found or _phrase_ending(sentence, end)
    if not found:
        return None
    inner = re.compile(r".*i((?:D[adlO]*l[adlN]*|[NO]+[lN]*N))$").match(classes, found.start, found.end)
    start = inner.start(1) if inner else found.start
    return Subject(start, found.end, "relative", at)


def _before_apposition(sentence: Clauses, comma: int) -> Subject | None:
    """For "Name, a baker from Oru, said": the first part that is a noun phrase."""
    classes = sentence.classes
    start = max(classes.rfind(c, 0, comma) for c in ";:Qb(-") + 1
    at = start
    for part in classes[start:comma].split(","):
        tail = re.split("[sth]", part)[-1] if part[:1] not in tuple("isgw") else part
        if tail and _is_phrase(tail) and at + len(part) < comma:
            return _trimmed(sentence, at + len(part) - len(tail), at + len(part))
        at += len(part) + 1
    return None


def _is_phrase(part: str) -> bool:
    head = part.lstrip("&ba")
    return bool(head) and head[0] in "NDOldqB" and not re.search(r"[xPVGzht]", head)


def _phrase_ending(sentence: Clauses, end: int) -> Subject | None:
    classes = sentence.classes
    start = end
    while start and classes[start - 1] in "adglNOqBUyi&D":
        start -= 1
    return _trimmed(sentence, start, end) if start < end else None


def _trimmed(sentence: Clauses, start: int, end: int) -> Subject | None:
    """Cut what stands before the noun phrase proper: a preposition's phrase, an adverb, a verb."""
    classes = sentence.classes
    changed = True
    while changed and start < end:
        changed = False
        if classes[start] in "a&y" or (classes[start] == "i" and classes[start + 1 : start + 2] == "y"):
            start += 1
            changed = True
        elif classes[start] == "i":
            match = re.compile(r"i(?:[DO][adglBUqd]*|[adglBUq]*l)(?=[NDO])").match(classes, start, end)
            start = match.end() if match else start + 1
            changed = True
    for at in range(end - 1, start, -1):
        if classes[at] == "D" and classes[at - 1] not in "i&aDd" :
            start = at
            break
    joined = classes.rfind("&", start, end)
    if joined > start and classes[joined - 1] in "lag" and classes[joined + 1 : end].strip("N") == "":
        start = joined + 1
    while end > start and classes[end - 1] in "ay&i":
        end -= 1
    if start >= end:
        return None
    if classes[start:end].strip("Da") == "":
        alone = people_words()["alone"]
        return Subject(start, end) if sentence.words[end - 1].lower() in alone else None
    return Subject(start, end)


def subject_after(sentence: Clauses, cue: int) -> Subject | None:
    """The noun phrase behind an inverted cue: "said a clerk at the mill"."""
    classes = sentence.classes
    start = cue + 1
    while classes[start : start + 1] == "a":
        start += 1
    if start < len(classes) and classes[start] == "P":
        return None
    match = _NAME_RIGHT.match(classes, start) or _PHRASE_RIGHT.match(classes, start)
    if not match or match.end() == start:
        return None
    end = match.end()
    while end > start and classes[end - 1] in "iya&":
        end -= 1
    if not re.search(r"[NlODB]", classes[start:end]):
        return None
    return Subject(start, end)


# ---------------------------------------------------------------- the content


def content_after(sentence: Clauses, cue: int) -> tuple[int, str] | None:
    """Where what is said begins behind a cue, in words, and by what it is introduced."""
    classes, takes = sentence.classes, sentence.verbs[cue].takes
    at = cue + 1
    to_person = "person" in takes
    if "that" in takes or "clause" in takes:
        match = (_THAT_TO if to_person else _THAT).match(classes, at)
        if match and match.end() < len(classes):
            return match.end(), "that"
    if to_person and "to" not in takes:
        match = _PERSON_TO.match(classes, at)
        if match and len(classes) - match.end() > 1:
            return at, "to"
    if "quote" in takes:
        match = (_QUOTE_TO if to_person else _QUOTE).match(classes, at)
        if match:
            begin = match.end(1)
            is_speech = classes[begin] == "Q" or classes[begin - 1] in ",:" or begin == at
            if is_speech:
                return begin, "quote"
        match = (_COLON_TO if to_person else _COLON).match(classes, at)
        if match and match.end() < len(classes):
            return match.end(), "colon"
    word = classes[at : at + 1]
    if word == "h" or (word == "s" and sentence.words[at].lower() == "if" and "wh" in takes):
        return (at, "wh") if {"that", "wh"} & takes else None
    if "to" in takes and word == "o":
        return at, "to"
    if "wh" in takes:
        match = _WH_TO.match(classes, at)
        if match:
            return match.end(1), "wh"
    if to_person:
        match = _BARE_TO.match(classes, at)
        if match and ("that" in takes or "clause" in takes):
            return match.end(), "clause"
    if "clause" in takes:
        match = _BARE.match(classes, at)
        begin = match.end(1) if match else 0
        if match and (len(classes) - begin >= 3 or "Q" in classes[begin + 1 :]):
            return begin, "clause"
    if "label" in takes:
        match = re.compile(r"[^,;:V]{0,12}?[qQ]").match(classes, at)
        if match:
            return at, "label"
    if "object" in takes and word and word in "DONlgdqa" :
        return at, "object"
    return None


# ---------------------------------------------------------------- one sentence


class _Cue(NamedTuple):
    """A cue with what stands around it, before contents are cut against each other."""

    at: int
    first: int  # of the verb group
    subject: Subject | None
    after: tuple[int, str] | None
    left: bool  # what is said stands in front
    start: int  # where the whole construction begins
    rule: str
    modality: str


_ONLY_TO = frozenset(["tell", "inform", "notify", "assure", "remind"])  # never "told Name"
_SHARING = ("participle", "coordinated", "infinitive")


def find_in_sentence(sentence: Clauses) -> list[Found]:
    """All attributions of one sentence, in the order of their cues."""
    classes = sentence.classes
    found: list[Found] = []
    done = 0  # words already given to somebody
    cues = [c for at in sentence.verbs if (c := _read_cue(sentence, at))]
    for i, cue in enumerate(cues):
        if cue.at < done:
            continue
        left = max(done, 0)
        end = _content_end(sentence, cue, cues[i + 1 :])
        contents = _contents(sentence, cue, left, end)
        if not contents:
            continue
        spans = tuple(_span(sentence, a, b) for a, b in contents)
        rule = cue.rule
        words = (cue.first, cue.at + (2 if sentence.verbs[cue.at].particle else 1))
        found.append(Found(words, _shared(cue, found), spans, rule, cue.modality))
        done = max(cue.at + 1, *(b for a, b in contents))
    if not found and "Q" in classes[:2]:
        found.extend(unlisted(sentence))
    if not found and "according" in (w.lower() for w in sentence.words):
        found.extend(_according(sentence))
    if not found and classes.endswith("Q"):
        found.extend(_introduced(sentence))
    return found


def introduces(sentence: Clauses) -> Found | None:
    """Who is about to speak where a sentence ends with a colon and holds no words of theirs."""
    classes = sentence.classes
    if not classes.endswith(":"):
        return None
    at = next((k for k in reversed(sentence.verbs) if sentence.classes[k] in "VUBG"), None)
    if at is None:
        subject = _first_subject(sentence, len(classes))
        cue = (len(classes) - 1, len(classes))
    else:
        first = verb_group(sentence, at)
        near = subject_before(sentence, first) if classes[first - 1 : first] not in (",", "o") else None
        subject = near if classes[at] in "VU" and near else _first_subject(sentence, first)
        cue = (first, at + 1)
    return Found(cue, subject, (), "colon-paragraph", "") if subject else None


def _shared(cue: _Cue, found: list[Found]) -> Subject | None:
    """The subject of a cue, or the one it shares with the cue before it."""
    if found and cue.rule in _SHARING:
        return found[-1].subject or cue.subject
    return cue.subject


def _read_cue(sentence: Clauses, at: int) -> _Cue | None:
    classes = sentence.classes
    letter, verb = classes[at], sentence.verbs[at]
    first = verb_group(sentence, at)
    group = [w.lower().replace("’", "'") for w in sentence.words[first:at]]
    before = classes[first - 1 : first]
    after = content_after(sentence, at)
    passive = letter == "V" and any(w in _BE for w in group)
    if letter == "V" and before == "P" and sentence.words[first - 1].lower()[-2:] in ("'s", "’s"):
        passive = passive or not classes[first:at].strip("a")
    if passive:
        return None
    modality = _modality(sentence, first, at)
    if before in ("Q", "") or (before == "," and classes[first - 2 : first - 1] == "Q"):
        if before and letter in "VUB" and verb.lemma not in _ONLY_TO and (follows := subject_after(sentence, at)):
            return _Cue(at, first, follows, _behind(sentence, follows.end), True, first, "quote-cue-speaker", modality)
        if before == "" and letter in "VU":
            return None
    if letter == "G":
        return _participle(sentence, at, first, before, after, modality)
    if letter == "B" and before == "o":
        return _infinitive(sentence, at, first, after, modality)
    if before == "&" or before == "b":
        return _coordinated(sentence, at, first, after, modality) or _plain(sentence, at, first, after, modality)
    return _plain(sentence, at, first, after, modality)


def _plain(sentence, at, first, after, modality) -> _Cue | None:
    classes = sentence.classes
    letter, verb = classes[at], sentence.verbs[at]
    before = classes[first - 1 : first]
    if before == "," and letter in "VU" and after is None or (before == "," and after and after[1] in ("clause","object")):
        follows = subject_after(sentence, at) if verb.lemma not in _ONLY_TO else None
        if follows and first > 3 and _is_named(classes, follows) and _ends(classes, follows.end):
            return _Cue(at, first, follows, None, True, first, "clause-cue-speaker", modality)
    subject = subject_before(sentence, first) if before != "i" else None  # "of pledged votes"
    if subject is None:
        return None
    if first == at and letter in "BU" and not _is_verb(sentence, at, subject, after):
        return None
    left = _is_postposed(sentence, subject, at, after)
    if after and after[1] in ("clause", "object", "label", "to") and left == "quote":
        after = None
    start = subject.start
    if left == "quote":
        quote = classes.rfind("Q", 0, start)
        start = quote if classes[quote - 1 : quote] in (":", ",", "-") else start
    opening = classes[subject.start - 1 : subject.start]
    if after is None and opening == "s" and sentence.words[subject.start - 1].lower() == "as":
        return _as_said(sentence, at, first, subject, modality)
    rule = {"quote": "quote-speaker-cue", "clause": "clause-speaker-cue"}.get(left, "")
    if not rule:
        if after is None:
            return None
        rule = "speaker-cue-" + after[1]
    return _Cue(at, first, subject, after, bool(left), start, rule, modality)


def _as_said(
    sentence: Clauses, at: int, first: int, subject: Subject, modality: str
) -> _Cue | None:
    """"As Name said, the bridge is closed": what follows the comma is what was said."""
    classes = sentence.classes
    comma = classes.find(",", at)
    if classes[: subject.start - 1] not in ("", "b", "&") or comma < 0 or len(classes) - comma < 4:
        return None
    return _Cue(at, first, subject, (comma + 1, "clause"), False, 0, "as-speaker-cue", modality)


def _is_verb(sentence: Clauses, at: int, subject: Subject, after: tuple[int, str] | None) -> bool:
    """Whether "report" or "claims" behind a phrase is a verb, not the noun spelled like it."""
    classes = sentence.classes
    if classes[subject.end - 1] == "O":
        return False
    if classes[at] == "B" and not _is_plural(sentence, subject):
        return False
    if classes[at] == "U" and subject.kind == "phrase" and sentence.verbs[at].noun:
        if not re.search("[DNO]", classes[subject.start : subject.end]):
            return False
    if sentence.verbs[at].noun and subject.kind == "phrase":
        if classes[subject.end - 1] not in "Nl":
            return False
        if _is_postposed(sentence, subject, at, None) == "quote":
            return True
        if subject.end == 1 and sentence.words[0].lower() in people_words()["adjectives"]:
            return False
        opens = subject.start == 0 or classes[subject.start - 1] in ",;-:bQtws&"
        if not opens or after is None or after[1] == "colon":
            return False
        has_clause = after[1] != "clause" or re.search("[xP]", classes[at + 1 : at + 14])
        return bool(has_clause) and (after[1] != "clause" or "N" in classes[subject.start : at])
    return True


def _is_named(classes: str, subject: Subject) -> bool:
    """Whether a phrase behind its cue reads as a person: a name, titles in front of it at most."""
    return bool(re.fullmatch(r"(?:D[alNO]*|[NOa]*l{0,2})N+", classes[subject.start : subject.end]))


def _is_plural(sentence: Clauses, subject: Subject) -> bool:
    classes = sentence.classes
    head = classes.find("i", subject.start + 1, subject.end)
    last = sentence.words[(head if head > 0 else subject.end) - 1].lower()
    if subject.kind == "pronoun":
        return last in ("they", "we", "i", "you")
    if subject.kind == "relative":
        return True
    return last.endswith("s") or last in people_words()["plurals"] or "&" in classes[subject.start : subject.end]


def _ends(classes: str, at: int) -> bool:
    return at >= len(classes) or classes[at] in ",;.-)(" or bool(re.compile(r"(?:i[DO]?[adglBUq]*[Ny]*)+$|y").match(classes, at))


def _is_postposed(sentence: Clauses, subject: Subject, at: int, after) -> str:
    """Whether what is said stands before its speaker: 'quote', 'clause' or ''."""
    classes = sentence.classes
    before = classes[: subject.start].rstrip("ab&")
    if subject.kind == "relative" or not before:
        return ""
    if before[-1] == "Q" or before[-2:] == "Q," or before[-2:] == "Q-":
        return "quote"
    if before[-1] in ",-" and (len(before) > 3 or classes[at + 1 : at + 2] == ","):
        nothing = _NOTHING_TO if "person" in sentence.verbs[at].takes else _NOTHING
        if after is None and nothing.match(classes, at + 1) and {"clause", "that"} & sentence.verbs[at].takes:
            if re.match(r"[gsi][^,]*,$", before) and classes[at + 1 : at + 2] != ",":
                return ""
            return "clause"
    return ""


def _behind(sentence: Clauses, at: int) -> tuple[int, str] | None:
    """A quotation or clause that goes on behind an inverted speaker."""
    classes = sentence.classes
    match = re.compile(r"[^Qt;:]{0,30}?[,:]Q").match(classes, at)
    return (match.end() - 1, "quote") if match else None


def _participle(sentence, at, first, before, after, modality) -> _Cue | None:
    classes = sentence.classes
    if after is None:
        return None
    if re.search("x", classes[first:at]) or (before == "P"):
        return _plain(sentence, at, first, after, modality)
    if before == "":
        comma = classes.find(",", after[0])
        if comma < 0 or after[1] not in ("that", "quote"):
            return None
        following = re.compile(r"a?,?([DO]?[alO]{0,2}N+|P|[DO][adlO]*l)").match(classes, comma + 1)
        if not following:
            return None
        subject = Subject(*following.span(1), "pronoun" if following[1] == "P" else "phrase")
        return _Cue(at, first, subject, after, False, first, "participle", modality)
    with_name = before == "N" and re.search(r"iD?[NO]*N$", classes[:first])
    if before in "Nl" and (after[1] in ("that", "quote", "colon", "wh") or with_name):
        subject = _phrase_ending(sentence, first) if with_name else _first_subject(sentence, first)
        return _Cue(at, first, subject, after, False, first, "participle", modality) if subject else None
    if before in (",", "s", "&", "-", "Q") or (before == "i" and sentence.words[first - 1].lower() == "by"):
        start = first
        while start and classes[start - 1] in ",s&-ai":
            start -= 1
        subject = _first_subject(sentence, first)
        return _Cue(at, first, subject, after, False, start, "participle", modality)
    return None


def _infinitive(sentence, at, first, after, modality) -> _Cue | None:
    if after is None or after[1] not in ("that", "quote", "colon", "wh"):
        return None
    subject = _first_subject(sentence, first)
    return _Cue(at, first, subject, after, False, first - 1, "infinitive", modality) if subject else None


def _coordinated(sentence, at, first, after, modality) -> _Cue | None:
    classes = sentence.classes
    if after is None or classes[at] not in "VU" or first < 2:
        return None
    start = first - 1
    if start and classes[start - 1] == ",":
        start -= 1
    subject = _nearest_subject(sentence, first)
    return _Cue(at, first, subject, after, False, start, "coordinated", modality) if subject else None


def _first_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the main clause a later verb shares: the sentence's first noun phrase.

    A dateline, an opening phrase ("In Oru, Vell,") and an opening clause ("While …,") are
    passed over.
    """
    classes = sentence.classes
    dateline = _DATELINE.match(classes)
    at = dateline.end() if dateline else 0
    place = False
    for part in re.split(r"[,;:-]", classes[at:before]):
        head = len(part) - len(part.lstrip("&ba"))
        opener = part[head : head + 1]
        skipped = opener in ("", *"isgQothyV") or (place and not part[head:].strip("Nd"))
        if not skipped:
            start = at + head
            if classes[start] == "P":
                return Subject(start, start + 1, "pronoun")
            return _short_phrase(sentence, start, min(before, at + len(part)))
        place = opener == "i" or (place and opener == "N")
        at += len(part) + 1
    return None


def _nearest_subject(sentence: Clauses, before: int) -> Subject | None:
    """The subject of the clause a coordinated verb belongs to: "when Name sat down and said"."""
    classes = sentence.classes
    match = None
    for match in _CLAUSE_START.finditer(classes, 1, before):
        pass
    if match:
        if match[1] == "P":
            return Subject(*match.span(1), "pronoun")
        return Subject(*match.span(1))
    return _first_subject(sentence, before)


def _short_phrase(sentence: Clauses, start: int, end: int) -> Subject | None:
    match = re.compile(r"D?[alO]{0,2}N+(?:&N+)?|D?[aO]?l(?:iD?N+)?|[DOlN]+").match(sentence.classes, start, end)
    return Subject(start, match.end()) if match and match.end() > start else None


def _modality(sentence: Clauses, first: int, at: int) -> str:
    words = modality_words()
    group = [w.lower().replace("’", "'") for w in sentence.words[max(first - 2, 0) : at]]
    inside = group[first - max(first - 2, 0) :]
    if "z" in sentence.classes[first:at] or words["negating"] & set(group):
        return "negated"
    if words["hypothetical"] & set(inside) or (first and sentence.words[first - 1].lower() in words["hypothetical"]):
        return "hypothetical"
    opening = {w.lower() for w in sentence.words[max(0, first - 6) : first]}
    return "hypothetical" if words["conditional"] & opening & {"if", "unless"} else ""


def _content_end(sentence: Clauses, cue: _Cue, later: list[_Cue]) -> int:
    """Where the content of a cue ends: the sentence's end, or the next attribution's start."""
    classes = sentence.classes
    if cue.after is None:
        return len(classes)
    begin, how = cue.after
    if how == "label":
        match = re.compile(r"[^qQ]*[qQ](?:[,&]+[DO]?[qQ])*").match(classes, begin)
        return match.end() if match else len(classes)
    limit = _clause_end(sentence, cue, begin, how)
    for other in later:
        if other.start >= limit:
            break
        if other.start <= begin:
            continue
        before = classes[max(other.start - 2, 0) : other.start]
        apart = before[-1:] in (";", "b", "-") or before in (",b", ",s", ",&") or (
            other.rule in ("participle", "coordinated") and classes[other.start] in ",s&-b"
        )
        speech = other.after is not None and other.after[1] in ("quote", "colon")
        apart = apart or (speech and (before[-1:] == "," or before == "Q&"))
        if apart and (other.after or other.left):
            end = other.start
            while end > begin and classes[end - 1] in ",;-b&sa":
                end -= 1
            return end
    return limit


def _clause_end(sentence: Clauses, cue: _Cue, begin: int, how: str) -> int:
    """Where the reported clause ends by its own signs, whatever cue follows.

    A quotation that closes behind a comma closes the clause as well; a clause that opens the
    sentence with "while" or "when" ends at its comma.
    """
    classes = sentence.classes
    if cue.rule == "participle" and cue.first == 0:
        return max(classes.find(",", begin), begin + 1)
    if cue.start and classes[cue.start - 1] in "sh" and cue.start < 3 and how != "quote":
        comma = classes.find(",", begin + 2)
        if comma > 0 and cue.rule != "as-speaker-cue":
            return comma
    if how != "quote":
        aside = _ASIDE.search(classes, begin + 3)
        while aside and not _is_aside(sentence, aside.start() + 1):
            aside = _ASIDE.search(classes, aside.end())
        if aside:
            return aside.start()
    for at in range(begin, len(classes) - 1):
        if classes[at] == "Q" and sentence.closes_with_comma(at) and classes[at + 1] not in "&bt(-Qxz":
            if how == "quote" and classes[at + 1] in "PNDO" and at == begin and classes[at + 2 : at + 3] in "VU":
                continue
            return at + 1
    return len(classes)


def _is_aside(sentence: Clauses, at: int) -> bool:
    word = sentence.words[at].lower()
    if sentence.classes[at] == "g":
        return word not in ("including", "during", "according")
    return word in ("while", "though", "although", "as")


def _contents(sentence: Clauses, cue: _Cue, left: int, end: int) -> list[tuple[int, int]]:
    classes = sentence.classes
    contents: list[tuple[int, int]] = []
    if cue.left:
        stop = cue.first if cue.rule.endswith("cue-speaker") or not cue.subject else cue.subject.start
        while stop > left and classes[stop - 1] in ",-ab&":
            stop -= 1
        start = left
        while start < stop and classes[start] in ",;-&b":
            start += 1
        if "quote" in cue.rule:
            colon = classes.rfind(":", start, stop)
            if colon >= 0:
                start = colon + 1
        if start < stop:
            contents.append((start, stop))
    if cue.after and (cue.after[1] == "quote" or not cue.left):
        contents.append((cue.after[0], end))
    elif cue.left and cue.rule == "clause-speaker-cue" and classes[cue.at + 1 : cue.at + 2] == ",":
        rest = cue.at + 2
        long_enough = len(classes) - rest > 2 or "Q" in classes[rest:]
        if long_enough and classes[rest] not in "GgwsV":
            contents.append((rest, len(classes)))
            if contents[0][1] - contents[0][0] < 4:
                del contents[0]
    return [(a, b) for a, b in contents if a < b]


def _span(sentence: Clauses, start: int, end: int) -> tuple[int, int]:
    return sentence.starts[start], sentence.ends[end - 1]


def _according(sentence: Clauses) -> list[Found]:
    classes = sentence.classes
    lower = [w.lower() for w in sentence.words]
    at = lower.index("according")
    if classes[at + 1 : at + 2] != "o":
        return []
    stop = at + 2
    while stop < len(classes) and classes[stop] in "adglNOqBUyi&DP":
        stop += 1
    if stop == at + 2:
        return []
    subject = Subject(at + 2, stop, "pronoun" if classes[at + 2 : stop] == "P" else "phrase")
    contents: list[tuple[int, int]] = []
    head = classes[:at].rstrip(",ab&-")
    start = len(head) - len(head.lstrip(",b&"))
    comma = classes.find(",", stop)
    inserted = classes[stop : stop + 1] == "," and classes[at - 1 : at] == ","
    if len(head) - start > 1 and not (inserted and head[start] in "isy"):
        contents.append((start, len(head)))
    elif classes[stop : stop + 1] == ",":
        contents.append((stop + 1, len(classes)))
    elif comma > 0 and comma + 2 < len(classes):
        contents.append((comma + 1, len(classes)))
    if not contents:
        return []
    spans = tuple(_span(sentence, a, b) for a, b in contents)
    return [Found((at, at + 2), subject, spans, "according-to", "")]


def _introduced(sentence: Clauses) -> list[Found]:
    """A quotation that closes a sentence without a listed cue: behind a colon or a comma."""
    classes = sentence.classes
    quote = classes.index("Q")
    before = classes[quote - 1] if quote else ""
    if before == ":":
        rule = "colon-quote"
    elif before == "," and "V" not in classes and quote == len(classes) - 1 and sentence.is_sentence(quote):
        rule = "verb-quote"
    else:
        return []
    subject = _first_subject(sentence, quote - 1)
    if subject is None:
        return []
    span = _span(sentence, quote, len(classes))
    return [Found((quote - 1, quote), subject, (span,), rule, "")]


def unlisted(sentence: Clauses) -> list[Found]:
    """A quotation, its speaker, and a verb that is not listed: "Q," the clerk beamed."""
    classes = sentence.classes
    match = _UNLISTED.match(classes)
    if not match or not sentence.closes_like_speech(match.end(1) - 1):
        return []
    name = 2 if match[2] else 4
    verb = match.start(3) if match[2] else match.end(1) + (classes[match.end(1)] == ",")
    subject = Subject(*match.span(name), "pronoun" if match[name] == "P" else "phrase")
    spans = (_span(sentence, match.end(1) - 1, match.end(1)),)
    rule = "quote-speaker-verb" if match[2] else "quote-verb-speaker"
    return [Found((verb, verb + 1), subject, spans, rule, "")]
