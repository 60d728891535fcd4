"""Statements of articles in groups, and how well they are found: what sourcing counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare.ground.groups import Groups, grouped
from analysis.data import DATA
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures

OF = ("speaker", "side", "role")
UNATTRIBUTED = "unattributed"
UNLISTED = {"side": "no side", "role": "no role"}
ACCURACY = DATA / "quality" / "attribution.json"
_NEEDED = [
    f"{kind}_{what}" for kind in ("direct", "mixed", "indirect") for what in ("recall", "precision")
]
_NEEDED += ["speaker", "n_gold"]
TEXT = ("article", "speaker", "side", "role", "cue", "kind", "rule", "modality")


# ---------------------------------------------------------------- how good the statements are


def accuracy(path: Path = ACCURACY) -> pd.DataFrame:
    """How well statements are found in hand-coded news, as the benchmark of attribution left it.

    Returns
    -------
    DataFrame
        One row per part of the hand-coded material (train: looked at while the rules were
        written; dev: not): part, then the figures in the file's order, such as direct_recall,
        mixed_precision (quotations), speech_recall, speech_precision (statements with a verb of
        saying), speaker (share right), n_gold, n_found. No row, and a note, where there is no file.

    Raises
    ------
    AnalysisError
        Where the file cannot be read.
    """
    held = _held(path)
    parts = [{"part": part, **held[part]} for part in sorted(held) if isinstance(held[part], dict)]
    table = pd.DataFrame(parts) if parts else pd.DataFrame({"part": pd.Series([], dtype="str")})
    note = held.get("provenance") if held else _not_known(path)
    table.attrs["notes"] = [note] if note else []
    return table


def missed(path: Path = ACCURACY) -> pd.DataFrame:
    """Which quotations of the hand-coded news the rules were written on are missed.

    Returns
    -------
    DataFrame
        One row per kind of quotation (direct, mixed) and kind of cue: gold (coded), not_found,
        otherwise_bounded (something is found there, with other ends), recall. No row, and a note,
        where there is no file.

    Raises
    ------
    AnalysisError
        Where the file cannot be read.
    """
    held = _held(path)
    columns = ["kind", "cue", "gold", "not_found", "otherwise_bounded"]
    table = pd.DataFrame(held.get("missed", []), columns=columns)
    table["recall"] = 1 - (table["not_found"] + table["otherwise_bounded"]) / table["gold"]
    table.attrs["notes"] = [
        "Titles, slogans and scare quotes are coded as attributions too; the rules leave them out."
        if held
        else _not_known(path)
    ]
    return table


def _not_known(path: Path) -> str:
    return (
        f"How well statements are found is not known here: there is no file "
        f"{path.parent.name}/{path.name}. Write it with the benchmark of attribution."
    )


def _held(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text("utf-8"))
        if not isinstance(held, dict):
            raise ValueError(f"a {type(held).__name__}")
    except ValueError as error:
        raise AnalysisError(
            f"{path}: not a file of accuracy figures ({error}).",
            "Write it again with the benchmark of attribution.",
        ) from error
    return held


def accuracy_note() -> str:
    """The figures of the part that was not looked at, in a sentence or two."""
    table = accuracy()
    of = table[table["part"] == "dev"]
    if of.empty or not {*_NEEDED} <= {*of}:
        return "How well statements are found was not measured."
    row = of.iloc[0]
    kinds = ("direct", "mixed", "indirect")
    recall, precision = (
        [row[f"{kind}_{what}"] for kind in kinds] for what in ("recall", "precision")
    )
    return (
        "In hand-coded news the rules were not written on they find {:.0%} of direct and {:.0%} of "
        "mixed quotations and {:.0%} of indirect speech with a verb of saying; {:.0%}, {:.0%} and "
        "{:.0%} of what they find is right, and {:.0%} of the speakers "
        "(n = {:,.0f}).".format(*recall, *precision, row["speaker"], row["n_gold"])
    )


# ---------------------------------------------------------------- statements in groups


@dataclass(frozen=True)
class Said:
    """Statements of the articles in `groups`: all text as str, with the columns group and who.

    `who` is the speaker, side or role asked for; those without one have a name of their own.
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
    """The statements by group, of speakers, sides or roles; negated ones left out where asked."""
    if of not in OF:
        raise unknown("kind of speaker", of, OF)
    groups = grouped(measures, by)
    rows = measures.statements.astype(dict.fromkeys(TEXT, "str"))
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
    notes.append(accuracy_note())
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
        n = int(rows["who"].eq(UNLISTED[of]).sum())
        note += f"; {UNLISTED[of]}: the speaker is named, the table of speakers gives no {of} ({n})"
    return note + "."
