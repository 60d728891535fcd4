"""Texts once more: where they lie, terms and hits in their sentences, and what two texts share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare import usage
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.measure.evidence import (
    at_hand,
    check_lexicon,
    concordance,
    evidence,
    in_context,
    shared_passages,
    texts_beside,
)
from analysis.measure.measures import Measures
from analysis.measure.tokens import fold, spelling, tokenize

HARBOUR = DATA / "examples" / "harbour.toml"


def corpus() -> tuple[pd.DataFrame, Measures]:
    rows = {
        "a": ("Post", "The pier is unsafe. “It is a danger,” said Ida Brandt. Wind rose."),
        "b": ("Skerry", "Nobody spoke of it. A danger? No danger."),
        "c": ("Skerry", "The pier is costly."),
    }
    articles = pd.DataFrame(
        [{"id": i, "outlet": o, "title": "", "text": t} for i, (o, t) in rows.items()]
    )
    return articles, analysis.measure_articles(articles, lexicons=[HARBOUR])


def test_without_text_there_are_articles_and_addresses() -> None:
    _, measures = corpus()
    table = evidence(measures, "danger")
    assert table[["article", "outlet", "count", "narrator", "quoted"]].to_numpy().tolist() == [
        ["a", "Post", 2, 1, 1],
        ["b", "Skerry", 2, 2, 0],
    ]
    assert {"date", "title", "url"} <= set(table.columns) and "passages" not in table.columns


def test_with_text_every_hit_has_its_sentence_and_voice() -> None:
    articles, measures = corpus()
    table = evidence(measures, ["danger", "cost"], articles, lexicons=[HARBOUR])
    assert table["passages"].map(len).to_list() == table["count"].to_list()
    passages = table.set_index(["entry", "article"])["passages"]
    assert passages["danger", "a"] == [
        "narrator: The pier is unsafe.",
        "quoted: “It is a danger,” said Ida Brandt.",
    ]
    assert passages["cost", "c"] == ["narrator: The pier is costly."]
    assert "Sentences: 5 of 5 hits, from 3 of 3 articles" in table.attrs["notes"][-1]


def test_a_text_that_is_not_the_measured_one_is_not_shown() -> None:
    articles, measures = corpus()
    changed = articles.assign(text=articles["text"].where(articles["id"] != "a", "A danger."))
    table = evidence(measures, "danger", changed, lexicons=[HARBOUR]).set_index("article")
    assert table.loc["a", "passages"] == []
    assert len(table.loc["b", "passages"]) == 2


def test_a_lexicon_that_is_not_at_hand_gives_no_sentence_and_says_so() -> None:
    articles, measures = corpus()
    table = evidence(measures, "danger", articles)
    assert table["passages"].map(len).sum() == 0
    assert table.attrs["notes"][-1].startswith("Sentences: 0 of 4 hits")


def test_a_changed_lexicon_is_not_taken_for_the_one_that_measured(tmp_path: Path) -> None:
    articles, measures = corpus()
    other = tmp_path / "harbour.toml"
    other.write_text(HARBOUR.read_text("utf-8").replace("|unsafe", "|unsafe|wind"), "utf-8")
    table = evidence(measures, "danger", articles, lexicons=[other])
    assert table["passages"].map(len).sum() == 0


def test_what_was_not_found_is_told_from_what_was_not_looked_for() -> None:
    _, measures = corpus()
    table = evidence(measures.keep(["b"]), ["cost", "ghosts"])
    assert table.empty
    assert table.attrs["notes"][-2:] == [
        "'cost' was looked for and not found in these articles.",
        "'ghosts' is in no lexicon these articles were measured with.",
    ]
    assert evidence(measures, []).empty


def test_texts_lie_beside_the_corpus(tmp_path: Path) -> None:
    articles, measures = corpus()
    folder = analysis.write_measures(measures, tmp_path / "harbour")
    assert texts_beside(folder) is None
    for place in ("articles.parquet", "harbour.articles.parquet", "harbour/articles.parquet"):
        articles.to_parquet(tmp_path / place)
        found = texts_beside(folder)
        assert found is not None and found["id"].to_list() == ["a", "b", "c"]
        (tmp_path / place).unlink()
    assert len(evidence(measures, "danger", articles, lexicons=[HARBOUR])["passages"][0]) == 2


def test_evidence_adds_up_to_what_was_measured(articles: pd.DataFrame, measures: Measures) -> None:
    entries = sorted(measures.indicators["entry"].astype("str").unique())
    table = evidence(measures, entries, articles)
    assert table["count"].sum() == measures.indicators["count"].sum()
    voices = table[["narrator", "reported", "quoted"]].sum(axis=1)
    assert voices.to_list() == table["count"].to_list()
    assert table["passages"].map(len).to_list() == table["count"].to_list()


# ---------------------------------------------------------------- terms


def test_every_counted_word_is_found_where_it_stands(measures, articles):
    phrases = [t for t in measures.terms["term"].astype("str").unique() if " " in t]
    lines, found = in_context(at_hand(measures, articles), phrases)
    assert phrases
    texts = lines.set_index("sentence")["text"]
    for term, sentence, start, end in found[["term", "sentence", "start", "end"]].itertuples(
        index=False
    ):
        assert [fold(spelling(w)) for w in texts[sentence][start:end].split(" ")] == term.split()
    found["article"] = lines.set_index("sentence")["article"].reindex(found["sentence"]).to_numpy()
    counted = usage.by_article(measures).set_index(["term", "article"]).sort_index()
    kept = found["article"].isin(counted.index.get_level_values("article"))  # editions count once
    now = (
        found[kept].groupby(["term", "article"]).agg(n=("start", "size"), quoted=("quoted", "sum"))
    )
    assert kept.any()
    assert now["n"].tolist() == counted["count"].tolist()
    assert now["quoted"].tolist() == counted["quoted"].tolist()
    assert now.index.tolist() == counted.index.tolist()


def test_reading_a_word_in_context(measures, articles):
    table = concordance(measures, articles, "Dangers’")
    assert table.empty
    table = concordance(measures, articles, "Danger")
    row = table[table["before"].str.startswith("Mayor")].iloc[0]
    assert row["before"] + row["word"] + row["after"] == (
        "Mayor Ida Brandt called the pier “a danger to every child in town.”"
    )
    assert row["word"] == "danger" and row["voice"] == "quoted"
    assert list(table["outlet"]) == sorted(table["outlet"])
    assert len(concordance(measures, articles, "danger", most=2)) == 2


def test_only_texts_that_were_measured_are_used(measures, articles):
    changed = articles.copy()
    changed.loc[0, "text"] += " And more."
    changed.loc[1, "title"] = "Another"
    changed.loc[2, "id"] = "unknown"
    assert set(at_hand(measures, changed)["id"]) == set(articles["id"][3:])


def test_articles_without_text_are_refused(measures, articles):
    with pytest.raises(AnalysisError, match="no column text"):
        concordance(measures, articles.drop(columns="text"), "pier")


# ---------------------------------------------------------------- what two texts share

FERRY = (
    "The ferry left the harbour at noon and ran onto a sandbank, the port authority said. "
    "“We had no warning at all,” said the captain, Mr Lund. "
    "Rescue boats brought everyone ashore before dark."
)
MOVED = (
    "Rescue boats brought everyone ashore before dark on Monday. The FERRY left the harbour at "
    "noon, and ran onto a sandbank, the port authority said. “We had no warning at all,” said "
    "the mate."
)
LETTERS = st.lists(st.sampled_from("abcdefg"), max_size=40)


def test_a_moved_passage_is_found_where_it_stands() -> None:
    found = shared_passages(FERRY, MOVED)
    assert found[["passage", "voice", "words"]].to_records(index=False).tolist() == [
        (1, "narrator", 16),
        (1, "quoted", 6),
        (1, "narrator", 2),
    ]
    for piece in found.itertuples():
        a, b = FERRY[piece.a_start : piece.a_end], MOVED[piece.b_start : piece.b_end]
        assert tokenize(a) == tokenize(b)
        assert len(tokenize(a)) == piece.words
    # The rescue boats are seven words: fewer than eight.
    assert len(shared_passages(FERRY, MOVED, words=7)) == len(found) + 1


def test_what_only_one_of_them_quotes_is_mixed() -> None:
    words = "the firm wants to build flats on the old pier"
    found = shared_passages(f"It is said that {words}.", f"He wrote: “{words}.”")
    assert found[["voice", "words"]].to_records(index=False).tolist() == [("mixed", 10)]


def test_no_passage() -> None:
    assert shared_passages("", FERRY).empty
    assert shared_passages("Too short.", "Too short.").empty
    assert shared_passages("", "").columns[0] == "passage"
    with pytest.raises(AnalysisError, match="at least 1"):
        shared_passages("a", "b", words=0)


def test_repeated_copy_is_counted_once() -> None:
    sentence = "The council voted late at night to sell the whole pier. "
    found = shared_passages(sentence, sentence * 3)
    assert found["words"].tolist() == [11]


@settings(max_examples=80, deadline=None)
@given(LETTERS, LETTERS, st.integers(1, 4))
def test_passages_are_equal_disjoint_and_leave_no_longer_one(
    a: list[str], b: list[str], least: int
) -> None:
    one, other = " ".join(a), " ".join(b)
    found = shared_passages(one, other, words=least)
    used_a, used_b = np.zeros(len(one), int), np.zeros(len(other), int)
    for piece in found.itertuples():
        assert one[piece.a_start : piece.a_end] == other[piece.b_start : piece.b_end]
        assert piece.words >= least
        used_a[piece.a_start : piece.a_end] += 1
        used_b[piece.b_start : piece.b_end] += 1
    assert max(used_a.max(initial=0), used_b.max(initial=0)) <= 1
    # By brute force: in what no passage holds, no run of `least` words is left in common.
    free = [
        {
            tuple(w[i : i + least])
            for i in range(len(w) - least + 1)
            if not used[2 * i : 2 * (i + least) - 1].any()
        }
        for w, used in ((a, used_a), (b, used_b))
    ]
    assert not free[0] & free[1]


# ---------------------------------------------------------------- a list of one's own


def test_a_list_is_checked_in_its_sentences(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("attack,force\nhar*,place\nChristian,faith\nghost,night\n", "utf-8")
    texts = [
        "A heart attack killed him. The hare and the harbourmaster left.",
        "She had a heart attack. An attack on the pier. Christian Holm left.",
        "Another heart attack! The harbour is shut, says Christian Holm.",
    ]
    rows = [{"id": str(i), "outlet": "Post", "text": text} for i, text in enumerate(texts * 2)]
    table = check_lexicon(own, pd.DataFrame(rows)).set_index("pattern")
    assert table.loc["attack", "hits"] == 8 and table.loc["attack", "words"] == "attack 8"
    assert "often in “heart attack”" in table.loc["attack", "look"]
    assert "the stem also finds harbour, harbourmaster" in table.loc["har*", "look"]
    assert "continued by a capital: part_of_name = false?" in table.loc["Christian", "look"]
    assert table.loc["ghost", "look"] == "finds nothing"
    assert table.loc["attack", "passages"][0] == "attack: A heart attack killed him."
    assert "1 of 4 entries found nothing" in table.attrs["notes"][0]
    assert any("without source" in note for note in table.attrs["notes"])


def test_phrases_and_patterns_in_their_sentences() -> None:
    articles, measures = corpus()
    found = concordance(measures, articles, "pier {0,1} costly|unsafe")
    assert found["word"].to_list() == ["pier is unsafe", "pier is costly"]
    assert concordance(measures, articles, "dang*")["voice"].to_list() == [
        "quoted",
        "narrator",
        "narrator",
    ]
