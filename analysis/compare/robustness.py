"""What a finding hangs on: chance, one article, the lead, the prior, the token rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import REST, grouped
from analysis.compare.ground.inference import ALPHA, DESCRIBED, PLAN, Evidence, Plan
from analysis.compare.ground.permutations import Sample, ratio_test
from analysis.compare.vocabulary import keyness
from analysis.measure.measures import Measures

LEAD, WITHOUT = "lead alone", "without longest"


def calibration(
    measures: Measures,
    by: str = "outlet",
    group: str | None = None,
    *,
    splits: int = 200,
    plan: Plan = PLAN,
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
    plan
        As in `keyness`.

    Returns
    -------
    DataFrame, two rows: the permutation of articles that `keyness` uses, and for comparison G²,
    which takes words for independent. Empty, with the reason in the notes, where the group has
    fewer than 20 articles; else the last note says the result in words.

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
    names = "test splits articles terms share_below_05 lowest highest false_keywords".split()
    if one.n < 2 * Evidence.WORDS:
        why = (
            f"{name} has {one.n} articles: too few to be divided into halves of {Evidence.WORDS:d}."
        )
        return inference.with_notes(pd.DataFrame(columns=names), [why], groups.measures)
    half = one.n // 2
    tested = np.flatnonzero(one.articles >= plan.fewest(half))
    order = np.argsort(np.array(one.ids, object), kind="stable")
    counts, tokens = sp.csr_array(one.matrix[order][:, tested]), one.tokens[order]
    together, listed = np.zeros(one.n, np.int64), np.ones((1, len(tested)), bool)
    found = np.empty((splits, 4))
    for split in range(splits):
        dealt = inference.generator("split", split, seed=plan.seed).permutation(one.n) >= half
        again = replace(plan, seed=plan.seed + split)
        sample = Sample(counts, tokens, dealt.astype(np.int64), together)
        p = ratio_test(sample, [0], listed, plan=again)[0]
        y, n = counts[~dealt].sum(axis=0), tokens[~dealt].sum()
        g2 = scores.g2_p(scores.g2(y, n, one.count[tested] - y, one.size - n))
        q = (inference.adjusted(p), inference.adjusted(g2))
        found[split] = [*((x < ALPHA).mean() for x in (p, g2)), *((x < ALPHA).sum() for x in q)]
    rows = []
    for test, share, keywords in (
        ("permutation of articles", found[:, 0], found[:, 2]),
        ("G², words as units", found[:, 1], found[:, 3]),
    ):
        low, high = np.quantile(share, (0.025, 0.975))
        rows.append((test, splits, half, len(tested), share.mean(), low, high, keywords.mean()))
    notes = [
        f"Divided at random: the {one.n} articles of {name}, {splits} times; terms in at least "
        f"{plan.fewest(half)} of them. Seed {plan.seed}.",
        f"Where there is nothing to find, {found[:, 0].mean():.1%} of the words have p < .05 by "
        f"permutation of articles and {found[:, 1].mean():.1%} by G²; false keywords per division: "
        f"{found[:, 2].mean():.2f} and {found[:, 3].mean():.2f}.",
    ]
    return inference.with_notes(pd.DataFrame(rows, columns=names), notes, groups.measures)


# ---------------------------------------------------------------- the same question asked otherwise


def stability(
    measures: Measures,
    target: str,
    reference: str = REST,
    by: str = "outlet",
    *,
    table: pd.DataFrame,
    places: int = 20,
) -> pd.DataFrame:
    r"""Which findings survive when the question is asked a little differently.

    The findings are the words of a comparison that passed, q < .05 in `table`. Each is looked up
    again

    - with the prior α₀ = 100, and α₀ = the tokens of both sides, instead of 500;
    - without the longest article of each side (where a side has more than one);
    - in headlines and leads alone;
    - with hyphenated words counted as their parts;
    - with tokens that begin with a digit left out.

    A finding is *fragile* where it is then used more by the other side, is gone without the
    longest articles, or stands below place 2 · `places` (or twice its own place, if that is more).
    In headlines and leads, which hold few words, only the first counts. A word that another
    variant does not have (hyphenated, a number, absent from the leads) is not judged by it.

    Parameters
    ----------
    target, reference, by
        As in `keyness`.
    table
        What `family_of` or `keyness` returned: p and q are taken from it.

    Returns
    -------
    DataFrame, one row per finding, sorted by its place: term, spelling, target, reference,
    more_used_by, log_ratio, q, one column per variant with the word's place in it by
    \|log_odds_z\| (1 = highest; empty where it has none), fragile ("fragile" or empty) and
    because (what it does not survive)
    """

    def ask(of: Measures, prior: float | str = PLAN.prior) -> pd.DataFrame:
        plan = replace(DESCRIBED, prior=prior)
        found = keyness(of, by, target, reference, plan=plan)
        return found.assign(rank=np.arange(1, len(found) + 1)).set_index("term")

    known = _of_contrast(table, target, reference)
    passed = known.index[known["q"] < ALPHA]
    base = ask(measures)
    base["q"] = known["q"].reindex(base.index)
    findings = base[base.index.isin(passed)]
    asked = {
        "α₀ = 100": lambda: ask(measures, 100.0),
        "α₀ = n": lambda: ask(measures, "n"),
        WITHOUT: lambda: ask(_without_longest(measures, by, target, reference)),
        LEAD: lambda: ask(measures.select(zone=["headline", "lead"])),
        "hyphens split": lambda: ask(_hyphens_split(measures)),
        "no numbers": lambda: ask(_without_numbers(measures)),
    }
    out = findings[["spelling", "target", "reference", "more_used_by", "log_ratio", "q"]].copy()
    out["α₀ = 500"] = findings["rank"]
    farthest = 2 * findings["rank"].clip(lower=places)
    broken = pd.Series("", index=out.index, dtype="str")
    for name, variant in asked.items():
        found = variant().reindex(out.index) if len(out) else base.head(0)
        out[name] = found["rank"]
        changed = found["rank"].notna() & (found["more_used_by"] != out["more_used_by"])
        lost = (found["rank"] > farthest) & (name != LEAD)
        gone = found["rank"].isna() & (name == WITHOUT)
        broken = broken.mask(changed | lost | gone, broken + ", " + name)
    out["fragile"] = np.where(broken != "", "fragile", "")
    out["because"] = broken.str.removeprefix(", ")
    notes = [
        f"The {len(out)} words by which {target} and {reference} differ beyond chance (q < .05), "
        "and the place each has when the question is asked otherwise. Fragile: it changes sides, "
        f"is gone, or falls below place {2 * places} or twice its place (in headlines and leads: "
        "it changes sides)."
    ]
    return inference.with_notes(out.reset_index(), notes, measures)


def marked(table: pd.DataFrame, findings: pd.DataFrame, top: int = 20) -> pd.DataFrame:
    """The words of a contrast that differ most, those that passed first, with the mark *fragile*.

    Parameters
    ----------
    table
        One contrast of a keyness table.
    findings
        What `stability` found of it; a word that did not pass is not asked, and has no mark.

    Returns
    -------
    DataFrame: the columns of `table`, then fragile and because; at least `top` rows where there
    are so many, and all that passed
    """
    passed = (table["q"] < ALPHA).to_numpy()
    first = table.iloc[np.argsort(~passed, kind="stable")].head(max(top, int(passed.sum())))
    out = first.merge(findings[["term", "fragile", "because"]], on="term", how="left")
    out = out.fillna({"fragile": "", "because": ""})
    out.attrs["notes"] = [*table.attrs.get("notes", []), *findings.attrs.get("notes", [])[-1:]]
    return out


def _of_contrast(table: pd.DataFrame, target: str, reference: str) -> pd.DataFrame:
    either = table["target"].eq(target) & table["reference"].eq(reference)
    either |= table["target"].eq(reference) & table["reference"].eq(target)
    return table[either].drop_duplicates("term").set_index("term")


def _without_longest(measures: Measures, by: str, target: str, reference: str) -> Measures:
    """Without each side's longest article; of equally long ones the first by id."""
    labels = measures.labels(by).to_numpy(object)
    articles = measures.articles.sort_values(["words", "id"], ascending=[False, True])
    side = pd.Series(labels, index=measures.articles.index).reindex(articles.index)
    sides = [side == target, side == reference if reference != REST else side != target]
    longest = [articles.loc[s, "id"].iloc[0] for s in sides if s.sum() > 1]
    return measures.keep(i for i in measures.articles["id"] if i not in longest)


def _hyphens_split(measures: Measures) -> Measures:
    """Every hyphenated word counted as its parts."""
    terms = measures.terms
    names = terms["term"].cat.categories
    parts = [[p for p in name.split("-") if p] for name in names]
    spread = np.repeat(np.arange(len(names)), [len(p) for p in parts])
    new = pd.Index(sorted({p for ps in parts for p in ps}), dtype="str")
    part = new.get_indexer(pd.Index([p for ps in parts for p in ps], dtype="str"))
    first = np.searchsorted(spread, np.arange(len(names)))
    code = terms["term"].cat.codes.to_numpy()
    times = np.bincount(spread, minlength=len(names))[code]
    row = np.repeat(np.arange(len(terms)), times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    out = terms.iloc[row].reset_index(drop=True)
    out["term"] = pd.Categorical.from_codes(part[first[code[row]] + step], categories=new)
    return replace(measures, terms=out)


def _without_numbers(measures: Measures) -> Measures:
    """Without tokens that begin with a digit."""
    starts = np.array([t[:1].isdigit() for t in measures.terms["term"].cat.categories], bool)
    kept = ~starts[measures.terms["term"].cat.codes.to_numpy()]
    return replace(measures, terms=measures.terms[kept])
