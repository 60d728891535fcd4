"""The report: whole, the same every time, self-contained, and never half-written."""

import html.parser
import os
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from conftest import HOSTILE, HOSTILE_ADDRESS, invented_notebook, named, unsqueezed

from analysis.errors import AnalysisError
from analysis.report import run as export
from analysis.report.run import build_report, packed


class Elements(html.parser.HTMLParser):
    """Every tag of a page with its attributes, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def notebook_in(folder: Path, *cells: str) -> Path:
    folder.mkdir(exist_ok=True)
    nbformat.write(invented_notebook(*cells), folder / "00-harbour.ipynb")
    return folder


def test_one_page_a_notebook_and_an_index(hostile_report):
    names = ["index.html", "00-harbour.html", "01-words.html"]
    names += ["explorer.html", "compare.html", "articles.html"]
    assert [p.name for p in hostile_report] == names
    assert sorted(hostile_report[0].parent.iterdir()) == sorted(hostile_report)


def test_pages_refer_to_nothing_but_each_other_and_the_articles(hostile_report):
    """What the browser test sees at work, read off the source: no address is loaded."""
    loading = {"src", "srcset", "poster", "data", "background", "action", "formaction"}
    for page in hostile_report:
        for tag, attributes in Elements(page.read_text(encoding="utf-8")).found:
            assert tag not in {"link", "iframe", "object", "embed", "base"}, page.name
            for name in loading & attributes.keys():
                assert attributes[name].startswith("data:"), (page.name, tag, name)


def explorer_data(page: Path) -> dict:
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(r'<script id="held"[^>]*>(.*?)</script>', text)
    return unsqueezed(found)


def test_links_between_pages_lead_somewhere(hostile_report):
    known = set(explorer_data(named(hostile_report))["terms"])
    pages = {p.name: Elements(p.read_text(encoding="utf-8")).found for p in hostile_report}
    ids = {name: [a["id"] for _, a in tags if "id" in a] for name, tags in pages.items()}
    for name, tags in pages.items():
        assert len(ids[name]) == len(set(ids[name])), f"{name} has an id twice"
        for tag, attributes in tags:
            href = attributes.get("href")
            if tag == "a" and not href.startswith("https://news.example/"):
                file, _, anchor = href.partition("#")
                assert file in pages or file == ""
                if anchor.startswith("term="):
                    assert unquote(anchor[5:]) in known and (file or name) == "explorer.html"
                else:
                    assert not anchor or anchor in ids[file or name]


def test_strings_of_the_corpus_make_no_elements(hostile_report):
    for page in hostile_report:
        for tag, attributes in Elements(page.read_text(encoding="utf-8")).found:
            assert not any(a.startswith("on") for a in attributes), page.name
            if tag == "script":
                assert attributes == {} or attributes["type"] == "text/plain"
            if tag == "img":
                assert attributes["src"].startswith("data:")
            assert not (attributes.get("href") or "").startswith("javascript")
            assert "javascript" not in (attributes.get("xlink:href") or "")
        text = page.read_text(encoding="utf-8")
        assert text.count("<script") == text.count("</script")
        assert text.count("</svg>") == text.count("<svg ")
        assert "<b onclick" not in text


def test_questions_and_numbers_are_on_the_index(hostile_report):
    index = hostile_report[0].read_text(encoding="utf-8")
    assert "12 articles of 7 outlets, 2031-05-01 to 2031-05-12" in index
    assert "1 of 12 articles have no date" in index
    assert "Who wrote of the <em>pier</em>" in index
    assert "What this report does not show" in index


def test_two_runs_give_the_same_bytes(hostile_report, hostile_corpus, hostile_notebooks, tmp_path):
    out = tmp_path / "again"
    build_report(hostile_corpus, out, notebooks=hostile_notebooks, progress=False, workers=1)
    assert contents(out) == contents(hostile_report[0].parent)


def test_corpus_may_be_a_relative_path(hostile_corpus, tmp_path, monkeypatch):
    notebooks = notebook_in(
        tmp_path / "n", "import analysis", "len(analysis.open_measures(CORPUS).articles)"
    )
    monkeypatch.chdir(hostile_corpus.parent)
    pages = build_report("corpus", tmp_path / "r", notebooks=notebooks, progress=False)
    page = pages[1].read_text(encoding="utf-8")
    assert '<pre class="output">12</pre>' in page
    assert "<span class=\"s1\">'corpus'</span>" in page


def test_failing_cell_is_named_and_the_old_report_stays(hostile_corpus, tmp_path):
    out = tmp_path / "reports"
    good = notebook_in(tmp_path / "good", "1 + 1")
    build_report(hostile_corpus, out, notebooks=good, progress=False)
    before = contents(out)
    bad = notebook_in(tmp_path / "bad", "1 + 1", "pier = {}\npier['length']")
    with pytest.raises(AnalysisError, match=r"00-harbour.ipynb.*pier = \{\}.*KeyError: 'length'"):
        build_report(hostile_corpus, out, notebooks=bad, progress=False)
    assert contents(out) == before
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_failure_while_writing_leaves_the_old_report(hostile_corpus, tmp_path, monkeypatch):
    out = tmp_path / "reports"
    notebooks = notebook_in(tmp_path / "n", "1 + 1")
    build_report(hostile_corpus, out, notebooks=notebooks, progress=False)
    before = contents(out)

    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(export, "notebook_page", full_disk)
    with pytest.raises(OSError, match="No space"):
        build_report(hostile_corpus, out, notebooks=notebooks, progress=False)
    assert contents(out) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["n", "reports"]


def test_folder_with_other_things_is_left_alone(hostile_corpus, tmp_path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.html").write_text("<p>My own</p>")
    with pytest.raises(AnalysisError, match="chapter"):
        build_report(hostile_corpus, out, notebooks=tmp_path, progress=False)
    assert contents(out) == {"chapter.html": b"<p>My own</p>"}


@pytest.mark.parametrize(
    "name, text, message",
    [
        (None, None, "no notebook"),
        ("00.ipynb", "{", "not a notebook"),
        (
            "index.ipynb",
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "index",
        ),
    ],
)
def test_notebooks_that_cannot_be_used(hostile_corpus, tmp_path, name, text, message):
    if name:
        (tmp_path / name).write_text(text)
    with pytest.raises(AnalysisError, match=message):
        build_report(hostile_corpus, tmp_path / "r", notebooks=tmp_path, progress=False)


def test_unknown_corpus_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(AnalysisError, match="Unknown corpus"):
        build_report("no-such-corpus", tmp_path / "r", notebooks=tmp_path)


def test_hostile_strings_are_on_the_page_as_text(hostile_report):
    """The other tests would pass on an empty page."""
    page = html.unescape(hostile_report[1].read_text(encoding="utf-8"))
    for text in HOSTILE:
        assert " ".join(text.split()) in page


def test_addresses_that_are_not_of_the_web_are_no_links(hostile_report):
    data = explorer_data(named(hostile_report))
    addresses = [url for _, _, _, url, _, _ in data["articles"]]
    assert addresses.count("") == 1 and all(not u or u.startswith("https:") for u in addresses)
    page = hostile_report[1].read_text(encoding="utf-8")
    assert HOSTILE_ADDRESS not in html.unescape(" ".join(re.findall('href="[^"]*"', page)))
    assert page.count('href="https://news.example/') == 9  # of the ten rows on display


def test_terms_of_tables_and_pictures_lead_into_the_explorer(hostile_report):
    found = Elements(hostile_report[1].read_text(encoding="utf-8")).found
    links = [a["href"] for tag, a in found if tag == "a" and "#term=" in (a.get("href") or "")]
    terms = set(explorer_data(named(hostile_report))["terms"])
    assert {unquote(link.partition("=")[2]) for link in links} == terms
    assert ("svg", "group") in [(tag, a.get("role")) for tag, a in found]


def test_a_report_is_packed_with_the_same_bytes_and_over_nothing_else(
    hostile_report: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "report"
    shutil.copytree(hostile_report[0].parent, folder)
    pages = [folder / page.name for page in hostile_report]
    first = packed(pages).read_bytes()
    assert packed(pages[::-1]).read_bytes() == first
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.read("report/index.html") == hostile_report[0].read_bytes()
    with zipfile.ZipFile(tmp_path / "report.zip", "w") as archive:
        archive.writestr("thesis.txt", "mine")
    with pytest.raises(AnalysisError, match=r"report\.zip"):
        packed(pages)
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.read("thesis.txt") == b"mine"


def test_folders_are_readable_by_others(hostile_report):
    if os.name == "posix":
        assert hostile_report[0].parent.stat().st_mode & 0o777 == 0o755
