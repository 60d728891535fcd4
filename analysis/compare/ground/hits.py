"""Hits of word lists instead of words: what comparisons of frames and names count."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.coding import described_lexicons
from analysis.compare.ground.groups import Group, Groups, Names, grouped
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.measure.schema import HIT_VOICES

KEY = ["lexicon", "set", "entry"]


@dataclass(frozen=True)
class Hits:
    """Articles in groups, with their hits.

    Attributes
    ----------
    entries : one row an entry, in the order in which they stand in the lexicons: lexicon, set,
        entry, house_style
    patterns : one row a pattern found: of_entry (row of its entry), pattern
    rows : the hits asked for, of articles in the groups: article, lexicon, set, entry, pattern,
        voice, side, count, negated, distanced, of_entry, of_pattern, group
    by_entry, by_pattern : each group's matrix is articles × entries (patterns); its tokens are
        words
    """

    entries: pd.DataFrame
    patterns: pd.DataFrame
    rows: pd.DataFrame
    by_entry: Groups
    by_pattern: Groups

    @property
    def of_entry(self) -> np.ndarray:
        """Row of the entry of each pattern."""
        return self.patterns["of_entry"].to_numpy(np.int64)

    def of_group(self, name: str) -> pd.DataFrame:
        """The hits of one group."""
        return self.rows[self.rows["group"] == name]

    def added(self, rows: pd.DataFrame, column: str = "count") -> np.ndarray:
        """A column of some hits, added up for each entry."""
        sums = np.bincount(rows["of_entry"], rows[column], len(self.entries))
        return sums.astype(np.int64)

    def of_entries(self, found: pd.Series) -> np.ndarray:
        """A text for each entry, given those that have one by their row; "" for the others."""
        return pd.array([found.get(i, "") for i in range(len(self.entries))], "str")


def hits_of(
    measures: Measures,
    kind: str,
    by: str,
    voice: str | None = None,
    zone: Names = None,
    lexicon: Names = None,
) -> Hits:
    """The hits of lexicons of a kind (indicators, naming) in the articles by group.

    Raises
    ------
    AnalysisError
        Where a column, voice, zone or lexicon does not exist.
    """
    if voice is not None and voice not in HIT_VOICES:
        raise unknown("voice", voice, HIT_VOICES)
    entries = _entries(measures, kind, lexicon)
    # Reported words stand among the narrator's: they have no denominator of their own.
    words_of = {"reported": "narrator"}.get(voice or "", voice)
    groups = grouped(measures, by, zone, words_of)
    if entries.empty:
        groups = replace(groups, notes=(*groups.notes, _without(kind)))
    rows = (measures if zone is None else measures.select(zone=zone)).indicators
    rows = rows if voice is None else rows[rows["voice"] == voice]
    rows = rows.astype({c: "str" for c in ("article", *KEY, "pattern", "voice", "side")})
    rows = rows.merge(entries[KEY].reset_index(names="of_entry"), on=KEY)
    rows = rows.assign(group=rows["article"].map(groups.of_article))
    rows = rows[rows["group"].notna()].reset_index(drop=True)
    patterns = rows[["of_entry", "pattern"]].drop_duplicates()
    patterns = patterns.sort_values(["of_entry", "pattern"], ignore_index=True)
    rows = rows.merge(patterns.reset_index(names="of_pattern"), on=["of_entry", "pattern"])
    return Hits(
        entries,
        patterns,
        rows,
        _counted(groups, rows, "of_entry", len(entries)),
        _counted(groups, rows, "of_pattern", len(patterns)),
    )


def _entries(measures: Measures, kind: str, wanted: Names) -> pd.DataFrame:
    """One row an entry of the lexicons of a kind: lexicon, set, entry, house_style."""
    described = described_lexicons(measures)
    names = [wanted] if isinstance(wanted, str) else wanted
    of_kind = sorted(name for name, one in described.items() if one["kind"] == kind)
    for name in names or ():
        if name not in of_kind:
            raise unknown(f"lexicon of {kind}", name, of_kind)
    rows = [
        (name, of_set, entry, one["house_style"])
        for name in (of_kind if names is None else sorted(set(names)))
        for of_set, one in described[name]["sets"].items()
        for entry in one["labels"]
    ]
    entries = pd.DataFrame(rows, columns=[*KEY, "house_style"])
    return entries.astype({**dict.fromkeys(KEY, "str"), "house_style": "bool"})


def _without(kind: str) -> str:
    return (
        f"These articles were measured without a lexicon of {kind}, so nothing was looked for. "
        "Measure them again; the bundled lexicons are used where none is named."
    )


def _counted(groups: Groups, rows: pd.DataFrame, column: str, number: int) -> Groups:
    """The groups with counts of hits, articles × the values of a column of `rows`."""

    def of(group: Group) -> Group:
        own = rows[rows["group"] == group.name]
        at = (pd.Index(group.ids).get_indexer(own["article"]), own[column].to_numpy(np.int64))
        cells = (own["count"].to_numpy(np.int64), at)
        return replace(group, matrix=sp.coo_array(cells, shape=(group.n, number)).tocsr())

    return replace(groups, groups={group.name: of(group) for group in groups})
