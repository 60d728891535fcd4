"""Which words a group of articles uses more than others do, and how sure one may be.

The article is the unit of evidence; what may be shown of a comparison depends on the number of
articles in its smaller group (METHODS §0, `analysis.compare.ground.inference.permitted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import (
    REST,
    Contrast,
    Groups,
    Names,
    Side,
    as_counted,
    contrasts_of,
    grouped,
    inferred,
    largest,
)
from analysis.compare.ground.inference import PLAN, Evidence, Plan, families, permitted
from analysis.compare.ground.notes import note, of_measures, refusal
from analysis.compare.kinds import house_words, kinds_of
from analysis.compare.reuse import independent
from analysis.compare.strata import strata_of
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.tokens import tokenize

COLUMNS = tuple(
    "term spelling target reference n_target n_reference tokens_target tokens_reference "
    "per_1000_target per_1000_reference articles_target articles_target_all articles_reference "
    "articles_reference_all log_ratio log_ratio_low log_ratio_high loo_low loo_high lrc g2 "
    "log_odds_z dp_target p q more_used_by evidence kind".split()
)


# ---------------------------------------------------------------- keyness


@of_measures
def keyness(
    measures: Measures,
    by: str = "outlet",
    target: Names = None,
    reference: Names = None,
    *,
    terms: Sequence[str] | None = None,
    plan: Plan = PLAN,
    house_style: bool = False,
) -> pd.DataFrame:
    r"""How the use of words differs between groups of articles.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    target, reference
        Group or groups to compare; ``"rest"`` as reference means all other groups, weighted
        equally. Left out: each group against the rest.
    terms
        Only these terms, named before looking: the family of tests is small then, none is
        filtered, and a test is allowed from 4 articles in each group.
    plan
        Which words are tested, what is held still, permutations, bootstrap samples, prior, seed.
    house_style
        List courtesy titles and the outlets' own names too; without it they are set aside,
        unless `terms` names them. They count as tokens either way.

    Returns
    -------
    DataFrame, one row per contrast and term: contrasts in order of name; within a contrast sorted
    by falling \|log_odds_z\|, then term

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
    lrc, g2           conservative log ratio (Bonferroni over the contrast's terms) and
                      log-likelihood ratio, four cells: descriptions, no tests
    log_odds_z        log-odds with Dirichlet prior; ranks, does not test
    dp_target         deviation of proportions in the target: 0 as even as its articles'
                      lengths, towards 1 the more it clumps
    p                 permutation of articles, studentised difference of rates, two-sided
                      (`analysis.compare.ground.permutations.ratio_test`); empty for words
                      that the plan filters, which are described alone
    q                 p adjusted within this call's contrasts that differ; empty in those
                      that do not (`analysis.compare.ground.inference.families`)
    more_used_by      the side with the higher rate; empty where they are equal
    evidence          "one article" or "few articles" (2–3) where that side has the term in
                      no more; "articles disagree" where the mean rate per article points
                      the other way
    kind              of word: topic, house style, function word, name, or empty
                      (`analysis.compare.kinds.kinds_of`)
    ================  =============================================================

    Empty where the number of articles forbids a value: no p, q, interval or lrc below 10
    articles on either side (p and q of `terms` from 4). No interval where a side lacks the term.

    Raises
    ------
    AnalysisError
        Where a column or group does not exist, there is only one group, or a group is compared
        with itself.
    """
    groups = grouped(measures, by)
    sides = list(contrasts_of(groups, target, reference))
    return _compared(groups, sides, terms, plan, house_style)


def family_of(
    measures: Measures,
    by: str = "outlet",
    pair: tuple[str, str] | None = None,
    *,
    terms: Sequence[str] | None = None,
    plan: Plan | None = None,
) -> pd.DataFrame:
    """The tests of a corpus: one family, from which every page takes its p and q.

    Its contrasts are each group against the rest and, where there are more than two groups, one
    pair. A page that shows one of them selects its rows.

    Parameters
    ----------
    pair
        Two groups; the two with most articles where left out.
    terms
        Terms named beforehand: a family of their own over the same contrasts.
    plan
        Left out: the usual one, holding still what the corpus's description says.

    Returns
    -------
    DataFrame, as from `keyness`
    """
    groups = grouped(measures, by)
    sides = list(contrasts_of(groups, None, None))
    if len(groups.groups) > 2:
        one, other = sorted(largest(measures, by)) if pair is None else pair
        sides += contrasts_of(groups, one, other)
    return _compared(groups, sides, terms, plan or plan_of(measures))


def plan_of(measures: Measures) -> Plan:
    """How a corpus is tested: as usual, holding still what its description says."""
    return replace(PLAN, strata=measures.description.strata)


def _compared(
    groups: Groups,
    sides: list[tuple[Side, Side]],
    terms: Sequence[str] | None,
    plan: Plan,
    house_style: bool = False,
) -> pd.DataFrame:
    """A keyness table of these contrasts, which are one family."""
    measures = groups.measures
    if not sides:
        raise refusal("one_group", where=f": {', '.join(groups.groups)}")
    named = None if terms is None else as_counted(terms)
    contrasts = [Contrast(*pair, _columns_of(groups, *pair, named, plan)) for pair in sides]
    aside: set[str] = set()
    if not house_style and named is None:
        contrasts, aside = _without_house_style(contrasts, groups)
    strata = strata_of(measures, plan.strata)
    share = measures.reference.share(groups.things)
    spelling = pd.Index(measures.spelling(groups.things), dtype="str")
    kind = kinds_of(measures, groups.things)
    frames: list[pd.DataFrame] = []
    tests = inferred(contrasts, named is not None, plan, strata)
    for c, tested in zip(contrasts, tests, strict=True):
        columns = _counts_and_scores(c, share[c.listed], plan.prior) | tested
        columns |= {"term": groups.things[c.listed], "spelling": spelling[c.listed]}
        columns["kind"] = kind[c.listed]
        frame = pd.DataFrame({name: columns.get(name, np.nan) for name in COLUMNS})
        order = np.lexsort((c.listed, -frame["log_odds_z"].abs().to_numpy()))
        frames.append(frame.iloc[order].assign(contrast=len(frames)))
    table = pd.concat(frames, ignore_index=True)
    contrast = table.pop("contrast").to_numpy()
    table["q"] = families(table["p"].to_numpy(), contrast)
    notes = [
        *groups.notes,
        _listing_note(groups, contrasts, named, plan),
        *_family_notes(contrasts, table, contrast, plan),
        _strata_note(contrasts, strata, plan),
        *_small(contrasts, named is not None),
        _uneven_note([c for c in contrasts if c.uneven]),
        note("keyness.prior", size=_prior_size(plan.prior)),
        note("keyness.house", aside, words=", ".join(measures.spelling(sorted(aside)))),
        measures.reference.note,
    ]
    return inference.with_notes(table, notes, measures)


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
        return brief(keyness(independent(measures), target=target, reference=reference))
    except AnalysisError as error:
        empty = pd.DataFrame({"spelling": pd.Series([], dtype="str")})
        return inference.with_notes(empty, [note("keyness.without_copy", error=error)], measures)


def brief(table: pd.DataFrame) -> pd.DataFrame:
    """One contrast of a keyness table in columns that fit a page, named after its sides.

    Parameters
    ----------
    table
        What `keyness` returned for one contrast.

    Returns
    -------
    DataFrame, in the order of `table`: spelling; for each side its rate per 1,000 words and in
    how many of its articles the word stands, as in "3 of 12"; log_ratio with low and high (95 %
    interval, or below 10 articles the range when one article is left out; neither where there
    is none); p and q where tested; more_used_by, evidence, kind

    Raises
    ------
    AnalysisError
        Where the table holds several contrasts.
    """
    pairs = table[["target", "reference"]].drop_duplicates()
    if len(pairs) > 1:
        raise refusal("several", n=len(pairs))
    out = table[["spelling"]].copy()
    for side in ("target", "reference"):
        name = pairs[side].iloc[0] if len(pairs) else side
        held, every = table[f"articles_{side}"], table[f"articles_{side}_all"]
        out[f"{name} per_1000"] = table[f"per_1000_{side}"]
        out[f"{name} articles"] = held.astype("str") + " of " + every.astype("str")
    out["log_ratio"] = table["log_ratio"]
    out["low"] = table["log_ratio_low"].fillna(table["loo_low"])
    out["high"] = table["log_ratio_high"].fillna(table["loo_high"])
    rest = ["p", "q", "more_used_by", "evidence", "kind"]
    out = out.join(table[[c for c in rest if c in table]])
    return out.dropna(axis="columns", how="all").reset_index(drop=True)


def _first(part: pd.DataFrame, side: str, words: int) -> str:
    more = part[part["more_used_by"] == side]
    sure = more["q"] < inference.ALPHA
    return ", ".join(pd.concat([more[sure], more[~sure]])["spelling"].head(words))


def _columns_of(
    groups: Groups, one: Side, other: Side, named: list[str] | None, plan: Plan
) -> np.ndarray:
    """Columns of the terms that are listed for two sides."""
    if named is not None:
        found = groups.things.get_indexer(pd.Index(named, dtype=groups.things.dtype))
        return np.sort(found[found >= 0])
    tested = permitted(min(one.n, other.n)) is Evidence.WORDS
    least = plan.least if tested else 1
    return np.flatnonzero(one.articles + other.articles >= max(least, 1))


def _without_house_style(
    contrasts: list[Contrast], groups: Groups
) -> tuple[list[Contrast], set[str]]:
    """The contrasts without words that house style decides, and those words.

    A word of an outlet's longer name ("Times" of the Herald Times) says who writes where it is
    written with a capital and fewer than a third of the other side's articles have it; else it is
    a word or a place like any other, as the valley in the Valley Post.
    """
    outlets = set(groups.measures.outlets["outlet"])
    aside: set[str] = set()
    kept = []
    for c in contrasts:
        terms = groups.things[c.listed]
        house = set(terms[terms.isin(house_words(outlets))])
        for side, other in ((c.target, c.reference), (c.reference, c.target)):
            own = terms.isin(tokenize(side.name)) & (3 * other.articles[c.listed] < other.n)
            words = terms[own] if side.name in outlets else []
            spelled = zip(words, groups.measures.spelling(words), strict=True)
            house |= {word for word, written in spelled if written[:1].isupper()}
        is_house = np.array([not house.isdisjoint(term.split()) for term in terms], bool)
        aside |= house
        kept.append(replace(c, listed=c.listed[~is_house]))
    return kept, aside


def _counts_and_scores(c: Contrast, share: np.ndarray, prior: float | str) -> dict[str, object]:
    """Counts, rates and scores."""
    t, listed = c.target, c.listed
    lrc = scores.conservative_log_ratio(*c.counts, family=max(len(listed), 1))
    return c.described(("target", "reference")) | {
        "log_ratio": scores.log_ratio(*c.counts),
        "lrc": lrc if c.evidence is Evidence.WORDS else np.nan,
        "g2": scores.g2(*c.counts),
        "log_odds_z": c.log_odds(share, prior),
        "dp_target": scores.deviation_of_proportions(t.matrix(listed), t.tokens),
        "more_used_by": c.more_used_by,
        "evidence": _evidence(c),
    }


def _evidence(c: Contrast) -> np.ndarray:
    marks = c.few_articles
    means = [_article_means(side, c.listed) for side in (c.target, c.reference)]
    sign = np.sign(c.target.rate[c.listed] - c.reference.rate[c.listed])
    disagree = (sign * (means[0] - means[1]) < -1e-15) & (marks == "")
    return np.where(disagree, "articles disagree", marks).astype(object)


def _article_means(side: Side, columns: np.ndarray) -> np.ndarray:
    """Mean rate per article."""
    return np.asarray(side.matrix(columns).T @ (side.shares / side.tokens))


# ---------------------------------------------------------------- what travels with the table


def _listing_note(
    groups: Groups, contrasts: list[Contrast], named: list[str] | None, plan: Plan
) -> str:
    if named is not None:
        absent = sorted(set(named) - set(groups.things))
        missing = f"; in no article: {', '.join(absent)}" if absent else ""
        return note("keyness.listed_named", n=len(named) - len(absent), missing=missing)
    return note(
        "keyness.listed",
        plan=plan,
        n=len(contrasts),
        listed=sum(len(c.listed) for c in contrasts),
        occurring=sum(int((c.target.articles + c.reference.articles > 0).sum()) for c in contrasts),
        tested=sum(int(c.tested(False, plan).sum()) for c in contrasts),
    )


def _family_notes(
    contrasts: list[Contrast], table: pd.DataFrame, contrast: np.ndarray, plan: Plan
) -> list[str]:
    tested = table["p"].notna()
    of, tests = len(set(contrast[tested])), int(tested.sum())
    selected = len(set(contrast[table["q"].notna()]))
    resampled = plan.bootstraps and any(c.evidence is Evidence.WORDS for c in contrasts)
    return [
        note("keyness.rest", any(len(c.reference.groups) > 1 for c in contrasts), rest=REST),
        note("keyness.interval", resampled, plan=plan),
        note("keyness.p", tests, plan=plan, selected=selected, of=of, n=of, tests=tests),
    ]


def _strata_note(contrasts: list[Contrast], strata: pd.Series | None, plan: Plan) -> str:
    """What was held still, and how many articles could not be exchanged for it."""
    if strata is None:
        return ""
    out = [(c, c.exchangeable(strata)) for c in contrasts]
    left = [
        f"{c.target.name} – {c.reference.name}: {x.target.n} and {x.reference.n}" for c, x in out
    ]
    more = f"; and {len(left) - 10} more" if len(left) > 10 else ""
    return note("keyness.held", what=plan.strata, left="; ".join(left[:10]) + more)


def _prior_size(prior: float | str) -> str:
    return "the tokens of both sides" if prior == "n" else f"{prior:g}"


def _uneven_note(contrasts: list[Contrast]) -> str:
    names = ", ".join(f"{c.target.name} – {c.reference.name}" for c in contrasts)
    return note("any.uneven", contrasts, names=names)


def _small(contrasts: list[Contrast], named: bool) -> list[str]:
    """Why p and intervals are empty, contrast by contrast or, where they are many, together."""
    small = [c for c in contrasts if c.evidence is not Evidence.WORDS]
    why = {
        c: f"{c.target.name} – {c.reference.name}: "
        + c.evidence.why_empty(c.target.n, c.reference.n, named)
        for c in small
    }
    if len(small) <= 4:
        return list(why.values())
    largest_of = min(small, key=lambda c: (-min(c.target.n, c.reference.n), c.target.name))
    named_too = note("keyness.from_four", named)
    of = len(contrasts)
    return [note("keyness.small", n=len(small), of=of, tested=named_too, example=why[largest_of])]
