"""The Articles table: its schema, and the one way from files to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import AnalysisError, unknown
from analysis.gather.credits import take_credits
from analysis.gather.dates import iso
from analysis.gather.pages import read_head, read_page
from analysis.gather.problems import BadArticle, shown
from analysis.gather.tables import as_text, missing_column, read_table
from analysis.gather.text import normalize, paragraphs

FIRST = ("id", "outlet", "date", "title", "url", "agency", "collection")  # then tags, then text
PAGES = (".txt", ".html", ".htm")
TABLES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
PROBLEM_COLUMNS = ["file", "row", "field", "received", "remedy", "outcome"]
REMOVED_COLUMNS = ["id", "line", "reason"]
MARK = b"analysis.articles"  # in a Parquet file's schema: its text is in normal form already


@dataclass(frozen=True)
class Gathered:
    """What came of a gathering.

    Attributes
    ----------
    articles
        The Articles table (see :func:`read_articles`).
    problems
        ``file, row, field, received, remedy, outcome``; the outcome is "skipped" for what was
        refused, "kept" for a remark on an article that is in the table.
    removed
        ``id, line, reason``: every line that the rules for saved pages took out, in page order.
        It holds the page's own words.
    """

    articles: pd.DataFrame
    problems: pd.DataFrame
    removed: pd.DataFrame


@dataclass
class _Draft:
    """One article on its way, with the place it came from."""

    file: str
    row: int
    fields: dict[str, str]
    ours: bool = False  # from a file that write_articles wrote
    removed: list[tuple[str, str]] = field(default_factory=list)
    unread: dict[str, AnalysisError] = field(default_factory=dict)


@dataclass
class _Tally:
    """What the notes under the table report."""

    encodings: Counter[str] = field(default_factory=Counter)
    ignored: int = 0
    removed: list[dict[str, Any]] = field(default_factory=list)  # before the table was written
    remarks: list[BadArticle] = field(default_factory=list)
    problems: list[BadArticle] = field(default_factory=list)


def read_articles(
    *paths: str | os.PathLike[str],
    metadata: str | os.PathLike[str] | None = None,
    skip_bad: bool = False,
    dayfirst: bool | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Read articles from saved pages, tables and folders of them.

    Parameters
    ----------
    *paths
        Files or folders. Saved pages: ``.txt``, ``.html``. Tables with at least the columns
        ``outlet`` and ``text``: ``.jsonl``, ``.json``, ``.csv``, ``.tsv``, ``.parquet``. A folder
        stands for every such file in it and below.
    metadata
        A table with a column ``file`` (name of a page or table, with or without its ending) or
        ``id``; its other columns supply what the sources do not say and override what they do.
    skip_bad
        Leave out what cannot be read, and list it in ``attrs["notes"]``; else the first is raised.
    dayfirst
        How ``03/04/2014`` is meant. Without it such a date is refused, not guessed.
    encoding
        Codec of the text files; detected where not given.

    Returns
    -------
    DataFrame
        One row per article, sorted by id; every column is str, '' where unknown. ``id`` (the
        file's stem for a page; the table's own, or stem and content hash), ``outlet``, ``date``
        (YYYY-MM-DD), ``title``, ``url``, ``agency`` (credited agencies, "AFP, dpa"),
        ``collection``, tags by name, ``text`` (normal form of :mod:`analysis.gather.text`:
        paragraphs parted by a blank line). ``attrs["notes"]``: files, encodings, what was
        removed, skipped and left empty.

    Raises
    ------
    BadArticle
        Names file, row and field of what cannot be read and what would work.
    """
    return gather(paths, metadata, skip_bad, dayfirst=dayfirst, encoding=encoding).articles


def gather(
    paths: Iterable[str | os.PathLike[str]],
    metadata: str | os.PathLike[str] | None = None,
    skip_bad: bool = False,
    *,
    dayfirst: bool | None = None,
    encoding: str | None = None,
) -> Gathered:
    """Read articles as :func:`read_articles` does, with the problems and the removed lines."""
    tally = _Tally()
    supplied = Path(metadata) if metadata is not None else None
    drafts: list[_Draft] = []
    for path in _files(paths, supplied, tally):
        try:
            drafts += _read_file(path, tally, dayfirst, encoding)
        except BadArticle as e:
            tally.problems.append(e)
    if supplied is not None:
        _supply(drafts, supplied, tally, dayfirst, encoding)
    drafts = _unique(_checked(drafts, tally), tally)
    if tally.problems and not skip_bad:
        raise _first_of(tally.problems)
    if not drafts:
        raise AnalysisError(*_nothing_left(tally.problems))
    return _assemble(drafts, tally)


def write_articles(articles: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write an Articles table as Parquet: beside its place first, then renamed into it.

    Raises
    ------
    AnalysisError
        The table is not an Articles table (:func:`check_articles`).
    """
    check_articles(articles)
    table = pa.Table.from_pandas(articles, preserve_index=False)
    removed = json.dumps(articles.attrs.get("removed", []), ensure_ascii=False)
    table = table.replace_schema_metadata({MARK: removed.encode()})
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        pq.write_table(table, beside, compression="zstd")
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def check_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """Hold a table against the Articles schema and hand it back.

    Raises
    ------
    AnalysisError
        A column is missing or not all str, an id is empty or stands twice, a date is not
        ``YYYY-MM-DD``, a text is empty.
    """
    for name in (*FIRST, "text"):
        if name not in articles.columns:
            raise unknown("column of an Articles table", name, articles.columns)
    for name in articles.columns:
        bad = [v for v in articles[name] if not isinstance(v, str)]
        if bad:
            raise AnalysisError(
                f"Column '{name}' holds {shown(bad[0])}.", "Every value is a str, '' if unknown."
            )
    twice = articles["id"][articles["id"].duplicated()]
    if len(twice):
        raise AnalysisError(
            f"Id {shown(twice.iloc[0])} stands twice.", "Give each article its own."
        )
    for name, date, text in zip(articles["id"], articles["date"], articles["text"], strict=True):
        if not name or not text:
            raise AnalysisError(
                f"Article {name!r} has an empty {'text' if name else 'id'}.", "Leave it out."
            )
        if date and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise AnalysisError(f"Article {name!r} has the date {date!r}.", "Write YYYY-MM-DD.")
    return articles


# Files.


def _files(
    paths: Iterable[str | os.PathLike[str]], metadata: Path | None, tally: _Tally
) -> list[Path]:
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    aside = metadata.resolve() if metadata else None
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            inside = [p for p in path.rglob("*") if p.is_file() and not _hidden(p, path)]
            good = [p for p in inside if p.suffix.lower() in (*PAGES, *TABLES)]
            tally.ignored += len(inside) - len(good)
            if not good:
                received = f"{path}: no file in it can be read ({len(inside)} files there)."
                raise AnalysisError(received, f"Readable endings: {', '.join((*PAGES, *TABLES))}.")
            found |= {p for p in good if p.resolve() != aside}
        elif not path.exists():
            raise AnalysisError(f"{path}: there is no such file or folder.", _beside(path))
        elif path.suffix.lower() not in (*PAGES, *TABLES):
            raise unknown("kind of file", path.name, [*PAGES, *TABLES])
        elif path.resolve() != aside:
            found.add(path)
    if not found:
        raise AnalysisError("No file to read was given.", "Give files or a folder of articles.")
    return sorted(found, key=lambda p: p.as_posix())


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)


def _beside(path: Path) -> str:
    folder = path.parent
    names = sorted(p.name for p in folder.iterdir())[:10] if folder.is_dir() else []
    return f"In {folder} there are: {', '.join(names) or 'no files'}."


def _read_file(
    path: Path, tally: _Tally, dayfirst: bool | None, encoding: str | None
) -> list[_Draft]:
    if path.suffix.lower() in TABLES:
        return _from_table(path, tally, dayfirst, encoding)
    page = read_page(path.read_bytes(), file=path.name, encoding=encoding, dayfirst=dayfirst)
    tally.encodings[page["encoding"]] += 1
    fields = {k: page[k] for k in ("title", "date", "outlet", "agency", "text")}
    fields["id"] = path.stem
    return [_Draft(path.name, 0, fields, removed=page["removed"], unread=page["unread"])]


def _from_table(
    path: Path, tally: _Tally, dayfirst: bool | None, encoding: str | None
) -> list[_Draft]:
    rows, bad, used = read_table(path, encoding)
    tally.encodings[used] += 1
    tally.problems += bad
    columns = {name for _, row in rows for name in row}
    if "text" not in columns:
        raise missing_column(path.name, "text", columns)
    ours = path.suffix.lower() == ".parquet" and MARK in (pq.read_schema(path).metadata or {})
    if ours:
        tally.removed += json.loads(pq.read_schema(path).metadata[MARK])
    drafts = []
    for place, row in rows:
        try:
            drafts.append(_from_row(path, place, row, ours, dayfirst))
        except BadArticle as e:
            tally.problems.append(e)
    return drafts


def _from_row(
    path: Path, place: int, row: dict[str, Any], ours: bool, dayfirst: bool | None
) -> _Draft:
    draft = _Draft(path.name, place, {}, ours)
    for name, value in row.items():
        if name == "date":
            draft.fields[name] = _date(value, draft, dayfirst)
        elif name == "text":
            draft.fields[name] = as_text(value, path.name, place, name)
        else:
            draft.fields[name] = _one_line(as_text(value, path.name, place, name))
    if not ours:
        _clean(draft, dayfirst)
    if not draft.fields.get("id"):
        draft.fields["id"] = f"{path.stem}-{_content_hash(draft.fields)}"
    return draft


def _one_line(value: str) -> str:
    return " ".join(normalize(value).split())


def _date(value: object, draft: _Draft, dayfirst: bool | None) -> str:
    if value is None or value != value:
        return ""
    try:
        return iso(value, dayfirst=dayfirst)
    except AnalysisError as e:
        draft.unread["date"] = e
        return ""


def _clean(draft: _Draft, dayfirst: bool | None) -> None:
    """Normal form of a table's text: paragraphs parted, page head and agency credit taken out.

    What the table says itself stays as it is; the text supplies what is empty.
    """
    given = draft.fields
    lines = paragraphs(given.get("text", ""))
    title, date, removed, lines = read_head(lines, dayfirst)
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


def _content_hash(fields: dict[str, str]) -> str:
    parts = (fields.get(k, "") for k in ("outlet", "date", "title", "url", "text"))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


# Metadata.


def _supply(
    drafts: Sequence[_Draft],
    metadata: Path,
    tally: _Tally,
    dayfirst: bool | None,
    encoding: str | None,
) -> None:
    """Give articles the fields of a metadata table; a row that fits no article is a problem."""
    if not metadata.is_file():
        raise AnalysisError(f"{metadata}: there is no such metadata table.", _beside(metadata))
    rows, bad, _ = read_table(metadata, encoding)
    tally.problems += bad
    key = next((k for k in ("file", "id") if k in rows[0][1]), None) if rows else None
    if key is None:
        columns = {name for _, row in rows for name in row}
        received = f"no column 'file' or 'id'. Available: {', '.join(sorted(columns))}."
        raise BadArticle(metadata.name, 0, "file", received, "Say which article each row is about.")
    seen: dict[str, int] = {}
    for place, row in rows:
        try:
            name = as_text(row.get(key), metadata.name, place, key).strip()
            _supply_row(drafts, metadata, place, row, (key, name), seen, tally, dayfirst)
        except BadArticle as e:
            tally.problems.append(e)


def _supply_row(
    drafts: Sequence[_Draft],
    metadata: Path,
    place: int,
    row: dict[str, Any],
    wanted: tuple[str, str],
    seen: dict[str, int],
    tally: _Tally,
    dayfirst: bool | None,
) -> None:
    key, name = wanted
    if name in seen:
        received = f"{shown(name)} stands in row {seen[name]} already."
        raise BadArticle(metadata.name, place, key, received, "Give each article one row.")
    seen[name] = place
    fitting = [d for d in drafts if _fits(d, key, name)]
    if not fitting:
        there = sorted({d.file if key == "file" else d.fields["id"] for d in drafts})
        received = f"{shown(name)} fits no article."
        remedy = f"Available: {', '.join(there[:10])}{', …' if len(there) > 10 else ''}."
        raise BadArticle(metadata.name, place, key, received, remedy)
    values = {k: _one_line(as_text(v, metadata.name, place, k)) for k, v in row.items() if k != key}
    if values.get("date"):
        values["date"] = _metadata_date(row["date"], metadata, place, dayfirst)
    for draft in fitting:
        _override(draft, {k: v for k, v in values.items() if v}, metadata.name, tally)


def _fits(draft: _Draft, key: str, name: str) -> bool:
    if key == "id":
        return draft.fields["id"] == name
    return Path(name).name in (draft.file, Path(draft.file).stem)


def _metadata_date(value: object, metadata: Path, place: int, dayfirst: bool | None) -> str:
    try:
        return iso(value, dayfirst=dayfirst)
    except AnalysisError as e:
        raise BadArticle(metadata.name, place, "date", e.received, e.remedy) from None


def _override(draft: _Draft, values: dict[str, str], metadata: str, tally: _Tally) -> None:
    for name, value in values.items():
        old = draft.fields.get(name, "")
        if old and old != value and name != "id":
            received = f"the source says {shown(old)}, {metadata} says {shown(value)}."
            remedy = "The metadata is used; correct it if the source is right."
            tally.remarks.append(BadArticle(draft.file, draft.row, name, received, remedy))
        draft.fields[name] = value
        draft.unread.pop(name, None)


# Checks.


def _checked(drafts: Iterable[_Draft], tally: _Tally) -> list[_Draft]:
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


def _problem(draft: _Draft) -> BadArticle | None:
    for name, error in sorted(draft.unread.items()):
        return BadArticle(draft.file, draft.row, name, error.received, error.remedy)
    if not draft.fields.get("text"):
        received = "the text is empty."
        return BadArticle(draft.file, draft.row, "text", received, "Fill it in or delete the row.")
    if draft.row and not draft.ours and not draft.fields.get("outlet"):
        received = "the outlet is empty."
        return BadArticle(draft.file, draft.row, "outlet", received, "Name the outlet.")
    return None


def _unique(drafts: Iterable[_Draft], tally: _Tally) -> list[_Draft]:
    first: dict[str, _Draft] = {}
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


def _first_of(problems: Sequence[BadArticle]) -> BadArticle:
    first = problems[0]
    if len(problems) == 1:
        return first
    files = len({p.file for p in problems})
    more = f"({len(problems) - 1} more problems, {files} files in all; skip_bad reads the rest.)"
    return BadArticle(first.file, first.row, first.field, first.found, f"{first.remedy} {more}")


def _nothing_left(problems: Sequence[BadArticle]) -> tuple[str, str]:
    listed = " ".join(str(p) for p in problems[:5])
    return f"No article is left; {len(problems)} problems.", listed


# The table.


def _assemble(drafts: Sequence[_Draft], tally: _Tally) -> Gathered:
    drafts = sorted(drafts, key=lambda d: d.fields["id"])
    names = {name for d in drafts for name in d.fields} - {*FIRST, "text", "file"}
    columns = [*FIRST, *sorted(names), "text"]
    table = {c: [d.fields.get(c, "") for d in drafts] for c in columns}
    articles = pd.DataFrame(table, dtype="str")
    articles.attrs["notes"] = _notes(drafts, tally)
    articles.attrs["removed"] = tally.removed
    removed = [(d.fields["id"], line, why) for d in drafts for line, why in d.removed]
    problems = [
        (p.file, p.row, p.field, p.found, p.remedy, outcome)
        for outcome, listed in (("skipped", tally.problems), ("kept", tally.remarks))
        for p in listed
    ]
    return Gathered(
        check_articles(articles),
        pd.DataFrame(problems, columns=PROBLEM_COLUMNS),
        pd.DataFrame(removed, columns=REMOVED_COLUMNS),
    )


def _notes(drafts: Sequence[_Draft], tally: _Tally) -> list[str]:
    files = sum(tally.encodings.values())
    used = ", ".join(f"{n} × {name}" for name, n in sorted(tally.encodings.items()))
    notes = [f"{len(drafts)} articles from {files} files ({used})."]
    lines = sum(len(d.removed) for d in drafts)
    notes.append(f"{lines} lines that are not the article were removed.")
    credited = sum(bool(d.fields.get("agency")) for d in drafts)
    notes.append(f"{credited} of {len(drafts)} articles credit a news agency.")
    for name in ("outlet", "date", "title"):
        empty = sum(not d.fields.get(name) for d in drafts)
        if empty:
            notes.append(f"{empty} of {len(drafts)} articles have no {name}.")
    if tally.ignored:
        notes.append(f"{tally.ignored} files of other kinds were passed over.")
    notes += [f"Skipped: {p}" for p in tally.problems]
    notes += [f"Kept: {p}" for p in tally.remarks]
    return notes
