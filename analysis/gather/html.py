"""A saved HTML page → its article, by trafilatura."""

from __future__ import annotations

from typing import Any

import trafilatura

from analysis.errors import AnalysisError
from analysis.gather.credits import take_credits
from analysis.gather.dates import read_date
from analysis.gather.text import paragraphs


def read_html(page: str, *, dayfirst: bool | None = None) -> dict[str, Any]:
    """Title, date, outlet, agency and text of an HTML page, as ``read_page`` gives them.

    Trafilatura (Barbaresi 2021, ACL demo) finds the article and the page's own metadata; a date is
    taken only where the page's markup states one, not where its text happens to hold one.
    ``removed`` is empty but for the agency credit: trafilatura does not say what it left out.
    """
    found = trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    fields = found if isinstance(found, dict) else found.as_dict() if found else {}
    title = _plain(fields.get("title"))
    lines = [p for p in paragraphs(fields.get("text") or "") if p != title]
    texts, agency = take_credits(lines)
    try:
        date = read_date(_plain(fields.get("date")), dayfirst=dayfirst)
    except AnalysisError:
        date = ""
    return {
        "title": title,
        "date": date,
        "outlet": _plain(fields.get("sitename")),
        "agency": agency,
        "text": "\n\n".join(t for t in texts if t),
        "removed": [(a, "credit") for a, b in zip(lines, texts, strict=True) if a != b],
        "unread": {},
    }


def _plain(value: object) -> str:
    return " ".join(str(value).split()) if value else ""
