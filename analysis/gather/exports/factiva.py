"""Factiva, from HTML, XML and lines (RTF, DOCX, TXT, PDF).

Every article ends with a line ``Document CODE``. In the plain layout the head is a run of lines
around the number of words; in the layout with indexing, every line has a code of two letters.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import lxml.etree  # type: ignore[import-untyped]

from analysis.gather.drafts import Draft, Kind, Options, Source
from analysis.gather.exports.markup import blocks, classes, document, markup_with, text_of
from analysis.gather.exports.records import (
    Record,
    count_of_words,
    date_in,
    drafts,
    incomplete,
    is_copyright,
    labels,
    language_code,
    record_of,
)
from analysis.gather.pages import line_kind
from analysis.gather.problems import BadArticle

_END = re.compile(r"(?:AN\W+)?([^\W\d_]{2,12})\s+([A-Z][A-Z0-9]{1,11}\d{8}[A-Za-z0-9]{4,})\W*")
_CODE = re.compile(r"([A-Z]{2,4})(?:\s*(?:[|\t]|  )\s*(.*)|\s*$)", re.S)
_CLOSE = re.compile(r"([A-Z]{2,4})(?: (.*)|$)")  # one blank after a code, where every line has one
_PAGE = re.compile(r"^\W*\w+ \d{1,5}\b.{0,20}© ?\d{4} Factiva", re.I)  # foot of a printed page
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*[APap]\.?[Mm]\.?)?(?:\s+[A-Z]{2,5})?")
HEAD_LINES = 14  # lines of a head, at most


def ends(line: str) -> bool:
    """Whether a line closes an article."""
    m = _END.fullmatch(line.strip()) if len(line) < 80 else None
    return bool(m and labels("factiva").get(m[1].casefold()) == "end")


def looks(lines: Sequence[str]) -> bool:
    """Whether lines are such an export."""
    counted = any(count_of_words(x) or _CODE.match(x) or _CLOSE.match(x) for x in lines)
    return counted and any(ends(x) for x in lines)


def read_lines(
    lines: Sequence[str], source: Source, options: Options, form: str
) -> Iterator[Draft | BadArticle]:
    """The articles of an export's lines."""
    lines = [p.strip(" |") for line in lines for p in line.split("\n") if not _PAGE.search(p)]
    edges = [-1, *(i for i, x in enumerate(lines) if ends(x))]
    left = lines[edges[-1] + 1 :]
    if any(count_of_words(x) or x[:3] in ("HD ", "HD\t", "HD") for x in left):
        raise incomplete(source, f"{len(edges) - 1} articles that end, and one that does not")
    found = [parse([x for x in lines[a + 1 : b] if x]) for a, b in pairwise(edges)]
    return drafts(found, source, options, f"Factiva {form}")


def parse(lines: Sequence[str], title: str = "", byline: str = "") -> Record:
    """One article from its lines; what the markup says of headline and byline is given."""
    codes = _coded(lines, _CODE, {"HD"}) or _coded(lines, _CLOSE, {"HD", "SN", "PD"})
    if codes:
        return _from_codes(codes)
    record = Record(title=title, byline=byline)
    at = next((i for i, x in enumerate(lines) if count_of_words(x)), None)
    if at is None:
        at = next((i - 1 for i, x in enumerate(lines) if date_in(x) == x.strip()), -1)
    else:
        record.length = count_of_words(lines[at])
    _above(list(lines[max(at - 4, 0) : max(at, 0)]), record)
    after = _below(lines, at + 1, record)
    record.text, gone = _body(lines[after:])
    record.removed += gone
    return record


def _above(lines: list[str], record: Record) -> None:
    """Section, headline and byline: the lines before the number of words."""
    if record.title:
        at = next((i for i, x in enumerate(lines) if x == record.title), 0)
        before, behind = lines[:at], lines[at + 1 :]
    else:
        signed = (i for i, x in enumerate(lines) if i and line_kind(x, "head") == "byline")
        last = len(lines) - 1
        at = next(signed, last if last > 0 and _is_name(lines[-1], lines[-2]) else last + 1)
        behind, record.title = lines[at:], lines[at - 1] if lines else ""
        before = lines[: max(at - 1, 0)]
    record.section = before[-1] if before else ""
    record.byline = record.byline or (behind[0] if behind else "")


def _is_name(line: str, title: str) -> bool:
    """Whether the last line before the number of words is a byline."""
    words = line.split()
    capitals = all(w[:1].isupper() for w in words if w.isalpha() and len(w) > 3)
    small = any(w.islower() and len(w) > 3 for w in title.split())  # no name, then
    return 1 < len(words) <= 5 and capitals and (small or len(title.split()) > len(words))


def _below(lines: Sequence[str], start: int, record: Record) -> int:
    """Date, time, outlet, code, edition and language: the lines after the number of words."""
    i = start
    if i < len(lines) and (date := date_in(lines[i])):
        record.date = date
        i += 1
    if i < len(lines) and _CLOCK.fullmatch(lines[i].strip()):
        record.date = f"{record.date} {lines[i].strip()}"
        i += 1
    if i < len(lines):
        record.outlet = lines[i]
        i += 1
    head = range(i, min(len(lines), i + HEAD_LINES))
    rights = next((k for k in head if is_copyright(lines[k])), i - 1)
    tongue = next((k for k in head if language_code(lines[k])), i - 1)
    if tongue in head:
        record.language = lines[tongue]
    return max(rights, tongue) + 1


def _body(lines: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The text without what stands behind it: the publisher, the end of the document."""
    text = list(lines)
    gone = []
    while text and (ends(text[-1]) or is_copyright(text[-1])):
        gone.append((text.pop(), "label"))
    last = text[-1] if len(text) > 1 else ""
    if last and len(last.split()) <= 8 and last.strip()[-1] not in '.!?"”’»…:':
        gone.append((text.pop(), "publisher"))
    return text, gone[::-1]


def _coded(
    lines: Sequence[str], code: re.Pattern[str], needed: set[str]
) -> list[tuple[str, list[str]]]:
    """Fields of the layout with indexing: code → lines; empty where it is the other."""
    known = {c for c in labels("factiva") if c.isascii() and len(c) <= 4}
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        m = code.fullmatch(line)
        if m and m[1].casefold() in known:
            found.append((m[1], [m[2].strip()] if m[2] and m[2].strip() else []))
        elif found:
            found[-1][1].append(line)
    have = {c for c, _ in found}
    return found if needed <= have and have & {"SN", "PD"} else []


def _from_codes(codes: Sequence[tuple[str, list[str]]]) -> Record:
    record = Record()
    meanings = labels("factiva")
    for code, lines in codes:
        meaning, value = meanings[code.casefold()], " ".join(lines)
        if meaning == "text":
            record.text += lines
        elif meaning == "date":
            record.date = f"{date_in(value) or value} {record.date}".strip()
        elif meaning == "time":
            record.date = f"{record.date} {value}".strip()
        else:
            record.say(meaning, value)
    return record


# HTML.

_MARK = (
    rb"(?i)<title>\s*Factiva|class=\"article [a-z]{2}article|id=\"article-[a-z][a-z0-9]{1,11}\d{8}"
)


def from_html(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of an HTML export."""
    root, _ = document(source, options)
    articles = [a for a in root.iter("div") if _is_article(a)]
    found = [_element(a) for a in articles]
    if not found:
        yield from read_lines(blocks(root), source, options, "HTML")
        return
    begun = len(re.findall(rb"id=\"article-[A-Za-z0-9]{6,}\"", source.data))
    whole = sum(ends(x) for x in blocks(root))
    if whole < len(found) or begun > len(found):
        raise incomplete(source, f"{min(whole, len(found))} of {max(begun, len(found))} articles")
    yield from drafts(found, source, options, "Factiva HTML")


def _is_article(element: Any) -> bool:
    """The innermost element that is an article: ``<div class="article enArticle">``."""
    own = classes(element)
    if not (any(re.fullmatch(r"[a-z]{2}article", c) for c in own) or "article" in own):
        return False
    return not any("article" in classes(d) for d in element.iterdescendants("div"))


def _element(article: Any) -> Record:
    title = byline = ""
    for e in article.iter("span", "div", "h1", "h2", "h3", "b"):
        own = classes(e)
        if not title and any(c.endswith("headline") for c in own):
            title = text_of(e)
        elif not byline and "author" in own:
            byline = text_of(e)
    rows = [cells for tr in article.iter("tr") if len(cells := list(tr.iter("td"))) == 2]
    coded = [(text_of(code), blocks(value)) for code, value in rows]
    if any(code == "HD" for code, _ in coded):
        return _from_codes([c for c in coded if c[0].casefold() in labels("factiva")])
    return parse([x for x in blocks(article) if not ends(x)], title, byline)


# XML.


def is_xml(head: bytes, name: str) -> bool:
    """The XML of Factiva's retrieval service."""
    return b"<?xml" in head[:200] and b"factiva" in head.lower() and b"rticle" in head


def from_xml(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of an XML export."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = lxml.etree.fromstring(source.data, parser)
    except (lxml.etree.LxmlError, ValueError) as e:
        raise incomplete(source, f"its XML breaks off ({str(e)[:80]})") from None
    counted = [e.get("count") or "" for e in root.iter("{*}ppsarticleResultSet")]
    articles = [e for e in root.iter("{*}article") if e.find("{*}headline") is not None]
    promised = sum(int(c) for c in counted if re.fullmatch(r"\d{1,6}", c))
    if promised and promised != len(articles):
        raise incomplete(source, f"{len(articles)} of {promised} articles")
    if not articles:
        raise incomplete(source, "no article with a headline")
    yield from drafts(map(_from_xml, articles), source, options, "Factiva XML")


def _from_xml(article: Any) -> Record:
    def words(path: str) -> list[str]:
        return [" ".join("".join(e.itertext()).split()) for e in article.iterfind(path)]

    return record_of("factiva-xml", words)


KINDS = (Kind("Factiva XML", is_xml, from_xml), Kind("Factiva HTML", markup_with(_MARK), from_html))
