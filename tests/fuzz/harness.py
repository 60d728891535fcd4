"""Damaged files of every format: each must give articles or a refusal, within its time.

A case is one seed file with one to four kinds of damage, all drawn from a seeded generator, so
that a case can be made again from its number. The seeds are what the tests of the readers make.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from conftest import a_pdf, as_docx, as_rtf, read_bytes

from analysis.errors import AnalysisError
from analysis.gather.articles import read_articles, write_articles

TESTS = Path(__file__).resolve().parents[1]
SECONDS = 30  # that a case may take
TOKENS = [
    *(bytes.fromhex(x) for x in "00 fffe efbbbf eda080 1f8b08 504b0304".split()),
    *(
        x.encode()
        for x in "%PDF- {\\rtf1 <html> <![CDATA[ <!-- </div> &#x0; &#xD800; \" ' , ;".split()
    ),
    *(b"\t", b"\r", b"\n\n", b"[", b"{", b"}", b"]]"),
    *(c * 3000 for c in (b"1", b"-", b"!", b"[", b'{"a":', b"<div>", b"\xcc\x81", b"a\xc2\xbbb")),
    *(b"1 of 2 DOCUMENTS", b"99999999999 of 1 DOCUMENTS", b"End of Document", b"300 words"),
    *(b"Document AAAA0000020310501e75", b"ProQuest document ID: x", b"TY  - NEWS", b"ER  - "),
    *(b"charset=unicode_escape", b"charset=undefined", b"\\u-1?", b"\\bin99999999 "),
    *(b"startxref\n999999999", b"=cmd|x", b"_" * 60),
]


class Hang(Exception):
    """A case that took too long."""


@dataclass
class Outcome:
    """What came of a run."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    slowest: tuple[float, str] = (0.0, "")
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)  # tracebacks, hangs, outputs not read again

    def say(self) -> int:
        print(
            f"{self.cases} cases: {self.read} read, {self.refused} refused, {len(self.wrong)} wrong"
        )
        print(f"slowest {self.slowest[0]:.1f} s: {self.slowest[1]}")
        print(", ".join(f"{n} × {kind}" for kind, n in sorted(self.kinds.items())))
        for one in self.wrong[:20]:
            print(one)
        return bool(self.wrong)


def _made_by(test: str) -> Any:
    """A test module, for the files it makes."""
    path = TESTS / "gather" / test
    spec = importlib.util.spec_from_file_location(f"made_by_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def seeds() -> dict[str, bytes]:
    """Name → bytes: one file of every format and layout."""
    lexis, factiva = _made_by("exports/test_lexis.py"), _made_by("exports/test_factiva.py")
    proquest, europresse = (
        _made_by("exports/test_proquest.py"),
        _made_by("exports/test_europresse.py"),
    )
    documents, containers = _made_by("test_documents.py"), _made_by("test_containers.py")
    page = containers.PAGE
    table = f'id,outlet,date,title,text\n1,Post,2031-03-01,Bridge,"{containers.TEXT}"\n'
    row = (
        '{"outlet": "Post", "date": "2031-03-01", "text": "The bridge is closed. Nobody knows."}\n'
    )
    made: dict[str, bytes | str] = {
        "lexis.txt": lexis.numbered(lexis.GERMAN),
        "nexis.docx": as_docx(lexis.newer()),
        "nexis.rtf": as_rtf(lexis.newer()),
        "factiva.html": factiva.html(),
        "factiva.rtf": as_rtf([x.replace("\f", "") for x in factiva.plain()]),
        "factiva.xml": factiva.xml(),
        "proquest.txt": proquest.txt(),
        "proquest.ris": proquest.RIS.format(*proquest.TEXT),
        "europresse.html": europresse.newer(),
        "cloud.csv": "id,media_name,publish_date,url\n1,Post,2031-03-01,https://a.example\n",
        "one.docx": as_docx(documents.LINES),
        "one.rtf": as_rtf(documents.LINES),
        "one.pdf": a_pdf(documents.LINES[:3]),
        "one.epub": documents.an_epub([documents.LINES[2:]]),
        "one.xlsx": documents.a_workbook(documents.ROWS),
        "page.html": page,
        "page.txt": "\n".join(documents.LINES),
        "table.csv": table,
        "table.tsv": table.replace(",", "\t"),
        "table.jsonl": row * 3,
        "table.json": f"[{row},{row}]",
        "all.zip": containers.zipped({"a/one.html": page, "table.csv": table}),
        "crawl.warc": containers.warc(
            {"https://a.example/1": ("200 OK", "text/html", page)}, gz=False
        ),
    }
    made |= {
        "page.html.gz": gzip.compress(page.encode()),
        "table.parquet": _parquet(),
    }
    return {k: v.encode("utf-8") if isinstance(v, str) else v for k, v in made.items()}


def _parquet() -> bytes:
    out = io.BytesIO()
    text = "The bridge is closed. Nobody knows why."
    pd.DataFrame([{"outlet": "Post", "date": "2031-03-01", "text": text}]).to_parquet(out)
    return out.getvalue()


# Damage.


def cut(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(len(data) + 1)]


def flip(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.randint(1, 20)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return data


def drop(data: bytearray, rng: random.Random) -> bytearray:
    a = rng.randrange(len(data) + 1)
    return data[:a] + data[a + rng.randrange(200) :]


def insert(data: bytearray, rng: random.Random) -> bytearray:
    a = rng.randrange(len(data) + 1)
    return data[:a] + rng.choice(TOKENS) + data[a:]


def repeat(data: bytearray, rng: random.Random) -> bytearray:
    a = rng.randrange(len(data) + 1)
    return data[:a] + data[a : a + rng.randrange(1, 60)] * rng.choice((2, 50, 2000)) + data[a:]


def swap(data: bytearray, rng: random.Random) -> bytearray:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[b:] + data[a:b] + data[:a]


DAMAGE: list[Callable[[bytearray, random.Random], bytearray]] = [
    cut,
    flip,
    drop,
    insert,
    repeat,
    swap,
]


def case(n: int, seed: int, made: dict[str, bytes]) -> tuple[str, bytes]:
    """The name and bytes of a case."""
    rng = random.Random(f"{seed}-{n}")
    name = sorted(made)[n % len(made)]
    data = bytearray(made[name])
    if rng.random() < 0.1:
        other = made[rng.choice(sorted(made))]
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(DAMAGE)(data, rng)[:3_000_000]
    if rng.random() < 0.1:
        name = (
            f"{name.split('.')[0]}.{rng.choice(('txt', 'csv', 'html', 'json', 'parquet', 'bin'))}"
        )
    return name, bytes(data)


# The run.


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise Hang(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(cases: int, seed: int = 0, progress: bool = False, start: int = 0) -> Outcome:
    """Read the cases; every tenth goes all the way to a file and back."""
    made, out = seeds(), Outcome()
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in range(start, start + cases):
            name, data = case(n, seed, made)
            label = f"case {n} of seed {seed} ({name}, {len(data):,} bytes)"
            began = time.perf_counter()
            try:
                with limited(SECONDS):
                    found = read_bytes(data, name)
                    if n % 10 == 0:
                        _there_and_back(data, name, Path(place))
                out.read += any(hasattr(f, "fields") for f in found)
                out.refused += not any(hasattr(f, "fields") for f in found)
            except BaseException as e:
                if isinstance(e, KeyboardInterrupt):
                    raise
                last = traceback.format_exc().splitlines()[-8:]
                out.wrong.append("\n".join([label, *last]))
            out.cases += 1
            out.kinds[name.partition(".")[2]] += 1
            out.slowest = max(out.slowest, (time.perf_counter() - began, label))
            if progress and n % 1000 == 999:
                print(f"{n + 1} cases, {len(out.wrong)} wrong", flush=True)
    return out


def _there_and_back(data: bytes, name: str, place: Path) -> None:
    """From a file to the Articles table, to Parquet and back: the same table."""
    path = place / name
    path.write_bytes(data)
    try:
        articles = read_articles(path, skip_bad=True)
    except AnalysisError:
        return
    write_articles(articles, place / "out.parquet")
    again = read_articles(place / "out.parquet")
    if not again.equals(articles):
        raise AssertionError("the table that was written is read as another one")
