"""Notebooks run: in this Python, with nothing of each other, and once where nothing has changed."""

import json
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import invented_notebook

from analysis import cache
from analysis.errors import AnalysisError
from analysis.report import execution
from analysis.report.execution import executed


def run(*paths: Path, corpus: Path, workers: int = 1) -> list[nbformat.NotebookNode]:
    return executed([*paths], corpus, progress=False, workers=workers)


def written(folder: Path, name: str, *cells: str) -> Path:
    folder.mkdir(exist_ok=True)
    nbformat.write(invented_notebook(*cells), folder / name)
    return folder / name


def shown(notebook: nbformat.NotebookNode) -> list[str]:
    """What its cells returned."""
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    return [o.data["text/plain"] for o in outputs if o.output_type == "execute_result"]


def test_runs_in_this_python_whatever_the_machine_has(hostile_corpus, tmp_path, monkeypatch):
    """A kernel named python3 that cannot start, and settings that would break everything."""
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    broken = {"argv": ["/no/such/python"], "display_name": "x", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(broken))
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise SystemExit('the user\\'s own')\nprint('leaked')")
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "jupyter_config.py").write_text("raise RuntimeError")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(settings))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    path = written(tmp_path / "n", "00.ipynb", "import sys\nassert sys.executable\nsys.prefix")
    (notebook,) = run(path, corpus=hostile_corpus)
    assert shown(notebook) == [repr(sys.prefix)]
    assert "leaked" not in str(notebook)


def test_the_corpus_is_given_behind_the_cell_of_parameters(hostile_corpus, tmp_path):
    path = written(tmp_path / "n", "00.ipynb", "CORPUS")
    (notebook,) = run(path, corpus=hostile_corpus)
    assert shown(notebook) == [repr(str(hostile_corpus))]
    assert [c.cell_type for c in notebook.cells] == ["markdown", *["code"] * 3]


def test_the_cell_that_failed_is_counted_as_its_author_counts(hostile_corpus, tmp_path):
    path = written(tmp_path / "n", "00.ipynb", "1 + 1", "1 / 0", "2 + 2")
    with pytest.raises(AnalysisError, match=r"00.ipynb, code cell 3 \(1 / 0\): ZeroDivisionError"):
        run(path, corpus=hostile_corpus)


def test_a_kernel_that_is_killed_is_said(hostile_corpus, tmp_path):
    path = written(tmp_path / "n", "00.ipynb", "import os\nos._exit(9)")
    with pytest.raises(AnalysisError, match="the Python that ran it was stopped"):
        run(path, corpus=hostile_corpus)


def test_one_s_own_share_no_setting_and_run_each_time(hostile_corpus, tmp_path):
    there = tmp_path / "n" / "there.txt"
    first = "import pandas as pd\npd.set_option('display.precision', 2)\n"
    first += f"name = 1\nopen({str(there)!r}, 'a').write('x')"
    second = "import pandas as pd\npd.get_option('display.precision'), 'name' in dir()"
    paths = [
        written(tmp_path / "n", "00.ipynb", second),
        written(tmp_path / "n", "01.ipynb", first),  # the last one runs first
    ]
    for times in (1, 2):
        assert shown(run(*paths, corpus=hostile_corpus)[0]) == ["(6, False)"]
        assert there.read_text() == "x" * times


@pytest.fixture
def ours(tmp_path, monkeypatch):
    """Two notebooks that stand for the project's own; the second counts its runs."""
    folder = tmp_path / "ours"
    counted = (
        "import matplotlib.pyplot as plt\nplt.figure()\nname = 1\nopen('runs', 'a').write('x')"
    )
    asked = "import os, matplotlib.pyplot as plt\n"
    asked += "'name' in dir(), plt.get_fignums(), os.path.basename(os.getcwd())"
    paths = [written(folder, "00.ipynb", asked), written(folder, "01.ipynb", counted)]
    monkeypatch.setattr(execution, "NOTEBOOKS", folder)
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return paths


def test_the_project_s_own_share_a_kernel_but_no_names(ours, hostile_corpus):
    assert shown(run(*ours, corpus=hostile_corpus)[0]) == ["(False, [], 'ours')"]


def test_what_ran_before_is_kept_until_something_changes(ours, hostile_corpus, tmp_path):
    runs = ours[0].parent / "runs"
    before = run(*ours, corpus=hostile_corpus)
    assert run(*ours, corpus=hostile_corpus) == before
    assert runs.read_text() == "x"
    again = tmp_path / hostile_corpus.name
    again.mkdir()
    for path in hostile_corpus.iterdir():
        (again / path.name).write_bytes(path.read_bytes())
    assert run(*ours, corpus=again) == before
    (again / "mine.toml").write_text("")
    run(*ours, corpus=again)
    assert runs.read_text() == "xx"
    written(ours[0].parent, "01.ipynb", "open('runs', 'a').write('y')")
    run(*ours, corpus=again)
    assert runs.read_text() == "xxy"


def test_a_stopped_run_goes_on_where_it_was(ours, hostile_corpus):
    good = ours[0].read_bytes()
    written(ours[0].parent, "00.ipynb", "1 / 0")
    with pytest.raises(AnalysisError, match="ZeroDivisionError"):
        run(*ours, corpus=hostile_corpus)
    ours[0].write_bytes(good)
    run(*ours, corpus=hostile_corpus)
    assert (ours[0].parent / "runs").read_text() == "x"


def test_texts_that_are_there_now_are_read(ours, hostile_corpus, tmp_path, monkeypatch):
    asked = execution._contents(hostile_corpus)
    texts = tmp_path / "texts.parquet"
    texts.write_bytes(b"")
    monkeypatch.setattr(execution, "place_of_texts", lambda folder: texts)
    assert execution._contents(hostile_corpus) == [*asked, execution._contents(hostile_corpus)[-1]]
