"""What else could explain a finding: held still, one thing after another."""

import pandas as pd
from conftest import corpus, noise

import analysis
from analysis.compare.ground.inference import Plan
from analysis.compare.rivals import explained
from analysis.compare.vocabulary import keyness

PLAN = Plan(permutations=1000, bootstraps=0)


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
    table = keyness(measures, terms=list(terms), plan=PLAN)
    assert (table["q"] < 0.05).all()
    return explained(measures, table, plan=PLAN).set_index("term")


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
    assert explained(measures, keyness(measures, terms=["pier"], plan=PLAN)).empty
