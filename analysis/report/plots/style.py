"""The shared look of all pictures, and the display object that gives them caption and alt text."""

import functools
import html
import io
import json
import os
import re
import sys
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import matplotlib.style
from IPython.display import publish_display_data
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.data import mistake
from analysis.report.addresses import EXPORT_VARIABLE, TEMPLATES, address

# Okabe and Ito (2008), "Color Universal Design": told apart with any colour vision.
BLUE, VERMILLION = "#0072B2", "#D55E00"
NARRATOR, REPORTED, QUOTED = BLUE, "#8A6D00", VERMILLION

# Drawn in these; an exported page replaces them by its own, light or dark.
INK, MUTED, RULE, PAPER = "#1b1f24", "#57606a", "#d0d7de", "#fffffe"
_OF_PAGE = {
    **{INK: "currentColor", MUTED: "var(--muted)", RULE: "var(--rule)", PAPER: "var(--paper)"},
    **{"#0072b2": "var(--own)", "#8a6d00": "var(--reported)", "#d55e00": "var(--quoted)"},
}

_LOOK = TEMPLATES / "report.mplstyle"
_HOVER = "hover:"
_EMPTY = "empty"  # the gid of a figure that says why there is none
BESIDE = ("axes fraction", "data")
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def style() -> Iterator[None]:
    """The shared look, within a `with` block; the caller's settings are left as they were."""
    with matplotlib.style.context(["default", _LOOK]), warnings.catch_warnings():
        # The page's own fonts have the characters that matplotlib's lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def styled(plot: Callable[P, R]) -> Callable[P, R]:
    """Decorator: the plot function runs in the shared look, and can be asked again for a phone."""

    @functools.wraps(plot)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with style():
            drawn = plot(*args, **kwargs)
        if isinstance(drawn, Axes) and kwargs.get("ax") is None:
            whole = drawn.get_figure(root=True)
            if whole is not None and not _narrow.get():
                _again[whole] = functools.partial(inner, *args, **kwargs)
        return drawn

    return inner


_PHONE = 4.3  # inches: at 360 pixels its letters are as large as those of the text
_narrow: ContextVar[bool] = ContextVar("narrow", default=False)
_again: WeakKeyDictionary[Figure, Callable[[], Any]] = WeakKeyDictionary()


def narrow() -> bool:
    """Whether the picture that is being drawn is the one for a phone."""
    return _narrow.get()


def axes(
    ax: Axes | None, *, rows: int | None = None, width: float = 7.2, height: float = 3.6
) -> Axes:
    """`ax`, or new Axes on a Figure of its own.

    Parameters
    ----------
    ax
        What the caller of the plot function gave.
    rows
        Number of labelled rows, where the picture is a list; sets the height.
    width, height
        Inches; a page shows 7.2 inches as its full column.
    """
    if ax is not None:
        return ax
    return panels(1, rows=rows, width=width, height=height)[0]


def panels(
    columns: int,
    *,
    rows: int | None = None,
    width: float = 7.2,
    height: float = 3.6,
    sharey: bool = False,
) -> list[Axes]:
    """New Axes side by side on one Figure; sizes as in `axes`."""
    inches = height if rows is None else max(1.2, 0.26 * rows + 0.7)
    if narrow():  # panels one below the other
        made = Figure(figsize=(min(width, _PHONE), inches * columns), layout="constrained")
        return list(made.subplots(columns, 1, squeeze=False)[:, 0])
    made = Figure(figsize=(width, inches), layout="constrained")
    return list(made.subplots(1, columns, squeeze=False, sharey=sharey)[0])


def frame(ax: Axes, y: Iterable[float], names: Sequence[str], terms: Iterable[str] = ()) -> None:
    """The frame of a list: names at its rows, the first on top, lines across for the values.

    With `terms` each name leads into the explorer.
    """
    places = list(y)
    ax.set_yticks(places, names)
    ax.set_ylim(max(places, default=0) + 0.6, -0.6)
    ax.grid(axis="x", color=RULE)
    ax.spines["left"].set_visible(False)
    for label, term in zip(ax.get_yticklabels(), terms, strict=False):
        linked(label, term)


def note(
    ax: Axes, text: str, at: tuple[Any, Any], beside: tuple[float, float] = (4, 0), **look: Any
) -> Text:
    """Small words beside a place, so many points away."""
    where = {"textcoords": "offset points", "va": "center", "color": MUTED} | look
    return ax.annotate(text, at, beside, **where)


def beside(
    ax: Axes, x: float, y: Iterable[float], cells: Sequence[str], heading: str, **look: Any
) -> None:
    """A column of small words at the right of a list, its heading at height `top`."""
    where = {"xycoords": BESIDE, "ha": look.pop("ha")}
    note(ax, short(heading, 14 - 4 * narrow()), (x, look.pop("top")), (0, 0), **where, **look)
    for at, cell in zip(y, cells, strict=True):
        none = cell.startswith("0 ")
        note(ax, cell, (x, at), (0, 0), color=MUTED if none else INK, **where)


def nothing(text: str) -> Axes:
    """A picture that says why there is none; of it a page shows the sentence."""
    ax = axes(None, height=0.6)
    ax.get_figure(root=True).set_gid(_EMPTY)  # type: ignore[union-attr]
    ax.text(0, 0.5, text, color=MUTED, va="center", wrap=True)
    ax.axis("off")
    return described(ax, text)


def described(ax: Axes, alt: str) -> Axes:
    """`ax`, its Figure now carrying `alt`: what the picture shows, in a sentence or two.

    Descriptions of several Axes of one Figure follow each other.
    """
    whole = ax.get_figure(root=True)
    if whole is not None:
        known = str(whole.get_label() or "")
        whole.set_label(" ".join(filter(None, [known, " ".join(alt.split())])))
    return ax


def short(text: object, width: int = 36) -> str:
    """A string fit for a label: white space collapsed, cut at `width` characters with an …."""
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def labels(names: Sequence[str], width: int = 36) -> list[str]:
    """Names as labels that differ where names do: cut in the middle where beginnings agree.

    >>> labels(["Harbour Broadcasting, English", "Harbour Broadcasting, French", "Post"], 20)
    ['Harbour…ng, English', 'Harbour…ing, French', 'Post']
    """
    cut = [short(name, width) for name in names]
    half = width // 2 - 1
    same = {label for label in cut if cut.count(label) > 1 and label.endswith("…")}
    for at, name in enumerate(names):
        if cut[at] in same:
            line = " ".join(name.split())
            cut[at] = f"{line[: half - 2]}…{line[-half - 2 :]}"
    return cut


def hovered(marks: Artist, names: Iterable[object]) -> None:
    """What each mark of a scatter, in its order, is called when a reader points at it."""
    marks.set_gid(_HOVER + json.dumps([" ".join(str(name).split()) for name in names]))


def linked(label: Text, term: str) -> Text:
    """The label, leading into the term explorer where the picture stands in a report."""
    label.set_url(address(term))
    return label


def ink_on(colour: Any) -> str:
    """Black or white, whichever reads better on `colour` (WCAG 2 relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


@dataclass(frozen=True)
class Picture:
    """A finished figure: picture, title, caption and description. Made by `figure`."""

    drawing: Figure
    title: str
    caption: str
    alt: str

    def svg(self, drawing: Figure | None = None) -> str:
        """The picture for a page: inline SVG, colours of the page, description in `aria-label`."""
        # The hatches of a picture that is not displayed draw nothing: each has its own.
        own = self.alt + " narrow" * (drawing is not None)
        return _page_svg(_saved(drawing or self.drawing, "svg", own).decode("utf-8"), self.alt)

    def html(self) -> str:
        """The picture with title and caption, for wide pages and for phones."""
        if self.drawing.get_gid() == _EMPTY:
            return self.both()
        caption = f"<strong>{_escaped(self.title)}</strong> {_escaped(self.caption)}".rstrip()
        return f'<figure class="picture">{self.both()}<figcaption>{caption}</figcaption></figure>'

    _repr_html_ = html

    def both(self) -> str:
        """The drawing alone: for wide pages and, where it can be drawn again, for phones."""
        if self.drawing.get_gid() == _EMPTY:
            return f'<p class="empty">{_escaped(self.alt)}</p>'
        again = _again.get(self.drawing)
        if again is None:
            return f'<div class="scroll">{self.svg()}</div>'
        token = _narrow.set(True)
        try:
            small = again().get_figure(root=True)
        finally:
            _narrow.reset(token)
        return (
            f'<div class="scroll wide">{self.svg()}</div>'
            f'<div class="scroll narrow">{self.svg(small)}</div>'
        )

    def _ipython_display_(self) -> None:
        if os.environ.get(EXPORT_VARIABLE):
            publish_display_data({"text/html": self.html(), "text/plain": self.alt})
            return
        png = _saved(self.drawing, "png")
        width = round(self.drawing.get_figwidth() * 100)
        publish_display_data(
            {"image/png": png, "text/plain": self.alt},
            {"image/png": {"alt": self.alt, "width": width}},
        )
        # JupyterLab gives pictures no alt text, so the description is there to read.
        words = (
            f"<p><strong>{_escaped(self.title)}</strong> {_escaped(self.caption)}</p>"
            f"<details><summary>The picture in words</summary>{_escaped(self.alt)}</details>"
        )
        publish_display_data({"text/html": words, "text/plain": f"{self.title} {self.caption}"})


def figure(ax: Axes, title: str, caption: str = "") -> Picture:
    """What a notebook cell ends on to show a picture.

    Parameters
    ----------
    ax
        Axes from a plot function.
    title
        What the picture is of, in a few words.
    caption
        How to read it, and n.

    Raises
    ------
    AnalysisError
        Where the plot function gave no description to `described`.
    """
    drawing = ax.get_figure(root=True)
    if drawing is None or not (text := str(drawing.get_label() or "")):
        raise mistake("figure", title=title)
    if "matplotlib.pyplot" in sys.modules:  # else a notebook shows the user's own figure twice
        sys.modules["matplotlib.pyplot"].close(drawing)
    return Picture(drawing, title, caption, text)


# ---------------------------------------------------------------- drawing to bytes


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _saved(drawing: Figure, kind: str, own: str = "") -> bytes:
    """The picture as a file; ids in it hang on `own`, since two of a page must not share them."""
    buffer = io.BytesIO()
    for text in drawing.findobj(Text):
        text.set_parse_math(False)  # a '$' in a headline is a dollar
    facecolor = "none" if kind == "svg" else "white"
    plain = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    look: dict[str, Any] = {"dpi": 150, "facecolor": facecolor, "bbox_inches": "tight"}
    salt = own.encode("utf-8", "replace").decode("utf-8")
    with style(), matplotlib.rc_context({"svg.hashsalt": f"coverage {salt}"}):
        drawing.savefig(buffer, format=kind, metadata=plain, **look)
    return buffer.getvalue()


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FONT = re.compile(r"font-family: [^;]*; ?")
# Numbers that are finer than a hundredth of a point, which nobody sees.
_FINE = re.compile(r"-?\d+\.\d{3,}")
_REFERENCE = re.compile(r"(?<=#)[\w-]+")


def _page_svg(svg: str, alt: str) -> str:
    """matplotlib's SVG for inlining: no metadata, no page-wide styles, the page's own colours."""
    root = ET.fromstring(_NOT_XML.sub("", svg))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith(("}metadata", "}style")):
                parent.remove(child)
        _name_marks(parent)
    used = {name for e in root.iter() for v in e.attrib.values() for name in _REFERENCE.findall(v)}
    for element in root.iter():
        _localise(element, used)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    width = float(root.get("viewBox", "0 0 518 0").split()[2])
    root.set("style", f"max-width:{width * 4 / 3:.0f}px")
    # The parts of an image cannot be reached, so one with links in it is a group.
    root.set("role", "group" if root.find(".//a") is not None else "img")
    root.set("aria-label", alt)
    return ET.tostring(root, encoding="unicode")


def _name_marks(element: ET.Element) -> None:
    """`hovered`: a title in each mark of the group; none where a mark outside is not drawn.

    Marks that look alike stand together, and say once how they look: there may be thousands.
    """
    if not element.get("id", "").startswith(_HOVER):
        return
    names = json.loads(element.attrib.pop("id").removeprefix(_HOVER))
    marks = [e for e in element.iter() if e.tag.endswith("}use")]
    if len(marks) != len(names):
        return
    inside = next((dict(e.attrib) for e in element if e.tag.endswith("}g")), {})
    element[:] = [e for e in element if e.tag.endswith("}defs")]
    alike: dict[str, ET.Element] = {}
    for mark, name in zip(marks, names, strict=True):
        ET.SubElement(mark, "title").text = name
        look = mark.attrib.pop("style", "")
        if look not in alike:
            alike[look] = ET.SubElement(element, "g", inside | {"style": look})
        alike[look].append(mark)


def _localise(element: ET.Element, used: set[str]) -> None:
    """Namespaces and ids that nothing refers to off, colours those of the page."""
    element.tag = element.tag.rpartition("}")[2]
    element.tail = (element.tail or "").strip()
    if element.tag not in ("text", "tspan", "title"):
        element.text = (element.text or "").strip()
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        plain = name.rpartition("}")[2]
        if plain == "target" or (plain == "id" and value not in used):
            continue  # links open where links of tables do
        if plain in ("d", "x", "y", "transform"):
            value = _FINE.sub(
                lambda number: f"{round(float(number[0]), 2):g}", " ".join(value.split())
            )
        if plain in ("style", "fill", "stroke"):  # colours of hatches are attributes
            value = _FONT.sub("", value)  # the page's own
            for drawn, shown in _OF_PAGE.items():
                value = value.replace(drawn, shown)
        element.set(plain, value)
