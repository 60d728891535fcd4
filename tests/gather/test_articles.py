"""From files to the Articles table: what is read, and a message for every refusal."""

import csv
import json
import os
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, may_write, read_articles, write_articles
from analysis.gather.schema import FIRST, check_articles

PAGE = """Tarn closes its bridge as the river rises

14.03.2014

The old bridge at Tarn was closed on Monday after the river rose overnight.

Engineers found cracks in three of its seven piers, the council said.

ab/cd (AFP, dpa)
"""
ROWS = [
    {"id": "p1", "outlet": "Tarn Post", "date": "14 March 2014", "text": "The bridge is closed."},
    {"id": "p2", "outlet": "Le Passeur", "date": "2014-03-15", "text": "A ferry runs.It is slow."},
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.txt").write_text(PAGE, "utf-8")
    return tmp_path


def jsonl(path, rows):
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


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


def test_metadata_supplies_and_overrides_with_a_remark(folder):
    table = folder / "metadata.csv"
    table.write_text("file,outlet,date,note\none.txt,Tarn Post,2014-03-15,checked\n", "utf-8")
    found = gather([folder], metadata=table)
    assert found.articles[["outlet", "date", "note"]].values.tolist() == [
        ["Tarn Post", "2014-03-15", "checked"]
    ]
    assert found.problems.values.tolist() == [
        [
            "one.txt",
            0,
            "date",
            "the source says '2014-03-14', metadata.csv says '2014-03-15'.",
            "The metadata is used; correct it if the source is right.",
            "kept",
        ]
    ]


def test_metadata_by_id(folder):
    jsonl(folder / "more.jsonl", ROWS)
    table = folder / "meta.csv"
    table.write_text("id;url;outlet\np1;http://tarn.example/1;\none;;Tarn Post\n", "utf-8")
    articles = read_articles(folder, metadata=table)
    assert list(articles["url"]) == ["", "http://tarn.example/1", ""]
    assert list(articles["outlet"]) == ["Tarn Post", "Tarn Post", "Le Passeur"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "file,outlet\ntwo.txt,Tarn Post\n",
            r"metadata\.csv, row 2, field 'file': 'two\.txt' fits no article\. Available: one\.txt",
        ),
        (
            "file,outlet\none.txt,Post\none.txt,Passeur\n",
            r"row 3, field 'file': 'one\.txt' stands in row 2 already",
        ),
        ("name,outlet\none.txt,Post\n", "no column 'file' or 'id'. Available: name, outlet"),
        ("file,date\none.txt,03/04/2014\n", "row 2, field 'date': '03/04/2014' can be read day"),
    ],
)
def test_metadata_that_is_refused(folder, content, message):
    table = folder / "metadata.csv"
    table.write_text(content, "utf-8")
    with pytest.raises(AnalysisError, match=message):
        read_articles(folder, metadata=table)


def test_a_metadata_table_among_the_sources_is_recognised(folder):
    (folder / "metadata.csv").write_text("file,outlet\none.txt,Tarn Post\n", "utf-8")
    with pytest.raises(AnalysisError, match=r"pass it as metadata: metadata='metadata\.csv'"):
        read_articles(folder)


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


def test_a_folder_is_an_outlet_and_a_name_may_be_a_date(tmp_path):
    for place in ("Tarn Post/2021-03-01.txt", "Le Passeur/2021/03/01.txt", "Le Passeur/one.txt"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(PAGE.replace("14.03.2014", ""), "utf-8")
    articles = read_articles(tmp_path)
    assert articles[["id", "outlet", "date"]].values.tolist() == [
        ["01", "Le Passeur", "2021-03-01"],
        ["2021-03-01", "Tarn Post", "2021-03-01"],
        ["one", "Le Passeur", ""],
    ]
    notes = " ".join(articles.attrs["notes"])
    assert "The folder is the outlet of 3 articles: Le Passeur (2), Tarn Post (1)." in notes
    assert "The file's name gives the date of 2 articles." in notes


def test_an_archive_is_no_outlet_and_an_empty_cell_is_not_filled(tmp_path):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("one.txt", PAGE)
        archive.writestr("Tarn Post/two.txt", PAGE.replace("Monday", "Tuesday"))
    assert list(read_articles(tmp_path)["outlet"]) == ["", "Tarn Post"]
    (tmp_path / "North").mkdir()
    jsonl(tmp_path / "North" / "a.jsonl", [ROWS[0] | {"outlet": ""}])
    with pytest.raises(AnalysisError, match=r"North/a\.jsonl, row 1, field 'outlet'"):
        read_articles(tmp_path)


def test_what_a_page_says_itself_comes_before_its_place(tmp_path):
    (tmp_path / "Elsewhere").mkdir()
    page = PAGE + "\n© 2014 Tarn Post"
    (tmp_path / "Elsewhere" / "2021-03-01.txt").write_text(page, "utf-8")
    articles = read_articles(tmp_path)
    assert articles[["outlet", "date"]].values.tolist() == [["Tarn Post", "2014-03-14"]]


def test_two_pages_of_one_name(tmp_path):
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        text = PAGE.replace("Monday", name.title())
        (tmp_path / name / "one.txt").write_text(text, "utf-8")
    articles = read_articles(tmp_path)
    assert list(articles["id"]) == ["left-one", "right-one"]
    assert list(articles["outlet"]) == ["left", "right"]


def test_files_that_number_their_rows_do_not_clash(tmp_path):
    for name in ("east", "west"):
        rows = [{"id": str(n), "outlet": name, "text": f"Bridge {n} {name}."} for n in (1, 2)]
        jsonl(tmp_path / f"{name}.jsonl", rows)
    jsonl(tmp_path / "north.jsonl", [{"id": "n1", "outlet": "north", "text": "Snow."}])
    articles = read_articles(tmp_path)
    assert list(articles["id"]) == ["east-1", "east-2", "n1", "west-1", "west-2"]
    assert "got the file's name before them (2 files)" in " ".join(articles.attrs["notes"])


def test_one_article_in_two_files_is_kept_once_and_said(tmp_path):
    for name in ("a", "b"):
        jsonl(tmp_path / f"{name}.jsonl", [*ROWS, {"id": name, "outlet": "x", "text": "y z"}])
    found = gather([tmp_path])
    assert list(found.articles["id"]) == ["a", "b", "p1", "p2"]
    assert found.problems["file"].tolist() == ["b.jsonl", "b.jsonl"]
    assert "a = b" in " ".join(found.articles.attrs["notes"])


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ([("Tarn Post", "x"), ("TARN-POST", "y")], "'TARN-POST' (1) and 'Tarn Post' (1)"),
        ([("Zürich", "x"), ("Zu\u0308rich.", "y")], "'Zürich' (1) and 'Zürich.' (1)"),
        (
            [("A", "The bridge is shut …"), ("B", "A ferry runs.")],
            "1 of 2 texts end in an ellipsis",
        ),
        (
            [("A", "The bridge is shut."), ("B", "A ferry runs.")],
            "The middle article has 3.5 words",
        ),
    ],
)
def test_what_looks_like_a_mistake_is_said(tmp_path, rows, note):
    table = [{"id": f"{n}", "outlet": o, "text": t} for n, (o, t) in enumerate(rows)]
    notes = read_articles(jsonl(tmp_path / "a.jsonl", table)).attrs["notes"]
    assert note in " ".join(notes)


def test_nothing_is_said_of_outlets_that_differ(tmp_path):
    long = "The old bridge at Tarn was closed on Monday after the river rose. " * 8
    rows = [{"outlet": o, "text": f"{long} {o} said so."} for o in ("Tarn Post", "Tarn Posts")]
    notes = " ".join(read_articles(jsonl(tmp_path / "a.jsonl", rows)).attrs["notes"])
    assert "differ only" not in notes and "words" not in notes and "ellipsis" not in notes


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
    (folder / "worse.txt").write_bytes(b"Home\n")
    with pytest.raises(
        AnalysisError, match=r"bad\.txt: .* \(1 more problems, 2 files in all; skip"
    ):
        read_articles(folder)
    found = gather([folder], skip_bad=True)
    assert list(found.articles["id"]) == ["one"]
    assert list(found.problems["file"]) == ["bad.txt", "worse.txt"]
    assert set(found.problems["outcome"]) == {"skipped"}
    assert found.articles.attrs["notes"][-2].startswith("Skipped: bad.txt: the file is empty.")


def test_only_bad_articles(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"")
    with pytest.raises(AnalysisError, match=r"No article is left; 1 problems\. bad\.txt: the file"):
        read_articles(tmp_path, skip_bad=True)


def test_ids_are_made_from_content_and_do_not_depend_on_order(tmp_path):
    rows = [{k: v for k, v in row.items() if k != "id"} for row in ROWS]
    one = read_articles(jsonl(tmp_path / "a.jsonl", rows))
    other = read_articles(jsonl(tmp_path / "a.jsonl", rows[::-1]))
    pd.testing.assert_frame_equal(one, other)
    assert one["id"].str.fullmatch(r"a-[0-9a-f]{12}").all()


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


def test_the_head_of_a_glued_text_supplies_what_the_table_leaves_empty(tmp_path):
    row = {
        "outlet": "Tarn Post",
        "text": "Tarn shuts its bridgeThe ferry runs again Photo: Cleo Hart/ LundpixBy Ben Vale"
        "9:26PM GMT 24 Mar 2014The bridge is closed.The river rose.It fell overnight.",
    }
    found = gather([jsonl(tmp_path / "a.jsonl", [row, row | {"title": "Own", "date": ""}])])
    assert sorted(found.articles["title"]) == ["Own", "Tarn shuts its bridge"]
    assert set(found.articles["date"]) == {"2014-03-24"}
    assert found.articles["text"].str.endswith("rose.\n\nIt fell overnight.").all()
    assert {"headline", "byline", "date line"} == set(found.removed["reason"])


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "Article 'one' has an empty text"),
        ({"id": ""}, "Article '' has an empty id"),
        ({"date": "14.03.2014"}, r"Article 'one' has the date '14\.03\.2014'"),
        ({"outlet": None}, "Column 'outlet' holds"),
    ],
)
def test_the_schema_is_held(folder, change, message):
    articles = read_articles(folder)
    with pytest.raises(AnalysisError, match=message):
        check_articles(articles.assign(**change))
    with pytest.raises(AnalysisError, match=r"Unknown column of an Articles table 'url'\."):
        check_articles(articles.drop(columns="url"))
    with pytest.raises(AnalysisError, match="Id 'one' stands twice"):
        check_articles(pd.concat([articles, articles]))


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


def test_metadata_names_a_page_with_or_without_its_folder(tmp_path):
    for name in ("east", "west"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(PAGE.replace("Monday", name), "utf-8")
    table = tmp_path / "meta.csv"
    table.write_text("file,outlet\neast/one.txt,East Post\nwest\\one,West Post\n", "utf-8")
    articles = read_articles(tmp_path, metadata=table)
    assert list(articles["outlet"]) == ["East Post", "West Post"]
    table.write_text("file,outlet\none.txt,East Post\n", "utf-8")
    with pytest.raises(AnalysisError, match=r"'one.txt' fits 2 files: east/one.txt, west/one.txt"):
        read_articles(tmp_path, metadata=table)


def test_what_looks_like_markup_is_read_again_as_it_was_written(tmp_path):
    told = dict.fromkeys([*FIRST, "text"], "x") | {"date": "", "title": "a<b>c &amp; d"}
    write_articles(pd.DataFrame([told], dtype="str"), tmp_path / "a.parquet")
    assert read_articles(tmp_path / "a.parquet")["title"].to_list() == ["a<b>c &amp; d"]
