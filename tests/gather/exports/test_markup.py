"""The text of an export's HTML, in blocks."""

from analysis.gather.drafts import Options, Source
from analysis.gather.exports.markup import blocks, document


def test_blocks_of_deep_and_wide_elements():
    for page in ("<div>" * 200 + "x", "<p>x" * 20_000, "<div>x<script>y</script>z</div>" * 1000):
        found = blocks(document(Source("a.html", page.encode()), Options())[0])
        assert not any("y" in block for block in found)
        assert any("x" in block for block in found)
