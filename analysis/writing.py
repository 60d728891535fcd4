"""Writing: beside, then put in place, and never over what this tool did not make.

A file or a folder is written in a scratch folder beside its place and put there in one step: a
kill or an error at any moment leaves the whole old output or the whole new one, and the next run
clears what was left. Where the system exchanges two folders (Linux), that is one step as well;
elsewhere the old folder becomes ``NAME.old`` for a moment, and `put_back` mends a run that ended
in it.
"""

import contextlib
import ctypes
import glob
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError, wording

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Ours = Callable[[Path], str]  # '' where the tool made what stands there, else what it is instead
_NAMED = 60  # characters of the name of an output in that of its scratch folder
_ABANDONED = 3600  # seconds after which a scratch folder counts as left where nothing locks it
_EXCHANGE, _HERE = 2, -100  # renameat2: RENAME_EXCHANGE, AT_FDCWD
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def may_replace(
    path: str | os.PathLike[str],
    ours: Ours,
    *,
    inputs: Iterable[str | os.PathLike[str]] = (),
    force: bool | None = None,
) -> Path:
    """Where an output may be written; asked before the work, not after it.

    Parameters
    ----------
    ours
        Says of what stands there why this tool did not make it; '' where it did.
    inputs
        What is read: it is never written over, nor a folder that holds it.
    force
        Write over a file all the same, never over a folder; None where that cannot be asked for.

    Returns
    -------
    Path
        The place, absolute. Of a link it is the place that it points to: the link stays, and what
        it leads to is written over only where this tool made it, as without a link.

    Raises
    ------
    AnalysisError
        Where the path is an input or holds one, or something else stands there.
    """
    target = _place(path)
    for given in map(_place, inputs if target.exists() else ()):
        if any(p.exists() and target.samefile(p) for p in (given, *given.parents)):
            raise AnalysisError(f"{path} is or holds an input.", "Give another name.")
        if given in target.parents:
            raise AnalysisError(f"{path} lies in an input.", "Give a name outside it.")
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise AnalysisError(f"{path} is a pipe, socket or device.", "Give the name of a file.")
    if not next(p for p in (*target.parents, target) if p.exists()).is_dir():
        raise AnalysisError(f"{path} would lie in a file.", "Give a name in a folder.")
    put_back(target, ours)
    kept = target.is_dir() or (target.exists() and not force)
    if kept and (reason := ours(target)):
        can = force is False and target.is_file()
        how = f" or overwrite it with {wording('force=True', '--force')}" if can else ""
        raise AnalysisError(f"{path} exists: {reason}.", f"Give a new name{how}.")
    return target


def _place(path: str | os.PathLike[str]) -> Path:
    """Where a path leads to, links followed."""
    place = Path(os.path.realpath(os.path.expanduser(path)))
    if place.is_symlink():
        raise AnalysisError(f"{path} is a link to itself.", "Give another name.")
    return place


@contextlib.contextmanager
def replacing(target: Path, ours: Ours) -> Iterator[Path]:
    """A place beside `target` to write a file or a folder in; put in its place at the end.

    Where the block fails nothing is changed. What an earlier run left is cleared.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    old = Path(f"{target}.old")
    if target.exists() and old.is_dir() and not ours(old):
        shutil.rmtree(old, ignore_errors=True)
    with scratch(target.parent, f".{target.name[:_NAMED]}-") as folder:
        made = folder / target.name
        yield made
        _put(made, target)


@contextlib.contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder for work under way, gone at the end; those of killed runs are cleared."""
    for left in parent.glob(f"{glob.escape(prefix)}????????.tmp"):
        if left.is_dir() and not left.is_symlink():
            _clear(left)
    with contextlib.ExitStack() as held:
        while True:
            folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=".tmp", dir=parent))
            # Another run may take it for left before it is locked.
            with contextlib.suppress(FileNotFoundError):
                held.enter_context(_locked(folder))
                if folder.is_dir():
                    break
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


def put_back(target: Path, ours: Ours) -> None:
    """Put ``NAME.old`` back where a run ended between taking it away and putting the new there."""
    old = Path(f"{target}.old")
    if old.is_dir() and not target.exists() and not ours(old):
        old.rename(target)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """A table as CSV that a spreadsheet may open: no cell of it is run as a formula."""
    texts = table.select_dtypes(exclude=["number", "bool"]).columns
    safe = table.assign(**{c: table[c].astype("str").map(for_spreadsheet) for c in texts})
    safe.columns = [for_spreadsheet(str(c)) for c in safe.columns]
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def for_spreadsheet(value: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe stands before one."""
    return "'" + value if value.lstrip("'").startswith(_FORMULA) else value


def from_spreadsheet(cell: str) -> str:
    """The value that :func:`for_spreadsheet` wrote.

    >>> [from_spreadsheet(for_spreadsheet(v)) for v in ("=1+1", "'-5", "'tis", "plain")]
    ['=1+1', "'-5", "'tis", 'plain']
    """
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


# ---------------------------------------------------------------- putting in place


def _put(made: Path, target: Path) -> None:
    if not target.is_dir():
        made.replace(target)
    elif not _exchanged(made, target):
        old = Path(f"{target}.old")
        target.rename(old)
        made.rename(target)
        old.rename(made)  # it goes with the scratch folder


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system exchanged two folders in one step."""
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(exchange(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, which the system lifts when the process ends, however it ends."""
    if fcntl is None:
        yield
        return
    with _opened(folder) as handle:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)  # no longer than another run clears it
        yield


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _clear(folder: Path) -> None:
    """Remove a scratch folder that no run holds."""
    if fcntl is None:
        if time.time() - folder.stat().st_mtime > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError), _opened(folder) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
