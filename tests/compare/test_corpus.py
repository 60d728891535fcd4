from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.compare.corpus import (
    agencies_credited,
    allowed,
    describe,
    imbalances,
    lengths,
    overview,
)
from analysis.description import read_description
from analysis.measure.measures import Measures


def corpus(*rows: tuple[str, str, str]) -> Measures:
    """Articles of (outlet, date, text)."""
    frame = pd.DataFrame(rows, columns=["outlet", "date", "text"])
    frame["id"] = [f"a{i}" for i in range(len(frame))]
    frame["collection"] = frame["outlet"].map({"Lantern": "archive"}).fillna("web")
    return analysis.measure_articles(frame)


def test_overview_by_hand() -> None:
    measures = corpus(
        ("Post", "2031-05-02", "one two “three four” five"),
        ("Post", "", "one two three"),
        ("Lantern", "2031-05-01", "one two"),
    )
    assert overview(measures).to_dict("records") == [
        {
            "outlet": "Post",
            "articles": 2,
            "words": 8,
            "median_words": 4.0,
            "quoted_share": 2 / 8,
            "credited": 0,
            "dated": 1,
            "first_date": "2031-05-02",
            "last_date": "2031-05-02",
        },
        {
            "outlet": "Lantern",
            "articles": 1,
            "words": 2,
            "median_words": 2.0,
            "quoted_share": 0.0,
            "credited": 0,
            "dated": 1,
            "first_date": "2031-05-01",
            "last_date": "2031-05-01",
        },
    ]


def test_every_article_is_in_one_group(measures: Measures) -> None:
    for by in ("outlet", "stage", "agency"):
        table = overview(measures, by)
        assert table["articles"].sum() == len(measures.articles) == len(lengths(measures, by))
        assert table["words"].sum() == measures.articles["words"].sum()


def test_agencies_count_articles_of_their_group(measures: Measures) -> None:
    table = agencies_credited(measures)
    assert table[["agency", "outlet", "articles", "n_articles"]].to_dict("records") == [
        {"agency": "Coastwire", "outlet": "Radio Skerry", "articles": 1, "n_articles": 4},
        {"agency": "Coastwire", "outlet": "The Lantern", "articles": 1, "n_articles": 4},
    ]


def test_groups_that_live_on_an_agency_are_named(measures: Measures) -> None:
    some = measures.keep(["velmar-00", "velmar-02", "velmar-03", "velmar-05", "velmar-06"])
    table = imbalances(some).set_index("aspect")
    assert table.at["agency", "difference"] == (
        "Articles that credit a news agency: 1 of 2 of The Lantern; elsewhere 0 of 3."
    )
    assert "agency" not in imbalances(measures)["aspect"].tolist()  # one of four, twice


@pytest.mark.parametrize(
    ("n", "others", "permits"),
    [
        (3, 20, "description"),
        (4, 20, "description, and exact"),
        (10, 20, "tests of every"),
        (20, 3, "descript"),
    ],
)
def test_the_smaller_group_decides(n: int, others: int, permits: str) -> None:
    measures = corpus(*[("Post", "", "text")] * n, *[("Lantern", "", "text")] * others)
    row = allowed(measures).set_index("outlet").loc["Post"]
    assert (row["articles"], row["others"]) == (n, others)
    assert row["permits"].startswith(permits)


def test_imbalances_are_named() -> None:
    measures = corpus(
        ("Post", "2031-05-02", "word " * 90),
        ("Lantern", "2031-05-01", "word " * 30),
        ("Herald", "", "word " * 30),
    )
    table = imbalances(measures).set_index("aspect")
    dates = list(table.loc["date", "difference"])
    assert dates[0] == "1 of 3 articles have no date: all of Herald."
    assert dates[1] == (
        "The median article of Lantern is of 2031-05-01, that of Post of 2031-05-02: 1 day apart."
    )
    assert table.loc["length", "difference"] == (
        "Median length runs from 30 words (Herald) to 90 (Post)."
    )
    assert table.loc["collection", "difference"] == (
        "collection: archive in all articles of Lantern; web in all articles of Herald, Post."
    )


def test_what_every_group_holds_sets_none_apart() -> None:
    rows = [("Post", "2031-05-01"), ("Herald", "2031-05-01"), ("Lantern", "2031-05-01")]
    frame = pd.DataFrame([*rows, ("Lantern", "")], columns=["outlet", "date"])
    frame["text"], frame["language"] = "word " * 20, ["en", "en", "en", "fr"]
    frame["id"] = [f"a{i}" for i in range(4)]
    table = imbalances(analysis.measure_articles(frame)).set_index("aspect")
    assert "language" not in table.index
    assert table.loc["date", "difference"] == ("1 of 4 articles have no date: some of Lantern.")
    two = frame.assign(language=["en", "en", "fr", "fr"])
    told = imbalances(analysis.measure_articles(two)).set_index("aspect")["difference"]
    assert told["language"].startswith("language: en in all articles of Herald, Post; fr in all")


def test_a_tag_of_some_articles_is_said_to_be_unknown_of_the_others() -> None:
    frame = pd.DataFrame({"outlet": ["Post", "Post", "Herald", "Lantern"], "date": ""})
    frame["text"], frame["genre"] = "word " * 20, ["news", "news", "", ""]
    frame["id"] = [f"a{i}" for i in range(4)]
    row = imbalances(analysis.measure_articles(frame)).set_index("aspect").loc["genre"]
    assert row["difference"] == "genre: news in all articles of Post; not known of 2 of 4 articles."
    assert row["caution"] == "There outlet and genre cannot be told apart."


def test_equal_groups_have_no_imbalance() -> None:
    rows = [(outlet, "2031-05-01", "word " * 20) for outlet in ("Post", "Herald")]
    assert imbalances(corpus(*rows)).empty
    assert imbalances(corpus(rows[0])).empty


def test_a_draft_is_read_and_says_what_was_found(
    articles: pd.DataFrame, measures: analysis.Measures, tmp_path: Path
) -> None:
    draft = describe(measures)
    (tmp_path / "corpus.toml").write_text(draft, "utf-8")
    assert read_description(tmp_path).title == measures.package["title"]
    assert draft.startswith("# 12 articles of 3 outlets, 2031-05-01 to 2031-05-12.\n")
    assert "Languages: en 12." in draft and "Radio Skerry 4" in draft and "Velmar" in draft


def test_every_line_of_a_draft_may_be_uncommented(
    measures: analysis.Measures, tmp_path: Path
) -> None:
    lines = describe(measures).splitlines()
    keys = ("question", "by", "topic", "topic_least", "terms", "strata", "aliases", "country")
    kept = [x.removeprefix("# ") if x.removeprefix("# ").startswith(keys) else x for x in lines]
    kept = [x.removeprefix("# ") if x.startswith("# [outlets") else x for x in kept]
    (tmp_path / "corpus.toml").write_text("\n".join(kept), "utf-8")
    read = read_description(tmp_path)
    assert read.by == "outlet" and len(read.outlets) == 1


def test_hostile_names_stay_in_their_comment(tmp_path: Path) -> None:
    rows = [{"id": "a", "outlet": 'Po"st\ntitle = 3', "text": "The Pier of Velmar is shut."}]
    draft = describe(analysis.measure_articles(pd.DataFrame(rows), title='A "title"\nof two'))
    (tmp_path / "corpus.toml").write_text(draft, "utf-8")
    assert read_description(tmp_path).title == 'A "title"\nof two'
