"""Damaged files of every format: each must give articles or a refusal, within its time.

A case is one seed file with one to four kinds of damage, all drawn from a seeded generator, so
that a case can be made again from its number. The seeds are what the tests of the readers make.
"""

from __future__ import annotations

import atexit
import gzip
import hashlib
import importlib.util
import io
import random
import re
import shutil
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
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from conftest import a_pdf, as_docx, as_rtf, read_bytes

import analysis
from analysis.data import DATA
from analysis.description import read_description
from analysis.errors import AnalysisError
from analysis.gather.articles import gather, read_articles, write_articles
from analysis.measure.lexicon.load import load_lexicon
from analysis.measure.speech.names import read_speakers

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


MHTML = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="b"; type="text/html"
Snapshot-Content-Location: https://a.example/1

--b
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: 8bit

{}
--b--
"""


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
        "one.odt": documents.an_odt(documents.LINES),
        "list.xls": documents.an_xls([[str(c) for c in row] for row in documents.ROWS]),
        "list.ods": documents.an_ods(documents.ROWS),
        "saved.mhtml": MHTML.format(page).encode(),
        "all.tar": containers.tarred({"a/one.html": page, "table.csv": table}),
    }
    return {k: v.encode("utf-8") if isinstance(v, str) else v for k, v in made.items()}


EXAMPLE = DATA / "examples" / "velmar"  # invented
ABOUT = "about/"  # before the names of files that describe a corpus, and of a measured one's tables
YAML = "quay:\n  closed: [harbour*, 'mill wheel']\n  open: [ferr*]\n"
CSV = "harbour*,closed\nferr*,open\n"


def describing() -> dict[str, bytes]:
    """Name → bytes: a description, lists of one's own, metadata, and the files of a corpus."""
    made = {f"{ABOUT}{p.name}": p.read_bytes() for p in sorted(EXAMPLE.glob("*.toml"))}
    made |= {f"{ABOUT}list.yml": YAML.encode(), f"{ABOUT}list.csv": CSV.encode()}
    made[f"{ABOUT}metadata.csv"] = b"file,outlet,date\npage.txt,Post,2031-03-01\n"
    return made | {f"{ABOUT}{p.name}": p.read_bytes() for p in sorted(_measured().iterdir())}


@cache
def _measured() -> Path:
    """A measured folder, made once."""
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    articles = read_articles(EXAMPLE / "articles.jsonl")
    analysis.write_measures(analysis.measure_articles(articles.head(6)), place / "measured")
    return place / "measured"


def read_about(data: bytes, name: str, place: Path) -> None:
    """Read a describing file, or a measured folder in which it takes the place of its own."""
    file = name.removeprefix(ABOUT)
    if (_measured() / file).exists():
        folder = place / "measured"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_measured(), folder)
        (folder / file).write_bytes(data)
        package = folder / "datapackage.json"
        if file != package.name:  # its hash is right, so that it is read
            told = package.read_text("utf-8")
            was = hashlib.sha256((_measured() / file).read_bytes()).hexdigest()
            told = told.replace(was, hashlib.sha256(data).hexdigest())
            package.write_text(told, "utf-8")
        measures = analysis.open_measures(folder)
        measures.notes  # noqa: B018
        analysis.write_measures(measures, place / "again")
        return
    for other in EXAMPLE.glob("*.toml"):
        shutil.copyfile(other, place / other.name)
    (place / file).write_bytes(data)
    if file == "metadata.csv":
        (place / "page.txt").write_text(_made_by("test_containers.py").TEXT, "utf-8")
        gather([place / "page.txt"], metadata=place / file)
    elif file == "corpus.toml":
        read_description(place / file)
    elif file == "speakers.toml":
        read_speakers(place / file)
    else:
        load_lexicon(str(place / file))


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


VALUES = [
    *(b"1 -1 1.5 nan true [] {} [[1]] [{}] 2031-03-01 99999999999999999999 null".split()),
    *(b'""', b'"x"', b'["x"]', b"{ a = 1 }", b'["\\ud800"]', b'"' + b"{0,8}" * 9 + b'"'),
]


def retype(data: bytearray, rng: random.Random) -> bytearray:
    """A value of another kind in place of one that TOML, JSON or YAML gives a name."""
    places = list(re.finditer(rb"(?<=[=:]) ?[^\n,{}]+", data))
    if not places:
        return data
    place = rng.choice(places)
    return data[: place.start()] + b" " + rng.choice(VALUES) + data[place.end() :]


DAMAGE: list[Callable[[bytearray, random.Random], bytearray]] = [
    cut,
    flip,
    drop,
    insert,
    repeat,
    swap,
    retype,
]


def case(n: int, seed: int, made: dict[str, bytes]) -> tuple[str, bytes]:
    """The name and bytes of a case."""
    rng = random.Random(f"{seed}-{n}")
    name = sorted(made)[n % len(made)]
    data = bytearray(made[name])
    if rng.random() < 0.1:
        other = made[rng.choice(sorted(made))]
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
    typed = name.startswith(ABOUT) and rng.random() < 0.5  # else it seldom comes past its syntax
    for _ in range(rng.randint(1, 4)):
        data = (retype if typed else rng.choice(DAMAGE))(data, rng)[:3_000_000]
    if rng.random() < 0.1 and not name.startswith(ABOUT):
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
    made, out = seeds() | describing(), Outcome()
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for n in range(start, start + cases):
            name, data = case(n, seed, made)
            label = f"case {n} of seed {seed} ({name}, {len(data):,} bytes)"
            began = time.perf_counter()
            try:
                with limited(SECONDS):
                    read = _read(data, name, Path(place), back=n % 10 == 0)
                out.read += read
                out.refused += not read
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


def _read(data: bytes, name: str, place: Path, *, back: bool) -> bool:
    """Whether a case was read and not refused."""
    if name.startswith(ABOUT):
        try:
            read_about(data, name, place)
        except AnalysisError:
            return False
        return True
    found = read_bytes(data, name)
    if back:
        _there_and_back(data, name, place)
    return any(hasattr(f, "fields") for f in found)


def _there_and_back(data: bytes, name: str, place: Path) -> None:
    """From a file to the Articles table, to Parquet and back: the same table."""
    path = place / name
    path.write_bytes(data)
    try:
        articles = read_articles(path, skip_bad=True)
    except AnalysisError:
        return
    for ending in ("parquet", "csv", "jsonl"):
        write_articles(articles, place / f"out.{ending}")
        again = read_articles(place / f"out.{ending}")
        if len(again) != len(articles) or (ending == "parquet" and not again.equals(articles)):
            raise AssertionError(f"the {ending} that was written is read as another table")
