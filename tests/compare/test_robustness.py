"""Calibration, and what findings survive."""

import numpy as np
from conftest import corpus, noise, row

from analysis.compare.ground.inference import Plan
from analysis.compare.robustness import calibration, stability
from analysis.compare.vocabulary import keyness


def _clumped(n: int) -> list[tuple[str, str]]:
    """Articles that repeat one of twelve topics: their words are not independent."""
    return [(o, t + f" topic{i % 12}" * 9) for i, (o, t) in enumerate(noise(n))]


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


def test_a_word_of_one_long_article_is_fragile_and_one_of_all_is_not() -> None:
    rows = [(o, t + " tide" * 60 * (o == "East")) for o, t in noise(4)]
    rows += [("East", "vote " * 90 + "pier tide crane mayor council herring " * 40)]
    table = stability(corpus(rows), "East", "West", top=4)
    assert row(table, "tide")["fragile"] == ""
    found = row(table, "vote")
    assert found["fragile"] == "fragile"
    assert found["because"] == "without longest"


def test_a_word_that_is_gone_without_the_longest_article_is_fragile() -> None:
    rows = [*noise(4), ("East", "breakwater " * 60 + "pier tide crane mayor council " * 40)]
    table = stability(corpus(rows), "East", "West", top=30)
    found = row(table, "breakwater")
    assert np.isnan(found["without longest"])
    assert "without longest" in found["because"]


def test_a_finding_that_changes_sides_is_fragile() -> None:
    rows = [("East", f"tide crane vote herring {i} " * 3) for i in range(4)]
    rows += [("West", f"pier tide crane vote herring flats {i} " * 3) for i in range(5)]
    rows += [("East", "pier " * 90 + "tide crane vote mayor " * 30)]
    table = stability(corpus(rows), "East", "West", top=5)
    pier = row(table, "pier")
    assert pier["more_used_by"] == "East"
    assert pier["fragile"] == "fragile"
    assert "without longest" in pier["because"]


def test_hyphens_and_numbers() -> None:
    rows = [("East", "self-rule self-rule 2014 pier"), ("West", "pier vote 12 12 12")]
    rows = [(o, f"{t} extra{i} " * 3) for i, (o, t) in enumerate(rows * 2)]
    table = stability(corpus(rows), "East", "West", top=10)
    assert np.isnan(row(table, "self-rule")["hyphens split"])
    assert np.isnan(row(table, "12")["no numbers"])
    assert row(table, "12")["hyphens split"] > 0
    assert row(table, "self-rule")["no numbers"] > 0


def test_q_is_that_of_the_table_given() -> None:
    rows = [(o, t + " lighthouse" * 4 * (o == "East")) for o, t in noise(12)]
    measures = corpus(rows)
    table = keyness(measures, plan=Plan(permutations=200, bootstraps=50))
    found = stability(measures, "East", "West", table=table, top=5)
    assert row(found, "lighthouse")["q"] == row(table, "lighthouse")["q"]
    assert found["term"].iloc[0] == "lighthouse"  # q < .05 first, though log-odds rank it lower
    assert found["q"].iloc[1:].min() >= 0.05
