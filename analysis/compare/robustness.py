"""What a finding hangs on: chance, one article, the lead, the prior, the token rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from tqdm.auto import tqdm

from analysis.compare import inference, scores
from analysis.compare.groups import grouped
from analysis.compare.inference import ALPHA, SEED
from analysis.compare.vocabulary import MIN_ARTICLES
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures


def calibration(
    measures: Measures,
    by: str = "outlet",
    group: str | None = None,
    *,
    splits: int = 200,
    min_articles: int = MIN_ARTICLES,
    permutations: int = 2000,
    seed: int = SEED,
    progress: bool = False,
) -> pd.DataFrame:
    """How often the tests see a difference where there is none.

    The articles of one group are divided at random into two halves, again and again, and each
    time the halves are compared as if they were two outlets. A sound test finds p < .05 for
    about 5 % of the words, and after correction hardly ever a keyword.

    Parameters
    ----------
    by, group
        Whose articles are divided; the largest group where left out.
    splits
        How many divisions.
    min_articles, permutations
        As in `keyness`.

    Returns
    -------
    DataFrame, two rows: the permutation of articles that `keyness` uses, and for comparison G²,
    which takes words for independent

    ================  =========================================================
    test              which test
    splits            divisions
    articles          articles in each half (the smaller)
    terms             terms tested in each division
    share_below_05    mean share of terms with p < .05
    lowest, highest   2.5th and 97.5th percentile of that share over divisions
    false_keywords    mean number of terms with q < .05 per division
    ================  =========================================================
    """
    groups = grouped(measures, by)
    name = group or max(groups.groups, key=lambda g: (groups.groups[g].n, g))
    one = groups.named(name)
    if one.n < 20:
        raise AnalysisError(
            f"{name} has {one.n} articles; each half needs 10.", "Choose a group of 20 or more."
        )
    at = np.flatnonzero(one.articles >= min_articles)
    counts = sp.csr_array(one.matrix[:, at])
    rates = sp.csr_array(sp.diags_array(1 / one.tokens) @ counts)
    half = one.n // 2
    found = np.empty((splits, 4))
    for split in tqdm(range(splits), unit="split", desc="calibration", disable=not progress):
        first = inference.generator("split", split, seed=seed).permutation(one.n) < half
        weights = np.where(first, 1 / half, -1 / (one.n - half))
        p = inference.permutation_p(rates, weights, permutations=permutations, seed=seed + split)
        y, n = counts[first].sum(axis=0), one.tokens[first].sum()
        g2 = scores.g2(y, n, one.count[at] - y, one.size - n)
        found[split] = (
            (p < ALPHA).mean(),
            (inference.adjusted(p) < ALPHA).sum(),
            (scores.g2_p(g2) < ALPHA).mean(),
            (inference.adjusted(scores.g2_p(g2)) < ALPHA).sum(),
        )
    rows = []
    for test, share, keywords in (
        ("permutation of articles", found[:, 0], found[:, 1]),
        ("G², words as units", found[:, 2], found[:, 3]),
    ):
        low, high = np.quantile(share, (0.025, 0.975))
        rows.append((test, splits, half, len(at), share.mean(), low, high, keywords.mean()))
    names = "test splits articles terms share_below_05 lowest highest false_keywords".split()
    notes = [
        f"Divided at random: the {one.n} articles of {name}, {splits} times; terms in at least "
        f"{min_articles} of them. Seed {seed}."
    ]
    return inference.with_notes(pd.DataFrame(rows, columns=names), notes, groups.measures)
