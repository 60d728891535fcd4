"""Statements as a table, whatever the text."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import (
    Statement,
    explain,
    find_statements,
    statements,
)

NOBODY = SpeakerTable()


def test_mentions_are_the_words_of_the_text() -> None:
    text = 'Mara Ilves (left) was calm. "It holds," she said, adding that all was well.'
    for s in statements(text, speakers=NOBODY):
        assert text[s.speaker_start : s.speaker_end] == "she"
        assert s.speaker == "Mara Ilves"


def test_the_table_holds_text_offsets_and_marked_words() -> None:
    text = 'Mara Ilves said the dam was "as firm as rock" this week.'
    frame = find_statements(text, speakers=NOBODY)
    assert list(frame.columns) == [
        "start", "end", "text", "speaker", "side", "role", "cue", "kind", "rule",
        "speaker_start", "speaker_end", "modality", "lemma", "group", "parts", "words",
        "marked_words",
    ]  # fmt: skip
    row = frame.iloc[0]
    assert row["text"] == text[row["start"] : row["end"]]
    assert (row["cue"], row["words"], row["marked_words"]) == ("said", 9, 4)


def test_a_text_without_statements_gives_an_empty_table() -> None:
    frame = find_statements("")
    assert len(frame) == 0
    assert "speaker" in frame.columns


_PIECES = st.sampled_from(
    ['"', "“", "”", "''", "said", "says", " told ", "that", ", ", ". ", "\n\n", "Mara Ilves", "he",
     "according to", ":", "(", ")", "—", "the dam", "adding", " and ", "who", "?", "U.S.", "\ue000"]
)  # fmt: skip


_TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(st.one_of(_PIECES, st.just(" ")), max_size=40).map("".join),
)


def _check(text: str, found: list[Statement]) -> None:
    assert found == sorted(found)
    for s in found:
        assert 0 <= s.start < s.end <= len(text)
        assert s.kind in ("direct", "indirect", "mixed")
        assert s.modality in ("", "negated", "hypothetical")
        assert s.rule
        assert s.speaker_start == -1 or 0 <= s.speaker_start < s.speaker_end <= len(text)


@given(_TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_valid_sorted_spans(text: str) -> None:
    found = statements(text)
    _check(text, found)
    frame = find_statements(text)
    assert [text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)] == list(
        frame["text"]
    )


@given(_TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_statements(text: str) -> None:
    assert statements(text) == statements(text)


def test_find_statements_returns_a_frame() -> None:
    assert isinstance(find_statements("Nothing was said."), pd.DataFrame)


def test_the_verb_is_kept_as_it_is_listed() -> None:
    text = 'Mara Ilves has warned that it was late. "It is," beamed Ilves. Renn is late, they say.'
    found = [(s.lemma, s.group) for s in statements(text, speakers=NOBODY)]
    assert found == [("warn", "assertive"), ("", ""), ("say", "neutral")]


def test_nothing_is_said_in_a_language_without_rules() -> None:
    assert statements("Mara Ilves said the dam would hold.", language="de") == []


def test_explain_shows_classes_and_what_was_found() -> None:
    shown = explain("Mara Ilves said it was late.\nIt rained.", NOBODY)
    assert shown.splitlines() == [
        "Mara/NAME Ilves/NAME said/SAID it/PRON was/AUX late/WORD",
        "  speaker-cue-clause | Mara Ilves | said | it was late",
        "It/PRON rained/WORD",
    ]
