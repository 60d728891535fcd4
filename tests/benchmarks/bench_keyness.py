"""What keyness must show: agreement with others, level, power, coverage, time and memory.

Run ``python tests/benchmarks/bench_keyness.py [CHECK ...]``; without arguments all checks run.
Nothing is asserted. Real articles come from ../shared, which is not part of the project.
"""

from __future__ import annotations

import dataclasses
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import analysis
from analysis.compare.ground import inference, scores
from analysis.compare.ground.inference import Plan
from analysis.compare.usage import uses
from analysis.compare.vocabulary import keyness
from analysis.measure.measures import Measures
from analysis.measure.schema import conform

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
_MEASURED: dict[str, Measures] = {}


def news() -> Measures:
    """The 12,000 articles of news-sample, measured."""
    if "news" not in _MEASURED:
        table = pd.read_parquet(SHARED / "corpora" / "news-sample.parquet")
        table = table.astype({c: "str" for c in table.columns}).fillna("")
        _MEASURED["news"] = analysis.measure_articles(table)
    return _MEASURED["news"]


def some_of_one_outlet(number: int) -> Measures:
    """The first `number` articles, by id, of the outlet with most articles."""
    measures = news()
    articles = measures.articles
    most = articles["outlet"].value_counts().index[0]
    return measures.keep(articles.loc[articles["outlet"] == most, "id"].sort_values()[:number])


def halves(measures: Measures, rng: np.random.Generator, size: int | None = None) -> Measures:
    """The articles (or `size` for each half) dealt at random to two outlets, A and B."""
    ids = rng.permutation(measures.articles["id"].to_numpy(object))
    ids = ids if size is None else ids[: 2 * size]
    first = set(ids[: len(ids) // 2])
    kept = measures.keep(ids)
    outlet = np.where(kept.articles["id"].isin(first), "A", "B")
    return dataclasses.replace(kept, articles=kept.articles.assign(outlet=outlet))


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


def level(splits: int = 200, articles: int = 400) -> Iterator[str]:
    """Random halves of one outlet, through `keyness` with its defaults."""
    measures = some_of_one_outlet(articles)
    rng = np.random.default_rng(20)
    shares, naive, false = [], [], []
    for _ in range(splits):
        table = keyness(halves(measures, rng), plan=Plan(bootstraps=2))
        shares.append((table["p"] < 0.05).mean())
        naive.append((scores.g2_p(table["g2"].to_numpy()) < 0.05).mean())
        false.append((table["q"] < 0.05).sum())
    low, high = np.quantile(shares, (0.025, 0.975))
    yield (
        f"{splits} random halves of {articles} articles, {len(table):,} terms in the last: p < .05 "
        f"for {np.mean(shares):.2%} of the terms (95 % of splits {low:.2%} to {high:.2%}); "
        f"by G2 {np.mean(naive):.1%}"
    )
    yield f"false keywords after correction: {np.mean(false):.3f} per split, at most {max(false)}"


def planted(n: int = 30, terms: int = 20, repeats: int = 20) -> Iterator[str]:
    """Words added to real articles at random, three times as often in one half."""
    measures = some_of_one_outlet(1000)
    for base in (0.5, 1.0, 2.0, 4.0):
        rng = np.random.default_rng(30)
        found, others = [], []
        for _ in range(repeats):
            table = keyness(
                _with_planted(halves(measures, rng, n), rng, terms, base), plan=Plan(bootstraps=2)
            )
            keywords = table.loc[table["q"] < 0.05, "term"]
            hit = keywords.str.startswith("planted")
            found.append(hit.sum() / terms)
            others.append((~hit).sum())
        yield (
            f"{terms} words at {base:g} and {3 * base:g} per 1,000, {n} articles a side, "
            f"{repeats} times: {np.mean(found):.1%} found, {np.mean(others):.2f} others"
        )


def _with_planted(
    measures: Measures, rng: np.random.Generator, terms: int, base: float
) -> Measures:
    articles = measures.articles
    rate = np.where(articles["outlet"] == "A", 3 * base, base) / 1000
    counts = rng.poisson((rate * articles["words"].to_numpy())[:, None], (len(articles), terms))
    row, term = np.nonzero(counts)
    added = pd.DataFrame(
        {
            "article": articles["id"].to_numpy()[row],
            "zone": "body",
            "voice": "narrator",
            "side": "",
            "term": [f"planted{t}" for t in term],
            "count": counts[row, term],
        }
    )
    text = measures.terms.astype(dict.fromkeys(["article", "zone", "voice", "side", "term"], str))
    terms_table = conform("terms", pd.concat([text, added], ignore_index=True))
    return dataclasses.replace(measures, terms=terms_table)


def coverage(trials: int = 1000, replicates: int = 1000) -> Iterator[str]:
    """How often the interval holds the true log ratio: lognormal lengths, gamma-Poisson counts."""
    for n in (10, 15, 30, 100):
        for base in (1.0, 4.0):
            rng = np.random.default_rng([40, n, int(base)])
            inside = 0
            for trial in range(trials):
                rates = []
                for name, mean in (("a", 2 * base), ("b", base)):
                    tokens = 50 + rng.lognormal(6.3, 0.6, n).astype(int)
                    counts = rng.poisson(rng.gamma(1.5, 1 / 1.5, n) * mean * tokens / 1000)
                    ids = [f"{name}{trial}-{i}" for i in range(n)]
                    drawn = inference.resampled(np.zeros(n, int), ids, replicates)
                    size = tokens.sum()
                    rates.append(scores.smoothed(counts @ drawn / (tokens @ drawn) * size, size))
                low, high = np.quantile(rates[0] - rates[1], inference.percentiles(n))
                inside += bool(low <= 1 <= high)
            yield (
                f"{n} articles a side, {base:g} per 1,000 words: {inside / trials:.1%} of "
                f"{trials:,} intervals hold the true ratio of 2"
            )


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
    """All 16 outlets of the bundled corpus: against the rest, and every pair."""
    measures = analysis.open_measures("crimea-2014")
    start = time.perf_counter()
    table = keyness(measures)
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


CHECKS = {c.__name__: c for c in (published, crimea, copies, coverage, planted, level, large)}

if __name__ == "__main__":
    for name in sys.argv[1:] or CHECKS:
        for line in CHECKS[name]():
            print(f"{name}: {line}", flush=True)
