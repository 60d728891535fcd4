"""Where the project's data lies, and the one way to read its lists.

Judgement lives in data files: what belongs to a language in ``data/languages``, what belongs to an
event in ``data/events``, what describes a corpus in ``data/corpora``. A list is read once, and its
hash is known, so that a measured corpus can say which lists decided its counts.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from os.path import expanduser
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError, unknown, wording

_HERE = Path(__file__).resolve().parent
# Installed, what the project ships stands in the package; in a checkout, beside it.
SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent
DATA = SHIPPED / "data"
NOTEBOOKS = SHIPPED / "notebooks"
LANGUAGES = DATA / "languages"
EVENTS = DATA / "events"
LANGUAGE: str = tomllib.loads((LANGUAGES / "default.toml").read_text("utf-8"))["language"]
SPEAKERS = "speakers.toml"
_LARGEST = 5_000_000  # bytes of a list


@dataclass(frozen=True)
class WordList(Mapping[str, Any]):
    """A list that decides counts: its tables by name, where it was read and its SHA-256."""

    path: Path
    sha256: str
    tables: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.tables[name]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


@cache
def word_list(name: str, language: str = LANGUAGE) -> WordList:
    """A bundled list of a language: ``data/languages/LANGUAGE/NAME.toml``."""
    return read_list(LANGUAGES / language / f"{name}.toml")


def read_list(path: Path) -> WordList:
    """A list in TOML, read once while it does not change.

    Raises
    ------
    AnalysisError
        Where the file cannot be read as TOML in UTF-8.
    """
    try:
        found = path.stat()
        if not path.is_file() or found.st_size > _LARGEST:
            raise OSError(f"it is no file of at most {_LARGEST:,} bytes")
        return _read(path, found.st_mtime_ns, found.st_size)
    except (OSError, ValueError, RecursionError) as error:
        raise AnalysisError(
            f"{path} cannot be read as TOML in UTF-8: {error}.", 'Give lines such as title = "…".'
        ) from error


@cache
def _read(path: Path, _changed: int, _size: int) -> WordList:
    content = path.read_bytes()
    return WordList(
        path, hashlib.sha256(content).hexdigest(), tomllib.loads(content.decode("utf-8"))
    )


def refusal_texts(file: str, which: str, /, **said: object) -> tuple[str, str]:
    """What was received and what would work: the refusal of that name in a file of ``data``.

    Its third and fourth text, where given, are ``{how}`` in Python's words and the command line's.
    """
    table = read_list(DATA / file)
    received, remedy, *asked = table.get("refused", table)[which]
    said["how"] = wording(*asked).format(**said) if asked else ""
    return received.format(**said), remedy.format(**said)


def mistake(which: str, /, **said: object) -> AnalysisError:
    """The refusal of that name in ``data/mistakes.toml``."""
    return AnalysisError(*refusal_texts("mistakes.toml", which, **said))


def bundled_hashes() -> dict[str, str]:
    """The SHA-256 of every bundled list, by its place in ``data``."""
    lists = [*LANGUAGES.rglob("*.toml"), *EVENTS.glob("*/*.toml")]
    return {path.relative_to(DATA).as_posix(): read_list(path).sha256 for path in sorted(lists)}


LEXICON_KINDS = (".toml", ".yml", ".yaml", ".csv")  # endings of files that are word lists


def bundled_lexicons() -> dict[str, list[Path]]:
    """The files of each bundled word list: ``generic``, and each event's."""
    generic = LANGUAGES / LANGUAGE / "generic.toml"
    found = {"generic": [generic]} if generic.is_file() else {}
    for path in sorted(EVENTS.glob("*/*.toml")):
        if path.name != SPEAKERS:
            found.setdefault(path.parent.name, []).append(path)
    return found


def lexicon_files(name: str | Path, beside: Path | None = None) -> list[Path]:
    """The files of the word list that a description calls by a name: one, or an event's together.

    Parameters
    ----------
    name
        ``generic`` (what any event may be counted by), an event of
        ``data/events``, or a file.
    beside
        The folder from which the path of a file is read as well as from where one stands.

    Raises
    ------
    AnalysisError
        Where there is nothing of that name; the message lists what there is.
    """
    return _files("word list", name, bundled_lexicons(), LEXICON_KINDS, beside)


def speakers_file(name: str | Path, beside: Path | None = None) -> Path:
    """The table of speakers that a description calls by the name of an event, or a file.

    Raises
    ------
    AnalysisError
        Where there is none; the message lists what there is.
    """
    known = {path.parent.name: [path] for path in EVENTS.glob(f"*/{SPEAKERS}")}
    return _files("table of speakers", name, known, (".toml",), beside)[0]


def _files(
    what: str, name: str | Path, known: dict[str, list[Path]], kinds: tuple[str, ...], beside: Any
) -> list[Path]:
    if not str(name).casefold().endswith(kinds):
        if str(name) not in known:
            raise unknown(what, name, [*known, f"or a file: *{', *'.join(kinds)}"])
        return known[str(name)]
    tried = [Path(expanduser(Path(at, name))) for at in (*([beside] if beside else []), "")]
    for one in tried:
        if one.is_file():
            return [one]
    raise AnalysisError(f"There is no file {name}.", f"Looked for: {', '.join(map(str, tried))}.")
