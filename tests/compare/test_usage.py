"""Dispersion, diversity, word shift, silence, locked words: by hand and against scipy."""

import numpy as np
import pytest
from conftest import TWO, WORDS, corpus, noise, row
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from analysis.compare.ground.groups import grouped
from analysis.compare.usage import (
    dispersion,
    divergence,
    diversity,
    hdd,
    locked,
    silence,
    word_shift,
)
from analysis.compare.vocabulary import keyness
from analysis.errors import AnalysisError


def test_dispersion_by_hand() -> None:
    table = dispersion(corpus(TWO))
    east = table[table["group"] == "East"]
    pier = row(east, "pier")  # tokens 3 and 2 of 5; both occurrences in the first article
    assert pier["dp"] == pytest.approx(2 / 5)
    assert pier["dp_norm"] == pytest.approx((2 / 5) / (1 - 2 / 5))
    assert (pier["articles"], pier["n_articles"], pier["evidence"]) == (1, 2, "one article")
    council = row(east, "council")  # one of two occurrences in each
    assert council["dp"] == pytest.approx(abs(1 / 2 - 3 / 5))
    assert table.loc[table["group"] == "West", "dp_norm"].isna().all()


def test_hdd_agrees_with_the_hypergeometric_distribution() -> None:
    measures = corpus([("East", " ".join(t for _, t in noise(1)))])
    group = grouped(measures).groups["East"]
    counts = group.matrix.toarray()[0]
    seen = stats.hypergeom.sf(0, counts.sum(), counts, 42)
    assert hdd(group) == pytest.approx([seen.sum() / 42])


def test_short_texts_have_no_hdd() -> None:
    assert np.isnan(hdd(grouped(corpus(TWO)).groups["East"])).all()


def test_diversity_is_the_mean_over_articles() -> None:
    measures = corpus(noise(12))
    table = diversity(measures, bootstraps=200)
    assert sorted(table["measure"].unique()) == ["HD-D", "MATTR", "MTLD", "type–token ratio"]
    east = table[(table["group"] == "East") & (table["measure"] == "MTLD")].iloc[0]
    values = measures.articles.loc[measures.articles["outlet"] == "East", "mtld"]
    assert east["mean"] == pytest.approx(values.mean())
    assert east["low"] < east["mean"] < east["high"]
    assert (east["articles"], east["n_articles"]) == (12, 12)
    few = diversity(corpus(noise(9)))
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
    rows = [(o, t + " the" * 30) for o, t in noise(12)]
    table = locked(keyness(corpus(rows), permutations=50, bootstraps=200))
    assert table["term"].iloc[0] == "the"
    assert table["at_most"].is_monotonic_increasing
    widest = table[["low", "high"]].abs().max(axis=1)
    assert (table["at_most"] == widest).all()
    one = locked(keyness(corpus(noise(1))))
    assert one.empty
    assert "too few" in one.attrs["notes"][-1]
