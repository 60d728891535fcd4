"""Two sides compared: which comparisons there are, their tests, intervals and ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import REST, Groups, Names, Side
from analysis.compare.ground.inference import EXACT, Evidence, permitted

_MEMORY = 400_000_000
_TERMS_AT_ONCE = 512


@dataclass(frozen=True)
class Contrast:
    """Two sides compared, and the terms listed (positions among all terms)."""

    target: Side
    reference: Side
    terms: np.ndarray = field(repr=False)

    @property
    def evidence(self) -> Evidence:
        """What the number of articles allows."""
        return permitted(min(self.target.n, self.reference.n))

    @property
    def counts(self) -> tuple[np.ndarray, float, np.ndarray, float]:
        """y₁, n₁, y₂, n₂ of the listed terms, as `analysis.compare.ground.scores` takes them."""
        t, r, at = self.target, self.reference, self.terms
        return t.weighted_count[at], t.weighted_size, r.weighted_count[at], r.weighted_size

    @cached_property
    def more_used_by(self) -> np.ndarray:
        """The side with the higher rate of each term; empty where they are equal."""
        t, r = self.target.rate[self.terms], self.reference.rate[self.terms]
        more = np.where(t > r, self.target.name, self.reference.name).astype(object)
        more[t == r] = ""
        return more

    @property
    def few_articles(self) -> np.ndarray:
        """Marks "one article" or "few articles" (2–3): the side that uses it more has no more."""
        t, r = self.target.articles[self.terms], self.reference.articles[self.terms]
        k = np.where(self.more_used_by == self.target.name, t, r)
        marks = ["", "one article", "few articles"]
        return np.select([self.more_used_by == "", k == 1, k <= 3], marks, "")


def contrasts_of(groups: Groups, target: Names, reference: Names) -> Iterator[tuple[Side, Side]]:
    """Against the rest first, then every pair once; the pairs alone where there are two groups."""
    names = list(groups.groups)
    targets = names if target is None else _list(target)
    references = [REST, *names] if reference is None else _list(reference)
    sides = {name: Side(name, (groups.named(name),)) for name in targets}
    sides |= {name: Side(name, (groups.named(name),)) for name in references if name != REST}
    if REST in references:
        for name in targets:
            rest = groups.rest(name)
            asked = reference is not None or target is not None
            if len(rest.groups) > 1 or (rest.groups and asked):
                yield sides[name], rest
    seen = set()
    for first in targets:
        for second in references:
            itself = first == second and reference is None
            if second == REST or itself or (second, first) in seen:
                continue
            if len(names) == 2 and target is not None and reference is None:
                continue
            seen.add((first, second))
            yield sides[first], sides[second]


def _list(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(dict.fromkeys(names))


def article_rates(c: Contrast) -> tuple[sp.csr_array, np.ndarray]:
    """Rates per article (articles × terms, rows sorted by id) and the weights of the test."""
    sides = (c.target, c.reference)
    matrix = sp.vstack([s.matrix(c.terms) for s in sides], format="csr")
    tokens = np.concatenate([s.tokens for s in sides])
    weights = np.concatenate([c.target.shares, -c.reference.shares])
    order = np.argsort(np.array([*c.target.ids, *c.reference.ids], object), kind="stable")
    rates = sp.csr_array(sp.diags_array(1 / tokens) @ matrix)
    return sp.csr_array(rates[order]), weights[order]


# ---------------------------------------------------------------- tests and intervals


@dataclass(frozen=True)
class Draws:
    """Bootstrap samples, drawn once per side."""

    replicates: int
    seed: int
    known: dict[str, np.ndarray] = field(default_factory=dict)

    def rates(self, side: Side) -> np.ndarray:
        """Weights, articles × replicates, that turn counts into the side's resampled rate."""
        key = "\n".join([side.name, *side.ids])
        if key not in self.known:
            while sum(w.nbytes for w in self.known.values()) > _MEMORY:
                self.known.pop(next(iter(self.known)))
            groups = np.repeat(np.arange(len(side.groups)), [g.n for g in side.groups])
            times = inference.resampled(groups, side.ids, self.replicates, self.seed)
            size = np.empty((len(side.groups), self.replicates))
            for g in range(len(side.groups)):
                rows = groups == g
                size[g] = side.tokens[rows] @ times[rows]
            single = np.bincount(groups)[groups] == 1
            divisor = size[groups]
            divisor[single] = side.tokens[single, None]
            self.known[key] = times / np.maximum(divisor, 1) / len(side.groups)
        return self.known[key]


def inferred(c: Contrast, named: bool, permutations: int, seed: int) -> dict[str, Any]:
    """loo_low, loo_high and p of each term, empty where METHODS §0 forbids them."""
    found: dict[str, Any] = dict.fromkeys(("loo_low", "loo_high", "p"), np.nan)
    of_words = c.evidence is Evidence.WORDS
    if not of_words and c.evidence is not Evidence.NONE:
        found["loo_low"], found["loo_high"] = _leave_one_out(c)
    if of_words or (named and c.evidence is Evidence.NAMED_TERMS):
        values, weights = article_rates(c)
        exact = permutations if of_words else max(EXACT, permutations)
        found["p"] = inference.permutation_p(
            values, weights, permutations=permutations, exact=exact, seed=seed
        )
    return found


def interval(c: Contrast, draws: Draws) -> dict[str, Any]:
    """log_ratio_low and log_ratio_high, ends of the bootstrap interval of each term.

    Empty below 10 articles, and where a side lacks the term.
    """
    if c.evidence is not Evidence.WORDS:
        return dict.fromkeys(("log_ratio_low", "log_ratio_high"), np.nan)
    ends = inference.percentiles(min(c.target.n, c.reference.n))
    sides = (c.target, c.reference)
    weights = [draws.rates(s) for s in sides]
    by_term = [sp.csr_array(s.matrix(c.terms).T.astype(np.float64)) for s in sides]

    def block(start: int) -> np.ndarray:
        rows = slice(start, start + _TERMS_AT_ONCE)
        log_rates = [
            scores.smoothed(m[rows] @ w * s.weighted_size, s.weighted_size)
            for s, m, w in zip(sides, by_term, weights, strict=True)
        ]
        return np.asarray(np.quantile(log_rates[0] - log_rates[1], ends, axis=1))

    starts = range(0, len(c.terms), _TERMS_AT_ONCE)
    with ThreadPoolExecutor(2) as pool:
        parts = [np.empty((2, 0)), *pool.map(block, starts)]
    low, high = np.concatenate(parts, axis=1)
    lacking = (c.target.count[c.terms] == 0) | (c.reference.count[c.terms] == 0)
    low, high = (np.where(lacking, np.nan, end) for end in (low, high))
    return {"log_ratio_low": low, "log_ratio_high": high}


def _leave_one_out(c: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest log ratio when any one article is left out."""
    y1, n1, y2, n2 = c.counts
    t_all, r_all = scores.smoothed(y1, n1), scores.smoothed(y2, n2)
    t_low, t_high = (ends[c.terms] for ends in c.target.without_one)
    r_low, r_high = (ends[c.terms] for ends in c.reference.without_one)
    return np.fmin(t_low - r_all, t_all - r_high), np.fmax(t_high - r_all, t_all - r_low)
