"""No rule of gathering takes longer than its input is long, whatever that is (docs/methods.md)."""

from __future__ import annotations

import contextlib
import gc
import gzip
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.gather import boilerplate, credits, dates, html, pages, text
from analysis.gather.articles import gather
from analysis.gather.boilerplate import remove_boilerplate
from analysis.gather.credits import take_credits
from analysis.gather.dates import is_date, read_time
from analysis.gather.decode import decode
from analysis.gather.html import is_html
from analysis.gather.markup import plain
from analysis.gather.pages import read_head, read_page
from analysis.gather.schema import FIRST
from analysis.gather.tables import read_table
from analysis.gather.text import paragraphs

_LISTS = ("page_furniture", "agencies", "abbreviations")
_PIECES = [
    "a ", "A ", "a\n", "A b\n", "Ab.\n", "Ab cd ef gh.\n", "a-\nb", "1:", "1 of 2 ", "2014-", "1/",
    "(AP) ", "(a/ AP)", "a.B", "a»b»", ".»A", "?\"A", "By A ", "By A, ", "Photo: ", "Related: ",
    "Related Articles\n", "More from A\n", "Vote Now:\n", "contributed from -", "Reporting by A; ",
    "<p>", "</p>", "<q>", "<b", "&amp;", "&#1;", "<!--", "<div class='promo'>", "<a href=''>", "\r",
    "a,", "\"a\",", "\"\",", "a;b\n", "{\"a\":", "[1,", "a\u0301", "\u0301\u0327", "¬\n",
    "\u00ad\n", "A | B | ", "A - ", " - a", "© 2014 ", "Updated 1 May 2014, ", "https://a.b/",
    "a@b.c ", "Do you send ", "click here ", "for more reports from ", "follow ",
]  # fmt: skip
_TOO_LONG = 8  # a quarter of the input may take this many times less; quadratic: 16


def _characters() -> list[str]:
    """Every character that an expression of the room, or of its lists, names."""
    patterns = [Path(m.__file__ or "").read_text("utf-8") for m in (boilerplate, credits, dates)]
    patterns += [Path(m.__file__ or "").read_text("utf-8") for m in (html, pages, text)]
    lists = [DATA / "languages" / "en" / f"{name}.toml" for name in _LISTS]
    patterns += [path.read_text("utf-8") for path in (*lists, DATA / "dates.toml")]
    marks = {
        c for p in patterns for c in p if not (c.isascii() and c.isalnum()) and c.isprintable()
    }
    ranges = {chr(int(h, 16)) for p in patterns for h in re.findall(r"\\u([0-9a-f]{4})", p)}
    letters = {c for c in marks if c.isalpha()}
    return sorted({*"aA1Ii\n\t", *(marks - letters), *sorted(letters)[::25]} | ranges - {"\ud800"})


def _page_of(piece: str) -> object:
    try:
        return read_page(piece)
    except ValueError:
        return None


def _table_of(cell: str) -> object:
    try:
        return read_table(cell.encode("utf-8", "replace"), "a.csv")
    except ValueError:
        return None


def _decoded(piece: str) -> object:
    try:
        return decode(piece.encode("utf-16-le", "surrogatepass"))
    except ValueError:
        return None


def _cleaned(piece: str) -> object:
    one = dict.fromkeys(FIRST, "") | {
        "outlet": "Tarn",
        "text": "\n\n".join(paragraphs(piece)) or "x",
    }
    other = one | {"text": f"{one['text']}\n\nIt is shut."}
    rows = [one | {"id": "a"}, other | {"id": "b"}]
    return remove_boilerplate(pd.DataFrame(rows, dtype="str"))


_RULES: dict[str, Callable[[str], object]] = {
    "paragraphs": paragraphs,
    "page": lambda s: _page_of(s),
    "page with text": lambda s: _page_of(
        f"A bridge\n\n{s}\n\nIt is shut until the morning.\n\n{s}"
    ),
    "markup": lambda s: _page_of(f"<html><body><article><p>It is shut now.</p><p>{s}"),
    "plain": lambda s: plain(f"<p>{s}"),
    "is_html": is_html,
    "head": lambda s: read_head([s] * 3),
    "credits": lambda s: take_credits([s, f"{s}.", f"({s})"]),
    "dates": lambda s: (is_date(s), is_date(f"1{s}"), read_time(s)),
    "boilerplate": _cleaned,
    "table": _table_of,
    "decode": _decoded,
}


def _cpu(rule: Callable[[str], object], given: str) -> float:
    gc.disable()  # its time hangs on all else that is in memory
    try:
        start = time.process_time()
        rule(given)
        return time.process_time() - start
    finally:
        gc.enable()


def _is_linear(rule: Callable[[str], object], piece: str, times: int) -> bool:
    """Whether four times the input takes about four times as long; measured again before a no."""
    for before, behind in (("", ""), ("b", "a")):
        short, long = (f"{before}{piece * n}{behind}" for n in (times // 4, times))
        for _ in range(3):
            taken = _cpu(rule, long)
            if taken < 0.1 or taken < _TOO_LONG * max(_cpu(rule, short), 1e-3):
                break
        else:
            return False
    return True


@pytest.mark.parametrize("name", _RULES)
def test_no_rule_takes_longer_than_its_input(name: str) -> None:
    pieces = _PIECES if name in ("boilerplate", "markup") else [*_characters()[::4], *_PIECES]
    assert [p for p in pieces if not _is_linear(_RULES[name], p, 1_200)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", _RULES)
def test_no_rule_takes_longer_on_a_hundred_thousand_characters(name: str) -> None:
    slow = [p for p in _characters() if not _is_linear(_RULES[name], p, 100_000)]
    slow += [p for p in _PIECES if not _is_linear(_RULES[name], p, 100_000 // len(p))]
    assert slow == []


_ELEMENTS = [
    "<time datetime='2031-03-04'>4 March</time>",
    "<p><time datetime='2031-03-04'>4 March</time></p>",
    "<p><a href='/b'>A story of the quay here</a></p>", "<h1>The quay of Oru</h1>", "<q>", "<div>",
    "<article><h2><a href='/b'>Another story</a></h2><p>It rained.</p></article>", "<!--",
    "<h3><a href='/b'>Another story of the quay</a></h3>", "<div class='deck'>So it goes</div>",
    "<div class='promo'><p>Read on</p></div>", "<meta name='date' content='x'>", "<p>", "<span>a",
]  # fmt: skip


@pytest.mark.parametrize("element", _ELEMENTS)
def test_no_page_takes_longer_than_its_elements(element: str) -> None:
    said = "The quay of Oru was closed on Monday, said the harbour master of the town. " * 6

    def read(elements: str) -> object:
        page = (
            "<html><head><link rel='canonical' href='https://oru.example/quay'></head><body>"
            f"<h1>Quay of the town</h1><div>{elements}</div><p>{said}</p></body></html>"
        )
        with contextlib.suppress(AnalysisError):
            return read_page(page)

    assert _is_linear(read, element, 3_000)


_SAID = "The quay of Oru was closed on Monday, said the harbour master of the town. " * 6
_FIELD = r'{\field{\*\fldinst{HYPERLINK "https://oru.example/'
_NAMES = " ".join(f"a{i}=b" for i in range(90_000))


def _deep() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(9):
            archive.writestr(f"{'a/' * 30_000}{i}.txt", _SAID)
    return out.getvalue()


_LARGE: dict[
    str, tuple[str, str | bytes]
] = {  # a million bytes or so, of which the square of the length would take minutes
    "parts of gzip": ("a.txt.gz", gzip.compress(b"") * 100_000),
    "values of JSON-LD": (
        "a.html",
        f"<html><script type='application/ld+json'>[{'0,' * 400_000}0]</script><p>{_SAID}",
    ),
    "attributes of a tag": ("a.html", f"<html><p {_NAMES}>{_SAID}</p>"),
    "lines of a RIS note": ("a.ris", "TY  - NEWS\nN2  - Ida\n" + "so\n" * 350_000 + "ER  - \n"),
    "headings and titles": (
        "a.html",
        "".join(f"<h1>The quay {i} is</h1><svg><title>Oru {i}</title></svg>" for i in range(20_000))
        + f"<p>{_SAID}</p>",
    ),
    "glued words": ("a.txt", f"{_SAID}\n\n{'abc.def' * 140_000}"),
    "gallery": ("a.txt", f"{_SAID}\n\n{'The quay 1 of 9 ' * 60_000}"),
    "headlines again": ("a.csv", 'outlet,title,text\nPost,A,"' + "A\n" * 300_000 + f'{_SAID}"\n'),
    "depth of a name": ("a.zip", _deep()),
    "quotations": ("a.html", f"<html><p>{_SAID}</p><p>{'<q>a b</q> c ' * 60_000}</p></html>"),
    "open links of a document": ("a.rtf", r"{\rtf1 " + _SAID + _FIELD * 30_000 + "}"),
}


@pytest.mark.parametrize("name", _LARGE)
def test_no_file_takes_the_square_of_its_length(name: str, tmp_path: Path) -> None:
    file, content = _LARGE[name]
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / file).write_bytes(data)

    def read(_: str) -> None:
        with contextlib.suppress(AnalysisError):
            remove_boilerplate(gather([tmp_path / file]).articles)

    assert _cpu(read, "") < 10


def test_rows_of_metadata_that_fit_nothing_are_told_in_linear_time(tmp_path: Path) -> None:
    rows = "".join(f"a{i},Quay,The ferry left Oru at noon.\n" for i in range(3_000))
    (tmp_path / "a.csv").write_text(f"id,outlet,text\n{rows}", "utf-8")

    def told(ids: str) -> object:
        (tmp_path / "m.csv").write_text(f"id,section\n{ids}", "utf-8")
        return gather([tmp_path / "a.csv"], metadata=tmp_path / "m.csv", skip_bad=True)

    few, many = ("".join(f"b{i},x\n" for i in range(n)) for n in (10, 3_000))
    assert _cpu(told, many) < 8 * _cpu(told, few)
