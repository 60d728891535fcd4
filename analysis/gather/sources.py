"""Files and folders → drafts: every file is read by the first kind that recognises its content."""

import codecs
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.description import FILE
from analysis.errors import AnalysisError, printable
from analysis.gather import containers, documents, exports, readers
from analysis.gather.containers import saved_beside
from analysis.gather.decode import KINDS as OTHER
from analysis.gather.drafts import HEAD, Draft, Kind, Options, Source
from analysis.gather.problems import BadArticle, PassedOver, beside, refused

LARGEST = 2 << 30  # bytes of a file
LEAST = 25  # words of an article among pages of other kinds
DEEPEST = 4  # containers in containers
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACED = re.compile(rb"(?s)(?:[\t-~]\0){4}|(?:\0[\t-~]){4}")
READABLE = (
    "saved pages (HTML, MHTML, text), tables (CSV, TSV, JSON, JSONL, Parquet, XLSX, XLS, ODS), "
    "documents (DOCX, ODT, RTF, PDF, EPUB), exports of news databases, ZIP, TAR, gzip and WARC"
)
KINDS: tuple[Kind, ...] = (  # the special before the general
    *(*containers.KINDS, *exports.KINDS, *documents.KINDS, *readers.KINDS),
)


def find(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str], aside: Path | None = None
) -> Iterator[tuple[Path, str, bool]]:
    """The files of paths and of folders: place, name for messages, whether it was named itself.

    Sorted by path. Left out: the description (``corpus.toml``), hidden files (``.x``, ``~x``),
    ``aside``, and the folder that a browser saves beside a "complete" page (``STEM_files`` beside
    ``STEM.html``).

    Raises
    ------
    AnalysisError
        A path does not exist, a folder is empty, or there is nothing to read.
    """
    paths = [paths] if isinstance(paths, str | os.PathLike) else paths
    found: dict[Path, tuple[str, bool]] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = _inside(path)
            if not inside:
                received = f"{path}: no file in it can be read (0 files there)."
                raise AnalysisError(received, f"Readable are {READABLE}.")
            for p in inside:
                found.setdefault(p, (p.relative_to(path).as_posix(), False))
        elif not os.path.lexists(path):
            raise AnalysisError(f"{path}: there is no such file or folder.", beside(path))
        else:
            found[path] = (path.name, True)
    if not found:
        raise AnalysisError("No file to read was given.", "Give files or a folder of articles.")
    left_out = aside.resolve() if aside else None
    names = Counter(name for name, _ in found.values())
    for path in sorted(found, key=lambda p: p.as_posix()):
        if left_out is None or path.resolve() != left_out:
            name, named = found[path]
            yield path, printable(name if names[name] == 1 else path.as_posix()), named


def _inside(folder: Path) -> list[Path]:
    """Every file below a folder that may be an article."""
    files: list[Path] = []
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        pages = {Path(n).stem for n in names if n.lower().endswith((".html", ".htm"))}
        folders[:] = [
            f for f in folders if not f.startswith((".", "~")) and not saved_beside(f, pages)
        ]
        if FILE in names:  # its lists lie beside a description
            names = [n for n in names if not n.endswith(".toml")]
        files += [Path(place, n) for n in names if not n.startswith((".", "~")) and n != FILE]
    return files + [Path(e.filename) for e in closed]


def read_file(path: Path, name: str, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of one file, and what in it cannot be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            what = "a folder that is closed" if path.is_dir() else "a pipe, socket or device"
            yield refused(name, "not-regular", what=what)
        elif found.st_size > LARGEST:
            yield refused(name, "size", n=found.st_size, most=LARGEST)
        else:
            yield from read(Source(name, path.read_bytes()), options)
    except OSError as e:
        yield refused(name, "not-opened", error=e.strerror)


def read(
    source: Source, options: Options, depth: int = 0, room: containers.Room | None = None
) -> Iterator[Draft | BadArticle]:
    """The articles of a source: by its kind, files inside it in their turn."""
    room = room or containers.Room(source)
    if depth > DEEPEST:
        yield refused(source.name, "deep", depth=depth)
        return
    nothing = True
    try:
        kind = kind_of(source)
        for found in kind.read(source, options):
            nothing = False
            if isinstance(found, Source):
                room.take(found)
                yield from read(found, options, depth + 1, room)
            elif source.optional and isinstance(found, Draft) and len(found.words()) < LEAST:
                yield refused(source.name, "short", 0, "text", PassedOver, least=LEAST)
            else:
                yield found
        if nothing:
            raise refused(source.name, "nothing", what=kind.name)
    except BadArticle as e:
        if depth and e.file == room.source.name:  # the whole file is refused
            raise
        yield PassedOver(e.file, e.row, e.field, e.found, e.remedy) if source.optional else e


def kind_of(source: Source) -> Kind:
    """The first kind that recognises a source.

    Raises
    ------
    PassedOver
        None does; it says what the file is, where that can be seen.
    """
    head = source.data[:HEAD]
    if head.startswith(UTF16) or _SPACED.match(head):  # kinds are described in bytes of ASCII
        head = head.replace(b"\0", b"").removeprefix(UTF16[0]).removeprefix(UTF16[1])
    if head.startswith(b"PAR1"):  # whatever its cells hold
        return readers.KINDS[0]
    for kind in KINDS:
        if kind.recognises(head, source.name):
            return kind
    what = next((what for mark, what, _ in OTHER if head.startswith(mark)), "")
    if what:
        raise refused(source.name, "kind-known", 0, "", PassedOver, what=what, readable=READABLE)
    raise refused(source.name, "kind", 0, "", PassedOver, readable=READABLE)
