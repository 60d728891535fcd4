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
        # of lead and body there are so few words that they stand together
        **{("", "quoted", term): 1 for term in ("no", "way")},
        ("", "reported", "twice"): 1,
        **{("", "narrator", term): 1 for term in "said two three four five six".split()},
        ("", "narrator", "ida"): 2,
    }
    article = measures.articles.iloc[0]
    assert (article["words"], article["sentences"], article["quoted_words"]) == (11, 6, 2)
    assert article["text_sha256"] == ""  # too short to be hashed


def test_cells_of_few_words_lose_their_side_then_their_zone(tmp_path: Path) -> None:
    speakers = tmp_path / "speakers.toml"
    speakers.write_text('[[speaker]]\nname = "Ida Brandt"\nside = "town"\n', "utf-8")
    filler = " The pier is closed today."
    said = " “" + "We have had enough of this and we say so again and again,” said Ida Brandt."
    few = " “Not now,” said Ida Brandt. “We will see about all this in a year or two,” said Tom."
    for text, expected in ((said, {("body", "town")}), (few, {("body", "")})):
        row = {"id": "a", "outlet": "Post", "text": filler * 5 + text + filler * 3}
        terms = analysis.measure_articles(pd.DataFrame([row]), speakers=speakers).terms
        quoted = terms[terms["voice"] == "quoted"]
        assert set(zip(quoted["zone"], quoted["side"], strict=True)) == expected
        cells = terms.groupby(["zone", "voice", "side"], observed=True)["count"].sum()
        assert all(n >= 12 for (zone, _, side), n in cells.items() if zone or side)


def test_words_found_cannot_be_chained(tmp_path: Path) -> None:
    patterns = ["old harbour", "harbour wall of stone", "stone pier", "a {0,4} boat"]
    entries = ", ".join(f'"{p}"' for p in patterns)
    (tmp_path / "mine.toml").write_text(
        f'title = "x"\nkind = "indicators"\n[[set]]\nname = "s"\n[[set.label]]\nname = "e"\n'
        f"entries = [{entries}]\n",
        "utf-8",
    )
    row = {"id": "a", "outlet": "Post"}
    row["text"] = (
        "The harbour wall of stone. An old harbour. A stone pier. A very small red wooden boat."
    )
    measures = analysis.measure_articles(pd.DataFrame([row]), lexicons=[tmp_path / "mine.toml"])
    found = sorted(measures.indicators["found"].astype("str"))
    assert found == ["a … boat", "harbour wall of stone", "old …", "… pier"]
    several = [set(one.split()) - {"…"} for one in found if " " in one]
    assert sum(map(len, several)) == len(set().union(*several))


def test_topic_words_are_counted_with_endings_and_phrases() -> None:
    text = "Pier and piers. The PIER's wall. Old pier! At sea level, the sea."
    row = {"id": "a", "outlet": "Post", "title": "A pier", "text": text}
    for topic, uses, enough in (
        (["pier*"], 5, True),
        (["pier"], 4, True),
        (["sea level"], 1, False),
        (["level crossing"], 0, False),
        (["a pier pier"], 0, False),
        (["wall old"], 0, False),  # a sentence ends between them
        (["level the"], 0, False),  # a comma stands between them
        (["pier", "old pier"], 4, True),  # a place counts once
    ):
        measures = analysis.measure_articles(pd.DataFrame([row]), topic=topic)
        found = measures.articles.iloc[0]
        assert (found["topic_uses"], found["on_topic"]) == (uses, enough), topic
    with pytest.raises(AnalysisError, match="holds no word"):
        analysis.measure_articles(pd.DataFrame([row]), topic=["…"])
    assert analysis.measure_articles(pd.DataFrame([row])).articles["on_topic"].all()


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
        pooled = analysis.measure_articles(articles, executor=pool, publish=["stage"])
    for name in SCHEMA:
        pd.testing.assert_frame_equal(getattr(pooled, name), getattr(measures, name))


def test_no_sentence_is_kept(articles: pd.DataFrame, measures: Measures) -> None:
    tables = [getattr(measures, t) for t in SCHEMA]
    longest = max(len(str(v)) for t in tables for v in t.to_numpy().ravel())
    assert longest <= max(64, articles["title"].str.len().max())


def test_a_long_phrase_is_cut() -> None:
    who = "The committee of the nine harbours of the northern and eastern coast"
    said = measured(f"{who} said that the pier was safe.").statements
    assert said["speaker"].str.split().str.len().to_list() == [5]  # four words and an ellipsis


def test_what_a_headline_says_is_reported_but_no_statement_of_the_article(tmp_path: Path) -> None:
    row = {"id": "a", "outlet": "The Lantern", "text": "The pier is open."}
    article = pd.DataFrame([row | {"title": "Vote is illegal, says Ida Brandt"}])
    speakers = tmp_path / "speakers.toml"
    speakers.write_text('[[speaker]]\nname = "Ida Brandt"\nside = "town"\n', "utf-8")
    measures = analysis.measure_articles(article, lexicons=["generic"], speakers=speakers)
    assert measures.statements.empty
    hits = measures.indicators[measures.indicators["found"] == "illegal"]
    assert set(zip(hits["zone"], hits["voice"], hits["side"], strict=True)) == {
        ("headline", "reported", "town")
    }
