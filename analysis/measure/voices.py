"""Who speaks: what stands inside quotation marks, and what the outlet says itself.

All offsets are code points into the text as given; nothing is normalised before they are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import regex

from analysis.measure.attribution import Found, find_in_sentence, headed_by_name, introduces
from analysis.measure.clauses import (
    MARKS,
    QUOTED,
    Clauses,
    Outline,
    mask,
    outline,
)
from analysis.measure.names import (
    Register,
    Speaker,
    SpeakerTable,
    gender_in,
    is_organisation,
    read_speakers,
    role_of,
    strip_titles,
    tidy,
)
from analysis.measure.phrases import Subject
from analysis.measure.tokens import find_tokens, sentences

_OPENING = "“„«‟"
_CLOSING = "”»"
_EITHER = '"＂″'
_DOUBLE = _OPENING + _CLOSING + _EITHER
_OPENS_AFTER = "([{—–-/\"“”„‘'’…:"

# A single quotation mark opens after white space or a bracket and closes before white space or
# punctuation; anything else is an apostrophe. A digit after it is a decade ('90s).
_SINGLE = regex.compile(
    r"(?:(?<=^|[\s(\[{—–\"“])[‘'](?=[\p{L}\p{Lu}“\"]))"
    r"(?P<inside>[^\n‘]{0,1500}?[^\s])"
    r"(?<!\ws)(?<!\p{Lu}\p{Ll}{1,30}s)['’](?=$|[\s.,;:!?)\]}—–\"”])",
    regex.MULTILINE,
)
_MARK = re.compile(  # one class in front: `re` then skips quickly to where it may match
    rf"[{_DOUBLE}`'\n](?:(?<=[{_DOUBLE}])|(?<=`)`|(?<=')'|(?<=\n)\n*)"
)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Start and end, marks included, of what stands inside quotation marks, in text order.

    Any double quotation mark may close any other: pages mix them. A quotation that a
    paragraph leaves open ends with the paragraph, and goes on in the next one where that
    begins with a quotation mark again. Single marks count outside double ones. Marks inside a
    quotation belong to it.
    """
    doubles = _double_spans(text)
    singles = [m.span() for m in _SINGLE.finditer(text)]
    starts = [start for start, _ in doubles]
    free = [s for s in singles if not _meets(s, doubles, starts)]
    return sorted(doubles + free)


def _meets(span: tuple[int, int], others: list[tuple[int, int]], starts: list[int]) -> bool:
    """Whether a span overlaps one of some sorted spans that do not overlap each other."""
    i = bisect_left(starts, span[1]) - 1
    return i >= 0 and others[i][1] > span[0]


def _double_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _MARK.finditer(text):
        mark, at, after = match[0], match.start(), match.end()
        if mark[0] == "\n":
            if opened is not None:
                spans.append((opened, at))
            opened = None
        elif opened is None:
            if _may_open(text, mark, at, after):
                opened = at
        elif not _only_opens(text, mark, at, after):
            spans.append((opened, after))
            opened = None
    if opened is not None:
        spans.append((opened, len(text)))
    return spans


def _may_open(text: str, mark: str, at: int, after: int) -> bool:
    """Outside a quotation: whether this mark starts one. A stray closing mark does not."""
    previous, following = text[at - 1 : at], text[after : after + 1]
    if not following or following.isspace():
        return False
    if mark in _OPENING:
        return True
    starts_word = not previous or previous.isspace() or previous in _OPENS_AFTER
    glued = previous in ".!?," and following.isalnum() and not previous.isdigit()
    return starts_word or glued


def _only_opens(text: str, mark: str, at: int, after: int) -> bool:
    """Inside a quotation: whether this mark can only be an opening one (a nested quotation)."""
    previous, following = text[at - 1 : at], text[after : after + 1]
    return previous.isspace() and bool(following) and following.isalnum() and mark not in _CLOSING


# ---------------------------------------------------------------- statements


class Statement(NamedTuple):
    """One thing said: offsets are code points into the text given."""

    start: int
    end: int
    speaker: str  # one name per person; '' where nobody is credited
    side: str
    role: str
    cue: str  # as written, with its auxiliaries
    kind: str  # direct, indirect, mixed
    rule: str
    speaker_start: int  # the source as mentioned here; -1 where there is none
    speaker_end: int
    modality: str  # '', negated, hypothetical


def statements(
    text: str,
    quoted: list[tuple[int, int]] | None = None,
    sentence_spans: list[tuple[int, int]] | None = None,
    speakers: SpeakerTable | None = None,
) -> list[Statement]:
    """Who says what in a text, as plain records in text order; see `find_statements`.

    Parameters
    ----------
    quoted, sentence_spans
        What `quoted_spans` and `analysis.measure.tokens.sentences` give for this text, where
        the caller has them already.
    speakers
        Known names, sides and roles; the project's table by default.
    """
    quoted = quoted_spans(text) if quoted is None else quoted
    spans = sentences(text, quoted) if sentence_spans is None else sentence_spans
    return _Reader(text, quoted, speakers or read_speakers()).read(spans)


class _Reader:
    """Reads one text from first sentence to last and remembers who was spoken of."""

    def __init__(self, text: str, quoted: list[tuple[int, int]], speakers: SpeakerTable) -> None:
        self.text = text
        self.quoted = quoted
        self.masked = mask(text.replace(QUOTED, " "), quoted)
        self.register = Register(self.masked)
        self.speakers = speakers
        self.found: list[Statement] = []
        self.person = _NOBODY  # who spoke last
        self.topic = _NOBODY  # the subject of the sentence before
        self.group = _NOBODY  # the organisation or collective that spoke last
        self.last: Statement | None = None  # the last quotation somebody is credited with
        self.pending: Statement | None = None  # introduced by a colon at a paragraph's end

    def read(self, spans: list[tuple[int, int]]) -> list[Statement]:
        """The statements of a text, given its sentences."""
        for start, end in spans:
            found = outline(self.masked[start:end])
            if found.may_speak:
                self._sentence(start, end, found)
            else:
                self._pass(start, end)
        return sorted(self.found)

    def _sentence(self, start: int, end: int, of: Outline) -> None:
        sentence = Clauses(self.text, self.masked, start, end, of)
        found = find_in_sentence(sentence)
        if not found and self._is_headed_by_person(sentence, start, end):
            headed = headed_by_name(sentence)
            found = [headed] if headed else []
        if found:
            for one in found:
                self._record(sentence, one)
            self._note_topic(start, end)
        elif sentence.classes and self._is_mostly_quoted(start, end):
            self._quotation_alone(start, end)
        elif "Q" not in sentence.classes and (opening := introduces(sentence)):
            self._expect(sentence, opening)
            self._note_topic(start, end)
        else:
            self._pass(start, end)

    def _pass(self, start: int, end: int) -> None:
        """A sentence in which nothing is said: the last speaker stays where it is about them."""
        self._note_topic(start, end)
        if self.last:
            opening = (*_PRONOUNS, self.last.speaker.rpartition(" ")[2] or "?")
            is_about_them = self.masked.startswith(opening, start)
            if not is_about_them or "\n" in self.text[self.last.end : start]:
                self.last = None

    def _is_headed_by_person(self, sentence: Clauses, start: int, end: int) -> bool:
        """Whether a paragraph of one sentence begins with a known person and a colon."""
        colon = sentence.classes.find(":")
        around = self.text[start - 1 : start] + self.text[end : end + 1]
        if around.strip("\n") or not 0 < colon < 5:
            return False
        name = strip_titles(list(sentence.words[:colon]))
        is_known = bool(name) and self.register.knows(name[-1])
        return is_known or self.speakers.find(" ".join(name)) is not None

    def _is_mostly_quoted(self, start: int, end: int) -> bool:
        inside = self.masked.count(QUOTED, start, end)
        return inside * 2 > end - start and self.masked[start] == QUOTED

    def _expect(self, sentence: Clauses, one: Found) -> None:
        """Remember who is about to speak in the next paragraph."""
        subject = one.subject
        if subject is None:
            return
        at, to = sentence.span(subject.start, subject.end)
        cue = self.text[slice(*sentence.span(*one.cue))]
        speaker = self._resolve(sentence, subject)
        self.last = Statement(at, to, *speaker, cue, "direct", one.rule, at, to, "")
        self.pending = self.last

    def _quotation_alone(self, start: int, end: int) -> None:
        """A sentence that is a quotation: whoever spoke last goes on, or nobody is credited."""
        before = self.last
        if before is None:
            if self.text[start:end].count(" ") >= _SENTENCE_WORDS - 1:
                self.found.append(
                    Statement(start, end, *_NOBODY, "", "direct", "unattributed", -1, -1, "")
                )
            return
        between = self.text[before.end : start]
        if "\n" in between and self.text[start:end].rstrip(MARKS)[-1:] not in _SPEECH_ENDS:
            return  # a heading in quotation marks
        rule = "continued-paragraph" if "\n" in between else "continued-sentence"
        if before is self.pending:
            has_colon = self.text[before.end : start].rstrip().endswith(":")
            if "\n" in between and not has_colon:
                return
            rule = "colon-paragraph" if has_colon else "cue-then-quotation"
        start, end, kind = self._fit(start, end)
        statement = before._replace(start=start, end=end, kind=kind, rule=rule)
        self.found.append(statement)
        self.last = statement

    def _record(self, sentence: Clauses, one: Found) -> None:
        subject = one.subject
        speaker, at, to = Speaker("", "", ""), -1, -1
        if subject:
            at, to = sentence.span(subject.start, subject.end)
            if subject.mention >= 0:
                at, to = sentence.span(subject.mention, subject.mention + 1)
            speaker = self._resolve(sentence, subject)
        cue = self.text[slice(*sentence.span(*one.cue))]
        for start, end in one.contents:
            start, end, kind = self._fit(start, end)
            if start >= end:
                continue
            statement = Statement(start, end, *speaker, cue, kind, one.rule, at, to, one.modality)
            self.found.append(statement)
            if kind != "indirect" or self.last is None or self.last.start < sentence.span(0, 1)[0]:
                self.last = statement

    def _fit(self, start: int, end: int) -> tuple[int, int, str]:
        """The span with its quotation marks, and whether it is direct, indirect or mixed."""
        inside = self.masked[start:end]
        if QUOTED not in inside:
            return start, end, "indirect"
        rest = inside.replace(QUOTED, "").strip(" ,.;:!?\n\t-–—")
        return start, end, "mixed" if any(c.isalnum() for c in rest) else "direct"

    def _note_topic(self, start: int, end: int) -> None:
        """Remember the person a sentence opens with, whom "he" or "she" in the next may mean."""
        self.topic = _NOBODY
        match = _TOPIC.match(self.masked, start, end)
        if not match:
            return
        words = strip_titles(match[1].split())
        if words and self.register.knows(words[-1]) and not is_organisation(words):
            name = self.register.full_name(words)
            self.topic = self.speakers.find(name) or Speaker(name, "", "")
            self.register.note_gender(self.topic.name, gender_in(match[1]))

    def _resolve(self, sentence: Clauses, subject: Subject) -> Speaker:
        words = list(sentence.words[subject.start : subject.end])
        if subject.kind == "pronoun":
            return self._pronoun(words[-1].lower().replace("’", "'").split("'")[0])
        start, end = sentence.span(subject.start, subject.end)
        phrase = self.text[start:end]
        role = role_of(phrase) or role_of(_apposition(self.text, end))
        person = _person(words, sentence.classes[subject.start : subject.end])
        gender = gender_in(phrase)
        name = self.register.full_name(person, gender) if person else tidy(phrase)
        known = self.speakers.find(name)
        if known is None and person and not self.register.knows(person[-1]):
            known = self.speakers.find(tidy(phrase)) or self.speakers.find(" ".join(person))
        side = "" if role in _NO_SIDE else self.speakers.side_of_collective(phrase)
        speaker = known or Speaker(name, side, role)
        if person and (" " in speaker.name or gender or not speaker.name.endswith("s")):
            self.register.note_gender(speaker.name, gender)
            self.person = speaker
        else:
            self.group = speaker
        return speaker

    def _pronoun(self, word: str) -> Speaker:
        if word in ("he", "she"):
            wanted = "m" if word == "he" else "f"
            for one in (self.topic, self.person):
                if one.name and self.register.gender(one.name) in ("", wanted):
                    self.register.note_gender(one.name, wanted)
                    return one
        if word in ("they", "it") and self.found and self.found[-1].speaker == self.group.name:
            return self.group
        return _NOBODY


_NOBODY = Speaker("", "", "")
_LONGEST = 5000  # code points a statement may begin before a quotation in it
_SENTENCE_WORDS = 5  # a quotation on its own that is shorter may be a heading or a title
_SPEECH_ENDS = tuple(".,!?…:;—-")
_PRONOUNS = ("He ", "She ")
_NO_SIDE = ("expert", "public", "media", "document")
_LAST_NAME = re.compile("N+$")
_FIRST_NAME = re.compile("N+(?=[ld,i])")
_AFTER = re.compile(r",\s+((?:[\w’'-]+\s){0,5}[\w’'-]+)")


def _apposition(text: str, end: int) -> str:
    """The first words of what stands behind a name: ", a professor at Oru, …"."""
    match = _AFTER.match(text, end)
    return match[1] if match else ""


def _person(words: list[str], classes: str) -> list[str]:
    """The words of the personal name a phrase ends with; empty for collectives."""
    match = _LAST_NAME.search(classes)
    if not match:
        match = _FIRST_NAME.match(classes)
        if (
            not match
            or len(strip_titles(words[: match.end()])) < 2
            or "l" in classes[match.end() :]
        ):
            return []
        name = strip_titles(words[: match.end()])
        return name if not is_organisation(name) else []
    run = words[match.start() :]
    name = strip_titles(run)
    before = classes[match.start() - 1 : match.start()]
    if before == "&" or not name or is_organisation(name):
        return []
    if before == "i" and (len(name) == len(run) or len(name) < 2):
        return []
    return name


_TOPIC = re.compile(
    r"(?:(?:But|And|Then|Yet|So|Later|Still),? )?"
    r"((?:[^\W\d_a-z][\w.’'-]*(?: |(?=[,’'])))+)(?=[a-z,’'(])"
)


def find_statements(text: str, speakers: SpeakerTable | None = None) -> pd.DataFrame:
    """Who says what in a text.

    Parameters
    ----------
    text
        Any text. A line break ends a sentence.
    speakers
        Names, sides and roles that are known (`analysis.measure.names.read_speakers`); the
        project's table by default.

    Returns
    -------
    DataFrame, one row a statement, by start:

    =============  ==========================================================================
    start, end     what is said, in code points of the text: ``text[start:end]``
    text           that text
    speaker        one name per person; '' where nobody is credited
    side, role     from the speaker table, or from words like "spokesman"; '' unknown
    cue            the words that introduce it, as written ("has warned", "according to")
    kind           direct (all in quotation marks), indirect, or mixed
    rule           the name of the rule that found it
    speaker_start  the source as mentioned here ("He"), in code points; -1 where there is none
    speaker_end
    modality       '' said, 'negated' (did not say), 'hypothetical' (would say, if they say)
    words          tokens in the statement
    marked_words   tokens of it inside quotation marks
    =============  ==========================================================================

    Notes
    -----
    Measured on PolNeAR 1.0 by ``tests/benchmarks/bench_attribution.py``. Rules can be wrong:
    print those figures beside every share.
    """
    quoted = quoted_spans(text)
    rows = statements(text, quoted, speakers=speakers)
    frame = pd.DataFrame(rows, columns=list(Statement._fields))
    frame.insert(2, "text", [text[r.start : r.end] for r in rows])
    frame["words"] = [len(find_tokens(text[r.start : r.end]).words) for r in rows]
    frame["marked_words"] = [marked_words(text, r.start, r.end, quoted) for r in rows]
    return frame


def marked_words(text: str, start: int, end: int, quoted: Sequence[tuple[int, int]]) -> int:
    """Tokens of ``text[start:end]`` that stand inside quotation marks."""
    inside = ((max(a, start), min(b, end)) for a, b in quoted if a < end and start < b)
    return sum(len(find_tokens(text[a:b]).words) for a, b in inside)


def sides_of_quoted(quoted: Sequence[tuple[int, int]], found: Sequence[Statement]) -> list[str]:
    """For each quoted span the side of the statement it lies in, '' where there is none.

    Parameters
    ----------
    quoted
        As `quoted_spans` gives them, sorted.
    found
        As `statements` gives them, sorted.
    """
    sides: list[str] = []
    starts = [s.start for s in found]
    for start, end in quoted:
        i = bisect_left(starts, end) - 1
        side = ""
        while i >= 0 and found[i].start >= start - _LONGEST:
            if found[i].end > start:
                side = found[i].side
                break
            i -= 1
        sides.append(side)
    return sides
