"""What files and people give, held against the types that the code expects."""

from collections.abc import Hashable, Sequence
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

from annotated_types import MinLen
from pydantic import ConfigDict, Strict, TypeAdapter, ValidationError

from analysis.data import DATA, read_list
from analysis.errors import AnalysisError, unknown

T = TypeVar("T")
NO_OTHERS = ConfigDict(extra="forbid")  # of a table whose keys are all known
Name = Annotated[str, MinLen(1)]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
_REMEDIES = read_list(DATA / "mistakes.toml")["kinds"]  # by how pydantic calls the error
_GIVES_NONE = ("missing", "string_too_short", "too_short")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def checked(kind: type[T], value: object, where: str) -> T:
    """A value of a type: a table (TypedDict) with every key, kind of value and gap checked.

    Parameters
    ----------
    where
        How the message calls the table: the file, and the entry.

    Raises
    ------
    AnalysisError
        For the first value that is wrong: where it stands, what it is, what would work.
    """
    try:
        return cast(T, _adapter(cast(Hashable, kind)).validate_python(value))
    except ValidationError as error:
        raise _refusal(kind, error.errors()[0], where) from error


def _refusal(kind: Any, error: Any, where: str) -> AnalysisError:
    *above, last = error["loc"] or ("",)
    if error["type"] == "extra_forbidden":
        return unknown(f"key in {_place(where, above)}:", last, _keys(_kind_at(kind, above)))
    if error["type"] in _GIVES_NONE:
        return AnalysisError(f"{_place(where, above)} has no {last!r}.", f"Give {last} = …")
    given, wanted = error["input"], _kind_at(kind, error["loc"])
    keys, below = _keys(wanted), _keys(_kind_at(wanted, [0]))
    called = "table" if keys else str(error["type"]).replace("tuple", "list")
    called = "tables" if below and called.startswith("list") else called
    remedy = next((say for begins, say in _REMEDIES.items() if called.startswith(begins)), "")
    known = {"key": (keys or below or ["name"])[0], "last": last, **error.get("ctx", {})}
    return AnalysisError(
        f"{_place(where, error['loc'])}: {brief(given)} ({type(given).__name__}).",
        remedy.format_map(known),
    )


def _place(where: str, path: Sequence[str | int]) -> str:
    """Where a value stands, in words: "mine.toml, set 2, label 1, near"."""
    for step in path:
        where += f" {step + 1}" if isinstance(step, int) else f", {step}"
    return where


def _kind_at(kind: Any, path: Sequence[str | int]) -> Any:
    """The type of what stands at the end of a path."""
    for step in path:
        if _keys(kind):
            kind = get_type_hints(kind).get(str(step))
        else:
            kind = next((k for k in reversed(get_args(kind)) if k is not ...), None)
    return kind


def _keys(kind: Any) -> list[str]:
    """The keys of a table; none of what is no table, or has any keys."""
    return list(get_type_hints(kind)) if hasattr(kind, "__total__") else []


def brief(value: object) -> str:
    """A value as a message shows it, cut where it is long."""
    shown = repr(str(value))
    return shown if len(shown) <= 62 else shown[:61] + "…'"
