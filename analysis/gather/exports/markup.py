"""HTML and XML of exports → elements and blocks of text."""

import re
from collections.abc import Callable
from typing import Any

import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]

from analysis.gather import markup
from analysis.gather.decode import decode
from analysis.gather.drafts import Options, Source
from analysis.gather.problems import refused

_BLOCK = markup.BLOCKS | frozenset("br body form title tr tbody thead table blockquote".split())
_UNSEEN = ("script", "style", "noscript", "button", "select", "template")
RULE = "_" * 60  # a line that parts records, as <hr> does


def is_markup(head: bytes) -> bool:
    """Whether a file begins as HTML and XML do: a table may hold pages, and is none."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def markup_with(pattern: bytes) -> Callable[[bytes, str], bool]:
    """A recogniser: markup in whose head a pattern is found."""
    found = re.compile(pattern).search
    return lambda head, name: is_markup(head) and bool(found(head))


def document(source: Source, options: Options) -> tuple[Any, str]:
    """The root element of an HTML file, and the encoding it was read in."""
    text, used = decode(source.data, source.name, options.encoding)
    # Without huge_tree what lies deeper than 255 elements is lost in silence.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(
            markup.parsable(text).encode("utf-8", "replace"), parser=parser
        )
    except (lxml.etree.LxmlError, ValueError) as e:
        raise refused(source.name, "html", error=str(e)) from None
    for unseen in list(root.iter(*_UNSEEN)):
        unseen.drop_tree()
    return root, used


def classes(element: Any) -> set[str]:
    """The class names of an element, in lower case."""
    return set((element.get("class") or "").lower().split())


def blocks(element: Any) -> list[str]:
    """The text of an element in blocks, as a browser would part them; ``<hr>`` is a rule."""
    lines = markup.text_of(element, _BLOCK, RULE).split("\n")
    return [text for x in lines if (text := " ".join(x.split()))]


def text_of(element: Any) -> str:
    """All text of an element on one line."""
    return " ".join(blocks(element))
