import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis.errors import AnalysisError
from analysis.measure import corpus as run
from analysis.measure.measures import Measures
from analysis.measure.schema import SCHEMA
from analysis.measure.tokens import tokenize


def measured(text: str, title: str = "") -> Measures:
    row = {"id": "a", "outlet": "The Lantern", "title": title, "text": text}
    return analysis.measure_articles(pd.DataFrame([row]))


def rows(measures: Measures) -> dict[tuple[str, str, str], int]:
    t = measures.terms
    keys = zip(t["zone"], t["voice"], t["term"], strict=True)
    return dict(zip(keys, t["count"], strict=True))


def test_one_article_by_hand() -> None:
    text = "Ida said “no way” twice. Two. Three. Four. Five. Six Ida's."
    measures = measured(text, "Pier: 'no'")
    assert rows(measures) == {
        ("headline", "narrator", "pier"): 1,
        ("headline", "quoted", "no"): 1,
        ("lead", "narrator", "ida"): 1,
        ("lead", "narrator", "said"): 1,
        ("lead", "narrator", "twice"): 1,
        ("lead", "quoted", "no"): 1,
        ("lead", "quoted", "way"): 1,
        ("lead", "narrator", "two"): 1,
        ("lead", "narrator", "three"): 1,
        ("lead", "narrator", "four"): 1,
        ("lead", "narrator", "five"): 1,
        ("body", "narrator", "six"): 1,
        ("body", "narrator", "ida"): 1,
    }
    article = measures.articles.iloc[0]
    assert (article["words"], article["sentences"], article["quoted_words"]) == (11, 6, 2)
    assert article["text_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_commonest_spelling_is_shown_and_ties_go_by_code_point() -> None:
    measures = measured("Pier pier PIER Pier. NATO Nato")
    assert measures.spelling(["pier", "nato", "unseen"]) == ["Pier", "NATO", "unseen"]


@given(st.text(st.sampled_from("ab .“”\"'’\nU.S,-5É"), max_size=60))
def test_every_token_is_counted_once(text: str) -> None:
    measures = measured(text + " end")
    whole = tokenize(text + " end")
    assert measures.terms["count"].sum() == len(whole)
    assert measures.articles["words"].iloc[0] == len(whole)


def test_names_and_quotations_leave_no_shingle() -> None:
    small = "they met there again and said nothing new of the matter"
    with_names = small.replace("again", "again Ida Brandt “a danger to us all”")
    a, b = measured(small), measured(with_names)
    assert a.articles["shingles"].iloc[0] == b.articles["shingles"].iloc[0] == 7


def test_batches_and_processes_do_not_change_the_result(
    articles: pd.DataFrame, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_FEW_CHARACTERS", 300)
    monkeypatch.setattr(run, "_BATCH_CHARACTERS", 300)
    with ProcessPoolExecutor(2) as pool:
        pooled = analysis.measure_articles(articles, executor=pool)
    for name in SCHEMA:
        pd.testing.assert_frame_equal(getattr(pooled, name), getattr(measures, name))


def test_no_sentence_is_kept(articles: pd.DataFrame, measures: Measures) -> None:
    tables = [getattr(measures, t).drop(columns="pattern", errors="ignore") for t in SCHEMA]
    longest = max(len(str(v)) for t in tables for v in t.to_numpy().ravel())
    assert longest <= max(64, articles["title"].str.len().max())


def test_nothing_to_measure() -> None:
    with pytest.raises(AnalysisError, match="No articles to measure"):
        analysis.measure_articles(pd.DataFrame({"id": [], "outlet": [], "text": []}))


def test_a_long_name_is_cut() -> None:
    who = "The committee of the nine harbours of the northern and eastern coast"
    said = measured(f"{who} said that the pier was safe.").statements
    assert said["speaker"].str.split().str.len().to_list() == [9]  # eight words and an ellipsis


def test_what_a_headline_says_is_reported_but_no_statement_of_the_article(tmp_path: Path) -> None:
    row = {"id": "a", "outlet": "The Lantern", "text": "The pier is open."}
    article = pd.DataFrame([row | {"title": "Vote is illegal, says Ida Brandt"}])
    speakers = tmp_path / "speakers.toml"
    speakers.write_text('[[speaker]]\nname = "Ida Brandt"\nside = "town"\n', "utf-8")
    measures = analysis.measure_articles(article, lexicons=["generic"], speakers=speakers)
    assert measures.statements.empty
    hits = measures.indicators[measures.indicators["pattern"].str.startswith("illegal")]
    assert set(zip(hits["zone"], hits["voice"], hits["side"], strict=True)) == {
        ("headline", "reported", "town")
    }
