"""HTML in a text → plain text: tags, entities, quotations."""

import html
import re
from collections.abc import Container
from typing import Any

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]

BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section table td th tr ul".split()
)
MOST_ATTRIBUTES = 1000  # of a tag: to parse them takes the square of their number
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_UNSEEN = ("script", "style", "template", "noscript", "head")
_TAG = re.compile(
    r"</?(?:!--|!doctype|html|head|body|script|style|"
    + "|".join(sorted(BLOCKS))
    + "|br|span|a|b|i|em"
    r"|strong|u|s|q|cite|small|sub|sup|font|img|iframe|center|time|mark|button|svg|picture|video)\b",
    re.I,
)
_ENCODED = re.compile(r"&lt;(?:/(?:p|div|li|h[1-6])|br\s*/?)&gt;", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,31});")


def parsable(markup: str) -> str:
    """Markup without the attributes of tags that have more of them than any page needs."""

    def short(tag: re.Match[str]) -> str:
        named = re.findall(r"[\s=/]+", _QUOTED.sub("", tag[0]))
        return tag[0].split(None, 1)[0] if len(named) > MOST_ATTRIBUTES else tag[0]

    return _LONG_TAG.sub(short, markup)


def plain(text: str) -> str:
    """A text without markup; one that has none comes back as it is.

    Blocks are parted by a blank line, ``<br>`` breaks a line, what is not shown (scripts, styles)
    goes, ``<q>`` gets its marks, entities become characters (twice where they were encoded twice).
    """
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    if "<" not in text and _ENCODED.search(text):  # markup that was encoded once more
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        try:
            tree = lxml.html.fragment_fromstring(parsable(text), create_parent="div")
            mark_quotations(tree)
            for unseen in list(tree.iter(*_UNSEEN, lxml.etree.Comment)):
                unseen.drop_tree()
            parted = any(node.tag in BLOCKS or node.tag == "br" for node in tree.iterdescendants())
            text = text_of(tree, written=not parted)
        except (lxml.etree.LxmlError, ValueError):
            text = re.sub(r"<[^<>]{0,10000}>", " ", text)
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def mark_quotations(tree: lxml.html.HtmlElement) -> None:
    """Put the marks that a browser shows in place of every ``<q>``."""
    quotations = list(tree.iter("q"))
    for q in quotations:
        q.text = "“" + (q.text or "")
        last = q[-1] if len(q) else None
        if last is None:
            q.text += "”"
        else:
            last.tail = (last.tail or "") + "”"
    # All at once, and pieces of text made one again: one after another takes their square.
    lxml.etree.strip_tags(tree, "q")
    for node in tree.iter() if quotations else ():
        node.tail = node.tail
        if isinstance(node.tag, str):
            node.text = node.text


def text_of(
    tree: Any, blocks: Container[str] = BLOCKS, rule: str = "", written: bool = False
) -> str:
    """The text of a tree: blocks parted by a blank line, ``<hr>`` as a rule; ``<pre>`` as written.

    ``written`` keeps all line breaks, which are the text's own where the markup has none.
    """
    parts: list[str] = []
    for event, node in lxml.etree.iterwalk(tree, events=("start", "end")):
        if node.tag in blocks:
            parts.append(f"\n\n{rule}" if node.tag == "hr" and event == "start" else "\n\n")
        elif node.tag == "br" and event == "start":
            parts.append("\n")
        said = (node.text if event == "start" else node.tail if node is not tree else "") or ""
        parts.append(said if written or node.tag == "pre" else re.sub(r"\s+", " ", said))
    return re.sub(r"\n{3,}", "\n\n", "".join(parts))
