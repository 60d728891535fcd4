"""Exports of news databases, split into their articles: one module for each database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.gather.drafts import Draft, Options, Source
from analysis.gather.exports import addresses, europresse, factiva, lexis, proquest
from analysis.gather.problems import BadArticle

KINDS = (*factiva.KINDS, lexis.KIND, europresse.KIND, *proquest.KINDS, addresses.KIND)


def looks(lines: Sequence[str]) -> bool:
    """Whether lines are an export of one of the databases."""
    return any(d.looks(lines) for d in (proquest, lexis, factiva))


def read_lines(
    lines: Sequence[str], source: Source, options: Options, form: str
) -> Iterator[Draft | BadArticle]:
    """The articles of an export that a document or a text file holds."""
    database = next(d for d in (proquest, lexis, factiva) if d.looks(lines))
    return database.read_lines(lines, source, options, form)
