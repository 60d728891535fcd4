import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import EVENTS
from analysis.measure.speech.names import SpeakerTable, read_speakers
from analysis.measure.tokens import find_tokens
from analysis.measure.words import BODY, HEADLINE, LEAD, read, words_of

TEXT = (
    "The pier stays open, said Ida Brandt. “It is safe,” said Tomas Reuel. One. Two. Three. Four."
)


def test_lead_ends_after_five_sentences() -> None:
    reading = read("", TEXT, SpeakerTable())
    assert len(reading.text.sentences) == 6
    assert TEXT[: reading.lead_end].endswith("Three.")
    assert read("", "One. Two.", SpeakerTable()).lead_end == len("One. Two.")


def test_each_word_knows_its_article_zone_and_voice() -> None:
    readings = [read("Velmar: ‘safe’", TEXT, SpeakerTable()), read("", "Two", SpeakerTable())]
    words = words_of(readings)
    written = [words.forms[i] for i in words.form]
    assert written == ["Velmar", "safe", *find_tokens(TEXT).words, "Two"]
    assert words.article.tolist() == [0] * 19 + [1]
    assert words.zone.tolist() == [HEADLINE] * 2 + [LEAD] * 16 + [BODY] + [LEAD]
    quoted = [word for word, inside in zip(written, words.quoted, strict=True) if inside]
    assert quoted == ["safe", "It", "is", "safe"]
    assert words.pieces.tolist() == [0, 2, 19, 19, 20]


def test_statements_by_hand() -> None:
    words = words_of([read("A headline", TEXT, SpeakerTable())])
    assert [s.speaker for s in words.said] == ["Ida Brandt", "Tomas Reuel"]
    assert words.said_in.tolist() == [1, 1]
    assert (words.said_first - 2).tolist() == [0, 7]
    assert words.said_words.tolist() == [4, 3]
    assert words.said_marked.tolist() == [0, 3]
    expected = [-1] * 2 + [0] * 4 + [-1] * 3 + [1] * 3 + [-1] * 7
    assert words.statement.tolist() == expected


def test_of_statements_that_overlap_the_one_that_begins_last_has_the_word() -> None:
    text = "Ida Brandt said that Tomas Reuel said that the pier was safe."
    words = words_of([read("", text, SpeakerTable())])
    for number, (first, after) in enumerate(
        zip(words.said_first, words.said_first + words.said_words, strict=True)
    ):
        later = words.said_first[number + 1 :]
        own = [i for i in range(first, after) if not (later <= i).any()]
        assert (words.statement[own] == number).all()


def test_quoted_words_know_the_side_of_their_speaker() -> None:
    text = "“It is illegal,” said Sergei Lavrov. “It is safe,” said Tomas Reuel."
    words = words_of([read("", text, read_speakers(EVENTS / "crimea-2014" / "speakers.toml"))])
    assert [words.sides[i] for i in words.side[words.quoted]] == ["Russia"] * 3 + [""] * 3
    assert words.sides == sorted(words.sides)


def test_a_headline_knows_who_speaks_in_it() -> None:
    words = words_of(
        [
            read(
                "Vote is ‘a farce’, says Sergei Lavrov",
                TEXT,
                read_speakers(EVENTS / "crimea-2014" / "speakers.toml"),
            )
        ]
    )
    assert words.said_in.tolist() == [0, 1, 1]
    assert words.statement.tolist()[:4] == [0] * 4
    assert [words.sides[i] for i in words.side[words.quoted]] == ["Russia"] * 2 + [""] * 3


@given(st.lists(st.text(st.sampled_from("Ida said. “safe” \n'X,U.S"), max_size=80), max_size=3))
def test_words_are_the_tokens_of_headline_and_text(texts: list[str]) -> None:
    words = words_of(
        [
            read(text[:20], text, read_speakers(EVENTS / "crimea-2014" / "speakers.toml"))
            for text in texts
        ]
    )
    expected = [w for text in texts for t in (text[:20], text) for w in find_tokens(t).words]
    assert [words.forms[i] for i in words.form] == expected
    assert len(words.pieces) == 2 * len(texts) + 1
    assert np.all((words.statement >= -1) & (words.statement < len(words.said)))
