"""What a corpus is about: read from one TOML file, checked whole, kept with the measures.

Everything that belongs to an event stands here and not in the code. Every key may be left out;
without a description a corpus gets what is true of any event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from os.path import expanduser
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import pandas as pd
from annotated_types import Ge
from pydantic import BeforeValidator, with_config
from typing_extensions import TypedDict

from analysis.checks import NO_OTHERS, Whole, checked
from analysis.data import LANGUAGES, lexicon_files, mistake, read_list, speakers_file
from analysis.errors import AnalysisError, unknown
from analysis.measure.schema import SCHEMA
from analysis.notes import note

FILE = "corpus.toml"
STRATA = STORY, WEEK, LENGTH = "story", "week", "length"  # what is no column and can be held still
_PUBLISHED = ("title", "description", "sources", "licenses")  # where Frictionless has them


@with_config(NO_OTHERS)
class Outlet(TypedDict, total=False):
    """What is said of an outlet: its other names, and what it is, with a source."""

    aliases: list[str]
    country: str
    ownership: str
    source: str


@with_config(NO_OTHERS)
class Credit(TypedDict, total=False):
    """A source or a licence, as in a Frictionless data package."""

    title: str
    name: str
    path: str
    email: str


_Text = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, Path) else v)]
_Values = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
_Outlet = Annotated[
    Outlet, BeforeValidator(lambda v: {"aliases": v} if isinstance(v, list | tuple) else v)
]


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
    topic, topic_least, topic_share
        Terms, `stem*` for any ending; an article is about the event that holds them so often, and
        so often in 1,000 of its words.
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
    topic_least: Annotated[Whole, Ge(1)] = 3
    topic_share: Annotated[Whole, Ge(0)] = 0
    focus: dict[str, _Values] = field(default_factory=dict)
    lexicons: tuple[_Text, ...] = ("generic",)
    speakers: _Text = ""
    publish: tuple[str, ...] = ()
    strata: str = ""
    terms: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    outlets: dict[str, _Outlet] = field(default_factory=dict)
    sources: tuple[Credit, ...] = ()
    licenses: tuple[Credit, ...] = ()
    sha256: str = ""
    folder: Path | None = field(default=None, compare=False, repr=False)
    where: str = field(default="the description", compare=False, repr=False)

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
        made = cls(**checked(_Given, values, where), **more)
        made._check_names(where)
        return made

    @classmethod
    def from_package(cls, package: Mapping[str, Any], beside: Path | None = None) -> Description:
        """The description in a `datapackage.json`; lists of one's own may lie `beside` it."""
        about = checked(dict[str, Any], package.get("about", {}), "datapackage.json, about")
        values = {k: package[k] for k in _PUBLISHED if k in package}
        values |= {k: v for k, v in about.items() if k != "sha256"}
        values = checked(_Given, values, "datapackage.json, about")
        return cls(**values, sha256=str(about.get("sha256", "")), folder=beside)

    def packaged(self) -> dict[str, Any]:
        """What `datapackage.json` holds of it: nothing that was left out, no path of a machine."""
        names = tuple(Path(name).name for name in self.lexicons)
        plain = replace(
            self, lexicons=names, speakers=Path(self.speakers).name, folder=None, where=""
        )
        standard = asdict(Description(where=""))
        given = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(plain).items()
            if value != standard[key]
        }
        about = {k: v for k, v in given.items() if k not in _PUBLISHED}
        return {k: given[k] for k in _PUBLISHED if k in given} | ({"about": about} if about else {})

    def lexicon_files(self) -> list[Path]:
        """The files of its word lists, each once."""
        files = [f for name in self.lexicons for f in lexicon_files(name, self.folder)]
        return list(dict.fromkeys(files))

    def speakers_file(self) -> Path | None:
        """The file of its speakers; None where it names none."""
        return speakers_file(self.speakers, self.folder) if self.speakers else None

    def lists_at_hand(self) -> tuple[list[Path], Path | None]:
        """The files of its word lists and of its speakers, as far as they can be found here."""
        lexicons: list[Path] = []
        speakers = None
        with suppress(AnalysisError):
            lexicons = self.lexicon_files()
        with suppress(AnalysisError):
            speakers = self.speakers_file()
        return lexicons, speakers

    @property
    def topic_rule(self) -> str:
        """How much of its topic an article needs to be about the event, in words."""
        share = f", or under {self.topic_share} in 1,000 words" * bool(self.topic_share)
        return f"fewer than {self.topic_least} uses of {', '.join(self.topic)}{share}"

    @property
    def aliases(self) -> dict[str, str]:
        """Other name of an outlet → its name."""
        return {a: name for name, said in self.outlets.items() for a in said.get("aliases", ())}

    def check_tags(self, articles: pd.DataFrame) -> None:
        """Refuse a column to compare by, to focus on, to hold still or to publish that is none.

        Raises
        ------
        AnalysisError
            For a name that no column has, and a tag that is not published.
        """
        publishable = {*articles.columns} - {"text"}
        standard = {*SCHEMA["articles"].columns, *SCHEMA["outlets"].columns}
        compared = standard | {*self.publish}
        held_still = compared | {"", *STRATA}
        there = {"publish": publishable, "by": compared, "focus": compared, "strata": held_still}
        named = {"by": (self.by,), "strata": (self.strata,)}
        for key, columns in there.items():
            for name in named.get(key, getattr(self, key)):
                if name in publishable - columns:
                    raise mistake("about-publish", where=self.where, key=key, tag=name)
                if name not in columns:
                    kind = f"column under {key} in {self.where}:"
                    raise unknown(kind, name, filter(None, columns))

    def unheld(self, outlets: Iterable[str]) -> tuple[str, ...]:
        """What is said of outlets it describes that no article is of."""
        there = {*outlets}
        absent = [name for name in self.outlets if name not in there]
        told = {"where": self.where, "names": ", ".join(absent), "there": ", ".join(sorted(there))}
        return (note("measured.unheld", **told),) if absent else ()

    def _check_names(self, where: str) -> None:
        owner: dict[str, str] = {}
        for name, said in self.outlets.items():
            for alias in (name, *said.get("aliases", ())):
                if owner.setdefault(alias, name) != name:
                    told = {"where": where, "alias": alias, "one": owner[alias], "other": name}
                    raise mistake("about-alias", **told)
        languages = sorted(p.name for p in LANGUAGES.iterdir() if p.is_dir())
        if self.language and not (len(self.language) == 2 and self.language.isalpha()):
            told = {"language": self.language, "example": languages[0]}
            raise mistake("about-language", where=where, **told)
        try:
            self.lexicon_files(), self.speakers_file()
        except AnalysisError as error:
            raise AnalysisError(f"{where}: {error.received}", error.remedy) from error


_KINDS = get_type_hints(Description, include_extras=True)
_KINDS = {key: kind for key, kind in _KINDS.items() if key not in ("sha256", "folder", "where")}
_Given: Any = with_config(NO_OTHERS)(TypedDict("_Given", _KINDS, total=False))  # type: ignore[operator]


def read_description(path: str | Path) -> Description:
    """Read a description (TOML), or the one in a folder (`corpus.toml`), and check it whole.

    Raises
    ------
    AnalysisError
        Where it cannot be read; for an unknown key, a value of a wrong type, a list that does not
        exist. Each message says what stands there and what would work.
    """
    path = Path(expanduser(path))
    path = path / FILE if path.is_dir() else path
    read = read_list(path)
    made = Description.of(read.tables, path.name, sha256=read.sha256, folder=path.parent)
    return replace(made, where=path.name)


def described(about: Description | str | Path | None = None, **given: Any) -> Description:
    """A description, read where a file is given; `given` fields take the place of its own."""
    base = about if isinstance(about, Description) else read_description(about) if about else None
    if not given:
        return base or Description()
    if base is None:
        return Description.of(given)
    own = {key: getattr(base, key) for key in _Given.__annotations__}
    return Description.of(own | given, sha256=base.sha256, folder=base.folder)
