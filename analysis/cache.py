"""What was computed once is kept: tables and folders, under a key that says what they hang on.

A key is the hash of what was asked (the corpus's own hash and the call), of this package's sources
and lists, and of the versions of the libraries that compute. A changed rule, list or library
therefore finds nothing of before. Kept are Parquet and JSON in the user's own cache folder, never
in or beside a corpus, at most `BYTES` in all: what was used longest ago goes first, but nothing
that this process has used and may still read. Texts of articles may be among them.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from platformdirs import user_cache_path

from analysis import writing
from analysis.data import DATA

VARIABLE = "COMPARE_COVERAGE_CACHE"
BYTES = 4_000_000_000
MAKING = ".making-"
_LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "pyarrow", "matplotlib")
_PACKAGE = Path(__file__).resolve().parent
_STARTED = time.time()


def folder() -> Path:
    """Where things are kept: the environment's COMPARE_COVERAGE_CACHE, or the user's own cache."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_cache_path("compare-coverage", appauthor=False)


def key(*asked: object) -> str:
    """The name under which the answer to a question is kept; `asked` must be plain data."""
    parts = json.dumps([_made_with(), asked], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _made_with() -> str:
    """A hash of the package's sources, its lists and the libraries' versions."""
    digest = hashlib.sha256(" ".join(f"{n} {version(n)}" for n in _LIBRARIES).encode())
    lists = [p for d in ("languages", "events", "quality") for p in (DATA / d).rglob("*.*")]
    lists += [*DATA.glob("*.*"), *(DATA / "reference").glob("*.*")]
    ours = [p for kind in ("py", "toml") for p in _PACKAGE.rglob(f"*.{kind}")]
    for path in sorted({*ours, *(p for p in lists if p.is_file())}):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def table(asked: Iterable[object], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The table kept for this question, or else made now and kept; its notes are kept with it."""

    def write(place: Path) -> None:
        make().to_parquet(place / "table.parquet")

    return pd.read_parquet(kept([*asked, "table"], write) / "table.parquet")


def kept(asked: Iterable[object], write: Callable[[Path], object]) -> Path:
    """The folder kept for this question; where there is none, `write` fills a new one.

    Two that ask at once may both write; whoever ends first is kept.
    """
    root = folder()
    place = root / key(*asked)
    if place.is_dir():
        os.utime(place)
        return place
    root.mkdir(parents=True, exist_ok=True)
    with writing.scratch(root, MAKING) as made:
        write(made)
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():
                raise
    _bound(root)
    return place


def clear() -> int:
    """Remove all that is kept; bytes freed."""
    freed = size()
    for place in _places(folder()):
        shutil.rmtree(place, ignore_errors=True)
    return freed


def size() -> int:
    """Bytes that are kept now."""
    return sum(_size(place) for place in _places(folder()))


def _bound(root: Path) -> None:
    whole = [p for p in _places(root) if not p.name.startswith(MAKING)]
    total = 0
    for place in sorted(whole, key=_last_used, reverse=True):
        total += _size(place)
        if total > BYTES and _last_used(place) < _STARTED:
            shutil.rmtree(place, ignore_errors=True)


def _last_used(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:  # another process has just removed it
        return 0.0


def _places(root: Path) -> list[Path]:
    """The folders this module made, and no others, should the cache be put into a used folder."""
    found = root.iterdir() if root.is_dir() else ()
    ours = (p for p in found if re.fullmatch(r"[0-9a-f]{64}|\.making-.*", p.name, re.S))
    return [p for p in ours if p.is_dir() and not p.is_symlink()]


def _size(place: Path) -> int:
    try:
        return sum(p.stat().st_size for p in place.rglob("*") if p.is_file())
    except FileNotFoundError:  # another process has just removed it
        return 0
