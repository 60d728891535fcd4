"""Documents (DOCX, RTF, PDF, EPUB, spreadsheets) → articles, or those of the export they hold."""

import csv
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from typing import Any
from zipfile import ZipFile

import lxml.etree  # type: ignore[import-untyped]

from analysis.errors import AnalysisError
from analysis.gather import apart, exports
from analysis.gather.decode import decode
from analysis.gather.drafts import Found, Kind, Options, Source, shows
from analysis.gather.problems import PassedOver, refused
from analysis.gather.readers import from_page, is_table, names_text
from analysis.gather.tables import TITLES, most_characters

LINES = 2_000_000  # lines of an export, at most
COLUMNS = 100  # columns of a Word table that a cell covers, at most
_BOOK = ("Workbook".encode("utf-16-le"), "\x04\x00Book".encode("utf-16-le"))

Rows = list[list[str]]


@contextmanager
def reading(source: Source, what: str) -> Iterator[None]:
    """Whatever a library makes of a damaged file becomes a refusal."""
    try:
        yield
    except AnalysisError:
        raise
    except BaseException as e:
        if not isinstance(e, Exception) and type(e).__name__ != "PanicException":  # Rust's
            raise
        raise refused(
            source.name, "broken", what=what, error_kind=type(e).__name__, error=str(e)
        ) from None


@contextmanager
def unheard() -> Iterator[None]:
    """What a library writes to the terminal by itself, as one in Rust does, is not shown."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def from_lines(
    lines: Sequence[str], source: Source, options: Options, form: str, between: str = "\n\n"
) -> Iterator[Found]:
    """The articles of a document's lines: those of the export it holds, or itself as one page."""
    if database := exports.database(lines):
        yield from database.read_lines(lines, source, options, form)
        return
    text = between.join(lines).encode("utf-8", "replace")
    for draft in from_page(replace(source, data=text), replace(options, encoding="utf-8")):
        draft.form = form
        yield draft


def docx(source: Source, options: Options) -> Iterator[Found]:
    """A Word document: the articles of its tables, of the export it holds, or itself."""
    from docx import Document
    from docx.table import Table

    with reading(source, "DOCX"):
        parts: list[str | Rows] = [
            _rows_of(part) if isinstance(part, Table) else part.text
            for part in Document(io.BytesIO(source.data)).iter_inner_content()
        ]
    yield from from_parts(parts, source, options, "DOCX")


def _rows_of(table: Any) -> Rows:
    """The cells of a Word table by its columns: a merged one counts in each that it covers."""
    from docx.table import _Cell

    rows: Rows = []
    for row in table._tbl.tr_lst:
        above = rows[-1] if rows else []
        rows.append([])
        for cell in row.tc_lst:
            same = above[len(rows[-1]) :][:1] if cell.vMerge == "continue" else []
            rows[-1] += (same or [_Cell(cell, table).text]) * min(cell.grid_span, COLUMNS)
    return rows


def odt(source: Source, archive: ZipFile, options: Options) -> Iterator[Found]:
    """An OpenDocument text: the articles of its tables, of the export it holds, or itself."""
    with reading(source, "ODT"):
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
        root = lxml.etree.fromstring(archive.read("content.xml"), parser)
        lxml.etree.strip_elements(
            root, "{*}annotation", "{*}note", "{*}tracked-changes", with_tail=False
        )
        for mark, shown in (("line-break", "\n"), ("tab", "\t"), ("s", " ")):
            for e in root.iter(f"{{*}}{mark}"):
                e.text = shown
        parts: list[str | Rows] = []
        for e in root.iter("{*}p", "{*}h", "{*}table"):
            if _around(e, "table", "p", "h") is not None:
                continue
            rows = [
                [_words_of(c) for c in r.iter("{*}table-cell") if _around(c, "table-row") is r]
                for r in e.iter("{*}table-row")
                if _around(r, "table") is e
            ]
            parts.append(rows if e.tag.endswith("}table") else "".join(e.itertext()))
    yield from from_parts(parts, source, options, "ODT")


def _words_of(cell: Any) -> str:
    whole = (p for p in cell.iter("{*}p", "{*}h") if _around(p, "p", "h") is None)
    return "\n".join("".join(p.itertext()) for p in whole)


def _around(element: Any, *names: str) -> Any:
    """The nearest element of one of these names around one."""
    return next(element.iterancestors(*(f"{{*}}{name}" for name in names)), None)


def from_parts(
    parts: Sequence[str | Rows], source: Source, options: Options, form: str
) -> Iterator[Found]:
    """The articles of a document's paragraphs and tables, in their order."""
    tables = [part for part in parts if part and not isinstance(part, str)]
    held = [table for table in tables if names_text(table[0], options)]
    for n, table in enumerate(held, 1):
        yield sheet(table, f"table-{n}", source)
    if held:
        return
    told = [
        part.split("\n") if isinstance(part, str) else ["\t".join(dict.fromkeys(r)) for r in part]
        for part in parts
    ]
    lines = [
        x for part, said in zip(parts, told, strict=True) if isinstance(part, str) for x in said
    ]
    if not exports.database(lines):  # what stands in tables is read as well
        lines = list(chain(*told))
    yield from from_lines(lines, source, options, form)


def rtf(source: Source, options: Options) -> Iterator[Found]:
    """A rich text file: the articles of the export it holds, or itself."""
    from striprtf.striprtf import rtf_to_text

    # Where links lead is not sought: striprtf's way of it takes the square of their number.
    data = source.data.decode("latin-1").replace(r"\fldinst", r"\fldinst0")
    with reading(source, "RTF"):
        text = rtf_to_text(data, errors="replace")
    yield from from_lines(text.splitlines(), source, options, "RTF")


def pdf(source: Source, options: Options) -> Iterator[Found]:
    """The text layer of a PDF: the articles of the export it holds, or itself."""
    lines = _apart("PDF", source)["lines"]
    if not any(x.strip() for x in lines):
        raise refused(source.name, "pdf-pictures", 0, "text", PassedOver)
    yield from from_lines(lines, source, options, "PDF", "\n")


def _apart(what: str, source: Source) -> dict[str, Any]:
    """What `apart` reads; a refusal where it does not."""
    told = apart.read(what, source.data, most_characters(len(source.data)))
    if "refused" in told:
        raise refused(source.name, told["refused"], **told["said"])
    if "error" in told:
        kind, error = told["error"]
        raise refused(source.name, "broken", what=what, error_kind=kind, error=error)
    if not told:
        most = {"memory": apart.MEMORY, "seconds": apart.SECONDS, "step": apart.STEP}
        raise refused(source.name, "unread", what=what, **most)
    return told


def epub(source: Source, archive: ZipFile) -> Iterator[Source]:
    """The chapters of an e-book in reading order, without its table of contents."""
    with reading(source, "EPUB"):
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        container = lxml.etree.fromstring(archive.read("META-INF/container.xml"), parser)
        path = next(e.get("full-path") for e in container.iter("{*}rootfile"))
        package = lxml.etree.fromstring(archive.read(path), parser)
        folder = path.rpartition("/")[0]
        items = {e.get("id"): e for e in package.iter("{*}item")}
        order = (e.get("idref") for e in package.iter("{*}itemref"))
        chapters = [items[idref] for idref in order if idref in items]
        names = [e.get("href", "") for e in chapters if "nav" not in (e.get("properties") or "")]
        paths = dict.fromkeys(f"{folder}/{n}" if folder else n for n in names)  # each once
        texts = [archive.read(path) for path in paths]
    for n, data in enumerate(texts, 1):
        yield Source(f"{source.name}/{source.stem}-{n:03}.html", data, optional=True)


def old_office(source: Source, options: Options) -> Iterator[Found]:
    """An Office file of before 2007: the sheets of a workbook (XLS); a document is refused."""
    if not any(name in source.data for name in _BOOK):
        raise refused(source.name, "old-office")
    yield from sheets(source, options)


def sheets(source: Source, options: Options) -> Iterator[Found]:
    """The sheets of a workbook (XLSX, XLSB, XLS, ODS), each read as a table."""
    found = _apart("workbook", source)["sheets"]
    holding = [(n, rows) for n, rows in found if any(any(r) for r in rows)]
    if not holding:
        raise refused(source.name, "empty-workbook")
    texts = []
    for name, rows in holding:
        heads = (k for k, row in enumerate(rows[:TITLES]) if names_text(row, options))
        texts += [(name, rows[k:]) for k in islice(heads, 1)]
    for name, rows in texts or holding[:1]:
        yield sheet(rows, name if len(holding) > 1 else "", source)


def sheet(rows: Rows, name: str, source: Source) -> Source:
    """Rows of cells as a CSV file inside the file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    ending = f"/{name.replace('/', '-')}.csv" if name else "/sheet.csv"
    return Source(source.name + ending, out.getvalue().encode("utf-8", "replace"))


def is_export(head: bytes, name: str) -> bool:
    """Plain text that is the export of a database."""
    if is_table(head, name) or head.lstrip()[:1] == b"<" or head[:4] == b"PK\x03\x04":
        return False  # a table may hold the texts of exports
    text = head.decode("utf-8", "replace")
    if "\ufffd" in text:
        text = head.decode("cp1252", "replace")
    return exports.database(text.splitlines()) is not None


def text_export(source: Source, options: Options) -> Iterator[Found]:
    """The articles of a text file that is an export."""
    text, _ = decode(source.data, source.name, options.encoding)
    lines = text.splitlines()
    if len(lines) > LINES:
        raise refused(source.name, "lines", n=len(lines), most=LINES)
    if not (database := exports.database(lines)):
        raise refused(source.name, "export-unknown")
    yield from database.read_lines(lines, source, options, "TXT")


KINDS = (
    Kind("RTF", shows(rb"\A\s*\{\\rtf"), rtf),
    Kind("old Office", shows(rb"\A\xd0\xcf\x11\xe0"), old_office),
    Kind("PDF", shows(rb"(?s)\A(?:.{0,1018}[\r\n])?%PDF-\d"), pdf),
    Kind("text export", is_export, text_export),
)
