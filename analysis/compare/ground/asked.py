"""Of what a comparison may be asked: of measures, and some of all voices alone."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import scipy.linalg  # noqa: F401  it loads what `_LINEAR_ALGEBRA` looks for
from threadpoolctl import ThreadpoolController

from analysis.data import mistake
from analysis.measure.measures import Measures

_P = ParamSpec("_P")
_T = TypeVar("_T")
# Looked for once: no thread looks through the libraries while another one loads some.
_LINEAR_ALGEBRA = ThreadpoolController()


def of_all_voices(measures: Measures, refused: str) -> None:
    """Refuse a question of all words that is asked of one voice."""
    if "voice" in measures.selected:
        raise mistake(refused)


def of_measures(
    compare: Callable[Concatenate[Measures, _P], _T],
) -> Callable[Concatenate[Measures, _P], _T]:
    """The same comparison, which says so when it is given anything but Measures.

    Linear algebra uses one thread in it: matrices are small, and sums do not depend on the machine.
    """

    @wraps(compare)
    def checked(measures: Measures, *args: _P.args, **named: _P.kwargs) -> _T:
        if not isinstance(measures, Measures):
            raise mistake("no-measures", name=compare.__name__, given=type(measures).__name__)
        with _LINEAR_ALGEBRA.limit(limits=1, user_api="blas"):
            return compare(measures, *args, **named)

    return checked  # type: ignore[return-value]
