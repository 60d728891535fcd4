"""A saved page → its article: title, date, outlet, agency, text, and what was removed.

The text of a saved page holds the article among menus, players, share buttons and teasers. The
rules here are about the structure of pages in general, after Kohlschütter, Fankhauser & Nejdl
(2010, "Boilerplate detection using shallow text features") and jusText (Pomikálek 2011): running
text is made of sentences, furniture of short lines without a full stop. What a single line gives
away by its wording stands in ``data/languages/en/page_furniture.toml``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate, groupby
from typing import Any

from analysis.data import word_list
from analysis.errors import AnalysisError
from analysis.gather.credits import take_credits
from analysis.gather.dates import is_date, is_labelled, only_changed, read_date
from analysis.gather.decode import decode
from analysis.gather.html import is_html, read_html
from analysis.gather.problems import PassedOver, refused
from analysis.gather.text import ends_sentence, paragraphs

LONGEST, WORDIEST = 1000, 160  # characters and words of a line that may be furniture
TAGS = 500_000  # of a page, at most
ENDS = 2  # paragraphs at the end that may say who the author is
SENTENCE = 4  # words from which a line with a full stop is running text
LONG = 16  # words from which a line is running text whatever it ends with
MENU_RUN = 5  # short lines in a row that make a menu
MENU_WORDS = 4  # words of a menu's line, at most
HEADLINE = 3  # words of a repeated headline, at least
HEAD = 8  # lines of a table's text that may be the page's head
NEAR = 15  # lines after the first sentence in which the headline may stand again, after teasers
AFTER_CUT = 0.25  # share of the page's running text that may stand after "Related stories"
ENOUGH = 60  # words of running text that must stand before it

FIELDS = ("title", "date", "time", "outlet", "url", "section", "agency")

_BAR = re.compile(r"\s+[|·•»:–—-]+\s+|\s*[|»]\s*")
_BARS = re.compile(r"\s*[|·•]\s*")
_ITEM = re.compile(r"(?:\d{1,2}[.)]|[•*·▪◦‣>–-])\s+\S")


@dataclass
class _Page:
    """Lines of a page and, for each that goes, the reason."""

    lines: list[str]
    gone: dict[int, str] = field(default_factory=dict)
    unread: dict[str, AnalysisError] = field(default_factory=dict)

    def drop(self, i: int, reason: str) -> None:
        self.gone.setdefault(i, reason)

    def left(self) -> list[int]:
        return [i for i in range(len(self.lines)) if i not in self.gone]

    def running(self) -> list[int]:
        """Lines that are left and are running text."""
        lines = ((i, self.lines[i]) for i in self.left())
        return [i for i, line in lines if _is_prose(line) and not line_kind(line)]

    def told(self) -> dict[str, Any]:
        """The text, and what went."""
        removed = [(self.lines[i], self.gone[i]) for i in sorted(self.gone)]
        return {"text": "\n\n".join(self.lines[i] for i in self.left()), "removed": removed}


def read_page(
    page: bytes | str,
    *,
    file: str = "page",
    encoding: str | None = None,
    dayfirst: bool | None = None,
) -> dict[str, Any]:
    """Read one saved page.

    Parameters
    ----------
    page
        The text of a page as saved, or its bytes; HTML is recognised whatever it begins with.
    file
        Its name, for messages.
    encoding
        Codec of the bytes, where it is known; else it is detected.
    dayfirst
        How ``03/04/2014`` is meant; without it such a date is not read.

    Returns
    -------
    dict
        ``title, date`` (ISO), ``time, outlet, url`` (canonical), ``section, agency, text``
        (str; '' where the page does not say);
        ``removed``: list of ``(line, reason)`` in page order; ``encoding``; ``unread``: field →
        error for what stands on the page but cannot be read for sure.

    Raises
    ------
    BadArticle
        The page is empty, binary, cannot be decoded, or holds no running text.
    """
    used = "text"
    if isinstance(page, bytes):
        page, used = decode(page, file, encoding)
    if is_html(page) and page.count("<") > TAGS:
        raise refused(file, "tags", n=page.count("<"), most=TAGS)
    found = _read_markup(page, dayfirst) if is_html(page) else _read_text(page, dayfirst)
    if not found["text"]:
        raise refused(file, "no-text", 0, "text", PassedOver, n=len(found["removed"]))
    return found | {"encoding": used}


def _read_markup(markup: str, dayfirst: bool | None) -> dict[str, Any]:
    found = read_html(markup, dayfirst=dayfirst)
    page = _Page(found.pop("lines"))
    _drop_furniture(page)
    _drop_cut(page)
    fields = dict.fromkeys(FIELDS, "") | found | {"agency": _take_agency(page)} | page.told()
    return fields | {"removed": found["removed"] + fields["removed"]}


def _read_text(text: str, dayfirst: bool | None) -> dict[str, Any]:
    page = _Page(paragraphs(text))
    head_end = _first_prose(page)
    title, date, outlet = _bar_line(page, head_end, dayfirst)
    title = title or _repeated(page.lines[: head_end + 1])
    _drop_furniture(page)
    title = title or _lone_headline(page, _first_prose(page))
    date = date or _date_line(page, title, dayfirst)
    outlet = outlet or _copyright_owner(page)
    _drop_before(page, title)
    _drop_cut(page)
    _drop_menus(page)
    _drop_repeats(page)
    agency = _take_agency(page)
    _drop_after(page)
    fields = {"title": title, "date": date, "outlet": outlet, "agency": agency}
    return dict.fromkeys(FIELDS, "") | fields | page.told() | {"unread": page.unread}


def read_head(
    lines: list[str], dayfirst: bool | None = None
) -> tuple[str, str, list[tuple[str, str]], list[str]]:
    """What the first lines of a table's text still hold of the page's head.

    Only where one of the first eight lines is a date (a byline may stand before it, and names
    that a bar parts from it stay: they may be an agency's credit): then the first line is the
    headline, if it is no sentence, and goes with the byline and the date.

    Returns
    -------
    tuple
        Title and date ('' where the lines do not say); removed lines with their reasons; the rest.
    """
    at = next((i for i, x in enumerate(lines[:HEAD]) if _dated(x, labelled=False)), None)
    if at is None:
        return "", "", [], lines
    written = _dated(lines[at], labelled=False)
    try:
        date = "" if only_changed(written) else read_date(written, dayfirst=dayfirst)
    except AnalysisError:
        return "", "", [], lines
    gone = {at: "date line"}
    gone |= {i: "byline" for i in range(at) if line_kind(lines[i], "head") == "byline"}
    by = word_list("page_furniture")["words"]["by"]  # which the last line may lack
    if at > 1 and line_kind(f"{by} {lines[at - 1]}", "head") == "byline":
        gone[at - 1] = "byline"
    title = ""
    if at and 0 not in gone and _words(lines[0]) >= HEADLINE and not _is_prose(lines[0]):
        title = lines[0]
        gone[0] = "headline"
    removed = [(lines[i], gone[i]) for i in sorted(gone)]
    left = dict(enumerate(lines)) | {at: _names_beside(lines[at])}
    return title, date, removed, [x for i, x in left.items() if x and (i == at or i not in gone)]


def _names_beside(date_line: str) -> str:
    """What bars part from a date, but other dates and bylines."""
    parts = _BARS.split(date_line)
    names = (x for x in parts if not (is_date(x) or line_kind(x, "head")))
    return " | ".join(names) if len(parts) > 1 else ""


# What a line is.


@cache
def furniture() -> tuple[dict[str, Any], ...]:
    """Entries of ``page_furniture.toml`` with their compiled patterns."""
    table = word_list("page_furniture")["entry"]
    return tuple(e | {"match": re.compile(e["pattern"], re.I).fullmatch} for e in table)


def _words(line: str) -> int:
    return len(line.split())


@lru_cache(1 << 14)  # a page asks more than once
def line_kind(line: str, *zones: str) -> str:
    """The furniture a line is by its wording, '' for none. The zone "anywhere" always counts."""
    if len(line) > LONGEST or len(line.split()) >= WORDIEST:
        return ""
    if not any(c.isalnum() for c in line):
        return "separator"
    for e in furniture():
        if e["where"] in ("anywhere", *zones) and e["match"](line):
            return str(e["kind"])
    return ""


def line_kinds(lines: Sequence[str], zones: Sequence[Sequence[str]]) -> list[str]:
    """The furniture that each line is by its wording; after a label, the line it announces too."""
    kinds: list[str] = []
    announced = ""
    for line, places in zip(lines, zones, strict=True):
        kind = line_kind(line, *places) or (announced if _like_a_headline(line) else "")
        announced = kind if kind and _marked(line, "takes_next") else ""
        kinds.append(kind)
    return kinds


def _marked(line: str, how: str) -> bool:
    """Whether a line is furniture that ``takes_next``, or heads a list of stories (``cut``)."""
    return len(line) <= LONGEST and any(e.get(how) and e["match"](line) for e in furniture())


def _like_a_headline(line: str) -> bool:
    """Whether most long words of a line begin with a capital letter."""
    words = [w for w in line.split()[:WORDIEST] if len(w) > SENTENCE]
    return 0 < len(words) < 2 * LONG and sum(w[0].isupper() for w in words) > 0.8 * len(words)


def _is_prose(line: str) -> bool:
    """A line of running text: a sentence, or too long for anything else."""
    n = _words(line)
    if _ITEM.match(line) and n < LONG:
        return False
    return n >= LONG or (n >= SENTENCE and ends_sentence(line) and not line.endswith(("?", "!")))


def _first_prose(page: _Page) -> int:
    return next(iter(page.running()), len(page.lines))


def _last_prose(page: _Page) -> int:
    return max(page.running(), default=-1)


# What the page says of itself.


def _bar_line(page: _Page, end: int, dayfirst: bool | None) -> tuple[str, str, str]:
    """Title, date and outlet from a line such as ``Headline | Section | Outlet | 14.03.2014``."""
    near = Counter(page.lines[: end + NEAR])
    for i, line in enumerate(page.lines[:end]):
        parts = _parts(line, near)
        if not parts:
            continue
        page.drop(i, "title line")
        others = near - Counter([line])
        title = max(parts, key=lambda p: (not is_date(p), p in others, _words(p)))
        rest = [p for p in parts if p != title]
        dates = [p for p in rest if is_date(p)]
        names = [
            p for p in rest if p not in dates and p.casefold() not in word_list("sections")["names"]
        ]
        date = _try_date(page, dates[0], dayfirst) if dates else ""
        return title, date, names[-1] if names else ""
    return "", "", ""


def _parts(line: str, near: Counter[str]) -> list[str]:
    """The parts of a title line; none where the line is something else.

    A bar parts them. A dash or colon may belong to the headline, so it counts only where one part
    stands alone on another line.
    """
    if len(line) > LONGEST or _ITEM.match(line) or is_date(line):
        return []
    parts = [p for p in re.split(r"\s*[|»]\s*", line) if p]
    if len(parts) > 1 and any(_words(p) >= HEADLINE and not is_date(p) for p in parts):
        return parts
    for m in _BAR.finditer(line):
        if line[: m.start()] in near and _words(line[: m.start()]) >= HEADLINE:
            return [line[: m.start()], *[p for p in _BAR.split(line[m.end() :]) if p]]
    return []


def _repeated(head: list[str]) -> str:
    """The headline as the line that stands at the head more than once, the longest of them."""
    long = Counter(line for line in head if _words(line) >= HEADLINE and not _ITEM.match(line))
    twice = (line for line, n in long.items() if n > 1 and not line_kind(line, "head"))
    return max(twice, key=lambda line: (_words(line), line), default="")


def _lone_headline(page: _Page, end: int) -> str:
    """The first line of four words or more between the last menu and the running text."""
    head = [i for i in page.left() if i < end]
    menu: set[int] = set()
    for short, run in groupby(head, key=lambda i: _is_short(page.lines[i])):
        places = list(run)
        if short and len(places) >= MENU_RUN:
            menu.update(places)
    for line in (page.lines[i] for i in head if i == head[0] or i not in menu):
        other = line.endswith((".", ":", ",")) or _ITEM.match(line) or is_date(line)
        if _words(line) >= HEADLINE and not (other or line_kind(line, "head")):
            return line
    return ""


def _is_short(line: str) -> bool:
    return _words(line) <= MENU_WORDS and not ends_sentence(line) and not line.endswith(":")


def _date_line(page: _Page, title: str, dayfirst: bool | None) -> str:
    """The date from a line of its own before the text, or a labelled one after it.

    A byline may stand before it (``By A. Hale, 14 March 2014``). The line nearest after the title
    comes first, and lines before the title (the day the page was visited) last.
    """
    at, start, last = _place(page, title), _first_prose(page), _last_prose(page)
    start = next((i for i in page.running() if i > at), start)
    order = [*range(at + 1, start), *range(max(last, 0) + 1, len(page.lines))]
    for i in order:
        written = _dated(page.lines[i], labelled=i > last)
        if not written or (i >= start and only_changed(page.lines[i])):
            continue
        page.drop(i, "date line")
        if not only_changed(page.lines[i]) and (date := _try_date(page, written, dayfirst)):
            return date
    return ""


def _dated(line: str, *, labelled: bool) -> str:
    """The part of a line that is a date, '' where it states none."""
    if _words(line) >= LONG or (labelled and not is_labelled(line)):
        return ""
    if is_date(line):
        return line
    if len(line) <= LONGEST and len(parts := _BARS.split(line)) > 1:
        return next(filter(is_date, parts), "")
    if line_kind(line, "head") != "byline":
        return ""
    words = line.split()
    return next((w for k in range(1, len(words)) if is_date(w := " ".join(words[k:]))), "")


def _try_date(page: _Page, written: str, dayfirst: bool | None) -> str:
    try:
        return read_date(written, dayfirst=dayfirst)
    except AnalysisError as e:
        page.unread.setdefault("date", e)
        return ""


def _copyright_owner(page: _Page) -> str:
    """The outlet from a copyright line, where one name is left of it."""
    owners: set[str] = set()
    words = word_list("page_furniture")["words"]
    years = r"(?:\d{4}(?:\s*[-–]\s*\d{4})?)?[\s,]*"
    notice = re.compile(rf"(?i)(?:©|\(c\)|{words['copyright']})[\s©,]*(?:\(c\)\s*)?{years}(.+)")
    rights = re.compile(words["rights"], re.I)
    for line in page.lines:
        if len(line) <= LONGEST and (m := notice.match(line)) and _words(line) < LONG:
            owners.add(rights.sub("", m[1]).strip(" .,|©"))
    names = [name for name in owners if 0 < _words(name) <= 5]
    return names[0] if len(names) == 1 else ""


# What goes.


def _drop_furniture(page: _Page) -> None:
    """What is furniture by its wording: before the text, in it, and after it."""
    start, end = _first_prose(page), _end(page)
    places = range(len(page.lines))
    zones = [["head"] if i < start else ["tail", "end"] if i >= end else [] for i in places]
    for i, kind in enumerate(line_kinds(page.lines, zones)):
        if kind:
            page.drop(i, kind)


def _end(page: _Page) -> int:
    """Where the text ends: after its last paragraph that is not furniture of a page's tail."""
    running = page.running()
    for back, i in enumerate(reversed(running)):
        zones = ("tail", "end") if back < ENDS else ("tail",)
        if i == running[0] or not line_kind(page.lines[i], *zones):
            return i + 1
    return 0


def _drop_before(page: _Page, title: str) -> None:
    """Everything up to the headline, and what stands between it and the running text."""
    at = _place(page, title)
    for i in range(at + 1):
        page.drop(i, "headline" if page.lines[i] == title else "before the headline")
    start = _first_prose(page)
    for i in [i for i in page.left() if i < start]:
        line = page.lines[i]
        speaks = (at >= 0 or title == "") and ends_sentence(line) and _words(line) > 1
        stands_first = _words(line) >= 2 * SENTENCE and at >= 0
        if _ITEM.match(line) or is_date(line) or not (speaks or stands_first):
            page.drop(i, "before the first paragraph")
    for i in page.left():
        if page.lines[i] == title:
            page.drop(i, "headline")


def _place(page: _Page, title: str) -> int:
    """Where the headline stands for the last time before the text, -1 where it does not.

    A notice or the teaser of another story may stand before it: then it comes soon after these.
    """
    start = _first_prose(page)
    near = [i for i, line in enumerate(page.lines[: start + NEAR]) if line == title]
    return max((i for i in near if i < start), default=near[0] if near else -1)


def _drop_cut(page: _Page) -> None:
    """A heading such as "Related stories" and all after it, where the article stands before it."""
    running = {*page.running()}
    before = [0, *accumulate(_words(x) if i in running else 0 for i, x in enumerate(page.lines))]
    inside = False  # a list of other stories whose heading went
    for i, line in enumerate(page.lines):
        if _marked(line, "cut"):
            if before[i] >= ENOUGH and before[-1] - before[i] <= AFTER_CUT * before[-1]:
                for j in range(i, len(page.lines)):
                    page.drop(j, "other stories")
                return
            inside = i in page.gone
        elif i in running:
            inside = False
        elif inside and not line.endswith(":"):
            page.drop(i, "other stories")


def _drop_menus(page: _Page) -> None:
    """Runs of short lines without a full stop; a list that a colon announces stays."""
    announced = False
    for short, run in groupby(range(len(page.lines)), lambda i: _is_short(page.lines[i])):
        places = list(run)
        if short and len(places) >= MENU_RUN and not announced:
            for i in places:
                page.drop(i, "menu")
        announced = page.lines[places[-1]].endswith(":")


def _drop_repeats(page: _Page) -> None:
    """A line said again; a label said three times goes wholly. Speakers' names stay."""
    counts = Counter(page.lines[i] for i in page.left())
    seen: set[str] = set()
    for i in page.left():
        line = page.lines[i]
        label = _is_short(line) and not line.isupper()
        if (counts[line] >= 3 and label) or (line in seen and _words(line) >= 2 * SENTENCE):
            page.drop(i, "repeated line")
        seen.add(line)


def _take_agency(page: _Page) -> str:
    places = page.left()
    texts, agency = take_credits([page.lines[i] for i in places])
    for i, text in zip(places, texts, strict=True):
        if text:
            page.lines[i] = text
        else:
            page.drop(i, "credit")
    return agency


def _drop_after(page: _Page) -> None:
    last = _last_prose(page)
    for i in [i for i in page.left() if i > last]:
        if not ends_sentence(page.lines[i]) or _words(page.lines[i]) < 2:
            page.drop(i, "after the last paragraph")
