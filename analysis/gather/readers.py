"""A table or a saved page → drafts: the two kinds of file that most users have."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.gather import drafts, exports
from analysis.gather.drafts import Draft, Found, Kind, Options, Source
from analysis.gather.exports.markup import is_markup
from analysis.gather.pages import FIELDS, read_page
from analysis.gather.problems import BadArticle, refused
from analysis.gather.tables import (
    CORE,
    DELIMITERS,
    is_json,
    missing_column,
    name_columns,
    read_named,
)

MARK = b"analysis.articles"  # in a Parquet file's schema: its text is in normal form already
TABLES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
PAGES = (".txt", ".html", ".htm")
LEAST = 3  # columns of known names in a text that is a table by its first line, parted by no tabs


def is_table(head: bytes, name: str) -> bool:
    """A Parquet file by its mark, a text table by its ending, as JSON, or by a head of tabs."""
    if head.startswith(b"PAR1") or name.lower().endswith(TABLES):
        return True
    text = head[:2000].decode("utf-8", "replace")
    if is_json(text):
        return True
    line = text.split("\n", 1)[0].strip("\ufeff\r")
    heads = [(line.split(d), 1 if d == "\t" else LEAST) for d in DELIMITERS if d in line]
    return any(names_text(header, Options(), least) for header, least in heads)


def names_text(header: Sequence[str], options: Options, least: int = 1) -> bool:
    """Whether one of a table's columns is the text, and ``least`` of them have known names."""
    try:
        named, _ = name_columns([(1, dict.fromkeys(map(str, header)))], "", options.columns)
    except BadArticle:
        return False
    return "text" in named[0][1] and len(named[0][1].keys() & {*CORE}) >= least


def from_table(source: Source, options: Options) -> Iterator[Found]:
    """The articles of a table, one a row."""
    ours = removed_before(source.data) is not None
    columns = {} if ours else options.columns
    table = read_named(source.data, source.name, columns, options.dayfirst, options.encoding)
    yield from table.told
    if "text" not in table.columns:
        if "url" in table.columns and "file" not in table.columns:
            raise refused(source.name, "addresses", 0, "text")
        raise missing_column(source.name, "text", table.columns)
    for place, row in table.rows:
        draft = Draft(source.name, place, {}, ours, table.encoding)
        try:
            drafts.fill(draft, row, table.dayfirst)
        except BadArticle as e:
            yield e
            continue
        if not ours:
            drafts.clean(draft, options)
        if not draft.fields.get("id"):
            draft.fields["id"] = f"{source.stem}-{drafts.content_hash(draft.fields)}"
        yield draft


def removed_before(data: bytes) -> list[dict[str, Any]] | None:
    """What cleaning took out before ``write_articles`` wrote a file; None if it did not."""
    if not data.startswith(b"PAR1"):
        return None
    try:
        metadata = pq.read_schema(pa.BufferReader(data)).metadata or {}
        removed = json.loads(metadata.get(MARK, b"null"))
    except (pa.ArrowException, OSError, ValueError, RecursionError):
        return None
    told = isinstance(removed, list) and all(isinstance(r, dict) for r in removed)
    return removed if told else None


def from_page(source: Source, options: Options) -> Iterator[Draft]:
    """The one article of a saved page."""
    markup = is_markup(source.data)
    if not markup and len(source.data) > 4 * drafts.LONGEST:  # bytes, of which 4 are a character
        raise refused(source.name, "long-text", 0, "text", most=drafts.LONGEST)
    page = read_page(
        source.data, file=source.name, encoding=options.encoding, dayfirst=options.dayfirst
    )
    lines = [*page["text"].split("\n\n"), *(line for line, _ in page["removed"])]
    if not markup and (n := exports.several(lines)):
        raise refused(source.name, "export-labels", n=n)
    fields = {k: page[k] for k in (*FIELDS, "text") if page[k] or k != "time"}
    fields |= {"id": drafts.one_line(source.stem), "url": source.url or page["url"]}
    told = {"removed": page["removed"], "unread": page["unread"]}
    yield Draft(source.name, 0, fields, form=page["encoding"], **told)


KINDS = (
    Kind("table", is_table, from_table),
    Kind("saved page", lambda _, name: name.lower().endswith(PAGES), from_page),
)
