"""Tables and sentences: what is printed is what was given, and nothing else."""

import html
import html.parser
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import HOSTILE, unsqueezed
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.report import say, show
from analysis.report.show import about, heading


class Cells(html.parser.HTMLParser):
    """The cells of a table as a browser reads them, and every tag seen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


def printed(values: list, name: str = "rate", **options) -> list[str]:
    shown = show(pd.DataFrame({name: pd.Series(values)}), **options)
    return [row[0] for row in Cells(shown._repr_html_()).rows[1:]]


@pytest.mark.parametrize(
    "name, values, cells",
    [
        ("words", [12345, -2], ["12,345", "−2"]),
        ("words", [12345, None], ["12,345", ""]),  # a count stays whole beside a gap
        ("rate", [1.23456, 20.0], ["1.2", "20.0"]),  # the median, 20, has three figures
        ("rate", [0.012345, 0.5, 0.04], ["0.0123", "0.5000", "0.0400"]),
        ("rate", [1234.5, math.nan], ["1,234.5", ""]),
        ("rate", [math.inf, -math.inf, 0.5], ["∞", "−∞", "0.500"]),
        ("rate", [-0.00001, 1.5], ["0.00", "1.50"]),  # no minus before nothing
        ("p", [0.0004, 0.0312, None], ["<0.001", "0.031", ""]),
        ("p", [0.0497, 0.0502, 0.0494], ["<0.05", "0.050", "0.049"]),
        ("share_quoted", [0.1234, 1.0, None], ["12.3 %", "100.0 %", ""]),
        ("share_change", [-0.5, 0.25], ["−0.500", "0.250"]),  # no share, for all its name
        ("fragile", [True, False], ["yes", "no"]),
        ("outlets", [["B", "A"], []], ["B, A", ""]),
        ("date", ["2031-05-01", ""], ["2031-05-01", ""]),
        ("none", [None, None], ["", ""]),
    ],
)
def test_cells_are_printed_as_people_read_them(name, values, cells):
    assert printed(values, name) == cells


def test_digits_can_be_given():
    assert printed([1.0, 2.5], digits=3) == ["1.000", "2.500"]
    assert printed([1.0, 2.5], digits=0) == ["1", "2"]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=6))
def test_never_nan_and_never_negative_nothing(values):
    for text in printed(values):
        assert "nan" not in text.lower()
        assert not (text.startswith("−") and not text.strip("−0.,"))


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=6))
def test_printed_number_is_the_number_rounded(values):
    for text, value in zip(printed(values, digits=2), values, strict=True):
        assert float(text.replace(",", "").replace("−", "-")) == pytest.approx(value, abs=0.00501)


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_string_comes_back_as_text(values):
    shown = Cells(show(pd.DataFrame({"title": values}))._repr_html_())
    assert shown.tags <= {"figure", "div", "table", "thead", "tbody", "tr", "th", "td", "bdi"}
    expected = [v.replace("\r\n", "\n").replace("\r", "\n") for v in values]
    got = [row[0].replace("\r\n", "\n").replace("\r", "\n") for row in shown.rows[1:]]
    assert got == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_are_text_wherever_they_stand(text):
    frame = pd.DataFrame({text: [text], "url": [text]})
    frame.attrs["notes"] = [text]
    shown = show(frame, text)._repr_html_()
    allowed = {"figure", "div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert Cells(shown).tags <= allowed | {"bdi", "ul", "li", "wbr"}
    assert Cells(say("{text}", text=text)._repr_html_()).tags == {"p", "bdi"}


def test_an_outlet_called_as_its_site_heads_a_column_as_it_is_and_may_break():
    page = show(pd.DataFrame({"www.post.example, articles": ["1 of 2"]}))._repr_html_()
    assert ">www.<wbr>post.<wbr>example, articles</th>" in page


def test_addresses_are_links_only_where_they_lead_to_the_web():
    frame = pd.DataFrame({"url": ["https://a.example/x?a=1&b='2'", "javascript:alert(1)", "//x"]})
    shown = show(frame)._repr_html_()
    assert shown.count("<a ") == 1
    assert 'href="https://a.example/x?a=1&amp;b=&#x27;2&#x27;"' in shown


def test_rows_not_on_display_are_counted_and_notes_stand_apart():
    frame = pd.DataFrame({"n": range(1234)})
    frame.attrs["notes"] = ["Seed 20140316."]
    shown = show(frame, "Numbers", rows=3)
    assert "The first 3 of 1,234 rows." in shown._repr_html_()
    assert len(Cells(shown._repr_html_()).rows) == 4
    assert repr(shown).startswith("Numbers\n") and "Seed" not in repr(shown)
    assert len(Cells(show(frame, rows=None)._repr_html_()).rows) == 1235
    again = pd.DataFrame({"m": [1]})
    again.attrs["notes"] = ["Seed 20140316.", "n = 3 <b>."]
    assert about(frame, again, "").notes == ["Seed 20140316.", "n = 3 <b>."]
    assert "<b>" not in about(again)._repr_html_()


def held(frame: pd.DataFrame, monkeypatch, of: str = "c") -> Any:
    """The columns that a page's script is given, or what else it is."""
    monkeypatch.setenv("ANALYSIS_EXPORT", "1")
    (found,) = re.findall(r"<script[^>]*>(.*?)</script>", show(frame, rows=2)._repr_html_())
    return unsqueezed(found)[of]


def test_a_page_holds_all_rows_and_whole_numbers(monkeypatch):
    frame = pd.DataFrame({"word": [f"w{i}" for i in range(500)], "rate": np.arange(500) / 7})
    words, rates = held(frame, monkeypatch)
    assert words["v"] == frame["word"].tolist() and words["k"] == "text"
    assert rates["v"] == pytest.approx(frame["rate"].tolist(), rel=1e-5)


def test_of_a_very_long_table_a_page_shows_the_first_rows_and_holds_all(monkeypatch):
    frame = pd.DataFrame({"word": [f"w{i}" for i in range(20_010)], "n": range(20_010)})
    assert "the CSV holds all" not in show(frame, "Words")._repr_html_()  # a notebook has no CSV
    columns = held(frame, monkeypatch)
    assert [len(column["v"]) for column in columns] == [20_000, 20_000]
    page = show(frame, "Words")._repr_html_()
    assert "Words (the first 20,000 of 20,010 rows; the CSV holds all)" in page
    words, numbers = unsqueezed(held(frame, monkeypatch, "z"))
    assert words["v"] == frame["word"].tolist() and numbers["v"][-1] == 20_009


def test_no_string_ends_the_data_of_a_table(monkeypatch):
    (column,) = held(pd.DataFrame({"title": ["</script><b>", "x"]}), monkeypatch)
    assert column["v"] == ["</script><b>", "x"]


def test_columns_without_a_value_are_left_out():
    frame = pd.DataFrame({"word": ["a"], "date": [""], "q": [math.nan]})
    assert Cells(show(frame)._repr_html_()).rows == [["Word"], ["a"]]


def test_named_index_is_shown_and_a_plain_one_is_not():
    matrix = pd.DataFrame([[1.0, 0.25]], index=pd.Index(["A"], name="outlet"), columns=["A", "B"])
    assert Cells(show(matrix)._repr_html_()).rows == [["Outlet", "A", "B"], ["A", "1", "0.250"]]
    assert Cells(show(matrix.reset_index(drop=True))._repr_html_()).rows[0] == ["A", "B"]


def test_first_text_column_names_the_rows():
    shown = show(pd.DataFrame({"n": [1], "outlet": ["A"], "title": ["B"]}))._repr_html_()
    assert shown.count('<th scope="row"') == 1
    assert shown.count('<th scope="col"') == 3


def test_table_is_left_as_it_was():
    frame = pd.DataFrame({"per_1000": [1.5, np.nan]})
    before = frame.copy()
    show(frame)._repr_html_()
    pd.testing.assert_frame_equal(frame, before)


def test_same_table_same_html():
    frame = pd.DataFrame({"outlet": ["A", "B"], "rate": [0.1, 0.2]})
    assert show(frame)._repr_html_() == show(frame.copy())._repr_html_()


def test_empty_table():
    said = show(pd.DataFrame({"outlet": []}), "Outlets <of> a week")._repr_html_()
    assert said == '<p class="empty">Outlets &lt;of&gt; a week: none.</p>'
    assert show(pd.DataFrame())._repr_html_()


def test_headings():
    assert heading("per_1000") == "Per 1,000 words"
    assert heading(("lead", "per_1000")) == "Lead · per 1,000 words"
    assert heading("n_target") == "n target"
    assert heading("url") == "Address" and heading("curls") == "Curls"


def test_sentence_with_figures():
    said = say("{outlet} has {n:,} words.\n\nMore & more.", outlet="A<b>", n=1234)
    assert said._repr_html_() == (
        "<p><bdi>A&lt;b&gt;</bdi> has <bdi>1,234</bdi> words.</p><p>More &amp; more.</p>"
    )
    assert repr(said) == "A<b> has 1,234 words.\n\nMore & more."


def test_sentence_without_its_figure_is_refused():
    with pytest.raises(AnalysisError, match="no value for 'n'"):
        say("{n} articles", m=3)


def test_passages_are_opened_behind_their_number():
    frame = pd.DataFrame({"count": [2, 1, 0], "passages": [["One <b>.", "Two."], ["Three."], []]})
    shown = show(frame)
    page = shown._repr_html_()
    assert page.count("<details>") == 2
    assert "<summary>2 sentences</summary>" in page and "<summary>1 sentence</summary>" in page
    assert "One &lt;b&gt;." in page and "<b>" not in page
    assert "Three." in repr(shown)


def test_a_table_without_rows_says_so():
    assert "(no rows)" in repr(show(pd.DataFrame({"term": []}), "Nothing"))


def test_the_smallest_p_of_many_is_never_nought() -> None:
    table = pd.DataFrame({"family": ["words"], "smallest p": [0.00002], "lowest_q": [0.00001]})
    page = show(table, "Families")._repr_html_()
    assert page.count("0.001") == 2 and "0.0000" not in page
