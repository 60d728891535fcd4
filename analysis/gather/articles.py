"""The one way from files to the Articles table, and from it to a file."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import AnalysisError
from analysis.gather import sources
from analysis.gather.drafts import Draft, Options, Tally, checked, unique
from analysis.gather.metadata import supply
from analysis.gather.problems import BadArticle
from analysis.gather.readers import MARK, removed_before
from analysis.gather.schema import FIRST, check_articles

PROBLEM_COLUMNS = ["file", "row", "field", "received", "remedy", "outcome"]
REMOVED_COLUMNS = ["id", "line", "reason"]


@dataclass(frozen=True)
class Gathered:
    """What came of a gathering.

    Attributes
    ----------
    articles
        The Articles table (see :func:`read_articles`).
    problems
        ``file, row, field, received, remedy, outcome``; the outcome is "skipped" for what was
        refused, "passed over" for a file in a folder that is of no kind that holds articles, "kept"
        for a remark on an article that is in the table.
    removed
        ``id, line, reason``: every line that the rules for saved pages took out, in page order.
        It holds the page's own words.
    """

    articles: pd.DataFrame
    problems: pd.DataFrame
    removed: pd.DataFrame


def read_articles(
    *paths: str | os.PathLike[str],
    metadata: str | os.PathLike[str] | None = None,
    columns: Mapping[str, str] | None = None,
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
    columns
        Wanted column → its name in the tables, ``{"text": "content", "outlet": "publication"}``.
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
    read = gather(paths, metadata, skip_bad, columns=columns, dayfirst=dayfirst, encoding=encoding)
    return read.articles


def gather(
    paths: Iterable[str | os.PathLike[str]],
    metadata: str | os.PathLike[str] | None = None,
    skip_bad: bool = False,
    *,
    columns: Mapping[str, str] | None = None,
    dayfirst: bool | None = None,
    encoding: str | None = None,
) -> Gathered:
    """Read articles as :func:`read_articles` does, with the problems and the removed lines."""
    tally, options = Tally(), Options(dayfirst, encoding, dict(columns or {}))
    supplied = Path(metadata) if metadata is not None else None
    drafts = _drafts(paths, supplied, options, tally)
    if supplied is not None:
        supply(drafts, supplied, tally, options)
    drafts = unique(checked(drafts, tally), tally)
    if tally.problems and not skip_bad:
        raise _first_of(tally.problems)
    if not drafts:
        raise AnalysisError(*_nothing_left([*tally.problems, *tally.passed]))
    return _assemble(drafts, tally)


def _drafts(
    paths: Iterable[str | os.PathLike[str]], aside: Path | None, options: Options, tally: Tally
) -> list[Draft]:
    drafts: list[Draft] = []
    for path, name, named in sources.find(paths, aside):
        for found in sources.read_file(path, name, options):
            if isinstance(found, Draft):
                drafts.append(found)
            elif isinstance(found, sources.PassedOver) and not named:
                tally.passed.append(found)
            else:
                tally.problems.append(found)
        if drafts and drafts[-1].ours and drafts[-1].file == name:
            tally.removed += removed_before(path.read_bytes()) or []
    return drafts


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
    part = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        pq.write_table(table, part, compression="zstd")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


# The table.


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


def _assemble(drafts: Sequence[Draft], tally: Tally) -> Gathered:
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
        for outcome, listed in (
            ("skipped", tally.problems),
            ("passed over", tally.passed),
            ("kept", tally.remarks),
        )
        for p in listed
    ]
    return Gathered(
        check_articles(articles),
        pd.DataFrame(problems, columns=PROBLEM_COLUMNS),
        pd.DataFrame(removed, columns=REMOVED_COLUMNS),
    )


def _notes(drafts: Sequence[Draft], tally: Tally) -> list[str]:
    forms = Counter(form for _, form in {(d.file, d.form) for d in drafts})
    files = sum(forms.values())
    used = ", ".join(f"{n} × {name}" for name, n in sorted(forms.items()))
    notes = [f"{len(drafts)} articles from {files} files ({used})."]
    lines = sum(len(d.removed) for d in drafts)
    notes.append(f"{lines} lines that are not the article were removed.")
    credited = sum(bool(d.fields.get("agency")) for d in drafts)
    notes.append(f"{credited} of {len(drafts)} articles credit a news agency.")
    for name in ("outlet", "date", "title"):
        empty = sum(not d.fields.get(name) for d in drafts)
        if empty:
            notes.append(f"{empty} of {len(drafts)} articles have no {name}.")
    notes += [f"Passed over: {p}" for p in tally.passed]
    notes += tally.notes
    notes += [f"Skipped: {p}" for p in tally.problems]
    notes += [f"Kept: {p}" for p in tally.remarks]
    return notes
