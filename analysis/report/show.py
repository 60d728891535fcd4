"""Tables as people read them: aligned, rounded, with their notes; and sentences of figures."""

from __future__ import annotations

import html
import math
import os
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.measure.tokens import fold
from analysis.report.addresses import EXPORT_VARIABLE, address, web_address

_READABLE = {"per_1000": "per 1,000 words", "per_million": "per million words", "url": "address"}
_LONG = 24  # characters of a cell from which its column may break lines
_P_VALUES = {"p", "q", "p_value", "q_value", "p_adjusted"}


@dataclass(frozen=True)
class Column:
    """One column made ready: its heading, its cells as text, and how they stand."""

    heading: str
    cells: list[str]
    kind: str  # "number", "text", "address" or "passages"
    links: list[str] = field(default_factory=list)  # where each cell leads, empty: nowhere

    @property
    def attributes(self) -> str:
        """Of each cell; inline, since JupyterLab puts all cells right and has no sheet of ours."""
        if self.kind == "number":
            return ""
        long = self.kind == "text" and max(map(len, self.cells), default=0) > _LONG
        return (' class="long"' if long else "") + ' style="text-align:left"'


@dataclass(frozen=True)
class Shown:
    """A table for a notebook cell or a page. Made by `show`."""

    columns: list[Column]
    caption: str
    notes: list[str]

    def _repr_html_(self) -> str:
        head = "".join(_heading(c) for c in self.columns)
        body = "\n".join(
            "<tr>" + "".join(_cell(c, i, c is _row_header(self.columns)) for c in self.columns)
            for i in range(len(self.columns[0].cells) if self.columns else 0)
        )
        caption = f"<caption>{_escaped(self.caption)}</caption>" if self.caption else ""
        notes = "".join(f"<li>{_escaped(note)}</li>" for note in self.notes)
        return (
            f'<figure class="table"><div class="scroll"><table class="data">{caption}\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
            + (f'<ul class="notes">{notes}</ul>' if notes else "")
            + "</figure>"
        )

    def __repr__(self) -> str:
        frame = pd.DataFrame({i: c.cells for i, c in enumerate(self.columns)}, dtype=object)
        headings = [c.heading for c in self.columns]
        text = frame.to_string(index=False, header=headings) if len(frame) else "(no rows)"
        return "\n".join(filter(None, [self.caption, text, *self.notes]))


def show(
    frame: pd.DataFrame,
    caption: str | None = None,
    *,
    digits: int | Mapping[str, int] | None = None,
    rows: int | None = 50,
    labels: Mapping[str, str] | None = None,
) -> Shown:
    """A table as a notebook cell's last value.

    Parameters
    ----------
    frame
        Any tidy table; a named index becomes columns. `frame.attrs["notes"]` are printed beneath.
    caption
        What the table is, and n.
    digits
        Decimals, for all columns or by column. By default enough for three significant figures of
        the column's median; shares as percentages; p and q to three decimals.
    rows
        At most so many rows, from the top; a note says how many there are. None: all of them.
    labels
        Headings that differ from the column's name made readable.

    Returns
    -------
    Shown
        HTML and plain text, the same for the same table. Missing values are blank, strings are
        escaped, addresses (http, https) are links.
    """
    named = [str(name) for name in frame.index.names if name is not None]
    table = frame.reset_index() if named else frame
    notes = [str(note) for note in frame.attrs.get("notes", [])]
    if rows is not None and len(table) > rows:
        notes.insert(0, f"The first {rows:,} of {len(table):,} rows.")
        table = table.head(rows)
    columns = [
        _column(name, table.iloc[:, at], digits, labels or {})
        for at, name in enumerate(table.columns)
    ]
    if os.environ.get(EXPORT_VARIABLE):
        columns = [
            _linked(column, name, table) for column, name in zip(columns, table, strict=True)
        ]
    return Shown(columns, caption or "", notes)


def _linked(column: Column, name: object, table: pd.DataFrame) -> Column:
    """Terms lead into the explorer."""
    if name not in ("term", "spelling") or column.kind != "text":
        return column
    counted = table["term" if "term" in table else "spelling"]
    links = [address(fold(str(term))) if str(term) else "" for term in counted]
    return replace(column, links=links)


def heading(name: object) -> str:
    """A column's name as a reader wants it.

    >>> heading("per_1000"), heading("articles_target"), heading("n")
    ('Per 1,000 words', 'Articles target', 'n')
    """
    text = " · ".join(str(part) for part in name) if isinstance(name, tuple) else str(name)
    for given, readable in _READABLE.items():
        text = re.sub(rf"(?<![^\W_]){given}(?![^\W_])", readable, text)
    text = text.replace("_", " ").strip()
    return text[:1].upper() + text[1:] if len(text.split(" ")[0]) > 1 else text


# ---------------------------------------------------------------- values to text


def _column(
    name: object,
    values: pd.Series,
    digits: int | Mapping[str, int] | None,
    labels: Mapping[str, str],
) -> Column:
    title = labels.get(str(name), heading(name))
    items = values.astype(object).tolist()
    if all(_is_blank(v) or _is_number(v) for v in items) and not all(map(_is_blank, items)):
        fixed = digits.get(str(name)) if isinstance(digits, Mapping) else digits
        return Column(title, _numbers(str(name), items, fixed), "number")
    cells = [_text(v) for v in items]
    if str(name) == "passages":
        return Column(title, ["\n".join(v) if _is_list(v) else _text(v) for v in items], "passages")
    addresses = str(name) == "url"
    return Column(title, cells, "address" if addresses else "text")


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _is_blank(value: object) -> bool:
    if value is None or value is pd.NA or value is pd.NaT or value == "":
        return True
    return isinstance(value, float) and math.isnan(value)


def _text(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        parts = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return ", ".join(_text(part) for part in parts)
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if _is_number(value):
        return _number(float(value), _decimals([float(value)]))  # type: ignore[arg-type]
    return "" if _is_blank(value) else str(value)


def _numbers(name: str, items: list[Any], digits: int | None) -> list[str]:
    if all(_is_blank(v) or isinstance(v, Integral) for v in items) and digits is None:
        return ["" if _is_blank(v) else _number(int(v), 0) for v in items]
    numbers = [math.nan if _is_blank(v) else float(v) for v in items]
    if name in _P_VALUES:
        return [_p_value(v) for v in numbers]
    finite = [v for v in numbers if math.isfinite(v)]
    if digits is None and "share" in name.split("_") and all(0 <= v <= 1 for v in finite):
        return [_number(100 * v, 1) + " %" if v == v else "" for v in numbers]
    # Counts become floats where one is missing; they stay whole in print.
    whole = digits is None and all(v.is_integer() for v in finite)
    places = digits if digits is not None else 0 if whole else _decimals(finite)
    return [_number(v, places) for v in numbers]


def _decimals(values: list[float]) -> int:
    """Decimals that give the median of the absolute values three significant figures; 1 to 4."""
    sizes = sorted(abs(v) for v in values if v and math.isfinite(v))
    if not sizes:
        return 0
    return min(max(2 - math.floor(math.log10(sizes[len(sizes) // 2])), 1), 4)


def _number(value: float, places: int) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{places}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")  # a minus sign, as wide as a plus


def _p_value(value: float) -> str:
    if math.isnan(value):
        return ""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


# ---------------------------------------------------------------- text to HTML


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _row_header(columns: list[Column]) -> Column | None:
    """The column whose cells name their rows: the first one of text."""
    return next((c for c in columns if c.kind == "text"), None)


def _heading(column: Column) -> str:
    return f'<th scope="col"{column.attributes}>{_escaped(column.heading)}</th>'


def _cell(column: Column, row: int, names_row: bool) -> str:
    text = column.cells[row]
    inner = _escaped(text)
    if column.kind == "address" and web_address(text):
        inner = f'<a href="{inner}" rel="noreferrer">{_escaped(urlsplit(text).netloc)}</a>'
    elif column.links and column.links[row]:
        inner = f'<a href="{_escaped(column.links[row])}"><bdi>{inner}</bdi></a>'
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


class _Isolated(string.Formatter):
    """Values escaped and kept apart from the sentence's direction; the template is ours."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return f"<bdi>{_escaped(format(value, format_spec))}</bdi>"


@dataclass(frozen=True)
class Said:
    """Sentences with figures of the tables in them. Made by `say`."""

    template: str
    values: Mapping[str, Any]

    def inline(self) -> str:
        """The sentences as HTML, without a paragraph around them."""
        return _Isolated().vformat(_escaped(self.template), (), self.values)

    def _repr_html_(self) -> str:
        filled = self.inline()
        return "".join(f"<p>{part}</p>" for part in filled.split("\n\n"))

    def __repr__(self) -> str:
        return self.template.format_map(self.values)


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
        template.format_map(values)
    except (KeyError, IndexError) as error:
        raise AnalysisError(
            f"The sentence {template!r} has no value for {error}.",
            f"Given: {', '.join(sorted(values)) or 'none'}.",
        ) from error
    return Said(template, values)
