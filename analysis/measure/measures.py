"""Measures: a corpus as counts, and the one way to select from them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.data import LANGUAGE, mistake
from analysis.description import Description
from analysis.errors import unknown
from analysis.measure import languages
from analysis.measure.reference import Reference, read_reference
from analysis.measure.schema import VOICES, ZONES
from analysis.notes import note


@dataclass(frozen=True)
class Measures:
    """The tables of a measured corpus, and how they were made.

    Attributes
    ----------
    articles, outlets, terms, spellings, statements, indicators, overlaps, removed
        DataFrames with the columns of `SCHEMA`; `articles` has the corpus's tags as well.
    package
        Title, licences, sources and how it was measured, as in `datapackage.json`.
    notes
        What was selected, in words; carried into every table that is made of these measures.
    selected
        The columns that were selected by.
    reference
        How common terms are in news at large: the project's own list, or the one given.
    """

    articles: pd.DataFrame
    outlets: pd.DataFrame
    terms: pd.DataFrame
    spellings: pd.DataFrame
    statements: pd.DataFrame
    indicators: pd.DataFrame
    overlaps: pd.DataFrame
    removed: pd.DataFrame
    package: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    given_reference: Reference | None = field(default=None, repr=False)
    beside: Path | None = field(default=None, repr=False)  # where lists of one's own may lie

    @cached_property
    def description(self) -> Description:
        """What the corpus is about, as it was described when it was measured."""
        return Description.from_package(self.package, self.beside)

    @property
    def reference(self) -> Reference:
        """The reference list that gives prior and idf."""
        return self.given_reference or read_reference()

    def fitted(self) -> Measures:
        """These measures with what their languages leave out said.

        Where most articles are in another language than the reference list, the corpus itself is
        the reference.
        """
        notes = (*self.notes, *languages.unmeasured(self.articles))
        fitted = dataclasses.replace(self, notes=notes)
        spoken = self.articles["language"].mode()
        if not len(spoken) or spoken[0] in ("", read_reference().about.get("language", LANGUAGE)):
            return fitted
        reason = f", as there is no list for its language ({spoken[0]})"
        return fitted.with_reference(self.own_reference(reason))

    def own_reference(self, reason: str = "") -> Reference:
        """The corpus itself as a reference list, and in words why."""
        language = str(self.articles["language"].mode()[0])
        matrix, names = self.counts()
        articles = np.bincount(matrix.indices, minlength=len(names))
        tokens = np.asarray(matrix.sum(axis=0)).ravel()
        terms = pd.DataFrame({"term": names, "articles": articles, "tokens": tokens})
        about = {
            "name": f"this corpus itself{reason}",
            "articles": len(self.articles),
            "tokens": int(tokens.sum()),
            "min_articles": 1,
            "language": language,
        }
        return Reference(terms, about)

    def on_topic(self) -> Measures:
        """The articles that are about the event, by the terms of the description.

        The others are set aside with a note (`off_topic` lists them); comparisons never filter by
        themselves. Where the description names no topic, all are about it.
        """
        aside = self.off_topic
        if aside.empty:
            return self
        kept = self.keep(self.articles.loc[self.articles["on_topic"], "id"])
        sizes = {"n": len(aside), "of": len(self.articles), "rule": self.description.topic_rule}
        return kept._noted("on_topic", note("measured.off_topic", **sizes))

    @property
    def off_topic(self) -> pd.DataFrame:
        """The articles that are not about the event: id, outlet, date, title, topic_uses, words."""
        rows = self.articles[~self.articles["on_topic"]]
        columns = ["id", "outlet", "date", "title", "topic_uses", "words"]
        return rows[columns].sort_values(
            ["topic_uses", "outlet", "id"], ascending=[False, True, True], ignore_index=True
        )

    def with_reference(self, reference: Reference) -> Measures:
        """The same measures, compared against another reference list."""
        return dataclasses.replace(self, given_reference=reference)

    def select(self, **filters: object) -> Measures:
        """The measures of some articles, or of some of their words: the one way to select.

        Parameters
        ----------
        **filters
            Column = value or list of values. Any column of `articles` or `outlets` selects
            articles; ``date=("2031-05-01", "2031-05-07")`` those of a range of days, both ends
            included, either of them None. `zone`, `voice` and `side` select words (terms and
            indicators; `zone` and `side` statements as well). An article stays when none of its
            words is left.

        Raises
        ------
        AnalysisError
            Where a column or a value does not exist; the message lists those that do.
        """
        selected = self
        for column, wanted in filters.items():
            if column == "date" and isinstance(wanted, tuple):
                selected = selected._select_days(*_ends(wanted))
                continue
            values = list(wanted) if _is_list(wanted) else [wanted]  # type: ignore[call-overload]
            if column in ("zone", "voice", "side"):
                selected = selected._select_words(column, values)
            else:
                selected = selected._select_articles(column, values)
            listed = ", ".join(map(str, values))
            told = note("measured.selected", column=column, values=listed)
            selected = selected._noted(column, told)
        return selected

    def _noted(self, column: str, told: str) -> Measures:
        notes, selected = (*self.notes, told), (*self.selected, column)
        return dataclasses.replace(self, notes=notes, selected=selected)

    def _select_words(self, column: str, values: list[object]) -> Measures:
        available = {"zone": ZONES, "voice": VOICES}.get(column) or (
            set(self.terms["side"].unique()) | set(self.statements["side"].unique())
        )
        for value in values:
            if value not in available and (column, value) != ("zone", ""):
                raise unknown(column, value, available)
        names = ("terms", "indicators") + (("statements",) if column != "voice" else ())
        tables = {name: getattr(self, name) for name in names}
        kept = {name: t[t[column].isin(values)] for name, t in tables.items()}
        return dataclasses.replace(self, **kept)

    def _select_articles(self, column: str, values: list[object]) -> Measures:
        labels = self.labels(column)
        for value in values:
            if not (labels == value).any():
                raise unknown(column, value, labels.unique())
        return self.keep(labels.index[labels.isin(values)])

    def _select_days(self, first: str, last: str) -> Measures:
        day = self.labels("date").str[:10]
        undated = int((day == "").sum())
        days = f"from {first or 'the first'} to {last or 'the last'}"
        inside = (day >= first) & (day <= (last or "9999")) & (day != "")
        if not inside.any():
            dated = day[day != ""]
            there = f"{dated.min()} to {dated.max()}" if len(dated) else "none"
            raise mistake("days-none", range=days, there=there, undated=undated)
        left = {"others": int((~inside).sum()) - undated, "undated": undated}
        return self.keep(day.index[inside])._noted("date", note("measured.days", days=days, **left))

    def keep(self, ids: Iterable[str]) -> Measures:
        """The measures of the articles with these ids, nothing else changed."""
        wanted = set(ids)
        articles = self.articles[self.articles["id"].isin(wanted)].reset_index(drop=True)
        outlets = self.outlets[self.outlets["outlet"].isin(articles["outlet"])]
        kept = {"articles": articles, "outlets": outlets.reset_index(drop=True)}
        kept["overlaps"] = self.overlaps[self.overlaps[["a", "b"]].isin(wanted).all(axis=1)]
        for name in ("terms", "statements", "indicators", "removed"):
            table = getattr(self, name)
            kept[name] = table[table["article"].isin(wanted)]
        return dataclasses.replace(self, **kept)

    def labels(self, by: str) -> pd.Series:
        """The group of each article: a column of `articles` or of `outlets`, indexed by id."""
        if by in self.articles.columns:
            values = self.articles[by]
        elif by in self.outlets.columns:
            of_outlet = self.outlets.set_index("outlet")[by]
            values = self.articles["outlet"].map(of_outlet).fillna("")
        else:
            columns = [*self.articles.columns, *self.outlets.columns]
            raise unknown("column to compare by", by, columns)
        return pd.Series(values.to_numpy(), index=pd.Index(self.articles["id"]), name=by)

    @property
    def words(self) -> pd.DataFrame:
        """The terms that are single words: phrases, whose words these are, stand beside them."""
        names = self.terms["term"].cat
        is_word = ~names.categories.str.contains(" ", regex=False)
        return self.terms if is_word.all() else self.terms[np.asarray(is_word)[names.codes]]

    def counts(self, *, phrases: bool = False) -> tuple[sp.csr_array, pd.Index]:
        """The selected words as a sparse matrix, articles × terms; zones and voices added up.

        With `phrases` those too: rows then no longer add up to words. Rows are in the order of
        `articles`; the terms, one per column, in code-point order.
        """
        terms = self.terms if phrases else self.words
        rows = pd.Index(self.articles["id"]).get_indexer(terms["article"].cat.categories)
        used, columns = np.unique(terms["term"].cat.codes.to_numpy(), return_inverse=True)
        names = terms["term"].cat.categories[used]
        order = np.argsort(names.to_numpy(object), kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        shape = (len(self.articles), len(names))
        at = (rows[terms["article"].cat.codes.to_numpy()], rank[columns])
        matrix = sp.coo_array((terms["count"].to_numpy(np.int64), at), shape=shape).tocsr()
        return matrix, pd.Index(names[order], name="term")

    @cached_property
    def texts(self) -> pd.Series:
        """What is equal where two texts are the same to the letter, by article id.

        The hash; for a text under 50 words, which has none, its words by zone, voice and side;
        for one without words the id, which nothing equals.
        """
        known = self.articles.set_index("id")["text_sha256"]
        short = known.index[known == ""]
        rows = self.terms[self.terms["article"].isin(short)].astype("str")
        rows = rows.sort_values(["article", "zone", "voice", "side", "term"])
        lines = rows["zone"] + "|" + rows["voice"] + "|" + rows["side"] + "|" + rows["term"]
        words = (lines + "|" + rows["count"]).groupby(rows["article"]).agg("\n".join)
        return known.where(known != "", known.index.to_series().map(words)).fillna(
            known.index.to_series()
        )

    @cached_property
    def _written(self) -> dict[str, str]:
        """The spelling of each term."""
        return dict(zip(self.spellings["term"], self.spellings["spelling"], strict=True))

    def spelling(self, terms: Iterable[str]) -> list[str]:
        """How each term is written most often in this corpus."""
        return [self._written.get(term, term) for term in terms]


def _ends(days: tuple[object, ...]) -> tuple[str, str]:
    """First and last day of a range, '' where it is open."""
    ends = ["" if day is None else str(day) for day in days]
    if len(ends) != 2 or not all(re.fullmatch(r"(\d{4}-\d\d-\d\d)?", day) for day in ends):
        raise mistake("days-range", days=days)
    return ends[0], ends[1]


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | set | frozenset | np.ndarray | pd.Series | pd.Index)
