"""Markup in texts becomes text; a text without any stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.gather.markup import plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>The bridge is shut.</p><p>A ferry runs.</p>", "The bridge is shut.\n\nA ferry runs."),
        ("The bridge<br/>is shut.", "The bridge\nis shut."),
        ("<div>Shut.<script>var p = 1;</script><style>p {}</style></div>", "Shut."),
        ("One <a href='/x?a=1&amp;b=2'>letter</a> of\n\nthe board.", "One letter of\n\nthe board."),
        ("&ldquo;No,&rdquo; she said &amp; left&#46;", "“No,” she said & left."),
        ("AT&amp;amp;T and R&D", "AT&T and R&D"),
        ("<p>He said <q>never <b>again</b></q>.</p>", "He said “never again”."),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("a <unknown> tag", "a <unknown> tag"),
        ("<!-- hidden --><p>shown</p>", "shown"),
    ],
)
def test_markup(markup, text):
    assert plain(markup).strip() == text


@given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_a_text_without_markup_is_unchanged(text):
    assert plain(text) == text


@pytest.mark.parametrize("markup", ["<div>" * 50_000, "<p" * 50_000, "&lt;" * 50_000, "<b>\0</b>"])
def test_any_markup_is_read(markup):
    assert isinstance(plain(markup), str)
