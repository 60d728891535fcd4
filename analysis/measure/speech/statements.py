"""Who speaks: what stands inside quotation marks, and what the outlet says itself.

All offsets are code points into the text as given; nothing is normalised before they are read.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice, takewhile
from typing import NamedTuple

import pandas as pd

from analysis.data import LANGUAGE, LANGUAGES
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech import names, people, rules, wordclasses
from analysis.measure.speech.names import OFFICIAL, Speaker, SpeakerTable, role_of
from analysis.measure.speech.phrases import Subject, first_subject
from analysis.measure.speech.wordclasses import MARKS, QUOTED, Clauses, Outline, listed, outline
from analysis.measure.tokens import APOSTROPHES, SOFT_HYPHEN, find_tokens

Spans = list[tuple[int, int]]


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
    lemma: str = ""  # of the listed verb; '' where there is none
    group: str = ""  # its class in the list
    parts: tuple[tuple[int, int], ...] = ()  # where its cue interrupts it; else () for the whole

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches of text it consists of: start to end, without a cue in between."""
        return self.parts or ((self.start, self.end),)


def statements(
    text: str,
    quoted: Spans | None = None,
    sentence_spans: Spans | None = None,
    speakers: SpeakerTable | None = None,
    language: str = LANGUAGE,
) -> list[Statement]:
    """Who says what in a text, as plain records in text order; see `find_statements`.

    Parameters
    ----------
    quoted, sentence_spans
        What `quoted_spans` and `analysis.measure.sentences.sentences` give for this text, where
        the caller has them already.
    speakers
        Known names, sides and roles; nobody is known where it is left out.
    language
        Of the text. Where there are no rules for it (`has_rules`), nothing is found.
    """
    if not has_rules(language):
        return []
    if SOFT_HYPHEN in text:
        return _without_soft_hyphens(text, speakers)
    quoted = quoted_spans(text) if quoted is None else quoted
    spans = sentences(text, quoted) if sentence_spans is None else sentence_spans
    return _Reader(text, quoted, speakers or SpeakerTable()).read(spans)


def _without_soft_hyphens(text: str, speakers: SpeakerTable | None) -> list[Statement]:
    """Statements read as if the text held no soft hyphens, with their places in the text."""
    kept = [i for i, character in enumerate(text) if character != SOFT_HYPHEN]

    def back(start: int, end: int) -> tuple[int, int]:
        return (kept[start], kept[end - 1] + 1) if start >= 0 else (-1, -1)

    def moved(one: Statement) -> Statement:
        (start, end), who = back(one.start, one.end), back(one.speaker_start, one.speaker_end)
        one = one._replace(start=start, end=end, speaker_start=who[0], speaker_end=who[1])
        return one._replace(parts=tuple(back(*part) for part in one.parts))

    return list(map(moved, statements(text.replace(SOFT_HYPHEN, ""), speakers=speakers)))


@cache
def has_rules(language: str) -> bool:
    """Whether there are rules of reading for a language: who says what is not known without."""
    return (LANGUAGES / (language or LANGUAGE) / "attribution_verbs.toml").is_file()


class _Reader:
    """Reads one text from first sentence to last and remembers who was spoken of."""

    def __init__(self, text: str, quoted: Spans, speakers: SpeakerTable) -> None:
        self.text = text
        for mark in set() if text.isascii() else _OTHER_APOSTROPHES:
            self.text = self.text.replace(mark, "'")
        self.masked = wordclasses.mask(self.text.replace(QUOTED, " "), quoted)
        self.register = people.Register(self.masked, speakers)
        self.names = self.register.word_names()
        self.speakers = speakers
        self.found: list[Statement] = []
        self.spans: Spans = []  # the sentences
        self.at = 0  # the one that is read now
        self.group = _NOBODY  # the organisation or collective that spoke last
        self.last: Statement | None = None  # the last quotation somebody is credited with
        self.waiting: list[int] = []  # quotations a paragraph leaves open, and nobody's so far
        self.pending: Statement | None = None  # introduced by a colon at a paragraph's end

    def read(self, spans: Spans) -> list[Statement]:
        """The statements of a text, given its sentences."""
        self.spans = list(chain.from_iterable(self._pieces(*span) for span in spans))
        self.found = self._turns()
        edges = [edge for turn in self.found for edge in (turn.start, turn.end)]
        for at, (start, end) in enumerate(self.spans):
            self.at = at
            of = outline(self.masked[start:end])
            if of.may_speak and bisect_right(edges, end - 1) % 2 == 0:  # in no turn
                self._sentence(self._clauses(start, end, of))
        return sorted(self.found)

    def _turns(self) -> list[Statement]:
        """The turns of an interview or a transcript, which are what somebody says.

        An interview has questions, which the outlet asks, and answers: "Q: …", "A: …". A
        transcript names who speaks in capitals, three times at least: "RENN: …".
        """
        lines = list(_TURN.finditer(self.text))
        labels = [m["who"].strip().lower() for m in lines]
        question, answer = listed("question"), listed("answer")
        is_interview = not (question.isdisjoint(labels) or answer.isdisjoint(labels))
        capitals = [m["who"].split(",")[0] for m in lines if m["who"].isupper() and m["who"][1:]]
        surnames = [name.rpartition(" ")[2] for name in capitals]
        is_transcript = len(surnames) > 2 and len(set(surnames)) < len(surnames)
        persons = self.register.people()
        turns: list[Statement] = []
        full: dict[str, str] = {}
        for turn, label in zip(lines, labels, strict=True):
            spoken = turn["who"].split(",")[0]
            if is_interview and label in answer:
                name = persons[0] if len(persons) == 1 else ""
            elif is_transcript and spoken in capitals and label not in question:
                words = [w.title() if len(w) > 2 else w for w in spoken.split()]
                words = names.strip_titles(words)
                name = self.register.full_name(words) if words else ""
                name = full.setdefault(name.rpartition(" ")[2], name)
            else:
                continue
            who = self.speakers.find(name) or Speaker(name, "", "")
            what, where = turn.span("what"), turn.span("who")
            turns.append(Statement(*what, *who, ":", "direct", "transcript", *where, ""))
        return turns

    def _pieces(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """A sentence, cut where it is longer than any: no rule may take long over one."""
        if end - start <= _LONGEST:
            return ((start, end),)
        return (piece.span() for piece in _PIECE.finditer(self.masked, start, end))

    def _clauses(self, start: int, end: int, of: Outline | None = None) -> Clauses:
        of = of or outline(self.masked[start:end])
        return Clauses(self.text, self.masked, start, end, of, self.names)

    def _sentence(self, sentence: Clauses) -> None:
        start, end = sentence.start, sentence.end
        found = rules.find_in_sentence(sentence)
        if not found and self._is_headed_by_person(sentence):
            found = rules.by_pattern(sentence, "name-colon")
        for one in found:
            self._record(sentence, one)
        if found:
            return
        following = self.spans[self.at + 1 : self.at + 2]
        is_mostly_quoted = self.masked.count(QUOTED, start, end) * 2 > end - start
        is_before = bool(following) and self.masked[following[0][0]] == QUOTED
        if sentence.classes and is_mostly_quoted and self.masked[start] == QUOTED:
            self._quotation_alone(start, end)
        elif is_before and (coming := rules.introduces(sentence)):
            self.last = self.pending = self._unsaid(sentence, coming)

    def _is_headed_by_person(self, sentence: Clauses) -> bool:
        """Whether a paragraph of one sentence begins with a known person and a colon."""
        colon = sentence.classes.find(":")
        start, end = sentence.start, sentence.end
        around = self.text[start - 1 : start] + self.text[end : end + 1]
        if around.strip("\n") or not 0 < colon < 5:
            return False
        name = names.strip_titles(sentence.words[:colon])
        is_known = bool(name) and self.register.knows(name[-1])
        return is_known or self.speakers.find(" ".join(name)) is not None

    def _unsaid(self, sentence: Clauses, one: rules.Found) -> Statement:
        """A statement by its source and its cue, as long as nothing is said."""
        speaker, at, to = _NOBODY, -1, -1
        if subject := one.subject:
            at, to = sentence.span(subject.start, subject.end)
            if subject.mention >= 0:
                at, to = sentence.span(subject.mention, subject.mention + 1)
            speaker = self._resolve(sentence, subject, one.rule == "clause-speaker-cue")
        cue = self.text[slice(*sentence.span(*one.cue))]
        verb = (one.verb.lemma, one.verb.group) if one.verb else ("", "")
        return Statement(at, to, *speaker, cue, "direct", one.rule, at, to, one.modality, *verb)

    def _record(self, sentence: Clauses, one: rules.Found) -> None:
        unsaid = self._unsaid(sentence, one)
        statement = _joined([self._said(unsaid, a, b) for a, b in one.contents])
        if self.waiting:
            self._give_waiting(statement)
        self.found.append(statement)
        is_first = self.last is None or self.last.start < sentence.span(0, 1)[0]
        if statement.kind != "indirect" or is_first:
            self.last = statement

    def _said(self, unsaid: Statement, start: int, end: int) -> Statement:
        """What is said, and whether it is in quotation marks."""
        inside, kind = self.masked[start:end], "indirect"
        if QUOTED in inside:
            rest = inside.replace(QUOTED, "").strip(" ,.;:!?\n\t-–—")
            kind = "mixed" if any(map(str.isalnum, rest)) else "direct"
        return unsaid._replace(start=start, end=end, kind=kind, parts=())

    def _quotation_alone(self, start: int, end: int) -> None:
        """A sentence that is a quotation: whoever spoke last goes on, or nobody is credited."""
        before = self.last if self.last and self._goes_on(self.last, start) else None
        if signed := _SIGNATURE.match(self.masked, end):
            name, where = self._clauses(*signed.span(1)), signed.span(1)
            who = self._resolve(name, Subject(0, len(name.words)))
            before = Statement(start, end, *who, "", "direct", "quote-name", *where, "")
        nobody = Statement(start, end, *_NOBODY, "", "direct", "unattributed", -1, -1, "")
        statement = self._continued(before, start, end) if before else nobody
        is_open = self._is_left_open(end)
        is_short = self.text[start:end].count(" ") < _SENTENCE_WORDS - 1
        if not statement or (is_short and not before and not is_open):
            return
        is_split = before and before.rule.startswith(("quote-", "continued-sentence"))
        is_near = before and self.spans[self.at - 1][0] <= before.start  # "Q," Name said. "Q"
        if is_split and is_near and self.found and self.found[-1] is before:
            statement = _joined((self.found.pop(), statement))
        if is_open and not (before and self._is_left_open(before.end)):
            self.waiting.append(len(self.found))
        self.found.append(statement)
        if before:
            self.last = statement

    def _continued(self, before: Statement, start: int, end: int) -> Statement | None:
        if before.start == start:
            return before
        between = self.text[before.end : start]
        in_next, is_pending = "\n" in between, before is self.pending
        is_short = self.text[start:end].count(" ") < _SENTENCE_WORDS - 1
        is_heading = is_short and before is not self.pending and not self._is_left_open(before.end)
        ends = self.text[start:end].rstrip(MARKS)[-1:] in tuple(".,!?…:;—-")
        if in_next and (is_heading or not ends):
            return None  # a heading in quotation marks
        has_colon = is_pending and between.rstrip().endswith(":")
        if is_pending and in_next and not has_colon:
            return None
        rule = "continued-paragraph" if in_next else "continued-sentence"
        if is_pending:
            rule = "colon-paragraph" if has_colon else "cue-then-quotation"
        return self._said(before, start, end)._replace(rule=rule)

    def _is_left_open(self, end: int) -> bool:
        """Whether a paragraph ends here inside a quotation, which the next one takes up."""
        is_last = self.text[end : end + 1] in ("", "\n")
        return is_last and self.masked[end - 1] == QUOTED and self.text[end - 1] not in MARKS

    def _goes_on(self, before: Statement, start: int) -> bool:
        """Whether whoever spoke last still has the word: nobody else was spoken of since."""
        is_same_paragraph = "\n" not in self.text[before.end : start]
        surname = before.speaker.rpartition(" ")[2] or "?"
        for at, end in reversed(self.spans[max(0, self.at - _SENTENCES_BACK + 1) : self.at]):
            if at < before.end:
                break
            is_pronoun = self._first_word(at) in listed("masculine") | listed("feminine")
            if is_pronoun or self.masked.startswith(surname, at):
                continue
            mentioned = self.register.mentions(at, end)[:1] if is_same_paragraph else []
            is_other = any(m.place == "subject" and m.name != before.speaker for m in mentioned)
            if is_other or not is_same_paragraph:
                return False
        return True

    def _first_word(self, at: int) -> str:
        return self.masked[at : at + 12].split(" ")[0].lower()

    def _give_waiting(self, said: Statement) -> None:
        """Paragraphs of one quotation whose speaker is named in the last of them."""
        before = self.found[self.waiting[-1]]
        for i in () if self.text[before.end : said.start].strip() else self.waiting:
            start, end = self.found[i][:2]
            whole = said._replace(start=start, end=end, kind="direct", parts=())
            self.found[i] = whole._replace(rule="continued-paragraph")
        self.waiting = []

    def _resolve(self, sentence: Clauses, subject: Subject, is_behind: bool = False) -> Speaker:
        """Who the words of a source name; `is_behind` where what they say stands in front."""
        if subject.kind == "pronoun":
            return self._pronoun(*sentence.span(subject.end - 1, subject.end), is_behind)
        first, last = subject[:2]
        words, classes = sentence.words[first:last], sentence.classes[first:last]
        start, end = sentence.span(first, last)
        phrase = told_by = self.text[start:end]
        if classes.endswith("O"):  # "Name's claim"
            phrase = told_by = names.without_possessive(phrase)
            words[-1], classes = names.without_possessive(words[-1]), f"{classes[:-1]}N"
        role = role_of(phrase)
        person = people.person_in(words, classes) or [w for w in words[-1:] if w in self.names]
        person = person or self._named_behind(sentence, phrase, last, role)
        if names.is_media(names.tidy(phrase), len(person) > 1):
            role = names.MEDIA
        if not role:
            told_by = people.apposition(self.text, end)
            role = role_of(told_by)
        gender = names.gender_in(" ".join(words[:-1]) if words[-1] in self.names else phrase)
        name = self.register.full_name(person, gender) if person else names.tidy(phrase)
        known = self._listed(name, phrase, person)
        self.register.note_gender(known.name if known else name, gender)
        is_one = self._is_one_person(known or Speaker(name, "", role), person, known is not None)
        earlier = self.register.spoke.get(name, _NOBODY)
        side = self._side(phrase, told_by, role, bool(person) and is_one) or earlier.side
        speaker = known or Speaker(name, side, role or earlier.role)
        if not is_one:
            self.group = speaker
            return speaker
        return self.register.speaks(speaker)

    def _listed(self, name: str, phrase: str, person: list[str]) -> Speaker | None:
        known = self.speakers.find(name)
        if known is None and person and not self.register.knows(person[-1]):
            known = self.speakers.find(names.tidy(phrase)) or self.speakers.find(" ".join(person))
        return known

    def _side(self, phrase: str, told_by: str, role: str, is_person: bool) -> str:
        """The side that the words of a source tell, where they are an office or a collective."""
        if role not in OFFICIAL and (role or is_person):
            return ""
        told = (phrase, told_by) if role else (phrase,)
        return next(filter(None, map(self.speakers.side_of_collective, told)), "")

    def _named_behind(self, sentence: Clauses, phrase: str, last: int, role: str) -> list[str]:
        """For "the director, Name Name,": the words of the name."""
        if people.is_several(phrase):
            return []
        named = sentence.match("named_behind", last)
        name = names.strip_titles(sentence.words[slice(*named.span(1))]) if named else []
        return name if role in _HUMAN or self.register.knows(" ".join(name)) else []

    def _is_one_person(self, speaker: Speaker, person: list[str], is_listed: bool) -> bool:
        """Whether "he" or "she" may mean a speaker: not an organisation, nor several."""
        if not person:
            return speaker.role in _HUMAN and not people.is_several(speaker.name)
        if speaker.role == "organisation" or people.is_acronym(person[-1]):
            return False
        if len(person) > 1 or is_listed:
            return True
        is_known = self.register.knows(person[-1]) or self.register.gender(speaker.name) != ""
        return is_known and person[0].casefold() not in self.speakers.origins

    def _pronoun(self, start: int, end: int, is_behind: bool) -> Speaker:
        word = self.text[start:end].lower().split("'")[0]
        for gender, kind in (("m", "masculine"), ("f", "feminine")):
            if word in listed(kind):
                return self._antecedent(gender, start, end, is_behind)
        if word not in listed("group"):
            return _NOBODY
        near = self.spans[max(self.at - 2, 0)][0]
        if self.found and self.found[-1].end > near and self.found[-1].speaker == self.group.name:
            return self.group
        return self._group_before(word)

    def _group_before(self, word: str) -> Speaker:
        """The subject of the sentence before, where "they" or "it" may mean it."""
        at, end = self.spans[max(self.at - 1, 0)]
        if self.at == 0 or "\n" in self.text[end : self.spans[self.at][0]]:
            return _NOBODY
        sentence = self._clauses(at, end)
        subject = first_subject(sentence, len(sentence.classes))
        if subject is None or subject.kind == "pronoun":
            return _NOBODY
        words = sentence.words[subject.start : subject.end]
        joined = "&" in sentence.classes[subject.start : subject.end]  # "Vell and Renn"
        several = people.is_several(" ".join(words)) and not self.register.knows(words[-1])
        fits = (several or joined) and word in listed("several")
        fits = fits or (not several and names.is_organisation(words))
        return self._resolve(sentence, subject) if fits else _NOBODY

    def _antecedent(self, gender: str, start: int, end: int, is_behind: bool) -> Speaker:
        """Whom "he" or "she" means: looked for backwards, sentence by sentence.

        In each, whoever speaks comes first, then the subject, then the only other person there.
        Two equally near: nobody. Never one who is named behind the pronoun in its own clause, in
        what it says in front of it, or in an opening participle ("Asked about Vell, he").
        """
        opening, closing = self.spans[self.at]
        is_subordinate = start > opening and "," not in self.masked[opening:start]
        behind = "" if is_subordinate else self.masked[end:closing]
        first = self.masked[opening : opening + 30].split(" ")[0]
        skips = is_behind or first.lower().endswith(
            wordclasses.endings("participle") + wordclasses.endings("past")
        )
        to, paragraphs = start, 0
        latest = islice(reversed(self.found), _STATEMENTS_BACK)
        spoken = [said for said in latest if said.speaker in self.register.spoke]
        for i in range(self.at - bool(skips), max(-1, self.at - _SENTENCES_BACK), -1):
            at, stop = self.spans[i]
            paragraphs += "\n" in self.text[stop:to]
            if paragraphs > _PARAGRAPHS_BACK:
                break
            name = self._spoken_of(spoken, (at, min(stop, start)), gender, behind)
            is_said = bool(self.found) and self.found[-1].end > at
            may_tell = not is_said and i != self.at
            is_next = i == self.at - 1 and not paragraphs and name is None
            described = self._described(at, stop, is_next) if may_tell else None
            if described and self._may_be(described.name, gender, behind):
                return described
            if name is not None:
                return self._known(name, gender)
            to = at
        for name in islice(reversed(self.register.spoke), _SENTENCES_BACK):
            is_person = self.register.gender(name) or self.register.knows(name)
            if is_person and self._may_be(name, gender, behind):
                return self._known(name, gender)  # far back nobody without a name: "an official"
        return _NOBODY

    def _described(self, start: int, end: int, or_object: bool) -> Speaker | None:
        """The one person whom a sentence tells without a name: "the Oruan leader".

        It is the subject, or an object where nobody else may be meant.
        """
        sentence = self._clauses(start, end)
        subject = first_subject(sentence, len(sentence.classes))
        if subject and subject.kind != "pronoun" and subject.start < 3:
            # not "Secretary of State Vell"
            is_whole = sentence.letter(subject.end) in tuple("lxVza")
            if is_whole and self._is_described(sentence, subject):
                return self._resolve(sentence, subject)
        is_told = or_object and subject and subject.kind != "pronoun"
        offices = sentence.all("office_object") if is_told else ()
        told = [one for at in offices if self._is_described(sentence, one := Subject(*at.span(1)))]
        return self._resolve(sentence, told[0]) if len(told) == 1 else None

    def _is_described(self, sentence: Clauses, one: Subject) -> bool:
        phrase, classes = sentence.phrase(*one[:2]), sentence.classes[slice(*one[:2])]
        is_named = people.person_in(sentence.words[slice(*one[:2])], classes)
        return role_of(phrase) in _HUMAN and not people.is_several(phrase) and not is_named

    def _known(self, name: str, gender: str) -> Speaker:
        if not name:
            return _NOBODY
        self.register.note_gender(name, gender)
        found = self.register.spoke.get(name) or self.speakers.find(name)
        return self.register.speaks(found or Speaker(name, "", ""))

    def _may_be(self, name: str, gender: str, behind: str) -> bool:
        is_behind = behind != "" and f" {name.rpartition(' ')[2]}" in behind
        return not is_behind and self.register.fits(name, gender)

    def _spoken_of(
        self, spoken: Sequence[Statement], span: tuple[int, int], gender: str, behind: str
    ) -> str | None:
        """The person of a gender a sentence is about; '' for two alike, None for nobody."""
        start, end = span
        for said in takewhile(lambda said: said.end > start, spoken):
            if said.speaker_start < end and self._may_be(said.speaker, gender, behind):
                return said.speaker
        if self._first_word(start) in listed("masculine" if gender == "m" else "feminine"):
            return None
        fitting = [
            one
            for one in self.register.mentions(start, end)
            if one.place != "addressee" and self._may_be(one.name, gender, behind)
        ]
        if len({one.name for one in fitting}) > 1:
            return fitting[0].name if fitting[0].place == "subject" else ""
        return fitting[0].name if fitting else None


def _joined(said: Sequence[Statement]) -> Statement:
    """What is said before and behind one cue, as one statement."""
    first, kinds = said[0], {one.kind for one in said}
    if len(said) == 1:
        return first
    spans = sorted(span for one in said for span in one.spans)
    kind = kinds.pop() if len(kinds) == 1 else "mixed"
    return first._replace(start=spans[0][0], end=spans[-1][1], kind=kind, parts=tuple(spans))


_NOBODY = Speaker("", "", "")
_OTHER_APOSTROPHES = set(APOSTROPHES) - set("'‘`")
_TURN = re.compile(  # "Q: …", "Answer: …", "IDA RENN, MAYOR: …"; ""RENN: …", whose paragraphs go on
    r"^(?P<mark>[\"“])?(?P<who>[A-Z][a-z]{5,7}|[^\W\da-z_](?:[^\W\da-z_]|[.,' -]){0,40}):[ \t]+"
    r"(?P<what>\S.*(?(mark)(?:\n+[\"“](?![(]|[^\W\da-z_]{2,}[^\Wa-z]*:).*)*))",
    re.M,
)
_LONGEST = 3000  # code points outside quotation marks: no sentence is longer
_PIECE = re.compile(  # a space behind it, where there is one
    rf"(?:{QUOTED}+|[^{QUOTED}]){{1,{_LONGEST}}}(?:\s|$)|(?:{QUOTED}+|[^{QUOTED}]){{1,{_LONGEST}}}"
)
_SIGNATURE = re.compile(  # "- Ida Renn, baker" behind a quotation
    r"\s*[-–—―]{1,2}[ \xa0]?((?:[^\W\d_a-zß-ÿ][\w.'’-]*(?:[ \xa0]|(?=[,.(\n]|$))){1,5})"
    r"(?=[,.(\n]|$)"
)
_SENTENCES_BACK = 50  # how far anybody is looked for
_STATEMENTS_BACK = 200
_SENTENCE_WORDS = 5  # a quotation on its own that is shorter may be a heading or a title
_PARAGRAPHS_BACK = 2  # how far a pronoun may point to somebody who has not spoken
_HUMAN = OFFICIAL | {"expert", "public"}


def find_statements(text: str, speakers: SpeakerTable | None = None) -> pd.DataFrame:
    """Who says what in a text.

    Parameters
    ----------
    text
        Any text. A line break ends a sentence.
    speakers
        Names, sides and roles that are known (`analysis.measure.speech.names.read_speakers`); the
        project's table by default.

    Returns
    -------
    DataFrame, one row a statement, by start:

    =============  ==========================================================================
    start, end     what is said, in code points of the text: ``text[start:end]``
    text           that text; where its cue stands inside it, what stands before and behind that
    speaker        one name per person; '' where nobody is credited
    side, role     from the speaker table, or from words like "spokesman"; '' unknown
    cue            the words that introduce it, as written ("has warned", "according to")
    kind           direct (all in quotation marks, or a turn of a transcript), indirect, or mixed
    rule           the name of the rule that found it
    speaker_start, speaker_end  the source as mentioned here ("He"), in code points; -1: none
    modality       '' said, 'negated' (did not say), 'hypothetical' (would say, if they say)
    parts          (start, end) of what stands before and behind a cue inside it; else the whole
    lemma, group   of the cue, as ``attribution_verbs.toml`` lists it; '' where it is none of them
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
    frame["parts"] = [r.spans for r in rows]
    frame.insert(2, "text", [" … ".join(text[a:b] for a, b in r.spans) for r in rows])
    tokens, edges = find_tokens(text).starts, list(chain.from_iterable(quoted))
    marked = [at for at in tokens if bisect_right(edges, at) % 2]
    for column, at in (("words", tokens), ("marked_words", marked)):
        inside = [[bisect_left(at, b) - bisect_left(at, a) for a, b in r.spans] for r in rows]
        frame[column] = list(map(sum, inside))
    return frame


def explain(text: str, speakers: SpeakerTable | None = None) -> str:
    """How a text is read, for whoever mends a rule: each word's class, then what was found.

    >>> print(explain("Mara Ilves said it was late."))
    Mara/NAME Ilves/NAME said/SAID it/PRON was/AUX late/WORD
      speaker-cue-clause | Mara Ilves | said | it was late
    """
    quoted = quoted_spans(text)
    masked = wordclasses.mask(text.replace(QUOTED, " "), quoted)
    found = statements(text, quoted, speakers=speakers)
    lines: list[str] = []
    for start, end in sentences(text, quoted):
        sentence = Clauses(text, masked, start, end, outline(masked[start:end]), frozenset())
        written = (text[slice(*sentence.span(i, i + 1))] for i in range(len(sentence.words)))
        named = zip(written, wordclasses.class_names(sentence.classes), strict=True)
        lines.append(" ".join(f"{word}/{name}" if word != name else word for word, name in named))
        for one in found:
            if start <= one.start < end:
                about = (one.rule, one.speaker or "nobody", one.cue, text[one.start : one.end])
                lines.append("  " + " | ".join(about))
    return "\n".join(lines)
