"""Comparative coverage analysis: how outlets covered an event, and how sure we may be."""

from analysis.gather.articles import read_articles
from analysis.measure.batch import measure_articles
from analysis.measure.measures import Measures, open_measures, write_measures

__version__ = "0.1.0"

__all__ = [
    "Measures",
    "__version__",
    "measure_articles",
    "open_measures",
    "read_articles",
    "write_measures",
]
