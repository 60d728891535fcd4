"""Articles × things, in groups: what every comparison counts, and two sides of it compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.inference import EXACT, Evidence, Plan, permitted
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures

REST = "rest"
_NAMED = 20
_MEMORY = 400_000_000
_THINGS_AT_ONCE = 512
Names = str | Sequence[str] | None  # one, several, or where left out all


@dataclass(frozen=True)
class Group:
    """The articles of one group.

    Attributes
    ----------
    name : the group's label
    matrix : sparse int64, articles × things (terms, entries of word lists, speakers …)
    ids : of the articles, in the order of the rows
    tokens : of each article
    """

    name: str
    matrix: sp.csr_array
    ids: tuple[str, ...]
    tokens: np.ndarray

    @cached_property
    def count(self) -> np.ndarray:
        """Occurrences of each thing."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    @cached_property
    def articles(self) -> np.ndarray:
        """Articles that hold each thing (the *range* of corpus linguistics)."""
        return np.bincount(self.matrix.indices, minlength=self.matrix.shape[1])

    @property
    def n(self) -> int:
        """Number of articles."""
        return len(self.ids)

    @cached_property
    def size(self) -> int:
        """Number of tokens."""
        return int(self.tokens.sum())


@dataclass(frozen=True)
class Groups:
    """Articles in groups, over one list of things.

    Attributes
    ----------
    groups : by name, in code-point order
    things : one per column of every group's matrix
    measures : what was selected
    notes : what was left out and how many articles and tokens remain
    """

    groups: dict[str, Group]
    things: pd.Index
    measures: Measures
    notes: tuple[str, ...]

    def __iter__(self) -> Iterator[Group]:
        return iter(self.groups.values())

    def named(self, name: object) -> Group:
        """The group of this name."""
        if name not in self.groups:
            raise unknown("group", name, self.groups)
        return self.groups[str(name)]

    def rest(self, name: str) -> Side:
        """All groups but this one: *rest*, or where only one is left that one by its name."""
        others = tuple(g for g in self if g.name != name)
        return Side(others[0].name if len(others) == 1 else REST, others)

    @property
    def of_article(self) -> dict[str, str]:
        """The group of each article, by its id."""
        return {i: g.name for g in self for i in g.ids}

    def count(
        self, rows: pd.DataFrame, column: str, things: pd.Index, amount: str = "count"
    ) -> Groups:
        """The same articles with other things counted; their tokens stay the words.

        Parameters
        ----------
        rows
            article, `column` (which thing), `amount` (how often or how much); rows of articles
            that are in no group, or of other things, are not counted.
        things
            One per column of the new matrices.
        """
        article, thing = (rows[c].astype("object") for c in ("article", column))
        column_of = things.get_indexer(pd.Index(thing, dtype=things.dtype))
        amounts = rows[amount].to_numpy(np.int64)

        def counted(group: Group) -> Group:
            row_of = pd.Index(group.ids, dtype="object").get_indexer(article)
            own = (row_of >= 0) & (column_of >= 0)
            cells = (amounts[own], (row_of[own], column_of[own]))
            matrix = sp.coo_array(cells, shape=(group.n, len(things))).tocsr()
            matrix.eliminate_zeros()
            return replace(group, matrix=matrix)

        groups = {group.name: counted(group) for group in self}
        return replace(self, groups=groups, things=things)

    @property
    def too_few(self) -> str:
        """Which groups are too small for an interval, in a sentence; "" where none is."""
        least = Evidence.WORDS
        few = [f"{g.name} ({g.n})" for g in self if permitted(g.n) is not least]
        if not few:
            return ""
        return (
            f"No interval for groups of fewer than {least:d} articles, which do not show how much "
            f"articles vary: {', '.join(few[:_NAMED])}"
            f"{f' and {len(few) - _NAMED} more' if len(few) > _NAMED else ''}."
        )


def grouped(measures: Measures, by: str = "outlet") -> Groups:
    """The articles by group, their words counted, exact copies once.

    Left out, and said in the notes: articles without a label in `by`, articles without a word in
    what is selected, and within a group every article whose text is byte for byte that of another
    (the first id stays): copies are not further evidence. Copies in part are found by
    `analysis.compare.reuse`.
    """
    counts = measures.counts()
    labels = measures.labels(by).to_numpy(object)
    ids = counts.articles["id"].to_numpy(object)
    tokens = np.asarray(counts.matrix.sum(axis=1)).ravel()
    labelled, worded = labels != "", tokens > 0
    copy = exact_copies(counts.articles, measures.texts, labels) & labelled & worded
    kept = np.flatnonzero(labelled & worded & ~copy)
    if not len(kept):
        raise AnalysisError(
            f"No article has both a word and a {by}.", "Select less, or compare by another column."
        )
    kept = kept[np.argsort(ids[kept], kind="stable")]
    groups = {}
    for name in sorted(set(labels[kept])):
        rows = kept[labels[kept] == name]
        own = tuple(map(str, ids[rows]))
        groups[name] = Group(name, counts.matrix[rows], own, tokens[rows])
    notes = (
        "Articles (tokens): "
        + ", ".join(f"{g.name} {g.n} ({g.size:,})" for g in groups.values())
        + ".",
        _left_out(int((~labelled).sum()), f"without {by}"),
        _left_out(int((labelled & ~worded).sum()), "without a word in this selection"),
        _left_out(int(copy.sum()), "whose text is an exact copy of another of the same group"),
    )
    return Groups(groups, counts.terms, measures, tuple(n for n in notes if n))


def largest(measures: Measures, by: str = "outlet", number: int = 2) -> list[str]:
    """The groups with most articles, most first; of equal ones the first by name."""
    labels = measures.labels(by)
    sizes = labels[labels != ""].value_counts()
    return sorted(sizes.index, key=lambda name: (-sizes[name], name))[:number]


def exact_copies(articles: pd.DataFrame, texts: pd.Series, labels: np.ndarray) -> np.ndarray:
    """Whether an article's text stands in its group under a smaller id; a title alone is none."""
    keys = pd.DataFrame(
        {
            "label": labels,
            "text": articles["id"].map(texts),
            "id": articles["id"],
        }
    )
    by_id = keys.sort_values("id", kind="stable")
    return by_id.duplicated(["label", "text"]).sort_index().to_numpy()


def _left_out(number: int, why: str) -> str:
    return f"Left out: {number} article{'s' if number != 1 else ''} {why}." if number else ""


# ---------------------------------------------------------------- one side of a comparison


@dataclass(frozen=True)
class Side:
    """A group, or several groups weighted equally: what is compared."""

    name: str
    groups: tuple[Group, ...]

    @property
    def n(self) -> int:
        """Number of articles."""
        return sum(g.n for g in self.groups)

    @property
    def size(self) -> int:
        """Number of tokens."""
        return sum(g.size for g in self.groups)

    @cached_property
    def count(self) -> np.ndarray:
        """Occurrences of each thing."""
        return np.sum([g.count for g in self.groups], axis=0)

    @cached_property
    def articles(self) -> np.ndarray:
        """Articles that hold each thing."""
        return np.sum([g.articles for g in self.groups], axis=0)

    @cached_property
    def rate(self) -> np.ndarray:
        """Occurrences per token: the mean of the groups' rates."""
        if len(self.groups) == 1:
            return self.count / self.size
        return np.mean([g.count / g.size for g in self.groups], axis=0)

    @cached_property
    def weighted_size(self) -> float:
        r"""Tokens that carry the side's information: :math:`G^2/\sum_g 1/n_g` for G groups.

        A count of :math:`y = \text{rate} \cdot` this has the variance of the mean of G Poisson
        rates with n_g tokens each.
        """
        if len(self.groups) == 1:
            return float(self.size)
        return len(self.groups) ** 2 / sum(1 / g.size for g in self.groups)

    @cached_property
    def weighted_count(self) -> np.ndarray:
        """Occurrences in `weighted_size` tokens."""
        return self.count if len(self.groups) == 1 else self.rate * self.weighted_size

    @cached_property
    def ids(self) -> list[str]:
        """Of the articles, in the order of the rows."""
        return [i for g in self.groups for i in g.ids]

    @cached_property
    def tokens(self) -> np.ndarray:
        """Tokens of each article."""
        return np.concatenate([g.tokens for g in self.groups])

    @cached_property
    def shares(self) -> np.ndarray:
        """Weight of each article in the mean of the groups' means of articles; adds up to 1."""
        return np.concatenate([np.full(g.n, 1 / (len(self.groups) * g.n)) for g in self.groups])

    def matrix(self, columns: np.ndarray) -> sp.csr_array:
        """Counts of the things in these columns, articles × things."""
        return sp.csr_array(sp.vstack([g.matrix[:, columns] for g in self.groups], format="csr"))

    @cached_property
    def without_one(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest smoothed log rate of each thing when one article is left out.

        Empty (nan) for a side of one article. A group whose only article is left out leaves the
        mean.
        """
        low = np.full(len(self.rate), np.inf)
        high = -low
        for group in self.groups if self.n > 1 else ():
            others = tuple(g for g in self.groups if g is not group)
            rest = sum((g.count / g.size for g in others), np.zeros(len(low)))
            inverse = sum(1 / g.size for g in others)
            for row in range(group.n):
                count = group.count.astype(np.float64)
                a, b = group.matrix.indptr[row : row + 2]
                count[group.matrix.indices[a:b]] -= group.matrix.data[a:b]
                n = float(group.size - group.tokens[row])
                k = len(others) + (n > 0)
                if len(others):
                    size = k**2 / (inverse + (1 / n if n else 0))
                    count = (rest + (count / n if n else 0)) / k * size
                    n = size
                value = (count + 0.5) / (n + 0.5)
                np.minimum(low, value, out=low)
                np.maximum(high, value, out=high)
        empty = np.isinf(low)
        return np.where(empty, np.nan, np.log2(low)), np.log2(np.where(empty, np.nan, high))


# ---------------------------------------------------------------- two sides


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two sides compared, and the columns of what is listed."""

    target: Side
    reference: Side
    listed: np.ndarray = field(repr=False)

    @property
    def evidence(self) -> Evidence:
        """What the number of articles allows."""
        return permitted(min(self.target.n, self.reference.n))

    @property
    def counts(self) -> tuple[np.ndarray, float, np.ndarray, float]:
        """y₁, n₁, y₂, n₂ of what is listed, as `analysis.compare.ground.scores` takes them."""
        t, r = self.target, self.reference
        y1, y2 = t.weighted_count[self.listed], r.weighted_count[self.listed]
        return y1, t.weighted_size, y2, r.weighted_size

    @cached_property
    def more_used_by(self) -> np.ndarray:
        """The side with the higher rate of each; empty where they are equal."""
        t, r = self.target.rate[self.listed], self.reference.rate[self.listed]
        more = np.where(t > r, self.target.name, self.reference.name).astype(object)
        more[t == r] = ""
        return more

    @property
    def few_articles(self) -> np.ndarray:
        """Marks "one article" or "few articles" (2–3): the side that uses it more has no more."""
        t, r = self.target.articles[self.listed], self.reference.articles[self.listed]
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
    """Rates per article (articles × things, rows sorted by id) and the weights of the test."""
    sides = (c.target, c.reference)
    matrix = sp.vstack([s.matrix(c.listed) for s in sides], format="csr")
    tokens = np.concatenate([s.tokens for s in sides])
    weights = np.concatenate([c.target.shares, -c.reference.shares])
    order = np.argsort(np.array([*c.target.ids, *c.reference.ids], object), kind="stable")
    rates = sp.csr_array(sp.diags_array(1 / tokens) @ matrix)
    return sp.csr_array(rates[order]), weights[order]


# ---------------------------------------------------------------- tests and intervals


@dataclass(frozen=True)
class Draws:
    """Bootstrap samples, drawn once per side."""

    plan: Plan
    known: dict[str, np.ndarray] = field(default_factory=dict)

    def rates(self, side: Side) -> np.ndarray:
        """Weights, articles × replicates, that turn counts into the side's resampled rate."""
        key = "\n".join([side.name, *side.ids])
        if key not in self.known:
            while sum(w.nbytes for w in self.known.values()) > _MEMORY:
                self.known.pop(next(iter(self.known)))
            groups = np.repeat(np.arange(len(side.groups)), [g.n for g in side.groups])
            times = inference.resampled(groups, side.ids, self.plan.bootstraps, self.plan.seed)
            size = np.empty((len(side.groups), self.plan.bootstraps))
            for g in range(len(side.groups)):
                rows = groups == g
                size[g] = side.tokens[rows] @ times[rows]
            single = np.bincount(groups)[groups] == 1
            divisor = size[groups]
            divisor[single] = side.tokens[single, None]
            self.known[key] = times / np.maximum(divisor, 1) / len(side.groups)
        return self.known[key]


def inferred(c: Contrast, named: bool, plan: Plan) -> dict[str, Any]:
    """loo_low, loo_high and p of what is listed, empty where METHODS §0 forbids them."""
    found: dict[str, Any] = dict.fromkeys(("loo_low", "loo_high", "p"), np.nan)
    if not plan.permutations:
        return found
    of_words = c.evidence is Evidence.WORDS
    if not of_words and c.evidence is not Evidence.NONE:
        found["loo_low"], found["loo_high"] = _leave_one_out(c)
    if of_words or (named and c.evidence is Evidence.NAMED_TERMS):
        values, weights = article_rates(c)
        exact = plan.permutations if of_words else max(EXACT, plan.permutations)
        found["p"] = inference.permutation_p(
            values, weights, permutations=plan.permutations, exact=exact, seed=plan.seed
        )
    return found


def interval(c: Contrast, draws: Draws) -> dict[str, Any]:
    """log_ratio_low and log_ratio_high, ends of the bootstrap interval of each.

    Empty below 10 articles, and where a side lacks the thing.
    """
    if c.evidence is not Evidence.WORDS or not draws.plan.bootstraps:
        return dict.fromkeys(("log_ratio_low", "log_ratio_high"), np.nan)
    ends = inference.percentiles(min(c.target.n, c.reference.n))
    sides = (c.target, c.reference)
    weights = [draws.rates(s) for s in sides]
    by_thing = [sp.csr_array(s.matrix(c.listed).T.astype(np.float64)) for s in sides]

    def block(start: int) -> np.ndarray:
        rows = slice(start, start + _THINGS_AT_ONCE)
        log_rates = [
            scores.smoothed(m[rows] @ w * s.weighted_size, s.weighted_size)
            for s, m, w in zip(sides, by_thing, weights, strict=True)
        ]
        return np.asarray(np.quantile(log_rates[0] - log_rates[1], ends, axis=1))

    starts = range(0, len(c.listed), _THINGS_AT_ONCE)
    with ThreadPoolExecutor(2) as pool:
        parts = [np.empty((2, 0)), *pool.map(block, starts)]
    low, high = np.concatenate(parts, axis=1)
    lacking = (c.target.count[c.listed] == 0) | (c.reference.count[c.listed] == 0)
    low, high = (np.where(lacking, np.nan, end) for end in (low, high))
    return {"log_ratio_low": low, "log_ratio_high": high}


def _leave_one_out(c: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest log ratio when any one article is left out."""
    y1, n1, y2, n2 = c.counts
    t_all, r_all = scores.smoothed(y1, n1), scores.smoothed(y2, n2)
    t_low, t_high = (ends[c.listed] for ends in c.target.without_one)
    r_low, r_high = (ends[c.listed] for ends in c.reference.without_one)
    return np.fmin(t_low - r_all, t_all - r_high), np.fmax(t_high - r_all, t_all - r_low)
