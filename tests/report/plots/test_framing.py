"""What stands in the pictures is what stands in the tables."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

import analysis
from analysis.compare import framing
from analysis.data import DATA
from analysis.measure.measures import Measures
from analysis.report.plots.framing import heat_map, names, quality
from analysis.report.plots.style import figure


def texts(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.texts]


@pytest.fixture(scope="module")
def harbour() -> Measures:
    rows = {
        "Post": [
            "The pier is unsafe and costly. “A danger,” said Ida Brandt.",
            "It costs. It costs.",
        ],
        "Skerry": ["Nobody spoke of danger."],
        "Gull": ["Wind over Velmar."],
    }
    articles = [
        {"id": f"{outlet}{i}", "outlet": outlet, "text": text}
        for outlet, its in rows.items()
        for i, text in enumerate(its)
    ]
    lists = [DATA / "examples" / "harbour.toml"]
    return analysis.measure_articles(pd.DataFrame(articles), lexicons=lists)


def test_every_count_of_the_heat_map_stands_in_its_half(harbour: Measures) -> None:
    table = framing.by_voice(harbour)
    ax = heat_map(table)
    groups = [t.get_text() for t in ax.get_xticklabels()]
    assert groups == ["Post (2)", "Gull (1)", "Skerry (1)"]
    places = dict(zip((t.get_text() for t in ax.get_yticklabels()), ax.get_yticks(), strict=True))
    written = {(round(t.get_position()[0]), round(t.get_position()[1], 3)): t for t in ax.texts}
    for entry, own, others in (("cost", 3, 0), ("danger", 1, 1)):
        y = places[entry]
        assert written[0, round(y - 0.225, 3)].get_text() == str(own)
        assert written[0, round(y + 0.235, 3)].get_text() == (str(others) if others else "·")
    squares = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert len(squares) == 2 * 2 * 3
    alt = figure(ax, "Indicators").alt
    assert "2 indicators by 3 groups" in alt and "Most hits: cost (3)" in alt


def test_of_many_groups_the_heat_map_shows_those_with_most_articles() -> None:
    rows = [
        (f"outlet{i:02}", 40 - i, "l", "s", "cost", voice, 1, 1, 1.0)
        for i in range(40)
        for voice in ("narrator", "reported", "quoted")
    ]
    columns = ["outlet", "articles_all", "lexicon", "set", "entry", "voice", "hits", "articles"]
    ax = heat_map(pd.DataFrame(rows, columns=[*columns, "per_1000"]))
    assert [t.get_text() for t in ax.get_xticklabels()] == [
        f"outlet{i:02} ({40 - i})" for i in range(20)
    ]
    assert "20 groups (of 40, those with most articles)" in figure(ax, "Indicators").alt
    assert texts(ax).count("2") == 20  # reported and quoted added up


def test_equal_names_of_sets_in_two_lexicons_stay_apart() -> None:
    rows = [
        ("Post", 1, lexicon, "s", "cost", voice, hits, 1, 1.0)
        for lexicon, hits in (("a", 3), ("b", 5))
        for voice in ("narrator", "reported", "quoted")
    ]
    columns = ["outlet", "articles_all", "lexicon", "set", "entry", "voice", "hits", "articles"]
    ax = heat_map(pd.DataFrame(rows, columns=[*columns, "per_1000"]))
    assert [t for t in texts(ax) if t.isdigit()] == ["3", "6", "5", "10"]


def naming_table(counts: dict[str, dict[str, int]]) -> pd.DataFrame:
    rows = []
    for outlet, labels in counts.items():
        total = sum(labels.values())
        for label, n in labels.items():
            share = n / total if total >= 5 else float("nan")
            rows.append((outlet, "the sale", label, n, total, share, False))
    columns = ["outlet", "set", "label", "mentions", "of_set", "share", "house_style"]
    return pd.DataFrame(rows, columns=columns)


def test_names_are_stacked_with_n_and_sorted_by_the_first_name() -> None:
    table = naming_table(
        {
            "Gull": {"sale": 2, "sell-off": 8},
            "Post": {"sale": 15, "sell-off": 5},
            "Skerry": {"sale": 3, "sell-off": 1},
        }
    )
    ax = names(table)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Post", "Gull"]
    widths = [round(p.get_width(), 6) for p in ax.patches]
    assert widths == [0.75, 0.25, 0.2, 0.8]
    shown = texts(ax)
    assert {"n = 20", "n = 10", "sale 75 %", "sell-off 80 %"} <= set(shown)
    assert "fewer than five mentions: Skerry: 3 sale, 1 sell-off" in shown
    assert not any("Skerry" in t and "%" in t for t in shown)
    alt = figure(ax, "Names").alt
    assert "sale from 75 % in Post (n = 20) to 20 % in Gull (n = 10)" in alt


def test_spellings_and_sets_without_a_share_are_left_aside() -> None:
    table = naming_table({"Post": {"sale": 20, "sell-off": 5}})
    assert "No name was found five times" in figure(names(table.assign(house_style=True)), "N").alt
    few = naming_table({"Post": {"sale": 2, "sell-off": 1}})
    assert "No name was found five times" in figure(names(few), "N").alt


def test_empty_tables_give_a_picture_that_says_so() -> None:
    articles = pd.DataFrame([{"id": "a", "outlet": "Post", "text": "Wind over Velmar."}])
    measures = analysis.measure_articles(articles, lexicons=[])
    pictures = (
        heat_map(framing.by_voice(measures)),
        names(framing.naming(measures)),
        quality(framing.quality(measures)),
    )
    for ax in pictures:
        assert figure(ax, "Nothing").alt in texts(ax)


def test_an_indicator_without_a_hit_is_drawn_as_zero(harbour: Measures) -> None:
    ax = heat_map(framing.by_voice(harbour.keep(["Gull0"])))
    assert texts(ax).count("·") == 4
    assert "Most per 1,000 words" not in figure(ax, "Indicators").alt


def test_quality_marks_chance_in_words_and_form() -> None:
    table = pd.DataFrame(
        {
            "indicator": ["cost", "danger"],
            "coded": [10, 20],
            "articles": 50,
            "auc": [0.8, 0.52],
            "auc_low": [0.7, 0.4],
            "auc_high": [0.9, 0.64],
            "verdict": ["better than chance", "at chance"],
        }
    )
    ax = quality(table)
    assert {"0.80", "0.52, at chance"} <= set(texts(ax))
    assert "At chance: 1." in figure(ax, "Quality").alt
