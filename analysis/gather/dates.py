"""A written date → ISO 8601. Never a guess: what can be read two ways is refused."""

import re
from calendar import isleap
from collections import defaultdict
from datetime import date, timedelta
from functools import cache

from analysis.data import DATA, read_list
from analysis.errors import AnalysisError, wording

YEARS = range(1600, 2101)
PIVOT = 69  # years of two digits from which they are of the 20th century
LONGEST = 200  # characters of what may be a date
REMEDY = "Write it as 2014-03-14, 14.03.2014 or 14 March 2014."

_YEAR, _DAY = r"(?P<y>\d{4})", r"(?P<d>[0-3]?\d)"
_SHIFT = r"[+-]\d\d:?\d\d"
_NTH = r"(?:st|nd|rd|th|er|º|\.)"
_MONTH = r"(?P<month>[^\W\d_]+)\.?"
_FORMS = [  # tried in this order; each names its parts
    re.compile(p, re.I)
    for p in (
        rf"(?<!\d){_YEAR}[-/.] ?(?P<m>[01]?\d)[-/.] ?{_DAY}\.?(?!\d)",
        rf"^{_YEAR}(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?\d{{4}}(?:\d\d)?(?:Z|{_SHIFT})?)?$",
        rf"{_YEAR}[年년] ?(?P<m>[01]?\d)[月월] ?{_DAY}[日일]",
        rf"(?<!\d){_DAY}\. ?(?P<m>[01]?\d)\. ?{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}{_NTH}?(?:(?: of| de)?[ /-]|(?<=\d)){_MONTH}(?: de)?,?[ /-]?{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH}[ /-]{_DAY}(?:st|nd|rd|th)?,?[ /-]{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}\.?(?: m\.)?[ /-]{_MONTH}[ /-]{_DAY}(?!\d)",
        rf"(?<!\d){_DAY}[ /-]{_MONTH}[ /-](?P<y>\d\d)(?!\d)",
        rf"^{_YEAR}-(?P<nth>\d{{3}})(?![\d-])",  # a day of the year
        r"^(?P<week>\d{4}-W\d\d-[1-7])(?!\d)",
        r"(?<![\d.])(?P<d>[0-3]?\d)\. ?(?P<m>[01]?\d)\. ?(?P<y>\d\d)(?!\.?\d)",
        r"^(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<y>\d\d)(?!\d)",
        rf"(?<!\d)(?P<a>[0-3]?\d)[/-](?P<b>[0-3]?\d)[/-]{_YEAR}(?!\d)",
    )
]
# Hours alone shift a time as "+01", and behind seconds as "-05": "18:00-20" is a range.
_HOURS = r"(?<=\d)\+\d\d\b|(?<=:\d\d:\d\d)-\d\d\b"
_ZONE = rf"(?: ?(?P<zone>Z\b|(?:GMT|UTC)?{_SHIFT}\b|{_HOURS}|(?-i:[A-Z]{{2,5}})\b))?"
_CLOCK = re.compile(
    r"(?<![\d.])(?:\bT)?(?P<h>[0-2]?\d)(?:[:.h]| h )(?P<min>[0-5]\d)"
    rf"(?:[:.][0-5]\d(?:[.,]\d{{1,9}})?)?(?: ?(?P<half>[ap])\.?m\b\.?)?{_ZONE}"
    r"|\b(?P<hour>[01]?\d) ?(?P<half12>[ap])\.?m\b\.?",
    re.I,
)
_COMPACT = re.compile(
    rf"^\d{{8}}T?(?P<h>[0-2]\d)(?P<min>[0-5]\d)(?:[0-5]\d)?(?P<zone>Z|{_SHIFT})?$"
)
_OFFSET = re.compile(rf"(?:(?:GMT|UTC) ?)?{_SHIFT}\b|(?<=\d)Z\b", re.I)
_SHORT = re.compile(r"^[0-3]?\d[/-][0-3]?\d[/-]\d\d(?!\d)")


@cache
def _months() -> dict[str, frozenset[int]]:
    """Name of a month, in small letters → the months it stands for in some language."""
    found: dict[str, set[int]] = defaultdict(set)
    for names in read_list(DATA / "dates.toml")["months"].values():
        for month, forms in enumerate(names, 1):
            for form in forms.split():
                found[form].add(month)
    return {name: frozenset(months) for name, months in found.items()}


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(read_list(DATA / "dates.toml")[name].split())


def read_date(written: str, *, dayfirst: bool | None = None) -> str:
    """The date that a whole string states.

    Read: ``2014-03-14`` (also with time), ``20140314``, ``20140314T103000Z``, ``2014-073`` (a day
    of the year), ``2014-W11-5``, ``14.03.2014`` and ``14.03.14`` (full stops are used day first; a
    year of two digits is one of 1969–2068), ``14 March 2014``,
    ``March 14, 2014``, ``2014. március 14.``, ``Fri Mar 14 10:30:00 +0000 2014`` and the month
    names of the languages in ``data/dates.toml``, with weekday, clock time, zone and words such as
    *Published*. The day is the one written; no time zone is converted.

    Parameters
    ----------
    written
        The string; ``""`` gives ``""``.
    dayfirst
        How ``03/04/2014`` is meant: True 3 April, False March 4. Without it such a date is refused
        unless one of its numbers is above 12; ``25/03/14`` is always refused without it.

    Returns
    -------
    str
        ``YYYY-MM-DD``.

    Raises
    ------
    AnalysisError
        No date, a day that does not exist, a year out of 1600–2100, a month of another name in
        another language, or a date that can be read two ways.
    """
    written = re.sub(r"\d", lambda m: str(int(m[0])), " ".join(written.split()))  # of any script
    if not written:
        return ""
    found, rest = _find(written[: LONGEST + 1], dayfirst)
    if len(written) > LONGEST or not around_date(_OFFSET.sub(" ", _CLOCK.sub(" ", rest))):
        raise AnalysisError(f"{written[:60]!r} is not a date alone.", REMEDY)
    return found


def around_date(line: str) -> bool:
    """Whether a line holds no other words than such as stand around a date."""
    known = _words("around") | _words("weekdays") | _words("changed") | _words("zones")
    return all(word.casefold() in known for word in re.findall(r"[^\W_]+", line[:LONGEST]))


def read_time(written: str) -> str:
    """The time of day that a written date states, with its zone as written; '' for none.

    >>> read_time("2014-03-14T09:26:00+01:00"), read_time("9:26PM GMT 14 Mar 2014")
    ('09:26+01:00', '21:26 GMT')
    """
    written = " ".join(written.split())[:LONGEST]
    for form in (_FORMS[0], _FORMS[3], _FORMS[-3]):  # parted by full stops
        written = written if _COMPACT.match(written) else form.sub(" ", written)
    m = _COMPACT.match(written) or _CLOCK.search(written)
    if not m:
        return ""
    parts = m.groupdict()
    hour = int(parts["h"] or parts.get("hour") or 0)
    half = (parts.get("half") or parts.get("half12") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    zone = (parts.get("zone") or "").upper()
    if zone and zone[-1].isalpha() and zone != "Z":
        zone = f" {zone}" if zone.casefold() in _words("zones") else ""
    return f"{hour:02}:{int(parts['min'] or 0):02}{zone}" if hour < 24 else ""


def two_numbers(written: str) -> tuple[int, int] | None:
    """The numbers of a date that puts two before the year (``25/03/2014``); None for any other."""
    m = _FORMS[-1].search(written[:LONGEST])
    return (int(m["a"]), int(m["b"])) if m else None


def has_short_year(written: str) -> bool:
    """Whether a date in digits has a year of two (``14.03.14``)."""
    return bool(_FORMS[-3].search(written[:LONGEST]))


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else, readable or not without being told more."""
    if len(line) > LONGEST or not any(c.isdigit() for c in line) or _SHORT.match(line):
        return False
    try:
        read_date(line, dayfirst=True)
    except AnalysisError:
        return False
    return True


def is_labelled(line: str) -> bool:
    """Whether a line begins with a word such as *Published*."""
    first = re.match(r"[^\W\d_]+", line)
    return bool(first) and first[0].casefold() in _words("labels")  # type: ignore[index]


def only_changed(line: str) -> bool:
    """Whether a line that is a date says when something was changed, not when it was published."""
    first = re.match(r"\W*([^\W\d_]+)", line)
    dates = sum(len(form.findall(line)) for form in _FORMS[:2] + _FORMS[3:6])
    return bool(first and dates < 2 and first[1].casefold() in _words("changed"))


def _find(written: str, dayfirst: bool | None) -> tuple[str, str]:
    for text in (written, " ".join(_OFFSET.sub(" ", _CLOCK.sub(" ", written)).split())):
        for form in _FORMS:
            if form is _FORMS[-2] and dayfirst is None:  # which may be the year as well
                continue
            matches = [m for m in form.finditer(text) if _named(m)]
            if not matches:
                continue
            days = [_day(m.groupdict(), m[0], dayfirst) for m in matches]
            # "Published … Updated …": the first date is the one of publication.
            rest = form.sub(" ", text)
            first = days[0] if not _updated_first(text, matches) else days[-1]
            return first, rest
    why = ": its year has two digits" if _SHORT.match(written) else ""
    raise AnalysisError(f"{written[:60]!r} holds no date that can be read{why}.", REMEDY)


def _named(m: re.Match[str]) -> bool:
    """Whether what stands in a month's place is a month."""
    name = m.groupdict().get("month")
    return name is None or name.casefold() in _months()


def _updated_first(written: str, matches: list[re.Match[str]]) -> bool:
    before = re.findall(r"[^\W\d_]+", written[: matches[0].start()].casefold())
    return len(matches) > 1 and any(w in _words("changed") for w in before)


def _day(parts: dict[str, str | None], shown: str, dayfirst: bool | None) -> str:
    given = {name: part for name, part in parts.items() if part}
    year = int(given.get("y") or given["week"][:4])
    if len(given.get("y", "")) == 2:  # "14-MAR-14", as POSIX reads it
        year += 2000 if year < PIVOT else 1900
    if year not in YEARS:
        received = f"{shown!r}: the year {year} is out of range ({YEARS[0]}–{YEARS[-1]})."
        raise AnalysisError(received, "Correct it, or leave the date empty.")
    try:
        if "week" in given:
            return date.fromisoformat(given["week"]).isoformat()
        if "nth" in given:
            if not 1 <= int(given["nth"]) <= 365 + isleap(year):
                raise ValueError("a day that the year lacks")
            return (date(year, 1, 1) + timedelta(int(given["nth"]) - 1)).isoformat()
        if "a" in given:
            day, month = _two_numbers(int(given["a"]), int(given["b"]), shown, dayfirst)
        else:
            name = given.get("month")
            month = _month(name, shown) if name else int(given["m"])
            day = int(given["d"])
        return date(year, month, day).isoformat()
    except AnalysisError:
        raise
    except ValueError:
        raise AnalysisError(f"{shown!r} is not a day of the calendar.", REMEDY) from None


def _month(name: str, shown: str) -> int:
    months = sorted(_months()[name.casefold()])
    if len(months) > 1:
        listed = " or ".join(map(str, months))
        received = f"{shown!r}: {name} is month {listed}, depending on the language."
        raise AnalysisError(received, REMEDY)
    return months[0]


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
