"""Calibration, and what findings survive."""

import numpy as np
import pandas as pd
from conftest import corpus, noise, row

import analysis
from analysis.compare.ground.inference import DESCRIBED, Plan
from analysis.compare.robustness import calibration, marked, stability
from analysis.compare.vocabulary import keyness


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


def test_hyphens_and_numbers() -> None:
    rows = [("East", "self-rule self-rule 2014 pier"), ("West", "pier vote 12 12 12")]
    rows = [(o, f"{t} extra{i} " * 3) for i, (o, t) in enumerate(rows * 2)]
    measures, table = passing(rows, "self-rule", "12")
    found = stability(measures, "East", "West", table=table, places=10)
    assert np.isnan(row(found, "self-rule")["hyphens split"])
    assert np.isnan(row(found, "12")["no numbers"])
    assert row(found, "12")["hyphens split"] > 0
    assert row(found, "self-rule")["no numbers"] > 0


def test_where_nothing_passed_nothing_is_asked() -> None:
    measures, table = passing(noise(4))
    assert stability(measures, "East", "West", table=table).empty


def test_marked_has_what_passed_first_and_marks_it_alone() -> None:
    rows = [(o, t + " tide" * 60 * (o == "East")) for o, t in noise(4)]
    rows += [("East", "vote " * 90 + "pier tide crane mayor council herring " * 40)]
    measures, table = passing(rows, "vote")
    found = marked(table, stability(measures, "East", "West", table=table, places=4), top=5)
    assert found["term"].iloc[0] == "vote" and len(found) == 5
    assert found["fragile"].to_list() == ["fragile", "", "", "", ""]
