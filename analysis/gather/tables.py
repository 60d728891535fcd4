"""Tables of articles (JSONL, CSV, Parquet) → rows of strings, each with its place in the file."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.gather.decode import decode
from analysis.gather.problems import BadArticle, shown

DELIMITERS = ",;\t|"
CORE = ("id", "outlet", "date", "title", "url", "agency", "collection", "text")
# What other collections call the columns wanted here; named in a refusal, never assumed.
OTHER_NAMES = {
    "text": ("body", "content", "article", "fulltext", "full_text", "maintext"),
    "outlet": ("source", "publisher", "newspaper", "media", "site", "publication"),
    "file": ("filename", "path"),
}

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
        Its name: ``.jsonl``/``.ndjson`` (an
        object a line), ``.json`` (a list of objects), ``.csv``/``.tsv``
        (delimiter ``,`` ``;`` tab or ``|``, found by the header), ``.parquet``.
    encoding
        Codec of a text file; detected where not given.

    Returns
    -------
    tuple
        Rows with their place (line in JSONL, spreadsheet row in CSV, count from 1 otherwise) and
        their values as they stand, fields named as in the header, core fields in lower case; the
        rows that cannot be read; the encoding used.

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
    parse = readers.get(ending, _csv)
    rows = []
    for place, row in parse(text, file):
        if isinstance(row, BadArticle):
            problems.append(row)
        else:
            rows.append((place, {_name(k): v for k, v in row.items()}))
    if not rows and not problems:
        raise BadArticle(file, 0, "", "the table has no rows.", "Give at least one article.")
    return rows, problems, used


def _name(column: str) -> str:
    name = str(column).strip()
    return name.lower() if name.lower() in (*CORE, "file") else name


def _parquet(data: bytes, file: str) -> list[Row]:
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowInvalid, OSError) as e:
        received = f"not a readable Parquet file ({str(e).splitlines()[0][:80]})."
        raise BadArticle(file, 0, "", received, "Write it again.") from None
    if not table.num_rows:
        raise BadArticle(file, 0, "", "the table has no rows.", "Give at least one article.")
    return [
        (n, {_name(k): v for k, v in row.items() if not k.startswith("__index")})
        for n, row in enumerate(table.to_pylist(), 1)
    ]


def _jsonl(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    for n, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield n, _object(line, n, file)


def _object(line: str, n: int, file: str) -> dict[str, Any] | BadArticle:
    remedy = 'Write one object a line: {"outlet": "…", "text": "…"}.'
    try:
        value = json.loads(line)
    except json.JSONDecodeError as e:
        return BadArticle(file, n, "", f"not JSON ({e.msg} at character {e.colno}).", remedy)
    if not isinstance(value, dict):
        return BadArticle(file, n, "", f"a JSON {type(value).__name__}, not an object.", remedy)
    return value


def _json(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    remedy = "Give a list of objects, or JSONL with one object a line."
    try:
        values = json.loads(text)
    except json.JSONDecodeError as e:
        raise BadArticle(file, e.lineno, "", f"not JSON ({e.msg}).", remedy) from None
    if not isinstance(values, list):
        raise BadArticle(file, 0, "", "the JSON is not a list.", remedy)
    for n, value in enumerate(values, 1):
        yield n, _object(json.dumps(value), n, file)


def _csv(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    csv.field_size_limit(2**31 - 1)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [_name(c) for c in next(reader, [])]
    twice = sorted({c for c in header if header.count(c) > 1})
    if twice:
        received = f"the header names {', '.join(twice)} twice."
        raise BadArticle(file, 1, "", received, "Give every column its own name.")
    n = 1
    try:
        for n, cells in enumerate(reader, 2):
            if not any(cells):
                continue
            if len(cells) != len(header):
                received = f"{len(cells)} cells under {len(header)} columns."
                remedy = f"Put cells that hold {delimiter!r} or a line break in quotation marks."
                yield n, BadArticle(file, n, "", received, remedy)
            else:
                yield n, dict(zip(header, cells, strict=True))
    except csv.Error as e:
        remedy = "Close every quotation mark; write one inside a cell twice."
        raise BadArticle(file, n + 1, "", f"not CSV ({e}).", remedy) from None


def _delimiter(text: str) -> str:
    """The delimiter under which the header names most known columns, then most columns."""

    def columns(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        return sum(_name(c) in (*CORE, "file") for c in header), len(header)

    return max(DELIMITERS, key=columns)


def as_text(value: object, file: str, row: int, name: str) -> str:
    """A cell as a string: nothing is ``""``; a list of plain values is joined.

    Raises
    ------
    BadArticle
        An object or a nested list: one column can only hold one value.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
        return ("\n\n" if name == "text" else ", ").join(str(v) for v in value if v is not None)
    if isinstance(value, list | dict | bytes):
        received = f"a nested value ({type(value).__name__}) {shown(value)}."
        remedy = f"Give each part its own column ('{name}_…') or leave the column out."
        raise BadArticle(file, row, name, received, remedy)
    return str(value)


def missing_column(file: str, name: str, columns: set[str]) -> BadArticle:
    """The refusal of a table that lacks a column; it hints at what was probably meant."""
    listed = ", ".join(sorted(columns)) or "none"
    received = f"no column '{name}'. Available: {listed}."
    other = next((c for c in OTHER_NAMES.get(name, ()) for a in columns if a.lower() == c), None)
    if "file" in columns and "text" not in columns:
        remedy = f"If it describes other files, pass it as metadata: metadata='{file}'."
    elif other:
        remedy = f"Rename the column '{other}' to '{name}'."
    else:
        remedy = "A table needs at least the columns outlet and text."
    return BadArticle(file, 0, name, received, remedy)
