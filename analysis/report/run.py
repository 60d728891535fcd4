"""A corpus → a folder of pages: an index, one per notebook run on it, and the term explorer."""

import re
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis.data import NOTEBOOKS
from analysis.errors import AnalysisError
from analysis.measure.evidence import texts_beside
from analysis.measure.package import find_corpus
from analysis.report.addresses import EXPLORER, TOOLS
from analysis.report.execution import executed
from analysis.report.explorer import articles_data, explorer_data, pairs_data
from analysis.report.findings import starting_terms
from analysis.report.pages import (
    GENERATOR,
    Page,
    index_page,
    notebook_page,
    read_notebook,
    tool_page,
)
from analysis.report.study import Study, study_of
from analysis.writing import may_replace, replacing


def build_report(
    corpus: str | Path,
    out: str | Path = "reports",
    *,
    called: str = "",
    notebooks: str | Path | Iterable[str | Path] | None = None,
    progress: bool = True,
    workers: int | None = None,
) -> list[Path]:
    """Run the notebooks on a corpus and write one page each, `index.html` and `explorer.html`.

    Parameters
    ----------
    corpus
        A Measures folder, or the name of one of the project's own.
    called
        What a reader would give as `CORPUS`; left out, the name of the corpus's folder.
    out
        Folder of the report. It is written beside its place and moved there whole; an older
        report is replaced, anything else is left alone.
    notebooks
        A folder of notebooks, or their paths; the project's own by default. Each has a cell
        tagged `parameters` that sets `CORPUS`, and runs in its own folder, in this interpreter's
        environment, whatever kernels and settings the machine has.
    progress
        Show a bar that counts cells.
    workers
        Notebooks run at the same time; by default one per core.

    Returns
    -------
    list of Path
        The pages: the index first, the term explorer last. The same corpus gives the same bytes.

    Raises
    ------
    AnalysisError
        Where the corpus or a notebook cannot be read, `out` holds something else, or a cell
        fails; the message names notebook, cell and error, and no page is written.
    """
    target = may_report(out)
    out = Path(out)
    folder = find_corpus(corpus).resolve()
    sources = [read_notebook(path) for path in _notebook_paths(notebooks)]
    pages = [Page(path.stem, notebook) for path, notebook in sources]
    study = study_of(folder)
    with ThreadPoolExecutor(1) as meanwhile:
        asking = meanwhile.submit(_tool_pages, study, pages)
        ran = executed([p for p, _ in sources], folder, progress=progress, workers=workers)
        tools = asking.result()
    files = {
        page.file: notebook_page(study.measures, pages, page, notebook, called or folder.name)
        for page, notebook in zip(pages, ran, strict=True)
    }
    anchors = {file: set(re.findall(r' id="([^"]+)"', html)) for file, html in files.items()}
    files = {"index.html": index_page(study, pages, anchors)} | files | tools
    with replacing(target, _not_report) as scratch:
        scratch.mkdir()
        for file, html in files.items():
            (scratch / file).write_text(html, encoding="utf-8", newline="\n")
    return [out / file for file in files]


def may_report(out: str | Path) -> Path:
    """Where a report may be written; asked before the work (`analysis.writing.may_replace`)."""
    return may_replace(out, _not_report)


def packed(pages: list[Path]) -> Path:
    """The pages of a report as one ``REPORT.zip`` beside its folder: for mail; the same bytes.

    Raises
    ------
    AnalysisError
        Where a file of that name stands there that is no packed report.
    """
    folder = pages[0].resolve().parent
    target = may_replace(folder.with_name(f"{folder.name}.zip"), _not_packed)
    with replacing(target, _not_packed) as scratch, zipfile.ZipFile(scratch, "w") as archive:
        archive.comment = GENERATOR.encode()
        for page in sorted(pages):
            entry = zipfile.ZipInfo(f"{folder.name}/{page.name}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, page.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def _not_packed(path: Path) -> str:
    """Why a file is no report that was packed here; '' where it is one."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if archive.comment == GENERATOR.encode():
                return ""
    return "is no report packed by this tool"


def _tool_pages(study: Study, pages: list[Page]) -> dict[str, str]:
    """The pages on which a reader asks."""
    measures, by = study.measures, study.by
    asked = explorer_data(measures, by, articles=texts_beside(study.folder))
    listed = articles_data(study)
    told = {name: asked[name] for name in ("texts", "notes", "limit")}
    told |= {"starts": starting_terms(study)}
    of = {"held": len(listed["articles"]), "total": listed["total"]}
    return {
        EXPLORER: tool_page(measures, pages, EXPLORER, asked, **told),
        "compare.html": tool_page(measures, pages, "compare.html", pairs_data(study)),
        "articles.html": tool_page(measures, pages, "articles.html", listed, **of),
    }


def _notebook_paths(notebooks: str | Path | Iterable[str | Path] | None) -> list[Path]:
    if notebooks is None or isinstance(notebooks, str | Path):
        notebooks = [notebooks or NOTEBOOKS]
    folders = [Path(path) for path in notebooks]
    paths = [p for f in folders for p in (sorted(f.glob("*.ipynb")) if f.is_dir() else [f])]
    if not paths:
        where = ", ".join(map(str, folders)) or "the list given"
        raise AnalysisError(f"There is no notebook in {where}.", "Give a folder of .ipynb files.")
    stems = [path.stem for path in paths]
    for stem in stems:
        if stems.count(stem) > 1 or f"{stem}.html" in ("index.html", *TOOLS):
            raise AnalysisError(f"More than one page would be called {stem}.html.", "Rename one.")
    return [path.resolve() for path in paths]


def _not_report(out: Path) -> str:
    """Why `out` is not an older report, or empty: '' where it may be replaced."""
    if not out.is_dir():
        return "it is a file"
    other = next((entry.name for entry in sorted(out.iterdir()) if not _is_page(entry)), "")
    return f"it holds {other}, which is no page of a report" * bool(other)


def _is_page(path: Path) -> bool:
    if path.suffix != ".html" or not path.is_file():
        return False
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(2000)
