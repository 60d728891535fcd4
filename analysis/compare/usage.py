"""How words are used: how often, evenly or in clumps, how varied, beside which others, by whom not.

Descriptions, with their denominators; what differs beyond chance is for
`analysis.compare.vocabulary.keyness` to say.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import special

from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import Contrast, Side, as_counted, grouped, log_spread
from analysis.compare.ground.inference import PLAN, REST, SEED, Evidence, Plan, permitted
from analysis.data import mistake
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES
from analysis.notes import note

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
    listed = groups.held.sum(axis=0) >= max(least, 1)
    spelling = pd.Index(measures.spelling(groups.things), dtype="str")
    words = measures.terms
    voices = {
        voice: groups.count(words[words["voice"] == voice], "term", groups.things).counts
        for voice in VOICES
    }
    frames = []
    for i, group in enumerate(groups):
        used = np.flatnonzero(listed & (group.count > 0))
        columns = {"term": groups.things[used], "spelling": spelling[used], "group": group.name}
        columns |= {"count": group.count[used]}
        columns |= {voice: counts[i, used] for voice, counts in voices.items()}
        columns |= {"tokens": group.size, **_rates_of(group, used, plan)}
        frames.append(pd.DataFrame(columns))
    table = pd.concat(frames, ignore_index=True)  # groups by name, terms by code point in each
    order = np.lexsort((-table["per_1000"], groups.things.get_indexer(table["term"])))
    table = table.iloc[order].reset_index(drop=True)
    n = int(listed.sum())
    notes = [
        note("uses.listed", least > 1, n=n, of=len(groups.things), least=least),
        note("any.seeded", plan.bootstraps, plan=plan),
        groups.too_few,
    ]
    return inference.with_notes(table, [*groups.notes, *notes], measures)


def _rates_of(group: Side, used: np.ndarray, plan: Plan) -> dict[str, object]:
    """Rates of terms in a group, with their intervals and dispersion."""
    low = high = np.nan
    if permitted(group.n) is Evidence.WORDS and plan.bootstraps:
        rate = scores.smoothed(group.count[used], group.size)
        ends = inference.interval(rate, log_spread(group, used, plan))
        low, high = (1000 * np.exp2(end) for end in ends)
    dp = scores.deviation_of_proportions(group.matrix[:, used], group.tokens)
    most = 1 - group.tokens.min() / group.size
    rates = {"per_1000": 1000 * group.count[used] / group.size, "low": low, "high": high}
    held = {"articles": group.articles[used], "n_articles": group.n}
    return rates | held | {"dp": dp, "dp_norm": dp / most if most > 0 else np.nan}


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


def lexical_diversity(measures: Measures, by: str = "outlet") -> pd.DataFrame:
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


def hdd(group: Side) -> np.ndarray:
    """HD-D of each article of a group; empty (nan) below 42 tokens."""
    entries = sp.coo_array(group.matrix)
    n, f = group.tokens[entries.row].astype(float), entries.data.astype(float)
    log, sign = special.gammaln, ((n - f, 1), (n - f - SAMPLE, -1), (n, -1), (n - SAMPLE, 1))
    with np.errstate(invalid="ignore"):
        none = np.exp(sum(of * log(value + 1) for value, of in sign))
    seen = 1 - np.where(n - f >= SAMPLE, none, 0.0)
    total = np.bincount(entries.row, seen, group.n) / SAMPLE
    return np.where(group.tokens >= SAMPLE, total, np.nan)


def _mean_of(measure: str, group: Side, values: np.ndarray) -> dict[str, object]:
    known = values[~np.isnan(values)]
    mean = np.asarray(known.mean() if len(known) else np.nan)
    low = high = np.asarray(np.nan)
    if permitted(len(known)) is Evidence.WORDS:
        variance = np.asarray(known.var(ddof=1) / len(known))
        low, high = inference.interval(mean, (variance, len(known)))
    row: dict[str, object] = {"measure": measure, "group": group.name, "mean": float(mean)}
    row |= {"low": float(low), "high": float(high)}
    return row | {"articles": len(known), "n_articles": group.n}


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
    one, rest = groups.named(first), groups.rest(first)
    if not rest.members:
        raise mistake("one-group", where=f" in {by}: {first}")
    other = replace(rest, name=REST) if second == REST else groups.named(second)
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
    if n < 4 or one.members == other.members:
        return ""
    rows = np.concatenate([one.rows, other.rows])
    matrix = one.of.matrix[rows[np.argsort(one.of.ids[rows], kind="stable")]]
    sizes = [one.n, *other.sizes[0].tolist()]
    rng = inference.generator("divergence", *sizes, seed=seed)
    found = []
    for _ in range(draws):
        dealt = np.split(rng.permutation(n), np.cumsum(sizes)[:-1])
        counts = [np.asarray(matrix[np.sort(of)].sum(axis=0)).ravel() for of in dealt]
        rates = [count / count.sum() for count in counts]
        others = np.sum([rate * (1 / len(other.members)) for rate in rates[1:]], axis=0)
        found.append(divergence(rates[0], others).sum())
    low, high = np.quantile(found, (0.025, 0.975))
    return note("uses.dealt", mean=np.mean(found), draws=draws, low=low, high=high)


def silence(
    measures: Measures,
    by: str = "outlet",
    terms: Sequence[str] | None = None,
) -> pd.DataFrame:
    r"""Which words a group does not use, and how far that can be relied on.

    A word that stands in 0 of n articles may still stand in up to
    :math:`1 - (.025)^{1/n}` of a group's articles (upper end of the two-sided 95 %
    Clopper–Pearson interval): 30.8 % for 0 of 10, 97.5 % for 0 of 1.

    Parameters
    ----------
    terms
        These words; left out: every word that the other groups use in at least half of
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
    if len(groups.names) < 2:
        raise mistake("one-group", where=f" in {by}")
    asked = np.True_ if terms is None else groups.things.isin(as_counted(terms))
    least = MIN_SHARE if terms is None else 0.0
    frames = [_absent(group, asked, least) for group in groups]
    table = inference.ordered(
        pd.concat(frames), ["share_elsewhere", "term", "group"], ["share_elsewhere"]
    )
    table.insert(1, "spelling", pd.array(measures.spelling(table["term"]), "str"))
    which = note("uses.silent_common", share=MIN_SHARE)
    if terms is not None:
        which = note("uses.silent_asked", n=len(set(terms)))
    notes = [note("uses.silent", which=which), note("uses.bound")]
    return inference.with_notes(table, [*groups.notes, *notes], groups.measures)


def _absent(group: Side, listed: np.ndarray | np.bool, least: float) -> pd.DataFrame:
    """The listed words that a group does not use, and at least a share of the others does."""
    others = group.of.rest(group.name)
    shares = others.of.held[list(others.members)] / others.sizes[0][:, None]
    elsewhere = shares.mean(axis=0)
    absent = listed & (group.articles == 0) & (elsewhere >= least) & (elsewhere > 0)
    bound = float(inference.upper_bound(0, group.n))
    enough = permitted(group.n) is Evidence.WORDS
    firm = np.where(bound < elsewhere, "bound below elsewhere", "")
    evidence = np.where(enough, firm, "few articles").astype(object)
    columns = {"term": group.of.things, "group": group.name, "articles": 0, "n_articles": group.n}
    columns |= {"upper_bound": bound, "articles_elsewhere": others.articles}
    columns |= {"n_elsewhere": others.n, "share_elsewhere": elsewhere}
    columns |= {"groups_elsewhere": (shares > 0).sum(axis=0)}
    return pd.DataFrame(columns | {"evidence": evidence})[absent]


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
    out = inference.with_ends(table[frequent])
    out["at_most"] = out[["low", "high"]].abs().max(axis=1)
    dropped = int(out["at_most"].isna().sum())
    columns = "term spelling target reference per_1000_target per_1000_reference"
    columns += " articles_target articles_reference log_ratio low high at_most"
    out = out.dropna(subset="at_most")[columns.split()]
    out = inference.ordered(out, ["at_most", "term", "target", "reference"], [])
    notes = [note("uses.locked", least=min_per_1000), note("uses.unlocked", dropped, n=dropped)]
    return inference.with_notes(out, notes, table.attrs.get("notes", []))


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
    pairs = occurrences[["term", "sentence"]].drop_duplicates().astype({"term": "str"})
    sentences = pairs.groupby("term").size()
    sentences = sentences[sentences >= LEAST_SENTENCES].sort_index()
    pairs = pairs[pairs["term"].isin(sentences.index)]
    term, sentence = sentences.index.get_indexer(pairs["term"]), pd.factorize(pairs["sentence"])[0]
    shape = (sentence.max(initial=-1) + 1, len(sentences))
    held = sp.csr_array((np.ones(len(pairs), np.int64), (sentence, term)), shape=shape)
    joint = sp.coo_array(held.T @ held)
    kept = (joint.data >= LEAST_SENTENCES) & (joint.row != joint.col)
    x, y, fxy = joint.row[kept], joint.col[kept], joint.data[kept]
    f, names = sentences.to_numpy(), sentences.index
    columns = {"term": names[x], "collocate": names[y], "together": fxy, "sentences": f[x]}
    table = pd.DataFrame(columns).assign(log_dice=14 + np.log2(2 * fxy / (f[x] + f[y])))
    table = inference.ordered(table, ["term", "log_dice", "collocate"], ["log_dice"])
    return table[table.groupby("term").cumcount() < most].reset_index(drop=True)
