"""Notebooks executed on a corpus, in this kind of Python, each with the names of no other."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_output
from tqdm.auto import tqdm
from traitlets import Type
from traitlets.config import Config

from analysis import cache
from analysis.data import NOTEBOOKS
from analysis.errors import AnalysisError
from analysis.measure.evidence import place_of_texts
from analysis.report.addresses import EXPORT_VARIABLE

_CHILD = [sys.executable, "-c", "from analysis.report.execution import serve; serve()"]


def executed(
    paths: list[Path], corpus: Path, *, progress: bool, workers: int | None
) -> list[nbformat.NotebookNode]:
    """The notebooks with their outputs; where one fails the others are stopped.

    The project's own ask for nothing but the corpus: what they answered once is kept, and one
    process runs several of them. A notebook of somebody's own may ask and set anything: it runs
    each time, in a process of its own.
    """
    are_ours = all(path.parent == NOTEBOOKS.resolve() for path in paths)
    asked = ["notebook", corpus.name, _contents(corpus)] if are_ours else []
    idle: list[subprocess.Popen[str]] = []
    started: list[subprocess.Popen[str]] = []
    with (
        tempfile.TemporaryDirectory(prefix="analysis-") as settings,
        ExitStack() as children,
        tqdm(
            total=sum(map(_cells, paths)), desc="Notebooks", unit="cell", disable=not progress
        ) as bar,
        ThreadPoolExecutor(workers or min(len(paths), os.cpu_count() or 1)) as pool,
    ):

        def run(path: Path) -> nbformat.NotebookNode:
            bar.set_postfix_str(path.stem, refresh=False)
            child = idle.pop() if idle else children.enter_context(_child(settings))
            started.append(child)
            notebook = _asked(child, path, corpus, bar)
            if are_ours:
                idle.append(child)
            else:
                child.kill()
            return notebook

        def kept(path: Path) -> nbformat.NotebookNode:
            if not are_ours:
                return run(path)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            place = cache.kept(
                [*asked, digest], lambda p: nbformat.write(run(path), p / "executed.ipynb")
            )
            return nbformat.read(place / "executed.ipynb", as_version=4)

        # The last pages ask most: who begins with them is not left to wait for one of them.
        futures = [pool.submit(kept, path) for path in reversed(paths)]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
        finally:
            for future in futures:
                future.cancel()
            for child in started:
                child.kill()
    return [future.result() for future in reversed(futures)]


def _cells(path: Path) -> int:
    """Cells that are run: those of code, and ours."""
    return 1 + sum(c.cell_type == "code" for c in nbformat.read(path, as_version=4).cells)


def _contents(corpus: Path) -> list[str]:
    """Hashes of all files of a corpus, and of its texts."""
    files = [*sorted(p for p in corpus.rglob("*") if p.is_file()), place_of_texts(corpus)]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path]


def _child(settings: str) -> subprocess.Popen[str]:
    """This interpreter with this package, and no setting of the user's; it runs `serve`."""
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    own = {EXPORT_VARIABLE: "1", "IPYTHONDIR": settings, "PYTHONHASHSEED": "0", "PYTHONPATH": path}
    own |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(_CHILD, env=os.environ | own, encoding="utf-8", **pipes)


def _asked(
    child: subprocess.Popen[str], path: Path, corpus: Path, bar: tqdm
) -> nbformat.NotebookNode:
    """A notebook with its outputs, as a child gives it; a line a cell is its progress."""
    with suppress(BrokenPipeError):  # it has ended: then it gives no line either
        print(json.dumps([str(path), str(corpus)]), file=child.stdin, flush=True)
    for line in child.stdout or ():
        if line.isspace():
            bar.update()
            continue
        done, refused = json.loads(line)
        if refused:
            raise AnalysisError(*refused)
        return nbformat.reads(done, as_version=4)
    raise AnalysisError(
        f"{path.name}: the Python that ran it was stopped.",
        "Most often there was too little memory; try with workers=1.",
    )


# ---------------------------------------------------------------- in the child


class _Returned(DisplayHook):
    """What a cell ends on, as an output of it."""

    def write_output_prompt(self) -> None:
        """No prompt: an output knows its number."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """The value in all its forms."""
        _Shell.add("execute_result", data=format_dict, metadata=md_dict or {})


class _Published(DisplayPublisher):
    """What a cell displays, as an output of it."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        """The value in all its forms."""
        _Shell.add("display_data", data=data, metadata=metadata or {})


class _Shell(InteractiveShell):
    """IPython that keeps what cells show, as a notebook does."""

    displayhook_class = Type(_Returned)
    display_pub_class = Type(_Published)
    outputs: ClassVar[list[nbformat.NotebookNode]]

    @classmethod
    def add(cls, kind: str, **given: Any) -> None:
        """An output; pictures are written in letters."""
        for form, value in given.get("data", {}).items():
            if isinstance(value, bytes):
                given["data"][form] = base64.b64encode(value).decode("ascii")
        cls.outputs.append(new_output(kind, **given))

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window that would have to be kept alive."""


class _Printed(io.TextIOBase):
    """What a cell prints, as an output of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, text: str) -> int:
        if text:
            _Shell.add("stream", name=self.name, text=text)
        return len(text)


def serve() -> None:
    """Run the notebooks that standard input names, one after another, and give their outputs."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # where the programs print that a cell calls
    asked, sys.stdin = sys.stdin, io.StringIO()
    for line in asked:
        path, corpus = json.loads(line)
        notebook = nbformat.read(path, as_version=4)
        refused = None
        try:
            for _ in _run(notebook, Path(path), corpus):
                print(file=answers, flush=True)
        except AnalysisError as error:
            refused = [error.received, error.remedy]
        print(json.dumps([nbformat.writes(notebook), refused]), file=answers, flush=True)


def _run(notebook: nbformat.NotebookNode, path: Path, corpus: str) -> Iterator[None]:
    """Fill the outputs of a notebook's cells, with the corpus given behind its parameters."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    tagged = [c for c in code if "parameters" in c.metadata.get("tags", [])]
    behind = notebook.cells.index(tagged[0]) + 1 if tagged else 0
    given = new_code_cell(f"CORPUS = {corpus!r}", metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(behind, given)
    os.chdir(path.parent)
    _Shell.clear_instance()
    shell = _Shell.instance(config=Config(HistoryManager={"enabled": False}))
    for cell in [c for c in notebook.cells if c.cell_type == "code"]:
        _Shell.outputs = []
        with redirect_stdout(_Printed("stdout")), redirect_stderr(_Printed("stderr")):
            ran = shell.run_cell(cell.source, store_history=True)
        cell.update(outputs=_Shell.outputs, execution_count=ran.execution_count)
        if error := ran.error_before_exec or ran.error_in_exec:
            own = f"code cell {1 + code.index(cell)} ({cell.source.strip().partition(chr(10))[0]})"
            raise AnalysisError(
                f"{path.name}, {own}: {type(error).__name__}: {error}",
                "Open the notebook in JupyterLab with this corpus to look into it.",
            ) from error
        yield
