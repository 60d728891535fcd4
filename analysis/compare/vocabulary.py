"""Which words a group of articles uses more than others do, and how sure one may be.

The article is the unit of evidence; what may be shown of a comparison depends on the number of
articles in its smaller group (METHODS §0, `analysis.compare.ground.inference.permitted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from analysis.compare.ground import inference, scores
from analysis.compare.ground.contrasts import (
    Contrast,
    Draws,
    article_rates,
    contrasts_of,
    inferred,
    interval,
)
from analysis.compare.ground.groups import REST, Groups, Names, Side, grouped
from analysis.compare.ground.inference import EXACT, SEED, Evidence, permitted
from analysis.compare.house import house_words
from analysis.compare.reuse import comparison
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.reference import Reference, read_reference

MIN_ARTICLES = 5
PRIOR = 500.0

COLUMNS = tuple(
    "term spelling target reference n_target n_reference tokens_target tokens_reference "
    "per_1000_target per_1000_reference articles_target articles_target_all articles_reference "
    "articles_reference_all log_ratio log_ratio_low log_ratio_high loo_low loo_high lrc g2 "
    "log_odds_z dp_target p q more_used_by evidence".split()
)


@comparison
def frequencies(
    measures: Measures, by: str = "outlet", zone: Names = None, voice: Names = None
) -> pd.DataFrame:
    """How often each group uses each of its words.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    zone, voice
        Only these words; all where left out.

    Returns
    -------
    DataFrame, sorted by group, falling count, term

    =========  ==========================================================
    group      value of `by`
    term       case-folded word
    spelling   how the corpus writes it most often
    count      occurrences in the group
    tokens     tokens of the group
    per_1000   1000 · count / tokens
    articles   articles of the group that hold the word (k)
    n_articles articles of the group (n)
    =========  ==========================================================
    """
    groups = grouped(measures, by, zone, voice)
    spelling = np.asarray(measures.spelling(groups.terms), object)
    frames = []
    for group in groups:
        used = np.flatnonzero(group.count)
        count = group.count[used]
        frames.append(
            pd.DataFrame(
                {
                    "group": group.name,
                    "term": groups.terms[used],
                    "spelling": spelling[used],
                    "count": count,
                    "tokens": group.size,
                    "per_1000": 1000 * count / group.size,
                    "articles": group.articles[used],
                    "n_articles": group.n,
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    table = inference.ordered(table, ["group", "count", "term"], ["count"])
    return inference.with_notes(table, groups.notes, groups.measures)


# ---------------------------------------------------------------- keyness


@comparison
def keyness(
    measures: Measures,
    by: str = "outlet",
    target: Names = None,
    reference: Names = None,
    *,
    zone: Names = None,
    voice: Names = None,
    terms: Sequence[str] | None = None,
    min_articles: int | None = None,
    house_style: bool = False,
    permutations: int = 2000,
    bootstraps: int = 1000,
    prior: float | str = PRIOR,
    reference_list: Reference | None = None,
    tests: bool = True,
    seed: int = SEED,
    progress: bool = False,
) -> pd.DataFrame:
    r"""How the use of words differs between groups of articles.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    target, reference
        Group or groups to compare; ``"rest"`` as reference means all other groups, weighted
        equally. Left out: each group against the rest, and every pair once.
    zone, voice
        Only words of this zone (headline, lead, body), of this voice (narrator, quoted).
    terms
        Only these terms, named before looking: the family of tests is small then, and an exact
        test is allowed from 4 articles in each group.
    min_articles
        List terms found in at least so many articles of the two sides. Left out: 5 where words
        are tested, 1 where there are too few articles for that, and for `terms`.
    house_style
        List courtesy titles and the outlets' own names too (`analysis.compare.house`); without
        it they are set aside, unless `terms` names them. They count as tokens either way.
    permutations, bootstraps
        Permutations of article labels, bootstrap samples of articles.
    prior
        α₀ of the log-odds, or ``"n"`` for the tokens of the two sides.
    reference_list
        Gives the prior; the project's own where left out.
    tests
        False: counts, rates and scores alone, without p, intervals and leave-one-out ranges.
    seed
        Of permutations and bootstrap.
    progress
        Show a progress bar.

    Returns
    -------
    DataFrame, one row per contrast and term: contrasts in order of name, against the rest first;
    within a contrast sorted by falling \|log_odds_z\|, then term

    ================  =============================================================
    term, spelling    case-folded, and as the corpus writes it most often
    target, reference the two sides
    n_target          occurrences in the target; n_reference likewise
    tokens_target     tokens of the target; tokens_reference likewise
    per_1000_target   1000 · occurrences / tokens; for the rest the mean of its groups
    articles_target   articles of the target with the term (k), of articles_target_all (n)
    log_ratio         log₂ of the ratio of rates, ½ added; 1 = twice as often in target
    log_ratio_low     lower end of its 95 % bootstrap interval over articles; _high upper
    loo_low, loo_high range of log_ratio when any one article is left out; where the
                      smaller side has fewer than 10 articles
    lrc               conservative log ratio; Bonferroni over the contrast's terms
    g2                log-likelihood ratio, four cells; a description, not a test
    log_odds_z        log-odds with Dirichlet prior; ranks, does not test
    dp_target         deviation of proportions in the target: 0 as even as its articles'
                      lengths, towards 1 the more it clumps
    p                 permutation of articles, difference of mean rates per article, two-sided
    q                 p adjusted over all terms and contrasts of this call
                      (Benjamini–Hochberg)
    more_used_by      the side with the higher rate; empty where they are equal
    evidence          "one article" or "few articles" (2–3) where that side has the term in
                      no more; "articles disagree" where the mean rate per article points
                      the other way
    ================  =============================================================

    Empty where the number of articles forbids a value: no p, q, interval or lrc below 10
    articles on either side (p and q of `terms` from 4). No interval where a side lacks the term.

    Raises
    ------
    AnalysisError
        Where a column or group does not exist, or there is only one group.
    """
    groups = grouped(measures, by, zone, voice)
    named = None if terms is None else list(dict.fromkeys(terms))
    sides = list(contrasts_of(groups, target, reference))
    if not sides:
        raise AnalysisError(
            f"Only one group in {by}: {', '.join(groups.groups)}.", "Compare by another column."
        )
    contrasts = [Contrast(*pair, _listed(groups, *pair, named, min_articles)) for pair in sides]
    aside: set[str] = set()
    if not house_style and named is None:
        contrasts, aside = _without_house_style(contrasts, groups)
    source = read_reference() if reference_list is None else reference_list
    share = source.share(groups.terms)
    spelling = pd.Index(measures.spelling(groups.terms), dtype="str")
    draws = Draws(bootstraps, seed)
    frames: list[pd.DataFrame] = []
    for c in tqdm(contrasts, unit="contrast", desc="keyness", disable=not progress):
        columns = _described(c, share[c.terms], prior)
        if tests:
            columns |= interval(c, draws) | inferred(c, named is not None, permutations, seed)
        columns |= {"term": groups.terms[c.terms], "spelling": spelling[c.terms]}
        frame = pd.DataFrame({name: columns.get(name, np.nan) for name in COLUMNS})
        order = np.lexsort((c.terms, -frame["log_odds_z"].abs().to_numpy()))
        frames.append(frame.iloc[order])
    table = pd.concat(frames, ignore_index=True)
    table["q"] = inference.adjusted(table["p"].to_numpy())
    notes = [
        *groups.notes,
        _listing_note(groups, contrasts, named, min_articles),
        *_test_notes(contrasts, int(table["p"].notna().sum()), permutations, bootstraps, seed),
        *_small(contrasts, named is not None),
        _prior_note(prior),
        _house_note(measures.spelling(sorted(aside))),
        source.note,
    ]
    return inference.with_notes(table, notes, groups.measures)


def summary(table: pd.DataFrame, words: int = 5) -> pd.DataFrame:
    """The contrasts of a keyness table, one row each.

    Returns
    -------
    DataFrame, in the order of `table`: target, reference, articles_target, articles_reference;
    terms listed; keywords (q < .05; empty where words are not tested); words_target and
    words_reference, the first words that each side uses more (q < .05 first, then by
    log_odds_z)
    """
    rows = []
    for (target, reference), part in table.groupby(["target", "reference"], sort=False):
        tested = part["p"].notna().any()
        rows.append(
            {
                "target": target,
                "reference": reference,
                "articles_target": part["articles_target_all"].iloc[0],
                "articles_reference": part["articles_reference_all"].iloc[0],
                "terms": len(part),
                "keywords": float((part["q"] < inference.ALPHA).sum()) if tested else np.nan,
                "words_target": _first(part, str(target), words),
                "words_reference": _first(part, str(reference), words),
            }
        )
    out = pd.DataFrame(rows)
    out.attrs["notes"] = list(table.attrs.get("notes", []))
    return out


def without_copies(measures: Measures, target: str, reference: str) -> pd.DataFrame:
    """One contrast without shared copy, as `brief` gives it.

    No row, and the reason in the notes, where all articles of a side share copy with others.
    """
    try:
        return brief(
            keyness(measures, target=target, reference=reference, without_shared_copy=True)
        )
    except AnalysisError as error:
        empty = pd.DataFrame({"spelling": pd.Series([], dtype="str")})
        return inference.with_notes(empty, [f"Without shared copy: {error}"], measures)


def brief(table: pd.DataFrame) -> pd.DataFrame:
    """One contrast of a keyness table in columns that fit a page, named after its sides.

    Parameters
    ----------
    table
        What `keyness` returned for one contrast, or `robustness.marked`.

    Returns
    -------
    DataFrame, in the order of `table`: spelling; for each side its rate per 1,000 words and in
    how many of its articles the word stands, as in "3 of 12"; log_ratio with low and high (95 %
    interval, or below 10 articles the range when one article is left out; neither where there
    is none); p and q where tested; more_used_by, evidence, and fragile and because where `table`
    has them

    Raises
    ------
    AnalysisError
        Where the table holds several contrasts.
    """
    pairs = table[["target", "reference"]].drop_duplicates()
    if len(pairs) > 1:
        raise AnalysisError(
            f"The table holds {len(pairs)} contrasts.", "Select one target and one reference."
        )
    out = table[["spelling"]].copy()
    for side in ("target", "reference"):
        name = pairs[side].iloc[0] if len(pairs) else side
        held, every = table[f"articles_{side}"], table[f"articles_{side}_all"]
        out[f"{name} per_1000"] = table[f"per_1000_{side}"]
        out[f"{name} articles"] = held.astype("str") + " of " + every.astype("str")
    out["log_ratio"] = table["log_ratio"]
    out["low"] = table["log_ratio_low"].fillna(table["loo_low"])
    out["high"] = table["log_ratio_high"].fillna(table["loo_high"])
    rest = ["p", "q", "more_used_by", "evidence", "fragile", "because"]
    out = out.join(table[[c for c in rest if c in table]])
    return out.dropna(axis="columns", how="all").reset_index(drop=True)


def _first(part: pd.DataFrame, side: str, words: int) -> str:
    more = part[part["more_used_by"] == side]
    sure = more["q"] < inference.ALPHA
    return ", ".join(pd.concat([more[sure], more[~sure]])["spelling"].head(words))


def _listed(
    groups: Groups, one: Side, other: Side, named: list[str] | None, min_articles: int | None
) -> np.ndarray:
    """Positions of the terms that are listed for two sides."""
    if named is not None:
        found = groups.terms.get_indexer(pd.Index(named, dtype=groups.terms.dtype))
        return np.sort(found[found >= 0])
    tested = permitted(min(one.n, other.n)) is Evidence.WORDS
    least = min_articles if min_articles is not None else MIN_ARTICLES if tested else 1
    return np.flatnonzero(one.articles + other.articles >= max(least, 1))


def _without_house_style(
    contrasts: list[Contrast], groups: Groups
) -> tuple[list[Contrast], set[str]]:
    """The contrasts without words that house style decides, and those words."""
    outlets = groups.measures.outlets["outlet"]
    kept, aside = [], set()
    for c in contrasts:
        own = [side.name for side in (c.target, c.reference) if side.name in set(outlets)]
        terms = groups.terms[c.terms]
        is_house = terms.isin(house_words(outlets, own))
        aside |= set(terms[is_house])
        kept.append(replace(c, terms=c.terms[~is_house]))
    return kept, aside


def _described(c: Contrast, share: np.ndarray, prior: float | str) -> dict[str, object]:
    """Counts, rates and scores."""
    t, r, at = c.target, c.reference, c.terms
    a0 = t.weighted_size + r.weighted_size if prior == "n" else float(prior)
    lrc = scores.conservative_log_ratio(*c.counts, family=max(len(at), 1))
    return {
        "target": t.name,
        "reference": r.name,
        "n_target": t.count[at],
        "n_reference": r.count[at],
        "tokens_target": t.size,
        "tokens_reference": r.size,
        "per_1000_target": 1000 * t.rate[at],
        "per_1000_reference": 1000 * r.rate[at],
        "articles_target": t.articles[at],
        "articles_target_all": t.n,
        "articles_reference": r.articles[at],
        "articles_reference_all": r.n,
        "log_ratio": scores.log_ratio(*c.counts),
        "lrc": lrc if c.evidence is Evidence.WORDS else np.nan,
        "g2": scores.g2(*c.counts),
        "log_odds_z": scores.log_odds_z(*c.counts, share, a0),
        "dp_target": scores.deviation_of_proportions(t.matrix(at), t.tokens),
        "more_used_by": c.more_used_by,
        "evidence": _evidence(c),
    }


def _evidence(c: Contrast) -> np.ndarray:
    marks = c.few_articles
    rates, weights = article_rates(c)
    sign = np.sign(c.target.rate[c.terms] - c.reference.rate[c.terms])
    disagree = (sign * (rates.T @ weights) < -1e-15) & (marks == "")
    return np.where(disagree, "articles disagree", marks).astype(object)


# ---------------------------------------------------------------- what travels with the table


def _listing_note(
    groups: Groups,
    contrasts: list[Contrast],
    named: list[str] | None,
    min_articles: int | None,
) -> str:
    if named is not None:
        absent = sorted(set(named) - set(groups.terms))
        missing = f"; in no article: {', '.join(absent)}" if absent else ""
        return f"Listed: {len(named) - len(absent)} terms named beforehand{missing}."
    occurring = [int(((c.target.articles + c.reference.articles) > 0).sum()) for c in contrasts]
    listed = [len(c.terms) for c in contrasts]
    least = (
        f"at least {min_articles} articles"
        if min_articles is not None
        else f"at least {MIN_ARTICLES} articles where words are tested, else in 1"
    )
    return (
        f"Listed: terms in {least}; {sum(listed):,} of {sum(occurring):,} terms that occur "
        f"({len(contrasts)} contrast{'s' if len(contrasts) != 1 else ''})."
    )


def _test_notes(
    contrasts: list[Contrast], tested: int, permutations: int, bootstraps: int, seed: int
) -> list[str]:
    notes = []
    if any(len(c.reference.groups) > 1 for c in contrasts):
        notes.append(
            f"{REST}: all other groups, weighted equally; its rate is the mean of their rates."
        )
    if any(c.evidence is Evidence.WORDS for c in contrasts):
        notes.append(
            "log_ratio_low, log_ratio_high: 95 % bootstrap interval over articles within group, "
            f"{bootstraps:,} samples, seed {seed}; empty where a side lacks the term."
        )
    if tested:
        notes.append(
            "p: permutation of whole articles, difference of mean rates per article, two-sided, "
            f"{permutations:,} permutations or more, seed {seed}; q: Benjamini–Hochberg over all "
            f"{tested:,} terms × contrasts tested here."
        )
    return notes


def _prior_note(prior: float | str) -> str:
    size = "the tokens of both sides" if prior == "n" else f"{prior:g}"
    return (
        f"log_odds_z: Dirichlet prior with α₀ = {size}; with g2 and lrc it takes words for "
        "independent: it ranks and describes, it does not test."
    )


def _house_note(words: list[str]) -> str:
    if not words:
        return ""
    listed = ", ".join(words)
    return f"Set aside as house style (courtesy titles, outlets' own names): {listed}."


def _small(contrasts: list[Contrast], named: bool) -> list[str]:
    """Why p and intervals are empty, contrast by contrast or, where they are many, together."""
    small = [c for c in contrasts if c.evidence is not Evidence.WORDS]
    if len(small) <= 4:
        return [f"{c.target.name} – {c.reference.name}: {_why_empty(c, named)}" for c in small]
    example = min(small, key=lambda c: (-min(c.target.n, c.reference.n), c.target.name))
    tested = "terms named beforehand alone are tested from 4 articles; " if named else ""
    return [
        f"No interval, and no p, for {len(small)} of {len(contrasts)} contrasts, in which one side "
        f"has fewer than 10 articles: {tested}the largest of them, {example.target.name} – "
        f"{example.reference.name}: {_why_empty(example, named)}"
    ]


def _why_empty(c: Contrast, named: bool) -> str:
    if named and c.evidence is Evidence.NAMED_TERMS:
        ways = comb(c.target.n + c.reference.n, c.target.n)
        exact = ways <= EXACT and len(c.reference.groups) == 1
        test = f"exact test (all {ways:,} divisions)" if exact else "permutation test"
        return (
            f"{c.target.n} against {c.reference.n} articles: {test} of the terms named "
            "beforehand, no interval."
        )
    return inference.small_n_note(c.target.n, c.reference.n)
