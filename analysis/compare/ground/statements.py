"""Statements of articles in groups: what sourcing counts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.compare.ground.groups import Groups, grouped
from analysis.compare.ground.notes import note, of_all_voices
from analysis.errors import unknown
from analysis.measure.measures import Measures

OF = ("speaker", "side", "role")
UNATTRIBUTED, MEDIA = "unattributed", "media"
UNLISTED = {"side": "no side", "role": "no role"}
TEXT = ("article", "speaker", "side", "role", "cue", "lemma", "class", "kind", "rule", "modality")


def said_in(
    measures: Measures, by: str, of: str, asserted_only: bool = False
) -> tuple[Groups, pd.DataFrame]:
    """The articles in groups, and their statements, of speakers, sides or roles.

    All text is str; with the columns group, statements (1) and who: the speaker, side or role
    asked for; those without one have a name of their own. Media that are cited and have no side
    are a side of their own: they are nobody's source. Negated ones are left out where asked.

    Raises
    ------
    AnalysisError
        Where words of one voice are selected, since a statement is in several.
    """
    if of not in OF:
        raise unknown("kind of speaker", of, OF)
    of_all_voices(measures, "speakers")
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
        notes.append(note("sourcing.silent", names=", ".join(silent)))
    notes.append(_unlisted_note(rows, of))
    return replace(groups, notes=(*groups.notes, *(n for n in notes if n))), rows


def everybody(rows: pd.DataFrame) -> pd.Index:
    """Everybody who speaks, by name."""
    return pd.Index(sorted(set(rows["who"])), dtype="str")


def _who(rows: pd.DataFrame, of: str) -> pd.Series:
    """The speaker, side or role of each statement."""
    named = rows[of].mask(rows[of] == "", UNLISTED.get(of, UNATTRIBUTED))
    return named.mask(rows["speaker"] == "", UNATTRIBUTED)


def _modality_note(rows: pd.DataFrame, left_out: bool) -> str:
    counts = rows.loc[rows["modality"] != "", "modality"].value_counts()
    found = " and ".join(f"{counts[m]} {m}" for m in sorted(counts.index))
    verb = "are left out" if left_out else "are counted"
    name = "sourcing.modality" if found else "sourcing.no_modality"
    return note(name, n=len(rows), found=found, verb=verb)


def _unlisted_note(rows: pd.DataFrame, of: str) -> str:
    times = rows["who"].value_counts()
    name, media = UNLISTED.get(of, ""), int(times.get(MEDIA, 0))
    return (
        note("sourcing.unattributed", n=int(times.get(UNATTRIBUTED, 0)), of=len(rows))
        + note("sourcing.unlisted", name, name=name, of=of, n=int(times.get(name, 0)))
        + note("sourcing.media", name and media, n=media)
        + "."
    )
