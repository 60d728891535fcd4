"""Measuring on a Dask cluster: a real scheduler and workers, one of which is killed."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import analysis
from analysis.__main__ import app
from analysis.cache import VARIABLE
from analysis.errors import AnalysisError
from analysis.gather.articles import write_articles
from analysis.measure.cluster import cluster

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed: the extra `distributed` has it."
)

DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]


def started(command: list[str], place: Path) -> subprocess.Popen[bytes]:
    root = str(Path(analysis.__file__).parent.parent)
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PYTHONPATH": path}
    with (place / "log.txt").open("ab") as log:
        return subprocess.Popen(command, cwd=place, env=env, stdout=log, stderr=log)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = started([*DASK, "--port", "0", "--scheduler-file", str(file), *local], tmp_path)
    deadline = time.monotonic() + 60
    while not file.exists() or not file.stat().st_size:
        assert scheduler.poll() is None and time.monotonic() < deadline, "no scheduler"
        time.sleep(0.1)
    address = str(pd.read_json(file, typ="series")["address"])
    # Without a nanny, so that what is killed stays dead.
    each = [*WORKER, address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    own = [["--local-directory", str(tmp_path / f"worker-{i}")] for i in range(2)]
    workers = [started([*each, *place], tmp_path) for place in own]
    try:
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, [*workers, scheduler]
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def made_up(articles: int) -> pd.DataFrame:
    """Articles of an invented port, many enough for a worker to die over them."""
    rng = np.random.default_rng(3)
    names = [f"word{i}" for i in range(2_000)]
    said = "“The harbour is closed,” said Ida Brandt, the mayor of Velmar. "
    texts = [said + " ".join(rng.choice(names, 300)) + "." for _ in range(articles)]
    ids = [f"a{i:04d}" for i in range(articles)]
    return pd.DataFrame({"id": ids, "outlet": "The Lantern", "title": "", "text": texts})


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_a_worker_that_dies_changes_no_byte(
    place: tuple[str, list[subprocess.Popen[bytes]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, workers = place
    made_up(1_500).to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    write_articles(analysis.read_articles(tmp_path / "a.jsonl"), tmp_path / "a.parquet")
    here = CliRunner().invoke(
        app, ["measure", str(tmp_path / "a.parquet"), "--out", str(tmp_path / "here")]
    )
    assert here.exit_code == 0, here.output
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))  # nothing of what was measured here
    sent: list[int] = []

    class Halfway:
        """The cluster, one of whose workers dies with what it has done when the first is back."""

        def __init__(self, executor: Executor) -> None:
            self.executor = executor

        def map(self, measure: Callable[..., Any], parts: list[pd.DataFrame]) -> Iterator[Any]:
            sent.append(len(parts))
            results = self.executor.map(measure, parts)
            first = next(results)
            workers[0].kill()
            workers[0].wait()
            yield first
            yield from results

    with cluster(address) as executor:
        table = analysis.read_articles(tmp_path / "a.parquet")
        there = analysis.measure_articles(table, executor=cast(Executor, Halfway(executor)))
        analysis.write_measures(there, tmp_path / "there")
    assert sent[0] > 2  # so some were still to do, or to do again
    assert workers[0].poll() and workers[1].poll() is None
    assert hashes(tmp_path / "here") == hashes(tmp_path / "there")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "another"))
    command = ["measure", str(tmp_path / "a.parquet"), "--scheduler", address]
    again = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "again")])
    assert again.exit_code == 0, again.output
    assert hashes(tmp_path / "here") == hashes(tmp_path / "again")


def test_a_cluster_that_would_count_otherwise_is_refused(
    place: tuple[str, list[subprocess.Popen[bytes]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, _ = place
    monkeypatch.setattr("analysis.measure.corpus.TOKEN_RULE", "another")
    with pytest.raises(AnalysisError, match="has another version of this tool"), cluster(address):
        pass
    monkeypatch.undo()
    many = ["--nthreads", "2", "--no-nanny", "--no-dashboard"]
    threads = started([*WORKER, address, *many, "--local-directory", str(tmp_path / "3")], tmp_path)
    try:
        deadline = time.monotonic() + 60
        message = ""
        while "several threads" not in message and time.monotonic() < deadline:
            try:
                with cluster(address):
                    time.sleep(0.5)
            except AnalysisError as error:
                message = str(error)
        assert "has several threads. Start it with --nthreads 1." in message
    finally:
        threads.kill()
        threads.wait()


@pytest.mark.parametrize("dead", ["scheduler", "workers"])
def test_a_cluster_that_has_ended_is_said(
    dead: str,
    place: tuple[str, list[subprocess.Popen[bytes]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, workers = place
    with cluster(address) as executor:
        monkeypatch.setattr("analysis.measure.cluster._WAITED", 3)
        results = executor.map(time.sleep, [0, 600, 600])
        assert next(results) is None
        for process in workers[:2] if dead == "workers" else workers[2:]:
            process.kill()
            process.wait()
        with pytest.raises(AnalysisError, match=rf"{dead} .*Start it again, and measure again"):
            next(results)


def test_what_is_lost_is_given_out_again(
    place: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster(place[0]) as executor:
        monkeypatch.setattr("analysis.measure.cluster._WAITED", 1)
        submit, lost = executor.client.submit, []

        class Forgotten:
            def result(self, timeout: float) -> Any:
                raise TimeoutError

        def forgets(*given: Any, **how: Any) -> Any:
            lost.append(given)
            return Forgotten() if len(lost) == 1 else submit(*given, **how)

        monkeypatch.setattr(executor.client, "submit", forgets)
        monkeypatch.setattr(executor.client, "cancel", lambda futures: None)
        assert list(executor.map(abs, [-1, -2])) == [1, 2]
        assert [batch for _, batch in lost] == [-1, -2, -1]


def test_nothing_at_an_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.measure.cluster._WAITED", 2)
    message = "No Dask scheduler answers at 'tcp://127"
    with pytest.raises(AnalysisError, match=message), cluster("tcp://127.0.0.1:9"):
        pass
