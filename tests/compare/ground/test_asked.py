"""Of what a comparison may be asked."""

import pytest

from analysis.compare.vocabulary import keyness
from analysis.errors import AnalysisError


def test_what_is_no_measures_is_named() -> None:
    with pytest.raises(AnalysisError, match=r"keyness.*\blist\b"):
        keyness([])
