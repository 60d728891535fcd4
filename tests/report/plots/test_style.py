"""The look of pictures: nothing leaks out of it, and a string in a picture stays a string."""

import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pandas as pd
import pytest
from conftest import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from analysis.errors import AnalysisError
from analysis.report import figure
from analysis.report.plots import style
from analysis.report.plots.style import axes, described, ink_on, labels, panels, short, styled

TABLE = pd.DataFrame({"outlet": ["Velmar Post", "Radio Skerry"], "words": [300, 120]})


@styled
def words(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    ax = axes(ax, rows=len(table))
    ax.barh([short(name) for name in table["outlet"]], table["words"])
    return described(ax, f"Bars of {len(table)} outlets.")


def elements(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter())


def test_style_leaves_the_settings_as_they_were():
    before = dict(mpl.rcParams)
    figure(words(TABLE), "Words").html()
    assert dict(mpl.rcParams) == before


def test_draws_on_the_axes_given():
    mine = Figure().subplots()
    assert words(TABLE, ax=mine) is mine


def test_users_settings_do_not_change_the_picture():
    plain = figure(words(TABLE), "Words").svg()
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": None}):
        assert figure(words(TABLE), "Words").svg() == plain


def test_same_table_same_picture():
    assert figure(words(TABLE), "Words").html() == figure(words(TABLE), "Words").html()


def test_ids_of_two_pictures_differ_and_references_hold():
    first, second = (figure(words(t), "Words").svg() for t in (TABLE, TABLE.head(1)))
    ids = [{e.get("id") for e in elements(svg)} - {None} for svg in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    for svg, own in zip((first, second), ids, strict=True):
        assert set(re.findall(r"url\(#([\w-]+)\)", svg)) == own


def test_picture_follows_the_colours_of_the_page():
    svg = figure(words(TABLE), "Words").svg()
    assert "currentColor" in svg and "var(--muted)" in svg and "var(--rule)" in svg
    assert not any(colour in svg for colour in (style.INK, style.MUTED, style.RULE))


def test_description_and_caption_are_on_the_picture():
    shown = figure(words(TABLE), "Words & more", "n = 2").html()
    assert 'role="img" aria-label="Bars of 2 outlets."' in shown
    assert "<strong>Words &amp; more</strong> n = 2" in shown


def test_descriptions_of_panels_add_up():
    left, right = panels(2)
    described(left, "Left: bars.")
    assert figure(described(right, "Right:  dots."), "Both").alt == "Left: bars. Right: dots."


def test_picture_without_description_is_refused():
    with pytest.raises(AnalysisError, match="no description"):
        figure(Figure().subplots(), "Words")


@pytest.mark.parametrize("text", [*HOSTILE, 'id="x" url(#y)', "bell \x07 and \x00"])
def test_strings_are_drawn_as_they_are(text):
    table = pd.DataFrame({"outlet": [text], "words": [1]})
    drawn = elements(figure(words(table), "Words").svg())
    clean = re.sub("[\x00-\x08\x0b-\x1f]", "", short(text))
    assert clean in [e.text for e in drawn if e.tag == "text"]
    assert {e.tag for e in drawn} <= {"svg", "g", "defs", "path", "text", "clipPath", "rect", "use"}


def test_pictures_in_jupyter_are_compared_by_their_description(monkeypatch):
    shown = []
    monkeypatch.setattr(style, "publish_display_data", lambda *a: shown.append(a))
    figure(words(TABLE), "Words", "n = 2")._ipython_display_()
    picture, metadata = shown[0]
    assert picture["image/png"].startswith(b"\x89PNG") and len(picture) == 2
    assert picture["text/plain"] == metadata["image/png"]["alt"] == "Bars of 2 outlets."
    assert "Bars of 2 outlets." in shown[1][0]["text/html"]
    monkeypatch.setenv(style.EXPORT_VARIABLE, "1")
    figure(words(TABLE), "Words", "n = 2")._ipython_display_()
    assert shown[2][0]["text/html"].startswith('<figure class="picture">')


def contrast(a: str, b: str) -> float:
    """WCAG 2.2, 1.4.3, from the definition of relative luminance."""

    def luminance(colour: str) -> float:
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_ink_is_read_best(rgb):
    colour = "#{:02x}{:02x}{:02x}".format(*rgb)
    chosen = contrast(ink_on(colour), colour)
    assert chosen >= max(contrast("#000000", colour), contrast("#ffffff", colour)) - 1e-9 >= 4.5


@given(st.text(), st.integers(2, 50))
def test_short_is_short(text, width):
    assert len(short(text, width)) <= width
    assert "\n" not in short(text, width)


def test_labels_differ_where_names_do() -> None:
    names = [f"Harbour and Coastal Region Radio – {end}" for end in ("English", "Russian")]
    found = labels([*names, "Quay Times", "Quay Times"], 24)
    assert len(set(found[:2])) == 2 and all(len(label) <= 24 for label in found)
    assert found[2:] == ["Quay Times", "Quay Times"]
