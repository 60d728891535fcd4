"""Uses of terms, counted again by hand and resampled again by another implementation."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import analysis
from analysis.compare import terms
from analysis.measure.tokens import tokenize


@pytest.fixture(scope="module")
def small() -> analysis.Measures:
    texts = {
        "a": ("Skerry", "The pier. The mayor said “the pier is old”.", "Pier"),
        "b": ("Skerry", "A gull.", "Gull"),
        "c": ("Post", "No word of it here.", "Nothing"),
    }
    rows = [
        {
            **dict.fromkeys(["date", "url", "agency", "collection"], ""),
            "id": name,
            "outlet": outlet,
            "title": title,
            "text": text,
        }
        for name, (outlet, text, title) in texts.items()
    ]
    return analysis.measure_articles(pd.DataFrame(rows))


def test_hand_counted(small):
    row = terms.uses(small).set_index(["term", "group"]).loc[("pier", "Skerry")]
    assert (row["count"], row["narrator"], row["quoted"]) == (3, 2, 1)  # headline, text, quotation
    assert (row["articles"], row["n_articles"], row["tokens"]) == (1, 2, 10 + 3)
    assert row["per_1000"] == pytest.approx(3000 / 13)
    assert row["dp"] == pytest.approx(3 / 13)  # all in the article with 10 of 13 tokens
    assert math.isnan(row["low"]) and math.isnan(row["high"])


def test_counts_of_articles_add_up(measures, articles):
    uses, places = terms.uses(measures), terms.by_article(measures)
    added = places.groupby(["term", "group"])[["count", "narrator", "quoted"]].sum()
    whole = uses.set_index(["term", "group"])[["count", "narrator", "quoted"]].sort_index()
    pd.testing.assert_frame_equal(added, whole, check_dtype=False)
    text = " ".join(articles["title"]) + " " + " ".join(articles["text"])
    assert uses.loc[uses["term"] == "pier", "count"].sum() == tokenize(text).count("pier")


def many(n: int, seed: int = 5) -> analysis.Measures:
    rng = np.random.default_rng(seed)
    rows = [
        {
            **dict.fromkeys(["date", "url", "agency", "collection"], ""),
            "id": f"{i:03}",
            "outlet": "Skerry" if i < n else "Post",
            "title": f"Number {i}",
            "text": " ".join(rng.choice(["pier", "gull", "fog", "rope"], 20 + i, p=P)),
        }
        for i in range(n + 3)
    ]
    return analysis.measure_articles(pd.DataFrame(rows))


P = [0.1, 0.3, 0.3, 0.3]


def test_interval_is_the_percentile_bootstrap_over_articles():
    measures = many(30)
    row = terms.uses(measures, bootstraps=4000).set_index(["term", "group"]).loc["pier", "Skerry"]
    places = terms.by_article(measures).query("term == 'pier' and group == 'Skerry'")
    count = places.set_index("article")["count"].reindex([f"{i:03}" for i in range(30)]).fillna(0)
    size = measures.articles.set_index("id")["words"].reindex(count.index) + 2  # the headline
    rng = np.random.default_rng(1)
    drawn = rng.integers(30, size=(4000, 30))
    rates = 1000 * count.to_numpy()[drawn].sum(axis=1) / size.to_numpy()[drawn].sum(axis=1)
    outside = stats.norm.cdf(-math.sqrt(30 / 29) * stats.t.ppf(0.975, 29))
    low, high = np.quantile(rates, [outside, 1 - outside])
    assert row["low"] == pytest.approx(low, rel=0.04)
    assert row["high"] == pytest.approx(high, rel=0.04)
    assert row["low"] < row["per_1000"] < row["high"]


def test_no_interval_below_ten_articles():
    uses = terms.uses(many(10))
    assert uses.loc[uses["group"] == "Skerry", "low"].notna().all()
    assert uses.loc[uses["group"] == "Post", ["low", "high"]].isna().all(axis=None)
    assert terms.uses(many(9))["low"].isna().all()
    assert any("fewer than 10" in note for note in terms.uses(many(9)).attrs["notes"])


def test_same_whatever_the_order_of_articles(measures, articles):
    turned = analysis.measure_articles(articles.iloc[::-1].reset_index(drop=True))
    for table in (terms.uses, terms.by_article, terms.presence):
        pd.testing.assert_frame_equal(table(measures), table(turned))


def test_terms_in_few_articles_are_left_out_and_said(measures):
    uses = terms.uses(measures, min_articles=6)
    kept = terms.by_article(measures).groupby("term").size()
    assert set(uses["term"]) == set(kept[kept >= 6].index)
    assert any("at least 6 articles" in note for note in uses.attrs["notes"])


def test_absent_from_ten_articles_may_be_in_three_of_ten():
    bound = terms.presence(many(10)).set_index("group")["most_if_absent"]
    assert bound["Skerry"] == pytest.approx(1 - 0.025 ** (1 / 10))  # Clopper–Pearson, k = 0
    assert bound["Post"] == pytest.approx(1 - 0.025 ** (1 / 3))


def test_collocates_by_hand():
    sentences = ["pier old", "pier old gull", "pier old", "gull pier", "pier", "gull old fog"]
    rows = [(t, i) for i, line in enumerate(sentences) for t in line.split()] + [("pier", 0)]
    table = terms.collocates(pd.DataFrame(rows, columns=["term", "sentence"]))
    assert table[["term", "collocate"]].to_numpy().tolist() == [["old", "pier"], ["pier", "old"]]
    row = table.iloc[1]  # together in 3, pier in 5 sentences, old in 4
    assert (row["together"], row["sentences"]) == (3, 5)
    assert row["log_dice"] == pytest.approx(14 + math.log2(2 * 3 / (5 + 4)))


def test_collocates_keep_the_strongest():
    rows = [(t, i) for i in range(5) for t in "abcdef"] + [("b", 9)]
    table = terms.collocates(pd.DataFrame(rows, columns=["term", "sentence"]), most=2)
    assert table.loc[table["term"] == "a", "collocate"].tolist() == ["c", "d"]
    assert terms.collocates(pd.DataFrame({"term": [], "sentence": []})).empty
