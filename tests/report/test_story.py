"""The focus story: two texts side by side."""

from analysis.report import story


def test_two_texts_side_by_side_mark_what_they_share():
    text = 'The pier is old.\n\n"It is old," said Ida <b>Brandt</b>.'
    spans = [(0, 11, 'data-passage="1"'), (4, 8, 'class="name"')]
    page = story.marked(text, spans)
    assert page.count("<p>") == page.count("</p>") == 2
    assert '<span data-passage="1">The </span>' in page
    assert '<span class="name"><span data-passage="1">pier</span></span>' in page
    assert "&lt;b&gt;" in page and "<b>" not in page
