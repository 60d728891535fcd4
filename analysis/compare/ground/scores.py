r"""Keyness scores of a 2 × 2 table: how two counts differ, given the tokens they stand in.

y₁ of n₁ tokens against y₂ of n₂. Counts may be fractions (a mean of several groups). All four
treat words as independent of each other, which words of one article are not: they describe and
rank, and are no tests (docs/methods.md).
"""

import numpy as np
import scipy.sparse as sp
from scipy import special, stats

Counts = np.ndarray | float


def log_ratio(y1: Counts, n1: Counts, y2: Counts, n2: Counts) -> np.ndarray:
    r""":math:`\log_2\frac{y_1+.5}{n_1+.5} - \log_2\frac{y_2+.5}{n_2+.5}` (Hardie 2014).

    1 means twice as frequent in the first. The halves make it almost unbiased and finite where a
    count is 0 (Walter 1975), as in Evert (2022).
    """
    return smoothed(y1, n1) - smoothed(y2, n2)


def smoothed(y: Counts, n: Counts) -> np.ndarray:
    r""":math:`\log_2\frac{y+.5}{n+.5}`."""
    return np.asarray(np.log2((np.asarray(y) + 0.5) / (np.asarray(n) + 0.5)))


def g2(y1: Counts, n1: Counts, y2: Counts, n2: Counts) -> np.ndarray:
    r""":math:`G^2 = 2\sum O\ln(O/E)` over all four cells (Dunning 1993); never negative."""
    y1, n1, y2, n2 = (np.asarray(v, np.float64) for v in (y1, n1, y2, n2))
    n, y = n1 + n2, y1 + y2
    cells = ((y1, y, n1), (y2, y, n2), (n1 - y1, n - y, n1), (n2 - y2, n - y, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [np.where(o > 0, o * n / (row * size), 1) for o, row, size in cells]
    total = sum(special.xlogy(o, r) for (o, _, _), r in zip(cells, ratios, strict=True))
    return np.maximum(2 * np.asarray(total), 0.0)


def conservative_log_ratio(
    y1: Counts, n1: Counts, y2: Counts, n2: Counts, family: int = 1, alpha: float = 0.05
) -> np.ndarray:
    r"""LRC (Evert 2022): the end nearest 0 of a confidence interval of the log ratio.

    The exact two-sided interval of :math:`\tau = y_1/(y_1+y_2)` given :math:`y_1+y_2`
    (Clopper–Pearson, Bonferroni-corrected for `family` words), turned into a ratio:
    :math:`\log_2\left(\frac{n_2}{n_1}\cdot\frac{\tau}{1-\tau}\right)`. 0 where it holds 0;
    positive where the first uses the word more.
    """
    y1, n1, y2, n2 = (np.asarray(v, np.float64) for v in (y1, n1, y2, n2))
    first_more = y1 * n2 >= y2 * n1
    more, less = np.where(first_more, y1, y2), np.where(first_more, y2, y1)
    n_more, n_less = np.where(first_more, n1, n2), np.where(first_more, n2, n1)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau = special.betaincinv(more, less + 1, alpha / (2 * family))
        bound = np.log2(n_less / n_more * tau / (1 - tau))
    bound = np.where(more > 0, np.maximum(bound, 0.0), 0.0)
    return np.where(first_more, bound, -bound) + 0.0


def log_odds_z(
    y1: Counts, n1: Counts, y2: Counts, n2: Counts, share: Counts, prior: float = 500.0
) -> np.ndarray:
    r"""Log-odds with informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).

    :math:`\delta = \ln\frac{y_1+\alpha}{n_1+\alpha_0-y_1-\alpha} -
    \ln\frac{y_2+\alpha}{n_2+\alpha_0-y_2-\alpha}` with :math:`\alpha = \alpha_0\cdot` share of
    the word in the reference list, and
    :math:`z = \delta/\sqrt{1/(y_1+\alpha) + 1/(y_2+\alpha)}`. Positive: the first uses it more.
    """
    y1, n1, y2, n2 = (np.asarray(v, np.float64) for v in (y1, n1, y2, n2))
    a = prior * np.asarray(share)
    delta = np.log((y1 + a) / (n1 + prior - y1 - a)) - np.log((y2 + a) / (n2 + prior - y2 - a))
    return np.asarray(delta / np.sqrt(1 / (y1 + a) + 1 / (y2 + a)))


def deviation_of_proportions(matrix: sp.csr_array, tokens: np.ndarray) -> np.ndarray:
    r"""DP (Gries 2008): :math:`\tfrac12\sum_a |v_a - s_a|` of each term, for a group's articles.

    :math:`s_a` is the share of article a in the group's tokens, :math:`v_a` its share in the
    term's occurrences. 0: spread like the tokens; towards 1: all in one short article. Empty
    for a term that does not occur.
    """
    s = tokens / tokens.sum()
    total = np.asarray(matrix.sum(axis=0), np.float64).ravel()
    entries = sp.coo_array(matrix)
    v = entries.data / total[entries.col]
    held = s[entries.row]
    n = matrix.shape[1]
    away = np.bincount(entries.col, np.abs(v - held), n) + 1 - np.bincount(entries.col, held, n)
    return np.where(total > 0, np.clip(away / 2, 0, 1), np.nan)


def g2_p(value: np.ndarray) -> np.ndarray:
    """p of G² were words independent (χ², 1 degree of freedom): shown only to be distrusted."""
    return np.asarray(stats.chi2.sf(value, 1))
