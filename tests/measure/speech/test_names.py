"""Speaker tables, roles and sides."""

from pathlib import Path

import pytest

from analysis.data import EVENTS
from analysis.errors import AnalysisError
from analysis.measure.speech.names import SpeakerTable, read_speakers
from analysis.measure.speech.statements import statements

NOBODY = SpeakerTable()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("A spokesman for the mill said it was closed.", "spokesperson"),
        ('"It is closed," said Mara Ilves, a professor of law.', "expert"),
        ("Officials said it was closed.", "officials"),
        ("Mara Ilves said it was closed.", ""),
    ],
)
def test_roles_are_read_off_the_phrase(text: str, role: str) -> None:
    assert statements(text, speakers=NOBODY)[0].role == role


def test_an_alias_for_two_speakers_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "speakers.toml"
    table.write_text(
        '[[speaker]]\nname = "Mara Ilves"\naliases = ["Ilves"]\n'
        '[[speaker]]\nname = "Tomas Ilves"\naliases = ["Ilves"]\n',
        "utf-8",
    )
    with pytest.raises(AnalysisError, match="Ilves"):
        read_speakers(table)


def test_a_speaker_without_a_name_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "speakers.toml"
    table.write_text('[[speaker]]\naliases = ["Ilves"]\n', "utf-8")
    with pytest.raises(AnalysisError, match=r"has no .name."):
        read_speakers(table)


def test_another_full_name_in_the_article_goes_before_the_alias() -> None:
    table = SpeakerTable(
        {"ilves": read_speakers(EVENTS / "crimea-2014" / "speakers.toml").aliases["john kerry"]}
    )
    text = "Mara Ilves arrived. Ilves said the dam would hold."
    assert statements(text, speakers=table)[0].speaker == "Mara Ilves"


@pytest.mark.parametrize(
    ("phrase", "side"),
    [
        ("Oru", "Oru"),
        ("Oruan officials", "Oru"),
        ("The Oruan foreign ministry", "Oru"),
        ("The government in Oru", "Oru"),
        ("A spokesman for the Oruan navy", "Oru"),
        ("The Tolvan ambassador to Oru", "Tolva"),
        ("Oruan and Tolvan officials", ""),
        ("A reporter in Oru", ""),
        ("The Oru Post", ""),
        ("A rebel leader in Oru", ""),
        ("Oruan separatists", ""),
        ("An Oruan baker", ""),
        ("Oruan opposition leader Karl Renn", ""),
        ("Oruan novelist Karl Renn", ""),
        ("Oruan President Karl Renn", "Oru"),
    ],
)
def test_only_those_who_speak_for_a_state_have_its_side(phrase: str, side: str) -> None:
    table = SpeakerTable({}, {"oru": "Oru", "oruan": "Oru", "tolvan": "Tolva"})
    assert statements(f"{phrase} said that it was late.", speakers=table)[0].side == side


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[mayor]\nname = "Ida Brandt"', "Unknown key in t.toml: 'mayor'"),
        ('[speaker]\nname = "Ida Brandt"', "(dict). Write tables: [[speaker]], below it"),
        ("[[speaker]]\nname = 3", "t.toml, speaker 1, name: '3' (int). Write a text"),
        (
            '[[speaker]]\nname = "A"\naliases = "B"',
            "speaker 1, aliases: 'B' (str). Write a list of texts",
        ),
        ('[[speaker]]\nname = "A"\nparty = "B"', "Unknown key in t.toml, speaker 1: 'party'"),
        ('[[origin]]\nside = "B"', "t.toml, origin 1 has no 'words'"),
        ('[[origin]]\nwords = ["x"]\nside = "B"\n[[origin]]\nwords = ["X"]\nside = "C"', "as well"),
        ("a = " + "[" * 5000, "cannot be read as TOML"),
        ("name = ", "cannot be read as TOML"),
    ],
)
def test_a_table_of_speakers_is_refused_in_one_message(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "t.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(AnalysisError) as caught:
        read_speakers(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Reuters said it was late.", "media"),
        ("The Quay Times reported it was late.", "media"),
        ("The BBC's Ida Renn said it was late.", "media"),
        ("Ida Renn of the Quay Times said it was late.", "media"),
        ("Ida Renn of the water board said it was late.", ""),
        ("The harbour's keeper Ida Renn said it was late.", ""),
    ],
)
def test_outlets_and_their_reporters_are_media(text: str, role: str) -> None:
    assert statements(text, speakers=NOBODY)[0].role == role


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“It is late,” an aide to Ida Renn said.", "aide to Ida Renn"),
        ("“It is late,” said a lawyer defending Ida Renn.", "lawyer defending Ida Renn"),
        ("An adviser to Governor Renn said it was late.", "adviser to Governor Renn"),
        ("People close to Ida Renn say it is late.", "People close to Ida Renn"),
        ("According to an envoy to Oru, it is late.", "envoy to Oru"),
        ("Speaking to the guild, Ida Renn said it was late.", "Ida Renn"),
    ],
)
def test_a_source_is_not_the_one_it_belongs_to(text: str, speaker: str) -> None:
    assert [s.speaker for s in statements(text, speakers=NOBODY)] == [speaker]


def test_a_table_that_was_changed_is_read_again(tmp_path: Path) -> None:
    table = tmp_path / "speakers.toml"
    for side in ("Oru", "Tolva-on-Sea"):
        table.write_text(f'[[speaker]]\nname = "Ida Renn"\nside = "{side}"\n', "utf-8")
        assert read_speakers(table).find("Ida Renn").side == side
