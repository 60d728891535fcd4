"""Pictures of words: every figure that the table has, and names that can be read."""

import itertools

import pandas as pd
import pytest
from conftest import corpus, noise

from analysis.compare.ground.inference import Plan
from analysis.compare.usage import word_shift as shift_of
from analysis.compare.vocabulary import keyness
from analysis.errors import AnalysisError
from analysis.report.addresses import address
from analysis.report.plots.style import figure
from analysis.report.plots.vocabulary import keyness_intervals, term_scatter, word_shift


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rows = [(o, t + " lighthouse" * 3 * (o == "East")) for o, t in noise(10)]
    return keyness(corpus(rows), plan=Plan(least=1, share=0, permutations=200, bootstraps=100))


def _addresses(labels) -> list[str | None]:
    return [label.get_url() for label in labels]


def _texts(ax) -> list[str]:
    return [t.get_text() for t in ax.texts]


def test_intervals_write_in_how_many_articles_each_word_stands(table: pd.DataFrame) -> None:
    ax = keyness_intervals(table, "East", "West", top=3)
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert names[0] == "lighthouse"
    assert len(names) == 6
    assert _addresses(ax.get_yticklabels())[0] == "explorer.html#term=lighthouse"
    assert figure(ax, "Words").svg().count('<a href="explorer.html#term=') == 6
    texts = _texts(ax)
    assert texts.count("10 of 10") >= 1
    assert "0 of 10" in texts
    assert sum(" of 10" in t for t in texts) == 12
    assert "● q < .05" in " ".join(texts)
    assert figure(ax, "Words").alt.startswith("Dots with lines for 6 words")


def test_few_articles_show_the_range_and_no_test() -> None:
    few = keyness(corpus(noise(3)))
    texts = " ".join(_texts(keyness_intervals(few, "East", "West")))
    assert "one article is left out" in texts
    assert "q <" not in texts
    one = keyness(corpus(noise(1)))
    assert "— " not in " ".join(_texts(keyness_intervals(one, "East", "West")))


def _labels(ax) -> list:
    return [t for t in ax.texts if t.get_text()]


def test_names_in_the_scatter_do_not_overlap_and_stay_where_they_are() -> None:
    rows = [(o, t + f" {o.lower()}word{i % 4}") for i, (o, t) in enumerate(noise(6))]
    table = keyness(corpus(rows))
    ax = term_scatter(table, "East", "West", labels=40)
    labels = _labels(ax)
    assert len(labels) >= 10
    boxes = [t.get_window_extent() for t in labels]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    addresses = {address(term) for term in table["term"]}
    assert len(set(_addresses(labels))) == len(labels) and set(_addresses(labels)) <= addresses
    again = _labels(term_scatter(table, "East", "West", labels=40))
    assert [t.get_position() for t in labels] == [t.get_position() for t in again]
    assert "dots" in figure(ax, "Words").alt


def test_word_shift_bars_are_the_contributions() -> None:
    table = shift_of(corpus(noise(3)), "East", "West")
    ax = word_shift(table, top=8)
    top = table[table["more_used_by"] != ""].head(8)
    signs = top["more_used_by"].map({"East": 1000, "West": -1000})
    assert [b.get_width() for b in ax.patches] == pytest.approx(list(top["contribution"] * signs))
    named = [t for t in ax.texts if t.get_url()]
    assert _addresses(named) == [f"explorer.html#term={term}" for term in top["term"]]
    first = top.iloc[0]
    assert f"{first['n_first']} : {first['n_second']}" in _texts(ax)
    assert "divergence of East and West" in figure(ax, "Words").alt


def test_a_contrast_that_is_not_there_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="East"):
        keyness_intervals(table, "East", "North")
