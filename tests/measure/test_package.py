import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import frictionless
import pandas as pd
import pytest

import analysis
from analysis.errors import AnalysisError
from analysis.measure import package
from analysis.measure.measures import Measures
from analysis.measure.schema import SCHEMA


@pytest.fixture
def folder(measures: Measures, tmp_path: Path) -> Path:
    return analysis.write_measures(measures, tmp_path / "velmar")


def test_written_and_read_back(measures: Measures, folder: Path) -> None:
    again = analysis.open_measures(folder)
    for name in SCHEMA:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(measures, name))
    assert again.package == measures.package


def test_the_folder_is_a_valid_data_package(folder: Path) -> None:
    with frictionless.system.use_context(trusted=True):
        report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["name", "type", "message"]) == []
    assert {task.name for task in report.tasks} == set(SCHEMA)
    (folder / "articles.csv").write_text("id\n", "utf-8")
    with frictionless.system.use_context(trusted=True):
        assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_same_input_same_bytes(articles: pd.DataFrame, folder: Path, tmp_path: Path) -> None:
    shuffled = analysis.measure_articles(articles.sample(frac=1, random_state=3), publish=["stage"])
    other = analysis.write_measures(shuffled, tmp_path / "again")
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", [t.file for t in SCHEMA.values()])
def test_one_changed_byte_names_its_file(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(AnalysisError, match=name.replace(".", r"\.")):
        analysis.open_measures(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "terms.parquet").unlink()
    with pytest.raises(AnalysisError, match=r"terms\.parquet is missing"):
        analysis.open_measures(folder)


def _rewrite(folder: Path, name: str, old: str, new: str) -> None:
    """Change a table and mend its hash, as somebody would who edits by hand."""
    import hashlib

    path = folder / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resource = next(r for r in package["resources"] if r["path"] == name)
    resource["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("velmar-00,", "velmar-01,", "more than one row"),
        ("velmar-00,", "velmar-99,", "is not in articles.csv"),
        (",sentences,", ",lines,", "columns"),
        ("Radio Skerry", "Radio Elsewhere", "is not in outlets.csv"),
    ],
)
def test_a_table_unlike_its_schema_is_refused(
    folder: Path, old: str, new: str, message: str
) -> None:
    _rewrite(folder, "articles.csv", old, new)
    with pytest.raises(AnalysisError, match=message):
        analysis.open_measures(folder)


def test_a_corpus_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="not a Measures folder"):
        analysis.open_measures(tmp_path)
    with pytest.raises(AnalysisError, match="Unknown corpus 'atlantis'"):
        analysis.open_measures("atlantis")


def test_a_folder_of_something_else_is_left_alone(measures: Measures, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(AnalysisError, match="which is no table of measures"):
        analysis.write_measures(measures, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_failed_write_leaves_the_old_folder(
    measures: Measures, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(package, "_arrow", broken)
    with pytest.raises(OSError, match="disk full"):
        analysis.write_measures(measures, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def _write_forever(measures: Measures, folder: Path) -> None:
    while True:
        analysis.write_measures(measures, folder)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and fork")
def test_killed_anywhere_the_old_folder_or_none_is_there(measures: Measures, folder: Path) -> None:
    for delay in (0.01, 0.03, 0.05, 0.08, 0.12, 0.17):
        process = multiprocessing.get_context("fork").Process(
            target=_write_forever, args=(measures, folder)
        )
        process.start()
        time.sleep(delay)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        if folder.exists():
            analysis.open_measures(folder)
    analysis.write_measures(measures, folder)
    analysis.open_measures(folder)
