r"""Sketches of what an article shares with others, from which no text can be read.

A *shingle* is five words that follow one another in the outlet's own words. Quotations, names
and titles of persons are set aside first (two reports of one event share those without
copying): a name or title is a word written with a capital letter. Of the 64-bit hashes of the
distinct shingles those below :math:`2^{64}/4` are kept, a FracMinHash sketch (Irber et al.
2022): about one in four, the same ones in every article.
"""

from __future__ import annotations

import hashlib

import numpy as np

from analysis.measure.lookup import Lookup

SHINGLE_WORDS = 5
SKETCH_FRACTION = 4


def term_hashes(terms: list[str]) -> np.ndarray:
    """A 64-bit hash of each term (BLAKE2b), the same on every machine."""
    return np.frombuffer(b"".join(map(_DIGESTS.__getitem__, terms)), "<u8")


_DIGESTS = Lookup(lambda term: hashlib.blake2b(term.encode(), digest_size=8).digest())


def shingle_hashes(words: np.ndarray) -> np.ndarray:
    """The distinct hashes, sorted, of all runs of five of these word hashes."""
    runs = len(words) - SHINGLE_WORDS + 1
    if runs <= 0:
        return np.zeros(0, np.uint64)
    mixed = np.zeros(runs, np.uint64)
    for i in range(SHINGLE_WORDS):
        mixed = _mix(mixed ^ words[i : i + runs])
    return np.unique(mixed)


def sketch(hashes: np.ndarray) -> np.ndarray:
    """The part of the hashes that a measured corpus keeps: about one in four."""
    return hashes[kept_in_sketch(hashes)]


def kept_in_sketch(hashes: np.ndarray) -> np.ndarray:
    """Which of the hashes a sketch keeps."""
    return hashes < np.uint64(2**64 // SKETCH_FRACTION)


def counts_as_own(spellings: list[str]) -> np.ndarray:
    """Which spellings belong to shingles: not names and titles, which have a capital letter."""
    return np.asarray([not s[:1].isupper() for s in spellings], bool)


def _mix(x: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every input bit reaches all."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
