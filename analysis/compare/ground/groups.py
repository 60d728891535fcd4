"""Articles in groups: what every comparison of words counts, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground.inference import Evidence, permitted
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures

REST = "rest"
Names = str | Sequence[str] | None  # one, several, or where left out all


@dataclass(frozen=True)
class Group:
    """The articles of one group.

    Attributes
    ----------
    name : the group's label
    matrix : sparse int64, articles × terms
    ids : of the articles, in the order of the rows
    tokens : of each article
    """

    name: str
    matrix: sp.csr_array
    ids: tuple[str, ...]
    tokens: np.ndarray

    @cached_property
    def count(self) -> np.ndarray:
        """Occurrences of each term."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    @cached_property
    def articles(self) -> np.ndarray:
        """Articles that hold each term (the *range* of corpus linguistics)."""
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
    """Articles in groups, over one list of terms.

    Attributes
    ----------
    groups : by name, in code-point order
    terms : one per column of every group's matrix
    measures : what was selected
    notes : what was left out and how many articles and tokens remain
    """

    groups: dict[str, Group]
    terms: pd.Index
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

    @property
    def few(self) -> list[str]:
        """Groups too small for an interval, with their articles: ``["Post (3)"]``."""
        return [f"{g.name} ({g.n})" for g in self if permitted(g.n) is not Evidence.WORDS]


def grouped(
    measures: Measures, by: str = "outlet", zone: Names = None, voice: Names = None
) -> Groups:
    """The articles by group, exact copies counted once.

    Left out, and said in the notes: articles without a label in `by`, articles without a word in
    the zone and voice asked for, and within a group every article whose text is byte for byte
    that of another (the first id stays): copies are not further evidence. Copies in part are
    found by `analysis.compare.reuse`.
    """
    chosen = {"zone": zone, "voice": voice}
    selected = measures.select(**{k: v for k, v in chosen.items() if v is not None})
    counts = selected.counts()
    labels = selected.labels(by).to_numpy(object)
    ids = counts.articles["id"].to_numpy(object)
    tokens = np.asarray(counts.matrix.sum(axis=1)).ravel()
    labelled, worded = labels != "", tokens > 0
    copy = exact_copies(counts.articles, labels) & labelled & worded
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
    return Groups(groups, counts.terms, selected, tuple(n for n in notes if n))


def largest(measures: Measures, by: str = "outlet", number: int = 2) -> list[str]:
    """The groups with most articles, most first; of equal ones the first by name."""
    labels = measures.labels(by)
    sizes = labels[labels != ""].value_counts()
    return sorted(sizes.index, key=lambda name: (-sizes[name], name))[:number]


def exact_copies(articles: pd.DataFrame, labels: np.ndarray) -> np.ndarray:
    """Whether an article's text stands in its group under a smaller id; a title alone is none."""
    keys = pd.DataFrame(
        {
            "label": labels,
            "text": articles["text_sha256"].where(articles["words"] > 0, articles["id"]),
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
        """Occurrences of each term."""
        return np.sum([g.count for g in self.groups], axis=0)

    @cached_property
    def articles(self) -> np.ndarray:
        """Articles that hold each term."""
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

    def matrix(self, terms: np.ndarray) -> sp.csr_array:
        """Counts of these terms, articles × terms."""
        return sp.csr_array(sp.vstack([g.matrix[:, terms] for g in self.groups], format="csr"))

    @cached_property
    def without_one(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest smoothed log rate of each term when one article is left out.

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
