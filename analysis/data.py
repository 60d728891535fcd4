"""Where the project's data lies, and the one way to read its lists.

Judgement lives in data files: what belongs to a language in ``data/languages``, what belongs to an
event in ``data/events``, what describes a corpus in ``data/corpora``. A list is read once, and its
hash is known, so that a measured corpus can say which lists decided its counts.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError

_HERE = Path(__file__).resolve().parent
# Installed, what the project ships stands in the package; in a checkout, beside it.
SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent
DATA = SHIPPED / "data"
NOTEBOOKS = SHIPPED / "notebooks"
LANGUAGES = DATA / "languages"
EVENTS = DATA / "events"


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
def word_list(name: str, language: str = "en") -> WordList:
    """A bundled list of a language: ``data/languages/LANGUAGE/NAME.toml``."""
    return read_list(LANGUAGES / language / f"{name}.toml")


@cache
def read_list(path: Path) -> WordList:
    """A list in TOML, read once.

    Raises
    ------
    AnalysisError
        Where the file cannot be read as TOML in UTF-8.
    """
    try:
        content = path.read_bytes()
        tables = tomllib.loads(content.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise AnalysisError(
            f"{path} cannot be read as TOML in UTF-8: {error}.", 'Give lines such as title = "…".'
        ) from error
    return WordList(path, hashlib.sha256(content).hexdigest(), tables)
