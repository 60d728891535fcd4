"""One article on its way: a draft, how it is cleaned and checked, and what is told of the way."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from analysis.errors import AnalysisError, counted
from analysis.gather.credits import take_credits
from analysis.gather.dates import is_date, read_date, read_time
from analysis.gather.pages import read_head
from analysis.gather.problems import BadArticle, PassedOver, Remark, refused, shown
from analysis.gather.schema import FIRST
from analysis.gather.tables import as_text, missing_column
from analysis.gather.text import letters, normalize, paragraphs

HEAD = 1 << 16  # bytes at the start of a file that show its kind
LONGEST = 1_000_000  # characters of an article: more are a book, or hostile


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
    optional
        Whether it need not be an article: a chapter of a book, a page of a web archive.
    """

    name: str
    data: bytes = field(repr=False)
    url: str = ""
    optional: bool = False

    @property
    def stem(self) -> str:
        """The name without folders and ending."""
        return PurePosixPath(self.name).stem


@dataclass(frozen=True)
class Options:
    """What the user says of all files: see :func:`analysis.read_articles`."""

    dayfirst: bool | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    metadata: Path | None = None
    skip_bad: bool = False


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

    def words(self) -> list[str]:
        """The words of its text, as white space parts them."""
        return self.fields.get("text", "").split()


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


def shows(pattern: bytes) -> Callable[[bytes, str], bool]:
    """A recogniser: whether a file's head holds what a pattern describes."""
    found = re.compile(pattern).search
    return lambda head, name: bool(found(head))


@dataclass
class Tally:
    """What the notes under the table report."""

    passed: list[BadArticle] = field(default_factory=list)  # files that hold no articles
    removed: list[dict[str, Any]] = field(default_factory=list)  # before the table was written
    remarks: list[BadArticle] = field(default_factory=list)  # on articles that are kept
    problems: list[BadArticle] = field(default_factory=list)  # what is left out
    notes: list[str] = field(default_factory=list)

    def tell(self, told: BadArticle) -> None:
        """Keep what is said of a file: a remark, a file that is passed over, or a problem."""
        kinds = {Remark: self.remarks, PassedOver: self.passed}
        kinds.get(type(told), self.problems).append(told)


def one_line(value: str) -> str:
    """Normal form without line breaks."""
    return " ".join(normalize(value).split())


# Seconds (or thousandths) since 1970, and a spreadsheet's days since 1900 (1954–2064).
_NUMBER = re.compile(r"(1\d{9})(?:\d{3}|\.\d+)?|([2-5]\d{4}(?:\.\d+)?)")


def date_field(value: object, draft: Draft, dayfirst: bool | None) -> dict[str, str]:
    """``date`` and, where a cell states it, ``time``; what cannot be read stays on the draft."""
    written = as_text(value, draft.file, draft.row, "date")
    if m := _NUMBER.fullmatch(written):
        unit, origin = ("s", "1970-01-01") if m[1] else ("D", "1899-12-30")
        written = pd.to_datetime(float(m[1] or m[2]), unit=unit, origin=origin).isoformat()
    try:
        found = {"date": read_date(written, dayfirst=dayfirst)}
    except AnalysisError as e:
        draft.unread["date"] = e
        return {"date": ""}
    time = read_time(written)
    return found | ({"time": time} if time.strip("0:Z+ ") else {})  # midnight is mostly no time


def fill(draft: Draft, row: Mapping[str, Any], dayfirst: bool | None) -> None:
    """Give a draft the fields of a table's row."""
    for name, value in row.items():
        if name == "date":
            draft.fields |= date_field(value, draft, dayfirst)
        else:
            written = isinstance(value, str) and draft.ours  # what looks like markup in it is none
            told = value if written else as_text(value, draft.file, draft.row, name)
            if len(told) > LONGEST:
                raise refused(draft.file, "long-text", draft.row, name, most=LONGEST)
            draft.fields[name] = told if name == "text" else one_line(told)


def clean(draft: Draft, options: Options) -> None:
    """Normal form of a table's text: paragraphs parted, page head and agency credit taken out.

    What the table says itself stays as it is; the text supplies what is empty.
    """
    given = draft.fields
    lines = paragraphs(given.get("text", ""))
    title, date, removed, lines = read_head(lines, options.dayfirst)
    draft.removed += removed
    if not draft.unread:
        given["date"] = given.get("date") or date
    given["title"] = given.get("title") or title
    agency = settle(draft, lines)
    given["agency"] = given.get("agency") or agency


def settle(draft: Draft, lines: list[str]) -> str:
    """Make lines the draft's text, without its headline at their top; the agencies they credit."""
    head = letters(draft.fields["title"])
    others = (i for i, x in enumerate(lines[:-1]) if letters(x) != head)
    first = next(others, max(0, len(lines) - 1)) if head else 0
    draft.removed += [(x, "headline") for x in lines[:first]]
    lines = lines[first:]
    texts, agency = take_credits(lines)
    changed = ((a, b) for a, b in zip(lines, texts, strict=True) if a != b)
    draft.removed += [(a.removesuffix(b) if b else a, "credit") for a, b in changed]
    draft.fields["text"] = "\n\n".join(t for t in texts if t)
    return agency


def content_hash(fields: dict[str, str]) -> str:
    """Twelve digits that stand for what an article without an id says."""
    parts = (fields.get(k, "") for k in ("outlet", "date", "title", "url", "text"))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def complete(drafts: Iterable[Draft], tally: Tally) -> list[Draft]:
    """The drafts that are articles; what is wrong with the others is told to the tally."""
    good: list[Draft] = []
    without: set[str] = set()  # files of whose column of outlets it is said once that it is missing
    for draft in drafts:
        problem = _problem(draft)
        if not problem:
            good.append(draft)
        elif problem.field != "outlet" or "outlet" in draft.fields:
            tally.problems.append(problem)
        elif draft.file not in without:
            without.add(draft.file)
            tally.problems.append(missing_column(draft.file, "outlet", set(draft.fields)))
    return good


def _problem(draft: Draft) -> BadArticle | None:
    for name, error in sorted(draft.unread.items()):
        return BadArticle(draft.file, draft.row, name, error.received, error.remedy)
    if not draft.fields.get("text"):
        return refused(draft.file, "empty-text", draft.row, "text")
    if len(draft.fields["text"]) > LONGEST:
        return refused(draft.file, "long-text", draft.row, "text", most=LONGEST)
    gathered = draft.ours or draft.fields.keys() >= {*FIRST}  # also as CSV or JSONL
    if draft.row and not gathered and not draft.fields.get("outlet"):
        return refused(draft.file, "empty-outlet", draft.row, "outlet")
    return None


_DATED = re.compile(  # year first, or day first with full stops
    r"(?<!\d)(?:(\d{4})([-_./]?)(\d\d)\2(\d\d)|(\d\d?\.\d\d?\.\d{4}))(?!\d)"
)
_CONTAINER = re.compile(r"(?i)\.(?:zip|t?gz|warc|mht|mhtml|epub|docx|xls[xbm]?|od[st])$")


def name_by_place(drafts: Iterable[Draft], tally: Tally) -> None:
    """Outlet and date from where a file lies (``Alpha/2021-03-01.txt``), where nothing else says.

    The outlet is the nearest folder below the one that was given whose name is not a number or a
    date, and no archive or workbook (``pages.zip/one.html``); without one it is the host of the
    article's address. The date is one that the path writes year first
    or with full stops (``14.03.2014``).
    """
    told = {"folder": Counter[str](), "host of the address": Counter[str]()}
    dated = 0
    for draft in (d for d in drafts if not d.ours):
        known = "outlet" in draft.fields if draft.row else draft.fields.get("outlet")
        what, name = _outlet_of_place(draft)
        if name and not known:
            draft.fields["outlet"] = one_line(name)
            told[what][draft.fields["outlet"]] += 1
        if not (draft.row or draft.fields.get("date") or draft.unread):
            found = _DATED.finditer(str(PurePosixPath(draft.file).with_suffix("")))
            written = (m[5] or f"{m[1]}-{m[3]}-{m[4]}" for m in found)
            draft.fields["date"] = read_date(next(filter(is_date, written), ""))
            dated += bool(draft.fields["date"])
    for what, named in told.items():
        names = [f"{name} ({n})" for name, n in sorted(named.items())]
        listed = ", ".join([*names[:10], *(["…"] if names[10:] else [])])
        if named:
            of = counted(named.total(), "article")
            tally.notes.append(f"The {what} is the outlet of {of}: {listed}.")
    if dated:
        tally.notes.append(f"The file's name gives the date of {counted(dated, 'article')}.")


def _outlet_of_place(draft: Draft) -> tuple[str, str]:
    """What of a draft's place names its outlet, and the name; '' where nothing does."""
    inside = (f for f in PurePosixPath(draft.file).parts[:-1] if not _CONTAINER.search(f))
    folders = [f for f in inside if re.search(r"[^\W\d_]", f)]
    if folders:
        return "folder", folders[-1]
    host = re.match(r"(?i)https?://(?:www\.)?([^/:?#\s]+)", draft.fields.get("url", ""))
    return "host of the address", host[1].lower() if host else ""


def unique(drafts: Iterable[Draft], tally: Tally) -> list[Draft]:
    """The drafts under ids of their own.

    Files whose ids clash (each numbers its articles 1…n) give them their name: ``quay-1``,
    ``oru-1``. One article that stands in two files is kept once. An id that stands twice in one
    file is a problem.
    """
    drafts = _once(drafts, tally)
    holders: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        holders[draft.fields["id"]].add(draft.file)
    files = {file for found in holders.values() if len(found) > 1 for file in found}
    stems = Counter(PurePosixPath(file).with_suffix("") for file in files)
    first: dict[str, Draft] = {}
    for draft in drafts:
        if draft.file in files:
            draft.fields["id"] = _id_by_place(draft, stems)
        name = draft.fields["id"]
        other = first.setdefault(name, draft)
        if other is not draft:
            place = other.file + (f", row {other.row}" if other.row else "")
            told = refused(draft.file, "id-taken", draft.row, "id", name=shown(name), place=place)
            tally.problems.append(told)
    if files:
        tally.notes.append(
            f"Ids that stand in several files got the file's name before them ({len(files)} files)."
        )
    return list(first.values())


def _once(drafts: Iterable[Draft], tally: Tally) -> list[Draft]:
    """The drafts without those that say, under one id, what one of another file says."""
    said: dict[tuple[str, ...], Draft] = {}
    left = []
    for draft in drafts:
        says = (draft.fields.get(k, "") for k in ("id", "outlet", "date", "title", "text"))
        other = said.setdefault(tuple(says), draft)
        if other.file == draft.file:
            left.append(draft)
        else:
            told = {"name": shown(draft.fields["id"]), "other": other.file}
            tally.remarks.append(refused(draft.file, "id-again", draft.row, "", Remark, **told))
    return left


def _id_by_place(draft: Draft, stems: Counter[PurePosixPath]) -> str:
    """An article's id with its file before it; with the file's ending where two differ in it."""
    path = PurePosixPath(draft.file)
    stem = path.with_suffix("")
    place = one_line("-".join((path if stems[stem] > 1 else stem).parts))
    own = draft.fields["id"]
    whole = not draft.row and own == path.stem
    return place if whole else f"{place}-{own.removeprefix(f'{path.stem}-')}"
