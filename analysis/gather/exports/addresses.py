"""Lists of addresses (Media Cloud, GDELT): they hold no text, so they are named and refused."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from analysis.gather.drafts import Found, Kind, Options, Source
from analysis.gather.problems import BadArticle

# Columns that only these lists have together, and none of them a text.
MEDIA_CLOUD = ({"url", "media_name", "publish_date"}, {"stories_id", "media_name", "url"})
GDELT = ({"documentidentifier"}, {"sourceurl"}, {"url", "seendate", "domain"})
GDELT_EVENTS = re.compile(rb"\d{9,10}\t(?:19|20)\d{6}\t(?:19|20)\d{4}\t")
TEXTS = {
    "text",
    "content",
    "body",
    "story_text",
    "fulltext",
    "full_text",
    "article_text",
    "maintext",
}


def columns(head: bytes) -> set[str]:
    """The column names of a table's first line, in lower case."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0][:5000].decode("utf-8", "replace")
    delimiter = max(",\t;", key=line.count)
    try:
        cells = next(csv.reader([line.strip("\r")], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return {c.strip().casefold() for c in cells}


def whose(head: bytes) -> str:
    """ "Media Cloud" or "GDELT", '' for any other table."""
    if GDELT_EVENTS.match(head):
        return "GDELT"
    found = columns(head)
    if found & TEXTS:
        return ""
    if any(known <= found for known in MEDIA_CLOUD):
        return "Media Cloud"
    return "GDELT" if any(known <= found for known in GDELT) else ""


def recognises(head: bytes, name: str) -> bool:
    """A table whose columns are those of a list of addresses."""
    return not head.startswith(b"PAR1") and b"<" not in head[:20] and bool(whose(head))


def read(source: Source, options: Options) -> Iterator[Found]:
    """Refuse the list, saying what would fetch it."""
    received = f"a list of addresses by {whose(source.data[:65536])}, without texts."
    remedy = f"Fetch them first: compare-coverage collect {source.name} --out articles.parquet."
    yield BadArticle(source.name, 0, "", received, remedy)


KIND = Kind("list of addresses", recognises, read)
