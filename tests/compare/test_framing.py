"""Indicators and names, counted by hand on invented articles."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.compare import framing
from analysis.compare.framing import (
    differences,
    indicators,
    naming,
    prominence,
)
from analysis.compare.ground.inference import Plan
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures

QUAY = """
title = "Quay"
kind = "indicators"
about = "For tests."
[sources]
Doe = "Doe, J. (2001)."
[[set]]
name = "quay"
about = "a"
[[set.label]]
name = "cost"
about = "Is money spoken of?"
entries = [
  { pattern = "cost|costs", sense = "s", source = "Doe", example = "It costs." },
  { pattern = "toll*", sense = "s", source = "Doe", example = "The toll." },
]
[[set.label]]
name = "law"
about = "Is the law spoken of?"
entries = [{ pattern = "illegal*", sense = "s", source = "Doe", example = "It is illegal." }]
[[set.label]]
name = "ghosts"
about = "Are ghosts spoken of?"
entries = [{ pattern = "ghost*", sense = "s", source = "Doe", example = "A ghost." }]
"""
NAMES = """
title = "Names"
kind = "naming"
about = "For tests."
[sources]
Doe = "Doe, J. (2001)."
[[set]]
name = "the sale"
about = "What the sale is called."
[[set.label]]
name = "sale"
about = "a"
entries = [{ pattern = "sale", sense = "s", source = "Doe", example = "The sale." }]
[[set.label]]
name = "sell-off"
about = "a"
entries = [
  { pattern = "sell-off", sense = "s", source = "Doe", example = "The sell-off." },
  { pattern = "giveaway", sense = "s", source = "Doe", example = "The giveaway." },
]
"""


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("lexicons")
    for name, text in {"quay": QUAY, "names": NAMES}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return [folder / "quay.toml", folder / "names.toml"]


def measured(lists: list[Path], texts: dict[str, list[str]], **more: str) -> Measures:
    """One article per text; ids say outlet and number."""
    rows = [
        {"id": f"{outlet}-{i:03}", "outlet": outlet, "text": text, **more}
        for outlet, its_texts in texts.items()
        for i, text in enumerate(its_texts)
    ]
    return analysis.measure_articles(pd.DataFrame(rows), lexicons=lists)


def row(table: pd.DataFrame, outlet: str, entry: str, column: str = "entry") -> pd.Series:
    (found,) = table[(table["outlet"] == outlet) & (table[column] == entry)].itertuples(index=False)
    return pd.Series(found._asdict())


@pytest.fixture(scope="module")
def two(lists: list[Path]) -> Measures:
    return measured(
        lists,
        {
            "Post": [
                "The pier costs much. The toll costs more.",  # 8 words, cost 3
                "Ida said “it is not illegal at all” and left.",  # 10 words, law 1, negated
            ],
            "Skerry": [
                "The so-called “illegal sale” of Velmar began.",  # 7 words, law 1, distanced
                "No toll, no sale, a giveaway.",  # 6 words, cost 1 negated
                "Nothing of note today.",  # 4 words
            ],
        },
    )


def test_an_indicator_by_hand(two: Measures) -> None:
    table = indicators(two)
    post, skerry = row(table, "Post", "cost"), row(table, "Skerry", "cost")
    assert (post["articles"], post["articles_all"], post["hits"], post["words"]) == (1, 2, 3, 18)
    assert post["per_1000"] == pytest.approx(3000 / 18)
    assert post["per_1000_rest"] == pytest.approx(1000 / 17)
    assert post["log_ratio"] == pytest.approx(np.log2((3.5 / 18.5) / (1.5 / 17.5)))
    assert skerry["log_ratio"] == pytest.approx(-post["log_ratio"])
    assert (post["more_used_by"], skerry["more_used_by"]) == ("Post", "Post")
    assert post["carried_by"] == "costs 2, toll 1"
    assert (skerry["negated"], skerry["narrator"]) == (1, 1)
    assert post["evidence"] == "one article"


def test_voice_and_marks_travel_with_the_hit(two: Measures) -> None:
    table = indicators(two)
    post, skerry = row(table, "Post", "law"), row(table, "Skerry", "law")
    assert (post["quoted"], post["narrator"], post["negated"], post["distanced"]) == (1, 0, 1, 0)
    assert (skerry["quoted"], skerry["narrator"], skerry["distanced"]) == (0, 1, 1)
    narrated = indicators(two.select(voice="narrator"))
    assert row(narrated, "Post", "law")["hits"] == 0
    assert row(narrated, "Post", "law")["words"] == 10
    quoted = indicators(two.select(voice="quoted"))
    assert row(quoted, "Post", "law")["hits"] == 1


def test_an_indicator_nobody_uses_is_listed_with_its_bound(two: Measures) -> None:
    ghosts = row(indicators(two), "Skerry", "ghosts")
    assert (ghosts["hits"], ghosts["articles"], ghosts["share"]) == (0, 0, 0)
    assert ghosts["share_high"] == pytest.approx(1 - 0.025 ** (1 / 3))
    assert np.isnan(ghosts["log_ratio"]) and ghosts["more_used_by"] == ""


def test_below_four_articles_there_is_no_p(two: Measures) -> None:
    table = indicators(two)
    assert table[["p", "q", "log_ratio_low", "log_ratio_high"]].isna().all(axis=None)
    assert table.loc[table["hits"] > 0, "loo_low"].notna().all()
    assert any("No p and no interval" in note for note in table.attrs["notes"])


def test_four_articles_are_tested_exactly_without_an_interval(lists: list[Path]) -> None:
    high = ["The toll and the pier."] * 2 + ["A toll is on the pier."] * 2
    texts = {
        "Post": [f"{t} {'more ' * i}" for i, t in enumerate(high)],
        "Skerry": [f"Nothing of note {'at all ' * i}" for i in range(4)],
    }
    cost = row(indicators(measured(lists, texts)), "Post", "cost")
    assert cost["p"] == pytest.approx(2 / 70)  # 2 / C(8, 4): the most extreme division
    assert np.isnan(cost["log_ratio_low"])


def test_ten_articles_have_an_interval_around_the_log_ratio(lists: list[Path]) -> None:
    texts = {
        "Post": [f"A toll on pier {i}{' and a toll' * (i % 3)}." for i in range(12)],
        "Skerry": [f"No news of pier {i} but one toll{' and wind' * i}." for i in range(12)],
    }
    cost = row(indicators(measured(lists, texts)), "Post", "cost")
    assert cost["log_ratio_low"] < cost["log_ratio"] < cost["log_ratio_high"]
    assert np.isnan(cost["loo_low"]) and 0 < cost["p"] <= cost["q"] <= 1


def test_a_finding_that_hangs_on_one_word_is_marked(lists: list[Path]) -> None:
    filler = "The pier stands in the wind of Velmar and nobody minds it much. "
    texts = {
        "Post": [filler * 3 + "Toll, toll, toll, toll: it costs.", filler * 3 + "It costs."],
        "Skerry": [filler * 3 + "The cost, the costs.", filler * 3],
    }
    table = indicators(measured(lists, texts))
    assert row(table, "Post", "cost")["hangs_on"] == "toll"
    both = {
        "Post": [filler * 3 + "Toll, toll, toll: it costs, costs, costs."],
        "Skerry": [filler * 4],
    }
    assert row(indicators(measured(lists, both)), "Post", "cost")["hangs_on"] == ""


def test_three_groups_are_compared_with_the_rest_weighted_equally(lists: list[Path]) -> None:
    texts = {"A": ["toll one two three"], "B": ["toll toll"], "C": ["one two three four"]}
    cost = row(indicators(measured(lists, texts)), "A", "cost")
    assert cost["per_1000_rest"] == pytest.approx((1000 + 0) / 2)
    assert cost["more_used_by"] == "rest"


def test_names_by_hand(two: Measures) -> None:
    table = naming(two)
    giveaway = row(table, "Skerry", "sell-off", "label")
    assert (giveaway["mentions"], giveaway["of_set"], giveaway["articles"]) == (1, 2, 1)
    assert np.isnan(giveaway["share"])  # two mentions are too few for a share
    sale = row(table, "Skerry", "sale", "label")
    assert (sale["mentions"], sale["negated"], sale["distanced"]) == (1, 1, 1)
    assert "Not counted: 1 negated mention." in table.attrs["notes"]


def test_shares_are_given_from_five_mentions_up(lists: list[Path]) -> None:
    texts = {"Post": ["A sale, a sale, a sell-off."] * 1 + ["A giveaway, a sale indeed."]}
    table = naming(measured(lists, texts))
    assert row(table, "Post", "sale", "label")["share"] == pytest.approx(3 / 5)
    sell_off = row(table, "Post", "sell-off", "label")
    assert sell_off["share"] == pytest.approx(2 / 5)
    assert sell_off["hangs_on"] == ""
    four = naming(measured(lists, {"Post": ["A sale, a sale, a sell-off, a sale."]}))
    assert four["share"].isna().all()


def test_a_name_that_is_mostly_one_pattern_is_marked(lists: list[Path]) -> None:
    texts = {"Post": ["A giveaway, a giveaway, a sell-off."]}
    table = naming(measured(lists, texts))
    assert row(table, "Post", "sell-off", "label")["hangs_on"] == "giveaway"
    assert row(table, "Post", "sale", "label")["hangs_on"] == ""


def test_unknown_names_are_refused_with_what_there_is(two: Measures) -> None:
    with pytest.raises(AnalysisError, match=r"Unknown lexicon of indicators 'names'"):
        indicators(two, lexicon="names")
    with pytest.raises(AnalysisError, match=r"Unknown column to compare by"):
        indicators(two, by="planet")


def test_measures_without_a_lexicon_give_empty_tables_that_say_so(lists: list[Path]) -> None:
    only = measured(lists[:1], {"Post": ["A toll."]})
    assert naming(only).empty
    assert any("measured without a lexicon of naming" in n for n in naming(only).attrs["notes"])
    none = measured([], {"Post": ["A toll."], "Skerry": ["A pier."]})
    for table in (indicators(none), framing.prominence(none)):
        assert table.empty
        assert any("without a lexicon of indicators" in n for n in table.attrs["notes"])
    assert list(indicators(none).columns) == list(indicators(only).columns)


def test_one_group_has_counts_and_no_comparison(lists: list[Path]) -> None:
    table = indicators(measured(lists, {"Post": ["A toll."] * 2}))
    assert row(table, "Post", "cost")["hits"] == 1
    assert table[["log_ratio", "p", "q"]].isna().all(axis=None)
    assert (table[["hangs_on", "more_used_by", "evidence"]] == "").all(axis=None)


def test_differences_are_those_tested_with_the_least_likely_first(lists: list[Path]) -> None:
    texts = {
        "Post": [f"A toll, illegal. {'more ' * i}" for i in range(5)],
        "Skerry": [f"Nothing of note, illegal. {'at all ' * i}" for i in range(5)],
    }
    measures = measured(lists, texts)
    table = indicators(measures)
    found = differences(table)
    assert set(found["entry"]) == {"cost", "law"}  # ghosts were never seen, so not tested
    assert found["entry"].iloc[0] == "cost" and found["q"].is_monotonic_increasing


def test_where_nothing_is_tested_the_notes_say_so(two: Measures) -> None:
    assert differences(indicators(two)).empty
    assert any("Nothing was tested" in n for n in differences(indicators(two)).attrs["notes"])


def test_rows_in_any_order_give_the_same_tables(lists: list[Path]) -> None:
    texts = {"A": ["toll one", "cost two three"], "B": ["illegal sale", "a sell-off of tolls"]}
    rows = [
        {"id": f"{o}{i}", "outlet": o, "text": t}
        for o, ts in texts.items()
        for i, t in enumerate(ts)
    ]
    tables = []
    for order in itertools.islice(itertools.permutations(rows), 0, 24, 7):
        measures = analysis.measure_articles(pd.DataFrame(list(order)), lexicons=lists)
        tables.append([indicators(measures), naming(measures)])
    for other in tables[1:]:
        for one, same in zip(tables[0], other, strict=True):
            pd.testing.assert_frame_equal(one, same)


def test_ten_copies_of_every_article_change_nothing(lists: list[Path]) -> None:
    rows = [
        {"id": f"{outlet}-{i}-{copy}", "outlet": outlet, "text": text}
        for outlet, text in (("Post", "A toll is due."), ("Skerry", "Nothing new here."))
        for i in range(2)
        for copy in range(10)
    ]
    table = indicators(analysis.measure_articles(pd.DataFrame(rows), lexicons=lists))
    assert row(table, "Post", "cost")["articles_all"] == 1
    assert row(table, "Post", "cost")["hits"] == 1


def test_random_halves_of_one_outlet_differ_in_about_five_percent(lists: list[Path]) -> None:
    rng = np.random.default_rng(7)
    words = np.array(["toll", "pier", "wind", "illegal", "sea", "boat", "rope", "tide"])
    texts = [" ".join(rng.choice(words, 60)) for _ in range(40)]
    small = 0
    for _ in range(60):
        halves = rng.permutation(40)
        groups = {"A": [texts[i] for i in halves[:20]], "B": [texts[i] for i in halves[20:]]}
        table = indicators(measured(lists, groups), plan=Plan(permutations=200, bootstraps=10))
        small += int((table["p"] < 0.05).sum()) // 2
    assert small <= 12  # of 120 tests; 6 expected


# ---------------------------------------------------------------- shares of articles, precision


def test_shares_of_articles_by_hand(lists: list[Path]) -> None:
    texts = {"Post": ["A toll is due."] * 3 + ["Wind."] * 9, "Skerry": ["A toll."] + ["Rain."] * 11}
    numbered = {o: [f"{t} Day {i}{o}." for i, t in enumerate(its)] for o, its in texts.items()}
    table = indicators(measured(lists, numbered))
    post = row(table, "Post", "cost")
    assert (post["share"], post["share_rest"]) == (pytest.approx(3 / 12), pytest.approx(1 / 12))
    # Clopper–Pearson of 3 in 12, from the beta distribution by another way
    assert post["share_low"] == pytest.approx(0.0549, abs=5e-4)
    assert post["share_high"] == pytest.approx(0.5719, abs=5e-4)
    assert 0.3 < post["share_p"] <= 1 and np.isnan(post["share_q"])  # no contrast to look into


def test_a_difference_in_shares_is_found_and_only_among_those_that_name(lists: list[Path]) -> None:
    texts = {
        "Post": [f"The sell-off began on day {i}." for i in range(12)],
        "Skerry": [f"The sale began on day {i}." for i in range(12)]
        + [f"Rain fell on day {i}." for i in range(12)],
    }
    table = naming(measured(lists, texts))
    post, skerry = (row(table, o, "sell-off", "label") for o in ("Post", "Skerry"))
    assert (post["articles_naming"], skerry["articles_naming"]) == (12, 12)
    assert (post["of_articles"], skerry["of_articles"]) == (1.0, 0.0)
    assert post["of_articles_p"] < 0.01 and post["of_articles_q"] < 0.05
    assert post["of_articles_low"] == pytest.approx(0.7354, abs=5e-4)
    assert (table["shown"] == "not checked").all() and table["precision"].isna().all()


def test_shares_of_a_set_that_is_seldom_right_are_not_shown(
    lists: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = pd.DataFrame(
        [("names", "the sale", "", 20, 10, 0.5, 0.27, 0.73, 0.9, False)],
        columns=["lexicon", "set", "entry", "coded", "right", "precision", "precision_low",
                 "precision_high", "alpha", "shown"],
    )  # fmt: skip
    monkeypatch.setattr(framing.quality, "hits", lambda measures: known)
    table = naming(measured(lists, {"Post": ["The sale, the sale, the sell-off."] * 4}))
    assert table["share"].isna().all() and (table["shown"] == "words").all()
    assert table["mentions"].sum() == 3  # exact copies count once


def test_prominence_compares_each_article_with_itself(lists: list[Path]) -> None:
    rows = []
    for n in range(14):
        body = " ".join(f"Ship{n}x{i} met boat{n}x{i} at pier{n}x{i}." for i in range(20))
        title, last = ("The toll", "") if n < 12 else ("News", " No toll.")
        rows.append({"id": f"a{n:02}", "outlet": "Post", "title": title, "text": body + last})
    measures = analysis.measure_articles(pd.DataFrame(rows), lexicons=lists)
    found = prominence(measures).set_index("entry")
    cost = found.loc["cost"]
    assert (cost["articles"], cost["articles_all"]) == (14, 14)
    assert (cost["hits_top"], cost["hits_body"]) == (12, 2)
    words = measures.terms.groupby("zone", observed=True)["count"].sum()
    assert cost["per_1000_top"] == pytest.approx(12000 / (words["headline"] + words["lead"]))
    assert cost["per_1000_body"] == pytest.approx(2000 / words["body"])
    assert cost["ratio"] > 5 and cost["p"] < 0.05 and cost["q"] >= cost["p"]
    assert np.isnan(found.loc["law", "p"]) and (found["shown"] == "not checked").all()


def test_prominence_lists_nothing_that_was_not_found(lists: list[Path]) -> None:
    silent = measured(lists, {"Post": ["Nothing of the kind stands in this text."] * 2})
    assert framing.prominence(silent).empty


def test_prominence_of_names_leaves_out_denials_and_copies(lists: list[Path]) -> None:
    text = "A pier. " * 40 + "The sale, no sale."
    rows = [{"id": f"a{i}", "outlet": "Post", "title": "Sale", "text": text} for i in range(3)]
    measures = analysis.measure_articles(pd.DataFrame(rows), lexicons=lists)
    sale = prominence(measures, kind="naming").set_index("entry").loc["sale"]
    assert (sale["articles"], sale["hits_top"], sale["hits_body"]) == (1, 1, 1)


def test_signs_are_as_likely_either_way() -> None:
    rng = np.random.default_rng(1)
    null = rng.normal(size=(30, 2000))
    p = framing._sign_flips(null, Plan(permutations=500))
    assert 0.03 < (p < 0.05).mean() < 0.07
