"""Quotation marks and sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.tokens import tokenize

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]))
TRICKY = st.text(st.sampled_from("aBcS.'’-‑ \n\t,:19é́Кüß\u00ad\u00a0\u2003“\"!U_İ"), max_size=40)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('It was "a lie" and “a farce”.', ['"a lie"', "“a farce”"]),
        ('It was “a lie" and "a farce”.', ['“a lie"', '"a farce”']),
        ("It was ''a lie'' to him.", ["''a lie''"]),
        ("It was 'a lie' to the voters' friends.", ["'a lie'"]),
        ("The '90s weren't kind to the town's boys' club.", []),
        ("\"He told me 'no' twice,\" she said.", ["\"He told me 'no' twice,\""]),
        ('"One.\n\n"Two."', ['"One.', '"Two."']),
        ("«Нет», said he.", ["«Нет»"]),
        ("Mill ‘will cut jobs’, says guild", ["‘will cut jobs’"]),
        ("Mill ‘will cut jobs’ says guild", ["‘will cut jobs’"]),
        ("‘The girls’ school is full,’ he said.", ["‘The girls’ school is full,’"]),
        (
            "Guild calls owners 'crooks', 'liars' and 'thieves'",
            ["'crooks'", "'liars'", "'thieves'"],
        ),
        ("He left 'in tears'. The boys' club is shut.", ["'in tears'"]),
        ("‘It hurts’ many. The boys’ club is shut.", ["‘It hurts’"]),
        ("Flood: '300 homes lost' in Oru", ["'300 homes lost'"]),
        ("'Twas the girls' day, and 'em boys' too.", []),
        ("‘She said “no” to us,’ he said.", ["‘She said “no” to us,’"]),
        ("‘One stays open.\n\n‘Two closes,’ he said.", ["‘One stays open.", "‘Two closes,’"]),
        ("« Oui », dit-il. Le quai ferme. « Non. »", ["« Oui »", "« Non. »"]),
        ("»Ja«, sagte er. Der Hafen schloss. »Nein.«", ["»Ja«", "»Nein.«"]),
        ("»Ja», sade han. »Nej», sade hon.", ["»Ja»", "»Nej»"]),
        ("„Ja“, sagte er. Dann ging er. „Nein.“", ["„Ja“", "„Nein.“"]),
        ("“ Yes , ” he said . It shut . “ No . ”", ["“ Yes , ”", "“ No . ”"]),
        ('" Yes , " he said . It shut . " No . "', ['" Yes , "', '" No . "']),
        ("`` Yes , '' he said . It shut . `` No . ''", ["`` Yes , ''", "`` No . ''"]),
        (
            "“He said «no» to us,” she said. “Then he left.”",
            ["“He said «no» to us,”", "“Then he left.”"],
        ),
        ("– The quay is ours, said Ida Renn.", ["– The quay is ours,"]),
        ("— Нет, — сказал он.", ["— Нет,"]),
        ("– bread\n– salt, milk", []),
        ('A stray " mark', []),
    ],
)
def test_quotation_marks(text: str, inside: list[str]) -> None:
    assert [text[a:b] for a, b in quoted_spans(text)] == inside


@pytest.mark.parametrize(
    "text",
    [
        "“It burst.”|Mr Voss left.",
        '"It burst."|"Then it rained," Renn said.',
        "“It burst.”|“Then it rained,” Renn said.",
        'They left the town.|"We are done," Renn said.',
        'He asked "why?"|Nobody knew.',
        '"Yes."Renn said.',
        'The "old."harbour stood.',
    ],
)
def test_a_space_lost_at_a_quotation_mark(text: str) -> None:
    whole = text.replace("|", "")
    assert [whole[a:b] for a, b in sentences(whole)] == text.split("|")


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The vote was held.", "Nobody came."],
        ["The U.S. envoy met Mr. Orlan on Jan. 5.", "He left."],
        ["He lives in the U.S.", "The others stayed."],
        ["George W. Tarn spoke at 5 p.m. Monday."],
        ["Ana Ruiz (pictured l.) said the pier was safe."],
        ["“We met. We talked,” she said.", "Then it rained."],
        ["“Why now?” Ana Ruiz asked.", "Nobody knew."],
        ["“It is over.”", "The hall emptied."],
        ["Was it legal?", "Yes!", "It was …"],
        ["It costs 3.5 million.", "That is much."],
    ],
)
def test_sentences_by_hand(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


def test_a_line_break_ends_a_sentence() -> None:
    assert split("A headline\n\nThe text.") == ["A headline", "The text."]


@given(st.one_of(TEXT, TRICKY))
def test_sentences_are_ordered_and_hold_every_token(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert sum(len(tokenize(text[a:b])) for a, b in spans) == len(tokenize(text))
