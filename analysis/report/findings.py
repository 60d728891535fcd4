"""What the numbers allow to be said, each in a sentence with its evidence and its caveat.

A rule takes measures and gives one `Finding` or none. Rules read tables of `compare` and compose;
they know what `compare` marks: no sentence about a difference without a test that n allows, none
about a term that stands in few articles. To add one, write a function and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.compare import corpus, reuse, similarity, vocabulary
from analysis.compare.groups import REST
from analysis.compare.inference import ALPHA
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.report.addresses import address
from analysis.report.tables import Said, say

_SIMILARITY = "03-similarity.html"
_STARTS = 4
_SHARE = 0.02  # of all articles; rarer words are not looked at for a finding, which saves minutes
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


def tables(measures: Measures) -> Tables:
    """Run the comparisons that findings are made of; None where there is nothing to compare."""
    least = max(vocabulary.MIN_ARTICLES, round(_SHARE * len(measures.articles)))
    return Tables(
        measures,
        _or_none(lambda: vocabulary.keyness(measures, reference=REST, min_articles=least)),
        _or_none(lambda: similarity.between_outlets(measures)),
        reuse.shared_copy(measures),
    )


def _or_none(compare: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    try:
        return compare()
    except AnalysisError:  # one outlet, or no word
        return None


def findings(given: Tables) -> list[Finding]:
    """What the rules find, in their order."""
    return [found for rule in RULES if (found := rule(given)) is not None]


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
            return f"Without shared copy it holds (p = {max(p, 0.001):.3f})."
    return "Fragile: it does not pass once shared copy is left out."


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
            "{cosine:.3f} against {baseline:.3f} (lower by {less:.3f}, 95 % interval {least:.3f} to "
            "{most:.3f}; {n_a} and {n_b} articles).",
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
    exact = not pairs.empty and (pairs["basis"] == "exact").all()
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
        say("Agency copy that was rewritten is not seen.")
        if exact
        else say(
            "Estimated from a sketch of each article’s phrases; agency copy that was rewritten is "
            "not seen."
        ),
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
RULES: tuple[Rule, ...] = (most_distinctive_word, outlets_apart, shared_copy, rival_explanation)
