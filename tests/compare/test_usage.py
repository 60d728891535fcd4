"""Dispersion, diversity, word shift, silence, locked words: by hand and against scipy."""

import math

import numpy as np
import pandas as pd
import pytest
from conftest import TWO, WORDS, corpus, noise, row
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

import analysis
from analysis.compare.ground.groups import grouped
from analysis.compare.ground.inference import Plan
from analysis.compare.usage import (
    by_article,
    collocates,
    divergence,
    hdd,
    lexical_diversity,
    locked,
    presence,
    silence,
    uses,
    word_shift,
)
from analysis.compare.vocabulary import keyness
from analysis.errors import AnalysisError
from analysis.measure.tokens import tokenize


def test_uses_by_hand() -> None:
    table = uses(corpus(TWO))
    found = table[["term", "spelling", "group", "count", "tokens", "articles", "n_articles"]]
    assert found.to_numpy().tolist() == [
        ["council", "Council", "East", 2, 5, 2, 2],
        ["pier", "Pier", "East", 2, 5, 1, 2],
        ["pier", "Pier", "West", 1, 4, 1, 1],
        ["vote", "vote", "West", 3, 4, 1, 1],
        ["vote", "vote", "East", 1, 5, 1, 2],
    ]
    assert table["per_1000"].to_list() == [400, 400, 250, 750, 200]
    east = table[table["group"] == "East"]
    pier = row(east, "pier")  # tokens 3 and 2 of 5; both occurrences in the first article
    assert pier["dp"] == pytest.approx(2 / 5)
    assert pier["dp_norm"] == pytest.approx((2 / 5) / (1 - 2 / 5))
    council = row(east, "council")  # one of two occurrences in each
    assert council["dp"] == pytest.approx(abs(1 / 2 - 3 / 5))
    assert table.loc[table["group"] == "West", "dp_norm"].isna().all()
    assert table.attrs["notes"][0] == "Articles (tokens): East 2 (5), West 1 (4)."


def test_hdd_agrees_with_the_hypergeometric_distribution() -> None:
    measures = corpus([("East", " ".join(t for _, t in noise(1)))])
    group = grouped(measures).named("East")
    counts = group.matrix.toarray()[0]
    seen = stats.hypergeom.sf(0, counts.sum(), counts, 42)
    assert hdd(group) == pytest.approx([seen.sum() / 42])


def test_short_texts_have_no_hdd() -> None:
    assert np.isnan(hdd(grouped(corpus(TWO)).named("East"))).all()


def test_diversity_is_the_mean_over_articles() -> None:
    measures = corpus(noise(12))
    table = lexical_diversity(measures)
    assert sorted(table["measure"].unique()) == ["HD-D", "MATTR", "MTLD", "type–token ratio"]
    east = table[(table["group"] == "East") & (table["measure"] == "MTLD")].iloc[0]
    values = measures.articles.loc[measures.articles["outlet"] == "East", "mtld"]
    assert east["mean"] == pytest.approx(values.mean())
    assert east["low"] < east["mean"] < east["high"]
    assert (east["articles"], east["n_articles"]) == (12, 12)
    few = lexical_diversity(corpus(noise(9)))
    assert few[["low", "high"]].isna().all(axis=None)
    assert (few.loc[few["measure"] == "MATTR", "articles"] == 0).all()  # all under 100 words


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=30))
def test_contributions_add_up_to_the_divergence_of_scipy(counts: list[tuple[int, int]]) -> None:
    p, q = np.array(counts, float).T
    if p.sum() and q.sum():
        p, q = p / p.sum(), q / q.sum()
        found = divergence(p, q)
        assert (found >= 0).all()
        assert found.sum() == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-9)


def test_word_shift_by_hand() -> None:
    table = word_shift(corpus([("East", "pier"), ("West", "pier vote")]), "East", "West")
    p, q = np.array([1, 0]), np.array([0.5, 0.5])
    m = (p + q) / 2
    pier = 0.5 * np.log2(1 / m[0]) + 0.25 * np.log2(0.5 / m[0])
    assert row(table, "pier")["contribution"] == pytest.approx(pier)
    assert row(table, "vote")["contribution"] == pytest.approx(0.25 * np.log2(0.5 / m[1]))
    assert table["share"].sum() == pytest.approx(1)
    assert list(table["term"]) == ["vote", "pier"]
    assert row(table, "vote")["more_used_by"] == "West"


def test_word_shift_says_what_chance_gives() -> None:
    measures = corpus(noise(8))
    notes = word_shift(measures, "East", "West").attrs["notes"]
    assert any("dealt at random" in n for n in notes)
    assert notes == word_shift(measures, "East", "West").attrs["notes"]


def test_identical_outlets_do_not_shift() -> None:
    texts = [t for _, t in noise(2, outlets=("East",))]
    table = word_shift(corpus([(o, t) for o in ("East", "West") for t in texts]), "East")
    assert (table["contribution"] == 0).all()
    assert (table["more_used_by"] == "").all()


def test_silence_of_ten_articles() -> None:
    rows = [("East", f"pier {w}") for w in WORDS] + [("West", f"pier vote {w}") for w in WORDS]
    rows = [r for r in rows if r != ("East", "pier vote")] + [("East", "pier tide tide")]
    table = silence(corpus(rows))
    assert list(table["term"]) == ["vote"]
    vote = table.iloc[0]
    assert (vote["group"], vote["articles"], vote["n_articles"]) == ("East", 0, 10)
    assert f"{vote['upper_bound']:.1%}" == "30.8%"
    assert vote["share_elsewhere"] == 1
    assert vote["evidence"] == "bound below elsewhere"


def test_silence_of_one_article_says_little() -> None:
    table = silence(corpus(TWO), terms=["council", "pier", "lighthouse"])
    assert list(table["term"]) == ["council"]
    assert table["upper_bound"].iloc[0] == pytest.approx(0.975)
    assert table["evidence"].iloc[0] == "few articles"
    with pytest.raises(AnalysisError, match="Only one group"):
        silence(corpus([("East", "pier")]))


def test_locked_words_are_those_with_the_narrowest_interval_round_0() -> None:
    rows = [(o, t + " the" * len(t.split())) for o, t in noise(12)]
    table = locked(keyness(corpus(rows), plan=Plan(permutations=50, bootstraps=200)))
    assert table["term"].iloc[0] == "the"
    assert table["at_most"].is_monotonic_increasing
    widest = table[["low", "high"]].abs().max(axis=1)
    assert (table["at_most"] == widest).all()
    one = locked(keyness(corpus(noise(1))))
    assert one.empty
    assert "too few" in one.attrs["notes"][-1]


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
    row = uses(small).set_index(["term", "group"]).loc[("pier", "Skerry")]
    assert (row["count"], row["narrator"], row["quoted"]) == (3, 2, 1)  # headline, text, quotation
    assert (row["articles"], row["n_articles"], row["tokens"]) == (1, 2, 10 + 3)
    assert row["per_1000"] == pytest.approx(3000 / 13)
    assert row["dp"] == pytest.approx(3 / 13)  # all in the article with 10 of 13 tokens
    assert math.isnan(row["low"]) and math.isnan(row["high"])


def test_counts_of_articles_add_up(measures, articles):
    used, places = uses(measures), by_article(measures)
    added = places.groupby(["term", "group"])[["count", "narrator", "quoted"]].sum()
    whole = used.set_index(["term", "group"])[["count", "narrator", "quoted"]].sort_index()
    pd.testing.assert_frame_equal(added, whole, check_dtype=False)
    text = " ".join(articles["title"]) + " " + " ".join(articles["text"])
    assert used.loc[used["term"] == "pier", "count"].sum() == tokenize(text).count("pier")


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


def test_interval_is_the_bootstrap_over_articles_on_the_logarithm():
    measures = many(30)
    found = (
        uses(measures, plan=Plan(bootstraps=4000))
        .set_index(["term", "group"])
        .loc["pier", "Skerry"]
    )
    places = by_article(measures).query("term == 'pier' and group == 'Skerry'")
    count = places.set_index("article")["count"].reindex([f"{i:03}" for i in range(30)]).fillna(0)
    size = measures.articles.set_index("id")["words"].reindex(count.index) + 2  # the headline
    rng = np.random.default_rng(1)
    drawn = rng.integers(30, size=(4000, 30))
    rates = 1000 * count.to_numpy()[drawn].sum(axis=1) / size.to_numpy()[drawn].sum(axis=1)
    spread = np.log(rates).std(ddof=1) * math.sqrt(30 / 29) * stats.t.ppf(0.975, 29)
    assert found["low"] == pytest.approx(found["per_1000"] / math.exp(spread), rel=0.05)
    assert found["high"] == pytest.approx(found["per_1000"] * math.exp(spread), rel=0.05)
    assert found["low"] < found["per_1000"] < found["high"]


def test_no_interval_below_ten_articles():
    used = uses(many(10))
    assert used.loc[used["group"] == "Skerry", "low"].notna().all()
    assert used.loc[used["group"] == "Post", ["low", "high"]].isna().all(axis=None)
    assert uses(many(9))["low"].isna().all()
    assert any("fewer than 10" in note for note in uses(many(9)).attrs["notes"])


def test_same_whatever_the_order_of_articles(measures, articles):
    turned = analysis.measure_articles(articles.iloc[::-1].reset_index(drop=True))
    for table in (uses, by_article, presence):
        pd.testing.assert_frame_equal(table(measures), table(turned))


def test_terms_in_few_articles_are_left_out_and_said(measures):
    used = uses(measures, least=6)
    kept = by_article(measures).groupby("term").size()
    assert set(used["term"]) == set(kept[kept >= 6].index)
    assert any("at least 6 articles" in note for note in used.attrs["notes"])


def test_absent_from_ten_articles_may_be_in_three_of_ten():
    bound = presence(many(10)).set_index("group")["most_if_absent"]
    assert bound["Skerry"] == pytest.approx(1 - 0.025 ** (1 / 10))  # Clopper–Pearson, k = 0
    assert bound["Post"] == pytest.approx(1 - 0.025 ** (1 / 3))


def test_collocates_by_hand():
    sentences = ["pier old", "pier old gull", "pier old", "gull pier", "pier", "gull old fog"]
    rows = [(t, i) for i, line in enumerate(sentences) for t in line.split()] + [("pier", 0)]
    table = collocates(pd.DataFrame(rows, columns=["term", "sentence"]))
    assert table[["term", "collocate"]].to_numpy().tolist() == [["old", "pier"], ["pier", "old"]]
    row = table.iloc[1]  # together in 3, pier in 5 sentences, old in 4
    assert (row["together"], row["sentences"]) == (3, 5)
    assert row["log_dice"] == pytest.approx(14 + math.log2(2 * 3 / (5 + 4)))


def test_collocates_keep_the_strongest():
    rows = [(t, i) for i in range(5) for t in "abcdef"] + [("b", 9)]
    table = collocates(pd.DataFrame(rows, columns=["term", "sentence"]), most=2)
    assert table.loc[table["term"] == "a", "collocate"].tolist() == ["c", "d"]
    assert collocates(pd.DataFrame({"term": [], "sentence": []})).empty
