"""The sentences that travel with tables: ``data/notes.toml``, and how lists stand in them."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

from analysis import data
from analysis.data import DATA, read_list
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures

_NOTES = DATA / "notes.toml"
_P = ParamSpec("_P")
_T = TypeVar("_T")


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


def refusal(name: str, /, **values: Any) -> AnalysisError:
    """What was received and what would work: the entry of the table "refused"."""
    return AnalysisError(*data.refusal_texts("notes.toml", name, **values))


def of_all_voices(measures: Measures, what: str) -> None:
    """Refuse a question of all words that is asked of one voice."""
    if "voice" in measures.selected:
        raise refusal(f"{what}_of_a_voice")


def of_measures(
    compare: Callable[Concatenate[Measures, _P], _T],
) -> Callable[Concatenate[Measures, _P], _T]:
    """The same comparison, which says so when it is given anything but Measures.

    Linear algebra uses one thread in it: matrices are small, and sums do not depend on the machine.
    """

    @wraps(compare)
    def checked(measures: Measures, *args: _P.args, **named: _P.kwargs) -> _T:
        if not isinstance(measures, Measures):
            raise refusal("measures", name=compare.__name__, given=type(measures).__name__)
        with threadpool_limits(limits=1, user_api="blas"):
            return compare(measures, *args, **named)

    return checked  # type: ignore[return-value]
