"""Quotation marks and sentences: what stands inside marks, and where a sentence ends.

All offsets are code points into the text as given; nothing is normalised before they are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache

import regex

from analysis.data import LANGUAGES, word_list

_OPENING = "“„«‟"
_CLOSING = "”»"
_EITHER = '"＂″'
_DOUBLE = _OPENING + _CLOSING + _EITHER
_OPENS_AFTER = "([{—–-/\"“”„‘'’…:"

# A single quotation mark opens after white space or a bracket and closes before white space or
# punctuation; anything else is an apostrophe. A digit after it is a decade ('90s).
_SINGLE = regex.compile(
    r"(?:(?<=^|[\s(\[{—–\"“])[‘'](?=[\p{L}\p{Lu}“\"]))"
    r"(?P<inside>[^\n‘]{0,1500}?[^\s])"
    r"(?<!\ws)(?<!\p{Lu}\p{Ll}{1,30}s)['’](?=$|[\s.,;:!?)\]}—–\"”])",
    regex.MULTILINE,
)
_MARK = re.compile(  # one class in front: `re` then skips quickly to where it may match
    rf"[{_DOUBLE}`'\n](?:(?<=[{_DOUBLE}])|(?<=`)`|(?<=')'|(?<=\n)\n*)"
)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Start and end, marks included, of what stands inside quotation marks, in text order.

    Any double quotation mark may close any other: pages mix them. A quotation that a
    paragraph leaves open ends with the paragraph, and goes on in the next one where that
    begins with a quotation mark again. Single marks count outside double ones. Marks inside a
    quotation belong to it.
    """
    doubles = _double_spans(text)
    singles = [m.span() for m in _SINGLE.finditer(text)]
    starts = [start for start, _ in doubles]
    free = [s for s in singles if not _meets(s, doubles, starts)]
    return sorted(doubles + free)


def _meets(span: tuple[int, int], others: list[tuple[int, int]], starts: list[int]) -> bool:
    """Whether a span overlaps one of some sorted spans that do not overlap each other."""
    i = bisect_left(starts, span[1]) - 1
    return i >= 0 and others[i][1] > span[0]


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


# ---------------------------------------------------------------- sentences

_PROTECTED_STOP = regex.compile(r"(?:^|(?<=[^\p{L}\p{M}\p{N}.]))((?:\p{L}\.)+|[\p{L}]+\.)$")
_BOUNDARY = re.compile(  # one class in front: `re` then skips quickly to where it may match
    r"[.!?…\n\r\u2029](?:"
    r"(?<=[.!?…])[.!?…]*(?P<close>[\"”“’'»«)\]]*)(?=[ \t\u00a0]|$|(?<=[\"”“»«])[^\Wa-z\d_]|[\"“«])"
    r"|(?<=[.!?])(?P<glued>(?=[^\W\d_]))"
    r"|(?<=\n)\n*|(?<=\r)\r*|(?<=\u2029))",
    re.MULTILINE,
)
_GLUED = regex.compile(r"(?<=\p{Ll}{3})[.!?](?=\p{Lu}\p{Ll}* )")  # "the town.He": no space
_NEXT = regex.compile(r"[\s\"“”„«»‘’'(\[\-–—]*(?P<word>[\p{L}\p{M}\p{N}'’-]*)")


def _with_lists(language: str) -> str:
    """A language that has lists: its own, else English, whose abbreviations are as good as any."""
    return language if (LANGUAGES / language / "abbreviations.toml").is_file() else "en"


@cache
def _attribution(language: str) -> regex.Pattern[str]:
    """What credits a quotation behind it: "Ida Renn said", "he asked"."""
    words = word_list("clause_words", language)["words"]
    opens = words["opens_attribution"]
    who = "|".join(
        [*opens, *(word.capitalize() for word in opens if len(word) > 2 or word != "an")]
    )
    cues = "|".join(words["said_of_quotation"])
    return regex.compile(rf"\s*(?:(?:\p{{Lu}}[\p{{L}}\p{{M}}'’.-]*|{who})\s+){{1,5}}(?:{cues})\b")


@cache
def _abbreviations(language: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    table = word_list("abbreviations", language)
    always, unless, starters = (table[k] for k in ("always", "unless_starter", "starters"))
    return frozenset(always), frozenset(unless), frozenset(starters)


def _stop_is_protected(before: str, next_word: str, language: str) -> bool:
    """Whether the full stop that ends `before` belongs to an abbreviation or an initial."""
    word = _abbreviated(before.rpartition(" ")[2])
    if not word:
        return False
    always, unless_starter, starters = _abbreviations(language)
    if word in always:
        return True
    if len(word) == 1 and word != "i":  # an initial, as in "George W. Bush"
        return True
    if "." in word or word in unless_starter:
        opens_sentence = next_word.casefold() in starters and next_word[:1].isupper()
        return not opens_sentence
    return False


@lru_cache(maxsize=50_000)
def _abbreviated(before: str) -> str:
    """The word before a full stop, case-folded, its own stops kept; '' where there is none."""
    match = _PROTECTED_STOP.search(before)
    return match[1][:-1].casefold() if match else ""


def sentences(
    text: str, quoted: Iterable[tuple[int, int]] | None = None, language: str = "en"
) -> list[tuple[int, int]]:
    """Start and end, in code points, of each sentence of a text.

    A line break always ends a sentence, and so does a stop between a small and a capital letter
    (a page lost the space between them). Full stops of abbreviations (``U.S.``, ``Mr.``), of
    initials and inside quotation marks do not, unless the quotation ends with one and no
    attribution follows; what follows must not begin with a small letter.

    Parameters
    ----------
    quoted
        Spans in quotation marks, as `quoted_spans` finds them; found here when left out.
    """
    language = _with_lists(language)
    inside = sorted(quoted_spans(text) if quoted is None else quoted)
    starts = [start for start, _ in inside]
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _BOUNDARY.finditer(text):
        if match["glued"] is not None:
            at = match.start()
            if _GLUED.match(text, at) and not _is_inside(at, inside, starts):
                _add_sentence(spans, text, begin, match.end())
                begin = match.end()
        elif match["close"] is None:
            _add_sentence(spans, text, begin, match.start())
            begin = match.end()
        elif end := _sentence_end(text, match, inside, starts, language):
            _add_sentence(spans, text, begin, end)
            begin = end
    _add_sentence(spans, text, begin, len(text))
    return spans


def _sentence_end(
    text: str,
    match: re.Match[str],
    inside: list[tuple[int, int]],
    starts: list[int],
    language: str,
) -> int:
    """Where the sentence ends to which some stops belong; 0 where it does not end with them."""
    at, end = match.span()
    in_quotation = _is_inside(at, inside, starts)
    closes = inside[bisect_right(starts, at) - 1][1] if in_quotation else 0
    if closes > end:
        return 0
    after = text[end : end + 1]
    if after and not after.isspace():  # "It burst."Name left: a space was lost
        end = closes or match.start("close")
        if not (closes or text[at - 3 : at].islower()):
            return 0
    if text[end : end + 1] == " " and text[end + 1 : end + 2].islower():
        return 0  # most often
    following = _NEXT.match(text, end)
    word = following["word"] if following else ""
    if word[:1].islower():
        return 0
    stop = text[at : match.start("close")]
    if in_quotation and (attribution := _attribution(language).match(text, end)):
        stands_alone = text[attribution.end() : attribution.end() + 1] in (".", ",")
        if stop[-1] in "?!…" or stands_alone:  # "It burst." Name said.
            return 0
    only_a_stop = stop == "." and not match["close"]
    line = text.rfind("\n", 0, at) + 1
    before = text[max(line, at - 24) : at + 1]
    is_protected = only_a_stop and _stop_is_protected(before, word, language)
    return 0 if is_protected else end


def _is_inside(at: int, inside: list[tuple[int, int]], starts: list[int]) -> bool:
    i = bisect_right(starts, at) - 1
    return i >= 0 and at < inside[i][1]


def _add_sentence(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add the span without the white space around it, unless it holds no letter or digit."""
    if text[start : start + 1] == " ":
        start += 1
    piece = text[start:end]
    if not (piece[:1].isalnum() and piece[-1:].strip()):
        stripped = piece.strip()
        if not any(map(str.isalnum, stripped)):
            return
        start += len(piece) - len(piece.lstrip())
        end = start + len(stripped)
    spans.append((start, end))
