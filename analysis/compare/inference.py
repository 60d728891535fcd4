"""What the number of articles allows to be said (METHODS §0): the ground floor of `compare`.

The article is the unit of evidence. n is the number of articles in the smaller of two groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from math import comb

import numpy as np
import pandas as pd

from analysis.measure.measures import Measures

SEED = 20140314
ALPHA = 0.05


class Evidence(IntEnum):
    """What may be shown of a comparison."""

    NONE = 0
    """A group has no article."""
    DESCRIPTIVE = 1
    """1–3 articles: counts, rates, log ratio, leave-one-out range. No p, no interval."""
    NAMED_TERMS = 2
    """4–9: the same, and an exact permutation test of terms named beforehand."""
    WORDS = 3
    """10 or more: word-level tests with false-discovery control, bootstrap intervals."""


def permitted(n: int) -> Evidence:
    """What n articles in the smaller group allow."""
    if n < 1:
        return Evidence.NONE
    if n < 4:
        return Evidence.DESCRIPTIVE
    return Evidence.NAMED_TERMS if n < 10 else Evidence.WORDS


def smallest_p(n_target: int, n_reference: int) -> float:
    r"""The smallest two-sided p a permutation test of article labels can give.

    :math:`2 / \\binom{n_1+n_2}{n_1}`, but never above 1; .10 for three against three.
    """
    return min(1.0, 2 / comb(n_target + n_reference, n_target))


def small_n_note(n_target: int, n_reference: int) -> str:
    """Why there is no p-value and no interval, or an empty string where there may be."""
    n = min(n_target, n_reference)
    level = permitted(n)
    if level is Evidence.WORDS:
        return ""
    groups = f"{n_target} against {n_reference} article{'s' if n_reference != 1 else ''}"
    smallest = smallest_p(n_target, n_reference)
    reason = f"the smallest two-sided p that {groups} can give is {smallest:.2g}"
    if level is Evidence.NAMED_TERMS:
        return (
            f"Tests of single words need 10 articles in each group ({reason}): no p, no interval."
        )
    return f"No p and no interval: {reason}."


def ordered(frame: pd.DataFrame, by: list[str], descending: list[str]) -> pd.DataFrame:
    """Sorted by score, then by name, so that equal scores have one order on every machine."""
    ascending = [c not in descending for c in by]
    return frame.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)


def with_notes(frame: pd.DataFrame, notes: Iterable[str], measures: Measures) -> pd.DataFrame:
    """The frame, carrying what was selected and these notes in ``frame.attrs["notes"]``."""
    frame.attrs["notes"] = [note for note in (*measures.notes, *notes) if note]
    return frame


def generator(*key: int) -> np.random.Generator:
    """Random numbers that depend on the project's seed and this key alone."""
    return np.random.default_rng([SEED, *key])
