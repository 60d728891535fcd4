"""Lists of addresses: they hold no text, so they are named and refused; `collect` fetches them.

Here are those that are no tables with a header (plain lists, feeds, sitemaps, GDELT's events); a
table with addresses and without texts is refused where its columns are known.
"""

import re
from collections.abc import Iterator

from analysis.gather.drafts import Found, Kind, Options, Source
from analysis.gather.exports.markup import is_markup
from analysis.gather.problems import refused

_EVENTS = re.compile(rb"\d{9,10}\t(?:19|20)\d{6}\t(?:19|20)\d{4}\t")
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.I)


def recognises(head: bytes, name: str) -> bool:
    """A feed, a sitemap, an events file of GDELT, or lines that are addresses and nothing else."""
    if is_markup(head):
        return bool(_FEED.search(head[:2000]))
    lines = [x for x in head.splitlines()[:-1] or [head] if x.strip() and x[:1] != b"#"]
    return bool(_EVENTS.match(head)) or (
        bool(lines) and all(re.fullmatch(rb"\s*https?://\S+\s*", x) for x in lines)
    )


def read(source: Source, options: Options) -> Iterator[Found]:
    """Refuse the list, saying what would fetch it."""
    yield refused(source.name, "addresses", 0, "text")


KIND = Kind("list of addresses", recognises, read)
