"""Tables of articles (JSONL, JSON, CSV, Parquet) → rows, each with its place in the file."""

import csv
import io
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.data import DATA, read_list
from analysis.errors import counted, unknown
from analysis.gather.dates import has_short_year, two_numbers
from analysis.gather.decode import decode
from analysis.gather.markup import plain
from analysis.gather.problems import SHOWN, BadArticle, Remark, refused, shown
from analysis.gather.schema import FIRST
from analysis.gather.text import letters, normalize
from analysis.writing import from_spreadsheet

DELIMITERS = ",;\t|"
CORE = (*FIRST, "time", "text", "file")
MOST_COLUMNS = 1000
ROWS_A_BYTE = 4  # rows that a Parquet file may declare for each of its bytes
MOST_CHARACTERS = 1 << 32  # of one column, or of a workbook
RATIO, SMALL = 300, 10_000_000  # characters for each byte of a packed file; so many it may have
TITLES = 10  # lines in which a header is looked for; what stands above it is a title
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
        object with one), ``.parquet``; any other is JSON if it begins so, else CSV (delimiter ``,``
        ``;`` tab or ``|``, found by the header or said in a first line ``sep=;``).
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
    readers = {".jsonl": _jsonl, ".ndjson": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _csv}
    read = list(readers.get(ending, _json if is_json(text) else _csv)(text, file))
    if not read:
        raise refused(file, "empty-table")
    problems = [row for _, row in read if isinstance(row, BadArticle)]
    return [(n, row) for n, row in read if not isinstance(row, BadArticle)], problems, used


def is_json(text: str) -> bool:
    """Whether a text begins as an object of JSON, or a list of such."""
    return bool(re.match(r'\ufeff?\s*(?:\[\s*)?\{\s*"', text[:2000]))


@dataclass(frozen=True)
class Table:
    """A table under the names of the Articles table: its rows, and what is said of it.

    ``dayfirst`` is how its dates such as 03/04/2014 are meant, None where it is not known.
    """

    rows: list[Row]
    columns: set[str]
    dayfirst: bool | None
    told: list[BadArticle]
    encoding: str


def read_named(
    data: bytes,
    file: str,
    columns: Mapping[str, str],
    dayfirst: bool | None = None,
    encoding: str | None = None,
) -> Table:
    """Read a table file as :func:`read_table` does, its columns named by :func:`name_columns`."""
    rows, told, used = read_table(data, file, encoding)
    rows, remarks = name_columns(rows, file, columns)
    cells = ((place, row.get("date")) for place, row in rows)
    dayfirst, dated = day_first(cells, file, dayfirst)
    there = {name for _, row in rows for name in row}
    return Table(rows, there, dayfirst, [*told, *remarks, *dated], used)


# Names of columns.


def name_columns(
    rows: list[Row], file: str, columns: Mapping[str, str]
) -> tuple[list[Row], list[BadArticle]]:
    """Rows under the names of the Articles table, and what was taken for what.

    In this order: what the user says (wanted → column); the wanted name itself, in any case; the
    names of ``data/columns.toml``; of these, columns that hold something before those that do not.
    A column of addresses is no outlet. One without a name (a data frame's row numbers), of bylines,
    or of objects is left out.

    Raises
    ------
    AnalysisError
        More than 1,000 columns, a name that stands twice, or a column the user names that is not
        there.
    """
    there = list(dict.fromkeys(name for _, row in rows for name in row))
    if len(there) > MOST_COLUMNS:
        raise refused(file, "many-columns", n=len(there))
    taken = _told_names(file, columns, there)
    named = set(taken.values())
    first = {c: _first(rows, c) for c in there}
    for column in there:
        name = column.strip().lower()
        if column not in taken and name in CORE and first[column]:
            taken[column] = name * (name not in named)
    remarks = _common_names(file, first, taken)
    names = {c: name for c in there if (name := taken.get(c, normalize(c).strip()))}
    if twice := [name for name, count in Counter(names.values()).items() if count > 1]:
        raise refused(file, "header-twice", 1, names=", ".join(sorted(twice)))
    return [(k, {names[c]: v for c, v in row.items() if c in names}) for k, row in rows], remarks


def _told_names(file: str, columns: Mapping[str, str], there: list[str]) -> dict[str, str]:
    """Column → what it is wanted for, as the user says."""
    taken = {}
    for wanted, column in columns.items():
        if column in there:
            taken[column] = wanted
        elif wanted not in there:
            error = unknown("column", column, {c for c in there if c.strip()})
            raise BadArticle(file, 0, wanted, error.received, error.remedy)
    return taken


def _first(rows: Sequence[Row], column: str) -> Any:
    """The first value of a column that is none that says there is none; None where all do."""
    values = (row.get(column) for _, row in rows)
    nothing = {"", *_missing(column)}
    return next((v for v in values if v is not None and str(v).strip() not in nothing), None)


def _common_names(file: str, first: dict[str, Any], taken: dict[str, str]) -> list[BadArticle]:
    """Columns of common names, taken for what they are or left out; what is said of them."""
    known = read_list(DATA / "columns.toml")
    left = [c for c in first if not taken.get(c)]
    squeezed = {c: _squeezed(c) for c in left}
    outlets = {*map(_squeezed, known["names"]["outlet"])}
    read = []

    def address(column: str) -> bool:
        return str(first[column]).startswith(("http://", "https://"))

    for wanted, names in known["names"].items():
        free = {squeezed[c]: c for c in reversed(left) if c not in taken}
        found = [free[n] for n in map(_squeezed, [wanted, *names]) if n in free]
        found = [c for c in found if squeezed[c] not in outlets or address(c) == (wanted == "url")]
        if found and wanted not in taken.values():
            column = min(found, key=lambda c: first[c] is None)
            taken[column] = wanted
            read += [f"'{column}' as {wanted}"] * (first[column] is not None)
    out = _left_out(left, first, taken)
    told = [
        refused(file, "named", 0, "", Remark, names=", ".join(read)),
        refused(file, "left-out", 0, "", Remark, names=", ".join(out)),
    ]
    return [remark for remark, names in zip(told, (read, out), strict=True) if names]


def _left_out(left: list[str], first: dict[str, Any], taken: dict[str, str]) -> list[str]:
    """Columns that are no field of an article, as a remark names them; `taken` says so too."""
    bylines, out = read_list(DATA / "columns.toml")["never"]["byline"], []
    for column in left:
        name, bare, value = column.strip().lower(), _squeezed(column), first[column]
        unnamed = not bare or bare.startswith("unnamed")
        nested = isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
        )
        if not taken.get(column, "") and (column in taken or name in taken.values()):
            taken[column] = ""
            out.append(f"'{column}' (another column was named)")
        elif column not in taken and (nested or unnamed or bare in bylines):
            taken[column] = ""
            out.append(f"'{column}'" if column.strip() else "a column without a name")
    return out


def _squeezed(name: str) -> str:
    """A column's name without case, spaces, marks and accents."""
    return letters(unicodedata.normalize("NFKD", normalize(name)))  # with a bound of its marks


@cache
def _text_columns() -> frozenset[str]:
    """The names of columns of texts that are understood."""
    return frozenset({"text", *map(_squeezed, read_list(DATA / "columns.toml")["names"]["text"])})


@cache
def _known_columns() -> frozenset[str]:
    """The names of columns that are understood, without case, spaces and marks."""
    lists = read_list(DATA / "columns.toml")["names"].values()
    return frozenset({*CORE, *(_squeezed(n) for names in lists for n in names)})


# Files.


def _parquet(data: bytes, file: str) -> list[Row]:
    column = ""
    try:
        declared = pq.read_metadata(pa.BufferReader(data))
        if declared.num_rows > ROWS_A_BYTE * len(data):
            raise refused(file, "parquet-rows", n=declared.num_rows, size=len(data))
        if declared.num_columns > MOST_COLUMNS:
            raise refused(file, "many-columns", n=declared.num_columns)
        schema = pq.read_schema(pa.BufferReader(data))
        names = [part.name for part in schema if not pa.types.is_nested(part.type)]
        # In this thread: a thread of Arrow that lets go of these bytes as Python ends aborts it.
        table = pq.ParquetFile(pa.BufferReader(data), read_dictionary=names).read(use_threads=False)
        values = {}
        for column in table.column_names:
            if not column.startswith("__index"):
                values[column] = _values(table.column(column), file, column, len(data))
    except (pa.ArrowException, OSError, ValueError, OverflowError, LookupError) as e:
        if isinstance(e, BadArticle):
            raise
        first = (str(e) or repr(e)).splitlines()[0]
        raise refused(file, "parquet", 0, column, error=first) from None
    if not table.num_rows:
        raise refused(file, "empty-table")
    rows = zip(*values.values(), strict=True)
    return [(n, _row(dict(zip(values, row, strict=True)))) for n, row in enumerate(rows, 1)]


def most_characters(size: int) -> int:
    """How many characters a packed file of so many bytes may hold: a text is not packed better."""
    return min(MOST_CHARACTERS, max(SMALL, RATIO * size))


def _values(column: pa.ChunkedArray, file: str, name: str, size: int) -> list[Any]:
    """A column's values; a repeated one is kept once while it is seen how long they are in all."""
    if not pa.types.is_dictionary(column.type):
        return column.to_pylist()
    lengths = (pc.take(pc.binary_length(c.dictionary), c.indices) for c in column.chunks)
    length = sum(pc.sum(pc.cast(part, pa.int64())).as_py() or 0 for part in lengths)
    if length > most_characters(size):
        raise refused(file, "parquet-size", 0, name, n=length, size=size)
    return column.unify_dictionaries().to_pandas().tolist()


def _jsonl(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    for n, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield n, _object(_parsed(line, n, file), n, file)


def _parsed(text: str, row: int, file: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        return refused(file, "json", row or e.lineno, error=e.msg, at=e.colno)
    except (ValueError, RecursionError) as e:
        what = "nested too deep" if isinstance(e, RecursionError) else "a number is too long"
        return refused(file, "json-limits", row, what=what)


def _object(value: Any, n: int, file: str) -> dict[str, Any] | BadArticle:
    if isinstance(value, dict | BadArticle):
        return _row(value) if isinstance(value, dict) else value
    return refused(file, "json-object", n, what=type(value).__name__)


def _row(value: dict[str, Any]) -> dict[str, Any]:
    """A row; what an object in it holds stands in columns of its own (``source_name``)."""
    row: dict[str, Any] = {}
    for name, held in value.items():
        inner = held if isinstance(held, dict) else {}
        row |= {f"{name}_{k}": v for k, v in inner.items()} or {name: held}
    return row


def _json(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    """A list of objects, an object with one, columns of a data frame, or one article alone."""
    values = _parsed(text, 0, file)
    if isinstance(values, BadArticle):
        if not isinstance(_parsed(text.lstrip().partition("\n")[0], 1, file), dict):
            raise values
        yield from _jsonl(text, file)
        return
    if isinstance(values, dict):
        lists = _lists(values) or [x for v in values.values() for x in _lists(v)]
        values = lists[0] if len(lists) == 1 else _of_data_frame(values)
    if not isinstance(values, list):
        raise refused(file, "json-list")
    for n, value in enumerate(values, 1):
        yield n, _object(value, n, file)


def _lists(held: Any) -> list[list[dict[str, Any]]]:
    """The lists of objects in an object that is no article itself."""
    is_article = isinstance(held, dict) and {*map(_squeezed, held)} & _text_columns()
    values = held if isinstance(held, dict) and not is_article else {}
    return [v for v in values.values() if isinstance(v, list) and v and isinstance(v[0], dict)]


def _of_data_frame(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a data frame as pandas writes it by columns, split or by rows; else one row."""
    inner = [*values.values()]
    with suppress(ValueError, TypeError):  # pandas: it is none
        if values.keys() >= {"columns", "data"}:
            frame = pd.DataFrame(values["data"], columns=values["columns"], dtype=object)
            return frame.to_dict("records")
        if all(isinstance(v, dict) and v for v in inner) and len({tuple(v) for v in inner}) == 1:
            if {*map(_squeezed, inner[0])} & _known_columns():
                named = not any(key.isdigit() for key in values)
                return [{"id": key, **row} if named else row for key, row in values.items()]
            return pd.DataFrame(values, dtype=object).to_dict("records")
    return [values]


def _csv(text: str, file: str) -> Iterator[tuple[int, dict[str, Any] | BadArticle]]:
    csv.field_size_limit(2**31 - 1)
    m = re.match(r'"?sep=(.)"?\r?\n', text, re.I)  # Excel's own first line
    text = text[m.end() :] if m else text
    title = _lines_above(text)
    above, text = bool(m) + title, text.split("\n", title)[title]
    delimiter = m[1] if m else max(DELIMITERS, key=partial(_named, text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    n = start = above + 1
    wrong: dict[int, list[int]] = {}  # cells of a row → such rows
    try:
        header = [from_spreadsheet(c.strip()) for c in next(reader, [])]
        twice = sorted(c for c, k in Counter(header).items() if c and k > 1)
        if twice:
            raise refused(file, "header-twice", start, names=", ".join(twice))
        for n, row in enumerate(reader, start + 1):
            if not any(row):
                continue
            if len(row) != len(header):
                wrong.setdefault(len(row), []).append(n)
            else:
                yield n, dict(zip(header, map(from_spreadsheet, row), strict=True))
    except csv.Error as e:
        raise refused(file, "csv", n + 1, error=e) from None
    for cells, rows in wrong.items():  # one message, however many rows
        listed = ", ".join([*map(str, rows[1:6]), *(["…"] if len(rows) > 6 else [])])
        more = f" (so in {len(rows)} rows, also {listed})" if listed else ""
        told = {"n": cells, "columns": len(header), "more": more, "delimiter": delimiter}
        yield rows[0], refused(file, "csv-cells", rows[0], **told)


def _named(text: str, delimiter: str) -> tuple[int, int]:
    """How many known columns a text's first row names under a delimiter, and how many in all."""
    try:
        row = next(csv.reader(io.StringIO(text[:HEADER], newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(c in _known_columns() for c in map(_squeezed, row)), len(row)


def _lines_above(text: str) -> int:
    """The lines of a title that stand above the header, of which none names a known column."""
    lines = text[:HEADER].split("\n")[:TITLES]
    named = [max(_named(line, delimiter)[0] for delimiter in DELIMITERS) for line in lines]
    return next((k for k, n in enumerate(named) if n > 1), 0) if not named[0] else 0


# Values.


@cache
def _missing(name: str) -> frozenset[str]:
    listed = read_list(DATA / "columns.toml")["missing"]
    return frozenset(listed["values"]).union(listed.get(name, ()))


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
        told = {"what": type(value).__name__, "value": shown(value), "name": name}
        raise refused(file, "nested", row, name, **told)
    written = str(value)
    said = written.strip()
    return "" if said in _missing(name) or not said.strip("-–—. ") else plain(written)


def day_first(
    cells: Iterable[tuple[int, object]], file: str, said: bool | None
) -> tuple[bool | None, list[BadArticle]]:
    """How a column's dates such as 03/04/2014 are meant, and what is said of it.

    As the user says; else as the column's own dates show that can be read in one way (25/03/2014);
    where none does, or they contradict each other, it is not known.
    """
    shows: dict[bool, str] = {}
    n = 0
    dates = [(row, " ".join(str(cell).split())) for row, cell in cells]
    short = [written for _, written in dates if has_short_year(written)]
    told = {"n": counted(len(short), "date"), "first": shown("".join(short[:1]))}
    remarks = [refused(file, "dates-short", 0, "date", Remark, **told)] * bool(short)
    for row, written in dates if said is None else ():
        a, b = two_numbers(written) or (0, 0)
        if (a > 12) != (b > 12):
            shows.setdefault(a > 12, f"'{written[:SHOWN]}' in row {row}")
        n += a != b and a <= 12 and b <= 12
    if not n or not shows:
        return said, remarks
    told = {"n": counted(n, "date"), "by": " and ".join(shows.values())}
    if len(shows) > 1:
        return None, [*remarks, refused(file, "dates-differ", 0, "date", Remark, **told)]
    first = True in shows
    told["first"] = "day" if first else "month"
    return first, [*remarks, refused(file, "dates-read", 0, "date", Remark, **told)]


def missing_column(file: str, name: str, columns: set[str]) -> BadArticle:
    """The refusal of a table that lacks a column."""
    what = "missing-metadata" if "file" in columns and "text" not in columns else "missing-column"
    there = ", ".join(sorted(columns)) or "none"
    return refused(file, what, 0, name, name=name, there=there)
