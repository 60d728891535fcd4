"""Where links of the report may lead."""

from pathlib import Path
from urllib.parse import quote, urlsplit

EXPORT_VARIABLE = "ANALYSIS_EXPORT"  # set while a report is built: its pages are there to link to
TEMPLATES = Path(__file__).parent / "templates"
EXPLORER = "explorer.html"
# Pages on which a reader asks, beside those that notebooks become: what they are called and answer.
TOOLS = {
    EXPLORER: ("Explorer", "Who uses a word, how often, when and in whose voice?"),
    "compare.html": ("Compare", "How do any two differ in words, voices, names and themes?"),
    "articles.html": ("Articles", "Who is heard where in each article, and which are near it?"),
}


def address(term: str) -> str:
    """Where the report explains a term.

    >>> address("referendum"), address("so-called “vote”")
    ('explorer.html#term=referendum', 'explorer.html#term=so-called%20%E2%80%9Cvote%E2%80%9D')
    """
    return f"{EXPLORER}#term={quote(term, safe='', errors='replace')}"


def articles_with(words: str) -> str:
    """Where the report lists the articles whose title, speakers or telling words hold these."""
    return f"articles.html#search={quote(words, safe='', errors='replace')}" if words else ""


def web_address(url: str) -> str:
    """The address where it is one of the web, else nothing: only those become links."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
