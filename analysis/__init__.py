"""Comparative coverage analysis: how outlets covered an event, and how sure we may be."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.gather.articles import read_articles
    from analysis.measure.corpus import measure_articles
    from analysis.measure.measures import Measures
    from analysis.measure.package import open_measures, write_measures

__version__ = "0.2.0"

# Each is imported when it is first asked for: whoever asks for help need not wait for pandas.
_FOUND_IN = {
    "Measures": "analysis.measure.measures",
    "measure_articles": "analysis.measure.corpus",
    "open_measures": "analysis.measure.package",
    "read_articles": "analysis.gather.articles",
    "write_measures": "analysis.measure.package",
}

__all__ = ["Measures", "measure_articles", "open_measures", "read_articles", "write_measures"]


def __getattr__(name: str) -> Any:
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_FOUND_IN[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
