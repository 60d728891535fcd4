"""The tables of a measured corpus: their columns, the order of rows, and what no table holds."""

import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.schema import SCHEMA, ZONES, check_values, columns_of, conform


def test_tags_stand_before_the_words(measures: Measures) -> None:
    names = list(columns_of("articles", measures.articles))
    assert names[names.index("words") - 1] == "stage"
    assert {*names} == {*SCHEMA["articles"].columns, "stage"}


def test_rows_are_in_order_whatever_theirs_was(measures: Measures) -> None:
    mixed = measures.terms.sample(frac=1, random_state=1)
    again = conform("terms", mixed)
    pd.testing.assert_frame_equal(again, conform("terms", measures.terms))
    first = again[again["article"] == again["article"].iloc[0]]["zone"].astype("str").unique()
    assert list(first) == [zone for zone in (*ZONES, "") if zone in first]
    with pytest.raises(AnalysisError, match="no column count"):
        conform("terms", mixed.drop(columns="count"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.assign(words=-1), "row 1, words: '-1'"),
        (lambda t: t.assign(date="2031-02-30"), "row 1, date: '2031-02-30'"),
        (lambda t: t.assign(id=""), "row 1, id: ''"),
        (lambda t: t.assign(id="same"), "more than one row for"),
    ],
)
def test_values_that_no_table_holds(measures: Measures, change, message: str) -> None:
    check_values("articles", measures.articles)
    with pytest.raises(AnalysisError, match=message):
        check_values("articles", change(measures.articles))
