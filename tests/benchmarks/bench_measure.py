"""Measuring 12,000 articles with everything that is looked for: seconds and MB/s.

Run: python tests/benchmarks/bench_measure.py
"""

import sys
import time
from pathlib import Path

import pandas as pd

import analysis

NEWS = Path(__file__).resolve().parents[3] / "shared/corpora/news-sample.parquet"


def main() -> None:
    if not NEWS.is_file():
        sys.exit("skipped: needs ../shared/corpora/news-sample.parquet")
    articles = pd.read_parquet(NEWS).fillna("")
    size = articles["text"].str.encode("utf-8").str.len().sum() / 1e6
    start = time.perf_counter()
    measures = analysis.measure_articles(articles)
    seconds = time.perf_counter() - start
    print(f"{len(articles):,} articles, {size:.0f} MB: {seconds:.1f} s, {size / seconds:.2f} MB/s")
    print(f"{len(measures.statements):,} statements, {measures.indicators['count'].sum():,} hits")


if __name__ == "__main__":
    main()
