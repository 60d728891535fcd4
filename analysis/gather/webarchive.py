"""Raw answers kept in a WARC: what was fetched once need not be fetched again.

Every record is a member of its own in the gzip file, written whole and forced to the disk. After a
kill the last one may be cut: then the file is cut back to the end of the one before.
"""

from __future__ import annotations

import io
import os
import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from analysis.errors import AnalysisError
from analysis.gather.fetch import Answer

CHUNK = 1 << 14
TOP = 8192  # bytes at the start of a record in which its headers end
ADDRESS, SNAPSHOT = "Collected-For", "Collected-Snapshot"  # headers of ours, beside WARC's own
LEFT_OUT = frozenset(("set-cookie", "content-encoding", "transfer-encoding", "content-length"))


@dataclass(frozen=True)
class Archived:
    """Where an answer lies in the file, and what a second request for it would say."""

    address: str
    url: str
    snapshot: str
    start: int
    size: int
    tag: str = ""
    modified: str = ""


class Archive:
    """A WARC file that grows; only one run may hold it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab+")
        self.kept: dict[str, Archived] = {}
        try:
            _hold(self._file, path)
            whole = 0
            for one in _members(self._file, path):
                whole = one.start + one.size
                if one.address:
                    self.kept[one.address] = one
            self._file.truncate(whole)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def keep(self, address: str, answer: Answer, snapshot: str = "") -> None:
        """Add an answer for an address; without cookies, unpacked."""
        packed = io.BytesIO()
        writer = WARCWriter(packed, gzip=True)
        headers = [(k, v) for k, v in answer.headers.items() if k.lower() not in LEFT_OUT]
        headers.append(("Content-Length", str(len(answer.body))))
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.body),
            http_headers=StatusAndHeaders(f"{answer.status} ", headers, protocol="HTTP/1.1"),
            warc_headers_dict={ADDRESS: address, **({SNAPSHOT: snapshot} if snapshot else {})},
        )
        writer.write_record(record)
        record.raw_stream.close()
        with self._lock:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(packed.getvalue())
            self._file.flush()
            os.fsync(self._file.fileno())
            tag, changed = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            size = len(packed.getvalue())
            self.kept[address] = Archived(address, answer.url, snapshot, start, size, tag, changed)

    def answer(self, address: str) -> Answer:
        """The answer that was kept for an address."""
        one = self.kept[address]
        with self._lock:
            self._file.seek(one.start)
            data = self._file.read(one.size)
        record = next(iter(ArchiveIterator(io.BytesIO(data))))
        status = int(record.http_headers.get_statuscode())
        headers = {k.lower(): v for k, v in record.http_headers.headers}
        return Answer(one.url, status, headers, record.content_stream().read())


def _hold(file: object, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except OSError:
        received = f"{path} is in use by another run."
        raise AnalysisError(received, "Wait for it, or collect into another file.") from None


def _members(file: io.BufferedRandom, path: Path) -> Iterator[Archived]:
    """Every whole record; a cut one at the end is left out."""
    start = 0
    while True:
        file.seek(start)
        one, top, used = zlib.decompressobj(31), b"", 0
        while not one.eof:
            data = file.read(CHUNK)
            try:
                out = one.decompress(data)
            except zlib.error:
                if start:
                    return
                received = f"{path} is no WARC that this tool wrote."
                raise AnalysisError(received, "Collect into another file.") from None
            if not data:
                return
            top = (top + out)[:TOP]
            used += len(data) - len(one.unused_data)
        yield _kept(top, start, used)
        start += used


def _kept(top: bytes, start: int, size: int) -> Archived:
    def header(name: str) -> str:
        m = re.search(rf"^{name}:[ \t]*([^\r\n]*)", text, re.I | re.M)
        return m[1].strip() if m else ""

    text = top.decode("utf-8", "replace")
    address, url, snapshot = map(header, (ADDRESS, "WARC-Target-URI", SNAPSHOT))
    return Archived(address, url, snapshot, start, size, header("ETag"), header("Last-Modified"))
