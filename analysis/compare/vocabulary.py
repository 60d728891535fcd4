"""Which words a group of articles uses more than others do, and how sure one may be.

The article is the unit of evidence; what may be shown of a comparison depends on the number of
articles in its smaller group (docs/methods.md, `analysis.compare.ground.inference.permitted`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.compare.ground import inference, scores
from analysis.compare.ground.asked import of_measures
from analysis.compare.ground.groups import Contrast, Groups, as_counted, grouped, inferred, largest
from analysis.compare.ground.inference import PLAN, REST, Evidence, Names, Plan, families
from analysis.compare.stories import strata_of
from analysis.data import LANGUAGE, LANGUAGES, mistake, word_list
from analysis.measure.measures import Measures
from analysis.measure.tokens import tokenize
from analysis.notes import note, some

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
    kind              of word: topic, house style (and words of the two sides' own names),
                      function word, name, or empty
                      (`analysis.compare.vocabulary.kinds_of`)
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
    contrasts = list(groups.contrasts(target, reference))
    return _compared(groups, contrasts, terms, plan, house_style)


@of_measures
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
    contrasts = list(groups.contrasts(None, None))
    if len(groups.names) > 2:
        contrasts += groups.contrasts(*(pair or sorted(largest(measures, by))))
    return _compared(groups, contrasts, terms, plan or plan_of(measures))


def plan_of(measures: Measures) -> Plan:
    """How a corpus is tested: as usual, holding still what its description says."""
    return replace(PLAN, strata=measures.description.strata)


def _compared(
    groups: Groups,
    contrasts: list[Contrast],
    terms: Sequence[str] | None,
    plan: Plan,
    house_style: bool = False,
) -> pd.DataFrame:
    """A keyness table of these contrasts, which are one family."""
    measures = groups.measures
    if not contrasts:
        raise mistake("one-group", where=f": {', '.join(groups.names)}")
    named = None if terms is None else as_counted(terms)
    contrasts = [_with_terms(c, named, plan) for c in contrasts]
    aside: set[str] = set()
    if not house_style and named is None:
        contrasts, aside = _without_house_style(contrasts, groups)
    strata = strata_of(measures, plan.strata)
    words = pd.DataFrame({"term": groups.things, "spelling": measures.spelling(groups.things)})
    words = words.assign(kind=kinds_of(measures, groups.things)).astype({"spelling": "str"})
    share = measures.reference.share(groups.things)
    tests = inferred(contrasts, named is not None, plan, strata)
    frames = []
    for c, tested in zip(contrasts, tests, strict=True):
        columns = _counts_and_scores(c, share[c.listed], plan.prior) | tested
        columns |= {name: words[name].array[c.listed] for name in words}
        frame = pd.DataFrame({name: columns.get(name, np.nan) for name in COLUMNS})
        frame.loc[_of_their_names(c, frame["spelling"]), "kind"] = STYLE
        frames.append(frame.iloc[np.lexsort((c.listed, -frame["log_odds_z"].abs()))])
    table = pd.concat(frames, ignore_index=True)
    contrast = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    table["q"] = families(table["p"].to_numpy(), contrast)
    uneven = [c.name for c in contrasts if c.uneven]
    size = "the tokens of both sides" if plan.prior == "n" else f"{plan.prior:g}"
    notes = [
        *groups.notes,
        _listing_note(groups, contrasts, named, plan),
        *_family_notes(contrasts, table, contrast, plan),
        _strata_note(contrasts, strata, plan),
        *_small(contrasts, named is not None),
        note("any.uneven", uneven, names=", ".join(uneven)),
        note("keyness.prior", size=size),
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
    for sides, part in table.groupby(["target", "reference"], sort=False):
        row: dict[str, object] = dict(zip(("target", "reference"), sides, strict=True))
        row |= {f"articles_{side}": part[f"articles_{side}_all"].iloc[0] for side in row}
        keywords = (part["q"] < inference.ALPHA).sum() if part["p"].notna().any() else np.nan
        row |= {"terms": len(part), "keywords": float(keywords)}
        for side, name in zip(("target", "reference"), sides, strict=True):
            more = part[part["more_used_by"] == name]
            sure = more["q"] < inference.ALPHA
            first = pd.concat([more[sure], more[~sure]])["spelling"].head(words)
            row[f"words_{side}"] = ", ".join(first)
        rows.append(row)
    out = pd.DataFrame(rows)
    out.attrs["notes"] = list(table.attrs.get("notes", []))
    return out


def _with_terms(c: Contrast, named: list[str] | None, plan: Plan) -> Contrast:
    """The contrast with the columns of the terms that are listed of all its things.

    That is those named, or else those that enough articles use, and all of a side that has few.
    """
    if named is not None:
        return replace(c, listed=np.flatnonzero(c.target.of.things.isin(named)))
    listed = c.articles >= max(plan.least, 1)
    for side in (c.target, c.reference):
        listed |= (side.articles > 0) & (side.n < Evidence.WORDS)
    return replace(c, listed=np.flatnonzero(listed))


def _without_house_style(
    contrasts: list[Contrast], groups: Groups
) -> tuple[list[Contrast], set[str]]:
    """The contrasts without words that house style decides, and those words.

    A word of an outlet's longer name ("Times" of the Herald Times) says who writes where it is
    written with a capital and fewer than a third of the other side's articles have it; else it is
    a word or a place like any other, as the valley in the Valley Post.
    """
    outlets = set(groups.measures.outlets["outlet"])
    holding: dict[str, list[int]] = {}
    for i, term in enumerate(groups.things):
        for word in term.split():
            holding.setdefault(word, []).append(i)
    usual = groups.things.get_indexer(sorted(house_words(outlets)))
    names = {name: groups.things.get_indexer(tokenize(_parted(name))) for name in outlets}
    aside: set[str] = set()
    kept = []
    for c in contrasts:
        house = set(groups.things[np.intersect1d(usual, c.listed)])
        for side, other in ((c.target, c.reference), (c.reference, c.target)):
            own = np.intersect1d(names.get(side.name, []), c.listed).astype(np.int64)
            words = groups.things[own[3 * other.articles[own] < other.n]]
            spelled = zip(words, groups.measures.spelling(words), strict=True)
            house |= {word for word, written in spelled if written[:1].isupper()}
        aside |= house
        of_house = [i for word in house for i in holding[word]]
        kept.append(replace(c, listed=np.setdiff1d(c.listed, of_house)))
    return kept, aside


def _of_their_names(c: Contrast, spelled: pd.Series) -> pd.Series:
    """Which words are of the names of the two sides: that Valley News says "News" tells nothing."""
    sides = (side.name for side in (c.target, c.reference))
    return spelled.isin({word for name in sides for word in (name + " " + _parted(name)).split()})


def _parted(name: str) -> str:
    """The name of an outlet, that of a site in its parts: edition.cnn.com says CNN of itself."""
    return name.replace(".", " ")


def _counts_and_scores(c: Contrast, share: np.ndarray, prior: float | str) -> dict[str, object]:
    """Counts, rates and scores."""
    t, listed = c.target, c.listed
    lrc = scores.conservative_log_ratio(*c.counts, family=max(len(listed), 1))
    return c.described(("target", "reference")) | {
        "log_ratio": scores.log_ratio(*c.counts),
        "lrc": lrc if c.evidence is Evidence.WORDS else np.nan,
        "g2": scores.g2(*c.counts),
        "log_odds_z": c.log_odds(share, prior),
        "dp_target": scores.deviation_of_proportions(t.matrix[:, listed], t.tokens),
        "more_used_by": c.more_used_by,
        "evidence": _evidence(c),
    }


def _evidence(c: Contrast) -> np.ndarray:
    marks = c.few_articles
    per_article = [  # the mean rate
        side.matrix[:, c.listed].T @ (side.shares / side.tokens) for side in (c.target, c.reference)
    ]
    sign = np.sign(c.target.rate[c.listed] - c.reference.rate[c.listed])
    disagree = (sign * (per_article[0] - per_article[1]) < -1e-15) & (marks == "")
    return np.where(disagree, "articles disagree", marks).astype(object)


# ---------------------------------------------------------------- what travels with the table


def _listing_note(
    groups: Groups, contrasts: list[Contrast], named: list[str] | None, plan: Plan
) -> str:
    if named is not None:
        absent = sorted(set(named) - set(groups.things))
        missing = f"; in no article: {', '.join(absent)}" if absent else ""
        return note("keyness.listed_named", n=len(named) - len(absent), missing=missing)
    every = np.arange(len(groups.things))
    sizes = {
        "listed": sum(len(c.listed) for c in contrasts),
        "occurring": sum((replace(c, listed=every).articles > 0).sum() for c in contrasts),
        "tested": sum(c.tested(False, plan).sum() for c in contrasts),
    }
    return note("keyness.listed", plan=plan, few=Evidence.WORDS, n=len(contrasts), **sizes)


def _family_notes(
    contrasts: list[Contrast], table: pd.DataFrame, contrast: np.ndarray, plan: Plan
) -> list[str]:
    tested = table["p"].notna()
    of, tests = len(set(contrast[tested])), int(tested.sum())
    selected = len(set(contrast[table["q"].notna()]))
    resampled = plan.bootstraps and any(c.evidence is Evidence.WORDS for c in contrasts)
    return [
        note("keyness.rest", any(len(c.reference.members) > 1 for c in contrasts), rest=REST),
        note("keyness.interval", resampled, plan=plan),
        note("keyness.p", tests, plan=plan, selected=selected, of=of, n=of, tests=tests),
    ]


def _strata_note(contrasts: list[Contrast], strata: pd.Series | None, plan: Plan) -> str:
    """What was held still, and how many articles could not be exchanged for it."""
    if strata is None:
        return ""
    within = [c.exchangeable(strata) for c in contrasts]
    left = [f"{c.name}: {c.target.n} and {c.reference.n}" for c in within]
    return note("keyness.held", what=plan.strata, left=some(left, 10, "; "))


def _small(contrasts: list[Contrast], named: bool) -> list[str]:
    """Why p and intervals are empty, contrast by contrast or, where they are many, together."""
    small = [c for c in contrasts if c.evidence is not Evidence.WORDS]
    n = len(small)
    if n > 4:
        small = sorted(small, key=lambda c: (-c.n, c.target.name))[:1]
    sides = [(c.name, c.evidence.why_empty(c.target.n, c.reference.n, named)) for c in small]
    why = [f"{name}: {reason}" for name, reason in sides]
    if n <= 4:
        return why
    sizes = {"n": n, "of": len(contrasts), "tested": note("keyness.from_four", named)}
    return [note("keyness.small", example=why[0], **sizes)]


# ---------------------------------------------------------------- kinds of words

TOPIC, STYLE, FUNCTION, NAME = "topic", "house style", "function word", "name"
COMMON = "in most articles"
ASIDE = (FUNCTION, STYLE, COMMON)  # they tell little of coverage
_LEAST_STEM = 3
_MOST = 0.75  # share of the articles


def house_words(outlets: Iterable[str]) -> frozenset[str]:
    """What is set aside wherever it stands: honorifics, and outlets' names of one word (BBC).

    Words of longer names ("Today", "Valley") stay: most are words like any other. Where one of
    these outlets is compared, `analysis.compare.vocabulary.keyness` looks at them one by one.
    """
    names = (tokenize(name) for name in outlets)
    honorifics = word_list("house_style")["honorifics"]["words"]
    return frozenset(honorifics) | {words[0] for words in names if len(words) == 1}


def kinds_of(measures: Measures, terms: Sequence[str]) -> np.ndarray:
    """The kind of each term: topic, house style, function word, name, or "" for any other word.

    The first that holds, of a phrase for any of its words: a term of the description's topic; a
    word of ``data/languages/en/house_style.toml`` (courtesy titles, contractions, days and months,
    verbs of reporting by their tense) or one of two spellings of a word, both of them in the
    reference list; a word of ``function_words.toml``, in a language that has such a list, or else
    one that three quarters of the articles hold; a word written with a capital more often than
    without.
    """
    style = word_list("house_style")
    listed = {word for part in style.values() for word in part.get("words", ())}
    listed |= house_words(measures.outlets["outlet"])
    functions, common = _functions(measures), _common(measures)
    known = measures.reference.rows
    endings = [*style["spellings"]["endings"], *(e[::-1] for e in style["spellings"]["endings"])]
    any_ending = tuple(own for own, _ in endings)
    contracted = tuple(style["contractions"]["endings"])
    spelling = measures.spelling(terms)
    topic = topic_terms(measures, terms)

    @cache
    def is_style(word: str) -> bool:
        if word in listed or word.endswith(contracted):
            return True
        return word.endswith(any_ending) and any(
            word.removesuffix(own) + other in known
            for own, other in endings
            if word.endswith(own) and len(word) - len(own) >= _LEAST_STEM
        )

    def kind(term: str, written: str, is_topic: bool) -> str:
        if is_topic:
            return TOPIC
        if any(map(is_style, term.split())):
            return STYLE
        if term in functions:
            return FUNCTION
        if term in common:
            return COMMON
        return NAME if written[:1].isupper() else ""

    found = [kind(*of) for of in zip(terms, spelling, topic, strict=True)]
    return np.array(found, object)


def has_function_words(measures: Measures) -> bool:
    """Whether there is a list of function words for the languages of half of the articles."""
    return bool(measures.articles["language"].map(_has_functions).mean() >= 0.5)


def _has_functions(language: str) -> bool:
    return (LANGUAGES / (language or LANGUAGE) / "function_words.toml").is_file()


def _functions(measures: Measures) -> frozenset[str]:
    spoken = {one or LANGUAGE for one in measures.articles["language"] if _has_functions(one)}
    lists = (word_list("function_words", language)["words"] for language in spoken)
    return frozenset().union(*lists)


def _common(measures: Measures) -> frozenset[str]:
    """What most articles hold, where no list tells which words are function words."""
    if has_function_words(measures):
        return frozenset()
    held = measures.terms[["article", "term"]].drop_duplicates()["term"].value_counts()
    return frozenset(held.index[held >= _MOST * len(measures.articles)])


def topic_terms(measures: Measures, terms: Sequence[str]) -> np.ndarray:
    """Whether each term is one by which the description says what is about the event."""
    topic = [pattern.casefold() for pattern in measures.description.topic]
    stems = tuple(pattern[:-1] for pattern in topic if pattern.endswith("*"))
    whole = set(as_counted([pattern for pattern in topic if not pattern.endswith("*")]))

    def is_topic(term: str) -> bool:
        parts = (term, *term.split())
        return any(part in whole or (bool(stems) and part.startswith(stems)) for part in parts)

    return np.array([is_topic(term) for term in terms], bool)
