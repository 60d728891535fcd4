"""One article on its way: its id, and what its place tells of it."""

import json
import zipfile

import pandas as pd
import pytest
from bridge import PAGE, ROWS, jsonl
from conftest import as_docx, as_rtf, read_bytes

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, read_articles
from analysis.gather.drafts import LONGEST, Tally, complete
from analysis.gather.problems import BadArticle


def test_a_folder_is_an_outlet_and_a_name_may_be_a_date(tmp_path):
    named = ("Tarn Post/2021-03-01.txt", "Le Passeur/2021/03/01.txt", "Le Passeur/one.txt")
    for place in (*named, "Oru/2.3.2021.txt"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(PAGE.replace("14.03.2014", ""), "utf-8")
    articles = read_articles(tmp_path)
    assert articles[["id", "outlet", "date"]].values.tolist() == [
        ["01", "Le Passeur", "2021-03-01"],
        ["2.3.2021", "Oru", "2021-03-02"],
        ["2021-03-01", "Tarn Post", "2021-03-01"],
        ["one", "Le Passeur", ""],
    ]
    notes = " ".join(articles.attrs["notes"])
    assert (
        "The folder is the outlet of 4 articles: Le Passeur (2), Oru (1), Tarn Post (1)." in notes
    )
    assert "The file's name gives the date of 3 articles." in notes


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


def test_ids_are_made_from_content_and_do_not_depend_on_order(tmp_path):
    rows = [{k: v for k, v in row.items() if k != "id"} for row in ROWS]
    one = read_articles(jsonl(tmp_path / "a.jsonl", rows))
    other = read_articles(jsonl(tmp_path / "a.jsonl", rows[::-1]))
    pd.testing.assert_frame_equal(one, other)
    assert one["id"].str.fullmatch(r"a-[0-9a-f]{12}").all()


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


def _told_of(drafts):
    tally = Tally()
    assert complete(drafts, tally) == []
    return tally.problems


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.jsonl", "a.docx", "a.rtf"])
def test_a_text_longer_than_any_article_is_refused(name):
    text = "The quay was closed on Monday. " * (LONGEST // 30)
    files = {
        "html": f"<html><body><p>{text}</p></body></html>",
        "csv": f"outlet,text\nOru,{text}\n",
        "jsonl": json.dumps({"outlet": "Oru", "text": text}),
        "docx": as_docx([text]),
        "rtf": as_rtf([text]),
    }
    found = read_bytes(files.get(name.partition(".")[2], text), name)
    (problem,) = [f for f in found if isinstance(f, BadArticle)] or _told_of(found)
    assert "more than 1,000,000 characters" in str(problem)
