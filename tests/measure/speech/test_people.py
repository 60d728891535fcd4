"""Who is meant by a surname or a pronoun."""

import pandas as pd
import pytest

from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.people import usual_names
from analysis.measure.speech.statements import statements

NOBODY = SpeakerTable()

_LAST = {
    "title and surname behind an opening phrase": (
        "The hall was full.\n\nOn Tuesday, President Vell opened the bridge. He said it was safe.",
        "Vell",
    ),
    "a sentence about something else in between": (
        "Peter Vell said it was late.\n\nAnna Renn spoke on Monday. The hall was full. "
        "She warned that the dam would burst.",
        "Anna Renn",
    ),
    "the subject comes before the last speaker": (
        "Peter Vell said it was late.\n\nKarl Renn left the hall. He said the dam was old.",
        "Karl Renn",
    ),
    "the paragraph before": (
        'Karl Renn opened the bridge. Its steel comes from Oru.\n\n"It is safe," he said.',
        "Karl Renn",
    ),
    "the subject of the same sentence": (
        "Peter Vell said it was late.\n\nKarl Renn opened a bridge, but he said it was old.",
        "Karl Renn",
    ),
    "two alike": ("Peter Vell and Karl Renn met on Monday. He said that the dam was safe.", ""),
    "a dateline is nobody": ("TOLVA (Wire) — The dam was inspected. He said that it was safe.", ""),
    "an organisation is nobody": ("Tolva Bank said it was late. She said that it was safe.", ""),
    "not one who is spoken to": (
        "Peter Vell said the dam was old. Karl Renn left the hall. He told Renn it was safe.",
        "Peter Vell",
    ),
    "not one an opening participle names": (
        "Anna Renn spoke in Tolva.\n\nAsked about Eva Vell, she replied that it was late.",
        "Anna Renn",
    ),
    "Mr. and Mrs. tell the gender of a rare name": (
        "Mr. Vell met Mrs. Renn. Zelka Renn opened it. Tivo Vell left. She said it was safe.",
        "Zelka Renn",
    ),
    "a spokesman": (
        "Karl Renn left. A spokesman for the mill said it was shut. He said nobody was hurt.",
        "spokesman for the mill",
    ),
    "it, an organisation": ("The Water Board met on Monday. It said it was safe.", "Water Board"),
    "they, a collective": ("Protesters gathered. They said it was unsafe.", "Protesters"),
    "they, not one person": ("Peter Renn spoke on Monday. They said the dam was unsafe.", ""),
    "two of one surname": ("Anna Moor met Eva Moor in Tolva. Moor said it was safe.", "Moor"),
    "two of one surname, a title": (
        "Anna Moor met Peter Moor in Tolva. Mr. Moor said it was safe.",
        "Peter Moor",
    ),
    "two forms of one name": (
        "Peter Moor met Eva Vell. Peter J. Moor left. Moor said it was safe.",
        "Peter Moor",
    ),
    "role, then name": ("The ministry's spokesman, Karl Voss, said it was late.", "Karl Voss"),
    "role behind a cue, then name": (
        '"It is late," said the Tolvan ambassador to Oru, Karl Voss.',
        "Karl Voss",
    ),
    "name of an institute": ("Ida Renn of the Harbour Institute said it was late.", "Ida Renn"),
    "name behind a place": ("Ambassador to Oru Zelka Renn said it was late.", "Zelka Renn"),
    "junior": ("Karl Voss Jr. spoke in Tolva. Voss said it was late.", "Karl Voss"),
    "Arab article": ("Omar al-Hamadi left. Mr. al-Hamadi said it was late.", "Omar al-Hamadi"),
    "particle": ("Omar bin Said left early. Bin Said said it was late.", "Omar bin Said"),
    "title and nationality": (
        "Oruan Chancellor Zelka Vell left. Chancellor Vell said it was late.",
        "Zelka Vell",
    ),
    "about the same thing still": (
        '"The dam will hold," Anna Renn said. It was built in a year. "Nobody has to leave it."',
        "Anna Renn",
    ),
    "somebody else in between": (
        '"The dam will hold," Anna Renn said. Peter Vell rose. "Nobody has to leave it now."',
        "",
    ),
}


@pytest.mark.parametrize("name", _LAST)
def test_who_is_meant(name: str) -> None:
    text, speaker = _LAST[name]
    assert statements(text, speakers=NOBODY)[-1].speaker == speaker


def test_a_quotation_left_open_is_the_next_paragraphs_speakers() -> None:
    text = (
        "Peter Vell said it was late.\n\n“The dam is old, and the road is worse.\n\n"
        "“Nobody has to leave,” Anna Renn said.\n\nRain fell."
    )
    found = statements(text, speakers=NOBODY)
    assert [s.speaker for s in found] == ["Peter Vell", "Anna Renn", "Anna Renn"]


def test_a_role_told_once_is_kept() -> None:
    text = "Karl Voss, a spokesman for the Oruan navy, said it was late. Voss said it was dark."
    found = statements(text, speakers=SpeakerTable({}, {"oruan": "Oru"}))
    assert [(s.speaker, s.side, s.role) for s in found] == [
        ("Karl Voss", "Oru", "spokesperson")
    ] * 2


@pytest.mark.parametrize("name", ["May", "Will", "King", "Day", "Church", "Major", "Marks"])
def test_a_surname_that_is_a_word(name: str) -> None:
    text = (
        f"Anna {name} met the board. {name} said the dam would hold. “It is late,” said {name}. "
        f"Mrs {name} added that it was dark. In May the church will be shut."
    )
    assert [s.speaker for s in statements(text, speakers=NOBODY)] == [f"Anna {name}"] * 3


def test_all_apostrophes_of_a_name_are_one() -> None:
    text = "Rory O'Dell came. “No,” said O’Dell. OʼDell said it was late. Mr O´Dell agreed it was."
    assert {s.speaker for s in statements(text, speakers=NOBODY)} == {"Rory O'Dell"}


def test_soft_hyphens_part_no_name() -> None:
    text = "“It is \u00adlate,” said Doug \u00adAn\u00addres, a clerk."
    (one,) = statements(text, speakers=NOBODY)
    assert (one.speaker, text[one.start : one.end]) == ("Doug Andres", "“It is \u00adlate,”")


def test_a_pronoun_is_the_subject_and_not_the_only_name() -> None:
    text = "The Oruan ambassador met Peter Vell, a baker. He declared that it was late."
    assert statements(text, speakers=NOBODY)[-1].speaker == "Oruan ambassador"


def test_a_person_with_and_without_a_middle_name_is_one() -> None:
    spoken = [
        "Anna Renn",
        "Anna Lena Renn",
        "Karl Vell",
        "Karl E. Vell",
        "Oru Times",
        "Oru Quay Times",
    ]
    usual = {"Anna Lena Renn": "Anna Renn", "Karl E. Vell": "Karl Vell"}
    assert usual_names(spoken_by(*spoken)) == usual


def test_two_middle_names_tell_two_persons_apart() -> None:
    spoken = spoken_by("Peter Vell", "Peter A. Vell", "Peter B. Vell", "Anna Lena Renn")
    assert usual_names(spoken) == {}


@pytest.mark.parametrize(
    ("others", "usual"),
    [
        ([], {"Renn": "Anna Renn"}),
        (["Karl Renn"], {}),  # one article in twenty at most is a namesake's
        (["Oru Renn", "House Renn"], {"Renn": "Anna Renn"}),  # no given name
        (["Renn aides", "White House", "House"], {"Renn": "Anna Renn"}),
    ],
)
def test_a_surname_alone_is_the_one_person_heard_who_bears_it(
    others: list[str], usual: dict[str, str]
) -> None:
    assert usual_names(spoken_by(*["Anna Renn"] * 3, "Renn", *others)) == usual


def test_a_surname_alone_is_nobody_s_where_few_articles_hear_the_person() -> None:
    assert usual_names(spoken_by("Anna Renn", "Anna Renn", "Renn")) == {}
    assert usual_names(spoken_by(*["Anna Renn"] * 21, "Karl Renn", "Renn")) == {"Renn": "Anna Renn"}


def test_who_has_a_side_keeps_the_name_of_the_list() -> None:
    spoken = spoken_by(*["Anna Renn"] * 5, "Renn")
    assert usual_names(spoken.assign(side=["Oru"] * 5 + [""])) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The O.R. Vell line is shut. Vell said it was late.", "Vell"),
        ("A Vell ally came. Vell said it was late.", "Vell"),
        ("TOP Vell aide leaves. Vell said it was late.", "Vell"),
        ("The team rested. On Team Vell nobody spoke. Vell said it was late.", "Vell"),
        ("On Friday Karo Vell came. Vell said it was late.", "Karo Vell"),
        ("J. Vell came on Friday. Vell said it was late.", "J. Vell"),
    ],
)
def test_a_word_before_a_surname_is_no_given_name(text: str, name: str) -> None:
    assert [s.speaker for s in statements(text, speakers=NOBODY)] == [name]


def spoken_by(*names: str) -> pd.DataFrame:
    articles = [f"a{i}" for i in range(len(names))]
    return pd.DataFrame({"article": articles, "speaker": names, "side": ""})
