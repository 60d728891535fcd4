"""Articles × things, in groups: counted by hand, and two sides of them."""

import numpy as np
import pandas as pd
import pytest
from conftest import TWO, corpus, noise

from analysis.compare.ground.groups import Contrast, grouped, largest, log_spread
from analysis.compare.ground.inference import PLAN, REST
from analysis.errors import AnalysisError


def test_words_of_articles_by_group() -> None:
    groups = grouped(corpus([*TWO, ("East", "Council vote."), ("West", "…")]))
    east = groups.named("East")
    assert list(groups.things) == ["council", "pier", "vote"]
    assert east.matrix.toarray().tolist() == [[1, 2, 0], [1, 0, 1]]  # the copy counts once
    assert (east.n, east.size, east.articles.tolist()) == (2, 5, [2, 1, 1])
    assert "exact copy" in groups.notes[-1] and "without a word" in groups.notes[-2]
    with pytest.raises(AnalysisError, match="Available: East, West"):
        groups.named("Eest")


def test_other_things_are_counted_in_the_same_articles() -> None:
    rows = [("a000", "oar", 2), ("a001", "oar", 1), ("a000", "sail", 4), ("a002", "oar", 5)]
    rows += [("elsewhere", "oar", 9), ("a001", "mast", 9)]
    table = pd.DataFrame(rows, columns=["article", "thing", "times"])
    counted = grouped(corpus(TWO)).count(table, "thing", pd.Index(["oar", "sail"]), "times")
    assert counted.named("East").matrix.toarray().tolist() == [[2, 4], [1, 0]]
    assert counted.named("West").count.tolist() == [5, 0]
    assert counted.named("East").tokens.tolist() == [3, 2]  # words stay the denominator


def test_groups_too_small_for_an_interval_are_named() -> None:
    rows = noise(12) + noise(3, outlets=("North",))
    assert "fewer than 10 articles" in grouped(corpus(rows)).too_few
    assert grouped(corpus(rows)).too_few.endswith("vary: North (3).")
    assert grouped(corpus(noise(12))).too_few == ""


def test_the_rest_weights_its_groups_equally() -> None:
    rows = [("A", "pier " * 9), ("B", "pier vote"), ("C", "vote"), ("C", "vote vote")]
    groups = grouped(corpus(rows))
    (contrast,) = groups.contrasts("A", REST)
    target, rest = contrast.target, contrast.reference
    assert (target.name, rest.name, rest.n, rest.size) == ("A", REST, 3, 5)
    assert rest.rate.tolist() == [0.25, 0.75]
    assert rest.weighted_size == pytest.approx(4 / (1 / 2 + 1 / 3))
    assert contrast.more_used_by.tolist() == ["A", REST]
    assert contrast.few_articles.tolist() == ["one article", "few articles"]


def test_variance_that_few_articles_make_is_known_as_badly_as_theirs() -> None:
    """By hand, of two groups weighted equally: u is an article's part in the rate's deviation."""
    rng = np.random.default_rng(3)
    rows = [
        (outlet, "vote " * int(rng.integers(20, 90)) + "pier " * int(rng.poisson(3)))
        for outlet in ["B"] * 12 + ["C"] * 18
    ]
    rows[0] = ("B", "vote " * 40 + "tide " * 6)
    side = grouped(corpus([("A", "pier"), *rows])).rest("A")
    columns = side.of.things.get_indexer(["pier", "tide", "vote"])
    _, found = log_spread(side, columns, PLAN)
    own = 1 / (2 * side.sizes[1][side.code, None])
    expected = side.rates(columns)[side.code] * side.tokens[:, None]
    u, n = own * (side.matrix.toarray()[:, columns] - expected), side.effective_n
    uneven = (u**4).sum(axis=0) / (u**2).sum(axis=0) ** 2 - 1 / n
    uneven -= 1 / side.weighted_count[columns]
    assert found == pytest.approx(1 + np.clip(2 / np.maximum(uneven, 1e-9), 2, n - 1))
    assert 3 <= found[1] < 5 and found[0] > 10  # tide is of one article, pier of all


def test_largest_groups_and_ties_by_name() -> None:
    measures = corpus([*TWO, ("Apex", "pier"), ("Zenith", "pier"), ("Zenith", "tide")])
    assert largest(measures, number=3) == ["East", "Zenith", "Apex"]


def test_few_long_articles_against_many_short_ones_are_not_tested() -> None:
    def two(long: int, n: int) -> Contrast:
        rows = [("East", f"pier {i} " * long) for i in range(5)]
        rows += [("West", f"tide {i} " * 20) for i in range(n)]
        return next(grouped(corpus(rows)).contrasts("East", "West"))

    assert two(40, 16).uneven and not two(40, 16).tested(True, PLAN).any()
    assert not two(40, 15).uneven and two(40, 15).tested(True, PLAN).all()
    assert not two(20, 16).uneven and not two(10, 16).uneven


def test_few_words_are_withheld_up_to_thirteen_articles() -> None:
    def two(n: int) -> Contrast:
        rows = [("East", f"pier {i} " * 40) for i in range(n)]
        rows += [("West", f"tide {i} " * 20) for i in range(3 * n + 1)]
        return next(grouped(corpus(rows)).contrasts("East", "West"))

    assert two(13).uneven and not two(13).tested(False, PLAN).any()
    assert not two(14).uneven and two(14).tested(False, PLAN).any()
