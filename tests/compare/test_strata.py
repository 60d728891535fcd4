"""What is held still: weeks, stories, lengths, columns."""

import pytest
from conftest import corpus

from analysis.compare.strata import strata_of
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures


def test_nothing_is_held_still_unless_asked(measures: Measures) -> None:
    assert strata_of(measures, "") is None


def test_weeks_are_those_of_iso_8601_and_undated_articles_are_one_stratum() -> None:
    dates = ["2029-12-31", "2030-01-06", "2030-01-07", "", ""]
    found = strata_of(corpus([("East", f"pier {i}") for i in range(5)], date=dates), "week")
    assert found.to_list() == ["2030-W01", "2030-W01", "2030-W02", "", ""]


def test_lengths_are_three_parts_of_equally_many_articles() -> None:
    rows = [("East", "pier " * n) for n in (9, 2, 30, 4, 11, 6)]
    assert strata_of(corpus(rows), "length").to_list() == ["2", "1", "3", "1", "3", "2"]


def test_stories_and_columns(measures: Measures) -> None:
    assert set(strata_of(measures, "stage")) == {"vote", "aftermath"}
    story = strata_of(measures, "story")
    assert set(story.index) == set(measures.articles["id"]) and story.notna().all()
    with pytest.raises(AnalysisError, match="Unknown column"):
        strata_of(measures, "planet")
