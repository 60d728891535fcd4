"""Refusals say what was received and what would work."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import DATA, read_list
from analysis.errors import AnalysisError, unknown


def test_error_says_what_was_received_then_what_would_work():
    error = AnalysisError("pages/a.txt is empty.", "Save the page again.")
    assert str(error) == "pages/a.txt is empty. Save the page again."
    assert (error.received, error.remedy) == ("pages/a.txt is empty.", "Save the page again.")


def test_error_without_a_remedy_ends_with_what_was_received():
    assert str(AnalysisError("Nothing to read.")) == "Nothing to read."


def test_error_is_caught_as_a_value_error():
    with pytest.raises(ValueError, match="empty"):
        raise AnalysisError("empty")


def test_unknown_name_is_answered_with_the_names_there_are():
    error = unknown("outlet", "Hreald", ["The Herald", "Evening Post", "The Herald"])
    assert (
        str(error)
        == "Unknown outlet 'Hreald'. Available: Evening Post, The Herald. Nearest: The Herald."
    )


def test_unknown_name_where_there_are_none():
    assert str(unknown("stage", "talks", [])) == "Unknown stage 'talks'. Available: none."


@pytest.mark.parametrize(("n", "shortened"), [(30, False), (31, True)])
def test_long_lists_are_cut_at_thirty_and_counted(n, shortened):
    names = [f"outlet-{i:03d}" for i in range(n)]
    message = str(unknown("outlet", "x", names))
    assert names[29] in message
    assert (f"({n} in all)" in message) is shortened
    assert ("outlet-030" in message) is False


@given(st.lists(st.text(), max_size=40), st.randoms())
def test_answer_does_not_depend_on_the_order_of_the_names(names, random):
    shuffled = random.sample(names, len(names))
    assert str(unknown("term", "x", shuffled)) == str(unknown("term", "x", names))


MISTAKES = {n: said for n, said in read_list(DATA / "mistakes.toml").items() if n != "kinds"}


def test_every_mistake_is_said_somewhere_and_every_one_said_has_its_words():
    code = "".join(p.read_text("utf-8") for p in sorted((DATA.parent / "analysis").rglob("*.py")))
    calls = re.findall(r"\bmistake\(([^,)]*)", code)
    named = {name for call in calls for name in re.findall(r'"([a-z-]+)"', call)}
    assert named <= set(MISTAKES)
    assert {name for name in MISTAKES if f'"{name}"' in code} == set(MISTAKES)


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_a_mistake_says_what_stands_there_and_what_would_work(name):
    received, remedy = MISTAKES[name]
    assert received.strip() and remedy.strip()
    fields = [f for text in (received, remedy) for _, f, _, _ in string.Formatter().parse(text)]
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", field) for field in fields if field)
