"""Reading in a process of its own, whose memory and time are bounded: workbooks and PDFs.

What these declare, and how often their parts name each other, is seen only by the library that
reads them: it may ask for all memory, go on for ever, or end its process. This module is that
process as well, run as a script; it imports nothing of the package.
"""

import io
import json
import logging
import subprocess
import sys
from typing import Any

MEMORY = 4 << 30  # bytes
SECONDS, STEP = 30, 10_000_000  # of its processor, for every so many bytes of the file
CELLS = 20_000_000  # of a workbook
WAITED = 10  # times as long may a busy machine take


def read(what: str, data: bytes, characters: int = 0) -> dict[str, Any]:
    """What one of this module's readers gives; nothing where its process ended.

    Where the library refuses the file, ``error`` has the kind and the words of it.
    """
    seconds = SECONDS * (1 + len(data) // STEP)
    script = [sys.executable, "-P", __file__, what, str(seconds), str(characters)]
    try:
        done = subprocess.run(
            script, input=data, capture_output=True, check=False, timeout=WAITED * seconds
        )
        return dict(json.loads(done.stdout))
    except (ValueError, subprocess.TimeoutExpired):
        return {}


def workbook(data: bytes, characters: int) -> dict[str, Any]:
    """Name and rows of each sheet, or the size of the one with which they are too many."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells, found = CELLS, []
    for name in book.sheet_names:
        part = book.get_sheet_by_name(name)
        rows, columns = (n + 1 for n in part.end or (-1, -1))
        cells -= rows * columns
        held = part.to_python(skip_empty_area=False) if cells >= 0 else []
        characters -= sum(len(c) for row in held for c in row if isinstance(c, str))
        if cells < 0 or characters < 0:
            return {"refused": "sheet", "said": {"name": name, "rows": rows, "columns": columns}}
        found.append((name, [[_cell(c) for c in row] for row in held]))
    return {"sheets": found}


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def pdf(data: bytes, _: int) -> dict[str, Any]:
    """The lines of a PDF's text layer."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "closed-pdf", "said": {}}
    return {"lines": [x for page in reader.pages for x in page.extract_text().splitlines()]}


def _bound(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for which, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(which)[1]
        resource.setrlimit(which, (most if hard < 0 else min(most, hard), hard))


def main() -> None:
    """Read what stdin holds."""
    what, seconds, characters = sys.argv[1:]
    data = sys.stdin.buffer.read()
    _bound(int(seconds))
    try:
        told = {"workbook": workbook, "PDF": pdf}[what](data, int(characters))
    except BaseException as e:  # Rust's panics are no exceptions
        told = {"error": [type(e).__name__, str(e)]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
