"""How gathering and measuring grow with the number of articles: seconds, CPU, memory, bytes.

Each stage is a command of its own with an empty cache; memory is the largest of its processes.

Run: python tests/benchmarks/bench_scale.py [NUMBER OF ARTICLES …]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

NEWS = Path(__file__).resolve().parents[3] / "shared/corpora/news-sample.parquet"
STAGES = {
    "gather": ["gather", "in.jsonl", "--out", "a.parquet"],
    "measure": ["measure", "a.parquet", "--out", "m"],
    "measure again": ["measure", "a.parquet", "--out", "again"],
    "validate": ["validate", "m"],
}
MADE = {"gather": "a.parquet", "measure": "m", "measure again": "again", "validate": "m"}


def main() -> None:
    if not NEWS.is_file():
        sys.exit("skipped: needs ../shared/corpora/news-sample.parquet")
    news = pd.read_parquet(NEWS).fillna("").sort_values("id")
    print(f"{'articles':>8}  {'stage':14}{'s':>7}{'CPU s':>7}{'MB/s':>7}{'GB':>6}{'MB out':>8}")
    for size in map(int, sys.argv[1:] or ("1000", "10000")):
        if size > len(news):
            sys.exit(f"skipped: {size:,} articles, as there are {len(news):,}")
        part = news.sample(size, random_state=1)
        megabytes = part["text"].str.encode("utf-8").str.len().sum() / 1e6
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            part.to_json(folder / "in.jsonl", orient="records", lines=True)
            for stage, command in STAGES.items():
                seconds, cpu, memory = timed(command, folder)
                made = folder / MADE[stage]
                files = made.iterdir() if made.is_dir() else [made]
                out = sum(f.stat().st_size for f in files) / 1e6
                rate = megabytes / seconds
                cells = f"{seconds:>7.1f}{cpu:>7.1f}{rate:>7.2f}{memory:>6.2f}{out:>8.1f}"
                print(f"{size:>8,}  {stage:14}{cells}", flush=True)


def timed(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds and CPU seconds of a command, and gigabytes of the largest of its processes."""
    start = time.perf_counter()
    if (child := os.fork()) == 0:
        root = str(Path(__file__).resolve().parents[2])
        os.chdir(folder)
        os.environ |= {"COMPARE_COVERAGE_CACHE": str(folder / "cache"), "PYTHONPATH": root}
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(sys.executable, [sys.executable, "-m", "analysis", *command])
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    cpu = used.ru_utime + used.ru_stime
    return time.perf_counter() - start, cpu, used.ru_maxrss / 1e6


if __name__ == "__main__":
    main()
