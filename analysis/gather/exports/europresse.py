"""Europresse, from HTML: one article after another, parted by classes and not by labels."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from analysis.data import DATA, read_list
from analysis.gather.drafts import Draft, Kind, Options, Source
from analysis.gather.exports.markup import blocks, classes, document, markup_with, text_of
from analysis.gather.exports.records import Record, date_in, drafts, incomplete, is_copyright
from analysis.gather.pages import line_kind
from analysis.gather.problems import BadArticle

_NUMBER = re.compile(r"[a-z]{2,8}·(\d{4})(\d\d)(\d\d)·", re.I)
_ISSUE = re.compile(r",?\s*(?:n[o°º]\.?|nr\.?|vol\.?)\s*[\d-].*$", re.I)


def from_html(source: Source, options: Options) -> Iterator[Draft | BadArticle]:
    """The articles of an HTML export."""
    root, _ = document(source, options)
    names = [e for e in root.iter() if "docpublicationname" in classes(e)]
    boxes = _boxes(root, names)
    numbered = [bool(_from_number(b)) for b in dict.fromkeys(boxes)]
    whole = bool(names) and len(numbered) == len(names)
    if not whole or (any(numbered) and not numbered[-1]):
        raise incomplete(source, f"{min(len(numbered), sum(numbered))} of {len(names)} articles")
    yield from drafts([_record(b) for b in boxes], source, options, "Europresse HTML")


def _boxes(root: Any, names: list[Any]) -> list[Any]:
    """For each outlet's name, the largest element around it that holds no other one."""
    holds = Counter(names)
    for e in reversed(list(root.iter())):
        holds[e.getparent()] += holds[e]
    boxes = [name for name in names if holds[name] == 1]
    for i, box in enumerate(boxes):
        while (around := box.getparent()).tag not in ("body", "html") and holds[around] == 1:
            boxes[i] = box = around
    return boxes


def _record(box: Any) -> Record:
    record = Record()
    fields = read_list(DATA / "exports.toml")["europresse"]
    found: dict[str, list[str]] = {name: [] for name in fields}
    inside: set[Any] = set()  # elements of one that was read whole
    for e in box.iter():
        name = next((n for n, own in fields.items() if classes(e) & {*own}), "")
        if e.getparent() in inside:
            inside.add(e)
        elif name:
            found[name].append(text_of(e))
            inside |= set() if name == "byline" else {e}
    record.outlet = _ISSUE.sub("", "".join(found["outlet"][-1:])).strip(" ,")
    record.title, record.byline = ("".join(found[name][:1]) for name in ("title", "byline"))
    header = " ".join(found["header"])
    record.date = date_in(header) or _from_number(box)
    if record.date and record.date in header:
        record.section = header.partition(record.date)[0].strip(" ,-")
    record.text, record.removed = _text(box, record, header)
    return record


def _from_number(box: Any) -> str:
    """The day in an article's number (``news·20121004·PO·…``), where its head has none."""
    return "-".join(next(iter(_NUMBER.findall(text_of(box))), ()))


def _text(box: Any, record: Record, header: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The text: its own element, or what stands between the headline and the notice of rights."""
    own = next((e for e in box.iter() if "doctext" in classes(e)), None)
    lines = blocks(own if own is not None else box)
    gone: list[tuple[str, str]] = []
    if own is None:
        start = max((i for i, x in enumerate(lines) if x in (record.title, header)), default=-1)
        if start < 0:
            start = next((i for i, x in enumerate(lines) if date_in(x) == record.date), 0)
        gone = [(x, "head") for x in lines[: start + 1]]
        lines = lines[start + 1 :]
    end = next((i for i, x in enumerate(lines) if is_copyright(x) or _NUMBER.search(x)), len(lines))
    gone += [(x, "what the database says") for x in lines[end:]]
    if own is None and end > 1 and _is_byline(lines[0]):
        return lines[1:end], [*gone, (lines[0], "byline")]
    return lines[:end], gone


def _is_byline(line: str) -> bool:
    words = line.split()
    names = 1 < len(words) <= 4 and all(w[:1].isupper() for w in words) and line[-1] not in ".!?:»”"
    return names or line_kind(line, "head") == "byline"


KIND = Kind("Europresse HTML", markup_with(rb"DocPublicationName"), from_html)
