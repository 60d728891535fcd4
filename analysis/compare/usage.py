"""How words are used: evenly or in clumps, how varied, what sets two outlets apart, what is absent.

Descriptions, with their denominators; what differs beyond chance is for
`analysis.compare.vocabulary.keyness` to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import special

from analysis.compare.ground import inference, scores
from analysis.compare.ground.contrasts import Contrast
from analysis.compare.ground.groups import REST, Group, Groups, Names, Side, grouped
from analysis.compare.ground.inference import SEED, Evidence, permitted
from analysis.compare.reuse import comparison
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures

SAMPLE = 42
MIN_SHARE = 0.5


@comparison
def dispersion(
    measures: Measures, by: str = "outlet", zone: Names = None, voice: Names = None
) -> pd.DataFrame:
    r"""How evenly each group's words are spread over its articles.

    Returns
    -------
    DataFrame, sorted by group, falling count, term: group, term, spelling, count;
    articles (k, the *range*) of n_articles; dp, the deviation of proportions (Gries 2008): 0 where
    every article has its share, towards 1 where the term stands in one short article;
    dp_norm, dp / (1 − smallest article's share of the tokens), which reaches 1 (Lijffijt & Gries
    2012), empty for a group of one article; evidence, "one article" where it stands in no other.
    """
    groups = grouped(measures, by, zone, voice)
    spelling = pd.Index(measures.spelling(groups.terms), dtype="str")
    frames = []
    for group in groups:
        used = np.flatnonzero(group.count)
        dp = scores.deviation_of_proportions(sp.csr_array(group.matrix[:, used]), group.tokens)
        most = 1 - group.tokens.min() / group.size
        frames.append(
            pd.DataFrame(
                {
                    "group": group.name,
                    "term": groups.terms[used],
                    "spelling": spelling[used],
                    "count": group.count[used],
                    "articles": group.articles[used],
                    "n_articles": group.n,
                    "dp": dp,
                    "dp_norm": dp / most if most > 0 else np.nan,
                    "evidence": np.where(group.articles[used] == 1, "one article", ""),
                }
            )
        )
    table = inference.ordered(pd.concat(frames), ["group", "count", "term"], ["count"])
    return inference.with_notes(table, groups.notes, groups.measures)


@comparison
def diversity(
    measures: Measures, by: str = "outlet", *, bootstraps: int = 2000, seed: int = SEED
) -> pd.DataFrame:
    r"""How varied the vocabulary of each group's articles is.

    Each measure is taken of every article and averaged over the group's articles, so that a group
    of many articles does not seem poorer than one of few.

    - *MATTR*: mean type–token ratio of windows of 100 words (Covington & McFall 2010).
    - *MTLD*: mean length of runs whose type–token ratio stays at .72 (McCarthy & Jarvis 2010).
    - *HD-D*: expected type–token ratio of 42 words drawn at random, by the hypergeometric
      distribution (McCarthy & Jarvis 2010):
      :math:`\sum_w [1 - \binom{N-f_w}{42}/\binom{N}{42}]/42`.
    - *type–token ratio*: falls with every further word; not to be compared between texts of
      unequal length.

    Returns
    -------
    DataFrame, sorted by measure, group: measure, group, mean, low and high (95 % bootstrap
    interval over articles, from 10 articles on), articles (long enough to be measured) of
    n_articles.
    """
    groups = grouped(measures, by, zone=["lead", "body"])
    articles = measures.articles.set_index("id")
    frames = []
    for group in groups:
        of_article = articles.loc[list(group.ids), ["mattr", "mtld"]]
        values = {
            "MATTR": of_article["mattr"].to_numpy(),
            "MTLD": of_article["mtld"].to_numpy(),
            "HD-D": hdd(group),
            "type–token ratio": np.diff(group.matrix.indptr) / group.tokens,
        }
        frames += [_mean(name, group, value, bootstraps, seed) for name, value in values.items()]
    table = inference.ordered(pd.DataFrame(frames), ["measure", "group"], [])
    notes = [
        "Means over articles. MATTR: articles of 100 words or more; HD-D: of 42. The type–token "
        "ratio falls with length: it is not to be compared between texts of unequal length.",
        f"low, high: 95 % bootstrap interval over articles, {bootstraps:,} samples, seed {seed}; "
        "empty below 10 articles.",
    ]
    return inference.with_notes(table, [*groups.notes, *notes], groups.measures)


def hdd(group: Group) -> np.ndarray:
    """HD-D of each article of a group; empty (nan) below 42 tokens."""
    entries = sp.coo_array(group.matrix)
    n, f = group.tokens[entries.row].astype(float), entries.data.astype(float)
    with np.errstate(invalid="ignore"):
        none = (
            special.gammaln(n - f + 1)
            - special.gammaln(n - f - SAMPLE + 1)
            - special.gammaln(n + 1)
            + special.gammaln(n - SAMPLE + 1)
        )
        seen = 1 - np.where(n - f >= SAMPLE, np.exp(none), 0.0)
    total = np.bincount(entries.row, seen, group.n) / SAMPLE
    return np.where(group.tokens >= SAMPLE, total, np.nan)


def _mean(
    measure: str, group: Group, values: np.ndarray, bootstraps: int, seed: int
) -> dict[str, object]:
    known = np.flatnonzero(~np.isnan(values))
    low = high = np.nan
    if permitted(len(known)) is Evidence.WORDS:
        ids = [group.ids[i] for i in known]
        drawn = inference.resampled(np.zeros(len(known), int), ids, bootstraps, seed)
        means = values[known] @ drawn / len(known)
        low, high = np.quantile(means, inference.percentiles(len(known)))
    return {
        "measure": measure,
        "group": group.name,
        "mean": float(values[known].mean()) if len(known) else np.nan,
        "low": low,
        "high": high,
        "articles": len(known),
        "n_articles": group.n,
    }


@comparison
def word_shift(
    measures: Measures,
    first: str,
    second: str = REST,
    by: str = "outlet",
    *,
    zone: Names = None,
    voice: Names = None,
    draws: int = 200,
    seed: int = SEED,
) -> pd.DataFrame:
    r"""Which words make two vocabularies differ, and how much (Gallagher et al. 2021).

    The Jensen–Shannon divergence of the groups' word frequencies p and q, with
    :math:`m = (p+q)/2`, is a sum over words: each contributes
    :math:`\tfrac12 p\log_2(p/m) + \tfrac12 q\log_2(q/m)` bits, never less than 0.

    Parameters
    ----------
    first, second
        Two groups; ``"rest"`` as the second is all others, weighted equally.
    draws
        Random divisions of the articles, for what chance alone would give.

    Returns
    -------
    DataFrame, sorted by falling contribution, then term: term, spelling, first, second,
    n_first, n_second (occurrences), per_1000_first, per_1000_second, articles_first,
    articles_second, contribution (bits), share (of the divergence), more_used_by, evidence
    ("one article" where the side that uses it more has it in one). The notes give the divergence,
    and what divisions of the same articles at random give: small groups diverge by chance.
    """
    groups = grouped(measures, by, zone, voice)
    one, others = Side(first, (groups.named(first),)), groups.rest(first).groups
    if not others:
        raise AnalysisError(f"Only one group in {by}: {first}.", "Compare by another column.")
    other = Side(REST, others) if second == REST else Side(second, (groups.named(second),))
    compared = Contrast(one, other, np.arange(len(groups.terms)))
    contribution = divergence(one.rate, other.rate)
    total = float(contribution.sum())
    table = pd.DataFrame(
        {
            "term": groups.terms,
            "spelling": measures.spelling(groups.terms),
            "first": first,
            "second": other.name,
            "n_first": one.count,
            "n_second": other.count,
            "per_1000_first": 1000 * one.rate,
            "per_1000_second": 1000 * other.rate,
            "articles_first": one.articles,
            "articles_second": other.articles,
            "contribution": contribution,
            "share": contribution / total if total > 0 else 0.0,
            "more_used_by": compared.more_used_by,
            "evidence": np.where(compared.few_articles == "one article", "one article", ""),
        }
    )
    table = table[(one.count + other.count) > 0]
    table = inference.ordered(table, ["contribution", "term"], ["contribution"])
    notes = [
        f"Jensen–Shannon divergence of {first} and {other.name} ({one.n} and {other.n} articles): "
        f"{total:.4f} bits of at most 1.",
        _by_chance(one, other, draws, seed),
    ]
    return inference.with_notes(table, [*groups.notes, *notes], groups.measures)


def divergence(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """What each word contributes to the Jensen–Shannon divergence of p and q, in bits."""
    m = (p + q) / 2
    safe = np.where(m > 0, m, 1)
    parts = special.xlogy(p, p / safe) + special.xlogy(q, q / safe)
    return np.maximum(parts / (2 * np.log(2)), 0.0)


def _by_chance(one: Side, other: Side, draws: int, seed: int) -> str:
    """The divergence when the same articles are dealt to the two sides at random."""
    n = one.n + other.n
    if n < 4 or one.ids == other.ids:
        return ""
    every = np.arange(one.groups[0].matrix.shape[1])
    matrix = sp.csr_array(sp.vstack([one.matrix(every), other.matrix(every)], format="csr"))
    order = np.argsort(np.array([*one.ids, *other.ids], object), kind="stable")
    matrix = sp.csr_array(matrix[order])
    sizes = [g.n for g in (*one.groups, *other.groups)]
    weights = [1.0] + [1 / len(other.groups)] * len(other.groups)
    rng = inference.generator("divergence", *sizes, seed=seed)
    found = []
    for _ in range(draws):
        dealt = np.split(rng.permutation(n), np.cumsum(sizes)[:-1])
        rates = [_rate(matrix, np.sort(rows)) * w for rows, w in zip(dealt, weights, strict=True)]
        found.append(divergence(rates[0], np.sum(rates[1:], axis=0)).sum())
    low, high = np.quantile(found, (0.025, 0.975))
    return (
        f"The same articles dealt at random to groups of the same sizes: {np.mean(found):.4f} "
        f"bits on average, 95 % of {draws} times between {low:.4f} and {high:.4f}."
    )


def _rate(matrix: sp.csr_array, rows: np.ndarray) -> np.ndarray:
    count = np.asarray(matrix[rows].sum(axis=0)).ravel()
    return np.asarray(count / count.sum())


@comparison
def silence(
    measures: Measures,
    by: str = "outlet",
    terms: Sequence[str] | None = None,
    *,
    zone: Names = None,
    voice: Names = None,
    min_share: float = MIN_SHARE,
) -> pd.DataFrame:
    r"""Which words a group does not use, and how far that can be relied on.

    A word that stands in 0 of n articles may still stand in up to
    :math:`1 - (.025)^{1/n}` of a group's articles (upper end of the two-sided 95 %
    Clopper–Pearson interval): 30.8 % for 0 of 10, 97.5 % for 0 of 1.

    Parameters
    ----------
    terms
        These words; left out: every word that the other groups use in at least `min_share` of
        their articles (mean over groups).

    Returns
    -------
    DataFrame, sorted by falling share_elsewhere, term, group: term, spelling, group;
    articles (0) of n_articles of the group; upper_bound, of the share of the group's articles;
    articles_elsewhere of n_elsewhere; share_elsewhere, mean over the other groups of the share
    of their articles; groups_elsewhere that use it; evidence: "few articles" where the group has
    fewer than 10, else "bound below elsewhere" where upper_bound is below share_elsewhere.
    """
    groups = grouped(measures, by, zone, voice)
    if len(groups.groups) < 2:
        raise AnalysisError(f"Only one group in {by}.", "Compare by another column.")
    listed = np.ones(len(groups.terms), bool) if terms is None else groups.terms.isin(list(terms))
    least = min_share if terms is None else 0.0
    frames = [_absent(groups, group, listed, least) for group in groups]
    table = inference.ordered(
        pd.concat(frames), ["share_elsewhere", "term", "group"], ["share_elsewhere"]
    )
    table.insert(1, "spelling", pd.array(measures.spelling(table["term"]), "str"))
    which = (
        f"{len(set(terms))} words asked for"
        if terms is not None
        else f"words in at least {min_share:.0%} of the other groups' articles (mean over groups)"
    )
    notes = [
        f"Listed: {which}, where a group has them in none of its articles.",
        "upper_bound: the share of a group's articles that may hold the word all the same, upper "
        "end of the two-sided 95 % Clopper–Pearson interval, word by word, not adjusted for the "
        "number of words.",
    ]
    return inference.with_notes(table, [*groups.notes, *notes], groups.measures)


def _absent(groups: Groups, group: Group, listed: np.ndarray, least: float) -> pd.DataFrame:
    """The listed words that a group does not use, and at least a share of the others does."""
    others = groups.rest(group.name)
    shares = np.array([g.articles / g.n for g in others.groups])
    elsewhere = shares.mean(axis=0)
    absent = listed & (group.articles == 0) & (elsewhere >= least) & (elsewhere > 0)
    bound = float(inference.upper_bound(0, group.n))
    evidence = np.where(bound < elsewhere[absent], "bound below elsewhere", "").astype(object)
    if permitted(group.n) is not Evidence.WORDS:
        evidence[:] = "few articles"
    return pd.DataFrame(
        {
            "term": groups.terms[absent],
            "group": group.name,
            "articles": 0,
            "n_articles": group.n,
            "upper_bound": bound,
            "articles_elsewhere": others.articles[absent],
            "n_elsewhere": others.n,
            "share_elsewhere": elsewhere[absent],
            "groups_elsewhere": (shares[:, absent] > 0).sum(axis=0),
            "evidence": evidence,
        }
    )


def locked(table: pd.DataFrame, min_per_1000: float = 0.5) -> pd.DataFrame:
    """The words that differ least between two sides (*lockwords*, Baker 2011).

    Few words can be said not to differ; these are the words whose difference is shown to be
    small: the interval of the log ratio, or below 10 articles the range when one article is left
    out, stays nearest to 0.

    Parameters
    ----------
    table
        What `keyness` returns.
    min_per_1000
        Words used at least so often by both sides.

    Returns
    -------
    DataFrame, sorted by at_most, term: term, spelling, target, reference, per_1000_target,
    per_1000_reference, articles_target, articles_reference, log_ratio, low, high, and at_most:
    the larger of their absolute values; 1 means at most twice as frequent in either
    """
    frequent = table[["per_1000_target", "per_1000_reference"]].min(axis=1) >= min_per_1000
    out = table[frequent].copy()
    out["low"] = out["log_ratio_low"].fillna(out["loo_low"])
    out["high"] = out["log_ratio_high"].fillna(out["loo_high"])
    out["at_most"] = out[["low", "high"]].abs().max(axis=1)
    dropped = int(out["at_most"].isna().sum())
    columns = "term spelling target reference per_1000_target per_1000_reference"
    columns += " articles_target articles_reference log_ratio low high at_most"
    out = out.dropna(subset="at_most")[columns.split()]
    out = inference.ordered(out, ["at_most", "term", "target", "reference"], [])
    out.attrs["notes"] = [
        *table.attrs.get("notes", []),
        f"Locked words: at least {min_per_1000:g} per 1,000 words on both sides; low and high are "
        "the 95 % interval, or below 10 articles the range when one article is left out.",
        *([f"{dropped} words have neither, the articles being too few."] if dropped else []),
    ]
    return out
