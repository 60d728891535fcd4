r"""Words: the token rule, once, and the fast way to apply it.

A *token* is a maximal run of letters, marks and digits that starts with a letter or digit.
Inside a token stay apostrophes (``don't``), hyphens (``self-determination``), separators between
digits (``8,000``, ``14.03.2014``) and the full stops of abbreviations (``U.S.``). A final
possessive ``'s`` is stripped (``Velmar's`` → ``velmar``), contractions of *is* and *has*
(``it's``) are kept. Counting is case-folded and in Unicode's composed form (NFC); all apostrophes
are one. Addresses, e-mails, hashtags and mentions are no words, and neither is what is written in a
script without spaces (Chinese, Japanese, Thai, …), where a rule cannot tell where words end.

No token holds white space. So a large text is split at white space by an Arrow kernel, each
*distinct* chunk is put through the rule once, and the counts are spread over the tokens of
the chunks: the result is that of applying the rule to the whole text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
_PUNCTUATION = ".,;:!?…\"“”„«»()[]{}–—/*|'‘’-"
_BATCH_BYTES = 8_000_000


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


# ---------------------------------------------------------------- many texts at once


@dataclass(frozen=True)
class Encoded:
    """The tokens of many texts as integers.

    Attributes
    ----------
    codes : int32 array, one entry a token, in text order; an index into `spellings`
    starts : int64 array of length texts + 1; tokens of text i are ``codes[starts[i]:starts[i+1]]``
    spellings : the distinct spellings, in an order that depends on the texts alone
    """

    codes: np.ndarray
    starts: np.ndarray
    spellings: list[str]

    def terms(self) -> tuple[np.ndarray, list[str]]:
        """For each spelling the number of its term, and the terms sorted by code point."""
        folded = [fold(s) for s in self.spellings]
        terms = sorted(set(folded))
        number = {term: i for i, term in enumerate(terms)}
        return np.fromiter((number[f] for f in folded), np.int32, len(folded)), terms


def encode(texts: Sequence[str] | pa.Array, threads: int = 2) -> Encoded:
    """Apply the token rule to many texts; the same tokens as `tokenize`, much faster."""
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    if array.null_count:
        array = pc.fill_null(array, "")
    with ThreadPoolExecutor(threads) as pool:
        offsets, chunks = zip(*pool.map(_split, _batches(array)), strict=True)
    together = pa.chunked_array(list(chunks)).unify_dictionaries()
    of_chunk = _refine(together.chunk(0).dictionary)
    parts = [
        of_chunk.spread(part.indices.to_numpy(), ends)
        for part, ends in zip(together.chunks, offsets, strict=True)
    ]
    lengths = np.concatenate([[0], *(lengths for _, lengths in parts)])
    codes = np.concatenate([codes for codes, _ in parts])
    return Encoded(codes, np.cumsum(lengths, dtype=np.int64), of_chunk.spellings)


def _split(texts: pa.Array) -> tuple[np.ndarray, pa.DictionaryArray]:
    """A batch at white space: where each text's chunks start, and the chunks."""
    chunks = pc.utf8_split_whitespace(texts)
    offsets = chunks.offsets.to_numpy()
    return offsets - offsets[0], chunks.flatten().dictionary_encode()


def _batches(texts: pa.Array) -> list[pa.Array]:
    """Slices of about `_BATCH_BYTES`, so that memory stays bounded and threads have work."""
    rows = max(1, int(len(texts) * _BATCH_BYTES / max(texts.nbytes, 1)))
    return [texts.slice(i, rows) for i in range(0, max(len(texts), 1), rows)]


@dataclass(frozen=True)
class _Refined:
    """The tokens of each distinct chunk: those of chunk c are ``flat[first[c]:first[c + 1]]``."""

    flat: np.ndarray
    first: np.ndarray
    spellings: list[str]

    def spread(self, chunks: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Token codes of a batch of texts, and the number of tokens of each of them."""
        size = np.diff(self.first)[chunks]
        ends = np.concatenate([[0], np.cumsum(size)])
        step = np.arange(ends[-1]) - np.repeat(ends[:-1], size)
        return self.flat[np.repeat(self.first[chunks], size) + step], np.diff(ends[offsets])


def _refine(chunks: pa.Array) -> _Refined:
    """Put each distinct chunk through the token rule.

    Most are one plain word between punctuation marks, which Arrow trims; the rule itself is
    needed for the others only.
    """
    trimmed = pc.utf8_trim(chunks, characters=_PUNCTUATION)
    plain = pc.match_substring_regex(trimmed, "^[A-Za-z]+$")
    words = trimmed.filter(plain).dictionary_encode()
    numbers = {word: i for i, word in enumerate(words.dictionary.to_pylist())}
    is_plain = plain.to_numpy(zero_copy_only=False)
    others = [
        [
            numbers.setdefault(s, len(numbers))
            for m in TOKEN.findall(words_only(chunk))
            if (s := spelling(m))
        ]
        for chunk in chunks.filter(pc.invert(plain)).to_pylist()
    ]
    sizes = np.ones(len(chunks), np.int64)
    sizes[~is_plain] = np.fromiter(map(len, others), np.int64, len(others))
    first = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.empty(first[-1], np.int32)
    of_plain = np.repeat(is_plain, sizes)
    flat[of_plain] = words.indices.to_numpy()
    flat[~of_plain] = np.fromiter(chain.from_iterable(others), np.int32, int((~of_plain).sum()))
    return _Refined(flat, first, list(numbers))


def count(texts: Sequence[str] | pa.Array, threads: int = 2) -> tuple[sp.csr_array, list[str]]:
    """Term counts of many texts.

    Returns
    -------
    counts : sparse int32 matrix, texts × terms
    terms : the terms, sorted by code point
    """
    encoded = encode(texts, threads)
    term_of, terms = encoded.terms()
    return count_codes(encoded, term_of, len(terms)), terms


def count_codes(encoded: Encoded, term_of: np.ndarray, n_terms: int) -> sp.csr_array:
    """Counts, texts × terms, of tokens that are already encoded."""
    columns = term_of[encoded.codes] if len(term_of) else encoded.codes
    index = np.int32 if len(columns) < 2**31 else np.int64  # a copy: scipy adds up in place
    shape = (len(encoded.starts) - 1, n_terms)
    ones = np.ones(len(columns), np.int32)
    matrix = sp.csr_array((ones, columns, encoded.starts.astype(index)), shape=shape)
    matrix.sum_duplicates()
    return matrix
