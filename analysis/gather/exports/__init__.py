"""Exports of news databases, split into their articles: one module for each database."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from analysis.gather.exports import addresses, europresse, factiva, lexis, proquest

KINDS = (*factiva.KINDS, lexis.KIND, europresse.KIND, *proquest.KINDS, addresses.KIND)


def database(lines: Sequence[str]) -> ModuleType | None:
    """The module of the database whose export lines are; None for any other text."""
    return next((d for d in (proquest, lexis, factiva) if d.looks(lines)), None)
