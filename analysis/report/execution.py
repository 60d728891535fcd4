"""Notebooks executed on a corpus, in this kind of Python, each with the names of no other."""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from analysis import cache
from analysis.data import NOTEBOOKS, mistake
from analysis.measure.evidence import place_of_texts
from analysis.progress import Done, step
from analysis.report.addresses import EXPORT_VARIABLE
from analysis.writing import scratch

_CHILD = [sys.executable, "-c", "from analysis.report.child import serve; serve()"]


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
    root = cache.folder()
    root.mkdir(parents=True, exist_ok=True)
    idle: list[subprocess.Popen[str]] = []
    started: list[subprocess.Popen[str]] = []
    with (
        scratch(root, cache.MAKING) as settings,
        ExitStack() as children,
        step("writing pages", sum(map(_cells, paths)), "cell", shown=progress) as done,
        ThreadPoolExecutor(workers or min(len(paths), os.cpu_count() or 1)) as pool,
    ):

        def run(path: Path) -> nbformat.NotebookNode:
            child = idle.pop() if idle else children.enter_context(_child(settings))
            started.append(child)
            notebook = _asked(child, path, corpus, done)
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


def _child(settings: Path) -> subprocess.Popen[str]:
    """This interpreter with this package, and no setting of the user's; it runs `child.serve`."""
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    own = {
        EXPORT_VARIABLE: "1",
        "IPYTHONDIR": str(settings),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
    }
    own |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(_CHILD, env=os.environ | own, encoding="utf-8", **pipes)


def _asked(
    child: subprocess.Popen[str], path: Path, corpus: Path, done: Done
) -> nbformat.NotebookNode:
    """A notebook with its outputs, the corpus given behind its parameters; a child runs it."""
    notebook = nbformat.read(path, as_version=4)
    tagged = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])]
    given = new_code_cell(f"CORPUS = {str(corpus)!r}", metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(tagged[0] + 1 if tagged else 0, given)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    with suppress(BrokenPipeError):  # it has ended: then it gives no line either
        asked = [str(path.parent), [c.source for c in code]]
        print(json.dumps(asked), file=child.stdin, flush=True)
    ran = 0
    for cell, line in zip(code, child.stdout or (), strict=False):
        said = json.loads(line)
        if "error" in said:
            place = f"code cell {max(ran, 1)} ({cell.source.strip().partition(chr(10))[0]})"
            raise mistake("cell", name=path.name, place=place, error=said["error"])
        cell.update(nbformat.from_dict(said))
        ran += 1
        done(1)
    if ran < len(code):
        raise mistake("cell-stopped", name=path.name)
    return notebook
