"""Pages: formulas, code, contents, sections and how to cite them."""

import sys
from pathlib import Path

import nbformat
from conftest import invented_notebook

from analysis.report.pages import Page, notebook_page
from analysis.report.run import build_report


def test_formulas_are_mathml(hostile_report):
    page = hostile_report[1].read_text(encoding="utf-8")
    assert "<mfrac>" in page and "\\frac" not in page


def test_code_is_folded_and_names_no_folder_of_the_machine(hostile_report, hostile_corpus):
    page = hostile_report[1].read_text(encoding="utf-8")
    assert page.count("<summary>The code of this page</summary>") == 1
    assert f"<span class=\"s1\">'{hostile_corpus.name}'</span>" in page
    for path in hostile_report:
        assert str(hostile_corpus) not in path.read_text(encoding="utf-8")
        assert str(Path(sys.prefix)) not in path.read_text(encoding="utf-8")


def test_every_page_says_how_to_cite_it(hostile_report):
    for page in hostile_report:
        assert "How to cite" in page.read_text(encoding="utf-8"), page.name
    assert "“The harbour”, in:" in hostile_report[1].read_text(encoding="utf-8")


def test_method_boxes(hostile_corpus, tmp_path):
    made = invented_notebook("1 + 1")
    box = "> **Method.** The rate is $r$ (Velmar 1999).\n\n> A quotation."
    made.cells.append(nbformat.v4.new_markdown_cell(f"## Rates\n\n{box}"))
    (tmp_path / "n").mkdir()
    nbformat.write(made, tmp_path / "n" / "00.ipynb")
    pages = build_report(hostile_corpus, tmp_path / "r", notebooks=tmp_path / "n", progress=False)
    page = pages[1].read_text(encoding="utf-8")
    assert '<div class="method" role="note">\n<p><strong>Method.</strong>' in page
    assert page.count('class="method"') == 1


def test_sections_of_which_nothing_is_there_are_left_out_and_named(measures):
    def result(html: str) -> nbformat.NotebookNode:
        output = nbformat.v4.new_output("display_data", {"text/html": html})
        return nbformat.v4.new_code_cell("shown", outputs=[output])

    rivals = '<ul class="rivals"><li>Date</li></ul>'
    text = nbformat.v4.new_markdown_cell
    cells = [
        text("# Page"),
        result(f'<div class="claim"><h3 id="found-x">Found</h3>{rivals}</div>'),
    ]
    cells += [result("<figure>picture</figure>"), text("## Weeks\n\nOver time."), result(empty())]
    cells += [text("## Rows\n\nAll."), result(empty()), result("<figure>table</figure>")]
    folded = text("## Copy")
    folded.metadata["tags"] = ["folded"]
    cells += [folded, result(empty()), text("## What this does not show\n\nMuch.")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    page = Page("00-x", notebook)
    html = notebook_page(measures, [page], page, notebook, "x")
    assert "Left out, since these articles have nothing to show there: Weeks and Copy." in html
    assert 'href="#rows"' in html and 'href="#weeks"' not in html and 'id="weeks"' not in html
    assert "What this does not show" in html and html.count("<details") == html.count("</details>")
    # The answer, its picture, and only then what else could explain it.
    assert html.index("Found") < html.index("picture</figure>") < html.index(rivals)


def empty() -> str:
    return '<p class="empty">Rows: none.</p>'
