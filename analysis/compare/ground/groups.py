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
from analysis.compare.ground.copies import find_editions
from analysis.compare.ground.inference import EXACT, REST, Evidence, Names, Plan, permitted
from analysis.compare.ground.permutations import Sample, ratio_test
from analysis.data import mistake
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.measure.overlaps import EDITION
from analysis.measure.tokens import tokenize
from analysis.notes import note, some

_NAMED = 20
_FIRM, _MANY, _LONGER = 14, 3, 1.1  # articles, times as many, times as long
_NAMED_TIMES = 4  # as many permutations where few terms are tested
_INFERRED = ("log_ratio_low", "log_ratio_high", "loo_low", "loo_high", "p")


@dataclass(frozen=True, eq=False)
class Groups:
    """Articles in groups, over one list of things.

    Attributes
    ----------
    names : of the groups, in code-point order
    code : of each article the number of its group
    ids : of the articles, by group and id
    tokens : of each article
    matrix : sparse int64, articles × things (terms, entries of word lists, speakers …)
    things : one per column
    measures : what was selected
    notes : what was left out and how many articles and tokens remain
    """

    names: tuple[str, ...]
    code: np.ndarray
    ids: np.ndarray
    tokens: np.ndarray
    matrix: sp.csr_array
    things: pd.Index
    measures: Measures
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Side]:
        return (Side(name, self, (i,)) for i, name in enumerate(self.names))

    def named(self, name: object) -> Side:
        """The group of this name."""
        if name not in self.names:
            raise unknown("group", name, self.names)
        return Side(str(name), self, (self.names.index(str(name)),))

    def rest(self, name: str) -> Side:
        """All groups but this one: *rest*, or where only one is left that one by its name."""
        others = tuple(i for i in np.unique(self.code).tolist() if self.names[i] != name)
        return Side(self.names[others[0]] if len(others) == 1 else REST, self, others)

    def contrasts(self, target: Names, reference: Names) -> Iterator[Contrast]:
        """Each target against each reference; left out, every group and the rest.

        A pair that stands in both orders is given once, in the first. Two groups that are each
        other's rest are one pair.
        """
        targets, references = (
            [names] if isinstance(names, str) else list(dict.fromkeys(names))
            for names in (target or self.names, reference or REST)
        )
        if targets == references:
            raise mistake("itself", name=targets[0])
        seen: set[frozenset[str]] = set()
        for name, other in product(targets, references):
            two = self.rest(name) if other == REST else self.named(other)
            pair = frozenset((name, two.name))
            if two.members and len(pair) == 2 and pair not in seen:
                seen.add(pair)
                yield Contrast(self.named(name), two, np.arange(len(self.things)))

    @property
    def of_article(self) -> dict[str, str]:
        """The group of each article, by its id."""
        return {i: self.names[code] for i, code in zip(self.ids, self.code, strict=True)}

    @cached_property
    def counts(self) -> np.ndarray:
        """Occurrences of each thing, groups × things."""
        return self._added(self.matrix)

    @cached_property
    def held(self) -> np.ndarray:
        """Articles that hold each thing (the *range* of corpus linguistics), groups × things."""
        return self._added(sp.csr_array(self.matrix > 0).astype(np.int64))

    def _added(self, matrix: sp.csr_array) -> np.ndarray:
        cells = (np.ones(len(self.code), np.int64), (self.code, np.arange(len(self.code))))
        return (sp.csr_array(cells, shape=(len(self.names), len(self.code))) @ matrix).toarray()

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
            One per column of the new matrix.
        """
        (article, ids), (thing, names) = (pd.factorize(rows[c]) for c in ("article", column))
        row = pd.Index(self.ids, dtype="object").get_indexer(ids.astype("object"))[article]
        column_of = things.get_indexer(names.astype(things.dtype))[thing]
        own = (row >= 0) & (column_of >= 0)
        cells = (rows[amount].to_numpy(np.int64)[own], (row[own], column_of[own]))
        matrix = sp.coo_array(cells, shape=(len(self.ids), len(things))).tocsr()
        matrix.eliminate_zeros()
        return replace(self, matrix=matrix, things=things)

    def only(self, rows: np.ndarray) -> Groups:
        """Some of the articles; a group may be left without any."""
        left = {name: getattr(self, name)[rows] for name in ("code", "ids", "tokens", "matrix")}
        return replace(self, **left)

    def present(self) -> Groups:
        """1 for what an article holds, and one token an article: rates are shares of articles."""
        matrix = sp.csr_array(self.matrix > 0).astype(np.int64)
        return replace(self, matrix=matrix, tokens=np.ones(len(self.ids), np.int64))

    def of_words(self) -> Groups:
        """The same without phrases: what adds up to the tokens."""
        words = np.flatnonzero(is_word(self.things))
        return replace(self, matrix=self.matrix[:, words], things=self.things[words])

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
    matrix, terms = measures.counts(phrases=True)
    labels = measures.labels(by).to_numpy(object)
    ids = measures.articles["id"].to_numpy(object)
    tokens = np.asarray(matrix @ is_word(terms))
    labelled, worded = labels != "", tokens > 0
    texts = pd.DataFrame({"label": labels, "text": measures.articles["id"].map(measures.texts)})
    again = texts.iloc[np.argsort(ids, kind="stable")].duplicated().sort_index().to_numpy()
    copy = again & labelled & worded
    others = find_editions(measures, measures.labels(by), but=ids[copy])
    edition = np.isin(ids, list(others)) & labelled & worded
    kept = np.flatnonzero(labelled & worded & ~copy & ~edition)
    if not len(kept):
        raise mistake("no-article", by=by)
    kept = kept[np.lexsort((ids[kept], labels[kept]))]
    names, code = np.unique(labels[kept], return_inverse=True)
    found = (code, ids[kept], tokens[kept], matrix[kept], terms, measures)
    groups = Groups(tuple(map(str, names)), *found)
    sizes = ", ".join(f"{g.name} {g.n} ({g.size:,})" for g in groups)
    out = {
        f"without {by}": ~labelled,
        note("any.wordless"): labelled & ~worded,
        note("any.copy"): copy,
        note("any.edition", share=EDITION): edition,
    }
    left = [note("any.left_out", of.any(), n=of.sum(), why=why) for why, of in out.items()]
    return replace(groups, notes=(note("any.sizes", sizes=sizes), *filter(None, left)))


def everything(measures: Measures) -> Groups:
    """All articles as one group, sorted by id, and their words without phrases."""
    matrix, terms = measures.counts()
    ids = measures.articles["id"].to_numpy(object)
    order = np.argsort(ids, kind="stable")
    tokens = np.asarray(matrix.sum(axis=1)).ravel()[order]
    code = np.zeros(len(order), np.int64)
    return Groups(("",), code, ids[order], tokens, matrix[order], terms, measures)


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


# ---------------------------------------------------------------- one side of a comparison


@dataclass(frozen=True, eq=False)
class Side:
    """A group, or several groups weighted equally: what is compared.

    Attributes
    ----------
    name : of the group, or *rest*
    of : the groups
    members : numbers of those it consists of
    """

    name: str
    of: Groups
    members: tuple[int, ...]

    @cached_property
    def rows(self) -> np.ndarray:
        """Its articles' rows in the groups."""
        return np.flatnonzero(np.isin(self.of.code, self.members))

    @cached_property
    def code(self) -> np.ndarray:
        """The group of each article, numbered from 0 within the side."""
        return np.searchsorted(self.members, self.of.code[self.rows])

    @property
    def ids(self) -> list[str]:
        """Of the articles, in the order of the rows."""
        return self.of.ids[self.rows].tolist()

    @cached_property
    def tokens(self) -> np.ndarray:
        """Tokens of each article."""
        return self.of.tokens[self.rows]

    @property
    def matrix(self) -> sp.csr_array:
        """Counts, articles × things."""
        return self.of.matrix[self.rows]

    @property
    def n(self) -> int:
        """Number of articles."""
        return len(self.rows)

    @property
    def size(self) -> int:
        """Number of tokens."""
        return int(self.tokens.sum())

    @cached_property
    def sizes(self) -> np.ndarray:
        """Articles and tokens of each group: 2 × groups."""
        return np.array([np.bincount(self.code), np.bincount(self.code, self.tokens)], np.int64)

    @cached_property
    def count(self) -> np.ndarray:
        """Occurrences of each thing."""
        return self.of.counts[list(self.members)].sum(axis=0)

    @cached_property
    def articles(self) -> np.ndarray:
        """Articles that hold each thing."""
        return self.of.held[list(self.members)].sum(axis=0)

    def rates(self, columns: np.ndarray) -> np.ndarray:
        """Occurrences per token of some things in each group, groups × things: large, not kept."""
        return self.of.counts[np.ix_(np.array(self.members), columns)] / self.sizes[1][:, None]

    @cached_property
    def rate(self) -> np.ndarray:
        """Occurrences per token: the mean of the groups' rates."""
        return self.rates(np.arange(len(self.of.things))).mean(axis=0)

    @cached_property
    def weighted_size(self) -> float:
        r"""Tokens that carry the side's information: :math:`G^2/\sum_g 1/n_g` for G groups.

        A count of :math:`y = \text{rate} \cdot` this has the variance of the mean of G Poisson
        rates with n_g tokens each.
        """
        if len(self.members) == 1:
            return float(self.size)
        return len(self.members) ** 2 / sum(1 / n for n in self.sizes[1].tolist())

    @cached_property
    def weighted_count(self) -> np.ndarray:
        """Occurrences in `weighted_size` tokens."""
        return self.count if len(self.members) == 1 else self.rate * self.weighted_size

    @property
    def shares(self) -> np.ndarray:
        """Weight of each article in the mean of the groups' means of articles; adds up to 1."""
        return 1 / (len(self.members) * self.sizes[0][self.code])

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
        n = self.sizes[0].astype(np.float64)
        drawn = ((n - 1) / n**2).sum() + max((n == 1).sum() - 1, 0)
        return float((1 / n).sum() / drawn) if drawn else 1.0

    def without_one(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest smoothed log rate of some things when one article is left out.

        Empty (nan) for a side of one article. A group whose only article is left out leaves the
        mean.
        """
        sizes, rates, matrix = self.sizes[1].astype(float), self.rates(columns), self.matrix
        matrix, total = matrix[:, columns], rates.sum(axis=0)
        low, high = np.full(len(total), np.inf), np.full(len(total), -np.inf)
        for group, member in enumerate(self.members if self.n > 1 else ()):
            rows = np.flatnonzero(self.code == group)
            rows = rows[np.argsort(self.tokens[rows], kind="stable")]
            left = sizes[group] - self.tokens[rows]
            others, inverse = total - rates[group], (1 / np.delete(sizes, group)).sum()
            count = self.of.counts[member, columns].astype(np.float64)
            held = sp.csc_array(matrix[rows])
            held.sort_indices()
            column = np.repeat(np.arange(len(total)), np.diff(held.indptr))
            # Of articles that lack a thing, the shortest leaves the lowest rate, the longest the
            # highest: the first and last in order of length that is not among those that hold it.
            place = np.arange(held.nnz) - held.indptr[column]
            behind = held.indptr[column + 1] - held.indptr[column] - place
            first = np.bincount(column[held.indices == place], minlength=len(total))
            last = np.bincount(column[held.indices == len(rows) - behind], minlength=len(total))
            lacked = np.flatnonzero(first < len(rows))
            for things, y, n in (
                (lacked, count[lacked], left[first[lacked]]),
                (lacked, count[lacked], left[len(rows) - 1 - last[lacked]]),
                (column, count[column] - held.data, left[held.indices]),
            ):
                k = len(sizes) - 1 + (n > 0)
                rate = y / np.where(n > 0, n, 1)
                size = n
                if len(sizes) > 1:
                    size = k**2 / (inverse + np.where(n > 0, 1 / np.where(n > 0, n, 1), 0))
                    rate = (others[things] + rate) / k
                value = (rate * size + 0.5) / (size + 0.5)
                np.minimum.at(low, things, value)
                np.maximum.at(high, things, value)
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
    def name(self) -> str:
        """Both sides' names."""
        return f"{self.target.name} – {self.reference.name}"

    @property
    def n(self) -> int:
        """Articles of the smaller side."""
        return min(self.target.n, self.reference.n)

    @property
    def evidence(self) -> Evidence:
        """What the number of articles allows."""
        return permitted(self.n)

    @property
    def articles(self) -> np.ndarray:
        """Articles of both sides that hold what is listed."""
        return (self.target.articles + self.reference.articles)[self.listed]

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
        may = self.evidence >= (Evidence.NAMED_TERMS if named else Evidence.WORDS)
        return (self.articles >= (0 if named else plan.fewest(self.n))) & may & (not self.uneven)

    def among(self, groups: Groups) -> Contrast:
        """The same two sides, as far as these groups have them."""
        left = set(groups.code.tolist())

        def kept(side: Side) -> Side:
            return Side(side.name, groups, tuple(i for i in side.members if i in left))

        return Contrast(kept(self.target), kept(self.reference), self.listed)

    def exchangeable(self, strata: pd.Series) -> Contrast:
        """The same without articles of strata that only one side has: none can take their place."""
        groups = self.target.of
        own = strata.reindex(groups.ids)
        rows = [side.rows for side in (self.target, self.reference)]
        both = set(own.iloc[rows[0]]) & set(own.iloc[rows[1]])
        return self.among(groups.only(np.flatnonzero(own.isin(both))))

    def sample(
        self, columns: np.ndarray, strata: pd.Series | None = None
    ) -> tuple[Sample, list[int]]:
        """The articles of both sides, sorted by id, and the numbers of their groups in order."""
        groups = self.target.of
        rows = np.concatenate([self.target.rows, self.reference.rows])
        rows = rows[np.argsort(groups.ids[rows], kind="stable")]
        members, code = np.unique(groups.code[rows], return_inverse=True)
        of = np.zeros(len(rows)) if strata is None else strata.reindex(groups.ids[rows])
        of_stratum = np.unique(np.asarray(of, object), return_inverse=True)[1]
        counts = groups.matrix[rows][:, columns]
        return Sample(counts, groups.tokens[rows], code, of_stratum), members.tolist()

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


# ---------------------------------------------------------------- tests and intervals


def log_spread(side: Side, columns: np.ndarray, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    r"""Bootstrap variance of a side's log rate of each thing, and its articles: for `interval`.

    Where few articles make most of the variance :math:`\sum u^2`, u an article's part in the
    rate's deviation, it is known as badly as that of fewer articles: of
    :math:`1 + 2/(\sum u^4/(\sum u^2)^2 - 1/n - 1/y)`, all n where u is normally distributed, or
    its y occurrences are rare and fall where they may.
    """
    times = inference.resampled(side.code, side.ids, plan.bootstraps, plan.seed)
    members = sp.csr_array((side.tokens, (side.code, np.arange(side.n))))
    divisor = (members @ times)[side.code]
    single = side.sizes[0][side.code] == 1
    divisor[single] = side.tokens[single, None]
    weights = times / np.maximum(divisor, 1) / len(side.members)
    parts, rates = side.matrix[:, columns], side.rates(columns)
    found = inference.spread(parts, weights, side.weighted_size, side.inflation)
    cells, n = sp.coo_array(parts), side.effective_n
    own = side.tokens / (len(side.members) * side.sizes[1][side.code])
    expected = own[cells.row] * rates[side.code[cells.row], cells.col]
    parted = expected - own[cells.row] * cells.data / side.tokens[cells.row]
    squares, fourths = (
        np.bincount(cells.col, (parted**2) ** half - (expected**2) ** half, len(columns))
        + np.bincount(side.code, (own**2) ** half) @ (rates**2) ** half
        for half in (1, 2)  # of the power: a fourth one is slow
    )
    uneven = np.divide(fourths, squares**2, out=np.ones_like(squares), where=squares > 0)
    uneven -= 1 / n + 1 / np.maximum(side.weighted_count[columns], 1)
    return found, 1 + np.clip(2 / np.maximum(uneven, 1e-9), 2, n - 1)


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
    found: list[dict[str, Any]] = [dict.fromkeys(_INFERRED, np.nan) for _ in contrasts]
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
            alike = strata is None and len(c.reference.members) > 1
            every = tuple(sorted(c.target.members + c.reference.members))
            batches.setdefault(every if alike else i, []).append(i)
    family = sum(int(mask.sum()) for mask in masks)
    if named:
        plan = replace(plan, permutations=_NAMED_TIMES * plan.permutations)
    for batch in batches.values():
        columns = np.unique(np.concatenate([contrasts[i].listed[masks[i]] for i in batch]))
        sample, members = contrasts[batch[0]].sample(columns, strata)
        listed = np.array([np.isin(columns, contrasts[i].listed[masks[i]]) for i in batch])
        targets = [members.index(contrasts[i].target.members[0]) for i in batch]
        p = ratio_test(sample, targets, listed, plan=plan, exact=EXACT * named, family=family)
        for row, i in enumerate(batch):
            found[i][masks[i]] = p[row][np.searchsorted(columns, contrasts[i].listed[masks[i]])]
    return found


def _leave_one_out(c: Contrast) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest log ratio when any one article is left out."""
    y1, n1, y2, n2 = c.counts
    t_all, r_all = scores.smoothed(y1, n1), scores.smoothed(y2, n2)
    t_low, t_high = c.target.without_one(c.listed)
    r_low, r_high = c.reference.without_one(c.listed)
    return np.fmin(t_low - r_all, t_all - r_high), np.fmax(t_high - r_all, t_all - r_low)
