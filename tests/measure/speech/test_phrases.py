"""Sources and verb groups: who stands before a verb of saying, and whether it was said."""

import pytest

from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import find_statements, statements

NOBODY = SpeakerTable()


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Mara Ilves said the dam would hold.", ""),
        ("Mara Ilves did not say that the dam would hold.", "negated"),
        ("Mara Ilves never said the dam would hold.", "negated"),
        ("Mara Ilves declined to say whether the dam would hold.", "negated"),
        ("Mara Ilves would say that the dam was safe.", "hypothetical"),
        ("If Mara Ilves says the dam is safe, the village will stay.", "hypothetical"),
    ],
)
def test_negated_and_hypothetical_saying_is_marked(text: str, modality: str) -> None:
    found = statements(text, speakers=NOBODY)
    assert [s.modality for s in found] == [modality]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ('"It is over," says he.', "he"),
        ('"It is over," the Tolva Post quoted her as saying.', "her"),
    ],
)
def test_a_pronoun_is_the_source(text: str, source: str) -> None:
    (one,) = statements(text, speakers=NOBODY)
    assert text[one.speaker_start : one.speaker_end] == source


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("No one said the dam would hold.", "negated"),
        ("None of the officials said the dam would hold.", "negated"),
        ("Neither Mara Ilves nor Pavo Renn said the dam would hold.", "negated"),
        ("Mara Ilves could not say who had opened the gate.", "negated"),
        ("Mara Ilves is expected to say that the dam is safe.", "hypothetical"),
        ("Mara Ilves plans to tell the court that the dam is safe.", "hypothetical"),
        ("When the talks failed Mara Ilves said the dam was safe.", ""),
        ("Asked if the crew would leave, Mara Ilves replied that it would stay.", ""),
        ("A clerk went round, asking residents whether the dam would hold.", ""),
    ],
)
def test_modality_belongs_to_the_clause_of_the_cue(text: str, modality: str) -> None:
    *_, last = statements(text, speakers=NOBODY)
    assert last.modality == modality


def test_neither_of_two_is_credited_alone() -> None:
    (one,) = statements("Neither Mara Ilves nor Pavo Renn said it was late.", speakers=NOBODY)
    assert (one.speaker, one.speaker_start) == ("", -1)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Rebels in eastern Tolva said that the bridge was theirs.", "Rebels in eastern Tolva"),
        ("The zoo in old Oru said that it would close.", "zoo in old Oru"),
        ("Foreign Minister Renn said that it was over.", "Renn"),
    ],
)
def test_a_place_behind_a_preposition_is_not_the_speaker(sentence: str, speaker: str) -> None:
    assert find_statements(sentence)["speaker"].tolist() == [speaker]
