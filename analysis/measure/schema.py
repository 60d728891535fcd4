"""The tables of a measured corpus: their columns, types, keys and the order of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.data import DATA, read_list
from analysis.errors import AnalysisError, unknown

ZONES = ("headline", "lead", "body")
VOICES = ("narrator", "reported", "quoted")
SCHEMA_NUMBER = 1  # of `datapackage.json`: raised whenever a table changes its columns


@dataclass(frozen=True)
class Column:
    """One column of a table: its Frictionless type and what it holds."""

    type: str
    description: str
    in_cells: tuple[str, ...] = ()
    category: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the package: its file, its primary key and its columns."""

    file: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


def _column(type_: str, description: str, in_cells: Sequence[str] = ()) -> Column:
    is_category = type_ == "category"
    return Column("string" if is_category else type_, description, tuple(in_cells), is_category)


SCHEMA: dict[str, Table] = {
    name: Table(
        table["file"],
        table["description"],
        tuple(table["key"]),
        {column: _column(*spec) for column, spec in table["columns"].items()},
    )
    for name, table in read_list(DATA / "tables.toml").items()
}

_TAG = Column("string", "tag of this corpus")


def columns_of(name: str, frame: pd.DataFrame) -> dict[str, Column]:
    """The columns a table has: those of the schema, and for articles the tags after them."""
    columns = dict(SCHEMA[name].columns)
    if name != "articles":
        return columns
    tags = sorted(str(c) for c in frame.columns if c not in columns)
    names = list(columns)
    at = names.index("words")
    return {c: columns.get(c, _TAG) for c in (*names[:at], *tags, *names[at:])}


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with exactly the schema's columns, types and row order.

    Rows are sorted by the primary key; zones and voices in the order of reading.
    """
    columns = columns_of(name, frame)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise AnalysisError(
            f"Table {name}: no column {', '.join(missing)}.", f"It has: {', '.join(frame.columns)}."
        )
    out = pd.DataFrame({c: _typed(frame[c], spec) for c, spec in columns.items()})
    return _in_order(out, SCHEMA[name].key)


def check_values(name: str, table: pd.DataFrame) -> None:
    """Refuse values that a table cannot hold, whatever wrote it.

    Raises
    ------
    AnalysisError
        For a negative count, a number that is none, a key that is empty or stands twice, a date
        that is no day.
    """
    for column, spec in columns_of(name, table).items():
        values = table[column]
        if spec.type in ("integer", "number"):
            odd = values[(values < 0) | np.isinf(values.astype(np.float64))]
        elif column == "date":
            odd = values[~values.map(_is_day)]
        elif column in SCHEMA[name].key and column not in _MAY_BE_EMPTY:
            odd = values[values.astype("str") == ""]
        else:
            continue
        if len(odd):
            raise AnalysisError(
                f"{name}, row {int(odd.index[0]) + 1}, {column}: {str(odd.iloc[0])!r}.",
                "Take a fresh copy of the folder, or measure the articles again.",
            )
    key = list(SCHEMA[name].key)
    twice = table.duplicated(key)
    if twice.any():
        row = table.loc[twice.idxmax(), key].to_dict()
        raise AnalysisError(f"{name}: more than one row for {row}.", "Keep one of them.")


_MAY_BE_EMPTY = ("zone", "side")


def _is_day(date: str) -> bool:
    """Whether a date is empty, a day, or a day with a time, of the years 1700 to 2199."""
    if not date:
        return True
    try:
        return 1700 <= datetime.fromisoformat(date).year < 2200 and date[4:5] == "-"
    except ValueError:
        return False


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.type == "integer":
        return _whole(values)
    if column.type == "number":
        return pd.to_numeric(values.replace("", np.nan)).astype(np.float64).round(6)
    if column.type == "boolean":
        return _truths(values)
    if not column.category:
        return values.astype("str").fillna("")
    codes, words = _coded(values)
    used = np.zeros(len(words) + 1, bool)
    used[codes] = True
    found = sorted(word for word, is_used in zip(words, used, strict=False) if is_used)
    order = list(column.in_cells) if column.in_cells else found
    unexpected = set(found) - set(order)
    if unexpected:
        raise unknown(str(values.name), sorted(unexpected)[0], order)
    rank = {word: i for i, word in enumerate(order)}
    recoded = np.array([*(rank.get(word, -1) for word in words), -1])[codes]  # -1: missing
    dtype = pd.CategoricalDtype(pd.Index(order, dtype="str"), ordered=False)
    return pd.Series(
        pd.Categorical.from_codes(recoded, dtype=dtype, validate=False),
        index=values.index,
        name=values.name,
    )


def _whole(values: pd.Series) -> pd.Series:
    """Whole numbers; a text is one where it is digits and nothing else."""
    if not pd.api.types.is_integer_dtype(values.dtype):
        written = values.astype("str")
        odd = written[~written.str.fullmatch(r"-?[0-9]{1,15}")]
        if len(odd):
            raise AnalysisError(f"{values.name}: {odd.iloc[0]!r}.", "It is a whole number from 0.")
    return values.astype(np.int64)


def _truths(values: pd.Series) -> pd.Series:
    written = values.astype("str")
    odd = written[~written.isin(["True", "False"])]
    if len(odd):
        raise unknown(str(values.name), odd.iloc[0], ["True", "False"])
    return written == "True"


def _coded(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Codes and the words they stand for; -1 for a missing value."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories.astype("str").to_list()
    codes, words = pd.factorize(values.astype("str"))
    return codes, words.to_list()


def _in_order(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by the key, stably, categories in their order and missing values last."""
    columns = [
        frame[c].cat.codes.to_numpy() if isinstance(frame.dtypes[c], pd.CategoricalDtype)
        else frame[c].to_numpy()
        for c in key
    ]  # fmt: skip
    is_plain = all(c.dtype.kind in "iu" and (c.size == 0 or c.min() >= 0) for c in columns)
    if not is_plain:
        return frame.sort_values(list(key), kind="stable", ignore_index=True)
    if _is_sorted(columns):
        return frame.reset_index(drop=True)
    return frame.take(np.lexsort(columns[::-1])).reset_index(drop=True)


def _is_sorted(columns: list[np.ndarray]) -> bool:
    """Whether rows are in the order of the first column, equal ones in that of the next, …"""
    size = max(len(columns[0]) - 1, 0)
    undecided, descends = np.ones(size, bool), np.zeros(size, bool)
    for column in columns:
        before, after = column[:-1], column[1:]
        descends |= undecided & (after < before)
        undecided &= after == before
    return not descends.any()


def empty(name: str) -> pd.DataFrame:
    """A table with the schema's columns and no row."""
    kinds = {c: "int64" if s.type == "integer" else "str" for c, s in SCHEMA[name].columns.items()}
    return conform(name, pd.DataFrame({c: pd.Series([], dtype=kind) for c, kind in kinds.items()}))
