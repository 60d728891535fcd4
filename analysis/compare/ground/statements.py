"""Statements of articles in groups: what sourcing counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.compare.ground.groups import Groups, grouped
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures

OF = ("speaker", "side", "role")
UNATTRIBUTED, MEDIA = "unattributed", "media"
UNLISTED = {"side": "no side", "role": "no role"}
TEXT = ("article", "speaker", "side", "role", "cue", "lemma", "class", "kind", "rule", "modality")


@dataclass(frozen=True)
class Said:
    """Statements of the articles in `groups`: all text as str, with the columns group and who.

    `who` is the speaker, side or role asked for; those without one have a name of their own.
    Media that are cited and have no side are a side of their own: they are nobody's source.
    """

    groups: Groups
    rows: pd.DataFrame
    notes: tuple[str, ...]

    @cached_property
    def who(self) -> pd.Index:
        """Everybody who speaks, by name."""
        return pd.Index(sorted(set(self.rows["who"])), dtype="str")

    def amounts(self, amount: str) -> Groups:
        """Statements, words or marked words of each speaker (side, role) counted by article."""
        return self.groups.count(self.rows, "who", self.who, amount)


def said_in(measures: Measures, by: str, of: str, asserted_only: bool = False) -> Said:
    """The statements by group, of speakers, sides or roles; negated ones left out where asked.

    Raises
    ------
    AnalysisError
        Where words of one voice are selected, since a statement is in several.
    """
    if of not in OF:
        raise unknown("kind of speaker", of, OF)
    if "voice" in measures.selected:
        raise AnalysisError(
            "Who is given the word was asked of the words of one voice.",
            "Ask it of all words: leave voice out of select(…).",
        )
    groups = grouped(measures, by)
    rows = measures.statements.astype(dict.fromkeys(TEXT, "str"))
    rows["side"] = rows["side"].mask((rows["role"] == MEDIA) & (rows["side"] == ""), MEDIA)
    rows = rows.assign(group=rows["article"].map(groups.of_article), statements=1)
    rows = rows[rows["group"].notna()].sort_values(["article", "order"], ignore_index=True)
    notes = [_modality_note(rows, asserted_only)]
    if asserted_only:
        rows = rows[rows["modality"] == ""].reset_index(drop=True)
    rows = rows.assign(who=_who(rows, of))
    silent = [g.name for g in groups if not rows["group"].eq(g.name).any()]
    if silent:
        notes.append(f"No statement was found in: {', '.join(silent)}.")
    notes.append(_unlisted_note(rows, of))
    return Said(groups, rows, (*groups.notes, *(n for n in notes if n)))


def _who(rows: pd.DataFrame, of: str) -> pd.Series:
    """The speaker, side or role of each statement."""
    named = rows[of].mask(rows[of] == "", UNLISTED.get(of, UNATTRIBUTED))
    return named.mask(rows["speaker"] == "", UNATTRIBUTED)


def _modality_note(rows: pd.DataFrame, left_out: bool) -> str:
    counts = rows.loc[rows["modality"] != "", "modality"].value_counts()
    found = " and ".join(f"{counts[m]} {m}" for m in sorted(counts.index))
    if not found:
        return f"{len(rows):,} statements, none of them negated or hypothetical."
    verb = "are left out" if left_out else "are counted"
    return f"Of {len(rows):,} statements, {found} (“did not say”, “may say”) {verb}."


def _unlisted_note(rows: pd.DataFrame, of: str) -> str:
    nobody = int(rows["who"].eq(UNATTRIBUTED).sum())
    note = f"{UNATTRIBUTED}: nobody was found who says it ({nobody:,} of {len(rows):,})"
    if of in UNLISTED:
        n, media = (int(rows["who"].eq(name).sum()) for name in (UNLISTED[of], MEDIA))
        note += f"; {UNLISTED[of]}: the speaker is named, the table of speakers gives no {of} ({n})"
        note += f"; {MEDIA}: other media and reporters, who are no source ({media})" * bool(media)
    return note + "."
