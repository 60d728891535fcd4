"""Does it hold: each finding of the overview asked again in another way."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.compare import robustness
from analysis.compare.ground.inference import ALPHA, REST
from analysis.compare.reuse import independent
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.report import claims, findings
from analysis.report.claims import Claim
from analysis.report.study import Study

YES, NO, UNASKED = "✓", "✗", "–"
HALVES, LEADS, PRIOR, LISTS = "random halves", "headlines and leads", "other prior", "other lists"
# Of which kinds it can be asked, where not of all: copy and likeness are of whole articles.
_KINDS = {LEADS: "story words voices names themes".split(), LISTS: "names themes alike".split()}


def checks(study: Study) -> pd.DataFrame:
    """A row for each finding of the index: whether it stands where it is asked for otherwise.

    ✓ and the figure where the same rule names the same groups, words and people (in halves: in
    both), ✗ and what it names instead, – where it cannot be asked so, or would be asked of the same
    articles.
    """
    variants = {name: _variants(study, name) for name in VARIANTS}
    rows = []
    for found in findings.findings(study):
        row = {"finding": found.headline.plain(), "figure": found.figure}
        for name, others in variants.items():
            asked = found.kind in _KINDS.get(name, findings.RULES)
            asked &= name != LISTS or any(_has_other_list(study, o, found.kind) for o in others)
            cells = [_again(other, found) for other in others if asked]
            row[name] = next((c for c in cells if c[0] != YES), " and ".join(cells)) or UNASKED
        rows.append(row | {PRIOR: _other_prior(study, found)})
    return pd.DataFrame(rows)


def _variants(study: Study, name: str) -> list[Study]:
    made = []
    for i, change in enumerate(VARIANTS[name]):
        try:
            changed = change(study.measures)
        except AnalysisError:
            return []
        if name in _KINDS or 0 < len(changed.articles) < len(study.measures.articles):
            key = f"{study._key} {name} {i}"
            made.append(replace(study, measures=changed, names_tested=False, _key=key))
    return made


def _has_other_list(study: Study, other: Study, kind: str) -> bool:
    if kind == "alike":
        return study.measures.given_reference is None  # else it was the corpus itself already
    return len(other.measures.indicators) < len(study.measures.indicators)


def _again(study: Study, found: Claim) -> str:
    try:
        again = findings.RULES[found.kind](study)
    except AnalysisError:  # what is left is of one group, or holds nothing of the kind
        return UNASKED
    if again is None:
        return UNASKED
    if not again.picture:
        return f"{NO} nothing"
    if _says_the_same(found, again):
        return f"{YES} {again.figure}"
    others = _instead(study, found, again)
    return f"{NO} {claims.listed(others) if others else again.figure or 'nothing'}"


def _instead(study: Study, found: Claim, again: Claim) -> list[str]:
    """What the other headline names: who lets whom speak, the name used most, or words."""
    values, said = again.headline.values, again.headline.plain()
    if found.kind == "names":
        return [values["top"]["label"]]
    if found.kind in ("story", "voices"):
        told = [values[one] for one in ("one", "other") if one in values]
        heard = (f"{one['group']}: {one['who']}" for one in told if one["who"] in said)
        return [*dict.fromkeys(heard)]
    passed_over = {*found.headline.subjects(), study.by, claims.plural(study.by)}
    return [name for name in again.headline.subjects() if name not in passed_over]


def _says_the_same(found: Claim, again: Claim) -> bool:
    """Whether both name the same, and the same way round."""
    one, other = found.headline, again.headline
    if found.kind == "names":
        first, second = (said.values for said in (one, other))
        return [first["set"], first["top"]["label"]] == [second["set"], second["top"]["label"]]
    if found.kind in ("themes", "alike") and one.template != other.template:
        return False
    if found.kind in ("words", "themes", "alike"):
        return one.subjects() == other.subjects()
    return all(name in other.plain() for name in one.subjects())


def _other_prior(study: Study, found: Claim) -> str:
    """The places of the word where the prior weighs 100 words, or as many as there are."""
    own = study.stability
    own = own[own["spelling"].isin(found.headline.subjects())] if found.kind == "words" else own[:0]
    for row in own.to_dict("records"):
        places = f"place {row['α₀ = 100']:.0f}, {row['α₀ = n']:.0f}"
        return f"{NO if 'α₀' in row['because'] else YES} {places}"
    return UNASKED


VARIANTS: dict[str, tuple[Callable[[Measures], Measures], ...]] = {
    HALVES: (
        lambda m: robustness.half(m, m.description.by),
        lambda m: robustness.half(m, m.description.by, second=True),
    ),
    "without copy": (independent,),
    "without the longest article": (lambda m: robustness.without_longest(m, m.description.by),),
    LEADS: (lambda m: m.select(zone=["headline", "lead"]),),
    "within stories": (robustness.within_stories,),
    LISTS: (robustness.other_lists,),
}


def ways(study: Study) -> pd.DataFrame:
    """In what share of the ways of asking each word passes: word, share; the first eight words."""
    rows = study.choices.head(8)
    rows = rows.replace({"more_used_by": {REST: "the others"}})
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
    every = int((study.words["q"] < ALPHA).sum())
    fragile = claims.listed([*lost]) if len(lost) else "none"
    told = {"r": passed.iloc[0], "n": len(passed), "fragile": fragile, "every": every}
    told |= {"low": passed["share"].min(), "high": passed["share"].max()}
    case = "one" if every == 1 else "words" if every == len(passed) else "first"
    return claims.claim(f"holds.{case}", study, told, "tested")
