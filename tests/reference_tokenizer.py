"""The token rule of docs/methods.md written a second time, character by character.

Plain Python and `unicodedata` only, no regular expression: an authority that shares no code
with `analysis.measure.tokens`, but for what is no word (`words_only`), which has tests of its own.
"""

import unicodedata
from functools import cache

from analysis.measure.tokens import words_only

APOSTROPHES = "'’‘‛ʼʽʻʹ´`′＇"
HYPHENS = "-‐‑"
STARTS = ("L", "N")
CONTRACTIONS = {
    *("he's", "here's", "how's", "it's", "let's", "she's", "that's", "there's", "what's"),
    *("when's", "where's", "who's", "why's"),
}


@cache
def kind(character: str) -> str:
    """L letter, N digit, W other word character, '' none."""
    category = unicodedata.category(character)
    if category[0] in "LN":
        return category[0]
    return "W" if category[0] == "M" or character == "\u00ad" else ""


def abbreviation_end(text: str, i: int) -> int:
    """Where an abbreviation that starts at i ends: U.S. or a.m; i where there is none."""
    j = i
    while j + 1 < len(text) and kind(text[j]) == "L" and text[j + 1] == ".":
        j += 2
    if j - i >= 4:
        return j
    if j - i == 2 and j < len(text) and kind(text[j]) == "L":
        bare = j + 1
        if bare == len(text) or not kind(text[bare]):
            return bare
    return i


def run_end(text: str, i: int) -> int:
    while i < len(text) and kind(text[i]):
        i += 1
    return i


def unit_end(text: str, i: int) -> int:
    end = abbreviation_end(text, i)
    return end if end > i else run_end(text, i)


def raw_tokens(text: str) -> list[str]:
    found, i = [], 0
    while i < len(text):
        if kind(text[i]) not in STARTS:
            i += 1
            continue
        end = unit_end(text, i)
        while end + 1 < len(text):
            joint, following = text[end], text[end + 1]
            if joint in APOSTROPHES + HYPHENS and kind(following) in STARTS:
                end = unit_end(text, end + 1)
            elif joint in ".,:" and kind(text[end - 1]) == "N" and kind(following) == "N":
                end = run_end(text, end + 1)
            else:
                break
        found.append(text[i:end])
        i = end
    return found


@cache
def counted(token: str) -> str:
    """The form that is counted; empty where nothing but soft hyphens was there."""
    plain = token.replace("\u00ad", "")
    plain = plain.rstrip("ʼʽʻʹ")
    for mark in APOSTROPHES:
        plain = plain.replace(mark, "'")
    for mark in "‐‑":
        plain = plain.replace(mark, "-")
    lowered = plain.casefold()
    if (
        lowered.endswith("'s")
        and len(plain) > 2
        and plain[-1] in "sS"
        and (lowered not in CONTRACTIONS)
    ):
        lowered = plain[:-2].casefold()
    lowered = unicodedata.normalize("NFC", lowered)
    if len(lowered) > 1 and lowered[-2] == "." and not lowered[-1].isdigit():
        lowered += "."
    return lowered


def reference_tokens(text: str) -> list[str]:
    return [c for t in raw_tokens(words_only(text)) if (c := counted(t))]
