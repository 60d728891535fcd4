"""Who speaks: what stands inside quotation marks, and what the outlet says itself.

All offsets are code points into the text as given; nothing is normalised before they are read.
"""

from __future__ import annotations

import regex

_OPENING = "“„«‟"
_CLOSING = "”»"
_EITHER = '"＂″'
_DOUBLE = _OPENING + _CLOSING + _EITHER
_OPENS_AFTER = "([{—–-/\"“”„‘'’…:"

# A single quotation mark opens after white space or a bracket and closes before white space or
# punctuation; anything else is an apostrophe. A digit after it is a decade ('90s).
_SINGLE = regex.compile(
    r"(?:(?<=^|[\s(\[{—–\"“])[‘'](?=[\p{L}\p{Lu}“\"]))"
    r"(?P<inside>[^\n‘]*?[^\s])"
    r"(?<!\ws)(?<!\p{Lu}\p{Ll}{1,30}s)['’](?=$|[\s.,;:!?)\]}—–\"”])",
    regex.MULTILINE,
)
_MARK = regex.compile(f"[{_DOUBLE}]|``|''|\n+")


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Start and end, marks included, of what stands inside quotation marks, in text order.

    Any double quotation mark may close any other: pages mix them. A quotation that a
    paragraph leaves open ends with the paragraph, and goes on in the next one where that
    begins with a quotation mark again. Single marks count outside double ones. Marks inside a
    quotation belong to it.
    """
    doubles = _double_spans(text)
    singles = [m.span() for m in _SINGLE.finditer(text)]
    free = [s for s in singles if not any(a < s[1] and s[0] < b for a, b in doubles)]
    return sorted(doubles + free)


def _double_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in _MARK.finditer(text):
        mark, at, after = match[0], match.start(), match.end()
        if mark[0] == "\n":
            if opened is not None:
                spans.append((opened, at))
            opened = None
        elif opened is None:
            if _may_open(text, mark, at, after):
                opened = at
        elif not _only_opens(text, mark, at, after):
            spans.append((opened, after))
            opened = None
    if opened is not None:
        spans.append((opened, len(text)))
    return spans


def _may_open(text: str, mark: str, at: int, after: int) -> bool:
    """Outside a quotation: whether this mark starts one. A stray closing mark does not."""
    previous, following = text[at - 1 : at], text[after : after + 1]
    if not following or following.isspace():
        return False
    if mark in _OPENING:
        return True
    starts_word = not previous or previous.isspace() or previous in _OPENS_AFTER
    glued = previous in ".!?," and following.isalnum() and not previous.isdigit()
    return starts_word or glued


def _only_opens(text: str, mark: str, at: int, after: int) -> bool:
    """Inside a quotation: whether this mark can only be an opening one (a nested quotation)."""
    previous, following = text[at - 1 : at], text[after : after + 1]
    return previous.isspace() and bool(following) and following.isalnum() and mark not in _CLOSING
