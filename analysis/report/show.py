"""Tables as people read them: aligned, rounded, whole; and sentences of figures."""

from __future__ import annotations

import base64
import gzip
import html
import json
import math
import os
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError, counted
from analysis.measure.tokens import fold
from analysis.report.addresses import EXPORT_VARIABLE, address, articles_with, web_address

_PAGE = 10  # rows of a table that are on display at a time
_MOST = 20_000  # rows that a page holds
_READABLE = {
    **{"per_1000": "per 1,000 words", "per_million": "per million words", "url": "address"},
    **{"spelling": "word", "more_used_by": "used more by", "mattr": "MATTR", "mtld": "MTLD"},
    **{"dp": "DP", "entry": "theme", "articles_all": "of articles", "n_articles": "of articles"},
}
_LONG = 18  # characters of a cell from which its column may break lines
_P_VALUES = {"p", "q", "p_value", "q_value", "p_adjusted"}  # a column, or the last word of its name
_EXPLAINED = {"p", "q", "dp", "k", "n"}  # headings whose meaning the glossary of a page tells


def squeezed(data: Any) -> str:
    """What a page holds and does not show: JSON, zipped, in letters that end no element.

    `unfolded` in the page's script reads it.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = gzip.compress(text.encode("utf-8", "backslashreplace"), mtime=0)
    return base64.b64encode(packed).decode("ascii")


@dataclass(frozen=True)
class Cells:
    """One column made ready: its heading, its cells as text, and how they stand."""

    heading: str
    cells: list[str]
    kind: str  # "number", "text", "address" or "passages"
    links: list[str] = field(default_factory=list)  # where each cell leads, empty: nowhere
    values: list[float | None] = field(default_factory=list)  # of a column of numbers
    form: int | str = 0  # of numbers: decimals, "share" or "p"
    gloss: str = ""

    @property
    def attributes(self) -> str:
        """Of each cell; inline, since JupyterLab puts all cells right and has no sheet of ours."""
        if self.kind == "number":
            return ""
        long = self.kind == "text" and max(map(len, self.cells), default=0) > _LONG
        return (' class="long"' if long else "") + ' style="text-align:left"'

    def packed(self) -> dict[str, Any]:
        """All cells for the script of a page, which prints numbers as `_printed` does."""
        number = self.kind == "number"
        own = {"v": self.values, "f": self.form} if number else {"v": self.cells}
        return {"k": self.kind} | own | ({"l": self.links} if self.links else {})

    def first(self, n: int) -> Cells:
        """The same, of the first rows alone."""
        parts = {name: getattr(self, name)[:n] for name in ("cells", "links", "values")}
        return replace(self, **parts)


@dataclass(frozen=True)
class Shown:
    """A table for a notebook cell or a page. Made by `show`."""

    columns: list[Cells]
    caption: str
    rows: int
    whole: str = ""  # all columns, squeezed, where a page shows the first rows alone

    def _repr_html_(self) -> str:
        total = len(self.columns[0].cells) if self.columns else 0
        if not total:
            return f'<p class="empty">{_escaped(self.caption) or "Rows"}: none.</p>'
        shown = min(self.rows, total)
        head = "".join(map(_heading, self.columns))
        body = "\n".join(
            "<tr>" + "".join(_cell(c, i, c is _row_header(self.columns)) for c in self.columns)
            for i in range(shown)
        )
        caption = f"<caption>{_escaped(self.caption)}</caption>" * bool(self.caption)
        cut = f'<p class="cut">The first {shown:,} of {total:,} rows.</p>' * (shown < total)
        # All rows, for the script of a page: it turns pages, sorts, searches, writes CSV.
        columns = [column.packed() for column in self.columns] if _in_report() else []
        packed = squeezed({"n": self.rows, "c": columns, "z": self.whole}) if columns else ""
        data = f'<script type="text/plain">{packed}</script>' * bool(packed)
        return (
            f'<figure class="table"><div class="scroll"><table class="data">{caption}\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>{cut}"
            f"{data}</figure>"
        )

    def __repr__(self) -> str:
        frame = pd.DataFrame({i: c.cells[: self.rows] for i, c in enumerate(self.columns)})
        headings = [c.heading for c in self.columns]
        text = frame.to_string(index=False, header=headings) if len(frame) else "(no rows)"
        return "\n".join(filter(None, [self.caption, text]))


def show(
    frame: pd.DataFrame,
    caption: str | None = None,
    *,
    digits: int | None = None,
    rows: int | None = _PAGE,
) -> Shown:
    """A table as a notebook cell's last value.

    Parameters
    ----------
    frame
        Any tidy table; a named index becomes columns. Columns without any value are left out.
        What `frame.attrs["notes"]` says stands once a page, by `about`.
    caption
        What the table is, and n.
    digits
        Decimals. By default enough for three significant figures of
        the column's median; shares as percentages; p and q to three decimals.
    rows
        So many rows are on display at a time. A page of the report holds all rows: it turns pages,
        sorts and searches the first 20,000, and writes CSV of all. None: all are on display.

    Returns
    -------
    Shown
        HTML and plain text, the same for the same table. Missing values are blank, strings are
        escaped, addresses (http, https) are links.
    """
    table = frame.reset_index() if any(frame.index.names) else frame
    filled = [not table.iloc[:, at].map(_is_blank).all() for at in range(table.shape[1])]
    columns = [
        _linked(_column(name, table.iloc[:, at], digits), table)
        for at, name in enumerate(table.columns)
        if filled[at] or not any(filled)
    ]
    if any(column.links and column.kind == "text" for column in columns):
        columns = [column for column in columns if column.kind != "address"]
    caption, whole = caption or "", ""
    if len(table) > _MOST:
        held = "; the CSV holds all" * _in_report()
        caption += f" (the first {_MOST:,} of {len(table):,} rows{held})"
        whole = squeezed([replace(column, links=[]).packed() for column in columns])
        columns = [column.first(_MOST) for column in columns]
    return Shown(columns, caption, len(table) if rows is None else rows, whole)


def _linked(column: Cells, table: pd.DataFrame) -> Cells:
    """Articles lead to their address; in a report, terms and speakers to the pages that ask."""
    links: list[str] = []
    spelled = next((name for name in ("spelling", "word", "term") if name in table), "")
    if column.kind != "text":
        pass
    elif column.heading in ("Article", "Title") and "url" in table:
        links = [web_address(str(url)) for url in table["url"]]
    elif column.heading == "Speaker" and _in_report():
        links = [articles_with(name) for name in column.cells]
    elif spelled and column.heading in (heading(spelled), "Term") and _in_report():
        counted = table["term" if "term" in table else spelled]
        links = [address(fold(str(t))) if str(t) else "" for t in counted]
    return replace(column, links=links)


def _in_report() -> bool:
    """Whether a report is being built, whose pages are there to link to."""
    return bool(os.environ.get(EXPORT_VARIABLE))


@dataclass(frozen=True)
class About:
    """What was counted, left out and drawn, once a page. Made by `about`."""

    notes: list[str]

    def _repr_html_(self) -> str:
        listed = "".join(f"<li>{_escaped(note)}</li>" for note in self.notes)
        return (
            '<details class="about"><summary>About these numbers</summary>'
            f'<ul class="notes">{listed}</ul></details>'
        )

    def __repr__(self) -> str:
        return "\n".join(self.notes)


def about(*frames: pd.DataFrame | str) -> About:
    """The notes of some tables, and sentences, each once; a notebook's last word on its numbers."""
    given: Iterable[str] = (
        str(note)
        for frame in frames
        for note in ([frame] if isinstance(frame, str) else frame.attrs.get("notes", []))
    )
    return About(list(dict.fromkeys(note for note in given if note)))


def heading(name: object) -> str:
    """A column's name as a reader wants it.

    >>> heading("per_1000"), heading("articles_target"), heading("n")
    ('Per 1,000 words', 'Articles target', 'n')
    """
    text = " · ".join(str(part) for part in name) if isinstance(name, tuple) else str(name)
    for given, readable in _READABLE.items():
        text = re.sub(rf"(?<![^\W_]){given}(?![^\W_])", readable, text)
    text = text.replace("_", " ").strip()
    first = text.split(" ")[0]  # the name of a site stays as it is
    return text[:1].upper() + text[1:] if len(first) > 1 and "." not in first[:-1] else text


# ---------------------------------------------------------------- values to text


def _column(name: object, values: pd.Series, digits: int | None) -> Cells:
    title = heading(name)
    gloss = str(name) if str(name) in _EXPLAINED else ""
    items = values.astype(object).tolist()
    if all(_is_blank(v) or _is_number(v) for v in items) and not all(map(_is_blank, items)):
        numbers = [math.nan if _is_blank(v) else float(v) for v in items]
        form = _form(str(name), items, numbers, digits)
        cells = [_printed(v, form) for v in numbers]
        return Cells(title, cells, "number", [], [_short(v) for v in numbers], form, gloss)
    if str(name) == "passages":
        cells = [_text(v) if isinstance(v, str) else "\n".join(v) for v in items]
        return Cells(title, cells, "passages")
    return Cells(title, [_text(v) for v in items], "address" if str(name) == "url" else "text")


def _short(value: float) -> float | int | None:
    """Six significant figures, enough for print and for a spreadsheet; None where blank."""
    if not math.isfinite(value):
        return None if math.isnan(value) else math.copysign(1e300, value)
    rounded = value if value.is_integer() else float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def _form(name: str, items: list[Any], numbers: list[float], digits: int | None) -> int | str:
    """How a column of numbers is printed: decimals, "share" or "p"."""
    finite = [v for v in numbers if math.isfinite(v)]
    if digits is None and all(_is_blank(v) or isinstance(v, Integral) for v in items):
        return 0
    if re.split("[_ ]", name)[-1] in _P_VALUES or name in _P_VALUES:
        return "p"
    if digits is not None:
        return digits
    if "share" in re.split("[_ ]", name) and all(0 <= v <= 1 for v in finite):
        return "share"
    # Counts become floats where one is missing; they stay whole in print.
    return 0 if all(v.is_integer() for v in finite) else _decimals(finite)


def printed_p(value: float) -> str:
    """A p or q; what is below .05 is not written as .05."""
    bound = 0.001 if value < 0.001 else 0.05 if value < 0.05 <= round(value, 3) else None
    return f"<{bound}" if bound else f"{value:.3f}"


def _printed(value: float, form: int | str) -> str:
    if math.isnan(value):
        return ""
    if form == "p":
        return printed_p(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{100 * value:,.1f} %" if form == "share" else f"{value:,.{form}f}"
    text = text if text.strip("-0.,% ") else text.lstrip("-")
    return text.replace("-", "−")  # a minus sign, as wide as a plus


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _is_blank(value: object) -> bool:
    return (
        value == ""
        if isinstance(value, str)
        else bool(pd.api.types.is_scalar(value) and pd.isna(value))
    )


def _text(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return ", ".join(map(_text, parts))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Real):
        return _printed(float(value), _decimals([float(value)]))
    return "" if _is_blank(value) else str(value)


def _decimals(values: list[float]) -> int:
    """Decimals that give the median of the absolute values three significant figures; 1 to 4."""
    sizes = sorted(abs(v) for v in values if v and math.isfinite(v))
    if not sizes:
        return 0
    return min(max(2 - math.floor(math.log10(sizes[len(sizes) // 2])), 1), 4)


# ---------------------------------------------------------------- text to HTML


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _row_header(columns: list[Cells]) -> Cells | None:
    """The column whose cells name their rows: the first one of text."""
    return next((c for c in columns if c.kind == "text"), None)


def _heading(column: Cells) -> str:
    gloss = f' data-gloss="{column.gloss}"' if column.gloss else ""
    words = re.sub(r"(?<=\w)\.(?=\w)", ".<wbr>", _escaped(column.heading))  # called as its site
    return f'<th scope="col"{column.attributes}{gloss}>{words}</th>'


def _cell(column: Cells, row: int, names_row: bool) -> str:
    text = column.cells[row]
    inner = _escaped(text)
    if column.kind == "address" and web_address(text):
        inner = f'<a href="{inner}" rel="noreferrer">{_escaped(urlsplit(text).netloc)}</a>'
    elif column.links and column.links[row]:
        outside = ' rel="noreferrer"' if web_address(column.links[row]) else ""
        inner = f'<a href="{_escaped(column.links[row])}"{outside}><bdi>{inner}</bdi></a>'
    elif column.kind == "text" and text:
        inner = f"<bdi>{inner}</bdi>"  # right-to-left text turns nothing but itself
    if column.kind == "passages" and text:
        inner = _to_be_opened(text)
    if names_row:
        return f'<th scope="row"{column.attributes}>{inner}</th>'
    return f"<td{column.attributes}>{inner}</td>"


def _to_be_opened(passages: str) -> str:
    """Sentences behind their number, one below the other."""
    lines = passages.split("\n")
    listed = "".join(f"<li><bdi>{_escaped(line)}</bdi></li>" for line in lines)
    name = "1 sentence" if len(lines) == 1 else f"{len(lines)} sentences"
    return f"<details><summary>{name}</summary><ul>{listed}</ul></details>"


# ---------------------------------------------------------------- sentences


class _Filled(string.Formatter):
    """Values in their template, which is ours; shares with a space before the sign.

    ``{n:article}`` is "1 article" or "2 articles", ``{who!v}`` in quotation marks where it is no
    name.
    """

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if conversion == "v":
            return value if value[:1].isupper() else f"“{value}”"
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "time" and value == 1:
            return "once"
        if len(format_spec) > 1 and format_spec.replace(" ", "").isalpha():
            return counted(value, format_spec)
        text = str(format(value, format_spec))
        return text.replace("%", " %") if format_spec.endswith("%") else text


class _Isolated(_Filled):
    """The same as HTML: values escaped and kept apart from the sentence's direction."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return f"<bdi>{_escaped(super().format_field(value, format_spec))}</bdi>"


@dataclass(frozen=True, eq=False)
class Said:
    """Sentences with figures of the tables in them. Made by `say`."""

    template: str
    values: Mapping[str, Any]

    def inline(self) -> str:
        """The sentences as HTML, without a paragraph around them."""
        return _Isolated().vformat(_escaped(self.template), (), self.values)

    def plain(self) -> str:
        """The sentences as text."""
        return _Filled().vformat(self.template, (), self.values)

    def subjects(self) -> list[str]:
        """The names in the sentences: their values that are text without a figure."""
        used = [name for _, name, _, _ in string.Formatter().parse(self.template) if name]
        found = [string.Formatter().get_field(name, (), self.values)[0] for name in used]
        return [v for v in found if isinstance(v, str) and not any(map(str.isdigit, v))]

    def _repr_html_(self) -> str:
        filled = self.inline()
        return "".join(f"<p>{part}</p>" for part in filled.split("\n\n"))

    def __repr__(self) -> str:
        return self.plain()


def say(template: str, /, **values: Any) -> Said:
    """Prose whose figures come from tables, as a notebook cell's last value.

    Parameters
    ----------
    template
        Plain text with `{name}` or `{name:,}` where values stand; an empty line parts paragraphs.
    **values
        Any values; those that are other people's strings are escaped.

    Raises
    ------
    AnalysisError
        Where the template names a value that is not given.
    """
    try:
        _Filled().vformat(template, (), values)
    except (KeyError, IndexError) as error:
        raise AnalysisError(
            f"The sentence {template!r} has no value for {error}.",
            f"Given: {', '.join(sorted(values)) or 'none'}.",
        ) from error
    return Said(template, values)
