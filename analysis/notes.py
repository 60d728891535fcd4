"""The sentences that travel with tables: ``data/notes.toml``, and how lists stand in them."""

from collections.abc import Iterable
from typing import Any

from analysis.data import DATA, read_list

_NOTES = DATA / "notes.toml"


def note(name: str, when: object = True, /, **values: Any) -> str:
    """The sentence "table.key" with its values; "" where it does not apply.

    ``{s}`` in it is the plural's ending, by the value `n`.
    """
    if not when:
        return ""
    table, key = name.split(".")
    ending = "" if values.get("n") == 1 else "s"
    return str(read_list(_NOTES)[table][key].format(**{"s": ending} | values))


def some(names: Iterable[object], most: int, between: str = ", ") -> str:
    """Names in a row, and how many more there are than are shown."""
    every = list(map(str, names))
    more = f"{between.rstrip(' ,')} and {len(every) - most} more" if len(every) > most else ""
    return between.join(every[:most]) + more
