"""Keyness scores against a published table, scipy and fractions done by hand."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.ground import scores

# Evert (2022), keywords of German newspaper articles on MRSA: f1, f2, G2, LogRatio, LRC.
# The frequencies count articles: 1,177 of the target, 341,805 of the reference. LogRatio and G2
# use these sizes; LRC takes the sizes × 100, which leaves their ratio as it is, and is
# corrected for the 20,109 lemmas of the full list.
N1, N2, FAMILY = 1_177, 341_805, 20_109
EVERT = [
    (2, 1, 18.890003767374, 8.9182703357421, 0.0),
    (3, 1, 29.5640581564787, 9.40369716291234, 0.988364090287359),
    (8, 0, 90.8496587769634, 12.2687675828262, 6.02085202519171),
    (52, 8, 545.425472580184, 10.8080874179917, 8.62950992224996),
    (77, 168, 575.100148822439, 7.06082436566827, 6.06216810706284),
    (76, 294, 493.671454816043, 6.23656876043809, 5.28507650587669),
]


@pytest.mark.parametrize(("f1", "f2", "g2", "log_ratio", "lrc"), EVERT)
def test_published_rows(f1: int, f2: int, g2: float, log_ratio: float, lrc: float) -> None:
    assert scores.g2(f1, N1, f2, N2) == pytest.approx(g2, abs=1e-6)
    assert scores.log_ratio(f1, N1, f2, N2) == pytest.approx(log_ratio, abs=1e-6)
    found = scores.conservative_log_ratio(f1, N1, f2, N2, FAMILY)
    assert found == pytest.approx(lrc, abs=1e-6)


@needs_shared
def test_the_whole_published_table() -> None:
    table = pd.read_csv(SHARED / "gold" / "keyness" / "evert2022_MRSA_keyness.csv")
    f1, f2 = table["f1"].to_numpy(), table["f2"].to_numpy()
    found = {
        "G2": scores.g2(f1, N1, f2, N2),
        "LogRatio": scores.log_ratio(f1, N1, f2, N2),
        "LRC": scores.conservative_log_ratio(f1, N1, f2, N2, FAMILY),
    }
    assert len(table) == 702
    for column, values in found.items():
        assert np.abs(values - table[column]).max() < 1e-6


COUNTS = st.integers(0, 400)
SIZES = st.integers(500, 100_000)


@given(COUNTS, SIZES, COUNTS, SIZES)
def test_g2_agrees_with_scipy(y1: int, n1: int, y2: int, n2: int) -> None:
    found = float(scores.g2(y1, n1, y2, n2))
    if y1 + y2 == 0:
        assert found == 0
        return
    table = [[y1, y2], [n1 - y1, n2 - y2]]
    theirs = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert found == pytest.approx(theirs.statistic, abs=1e-6)
    assert scores.g2_p(np.array(found)) == pytest.approx(theirs.pvalue, abs=1e-6)


@given(COUNTS, SIZES, COUNTS, SIZES, st.floats(1e-8, 0.05))
def test_swapping_sides_changes_the_sign_alone(
    y1: int, n1: int, y2: int, n2: int, share: float
) -> None:
    for score in (scores.log_ratio, scores.conservative_log_ratio):
        assert score(y1, n1, y2, n2) == -score(y2, n2, y1, n1)
    z = scores.log_odds_z(y1, n1, y2, n2, share)
    assert z == -scores.log_odds_z(y2, n2, y1, n1, share)
    assert scores.g2(y1, n1, y2, n2) == pytest.approx(float(scores.g2(y2, n2, y1, n1)), abs=1e-9)


@given(COUNTS, SIZES, COUNTS, SIZES)
def test_lrc_is_nearer_to_0_than_the_ratio_of_rates(y1: int, n1: int, y2: int, n2: int) -> None:
    found = float(scores.conservative_log_ratio(y1, n1, y2, n2))
    if found and y1 and y2:
        assert 0 < found / np.log2(y1 * n2 / (y2 * n1)) < 1
    assert abs(scores.conservative_log_ratio(y1, n1, y2, n2, 1000)) <= abs(found)


def test_log_ratio_by_hand() -> None:
    assert scores.log_ratio(3.5, 99.5, 0.5, 99.5) == pytest.approx(2)  # 4/100 against 1/100
    assert scores.log_ratio(7, 1000, 7, 1000) == 0


def test_log_odds_by_hand() -> None:
    # 3 of 7 and 1 of 7 with α = 1 of α₀ = 10: odds 4/13 and 2/15.
    found = scores.log_odds_z(3, 7, 1, 7, 0.1, 10)
    assert found == pytest.approx(np.log(4 / 13 / (2 / 15)) / np.sqrt(1 / 4 + 1 / 2))


def test_deviation_of_proportions_by_hand() -> None:
    # Tokens 10, 20, 10: shares 1/4, 1/2, 1/4.
    tokens = np.array([10, 20, 10])
    counts = sp.csr_array(np.array([[1, 4, 0, 0], [2, 0, 0, 1], [1, 0, 0, 1]]))
    found = scores.deviation_of_proportions(counts, tokens)
    # v = (1/4, 1/2, 1/4) → 0; (1, 0, 0) → 3/4; none; (0, 1/2, 1/2) → 1/4
    assert found == pytest.approx([0, 3 / 4, np.nan, 1 / 4], nan_ok=True)
