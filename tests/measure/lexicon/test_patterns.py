"""Patterns: how they are read, and how long they may be."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError
from analysis.measure.lexicon.patterns import parse


def test_hyphened_words_may_be_written_open() -> None:
    (first, second) = parse("self-made|home-made boat")
    assert [len(option) for option in first.options] == [1, 2, 2]
    assert [len(option) for option in second.options] == [1]


def test_capitals_are_folded() -> None:
    assert [place.options[0][0].exact for place in parse("North SEA")] == [{"north"}, {"sea"}]


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
