"""Values that files hold, against types: one message, with the place and what would work."""

from typing import Annotated, Literal, Required

import pytest
from annotated_types import Ge, MinLen
from hypothesis import given
from hypothesis import strategies as st
from pydantic import with_config
from typing_extensions import TypedDict

from analysis.checks import NO_OTHERS, Flag, Name, Whole, brief, checked
from analysis.errors import AnalysisError


@with_config(NO_OTHERS)
class Berth(TypedDict, total=False):
    name: Required[Name]
    depth: Annotated[Whole, Ge(1)]


@with_config(NO_OTHERS)
class Pier(TypedDict, total=False):
    title: str
    open: Flag
    kind: Literal["wood", "stone"]
    berths: Annotated[list[Berth], MinLen(1)]
    of: dict[str, list[str]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"titel": "x"},
            "Unknown key in p.toml: 'titel'. Available: berths, kind, of, open",
        ),
        ({"title": 3}, "p.toml, title: '3' (int). Write a text"),
        ({"open": 1}, "p.toml, open: '1' (int). Write true or false."),
        ({"kind": "ice"}, "p.toml, kind: 'ice' (str). Write 'wood' or 'stone'."),
        ({"berths": {}}, "p.toml, berths: '{}' (dict). Write tables: [[berths]], below it name"),
        ({"berths": []}, "p.toml has no 'berths'."),
        ({"berths": ["a"]}, "p.toml, berths 1: 'a' (str). Write a table, of lines such as name ="),
        ({"berths": [{"name": "a"}, {}]}, "p.toml, berths 2 has no 'name'. Give name = …"),
        ({"berths": [{"name": "a", "x": 1}]}, "Unknown key in p.toml, berths 1: 'x'."),
        ({"berths": [{"name": "a", "depth": 0}]}, "depth: '0' (int). Write a whole number from 1."),
        ({"berths": [{"name": "a", "depth": True}]}, "depth: 'True' (bool). Write a whole number."),
        ({"of": ["a"]}, "p.toml, of: \"['a']\" (list). Write a table: { … }."),
        ({"of": {"a": "b"}}, "p.toml, of, a: 'b' (str). Write a list of texts"),
        ("pier", "p.toml: 'pier' (str). Write a table, of lines such as title = …"),
    ],
)
def test_the_first_wrong_value_is_told_with_its_place(value: object, message: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        checked(Pier, value, "p.toml")
    assert message in str(caught.value)


def test_what_is_right_is_given_back() -> None:
    value = {"title": "x", "open": True, "berths": [{"name": "a", "depth": 2}], "of": {"a": ["b"]}}
    assert checked(Pier, value, "p.toml") == value


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["title", "open", "kind", "berths", "of", "x"]), _VALUES))
def test_whatever_is_given_there_is_a_table_or_one_refusal(value: dict[str, object]) -> None:
    try:
        assert checked(Pier, value, "p.toml").keys() == value.keys()
    except AnalysisError as error:
        assert "p.toml" in error.received and error.remedy


def test_a_long_value_is_cut() -> None:
    assert len(brief("x" * 1_000)) == 63 and brief("x") == "'x'"
