"""Descriptions of corpora: read, checked whole, kept."""

from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.description import Description, described, read_description
from analysis.errors import AnalysisError

WHOLE = """
title = "The pier of Velmar"
question = "How did they cover the pier?"
description = "Twelve invented articles."
language = "en"
by = "stage"
topic = ["pier*", "harbour"]
topic_least = 2
focus = { stage = "vote" }
lexicons = ["generic", "mine.toml"]
publish = ["stage"]
strata = "story"
terms = ["danger"]
columns = { outlet = "paper" }
[outlets."The Lantern"]
aliases = ["Lantern, The"]
country = "Velmar"
ownership = "private"
source = "masthead"
[[sources]]
title = "Invented"
[[licenses]]
name = "CC0-1.0"
"""

LIST = """
title = "Of the pier"
kind = "indicators"
about = "What."
[sources]
us = "Ourselves."
[[set]]
name = "pier"
about = "What."
[[set.label]]
name = "danger"
about = "Is it?"
entries = [{ pattern = "danger", sense = "danger", source = "us", example = "A danger." }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(LIST, "utf-8")
    path = tmp_path / "corpus.toml"
    path.write_text(WHOLE, "utf-8")
    return path


def test_every_field_is_read_and_travels_with_the_measures(
    file: Path, articles: pd.DataFrame, tmp_path: Path
) -> None:
    read = read_description(file.parent)
    assert read.topic == ("pier*", "harbour") and read.topic_least == 2
    assert read.outlets["The Lantern"]["aliases"] == ["Lantern, The"]
    assert read.lexicon_files()[-1] == tmp_path / "mine.toml"
    measured = analysis.measure_articles(articles, file)
    opened = analysis.open_measures(analysis.write_measures(measured, tmp_path / "m"))
    assert opened.description == read
    assert str(tmp_path) not in (tmp_path / "m" / "datapackage.json").read_text("utf-8")


def test_without_a_description_everything_is_as_it_is_of_any_event(articles: pd.DataFrame) -> None:
    measures = analysis.measure_articles(articles)
    assert "stage" not in measures.articles.columns
    assert measures.description == Description(title="A measured corpus of news articles")
    assert set(measures.package["measured"]["lexicons"]) == {"generic"}
    assert set(measures.statements["side"]) == {""}


def test_given_fields_take_the_place_of_those_read(file: Path) -> None:
    changed = described(file, title="Another", lexicons=["generic"])
    assert (changed.title, changed.lexicons, changed.by) == ("Another", ("generic",), "stage")
    with pytest.raises(AnalysisError, match="Unknown key in The description: 'lexikons'"):
        described(file, lexikons=["generic"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("titel = 'x'", r"Unknown key in corpus.toml: 'titel'. Available: by, columns"),
        ("title = 2014-03-14", r"corpus.toml, title: '2014-03-14' \(date\). Write a text"),
        ("title = nan", r"title: 'nan' \(float\)"),
        ("topic = 'pier'", r"topic: 'pier' \(str\). Write a list of texts"),
        ("topic = ['pier', 3]", r"topic 2: '3' \(int\)"),
        ("topic_least = 0", "topic_least: '0'.*whole number from 1"),
        ("topic_least = nan", "topic_least: 'nan'"),
        ("topic_least = true", "topic_least: 'True'"),
        ("focus = 'vote'", r"focus: 'vote' \(str\). Write a table: \{"),
        ("focus = { stage = { a = 1 } }", r"focus, stage: .*\(dict\)"),
        ("lexicons = ['nothing']", "corpus.toml: Unknown word list 'nothing'. Available: "),
        ("lexicons = ['gone.toml']", "There is no file gone.toml. Looked for: "),
        ("speakers = 'nobody'", "Unknown table of speakers 'nobody'. Available: "),
        ("language = 'English'", "'English' is no code of a language"),
        ("outlets = ['The Lantern']", r"outlets: .*\(list\). Write a table"),
        (
            "outlets = { Lantern = 3 }",
            r"Lantern: '3' \(int\). Write a table, of lines such as aliases",
        ),
        (
            "outlets = { Lantern = { alias = 'x' } }",
            "Lantern: 'alias'. Available: aliases",
        ),
        ("outlets = { A = ['x'], B = ['x'] }", "'x' stands for 'A' and 'B'"),
        ("sources = ['me']", "sources 1: 'me'.*Write a table"),
        ("sources = [{ who = 'me' }]", "Unknown key in corpus.toml, sources 1: 'who'"),
        ("title = ", "cannot be read as TOML"),
        ("a = " + "[" * 5000, "cannot be read as TOML"),
        ("a = " + "1" * 5000, "cannot be read as TOML"),
    ],
)
def test_what_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "corpus.toml"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(AnalysisError, match=message):
        read_description(path)


def test_no_file_and_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="cannot be read as TOML"):
        read_description(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("title = 'Häfen'".encode("latin-1"))
    with pytest.raises(AnalysisError, match="cannot be read as TOML"):
        read_description(tmp_path / "latin.toml")


NOT_THERE = [
    ('by = "nothing"', "column under by in about.toml: 'nothing'. Available: .*outlet"),
    ('by = "text"', "column under by in about.toml: 'text'"),
    (
        'by = "stage"',
        r'about.toml, by: the tag .stage. is not published. Write publish = \["stage"',
    ),
    ('publish = ["phase"]', "column under publish in about.toml: 'phase'. .*Nearest: phases"),
    ('publish = ["text"]', "column under publish in about.toml: 'text'"),
    ('strata = "month"', "column under strata in about.toml: 'month'. Available: .*story.*week"),
    ('strata = "stage"', "about.toml, strata: the tag .stage. is not published"),
    ('focus = { phase = "vote" }', "column under focus in about.toml: 'phase'"),
    ('focus = { stage = "vote" }', "about.toml, focus: the tag .stage. is not published"),
]


@pytest.mark.parametrize(("lines", "message"), NOT_THERE)
def test_names_of_what_the_articles_do_not_have_are_refused(
    tmp_path: Path, tagged: pd.DataFrame, lines: str, message: str
) -> None:
    (tmp_path / "about.toml").write_text(lines, "utf-8")
    with pytest.raises(AnalysisError, match=f"(?s){message}"):
        analysis.measure_articles(tagged, tmp_path / "about.toml")


@pytest.mark.parametrize(
    "lines",
    [
        'by = "stage"\npublish = ["stage"]\nstrata = "stage"\nfocus = { stage = "march" }',
        'by = "country"\nstrata = "length"\nfocus = { outlet = ["Nobody", "Post"] }',
        '[outlets]\nPost = ["The Post"]',
    ],
)
def test_names_of_what_the_articles_have_are_taken(
    tmp_path: Path, tagged: pd.DataFrame, lines: str
) -> None:
    (tmp_path / "about.toml").write_text(lines, "utf-8")
    assert not analysis.measure_articles(tagged, tmp_path / "about.toml").notes


def test_outlets_of_which_no_article_is_are_said(tmp_path: Path, tagged: pd.DataFrame) -> None:
    (tmp_path / "about.toml").write_text('[outlets]\nPots = ["The Pots"]', "utf-8")
    (said,) = analysis.measure_articles(tagged, tmp_path / "about.toml").notes
    assert said == "about.toml, outlets: no article is of Pots. Articles are of: Post."


@pytest.fixture
def tagged() -> pd.DataFrame:
    """Two articles of one outlet, with two tags."""
    text = "The mill is shut. The town is calm."
    rows = [("a", "Post", "vote", "1", text), ("b", "Post", "march", "1", f"{text} It rains.")]
    articles = pd.DataFrame(rows, columns=["id", "outlet", "stage", "phases", "text"])
    return articles.assign(language="en")
