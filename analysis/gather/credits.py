"""Agency credits: read from the edges of a text, kept in their own field, taken out of the text."""

import re
from functools import cache

from analysis.data import word_list

EDGE = 5  # paragraphs at either end in which a credit is looked for
LONGEST, CHARACTERS = 40, 400  # words and characters of a credit line

_INITIALS = r"(?:[a-zäöü]{1,5}(?:/[a-zäöü]{1,5})*\s*)?"
_PARENTHESIS = re.compile(rf"{_INITIALS}[(\[](?P<names>[^()\[\]]{{2,80}})[)\]]\.?")
_AT_END = re.compile(r"(?<=[.!?\"”’»…])\s*[(\[](?P<names>[^()\[\]]{2,80})[)\]]\.?$")
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^().!?\"“”]{0,60}?)?\s*\((?P<names>[^()]{2,60})\)\s*(?:[-–—]+|:)\s*"
)


@cache
def _wording() -> dict[str, re.Pattern[str]]:
    """How credits are worded, by name."""
    words = word_list("agencies")["credit"]
    between, filler = (words[name].replace(" ", "|") for name in ("between", "filler"))
    roles, more = (words[name].replace(" ", "|") for name in ("roles", "more"))
    patterns = {
        "between": rf"\s*(?:[,;/|&+]|\b(?:{between})\b)\s*",
        "filler": rf"(?:{filler})(?:\s|$)",
        "label": rf"(?:{words['label']})\b:?\s*(?P<names>.+)",
        "contributed": words["contributed"],
        "signed": rf"\W*(?:(?:{more}) )?(?:{roles})(?: \w+ (?:{roles}))? {words['by']}\b:?",
        "small": rf"(?:{roles}|{words['with_roles'].replace(' ', '|')})",
        "picture": words["picture"],
    }
    return {name: re.compile(pattern, re.I) for name, pattern in patterns.items()}


def is_signed(line: str) -> bool:
    """Whether a line says who reported, wrote or edited, and nothing else.

    >>> is_signed("(Reporting by Tom Holt in Oru; editing by Anna Brandt)")
    True
    >>> is_signed("Reporting by Anna Brandt shows that the quay was lost.")
    False
    """
    if len(line) > CHARACTERS or not _wording()["signed"].match(line):
        return False
    words = re.findall(r"[^\W\d_][\w.'’-]*", line)
    small = _wording()["small"].fullmatch
    return all(word[0].isupper() or small(word.rstrip(".")) for word in words)


@cache
def _aliases() -> dict[str, str]:
    table = word_list("agencies")["entry"]
    return {alias.casefold(): e["name"] for e in table for alias in [e["name"], *e["aliases"]]}


def agencies(names: str) -> list[str]:
    """The agencies of a list of names such as ``AFP, dpa``; empty if anything else is in it.

    >>> agencies("AFP, dpa"), agencies("the Associated Press and Reuters"), agencies("pictured l.")
    (['AFP', 'dpa'], ['AP', 'Reuters'], [])
    """
    found, filler = [], _wording()["filler"]
    for name in _wording()["between"].split(names.strip(" .")):
        while name and filler.match(name) and name.casefold() not in _aliases():
            name = filler.sub("", name, count=1).strip()
        known = _aliases().get(name.casefold())
        if name and not known:
            return []
        if known and known not in found:
            found.append(known)
    return found


def take_credits(paragraphs: list[str]) -> tuple[list[str], str]:
    """Take agency credits out of the paragraphs of one article.

    Read at the first and last five paragraphs: a line of initials and agencies (``ab/cd (AFP)``), a
    list of agencies alone or after *Source:*, *With material from* and the like, *… contributed to
    this report*, a parenthesis that ends the last paragraph, and a dateline (``TARN (AP) —``, of
    which the whole is taken). Photo credits are no text credits and are not read.

    Parameters
    ----------
    paragraphs
        The article's paragraphs.

    Returns
    -------
    tuple
        As many paragraphs, without credits ('' where nothing is left); the agencies in order of
        appearance, joined with ``", "``.
    """
    left, found = list(paragraphs), dict[str, None]()
    n = len(left)
    for i in sorted({*range(min(EDGE, n)), *range(max(0, n - EDGE), n)}):
        names, left[i] = _credit(left[i])
        found |= dict.fromkeys(names)
    return left, ", ".join(found)


def _credit(paragraph: str) -> tuple[list[str], str]:
    """Agencies credited in one paragraph, and what is left of it."""
    short = len(paragraph) <= CHARACTERS and len(paragraph.split()) <= LONGEST
    if short and not _wording()["picture"].search(paragraph):
        names, credit = _whole_line(paragraph)
        if credit:
            return names, ""
    if (m := _DATELINE.match(paragraph)) and (names := agencies(m["names"])):
        return names, paragraph[m.end() :]
    if (
        paragraph[-2:].strip(".")[-1:] in (")", "]")
        and (m := _AT_END.search(paragraph))
        and (names := agencies(m["names"]))
    ):
        return names, paragraph[: m.start()]
    return [], paragraph


def _whole_line(line: str) -> tuple[list[str], bool]:
    """Agencies of a line, and whether the line is a credit and nothing else."""
    if _wording()["contributed"].fullmatch(line) or is_signed(line):
        return _mentioned(line), True
    m = _PARENTHESIS.fullmatch(line) or _wording()["label"].fullmatch(line)
    names = agencies(m["names"] if m else line)
    return names, bool(names)


def _mentioned(line: str) -> list[str]:
    """Agencies named anywhere in a line that is a credit for sure, by their whole names."""
    low = line.casefold()
    places: dict[str, int] = {}
    for alias, name in _aliases().items():
        # An abbreviation counts only as it is written, so that no word is taken for one.
        pattern, where = (alias, low) if len(alias) > 5 else (name, line)
        if m := re.search(rf"(?<!\w){re.escape(pattern)}(?!\w)", where):
            places[name] = min(m.start(), places.get(name, m.start()))
    return sorted(places, key=lambda name: (places[name], name))
