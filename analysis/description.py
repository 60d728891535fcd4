"""What a corpus is about: read from one TOML file, checked whole, kept with the measures.

Everything that belongs to an event stands here and not in the code. Every key may be left out;
without a description a corpus gets what is true of any event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from analysis.data import LANGUAGES, lexicon_files, read_list, speakers_file
from analysis.errors import AnalysisError, unknown

FILE = "corpus.toml"
_T = TypeVar("_T")
_PUBLISHED = ("title", "description", "sources", "licenses")  # where Frictionless has them


@dataclass(frozen=True)
class Description:
    """What a corpus is about.

    Attributes
    ----------
    title, question, description
        The corpus in a few words, what is asked of it (it heads the report), and in sentences.
    language
        Of all articles, as ISO 639-1 ("en"); left out, it is detected article by article.
    by
        What the report compares: a column of articles or of outlets.
    topic, topic_least
        Terms, `stem*` for any ending; an article is about the event that holds them so often.
    focus
        Tag → value (or values) of the articles of the story read first.
    lexicons, speakers
        Word lists and table of speakers: names (`analysis.data`) or files.
    publish
        The tags that may leave the Articles table.
    strata
        What tests hold still: "story", "week" or a column.
    terms
        Words named beforehand, a family of tests of their own.
    columns
        Column of an Articles table (outlet, date, text, …) → its name in the source.
    outlets
        Outlet → aliases, country, ownership, source.
    sources, licenses
        As in a Frictionless data package: tables with title, name, path.
    sha256
        Of the file; empty where there was none.
    """

    title: str = ""
    question: str = ""
    description: str = ""
    language: str = ""
    by: str = "outlet"
    topic: tuple[str, ...] = ()
    topic_least: int = 3
    focus: Mapping[str, Any] = field(default_factory=dict)
    lexicons: tuple[str, ...] = ("generic",)
    speakers: str = ""
    publish: tuple[str, ...] = ()
    strata: str = ""
    terms: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    outlets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: tuple[Mapping[str, str], ...] = ()
    licenses: tuple[Mapping[str, str], ...] = ()
    sha256: str = ""
    folder: Path | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(
        cls, values: Mapping[str, Any], where: str = "The description", **more: Any
    ) -> Description:
        """A description of these values, each of them checked.

        Raises
        ------
        AnalysisError
            For a key that is unknown, a value of a wrong type, a list that does not exist.
        """
        for key in values:
            if key not in _CHECKS:
                raise unknown(f"key in {where}:", key, _CHECKS)
        checked = {key: _CHECKS[key](f"{where}, {key}", value) for key, value in values.items()}
        made = cls(**checked, **more)
        made._check_lists(where)
        return made

    @classmethod
    def from_package(cls, package: Mapping[str, Any], beside: Path | None = None) -> Description:
        """The description in a `datapackage.json`; lists of one's own may lie `beside` it."""
        about = package.get("about", {})
        if not isinstance(about, Mapping):
            raise AnalysisError("datapackage.json, about: no table.", "Measure the articles again.")
        values = {k: package[k] for k in _PUBLISHED if k in package}
        values |= {k: v for k, v in about.items() if k != "sha256"}
        for key in values:
            if key not in _CHECKS:
                raise unknown("key in datapackage.json, about:", key, _CHECKS)
        checked = {k: _CHECKS[k](f"datapackage.json, {k}", v) for k, v in values.items()}
        return cls(**checked, sha256=str(about.get("sha256", "")), folder=beside)

    def packaged(self) -> dict[str, Any]:
        """What `datapackage.json` holds of it: nothing that was left out, no path of a machine."""
        standard = {f.name: getattr(Description(), f.name) for f in fields(self)}
        given = {k: v for k, v in asdict(self).items() if v != standard[k] and k != "folder"}
        given = {k: list(v) if isinstance(v, tuple) else v for k, v in given.items()}
        for key in ("lexicons", "speakers"):
            if key in given:
                named = given[key]
                given[key] = (
                    Path(named).name if key == "speakers" else [Path(n).name for n in named]
                )
        about = {k: v for k, v in given.items() if k not in _PUBLISHED}
        return {k: given[k] for k in _PUBLISHED if k in given} | ({"about": about} if about else {})

    def lexicon_files(self, language: str = "en") -> list[Path]:
        """The files of its word lists, each once."""
        files = [f for name in self.lexicons for f in lexicon_files(name, language, self.folder)]
        return list(dict.fromkeys(files))

    def speakers_file(self) -> Path | None:
        """The file of its speakers; None where it names none."""
        return speakers_file(self.speakers, self.folder) if self.speakers else None

    def lists_at_hand(self) -> tuple[list[Path], Path | None]:
        """The files of its word lists and of its speakers, as far as they can be found here."""
        return _found(self.lexicon_files) or [], _found(self.speakers_file)

    @property
    def aliases(self) -> dict[str, str]:
        """Other name of an outlet → its name."""
        return {a: name for name, said in self.outlets.items() for a in said.get("aliases", ())}

    def check_tags(self, columns: Iterable[str]) -> None:
        """Refuse a focus or a tag to publish that the articles do not have."""
        there = list(columns)
        for key, named in (("focus", self.focus), ("publish", self.publish)):
            for name in named:
                if name not in there:
                    raise unknown(f"column under {key} in the description:", name, there)

    def _check_lists(self, where: str) -> None:
        languages = sorted(p.name for p in LANGUAGES.iterdir() if p.is_dir())
        if self.language and not (len(self.language) == 2 and self.language.isalpha()):
            raise AnalysisError(
                f"{where}, language: {self.language!r} is no code of a language.",
                f'Write two letters, as in language = "{languages[0]}".',
            )
        try:
            self.lexicon_files(), self.speakers_file()
        except AnalysisError as error:
            raise AnalysisError(f"{where}: {error.received}", error.remedy) from error


def read_description(path: str | Path) -> Description:
    """Read a description (TOML), or the one in a folder (`corpus.toml`), and check it whole.

    Raises
    ------
    AnalysisError
        Where it cannot be read; for an unknown key, a value of a wrong type, a list that does not
        exist. Each message says what stands there and what would work.
    """
    path = Path(path).expanduser()
    path = path / FILE if path.is_dir() else path
    read = read_list(path)
    return Description.of(read.tables, path.name, sha256=read.sha256, folder=path.parent)


def described(about: Description | str | Path | None = None, **given: Any) -> Description:
    """A description, read where a file is given; `given` fields take the place of its own."""
    base = about if isinstance(about, Description) else read_description(about) if about else None
    if not given:
        return base or Description()
    if base is None:
        return Description.of(given)
    return Description.of(
        {k: getattr(base, k) for k in _CHECKS} | given, sha256=base.sha256, folder=base.folder
    )


def _found(look: Callable[[], _T]) -> _T | None:
    try:
        return look()
    except AnalysisError:
        return None


# ---------------------------------------------------------------- values


def _wrong(where: str, value: object, remedy: str) -> AnalysisError:
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    return AnalysisError(f"{where}: {shown!r} ({type(value).__name__}).", remedy)


def _text(where: str, value: object) -> str:
    if not isinstance(value, str | Path):
        raise _wrong(where, value, 'Write a text: "…".')
    return str(value)


def _texts(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(where, value, 'Write a list of texts: ["…", "…"].')
    return tuple(_text(where, one) for one in value)


def _number(where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(where, value, "Write a whole number from 1.")
    return value


def _focus(where: str, value: object) -> dict[str, Any]:
    table = _table(where, value, 'Write a tag and its value: { stage = "vote" }.')
    return {
        k: list(_texts(f"{where}.{k}", v)) if isinstance(v, list) else _text(f"{where}.{k}", v)
        for k, v in table.items()
    }


def _names(where: str, value: object) -> dict[str, str]:
    table = _table(where, value, 'Write a column and what it is called: { outlet = "source" }.')
    return {key: _text(f"{where}.{key}", one) for key, one in table.items()}


def _table(where: str, value: object, remedy: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(where, value, remedy)
    return dict(value)


_OF_OUTLET: dict[str, Callable[[str, object], Any]] = {
    "aliases": lambda where, value: list(_texts(where, value)),
    "country": _text,
    "ownership": _text,
    "source": _text,
}


def _outlets(where: str, value: object) -> dict[str, dict[str, Any]]:
    remedy = 'Write a table each: [outlets."The Lantern"], below it aliases = ["Lantern, The"].'
    outlets: dict[str, dict[str, Any]] = {}
    owner: dict[str, str] = {}
    for name, table in _table(where, value, remedy).items():
        if isinstance(table, list | tuple):
            table = {"aliases": table}
        outlets[name] = {}
        for key, one in _table(f"{where}.{name}", table, remedy).items():
            if key not in _OF_OUTLET:
                raise unknown(f"key in {where}.{name}:", key, _OF_OUTLET)
            outlets[name][key] = _OF_OUTLET[key](f"{where}.{name}.{key}", one)
        for alias in [name, *outlets[name].get("aliases", ())]:
            if owner.setdefault(alias, name) != name:
                raise AnalysisError(
                    f"{where}: {alias!r} stands for {owner[alias]!r} and for {name!r}.",
                    "Keep it for one of them.",
                )
    return outlets


_OF_SOURCE = ("title", "name", "path", "email")


def _sources(where: str, value: object) -> tuple[dict[str, str], ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(where, value, 'Write tables: [[sources]], below it title = "…".')
    found = []
    for one in value:
        table = _table(where, one, 'Write tables: [[sources]], below it title = "…".')
        for key in table:
            if key not in _OF_SOURCE:
                raise unknown(f"key in {where}:", key, _OF_SOURCE)
        found.append({key: _text(f"{where}.{key}", text) for key, text in table.items()})
    return tuple(found)


_CHECKS: dict[str, Callable[[str, object], Any]] = {
    **dict.fromkeys(("title", "question", "description", "language", "by"), _text),
    "topic": _texts,
    "topic_least": _number,
    "focus": _focus,
    "lexicons": _texts,
    "speakers": _text,
    "publish": _texts,
    "strata": _text,
    "terms": _texts,
    "columns": _names,
    "outlets": _outlets,
    "sources": _sources,
    "licenses": _sources,
}
