"""Exports of news databases, split into their articles: one module for each database."""

from collections import Counter
from collections.abc import Sequence
from types import ModuleType

from analysis.gather.dates import is_date
from analysis.gather.exports import addresses, europresse, factiva, lexis, proquest
from analysis.gather.exports.records import is_copyright

SHORT = 6  # words of a line that ends an article, at most

KINDS = (*factiva.KINDS, lexis.KIND, europresse.KIND, *proquest.KINDS, addresses.KIND)


def database(lines: Sequence[str]) -> ModuleType | None:
    """The module of the database whose export lines are; None for any other text."""
    return next((d for d in (proquest, lexis, factiva) if d.looks(lines)), None)


def several(lines: Sequence[str]) -> int:
    """How many articles a text looks like that no database's labels part; 0 for one.

    As many notices of rights as copies of one short line, each of two or more, and no fewer dates.
    """
    notices = sum(map(is_copyright, lines))
    short = Counter(x for x in lines if len(x.split()) <= SHORT and not is_copyright(x))
    dates = sum(is_date(x) for x in lines)
    return notices if 1 < notices <= dates and notices in short.values() else 0
