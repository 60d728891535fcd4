"""The one way from files to the Articles table, and from it to a file."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import AnalysisError, unknown, wording
from analysis.gather import sources
from analysis.gather.drafts import Draft, Options, Tally, complete, name_by_place, unique
from analysis.gather.exports.records import genre_of
from analysis.gather.metadata import supply
from analysis.gather.notes import notes
from analysis.gather.problems import BadArticle, PassedOver
from analysis.gather.readers import MARK, removed_before
from analysis.gather.schema import FIRST, check_articles
from analysis.progress import step
from analysis.writing import may_replace, replacing, write_csv

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
        file's stem for a page; the table's own, or stem and content hash; with the file's name
        before it where files share ids), ``outlet``, ``date`` (YYYY-MM-DD), ``title``, ``url``,
        ``agency`` (credited agencies, "AFP, dpa"), ``section``, ``genre``, ``collection``,
        ``language``, ``time`` (of day, where one is known) and other tags by name, ``text``
        (normal form of :mod:`analysis.gather.text`: paragraphs parted by a blank line).
        ``attrs["notes"]``: files, encodings, what was removed, skipped, left empty, taken for
        what, and what looks like a mistake.

    Raises
    ------
    BadArticle
        Names file, row and field of what cannot be read and what would work.
    """
    said = {"columns": columns, "dayfirst": dayfirst, "encoding": encoding}
    return gather(paths, metadata, skip_bad, **said).articles


def gather(
    paths: Iterable[str | os.PathLike[str]],
    metadata: str | os.PathLike[str] | None = None,
    skip_bad: bool = False,
    **said: Any,
) -> Gathered:
    """Read articles as :func:`read_articles` does, with the problems and the removed lines."""
    aside = None if metadata is None else Path(metadata)
    said = {name: value for name, value in said.items() if value is not None}
    return gathered(paths, Options(metadata=aside, skip_bad=skip_bad, **said))


def gathered(paths: Iterable[str | os.PathLike[str]], options: Options) -> Gathered:
    """What `gather` gives, of paths and how they are to be read."""
    tally = Tally()
    drafts = _drafts(paths, options, tally)
    if options.metadata is not None:
        supply(drafts, options.metadata, tally, options)
    return assembled(drafts, tally, skip_bad=options.skip_bad)


def assembled(drafts: list[Draft], tally: Tally, *, skip_bad: bool) -> Gathered:
    """The Articles table of drafts, checked and each under its own id."""
    name_by_place(drafts, tally)
    drafts = unique(complete(drafts, tally), tally)
    if tally.problems and not skip_bad:
        raise _first_of(tally.problems)
    if not drafts:
        problems = [*map(str, (*tally.problems, *tally.passed))]
        received = f"No article is left; {len(problems)} problems."
        raise AnalysisError(received, " ".join(problems[:5]))
    return _assemble(drafts, tally)


def _drafts(paths: Iterable[str | os.PathLike[str]], options: Options, tally: Tally) -> list[Draft]:
    drafts: list[Draft] = []
    files = list(sources.find(paths, options.metadata))
    with step("reading", len(files), "file") as done:
        for path, name, named in files:
            for found in sources.read_file(path, name, options):
                if isinstance(found, Draft):
                    drafts.append(found)
                elif isinstance(found, PassedOver) and named and found.file == name:
                    tally.problems.append(found)
                else:
                    tally.tell(found)
            if drafts and drafts[-1].ours and drafts[-1].file == name:
                tally.removed += removed_before(path.read_bytes()) or []
            done(1)
    return drafts


def may_write(
    path: str | os.PathLike[str],
    inputs: Iterable[str | os.PathLike[str]] = (),
    *,
    force: bool = False,
) -> Path:
    """Where an Articles table may be written; asked before the work, not after it.

    Raises
    ------
    AnalysisError
        The ending is none that can be written, the path is a folder or one of the ``inputs`` (or
        lies in one), or a file stands there that ``write_articles`` did not write and ``force`` is
        not given.
    """
    target = may_replace(path, _not_articles, inputs=inputs, force=force)
    _ending(target)
    return target


def _ending(target: Path) -> str:
    """The ending of a table, of a kind that can be written."""
    if target.suffix.lower() not in WRITTEN:
        raise unknown("kind of table to write", target.suffix or target.name, WRITTEN)
    return target.suffix.lower()


def _not_articles(path: Path) -> str:
    if path.is_dir():
        return f"it is a folder; a file ends in {', '.join(WRITTEN)}"
    with path.open("rb") as file:
        is_ours = file.read(4) == b"PAR1" and removed_before(path.read_bytes()) is not None
    return "" if is_ours else "it is no Articles table"


def write_articles(articles: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write an Articles table: beside its place first, then put in it.

    Its ending says as what: ``.parquet``, ``.csv`` (an apostrophe stands before what a spreadsheet
    would run as a formula; it is taken off in reading) or ``.jsonl``. Only Parquet remembers what
    was removed.

    Raises
    ------
    AnalysisError
        The table is not an Articles table (:func:`check_articles`), or the ending is another.
    """
    check_articles(articles)
    target = Path(path).resolve()
    write = WRITTEN[_ending(target)]
    with replacing(target, _not_articles) as part:
        write(articles, part)


def _as_parquet(articles: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(articles, preserve_index=False)
    removed = json.dumps(articles.attrs.get("removed", []), ensure_ascii=False)
    table = table.replace_schema_metadata({MARK: removed.encode()})
    pq.write_table(table, path, compression="zstd")


_as_jsonl = partial(pd.DataFrame.to_json, orient="records", lines=True, force_ascii=False)
WRITTEN: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    ".parquet": _as_parquet,
    ".csv": write_csv,
    ".jsonl": _as_jsonl,
}


# The table.


def _first_of(problems: Sequence[BadArticle]) -> BadArticle:
    first, *others = problems
    files = len({p.file for p in problems})
    how = wording("skip_bad=True", "--skip-bad")
    more = f" ({len(others)} more problems, {files} files in all; {how} reads the rest.)"
    remedy = first.remedy + (more if others else "")
    return BadArticle(first.file, first.row, first.field, first.found, remedy)


def _genre(draft: Draft) -> str:
    """As it is given, or as the section or the folders of the address say."""
    folders = urlsplit(draft.fields.get("url", "").replace("[", "")).path.rpartition("/")[0]
    section = draft.fields.get("section", "")
    return draft.fields.get("genre") or genre_of(section, folders.replace("/", " "))


def _assemble(drafts: Sequence[Draft], tally: Tally) -> Gathered:
    drafts = sorted(drafts, key=lambda d: d.fields["id"])
    for draft in drafts:
        draft.fields["genre"] = draft.fields.get("genre", "") if draft.ours else _genre(draft)
    names = {name for d in drafts for name in d.fields} - {*FIRST, "text", "file"}
    columns = [*FIRST, *sorted(names), "text"]
    table = {c: [d.fields.get(c, "") for d in drafts] for c in columns}
    articles = pd.DataFrame(table, dtype="str")
    articles.attrs["notes"] = notes(drafts, tally)
    articles.attrs["removed"] = tally.removed
    removed = [(d.fields["id"], line, why) for d in drafts for line, why in d.removed]
    outcomes = {"skipped": tally.problems, "passed over": tally.passed, "kept": tally.remarks}
    problems = [
        (p.file, p.row, p.field, p.found, p.remedy, outcome)
        for outcome, listed in outcomes.items()
        for p in listed
    ]
    return Gathered(
        check_articles(articles),
        pd.DataFrame(problems, columns=PROBLEM_COLUMNS),
        pd.DataFrame(removed, columns=REMOVED_COLUMNS),
    )
