"""Files are found in folders, read by what they hold, and named where they cannot be read."""

import os
import zipfile

import pytest

from analysis.errors import AnalysisError
from analysis.gather.articles import gather, read_articles
from analysis.gather.drafts import Options, Source
from analysis.gather.sources import LARGEST, PassedOver, find, kind_of, read_file

TEXT = "The ferry to Osk is late again. Nobody on the quay knows why.\n"


def names(folder, **options):
    return [name for _, name, _ in find([folder], **options)]


def test_the_files_of_a_page_saved_whole_are_no_articles(tmp_path):
    for name in (
        "One.html",
        "One_files/ad.html",
        "Zwei.htm",
        "Zwei-Dateien/frame.html",
        "Tres_archivos/real.html",
        ".hidden/a.html",
        "~lock.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    assert names(tmp_path) == ["One.html", "Tres_archivos/real.html", "Zwei.htm"]


def test_metadata_is_set_aside_and_names_stand_below_the_folder(tmp_path):
    (tmp_path / "Alpha").mkdir()
    (tmp_path / "Alpha" / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "meta.csv").write_text("file,outlet\n", "utf-8")
    assert names(tmp_path, aside=tmp_path / "meta.csv") == ["Alpha/a.txt"]
    assert next(find(tmp_path / "Alpha" / "a.txt"))[1:] == ("a.txt", True)


def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = [next(iter(read_file(path, name, Options()))) for path, name, _ in find(tmp_path)]
    assert [str(f).split(" that")[0].split(" (")[0] for f in found] == [
        "gone.txt: the file cannot be opened",
        "pipe.txt: a pipe, socket or device, not a file",
        "zero.txt: a pipe, socket or device, not a file",
    ]


def test_a_file_that_is_too_large_is_not_loaded(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    (found,) = read_file(path, path.name, Options())
    assert "more than 2,147,483,648. Cut it" in str(found)


def test_what_a_folder_holds_besides_is_named_and_no_fault(tmp_path):
    (tmp_path / "one.txt").write_text(TEXT, "utf-8")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "style.css").write_text("p {}", "utf-8")
    found = gather([tmp_path])
    assert list(found.problems["file"]) == ["logo.png", "style.css"]
    assert set(found.problems["outcome"]) == {"passed over"}
    assert found.problems["received"][0] == "the file is a PNG picture."
    with pytest.raises(AnalysisError, match=r"logo\.png: the file is a PNG picture"):
        read_articles(tmp_path / "logo.png")


def test_a_file_of_no_kind_says_what_can_be_read():
    with pytest.raises(PassedOver, match=r"a\.bin: of no kind .* saved pages"):
        kind_of(Source("a.bin", b"\x00\x01"))


def test_a_page_that_names_a_part_of_itself_as_databases_do_is_a_page(tmp_path):
    said = "<p>The ferry of Oru left the quay at noon, said the harbour master.</p>" * 3
    page = (
        f'<html><body><div id="article-content"><h1>Ferry leaves Oru</h1>{said}</div></body></html>'
    )
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert len(gather([tmp_path]).articles) == 1


def test_a_file_of_which_nothing_comes_is_named(tmp_path):
    (tmp_path / "a.html").write_text("<html><title>Factiva</title><p>None.</p></html>", "utf-8")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(".hidden.txt", "The ferry left.")
    (tmp_path / "c.txt").write_text("The ferry of Oru left the quay at noon, it was said.", "utf-8")
    found = gather([tmp_path], skip_bad=True)
    assert list(found.problems["file"]) == ["a.html", "b.zip"]
    assert found.problems["received"].str.contains("no article was found in it").all()
