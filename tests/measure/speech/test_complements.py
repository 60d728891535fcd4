"""What stands behind a verb of saying: where it begins, and by what it is introduced."""

import pytest

from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import statements


@pytest.mark.parametrize(
    ("text", "rule", "begins"),
    [
        ("Mara Ilves said that the dam would hold.", "that", "that the dam"),
        ("Mara Ilves said the dam would hold.", "clause", "the dam"),
        ("Mara Ilves told the council that the dam would hold.", "that", "that the dam"),
        ('Mara Ilves said: "The dam will hold."', "quote", '"The dam'),
        ("Mara Ilves asked whether the dam would hold.", "wh", "whether the dam"),
        ("Mara Ilves promised to mend the dam.", "to", "to mend"),
        ("Mara Ilves warned of a flood in the valley.", "about", "a flood"),
        ('Mara Ilves called the dam "a ruin".', "label", "the dam"),
        ("Mara Ilves denied the claim of the council.", "object", "the claim"),
    ],
)
def test_what_is_said_begins_by_what_introduces_it(text: str, rule: str, begins: str) -> None:
    (one,) = statements(text, speakers=SpeakerTable())
    assert one.rule == f"speaker-cue-{rule}"
    assert text[one.start : one.end].removeprefix("that ").startswith(begins.removeprefix("that "))


def test_not_every_that_opens_what_is_said() -> None:
    text = "Mara Ilves added to the fear that has spread."
    assert "speaker-cue-that" not in {s.rule for s in statements(text, speakers=SpeakerTable())}
