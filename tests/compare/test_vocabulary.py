"""Keyness: figures by hand, what n forbids, and what must not matter."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from conftest import TWO, WORDS, corpus, noise, row
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare.ground import scores
from analysis.compare.ground.groups import grouped
from analysis.compare.ground.inference import DESCRIBED, Plan
from analysis.compare.vocabulary import (
    COLUMNS,
    family_of,
    house_words,
    keyness,
    kinds_of,
    summary,
    topic_terms,
)
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.reference import read_reference


def test_keyness_of_few_articles_by_hand() -> None:
    table = keyness(corpus(TWO))
    assert tuple(table.columns) == COLUMNS
    pier = row(table, "pier")
    assert (pier["target"], pier["reference"]) == ("East", "West")
    assert (pier["n_target"], pier["n_reference"]) == (2, 1)
    assert (pier["tokens_target"], pier["tokens_reference"]) == (5, 4)
    assert (pier["per_1000_target"], pier["per_1000_reference"]) == (400, 250)
    assert (pier["articles_target"], pier["articles_target_all"]) == (1, 2)
    assert pier["log_ratio"] == pytest.approx(np.log2((2.5 / 5.5) / (1.5 / 4.5)))
    # East without its first article: 0 of 2; without its second: 2 of 3.
    assert pier["loo_low"] == pytest.approx(np.log2((0.5 / 2.5) / (1.5 / 4.5)))
    assert pier["loo_high"] == pytest.approx(np.log2((2.5 / 3.5) / (1.5 / 4.5)))
    share = read_reference().share(["pier"])[0]
    assert pier["log_odds_z"] == pytest.approx(float(scores.log_odds_z(2, 5, 1, 4, share)))
    assert pier["g2"] == pytest.approx(float(scores.g2(2, 5, 1, 4)))
    # Tokens 3/5 and 2/5; occurrences 1 and 0.
    assert pier["dp_target"] == pytest.approx(2 / 5)
    assert (pier["more_used_by"], pier["evidence"]) == ("East", "one article")
    assert row(table, "vote")["more_used_by"] == "West"


EMPTY = ["p", "q", "log_ratio_low", "log_ratio_high", "lrc"]


@pytest.mark.parametrize("n", [1, 3, 9])
def test_below_ten_articles_nothing_is_tested_and_the_notes_say_why(n: int) -> None:
    table = keyness(corpus(noise(n)))
    assert table[EMPTY].isna().all(axis=None)
    notes = " ".join(table.attrs["notes"])
    assert "No p and no interval" in notes
    assert (f"{n} against {n}" in notes) or "fewer than 10" in notes
    assert table["loo_low"].notna().all() == (n > 1)


def test_ten_articles_are_tested() -> None:
    table = keyness(corpus(noise(10)), plan=Plan(permutations=200, bootstraps=100))
    assert table["p"].notna().all()
    assert table["q"].isna().all()  # the contrast is not selected
    assert table[["loo_low", "loo_high"]].isna().all(axis=None)
    used = (table["n_target"] > 0) & (table["n_reference"] > 0)
    assert table.loc[used, ["log_ratio_low", "log_ratio_high"]].notna().all(axis=None)
    assert table.loc[~used, ["log_ratio_low", "log_ratio_high"]].isna().all(axis=None)


def test_rare_words_are_described_and_not_tested() -> None:
    texts = [t + " lamp" * (i in (0, 1, 12, 13, 14)) for i, (_, t) in enumerate(noise(20))]
    outlets = [o for o, _ in noise(20)]
    table = keyness(corpus(list(zip(outlets, texts, strict=True))), plan=Plan(permutations=200))
    lamp = row(table, "lamp")  # in 5 of 40 articles; tested from .4 · 20
    assert np.isnan(lamp["p"]) and lamp["n_target"] == 5 and lamp["log_ratio"] > 0
    assert table.loc[table["term"].isin(WORDS), "p"].notna().all()
    assert "the others are described" in " ".join(table.attrs["notes"])


def test_named_terms_are_tested_exactly_from_four_articles() -> None:
    rows = [("East", "pier tide O’Brien")] * 5 + [("West", "crane tide quay")] * 5
    rows = [(o, f"{t} extra{i}") for i, (o, t) in enumerate(rows)]
    table = keyness(corpus(rows), terms=["Pier", "tide", "lighthouse", "O’Brien"])
    assert list(table["term"]) == ["o'brien", "pier", "tide"]
    assert row(table, "pier")["p"] == pytest.approx(2 / 252)
    assert row(table, "pier")["q"] == pytest.approx(3 / 252)
    assert row(table, "tide")["p"] == 1
    assert table[["log_ratio_low", "lrc"]].isna().all(axis=None)
    notes = " ".join(table.attrs["notes"])
    assert "test of what was named beforehand" in notes
    assert "lighthouse" in notes


def test_outlets_with_the_same_texts_do_not_differ() -> None:
    texts = [t for _, t in noise(12, outlets=("East",))]
    table = keyness(
        corpus([(o, t) for o in ("East", "West") for t in texts]), plan=Plan(permutations=200)
    )
    assert (table["log_ratio"] == 0).all()
    assert (table["log_odds_z"] == 0).all()
    assert (table["p"].dropna() > 0.8).all()
    assert (table["more_used_by"] == "").all()


def test_a_group_is_not_compared_with_itself() -> None:
    with pytest.raises(AnalysisError, match=r"East compared with itself\. Name two"):
        keyness(corpus(noise(4)), target="East", reference="East")


def test_the_family_of_a_corpus_are_one_family() -> None:
    rows = [(o, t + " lighthouse" * 4 * (o == "East")) for o, t in noise(12, 3, ("East", "West"))]
    measures = corpus([*rows, *noise(12, 5, ("North",))])
    plan = Plan(permutations=500, bootstraps=20)
    table = family_of(measures, pair=("East", "West"), plan=plan)
    contrasts = list(table[["target", "reference"]].drop_duplicates().itertuples(index=False))
    expected = [("East", "rest"), ("North", "rest"), ("West", "rest"), ("East", "West")]
    assert [tuple(c) for c in contrasts] == expected
    assert set(table.loc[table["q"] < 0.05, "term"]) == {"lighthouse"}
    assert table.equals(family_of(measures, pair=("East", "West"), plan=plan))
    assert "in the contrasts that differ alone" in " ".join(table.attrs["notes"])
    named = family_of(measures, terms=["lighthouse", "pier"], plan=plan)
    assert set(named["term"]) == {"lighthouse", "pier"}


def test_what_one_story_says_is_no_finding_once_stories_are_held_still() -> None:
    rows, week = [], []
    for outlet, story in (("East", 8), ("West", 4)):
        for i, (_, text) in enumerate(noise(24, seed=story, outlets=(outlet,))):
            rows.append((outlet, text + " storm" * 3 * (i % 12 < story)))
            week.append("2031-05-07" if i % 12 < story else "2031-06-18")
    measures = corpus(rows, date=week)
    free = keyness(measures, plan=Plan(permutations=2000, bootstraps=0))
    held = keyness(measures, plan=Plan(permutations=2000, bootstraps=0, strata="week"))
    assert row(free, "storm")["p"] < 0.05 < row(held, "storm")["p"]
    assert "Held still: week" in " ".join(held.attrs["notes"])


def _swapped(table: pd.DataFrame) -> pd.DataFrame:
    names = {c: c.replace("target", "reference") for c in table.columns if "target" in c}
    out = table.rename(columns=names | {v: k for k, v in names.items()})
    out[["log_ratio", "lrc", "log_odds_z"]] *= -1
    for low, high in (("log_ratio_low", "log_ratio_high"), ("loo_low", "loo_high")):
        out[low], out[high] = -table[high], -table[low]
    return out


@pytest.mark.parametrize("n", [5, 12])
def test_swapping_target_and_reference_swaps_the_names_alone(n: int) -> None:
    measures = corpus(noise(n))
    one = keyness(
        measures, target="East", reference="West", plan=Plan(permutations=200, bootstraps=200)
    )
    other = keyness(
        measures, target="West", reference="East", plan=Plan(permutations=200, bootstraps=200)
    )
    skip = ["dp_target", "dp_reference"]
    expected = _swapped(one).drop(columns=skip, errors="ignore")
    pd.testing.assert_frame_equal(
        expected[other.columns.drop("dp_target")], other.drop(columns="dp_target"), atol=1e-9
    )


def test_renaming_outlets_changes_no_figure() -> None:
    rows = noise(12)
    renamed = [({"East": "Zenith", "West": "Apex"}[o], t) for o, t in rows]
    one = keyness(corpus(rows), target="East", reference="West", plan=Plan(permutations=300))
    other = keyness(corpus(renamed), target="Zenith", reference="Apex", plan=Plan(permutations=300))
    figures = one.select_dtypes("number").columns
    pd.testing.assert_frame_equal(one[figures], other[figures])


def test_row_order_changes_nothing() -> None:
    measures = corpus(noise(11))
    shuffled = dataclasses.replace(
        measures,
        articles=measures.articles.sample(frac=1, random_state=1).reset_index(drop=True),
        terms=measures.terms.sample(frac=1, random_state=2),
    )
    one, other = (
        keyness(m, plan=Plan(permutations=100, bootstraps=100)) for m in (measures, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_exact_copies_count_once_and_the_notes_say_so() -> None:
    rows = noise(11)
    once, tenfold = corpus(rows), corpus(rows * 10)
    one = keyness(once, plan=Plan(permutations=200, bootstraps=100))
    other = keyness(tenfold, plan=Plan(permutations=200, bootstraps=100))
    pd.testing.assert_frame_equal(one, other)
    assert any(n.startswith("Left out: 198 articles") for n in other.attrs["notes"])
    assert not any("exact copy" in n for n in one.attrs["notes"])


def test_copies_in_another_outlet_stay() -> None:
    groups = grouped(corpus([("East", "pier vote"), ("West", "pier vote"), ("West", "pier vote")]))
    assert [g.n for g in groups] == [1, 1]


def test_the_rest_weighs_outlets_equally() -> None:
    rows = [("East", "pier vote"), ("West", "pier " * 2 + "tide " * 8), ("North", "tide")]
    table = keyness(corpus(rows), target="East", reference="rest")
    pier = row(table, "pier")
    assert pier["per_1000_reference"] == pytest.approx(1000 * (2 / 10 + 0 / 1) / 2)
    assert (pier["n_reference"], pier["tokens_reference"]) == (2, 11)
    # Tokens with the information of the mean: 2² / (1/10 + 1/1).
    size = 4 / 1.1
    assert pier["log_ratio"] == pytest.approx(float(scores.log_ratio(1, 2, 0.1 * size, size)))


def test_contrasts_of_a_call() -> None:
    def of(measures: analysis.Measures, **sides: object) -> list[tuple[str, str]]:
        table = keyness(measures, plan=DESCRIBED, **sides)
        pairs = table[["target", "reference"]].drop_duplicates()
        return [tuple(p) for p in pairs.itertuples(index=False)]

    three = corpus(noise(2, outlets=("East", "North", "West")))
    assert of(three) == [("East", "rest"), ("North", "rest"), ("West", "rest")]
    every = [("East", "North"), ("East", "West"), ("North", "West")]
    assert of(three, target=["East", "North"], reference=["North", "West"]) == every
    assert of(corpus(noise(2))) == [("East", "West")]


def test_sorted_by_score_then_term() -> None:
    table = keyness(corpus(noise(4)))
    expected = table.assign(size=-table["log_odds_z"].abs()).sort_values(["size", "term"])
    assert list(table["term"]) == list(expected["term"])


def test_other_columns_and_voices() -> None:
    rows = [("East", "The pier is “a danger” now."), ("West", "The pier is “safe” now.")]
    measures = corpus(rows, stage=["before", "after"])
    by_stage = keyness(measures, by="stage")
    assert set(by_stage["target"]) | set(by_stage["reference"]) == {"before", "after"}
    quoted = keyness(measures.select(voice="quoted"))
    assert set(quoted["term"]) == {"a", "danger", "safe"}
    assert any("voice = quoted" in n for n in quoted.attrs["notes"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "country_"}, "Unknown column"),
        ({"target": "Eest"}, "Available: East, West"),
        ({"by": "collection"}, "No article has both"),
    ],
)
def test_refusals_say_what_would_work(arguments: dict, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        keyness(corpus(TWO), **arguments)


def test_a_single_group_is_refused() -> None:
    with pytest.raises(AnalysisError, match="Only one group"):
        keyness(corpus([("East", "pier")]))


def test_the_filter_is_stated_with_what_it_leaves_out() -> None:
    measures = corpus(noise(10))
    table = keyness(measures, plan=Plan(least=3, permutations=50, bootstraps=50))
    occurring = len(measures.terms["term"].unique())
    note = next(n for n in table.attrs["notes"] if n.startswith("Listed"))
    assert (
        "at least 3 articles, and all that a side of fewer than 10 articles uses; "
        f"{len(table)} of {occurring} " in note
    )


def test_of_few_against_many_all_words_of_the_few_are_listed_and_common_ones_of_the_many() -> None:
    many = [("West", f"gull pier w{i} tide{i % 2}") for i in range(10)]
    table = keyness(corpus([("East", "gull crane"), *many]), target="East")
    assert set(table["term"]) == {"crane", "gull", "pier", "tide0", "tide1"}
    assert table.set_index("term").loc["crane", "n_target"] == 1


def test_a_planted_word_is_found_and_noise_is_not() -> None:
    rows = [(o, t + " lighthouse" * 4 * (o == "East")) for o, t in noise(20)]
    table = keyness(corpus(rows))
    assert set(table.loc[table["q"] < 0.05, "term"]) == {"lighthouse"}
    assert row(table, "lighthouse")["more_used_by"] == "East"


def test_pooled_rate_and_articles_may_disagree() -> None:
    long = "pier " * 60 + "tide " * 100
    rows = [("East", long), *[("East", f"tide crane vote {i}") for i in range(4)]]
    rows += [("West", f"pier tide tide tide tide tide tide tide vote {i}") for i in range(5)]
    assert row(keyness(corpus(rows)), "pier")["evidence"] == "one article"
    rows += [("East", f"pier tide tide tide tide tide tide tide tide tide {i}") for i in range(3)]
    assert row(keyness(corpus(rows)), "pier")["evidence"] == "articles disagree"


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_leave_one_out_range_is_that_of_brute_force(seed: int) -> None:
    rows = noise(3, seed, ("East", "North", "West"))
    measures = corpus(rows)
    for reference in ("North", "rest"):
        table = keyness(measures, target="East", reference=reference).set_index("term")
        every = []
        for i, (outlet, _) in enumerate(rows):
            if reference == "rest" or outlet in ("East", "North"):
                fewer = measures.keep(j for j in measures.articles["id"] if j != f"a{i:03}")
                found = keyness(fewer, target="East", reference=reference, plan=DESCRIBED)
                every.append(found.set_index("term")["log_ratio"])
        whole = pd.concat(every, axis=1).reindex(WORDS)
        assert np.allclose(whole.min(axis=1), table.loc[WORDS, "loo_low"])
        assert np.allclose(whole.max(axis=1), table.loc[WORDS, "loo_high"])


def test_summary_has_a_row_for_each_contrast() -> None:
    rows = [(o, t + " lighthouse" * 4 * (o == "East")) for o, t in noise(12)]
    rows += noise(2, outlets=("North",))
    table = keyness(corpus(rows), plan=Plan(permutations=200, bootstraps=20))
    found = summary(table).set_index(["target", "reference"])
    assert len(found) == 3
    pair = found.loc[("East", "rest")]
    assert (pair["articles_target"], pair["articles_reference"]) == (12, 14)
    assert pair["keywords"] == 1
    assert pair["words_target"].startswith("lighthouse")
    assert np.isnan(found.loc[("North", "rest"), "keywords"])


def test_names_of_one_word_are_set_aside_everywhere() -> None:
    assert house_words(["Skerry", "The Lantern Times"]) == house_words([]) | {"skerry"}


def test_keyness_sets_house_style_aside_and_says_so() -> None:
    """The outlets' names, but neither the town that all write of nor the valley below it."""
    here = "The Herald asked in Orle, and the valley was dry. The Herald will ask again."
    there = "The valley above Orle was wet, said Mr Holm of the Gazette."
    names = {"Orle Valley Herald": here, "Dune Gazette": there}
    measures = corpus([(outlet, text) for outlet, text in names.items() for _ in range(3)])
    both = {"target": "Orle Valley Herald", "reference": "Dune Gazette", "plan": DESCRIBED}
    without, with_them = keyness(measures, **both), keyness(measures, house_style=True, **both)
    gone = set(with_them["term"]) - set(without["term"])
    assert {"herald", "gazette", "mr"} == {term for term in gone if " " not in term}
    assert all({"herald", "gazette", "mr"} & set(term.split()) for term in gone)
    assert {"orle", "valley", "the"} <= set(without["term"])
    note = "Set aside as house style (courtesy titles, outlets' own names): Gazette, Herald, Mr."
    assert note in without.attrs["notes"]
    assert not any("house style" in note for note in with_them.attrs["notes"])
    assert without["tokens_target"].iloc[0] == with_them["tokens_target"].iloc[0]


def test_a_named_term_is_never_set_aside(measures: Measures) -> None:
    table = keyness(
        measures, target="Velmar Post", reference="Radio Skerry", terms=["velmar"], plan=DESCRIBED
    )
    assert list(table["term"]) == ["velmar"]


def test_kinds_of_words(measures: Measures) -> None:
    terms = ["the", "mr", "don't", "colour", "monday", "velmar", "said", "herring", "four"]
    style = "house style"
    expected = ["function word", style, style, style, style, "name", style, "", ""]
    assert list(kinds_of(measures, terms)) == expected


def test_lists_of_words_are_those_of_the_articles_languages() -> None:
    texts = [f"die Brücke war most {word}" for word in ("alt", "neu", "lang", "laut")]
    rows = pd.DataFrame({"outlet": "Bote", "text": texts, "id": list("abcd"), "language": "de"})
    terms = ["die", "brücke", "most", "alt", "in"]
    common = "in most articles"
    told = list(kinds_of(analysis.measure_articles(rows), terms))
    assert told == [common, common, common, "", ""]  # "most", "in" are function words of English
    mixed = analysis.measure_articles(rows.assign(language=["en", "en", "de", "de"]))
    assert list(kinds_of(mixed, terms)) == ["", "name", "function word", "", "function word"]


def test_terms_of_the_topic_are_those_of_the_description(measures: Measures) -> None:
    package = {**measures.package, "about": {"topic": ["Pier*", "Velmar"]}}
    about = dataclasses.replace(measures, package=package)
    assert about.description.topic == ("Pier*", "Velmar")
    assert list(topic_terms(about, ["pier", "piers", "velmar", "vel"])) == [True, True, True, False]
    assert list(kinds_of(about, ["piers"])) == ["topic"]
    assert not topic_terms(measures, ["pier"]).any()


def test_words_of_the_sides_own_names_are_house_style() -> None:
    text = {"Valley News": "The News was late in the quay.", "Post": "Our News is the quay."}
    rows = [
        {
            "id": f"{outlet}{i}",
            "outlet": outlet,
            "text": f"{text[outlet]} {i} {outlet[0] * (i + 1)}",
        }
        for outlet in text
        for i in range(4)
    ]
    table = keyness(analysis.measure_articles(pd.DataFrame(rows))).set_index("spelling")
    assert table.loc[["News"], "kind"].eq("house style").all()
    assert not table.loc[["quay"], "kind"].eq("house style").any()


def test_the_name_in_that_of_a_site_is_set_aside() -> None:
    texts = [f"TARN said the quay is shut {i}." for i in range(12)]
    texts += [f"The quay is open {i}." for i in range(12)]
    sites = ["edition.tarn.com"] * 12 + ["www.oru.example"] * 12
    table = pd.DataFrame({"id": [f"a{i:02}" for i in range(24)], "text": texts, "outlet": sites})
    found = keyness(analysis.measure_articles(table))
    assert "quay" in set(found["term"]) and "tarn" not in set(found["term"])
