"""Sizes of the pages and seconds of a report: `python tests/benchmarks/bench_report.py`.

The bundled corpus twice (the second run is the warm one), then a thousand articles: those of
../shared where they are at hand, else invented ones of as many different words.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import analysis
from analysis.report.explorer import explorer_data
from analysis.report.run import build_report

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SAMPLE = SHARED / "corpora" / "news-sample.parquet"
ARTICLES = 1000


def thousand() -> tuple[str, pd.DataFrame]:
    """A thousand articles, and what they are."""
    if SAMPLE.is_file():
        table = pd.read_parquet(SAMPLE)
        common = table["outlet"].value_counts().index[:20]
        table = table[table["outlet"].isin(common)].head(ARTICLES)
        table = table.assign(agency="", collection="").fillna("")
        return "1,000 articles of 20 outlets", table
    rng = np.random.default_rng(1)
    words = np.array([f"w{i}" for i in range(60_000)])
    share = 1 / np.arange(1, len(words) + 1)
    texts = [" ".join(rng.choice(words, 600, p=share / share.sum())) for _ in range(ARTICLES)]
    table = pd.DataFrame({"id": [f"{i:04}" for i in range(ARTICLES)], "text": texts})
    table["outlet"] = [f"Outlet {i % 20}" for i in range(ARTICLES)]
    return "1,000 invented articles", table.assign(
        date="", title="", url="", agency="", collection=""
    )


def timed(name: str, corpus: str | Path, out: Path) -> None:
    start = time.perf_counter()
    pages = build_report(corpus, out, progress=False)
    seconds = time.perf_counter() - start
    print(f"{name}: {seconds:.1f} s")
    for page in pages:
        print(f"  {page.name:24} {page.stat().st_size / 1e6:6.2f} MB")


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        timed("bundled, cold", "crimea-2014", folder / "reports")
        timed("bundled, warm", "crimea-2014", folder / "reports")
        name, articles = thousand()
        measures = analysis.measure_articles(articles)
        analysis.write_measures(measures, folder / "thousand")
        timed(name, folder / "thousand", folder / "large")
        articles.to_parquet(folder / "thousand.articles.parquet")
        timed(f"{name}, text at hand", folder / "thousand", folder / "large")
        data = explorer_data(measures)
        print(f"  terms in the explorer: {len(data['terms']):,}. {data['limit']}")


if __name__ == "__main__":
    main()
