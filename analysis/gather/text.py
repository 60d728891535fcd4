"""One normal form for article text, and paragraphs that lost their white space.

Every later table gives character offsets into this form, so it is made once, here: Unicode NFC,
every space a plain space, no zero-width or control character, paragraphs parted by one blank line.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import pairwise

import pyarrow.parquet as pq
import regex

from analysis.data import DATA, word_list

BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]"
)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ITEM = re.compile(r"(?:\d{1,3}[.)]|[•*·▪◦‣>–—-])\s")  # a line that begins a list's item
TERMINAL = ".!?…"
CLOSERS = "\"”’'»)]"

# Lines that break for width, not for sense.
WIDTHS = range(20, 201)
LINES = 2  # lines that must be full, at least
RAGGED = 0.9  # share of the width that fills a line which ends no sentence
FULL = 0.75  # share of the long lines that must be
SMALL = 0.5  # share of lines after a full one that must go on in small letters
MARKS = 30  # combining marks on one letter, at most (Unicode's stream-safe text format, UAX 15)
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MARKS}}})\p{{M}}+")
# A word broken by a soft hyphen, or by the mark that stands for one in scanned pages.
_SOFT = re.compile(r"(?:\u00ad|¬(?=[ \t]*\n[ \t]*[^\W\d_]))[ \t]*\n[ \t]*(\S*)([ \t]+(?=\S))?")
_HYPHEN = re.compile(r"[^\W\d_][-\u2010]$")


def normalize(text: str) -> str:
    """NFC, ``\\n`` line ends, plain single spaces, nothing invisible; lines keep their order."""
    text = BREAKS.sub("\n", text)
    if not text.isascii():
        text = _SOFT.sub(lambda m: m[1] + ("\n" if m[2] else ""), text)  # whole on its first line
        text = _TOO_MANY_MARKS.sub(r"\1", LONE_SURROGATE.sub("\ufffd", text))
        text = unicodedata.normalize("NFC", text)
    text = INVISIBLE.sub("", text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: every line is one, hard-wrapped lines are joined, glue is parted.

    Parameters
    ----------
    text
        Any text; it is normalised first.

    Returns
    -------
    list of str
        Non-empty paragraphs. ``"\\n\\n".join`` of it is the normal form, and taking it apart
        again gives the same list.
    """
    lines = _unwrap(normalize(text).split("\n"))
    return [p for line in part("\n".join(lines)).split("\n") if (p := line.strip())]


def _unwrap(lines: list[str]) -> list[str]:
    """Lines that break for width, joined.

    A line is full if the first word of the next one would not have fitted in the width, which is
    that of the longest lines (a tenth less where letters differ in width, as in a PDF). A text is
    wrapped if most of its long lines are full and are gone on with in small letters (where the
    script has any); then full lines are joined to the next.
    """
    pairs = [(a, b) for a, b in pairwise(lines) if a and b and not _ITEM.match(b)]
    lengths = sorted(len(a) for a, _ in pairs)
    width = lengths[-1 - len(lengths) // 50] if lengths else 0
    if width not in WIDTHS or not _is_wrapped(pairs, width):
        return lines
    known = frozenset(w.strip(".,;:!?\"'”’)").casefold() for line in lines for w in line.split())
    full = {pair for pair in pairs if _is_full(*pair, width)}
    out = [lines[:1]]
    for line, following in pairwise(lines):
        if (line, following) in full:
            out[-1][-1:] = _join(out[-1][-1], following, known)
        else:
            out.append([following])
    return ["".join(pieces) for pieces in out]


def _is_full(line: str, following: str, width: int) -> bool:
    if _HYPHEN.search(line) and following[0].islower():
        return True
    first = following.split(" ", 1)[0]
    return len(line) + 1 + len(first) > width * (1 if ends_sentence(line) else RAGGED)


def _is_wrapped(pairs: list[tuple[str, str]], width: int) -> bool:
    long = [(a, b) for a, b in pairs if len(a) > width / 2 and " " in a]
    joined = [b for a, b in long if _is_full(a, b, width)]
    ended = sum(ends_sentence(a) and not _is_full(a, b, width) for a, b in long)
    starts = [next((c for c in b if c.isalpha()), "") for b in joined]
    cased = [c for c in starts if c.lower() != c.upper()]
    is_small = sum(map(str.islower, cased)) >= SMALL * len(cased)
    return len(joined) >= max(LINES, FULL * (len(long) - ended)) and any(starts) and is_small


def _join(line: str, following: str, known: frozenset[str]) -> tuple[str, str]:
    """Two lines as the pieces of one; a word broken at the end of the first is made whole.

    Its hyphen goes unless it is the word's own: where the text has the word with it elsewhere, or
    both halves are words in general news and the whole is none.
    """
    if not _HYPHEN.search(line) or not following[:1].islower():
        return line, f" {following}"
    before = line.rsplit(" ", 1)[-1][:-1].lstrip("\"'“‘(").casefold()
    after = regex.match(r"[\w’']*", following)[0].casefold()
    words = _words_in_use()
    own = f"{before}-{after}" in known or (
        f"{before}{after}" not in known
        and f"{before}{after}" not in words
        and (f"{before}-{after}" in words or {before.rsplit("-", 1)[-1], after} <= words)
    )
    return (f"{line[:-1]}-" if own else line[:-1]), following


@cache
def _words_in_use() -> frozenset[str]:
    """The words of the reference list."""
    terms = pq.read_table(DATA / "reference" / "terms.parquet", columns=["term"])["term"]
    return frozenset(terms.to_pylist())


def letters(line: str) -> str:
    """What is left of a line without case, spaces and marks, to compare lines by."""
    return "".join(c for c in line.casefold() if c.isalnum())


def ends_sentence(line: str) -> bool:
    """Whether a line ends like a sentence: terminal mark, then any closing marks."""
    return line.rstrip(CLOSERS + " ")[-1:] in tuple(TERMINAL) and bool(line)


# Paragraphs glued without white space.

Spans = list[tuple[int, int]]

_OPEN = "\"“”‘’'„«(["
# What may stand before the full stop: a word, an acronym, a number, a closing mark.
_LEFT = regex.compile(
    r"(?:(?<![\w./@-])(?P<word>[\w’'-]*\p{Ll}{2,})|(?<![\w.])(?:\w+-)?\p{Lu}{2,}s?"
    r"|[0-9]{2,}s?|\p{Lu}[0-9]+|[0-9](?:%|bn|m)|%|[\])»”\"’'])$"
)
_STOP = regex.compile(
    r"(?<![.…])(?:\.(?!\.)|(?<![!?])[!?]++)(?P<marks>[\"”’'»)\]“‘„«(\[]*+)(?=[\w“\"‘])(?<!\[(?=\d))"
)
_RIGHT = regex.compile(r"\p{Lu}[\p{Ll}’']|[AIЯ]\s")
_ACRONYM = regex.compile(r"\p{Lu}[\p{Lu}0-9]+(?:[’']s)?[\s,-]")
_FILE_END = regex.compile(r"(?i)(?:com|net|org|edu|gov|info|html?|js|co|uk|ru|de|fr|pdf|exe)\b")
_RUN = re.compile(r"\S+")
_ADDRESS = regex.compile(r"://|www\.|\w@\w|\w\.\w+/|\\")
_HEADING = regex.compile(r"(?<=\p{Ll}{3}['’]?)(?=\p{Lu}\p{Ll}{2,} )")
_TIME = r"[0-2]\d[.:][0-5]\d [A-Z]"  # of an entry of a live page
HEADER = 800  # characters at the start in which a byline or a time ends a page's header
PARAGRAPH = 4000  # characters before a full stop in which its quotation marks are counted
GLUED = 2  # sure places that show a text to be glued


@cache
def _abbreviations() -> dict[str, frozenset[str]]:
    table = word_list("abbreviations")
    return {name: frozenset(table[name]) for name in ("always", "unless_starter", "starters")}


def part(text: str) -> str:
    """Part paragraphs that were glued without white space, by a line break.

    A paragraph ends at ``[.!?]`` and any closing mark with a capital letter or an opening mark
    straight after it, where a word of two or more small letters, an acronym, a number or a closing
    mark stands before. Addresses, file names, initials (``U.S.Army``), abbreviations (``Mr.Hale``,
    data file ``abbreviations``) and ellipses are left alone. A straight quotation mark between the
    two closes where one is open in its paragraph, and opens the next paragraph where none is. Two
    such places show a text to be glued: then headings, bylines and times that run into the next
    paragraph without any mark are parted too. A text without glue comes back unchanged.
    """
    addresses = [m.span() for m in _RUN.finditer(text) if _ADDRESS.search(m[0])]
    places = _sure_places(text, addresses)
    if len(places) >= GLUED:
        places += _unmarked_places(text, addresses)
        places += [m.end() for m in _labels().finditer(text)]
    cuts = [0, *sorted(set(places)), len(text)]
    return "\n".join(text[a:b] for a, b in pairwise(cuts))


@cache
def _labels() -> re.Pattern[str]:
    """Headings of teaser lists, and credits of pictures, that run into the next paragraph."""
    headings = "|".join(word_list("page_furniture")["words"]["glued"])
    agencies = "|".join(word_list("agencies")["credit"]["pictures"])
    return re.compile(
        rf"(?:\b(?:{headings})|[/(] ?(?:{agencies})\)?)(?=[A-ZÀ-Þ“\"‘„«]\w|{_TIME})"
        rf"|(?:[/(] ?|(?i:photos?)\b:? ?)(?i:{agencies})\)?(?={_TIME}|[A-Z][a-z])"
        r"|\([A-Z][a-z]+ [A-Z][a-z]+\)(?=[A-Z][a-z])"
    )


@cache
def _unmarked() -> regex.Pattern[str]:
    """Where, in a text known to be glued, headings, bylines and times run on without any mark."""
    words = word_list("page_furniture")["words"]
    return regex.compile(
        r"(?=\p{Lu}\p{Ll}+[ ’'])(?<=(?<![\p{L}\p{N}#@/._’'-])\p{Ll}{3,20})"
        r"|(?=\p{Lu}\p{Ll}+[ ’'])(?<=(?:^|[.!?\s])['‘][^'‘’\"\n.!?]{2,50}(?<!\s)['’])"
        r"|(?=\p{Lu}\p{Ll}+[ ’'])(?<=(?:^|[.!?\n])\"[^\s\"][^\"\n.!?]{2,50}(?<!\s)\")"
        rf"|(?<=\p{{Ll}}{{4}}['’]?)(?<!{words['inside_names']})(?=(?P<starter>\p{{Lu}}\p{{Ll}}*) )"
        rf"|(?P<byline>(?<=\p{{L}})(?={words['by']} \p{{Lu}}[\p{{L}}’'-]+(?: \p{{Lu}}|\d|\n|$)))"
        r"|(?P<byline>(?<=\p{L})(?=[0-2]?\d[:.][0-5]\d ?[AP]M\b))"
        r"|(?<= (?:19|20)\d\d)(?=\p{Lu}\p{Ll})"
        r"|(?<=\b(?:\p{Lu}\.\p{Lu}|[ap]\.m)\.)(?=(?P<starter>\p{Lu}\p{Ll}*) )"
        r"|(?<=\p{Ll}{4}\.)(?=\d[\d,.]*(?: |%|st|nd|rd|th))"
        r"|(?<=\p{Ll}[”»])(?=\p{Lu}\p{Ll}+ )"
        rf"|(?<=[\p{{L}}.!?:\"”’)])(?={_TIME})"
    )


def _unmarked_places(text: str, addresses: Spans) -> list[int]:
    starters = _abbreviations()["starters"]
    found = [
        m
        for m in _unmarked().finditer(text)
        if not _in_address(m.start(), addresses)
        and (not m["starter"] or m["starter"].lower() in starters)
    ]
    places = [m.start() for m in found]
    ends = [m.start() for m in found if m["byline"] is not None and m.start() < HEADER]
    if ends:  # headline, standfirst and caption stand before the byline
        places += [m.start() for m in _HEADING.finditer(text, 0, ends[0])]
    return places


def _sure_places(text: str, addresses: Spans) -> list[int]:
    places: list[int] = []
    for m in _STOP.finditer(text):
        left = _LEFT.search(text[max(0, m.start() - 30) : m.start()])
        if not left:
            continue
        back = max(0, m.start() - PARAGRAPH)
        start = max(back, text.rfind("\n", back, m.start()) + 1, *places[-1:])
        closing = _closing(text[start : m.start("marks")], m["marks"]) if m["marks"] else 0
        cut = m.start("marks") + closing
        right = cut + len(text[cut : cut + 3]) - len(text[cut : cut + 3].lstrip(_OPEN))
        if (
            _may_start(text, cut, right, left)
            and not _abbreviated(left["word"] or "", text, right)
            and not _FILE_END.match(text, right)
            and not _in_address(cut, addresses)
        ):
            places.append(cut)
    return places


def _may_start(text: str, cut: int, right: int, left: regex.Match[str]) -> bool:
    """Whether a paragraph may start at ``cut``, its first word at ``right``."""
    if _RIGHT.match(text, right):
        return True
    if right > cut:  # an opening mark stands between
        return text[right : right + 1].isalnum()
    may_be_acronym = len(left["word"] or "") >= 3 or not left[0][0].isalpha()  # not "ASP.NET"
    return may_be_acronym and bool(_ACRONYM.match(text, right))


def _abbreviated(word: str, text: str, right: int) -> bool:
    names = _abbreviations()
    if word.lower() in names["always"]:
        return True
    following = regex.match(r"\w*", text[right : right + 30])[0].lower()
    return (
        word.istitle()
        and word.lower() in names["unless_starter"]
        and following not in names["starters"]
    )


def _closing(before: str, marks: str) -> int:
    """How many of the marks after a full stop still belong to the sentence before them."""
    for k, mark in enumerate(marks):
        if mark in "“„‘«([":
            german = mark == "“" and before.count("„") > before.count("“")
            if not german:
                return k
        elif not _open(mark, before):
            return k
        before += mark
    return len(marks)


def _open(mark: str, before: str) -> bool:
    """Whether a closing mark has something to close; a straight one may open instead."""
    if mark == '"':
        return before.count('"') % 2 == 1 or before.count("“") > before.count("”")
    if mark == "'":
        return bool(regex.search(r"(?:^|[\s(\"“])'(?=\w)", before))
    return True


def _in_address(place: int, addresses: Spans) -> bool:
    """Whether a place is inside, or straight after, a web address or a file path."""
    k = bisect_right(addresses, place, key=lambda span: span[0])
    return k > 0 and place <= addresses[k - 1][1]
