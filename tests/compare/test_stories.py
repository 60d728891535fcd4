import json

import numpy as np
import pandas as pd
import pytest
from conftest import corpus

import analysis
from analysis.compare import stories as module
from analysis.compare.stories import RULE, doubtful, quality_note, stories, strata_of
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.reference import read_reference

EVENTS = ("bridge", "strike", "flood", "vote")


def invented(undated: int = 0, spread: int = 2) -> pd.DataFrame:
    """Four events of six articles each by three outlets, in words of their own and common ones."""
    rng = np.random.default_rng(5)
    common = read_reference().terms.nlargest(300, "articles")["term"].to_numpy(object)
    rows = []
    for number, event in enumerate(EVENTS):
        own = [f"{event}{i}" for i in range(40)]
        for i in range(6):
            text = [*rng.choice(own, 30), *rng.choice(common, 120)]
            day = pd.Timestamp("2031-01-01") + pd.Timedelta(days=100 * number + spread * i)
            rows.append(
                {
                    "id": f"{event}-{i}",
                    "outlet": ("Post", "Lantern", "Skerry")[i % 3],
                    "date": "" if i < undated else f"{day:%Y-%m-%d}",
                    "event": event,
                    "text": " ".join(text),
                }
            )
    return pd.DataFrame(rows)


def measured(frame: pd.DataFrame) -> Measures:
    return analysis.measure_articles(frame.drop(columns="event"))


def groups(table: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(rows) for rows in table.groupby("story")["article"].apply(list)}


EVERY = {frozenset(f"{event}-{i}" for i in range(6)) for event in EVENTS}


@pytest.mark.parametrize("undated", [0, 3, 6])
def test_articles_of_an_event_are_together(undated: int) -> None:
    table = stories(measured(invented(undated)))
    assert groups(table) == EVERY
    assert table["size"].tolist() == [6] * 24
    assert set(table["outlets"]) == {3}
    assert (~table["dated"]).sum() == 4 * undated
    alone = table.loc[~table["dated"], "joined_by"]
    assert set(alone) <= {"likeness alone"}
    assert table["likeness"].between(RULE.least, 1).all()
    assert "stories of several articles: 4, of several outlets: 4" in " ".join(table.attrs["notes"])


def test_beyond_the_window_the_same_words_are_another_story() -> None:
    frame = invented()
    late = frame["id"].str.endswith(("3", "4", "5"))
    frame.loc[late, "date"] = "2033-01-01"
    halves = {
        frozenset(f"{e}-{i}" for i in part) for e in EVENTS for part in ((0, 1, 2), (3, 4, 5))
    }
    assert groups(stories(measured(frame))) == halves


def test_an_undated_article_needs_more() -> None:
    """Of the same two articles, near each other in words, the dated are together."""
    words = [f"w{i}" for i in range(200)]
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "outlet": ["Post", "Lantern"],
            "date": ["2031-01-01", "2031-01-02"],
            "text": [" ".join(words[:100]), " ".join(words[80:180])],  # a fifth in common: e .17
        }
    )
    assert stories(analysis.measure_articles(frame))["size"].tolist() == [2, 2]
    table = stories(analysis.measure_articles(frame.assign(date="")))
    assert table["size"].tolist() == [1, 1]
    assert table["joined_by"].tolist() == ["", ""]
    assert table["likeness"].isna().all()


def test_what_all_articles_share_makes_no_story() -> None:
    """A corpus on one country: what is common to articles months apart is no likeness."""
    frame = invented()
    topic = " ".join(f"country{i}" for i in range(40))
    table = stories(measured(frame.assign(text=frame["text"] + " " + topic)))
    assert groups(table) == EVERY
    assert "pairs more than 30 days apart" in " ".join(table.attrs["notes"])


def test_rows_stories_and_numbers_have_one_order() -> None:
    frame = invented(2).drop(index=[0, 1])  # the first event is now the smallest
    table = stories(measured(frame))
    assert table["story"].drop_duplicates().tolist() == ["1", "2", "3", "4"]
    assert table["article"].iloc[-1].startswith("bridge")
    again = stories(measured(frame.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(table, again)


def test_blocks_and_limits_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    measures = measured(invented(2))
    table = stories(measures)
    monkeypatch.setattr(module, "_BLOCK", 5)
    pd.testing.assert_frame_equal(stories(measures), table)
    monkeypatch.setattr(module, "AT_ONCE", 7)  # of one day on, only the seven before
    assert len(stories(measures)) == len(table)


def test_the_smallest_corpora(measures: Measures) -> None:
    for n in (0, 1, 2):
        some = measures.keep(measures.articles["id"].head(n))
        assert len(stories(some)) == n
        assert doubtful(some).empty
    wordless = pd.DataFrame({"id": ["a", "b"], "outlet": ["P", "Q"], "text": ["…", "!"]})
    assert stories(analysis.measure_articles(wordless))["size"].tolist() == [1, 1]


def test_stories_are_not_those_of_one_voice(measures: Measures) -> None:
    with pytest.raises(AnalysisError, match="of one voice"):
        stories(measures.select(voice="narrator"))


def test_strangers_are_doubtful() -> None:
    frame = invented()
    rows = [
        {"id": f"x{i}", "outlet": "Post", "date": "2031-01-01", "event": ""}
        | {"text": " ".join(f"x{i}-{k}" for k in range(100)) + " the of to"}
        for i in range(2)
    ]
    table = doubtful(measured(pd.concat([frame, pd.DataFrame(rows)], ignore_index=True)))
    assert table["article"].tolist() == ["x0", "x1"]
    assert table["nearest"].ne("").all()
    assert (table["cosine"] < module.FAR).all()
    assert "2 of 26 articles" in " ".join(table.attrs["notes"])


def test_where_most_are_far_from_each_other_none_is_doubtful() -> None:
    rows = [
        {"id": f"x{i}", "outlet": "Post", "date": "2031-01-01", "event": ""}
        | {"text": " ".join(f"x{i}-{k}" for k in range(100)) + " the of to"}
        for i in range(6)
    ]
    table = doubtful(measured(pd.DataFrame(rows)))
    assert table.empty
    assert list(table) == ["article", "outlet", "date", "title", "nearest", "cosine"]
    assert "here 0.0" in " ".join(table.attrs["notes"])


def test_the_figures_are_those_of_the_rule_in_use(
    tmp_path, monkeypatch: pytest.MonkeyPatch, measures: Measures
) -> None:
    held = json.loads(module._QUALITY.read_text("utf-8"))
    assert f"{held['stories']['pair_precision']:.0%}" in quality_note(measures)
    undated = f"{held['stories']['undated_pair_precision']:.0%}"
    assert undated in quality_note(measures, "put_together_undated")
    monkeypatch.setattr(module, "_QUALITY", tmp_path / "stories.json")
    assert "how often rightly was not measured" in quality_note(measures)
    for broken in ("{", "[]", '{"stories": {}}'):
        (tmp_path / "stories.json").write_text(broken)
        with pytest.raises(AnalysisError, match="not a file of figures"):
            quality_note(measures)


def test_nothing_is_held_still_unless_asked(measures: Measures) -> None:
    assert strata_of(measures, "") is None


def test_weeks_are_those_of_iso_8601_and_undated_articles_are_one_stratum() -> None:
    dates = ["2029-12-31", "2030-01-06", "2030-01-07", "", ""]
    found = strata_of(corpus([("East", f"pier {i}") for i in range(5)], date=dates), "week")
    assert found.to_list() == ["2030-W01", "2030-W01", "2030-W02", "", ""]


def test_lengths_are_three_parts_of_equally_many_articles() -> None:
    rows = [("East", "pier " * n) for n in (9, 2, 30, 4, 11, 6)]
    assert strata_of(corpus(rows), "length").to_list() == ["2", "1", "3", "1", "3", "2"]


def test_stories_and_columns(measures: Measures) -> None:
    assert set(strata_of(measures, "stage")) == {"vote", "aftermath"}
    story = strata_of(measures, "story")
    assert set(story.index) == set(measures.articles["id"]) and story.notna().all()
    with pytest.raises(AnalysisError, match="Unknown column"):
        strata_of(measures, "planet")
