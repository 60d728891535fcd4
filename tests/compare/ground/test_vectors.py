"""Articles as vectors."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from likeness import corpus, without_editions

import analysis
from analysis.compare.ground import vectors
from analysis.compare.similarity import (
    between_articles,
    between_outlets,
    clusters,
    explain,
)
from analysis.measure.measures import Measures


@pytest.fixture
def measures(measures: Measures) -> Measures:
    return without_editions(measures)


@pytest.mark.parametrize("selection", [{"zone": "headline"}, {"voice": "quoted"}])
def test_zone_and_voice_select_words(measures: Measures, selection: dict[str, str]) -> None:
    selected = between_articles(measures.select(**selection))
    assert any(n.startswith("Selected: ") for n in selected.attrs["notes"])
    assert not np.allclose(selected, between_articles(measures), equal_nan=True)


def test_an_article_without_words_has_no_cosine() -> None:
    measures = corpus("He said no.", "“Nothing,” he said.", "“Nothing at all.”")
    measures = measures.select(voice="quoted")
    cosines = between_articles(measures)
    no_words, words = [True, True, True], [True, False, False]
    assert cosines.isna().to_numpy().tolist() == [no_words, words, words]
    assert any("t00" in note and "no cosine" in note for note in cosines.attrs["notes"])
    assert "undefined" in " ".join(explain(measures, "t00", "t01").attrs["notes"])


def test_blocks_and_dense_terms_change_nothing(
    measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = between_articles(measures)
    for rows, share in ((1, 0.0), (5, 0.4), (500, 1.0)):
        monkeypatch.setattr(vectors, "_BLOCK_ROWS", rows)
        monkeypatch.setattr(vectors, "_COMMON_SHARE", share)
        pd.testing.assert_frame_equal(between_articles(measures), whole, check_exact=True)


def test_order_of_rows_does_not_matter(articles: pd.DataFrame, measures: Measures) -> None:
    shuffled = analysis.measure_articles(articles.sample(frac=1, random_state=3))
    shuffled = dataclasses.replace(shuffled, overlaps=measures.overlaps)
    turned = dataclasses.replace(
        measures, articles=measures.articles.iloc[::-1], terms=measures.terms.iloc[::-1]
    )
    for other in (shuffled, turned):
        for function in (between_articles, between_outlets, clusters):
            pd.testing.assert_frame_equal(function(other), function(measures), check_exact=True)
