r"""Lexical diversity of a text from the order of its words: MATTR and MTLD.

Both compare texts of unequal length, which the plain type–token ratio does not: it falls with
every further word.
"""

import numpy as np

WINDOW = 100
MAINTAINED = 0.72
_STEP = 64  # words read at once


def neighbours(codes: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each token's word last stood in the same text, and where it next stands.

    Parameters
    ----------
    codes : the word of each token
    starts : text i is ``codes[starts[i]:starts[i + 1]]``

    Returns
    -------
    previous, following : positions counted from the text's start; -1, and the text's length,
        where there is none
    """
    length = np.diff(starts)
    text = np.repeat(np.arange(len(length)), length)
    at = np.arange(len(codes)) - starts[text]
    order = np.argsort(text * (int(codes.max(initial=0)) + 1) + codes, kind="stable")
    one, next_one = order[:-1], order[1:]
    same = (codes[one] == codes[next_one]) & (text[one] == text[next_one])
    previous, following = np.full(len(codes), -1), length[text]
    previous[next_one[same]] = at[one[same]]
    following[one[same]] = at[next_one[same]]
    return previous, following


def mattr(previous: np.ndarray, starts: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Moving-average type–token ratio (Covington & McFall 2010) of each text.

    The mean of types / tokens over all windows of `window` tokens; empty (nan) for a shorter
    text. Higher: more varied.

    Parameters
    ----------
    previous, starts
        As `neighbours` gives and takes them.
    """
    length = np.diff(starts)
    text = np.repeat(np.arange(len(length)), length)
    at = np.arange(len(previous)) - np.repeat(starts[:-1], length)
    # A token is its word's first in the windows that begin after the word's last occurrence.
    last = np.minimum(at, length[text] - window)
    windows = np.maximum(last - np.maximum(previous, at - window), 0)
    types = np.bincount(text, windows, minlength=len(length))
    number = length - window + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(number > 0, types / (window * number), np.nan)


def mtld(previous: np.ndarray, following: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Measure of textual lexical diversity (McCarthy & Jarvis 2010) of each text.

    The mean length of runs of words whose type–token ratio stays at .72 or above; the
    run left at the end counts in part; the mean of reading forwards and backwards. Empty (nan)
    where no word is repeated. Higher: more varied.
    """
    length = np.diff(starts)
    mirror = np.repeat(starts[1:] - 1 + starts[:-1], length) - np.arange(len(previous))
    backwards = np.repeat(length, length) - 1 - following[mirror]
    factors = [_factors(before, starts) for before in (previous, backwards)]
    with np.errstate(divide="ignore", invalid="ignore"):
        both = [np.where(f > 0, length / f, np.nan) for f in factors]
    return np.asarray((both[0] + both[1]) / 2)


def _factors(before: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Runs of each text, the last one in part, given where each token's word last stood.

    All texts are read side by side, a few words at a time.
    """
    length = np.diff(starts)
    factors, run, seen, types = (np.zeros(len(length), np.int64) for _ in range(4))
    left = np.flatnonzero(length > 0)
    step = np.arange(_STEP)
    while left.size:
        at = run[left, None] + seen[left, None] + step
        is_inside = at < length[left, None]
        place = np.minimum(starts[left, None] + at, len(before) - 1)
        is_new = is_inside & (before[place] < run[left, None])
        so_far = types[left, None] + np.cumsum(is_new, axis=1)
        falls = is_inside & (so_far < MAINTAINED * (seen[left, None] + step + 1))
        first = falls.argmax(axis=1)
        ends = falls[np.arange(len(left)), first]
        done, on = left[ends], left[~ends]
        factors[done] += 1
        run[done] += seen[done] + first[ends] + 1
        seen[done] = types[done] = 0
        types[on] = so_far[~ends, -1]
        seen[on] = np.minimum(seen[on] + _STEP, length[on] - run[on])
        left = left[run[left] + seen[left] < length[left]]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(seen > 0, types / seen, 1.0)
    return np.asarray(factors + (1 - ratio) / (1 - MAINTAINED))
