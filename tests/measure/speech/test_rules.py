"""Constructions of reported speech, each in an invented text."""

import inspect
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measure.sentences import quoted_spans
from analysis.measure.speech import rules, wordclasses
from analysis.measure.speech import statements as module
from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import Statement, statements

NOBODY = SpeakerTable()

# text, then (what is said, speaker, kind) in text order
CASES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "quote, name cue": (
        '"The dam will hold," Mara Ilves said.',
        [('"The dam will hold,"', "Mara Ilves", "direct")],
    ),
    "quote, cue name": (
        '"The dam will hold," said Mara Ilves.',
        [('"The dam will hold,"', "Mara Ilves", "direct")],
    ),
    "quote closed before the comma": (
        '"The dam will hold", said Mara Ilves.',
        [('"The dam will hold"', "Mara Ilves", "direct")],
    ),
    "question before the cue": (
        '"Will the dam hold?" asked Mara Ilves.',
        [('"Will the dam hold?"', "Mara Ilves", "direct")],
    ),
    "name cue, quote": (
        'Mara Ilves said, "The dam will hold."',
        [('"The dam will hold."', "Mara Ilves", "direct")],
    ),
    "name cue colon quote": (
        'Mara Ilves said: "The dam will hold."',
        [('"The dam will hold."', "Mara Ilves", "direct")],
    ),
    "unlike quotation marks": (
        '"The dam will hold,” said Mara Ilves.',
        [('"The dam will hold,”', "Mara Ilves", "direct")],
    ),
    "typewriter marks of two apostrophes": (
        "''The dam will hold,'' said Mara Ilves.",
        [("''The dam will hold,''", "Mara Ilves", "direct")],
    ),
    "quote parted by its cue": (
        '"The dam," Mara Ilves said, "will hold for years."',
        [
            ('"The dam," … "will hold for years."', "Mara Ilves", "direct"),
        ],
    ),
    "quote goes on in the next sentence": (
        '"The dam will hold," Mara Ilves said. "Nobody has to leave."',
        [
            ('"The dam will hold," … "Nobody has to leave."', "Mara Ilves", "direct"),
        ],
    ),
    "quote goes on behind an apposition": (
        '"The dam will hold," said Mara Ilves, an engineer in Tolva. "Nobody has to leave."',
        [
            ('"The dam will hold," … "Nobody has to leave."', "Mara Ilves", "direct"),
        ],
    ),
    "paragraphs of one quotation": (
        '"The dam will hold," said Mara Ilves. "Nobody has to leave.\n\n'
        '"The road stays open until noon."\n\nRain is expected.',
        [
            ('"The dam will hold," … "Nobody has to leave.', "Mara Ilves", "direct"),
            ('"The road stays open until noon."', "Mara Ilves", "direct"),
        ],
    ),
    "colon at the end of a paragraph": (
        'Mara Ilves issued a short statement:\n\n"The dam will hold, as it always has."',
        [('"The dam will hold, as it always has."', "Mara Ilves", "direct")],
    ),
    "verb that is not listed": (
        '"The dam will hold," the engineer beamed.',
        [('"The dam will hold,"', "engineer", "direct")],
    ),
    "colon without a listed verb": (
        'Mara Ilves shook her head: "The dam will hold."',
        [('"The dam will hold."', "Mara Ilves", "direct")],
    ),
    "bare clause": (
        "Mara Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "clause with that": (
        "Mara Ilves said that the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "place and day before that": (
        "Mara Ilves said at a meeting in Tolva on Monday that the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "day before the cue": (
        "Mara Ilves on Monday said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "parenthesis behind the name": (
        "Mara Ilves (pictured l.) said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "apposition behind the name": (
        "Mara Ilves, an engineer from Tolva, said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "inserted phrase": (
        "Mara Ilves, for her part, said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "apposition between dashes": (
        "Mara Ilves - who built two bridges - said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "relative clause": (
        "The crew met Mara Ilves, who said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "auxiliary and adverb": (
        "Mara Ilves has repeatedly warned that the dam could burst.",
        [("the dam could burst", "Mara Ilves", "indirect")],
    ),
    "addressee without that": (
        "Mara Ilves told reporters the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "addressee with a name is never the speaker": (
        "Mara Ilves told Governor Pavo Renn that the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "opening participle": (
        "Speaking of the flood, Mara Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "opening phrase": (
        "In Tolva, Mara Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "clause in front": (
        "The dam in the north would hold, Mara Ilves said.",
        [("The dam in the north would hold", "Mara Ilves", "indirect")],
    ),
    "headline": (
        "Dam in the north will hold, says Ilves",
        [("Dam in the north will hold", "Ilves", "indirect")],
    ),
    "clause in front, verb first, particle": (
        "The dam in the north would hold, pointed out Tolva College lecturer Mara Ilves.",
        [("The dam in the north would hold", "Mara Ilves", "indirect")],
    ),
    "inserted comment": (
        "The dam in the north, Mara Ilves said, was built to hold for a century.",
        [
            ("The dam in the north … was built to hold for a century", "Mara Ilves", "indirect"),
        ],
    ),
    "as somebody said": (
        "As Mara Ilves noted, the dam was built to hold.",
        [("the dam was built to hold", "Mara Ilves", "indirect")],
    ),
    "according to, behind": (
        "The dam will hold until spring, according to Mara Ilves.",
        [("The dam will hold until spring", "Mara Ilves", "indirect")],
    ),
    "according to, in front": (
        "According to Mara Ilves, the dam will hold until spring.",
        [("the dam will hold until spring", "Mara Ilves", "indirect")],
    ),
    "participle shares the subject": (
        "Mara Ilves inspected the wall twice, adding that the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "quote, then a participle": (
        '"The dam will hold," Mara Ilves said, adding that the road was "quite safe."',
        [
            ('"The dam will hold,"', "Mara Ilves", "direct"),
            ('the road was "quite safe."', "Mara Ilves", "mixed"),
        ],
    ),
    "while claiming": (
        "Mara Ilves said the dam would hold, while asserting that the road was closed.",
        [
            ("the dam would hold", "Mara Ilves", "indirect"),
            ("the road was closed", "Mara Ilves", "indirect"),
        ],
    ),
    "coordinated verb": (
        "Mara Ilves has refused to leave the village and claims the dam is safe.",
        [("the dam is safe", "Mara Ilves", "indirect")],
    ),
    "two speakers in one sentence": (
        "Tolvan engineers say the dam is safe, but Renish officials say it has to go.",
        [
            ("the dam is safe", "Tolvan engineers", "indirect"),
            ("it has to go", "Renish officials", "indirect"),
        ],
    ),
    "opening clause ends at its comma": (
        "While Mara Ilves said the dam would hold, the village packed its bags.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "aside in the outlet's voice": (
        "Mara Ilves said the dam would hold, pointing to a chart of the lake.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "marked words in a clause": (
        'Mara Ilves said the dam was "as firm as rock" this week.',
        [('the dam was "as firm as rock" this week', "Mara Ilves", "mixed")],
    ),
    "clause in front with marked words": (
        'The dam was "as firm as a rock," Mara Ilves said.',
        [('The dam was "as firm as a rock,"', "Mara Ilves", "mixed")],
    ),
    "a quotation before a comma ends the clause": (
        'Mara Ilves said the dam was "firm," pointing to a chart.',
        [('the dam was "firm,"', "Mara Ilves", "mixed")],
    ),
    "label": (
        'Mara Ilves called the plan "a gamble with lives" on Monday.',
        [('the plan "a gamble with lives"', "Mara Ilves", "mixed")],
    ),
    "rejected accusation": (
        "Mara Ilves rejected accusations that the dam was unsafe.",
        [("accusations that the dam was unsafe", "Mara Ilves", "indirect")],
    ),
    "promise": (
        "Mara Ilves vowed to repair the dam.",
        [("to repair the dam", "Mara Ilves", "indirect")],
    ),
    "question in indirect speech": (
        "Mara Ilves asked whether the dam would hold.",
        [("whether the dam would hold", "Mara Ilves", "indirect")],
    ),
    "nested speech stays in the outer quotation": (
        "\"The mayor told me, 'It will burst,' and I left,\" said Mara Ilves.",
        [("\"The mayor told me, 'It will burst,' and I left,\"", "Mara Ilves", "direct")],
    ),
    "nested saying in a clause belongs to the outer speaker": (
        "Mara Ilves said that the mayor said the dam would burst.",
        [("the mayor said the dam would burst", "Mara Ilves", "indirect")],
    ),
    "surname takes the full name": (
        "Mara Ilves arrived early. Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "title and surname take the full name": (
        "Mara Ilves arrived early. Minister Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "titles are not part of the name": (
        "Renish Deputy Prime Minister Pavo Renn said the dam would hold.",
        [("the dam would hold", "Pavo Renn", "indirect")],
    ),
    "courtesy titles choose between two of one surname": (
        "Anna Renn and Peter Renn met. Mr. Renn said the dam would hold.",
        [("the dam would hold", "Peter Renn", "indirect")],
    ),
    "pronoun takes the last speaker": (
        "Mara Ilves said the dam would hold. She said the road was closed.",
        [
            ("the dam would hold", "Mara Ilves", "indirect"),
            ("the road was closed", "Mara Ilves", "indirect"),
        ],
    ),
    "pronoun takes the subject of the sentence before": (
        "Peter Renn said the road was closed. Anna Ilves left the meeting. She said it was late.",
        [
            ("the road was closed", "Peter Renn", "indirect"),
            ("it was late", "Anna Ilves", "indirect"),
        ],
    ),
    "she is not a man": (
        "Anna Ilves said it was late. Peter Renn left the meeting. She said she was tired.",
        [
            ("it was late", "Anna Ilves", "indirect"),
            ("she was tired", "Anna Ilves", "indirect"),
        ],
    ),
    "pronoun is never the addressee": (
        'Peter Renn rejected the report. He told Secretary Carl Oss that it was "a farce."',
        [
            ("the report", "Peter Renn", "indirect"),
            ('it was "a farce."', "Peter Renn", "mixed"),
        ],
    ),
    "pronoun with nobody before it stays open": (
        "She said the dam would hold.",
        [("the dam would hold", "", "indirect")],
    ),
    "organisation": (
        "The Tolva Water Board said the dam would hold.",
        [("the dam would hold", "Tolva Water Board", "indirect")],
    ),
    "spokesperson of an organisation": (
        "A spokesman for the Water Board said the dam would hold.",
        [("the dam would hold", "spokesman for the Water Board", "indirect")],
    ),
    "possessive": (
        "Renn's spokeswoman said the dam would hold.",
        [("the dam would hold", "Renn's spokeswoman", "indirect")],
    ),
    "collective stays as written": (
        "Tolvan and Renish leaders say the vote is unlawful.",
        [("the vote is unlawful", "Tolvan and Renish leaders", "indirect")],
    ),
    "document": (
        "The report said the dam would hold.",
        [("the dam would hold", "report", "indirect")],
    ),
    "abbreviation inside": (
        "Mara Ilves said U.S. engineers would inspect the dam.",
        [("U.S. engineers would inspect the dam", "Mara Ilves", "indirect")],
    ),
    "programme named behind an addressee is not speech": (
        '"The dam will hold," Mara Ilves told "Tolva Tonight."',
        [('"The dam will hold,"', "Mara Ilves", "direct")],
    ),
    "lost space between sentences": (
        "Rain fell on the town.Mara Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
    "quotation closed by a full stop, then its speaker": (
        '"The dam will hold." Mara Ilves said.',
        [('"The dam will hold."', "Mara Ilves", "direct")],
    ),
    "sentence with a speaker, then a quotation": (
        'Mara Ilves agreed. "The dam will hold."',
        [('"The dam will hold."', "Mara Ilves", "direct")],
    ),
    "a document reads": (
        '"The dam will hold," the statement read.',
        [('"The dam will hold,"', "statement", "direct")],
    ),
    "quote goes on behind its subject": (
        '"It will hold," Mara Ilves said of the dam, "and the road is safe."',
        [
            ('"It will hold," … "and the road is safe."', "Mara Ilves", "direct"),
        ],
    ),
    "headline with a name and a colon": (
        "Ilves: The dam in the north will hold\n\nMara Ilves spoke in Tolva.",
        [("The dam in the north will hold", "Mara Ilves", "indirect")],
    ),
    "a sentence about the speaker in between": (
        '"It will hold," said Anna Ilves. She has built two dams. "The road is safe."',
        [
            ('"It will hold,"', "Anna Ilves", "direct"),
            ('"The road is safe."', "Anna Ilves", "direct"),
        ],
    ),
    "nobody is credited with a quotation on its own": (
        'The hall fell silent.\n\n"The dam has never once failed us."\n\nRain fell.',
        [('"The dam has never once failed us."', "", "direct")],
    ),
    "dateline": (
        "TOLVA (AP) - Mara Ilves said the dam would hold.",
        [("the dam would hold", "Mara Ilves", "indirect")],
    ),
}


NOT_STATEMENTS = {
    "title of a work": 'Her novel "The Salt Road" sold ten copies.',
    "scare quotes": 'The so-called "peace train" arrived empty.',
    "wording of a ballot": 'The choices were "join the union" or "remain as before."',
    "heading in marks": "'No way back'",
    "noun spelled like a verb": "Two of the states that border the lake built dams.",
    "adjective, then a noun spelled like a verb": "Multiple reports that it burst were false.",
    "report as a noun": "The report on the dam is due in May.",
    "claims as a noun": "False claims that the dam had burst were spread.",
    "pledged as an adjective": "She won a majority of pledged delegates.",
    "passive without a source": "He was told that the dam had burst.",
    "no content": "Mara Ilves spoke to reporters in Tolva.",
    "heading with a colon": "Tolva: a town by the lake and what it wants",
    "editor's note": "Editor's note: this page has been corrected.",
}


# text, then (what is said, speaker) in text order
FINER: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "there would be": (
        "Renn said there would be no vote.",
        [("there would be no vote", "Renn")],
    ),
    "there were, behind an addressee": (
        "Renn told reporters there were two dams.",
        [("there were two dams", "Renn")],
    ),
    "a second source behind": (
        "Pavo Renn told Mara Ilves that the vote was legal, the water board said.",
        [("the vote was legal", "Pavo Renn")],
    ),
    "according to behind a clause": (
        "Mara Ilves said the dam was safe, according to Pavo Renn.",
        [("the dam was safe", "Mara Ilves")],
    ),
    "according to beside a cue": (
        "The dam is safe, according to Pavo Renn, who said the road was closed.",
        [("The dam is safe", "Pavo Renn"), ("the road was closed", "Pavo Renn")],
    ),
    "comment with a day": (
        "The vote, Ilves said on Friday, would be illegal.",
        [("The vote … would be illegal", "Ilves")],
    ),
    "comment with an addressee": (
        "The vote, Ilves told reporters, would be illegal.",
        [("The vote … would be illegal", "Ilves")],
    ),
    "comment behind two words": (
        "The harbour, Ilves said, is closed.",
        [("The harbour … is closed", "Ilves")],
    ),
    "comment behind a day": (
        "On Monday, Ilves said, the harbour was closed.",
        [("the harbour was closed", "Ilves")],
    ),
    "opening participle without that": (
        "Saying the vote was illegal, Mara Ilves left the hall.",
        [("the vote was illegal", "Mara Ilves")],
    ),
    "document saying": (
        "A statement saying the vote was legal, sent at noon",
        [("the vote was legal, sent at noon", "statement")],
    ),
    "quoted as saying": (
        "The Tolva Post quoted Mara Ilves as saying that the dam was safe.",
        [("the dam was safe", "Mara Ilves")],
    ),
    "quoted as saying, behind": (
        "The dam is safe in the north, the Tolva Post quoted Mara Ilves as saying.",
        [("The dam is safe in the north", "Mara Ilves")],
    ),
    "was quoted as saying": (
        "Mara Ilves was quoted by the Tolva Post as saying the dam was safe.",
        [("the dam was safe", "Mara Ilves")],
    ),
    "was told by": (
        "He was told by Mara Ilves that the dam was safe.",
        [("the dam was safe", "Mara Ilves")],
    ),
    "described by": (
        'The plan was described by Mara Ilves as "a gamble with lives."',
        [('"a gamble with lives."', "Mara Ilves")],
    ),
    "two quotations round a cue": (
        '"The road is closed." Mara Ilves says, "The dam is safe."',
        [('"The dam is safe."', "Mara Ilves")],
    ),
    "what somebody called": (
        'What Mara Ilves called "a farce" ended at noon.',
        [('"a farce"', "Mara Ilves")],
    ),
    "title of a book in front": (
        'In her book "The Closed Harbour," Mara Ilves said the dam was safe.',
        [("the dam was safe", "Mara Ilves")],
    ),
    "rejected claims": (
        "Mara Ilves rejected claims that the dam was old.",
        [("claims that the dam was old", "Mara Ilves")],
    ),
    "relative clause between commas": (
        "Mara Ilves, who told the court that he was there, was freed.",
        [("he was there", "Mara Ilves")],
    ),
    "relative clause without commas": (
        "Those who say the dam is safe are wrong.",
        [("the dam is safe", "Those")],
    ),
    "dateline before a clause in front": (
        "ORU CITY (Agency) - The dam is safe in the north, Mara Ilves said.",
        [("The dam is safe in the north", "Mara Ilves")],
    ),
    "addressee with a number": (
        'Mara Ilves told Radio Tolva 4\'s programme: "The dam is safe."',
        [('"The dam is safe."', "Mara Ilves")],
    ),
    "a condition is said": (
        "Mara Ilves says if the dam breaks, the town will be flooded.",
        [("if the dam breaks, the town will be flooded", "Mara Ilves")],
    ),
    "label behind as": (
        'It is what Mara Ilves described as "a gamble."',
        [('"a gamble."', "Mara Ilves")],
    ),
    "as somebody put it": (
        "As Mara Ilves put it, the dam is dead.",
        [("the dam is dead", "Mara Ilves")],
    ),
    "as somebody put it, behind": (
        '"The dam is dead," as Mara Ilves put it.',
        [('"The dam is dead,"', "Mara Ilves")],
    ),
    "as somebody told a newspaper": (
        "As Mara Ilves told the Tolva Post, the dam is safe for now.",
        [("the dam is safe for now", "Mara Ilves")],
    ),
    "short headline": ("Harbour closed, says Ilves", [("Harbour closed", "Ilves")]),
    "warned of": (
        "Mara Ilves warned of a flood in the spring.",
        [("a flood in the spring", "Mara Ilves")],
    ),
    "called for": ("Mara Ilves has called for a new wall.", [("a new wall", "Mara Ilves")]),
    "list of quotations": (
        'Mara Ilves tweeted Monday that Renn is a "loser," a "liar" and a "whiner."',
        [('Renn is a "loser," a "liar" and a "whiner."', "Mara Ilves")],
    ),
    "subordinate clause in quotation marks first": (
        'Mara Ilves warned that while "the wall is new," the town "may need a dam."',
        [('while "the wall is new," the town "may need a dam."', "Mara Ilves")],
    ),
    "has said, contracted": ("Renn left. He's said the dam is safe.", [("the dam is safe", "")]),
    "survey": ("A survey found that the dam was old.", [("the dam was old", "survey")]),
    "a time before a comma is no subject": (
        "Hours later, Mara Ilves left the hall, saying that the dam was safe.",
        [("the dam was safe", "Mara Ilves")],
    ),
}


SILENT = {
    "group with a name": 'A group called "Dry Feet" wants the dam to go.',
    "quoted words behind a verb of going on": 'Protests continued "for days" in Tolva.',
    "book that is read": 'He read "The Salt Road" on the train.',
    "question put by nobody": 'Voters were asked: "Shall the dam stay as it is?"',
    "an act of office": "Mara Ilves rejected the bill.",
    "a need": "The crisis demanded a quick answer.",
    "appointment": "The senate confirmed Mara Ilves as minister.",
    "adjective": "He spoke about the alleged attack on the dam.",
}


def said(text: str, statement: Statement) -> str:
    return " … ".join(text[a:b] for a, b in statement.spans)


@pytest.mark.parametrize("name", CASES)
def test_construction(name: str) -> None:
    text, expected = CASES[name]
    found = statements(text, speakers=NOBODY)
    got = [(said(text, s), s.speaker, s.kind) for s in found]
    assert got == expected


@pytest.mark.parametrize("name", NOT_STATEMENTS)
def test_not_a_statement(name: str) -> None:
    assert statements(NOT_STATEMENTS[name], speakers=NOBODY) == []


def test_there_are_enough_constructions() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("name", FINER)
def test_finer_rule(name: str) -> None:
    text, expected = FINER[name]
    got = [(said(text, s), s.speaker) for s in statements(text, speakers=NOBODY)]
    assert got == expected


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_said(name: str) -> None:
    assert statements(SILENT[name], speakers=NOBODY) == []


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_an_unrelated_paragraph_behind_changes_nothing(seed: int) -> None:
    chosen = random.Random(seed).choice(sorted(CASES))
    text = CASES[chosen][0]
    alone = statements(text, speakers=NOBODY)
    longer = statements(text + "\n\nRain fell on the hills all day.", speakers=NOBODY)
    assert longer == alone


def test_spans_given_beforehand_change_nothing() -> None:
    for text, _ in CASES.values():
        assert statements(text, quoted_spans(text)) == statements(text)


# Every rule by its name: a text in which it alone finds who speaks.
RULES = {
    "quote-speaker-cue": '"It will hold," Mara Ilves said.',
    "quote-cue-speaker": '"It will hold," said Mara Ilves.',
    "quote-speaker-verb": '"It will hold," Mara Ilves beamed.',
    "quote-verb-speaker": '"It will hold," beamed Mara Ilves.',
    "speaker-cue-that": "Mara Ilves said that it would hold.",
    "speaker-cue-clause": "Mara Ilves said it would hold.",
    "speaker-cue-quote": 'Mara Ilves said, "It will hold."',
    "speaker-cue-colon": "Mara Ilves said: it will hold.",
    "speaker-cue-wh": "Mara Ilves asked whether it would hold.",
    "speaker-cue-to": "Mara Ilves promised to mend it.",
    "speaker-cue-label": 'Mara Ilves called it "a wreck".',
    "speaker-cue-object": "Mara Ilves rejected the accusation.",
    "speaker-cue-about": "Mara Ilves warned of a flood.",
    "passive-by-speaker": "The town was told by Mara Ilves that it would hold.",
    "quoted-as-saying": 'Mara Ilves was quoted as saying "it will hold."',
    "clause-speaker-cue": "The dam in the north will hold, Mara Ilves said.",
    "clause-cue-speaker": "The dam in the north will hold, says Mara Ilves.",
    "as-speaker-cue": "As Mara Ilves noted, the dam was built to hold.",
    "according-to": "According to Mara Ilves, the dam will hold until spring.",
    "participle": "Mara Ilves walked round it twice, adding that it would hold.",
    "coordinated": "Mara Ilves inspects the wall and claims that it will hold.",
    "infinitive": "Mara Ilves went home to say that it would hold.",
    "cue-then-quotation": 'Mara Ilves replied to the press. "It will hold until the spring."',
    "continued-sentence": 'Mara Ilves said it is firm. "Nobody has to leave the house."',
    "continued-paragraph": '"It will hold," Mara Ilves said. "Nobody leaves.\n\n"It is over."',
    "colon-paragraph": 'Mara Ilves issued a statement:\n\n"The dam will hold until spring."',
    "colon-quote": 'Mara Ilves shook her head: "It will hold."',
    "name-colon": "Ilves: The dam in the north will hold\n\nMara Ilves spoke in Tolva.",
    "cue-speaker-quote": 'Said Mara Ilves: "It will hold."',
    "noun-of-saying": "The town heard of it. Crews have refuted Ilves's claim that it would hold.",
    "asked": "It was late. Asked whether it would hold, Mara Ilves shrugged.",
    "it-was-said": "Mara Ilves left. It was widely reported that it would hold.",
    "transcript": "Mara Ilves met us.\n\nQ: Will it hold?\n\nA: It will.",
    "quote-name": '"It will hold until the spring comes."\n\n- Mara Ilves, keeper',
    "verb-quote": 'Mara Ilves laughed and waved, "It will hold this year."',
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_finds_who_speaks(rule: str) -> None:
    last = statements(RULES[rule], speakers=NOBODY)[-1]
    who = "" if rule in ("asked", "it-was-said") else "Ilves"
    assert (last.rule, last.speaker.rpartition(" ")[2]) == (rule, who)


def test_no_rule_is_without_a_text() -> None:
    source = inspect.getsource(rules) + inspect.getsource(module)
    named = set(re.findall(r'(?:rule=|rule == |else )"([a-z]+(?:-[a-z]+)*)"', source))
    named &= set(
        re.findall(r'"([a-z]+-[a-z]+(?:-[a-z]+)*|participle|coordinated|infinitive)"', source)
    )
    assert named | set(wordclasses.RULES) <= RULES.keys()
    assert len(named) > 12


def test_every_rule_is_described() -> None:
    described = rules.__doc__ or ""
    for rule in RULES:
        stem, _, ending = rule.rpartition("-")
        assert rule in described or (f"{stem}-…" in described and f"-{ending}" in described), rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ida Renn met our paper.\n\nQ: Is it safe?\n\nA: It is.\n\nQ: Why?\n\nA: We built it.",
            [("It is.", "Ida Renn"), ("We built it.", "Ida Renn")],
        ),
        (
            "IDA RENN, ENGINEER: It is safe.\n\nTOM VOSS: Is it?\n\nRENN: We built it.",
            [("It is safe.", "Ida Renn"), ("Is it?", "Tom Voss"), ("We built it.", "Ida Renn")],
        ),
        ("Oru: a town.\nTolva: a city.\nWEATHER: rain.\nSPORT: none.", []),
    ],
)
def test_interviews_and_transcripts(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(said(text, s), s.speaker) for s in statements(text, speakers=NOBODY)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The keeper, Ida Renn, has accused Tolva of fraud.", [("Tolva of fraud", "Ida Renn")]),
        ("Tolva was accused by Ida Renn of fraud.", [("fraud", "Ida Renn")]),
        ("Tom Voss, whom Ida Renn accused of fraud, rose.", [("fraud", "Ida Renn")]),
        ("The leak, which clerks blamed on the frost, grew.", [("the frost", "clerks")]),
        ("Ida Renn, who blamed Tom Voss, left the hall.", [("Tom Voss", "Ida Renn")]),
        ("The dam is old, Hull, Inc. said.", [("The dam is old", "Hull, Inc")]),
        ("The dam is old, engineers told me last week.", [("The dam is old", "engineers")]),
        ("Late last month, said Ida Renn, the dam leaked.", [("the dam leaked", "Ida Renn")]),
        ("It fell, with clerks saying it was old.", [("it was old", "clerks")]),
        ("Ida Renn explained to the head of Oru why it fell.", [("why it fell", "Ida Renn")]),
        ("Half of the clerks say it is old.", [("it is old", "Half of the clerks")]),
        ("Ida Renn said it was old, but she said almost nothing.", [("it was old", "Ida Renn")]),
        ("Ida Renn announced her candidacy for the board.", []),
        ("The plan adds jobs in Oru.", []),
        ("If you say it is old, it is.", []),
        ("Ida Renn said nothing about the dam.", []),
        ("Ida Renn told the Oru Post the dam was old.", [("the dam was old", "Ida Renn")]),
        ("Ida Renn said it was old, which pleased Tom Voss.", [("it was old", "Ida Renn")]),
        ("Ida Renn rejected the plan and left the hall.", [("the plan", "Ida Renn")]),
    ],
)
def test_who_accuses_what_ends_and_what_is_no_statement(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(said(text, s), s.speaker) for s in statements(text, speakers=NOBODY)] == expected


# Kinds of constructions: what is said, and who says it.
KINDS = [
    # times and adverbs in front of a cue are no speakers
    ("Senator Ida Renn (Oru) last week said it was old.", [("it was old", "Ida Renn")]),
    ("Ida Renn late on Tuesday said it was old.", [("it was old", "Ida Renn")]),
    ("Ida Renn outright said it was old.", [("it was old", "Ida Renn")]),
    ("Jolly said it was old.", [("it was old", "Jolly")]),
    ("Rival builders have long criticised Ida Renn.", [("Ida Renn", "Rival builders")]),
    # relative clauses: whoever they tell of speaks
    ("Even owners who favour the plan agree that it is old.", [("it is old", "owners")]),
    ("Though clerks who have met Tom Voss say it is old, few agree.", [("it is old", "clerks")]),
    ("Tom Voss, who blamed the frost, left early.", [("the frost", "Tom Voss")]),
    # sources that another one describes
    (
        "A source speaking to Oru News said, “It is old.”",
        [("“It is old.”", "source speaking to Oru News")],
    ),
    ("Sources close to Ida Renn say it is old.", [("it is old", "Sources close to Ida Renn")]),
    # participles and infinitives: whose they are
    ("Arriving in Oru, police began to search, believing it was old.", [("it was old", "police")]),
    (
        "Local authorities were late and urging people to leave.",
        [("people to leave", "Local authorities")],
    ),
    (
        "Ida Renn thanked the crew, calling them brave but insisting that it was old.",
        [("it was old", "Ida Renn")],
    ),
    ("The flood led Ida Renn to say that it was old.", [("it was old", "Ida Renn")]),
    ("It also leaves many to wonder whether it is old.", [("whether it is old", "many")]),
    ("Ida Renn went on to say that it was old.", [("it was old", "Ida Renn")]),
    (
        "The river rose, with Ida Renn telling reporters on Monday he saw it as old.",
        [("he saw it as old", "Ida Renn")],
    ),
    # two quotations of one subject; what follows a quotation
    (
        "Ida Renn asks “Who pays for this?” and continues to ask “And when?”",
        [("“Who pays for this?”", "Ida Renn"), ("“And when?”", "Ida Renn")],
    ),
    ("Ida Renn said “no” and the nominee left.", [("“no”", "Ida Renn")]),
    # a name below a quotation, or behind it
    (
        "The dam leaked.\n\n“It is old and it always was.”\n\n- Ida Renn.\n\nTom Voss left.",
        [("“It is old and it always was.”", "Ida Renn")],
    ),
    ("“It is old and it always was.” — Ida Renn", [("“It is old and it always was.”", "Ida Renn")]),
    (
        "It is late - Ida Renn: “It leaked two weeks ago.”",
        [("“It leaked two weeks ago.”", "Ida Renn")],
    ),
    # agencies in brackets
    ("The dam is very old (Tolva Wire reported).", [("The dam is very old", "Tolva Wire")]),
    ("The dam is old, Ida Renn said (Tolva Wire).", [("The dam is old", "Ida Renn")]),
    # clauses interrupted, put behind, or cut short
    ("Instead, she said, her boss told her it was old.", [("her boss told her it was old", "")]),
    (
        "Ida Renn said Oru, despite its wall, is old.",
        [("Oru, despite its wall, is old", "Ida Renn")],
    ),
    ("About 270 people have left, clerks said.", [("About 270 people have left", "clerks")]),
    ("Ida Renn said she would.", [("she would", "Ida Renn")]),
    ("Ida Renn told a town meeting they are late.", [("they are late", "Ida Renn")]),
    (
        "Ida Renn said on Oru Radio's “Voices of the Whole Town” that it was old.",
        [("it was old", "Ida Renn")],
    ),
    ("It went unnoticed: According to Ida Renn, it is old.", [("it is old", "Ida Renn")]),
    ("The film, titled “Late?”, concludes that it was old.", [("it was old", "film")]),
    ("“It is old,” Ida Renn said by telephone.", [("“It is old,”", "Ida Renn")]),
    # the outlet speaks again
    (
        "Ida Renn said it would cost more in taxes, an acknowledgment of the mistake.",
        [("it would cost more in taxes", "Ida Renn")],
    ),
    (
        "Half of the clerks said it was old, compared with a third last year.",
        [("it was old", "Half of the clerks")],
    ),
    (
        "Ida Renn said the dam was old, and reminded the crowd of it.",
        [("the dam was old", "Ida Renn")],
    ),
    ("However, while Ida Renn says it is old, it holds.", [("it is old", "Ida Renn")]),
    (
        "A few weeks after Ida Renn announced that it was old, rain fell.",
        [("it was old", "Ida Renn")],
    ),
    # far back "she" is nobody who has no name
    (
        "“It is late,” said a senior port official.\n\n"
        + "Rain fell on the dam.\n\n" * 3
        + "It was late. She said it was old.",
        [("“It is late,”", "senior port official"), ("it was old", "")],
    ),
    # no statements
    ("Angry tweets aimed at the mayor followed.", []),
    ("The guests, members of parliament, governors, state party chairs, left.", []),
    ("She hoped for far more than that and will have to wait.", []),
    ("By some standards one could say it is old.", []),
    ("It is too soon to say whether it is old.", []),
    ("Ida Renn said in an interview with Oru News.", []),
    ("Ida Renn said this week at the dam.", []),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(said(text, s), s.speaker) for s in statements(text, speakers=NOBODY)] == expected
