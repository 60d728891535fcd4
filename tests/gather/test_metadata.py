"""What a metadata table supplies and overrides."""

import pytest
from bridge import PAGE, ROWS, jsonl

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, read_articles


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
