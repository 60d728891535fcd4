"""Findings: said only where the numbers allow, with the tables' figures, true of any corpus."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.data import NOTEBOOKS
from analysis.errors import AnalysisError
from analysis.report import findings, holds, story, tables
from analysis.report.study import Study, study_of

WORDS = [f"word{i}" for i in range(60)]


def outlet(name: str, n: int, planted: float, seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    rate = np.full(61, (1 - planted) / 60)
    rate[60] = planted
    return [
        {
            **dict.fromkeys(["url", "agency", "collection"], ""),
            "id": f"{name}-{i}",
            "outlet": name,
            "date": f"2031-05-{1 + i % 28:02}",
            "title": "",
            "text": " ".join(rng.choice([*WORDS, "pier"], 200, p=rate)),
        }
        for i in range(n)
    ]


def studied(*outlets: list[dict[str, str]], folder: Path, **about: object) -> Study:
    rows = pd.DataFrame([row for rows in outlets for row in rows])
    measured = analysis.measure_articles(rows, **about)
    return study_of(analysis.write_measures(measured, folder / "corpus"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Study:
    folder = tmp_path_factory.mktemp("planted")
    return studied(outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2), folder=folder)


def test_planted_word_is_named_with_the_table_s_figures(planted):
    found = findings.words(planted)
    row = planted.words[planted.words["term"] == "pier"].iloc[0]
    assert "Skerry uses “pier”" in found.headline.plain() and found.sure == "tested"
    rates = row[["per_1000_target", "per_1000_reference"]]
    assert f"{rates.max() / rates.min():.1f} times" in found.headline.plain()
    high, low = sorted([row["per_1000_target"], row["per_1000_reference"]], reverse=True)
    assert f"{high:.2f} against {low:.2f}" in found.line.plain()
    assert found.link == "02-vocabulary.html#found-words"
    assert str(found) in map(str, findings.findings(planted))


def test_few_articles_are_not_tested(tmp_path):
    given = studied(outlet("Skerry", 9, 0.06, 1), outlet("Post", 30, 0.01, 2), folder=tmp_path)
    found = findings.words(given)
    assert found.headline.plain() == "Too few articles to test single words of any outlet"
    assert found.sure == "described" and str(found) not in map(str, findings.findings(given))


def test_nothing_is_found_where_nothing_differs(tmp_path):
    given = studied(outlet("Skerry", 15, 0.01, 3), outlet("Post", 15, 0.01, 4), folder=tmp_path)
    assert findings.words(given).headline.plain() == "No outlet’s words differ beyond chance"


def test_a_topic_s_own_word_is_no_finding(tmp_path):
    sides = outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2)
    given = studied(*sides, folder=tmp_path, topic=["pier"], topic_least=1)
    found = findings.words(given)
    assert "beyond chance, topic" in found.headline.plain() and "pier" in found.line.plain()


def test_what_was_gathered_otherwise_is_confounded_and_comes_last(tmp_path):
    first, second = outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2)
    for rows, name in ((first, "searched for the pier"), (second, "everything")):
        for row in rows:
            row["collection"] = name
    given = studied(first, second, folder=tmp_path)
    found = findings.findings(given)
    assert findings.words(given).sure == "confounded"
    assert [claim.sure for claim in found].index("confounded") == len(found) - 1
    assert any("collection" in rival for rival in findings.words(given).rivals)


def test_at_most_one_of_a_kind_and_each_with_a_page(planted):
    found = findings.findings(planted)
    kinds = [claim.kind for claim in found]
    assert len(set(kinds)) == len(kinds) <= 6
    pages = {f"{path.stem}.html" for path in NOTEBOOKS.glob("*.ipynb")}
    assert all(claim.link.split("#")[0] in pages for claim in found)


@pytest.mark.parametrize("n", [1, 3])
def test_one_outlet_says_nothing_false(tmp_path, n):
    given = studied(outlet("Skerry", n, 0.02, 1), folder=tmp_path)
    assert given.pair == ("", "") and findings.starting_terms(given) == []
    assert findings.the_story(given) is None
    for rule in (findings.words, findings.alike, findings.voices, findings.themes, findings.names):
        assert rule(given).picture is None, rule.__name__
    assert "1 outlet" in findings.the_corpus(given).headline.plain()
    assert findings.the_corpus(given).headline.plain().startswith(f"{n} article")
    assert "No word passed" in holds.claim(given).headline.plain()
    for name in ("detectable", "choices", "calibration"):
        assert tables.shaped(name, given).empty


EVERY = [
    *(tables.removed, tables.off_topic, tables.passing),
    *(tables.locked, tables.speakers, tables.names_used),
    *(partial(tables.shaped, name) for name in ("differences", "across", "list_quality")),
    *(
        partial(tables.shaped, name)
        for name in ("first", "cues", "sources", "detectable", "contrasts", "silences")
    ),
    *(tables.closest_pairs, tables.copies, tables.stories),
    *(story.side_by_side, story.only_one, story.shared_by_all),
    *(story.names_used, story.heard, holds.checks),
]


def _called(make: object) -> str:
    """A name that is the same in every process."""
    return make.args[0] if isinstance(make, partial) else make.__qualname__


@pytest.mark.parametrize("make", EVERY, ids=_called)
@pytest.mark.parametrize("outlets", [1, 2])
def test_every_table_of_a_page_can_be_made_of_little(tmp_path, make, outlets):
    rows = [outlet(f"Skerry {i}", 2, 0.02, i) for i in range(outlets)]
    for row in rows[0]:
        row["date"] = ""
    made = make(studied(*rows, folder=tmp_path))
    assert isinstance(made, pd.DataFrame)


def test_a_table_is_computed_once_and_kept(planted, monkeypatch):
    planted.words  # noqa: B018
    again = study_of(planted.folder)
    monkeypatch.setattr("analysis.compare.vocabulary.family_of", None)
    pd.testing.assert_frame_equal(again.words, planted.words)
    assert again.words.attrs["notes"] == planted.words.attrs["notes"]


def test_two_texts_side_by_side_mark_what_they_share():
    text = 'The pier is old.\n\n"It is old," said Ida <b>Brandt</b>.'
    spans = [(0, 11, 'data-passage="1"'), (4, 8, 'class="name"')]
    page = story.marked(text, spans)
    assert page.count("<p>") == page.count("</p>") == 2
    assert '<span data-passage="1">The </span>' in page
    assert '<span class="name"><span data-passage="1">pier</span></span>' in page
    assert "&lt;b&gt;" in page and "<b>" not in page


def test_claims_of_hostile_strings_are_text(hostile_corpus):
    given = study_of(hostile_corpus)
    for rule in (findings.the_corpus, *findings.RULES.values()):
        if claim := rule(given):
            assert not re.search("<(script|img|b )", claim.html()), rule.__name__


def test_a_word_that_the_others_never_use_is_no_ratio(tmp_path):
    rows = [outlet("Skerry", 15, 0.03, 1), outlet("Post", 15, 0.0, 2)]
    given = studied(*rows, folder=tmp_path)
    found = findings.words(given)
    assert found.headline.plain() == "Skerry uses “pier”, Post never"
    assert "0 of 15" in found.line.plain() and "times" not in found.headline.plain()
    assert tables.passing(given).set_index("word").loc["pier", "times"] != float("inf")


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
    assert given.heard_as == "speaker" and tables.first_sides(given) == []


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
