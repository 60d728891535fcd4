"""Calibration, and what findings survive."""

import numpy as np
import pandas as pd
from conftest import corpus, noise, row

import analysis
from analysis.compare.ground.inference import DESCRIBED, Plan
from analysis.compare.robustness import (
    calibration,
    choices,
    detectable,
    explained,
    families_of,
    half,
    other_lists,
    stability,
    within_stories,
    without_longest,
)
from analysis.compare.vocabulary import keyness
from analysis.data import DATA


def _clumped(n: int) -> list[tuple[str, str]]:
    """Articles that repeat one of four topics: their words are not independent."""
    return [(o, t + f" topic{i % 4}" * 9) for i, (o, t) in enumerate(noise(n))]


def test_permutation_holds_its_level_where_g2_does_not() -> None:
    rows = [("East", t) for _, t in _clumped(40)]
    table = calibration(corpus(rows), splits=60, plan=Plan(permutations=300)).set_index("test")
    ours, naive = table.iloc[0], table.iloc[1]
    assert ours["articles"] == 40
    assert 0.02 < ours["share_below_05"] < 0.08
    assert naive["share_below_05"] > ours["share_below_05"]
    assert ours["false_keywords"] <= 1
    assert "80 articles of East, 60 times" in " ".join(table.attrs["notes"])


def test_calibration_of_few_articles_is_empty_and_says_why() -> None:
    table = calibration(corpus(noise(9)))
    assert table.empty
    assert (
        table.attrs["notes"][-1] == "West has 9 articles: too few to be divided into halves of 10."
    )


def passing(rows: list[tuple[str, str]], *terms: str) -> tuple[analysis.Measures, pd.DataFrame]:
    """Measures, and a keyness table in which these terms passed."""
    measures = corpus(rows)
    table = keyness(measures, "outlet", "East", "West", plan=DESCRIBED)
    return measures, table.assign(q=np.where(table["term"].isin(terms), 0.01, 0.5))


def test_a_word_of_one_long_article_is_fragile_and_one_of_all_is_not() -> None:
    rows = [(o, t + " tide" * 60 * (o == "East")) for o, t in noise(4)]
    rows += [("East", "vote " * 90 + "pier tide crane mayor council herring " * 40)]
    measures, table = passing(rows, "tide", "vote")
    found = stability(measures, "East", "West", table=table, places=4)
    assert row(found, "tide")["fragile"] == ""
    assert row(found, "vote")["fragile"] == "fragile"
    assert row(found, "vote")["because"] == "without longest"
    assert set(found["term"]) == {"tide", "vote"}  # what did not pass is not asked


def test_a_word_that_is_gone_without_the_longest_article_is_fragile() -> None:
    rows = [*noise(4), ("East", "breakwater " * 60 + "pier tide crane mayor council " * 40)]
    measures, table = passing(rows, "breakwater")
    found = row(stability(measures, "East", "West", table=table, places=30), "breakwater")
    assert np.isnan(found["without longest"])
    assert "without longest" in found["because"]


def test_a_finding_that_changes_sides_is_fragile() -> None:
    rows = [("East", f"tide crane vote herring {i} " * 3) for i in range(4)]
    rows += [("West", f"pier tide crane vote herring flats {i} " * 3) for i in range(5)]
    rows += [("East", "pier " * 90 + "tide crane vote mayor " * 30)]
    measures, table = passing(rows, "pier")
    pier = row(stability(measures, "East", "West", table=table, places=5), "pier")
    assert pier["more_used_by"] == "East"
    assert pier["fragile"] == "fragile"
    assert "without longest" in pier["because"]


def test_where_nothing_passed_nothing_is_asked() -> None:
    measures, table = passing(noise(4))
    assert stability(measures, "East", "West", table=table).empty


def invented(n: int, words: int) -> analysis.Measures:
    """n articles a side of 400 words drawn alike."""
    rng = np.random.default_rng(n)
    known = [f"{chr(97 + i // 26)}{chr(97 + i % 26)}x" for i in range(words)]
    return corpus(
        [(o, " ".join(rng.choice(known, 400))) for o in ("East", "West") for _ in range(n)]
    )


def test_the_smallest_ratio_that_would_be_found_falls_with_the_articles() -> None:
    plan = Plan(permutations=300, bootstraps=0)
    found = {}
    for n in (10, 60):
        measures = invented(n, 330)
        table = keyness(measures, plan=plan).assign(q=np.nan)
        found[n] = detectable(measures, table, plan=plan).iloc[0]
    assert found[10]["words"] > 200 and found[60]["words"] > 200  # about 3 in 1,000
    assert found[60]["smallest_ratio"] < 4
    assert not found[10]["smallest_ratio"] <= 4
    assert found[60]["found_2"] > found[10]["found_2"]


def test_where_no_word_is_common_enough_no_ratio_is_named() -> None:
    plan = Plan(permutations=100, bootstraps=0)
    measures = invented(10, 100)  # each 10 times in 1,000 words
    row = detectable(measures, keyness(measures, plan=plan), plan=plan).iloc[0]
    assert row["words"] == 0 and np.isnan(row["smallest_ratio"])


def test_a_way_for_which_articles_are_too_few_is_none() -> None:
    day = [f"2031-{5 + (o == 'East'):02}-{1 + i // 2:02}" for i, (o, _) in enumerate(noise(12))]
    measures, plan = corpus(noise(12), date=day), Plan(permutations=200, bootstraps=0)
    found = choices(measures, keyness(measures, plan=plan), plan=plan)
    assert found["within weeks"].isna().all() and found["permutation"].notna().all()
    assert len(found) and (found["ways"] < 48).all()


def test_a_finding_of_the_leads_alone_is_kept_in_some_ways_and_a_sound_one_in_all() -> None:
    day = [f"2031-05-{1 + i:02}" for i in range(12)] * 2
    texts = [(o, t + " lighthouse" * 9 * (o == "East")) for o, t in noise(12)]
    title = [f"Pier {'storm ' * 4 * (o == 'East')}{i}" for i, (o, _) in enumerate(texts)]
    measures = corpus(texts, date=day, title=title)
    plan = Plan(permutations=500, bootstraps=0)
    table = keyness(measures, plan=plan)
    found = choices(measures, table, plan=plan).set_index("term")
    assert set(found.index) >= {"lighthouse", "storm"}
    assert (found["ways"] > 0).all() and found["share"].between(0, 1).all()
    assert found.loc["lighthouse", "permutation"] > 0.5
    assert (found["kept"] / found["ways"]).equals(found["share"])
    assert (found["ways"] <= 48).all() and len(found) == 12
    nothing = choices(measures, table.assign(p=np.nan), plan=plan)
    assert nothing.empty and "share" in nothing
    unsure = choices(measures, table.assign(q=np.nan), plan=plan)
    assert unsure["term"].tolist()[0] in {"lighthouse", "storm"} and len(unsure) == 12
    assert "0 of these 12 words passed" in unsure.attrs["notes"][-1]


def test_every_family_of_tests_is_listed_with_what_passed() -> None:
    words = pd.DataFrame({"p": [0.001, 0.2, np.nan], "q": [0.002, 0.2, np.nan]})
    tables = {"words": (words, "p", "q"), "terms": (pd.DataFrame(), "p", "q")}
    tables["on top"] = (words, "p", "q", "article")
    found = families_of(tables, corpus(noise(2)), Plan(permutations=10, strata="week"))
    assert found["tests"].tolist() == [2, 0, 2] and found["passed"].tolist() == [1, 0, 1]
    assert found["smallest_p"].iloc[0] == 0.001
    assert found["held_still"].tolist() == ["week", "week", "article"]


FAST = Plan(permutations=1000, bootstraps=0)


def two_collections() -> analysis.Measures:
    """East uses "lighthouse" everywhere, "storm" only where one collection was taken from."""
    rows, collection, day = [], [], []
    for outlet, chosen in (("East", 18), ("West", 6)):
        for i, (_, text) in enumerate(noise(24, seed=chosen, outlets=(outlet,))):
            added = " lighthouse" * 4 * (outlet == "East") + " storm" * 3 * (i < chosen)
            rows.append((outlet, text + added))
            collection.append("by word" if i < chosen else "at random")
            day.append(f"2031-05-{1 + i % 20:02}")
    return corpus(rows, collection=collection, date=day)


def found(measures: analysis.Measures, *terms: str) -> pd.DataFrame:
    table = keyness(measures, terms=list(terms), plan=FAST)
    assert (table["q"] < 0.05).all()
    return explained(measures, table, plan=FAST).set_index("term")


def test_a_word_that_the_collection_was_chosen_by_is_confounded() -> None:
    table = found(two_collections(), "lighthouse", "storm")
    assert table["collection"].to_dict() == {"lighthouse": "holds", "storm": "does not hold"}
    assert table.loc["storm", "confounded"] == "collection"
    assert "collection" in table.loc["storm", "also_explained_by"]
    assert table.loc["lighthouse", "confounded"] == ""


def test_what_both_sides_share_is_no_rival_explanation() -> None:
    table = found(two_collections(), "lighthouse")
    assert table.loc["lighthouse", "week"] == ""  # the same days in both
    assert table.loc["lighthouse", "agency"] == ""


def test_outlets_of_two_collections_cannot_be_told_from_them() -> None:
    measures = two_collections()
    apart = corpus(
        [(o, t + " lighthouse" * 4 * (o == "East")) for o, t in noise(12)],
        collection=["first" if o == "East" else "second" for o, _ in noise(12)],
    )
    table = found(apart, "lighthouse")
    assert table.loc["lighthouse", "collection"] == "cannot be told"
    assert table.loc["lighthouse", "confounded"] == "collection"
    assert explained(measures, keyness(measures, terms=["pier"], plan=FAST)).empty


def test_a_corpus_of_one_group_has_nothing_to_ask(measures: analysis.Measures) -> None:
    one = measures.select(outlet=[measures.articles["outlet"].iloc[0]])
    assert choices(one, pd.DataFrame()).empty and detectable(one, pd.DataFrame()).empty


# ---------------------------------------------------------------- the measures asked otherwise


def test_two_halves_of_each_outlet_are_all_of_it_and_share_nothing() -> None:
    measures = corpus(noise(9) + noise(4, 1, ("North",)))
    halves = [half(measures, second=second).articles for second in (False, True)]
    ids = [set(one["id"]) for one in halves]
    assert not ids[0] & ids[1] and ids[0] | ids[1] == set(measures.articles["id"])
    assert halves[0]["outlet"].value_counts().to_dict() == {"East": 5, "West": 5, "North": 2}
    assert half(measures).articles["id"].tolist() == halves[0]["id"].tolist()


def test_the_longest_article_of_each_group_goes_where_there_are_more() -> None:
    rows = [("East", "pier " * 9), ("East", "vote " * 5), ("East", "tide " * 9), ("West", "crane")]
    assert without_longest(corpus(rows)).articles["id"].tolist() == ["a001", "a002", "a003"]


def test_within_stories_are_those_of_several_outlets_and_tests_hold_them_still() -> None:
    told = "The harbour council of Velmar voted on Monday to close the old pier for good."
    alone = "Divers counted herring under a crane while the mayor of Skerry slept at noon."
    rows = [("East", told), ("West", told + " Fishermen objected."), ("East", alone)]
    measures = within_stories(corpus(rows, date=["2031-05-01"] * 3))
    assert measures.articles["id"].tolist() == ["a000", "a001"]
    assert measures.description.strata == "story"


def test_other_lists_lack_each_entry_s_commonest_word_where_it_has_several() -> None:
    text = "The pier is unsafe. It is a danger, and the danger grows. The pier is costly."
    rows = pd.DataFrame({"id": ["a"], "outlet": ["East"], "text": [text]})
    lexicon = DATA / "examples" / "harbour.toml"
    measures = analysis.measure_articles(rows, lexicons=[lexicon])
    assert {*measures.indicators["found"].astype(str)} == {"unsafe", "danger", "costly"}
    other = other_lists(measures)
    assert {*other.indicators["found"].astype(str)} == {"unsafe", "costly"}
    assert other.reference.about["articles"] == 1
