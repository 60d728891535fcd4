"""Words that house style decides: courtesy titles, and the outlets' own names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from analysis.data import word_list
from analysis.measure.tokens import tokenize


@cache
def honorifics() -> frozenset[str]:
    """The courtesy titles of ``data/languages/en/house_style.toml``."""
    table = word_list("house_style")
    return frozenset(table["honorifics"]["words"])


def house_words(outlets: Iterable[str], compared: Iterable[str] = ()) -> frozenset[str]:
    """What is set aside where these outlets are compared.

    Honorifics; outlets' names of one word (BBC); and every word of the names `compared`, since
    "Times" in the Herald Times says who writes. Words of other long names ("Today") stay: there
    they are words like any other.
    """
    names = {name: tokenize(name) for name in {*outlets, *compared}}
    single = {words[0] for words in names.values() if len(words) == 1}
    own = {word for name in compared for word in names[name]}
    return honorifics() | single | own
