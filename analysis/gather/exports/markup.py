"""HTML and XML of exports → elements and blocks of text."""

from __future__ import annotations

from typing import Any

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]

from analysis.gather.decode import decode
from analysis.gather.drafts import Options, Source
from analysis.gather.problems import BadArticle

_BLOCK = frozenset(
    """address article aside blockquote body br dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6
    head header hr html li main nav ol p pre section table tbody td tfoot th thead title tr
    ul""".split()
)
_UNSEEN = frozenset(("script", "style", "noscript", "button", "select", "option", "template"))
RULE = "_" * 60  # a line that parts records, as <hr> does


def is_markup(head: bytes) -> bool:
    """Whether a file begins as HTML and XML do: a table may hold pages, and is none."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def document(source: Source, options: Options) -> tuple[Any, str]:
    """The root element of an HTML file, and the encoding it was read in."""
    text, used = decode(source.data, source.name, options.encoding)
    # Without huge_tree what lies deeper than 255 elements is lost in silence.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as e:
        received = f"not HTML that can be read ({str(e)[:60]})."
        raise BadArticle(source.name, 0, "", received, "Download it again.") from None
    return root, used


def classes(element: Any) -> set[str]:
    """The class names of an element, in lower case."""
    return set((element.get("class") or "").lower().split())


def blocks(element: Any) -> list[str]:
    """The text of an element in blocks, as a browser would part them; ``<hr>`` is a rule."""
    found: list[str] = []
    now: list[str] = []
    unseen = 0  # elements around that are not shown

    def close() -> None:
        text = " ".join("".join(now).split())
        if text:
            found.append(text)
        now.clear()

    for event, node in lxml.etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _BLOCK:
            close()
        if event == "start":
            unseen += tag in _UNSEEN
            if tag == "hr":
                found.append(RULE)
            now.append("" if unseen else node.text or "")
        else:
            unseen -= tag in _UNSEEN
            now.append("" if unseen or node is element else node.tail or "")
    close()
    return found


def text_of(element: Any) -> str:
    """All text of an element on one line."""
    return " ".join(blocks(element))
