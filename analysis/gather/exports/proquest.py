"""ProQuest, from TXT, HTML and RIS, and RIS of any other database.

Records are parted by a line of underscores (or a rule) and made of ``Label: value``; the headline
stands before the first label and again under its own.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from analysis.gather.dates import is_date
from analysis.gather.decode import decode
from analysis.gather.drafts import Draft, Kind, Options, Source
from analysis.gather.exports.markup import blocks, document, is_markup
from analysis.gather.exports.records import Record, drafts, incomplete, label_of, labels, record_of
from analysis.gather.problems import BadArticle, refused

_RULE = re.compile(r"\s*_{20,}\s*")
_COUNT = re.compile(
    r"\s*(?:document|dokument|documento)\s+(\d{1,6})\s+\w{1,4}\s+(\d{1,6})\s*", re.I
)
_LABELLED = re.compile(r"[^\W\d_][^:]{1,50}:(?:\s|$)")


def looks(lines: Sequence[str]) -> bool:
    """Whether lines are such an export: a ProQuest number and another label of it."""
    found = {label_of(x.strip(), "proquest")[0] for x in lines if ":" in x[:60]}
    return "id" in found and bool(found & {"outlet", "text", "title"})


def read_lines(
    lines: Sequence[str], source: Source, options: Options, form: str
) -> Iterator[Draft | BadArticle]:
    """The articles of an export's lines."""
    counted = [(int(m[1]), int(m[2])) for x in lines if (m := _COUNT.fullmatch(x[:80]))]
    parts = groupby(lines, lambda x: bool(_RULE.fullmatch(x) or _COUNT.fullmatch(x[:80])))
    between = [[*part] for parting, part in parts if not parting]
    chunks = [c for c in between if any(map(partial(_holds, c), ("id", "outlet", "text")))]
    ids = _holds(lines, "id")
    if counted and len(chunks) != counted[-1][1]:
        raise incomplete(source, f"{len(chunks)} of {counted[-1][1]} documents")
    if ids != len(chunks) or not all(_holds(c, "id") for c in chunks):
        raise incomplete(source, f"{len(chunks)} records, {ids} of them whole")
    return drafts([_record(c, source, n) for n, c in enumerate(chunks, 1)], source, options, form)


def _labelled(lines: Sequence[str]) -> list[tuple[str, str]]:
    """What each line is about, and the value."""
    return [label_of(x.strip(), "proquest") for x in lines]


def _holds(chunk: Sequence[str], meaning: str) -> int:
    return sum(about == meaning for about, _ in _labelled(chunk))


def _record(chunk: Sequence[str], source: Source, n: int) -> Record | BadArticle:
    record, read = Record(), _labelled(chunk)
    about, head = next(filter(any, read), ("", ""))
    record.title = "" if about else head
    start = next((i for i, (meaning, _) in enumerate(read) if meaning == "text"), len(read))
    end = _end_of_text(chunk, start)
    for meaning, value in read[:start] + read[end:]:
        record.say(meaning, value)
    record.text = [read[start][1], *chunk[start + 1 : end]] if start < len(read) else []
    if not any(x.strip() for x in record.text):
        what = "only an abstract" if any(m == "summary" for m, _ in read) else "no text"
        return refused(source.name, "record-text", n, "text", what=what)
    return record


def _end_of_text(chunk: Sequence[str], start: int) -> int:
    """Where the labels begin that a record ends with: a paragraph of the text may look like one."""
    after = range(start + 1, len(chunk))
    labels = [i for i, (about, _) in enumerate(_labelled(chunk)) if about and i in after]
    plain = (i for i in reversed(after) if (x := chunk[i].strip()) and not _LABELLED.match(x))
    last = next(plain, start)
    return next((i for i in labels if i > last), next(iter(labels), len(chunk)))


def is_html(head: bytes, name: str) -> bool:
    """HTML that names ProQuest before its records."""
    low = head.lower()
    known = (label.encode() for label, meaning in labels("proquest").items() if meaning == "id")
    return is_markup(head) and b"proquest" in low and any(label in low for label in known)


def from_html(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of an HTML export."""
    root, _ = document(source, options)
    yield from read_lines(blocks(root), source, options, "ProQuest HTML")


# RIS.

_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_TEXT = ("FT", "N2", "AB", "N1")


def is_ris(head: bytes, name: str) -> bool:
    """RIS by its first tag."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    return bool(re.match(rb"TY  ?- ", start)) or (
        name.lower().endswith(".ris") and bool(re.search(rb"^TY  ?- ", head, re.M))
    )


def from_ris(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The records of a RIS file that hold a text."""
    text, _ = decode(source.data, source.name, options.encoding)
    entries: list[dict[str, list[list[str]]]] = []  # tag → what it says each time, in lines
    tag = "ER"
    for line in [*text.splitlines(), "TY  - "]:
        m = _TAG.match(line)
        if m and m[1] == "TY":
            if tag != "ER":
                raise incomplete(source, f"record {len(entries)} does not end")
            entries.append({})
        if m and (tag != "ER" or m[1] == "TY"):
            tag = m[1]
            entries[-1].setdefault(tag, []).append([m[2] or ""])
        elif tag not in ("TY", "ER") and line.strip():
            entries[-1][tag][-1].append(line)
    entries.pop()
    said = ({tag: ["\n".join(x) for x in lines] for tag, lines in e.items()} for e in entries)
    found = [_from_ris(e, source, n) for n, e in enumerate(said, 1)]
    yield from drafts(found, source, options, "RIS")


def _from_ris(entry: dict[str, list[str]], source: Source, n: int) -> Record | BadArticle:
    texts = ["\n\n".join(entry.get(t, [])) for t in _TEXT]
    text = max(texts, key=len)
    if not text.strip():
        return refused(source.name, "record-text", n, "text", what="no text")
    record = record_of("ris", lambda tag: entry.get(tag, [])[:1])
    alone = re.fullmatch(r"[\d/ ]{4,8}", record.date.strip())  # a year, or a month of one
    record.date = record.date if is_date(record.date) or not alone else ""
    record.text = text.split("\n")
    return record


KINDS = (Kind("ProQuest HTML", is_html, from_html), Kind("RIS", is_ris, from_ris))
