"""Does it hold: each finding of the overview asked again in another way."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.compare.ground.inference import ALPHA
from analysis.compare.reuse import independent
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.report import claims, findings
from analysis.report.claims import Claim
from analysis.report.study import Study

YES, NO, UNASKED = "✓", "✗", "–"
LEADS = "headlines and leads"
_WHOLE = ("alike", "copy")  # kinds that are of whole articles


def checks(study: Study) -> pd.DataFrame:
    """A row for each finding of the index: whether it stands where it is asked for otherwise.

    ✓ and the figure where the same rule names the same groups, words and people, ✗ and what it says
    where it names others, – where the question cannot be asked so, or would be asked of the same
    articles. Of words besides: in how many of the ways of `Study.choices` they pass.
    """
    ways = study.choices
    variants = {name: _variant(study, name) for name in VARIANTS}
    rows = []
    for found in findings.findings(study):
        row = {"finding": found.headline.plain(), "how sure": found.sure, "figure": found.figure}
        for name, other in variants.items():
            asked = other is not None and not (name == LEADS and found.kind in _WHOLE)
            row[name] = _again(other, found) if other and asked else UNASKED
        of_words = found.kind == "words"
        own = ways[ways["spelling"].isin(found.headline.subjects())] if of_words else ways.head(0)
        counted = [f"{r.kept} of {r.ways}" for r in own.head(1).itertuples()]
        rows.append(row | {"of the ways below": (counted or [UNASKED])[0]})
    return pd.DataFrame(rows)


def _variant(study: Study, name: str) -> Study | None:
    try:
        changed = VARIANTS[name](study.measures)
    except AnalysisError:
        return None
    if name != LEADS and len(changed.articles) == len(study.measures.articles):
        return None
    return replace(study, measures=changed, names_tested=False, _key=f"{study._key} {name}")


def _again(study: Study, found: Claim) -> str:
    again = findings.RULES[found.kind](study)
    if again is None:
        return UNASKED
    words = again.headline.plain()
    if all(name in words for name in found.headline.subjects()):
        return f"{YES} {again.figure}"
    return f"{NO} {words}"


def without_longest(measures: Measures) -> Measures:
    """Without the longest article of each outlet that has more than one."""
    articles = measures.articles
    first = articles.sort_values(["words", "id"], ascending=[False, True]).drop_duplicates("outlet")
    many = articles["outlet"].map(articles["outlet"].value_counts()) > 1
    return measures.keep(articles.loc[~articles["id"].isin(first["id"]) | ~many, "id"])


VARIANTS: dict[str, Callable[[Measures], Measures]] = {
    "without copy": independent,
    "without the longest article": without_longest,
    LEADS: lambda measures: measures.select(zone=["headline", "lead"]),
}


def ways(study: Study) -> pd.DataFrame:
    """In what share of the ways of asking each word passes: word, share; the first eight words."""
    rows = study.choices.head(8)
    shown = [f"{r.spelling} ({r.more_used_by}), {r.kept} of {r.ways}" for r in rows.itertuples()]
    return pd.DataFrame({"word": shown, "share": rows["share"]})


def claim(study: Study) -> Claim:
    """In how many of the ways in which one could have asked the words that pass do so."""
    ways = study.choices
    passed = ways[ways["q"] < ALPHA]
    if passed.empty:
        return claims.claim("holds.none", study)
    rank = study.stability
    lost = rank.loc[rank["fragile"] != "", "spelling"].unique()
    told = {"r": passed.iloc[0], "n": len(passed), "fragile": ", ".join(lost) or "none"}
    told |= {"low": passed["share"].min(), "high": passed["share"].max()}
    case = "one" if len(passed) == 1 else "words"
    return claims.claim(f"holds.{case}", study, told, "tested")
