"""From files to the Articles table: what is read, and a message for every refusal."""

import csv
import os

import pandas as pd
import pytest
from bridge import PAGE, ROWS, jsonl
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, may_write, read_articles, write_articles
from analysis.gather.schema import check_articles


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", r"a\.txt: the file is empty\. Save the page's text again"),
        ("a.txt", bytes(range(256)), r"a\.txt: the file holds binary data, not text"),
        ("a.txt", b"Home\n\nNews\n", r"a\.txt, field 'text': no running text is left"),
        (
            "a.txt",
            PAGE.replace("14.03.2014", "03/04/2014").encode(),
            r"a\.txt, field 'date': '03/04/2014' can be read day first or month first\. Say which",
        ),
        ("a.csv", b"outlet,words\nPost,x\n", r"no column 'text'.*which column it is with columns="),
        ("a.csv", b"shop,text\nPost,x\n", r"no column 'outlet'.*Say which column it is with"),
        ("a.csv", b"outlet,text\nPost,x\n,y\n", r"a\.csv, row 3, field 'outlet': the outlet is em"),
        ("a.csv", b"outlet,text\nPost,x\nPost,\n", r"a\.csv, row 3, field 'text': the text is em"),
        ("a.csv", b"outlet,date,text\nPost,soon,x\n", r"a\.csv, row 2, field 'date': 'soon' holds"),
        (
            "a.csv",
            b"id,outlet,text\n1,Post,x\n1,Post,y\n",
            r"a\.csv, row 3, field 'id': the id '1' is taken by a\.csv, row 2\. Give each",
        ),
        ("a.jsonl", b'{"outlet": "Post"\n', r"a\.jsonl, row 1: not JSON"),
        (
            "a.jsonl",
            b'{"outlet": [{"name": "Post"}], "text": "x"}\n',
            r"row 1, field 'outlet': a nested value \(list\)",
        ),
        ("a.docx", b"x", r"a\.docx: of no kind that can be read"),
    ],
)
def test_refusals(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AnalysisError, match=message):
        read_articles(path)


def test_nothing_to_read(tmp_path):
    with pytest.raises(
        AnalysisError, match=r"no file in it can be read \(0 files there\)\. Readab"
    ):
        read_articles(tmp_path)
    with pytest.raises(AnalysisError, match="there is no such file or folder"):
        read_articles(tmp_path / "absent.txt")
    with pytest.raises(AnalysisError, match="No file to read was given"):
        read_articles()


def test_one_article_in_two_files_is_kept_once_and_said(tmp_path):
    for name in ("a", "b"):
        jsonl(tmp_path / f"{name}.jsonl", [*ROWS, {"id": name, "outlet": "x", "text": "y z"}])
    found = gather([tmp_path])
    assert list(found.articles["id"]) == ["a", "b", "p1", "p2"]
    assert found.problems["file"].tolist() == ["b.jsonl", "b.jsonl"]
    assert "a = b" in " ".join(found.articles.attrs["notes"])


def test_names_that_are_no_text_are_spelled_out(tmp_path):
    folder = os.path.join(os.fsencode(tmp_path), b"Z\xfcrich")
    os.mkdir(folder)
    for name, content in ((b"a.txt", PAGE.encode()), (b"\xff.txt", b"")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    found = gather([tmp_path], skip_bad=True)
    assert list(found.articles["outlet"]) == ["Z\\udcfcrich"]
    assert "\\udcff.txt: the file is empty" in " ".join(found.articles.attrs["notes"])
    write_articles(found.articles, tmp_path / "a.csv")


def test_two_files_of_one_name_are_told_apart(tmp_path):
    for name in ("east", "west"):
        (tmp_path / name).mkdir()
        jsonl(tmp_path / name / "1.jsonl", [{"id": "1", "outlet": name, "text": f"{name} wind."}])
    articles = read_articles(tmp_path / "east" / "1.jsonl", tmp_path / "west" / "1.jsonl")
    assert sorted(articles["outlet"]) == ["east", "west"]
    assert articles["id"].is_unique and articles["id"].str.endswith("-1-1").all()


def test_one_bad_article_among_many(folder):
    (folder / "bad.txt").write_bytes(b"")
    (folder / "worse.txt").write_bytes(b"\r\n")
    with pytest.raises(
        AnalysisError, match=r"bad\.txt: .* \(1 more problems, 2 files in all; skip"
    ):
        read_articles(folder)
    found = gather([folder], skip_bad=True)
    assert list(found.articles["id"]) == ["one"]
    assert list(found.problems["file"]) == ["bad.txt", "worse.txt"]
    assert set(found.problems["outcome"]) == {"skipped"}
    assert found.articles.attrs["notes"][-1].startswith("Skipped: bad.txt: the file is empty.")


def test_a_page_without_an_article_in_a_folder_is_named_and_the_others_are_read(folder):
    (folder / "menu.txt").write_bytes(b"Home\n")
    found = gather([folder])
    assert list(found.articles["id"]) == ["one"]
    assert list(found.problems["outcome"]) == ["passed over"]
    assert "Passed over: menu.txt, field 'text': no running text" in " ".join(
        found.articles.attrs["notes"]
    )
    with pytest.raises(AnalysisError, match="no running text"):
        gather([folder / "menu.txt", folder])


def test_only_bad_articles(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"")
    with pytest.raises(AnalysisError, match=r"No article is left; 1 problems\. bad\.txt: the file"):
        read_articles(tmp_path, skip_bad=True)


def test_written_articles_come_back_byte_for_byte(folder):
    jsonl(folder / "more.jsonl", [row | {"stage": "flood"} for row in ROWS])
    articles = read_articles(folder)
    target = folder / "out" / "articles.parquet"
    write_articles(articles, target)
    first = target.read_bytes()
    again = read_articles(target)
    pd.testing.assert_frame_equal(again, articles)
    write_articles(again.assign(), target)
    assert [p.name for p in target.parent.iterdir()] == ["articles.parquet"]
    write_articles(articles, target)
    assert target.read_bytes() == first


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_articles_are_written_as_the_name_says_and_read_again(folder, name):
    rows = [row | {"stage": "=SUM(A1)", "=cmd": "@x", "id": f"-{n}"} for n, row in enumerate(ROWS)]
    articles = read_articles(jsonl(folder / "more.jsonl", rows), folder / "one.txt")
    articles["outlet"] = articles["outlet"].replace("", "'+Tarn")
    target = folder / "out" / name
    write_articles(articles, target)
    assert name == "a.parquet" or not target.read_bytes().startswith(b"PAR1")
    if name == "a.csv":
        cells = [c for row in csv.reader(target.read_text("utf-8").splitlines()) for c in row if c]
        assert not any(cell[0] in "=+-@" for cell in cells)
    again = read_articles(target)
    pd.testing.assert_frame_equal(again, articles)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_an_article_whose_outlet_is_unknown_comes_back_too(folder, name):
    articles = read_articles(folder)
    assert list(articles["outlet"]) == [""]
    write_articles(articles, folder / "out" / name)
    pd.testing.assert_frame_equal(read_articles(folder / "out" / name), articles)


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.txt"])
def test_other_kinds_are_not_written(folder, name):
    articles = read_articles(folder)
    with pytest.raises(AnalysisError, match=r"Unknown kind of table to write.*\.csv, \.jsonl"):
        write_articles(articles, folder / name)
    with pytest.raises(AnalysisError, match=r"Unknown kind of table to write"):
        may_write(folder / name)


def test_nothing_is_overwritten_that_was_not_written_here(folder):
    (folder / "mine.csv").write_text("outlet,text\nA,b\n", "utf-8")
    for name in ("mine.csv", "one.parquet"):
        with pytest.raises(AnalysisError, match=r"(lies in|is or holds) an input"):
            (folder / "one.parquet").write_bytes(b"PAR1")
            may_write(folder / name, [folder])
    with pytest.raises(AnalysisError, match=r"exists: it is no Articles table.*force=True"):
        may_write(folder / "mine.csv")
    assert may_write(folder / "mine.csv", force=True).name == "mine.csv"
    with pytest.raises(AnalysisError, match="is a folder"):
        (folder / "x.csv").mkdir()
        may_write(folder / "x.csv")
    write_articles(read_articles(folder / "one.txt"), folder / "out" / "ours.parquet")
    may_write(folder / "out" / "ours.parquet", [folder / "one.txt"])
    (folder / "link.parquet").symlink_to(folder / "out" / "ours.parquet")
    write_articles(read_articles(folder / "one.txt"), folder / "link.parquet")
    assert (folder / "link.parquet").is_symlink()


def test_a_failed_write_leaves_the_old_file(folder, monkeypatch):
    articles = read_articles(folder)
    target = folder / "articles.parquet"
    write_articles(articles, target)
    before = target.read_bytes()

    def fail(*_args, **_options):
        raise OSError("disk full")

    monkeypatch.setattr("analysis.gather.articles.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_articles(articles.assign(outlet="Other"), target)
    assert target.read_bytes() == before
    assert not list(folder.glob("*.tmp"))


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(st.lists(st.tuples(text, text), min_size=1, max_size=6))
def test_any_table_is_read_or_refused_with_its_place(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    jsonl(path, [{"id": str(n), "outlet": a, "text": b} for n, (a, b) in enumerate(rows)])
    try:
        articles = read_articles(path)
    except AnalysisError as e:
        assert "a.jsonl, row" in str(e)
    else:
        assert len(articles) == len(rows)
        check_articles(articles)


@pytest.mark.parametrize(
    ("row", "genre"),
    [
        ({"section": "Comment & Debate"}, "opinion"),
        ({"url": "https://tarn.example/opinion/2014/bridge"}, "opinion"),
        ({"url": "https://tarn.example/region/live/bridge"}, "live"),
        ({"url": "https://tarn.example/region/live-on-the-bridge"}, ""),
        ({"url": "https://tarn.example/opinion/x", "genre": "news"}, "news"),
        ({"url": "http://[x"}, ""),
    ],
)
def test_the_genre_is_the_sections_or_the_addresss(tmp_path, row, genre):
    articles = read_articles(jsonl(tmp_path / "a.jsonl", [ROWS[0] | row]))
    assert list(articles["genre"]) == [genre]
