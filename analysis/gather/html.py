"""A saved HTML page → its article: what the page says of itself, and its text by trafilatura."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import dropwhile, islice
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]
import trafilatura
from trafilatura.utils import load_html

from analysis.data import DATA, WordList, read_list
from analysis.errors import AnalysisError
from analysis.gather.dates import around_date, only_changed, read_date, read_time
from analysis.gather.markup import BLOCKS, mark_quotations, parsable, plain, text_of
from analysis.gather.text import ends_sentence, letters, paragraphs

MARKUP = 1 << 16  # characters at the start in which a page shows that it is HTML
CLOSED = 3  # closing tags that show a text to be HTML, whatever it begins with
LINKED = 0.9  # share of a paragraph's characters inside a link that makes it a pointer elsewhere
POINTER = 3  # words of such a paragraph, and of a headline, at least
CARD = 40  # words of a box beside the linked headline of another story, at most
POINT = 8  # words of an item of a summary, at least
STORIES = 5  # headings that lead to other pages in a list of stories, at least
BESIDE = 0.2  # share of such a page's text that may stand beside them
LEAD = 80  # words of a standfirst, at most
FURNITURE = 0.3  # share of the page's paragraphs that may go for the class of what holds them
ENOUGH = 60  # words of an article beside which others go
AROUND = 20  # elements of what holds a date and says what it is of, at most
FEW, LONGEST = 5, 1000  # titles of a page that are compared, and characters of each
TINY = 500  # characters of a page in which one way to find the text is enough
HUGE = 5_000  # blocks of a page in which a second way takes too long: the square of their number

_OPENS = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>|<!--.{0,5000}?-->|\s)*<(?:!doctype html|html|head|body|meta|title"
    r"|article|section|main|div|p|h[1-6]|table|span|script|style|link|nav|header)\b",
    re.I | re.S,
)
_WHOLE = re.compile(r"<!doctype html|<html\b[^>]{0,500}>|<body\b[^>]{0,500}>", re.I)
_CLOSES = re.compile(r"</(?:p|div|span|a|li|h[1-6]|article|section|td|em|strong)>", re.I)
_CANONICAL = re.compile(r"(?i)(?:^|\s)canonical(?:\s|$)").search
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:/|-|$)")

Page = dict[str, Any]


def is_html(text: str) -> bool:
    """Whether a text is HTML, whatever it begins with."""
    head = text[:MARKUP]
    if "<" not in head:
        return False
    if _OPENS.match(head) or _WHOLE.search(head):
        return True
    return sum(1 for _, _ in zip(_CLOSES.finditer(head), range(CLOSED), strict=False)) == CLOSED


def read_html(page: str, *, dayfirst: bool | None = None) -> Page:
    """Title, date, time, outlet, address, section and lines of an HTML page.

    What the page says of itself (JSON-LD, ``meta``, ``link``) comes first. A date is the one of
    publication where the markup states it, or else the one in the address; the date of a change is
    none. Trafilatura (Barbaresi 2021, ACL demo) finds the text. Before that, embedded posts and
    paragraphs that are nothing but a link go, and ``<q>`` gets its marks; after it, the standfirst
    is put back where it is missing.

    Returns
    -------
    dict
        The fields, ``lines``, ``removed`` (lines with their reason) and ``unread``.
    """
    # Trafilatura takes what is no whole page for none.
    whole = page if _WHOLE.search(page[:MARKUP]) else f"<html><body>{page}</body></html>"
    tree = load_html(parsable(whole))
    if tree is None:
        return {"lines": [], "removed": [], "unread": {}}
    said = _Said(tree)
    titles = _titles(tree, said)
    front = _fronted(tree, said.url)
    removed = [
        *_prune(tree),
        *_other_articles(tree, titles, said.url),
        *_cards(tree, titles, said.url),
    ]
    mark_quotations(tree)
    above = [*filter(None, [_standfirst(tree, said)]), *_points(tree)]
    published, unread = said.published(dayfirst)
    removed += _date_lines(tree)
    fields = _extracted(tree)
    title = titles[0] if titles else _line(fields.get("title"))
    heads = set(map(letters, [*titles, title])) - {""}
    lines = paragraphs(plain(fields.get("text") or ""))
    removed += [(x, "headline") for x in lines if letters(x) in heads]
    lines = [x for x in lines if letters(x) not in heads]
    known = "".join(map(letters, lines))
    lines = [*(x for x in above if lines and letters(x) not in known), *lines]
    if _is_list(lines, front, removed):
        lines = []
    return {
        "title": title,
        **published,
        "outlet": _line(said.outlet or fields.get("sitename")),
        "url": said.url or _line(fields.get("url")),
        "section": said.section,
        "lines": lines,
        "removed": removed,
        "unread": unread,
    }


def _extracted(tree: lxml.html.HtmlElement) -> dict[str, Any]:
    """What trafilatura makes of a page."""
    blocks = sum(1 for _ in tree.iter(*BLOCKS, "br"))
    found = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=False,
        fast=len(tree.text_content()) < TINY or blocks > HUGE,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return found if isinstance(found, dict) else found.as_dict() if found else {}


def _is_list(lines: list[str], front: set[str], removed: list[tuple[str, str]]) -> bool:
    """Whether what is left is a list of stories, or what stands around one."""
    beside = [x for x in lines if letters(x) not in front]
    words, others = (len(" ".join(part).split()) for part in (lines, beside))
    bare = not any(map(ends_sentence, lines)) and words < ENOUGH
    return (bool(front) and others <= BESIDE * words) or (
        bare and any(why == "other stories" for _, why in removed)
    )


def _line(value: object) -> str:
    return " ".join(plain(str(value)).split()) if value else ""


# What the page says of itself.


@cache
def _lists() -> WordList:
    return read_list(DATA / "markup.toml")


class _Said:
    """The page's own data: JSON-LD objects, ``meta`` by name, and what follows from them."""

    def __init__(self, tree: lxml.html.HtmlElement) -> None:
        self.objects = [o for o in _json_ld(tree) if _kinds(o) & {*_lists()["articles"]}]
        self.objects.sort(key=lambda o: "WebPage" in _kinds(o))  # last: it may be a list
        self.meta: dict[str, str] = {}
        for node in tree.iter("meta"):
            name = node.get("property") or node.get("name") or node.get("itemprop")
            if name and (content := _line(node.get("content"))):
                self.meta.setdefault(name.strip().lower(), content)
        self._tree = tree
        self.title = self._named("title")
        self.headline = self._of("headline")
        self.description = self._named("description") or self._of("description")
        self.outlet = self._named("outlet") or self._of("publisher", "name")
        self.section = self._of("articleSection") or self._named("section")
        self.url = self._address()

    def _of(self, key: str, inner: str = "") -> str:
        """What an object says of itself, or ``inner`` of an object in it; the first, of a list."""
        value = next((o[key] for o in self.objects if o.get(key)), None)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(inner) if isinstance(value, dict) else value
        return _line(value) if isinstance(value, str) else ""

    def _named(self, what: str) -> str:
        return next((self.meta[n] for n in _lists()["meta"][what] if n in self.meta), "")

    def _address(self) -> str:
        links = [
            *(n.get("href") for n in self._tree.iter("link") if _CANONICAL(n.get("rel") or "")),
            self.meta.get("og:url"),
            self._of("url"),
            self._of("mainEntityOfPage", "@id"),
        ]
        base = next((n.get("href") for n in self._tree.iter("base") if n.get("href")), "")
        for link in links:
            try:
                whole = urljoin(base, _line(link))
                parts = urlsplit(whole)
            except ValueError:
                continue
            if parts.scheme in ("http", "https") and parts.netloc and parts.path.strip("/"):
                return whole
        return ""

    def published(self, dayfirst: bool | None) -> tuple[dict[str, str], dict[str, AnalysisError]]:
        """``date`` and ``time`` of publication, and why the first stated one cannot be read."""
        unread: dict[str, AnalysisError] = {}
        for written in self._dates():
            try:
                found = {"date": read_date(written, dayfirst=dayfirst), "time": read_time(written)}
            except AnalysisError as e:
                unread.setdefault("date", e)
                continue
            if found["date"]:
                return self._local(found), {}
        return {"date": "" if unread else self._day(), "time": ""}, unread

    def _day(self) -> str:
        """The day in the address, '' where there is none."""
        m = _IN_ADDRESS.search(urlsplit(self.url).path)
        try:
            return read_date("-".join(m.groups())) if m else ""
        except AnalysisError:
            return ""

    def _local(self, stated: dict[str, str]) -> dict[str, str]:
        """The day in the address, if it is next to a day stated in universal time."""
        own = self._day()
        if not own or not stated["time"].endswith(("Z", "+00:00", "+0000", "UTC", "GMT")):
            return stated
        apart = date.fromisoformat(own) - date.fromisoformat(stated["date"])
        return {"date": own, "time": ""} if abs(apart.days) == 1 else stated

    def _dates(self) -> Iterator[str]:
        yield from filter(None, (self._of("datePublished"), self._named("date")))
        for node in self._tree.iter("time", "span", "abbr", "div", "p"):
            marked = node.get("itemprop") == "datePublished" or "pubdate" in node.attrib
            if marked and (
                written := _line(node.get("datetime") or node.get("content") or node.text)
            ):
                yield written
        stamps = [n for n in self._tree.iter("time") if n.get("datetime") and not _of_change(n)]
        inside = [n for n in stamps if next(n.iterancestors("article"), None) is not None]
        for found in ({_line(n.get("datetime")) for n in nodes} for nodes in (inside, stamps)):
            if len(found) == 1:  # several may be of other stories
                yield from filter(None, found)


def _of_change(node: lxml.html.HtmlElement) -> bool:
    """Whether a ``<time>`` says when a page was changed."""
    around = node.getparent()
    named = " ".join(str(e.get("class") or "") for e in (node, around))
    said = _is_small(around) and only_changed(_line(around.text_content()))
    return said or bool(_classes("changed").search(named))


def _is_small(node: lxml.html.HtmlElement) -> bool:
    """Whether an element holds few others; to count them all takes too long."""
    return next(islice(node, AROUND, None), None) is None


def _json_ld(tree: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD blocks, those inside others included."""
    for node in tree.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            waiting = [json.loads(node.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for value in waiting:  # which grows meanwhile
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                yield value
                waiting += [v for k, v in value.items() if k in ("@graph", "mainEntity")]


def _kinds(value: dict[str, Any]) -> set[str]:
    kinds = value.get("@type")
    return {str(k) for k in (kinds if isinstance(kinds, list) else [kinds])}


# What is shown.


def _titles(tree: lxml.html.HtmlElement, said: _Said) -> list[str]:
    """The headline in the ways the page writes it; the one that is shown comes first."""
    stated = [t for t in (said.title, said.headline) if t]
    told = [*stated, *(_line(node.text) for node in islice(tree.iter("title"), FEW))]
    every = dict.fromkeys(_line(node.text_content()) for node in tree.iter("h1"))
    shown = [t for t in every if len(t.split()) >= POINTER and letters(t) != letters(said.outlet)]
    if len(shown) > 1:
        known = "\n".join(letters(x[:LONGEST]) for x in told)
        shown = [t for t in shown if letters(t) in known]
    return [*shown[:1], *stated]


@cache
def _classes(of: str) -> re.Pattern[str]:
    names = "|".join(_lists()[of])
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.I)


def _prune(tree: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """Take out furniture by its class, and paragraphs that only point elsewhere."""
    embedded = set(_lists()["embedded"])
    most = FURNITURE * sum(len(p.text_content()) for p in tree.iter("p"))
    removed: list[tuple[str, str]] = []
    for node in list(tree.iter("blockquote", "p", "div", "aside", "section", "ul")):
        named = f"{node.get('class') or ''} {node.get('id') or ''}"
        reason = ""
        if embedded & set(named.lower().split()):
            reason = "embedded post"
        elif _classes("furniture").search(named) and len(node.text_content()) <= most:
            reason = "page furniture"
        elif node.tag == "p" and _points_elsewhere(node):
            reason = "other stories"
        if reason:
            removed += _drop(node, reason)
    return removed


def _date_lines(tree: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """Take out lines that are nothing but dates: the extraction keeps their words without them."""
    gone = []
    for line in dict.fromkeys(n.getparent() for n in tree.iter("time")):
        parts = [(e.tail, "" if e.tag == "time" else e.text_content()) for e in line]
        rest = [line.text, *(x for part in parts for x in part)]
        if line.tag in ("p", "div", "span") and around_date(" ".join(filter(None, rest))):
            gone += _drop(line, "date line")
    return gone


def _drop(node: lxml.html.HtmlElement, reason: str) -> list[tuple[str, str]]:
    """Take an element out; its paragraphs, with the reason."""
    if node.getparent() is None:
        return []
    lines = [_line(p.text_content()) for p in node.iter("p")] or [_line(node.text_content())]
    node.drop_tree()
    return [(line, reason) for line in lines if line]


def _points_elsewhere(node: lxml.html.HtmlElement) -> bool:
    """A paragraph that is one link and no sentence."""
    links = list(node.iter("a"))
    if len(links) != 1:
        return False
    text, link = _line(node.text_content()), _line(links[0].text_content())
    mostly = len(link) >= LINKED * len(text)
    return len(text.split()) >= POINTER and mostly and not ends_sentence(text)


def _other_articles(
    tree: lxml.html.HtmlElement, titles: list[str], here: str
) -> list[tuple[str, str]]:
    """Take out whole other articles that the page holds beside the one of its headline.

    Those go whose own heading is a link to another page, and all others where one article has the
    headline. Where it stands outside them, those with a heading of their own go beside a text that
    is most of the page's. Articles without headings of a page in a row are one (a live blog's
    posts).
    """
    own, headed, outside = _with_headline(tree, {letters(t) for t in titles})
    outer = tree.xpath("//article[not(ancestor::article)]")
    size = {a: sum(map(_words, a.iter("p"))) for a in outer}
    most = max(ENOUGH, *size.values(), ENOUGH)
    kept = own or {a for a in outer if size[a] == most}
    others = [a for h, a in headed if a not in kept and _leads_elsewhere(h, here)]
    others += _beside_most(tree, headed) if outside else []
    whole = [a for a in outer if a in own and size[a] >= ENOUGH]
    if len(whole) == 1:
        others += [a for a in outer if a is not whole[0]]
    elif not own and tree.xpath("count(//h1)") < 2:
        _join_posts(outer, set(others))
    return [line for a in dict.fromkeys(others) for line in _drop(a, "other stories")]


def _with_headline(
    tree: lxml.html.HtmlElement, heads: set[str]
) -> tuple[set[Any], list[tuple[Any, Any]], bool]:
    """The articles with the headline, other headings with theirs, whether it stands outside all."""
    own, headed, outside = set(), [], False
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5"):
        around = list(heading.iterancestors("article"))
        if heading.tag in ("h1", "h2") and letters(heading.text_content()) in heads:
            own.update(around)
            outside = not own
        elif around:
            headed.append((heading, around[0]))
    return own, headed, outside and not own


def _join_posts(articles: list[Any], others: set[Any]) -> None:
    posts = [a for a in articles if a not in others and a.find(".//h1") is None]
    for post in posts[1:]:
        if post.getparent() is posts[0].getparent() and post.get("class") == posts[0].get("class"):
            posts[0].extend(post)


def _beside_most(tree: lxml.html.HtmlElement, headed: list[tuple[Any, Any]]) -> list[Any]:
    """Of articles with a heading, those beside a text that is most of the page's; else none."""
    words: Counter[Any] = Counter({None: 0})  # by the innermost article around them
    for p in tree.iter("p"):
        words[next(p.iterancestors("article"), None)] += _words(p)
    main, most = max(words.items(), key=lambda item: item[1])
    around = {main} if main is None else {main, *main.iterancestors("article")}
    whole = most >= max(ENOUGH, words.total() / 2)
    return [a for _, a in headed if a not in around] if whole else []


def _words(node: lxml.html.HtmlElement) -> int:
    return len(node.text_content().split())


def _leads_elsewhere(heading: lxml.html.HtmlElement, here: str) -> bool:
    """Whether a heading is a link to another page."""
    own = urlsplit(here).path
    link = next(heading.iter("a"), None)
    link = next(heading.iterancestors("a"), None) if link is None else link
    try:
        path = urlsplit(urljoin(here, link.get("href") or "")).path if link is not None else ""
    except ValueError:
        return False
    return bool(path.strip("/")) and not (len(own) > 1 and path.startswith(own))


def _cards(tree: lxml.html.HtmlElement, titles: list[str], here: str) -> list[tuple[str, str]]:
    """Take out boxes that show another story: its headline as a link, and a line or two of it."""
    own = {letters(t) for t in titles}
    left = FURNITURE * sum(map(_words, tree.iter("p")))
    gone: list[tuple[str, str]] = []
    for heading in list(tree.iter("h2", "h3", "h4")) if here else ():
        box = heading.getparent()
        said = letters(heading.text_content())
        linked = letters("".join(a.text_content() for a in heading.iter("a")))
        other = said == linked and said not in own and _leads_elsewhere(heading, here)
        if box is None or not (other and _is_small(box)):
            continue
        words = _words(box)
        if words - _words(heading) <= CARD and words <= left:
            left -= words
            gone += _drop(box, "other stories")
    return gone


def _fronted(tree: lxml.html.HtmlElement, here: str) -> set[str]:
    """The headings of a list of stories, which lead to others, and the line or two below each."""
    told: list[list[str]] = []
    for node in tree.iter("h1", "h2", "h3", "h4", "p"):
        if node.tag != "p" and _leads_elsewhere(node, here):
            told.append([letters(node.text_content())])
        elif told and node.tag == "p" and len(told[-1]) < 3 and _words(node) <= CARD:
            told[-1].append(letters(node.text_content()))
    return {line for lines in told for line in lines} if len(told) >= STORIES else set()


def _points(tree: lxml.html.HtmlElement) -> list[str]:
    """The article in short, as a list between headline and text: running text without a link."""
    for node in dropwhile(lambda n: n.tag != "h1", tree.iter("h1", "p", "ul", "ol")):
        if node.tag == "p" and _words(node) >= 2 * POINT:
            break
        items = [_line(item.text_content()) for item in node.iter("li")]
        long = items and min(len(x.split()) for x in items) >= POINT
        if long and len(items) < AROUND and next(node.iter("a"), None) is None:
            return items
    return []


def _standfirst(tree: lxml.html.HtmlElement, said: _Said) -> str:
    """What is shown between headline and text: the page's description, or what a class calls so."""
    wanted = letters(said.description)
    known = ends_sentence(said.description) or len(said.description.split()) >= 8
    after = dropwhile(lambda n: n.tag != "h1", tree.iter("h1", "h2", "p", "div", "span"))
    short = [n for n in after if len(n) < 3 and n.tag != "h1"]
    for node in short if known else ():
        shown = _line(text_of(node))
        # Words in front of it may say whose a reviewed work is.
        if letters(shown[-LONGEST:]).endswith(wanted) and len(shown.split()) < LEAD:
            return shown
    named = [n for n in short[:AROUND] if _classes("standfirst").search(n.get("class") or "")]
    texts = (_line(text_of(n)) for n in named if POINTER < _words(n) < LEAD)
    return next(texts, "")
