"""What else could explain a finding: what two sides differ in besides their words.

A difference between outlets may be one of day, of event, of genre, of length or of how the
articles were collected. Each finding is tested again with one of these held still: articles change
places only with articles of the same week, story, and so on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.compare.ground.groups import Contrast, Groups, Side, contrasts_of, grouped, inferred
from analysis.compare.ground.inference import ALPHA, PLAN, Plan, with_notes
from analysis.compare.ground.notes import note
from analysis.compare.kinds import TOPIC
from analysis.compare.strata import LENGTH, STORY, WEEK, strata_of
from analysis.measure.measures import Measures

ASPECTS = (WEEK, STORY, LENGTH, "genre", "collection", "agency", "furniture")
HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "cannot be told"
_ALIKE = 0.1  # difference of the sides' shares of strata that is no rival explanation
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
    for aspect in ASPECTS:
        found[aspect] = ""
        strata = _strata(measures, aspect)
        if strata is None:
            continue
        for (target, reference), rows in found.groupby(["target", "reference"]).groups.items():
            (pair,) = contrasts_of(groups, str(target), str(reference))
            if _apart(*pair, strata) > _ALIKE:
                terms = found.loc[rows, "term"]
                more = found.loc[rows, "more_used_by"].to_numpy(object)
                found.loc[rows, aspect] = _held(groups, pair, terms, more, strata, plan)
    aspects = found[list(ASPECTS)]
    doubtful = aspects.isin([FAILS, UNKNOWN])
    found["also_explained_by"] = [
        ", ".join(np.array(ASPECTS)[row]) for row in doubtful.to_numpy(bool)
    ]
    chosen = found["kind"] == TOPIC
    found["confounded"] = np.select([chosen, doubtful["collection"]], [TOPIC, "collection"], "")
    notes = [note("robustness.rivals", n=len(found))]
    return with_notes(found, notes, measures)


def _strata(measures: Measures, aspect: str) -> pd.Series | None:
    """The values of an aspect by article; none where the corpus does not have it."""
    if aspect in (WEEK, STORY, LENGTH):
        return strata_of(measures, aspect)
    articles = measures.articles
    marks = {
        "furniture": (articles["id"].isin(measures.removed["article"]), "lines removed"),
        "agency": (articles["agency"] != "", "credited"),
    }
    if aspect in marks:
        marked, name = marks[aspect]
        return pd.Series(np.where(marked, name, "none"), index=pd.Index(articles["id"]))
    return measures.labels(aspect) if aspect in measures.articles.columns else None


def _apart(one: Side, other: Side, strata: pd.Series) -> float:
    """How many articles of a side would have to be others: half the sum of differing shares."""
    shares = [strata.reindex(side.ids).value_counts(normalize=True) for side in (one, other)]
    both = pd.concat(shares, axis=1).fillna(0.0)
    return float((both.iloc[:, 0] - both.iloc[:, 1]).abs().sum() / 2)


def _held(
    groups: Groups,
    pair: tuple[Side, Side],
    terms: pd.Series,
    more: np.ndarray,
    strata: pd.Series,
    plan: Plan,
) -> list[str]:
    """Whether each term differs, in the same direction, within the strata."""
    contrast = Contrast(*pair, groups.things.get_indexer(terms))
    still = replace(plan, bootstraps=0)
    p = np.broadcast_to(inferred([contrast], True, still, strata)[0]["p"], len(terms))
    within = contrast.exchangeable(strata)
    if np.isnan(p).all():
        return [UNKNOWN] * len(terms)
    same = within.more_used_by == more
    return list(np.select([np.isnan(p), (p < ALPHA) & same], [UNKNOWN, HOLDS], FAILS))
