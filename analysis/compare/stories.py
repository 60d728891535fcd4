r"""Which articles are about the same event (docs/methods.md).

Likeness of two articles is their cosine :math:`c` (`analysis.compare.ground.vectors`) less what
any two articles of the corpus have in common,

.. math:: e = \frac{c - b}{1 - b},

b being the median cosine of articles whose dates are more than 30 days apart, which cannot be of
one event (or .04, that of news at large, where a corpus has no hundred such pairs): where all
articles are about one country, that they are does not make them one story. e is 0 for such a
pair, and 1 for the same words. It is set to 0 beyond 30 days; a pair with an undated article has
no window and needs .08 more. Articles are grouped by average linkage (UPGMA) as long as the mean
likeness of all pairs across two groups is at least .10.

These figures were set on labelled events in five folds (`data/quality/stories.json`, by
``tests/benchmarks/bench_stories.py``).
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from analysis.compare.ground.asked import of_all_voices, of_measures
from analysis.compare.ground.inference import generator, ordered, with_notes
from analysis.compare.ground.vectors import Products, Vectors, nearest_of_all, vectors
from analysis.data import DATA, LANGUAGE, mistake
from analysis.description import LENGTH, STORY, WEEK
from analysis.measure.measures import Measures
from analysis.measure.overlaps import days_of
from analysis.measure.reference import read_reference
from analysis.notes import note


class Rule(NamedTuple):
    """What makes a story: days of the window, least mean likeness, and more where undated."""

    window: int = 30
    least: float = 0.10
    undated: float = 0.08


RULE = Rule()
FAR = 0.14  # cosine with the third nearest article
MIDDLE = 0.22  # the median of these, below which there is no middle to be far from
AT_ONCE = 20_000  # articles that one is compared with
_ELSEWHERE = 0.04
_FEWEST_PAIRS, _DRAWN = 100, 40_000
_LINKED = 5_000  # articles whose pairs are held at once
_BLOCK = 500
_THIRD = 3
_SLACK = 1e-9
_QUALITY = DATA / "quality" / "stories.json"


@of_measures
def stories(measures: Measures) -> pd.DataFrame:
    """Group the articles of one event.

    Returns
    -------
    DataFrame, largest stories first, then by story, date, id
        article, outlet, date, story (a number as text, "1" the largest), size (articles of the
        story), outlets (different ones in it), dated (whether the article has a date), joined_by
        ("date and likeness"; "likeness alone" for an undated article; empty for an article on its
        own), likeness (mean over the other articles of the story, as the module has it; empty on
        its own). Every article is in one story; those without a word are on their own.

    Raises
    ------
    AnalysisError
        Where words of one voice are selected.
    """
    of_all_voices(measures, "stories-of-a-voice")
    v = vectors(measures)
    table, base, based_on = grouped_by(v, RULE)
    notes = [_note(table, base, based_on), quality_note(measures), *v.notes]
    return with_notes(table, notes, v.measures)


def grouped_by(v: Vectors, rule: Rule) -> tuple[pd.DataFrame, float, int]:
    """The table of `stories` by some rule; the cosine that is likeness 0, and of how many pairs."""
    order, day = _in_order_of_days(v)
    base, based_on = _in_common_anyway(v, order, day, rule.window)
    story = np.arange(len(order))
    likeness = np.full(len(order), np.nan)
    for part in _parts(v, order, day, base, rule):
        alike = _alike(v.weights[order[part]], day[part], base, rule)
        tree = hierarchy.linkage(squareform(1 - alike, checks=False), "average")
        label = hierarchy.fcluster(tree, 1 - rule.least + _SLACK, "distance")
        together = (label[:, None] == label) & ~np.eye(len(label), dtype=bool)
        others = together.sum(axis=1)
        mean = (alike * together).sum(axis=1) / np.maximum(others, 1)
        story[part] = part[np.unique(label, return_index=True)[1]][label - 1]
        likeness[part] = np.where(others, mean, np.nan)
    table = v.articles.loc[order, ["id", "outlet", "date"]].rename(columns={"id": "article"})
    table = table.assign(of=story, likeness=likeness, dated=np.isfinite(day))
    return _numbered(table), base, based_on


@of_measures
def doubtful(measures: Measures) -> pd.DataFrame:
    """Articles that are far from all others, and so may be about something else.

    For corpora whose description has no topic: an article is listed where its cosine with the
    third nearest article is below .14. (One article of its kind may be about the event in other
    words; three like it are a story.) That is only asked of articles in the language in which the
    rule was tried, that of the reference list, and of a corpus whose articles are alike: where the
    median of these cosines is below .22, as in one newspaper's articles with one search term, the
    corpus has no middle that an article could be far from, and nothing is listed.

    Returns
    -------
    DataFrame, the farthest first, then by id
        article, outlet, date, title, nearest (id of the article most like it; empty where none
        has a word in common), cosine (with the third nearest; 0 where there is none). No row in
        a corpus of fewer than four articles, and none where it has no middle.
    """
    v = vectors(measures)
    near = nearest_of_all(v, _THIRD, at_most=AT_ONCE)
    third = near[near.groupby("a").cumcount() == _THIRD - 1].set_index("a")["cosine"]
    first = near.drop_duplicates("a").set_index("a")["b"]
    table = v.articles[["id", "outlet", "date", "title"]].rename(columns={"id": "article"})
    table["nearest"] = first.reindex(table["article"]).fillna("").to_numpy()
    table["cosine"] = third.reindex(table["article"]).fillna(0.0).to_numpy()
    tried = v.articles["language"].isin(["", read_reference().about.get("language", LANGUAGE)])
    middle = table["cosine"].where(tried, 0.0).median() if len(table) else 0.0
    far = (table["cosine"] < FAR) & tried & (len(table) > _THIRD) & (middle >= MIDDLE)
    numbers = {"n": int(far.sum()), "of": len(table), "far": FAR, "least": MIDDLE}
    notes = [
        note("stories.doubtful", **numbers),
        quality_note(v.measures, "quality_of_doubtful", "doubtful"),
    ]
    if middle < MIDDLE:
        notes = [note("stories.no_middle", middle=middle, **numbers)]
    return with_notes(ordered(table[far], ["cosine", "article"], []), notes, v.measures)


# ---------------------------------------------------------------- steps


def _in_order_of_days(v: Vectors) -> tuple[np.ndarray, np.ndarray]:
    """Rows with words by day, undated ones (nan) last, and the days; of one day by id."""
    day = days_of(v.articles["date"])
    order = np.argsort(day, kind="stable")
    return order, day[order]


def _in_common_anyway(
    v: Vectors, order: np.ndarray, day: np.ndarray, window: int
) -> tuple[float, int]:
    """Median cosine of pairs more than the window apart, and of how many pairs that is."""
    rng = generator("stories", *v.ids[:1], seed=len(order))
    i, j = rng.integers(len(order), size=(2, _DRAWN)) if len(order) else np.zeros((2, 0), int)
    i, j = np.unique(np.sort([i, j], axis=0)[:, np.abs(day[i] - day[j]) > window], axis=1)
    if len(i) < _FEWEST_PAIRS:
        return _ELSEWHERE, 0
    cosines = np.asarray(v.weights[order[i]].multiply(v.weights[order[j]]).sum(axis=1)).ravel()
    return float(np.median(cosines)), len(i)


def _alike(matrix: sp.csr_array, day: np.ndarray, base: float, rule: Rule) -> np.ndarray:
    """Likeness of all pairs of a few articles, dense; 1 on the diagonal."""
    alike = _likeness((matrix @ matrix.T).toarray(), day[:, None] - day, base, rule)
    alike = (alike + alike.T) / 2
    np.fill_diagonal(alike, 1)
    return np.round(alike, 12)


def _likeness(cosines: np.ndarray, gap: np.ndarray, base: float, rule: Rule) -> np.ndarray:
    alike = (cosines - base) / (1 - base)
    alike[np.abs(gap) > rule.window] = 0
    return np.where(np.isnan(gap), alike - rule.undated, alike)


def _parts(
    v: Vectors, order: np.ndarray, day: np.ndarray, base: float, rule: Rule
) -> Iterator[np.ndarray]:
    """Positions in `order` of articles that may be in one story with another.

    Average linkage never joins what no single pair joins, so each part is what pairs of at least
    the least likeness connect; where that is too much to hold at once, it is cut by date.
    """
    n = len(order)
    dated = int(np.isfinite(day).sum())
    products = Products(v.weights[order])
    pairs = [np.zeros((2, 0), np.int64)]
    for start in range(0, n, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n))
        first = 0 if start + _BLOCK > dated else np.searchsorted(day, day[start] - rule.window)
        others = np.arange(max(int(first), rows[-1] + 1 - AT_ONCE), rows[-1] + 1)
        alike = _likeness(products.of(rows, others), day[rows, None] - day[others], base, rule)
        i, j = np.nonzero(alike >= rule.least - _SLACK)
        pairs.append(np.vstack([rows[i], others[j]]))
    i, j = np.hstack(pairs)
    graph = sp.csr_array((np.ones(len(i), bool), (i, j)), shape=(n, n))
    _, label = sp.csgraph.connected_components(graph, directed=False)
    by_label = np.argsort(label, kind="stable")
    for part in np.split(by_label, np.flatnonzero(np.diff(label[by_label])) + 1):
        cut = np.array_split(part, max(-(-len(part) // _LINKED), 1))
        yield from (piece for piece in cut if len(piece) > 1)


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    grouped = table.groupby("of")
    table["size"] = grouped["article"].transform("size")
    table["outlets"] = grouped["outlet"].transform("nunique")
    table["first"] = (
        table["date"].where(table["date"] != "", "~").groupby(table["of"]).transform("min")
    )
    table["name"] = grouped["article"].transform("min")
    table = ordered(
        table, ["size", "outlets", "first", "name", "date", "article"], ["size", "outlets"]
    )
    table["story"] = (pd.factorize(table["of"])[0] + 1).astype(str)
    by = np.where(table["dated"], "date and likeness", "likeness alone")
    table["joined_by"] = np.where(table["size"] > 1, by, "")
    columns = ["article", "outlet", "date", "story", "size", "outlets", "dated", "joined_by"]
    return table[[*columns, "likeness"]]


def _note(table: pd.DataFrame, base: float, based_on: int) -> str:
    first = table.drop_duplicates("story")
    basis = "stories.far_apart" if based_on else "stories.at_large"
    return note(
        "stories.found",
        n=len(table),
        stories=int((first["size"] > 1).sum()),
        several=int((first["outlets"] > 1).sum()),
        rule=RULE,
        undated=RULE.least + RULE.undated,
        n_undated=int((~table["dated"]).sum()),
        base=base,
        basis=note(basis, n=based_on, days=RULE.window),
    )


# ---------------------------------------------------------------- how good this is


def quality_note(measures: Measures, name: str = "quality", part: str = "stories") -> str:
    """How often stories (or what is doubtful) are right on labelled events, in a sentence."""
    if not _QUALITY.is_file() or measures.given_reference is not None:
        return note("stories.unmeasured")
    try:
        figures: dict[str, Any] = json.loads(_QUALITY.read_text("utf-8"))[part]
        return note(f"stories.{name}", **figures)
    except (ValueError, KeyError, TypeError) as error:
        raise mistake("figures-stories", file=_QUALITY, error=error) from error


# ---------------------------------------------------------------- what a test may hold still

_PARTS = 3


def strata_of(measures: Measures, name: str) -> pd.Series | None:
    """The stratum of each article, by id.

    Parameters
    ----------
    name
        ``story`` (`analysis.compare.stories`: a story alone is no stratum of any other, so
        articles without one are left out of tests); ``week`` (ISO 8601, of the date; articles
        without a date are one stratum); ``length`` (three parts of equally many articles, by
        their words); or a column of articles or outlets. Empty: nothing is held still.

    Raises
    ------
    AnalysisError
        Where there is no such column.
    """
    if not name:
        return None
    if name in measures.articles.columns:
        return measures.labels(name)
    if name == STORY:
        return stories(measures).set_index("article")["story"].astype("str")
    if name == LENGTH:
        words = measures.articles.set_index("id")["words"].sort_index()
        rank = words.rank(method="first")
        return np.ceil(rank * _PARTS / len(rank)).astype("int64").astype("str")
    if name != WEEK:
        return measures.labels(name)
    dates = measures.labels("date").str.slice(0, 10)
    days = pd.to_datetime(dates.where(dates != ""), format="%Y-%m-%d")
    return days.dt.strftime("%G-W%V").fillna("")
