"""A study: what is compared, each table computed once, weeks and parts in words."""

import pandas as pd
import pytest
from planted import outlet, studied

from analysis.errors import AnalysisError
from analysis.report import story, tables
from analysis.report.study import study_of


def test_a_table_is_computed_once_and_kept(planted, monkeypatch):
    planted.words  # noqa: B018
    again = study_of(planted.folder)
    monkeypatch.setattr("analysis.compare.vocabulary.family_of", None)
    pd.testing.assert_frame_equal(again.words, planted.words)
    assert again.words.attrs["notes"] == planted.words.attrs["notes"]


def test_articles_of_another_language_are_set_aside_and_counted(tmp_path):
    german = [row | {"language": "de"} for row in outlet("Bote", 12, 0.02, 3)]
    english = [row | {"language": "en"} for row in outlet("Skerry", 12, 0.02, 1)]
    more = [row | {"language": "en"} for row in outlet("Post", 12, 0.02, 2)]
    given = studied(english, german, more, folder=tmp_path)
    assert "Bote" not in given.sizes.index and len(given.whole.articles) == 36
    (note,) = [n for n in given.measures.notes if "another language" in n]
    assert "12 of 36 articles" in note and "de 12" in note


def test_a_topic_that_nobody_speaks_of_is_refused_before_anything_runs(tmp_path):
    said = "Every article has fewer than 3 uses of comet; the most uses are 0.*topic"
    with pytest.raises(AnalysisError, match=said):
        studied(outlet("Skerry", 4, 0.02, 1), folder=tmp_path, topic=["comet"])


def test_weeks_are_named_in_words_in_order_and_a_longer_time_by_its_months(planted):
    weeks = planted.weeks
    assert list(weeks.cat.categories)[:2] == ["week of 28 April 2031", "week of 5 May 2031"]
    assert len(weeks) == 30 and weeks.cat.ordered
    whole = planted.measures.articles["words"].groupby(weeks.to_numpy()).sum()
    table = tables.weekly(planted, "Pier")
    assert table["week"].tolist() == list(weeks.cat.categories) and table["of"].sum() == 30
    uses = table[["narrator", "reported", "quoted"]].sum(axis=1) * whole.to_numpy() / 1000
    terms = planted.measures.terms
    assert uses.sum() == pytest.approx(terms.loc[terms["term"] == "pier", "count"].sum(), rel=0.02)
    assert tables.timed(planted)[0] == "pier"
    assert not table.attrs["unparted"]


def test_months_then_years_where_weeks_are_many(tmp_path):
    rows = outlet("Skerry", 30, 0.02, 1)
    for at, row in enumerate(rows):
        row["date"] = f"{2030 + at // 24}-{1 + at % 12:02}-{1 + at % 28:02}"
    given = studied(rows, outlet("Post", 3, 0.02, 2), folder=tmp_path)
    named = list(given.weeks.cat.categories)
    assert named[0] == "January 2030" and "week" not in named[0] and len(named) <= 26


def test_parts_are_stages_and_the_largest_weeks(tmp_path):
    rows = outlet("Skerry", 12, 0.02, 1) + outlet("Post", 12, 0.02, 2)
    for at, row in enumerate(rows):
        row["stage"] = ("talks", "vote", "")[at % 3]
    given = studied(rows, folder=tmp_path, publish=["stage"])
    assert list(given.parts)[:2] == ["stage: talks", "stage: vote"]
    assert sum(name.startswith("week of") for name in given.parts) == 3
    assert len(given.parts["stage: talks"]) == 8
    assert (given.heard_as, given.speakers_as) == ("speaker", "role")


def test_two_groups_of_any_kind_can_be_chosen_and_the_shown_pair_is_first(planted):
    assert list(planted.pairs) == ["Post and Skerry"]
    assert planted.pairs["Post and Skerry"] == planted.pair


def test_where_a_language_has_no_rules_only_quotation_marks_part_voices(tmp_path):
    rows = [row | {"language": "de"} for row in outlet("Bote", 4, 0.02, 3)]
    more = [row | {"language": "de"} for row in outlet("Kurier", 4, 0.02, 4)]
    given = studied(rows, more, folder=tmp_path)
    assert list(given.voices.values()) == ["narrator", "quoted"]
    assert "share of others" not in story.side_by_side(given)
    assert given.list_quality.empty
