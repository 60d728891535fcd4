"""What strict comparison does not see: cells never run, and notebooks that are not thin."""

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis.data import DATA

NOTEBOOKS = sorted((DATA.parent / "notebooks").glob("*.ipynb"))
LONGEST = 15  # lines of a code cell: a question, one call, the table or picture


def code_cells(path: Path) -> list[Any]:
    notebook = json.loads(path.read_text("utf-8"))
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def source(cell: Any) -> str:
    return "".join(cell["source"])


@pytest.fixture(params=NOTEBOOKS, ids=[p.stem for p in NOTEBOOKS])
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_the_seven_notebooks_are_there() -> None:
    names = ["00-corpus", "01-story", "02-vocabulary", "03-voices", "04-names-and-themes"]
    names += ["05-similarity", "06-robustness"]
    assert [p.stem for p in NOTEBOOKS] == names


def test_every_cell_was_run_once_from_top_to_bottom(path: Path) -> None:
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


def test_no_output_is_an_error_or_a_warning(path: Path) -> None:
    for cell in code_cells(path):
        for output in cell["outputs"]:
            assert output["output_type"] in ("display_data", "execute_result"), source(cell)


def test_the_notebook_asks_and_the_package_answers(path: Path) -> None:
    for cell in code_cells(path):
        tree = ast.parse(source(cell))
        definitions = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try)
        assert not any(isinstance(node, definitions) for node in ast.walk(tree)), source(cell)
        assert len(source(cell).splitlines()) <= LONGEST, source(cell)


def test_it_starts_with_a_question_and_the_parameters(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    first, second = notebook.cells[:2]
    assert first.source.startswith("# ") and "?" in first.source
    assert second.source.startswith('CORPUS = "crimea-2014"')
    assert second.metadata.tags == ["parameters"]


def test_nothing_of_the_machine_or_the_hour_is_kept(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "iopub" not in text and "papermill" not in text
    assert "application/vnd.jupyter.widget" not in text


def test_every_notebook_ends_with_what_it_does_not_show(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    prose = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    assert "not show" in prose[-1].splitlines()[0] or "not show" in prose[-1]
