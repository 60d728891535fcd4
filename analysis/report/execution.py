"""Notebooks executed on a corpus, in this interpreter, each with the names of no other."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop, run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_code_cell
from tqdm.auto import tqdm

from analysis import cache
from analysis.data import NOTEBOOKS
from analysis.errors import AnalysisError
from analysis.measure.evidence import place_of_texts
from analysis.report.addresses import EXPORT_VARIABLE

# What a notebook finds in a kernel that ran another one before: its own folder, and nothing else.
# Little is garbage before its end: to look for it less often saves a tenth of the time.
_FRESH = """import gc, os, sys
gc.set_threshold(50_000)
os.chdir({folder!r})
if "matplotlib.pyplot" in sys.modules:
    sys.modules["matplotlib.pyplot"].close("all")
get_ipython().reset(new_session=True)"""


def executed(
    paths: list[Path], corpus: Path, *, progress: bool, workers: int | None
) -> list[nbformat.NotebookNode]:
    """The notebooks with their outputs; where one fails the others are stopped.

    The project's own ask for nothing but the corpus: what they answered once is kept, and one
    kernel runs several of them. A notebook of somebody's own may ask and set anything: it runs
    each time, in a kernel of its own.
    """
    are_ours = all(path.parent == NOTEBOOKS.resolve() for path in paths)
    asked = ["notebook", corpus.name, _contents(corpus)] if are_ours else []
    total = sum(_cells(path) for path in paths)
    waiting, done = list(paths), dict[Path, nbformat.NotebookNode]()
    kernels: list[AsyncKernelManager] = []
    with (
        tempfile.TemporaryDirectory(prefix="analysis-") as settings,
        tqdm(total=total, desc="Notebooks", unit="cell", disable=not progress) as bar,
        ThreadPoolExecutor(workers := workers or min(len(paths), os.cpu_count() or 1)) as pool,
    ):
        manager = _kernel_manager(Path(settings), kernels)

        def advance(path: Path, cells: int = 1) -> None:
            with _one_at_a_time:
                bar.set_postfix_str(path.stem, refresh=False)
                bar.update(cells)

        def work() -> None:
            with _Session(manager, corpus, advance) as session:
                while path := _next(waiting):
                    done[path] = session.kept(path, asked) if are_ours else session.run(path)
                    if not are_ours:
                        session.end()

        futures = [pool.submit(work) for _ in range(workers)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future.done() and (error := future.exception()):
                    raise error
        finally:
            waiting.clear()
            for kernel in kernels:
                process = getattr(kernel.provisioner, "process", None)
                if process is not None and process.poll() is None:
                    process.kill()
    return [done[path] for path in paths]


_one_at_a_time = threading.Lock()


def _next(waiting: list[Path]) -> Path | None:
    """The last pages ask most: who begins with them is not left to wait for one of them."""
    with _one_at_a_time:
        return waiting.pop() if waiting else None


def _cells(path: Path) -> int:
    """Cells that are run: those of code, and two of ours."""
    return 2 + sum(c.cell_type == "code" for c in nbformat.read(path, as_version=4).cells)


def _contents(corpus: Path) -> list[str]:
    """Hashes of all files of a corpus, and of its texts."""
    files = [*sorted(p for p in corpus.rglob("*") if p.is_file()), place_of_texts(corpus)]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path]


@dataclass
class _Session:
    """A kernel that runs one notebook after another, started when the first one comes."""

    manager: Callable[[], AsyncKernelManager]
    corpus: Path
    advance: Callable[..., None]
    kernel: AsyncKernelManager | None = None
    client: Any = None

    def __enter__(self) -> _Session:
        self.loop = ensure_event_loop()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.closing(self.loop):  # this thread's, which nobody else would close
            self.end()

    def end(self) -> None:
        """End the kernel, if one runs."""
        if self.client is not None:
            self.client.stop_channels()
        if self.kernel is not None:
            run_sync(self.kernel.shutdown_kernel)(now=True)
        self.kernel = self.client = None

    def kept(self, path: Path, asked: list[Any]) -> nbformat.NotebookNode:
        """A notebook's outputs from the cache, where it ran before."""
        ran: list[nbformat.NotebookNode] = []

        def write(place: Path) -> None:
            ran.append(self.run(path))
            nbformat.write(ran[0], place / "executed.ipynb")

        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        place = cache.kept([*asked, digest], write)
        if not ran:
            self.advance(path, _cells(path))
        return nbformat.read(place / "executed.ipynb", as_version=4)

    def run(self, path: Path) -> nbformat.NotebookNode:
        """A notebook executed, with the corpus as its parameter."""
        notebook = nbformat.read(path, as_version=4)
        tagged = [
            i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])
        ]
        behind = tagged[0] + 1 if tagged else 0
        given = new_code_cell(f"CORPUS = {str(self.corpus)!r}")
        given.metadata["tags"] = ["injected-parameters"]
        notebook.cells.insert(behind, given)
        notebook.cells.insert(0, new_code_cell(_FRESH.format(folder=str(path.parent))))
        self.kernel = self.kernel or self.manager()
        failed: list[int] = []
        runner = NotebookClient(
            notebook,
            km=self.kernel,
            # Not `cwd=`: that changes the directory of this whole process.
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_complete=lambda **_: self.advance(path),
            on_cell_error=lambda cell_index, **_: failed.append(cell_index),
        )
        runner.kc = self.client
        try:
            runner.execute()
        except CellExecutionError as error:
            own = [
                c
                for c in notebook.cells[1 : failed[0] + 1]
                if c.cell_type == "code" and c is not given
            ]
            line = own[-1].source.strip().partition("\n")[0]
            raise AnalysisError(
                f"{path.name}, code cell {len(own)} ({line}): {error.ename}: {error.evalue}",
                "Open the notebook in JupyterLab with this corpus to look into it.",
            ) from error
        except DeadKernelError as error:
            raise AnalysisError(
                f"{path.name}: the Python that ran it was stopped.",
                "Most often there was too little memory; try with workers=1.",
            ) from error
        finally:
            self.client = runner.kc
        del notebook.cells[0]
        return notebook


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
