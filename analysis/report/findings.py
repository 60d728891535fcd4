"""What the numbers allow to be said, each in a sentence with its evidence and its caveat.

A rule takes tables of `compare` and gives one `Finding` or none. Rules compose, and know what
`compare` marks: no sentence about a difference without a test that n allows, none about a term
that stands in few articles. To add one, write a function and name it in `QUESTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.compare import corpus, framing, reuse, similarity, sourcing, vocabulary
from analysis.compare.ground.groups import REST
from analysis.compare.ground.inference import ALPHA, Evidence, permitted
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.report.addresses import address
from analysis.report.show import Said, say

_FRAMING, _SIMILARITY = "02-framing.html", "03-similarity.html"
_STARTS = 4
_FIRM = 4  # articles from which `vocabulary.keyness` calls a term's evidence no longer few


@dataclass(frozen=True)
class Finding:
    """One sentence of figures, where its evidence is, and what speaks against reading more in it.

    Attributes
    ----------
    sentence, caveat : `Said`, escaped when shown
    evidence : page and anchor, as in ``explorer.html#term=vote``
    """

    sentence: Said
    caveat: Said
    evidence: str


@dataclass(frozen=True)
class Tables:
    """The tables that rules read, each computed once."""

    measures: Measures
    keyness: pd.DataFrame | None
    similarity: pd.DataFrame | None
    copy: pd.DataFrame
    shares: pd.DataFrame | None
    sides_apart: pd.DataFrame | None
    indicators: pd.DataFrame | None
    voices: pd.DataFrame | None
    quality: pd.DataFrame


def tables(measures: Measures) -> Tables:
    """Run the comparisons that findings are made of; None where there is nothing to compare."""
    return Tables(
        measures,
        _or_none(lambda: vocabulary.family_of(measures)),
        _or_none(lambda: similarity.between_outlets(measures)),
        reuse.shared_copy(measures),
        _or_none(lambda: sourcing.shares(measures, of="side")),
        _or_none(lambda: sourcing.differences(measures)),
        _or_none(lambda: framing.indicators(measures)),
        _or_none(lambda: framing.by_voice(measures)),
        framing.quality(measures),
    )


def _or_none(compare: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    try:
        return compare()
    except AnalysisError:  # one outlet, or no word
        return None


def findings(given: Tables) -> list[Finding]:
    """To each question what the first of its rules that finds something finds."""
    answers = (next(filter(None, (rule(given) for rule in rules)), None) for rules in QUESTIONS)
    return [found for found in answers if found is not None]


def starting_terms(given: Tables) -> list[tuple[str, list[tuple[str, str]]]]:
    """By outlet of four articles or more, the terms it uses more than the rest, by log-odds.

    Only terms whose evidence carries no mark. (term, spelling) each; outlets by name.
    """
    if given.keyness is None:
        return []
    table = given.keyness
    kept = table[(table["more_used_by"] == table["target"]) & (table["evidence"] == "")]
    top = kept[kept["articles_target"] >= _FIRM].groupby("target", sort=True).head(_STARTS)
    return [
        (str(name), list(rows[["term", "spelling"]].itertuples(index=False, name=None)))
        for name, rows in top.groupby("target", sort=True)
    ]


# ---------------------------------------------------------------- rules


def most_distinctive_word(given: Tables) -> Finding | None:
    """The word with the largest \\|log_odds_z\\| among those that the test and n allow to name."""
    if given.keyness is None:
        return None
    table = given.keyness
    firm = table[(table["q"] < ALPHA) & (table["evidence"] == "") & (table["more_used_by"] != "")]
    firm = firm[(firm["log_ratio_low"] > 0) | (firm["log_ratio_high"] < 0)]
    if firm.empty:
        return None
    order = firm["log_odds_z"].abs()
    row = firm.loc[order[order == order.max()].index[0]]
    rest = "the other outlets" if row["reference"] == REST else row["reference"]
    more, less = (row["target"], rest) if row["log_ratio"] > 0 else (rest, row["target"])
    high, low = sorted((row["per_1000_target"], row["per_1000_reference"]), reverse=True)
    return Finding(
        say(
            "In 1,000 words of {more} “{term}” stands {high:.1f} times, in those of {less} "
            "{low:.1f} times (in {k} of {n} articles of {target}, {k_rest} of {n_rest} of "
            "{reference}; q = {q:.3f}).",
            more=more,
            less=less,
            term=row["spelling"],
            high=high,
            low=low,
            target=row["target"],
            reference=rest,
            k=row["articles_target"],
            n=row["articles_target_all"],
            k_rest=row["articles_reference"],
            n_rest=row["articles_reference_all"],
            q=row["q"],
        ),
        say(
            "One of {passed} that pass, of {tested:,} terms and contrasts tested; rarer words were "
            "not looked at. {copy} "
            "What an article is about moves its words more than how it tells it.",
            passed=int((table["q"] < ALPHA).sum()),
            tested=int(table["q"].notna().sum()),
            copy=_without_copy(given.measures, row),
        ),
        address(row["term"]),
    )


def _without_copy(measures: Measures, row: Mapping[str, Any]) -> str:
    """Whether the word passes a test of its own when shared copy is left out."""
    independent = reuse.independent(measures)
    if len(independent.articles) == len(measures.articles):
        return "No shared copy had to be left out."
    sides = {"target": row["target"], "reference": row["reference"]}
    again = _or_none(lambda: vocabulary.keyness(independent, **sides, terms=[row["term"]]))
    if again is not None and (again["more_used_by"] == row["more_used_by"]).any():
        p = float(again["p"].iloc[0])
        if p < ALPHA:
            return f"Without shared copy it holds (p = {p:.2g})."
    return "Fragile: it does not pass once shared copy is left out."


def side_given_more(given: Tables) -> Finding | None:
    """Of the two outlets with most articles, the side whose share of words differs most.

    Only listed sides whose difference passes the test, heard in four articles of the outlet that
    gives them more.
    """
    table = given.sides_apart
    if table is None or table.empty:
        return None
    passed = _listed(table[table["q"] < ALPHA])
    more_by_first = passed["difference"] > 0
    articles = passed["articles_first"].where(more_by_first, passed["articles_second"])
    passed = passed[articles >= _FIRM]
    if passed.empty:
        return None
    row = passed.iloc[0]
    # Shares add up to 1 in either outlet, so each gives some side more than the other does.
    (other,) = set(table["given_more_by"]) - {"", row["given_more_by"]}
    more, less = ("first", "second") if row["difference"] > 0 else ("second", "first")
    return Finding(
        say(
            "{side} is given {high:.1f} % of what an article of {more} lets others say, {low:.1f} "
            "% in {other} (means of articles; it speaks in {k} of {n} and {k_other} of {n_other} "
            "articles; q = {q:.3f}).",
            side=row["side"],
            more=row["given_more_by"],
            other=other,
            high=100 * row[f"share_{more}"],
            low=100 * row[f"share_{less}"],
            k=row[f"articles_{more}"],
            n=row[f"n_{more}"],
            k_other=row[f"articles_{less}"],
            n_other=row[f"n_{less}"],
            q=row["q"],
        ),
        say(
            "{passed} of {tested} differences between these two outlets pass the test. {accuracy}",
            passed=int((table["q"] < ALPHA).sum()),
            tested=int(table["q"].notna().sum()),
            accuracy=sourcing.accuracy_note(),
        ),
        f"{_FRAMING}#the-two-outlets-with-most-articles",
    )


def side_given_most(given: Tables) -> Finding | None:
    """The side given most words in the outlet with most articles, beside the side that is next.

    Needs the interval, and so ten articles, and four in which the side speaks.
    """
    if given.shares is None or given.shares.empty:
        return None
    outlet = given.shares["outlet"].iloc[0]  # sorted by falling number of articles
    own = given.shares[given.shares["outlet"] == outlet]
    order = ["words", "side"]
    sides = _listed(own).sort_values(order, ascending=[False, True], kind="stable").head(2)
    if len(sides) < 2 or pd.isna(sides["words_share_low"].iloc[0]):
        return None
    first, second = sides.iloc[0], sides.iloc[1]
    if first["articles"] < _FIRM or first["words"] == second["words"]:
        return None
    apart = first["words_share_low"] > second["words_share_high"]
    return Finding(
        say(
            "Of the listed sides {outlet} gives most words to {first}: {share:.1f} % of {words:,} "
            "words of statements (95 % interval {low:.1f} to {high:.1f} %; in {k} of {n} articles)"
            "; next is {second} with {next:.1f} %.",
            outlet=outlet,
            first=first["side"],
            share=100 * first["words_share"],
            words=first["words_all"],
            low=100 * first["words_share_low"],
            high=100 * first["words_share_high"],
            k=first["articles"],
            n=first["articles_all"],
            second=second["side"],
            next=100 * second["words_share"],
        ),
        say(
            "{order}{others:.1f} % of the words are of nobody on a listed side. {accuracy}",
            order="" if apart else "The two sides’ intervals overlap, so the order is uncertain. ",
            others=100 * (1 - _listed(own)["words"].sum() / first["words_all"]),
            accuracy=sourcing.accuracy_note(),
        ),
        f"{_FRAMING}#the-whole-corpus",
    )


def _listed(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["side"].isin(sourcing.NO_SIDE)]


def theme_apart(given: Tables) -> Finding | None:
    """The word list by which an outlet differs most surely from the others.

    Only lists that tell hand-coded articles apart better than chance, in the version that was
    tried; differences that hang on one word, or stand in few articles, are no finding.
    """
    table, good = given.indicators, _better_than_chance(given)
    if table is None or "q" not in table or good.empty:
        return None
    firm = table[(table["q"] < ALPHA) & (table["evidence"] == "") & (table["hangs_on"] == "")]
    firm = firm[~((firm["log_ratio_low"] <= 0) & (firm["log_ratio_high"] >= 0))]
    keys = pd.MultiIndex.from_frame(good[["lexicon", "indicator"]])
    firm = firm[pd.MultiIndex.from_frame(firm[["lexicon", "entry"]]).isin(keys)]
    if firm.empty:
        return None
    row = firm.sort_values(["q", "p", "entry", "outlet"], kind="stable").iloc[0]
    tried = good[(good["lexicon"] == row["lexicon"]) & (good["indicator"] == row["entry"])].iloc[0]
    return Finding(
        say(
            "In 1,000 words of {outlet} those of the list “{entry}” stand {rate:.1f} times, in "
            "those of the other outlets {rest:.1f} times (in {k} of {n} articles; q = {q:.3f}). "
            "Of its {hits:,} uses {own:,} are in the outlet’s own voice.",
            entry=row["entry"],
            outlet=row["outlet"],
            rate=row["per_1000"],
            rest=row["per_1000_rest"],
            k=row["articles"],
            n=row["articles_all"],
            q=row["q"],
            own=row["narrator"],
            hits=row["hits"],
        ),
        say(
            "Words of a theme, not a frame. {meaning} {passed} of {tested} differences pass.",
            meaning=tried["meaning"],
            passed=int((table["q"] < ALPHA).sum()),
            tested=int(table["q"].notna().sum()),
        ),
        f"{_FRAMING}#which-differences-are-more-than-chance",
    )


def words_of_others(given: Tables) -> Finding | None:
    """How much of the tried word lists' hits outlets say themselves; needs ten articles."""
    good = _better_than_chance(given)
    if given.voices is None or good.empty:
        return None
    keys = pd.MultiIndex.from_frame(good[["lexicon", "indicator"]])
    table = given.voices
    table = table[pd.MultiIndex.from_frame(table[["lexicon", "entry"]]).isin(keys)]
    articles = int(table.drop_duplicates("outlet")["articles_all"].sum())
    hits = table.groupby("voice")["hits"].sum()
    if permitted(articles) is not Evidence.WORDS or not hits.sum():
        return None
    return Finding(
        say(
            "Of {all:,} uses of words that speak of {themes}, {others:,} ({share:.1f} %) stand in "
            "the words of others, {reported:,} reported and {quoted:,} quoted, in {n} articles.",
            all=int(hits.sum()),
            themes=", ".join(sorted(set(table["entry"]))),
            others=int(hits.sum() - hits.get("narrator", 0)),
            share=100 * (1 - hits.get("narrator", 0) / hits.sum()),
            reported=int(hits.get("reported", 0)),
            quoted=int(hits.get("quoted", 0)),
            n=articles,
        ),
        say(
            "Words of a theme, not a frame: of two hand-coded articles these lists pick the one "
            "coded so {least:.0f} to {most:.0f} times in 100. {apart} What is reported is told "
            "from the outlet’s own words by the rules that find statements.",
            least=100 * good["auc"].min(),
            most=100 * good["auc"].max(),
            apart=_themes_apart(given),
        ),
        f"{_FRAMING}#framing-all-articles",
    )


def _better_than_chance(given: Tables) -> pd.DataFrame:
    return given.quality[given.quality["verdict"] == "better than chance"]


def _themes_apart(given: Tables) -> str:
    if given.indicators is None or "q" not in given.indicators:
        return ""
    q = given.indicators["q"].dropna()
    return f"{int((q < ALPHA).sum())} of {len(q)} tested differences between outlets pass."


def outlets_apart(given: Tables) -> Finding | None:
    """The two outlets whose vocabularies are furthest from each other, against their own."""
    table = given.similarity
    if table is None or "p_adjusted" not in table:
        return None
    tested = table[table["p_adjusted"].notna()]
    apart = tested[(tested["p_adjusted"] < ALPHA) & (tested["high"] < 0)]
    if apart.empty:
        return None
    row = apart.sort_values(["difference", "a", "b"], kind="stable").iloc[0]
    spread = row["dispersion_p"] < ALPHA
    return Finding(
        say(
            "Articles of {a} and {b} are less alike than articles of the same outlet: mean cosine "
            "{cosine:.3f} against {baseline:.3f} (lower by {less:.3f}, 95 % interval {least:.3f} "
            "to {most:.3f}; {n_a} and {n_b} articles).",
            **{name: row[name] for name in ("a", "b", "cosine", "baseline")},
            less=-row["difference"],
            least=-row["high"],
            most=-row["low"],
            n_a=row["articles_a"],
            n_b=row["articles_b"],
        ),
        say(
            "{apart} of {tested} pairs that have ten articles each are told apart. The outlet "
            "explains {r2:.1f} % of the differences between these articles. {spread}",
            apart=len(apart),
            tested=len(tested),
            r2=100 * row["r2"],
            spread="The two also differ in spread, which alone can make the test fire."
            if spread
            else "",
        ),
        f"{_SIMILARITY}#outlets-against-their-own-baseline",
    )


def shared_copy(given: Tables) -> Finding:
    """How many articles are not independent evidence."""
    pairs = given.copy
    substantial = pairs[pairs["level"] == "substantial"]
    across = pairs[pairs["outlet_a"] != pairs["outlet_b"]]
    sharing = set(pairs["a"]) | set(pairs["b"])
    return Finding(
        say(
            "{sharing} of {n} articles share copy with another, in {pairs} pairs, {across} of them "
            "between outlets; {substantial} pairs share a fifth or more.",
            sharing=len(sharing),
            n=len(given.measures.articles),
            pairs=len(pairs),
            across=len(across),
            substantial=len(substantial),
        ),
        say("Agency copy that was rewritten is not seen."),
        f"{_SIMILARITY}#shared-copy",
    )


def rival_explanation(given: Tables) -> Finding | None:
    """The first thing, other than coverage, in which the outlets differ."""
    table = corpus.imbalances(given.measures)
    if table.empty:
        return None
    row = table.iloc[0]
    return Finding(
        say("{difference}", difference=row["difference"]),
        say(
            "{caution} {n} such differences stand against reading any other as the outlets’ own.",
            caution=row["caution"],
            n=len(table),
        ),
        "00-corpus.html#where-outlets-differ-in-more-than-their-coverage",
    )


Rule = Callable[[Tables], Finding | None]
# Words, voices, framing, similarity, rival explanations: at most one finding each.
QUESTIONS: tuple[tuple[Rule, ...], ...] = (
    (most_distinctive_word,),
    (side_given_more, side_given_most),
    (theme_apart, words_of_others),
    (outlets_apart, shared_copy),
    (rival_explanation,),
)
