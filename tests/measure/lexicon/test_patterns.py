"""Patterns: what two of them have in common, and how long they may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.measure.lexicon.patterns import Word, common, parse

words = st.text("abc", min_size=1, max_size=4)
places = st.builds(
    lambda exact, stems: Word(frozenset(exact), tuple(sorted(stems))),
    st.sets(words, max_size=3),
    st.sets(words, max_size=2),
)


@given(places, places, words)
def test_two_places_have_a_common_word_where_one_word_fits_both(
    a: Word, b: Word, word: str
) -> None:
    common = a.common(b)
    if common is None:
        assert not (a.matches(word) and b.matches(word))
    elif common != "…":
        assert a.matches(common) and b.matches(common)


def test_hyphened_words_may_be_written_open() -> None:
    (first, second) = parse("self-made|home-made boat")
    assert [len(option) for option in first.options] == [1, 2, 2]
    assert [len(option) for option in second.options] == [1]


def test_capitals_are_folded() -> None:
    assert [place.options[0][0].exact for place in parse("North SEA")] == [{"north"}, {"sea"}]


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ("sea {0,2} ice", "sea {1,3} ice", "sea … ice"),
        ("sea {1,1} ice", "sea cold|warm ice", "sea cold ice"),
        ("sea ice", "sea {1,2} ice", None),
        ("high-tide mark", "high tide mark*", "high tide mark"),
        ("a b {0,2} c", "a {0,2} c d", None),
    ],
)
def test_the_shortest_sequence_of_two_patterns(a: str, b: str, shared: str | None) -> None:
    assert common(parse(a), parse(b)) == shared == common(parse(b), parse(a))


@pytest.mark.parametrize(
    "pattern",
    [" {0,8} ".join("abcdefg"), " ".join("abcdefghijklm"), " {0,8} ".join(["one"] * 4)],
)
def test_a_pattern_that_would_take_long_is_refused(pattern: str) -> None:
    with pytest.raises(AnalysisError, match="too long"):
        parse(pattern)


def test_sixteen_hyphened_words_are_ways_of_one_place_each() -> None:
    (place,) = parse("|".join(f"self-{c}made" for c in "abcdefghijklmnop"))
    assert len(place.options) == 17
    twelve = parse(" ".join(["self-made"] * 12))
    assert sum(len(place.options) for place in twelve) == 24
