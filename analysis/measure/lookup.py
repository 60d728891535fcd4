"""Tables of what has been found out about words, so that each is looked at once."""

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")
_LONG = 50  # characters: longer words are not kept
_SIZE = 300_000  # words a table may hold


class Lookup(dict[str, _T]):
    """A function of one word as a table, which `map` reads without a call per word.

    Bounded: it is emptied when it is full, and keeps no long words.
    """

    def __init__(self, function: Callable[[str], _T]) -> None:
        self._function = function

    def __missing__(self, word: str) -> _T:
        value = self._function(word)
        if len(self) >= _SIZE:
            self.clear()
        if len(word) < _LONG:
            self[word] = value
        return value
