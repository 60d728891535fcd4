"""The tables of a measured corpus: their columns, types, keys and the order of their rows."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.data import DATA, mistake, read_list
from analysis.errors import AnalysisError, unknown

ZONES = ("headline", "lead", "body")
VOICES = ("narrator", "reported", "quoted")
SCHEMA_NUMBER = 1  # of `datapackage.json`: raised whenever a table changes its columns


@dataclass(frozen=True)
class Column:
    """One column of a table: what it holds and its Frictionless type, "category" a string's."""

    kind: str
    description: str
    in_cells: Sequence[str] = ()

    @property
    def category(self) -> bool:
        """Whether a string is kept as a code."""
        return self.kind == "category"

    @property
    def type(self) -> str:
        """As Frictionless names it."""
        return "string" if self.category else self.kind


@dataclass(frozen=True)
class Table:
    """One table of the package: its file, its primary key and its columns."""

    file: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


SCHEMA: dict[str, Table] = {
    name: Table(
        table["file"],
        table["description"],
        tuple(table["key"]),
        {column: Column(*spec) for column, spec in table["columns"].items()},
    )
    for name, table in read_list(DATA / "tables.toml").items()
}

_TAG = Column("string", "tag of this corpus")


def columns_of(name: str, there: Iterable[str]) -> dict[str, Column]:
    """The columns a table has: those of the schema, and for articles the tags there are."""
    columns = dict(SCHEMA[name].columns)
    if name != "articles":
        return columns
    tags = sorted(str(c) for c in there if c not in columns)
    names = list(columns)
    at = names.index("words")
    return {c: columns.get(c, _TAG) for c in (*names[:at], *tags, *names[at:])}


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with exactly the schema's columns, types and row order.

    Rows are sorted by the primary key; zones and voices in the order of reading.
    """
    columns = columns_of(name, frame.columns)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        there = ", ".join(frame.columns)
        raise mistake("table-columns", name=name, missing=", ".join(missing), there=there)
    out = pd.DataFrame({c: _typed(frame[c], spec) for c, spec in columns.items()})
    del frame  # a large table does not stand here twice
    return _in_order(out, SCHEMA[name].key)


def check_values(name: str, table: pd.DataFrame) -> None:
    """Refuse values that a table after `conform` cannot hold, whatever wrote it.

    Raises
    ------
    AnalysisError
        For a negative count, a number that is none, a key that is empty or stands twice, a date
        that is no day.
    """
    for column, spec in columns_of(name, table.columns).items():
        values = table[column]
        if spec.type in ("integer", "number"):
            odd = values[(values < 0) | np.isinf(values.astype(np.float64))]
        elif column == "date":
            odd = values[~values.map(_is_day)]
        elif column in SCHEMA[name].key and column not in _MAY_BE_EMPTY:
            odd = values[values.isin([""])]
        else:
            continue
        if len(odd):
            row = {"row": int(odd.index[0]) + 1, "value": str(odd.iloc[0])}
            raise mistake("table-value", name=name, column=column, **row)
    key = list(SCHEMA[name].key)
    codes = (code.to_numpy() for code in _codes(table, key))
    twice = np.logical_and.reduce([code[1:] == code[:-1] for code in codes])  # in order of the key
    if twice.any():
        row = table.loc[twice.argmax(), key].to_dict()
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
    if column.type == "number":
        try:
            return pd.to_numeric(values.replace("", np.nan)).astype(np.float64).round(6)
        except (TypeError, ValueError) as error:
            raise AnalysisError(f"{values.name}: {error}.", "It is a number.") from error
    if column.type == "integer":
        if not pd.api.types.is_integer_dtype(values.dtype):
            written = values.astype("str")
            odd = written[~written.str.fullmatch(r"-?[0-9]{1,15}")]
            if len(odd):
                received = f"{values.name}: {odd.iloc[0]!r}."
                raise AnalysisError(received, "It is a whole number from 0.")
        return values.astype(np.int64)
    if column.category:
        return _category(values, column.in_cells)
    written = values.astype("str").fillna("")
    if column.type == "string":
        return written
    odd = written[~written.isin(["True", "False"])]
    if len(odd):
        raise unknown(str(values.name), odd.iloc[0], ["True", "False"])
    return written == "True"


def _category(values: pd.Series, in_cells: Sequence[str]) -> pd.Series:
    """Words kept as codes: those that a column may hold, else those found, by code point."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str").astype("category")
    words = values.cat.categories
    is_used = np.zeros(len(words) + 1, bool)  # the last: of missing values
    is_used[values.cat.codes.to_numpy()] = True
    found = sorted(words[is_used[:-1]])
    order = list(in_cells) or found
    for word in sorted({*found} - {*order}):
        raise unknown(str(values.name), word, order)
    is_so = order == [*words] and not values.cat.ordered and words.dtype == "str"
    return values if is_so else values.cat.set_categories(pd.Index(order, dtype="str"))


def _in_order(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by the key, stably, categories in their order and missing values last."""
    codes = _codes(frame, key)
    columns = [np.where(c < 0, len(frame), c) if c.min() < 0 else c.to_numpy() for c in codes]
    sizes = [int(c.max(initial=0)) + 1 for c in columns]
    if math.prod(sizes) < 2**63:  # quick where rows are nearly in order
        columns = [np.ravel_multi_index(columns, sizes)]
        if (np.diff(columns[0]) >= 0).all():
            return frame.reset_index(drop=True)
    order = np.lexsort(columns[::-1])
    return pd.DataFrame({c: frame.pop(c).take(order) for c in [*frame]}).reset_index(drop=True)


def _codes(frame: pd.DataFrame, key: Sequence[str]) -> list[pd.Series]:
    """The columns of a key as numbers in their order."""
    columns = (frame[c] for c in key)
    return [(c if c.dtype == "category" else c.astype("category")).cat.codes for c in columns]
