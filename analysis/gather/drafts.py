"""One article on its way: a draft, how it is cleaned and checked, and what is told of the way."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from analysis.errors import AnalysisError
from analysis.gather.credits import take_credits
from analysis.gather.dates import iso
from analysis.gather.pages import read_head
from analysis.gather.problems import BadArticle, shown
from analysis.gather.tables import missing_column
from analysis.gather.text import normalize, paragraphs

HEAD = 1 << 16  # bytes at the start of a file that show its kind


@dataclass(frozen=True)
class Source:
    """A file, or a member of a container, with its bytes.

    Attributes
    ----------
    name
        As messages show it: below the folder that was given (``Alpha/one.html``), a member after
        its container (``pages.zip/one.html``).
    data
        The bytes.
    url
        Address it was fetched from, where its container says so.
    """

    name: str
    data: bytes = field(repr=False)
    url: str = ""

    @property
    def stem(self) -> str:
        """The name without folders and ending."""
        return PurePosixPath(self.name).stem


@dataclass(frozen=True)
class Options:
    """What the user says of all files.

    Attributes
    ----------
    dayfirst
        How ``03/04/2014`` is meant; None: such a date is refused.
    encoding
        Codec of text files; None: detected.
    columns
        Wanted field → name of the column that holds it in the user's tables.
    """

    dayfirst: bool | None = None
    encoding: str | None = None
    columns: dict[str, str] = field(default_factory=dict)


@dataclass
class Draft:
    """One article on its way, with the place it came from.

    Attributes
    ----------
    file, row
        Its place: path as the user gave it, row 0 where the file is the article.
    fields
        Column → value, all str; ``text`` and what else is known.
    ours
        From a file that write_articles wrote: its text is in normal form already.
    form
        What it was read as, for the notes: an encoding or the name of a format.
    removed
        Lines taken out, with the reason.
    unread
        Field → why what stands there cannot be read for sure.
    """

    file: str
    row: int
    fields: dict[str, str]
    ours: bool = False
    form: str = ""
    removed: list[tuple[str, str]] = field(default_factory=list)
    unread: dict[str, AnalysisError] = field(default_factory=dict)


Found = Draft | BadArticle | Source  # an article, what cannot be read, or a file inside a file


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    ``recognises(head, name)`` sees the first :data:`HEAD` bytes; ``read(source, options)`` yields
    articles, refusals and files inside the file, which are read in their turn.
    """

    name: str
    recognises: Callable[[bytes, str], bool]
    read: Callable[[Source, Options], Iterator[Found]]


@dataclass
class Tally:
    """What the notes under the table report."""

    passed: list[BadArticle] = field(default_factory=list)  # files that hold no articles
    removed: list[dict[str, Any]] = field(default_factory=list)  # before the table was written
    remarks: list[BadArticle] = field(default_factory=list)  # on articles that are kept
    problems: list[BadArticle] = field(default_factory=list)  # what is left out
    notes: list[str] = field(default_factory=list)


def one_line(value: str) -> str:
    """Normal form without line breaks."""
    return " ".join(normalize(value).split())


def written_date(value: object, options: Options) -> str:
    """A cell's date as the options read it."""
    return iso(value, dayfirst=options.dayfirst)


def date_field(value: object, draft: Draft, options: Options) -> str:
    """A cell's date; what cannot be read for sure is kept on the draft and gives ""."""
    if value is None or value != value:
        return ""
    try:
        return written_date(value, options)
    except AnalysisError as e:
        draft.unread["date"] = e
        return ""


def clean(draft: Draft, options: Options) -> None:
    """Normal form of a table's text: paragraphs parted, page head and agency credit taken out.

    What the table says itself stays as it is; the text supplies what is empty.
    """
    given = draft.fields
    lines = paragraphs(given.get("text", ""))
    title, date, removed, lines = read_head(lines, options.dayfirst)
    if not draft.unread:
        given["date"] = given.get("date") or date
    given["title"] = given.get("title") or title
    while given["title"] and len(lines) > 1 and lines[0].casefold() == given["title"].casefold():
        removed.append((lines.pop(0), "headline"))
    texts, agency = take_credits(lines)
    removed += [
        (a.removesuffix(b) if b else a, "credit")
        for a, b in zip(lines, texts, strict=True)
        if a != b
    ]
    given["text"] = "\n\n".join(t for t in texts if t)
    given["agency"] = given.get("agency") or agency
    draft.removed += removed


def content_hash(fields: dict[str, str]) -> str:
    """Twelve digits that stand for what an article without an id says."""
    parts = (fields.get(k, "") for k in ("outlet", "date", "title", "url", "text"))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def checked(drafts: Iterable[Draft], tally: Tally) -> list[Draft]:
    """The drafts that are articles; what is wrong with the others is told to the tally."""
    good, without = [], Counter[str]()
    for draft in drafts:
        problem = _problem(draft)
        if problem and problem.field == "outlet" and "outlet" not in draft.fields:
            without[draft.file] += 1
            if without[draft.file] == 1:
                tally.problems.append(missing_column(draft.file, "outlet", set(draft.fields)))
        elif problem:
            tally.problems.append(problem)
        else:
            good.append(draft)
    return good


def _problem(draft: Draft) -> BadArticle | None:
    for name, error in sorted(draft.unread.items()):
        return BadArticle(draft.file, draft.row, name, error.received, error.remedy)
    if not draft.fields.get("text"):
        received = "the text is empty."
        return BadArticle(draft.file, draft.row, "text", received, "Fill it in or delete the row.")
    if draft.row and not draft.ours and not draft.fields.get("outlet"):
        received = "the outlet is empty."
        return BadArticle(draft.file, draft.row, "outlet", received, "Name the outlet.")
    return None


def unique(drafts: Iterable[Draft], tally: Tally) -> list[Draft]:
    """The drafts whose id no other one has before them."""
    first: dict[str, Draft] = {}
    for draft in drafts:
        name = draft.fields["id"]
        if name in first:
            other = first[name]
            place = other.file + (f", row {other.row}" if other.row else "")
            received = f"the id {shown(name)} is taken by {place}."
            remedy = "Give each article its own id, or leave the second out."
            tally.problems.append(BadArticle(draft.file, draft.row, "id", received, remedy))
        else:
            first[name] = draft
    return list(first.values())
