"""What the term explorer's page is given: whole where there is room, sampled and said where not."""

import pandas as pd
import pytest
from conftest import unsqueezed

import analysis
from analysis.compare import usage
from analysis.report import explorer
from analysis.report.explorer import articles_data, explorer_data, pairs_data
from analysis.report.show import squeezed
from analysis.report.study import Study, study_of


def rows(flat: list[int], width: int) -> list[tuple[int, ...]]:
    return list(zip(*[iter(flat)] * width, strict=True))


def placed(flat: list[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Article and count, reported, quoted; each article is held as its distance from the last."""
    steps = rows(flat, 4)
    return [(sum(s[0] for s in steps[: i + 1]), row[1:]) for i, row in enumerate(steps)]


def test_every_use_and_place_of_every_term_is_there(measures):
    data = explorer_data(measures)
    uses = usage.uses(measures).set_index(["term", "group"])
    found = 0
    for term, flat in zip(data["terms"], data["uses"], strict=True):
        for group, dp, low, high in rows(flat, 4):
            row = uses.loc[(term, data["groups"][group])]
            assert abs(dp - 1000 * row["dp"]) <= 0.5
            assert (low, high) == (-1, -1)  # four articles an outlet
            found += 1
    assert found == len(uses)
    places = usage.by_article(measures)
    places = places.set_index(["term", "article"])[["count", "reported", "quoted"]]
    ids = sorted(measures.articles["id"])
    told = {
        (term, ids[article]): voices
        for term, flat in zip(data["terms"], data["places"], strict=True)
        for article, voices in placed(flat)
    }
    assert told == {
        key: tuple(row) for key, row in zip(places.index, places.to_numpy(), strict=True)
    }
    assert data["limit"] == "" and data["texts"] == 0


def test_too_little_room_leaves_out_rare_terms_and_says_so(measures):
    whole = explorer_data(measures)
    data = explorer_data(measures, room=5000)
    assert 0 < len(data["terms"]) < len(whole["terms"])
    k = {t: len(p) // 4 for t, p in zip(whole["terms"], whole["places"], strict=True)}
    least = min(k[t] for t in data["terms"])
    assert {t for t in k if k[t] >= least} == set(data["terms"])
    assert data["limit"] == f"Listed are words in {least} articles or more."


def test_words_that_have_no_room_for_an_interval_are_listed(measures, monkeypatch):
    monkeypatch.setattr(explorer, "_FOR_INTERVALS", 0.0005)
    data = explorer_data(measures)
    assert len(data["terms"]) == measures.terms["term"].nunique() and data["limit"] == ""
    without = [t for t, flat in zip(data["terms"], data["uses"], strict=True) if not flat]
    assert 0 < len(without) < len(data["terms"])
    assert any("Intervals and dispersion of" in note for note in data["notes"])


def test_sentences_are_where_the_word_stands_as_a_browser_counts(articles):
    odd = articles.copy()
    odd["text"] = "🚢🚢 The pier is old. " + odd["text"]
    measured = analysis.measure_articles(odd)
    data = explorer_data(measured, articles=odd)
    at = data["terms"].index("pier")
    for sentence, start, end, _ in rows(data["lines"][at], 4):
        line = data["sentences"][sentence][1].encode("utf-16-le")
        assert line[2 * start : 2 * end].decode("utf-16-le").lower() in ("pier", "pier's")
    assert 0 < data["texts"] <= len(measured.articles)


def test_less_room_shows_fewer_sentences_one_of_each_article_first(measures, articles):
    whole = explorer_data(measures, articles=articles)
    less = explorer_data(measures, articles=articles, room=12_000)
    assert whole["lines_shown"] == 40 and whole["lines_from"] == 1
    assert len(less["sentences"]) < len(whole["sentences"])
    for flat in less["lines"]:
        held = [less["sentences"][s][0] for s, *_ in rows(flat, 4)]
        assert len(flat) // 4 <= less["lines_shown"]
        first = held[: len(set(held))]
        assert len(set(first)) == len(first)


def test_what_a_page_holds_ends_no_element():
    data = {"a": ["</script><!--<script>", "]]>", "\u2028\u2029", "&amp;", "\ud800", "é"]}
    text = squeezed(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert unsqueezed(text) == data


def test_bundled_corpus_is_small():
    measures = analysis.open_measures("crimea-2014")
    assert len(squeezed(explorer_data(measures))) < 500_000


def test_same_whatever_the_order_of_articles(articles):
    turned = articles.iloc[::-1].reset_index(drop=True)
    one, other = (analysis.measure_articles(a) for a in (articles, turned))
    assert explorer_data(one, articles=articles) == explorer_data(other, articles=turned)


SAID = {
    "Gull": "Ida Renn said the quay was lost. Tom Brandt said the pump was old. "
    "The union said the wall would fall. The ferry left at noon with all the boats.",
    "Tern": "Tom Brandt said the wall was sold. Ida Renn said that nobody had asked. "
    "Jana Moss said the market would close. The rain went on for a week in the town.",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    rows = [
        {"id": f"{outlet}-{i}", "outlet": outlet, "date": "2031-05-01", "text": f"{text} Day {i}."}
        for outlet, text in SAID.items()
        for i in range(3)
    ]
    measured = analysis.measure_articles(pd.DataFrame(rows))
    return study_of(analysis.write_measures(measured, tmp_path_factory.mktemp("pairs") / "quay"))


def test_of_many_articles_a_page_holds_some_of_every_outlet_and_a_csv_lists_all(study, monkeypatch):
    monkeypatch.setattr(explorer, "MOST", 3)
    data, articles = articles_data(study), study.whole.articles
    assert len(data["articles"]) == 3 < data["total"] == len(articles)
    assert {row[1] for row in data["articles"]} == set(range(len(data["outlets"])))
    listed = unsqueezed(data["whole"])
    assert sorted(row[0] for row in listed) == sorted(articles["id"])
    monkeypatch.undo()
    assert "whole" not in articles_data(study)


def test_what_was_set_aside_is_listed_with_the_reason(tmp_path):
    texts = {"a": "The quay and the quay wall.", "b": "The quay was sold.", "c": "Rain went on."}
    rows = [{"id": i, "outlet": "Gull", "date": "", "text": text} for i, text in texts.items()]
    made = analysis.measure_articles(pd.DataFrame(rows), topic=["quay"], topic_least=1)
    data = articles_data(study_of(analysis.write_measures(made, tmp_path / "quay")))
    found = {row[0]: row[-1] for row in data["articles"]}
    assert found == {"a": "", "b": "", "c": "set aside: 0 uses of the topic’s words"}


def test_speakers_and_their_shares_are_those_of_the_page_of_voices(study: Study) -> None:
    data = pairs_data(study)
    sides = study.sides.set_index(["outlet", study.heard_as])["words_share"]
    assert len(data["shares"]) == len(sides) > 0 and data["all_heard"]
    for group, who, share in data["shares"]:
        assert share == sides[(data["groups"][group], who)]
    heard = {(data["groups"][s[0]], s[1]): s[3] for s in data["speakers"]}
    assert heard == study.speakers.set_index(["group", "speaker"])["statements"].to_dict()


def test_who_is_left_out_for_room_is_left_out_of_every_group(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "MOST_HEARD", 4)
    data = pairs_data(study)
    kept, held = {s[1] for s in data["speakers"]}, study.speakers
    assert not data["all_heard"] and 0 < len(kept) < held["speaker"].nunique()
    assert len(data["speakers"]) == held["speaker"].isin(kept).sum() <= 4


def test_words_are_counted_as_in_the_explorer(study: Study) -> None:
    data = pairs_data(study)
    uses = usage.uses(study.measures).set_index(["term", "group"])["count"]
    found = {
        (term, data["groups"][flat[i]]): flat[i + 1]
        for term, flat in zip(data["terms"], data["uses"], strict=True)
        for i in range(0, len(flat), 5)
    }
    assert found == uses[uses > 0].to_dict() and data["tested"] == []
