"""What keyness must show: agreement with others, indifference to copies, time and memory.

Its tests and intervals are measured in bench_inference.py.

Run ``python tests/benchmarks/bench_keyness.py [CHECK ...]``; without arguments all checks run.
Nothing is asserted. Real articles come from ../shared, which is not part of the project.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import analysis
from analysis.compare.ground import scores
from analysis.compare.ground.inference import Plan
from analysis.compare.usage import uses
from analysis.compare.vocabulary import family_of, keyness
from analysis.measure.measures import Measures

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
_MEASURED: dict[str, Measures] = {}


def news() -> Measures:
    """The 12,000 articles of news-sample, measured."""
    if "news" not in _MEASURED:
        table = pd.read_parquet(SHARED / "corpora" / "news-sample.parquet")
        table = table.astype({c: "str" for c in table.columns}).fillna("")
        _MEASURED["news"] = analysis.measure_articles(table)
    return _MEASURED["news"]


def published() -> Iterator[str]:
    """The published table of Evert (2022), all 702 rows."""
    table = pd.read_csv(SHARED / "gold" / "keyness" / "evert2022_MRSA_keyness.csv")
    f1, f2 = table["f1"].to_numpy(), table["f2"].to_numpy()
    n1, n2, family = 1_177, 341_805, 20_109
    for name, values in (
        ("G2", scores.g2(f1, n1, f2, n2)),
        ("LogRatio", scores.log_ratio(f1, n1, f2, n2)),
        ("LRC", scores.conservative_log_ratio(f1, n1, f2, n2, family)),
    ):
        away = np.abs(values - table[name]).max()
        yield f"{name}: largest difference from the published value {away:.1e}, {len(table)} rows"
    rng = np.random.default_rng(0)
    worst = 0.0
    for y1, y2 in rng.integers(1, 500, (2000, 2)):
        theirs = stats.chi2_contingency(
            [[y1, y2], [90_000 - y1, 60_000 - y2]], correction=False, lambda_="log-likelihood"
        )
        worst = max(worst, abs(theirs.statistic - float(scores.g2(y1, 90_000, y2, 60_000))))
    yield f"G2: largest difference from scipy {worst:.1e}, 2,000 tables"


def copies() -> Iterator[str]:
    """Every article ten times over, each under ten ids."""
    table = pd.read_json(SHARED / "corpora" / "crimea-2014.jsonl", lines=True, dtype=False)
    table = table.fillna("").astype(str)
    tenfold = pd.concat([table.assign(id=table["id"] + f"-{i}") for i in range(10)])
    key = ["target", "reference", "term"]
    figures = ["log_ratio", "log_odds_z", "articles_target", "articles_reference"]
    one, ten = (
        keyness(analysis.measure_articles(t)).set_index(key).sort_index() for t in (table, tenfold)
    )
    keywords = [set(t.index[t["q"] < 0.05]) for t in (one, ten)]
    yield (
        f"keywords {len(keywords[0])} and {len(keywords[1])}, in common "
        f"{len(keywords[0] & keywords[1])}; all scores equal: {one[figures].equals(ten[figures])}"
    )
    yield next(n for n in ten.attrs["notes"] if "exact cop" in n)


def crimea() -> Iterator[str]:
    """All outlets of the bundled corpus against the rest, and its pair."""
    measures = analysis.open_measures("crimea-2014")
    start = time.perf_counter()
    table = family_of(measures)
    yield (
        f"{time.perf_counter() - start:.1f} s, {_peak():.2f} GB; {len(table):,} rows, "
        f"{table['p'].notna().sum():,} tests, {(table['q'] < 0.05).sum()} keywords"
    )


def large() -> Iterator[str]:
    """CNN against the rest of 12,000 articles, terms in 20 articles or more."""
    measures = news()
    before = _peak()
    start = time.perf_counter()
    table = keyness(measures, target="CNN", reference="rest", plan=Plan(least=20))
    yield (
        f"{time.perf_counter() - start:.1f} s, {_peak():.2f} GB ({before:.2f} GB of it reached "
        f"in measuring); {len(table):,} terms, {(table['q'] < 0.05).sum()} keywords"
    )
    start = time.perf_counter()
    frequent = uses(measures.select(outlet="CNN"))
    yield f"uses of CNN: {time.perf_counter() - start:.1f} s, {len(frequent):,} terms"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


CHECKS = {c.__name__: c for c in (published, crimea, copies, large)}

if __name__ == "__main__":
    for name in sys.argv[1:] or CHECKS:
        for line in CHECKS[name]():
            print(f"{name}: {line}", flush=True)
