import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare import corpus as of_corpus
from analysis.compare import reuse
from analysis.compare.reuse import drop_shared_copy, editions, independent, shared_copy
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures


def words(start: int, stop: int) -> list[str]:
    return [f"w{i}" for i in range(start, stop)]


def corpus(*rows: dict[str, object]) -> tuple[pd.DataFrame, Measures]:
    """Articles from dicts with id and words (a list); outlet, date and agency where given."""
    frame = pd.DataFrame(
        [
            {
                "id": row["id"],
                "outlet": row.get("outlet", row["id"]),
                "date": row.get("date", ""),
                "agency": row.get("agency", ""),
                "text": " ".join(row["words"]),  # type: ignore[arg-type]
            }
            for row in rows
        ]
    )
    return frame, analysis.measure_articles(frame)


def test_identical_and_disjoint() -> None:
    _, measures = corpus(
        {"id": "a", "words": words(0, 300), "date": "2031-05-02", "agency": "Coastwire"},
        {"id": "b", "words": words(0, 300), "date": "2031-05-01"},
        {"id": "c", "words": words(500, 800)},
    )
    table = shared_copy(measures)
    assert table.to_dict("records") == [
        {
            "a": "a",
            "b": "b",
            "outlet_a": "a",
            "outlet_b": "b",
            "containment": 1.0,
            "level": "substantial",
            "shared": 296,
            "of": 296,
            "longest": 300,
            "same_text": True,
            "agency_a": "Coastwire",
            "agency_b": "",
            "date_a": "2031-05-02",
            "date_b": "2031-05-01",
            "earlier": "b",
        }
    ]
    assert "1 of 3 pairs of 3 articles" in " ".join(table.attrs["notes"])


def test_short_copies_are_substantial_where_all_is_copied() -> None:
    phrase = [f"p{i}" for i in range(10)]
    _, measures = corpus(
        {"id": "a", "words": phrase},
        {"id": "b", "words": phrase},
        {"id": "c", "words": [*phrase, *words(0, 20)]},
        {"id": "d", "words": ["Brief", "Note"]},
    )
    table = shared_copy(measures)
    rows = table[["a", "b", "containment", "level", "longest"]]
    assert rows.to_records(index=False).tolist() == [
        ("a", "b", 1.0, "substantial", 10),
        ("a", "c", 1.0, "substantial", 10),
        ("b", "c", 1.0, "substantial", 10),
    ]
    assert "without five own words" in " ".join(table.attrs["notes"])


def test_scattered_phrases_are_not_substantial() -> None:
    pieces = [words(10 * i, 10 * i + 10) for i in range(8)]
    scattered = [w for i, piece in enumerate(pieces) for w in [*piece, f"x{i}"]]
    _, measures = corpus({"id": "a", "words": words(0, 80)}, {"id": "b", "words": scattered})
    table = shared_copy(measures)
    row = table[["containment", "level", "shared", "of", "longest"]]
    assert row.to_records(index=False).tolist() == [(48 / 76, "some", 48, 76, 10)]
    assert len(independent(measures).articles) == 2


@pytest.mark.parametrize(
    ("dates", "earlier"),
    [(("2031-05-02", "2031-05-01"), "b"), (("2031-05-01", "2031-05-01"), ""), (("", "2031"), "")],
)
def test_direction_only_where_dates_allow(dates: tuple[str, str], earlier: str) -> None:
    _, measures = corpus(
        {"id": "a", "words": words(0, 200), "date": dates[0]},
        {"id": "b", "words": words(0, 190), "date": dates[1]},
    )
    assert shared_copy(measures)["earlier"].tolist() == [earlier]


def test_threshold_is_checked(measures: Measures) -> None:
    for wrong in (0, 0.04, 1.1, float("nan")):
        with pytest.raises(AnalysisError, match="a share from"):
            shared_copy(measures, wrong)


def test_order_of_rows_does_not_matter(articles: pd.DataFrame, measures: Measures) -> None:
    shuffled = analysis.measure_articles(articles.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(shared_copy(shuffled), shared_copy(measures))


# ---------------------------------------------------------------- a corpus without copies


def test_the_earliest_of_a_group_is_kept() -> None:
    _, measures = corpus(
        {"id": "a", "words": words(0, 300), "date": "2031-05-03"},
        {"id": "b", "words": words(0, 250), "date": "2031-05-01"},
        {"id": "c", "words": words(5, 290), "date": "2031-05-02"},
        {"id": "d", "words": words(600, 900), "date": "2031-05-01"},
    )
    kept, dropped = drop_shared_copy(measures)
    assert kept.articles["id"].tolist() == ["b", "d"]
    assert set(zip(dropped["article"], dropped["copy_of"], dropped["reason"], strict=True)) == {
        ("a", "b", "earlier"),
        ("c", "b", "earlier"),
    }


def test_the_longest_is_kept_where_a_date_is_missing() -> None:
    _, measures = corpus(
        {"id": "a", "words": words(0, 250), "date": "2031-05-01"},
        {"id": "b", "words": words(0, 300)},
    )
    kept, dropped = drop_shared_copy(measures)
    assert kept.articles["id"].tolist() == ["b"]
    assert dropped["reason"].tolist() == ["longer"]


def test_of_equal_articles_the_first_by_id_is_kept() -> None:
    _, measures = corpus(*({"id": i, "words": words(0, 100)} for i in "cab"))
    kept, dropped = drop_shared_copy(measures)
    assert kept.articles["id"].tolist() == ["a"]
    assert dropped["reason"].tolist() == ["first by id"] * 2


def test_a_chain_loses_only_its_middle() -> None:
    # a and c share nothing; b has half of each and is the youngest.
    _, measures = corpus(
        {"id": "a", "words": words(0, 400), "date": "2031-05-01"},
        {"id": "b", "words": words(200, 600), "date": "2031-05-03"},
        {"id": "c", "words": words(400, 800), "date": "2031-05-02"},
    )
    kept, dropped = drop_shared_copy(measures)
    assert kept.articles["id"].tolist() == ["a", "c"]
    assert dropped["article"].tolist() == ["b"]


def test_independent_says_what_it_left_out() -> None:
    _, measures = corpus(
        {"id": "a", "words": words(0, 300)},
        {"id": "b", "words": words(0, 290)},
        {"id": "c", "words": words(600, 900)},
    )
    alone = independent(measures)
    assert alone.articles["id"].tolist() == ["a", "c"]
    assert "1 of 3 articles left out" in alone.notes[-1]
    assert not shared_copy(alone, reuse.SUBSTANTIAL).size
    assert set(alone.terms["article"].unique()) == {"a", "c"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(10, 40), st.sampled_from(["", "2031", "2032"])),
        min_size=2,
        max_size=8,
    )
)
def test_no_two_that_are_left_share_copy(rows: list[tuple[int, int, str]]) -> None:
    _, measures = corpus(
        *(
            {"id": f"t{i}", "words": words(start, start + n), "date": date}
            for i, (start, n, date) in enumerate(rows)
        )
    )
    kept, dropped = drop_shared_copy(measures)
    left = shared_copy(kept, reuse.SUBSTANTIAL)
    assert not (left["level"] == "substantial").any()
    assert len(kept.articles) + len(dropped) == len(rows)
    assert set(dropped["copy_of"]) <= set(kept.articles["id"])
    assert np.all(dropped["containment"] >= reuse.SUBSTANTIAL)


def test_the_same_text_is_left_out_whatever_the_dates() -> None:
    days = {"b": "2031-01-01", "c": "2031-03-01", "a": "2031-05-01"}
    rows = [{"id": i, "words": words(0, 100), "date": day} for i, day in days.items()]
    _, measures = corpus(*rows)
    assert shared_copy(measures).empty  # more than 14 days apart
    kept, dropped = drop_shared_copy(measures)
    assert kept.articles["id"].tolist() == ["b"]
    assert dropped["copy_of"].tolist() == ["b", "b"]
    assert dropped["reason"].tolist() == ["earlier", "earlier"]


def test_copy_is_not_that_of_one_voice(measures: Measures) -> None:
    for ask in (shared_copy, independent, editions):
        with pytest.raises(AnalysisError, match="of one voice"):
            ask(measures.select(voice="narrator"))


def test_of_editions_the_longest_is_kept() -> None:
    _, measures = corpus(
        {"id": "a", "outlet": "Post", "words": words(0, 100), "date": "2031-05-01"},
        {"id": "b", "outlet": "Post", "words": words(0, 150), "date": "2031-05-02"},
        {"id": "c", "outlet": "Post", "words": words(70, 150) + words(300, 330)},
        {"id": "d", "outlet": "Lantern", "words": words(0, 150)},
        {"id": "e", "outlet": "Lantern", "words": words(0, 150)},
    )
    table = editions(measures)
    rows = table[["article", "copy_of"]].to_records(index=False).tolist()
    assert rows == [("a", "b"), ("e", "d")]
    assert "2 of 5 articles" in " ".join(table.attrs["notes"])
    # c has 76 of its 106 shingles in b, which is .72
    assert len(editions(measures, 0.7)) == 3


def test_what_is_left_out_is_left_out_and_said() -> None:
    text = "they met there again and said nothing new of the matter at hand that day. "
    rows = [("a", "Post", text * 3), ("b", "Lantern", text * 3), ("c", "Post", "the pier leaks")]
    frame = pd.DataFrame(rows, columns=["id", "outlet", "text"])
    measures = analysis.measure_articles(frame)
    table = of_corpus.overview(independent(measures))
    assert table["articles"].sum() == 2
    assert any(note.startswith("Without shared copy: 1 of 3") for note in table.attrs["notes"])
    assert of_corpus.overview(measures)["articles"].sum() == 3
