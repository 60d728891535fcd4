"""What a finding hangs on: chance, one article, the lead, the prior."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import Contrast, Groups, Side, grouped, inferred
from analysis.compare.ground.inference import ALPHA, DESCRIBED, PLAN, REST, Evidence, Plan
from analysis.compare.ground.permutations import Sample, p_of_arrangements, statistics
from analysis.compare.reuse import independent
from analysis.compare.stories import stories, strata_of
from analysis.compare.vocabulary import TOPIC, keyness
from analysis.description import LENGTH, STORY, WEEK
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.notes import note

LEAD, WITHOUT = "lead alone", "without longest"
_RATIOS = (1.5, 2, 3, 4, 6, 8, 12, 16)
_FOUND = 0.8
_WIDER, _Z = 0.2, 1.96
_CHOICES = (
    *("permutation", "log-odds", "without copy", "leads", "within weeks", "within stories"),
    "rarer words too",
)
_PLANTINGS, _DRAWS = 200, 1000
_ASKED, _TESTS = 2, 24  # contrasts, and tests of them in all, which share the work
_HIT = ["lexicon", "set", "entry", "found"]
_WORD = ["term", "spelling", "target", "reference", "more_used_by"]


def calibration(
    measures: Measures,
    by: str = "outlet",
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
    by
        Whose largest group is divided.
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
    one = max(groups, key=lambda g: (g.n, g.name))
    names = "test splits articles terms share_below_05 lowest highest false_keywords".split()
    if one.n < 2 * Evidence.WORDS:
        why = note("robustness.too_few", name=one.name, n=one.n)
        return inference.with_notes(pd.DataFrame(columns=names), [why], groups.measures)
    half = one.n // 2
    tested = np.flatnonzero(one.articles >= plan.fewest(half))
    found = _divided(one, half, tested, splits, plan)
    rows = []
    for i, test in enumerate(("permutation of articles", "G², words as units")):
        share, keywords = found[:, i], found[:, i + 2].mean()
        low, high = np.quantile(share, (0.025, 0.975))
        rows.append((test, splits, half, len(tested), share.mean(), low, high, keywords))
    p, g2, *keywords = found.mean(axis=0)
    divided = {"n": one.n, "name": one.name, "splits": splits, "least": plan.fewest(half)}
    notes = [
        note("robustness.divided", plan=plan, **divided),
        note("robustness.null", p=p, g2=g2, words=keywords[0], words_g2=keywords[1]),
    ]
    return inference.with_notes(pd.DataFrame(rows, columns=names), notes, groups.measures)


def _divided(one: Side, half: int, tested: np.ndarray, splits: int, plan: Plan) -> np.ndarray:
    """Of each division of a group: shares of words with p < .05, and keywords, by both tests."""
    counts, tokens = one.matrix[:, tested], one.tokens
    draws = (inference.generator("split", i, seed=plan.seed) for i in range(splits))
    dealt = np.array([rng.permutation(one.n) >= half for rng in draws])
    sample = Sample(counts, tokens, 1 * (np.arange(one.n) >= half), np.zeros(one.n, np.int64))
    orders = np.argsort(dealt, axis=1, kind="stable")
    permuted = p_of_arrangements(sample, orders, plan.seed, len(tested))
    found = np.empty((splits, 4))
    for split, (first, p) in enumerate(zip(~dealt, permuted.T, strict=True)):
        y, n = counts[first].sum(axis=0), tokens[first].sum()
        g2 = scores.g2_p(scores.g2(y, n, one.count[tested] - y, one.size - n))
        q = (inference.adjusted(p), inference.adjusted(g2))
        found[split] = [*((x < ALPHA).mean() for x in (p, g2)), *((x < ALPHA).sum() for x in q)]
    return found


def detectable(
    measures: Measures, table: pd.DataFrame, by: str = "outlet", *, plan: Plan = PLAN
) -> pd.DataFrame:
    """How small a difference each contrast could have shown, for words as bursty as real ones.

    Real words used two to five times in 1,000 words are dealt anew to the articles, each
    article's count with its length, so that nothing differs; then a difference is planted: the
    reference keeps each use with probability 1/ratio. A planting is found where its statistic
    exceeds what arrangements at random reach as rarely as a word had to in this contrast to pass.

    Parameters
    ----------
    table
        What `family_of` returned: its tested contrasts are asked.

    Returns
    -------
    DataFrame, one row per tested contrast, in the order of `table`: target, reference,
    articles_target, articles_reference, words (models planted), smallest_ratio (the smallest of
    1.5, 2, 3, 4, 6, 8, 12, 16 that at least 80 % of plantings show; empty where none does),
    found_2, found_3, found_4 (share of plantings found at these ratios)
    """
    groups = grouped(measures, by)
    tested = _tested(table)
    rows = []
    for sides, part in tested.groupby(["target", "reference"], sort=False):
        passed = part.loc[part["q"] < ALPHA, "p"]
        least = float(passed.max()) if len(passed) else ALPHA / len(tested)
        (c,) = groups.contrasts(*map(str, sides))
        found = _planted(replace(c, listed=groups.things.get_indexer(part["term"])), least, plan)
        shown = next((ratio for ratio in _RATIOS if found.get(ratio, 0.0) >= _FOUND), np.nan)
        ratios = [found.get(ratio, np.nan) for ratio in (2, 3, 4)]
        rows.append((*sides, c.target.n, c.reference.n, int(found.get(0, 0)), shown, *ratios))
    columns = "target reference articles_target articles_reference words smallest_ratio"
    out = pd.DataFrame(rows, columns=[*columns.split(), "found_2", "found_3", "found_4"])
    return inference.with_notes(out, [note("robustness.detectable")], measures)


def _tested(table: pd.DataFrame) -> pd.DataFrame:
    """What was tested; nothing of a corpus of one group, which has no family."""
    return table.reindex(columns=[*_WORD, "p", "q"]).dropna(subset="p")


def _planted(c: Contrast, least: float, plan: Plan) -> dict[float, float]:
    """Share of plantings found at each ratio; at 0 how many words were models."""
    sample, members = c.sample(c.listed)
    group = (sample.groups != members.index(c.target.members[0])).astype(np.int64)
    counts = sample.counts.tocsc()
    per_1000 = 1000 * np.asarray(counts.sum(axis=0)).ravel() / sample.tokens.sum()
    models = np.flatnonzero((per_1000 > 2) & (per_1000 < 5))
    if not len(models):
        return {}
    rng = inference.generator("plantings", c.target.name, c.reference.name, seed=plan.seed)
    pick = rng.choice(models, _PLANTINGS)
    together = np.zeros(len(group), np.int64)
    dealt = rng.permutation(len(group))
    tokens = sample.tokens[dealt]
    uses = counts[:, pick].toarray()[dealt].astype(np.int64)
    kept = {1.0: uses}
    for ratio in _RATIOS:
        kept[ratio] = np.where(group[:, None] == 0, uses, rng.binomial(uses, 1 / ratio))
    found: dict[float, float] = {0: float(len(models))}
    for ratio, planted in kept.items():
        of = Sample(sp.csr_array(planted), tokens, group, together)
        observed, drawn = statistics(of, _DRAWS if ratio == 1 else 1, plan.seed)
        if ratio == 1:
            limit = np.quantile(drawn, 1 - least / 2)
        else:
            found[ratio] = float((observed >= limit).mean())
    return found


def families_of(
    tables: Mapping[str, tuple[Any, ...]], measures: Measures, plan: Plan = PLAN
) -> pd.DataFrame:
    """Every family of tests of a corpus, as it was made once and is quoted everywhere.

    Parameters
    ----------
    tables
        By the family's name: the table that holds it, its columns of p and q, and what is held
        still where that is not the plan's strata.

    Returns
    -------
    DataFrame, in the order of `tables`: family, tests, smallest_p, passed (q < .05), permutations
    (at least), held_still (what articles change places within, or ""), seed. Families without a
    test have 0 of them.
    """
    rows = []
    for family, (table, *columns) in tables.items():
        p, q = (table.get(c, pd.Series(dtype="float64")) for c in columns[:2])
        row = {"family": family, "tests": int(p.notna().sum()), "smallest_p": p.min()}
        row |= {"passed": int((q < ALPHA).sum()), "permutations": plan.permutations}
        rows.append(row | {"held_still": (*columns, plan.strata)[2], "seed": plan.seed})
    return inference.with_notes(pd.DataFrame(rows), [note("robustness.families")], measures)


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
    - without the longest article of each group (where a group has more than one);
    - in headlines and leads alone.

    A finding is *fragile* where it is then used more by the other side, is gone without the
    longest articles, or stands below place 2 · `places` (or twice its own place, if that is more).
    In headlines and leads, which hold few words, only the first counts. A word that is
    absent from the leads is not judged by them.

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
        WITHOUT: lambda: ask(without_longest(measures, by)),
        LEAD: lambda: ask(measures.select(zone=["headline", "lead"])),
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
    sides = {"n": len(out), "target": target, "reference": reference}
    notes = [note("robustness.stability", far=2 * places, **sides)]
    return inference.with_notes(out.reset_index(), notes, measures)


def choices(
    measures: Measures,
    table: pd.DataFrame,
    by: str = "outlet",
    *,
    most: int = 12,
    plan: Plan = PLAN,
) -> pd.DataFrame:
    """In how many of the ways in which one could have asked a word passes.

    All combinations of: shared copy in or out; all words, or headlines and leads; a word filter
    at .4 or .2 of the smaller side's articles; and either the permutation test (q < .05 within
    the contrast; nothing, weeks or stories held still) or the log-odds (|z| ≥ 1.96; α₀ = 100,
    500 or n). A multiverse (Steegen et al. 2016) of 48 ways.

    Parameters
    ----------
    table
        What `family_of` returned. Asked is of its findings (q < .05), and where there are fewer
        than `most`, of the words with the smallest p that are none; in the two contrasts that
        come first so.

    Returns
    -------
    DataFrame, one row per word and contrast, sorted by q, p, term: term, spelling, target,
    reference, more_used_by, p, q, ways (for which both sides have articles enough), kept (ways in
    which the same side uses it more and it passes), share, and the share of ways kept by each of
    permutation, log-odds, without copy, leads, within weeks, within stories, rarer words too
    """
    keys = ["q", "p", "term", "target", "reference"]
    known = inference.ordered(_tested(table), keys, [])
    of_contrast = known.groupby(["target", "reference"], sort=False).ngroup()
    found = known[of_contrast < _ASKED].head(most).reset_index(drop=True)[[*_WORD, "p", "q"]]
    held = {name: strata_of(measures, name) for name in ("", WEEK, STORY)}
    ways = []
    for copy, leads in product((False, True), repeat=2) if len(found) else ():
        try:
            asked = independent(measures) if copy else measures
            groups = grouped(asked.select(zone=["headline", "lead"]) if leads else asked, by)
        except AnalysisError:  # nothing is left
            continue
        for (target, reference), rows in found.groupby(["target", "reference"], sort=False):
            if not {target, reference} <= {*groups.names, REST}:
                continue  # a side is lost without shared copy
            for how, passes in _asked(groups, str(target), str(reference), held, plan):
                same = passes.reindex(rows["term"]).to_numpy(object) == rows["more_used_by"]
                ways.append((how | {"without copy": copy, "leads": leads}, same.astype("float64")))
    kept = pd.DataFrame({i: same for i, (_, same) in enumerate(ways)}, index=found.index)
    found["ways"], found["kept"] = kept.notna().sum(axis=1), kept.sum(axis=1).astype("int64")
    found["share"] = kept.mean(axis=1)
    for choice in _CHOICES:
        of = [i for i, (how, _) in enumerate(ways) if how.get(choice)]
        found[choice] = kept[of].mean(axis=1)
    passed = int((found["q"] < ALPHA).sum())
    notes = [note("robustness.choices", passed=passed, n=len(found))]
    return inference.with_notes(found, notes, measures)


def _asked(
    groups: Groups, target: str, reference: str, held: dict[str, pd.Series | None], plan: Plan
) -> Iterator[tuple[dict[str, bool], pd.Series]]:
    """What was chosen, and the side that uses each word more where it passes, else ""."""
    (every,) = groups.contrasts(target, reference)
    wide = replace(plan, share=_WIDER, bootstraps=0, work=plan.work / _TESTS)
    c = replace(every, listed=np.flatnonzero(every.articles >= wide.fewest(every.n)))
    share = groups.measures.reference.share(groups.things[c.listed])
    results: list[tuple[dict[str, bool], np.ndarray]] = []
    for name, strata in held.items():
        p = np.broadcast_to(inferred([c], False, wide, strata)[0]["p"], c.listed.shape)
        how = {"permutation": True, "within weeks": name == WEEK, "within stories": name == STORY}
        if not np.isnan(p).all():  # else too few articles can be exchanged
            results.append((how, p))
    for prior in (100.0, 500.0, "n"):
        results.append(({"log-odds": True}, np.abs(c.log_odds(share, prior))))
    usual = c.articles >= plan.fewest(c.n)
    for how, value in results:
        for rare, listed in ((False, usual), (True, np.ones_like(usual))):
            of = np.where(listed, value, np.nan)
            passes = of >= _Z if "log-odds" in how else inference.adjusted(of) < ALPHA
            more = pd.Series(np.where(passes, c.more_used_by, ""), groups.things[c.listed])
            yield how | {"rarer words too": rare}, more


def _of_contrast(table: pd.DataFrame, target: str, reference: str) -> pd.DataFrame:
    either = table["target"].eq(target) & table["reference"].eq(reference)
    either |= table["target"].eq(reference) & table["reference"].eq(target)
    return table[either].drop_duplicates("term").set_index("term")


def without_longest(measures: Measures, by: str = "outlet") -> Measures:
    """Without the longest article of each group that has more than one; of equals the first id."""
    articles = measures.articles.assign(group=measures.labels(by).to_numpy(object))
    articles = articles.sort_values(["words", "id"], ascending=[False, True])
    longest = ~articles["group"].duplicated() & articles["group"].duplicated(keep=False)
    return measures.keep(articles.loc[~longest, "id"])


def half(measures: Measures, by: str = "outlet", *, second: bool = False) -> Measures:
    """One of two random halves of each group's articles, or the other."""
    groups = measures.labels(by).sort_index()
    order = inference.generator("halves", seed=PLAN.seed).permutation(len(groups))
    turn = groups.iloc[order].groupby(groups.iloc[order]).cumcount()
    return measures.keep(turn.index[turn % 2 == second])


def within_stories(measures: Measures) -> Measures:
    """The articles of stories that several outlets tell; every test holds the story still."""
    shared = stories(measures).query("outlets > 1")["article"]
    about = measures.package.get("about", {}) | {"strata": STORY}
    return replace(measures.keep(shared), package=measures.package | {"about": about})


def other_lists(measures: Measures) -> Measures:
    """Names and themes without their commonest word where they have several, and the corpus itself
    as its reference list."""
    rows = measures.indicators.astype(dict.fromkeys(_HIT, "str"))
    uses = rows.groupby(_HIT)["count"].sum().groupby(level=_HIT[:-1])
    common = uses.idxmax()[uses.size() > 1]
    left = ~pd.MultiIndex.from_frame(rows[_HIT]).isin(common)
    given = measures.with_reference(measures.own_reference())
    return replace(given, indicators=measures.indicators[left])


# ---------------------------------------------------------------- what else could explain a finding

ASPECTS = (WEEK, STORY, LENGTH, "genre", "collection", "agency", "furniture")
HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot be told"
_ALIKE = 0.1  # difference of the sides' shares of strata that is no rival explanation
_FEWER = 20  # times fewer permutations: p is held against .05 alone, not against a family
_COLUMNS = "term spelling target reference more_used_by q kind".split()


def explained(
    measures: Measures, table: pd.DataFrame, by: str = "outlet", *, plan: Plan = PLAN
) -> pd.DataFrame:
    """Each finding, tested again with one thing after another held still.

    Parameters
    ----------
    table
        What `analysis.compare.vocabulary.family_of` or `keyness` returned; its rows with q < .05
        are the findings.

    Returns
    -------
    DataFrame, one row per finding in the order of `table`: term, spelling, target, reference,
    more_used_by, q, kind; for each aspect (week, story, length, genre, collection, agency,
    furniture) "holds" (p < .05 within it, in the same direction), "does not hold", "cannot be
    told" (too few articles can be exchanged within it), or "" where the two sides do not differ
    in it (no more than a tenth of their articles); also_explained_by, the aspects that are not
    "" and do not hold; confounded, "topic" for a term by which the articles were chosen,
    "collection" where that does not hold, or "".
    """
    found = table.loc[table["q"] < ALPHA, _COLUMNS].reset_index(drop=True)
    groups = grouped(measures, by)
    plan = replace(plan, permutations=plan.permutations // _FEWER, work=0, bootstraps=0)
    for aspect in ASPECTS:
        found[aspect] = ""
        strata = _aspect(measures, aspect)
        if strata is None:
            continue
        for sides, rows in found.groupby(["target", "reference"]).groups.items():
            (c,) = groups.contrasts(*map(str, sides))
            if _apart(c, strata) > _ALIKE:
                own = found.loc[rows]
                c = replace(c, listed=groups.things.get_indexer(own["term"]))
                more = own["more_used_by"].to_numpy(object)
                found.loc[rows, aspect] = _held(c, more, strata, plan)
    doubtful = found[list(ASPECTS)].isin([FAILS, UNKNOWN])
    names = np.array(ASPECTS)
    found["also_explained_by"] = [", ".join(names[row]) for row in doubtful.to_numpy(bool)]
    chosen = found["kind"] == TOPIC
    found["confounded"] = np.select([chosen, doubtful["collection"]], [TOPIC, "collection"], "")
    return inference.with_notes(
        found, [note("robustness.rivals", len(found), n=len(found))], measures
    )


def _aspect(measures: Measures, aspect: str) -> pd.Series | None:
    """The values of an aspect by article; none where the corpus does not have it."""
    if aspect in (WEEK, STORY, LENGTH):
        return strata_of(measures, aspect)
    articles = measures.articles
    marks = {
        "furniture": ~articles["id"].isin(measures.removed["article"]),
        "agency": articles["agency"] == "",
    }
    if aspect in marks:
        return pd.Series(marks[aspect].to_numpy(), index=pd.Index(articles["id"]))
    return measures.labels(aspect) if aspect in articles.columns else None


def _apart(c: Contrast, strata: pd.Series) -> float:
    """How many articles of a side would have to be others: half the sum of differing shares."""
    sides = (c.target, c.reference)
    shares = [strata.reindex(side.ids).value_counts(normalize=True) for side in sides]
    return float(shares[0].sub(shares[1], fill_value=0.0).abs().sum() / 2)


def _held(c: Contrast, more: np.ndarray, strata: pd.Series, plan: Plan) -> np.ndarray:
    """Whether each term differs, in the same direction, within the strata."""
    p = np.broadcast_to(inferred([c], True, plan, strata)[0]["p"], len(c.listed))
    if np.isnan(p).all():
        return np.full(len(p), UNKNOWN)
    same = c.exchangeable(strata).more_used_by == more
    return np.select([np.isnan(p), (p < ALPHA) & same], [UNKNOWN, HOLDS], FAILS)
