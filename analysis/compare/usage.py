"""How words are used: how often, evenly or in clumps, how varied, beside which others, by whom not.

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
from analysis.compare.ground.groups import (
    REST,
    Contrast,
    Group,
    Groups,
    Side,
    as_counted,
    grouped,
    log_spread,
)
from analysis.compare.ground.inference import PLAN, SEED, Evidence, Plan, permitted
from analysis.compare.ground.notes import note, refusal
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES

SAMPLE = 42
MIN_SHARE = 0.5
LEAST_SENTENCES = 3
SIDES = ("first", "second")
_SHIFT = [of.format(side) for of in ("{}", "n_{}", "per_1000_{}", "articles_{}") for side in SIDES]


def uses(
    measures: Measures, by: str = "outlet", *, least: int = 1, plan: Plan = PLAN
) -> pd.DataFrame:
    r"""How often, how evenly and in whose voice each group uses each of its terms.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    least
        Leave out terms that fewer articles of all groups together hold.
    plan
        Bootstrap samples of articles for the interval, and their seed.

    Returns
    -------
    DataFrame, sorted by term, falling per_1000, group

    ==========  ==============================================================
    term        case-folded word; spelling: as the corpus writes it most often
    group       value of `by`
    count       occurrences in the group, headline, lead and body
    narrator    of these, outside quotation marks
    quoted      of these, inside quotation marks
    tokens      tokens of the group
    per_1000    1000 · count / tokens
    low, high   95 % bootstrap interval of per_1000 over the group's articles
                (`analysis.compare.ground.inference.interval` on the logarithm);
                empty below 10 articles
    articles    articles of the group that hold the term (k)
    n_articles  articles of the group (n)
    dp          deviation of proportions (Gries 2008): 0 spread as evenly as the
                articles' lengths, towards 1 the more the term clumps
    dp_norm     dp / (1 − the smallest article's share of the tokens), which
                reaches 1 (Lijffijt & Gries 2012); empty for a single article
    ==========  ==============================================================
    """
    groups = grouped(measures, by)
    total = np.sum([g.articles for g in groups], axis=0)
    listed = np.flatnonzero(total >= max(least, 1))
    words = measures.terms
    voices = {
        voice: groups.count(words[words["voice"] == voice], "term", groups.things)
        for voice in VOICES
    }
    frames = [_uses_of(group, groups, listed, voices, plan) for group in groups]
    table = pd.concat(frames, ignore_index=True)  # groups by name, terms by code point in each
    term = groups.things.get_indexer(table["term"])
    table.insert(1, "spelling", pd.Index(measures.spelling(groups.things), dtype="str")[term])
    order = np.lexsort((-table["per_1000"].to_numpy(), term))
    table = table.iloc[order].reset_index(drop=True)
    notes = [
        note("uses.listed", least > 1, n=len(listed), of=len(groups.things), least=least),
        note("any.seeded", plan.bootstraps, plan=plan),
        groups.too_few,
    ]
    return inference.with_notes(table, [*groups.notes, *notes], measures)


def _uses_of(
    group: Group, groups: Groups, listed: np.ndarray, voices: dict[str, Groups], plan: Plan
) -> pd.DataFrame:
    used = listed[group.count[listed] > 0]
    count = group.count[used]
    matrix = sp.csr_array(group.matrix[:, used])
    low, high = _rate_interval(group, used, plan)
    dp = scores.deviation_of_proportions(matrix, group.tokens)
    most = 1 - group.tokens.min() / group.size
    return pd.DataFrame(
        {
            "term": groups.things[used],
            "group": group.name,
            "count": count,
            **{voice: of.groups[group.name].count[used] for voice, of in voices.items()},
            "tokens": group.size,
            "per_1000": 1000 * count / group.size,
            "low": low,
            "high": high,
            "articles": group.articles[used],
            "n_articles": group.n,
            "dp": dp,
            "dp_norm": dp / most if most > 0 else np.nan,
        }
    )


def _rate_interval(group: Group, used: np.ndarray, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the bootstrap interval of each rate per 1000; empty where n forbids it."""
    if permitted(group.n) is not Evidence.WORDS or not plan.bootstraps:
        empty = np.full(len(used), np.nan)
        return empty, empty
    spread = log_spread(Side(group.name, (group,)), used, plan)
    ends = inference.interval(scores.smoothed(group.count[used], group.size), spread)
    return 1000 * np.exp2(ends[0]), 1000 * np.exp2(ends[1])


def presence(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """What it means that a group does not use a term: how often it might, all the same.

    Returns
    -------
    DataFrame, sorted by group
        group, n_articles, tokens, most_if_absent (upper end of the 95 % Clopper–Pearson interval
        of the share of articles that hold a term, where none of the n does).
    """
    groups = grouped(measures, by)
    rows = [(g.name, g.n, g.size, float(inference.upper_bound(0, g.n))) for g in groups]
    table = pd.DataFrame(rows, columns=["group", "n_articles", "tokens", "most_if_absent"])
    return inference.with_notes(table, groups.notes, groups.measures)


def by_article(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """In which articles each term stands: the evidence of `uses`.

    Returns
    -------
    DataFrame, sorted by term, falling count, article
        term, article, group, count, narrator, reported, quoted (as in `uses`).
    """
    groups = grouped(measures, by)
    words = groups.measures.terms
    words = words[words["article"].isin(groups.of_article)]
    counts = words.groupby(["term", "article", "voice"], observed=True)["count"].sum()
    voices = counts.unstack(fill_value=0).reindex(columns=list(VOICES), fill_value=0)
    table = voices.set_axis(list(VOICES), axis=1).astype("int64").reset_index()
    table = table.astype({"term": "str", "article": "str"})
    table.insert(2, "group", table["article"].map(groups.of_article))
    table.insert(3, "count", table[list(VOICES)].sum(axis=1))
    table = inference.ordered(table, ["term", "count", "article"], ["count"])
    return inference.with_notes(table, groups.notes, groups.measures)


# ---------------------------------------------------------------- texts compared as wholes


def diversity(measures: Measures, by: str = "outlet") -> pd.DataFrame:
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
    DataFrame, sorted by measure, group: measure, group, mean, low and high (95 %
    interval over articles, from 10 articles on), articles (long enough to be measured) of
    n_articles.
    """
    groups = grouped(measures.select(zone=["lead", "body"]), by).of_words()
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
        frames += [_mean_of(name, group, value) for name, value in values.items()]
    table = inference.ordered(pd.DataFrame(frames), ["measure", "group"], [])
    notes = [note("uses.diversity"), note("uses.mean"), groups.too_few]
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


def _mean_of(measure: str, group: Group, values: np.ndarray) -> dict[str, object]:
    known = np.flatnonzero(~np.isnan(values))
    low = high = np.nan
    if permitted(len(known)) is Evidence.WORDS:
        mean, variance = values[known].mean(), values[known].var(ddof=1) / len(known)
        low, high = map(float, inference.interval(mean, (np.asarray(variance), len(known))))
    return {
        "measure": measure,
        "group": group.name,
        "mean": float(values[known].mean()) if len(known) else np.nan,
        "low": low,
        "high": high,
        "articles": len(known),
        "n_articles": group.n,
    }


def word_shift(
    measures: Measures,
    first: str,
    second: str = REST,
    by: str = "outlet",
    *,
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
    groups = grouped(measures, by).of_words()
    one, others = Side(first, (groups.named(first),)), groups.rest(first).groups
    if not others:
        raise refusal("one_group", where=f" in {by}: {first}")
    other = Side(REST, others) if second == REST else Side(second, (groups.named(second),))
    compared = Contrast(one, other, np.arange(len(groups.things)))
    contribution = divergence(one.rate, other.rate)
    total = float(contribution.sum())
    counts = compared.described(SIDES)
    columns = {"term": groups.things, "spelling": measures.spelling(groups.things)}
    columns |= {name: counts[name] for name in _SHIFT}
    table = pd.DataFrame(columns).assign(
        contribution=contribution,
        share=contribution / total if total > 0 else 0.0,
        more_used_by=compared.more_used_by,
        evidence=np.where(compared.few_articles == "one article", "one article", ""),
    )
    table = table[(one.count + other.count) > 0]
    table = inference.ordered(table, ["contribution", "term"], ["contribution"])
    sides = {"first": first, "second": other.name, "n": one.n, "m": other.n}
    notes = [note("uses.divergence", total=total, **sides), _by_chance(one, other, draws, seed)]
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
    return note("uses.dealt", mean=np.mean(found), draws=draws, low=low, high=high)


def _rate(matrix: sp.csr_array, rows: np.ndarray) -> np.ndarray:
    count = np.asarray(matrix[rows].sum(axis=0)).ravel()
    return np.asarray(count / count.sum())


def silence(
    measures: Measures,
    by: str = "outlet",
    terms: Sequence[str] | None = None,
    *,
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
    groups = grouped(measures, by)
    if len(groups.groups) < 2:
        raise refusal("one_group", where=f" in {by}")
    listed = np.ones(len(groups.things), bool)
    if terms is not None:
        listed = groups.things.isin(as_counted(terms))
    least = min_share if terms is None else 0.0
    frames = [_absent(groups, group, listed, least) for group in groups]
    table = inference.ordered(
        pd.concat(frames), ["share_elsewhere", "term", "group"], ["share_elsewhere"]
    )
    table.insert(1, "spelling", pd.array(measures.spelling(table["term"]), "str"))
    which = note("uses.silent_common", share=min_share)
    if terms is not None:
        which = note("uses.silent_asked", n=len(set(terms)))
    notes = [note("uses.silent", which=which), note("uses.bound")]
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
            "term": groups.things[absent],
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
    notes = [note("uses.locked", least=min_per_1000), note("uses.unlocked", dropped, n=dropped)]
    out.attrs["notes"] = [*table.attrs.get("notes", []), *filter(None, notes)]
    return out


def collocates(occurrences: pd.DataFrame, *, most: int = 8) -> pd.DataFrame:
    r"""Which terms stand in the same sentences, more than their frequencies would have it.

    Parameters
    ----------
    occurrences
        term, sentence (any number that tells sentences apart): the places of every term, as
        `analysis.measure.evidence` finds them where the text is at hand.
    most
        So many collocates of each term.

    Returns
    -------
    DataFrame, sorted by term, falling log_dice, collocate
        term, collocate, together (sentences that hold both, at least 3), sentences (those that
        hold the term), log_dice (:math:`14 + \log_2\frac{2 f_{xy}}{f_x+f_y}` over sentences,
        Rychlý 2008; 14 where the two always stand together). A description: sentences of one
        article are not independent.
    """
    pairs = occurrences[["term", "sentence"]].drop_duplicates()
    names, term = np.unique(pairs["term"].to_numpy(object), return_inverse=True)
    _, sentence = np.unique(pairs["sentence"].to_numpy(), return_inverse=True)
    shape = (sentence.max(initial=-1) + 1, len(names))
    held = sp.csr_array((np.ones(len(pairs), np.int64), (sentence, term)), shape=shape)
    frequent = np.flatnonzero(np.asarray(held.sum(axis=0)).ravel() >= LEAST_SENTENCES)
    held = sp.csr_array(held[:, frequent])
    f = np.asarray(held.sum(axis=0)).ravel()
    joint = sp.coo_array(held.T @ held)
    kept = (joint.data >= LEAST_SENTENCES) & (joint.row != joint.col)
    x, y, fxy = joint.row[kept], joint.col[kept], joint.data[kept]
    log_dice = 14 + np.log2(2 * fxy / (f[x] + f[y]))
    order = np.lexsort((y, -log_dice, x))
    x, y, fxy, log_dice = x[order], y[order], fxy[order], log_dice[order]
    first = np.searchsorted(x, x, "left")
    top = np.arange(len(x)) - first < most
    return pd.DataFrame(
        {
            "term": names[frequent][x[top]].astype(str),
            "collocate": names[frequent][y[top]].astype(str),
            "together": fxy[top],
            "sentences": f[x[top]],
            "log_dice": log_dice[top],
        }
    )
