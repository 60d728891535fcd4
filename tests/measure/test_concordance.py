"""Terms in their sentences: the same occurrences that were counted, at the right places."""

import pytest

from analysis.compare import usage
from analysis.errors import AnalysisError
from analysis.measure.concordance import at_hand, concordance, in_context
from analysis.measure.tokens import fold, spelling


def test_every_counted_word_is_found_where_it_stands(measures, articles):
    lines, found = in_context(at_hand(measures, articles))
    texts = lines.set_index("sentence")["text"]
    for term, sentence, start, end in found[["term", "sentence", "start", "end"]].itertuples(
        index=False
    ):
        assert fold(spelling(texts[sentence][start:end])) == term
    found["article"] = lines.set_index("sentence")["article"].reindex(found["sentence"]).to_numpy()
    now = found.groupby(["term", "article"]).agg(n=("start", "size"), quoted=("quoted", "sum"))
    counted = usage.by_article(measures).set_index(["term", "article"]).sort_index()
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
