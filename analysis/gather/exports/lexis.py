"""Nexis, Nexis Uni, Lexis Advance and LexisNexis, from lines (TXT, DOCX, RTF, PDF) and HTML.

Two layouts. The older one numbers its documents (``3 of 262 DOCUMENTS``) and puts the outlet
before the date and the headline. The newer one closes each with a line (``End of Document``) and
begins with the headline.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from analysis.gather.drafts import Draft, Kind, Options, Source
from analysis.gather.exports.markup import blocks, classes, document, markup_with
from analysis.gather.exports.records import (
    Record,
    date_in,
    drafts,
    incomplete,
    is_copyright,
    label_of,
    labels,
    words_for,
)
from analysis.gather.problems import BadArticle, PassedOver, refused

TITLE = 40  # words of a title in a list of documents, at most
BEFORE_DATE = 6  # blocks of a document in which its date is looked for
_LABELLED = re.compile(r"[^\d:]{2,40}:")
_SELECTED = re.compile(r":\s*(\d{1,6})\s*[-–]\s*(\d{1,6})\s*$")

Numbered = tuple[int, int, int]  # line, number, of how many


@cache
def _heading() -> re.Pattern[str]:
    of = "|".join(map(re.escape, sorted(words_for("of"))))
    word = "|".join(map(re.escape, sorted(words_for("documents"), key=len, reverse=True)))
    count = rf"(\d{{1,6}})\s*(?:{of})\s*(\d{{1,6}})"
    return re.compile(rf"\s*(?:(?:{word})\s+{count}|{count}\s+(?:{word}))\s*", re.I)


def headings(lines: Sequence[str]) -> list[Numbered]:
    """The lines that number a document."""
    found = []
    for i, line in enumerate(lines):
        if len(line) < 120 and any(c.isdigit() for c in line) and (m := _heading().fullmatch(line)):
            n, of = (int(g) for g in m.groups() if g)
            found.append((i, n, of))
    return found


def looks(lines: Sequence[str]) -> bool:
    """Whether lines are such an export."""
    numbered = headings(lines)
    if numbered and numbered[0][1:] != (1, 1):
        return True
    if _is_list(lines):
        return True
    known = {_bare(line) for line in lines if len(line) < 60}
    alone = {labels("lexis").get(line) for line in known}
    ends = "end" in alone or bool(numbered)
    return ends and ("body" in alone or any(label_of(x, "lexis")[0] == "length" for x in known))


def _is_list(lines: Sequence[str]) -> bool:
    """Whether lines are the list of a download's documents, which is a file of its own."""
    held = _names("body") | _names("end")
    texts = (_bare(x) in held or len(x.split()) > TITLE or is_copyright(x) for x in lines)
    return _promised(lines) is not None and not any(texts)


def _bare(line: str) -> str:
    return " ".join(line.split()).rstrip(":").casefold()


def read_lines(
    lines: Sequence[str], source: Source, options: Options, form: str
) -> Iterator[Draft | BadArticle]:
    """The articles of an export's lines."""
    if _is_list(lines):
        raise refused(source.name, "list", 0, "text", PassedOver, n=_promised(lines))
    numbered = headings(lines)
    if numbered:
        _check(numbered, lines, source)
        edges = [i for i, _, _ in numbered] + [len(lines)]
        found = [_older(_blocks(lines[a + 1 : b])) for a, b in itertools.pairwise(edges)]
        return drafts(found, source, options, f"LexisNexis {form}")
    return drafts(_newer_all(lines, source), source, options, f"Nexis {form}")


# The older layout.


def _check(numbered: Sequence[Numbered], lines: Sequence[str], source: Source) -> None:
    """Refuse a file whose documents are not numbered through to the last.

    A file may hold several downloads, each numbered from one, or a part of one that its cover
    announces (``Selected Items: 501-1000``).
    """
    word = lines[numbered[0][0]].split()
    name = next((w for w in word if not any(c.isdigit() for c in w) and len(w) > 4), "DOCUMENTS")
    total = Counter(of for _, _, of in numbered).most_common(1)[0][0]
    cover = [m for line in lines[: numbered[0][0]] if (m := _SELECTED.search(line[:200]))]
    last = {int(m[2]) for m in cover if int(m[1]) == numbered[0][1]} | {total}
    before = numbered[0][1] - 1
    for _, n, of in numbered:
        if n != before + 1 and not (n == 1 and before in last):
            seen = f"{name} {n} follows {before} of {total}"
            raise incomplete(source, f"{seen} ({len(numbered)} of {total} {name})")
        before = n
        last |= {of} if of < total else set()
    if before not in last:
        raise incomplete(source, f"{len(numbered)} of {total} {name}")


def _blocks(lines: Sequence[str]) -> list[tuple[str, bool]]:
    """Paragraphs between blank lines, each with whether it is centred.

    A label begins a new paragraph, and every centred line is one.
    """
    found: list[tuple[str, bool]] = []
    now: list[str] = []
    for line in [*lines, ""]:
        centred = line.startswith("   ") and bool(line.strip())
        labelled = label_of(line.strip(), "lexis")[0] and line.partition(":")[0].isupper()
        if now and (centred or labelled or not line.strip() or is_copyright(now[-1])):
            found.append((" ".join(" ".join(now).split()), False))
            now = []
        if centred:
            found.append((" ".join(line.split()), True))
        elif line.strip():
            now.append(line)
    return found


def _older(found: list[tuple[str, bool]]) -> Record:
    """A document of the older layout: outlet, date, headline, labels, text, labels, rights."""
    record = Record()
    start = _dated(found, record)
    head, body = _header(found, start, record)
    _fill(head, record)
    _body([text for text, _ in body], record, upper=True)
    return record


def _dated(found: list[tuple[str, bool]], record: Record) -> int:
    """Outlet and date from a document's first blocks; where the rest begins."""
    for i, (text, _) in enumerate(found[:BEFORE_DATE]):
        if label_of(text, "lexis")[0]:
            break
        if date := date_in(text):
            names = [t for t, _ in found[:i] if not is_copyright(t)]
            before = text.partition(date.split()[0])[0].strip(" ,")
            record.date, record.outlet = date, [before, *names][-1]
            return i + 1
    record.outlet = next((t for t, _ in found[:1] if not is_copyright(t)), "")
    return 1


def _header(
    found: list[tuple[str, bool]], start: int, record: Record
) -> tuple[list[str], list[tuple[str, bool]]]:
    """Labelled blocks of the head, and the blocks after them; the headline stands before them."""
    said = [label_of(text, "lexis")[0] for text, _ in found]
    plain = (i + 1 for i in range(start, len(found)) if not _edition(*found[i]))
    first = next((i for i in range(start, min(len(said), start + 5)) if said[i]), None)
    first = next(plain, start) if first is None else first
    titles = [t for t, centred in found[start:first] if not _edition(t, centred)]
    record.title = _appended().sub("", titles[0]) if titles else ""
    record.text += [t for t in titles[1:] if _bare(t) not in _names("appended")]
    end = next((i for i in range(first, len(said)) if said[i] in ("", "body")), len(said))
    return [t for t, _ in found[first:end]], found[end:]


def _edition(text: str, centred: bool) -> bool:
    if centred or is_copyright(text):
        return True
    words = re.findall(r"\w+", text.casefold())
    return len(words) <= 6 and any(e in w for e in words_for("edition") for w in words)


def _fill(head: Sequence[str], record: Record) -> None:
    for line in head:
        meaning, value = label_of(line, "lexis")
        record.say(meaning, value)
        if meaning == "highlight":
            record.removed.append((value, "highlight"))


def _body(lines: Sequence[str], record: Record, *, upper: bool) -> None:
    """The text up to what the database says of it; what follows tells language and kind."""
    end = _end_of_text(lines, upper)
    for line in lines[:end]:
        meaning, value = label_of(line, "lexis")
        if meaning == "body" and (upper or value):
            line = value
        if is_copyright(line) or _bare(line) in _names("marks"):
            record.removed.append((line, "label"))
        elif line.strip():
            record.text.append(line)
    if record.text and (m := re.fullmatch(r"https?://[^\s/]+(/\S+)?/?", record.text[-1].strip())):
        record.removed.append((record.text.pop(), "address"))
        record.url = m[0] if m[1] else ""
    for line in lines[end:]:
        meaning, value = label_of(line, "lexis")
        if meaning in ("language", "genre"):
            record.say(meaning, value)
    record.removed += [(x, "what the database says") for x in lines[end:] if x.strip()]


def _end_of_text(lines: Sequence[str], upper: bool) -> int:
    """Where an article ends: before labels in capitals; else before a heading (``Graphic``) or the
    labels that the document ends with, for a paragraph of the text may begin like one.
    """
    end = len(lines)
    while end > 1 and (not (x := lines[end - 1]) or is_copyright(x) or label_of(x, "lexis")[0]):
        end -= 1
    for i, line in enumerate(lines[:end]):
        name, colon, _ = line.partition(":")
        known = name.strip().casefold() in _names("after")
        if i and known and (name.strip().isupper() if upper else not colon):
            return i
    return end


def _names(meaning: str) -> frozenset[str]:
    return words_for("lexis", meaning)


# The newer layout.


def _newer_all(lines: Sequence[str], source: Source) -> list[Record | BadArticle]:
    lines = [part.replace(" ", " ").strip() for line in lines for part in line.split("\n")]
    ends = [i for i, x in enumerate(lines) if _bare(x) in _names("end")]
    starts = [0, *(i + 1 for i in ends)]
    chunks = [lines[a:b] for a, b in zip(starts, ends, strict=False)]
    promised = _promised(chunks[0]) if chunks else None
    left = [x for x in lines[starts[-1] :] if x]
    if any(_bare(x) in _names("body") for x in left):
        raise incomplete(source, f"{len(ends)} documents that end, and one that does not")
    if promised is not None and promised != len(chunks):
        raise incomplete(source, f"{len(chunks)} of {promised} documents")
    return [_newer(chunk, n, source) for n, chunk in enumerate(chunks, 1)]


def _promised(cover: Sequence[str]) -> int | None:
    """How many documents the cover page says there are: ``Documents (50)``."""
    for line in cover[:60]:
        m = re.fullmatch(r"([^\W\d_]+)\s*\((\d{1,6})\)", line[:40])
        if m and m[1].casefold() in words_for("documents"):
            return int(m[2])
    return None


def _head(chunk: Sequence[str], body: int | None) -> tuple[int, int, str]:
    """The line that the head goes on below, the line of the outlet (-1: none), and the date."""
    head = range(len(chunk) if body is None else body)
    bare = [i for i in head if not (is_copyright(chunk[i]) or _LABELLED.match(chunk[i]))]
    dated = next((i for i in reversed(bare) if date_in(chunk[i])), None)
    below = dated
    if below is None:  # the head goes on at its last notice, or its first gap, behind the outlet
        gap = (i for i in head if i and not chunk[i] and chunk[i - 1])
        below = max((i for i in head if is_copyright(chunk[i])), default=0) or next(gap, len(head))
    said = (i for i in range(below) if chunk[i] and _bare(chunk[i]) not in _names("appended"))
    return below, max(said, default=-1), "" if dated is None else date_in(chunk[dated])


def _newer(chunk: Sequence[str], n: int, source: Source) -> Record | BadArticle:
    body = next((i for i, x in enumerate(chunk) if _bare(x) in _names("body")), None)
    below, above, date = _head(chunk, body)
    if above < 0:
        return refused(source.name, "export-undated", n, "outlet")
    record = Record(date=date, outlet=chunk[above])
    if record.outlet.startswith("(") and above and chunk[above - 1]:  # a blog of the outlet
        record.section = record.outlet.strip("()")
        above -= 1
        record.outlet = chunk[above]
    top = above
    while top > 0 and chunk[top - 1]:
        top -= 1
    record.title = _appended().sub("", " ".join(chunk[top:above]))
    near = range(below, min(len(chunk), below + 15))
    last = max((i for i in near if label_of(chunk[i], "lexis")[0]), default=below) + 1
    end = last if body is None else body
    _fill([x for x in chunk[below + 1 : end] if x], record)
    _body([x for x in chunk[end + (body is not None) :] if x], record, upper=False)
    return record


@cache
def _appended() -> re.Pattern[str]:
    """What the database adds to a headline."""
    return re.compile(rf"\s*[-–]\s*(?:{'|'.join(_names('appended'))})\s*$", re.I)


# HTML.

# What Nexis UK and LexisNexis Academic leave in their HTML.
_META = rb"(?i)<!-- LXNComment|<DOCFULL>|<META TOPIC=[^>]{0,80}DOCUMENTS="


def from_html(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of an HTML export."""
    root, _ = document(source, options)
    lines = _html_lines(root, source.data)
    found = len(headings(lines))
    if not found:
        raise incomplete(source, "no numbered document")
    promised = re.search(rb"DOCUMENTS=\"?(\d{1,6})", source.data[:65536])
    if promised and int(promised[1]) != found:
        raise incomplete(source, f"{found} of {int(promised[1])} DOCUMENTS")
    yield from read_lines(lines, source, options, "HTML")


_CENTRED = re.compile(r"\.(\w+)\s*\{[^{}]{0,300}?text-align:\s*center", re.I)


def _html_lines(root: Any, data: bytes) -> list[str]:
    """The paragraphs as lines of a text file: those that a style centres are indented."""
    centring = {name.lower() for name in _CENTRED.findall(data[:20_000].decode("latin-1"))}
    lines: list[str] = []
    for p in root.iter("p"):
        around = p.getparent()
        own = classes(p) | (classes(around) if around is not None else set())
        for block in blocks(p):
            lines += [f"   {block}" if own & centring else block, ""]
    return lines


KIND = Kind("Nexis HTML", markup_with(_META), from_html)
