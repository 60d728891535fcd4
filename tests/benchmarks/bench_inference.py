"""What the tests and intervals of rates must show: level, false findings, power, coverage, speed.

Run ``python tests/benchmarks/bench_inference.py [CHECK ...]``; without arguments all checks run.
Every line gives its seconds; nothing is asserted. Real articles come from ../shared, which is not
part of the project; where words are invented, their counts are gamma-Poisson.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import special

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import Groups, Side, log_spread
from analysis.compare.ground.inference import PLAN, families
from analysis.compare.ground.permutations import Sample, ratio_test
from analysis.measure.tokens import count

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
EVEN = 1e6  # shape of a gamma that hardly varies: a Poisson count
Words = tuple[np.ndarray, np.ndarray]  # articles × words, tokens


@cache
def news() -> tuple[sp.csr_array, np.ndarray, np.ndarray]:
    """Counts, tokens and outlets of the 12,000 articles of news-sample."""
    table = pd.read_parquet(SHARED / "corpora" / "news-sample.parquet")
    matrix, _ = count(table["text"].tolist())
    matrix = sp.csr_array(matrix)
    return matrix, np.asarray(matrix.sum(axis=1)).ravel(), table["outlet"].to_numpy(object)


def articles_of(outlet: str, number: int, rng: np.random.Generator) -> Words:
    """Articles of an outlet, dealt at random; words that occur."""
    matrix, tokens, outlets = news()
    rows = rng.permutation(np.flatnonzero((outlets == outlet) & (tokens > 50)))[:number]
    counts = matrix[rows].toarray()
    return counts[:, counts.any(axis=0)], tokens[rows]


def p_of(counts: np.ndarray, tokens: np.ndarray, sizes: list[int], **more: object) -> np.ndarray:
    """p of the first group against the others, as keyness tests words; empty where filtered."""
    smaller = min(sizes[0], sum(sizes[1:]))
    tested = (counts > 0).sum(axis=0) >= PLAN.fewest(smaller)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    strata = more.pop("strata", np.zeros(len(tokens), np.int64))
    sample = Sample(sp.csr_array(counts[:, tested]), tokens, groups, strata)
    p = np.full(counts.shape[1], np.nan)
    listed = np.ones((1, int(tested.sum())), bool)
    p[tested] = ratio_test(sample, [0], listed, plan=PLAN, **more)[0]
    return p


def q_of(p: np.ndarray) -> np.ndarray:
    """q where this is the only contrast."""
    return families(p, np.zeros(len(p)))


# ---------------------------------------------------------------- level and false findings


def halves(splits: int = 40) -> Iterator[str]:
    """Random halves of 100 articles each of the three largest outlets."""
    _, _, outlets = news()
    for outlet in pd.Series(outlets).value_counts().index[:3]:
        rng = np.random.default_rng(1)
        shares, false = [], []
        for _ in range(splits):
            p = p_of(*articles_of(outlet, 200, rng), [100, 100])
            shares.append(np.nanmean(p[~np.isnan(p)] < 0.05))
            false.append(int((q_of(p) < 0.05).sum()))
        yield (
            f"{outlet}: p < .05 for {np.mean(shares):.2%} of {(~np.isnan(p)).sum():,} words; "
            f"false keywords {np.mean(false):.2f} a split, {splits} splits"
        )


def contrasts(corpora: int = 12, outlets: int = 12, n: int = 30) -> Iterator[str]:
    """Twelve outlets of 30 articles each against the rest: all alike, and one of them not."""
    largest = pd.Series(news()[2]).value_counts().index[0]
    for planted in (0, 10):
        rng = np.random.default_rng(2)
        false, found = [], []
        for _ in range(corpora):
            counts, tokens = articles_of(largest, outlets * n, rng)
            rate = np.where(np.arange(outlets * n) < n, 3.0, 1.0) * tokens / 1000
            counts = np.hstack([rng.poisson(rate[:, None], (len(tokens), planted)), counts])
            tested = (counts > 0).sum(axis=0) >= PLAN.fewest(n)
            groups = np.repeat(np.arange(outlets), n)
            sample = Sample(sp.csr_array(counts[:, tested]), tokens, groups, np.zeros_like(groups))
            listed = np.ones((outlets, int(tested.sum())), bool)
            p = ratio_test(sample, list(range(outlets)), listed, plan=PLAN, family=listed.size)
            q = families(p.ravel(), np.repeat(np.arange(outlets), p.shape[1])).reshape(p.shape)
            real = np.flatnonzero(tested) < planted
            false.append(bool((q[:, ~real] < 0.05).any()))
            found.append((q[0, real] < 0.05).sum())
        power = f"; planted words (1 and 3 per 1,000) found {np.mean(found) / max(planted, 1):.0%}"
        yield (
            f"{outlets} contrasts, {'one real' if planted else 'all null'}: any false word in "
            f"{np.mean(false):.1%} of {corpora} corpora{power * bool(planted)}"
        )


def invented(
    sizes: list[int],
    lengths: list[int],
    rng: np.random.Generator,
    words: int = 480,
) -> Words:
    """Words at .5, 1, 2, 4 per 1,000 in all groups, from even to very bursty."""
    mean = np.repeat(lengths, sizes)
    tokens = (mean * rng.lognormal(0, 0.35, len(mean))).round().astype(int)
    rate = np.resize(np.repeat([0.5, 1, 2, 4], 4), words) / 1000
    shape = np.resize([0.3, 1, 3, EVEN], words)
    times = rng.gamma(shape, 1 / shape, (len(mean), words))
    return rng.poisson(rate * tokens[:, None] * times), tokens


def thinned(sizes: list[int], kept: list[float], rng: np.random.Generator) -> Words:
    """Articles of one outlet, of which each group keeps a share of the words, drawn at random."""
    largest = pd.Series(news()[2]).value_counts().index[0]
    counts, tokens = articles_of(largest, sum(sizes), rng)
    share = np.repeat(kept, sizes)
    return rng.binomial(counts, share[:, None]), np.maximum((tokens * share).round(), 20).astype(
        int
    )


def lengths(trials: int = 25) -> Iterator[str]:
    """Equal rates, articles that differ in number and length."""
    cases: dict[str, tuple[list[int], list[int]]] = {
        "10 of 200 words against 50 of 1,000": ([10, 50], [200, 1000]),
        "10 of 1,000 words against 50 of 200": ([10, 50], [1000, 200]),
        "10 of 300 words against 50 of 900": ([10, 50], [300, 900]),
        "10 of 900 words against 50 of 300": ([10, 50], [900, 300]),
    }
    for n in (4, 10, 30):
        cases[f"{n} against five outlets of 30, 500 words"] = ([n, *[30] * 5], [500] * 6)
        cases[f"{n} of 300 words against five of 30, 600 words"] = (
            [n, *[30] * 5],
            [300, *[600] * 5],
        )
    for name, (sizes, words) in cases.items():
        rng = np.random.default_rng(3)
        p = np.concatenate([p_of(*invented(sizes, words, rng), sizes) for _ in range(trials)])
        p = p[~np.isnan(p)]
        yield f"invented words, {name}: p < .05 for {np.mean(p < 0.05):.2%} of {len(p):,}"
    for name, kept in (("10 short against 50 long", [0.2, 1]), ("10 long, 50 short", [1, 0.2])):
        rng = np.random.default_rng(4)
        found, expected = [], []
        for _ in range(trials):
            counts, tokens = thinned([10, 50], kept, rng)
            found.append(p_of(counts, tokens, [10, 50]))
            expected.append(counts.sum(axis=0) * tokens[:10].sum() / tokens.sum())
        p, uses = np.concatenate(found), np.concatenate(expected)
        firm = p[(uses >= 1) & ~np.isnan(p)]
        yield (
            f"real words, {name} (a fifth kept): p < .05 for {np.mean(p[~np.isnan(p)] < 0.05):.2%}"
            f"; {np.mean(firm < 0.05):.2%} of the {len(firm):,} of which the ten articles would "
            f"hold one use or more by chance"
        )


def uneven(trials: int = 8) -> Iterator[str]:
    """Few articles against many, longer or shorter: where nothing is tested."""
    for sizes in (
        [4, 100],
        [4, 20],
        [6, 60],
        [9, 60],
        [10, 60],
        [10, 35],
        [10, 25],
        [14, 60],
        [4, 6],
    ):
        found = []
        for longer in (0.5, 1, 1.1, 1.5, 3):
            rng = np.random.default_rng(6)
            words = [int(300 * longer), 300]
            p = [p_of(*invented(sizes, words, rng, 240), sizes) for _ in range(trials)]
            found.append(f"{longer:g} times as long {np.nanmean(np.concatenate(p) < 0.05):.1%}")
        yield f"{sizes[0]} against {sizes[1]}, p < .05: {', '.join(found)}"


# ---------------------------------------------------------------- power


@cache
def burstiness(rate: float) -> np.ndarray:
    """Shapes of the gamma of real words used about so often (per 1,000), by moments."""
    rng = np.random.default_rng(5)
    largest = pd.Series(news()[2]).value_counts().index[0]
    counts, tokens = articles_of(largest, 1000, rng)
    share = counts.sum(axis=0) / tokens.sum()
    near = np.abs(np.log(1000 * share / rate)) < np.log(1.3)
    expected = share[near] * tokens[:, None]
    excess = ((counts[:, near] - expected) ** 2 - expected).sum(axis=0) / (expected**2).sum(axis=0)
    return 1 / np.clip(excess, 0.02, 50)


def power(plantings: int = 1000, words: int = 20) -> Iterator[str]:
    """Words planted among real ones, three times as often in the first side."""
    largest = pd.Series(news()[2]).value_counts().index[0]
    for sizes in ([30, 30], [10, 50], [30, 200], [100, 100]):
        for bursty, rates in ((False, (1.0, 0.5)), (True, (2.0, 1.0, 0.5))):
            for base in rates:
                found, false = _planted(largest, sizes, base, 3.0, bursty, plantings, words)
                yield _said(sizes, f"{base:g} and {3 * base:g}", bursty, found, false)
        if sizes[0] < sizes[1]:
            for bursty in (False, True):
                found, false = _planted(largest, sizes, 2.0, np.inf, bursty, plantings, words)
                yield _said(sizes, "2 and 0", bursty, found, false)


def _said(sizes: list[int], rates: str, bursty: bool, found: list[bool], false: list[float]) -> str:
    error = 200 * np.sqrt(np.mean(found) * (1 - np.mean(found)) / len(found))
    return (
        f"{sizes[0]} against {sizes[1]}, {'bursty as real' if bursty else 'evenly spread'}, "
        f"{rates} per 1,000: found {np.mean(found):.1%} of {len(found):,} (± {error:.1f}), "
        f"{np.mean(false):.1%} of what passes is false"
    )


def _planted(
    outlet: str, sizes: list[int], base: float, ratio: float, bursty: bool, number: int, words: int
) -> tuple[list[bool], list[float]]:
    rng = np.random.default_rng([6, *sizes, int(100 * base), bursty])
    found: list[bool] = []
    false = []
    while len(found) < number:
        counts, tokens = articles_of(outlet, sum(sizes), rng)
        times = np.where(np.arange(len(tokens)) < sizes[0], *_sides(ratio))
        shape = rng.choice(burstiness(base), words) if bursty else np.full(words, EVEN)
        rate = base / 1000 * times[:, None] * tokens[:, None]
        planted = rng.poisson(rate * rng.gamma(shape, 1 / shape, (len(tokens), words)))
        q = q_of(p_of(np.hstack([planted, counts]), tokens, sizes))
        passed = q < 0.05
        found += passed[:words].tolist()
        false.append(passed[words:].sum() / max(passed.sum(), 1))
    return found, false


def _sides(ratio: float) -> tuple[float, float]:
    return (1.0, 0.0) if np.isinf(ratio) else (ratio, 1.0)


def stories(trials: int = 10) -> Iterator[str]:
    """Words planted within stories that differ, and a story that one side alone tells."""
    sizes = [30, 30]
    for ratio, name in ((1.0, "no difference"), (3.0, "threefold in one side")):
        rng = np.random.default_rng(7)
        held, free = [], []
        for _ in range(trials):
            story = np.concatenate(
                [np.repeat(np.arange(6), k) for k in ((2, 8, 2, 8, 5, 5), (8, 2, 8, 2, 5, 5))]
            )
            tokens = (500 * rng.lognormal(0, 0.35, 60)).round().astype(int)
            rate = 0.002 * 3.0 ** rng.normal(size=(6, 200))[story]
            rate *= np.where(np.arange(60) < 30, ratio, 1.0)[:, None]
            counts = rng.poisson(rate * tokens[:, None])
            held.append(p_of(counts, tokens, sizes, strata=story))
            free.append(p_of(counts, tokens, sizes))
        shares = [np.nanmean(np.concatenate(p) < 0.05) for p in (held, free)]
        yield f"six stories, {name}: p < .05 within them {shares[0]:.1%}, freely {shares[1]:.1%}"
    rng = np.random.default_rng(8)
    held, free = [], []
    for _ in range(trials):
        story = np.r_[np.repeat([0, 1], [15, 15]), np.repeat([0, 2], [15, 15])]
        tokens = (500 * rng.lognormal(0, 0.35, 60)).round().astype(int)
        rate = np.where(story == 1, 0.006, 0.001)[:, None] * np.ones(200)
        counts = rng.poisson(rate * tokens[:, None])
        free.append(p_of(counts, tokens, sizes))
        both = story == 0
        held.append(p_of(counts[both], tokens[both], [15, 15], strata=np.zeros(30, int)))
    shares = [np.nanmean(np.concatenate(p) < 0.05) for p in (held, free)]
    yield f"a story of one side alone: p < .05 within it {shares[0]:.1%}, freely {shares[1]:.1%}"


# ---------------------------------------------------------------- intervals


def coverage(trials: int = 400) -> Iterator[str]:
    """How often intervals hold the truth: log ratios, rates of word lists, shares of sides."""
    for sizes in ([10, 10], [30, 30], [60, 60], [10, 60]):
        for name, base, shapes in (
            ("words", (0.5, 1.0, 2.0, 4.0), (0.3, 1.0, EVEN)),
            ("indicators", (4.0, 10.0), (0.5, 1.5)),
        ):
            found = [_ratio_held(sizes, b, s, trials) for b in base for s in shapes]
            yield _covered(f"{name}, {sizes[0]} against {sizes[1]}", found, trials)
    for n in (10, 30, 60):
        found = [_share_held(n, p, spread, trials) for p in (0.1, 0.3, 0.5) for spread in (1, 5)]
        yield _covered(f"shares of sides, {n} articles", found, trials)


def _covered(name: str, found: list[float], trials: int) -> str:
    return (
        f"{name}: the interval holds the truth in {np.nanmean(found):.1%} (from "
        f"{np.nanmin(found):.1%} to {np.nanmax(found):.1%} over {len(found)} settings, "
        f"{trials} each)"
    )


def _weights(n: int, sizes: np.ndarray, trial: int) -> np.ndarray:
    drawn = inference.resampled(np.zeros(n), [f"{trial}-{i}" for i in range(n)], PLAN.bootstraps)
    return drawn / (sizes @ drawn)


def _side(counts: np.ndarray, tokens: np.ndarray, trial: int) -> Side:
    """Articles of one group and how often they use one thing."""
    ids = np.array([f"{trial}-{i}" for i in range(len(tokens))], object)
    code, things = np.zeros(len(tokens), np.int64), pd.Index(["thing"])
    groups = Groups(("",), code, ids, tokens, sp.csr_array(counts[:, None]), things, None)
    return Side("", groups, (0,))


def _ratio_held(sizes: list[int], base: float, shape: float, trials: int) -> float:
    """Twice the rate in the first side; words that keyness would list (5 articles, both sides)."""
    rng = np.random.default_rng([9, *sizes, int(10 * base)])
    inside = []
    for trial in range(trials):
        parts, logs, articles, uses = [], [], 0, []
        for n, rate in zip(sizes, (2 * base, base), strict=True):
            tokens = (50 + rng.lognormal(6.1, 0.6, n)).round().astype(int)
            y = rng.poisson(rate / 1000 * tokens * rng.gamma(shape, 1 / shape, n))
            parts.append(log_spread(_side(y, tokens, trial), np.array([0]), PLAN))
            logs.append(scores.smoothed(np.array([y.sum()]), tokens.sum()))
            articles += int((y > 0).sum())
            uses.append(int(y.sum()))
        low, high = inference.interval(logs[0] - logs[1], *parts)
        if articles >= PLAN.least and min(uses) > 0:
            inside.append(bool(low[0] <= 1 <= high[0]))
    return float(np.mean(inside)) if len(inside) > trials / 4 else np.nan


def _share_held(n: int, share: float, spread: float, trials: int) -> float:
    """Words of a side's statements, of all; articles differ by a beta distribution."""
    rng = np.random.default_rng([10, n, int(100 * share), int(spread)])
    inside = []
    for trial in range(trials):
        said = rng.poisson(rng.gamma(2, 3, n))
        own = rng.binomial(said, rng.beta(share * spread, (1 - share) * spread, n))
        words = [
            np.where(k > 0, rng.gamma(np.maximum(k, 1) * 2.5, 8).round(), 0)
            for k in (own, said - own)
        ]
        y, whole = words[0], words[0] + words[1]
        some = whole > 0
        y, whole = y[some], whole[some]
        if 0 < y.sum() < whole.sum():
            weights = _weights(len(y), whole, trial)
            variance = inference.spread(
                sp.csr_array(y[:, None]), weights, whole.sum(), len(y) / (len(y) - 1), of_whole=True
            )
            estimate = special.logit(np.array([y.sum() / whole.sum()]))
            low, high = inference.interval(estimate, (variance, len(y)))
            inside.append(bool(low[0] <= special.logit(share) <= high[0]))
    return float(np.mean(inside))


# ---------------------------------------------------------------- speed


def large() -> Iterator[str]:
    """12,000 articles, the largest outlet against all others as one: all words that are tested."""
    matrix, tokens, outlets = news()
    largest = pd.Series(outlets).value_counts().index[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    groups = (outlets != largest).astype(np.int64)
    some = tokens > 0
    tested = np.bincount(matrix.indices, minlength=matrix.shape[1]) >= PLAN.fewest(
        int((groups == 0).sum())
    )
    sample = Sample(
        sp.csr_array(matrix[some][:, tested]),
        tokens[some],
        groups[some],
        np.zeros(int(some.sum()), int),
    )
    p = ratio_test(sample, [0], np.ones((1, int(tested.sum())), bool), plan=PLAN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    passed = int((q_of(p[0]) < 0.05).sum())
    yield (
        f"{largest} against the others: {int(tested.sum()):,} words, {passed} pass; "
        f"{peak:.2f} GB ({before:.2f} before)"
    )


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    c.__name__: c for c in (halves, contrasts, lengths, uneven, power, stories, coverage, large)
}

if __name__ == "__main__":
    news()
    for name in sys.argv[1:] or CHECKS:
        start = time.perf_counter()
        for line in CHECKS[name]():
            print(f"{name}: {line} [{time.perf_counter() - start:.0f} s]", flush=True)
            start = time.perf_counter()
