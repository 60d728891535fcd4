from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness import corpus, without_editions
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfTransformer

import analysis
from analysis.compare import similarity
from analysis.compare.ground.inference import Plan
from analysis.compare.reuse import independent
from analysis.compare.similarity import (
    between_articles,
    between_outlets,
    clusters,
    explain,
    outlets_differ,
)
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.reference import Reference

REFERENCE = Reference(
    pd.DataFrame({"term": ["pier", "sale", "vote"], "articles": [1, 3, 9], "tokens": [1, 3, 9]}),
    {"articles": 9, "tokens": 13, "name": "nine invented articles", "min_articles": 1},
)


@pytest.fixture
def measures(measures: Measures) -> Measures:
    return without_editions(measures)


def random_texts(rng: np.random.Generator, n: int, words: list[str], size: int = 60) -> list[str]:
    return [" ".join(rng.choice(words, size)) for _ in range(n)]


def two_outlets(shift: float, n: int = 15, seed: int = 1) -> Measures:
    """Two outlets that take a share `shift` of their words from lists of their own."""
    rng = np.random.default_rng(seed)
    common = [f"common{i}" for i in range(200)]
    texts, outlets = [], []
    for outlet in ("Lantern", "Skerry"):
        own = [f"{outlet}{i}" for i in range(40)]
        for _ in range(n):
            k = int(shift * 60)
            texts.append(" ".join([*rng.choice(common, 60 - k), *rng.choice(own, k)]))
            outlets.append(outlet)
    return corpus(*texts, outlet=outlets)


def pair(table: pd.DataFrame) -> pd.Series:
    return table[table["a"] != table["b"]].iloc[0]


def test_cosine_by_hand() -> None:
    # idf = ln((1+9)/(1+df)) + 1; tf of pier in t00 is 2
    pier, sale, vote = (log(10 / (1 + df)) + 1 for df in (1, 3, 9))
    a = {"pier": (1 + log(2)) * pier, "sale": sale}
    b = {"pier": pier, "vote": vote}
    lengths = [sqrt(sum(w * w for w in x.values())) for x in (a, b)]
    expected = a["pier"] * b["pier"] / (lengths[0] * lengths[1])
    measures = corpus("pier pier sale", "pier vote")
    cosines = between_articles(measures.with_reference(REFERENCE))
    assert cosines.loc["t00", "t01"] == pytest.approx(expected, abs=1e-12)
    why = explain(measures.with_reference(REFERENCE), "t00", "t01")
    assert why.to_dict("records") == [
        {
            "term": "pier",
            "spelling": "pier",
            "contribution": pytest.approx(expected, abs=1e-12),
            "share": 1.0,
            "count_a": 2,
            "count_b": 1,
        }
    ]


def test_identical_is_one_and_disjoint_is_nought() -> None:
    cosines = between_articles(corpus("the old pier", "the old pier", "a new vote"))
    assert cosines.to_numpy().tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert "t00 = t01" in " ".join(cosines.attrs["notes"])


def test_against_scikit_learn(articles: pd.DataFrame, measures: Measures) -> None:
    """With the corpus itself as reference list the weights are TfidfTransformer's, sublinear."""
    matrix, terms = measures.counts()
    held = np.bincount(matrix.indices, minlength=len(terms))
    listed = pd.DataFrame({"term": terms, "articles": held, "tokens": matrix.sum(axis=0)})
    about = {"articles": len(articles), "tokens": 1, "name": "itself", "min_articles": 1}
    ours = between_articles(measures.with_reference(Reference(listed, about)))
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(matrix)
    assert ours.to_numpy() == pytest.approx((weights @ weights.T).toarray(), abs=1e-12)


def test_contributions_sum_to_the_cosine(measures: Measures) -> None:
    cosines = between_articles(measures)
    for a in cosines.index:
        for b in cosines.columns:
            why = explain(measures, a, b)
            assert why["contribution"].sum() == pytest.approx(cosines.loc[a, b], abs=1e-12)
            assert why["contribution"].is_monotonic_decreasing


WORD_LISTS = st.lists(
    st.lists(st.sampled_from(["pier", "sale", "vote", "ship", "quay"]), max_size=8),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(WORD_LISTS, st.integers(1, 5))
def test_the_long_table_holds_the_nearest_of_the_square_one(
    texts: list[list[str]], top: int
) -> None:
    measures = corpus(*(" ".join(t) for t in texts))
    square = between_articles(measures.with_reference(REFERENCE))
    long = between_articles(measures.with_reference(REFERENCE), top=top)
    expected = []
    for a in square.index:
        others = [(-square.loc[a, b], b) for b in square.columns if b != a and square.loc[a, b] > 0]
        expected += [(a, b, -negative) for negative, b in sorted(others)[:top]]
    expected.sort(key=lambda row: (-row[2], row[0], row[1]))
    assert long.to_records(index=False).tolist() == expected


def test_above_the_limit_the_table_is_long(
    measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "DENSE_ARTICLES", 11)
    table = between_articles(measures)
    assert list(table.columns) == ["a", "b", "cosine"]
    assert "10 nearest of each of 12" in table.attrs["notes"][-1]
    with pytest.raises(AnalysisError, match="by outlet"):
        clusters(measures)


def test_an_unknown_article_is_named(measures: Measures) -> None:
    with pytest.raises(AnalysisError, match=r"Unknown article 'velmar-99'\. Available: velmar-00"):
        explain(measures, "velmar-00", "velmar-99")
    with pytest.raises(AnalysisError, match="at least 1"):
        between_articles(measures, top=0)


def test_means_are_those_of_the_pairs(measures: Measures) -> None:
    cosines = between_articles(measures)
    outlet = measures.articles.set_index("id")["outlet"]
    table = between_outlets(measures)
    assert len(table) == 6
    for row in table.itertuples():
        block = cosines.loc[outlet[outlet == row.a].index, outlet[outlet == row.b].index].to_numpy()
        values = block[np.triu_indices(len(block), 1)] if row.a == row.b else block.ravel()
        assert (row.cosine, row.pairs) == pytest.approx((values.mean(), len(values)))
    own = table[table["a"] == table["b"]].set_index("a")["cosine"]
    for row in table[table["a"] != table["b"]].itertuples():
        assert row.baseline == pytest.approx((own[row.a] + own[row.b]) / 2)
        assert row.difference == pytest.approx(row.cosine - row.baseline)


def test_leave_one_out_range_by_brute_force(measures: Measures) -> None:
    row = pair(between_outlets(measures))
    some = measures.select(outlet=[row["a"], row["b"]])
    ids = some.articles["id"]
    differences = [pair(between_outlets(some.keep(set(ids) - {i})))["difference"] for i in ids]
    assert (row["least"], row["most"]) == pytest.approx((min(differences), max(differences)))


def test_few_articles_have_no_p_and_no_interval(measures: Measures) -> None:
    table = between_outlets(measures)
    empty = ["low", "high", "f", "r2", "p", "p_adjusted", "dispersion_f", "dispersion_p"]
    assert table[empty].isna().all(axis=None)
    notes = " ".join(table.attrs["notes"])
    assert "Radio Skerry (4), The Lantern (4), Velmar Post (4)" in notes
    assert outlets_differ(measures).empty


def test_a_planted_difference_is_found() -> None:
    row = pair(between_outlets(two_outlets(0.3)))
    assert row["difference"] < row["high"] < 0
    assert row["p"] == pytest.approx(1 / 2001)
    assert row["p"] == row["p_adjusted"]
    test = outlets_differ(two_outlets(0.3)).iloc[0]
    assert (test["groups"], test["articles"], test["f"]) == (2, 30, pytest.approx(row["f"]))


def test_what_chance_explains_stands_beside_what_outlets_do() -> None:
    row = outlets_differ(two_outlets(0.3)).iloc[0]
    chance = (row["groups"] - 1) / (row["articles"] - 1)  # of a one-way design
    assert row["r2_chance"] == pytest.approx(chance, rel=0.05)
    assert row["r2_adjusted"] == pytest.approx(1 - (1 - row["r2"]) / (1 - row["r2_chance"]))
    notes = " ".join(outlets_differ(two_outlets(0.3)).attrs["notes"])
    assert f"R² = {row['r2']:.1%} (chance alone {row['r2_chance']:.1%})" in notes
    assert "dispersion around the mean" in notes


def test_only_the_pairs_asked_for(measures: Measures, monkeypatch: pytest.MonkeyPatch) -> None:
    every = between_outlets(measures).set_index(["a", "b"])
    one = between_outlets(measures, pairs=[("Velmar Post", "Radio Skerry")]).set_index(["a", "b"])
    assert sorted(one.index) == [
        ("Radio Skerry", "Radio Skerry"),
        ("Radio Skerry", "Velmar Post"),
        ("Velmar Post", "Velmar Post"),
    ]
    pd.testing.assert_frame_equal(one.sort_index(), every.loc[sorted(one.index)], check_like=True)
    with pytest.raises(AnalysisError, match="Unknown group 'Gazette'"):
        between_outlets(measures, pairs=[("Velmar Post", "Gazette")])
    monkeypatch.setattr(similarity, "COMPARED", 2)
    table = between_outlets(measures)
    assert len(table) == 3
    assert any("Not compared here: 1 others" in note for note in table.attrs["notes"])


def test_no_difference_is_found_where_there_is_none() -> None:
    p = [pair(between_outlets(two_outlets(0, 10, seed)))["p"] for seed in range(40)]
    # Uniform p: 40 draws below .05 are more than 6 in 1 of 300 cases.
    assert sum(value < 0.05 for value in p) <= 6
    assert np.mean(p) == pytest.approx(0.5, abs=4 * sqrt(1 / 12 / 40))


@pytest.mark.parametrize("shift", [0.0, 0.1])
def test_ten_copies_of_every_article_change_no_conclusion(shift: float) -> None:
    measures = two_outlets(shift)
    frame = measures.articles[["id", "outlet"]].assign(
        text=[" ".join(np.repeat(t["term"].astype(str), t["count"])) for _, t in _texts(measures)]
    )
    copies = pd.concat([frame.assign(id=frame["id"] + f"-{i}") for i in range(10)])
    once, ten = (
        between_outlets(analysis.measure_articles(articles)) for articles in (frame, copies)
    )
    columns = ["cosine", "difference", "r2", "p", "low", "high"]
    assert ten[columns].to_numpy() == pytest.approx(once[columns].to_numpy(), nan_ok=True)
    assert "Left out: 270 articles" in " ".join(ten.attrs["notes"])


def _texts(measures: Measures) -> list[tuple[str, pd.DataFrame]]:
    return list(measures.terms.groupby("article", observed=True))


def test_articles_are_exchanged_within_events() -> None:
    """Outlets that covered other events differ; within an event they do not."""
    rng = np.random.default_rng(4)
    texts, outlets, events = [], [], []
    for event, sizes in (("storm", (12, 4)), ("vote", (4, 12))):
        vocabulary = [f"{event}{i}" for i in range(60)]
        for outlet, n in zip(("Lantern", "Skerry"), sizes, strict=True):
            texts += random_texts(rng, n, vocabulary)
            outlets += [outlet] * n
            events += [event] * n
    measures = corpus(*texts, outlet=outlets, event=events)
    inside = outlets_differ(measures, plan=Plan(strata="event"))
    across = outlets_differ(measures)
    assert across["p"].iloc[0] < 0.05 < inside["p"].iloc[0]
    assert inside["f"].iloc[0] == pytest.approx(across["f"].iloc[0])
    assert "within each event alone" in " ".join(inside.attrs["notes"])


def test_groups_of_another_column(measures: Measures) -> None:
    assert set(between_outlets(measures, "stage")["a"]) == {"aftermath", "vote"}
    alone = between_outlets(measures, "agency")
    assert alone["a"].tolist() == ["Coastwire"]
    assert "10 articles without agency" in " ".join(alone.attrs["notes"])


def test_without_shared_copy_leaves_copies_out() -> None:
    words = [f"w{i}" for i in range(300)]
    measures = corpus(" ".join(words), " ".join(words[:280]), " ".join(f"x{i}" for i in range(99)))
    both = between_articles(measures)
    alone = between_articles(independent(measures))
    assert (len(both), len(alone)) == (3, 2)
    assert "1 of 3 articles left out" in " ".join(alone.attrs["notes"])


def test_tree_is_average_linkage(measures: Measures) -> None:
    distances = 1 - between_articles(measures).to_numpy()
    np.fill_diagonal(distances, 0)
    expected = hierarchy.linkage(squareform(distances, checks=False), "average")
    table = clusters(measures)
    assert table["distance"].to_numpy() == pytest.approx(expected[:, 2])
    assert table["texts"].tolist() == expected[:, 3].tolist()
    assert sorted(table.attrs["order"]) == measures.articles["id"].tolist()
    cophenetic = hierarchy.cophenet(expected, squareform(distances, checks=False))[0]
    assert table.attrs["cophenetic"] == pytest.approx(cophenetic)
    assert f"{cophenetic:.2f}" in table.attrs["notes"][-1]


def test_no_tree_below_four(measures: Measures) -> None:
    some = measures.keep(["velmar-00", "velmar-01", "velmar-02"])
    for table, order in (
        (clusters(some), ["velmar-00", "velmar-01", "velmar-02"]),
        (clusters(measures, "outlet"), ["Radio Skerry", "The Lantern", "Velmar Post"]),
    ):
        assert table.empty
        assert table.attrs["order"] == order
        assert "at least 4" in table.attrs["notes"][-1]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_the_smallest_corpora(measures: Measures, n: int) -> None:
    some = measures.keep(measures.articles["id"].head(n))
    assert between_articles(some).shape == (n, n)
    assert len(between_articles(some, top=3)) == n * (n - 1)
    assert clusters(some).empty
    if n:
        assert len(between_outlets(some)) == n * (n + 1) // 2
        assert outlets_differ(some).empty
