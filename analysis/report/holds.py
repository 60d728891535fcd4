"""Does it hold: each finding of the overview asked again in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.compare.reuse import independent
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.report import findings
from analysis.report.claims import Claim
from analysis.report.findings import counted
from analysis.report.show import say
from analysis.report.study import Study

YES, NO, UNASKED = "✓", "✗", "–"


def checks(study: Study) -> pd.DataFrame:
    """A row for each finding of the index: whether it stands without copy and without the longest.

    ✓ where the same rule gives the same headline's subject (same groups, same words) in the other
    articles, ✗ where it gives another, – where the rule has nothing to say there.
    """
    shown = findings.findings(study)
    variants = {name: _variant(study, change) for name, change in VARIANTS.items()}
    rows = []
    for claim in shown:
        row = {"finding": claim.headline.plain(), "how sure": claim.sure}
        for name, other in variants.items():
            row[name] = _again(other, claim) if other is not None else UNASKED
        rows.append(row)
    return pd.DataFrame(rows)


def _variant(study: Study, change: Callable[[Measures], Measures]) -> Study | None:
    try:
        changed = change(study.measures)
    except AnalysisError:
        return None
    if len(changed.articles) == len(study.measures.articles):
        return None
    return replace(study, measures=changed, _key=f"{study._key} {'; '.join(changed.notes)}")


def _again(study: Study, claim: Claim) -> str:
    claims = (rule(study) for rule in findings.RULES)
    again = next((c for c in claims if c is not None and c.kind == claim.kind), None)
    if again is None:
        return UNASKED
    said = claim.headline.values.values()
    subjects = [v for v in said if isinstance(v, str) and not any(map(str.isdigit, v))]
    return YES if all(v in again.headline.values.values() for v in subjects) else NO


def without_longest(measures: Measures) -> Measures:
    """Without the longest article of each outlet that has more than one."""
    articles = measures.articles
    first = articles.sort_values(["words", "id"], ascending=[False, True]).drop_duplicates("outlet")
    many = articles["outlet"].map(articles["outlet"].value_counts()) > 1
    return measures.keep(articles.loc[~articles["id"].isin(first["id"]) | ~many, "id"])


VARIANTS: dict[str, Callable[[Measures], Measures]] = {
    "without copy": independent,
    "without the longest article": without_longest,
}


def claim(study: Study) -> Claim:
    """How many of the words that pass stand however they are asked for."""
    table = study.stability
    if "fragile" not in table or table.empty:
        return Claim(
            "holds",
            say("No word passed a test here, so there is none to be asked for otherwise"),
            say("What is described on the other pages is asked again below."),
        )
    lost = table.loc[table["fragile"] != "", "spelling"].unique()
    n = table["spelling"].nunique()
    return Claim(
        "holds",
        say(
            "{k} of {n} that passed {stand} however they are asked for",
            k=n - len(lost),
            n=counted(n, "word"),
            stand="stands" if n - len(lost) == 1 else "stand",
        ),
        say(
            "Asked with other priors, without the longest article, in headlines and leads alone, "
            "with hyphens split, without numbers. Fragile: {fragile}.",
            fragile=", ".join(lost) or "none",
        ),
        "tested",
    )


def splits(study: Study) -> pd.DataFrame:
    """How often the tests find something in random halves, a row a test."""
    table = study.calibration
    if "share_below_05" not in table:
        return pd.DataFrame({"test": [], "share_below_05": [], "lowest": [], "highest": []})
    return table[["test", "share_below_05", "lowest", "highest"]]
