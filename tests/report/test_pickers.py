"""Choosers: live where somebody has the notebook open, all answers in a page, else the first."""

import pytest
from conftest import unsqueezed

from analysis.errors import AnalysisError
from analysis.report import say, show
from analysis.report.pickers import choose


def told(measures):
    return lambda outlet: say("{n} <words>", n=measures.select(outlet=outlet).articles.words.sum())


def test_a_page_holds_all_answers(measures, monkeypatch, capsys):
    outlets = sorted(set(measures.articles["outlet"]))
    page = choose(told(measures), outlets, "Outlet")._repr_html_()
    first, more = page.split('<script type="text/plain">')
    answers = [(outlets[0], first), *unsqueezed(more.removesuffix("</script></div>"))]
    assert [outlet for outlet, _ in answers] == outlets and len(outlets) == 3
    assert f'data-choice="{outlets[0]}"' in first
    for outlet, answer in answers:
        assert f"{measures.select(outlet=outlet).articles.words.sum()}" in answer
        assert "<words>" not in answer


def test_choosing_asks_anew():
    asked = []
    field, _ = choose(lambda c: asked.append(c) or say(c), ["a", "b", "a"], "X").widget().children
    assert field.options == ("a", "b")
    field.value = "b"
    assert asked == ["a", "b"]


def test_refusal_is_shown_not_raised():
    def ask(choice):
        raise AnalysisError("Only <one> group.", "Choose all.")

    assert "Only &lt;one&gt; group." in choose(ask, ["a"], "X")._repr_html_()


def test_one_answer_to_all_choices_stands_once():
    page = choose(lambda _: say("the same"), ["a", "b"], "X")._repr_html_()
    assert page == "<p>the same</p>"
    assert choose(say, [], "X", empty="<no> week")._repr_html_() == (
        '<p class="empty">&lt;no&gt; week</p>'
    )


def test_nothing_to_choose_is_said(capsys):
    choose(say, [], "Outlet")._ipython_display_()
    assert "Nothing of this kind" in capsys.readouterr().out


def test_without_a_page_or_a_reader_the_first_answer_stands(monkeypatch, capsys):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    choose(say, ["first", "second"], "X")._ipython_display_()
    assert capsys.readouterr().out.split() == ["first"]


def test_hostile_choices_are_text():
    page = choose(lambda c: show(__import__("pandas").DataFrame({"x": [c]})), ['"><b>'], "<i>")
    assert "<b>" not in page._repr_html_() and "<i>" not in page._repr_html_()


@pytest.mark.parametrize("session, export, live", [("", "", 0), ("a", "1", 0), ("a", "", 1)])
def test_live_only_where_a_notebook_is_open(monkeypatch, session, export, live):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("ANALYSIS_EXPORT", raising=False)
    if session:
        monkeypatch.setenv("JPY_SESSION_NAME", session)
    if export:
        monkeypatch.setenv("ANALYSIS_EXPORT", export)
    assert choose(say, ["a"], "X").live == bool(live)


def test_an_open_notebook_offers_more_than_a_page():
    given = [choose(say, ["a"], "X", live=live, also=["a", "b"]).options for live in (True, False)]
    assert given == [["a", "b"], ["a"]]
