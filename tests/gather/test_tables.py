"""JSONL, CSV and Parquet: rows as they stand, and refusals that name the place."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, read_articles, write_articles
from analysis.gather.problems import BadArticle
from analysis.gather.tables import (
    as_text,
    name_columns,
    read_table,
)
from analysis.writing import for_spreadsheet, from_spreadsheet

ROWS = [
    {"id": "a", "outlet": "Tarn Post", "text": "The bridge is closed."},
    {"id": "b", "outlet": "Le Passeur", "text": 'She said "no"; he, too.\nThen both left.'},
]


def table(path):
    return read_table(path.read_bytes(), path.name)


def write(folder, name, rows, **options):
    path = folder / name
    if name.endswith(".parquet"):
        pd.DataFrame(rows).to_parquet(path)
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    elif name.endswith(".json"):
        path.write_text(json.dumps(rows), "utf-8")
    else:
        pd.DataFrame(rows).to_csv(path, index=False, **options)
    return path


@pytest.mark.parametrize(
    ("name", "options", "first"),
    [
        ("a.jsonl", {}, 1),
        ("a.json", {}, 1),
        ("a.parquet", {}, 1),
        ("a.csv", {}, 2),
        ("semicolon.csv", {"sep": ";"}, 2),
        ("tab.tsv", {"sep": "\t"}, 2),
        ("bom.csv", {"encoding": "utf-8-sig"}, 2),
        ("wide.csv", {"encoding": "utf-16"}, 2),
    ],
)
def test_every_kind_gives_the_same_rows(tmp_path, name, options, first):
    rows, problems, _ = table(write(tmp_path, name, ROWS, **options))
    assert rows == [(first, ROWS[0]), (first + 1, ROWS[1])]
    assert problems == []


def test_a_russian_csv_in_cp1251(tmp_path):
    rows = [
        {"Outlet": "Тарнский вестник", "TEXT": "Мост через реку закрыт, сообщила мэрия города."}
    ]
    found, _, used = table(write(tmp_path, "a.csv", rows, sep=";", encoding="cp1251"))
    assert used == "cp1251"
    assert found == [(2, rows[0])]


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n\n{"text": \n[1]\n{"text": "y"}\n', "utf-8")
    rows, problems, _ = table(path)
    assert [place for place, _ in rows] == [1, 5]
    assert str(problems[0]).startswith("a.jsonl, row 3: not JSON (Expecting value at character")
    assert str(problems[1]).startswith("a.jsonl, row 4: a JSON list, not an object. Write one")


def test_a_csv_row_of_another_width_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("outlet,text\nPost,one\nPost,two,three\n", "utf-8")
    rows, problems, _ = table(path)
    assert len(rows) == 1
    assert "a.csv, row 3: 3 cells under 2 columns. Put cells that hold ','" in str(problems[0])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", 'outlet,text\nPost,"one\n', r"a\.csv, row 2: not CSV \(unexpected end of data\)"),
        ("a.csv", "outlet,text,text\nPost,one,two\n", "a.csv, row 1: the header names text twice"),
        ("a.csv", "outlet,text\n", "a.csv: the table has no rows"),
        ("a.json", '"x"', "a.json: the JSON is not a list. Give a list of objects"),
        ("a.json", "[1,", "a.json, row 1: not JSON"),
        ("a.parquet", "outlet,text\n", "a.parquet: not a readable Parquet file"),
        ("a.jsonl", "", "a.jsonl: the file is empty"),
    ],
)
def test_files_that_are_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(BadArticle, match=message):
        table(path)


def test_values_become_text():
    assert as_text(None, "f", 1, "note") == as_text(float("nan"), "f", 1, "note") == ""
    assert as_text(True, "f", 1, "note") == "true"
    assert as_text(["one", "two"], "f", 1, "note") == "one, two"
    assert as_text(["one", "two"], "f", 1, "text") == "one\n\ntwo"
    with pytest.raises(BadArticle, match=r"f, row 1, field 'note': a nested value \(dict\)"):
        as_text({"a": 1}, "f", 1, "note")


cell = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip)


@given(st.lists(st.tuples(cell, cell), min_size=1), st.sampled_from(",;\t"))
def test_csv_comes_back_whatever_its_cells_hold(tmp_path_factory, cells, delimiter):
    rows = [{"outlet": a or "-", "text": b or "-"} for a, b in cells]
    path = write(tmp_path_factory.mktemp("csv"), "a.csv", rows, sep=delimiter)
    assert [row for _, row in table(path)[0]] == rows


def named(rows, **columns):
    return name_columns(list(enumerate(rows, 1)), "a.csv", columns)


def test_common_names_are_understood_and_said():
    row = {"Publication": "Tarn Post", "Full Text": "x", "Publish_Date": "2014-03-14", "stage": "a"}
    rows, remarks = named([row])
    assert rows == [(1, {"outlet": "Tarn Post", "text": "x", "date": "2014-03-14", "stage": "a"})]
    assert "read 'Publication' as outlet, 'Publish_Date' as date, 'Full Text' as text" in str(
        remarks[0]
    )


def test_a_wanted_name_comes_before_a_common_one():
    rows, remarks = named([{"content": "x", "Text": "y", "source": "s", "OUTLET": "o"}])
    assert rows == [(1, {"content": "x", "text": "y", "source": "s", "outlet": "o"})]
    assert remarks == []


def test_what_the_user_says_comes_first():
    row = {"text": "teaser", "story": "x", "paper": "o"}
    rows, remarks = named([row], text="story", outlet="paper")
    assert rows[0][1] == {"text": "x", "outlet": "o"}
    assert "left out 'text' (another column was named)" in str(remarks[0])


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadArticle, match=r"Unknown column 'stroy'. Available: paper, story"):
        named([{"story": "x", "paper": "o"}], text="stroy")
    with pytest.raises(BadArticle, match=r"1,200 columns; an Articles table has a few"):
        named([{f"c{n}": "" for n in range(1200)}])


def test_bylines_and_columns_without_a_name_are_left_out_and_said():
    rows, remarks = named([{"": "0", "Unnamed: 1": "3", "Author(s)": "A. Hale", "text": "x"}])
    assert rows == [(1, {"text": "x"})]
    assert "left out a column without a name, 'Unnamed: 1', 'Author(s)'" in str(remarks[0])


@pytest.mark.parametrize(
    "value",
    ["NA", "NaN", "null", "None", "", " NA ", "#N/A", None, np.nan, "-", "n/a", "—", "n.d."],
)
def test_what_programs_and_people_write_for_nothing_is_nothing(value):
    assert as_text(value, "f", 1, "note") == ""


def test_a_date_that_is_not_known_is_none_and_a_title_of_that_word_stays():
    assert as_text("Unknown", "f", 1, "date") == ""
    assert as_text("Unknown", "f", 1, "title") == "Unknown"


@pytest.mark.parametrize(
    ("written", "date"),
    [(1394793000, "2014-03-14"), ("1394793000000", "2014-03-14"), (41712.5, "2014-03-14")],
)
def test_dates_that_are_numbers(tmp_path, written, date):
    path = write(tmp_path, "a.csv", [ROWS[0] | {"date": written}])
    assert list(read_articles(path)["date"]) == [date]


@pytest.mark.parametrize(
    "held",
    [
        ROWS[0],
        {k: {"0": v} for k, v in ROWS[0].items()},
        {"status": "ok", "articles": [ROWS[0]]},
    ],
)
def test_json_of_one_article_of_columns_and_of_lists(tmp_path, held):
    (tmp_path / "a.json").write_text(json.dumps(held), "utf-8")
    assert read_articles(tmp_path / "a.json").iloc[0]["text"] == ROWS[0]["text"]


@pytest.mark.parametrize("orient", ["records", "columns", "index", "split", "table"])
def test_a_data_frame_as_pandas_writes_it(tmp_path, orient):
    pd.DataFrame(ROWS).to_json(tmp_path / "a.json", orient=orient)
    found = read_articles(tmp_path / "a.json")
    assert sorted(found["outlet"]) == sorted(row["outlet"] for row in ROWS)


def test_lines_of_json_called_json(tmp_path):
    write(tmp_path, "a.jsonl", ROWS).rename(tmp_path / "a.json")
    assert len(read_articles(tmp_path / "a.json")) == 2


@pytest.mark.parametrize(
    "names",
    [
        ("Texte intégral", "Source", "Date de publication", "Titre"),
        ("Conteúdo", "Jornal", "Data", "Título"),
        ("Brödtext", "Tidning", "Datum", "Rubrik"),
        ("本文", "新聞", "日付", "見出し"),
        ("Metin", "Gazete", "Tarih", "Başlık"),
    ],
)
def test_columns_of_many_languages(names):
    rows, _ = named([dict.fromkeys(names, "x")])
    assert set(rows[0][1]) == {"text", "outlet", "date", "title"}


@pytest.mark.parametrize(
    ("value", "text"),
    [("007", "007"), ("1e5", "1e5"), (3.0, "3"), (3.5, "3.5"), ("NATO", "NATO"), ("Nan", "Nan")],
)
def test_codes_stay_as_they_are_written(value, text):
    assert as_text(value, "f", 1, "note") == text


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\noutlet;text\nPost;one, two\n",
        '"sep=;"\r\noutlet;text\r\nPost;one, two\r\n',
        '"outlet";"te""xt";"text"\nPost;;"one, two"\n',
    ],
)
def test_what_spreadsheets_put_first(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    rows, problems, _ = table(path)
    assert not problems
    assert rows[0][1]["outlet"] == "Post" and rows[0][1]["text"] == "one, two"


def test_rows_that_json_names_by_their_ids_keep_them(tmp_path):
    bare = [{k: v for k, v in row.items() if k != "id"} for row in ROWS]
    held = {"post-1": bare[0], "post-2": bare[1]}
    (tmp_path / "a.json").write_text(json.dumps(held), "utf-8")
    assert read_articles(tmp_path / "a.json")["id"].tolist() == ["post-1", "post-2"]


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\nArticles on the quay\n",
        "Articles on the quay;;\n;;\n",
        "# exported 2031\n",
        "Tarn Library\nMarch 2031\n\n",
    ],
)
def test_a_title_above_the_header_of_a_table(tmp_path, above):
    said = 'outlet;date;text\nOru;2014-03-14;"The quay is shut."\n'
    (tmp_path / "a.csv").write_text(above + said, "utf-8")
    (row,) = read_articles(tmp_path / "a.csv").to_dict("records")
    assert (row["outlet"], row["date"], row["text"]) == ("Oru", "2014-03-14", "The quay is shut.")
    (tmp_path / "a.csv").write_text(f"{above}{said}Oru;only two\n", "utf-8")
    with pytest.raises(BadArticle, match=f"row {above.count(chr(10)) + 3}: 2 cells"):
        read_articles(tmp_path / "a.csv")


def test_json_with_its_articles_inside(tmp_path):
    path = tmp_path / "a.json"
    one = {"source": {"id": None, "name": "Tarn Post"}, "content": "x"}
    path.write_text(json.dumps({"status": "ok", "total": 1, "articles": [one]}), "utf-8")
    rows, _, _ = table(path)
    assert rows == [(1, {"source_id": None, "source_name": "Tarn Post", "content": "x"})]


@pytest.mark.parametrize("name", ["items.jl", "items.txt", "items.json"])
def test_what_scrapers_write_is_known_by_its_content(tmp_path, name):
    """Nothing under the wanted name, addresses as a source, objects beside the article."""
    one = {
        "title": ["Old bridge closed"],
        "maintext": "The ferry was late.",
        "text": None,
        "source": "https://www.tarn.example/a",
        "entities": {"urls": [{"url": "https://t.example/1"}], "marks": {"og": "x"}},
        "date_publish": "2031-03-14 09:00:00",
    }
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(one | {"id": n}) for n in "12"), "utf-8")
    found = gather([path])
    assert found.articles["text"].tolist() == ["The ferry was late."] * 2
    assert found.articles["url"].tolist() == ["https://www.tarn.example/a"] * 2
    assert found.articles["outlet"].tolist() == ["tarn.example"] * 2
    assert (
        "The host of the address is the outlet of 2 articles: tarn.example (2)."
        in (found.articles.attrs["notes"])
    )
    assert "'entities_urls', 'entities_marks'" in " ".join(found.problems["received"])


def test_articles_two_objects_deep_and_an_article_with_lists_of_its_own(tmp_path):
    results = [{"id": "a", "webTitle": "Bridge", "fields": {"bodyText": "x", "publication": "Oru"}}]
    (tmp_path / "a.json").write_text(json.dumps({"response": {"pages": 1, "results": results}}))
    (tmp_path / "b.json").write_text(
        json.dumps({"id": "b", "outlet": "Oru", "text": "y", "images": [{"text": "no article"}]})
    )
    articles = read_articles(tmp_path)
    assert articles[["title", "outlet", "text"]].values.tolist() == [
        ["Bridge", "Oru", "x"],
        ["", "Oru", "y"],
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "[" * 100_000 + "]" * 100_000, "nested too deep"),
        ("a.jsonl", '{"id": ' + "9" * 5000 + "}", "row 1: .*a number is too long"),
        ("a.jsonl", '{"a":' * 100_000, "row 1: .*nested too deep"),
        ("a.csv", '"out"let,text\nPost,one\n', "a.csv, row 2: not CSV"),
    ],
)
def test_hostile_text_tables_are_refused_with_one_message(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(AnalysisError, match=message):
        read_articles(path)


def test_hostile_parquet_is_refused_with_one_message(tmp_path):
    path = tmp_path / "a.parquet"
    many = pa.table({"outlet": pa.nulls(3_000_000), "text": pa.nulls(3_000_000)})
    pq.write_table(many, path, compression="zstd")
    with pytest.raises(AnalysisError, match=r"declares 3,000,000 rows in"):
        read_articles(path)
    wrong = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"], pa.binary()).buffers())
    pq.write_table(pa.table({"outlet": ["x"], "text": wrong}), path)
    with pytest.raises(AnalysisError, match=r"a\.parquet, field 'text': not a readable Parquet"):
        read_articles(path)
    late = pa.table({"outlet": ["x"], "text": ["y"], "date": pa.array([2**62], pa.timestamp("us"))})
    pq.write_table(late, path)
    with pytest.raises(AnalysisError, match=r"a\.parquet, field 'date': not a readable Parquet"):
        read_articles(path)


def test_a_small_parquet_of_endless_text_is_refused_before_it_is_read(tmp_path):
    table = pa.table({"outlet": ["Quay"] * 200, "text": ["ferry " * 20_000] * 200})
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd")
    with pytest.raises(BadArticle, match=r"24,000,000 characters in one column of a file of"):
        read_articles(tmp_path / "a.parquet")


def test_columns_of_several_parts_are_taken_apart(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"source": [{"name": "Tarn Post"}], "body": ["The bridge."]}), path)
    assert read_articles(path)["outlet"].tolist() == ["Tarn Post"]


def test_foreign_marks_in_parquet_are_no_marks_of_ours(tmp_path):
    path = tmp_path / "a.parquet"
    rows = pa.table({"outlet": ["x"], "text": ["The bridge at Tarn is shut."]})
    for mark in (b"{", b"[1]", b'"x"', b"[" * 100_000):
        pq.write_table(rows.replace_schema_metadata({b"analysis.articles": mark}), path)
        assert len(read_articles(path)) == 1


def test_lone_surrogates_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"outlet": "A\\ud800", "text": "x\\udfff y", "t\\ud801": "z"}\n', "utf-8")
    articles = read_articles(path)
    assert articles.loc[0, "outlet"] == "A\ufffd"
    write_articles(articles, tmp_path / "b.parquet")


@given(st.text(max_size=20))
def test_no_cell_of_a_written_csv_is_run(value):
    assert from_spreadsheet(for_spreadsheet(value)) == value
    assert for_spreadsheet(value)[:1] not in ("=", "+", "-", "@", "\t", "\r") or not value


def test_rows_of_a_wrong_width_are_told_once(tmp_path):
    rows = "".join(f"Post,2031-03-01,a,b,{n}\n" for n in range(500))
    path = tmp_path / "t.csv"
    path.write_text(f"outlet,date,text\nPost,2031-03-01,The bridge is closed.\n{rows}", "utf-8")
    found = gather([path], skip_bad=True)
    assert len(found.articles) == 1
    (problem,) = found.problems.itertuples()
    assert problem.row == 3
    assert "5 cells under 3 columns (so in 500 rows, also 4, 5, 6, 7, 8, …)" in problem.received


def _dated(tmp_path, dates, **said):
    rows = [
        {"id": f"a{i}", "outlet": "Post", "date": date, "text": f"Bridge {i} is closed."}
        for i, date in enumerate(dates)
    ]
    return gather([write(tmp_path, "a.csv", rows)], skip_bad=True, **said)


@pytest.mark.parametrize(
    ("dates", "said", "read"),
    [
        (["03/04/2014", "25/03/2014"], {}, ["2014-04-03", "2014-03-25"]),
        (["03/04/2014", "3/25/2014 5:30 PM"], {}, ["2014-03-04", "2014-03-25"]),
        (["03-04-2014", "25-03-2014"], {}, ["2014-04-03", "2014-03-25"]),
        (["03/04/2014", "25/03/2014"], {"dayfirst": False}, ["2014-03-04", "2014-03-25"]),
        (["03/04/2014", "14 March 2014"], {}, ["2014-03-14"]),  # says nothing of the other form
        (["03/04/2014", "99/03/2014", "04/04/2014"], {}, ["2014-04-04"]),
        (["03/04/2014", "25/03/2014", "03/25/2014"], {}, ["2014-03-25", "2014-03-25"]),
    ],
)
def test_a_column_decides_its_dates_that_can_be_read_two_ways(tmp_path, dates, said, read):
    assert _dated(tmp_path, dates, **said).articles["date"].to_list() == read


def test_what_decides_a_column_is_said_and_what_contradicts_itself(tmp_path):
    notes = _dated(tmp_path, ["03/04/2014", "25/03/2014"]).articles.attrs["notes"]
    assert any("1 date that can be read two ways: day first, as '25/03/2014' in row 3" in n
               for n in notes)  # fmt: skip
    notes = _dated(tmp_path, ["03/04/2014", "25/03/2014", "03/25/2014"]).articles.attrs["notes"]
    assert any("'25/03/2014' in row 3 and '03/25/2014' in row 4 contradict" in n for n in notes)
    assert any("row 2, field 'date': '03/04/2014' can be read" in n for n in notes)


def test_a_year_of_two_digits_behind_full_stops_is_read_and_said(tmp_path):
    path = tmp_path / "a.csv"
    rows = "\n".join(f"Oru;{d};The ferry was late on day {d}." for d in ("14.03.31", "2.4.99"))
    path.write_text(f"outlet;date;text\n{rows}\n", "utf-8")
    articles = read_articles(path)
    assert sorted(articles["date"]) == ["1999-04-02", "2031-03-14"]
    assert "2 dates with a year of two digits, such as '14.03.31'" in str(articles.attrs["notes"])


def test_a_column_of_metadata_decides_its_dates(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"The old bridge of {name} is closed for repair.")
    rows = [
        {"file": "one.txt", "outlet": "Post", "date": "03/04/2014"},
        {"file": "two.txt", "outlet": "Post", "date": "25/03/2014"},
    ]
    meta = write(tmp_path, "meta.csv", rows)
    assert gather([tmp_path], metadata=meta).articles["date"].to_list() == [
        "2014-04-03",
        "2014-03-25",
    ]
