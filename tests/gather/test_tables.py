"""JSONL, CSV and Parquet: rows as they stand, and refusals that name the place."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.gather.problems import BadArticle
from analysis.gather.tables import as_text, read_table

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
    assert found[0][1] == {"outlet": "Тарнский вестник", "text": rows[0]["TEXT"]}


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
        ("a.json", '{"text": "x"}', "a.json: the JSON is not a list. Give a list of objects"),
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
