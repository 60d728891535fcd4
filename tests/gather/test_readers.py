"""Tables and saved pages."""

import pandas as pd
from bridge import ROWS, jsonl

from analysis.gather.articles import gather, read_articles, write_articles
from analysis.gather.schema import FIRST


def test_pages_and_tables_together(folder):
    jsonl(folder / "more.jsonl", [row | {"stage": "flood"} for row in ROWS])
    (folder / "readme.md").write_text("not an article", "utf-8")
    articles = read_articles(folder)
    assert list(articles.columns) == [*FIRST, "stage", "text"]
    assert list(articles["id"]) == ["one", "p1", "p2"]
    assert list(articles["date"]) == ["2014-03-14", "2014-03-14", "2014-03-15"]
    assert list(articles["agency"]) == ["AFP, dpa", "", ""]
    assert list(articles["stage"]) == ["", "flood", "flood"]
    assert articles["text"].iloc[2] == "A ferry runs.It is slow.".replace(".I", ".\n\nI")
    assert set(map(str, articles.dtypes)) == {"str"}
    assert articles.attrs["notes"][:-1] == [
        "3 articles from 2 files (2 × utf-8).",
        "3 lines that are not the article were removed.",
        "1 of 3 articles credit a news agency.",
        "1 of 3 articles have no outlet.",
        "2 of 3 articles have no title.",
        "The middle article has 6 words: these may be teasers, not whole articles.",
    ]
    assert articles.attrs["notes"][-1].startswith("Passed over: readme.md: of no kind")


def test_agency_and_headline_are_taken_from_the_text_of_tables(tmp_path):
    row = {
        "outlet": "Tarn Post",
        "title": "A bridge closes",
        "text": "A Bridge Closes\n\nTARN (AP) — The bridge is closed.\n\nA ferry runs. (Reuters)",
    }
    rows = [row, row | {"agency": "dpa", "url": "http://tarn.example/2"}]
    found = gather([jsonl(tmp_path / "a.jsonl", rows)])
    assert set(found.articles["agency"]) == {"AP, Reuters", "dpa"}
    assert set(found.articles["text"]) == {"The bridge is closed.\n\nA ferry runs."}


def test_what_looks_like_markup_is_read_again_as_it_was_written(tmp_path):
    told = dict.fromkeys([*FIRST, "text"], "x") | {"date": "", "title": "a<b>c &amp; d"}
    write_articles(pd.DataFrame([told], dtype="str"), tmp_path / "a.parquet")
    assert read_articles(tmp_path / "a.parquet")["title"].to_list() == ["a<b>c &amp; d"]
