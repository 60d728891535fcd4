"""Words: the token rule, once.

A *token* is a maximal run of letters, marks and digits that starts with a letter or digit.
Inside a token stay apostrophes (``don't``), hyphens (``self-determination``), separators between
digits (``8,000``, ``14.03.2014``) and the full stops of abbreviations (``U.S.``). A final
possessive ``'s`` is stripped (``Velmar's`` → ``velmar``), contractions of *is* and *has*
(``it's``) are kept. Counting is case-folded and in Unicode's composed form (NFC); all apostrophes
are one. Addresses, e-mails, hashtags and mentions are no words, and neither is what is written in a
script without spaces (Chinese, Japanese, Thai, …), where a rule cannot tell where words end.
"""

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import regex
import scipy.sparse as sp

from analysis.data import word_list
from analysis.measure.lookup import Lookup
from analysis.measure.sentences import sentences as sentences  # its name before version 1.0

APOSTROPHES = "'’‘‛ʼʽʻʹ´`′＇"  # every one that pages write; some are letters to Unicode
SOFT_HYPHEN = "\u00ad"
HYPHENS = "‐‑-"  # the plain one last, as a character class wants it

_WORD = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}\u00AD]*"
_ABBREVIATION = r"(?:\p{L}\.){2,}|\p{L}\.\p{L}(?![\p{L}\p{M}\p{N}\u00AD])"
_JOINED = rf"[{APOSTROPHES}{HYPHENS}](?:{_ABBREVIATION}|{_WORD})"
_IN_NUMBER = r"(?<=\p{N})[.,:](?=\p{N})[\p{L}\p{M}\p{N}\u00AD]+"
TOKEN = regex.compile(rf"(?:{_ABBREVIATION}|{_WORD})(?:{_JOINED}|{_IN_NUMBER})*")

# The same rule for texts of common characters, where the standard library's faster `re` has the
# same classes: no marks, no soft hyphens, no digits but 0-9.
_COMMON = "\x00-\x7f¡-©«¬®-±´-¸»¿-\u024f\u2010-\u2027\u2030-\u205e€"
_UNCOMMON = re.compile(f"[^{_COMMON}]")
_L, _LN = "[a-zA-ZªµºÀ-ÖØ-öø-\u024f]", "[a-zA-Z0-9ªµºÀ-ÖØ-öø-\u024f]"
_SHORT = rf"(?:{_L}\.){{2,}}|{_L}\.{_L}(?!{_LN})"
_COMMON_TOKEN = re.compile(  # one class in front: `re` then skips quickly to where it may match
    rf"({_LN}(?:{_LN}++|(?<={_L})\.(?:(?:{_L}\.)+|{_L}(?!{_LN})))?"
    rf"(?:[{APOSTROPHES}{HYPHENS}](?:{_SHORT}|{_LN}++)|[.,:](?<=[0-9].)(?=[0-9]){_LN}++)*+)"
)
_ANY_TOKEN = regex.compile(f"({TOKEN.pattern})")

_TO_ASCII = str.maketrans(
    {mark: "'" for mark in APOSTROPHES} | {"‐": "-", "‑": "-", "\u00ad": None}
)
_LETTERS_TO_UNICODE = "ʼʽʻʹ"

# What is no word: addresses, e-mails, hashtags and mentions, and runs of a script that puts no
# spaces between words, which would be counted as one.
_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_ADDRESS = re.compile(
    r"(?<!\w)(?:(?:https?|ftp)://\S+|www\.\S+|@\w+|#(?=\d*[^\W\d])\w+)"  # @name, #tag
    r"|(?<![\w.+-])(?:[\w.+-]++@[\w-]++(?:\.[\w-]++)+"  # name@mail.org
    r"|[\w-]++(?:\.[\w-]++)*?\.(?:com|org|net|edu|gov|info|co\.\w\w)\b(?:/\S*)?"  # mail.org
    r"|[\w-]++(?:\.[\w-]++)*?\.[a-z]{2,}/\S*)"  # pic.mail.xy/a
)
_ADDRESS_SIGNS = ("@", "#", "://", "www.", ".com", ".org", ".net", ".edu", ".gov", ".info", ".co.")
TOKEN_RULE = f"{TOKEN.pattern}, without {_ADDRESS.pattern}, without {_UNSPACED_RUN.pattern}"
_PATH = re.compile(r"\.[a-z]{2,}/")


@cache
def _contractions() -> frozenset[str]:
    return frozenset(word_list("contractions")["words"])


def spelling(token: str) -> str:
    """A token as it is shown: soft hyphens and a possessive ``'s`` are gone, case is kept."""
    token = token.replace("\u00ad", "").rstrip(_LETTERS_TO_UNICODE)
    stem, mark, suffix = token[:-2], token[-2:-1], token[-1:]
    if stem and mark in APOSTROPHES and suffix in ("s", "S"):
        contraction = token.translate(_TO_ASCII).casefold() in _contractions()
        return token if contraction else stem
    return token


def fold(token: str) -> str:
    """The form under which a spelling is counted: case-folded, NFC, plain ' and -.

    >>> fold("Крым"), fold("Self‑Determination"), fold("U.S")
    ('крым', 'self-determination', 'u.s.')
    """
    if token.isascii():
        folded = token.lower().replace("`", "'")
    else:
        folded = unicodedata.normalize("NFC", token.translate(_TO_ASCII).casefold())
    is_bare_abbreviation = "." in folded and folded[-2:-1] == "." and not folded[-1].isdigit()
    return folded + "." if is_bare_abbreviation else folded


def _spelled(word: str) -> tuple[str, str]:
    written = spelling(word)
    return written, fold(written)


SPELLED = Lookup(_spelled)  # how a token is shown, and under which form it is counted


def tokenize(text: str) -> list[str]:
    """The tokens of a text, in order, in the form in which they are counted.

    >>> tokenize("Velmar's vote: U.S.-led “self-determination”, 8,000 say.")
    ['velmar', 'vote', 'u.s.-led', 'self-determination', '8,000', 'say']
    """
    return [f for m in TOKEN.findall(words_only(text)) if (f := fold(spelling(m)))]


def words_only(text: str, is_common: bool | None = None) -> str:
    """The text, of the same length, with blanks for what is no word.

    >>> words_only("See t.co/x1, #Oru")
    'See          ,     '
    """
    if any(sign in text for sign in _ADDRESS_SIGNS) or ("/" in text and _PATH.search(text)):
        text = _ADDRESS.sub(_blanks, text)
    is_common = _is_common(text) if is_common is None else is_common
    return text if is_common else _UNSPACED_RUN.sub(_blanks, text)


def _is_common(text: str) -> bool:
    """Whether the quick rule has the same classes as the rule for every character of a text."""
    return text.isascii() or not _UNCOMMON.search(text)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def is_unspaced(text: str) -> bool:
    """Whether most letters of a text are of a script without spaces: it has no words to count."""
    runs = 0 if text.isascii() else sum(map(len, _UNSPACED_RUN.findall(text)))
    return runs * 2 > sum(map(str.isalpha, text)) if runs else False


class Tokens(NamedTuple):
    """The tokens of a text as they are written, possessives included, and where they stand.

    Attributes
    ----------
    words : the tokens
    between : what stands before each of them, and behind the last
    starts, ends : of each token, in code points
    """

    words: list[str]
    between: list[str]
    starts: list[int]
    ends: list[int]


def find_tokens(text: str) -> Tokens:
    """The matches of the token rule in a text.

    >>> find_tokens("Velmar's vote").words, find_tokens("Velmar's vote").starts
    (["Velmar's", 'vote'], [0, 9])
    """
    is_common = _is_common(text)
    blanked = words_only(text, is_common)
    pieces = (_COMMON_TOKEN if is_common else _ANY_TOKEN).split(blanked)
    ends = list(accumulate(map(len, pieces)))
    starts, ends = ends[:-1:2], ends[1::2]
    between = pieces[::2]
    if blanked is not text:
        between = [text[a:b] for a, b in zip([0, *ends], [*starts, len(text)], strict=True)]
    return Tokens(pieces[1::2], between, starts, ends)


def count(texts: Iterable[str]) -> tuple[sp.csr_array, list[str]]:
    """Term counts of many texts.

    Returns
    -------
    counts : sparse int32 matrix, texts × terms
    terms : the terms, sorted by code point
    """
    number: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    rows = [
        np.fromiter(map(number.__getitem__, find_tokens(text).words), np.int32) for text in texts
    ]
    folded = [SPELLED[word][1] for word in number]
    terms = sorted({"", *folded})  # the empty one: a token of nothing but letters like apostrophes
    rank = {term: i for i, term in enumerate(terms)}
    column = np.array([rank[term] for term in folded], np.int32)
    codes = column[np.concatenate(rows)] if len(column) else np.zeros(0, np.int32)
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32 if len(codes) < 2**31 else np.int64)
    shape = (len(rows), len(terms))
    counts = sp.csr_array((np.ones(len(codes), np.int32), codes, starts), shape=shape)
    counts.sum_duplicates()
    return sp.csr_array(counts[:, 1:]), terms[1:]
