"""Containers (ZIP, gzip, MHTML, WARC) → the files inside; what they declare is checked first."""

import email
import email.policy
import gzip
import io
import itertools
import re
import tarfile
import zlib
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from analysis.gather import documents
from analysis.gather.decode import decode
from analysis.gather.drafts import Found, Kind, Options, Source, shows
from analysis.gather.problems import BadArticle, refused

LARGEST = 1 << 30  # bytes of all files in a container, unpacked
MEMBERS = 100_000  # files in a container, at most
RATIO = 300  # times a file may grow when it is unpacked, from SMALL bytes on
SMALL = 10_000_000
NESTED = 50  # parts of a message that have parts, at most
CHUNK = 1 << 14  # bytes that are unpacked at a time
DEEPEST = 100  # folders around a file beside which a page is looked for
HEADER = 4000  # characters of a header
PAGE = 20_000_000  # bytes of a page in a web archive

_MULTIPART = re.compile(rb"(?i)^content-type:\s*multipart/", re.M)


class Room:
    """What all containers in a file, at whatever depth, may unpack to together."""

    def __init__(self, source: Source) -> None:
        self.source, self.size = source, 0

    def take(self, part: Source) -> None:
        """Count a file that was unpacked; refuse the whole where it is one too many."""
        self.size += len(part.data)
        _bound(self.source, self.size)


def _bound(source: Source, size: int) -> None:
    packed = max(1, len(source.data))
    if size > LARGEST or (size > SMALL and size > RATIO * packed):
        raise refused(source.name, "archive-size", packed=packed, size=size)


def unzip(source: Source, options: Options) -> Iterator[Found]:
    """An archive's files, or the document that the archive is."""
    with documents.reading(source, "ZIP archive"):
        archive = ZipFile(io.BytesIO(source.data))
        members = archive.infolist()
    _check(source, members)
    names = {m.filename for m in members}
    what = _opendocument(archive)
    if "word/document.xml" in names:
        yield from documents.docx(source, options)
    elif "META-INF/container.xml" in names:
        yield from documents.epub(source, archive)
    elif names & {"xl/workbook.xml", "xl/workbook.bin"} or what == "spreadsheet":
        yield from documents.sheets(source, options)
    elif what == "text":
        yield from documents.odt(source, archive, options)
    elif what:
        raise refused(source.name, "opendocument", what=what)
    else:
        locked = {m.filename for m in members if m.flag_bits & 1}
        files = {m.filename: partial(archive.read, m) for m in members if not m.is_dir()}
        yield from _members(source, files, locked)


def untar(source: Source, options: Options) -> Iterator[Found]:
    """The files of a TAR archive, whose size is at least theirs; a sparse one is left out."""
    with documents.reading(source, "TAR archive"):
        archive = tarfile.TarFile(fileobj=io.BytesIO(source.data))
        found = list(itertools.islice(archive, MEMBERS + 1))
    if len(found) > MEMBERS:
        raise refused(source.name, "archive-files", n=len(found))

    def held(member: tarfile.TarInfo) -> bytes:
        part = archive.extractfile(member)
        return part.read() if part else b""

    files = [m for m in found if m.isreg() and not m.issparse()]
    yield from _members(source, {m.name.removeprefix("./"): partial(held, m) for m in files})


def _opendocument(archive: ZipFile) -> str:
    """The kind of an OpenDocument file, as its first member names it; '' for others."""
    with suppress(Exception):  # whatever is wrong with that member
        found = archive.read("mimetype")[:80].decode("ascii", "replace")
        return found.rpartition(".")[2].strip() if "opendocument" in found else ""
    return ""


def _check(source: Source, members: list[ZipInfo]) -> None:
    """Refuse an archive that declares too much, before any of it is unpacked."""
    if len(members) > MEMBERS:
        raise refused(source.name, "archive-files", n=len(members))
    _bound(source, sum(m.file_size for m in members))


def _members(
    source: Source, files: Mapping[str, Callable[[], bytes]], locked: Container[str] = ()
) -> Iterator[Found]:
    """The files of an archive, without hidden ones and those saved beside a page."""
    stems = (file.rpartition(".") for file in files)
    pages = {stem for stem, _, ending in stems if ending.lower() in ("html", "htm")}
    for file, held in sorted(files.items()):
        path = PurePosixPath(file)
        hidden = any(part.startswith((".", "~", "__MACOSX")) for part in path.parts)
        if hidden or any(saved_beside(str(folder), pages) for folder in path.parents[:DEEPEST]):
            continue
        name = f"{source.name}/{path}"
        if file in locked:
            yield refused(name, "closed-member")
            continue
        try:
            with documents.reading(Source(name, b""), "file in the archive"):
                data = held()
        except BadArticle as e:
            yield e
        else:
            yield Source(name, data)


def saved_beside(folder: str, pages: Container[str]) -> bool:
    """Whether a browser saved a folder beside one of the pages, which are named by their stems.

    ``Title_files``, ``Title-Dateien``, ``Title_fichiers`` for ``Title``.
    """
    end = next((k for k in range(len(folder), 0, -1) if not folder[k - 1].isalpha()), 0)
    named = 0 < end < len(folder) and folder[end - 1] in "_-. "
    return named and folder[: end - 1] in pages


def gunzip(source: Source, options: Options) -> Iterator[Found]:
    """The file that a ``.gz`` holds; it may consist of several parts."""
    out = bytearray()
    limit = min(LARGEST, max(SMALL, RATIO * len(source.data)))
    with documents.reading(source, "gzip archive"), gzip.open(io.BytesIO(source.data)) as file:
        try:
            for part in iter(partial(file.read1, CHUNK), b""):
                out += part
                if len(out) > limit:
                    raise refused(source.name, "gzip-size", packed=len(source.data), most=limit)
        except gzip.BadGzipFile as error:
            if not out or not str(error).startswith("Not a gzipped file"):
                raise  # else something that is no part stands behind the last one
    yield Source(re.sub(r"(?i)\.t?gz$", "", source.name), bytes(out), source.url)


def is_mhtml(head: bytes, name: str) -> bool:
    """A page saved as one file of parts."""
    top = head[:4000].lower()
    return b"mime-version:" in top and (
        b"multipart/related" in top or name.lower().endswith((".mht", ".mhtml"))
    )


class _Bounded(email.policy.Compat32):
    """Headers as they stand, of bounded length: some of their rules take the square of it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:HEADER]


def mhtml(source: Source, options: Options) -> Iterator[Found]:
    """The first HTML part, with the address it was saved from."""
    with documents.reading(source, "MHTML"):
        if len(_MULTIPART.findall(source.data)) > NESTED:
            raise ValueError("too many parts of parts")
        message = email.message_from_bytes(source.data, policy=_Bounded())
        part = next(p for p in message.walk() if p.get_content_type() == "text/html")
        payload = part.get_payload(decode=True)
        page = payload if isinstance(payload, bytes) else b""
        address = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
        charset = part.get_content_charset()
        if charset:
            page = decode(page, source.name, charset)[0].encode("utf-8")
    yield Source(f"{source.name}/{source.stem}.html", page, _web(str(address)))


def _web(address: str) -> str:
    return address.strip() if re.match(r"https?://", address.strip()) else ""


def is_warc(head: bytes, name: str) -> bool:
    """A web archive, packed or not."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def warc(source: Source, options: Options) -> Iterator[Found]:
    """The pages of a web archive: its successful HTML responses."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

    n = 0
    with documents.reading(source, "WARC"):
        records = ArchiveIterator(io.BytesIO(source.data))
        while True:
            with documents.unheard():
                record = next(records, None)
            if record is None:
                break
            http = record.http_headers
            kind = (http.get_header("Content-Type") or "") if http else ""
            if record.rec_type != "response" or not http or http.get_statuscode() != "200":
                continue
            if "html" not in kind.lower():
                continue
            n += 1
            page = record.content_stream().read(PAGE + 1)
            name = f"{source.name}/{source.stem}-{n:05}.html"
            address = _web(record.rec_headers.get_header("WARC-Target-URI") or "")
            if len(page) > PAGE:
                yield refused(name, "page-size", most=PAGE)
            else:
                yield Source(name, page, address, optional=True)
    if not n:
        raise refused(source.name, "warc")


KINDS = (
    Kind("WARC", is_warc, warc),
    Kind("gzip", shows(rb"\A\x1f\x8b"), gunzip),
    Kind("TAR", shows(rb"(?s)\A.{257}ustar"), untar),
    Kind("ZIP", shows(rb"\APK(?:\x03\x04|\x05\x06)"), unzip),
    Kind("MHTML", is_mhtml, mhtml),
)
