"""From whatever a reader names to a measured corpus: gathered and measured where it has to be.

What was gathered and measured once is kept (`analysis.cache`), so that a second report on the same
files begins where the first one had measured.
"""

import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import expanduser
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import cache
from analysis.data import DATA, EVENTS, LANGUAGES, mistake
from analysis.description import FILE, Description, described
from analysis.errors import AnalysisError
from analysis.gather.articles import gathered, write_articles
from analysis.gather.boilerplate import remove_boilerplate
from analysis.gather.drafts import Options
from analysis.gather.sources import find
from analysis.measure.corpus import measure_articles
from analysis.measure.evidence import texts_beside
from analysis.measure.package import PACKAGE, find_corpus, open_measures, write_measures

BUNDLED = "crimea-2014"
EXAMPLE_NAME, EXAMPLE = "example", DATA / "examples" / "velmar"
_CORPUS = "corpus"  # its texts beside it: corpus.articles.parquet


@dataclass(frozen=True)
class Choice:
    """Which articles are compared, and by what.

    Attributes
    ----------
    by
        Column of articles or outlets; empty: the description's.
    only
        Column → values that stay.
    between
        First and last day, either may be empty.
    """

    by: str = ""
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    between: tuple[str, str] = ("", "")


def corpus_for(
    what: Sequence[str | Path],
    about: Description | str | Path | None = None,
    reading: Options | None = None,
    choice: Choice | None = None,
    *,
    say: Callable[[str], object] = print,
    progress: bool = True,
) -> Path:
    """A Measures folder of what is named: the corpus itself, or the articles, measured.

    Parameters
    ----------
    what
        Name or folder of a measured corpus, or files and folders of articles; nothing: the bundled
        corpus.
    about
        The description; left out, `corpus.toml` in the folder of the articles, where there is one.
    say
        Is given what was read and what was left out, line by line.

    Raises
    ------
    AnalysisError
        Where something cannot be read, or no article is left.
    """
    named = [str(w) for w in what] or [BUNDLED]
    invented = {EXAMPLE_NAME: str(EXAMPLE)}  # where nothing else has that name
    named = [w if os.path.lexists(w) else invented.get(w, w) for w in named]
    place = Path(expanduser(named[0]))
    if len(named) == 1 and ((place / PACKAGE).is_file() or not os.path.lexists(place)):
        folder = find_corpus(named[0])
        if about is not None:
            raise mistake("measured-already", name=named[0])
    else:
        folder = _measured(named, about, reading or Options(), say, progress)
    return _chosen(folder, choice or Choice())


def about_beside(first: str | Path) -> Path | None:
    """The description in the folder of the articles named first, where there is one."""
    first = Path(expanduser(first))
    found = (first if first.is_dir() else first.parent) / FILE
    return found if found.is_file() else None


def _measured(
    what: list[str],
    about: Description | str | Path | None,
    reading: Options,
    say: Callable[[str], object],
    progress: bool,
) -> Path:
    description = described(about_beside(what[0]) if about is None else about)
    if not description.title:
        name = ", ".join(Path(w).stem for w in what[:3]) + (" …" if len(what) > 3 else "")
        description = dataclasses.replace(description, title=name)
    reading = dataclasses.replace(reading, columns={**description.columns, **reading.columns})
    own = [_sha256(path) for path in _own_lists(description)]
    sources = [(name, _sha256(path)) for path, name, _ in find(what, reading.metadata)]
    asked = ["articles", sources, _plain(reading), description.packaged(), own]

    def write(place: Path) -> None:
        articles = _articles(what, reading)
        write_articles(articles, place / f"{_CORPUS}.articles.parquet")
        measures = measure_articles(articles, description, progress=progress)
        said = [*articles.attrs["notes"], *description.unheld(measures.outlets["outlet"])]
        package = {**measures.package, "gathered": said}
        write_measures(dataclasses.replace(measures, package=package), place / _CORPUS)
        _copy_lists(description, place)

    folder = cache.kept(asked, write) / _CORPUS
    for note in json.loads((folder / PACKAGE).read_text("utf-8"))["gathered"]:
        say(note)
    return folder


def _articles(what: list[str], reading: Options) -> pd.DataFrame:
    """The articles without furniture; a file that cannot be read is an error, a row is named."""
    read = gathered(what, dataclasses.replace(reading, skip_bad=True))
    for one in read.problems.query("outcome == 'skipped' and row == 0").itertuples():
        if not reading.skip_bad:
            raise AnalysisError(f"{one.file}: {one.received}", one.remedy)
    return remove_boilerplate(read.articles, read.removed)[0]


def _chosen(folder: Path, choice: Choice) -> Path:
    """The folder itself, or one of the articles that were chosen."""
    if choice == Choice():
        return folder
    between = {"date": choice.between} if any(choice.between) else {}
    filters: dict[str, Any] = {c: list(values) for c, values in choice.only.items()} | between

    def write(place: Path) -> None:
        measures = open_measures(folder).select(**filters)
        about = dict(measures.package.get("about", {}))
        if choice.by:
            measures.labels(choice.by)
            about["by"] = choice.by
        package = {**measures.package, "about": about, "selected": list(measures.notes)}
        write_measures(dataclasses.replace(measures, package=package), place / _CORPUS)
        _copy_lists(measures.description, place)
        texts = texts_beside(folder)
        if texts is not None:
            write_articles(texts, place / f"{_CORPUS}.articles.parquet")

    return cache.kept(["chosen", _sha256(folder / PACKAGE), _plain(choice)], write) / _CORPUS


def _plain(options: Options | Choice) -> dict[str, Any]:
    """Options as plain data; a file by its content."""
    values = dataclasses.asdict(options)
    return {k: _sha256(v) if isinstance(v, Path) else v for k, v in values.items()}


def _own_lists(description: Description) -> list[Path]:
    """The lists of the description that have no name in the project."""
    lexicons, speakers = description.lists_at_hand()
    files = (p for p in [*lexicons, speakers] if p)
    return [p for p in files if not any(map(p.resolve().is_relative_to, (LANGUAGES, EVENTS)))]


def _copy_lists(description: Description, place: Path) -> None:
    for own in _own_lists(description):
        shutil.copyfile(own, place / own.name)


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
