"""Tables of articles (JSONL, JSON, CSV, Parquet) → rows, each with its place in the file."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data import DATA, read_list
from analysis.errors import unknown, wording
from analysis.gather.decode import decode
from analysis.gather.markup import plain
from analysis.gather.problems import BadArticle, Remark, shown
from analysis.gather.text import letters, normalize
from analysis.writing import from_spreadsheet

DELIMITERS = ",;\t|"
CORE = (
    *("id", "outlet", "date", "time", "title", "url", "agency", "section", "genre"),
    *("collection", "language", "text", "file"),
)
MOST_COLUMNS = 1000
ROWS_A_BYTE = 4  # rows that a Parquet file may declare for each of its bytes
MOST_CHARACTERS = 1 << 32  # of one column
HEADER = 1 << 17  # characters at the start of a CSV in which its header ends

Row = tuple[int, dict[str, Any]]  # place in the file, field → value


def read_table(
    data: bytes, file: str, encoding: str | None = None
) -> tuple[list[Row], list[BadArticle], str]:
    """Read a table file.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name: ``.jsonl``/``.ndjson`` (an object a line), ``.json`` (a list of objects, or an
        object with one), ``.parquet``; any other is CSV (delimiter ``,`` ``;`` tab or ``|``, found
        by the header or said in a first line ``sep=;``).
    encoding
        Codec of a text file; detected where not given.

    Returns
    -------
    tuple
        Rows with their place (line in JSONL, spreadsheet row in CSV, count from 1 otherwise) and
        their values as they stand, fields named as in the header; the rows that cannot be read;
        the encoding used.

    Raises
    ------
    BadArticle
        The file as a whole cannot be read.
    """
    ending = PurePosixPath(file.lower()).suffix
    if ending == ".parquet" or data.startswith(b"PAR1"):
        return _parquet(data, file), [], "parquet"
    text, used = decode(data, file, encoding)
    problems: list[BadArticle] = []
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _json}
    rows: list[Row] = []
    for place, row in readers.get(ending, _csv)(text, file):
        if isinstance(row, BadArticle):
            problems.append(row)
        else:
            rows.append((place, row))
    if not rows and not problems:
        raise BadArticle(file, 0, "", "the table has no rows.", "Give at least one article.")
    return rows, problems, used


# Names of columns.


def name_columns(
    rows: list[Row], file: str, columns: Mapping[str, str]
) -> tuple[list[Row], list[Remark]]:
    """Rows under the names of the Articles table, and what was taken for what.

    In this order: what the user says (wanted → column); the wanted name itself, in any case; the
    names of ``data/columns.toml``. A column without a name (a data frame's row numbers) and one of
    bylines are left out.

    Raises
    ------
    AnalysisError
        More than 1,000 columns, a name that stands twice, or a column the user names that is not
        there.
    """
    there = list(dict.fromkeys(name for _, row in rows for name in row))
    if len(there) > MOST_COLUMNS:
        received = f"{len(there):,} columns; an Articles table has a few."
        raise BadArticle(file, 0, "", received, "Leave out those that are not needed.")
    taken: dict[str, str] = {}  # column → wanted
    for wanted, column in columns.items():
        if column in there:
            taken[column] = wanted
        elif wanted not in there:
            error = unknown("column", column, [c for c in there if c.strip()])
            raise BadArticle(file, 0, wanted, error.received, error.remedy)
    left = [c for c in there if c not in taken]
    elsewhere = set(taken.values())
    for column in left:
        if (name := column.strip().lower()) in CORE:
            taken[column] = "" if name in elsewhere else name
    remarks = _common_names(file, [c for c in left if not taken.get(c)], taken)
    names = {c: taken.get(c, normalize(c).strip()) for c in there}
    twice = [n for n, count in Counter(n for n in names.values() if n).items() if count > 1]
    if twice:
        received = f"the header names {', '.join(sorted(twice))} twice."
        raise BadArticle(file, 1, "", received, "Give every column its own name.")
    return [(k, {names[c]: v for c, v in row.items() if names[c]}) for k, row in rows], remarks


def _common_names(file: str, left: list[str], taken: dict[str, str]) -> list[Remark]:
    known = read_list(DATA / "columns.toml")
    squeezed = {c: letters(c) for c in left}
    read, out = [], []
    for wanted, names in known["names"].items():
        if wanted in taken.values():
            continue
        found = (c for n in names for c in left if squeezed[c] == n and c not in taken)
        if column := next(found, None):
            taken[column] = wanted
            read.append(f"'{column}' as {wanted}")
    for column in left:
        unnamed = not squeezed[column] or squeezed[column].startswith("unnamed")
        if taken.get(column) == "":
            out.append(f"'{column}' (another column was named)")
        elif column not in taken and (unnamed or squeezed[column] in known["never"]["byline"]):
            taken[column] = ""
            out.append(f"'{column}'" if column.strip() else "a column without a name")
    told = []
    if read:
        how = wording("columns={'text': '…'}", "--columns text=…")
        told.append(Remark(file, 0, "", f"read {', '.join(read)}.", f"Say otherwise with {how}."))
    if out:
        why = "bylines are not kept, and columns need a name."
        told.append(Remark(file, 0, "", f"left out {', '.join(out)}:", why))
    return told


# Files.


def _parquet(data: bytes, file: str) -> list[Row]:
    column = ""
    try:
        declared = pq.read_metadata(pa.BufferReader(data))
        if declared.num_rows > ROWS_A_BYTE * len(data):
            received = f"it declares {declared.num_rows:,} rows in {len(data):,} bytes."
            raise BadArticle(file, 0, "", received, "No table of articles is like that.")
        if declared.num_columns > MOST_COLUMNS:
            received = f"{declared.num_columns:,} columns; an Articles table has a few."
            raise BadArticle(file, 0, "", received, "Leave out those that are not needed.")
        names = [n for n in pq.read_schema(pa.BufferReader(data)).names]
        table = pq.read_table(pa.BufferReader(data), read_dictionary=names)
        values = {}
        for column in table.column_names:
            if not column.startswith("__index"):
                values[column] = _values(table.column(column), file, column)
    except (pa.ArrowException, OSError, ValueError, OverflowError, LookupError) as e:
        if isinstance(e, BadArticle):
            raise
        received = (
            f"not a readable Parquet file ({str(e).splitlines()[0][:80] if str(e) else e!r})."
        )
        raise BadArticle(file, 0, column, received, "Write it again.") from None
    if not table.num_rows:
        raise BadArticle(file, 0, "", "the table has no rows.", "Give at least one article.")
    rows = (dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True))
    return [(n, _row(row)) for n, row in enumerate(rows, 1)]


def _values(column: pa.ChunkedArray, file: str, name: str) -> list[Any]:
    """A column's values; a repeated one is kept once while it is seen how long they are in all."""
    if pa.types.is_dictionary(column.type):
        length = 0
        for chunk in column.chunks:
            lengths = np.nan_to_num(
                pc.binary_length(chunk.dictionary).to_numpy(zero_copy_only=False)
            )
            uses = pc.drop_null(chunk.indices).to_numpy(zero_copy_only=False)
            length += int(lengths[uses].sum())
        if length > MOST_CHARACTERS:
            received = f"{length:,} characters in one column."
            raise BadArticle(file, 0, name, received, "Cut the table into several files.")
        return [v for chunk in column.chunks for v in _from_dictionary(chunk)]
    return column.to_pylist()


def _from_dictionary(chunk: pa.DictionaryArray) -> list[Any]:
    different = chunk.dictionary.to_pylist()
    return [None if i is None else different[i] for i in chunk.indices.to_pylist()]


def _jsonl(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    for n, line in enumerate(text.split("\n"), 1):
        if line.strip():
            value = _parsed(line, n, file)
            yield n, value if isinstance(value, BadArticle) else _object(value, n, file)


def _parsed(text: str, row: int, file: str) -> Any:
    remedy = 'Write one object a line: {"outlet": "…", "text": "…"}.'
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        return BadArticle(
            file, row or e.lineno, "", f"not JSON ({e.msg} at character {e.colno}).", remedy
        )
    except (ValueError, RecursionError) as e:
        what = "nested too deep" if isinstance(e, RecursionError) else "a number is too long"
        return BadArticle(file, row, "", f"not JSON that can be read ({what}).", remedy)


def _object(value: Any, n: int, file: str) -> dict[str, Any] | BadArticle:
    if isinstance(value, dict):
        return _row(value)
    remedy = 'Write one object a line: {"outlet": "…", "text": "…"}.'
    return BadArticle(file, n, "", f"a JSON {type(value).__name__}, not an object.", remedy)


def _row(value: dict[str, Any]) -> dict[str, Any]:
    """A row; what an object in it holds stands in columns of its own (``source_name``)."""
    row: dict[str, Any] = {}
    for name, held in value.items():
        inner = held if isinstance(held, dict) else {}
        row |= {f"{name}_{k}": v for k, v in inner.items()} or {name: held}
    return row


def _json(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    values = _parsed(text, 0, file)
    if isinstance(values, BadArticle):
        raise values
    if isinstance(values, dict):
        lists = [v for v in values.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        values = lists[0] if len(lists) == 1 else values
    if not isinstance(values, list):
        remedy = "Give a list of objects, or JSONL with one object a line."
        raise BadArticle(file, 0, "", "the JSON is not a list.", remedy)
    for n, value in enumerate(values, 1):
        yield n, _object(value, n, file)


def _csv(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    csv.field_size_limit(2**31 - 1)
    first, _, rest = text.partition("\n")
    m = re.fullmatch(r'"?sep=(.)"?\r?', first, re.I)  # Excel's own first line
    delimiter = m[1] if m else _delimiter(text)
    lines = io.StringIO(rest if m else text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    n = start = 2 if m else 1
    try:
        header = [from_spreadsheet(c.strip()) for c in next(reader, [])]
        twice = sorted(c for c, k in Counter(header).items() if c and k > 1)
        if twice:
            received = f"the header names {', '.join(twice)} twice."
            raise BadArticle(file, start, "", received, "Give every column its own name.")
        for n, cells in enumerate(reader, start + 1):
            if not any(cells):
                continue
            if len(cells) != len(header):
                received = f"{len(cells)} cells under {len(header)} columns."
                remedy = f"Put cells that hold {delimiter!r} or a line break in quotation marks."
                yield n, BadArticle(file, n, "", received, remedy)
            else:
                yield n, dict(zip(header, map(from_spreadsheet, cells), strict=True))
    except csv.Error as e:
        remedy = "Close every quotation mark; write one inside a cell twice."
        raise BadArticle(file, n + 1, "", f"not CSV ({e}).", remedy) from None


def _delimiter(text: str) -> str:
    """The delimiter under which the header names most known columns, then most columns."""

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            header = next(
                csv.reader(io.StringIO(text[:HEADER], newline=""), delimiter=delimiter), []
            )
        except csv.Error:
            return 0, 0
        known = {n for names in read_list(DATA / "columns.toml")["names"].values() for n in names}
        squeezed = map(letters, header)
        return sum(c in CORE or c in known for c in squeezed), len(header)

    return max(DELIMITERS, key=columns)


# Values.


@cache
def _missing() -> frozenset[str]:
    return frozenset(read_list(DATA / "columns.toml")["missing"]["values"])


def as_text(value: object, file: str, row: int, name: str) -> str:
    """A cell as a string without markup; nothing is ``""``; a list of plain values is joined.

    Raises
    ------
    BadArticle
        An object or a nested list: one column can only hold one value.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))  # a data frame writes whole numbers so where one is missing
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
        value = ("\n\n" if name == "text" else ", ").join(str(v) for v in value if v is not None)
    if isinstance(value, list | dict | bytes):
        received = f"a nested value ({type(value).__name__}) {shown(value)}."
        remedy = f"Give each part its own column ('{name}_…') or leave the column out."
        raise BadArticle(file, row, name, received, remedy)
    written = str(value)
    return "" if written.strip() in _missing() else plain(written)


def missing_column(file: str, name: str, columns: set[str]) -> BadArticle:
    """The refusal of a table that lacks a column."""
    listed = ", ".join(sorted(columns)) or "none"
    received = f"no column '{name}'. Available: {listed}."
    if "file" in columns and "text" not in columns:
        how = wording(f"metadata='{file}'", f"--metadata {file}")
        remedy = f"If it describes other files, pass it as metadata: {how}."
    else:
        how = wording(f"columns={{'{name}': '…'}}", f"--columns {name}=…")
        remedy = f"Say which column it is with {how}; a table needs at least outlet and text."
    return BadArticle(file, 0, name, received, remedy)
