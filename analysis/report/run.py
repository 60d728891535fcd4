"""A corpus → a folder of pages: an index, one per notebook run on it, and the term explorer."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from tqdm.auto import tqdm

from analysis.data import NOTEBOOKS
from analysis.errors import AnalysisError
from analysis.measure.evidence import texts_beside
from analysis.measure.package import find_corpus
from analysis.report.addresses import EXPLORER, EXPORT_VARIABLE, TOOLS
from analysis.report.articles import articles_data
from analysis.report.explorer import explorer_data
from analysis.report.findings import starting_terms
from analysis.report.pages import (
    GENERATOR,
    Page,
    index_page,
    notebook_page,
    read_notebook,
    tool_page,
)
from analysis.report.pairs import pairs_data
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
    out = Path(out)
    target = may_replace(out, _not_report)
    folder = find_corpus(corpus).resolve()
    sources = [read_notebook(path) for path in _notebook_paths(notebooks)]
    pages = [Page(path.stem, notebook) for path, notebook in sources]
    study = study_of(folder)
    with ThreadPoolExecutor(1) as meanwhile:
        asking = meanwhile.submit(_tool_pages, study, pages)
        executed = _run_all([path for path, _ in sources], folder, progress, workers)
        tools = asking.result()
    files = {
        page.file: notebook_page(study.measures, pages, page, notebook, called or folder.name)
        for page, notebook in zip(pages, executed, strict=True)
    }
    anchors = {file: set(re.findall(r' id="([^"]+)"', html)) for file, html in files.items()}
    files = {"index.html": index_page(study, pages, anchors)} | files | tools
    with replacing(target, _not_report) as scratch:
        scratch.mkdir()
        for file, html in files.items():
            (scratch / file).write_text(html, encoding="utf-8", newline="\n")
    return [out / file for file in files]


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
    listed = articles_data(measures, study.stories)
    told = {"texts": asked["texts"], "notes": asked["notes"], "starts": starting_terms(study)}
    return {
        EXPLORER: tool_page(measures, pages, EXPLORER, asked, **told),
        "compare.html": tool_page(
            measures, pages, "compare.html", pairs_data(measures, study.words, by)
        ),
        "articles.html": tool_page(
            measures,
            pages,
            "articles.html",
            listed,
            held=len(listed["articles"]),
            total=listed["total"],
        ),
    }


def _notebook_paths(notebooks: str | Path | Iterable[str | Path] | None) -> list[Path]:
    if notebooks is None or isinstance(notebooks, str | Path):
        folder = Path(notebooks or NOTEBOOKS)
        paths = sorted(folder.glob("*.ipynb")) if folder.is_dir() else [folder]
        where = str(folder)
    else:
        paths = [Path(path) for path in notebooks]
        where = "the list given"
    if not paths:
        raise AnalysisError(f"There is no notebook in {where}.", "Give a folder of .ipynb files.")
    stems = [path.stem for path in paths]
    for stem in stems:
        if stems.count(stem) > 1 or f"{stem}.html" in ("index.html", *TOOLS):
            raise AnalysisError(f"More than one page would be called {stem}.html.", "Rename one.")
    return [path.resolve() for path in paths]


# ---------------------------------------------------------------- running


def _run_all(
    paths: list[Path], corpus: Path, progress: bool, workers: int | None
) -> list[nbformat.NotebookNode]:
    """The notebooks, executed; where one fails the others are stopped."""
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    cells = sum(1 + [c.cell_type for c in nb.cells].count("code") for nb in notebooks)
    kernels: list[AsyncKernelManager] = []
    with (
        tempfile.TemporaryDirectory(prefix="analysis-") as settings,
        tqdm(total=cells, desc="Notebooks", unit="cell", disable=not progress) as bar,
        ThreadPoolExecutor(workers or min(len(paths), os.cpu_count() or 1)) as pool,
    ):
        manager = _kernel_manager(Path(settings), kernels)
        # The last pages ask most: who begins with them is not left to wait for one of them.
        futures = [pool.submit(_run, path, corpus, manager, bar) for path in reversed(paths)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future.done() and not future.cancelled() and (error := future.exception()):
                    raise error
        finally:
            for future in futures:
                future.cancel()
            for kernel in kernels:
                process = getattr(kernel.provisioner, "process", None)
                if process is not None and process.poll() is None:
                    process.kill()
        return [future.result() for future in reversed(futures)]


def _kernel_manager(settings: Path, started: list[AsyncKernelManager]) -> type[AsyncKernelManager]:
    """A kernel manager that knows one kernel, this interpreter, and no setting of the user's."""
    own = str(settings)
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    spec = KernelSpec(
        argv=[
            *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
            "--IPKernelApp.log_level=CRITICAL",  # else it says that it was told to stop
        ],
        display_name="Python",
        language="python",
        env={
            EXPORT_VARIABLE: "1",
            "IPYTHONDIR": own,
            "JUPYTER_CONFIG_DIR": own,
            "JUPYTER_CONFIG_PATH": own,
            "JUPYTER_NO_CONFIG": "1",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": path,
        },
    )

    class ThisPython(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.connection_file = str(settings / f"{len(started)}.json")
            if os.name == "posix":  # else any program on the machine may listen
                self.transport = "ipc"
            started.append(self)

    return ThisPython


_one_at_a_time = threading.Lock()


def _run(
    path: Path, corpus: Path, manager: type[AsyncKernelManager], bar: Any
) -> nbformat.NotebookNode:
    def advance(**_: Any) -> None:
        with _one_at_a_time:
            bar.set_postfix_str(path.stem, refresh=False)
            bar.update()

    try:
        with contextlib.closing(ensure_event_loop()):  # this thread's, which none else would close
            executed: nbformat.NotebookNode = papermill.execute_notebook(
                str(path),
                None,
                parameters={"CORPUS": str(corpus)},
                kernel_name="python3",
                language="python",
                progress_bar=False,
                # Not `cwd=`: that changes the directory of this whole process.
                resources={"metadata": {"path": str(path.parent)}},
                kernel_manager_class=manager,
                on_cell_complete=advance,
            )
        return executed
    except PapermillExecutionError as error:
        line = error.source.strip().partition("\n")[0]
        raise AnalysisError(
            f"{path.name}, code cell {error.exec_count} ({line}): {error.ename}: {error.evalue}",
            "Open the notebook in JupyterLab with this corpus to look into it.",
        ) from error
    except DeadKernelError as error:
        raise AnalysisError(
            f"{path.name}: the Python that ran it was stopped.",
            "Most often there was too little memory; try with workers=1.",
        ) from error


# ---------------------------------------------------------------- the folder


def _not_report(out: Path) -> str:
    """Why `out` is not an older report, or empty: '' where it may be replaced."""
    if not out.is_dir():
        return "it is a file"
    for entry in sorted(out.iterdir()):
        if not _is_page(entry):
            return f"it holds {entry.name}, which is no page of a report"
    return ""


def _is_page(path: Path) -> bool:
    if path.suffix != ".html" or not path.is_file():
        return False
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(2000)
