"""How gathering and measuring grow with the number of articles: seconds, CPU, memory, bytes.

Each stage is a command of its own with an empty cache; memory is the largest of its processes.
Beside them scikit-learn's CountVectorizer and TfidfTransformer on the same texts, and how each
grows: the slope of seconds on articles, both in logarithms. Then the largest number measured by
one process, by two workers of a Dask cluster, and by two of which one is killed halfway, and
whether all three wrote the same bytes.

Run: python tests/benchmarks/bench_scale.py [NUMBER OF ARTICLES …]
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
NEWS = ROOT.parent / "shared/corpora/news-sample.parquet"
SCIKIT_LEARN = """
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
texts = pd.read_parquet("a.parquet")["text"]
TfidfTransformer().fit_transform(CountVectorizer().fit_transform(texts))
"""
ALONE = "import os; os.cpu_count = lambda: 1; from analysis.__main__ import app; app()"
OURS = ["-m", "analysis"]
STAGES = {
    "gather": ([*OURS, "gather", "in.jsonl", "--out", "a.parquet"], "a.parquet"),
    "scikit-learn": (["-c", SCIKIT_LEARN], ""),
    "measure": ([*OURS, "measure", "a.parquet", "--out", "m"], "m"),
    "measure again": ([*OURS, "measure", "a.parquet", "--out", "again"], "again"),
    "validate": ([*OURS, "validate", "m"], "m"),
}
MEASURE = ["measure", "a.parquet", "--out"]


def main() -> None:
    if not NEWS.is_file():
        sys.exit("skipped: needs ../shared/corpora/news-sample.parquet")
    news = pd.read_parquet(NEWS).fillna("").sort_values("id")
    sizes = sorted(map(int, sys.argv[1:] or ("1000", "10000")))
    if sizes[-1] > len(news):
        sys.exit(f"skipped: {sizes[-1]:,} articles, as there are {len(news):,}")
    print(f"{'articles':>8}  {'stage':14}{'s':>7}{'CPU s':>7}{'MB/s':>7}{'GB':>6}{'MB out':>8}")
    took: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for size in sizes:
        part = news.sample(size, random_state=1)
        megabytes = part["text"].str.encode("utf-8").str.len().sum() / 1e6
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            part.to_json(folder / "in.jsonl", orient="records", lines=True)
            for stage, (command, made) in STAGES.items():
                seconds, cpu, memory = timed(command, folder)
                took[stage].append(seconds)
                rate, out = megabytes / seconds, size_of(folder / made) if made else 0
                cells = f"{seconds:>7.1f}{cpu:>7.1f}{rate:>7.2f}{memory:>6.2f}{out:>8.1f}"
                print(f"{size:>8,}  {stage:14}{cells}", flush=True)
            if size == sizes[-1]:
                on_a_cluster(folder)
    for stage, seconds in took.items() if len(sizes) > 1 else ():
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"{stage:14} grows with articles to the power of {slope:.2f}")


def size_of(made: Path) -> float:
    files = made.iterdir() if made.is_dir() else [made]
    return sum(f.stat().st_size for f in files) / 1e6


def timed(command: list[str], folder: Path, cache: str = "cache") -> tuple[float, float, float]:
    """Seconds and CPU seconds of a command, and gigabytes of the largest of its processes."""
    start = time.perf_counter()
    if (child := os.fork()) == 0:
        os.chdir(folder)
        os.environ |= {"COMPARE_COVERAGE_CACHE": str(folder / cache), "PYTHONPATH": str(ROOT)}
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(sys.executable, [sys.executable, *command])
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    cpu = used.ru_utime + used.ru_stime
    return time.perf_counter() - start, cpu, used.ru_maxrss / 1e6


def on_a_cluster(folder: Path) -> None:
    """One process, two workers, and two of which one is killed halfway: seconds and bytes."""
    alone = timed(["-c", ALONE, *MEASURE, "one"], folder, "cache-one")[0]
    print(f"one process: {alone:.1f} s")
    halfway = 0.0
    for name in ("two", "killed"):
        with cluster(folder) as (address, workers):
            killer = threading.Timer(halfway, workers[0].kill)
            if halfway:
                killer.start()
            asked = [*OURS, *MEASURE, name, "--scheduler", address]
            seconds = timed(asked, folder, f"cache-{name}")[0]
            killer.cancel()
            died = workers[0].poll() is not None
        halfway = seconds / 2
        same = hashes(folder / name) == hashes(folder / "one")
        told = f"two Dask workers, one killed: {died}" if name == "killed" else "two Dask workers"
        print(f"{told}: {seconds:.1f} s, {alone / seconds:.2f} times as fast; same bytes: {same}")


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a Dask scheduler of this machine, and its two workers."""
    file, started = folder / "scheduler.json", []
    file.unlink(missing_ok=True)
    told = ["--host", "127.0.0.1", "--no-dashboard"]
    dask = {
        kind: [sys.executable, "-m", f"distributed.cli.dask_{kind}"]
        for kind in ("scheduler", "worker")
    }
    quiet = {"env": os.environ | {"PYTHONPATH": str(ROOT)}, "stderr": subprocess.DEVNULL}
    try:
        scheduler = [*dask["scheduler"], "--port", "0", "--scheduler-file", str(file), *told]
        started.append(subprocess.Popen(scheduler, cwd=folder, **quiet))  # type: ignore[call-overload]
        deadline = time.monotonic() + 60
        while not (file.is_file() and file.stat().st_size):
            if time.monotonic() > deadline:
                sys.exit("no scheduler within a minute")
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        worker = [*dask["worker"], address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        for number in range(2):
            own = [*worker, "--local-directory", str(folder / f"worker-{number}")]
            started.append(subprocess.Popen(own, cwd=folder, **quiet))  # type: ignore[call-overload]
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


if __name__ == "__main__":
    main()
