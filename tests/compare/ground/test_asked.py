"""Of what a comparison may be asked."""

import pytest
from threadpoolctl import ThreadpoolController

from analysis.compare.ground.asked import _LINEAR_ALGEBRA, of_measures
from analysis.compare.vocabulary import keyness
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures


def test_what_is_no_measures_is_named() -> None:
    with pytest.raises(AnalysisError, match=r"keyness.*\blist\b"):
        keyness([])


def test_libraries_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThreadpoolController, "__init__", None)

    @of_measures
    def threads(_: Measures) -> set[int]:
        used = _LINEAR_ALGEBRA.select(user_api="blas").info()
        return {library["num_threads"] for library in used}

    assert threads(object.__new__(Measures)) == {1}
