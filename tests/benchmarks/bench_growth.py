"""CPU seconds against the size of inputs that once took its square or worse.

Run: ``python tests/benchmarks/bench_growth.py``.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.description import Description
from analysis.errors import AnalysisError
from analysis.gather.articles import gather
from analysis.gather.credits import take_credits
from analysis.gather.drafts import Options, Source
from analysis.gather.pages import read_page
from analysis.gather.sources import read
from analysis.gather.tables import name_columns, read_table
from analysis.measure.corpus import measure_articles


def cpu(rule: Callable[[int], object], size: int) -> float:
    """Seconds of CPU; a refusal is an answer."""
    gc.collect()
    start = time.process_time()
    with contextlib.suppress(AnalysisError):
        rule(size)
    return time.process_time() - start


def page(text: str) -> object:
    return read_page(f"A bridge\n\nIt is shut until the morning.\n\n{text}\n\nIt is open again.")


def credit(names: str) -> object:
    return take_credits([f"contributed from {names}"])


def columns(n: int) -> object:
    table = "\n".join(",".join(f"{c}{i}" for i in range(n)) for c in "cx")
    return name_columns(read_table(table.encode(), "a.csv")[0], "a.csv", {})


def metadata(n: int) -> object:
    with tempfile.TemporaryDirectory() as place:
        folder, table = Path(place, "pages"), Path(place, "m.csv")
        folder.mkdir()
        for i in range(n):
            (folder / f"p{i}.txt").write_text(f"The bridge number {i} is shut until the morning.")
        table.write_text("file,outlet\n" + "".join(f"p{i}.txt,Post\n" for i in range(n)))
        return gather([folder], metadata=table)


def lexicon(n: int, pattern: str = "word{} harbour*") -> object:
    with tempfile.TemporaryDirectory() as place:
        table = Path(place, "list.csv")
        table.write_text("".join(f"{pattern.format(i)},quay\n" for i in range(n)))
        text = "The harbour of word7 is shut until the morning. " * 200
        rows = [{"id": f"a{i}", "outlet": "Post", "date": "", "text": text} for i in range(2)]
        about = Description(lexicons=(str(table),))
        return measure_articles(pd.DataFrame(rows), about)


def parquet(n: int) -> object:
    """A table that declares rows of nothing: a few hundred kB for 30 million."""
    out = io.BytesIO()
    empty = pa.table({"outlet": pa.nulls(n), "text": pa.nulls(n)})
    pq.write_table(empty, out, compression="zstd")
    return read_table(out.getvalue(), "a.parquet")


def nested(opens: str, closes: str = "</div>") -> Callable[[int], object]:
    chain = f"{opens * 200}{closes * 200}"
    return lambda n: list(read(Source("a.html", f"<html>{chain * (n // 200)}".encode()), Options()))


def message(n: int) -> object:
    top = f"MIME-Version: 1.0\nSnapshot-Content-Location: {'=?' * n}\n"
    top += 'Content-Type: multipart/related; boundary="b"\n\n--b\n'
    page = "Content-Type: text/html\n\n<p>It is shut until the morning.\n--b--"
    return list(read(Source("a.mhtml", f"{top}{page}".encode()), Options()))


def file(name: str, before: str, piece: str, after: str = "") -> Callable[[int], object]:
    """A file of a name that repeats a piece."""

    def rule(n: int) -> object:
        return list(read(Source(name, f"{before}{piece * n}{after}".encode()), Options()))

    return rule


def attributes(n: int) -> object:
    return file("a.html", "<html><p ", " ".join(f"a{i}=b" for i in range(n)), f">{SHUT}")(1)


def packed(n: int) -> object:
    return list(read(Source("a.txt.gz", gzip.compress(b"") * n), Options()))


SHUT = "The bridge is shut until the morning, said the mayor of the town."
LIST = "<html><script type='application/ld+json'>["

RULES: list[tuple[str, Callable[[int], object], int]] = [
    ("`!` repeated", lambda n: page("!" * n), 8_000),
    ("short lines", lambda n: page("\n".join(f"line {i}" for i in range(n))), 4_000),
    ("`contributed from ` and `-` repeated", lambda n: credit("-" * n), 20_000),
    ("`b`, `-` repeated, `a`", lambda n: page(f"b{'-' * n}a"), 20_000),
    ("combining marks on one letter", lambda n: page("a" + "\u0301\u0327" * (n // 2)), 20_000),
    ("`a»b»` repeated, characters", lambda n: page("a»b»" * (n // 4)), 40_000),
    ("columns of a CSV (refused from 1,001)", columns, 1_250),
    ("files, each with a row of metadata", metadata, 750),
    ("entries of a word list, two articles measured", lexicon, 125),
    ("rows that a Parquet file declares (refused)", parquet, 1_875_000),
    ("articles inside articles of a page", nested("<article><p>Shut.</p>", "</article>"), 1_000),
    ("outlets inside outlets of Europresse", nested('<div class="DocPublicationName">P '), 4_000),
    ("characters of a header of MHTML", message, 8_000),
    ("values of a list in JSON-LD", file("a.html", LIST, "0,", f"0]</script><p>{SHUT}"), 25_000),
    ("attributes of a tag", attributes, 5_000),
    ("members of a gzip file", packed, 10_000),
    ("lines of a note in RIS", file("a.ris", "TY  - NEWS\nN2  - ", "so\n", "ER  - \n"), 25_000),
    ("full stops without a space behind them", file("a.txt", f"{SHUT}\n\n", "abc.def"), 12_500),
]

if __name__ == "__main__":
    print("| Input | Sizes | CPU seconds |\n|---|---|---|")
    for name, rule, least in RULES:
        sizes = (least, 4 * least, 16 * least)
        taken = ", ".join(f"{cpu(rule, size):.2f}" for size in sizes)
        print(f"| {name} | {', '.join(f'{size:,}' for size in sizes)} | {taken} |")
