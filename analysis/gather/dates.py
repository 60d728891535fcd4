"""A written date → ISO 8601. Never a guess: what can be read two ways is refused."""

from __future__ import annotations

import re
from datetime import date, datetime

from analysis.errors import AnalysisError, wording

_NAMES = {  # English, German, French, Russian, Spanish, Ukrainian; short forms by first letters
    1: "january jan januar jänner janvier января январь enero січня",
    2: "february feb februar februari février fevrier февраля февраль febrero лютого",
    3: "march mar märz maerz mrz mars марта март marzo березня",
    4: "april apr avril апреля апрель abril квітня",
    5: "may mai мая май mayo травня",
    6: "june jun juni juin июня июнь junio червня",
    7: "july jul juli juillet июля июль julio липня",
    8: "august aug août aout августа август agosto серпня",
    9: "september sep sept septembre сентября сентябрь septiembre вересня",
    10: "october oct oktober okt octobre октября октябрь octubre жовтня",
    11: "november nov novembre ноября ноябрь noviembre листопада",
    12: "december dec dezember dez décembre decembre декабря декабрь diciembre грудня",
}
MONTHS = {name: month for month, names in _NAMES.items() for name in names.split()}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR, _DAY = r"(?P<y>(?:1[6-9]|20)\d\d)", r"(?P<d>[0-3]?\d)"
FORMS = [  # tried in this order; each names its parts
    re.compile(p, re.I)
    for p in (
        rf"(?<!\d){_YEAR}[-/.](?P<m>[01]?\d)[-/.]{_DAY}(?!\d)",
        rf"^{_YEAR}(?P<m>[01]\d)(?P<d>[0-3]\d)$",
        rf"(?<!\d){_DAY}\. ?(?P<m>[01]?\d)\. ?{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|\.)?(?: of| de)?[ -]{_MONTH}(?: de)?,?[ -]{_YEAR}(?!\d)",
        rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
        rf"(?<!\d)(?P<a>[0-3]?\d)[/-](?P<b>[0-3]?\d)[/-]{_YEAR}(?!\d)",
    )
]
# What may stand around the date without changing it: clock times, zones, weekdays, labels.
_TIME = re.compile(
    r"(?:\bT|\b)[0-2]?\d[:.h][0-5]\d(?:[:.][0-5]\d(?:[.,]\d+)?)? ?(?:[ap]\.?m\b\.?)?"
    r"|\b[01]?\d ?[ap]\.?m\b\.?|(?:(?:GMT|UTC) ?)?[+-]\d\d:?\d\d\b|(?<=\d)Z\b"
    r"|\b(?:UTC|GMT|BST|C?EST|EDT|ET|[CMP][SD]T|[CMP]T|CET|MSK|EET|Z)\b",
    re.I,
)
_LABELS = """published updated posted date dated first last modified created on at from by the
print time veröffentlicht aktualisiert datum stand am um uhr vom publié le mis à jour modifié
опубликовано обновлено дата г в publicado actualizado el a las"""
_WEEKDAYS = """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur
thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do
fr sa so lundi mardi mercredi jeudi vendredi samedi dimanche понедельник вторник среда четверг
пятница суббота воскресенье пн вт ср чт пт сб вс lunes martes miércoles jueves viernes sábado
domingo"""
_AROUND = frozenset(f"{_LABELS} {_WEEKDAYS}".split())


def read_date(written: str, *, dayfirst: bool | None = None) -> str:
    """The date that a whole string states.

    Read: ``2014-03-14`` (also with time), ``20140314``, ``14.03.2014`` (full stops are used day
    first wherever they are used), ``14 March 2014``, ``March 14, 2014``, ``14 Mar 2014`` and the
    German, French, Spanish, Russian and Ukrainian month names, with weekday, clock time, zone and
    words such as *Published*. The day is the one written; no time zone is converted.

    Parameters
    ----------
    written
        The string; ``""`` gives ``""``.
    dayfirst
        How ``03/04/2014`` is meant: True 3 April, False March 4. Without it such a date is refused
        unless one of its numbers is above 12.

    Returns
    -------
    str
        ``YYYY-MM-DD``.

    Raises
    ------
    AnalysisError
        No date, two different dates, a day that does not exist, a year of two digits, or a date
        that can be read two ways.
    """
    written = " ".join(written.split())
    if not written:
        return ""
    found, rest = _find(written, dayfirst)
    extra = re.findall(r"[^\W_]+", _TIME.sub(" ", rest))
    if any(word.casefold() not in _AROUND for word in extra):
        raise AnalysisError(f"{written[:60]!r} is not a date alone.", REMEDY)
    return found


REMEDY = "Write it as 2014-03-14, 14.03.2014 or 14 March 2014."


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else, readable or not without being told more."""
    try:
        read_date(line, dayfirst=True)
    except AnalysisError:
        return False
    return bool(line.strip())


def _find(written: str, dayfirst: bool | None) -> tuple[str, str]:
    for form in FORMS:
        matches = list(form.finditer(written))
        if not matches:
            continue
        days = [_day(m.groupdict(), m[0], dayfirst) for m in matches]
        # "Published … Updated …": the first date is the one of publication.
        rest = form.sub(" ", written)
        first = days[0] if not _updated_first(written, matches) else days[-1]
        return first, rest
    raise AnalysisError(f"{written[:60]!r} holds no date that can be read.", REMEDY)


def _updated_first(written: str, matches: list[re.Match[str]]) -> bool:
    before = written[: matches[0].start()].casefold()
    return len(matches) > 1 and any(w in before for w in ("updated", "modified", "aktualisiert"))


def _day(parts: dict[str, str | None], shown: str, dayfirst: bool | None) -> str:
    year = int(parts["y"] or 0)
    if parts.get("a"):
        day, month = _two_numbers(int(parts["a"] or 0), int(parts["b"] or 0), shown, dayfirst)
    else:
        name = parts.get("month")
        month = MONTHS[name.casefold()] if name else int(parts["m"] or 0)
        day = int(parts["d"] or 0)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise AnalysisError(f"{shown!r} is not a day of the calendar.", REMEDY) from None


def _two_numbers(a: int, b: int, shown: str, dayfirst: bool | None) -> tuple[int, int]:
    if a > 12 or (dayfirst and b <= 12):
        return a, b
    if b > 12 or dayfirst is False:
        return b, a
    if a == b:
        return a, b
    which = wording("dayfirst=True or dayfirst=False", "--day-first or --month-first")
    raise AnalysisError(
        f"{shown!r} can be read day first or month first.",
        f"Say which with {which}, or write it as 2014-03-14.",
    )


def iso(value: object, *, dayfirst: bool | None = None) -> str:
    """The date of a table's cell: a date, a timestamp or a written date."""
    if isinstance(value, date | datetime):
        return value.strftime("%Y-%m-%d")
    return read_date(str(value), dayfirst=dayfirst)
