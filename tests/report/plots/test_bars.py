"""Bars: from zero, few articles apart and in figures, described by what they show."""

import re

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from analysis.report.plots import bars
from analysis.report.plots.style import figure

TABLE = pd.DataFrame(
    {
        "outlet": ["Post", "Skerry", "Lantern"],
        "rate": [2.0, 1.0, 9.0],
        "k": [5, 3, 1],
        "n": [12, 8, 1],
        "narrator": [3, 1, 2],
        "reported": [1, 1, 0],
        "quoted": [0, 4, 0],
    }
)


def patches(ax) -> list:
    return [p for p in ax.patches if p.get_width()]


def test_few_articles_stand_last_apart_and_are_nobody_s_longest_bar():
    ax = bars.by_group(TABLE, "rate", n="n", k="k")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Post", "Skerry", "Lantern"]  # though Lantern's rate is the highest
    assert ax.get_yticks()[2] - ax.get_yticks()[1] > 1
    assert [p.get_alpha() for p in patches(ax)] == [1.0, 1.0]
    assert "9 (1 of 1)" in [t.get_text() for t in ax.texts]
    assert ax.get_xlim()[0] == 0
    assert "5 of 12" in [t.get_text() for t in ax.texts]
    assert "fewer than 4 articles" in [t.get_text() for t in ax.texts]
    words = figure(ax, "Rates").alt
    assert "most Post (2)" in words and "1 of fewer than 4 articles" in words
    level = bars.by_group(TABLE.assign(rate=2.0), "rate", n="n", k="k")
    assert "of 3 rows: 2 in each." in figure(level, "Rates").alt


def test_voices_differ_without_colour_as_well():
    ax = bars.by_voice(TABLE, n="n")
    looks = {(p.get_hatch(), to_rgba(p.get_edgecolor())[:3]) for p in patches(ax)}
    assert {hatch or "" for hatch, _ in looks} == {"", "\\\\\\", "///"}
    firm = TABLE[TABLE["n"] >= bars.FEW]
    widths = sum(p.get_width() for p in patches(ax))
    assert widths == firm[["narrator", "reported", "quoted"]].to_numpy().sum()


def test_who_has_none_stands_there_without_a_bar():
    table = TABLE.assign(**{voice: [3, 0, 2] for voice in ("narrator", "reported", "quoted")})
    ax = bars.by_voice(table, n="n", k="k")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Post", "Skerry", "Lantern"]
    assert len(ax.patches) == 3  # a bar of nothing would show its edge


@pytest.mark.parametrize("table", [TABLE.head(0), TABLE.assign(rate=float("nan"))])
def test_nothing_to_draw_is_said(table):
    assert figure(bars.by_group(table, "rate", empty="No word."), "x").alt == "No word."


def test_a_picture_for_phones_is_drawn_again_not_shrunk():
    page = figure(bars.by_group(TABLE, "rate", n="n"), "Rates").html()
    assert page.count("<svg") == 2 and 'class="scroll narrow"' in page


def test_hatches_of_a_picture_for_phones_are_its_own():
    """Those of a picture that is not displayed draw nothing."""
    page = figure(bars.by_voice(TABLE, n="n"), "Voices").html()
    wide, narrow = page.split('class="scroll narrow"')
    ids = [set(re.findall(r'<pattern[^>]* id="([^"]+)"', part)) for part in (wide, narrow)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    for part, own in zip((wide, narrow), ids, strict=True):
        assert set(re.findall(r"url\(#(h[^)]+)\)", part)) == own


def test_weeks_keep_their_order_and_where_all_are_few_they_are_pale():
    weeks = pd.CategoricalDtype(["week of 30 June 2031", "week of 7 July 2031"], ordered=True)
    table = TABLE.head(2).assign(outlet=pd.Series(weeks.categories[::1], dtype=weeks), n=[2, 3])
    ax = bars.by_voice(table, n="n")
    assert [label.get_text() for label in ax.get_yticklabels()] == list(weeks.categories)
    assert {p.get_alpha() for p in patches(ax)} == {0.4}


def test_why_there_is_no_picture_is_a_sentence_of_the_page():
    shown = figure(bars.by_group(TABLE.head(0), "rate", empty="No <word>."), "Rates")
    assert shown.html() == '<p class="empty">No &lt;word&gt;.</p>'


def test_strips_of_an_article_without_words_or_statements():
    articles = pd.DataFrame({"id": ["a", "b"], "outlet": ["X", "Y"], "words": [100, 0]})
    said = pd.DataFrame(
        {
            "article": ["a"],
            "start_word": [10],
            "words": [30],
            "kind": ["direct"],
            "speaker": ["Ida Brandt"],
        }
    )
    called = pd.Series({"a": "X: pier", "b": "Y"})
    ax = bars.strips(articles, said, called)
    assert "1 article" in figure(ax, "x").alt and "30 %" in figure(ax, "x").alt
    assert "Brandt" in [t.get_text() for t in ax.texts]
    assert figure(bars.strips(articles.tail(1), said, called), "x").alt.startswith("No article")


def test_panels_are_described_by_their_own_names() -> None:
    rows = [("Post", "council", 0.4, 12), ("Post", "union", 0.6, 12), ("Lantern", "union", 1.0, 5)]
    table = pd.DataFrame(rows, columns=["outlet", "side", "share", "n"])
    alt = figure(bars.panels_of(table, "side", "share", n="n"), "Who is heard").alt
    assert alt.startswith("Bars from zero in 2 panels (union, council), 2 groups")


def test_counts_have_whole_numbers_on_their_axis() -> None:
    ax = bars.by_group(pd.DataFrame({"outlet": ["Post", "Tern"], "articles": [2, 1]}), "articles")
    assert all(tick == int(tick) for tick in ax.get_xticks())
