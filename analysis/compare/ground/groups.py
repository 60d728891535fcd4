"""Articles × things, in groups: what every comparison counts, and two sides of it compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.copies import editions
from analysis.compare.ground.inference import EXACT, Evidence, Plan, permitted
from analysis.compare.ground.notes import note, refusal, some
from analysis.compare.ground.permutations import Sample, ratio_test
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.measure.overlaps import EDITION
from analysis.measure.tokens import tokenize

REST = "rest"
_NAMED = 20
_FIRM, _MANY, _LONGER = 14, 3, 1.1  # articles, times as many, times as long
_NAMED_TIMES = 10  # as many permutations where few terms are tested
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

    def keep(self, rows: np.ndarray) -> Group:
        """The group with some of its articles."""
        ids = tuple(i for i, kept in zip(self.ids, rows, strict=True) if kept)
        return Group(self.name, sp.csr_array(self.matrix[rows]), ids, self.tokens[rows])


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
        (article, ids), (thing, names) = (pd.factorize(rows[c]) for c in ("article", column))
        ids = pd.Index(ids.astype("object"))
        column_of = things.get_indexer(names.astype(things.dtype))[thing]
        amounts = rows[amount].to_numpy(np.int64)

        def counted(group: Group) -> Group:
            row_of = pd.Index(group.ids, dtype="object").get_indexer(ids)[article]
            own = (row_of >= 0) & (column_of >= 0)
            cells = (amounts[own], (row_of[own], column_of[own]))
            matrix = sp.coo_array(cells, shape=(group.n, len(things))).tocsr()
            matrix.eliminate_zeros()
            return replace(group, matrix=matrix)

        groups = {group.name: counted(group) for group in self}
        return replace(self, groups=groups, things=things)

    def of_words(self) -> Groups:
        """The same without phrases: what adds up to the tokens."""
        words = np.flatnonzero(is_word(self.things))
        groups = {g.name: replace(g, matrix=sp.csr_array(g.matrix[:, words])) for g in self}
        return replace(self, groups=groups, things=self.things[words])

    @property
    def too_few(self) -> str:
        """Which groups are too small for an interval, in a sentence; "" where none is."""
        few = [f"{g.name} ({g.n})" for g in self if permitted(g.n) is not Evidence.WORDS]
        return note("any.too_few", few, few=some(few, _NAMED))


def grouped(measures: Measures, by: str = "outlet") -> Groups:
    """The articles by group, their words and phrases counted, copies and editions once.

    Left out, and said in the notes: articles without a label in `by`, articles without a word in
    what is selected, and within a group every article whose text is byte for byte that of another
    (the first id stays), or that is an edition of another of its outlet (the longest stays): copies
    are not further evidence. Copies in part are found by `analysis.compare.reuse`.
    """
    counts = measures.counts(phrases=True)
    labels = measures.labels(by).to_numpy(object)
    ids = counts.articles["id"].to_numpy(object)
    tokens = np.asarray(counts.matrix @ is_word(counts.terms))
    labelled, worded = labels != "", tokens > 0
    copy = exact_copies(counts.articles, measures.texts, labels) & labelled & worded
    others = editions(measures, measures.labels(by), but=ids[copy])
    edition = np.isin(ids, list(others)) & labelled & worded
    kept = np.flatnonzero(labelled & worded & ~copy & ~edition)
    if not len(kept):
        raise refusal("nothing", by=by)
    kept = kept[np.argsort(ids[kept], kind="stable")]
    groups = {}
    for name in sorted(set(labels[kept])):
        rows = kept[labels[kept] == name]
        own = tuple(map(str, ids[rows]))
        groups[name] = Group(name, counts.matrix[rows], own, tokens[rows])
    sizes = ", ".join(f"{g.name} {g.n} ({g.size:,})" for g in groups.values())
    out = {
        f"without {by}": ~labelled,
        note("any.wordless"): labelled & ~worded,
        note("any.copy"): copy,
        note("any.edition", share=EDITION): edition,
    }
    left = [(why, int(of.sum())) for why, of in out.items()]
    notes = (
        note("any.sizes", sizes=sizes),
        *(note("any.left_out", n, n=n, why=why) for why, n in left),
    )
    return Groups(groups, counts.terms, measures, tuple(n for n in notes if n))


def is_word(things: pd.Index) -> np.ndarray:
    """Which terms are single words; the others are phrases, whose words are counted too."""
    return np.asarray(~things.str.contains(" ", regex=False))


def as_counted(terms: Sequence[str]) -> list[str]:
    """Terms as the tables write them, each once: ``O’Brien`` is counted as ``o'brien``."""
    return list(dict.fromkeys(" ".join(tokenize(term)) for term in terms))


def largest(measures: Measures, by: str = "outlet", number: int = 2) -> list[str]:
    """The groups with most articles, most first; of equal ones the first by name."""
    labels = measures.labels(by)
    sizes = labels[labels != ""].value_counts()
    return sorted(sizes.index, key=lambda name: (-sizes[name], name))[:number]


def exact_copies(articles: pd.DataFrame, texts: pd.Series, labels: np.ndarray) -> np.ndarray:
    """Whether an article's text stands in its group under a smaller id; a title alone is none."""
    keys = pd.DataFrame({"label": labels, "text": articles["id"].map(texts), "id": articles["id"]})
    by_id = keys.sort_values("id", kind="stable")
    return by_id.duplicated(["label", "text"]).sort_index().to_numpy()


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

    @property
    def effective_n(self) -> float:
        """How many equally weighted articles say as much: n for one group."""
        return float(1 / (self.shares**2).sum())

    @property
    def inflation(self) -> float:
        r"""By what a bootstrap within groups falls short: n/(n − 1) for one group of n.

        :math:`\sum_g \frac1{n_g} / \sum_g \frac{n_g-1}{n_g^2}`, groups of one article, which are
        drawn from together, counting as one.
        """
        n = np.array([g.n for g in self.groups], np.float64)
        drawn = ((n - 1) / n**2).sum() + max((n == 1).sum() - 1, 0)
        return float((1 / n).sum() / drawn) if drawn else 1.0

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
    def uneven(self) -> bool:
        """Whether the test does not hold its level, and is withheld.

        Few longer articles against many: measured (``tests/benchmarks/bench_inference.py
        uneven``), 5 to 19 % of words that do not differ have p < .05 where 4 to 13 articles stand
        against more than three times as many and are longer by a tenth or more.
        """
        few, many = sorted((self.target, self.reference), key=lambda side: side.n)
        if not Evidence.NAMED_TERMS <= few.n < _FIRM or many.n <= _MANY * few.n:
            return False
        return bool(few.tokens.mean() > _LONGER * many.tokens.mean())

    def tested(self, named: bool, plan: Plan) -> np.ndarray:
        """Which of what is listed may be tested: decided without looking at whose articles are."""
        level = Evidence.NAMED_TERMS if named else Evidence.WORDS
        if self.evidence < level or self.uneven:
            return np.zeros(len(self.listed), bool)
        if named:
            return np.ones(len(self.listed), bool)
        held = (self.target.articles + self.reference.articles)[self.listed]
        return np.asarray(held >= plan.fewest(min(self.target.n, self.reference.n)))

    def exchangeable(self, strata: pd.Series) -> Contrast:
        """The same without articles of strata that only one side has: none can take their place."""
        has = [set(strata.reindex(side.ids)) for side in (self.target, self.reference)]
        both = has[0] & has[1]

        def kept(side: Side) -> Side:
            rows = [np.array([strata[i] in both for i in g.ids]) for g in side.groups]
            groups = [g.keep(r) for g, r in zip(side.groups, rows, strict=True) if r.any()]
            return Side(side.name, tuple(groups))

        return replace(self, target=kept(self.target), reference=kept(self.reference))

    @property
    def counts(self) -> tuple[np.ndarray, float, np.ndarray, float]:
        """y₁, n₁, y₂, n₂ of what is listed, as `analysis.compare.ground.scores` takes them."""
        t, r = self.target, self.reference
        y1, y2 = t.weighted_count[self.listed], r.weighted_count[self.listed]
        return y1, t.weighted_size, y2, r.weighted_size

    def described(self, names: tuple[str, str]) -> dict[str, Any]:
        """Name, counts, rates and articles of the two sides, in columns called after `names`."""
        columns: dict[str, Any] = {}
        for name, side in zip(names, (self.target, self.reference), strict=True):
            columns |= {
                name: side.name,
                f"n_{name}": side.count[self.listed],
                f"tokens_{name}": side.size,
                f"per_1000_{name}": 1000 * side.rate[self.listed],
                f"articles_{name}": side.articles[self.listed],
                f"articles_{name}_all": side.n,
            }
        return columns

    def log_odds(self, share: np.ndarray, prior: float | str) -> np.ndarray:
        """`scores.log_odds_z`, the prior being a number or ``"n"``, the tokens of both sides."""
        both = self.target.weighted_size + self.reference.weighted_size
        return scores.log_odds_z(*self.counts, share, both if prior == "n" else float(prior))

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
    """Each target against each reference; left out, every group and the rest.

    A pair that stands in both orders is given once, in the first. Two groups that are each
    other's rest are one pair.
    """
    targets = list(groups.groups) if target is None else _list(target)
    references = [REST] if reference is None else _list(reference)
    if targets == references:
        raise refusal("itself", name=targets[0])
    seen: set[tuple[str, str]] = set()
    for name, other in product(targets, references):
        one = Side(name, (groups.named(name),))
        two = groups.rest(name) if other == REST else Side(other, (groups.named(other),))
        pair = (name, two.name)
        if two.groups and name != two.name and not seen & {pair, pair[::-1]}:
            seen.add(pair)
            yield one, two


def _list(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(dict.fromkeys(names))


# ---------------------------------------------------------------- tests and intervals


def log_spread(side: Side, columns: np.ndarray, plan: Plan) -> tuple[np.ndarray, float]:
    """Bootstrap variance of a side's log rate of each thing, and its articles: for `interval`."""
    groups = np.repeat(np.arange(len(side.groups)), [g.n for g in side.groups])
    times = inference.resampled(groups, side.ids, plan.bootstraps, plan.seed)
    size = np.array([side.tokens[groups == g] @ times[groups == g] for g in np.unique(groups)])
    divisor = size[groups]
    single = np.bincount(groups)[groups] == 1
    divisor[single] = side.tokens[single, None]
    weights = times / np.maximum(divisor, 1) / len(side.groups)
    found = inference.spread(side.matrix(columns), weights, side.weighted_size, side.inflation)
    return found, side.effective_n


def inferred(
    contrasts: Sequence[Contrast], named: bool, plan: Plan, strata: pd.Series | None = None
) -> list[dict[str, Any]]:
    """log_ratio_low and _high, loo_low and _high, p of each contrast; empty where n forbids them.

    Parameters
    ----------
    named
        Whether what is listed was named beforehand: tested from 4 articles, and never filtered.
    strata
        What is held still, by id of article.
    """
    columns = ("log_ratio_low", "log_ratio_high", "loo_low", "loo_high", "p")
    found: list[dict[str, Any]] = [dict.fromkeys(columns, np.nan) for _ in contrasts]
    for one, c in zip(found, contrasts, strict=True):
        if c.evidence is Evidence.WORDS and plan.bootstraps:
            one["log_ratio_low"], one["log_ratio_high"] = _ratio_interval(c, plan)
        elif c.evidence in (Evidence.DESCRIPTIVE, Evidence.NAMED_TERMS) and plan.permutations:
            one["loo_low"], one["loo_high"] = _leave_one_out(c)
    if plan.permutations:
        for one, p in zip(found, _p_values(contrasts, named, plan, strata), strict=True):
            one["p"] = p
    return found


def _ratio_interval(c: Contrast, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the interval of the log ratio; empty where a side lacks the thing."""
    parts = [log_spread(side, c.listed, plan) for side in (c.target, c.reference)]
    low, high = inference.interval(scores.log_ratio(*c.counts), *parts)
    lacking = (c.target.count[c.listed] == 0) | (c.reference.count[c.listed] == 0)
    return np.where(lacking, np.nan, low), np.where(lacking, np.nan, high)


def _p_values(
    contrasts: Sequence[Contrast], named: bool, plan: Plan, strata: pd.Series | None
) -> list[np.ndarray]:
    """p of each contrast's things. Contrasts of the same articles share their permutations."""
    found = [np.full(len(c.listed), np.nan) for c in contrasts]
    if strata is not None:
        contrasts = [c.exchangeable(strata) for c in contrasts]
    masks = [c.tested(named, plan) for c in contrasts]
    batches: dict[object, list[int]] = {}
    for i, c in enumerate(contrasts):
        if masks[i].any():
            alike = strata is None and len(c.reference.groups) > 1
            names = tuple(sorted(g.name for g in (*c.target.groups, *c.reference.groups)))
            batches.setdefault(names if alike else i, []).append(i)
    family = sum(int(mask.sum()) for mask in masks)
    if named:
        plan = replace(plan, permutations=_NAMED_TIMES * plan.permutations)
    for members in batches.values():
        columns = np.unique(np.concatenate([contrasts[i].listed[masks[i]] for i in members]))
        sample, order = sample_of(contrasts[members[0]], columns, strata)
        listed = np.array([np.isin(columns, contrasts[i].listed[masks[i]]) for i in members])
        targets = [order.index(contrasts[i].target.name) for i in members]
        p = ratio_test(sample, targets, listed, plan=plan, exact=EXACT * named, family=family)
        for row, i in enumerate(members):
            found[i][masks[i]] = p[row][np.searchsorted(columns, contrasts[i].listed[masks[i]])]
    return found


def sample_of(
    c: Contrast, columns: np.ndarray, strata: pd.Series | None
) -> tuple[Sample, list[str]]:
    """The articles of both sides, sorted by id, and the names of their groups in order."""
    members = sorted((*c.target.groups, *c.reference.groups), key=lambda g: g.name)
    ids = np.array([i for g in members for i in g.ids], object)
    order = np.argsort(ids, kind="stable")
    counts = sp.vstack([g.matrix[:, columns] for g in members], format="csr")[order]
    tokens = np.concatenate([g.tokens for g in members])[order]
    codes = np.repeat(np.arange(len(members)), [g.n for g in members])[order]
    of_stratum = np.zeros(len(ids), np.int64)
    if strata is not None:
        of_stratum = np.unique(strata.reindex(ids[order]).to_numpy(object), return_inverse=True)[1]
    return Sample(sp.csr_array(counts), tokens, codes, of_stratum), [g.name for g in members]


def _leave_one_out(c: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest log ratio when any one article is left out."""
    y1, n1, y2, n2 = c.counts
    t_all, r_all = scores.smoothed(y1, n1), scores.smoothed(y2, n2)
    t_low, t_high = (ends[c.listed] for ends in c.target.without_one)
    r_low, r_high = (ends[c.listed] for ends in c.reference.without_one)
    return np.fmin(t_low - r_all, t_all - r_high), np.fmax(t_high - r_all, t_all - r_low)
