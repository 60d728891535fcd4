from hypothesis import given
from hypothesis import strategies as st

from analysis.measure.names import SpeakerTable, read_speakers
from analysis.measure.reading import BODY, HEADLINE, LEAD, NARRATOR, QUOTED, read

TEXT = (
    "The pier stays open, said Ida Brandt. “It is safe,” said Tomas Reuel. One. Two. Three. Four."
)


def test_lead_ends_after_five_sentences() -> None:
    reading = read(TEXT, SpeakerTable())
    assert len(reading.sentences) == 6
    assert TEXT[: reading.lead_end].endswith("Three.")
    assert read("One. Two.", SpeakerTable()).lead_end == len("One. Two.")


def test_segments_know_zone_and_voice() -> None:
    pieces = read(TEXT, SpeakerTable()).segments("Velmar: ‘safe’")
    assert [(p.zone, p.voice) for p in pieces if p.text.strip()] == [
        (HEADLINE, NARRATOR),
        (HEADLINE, QUOTED),
        (LEAD, NARRATOR),
        (LEAD, QUOTED),
        (LEAD, NARRATOR),
        (BODY, NARRATOR),
    ]


def test_statement_rows_by_hand() -> None:
    rows = read(TEXT, SpeakerTable()).statement_rows()
    assert [(r[0], r[1], r[4], r[5], *r[8:]) for r in rows] == [
        (1, "Ida Brandt", "said", "indirect", 0, 4, 0),
        (2, "Tomas Reuel", "said", "direct", 7, 3, 3),
    ]


def test_a_long_name_is_cut() -> None:
    who = "The committee of the nine harbours of the northern and eastern coast"
    rows = read(f"{who} said that the pier was safe.", SpeakerTable()).statement_rows()
    assert all(len(str(row[1]).split()) <= 9 for row in rows)


@given(st.text(st.sampled_from("Ida said. “safe” \n'X,U.S"), max_size=80))
def test_segments_hold_the_whole_text(text: str) -> None:
    pieces = read(text, read_speakers()).segments("")
    assert "".join(p.text for p in pieces) == text
