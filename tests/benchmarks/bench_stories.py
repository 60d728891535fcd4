"""How well stories are found; run with ``python tests/benchmarks/bench_stories.py [--write]``.

Needs the material in ../shared. Labelled events (fhamborg/Giveme5W1H) stand among strangers:
articles of the news sample from before the first event with days of the events, so that a pair of a
stranger and an article of an event is known to be wrong. The rule is chosen on four folds of the
events, by B³ F among rules with a pair precision of .9, and measured on the fifth. ``--write``
keeps the figures in `data/quality/stories.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import measure_articles
from analysis.compare.ground.vectors import Vectors, vectors
from analysis.compare.stories import _QUALITY, FAR, MIDDLE, RULE, Rule, grouped_by, stories

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
FOLDS = 5
FEWEST_RIGHT = 0.9
WINDOWS, LEAST, UNDATED = (7, 14, 30), (0.08, 0.1, 0.12, 0.14, 0.16, 0.2), (0, 0.04, 0.08)
FARS = (0.08, 0.1, 0.12, 0.14, 0.16, 0.18)
MEASURES = ["b3_precision", "b3_recall", "b3_f", "pair_precision", "pair_recall"]


def labelled() -> pd.DataFrame:
    file = CORPORA / "same-event-news.jsonl"
    return pd.read_json(file, lines=True, dtype=False).astype("str")


def sample() -> pd.DataFrame:
    return pd.read_parquet(CORPORA / "news-sample.parquet").astype("str").assign(event="")


def corpus(strangers: int = 2_600) -> pd.DataFrame:
    """Labelled events, and strangers with dates drawn from theirs."""
    rng = np.random.default_rng(0)
    events = labelled()
    older = sample().query("'2005' < date < '2016'").sort_values("id", ignore_index=True)
    drawn = older.loc[rng.choice(len(older), strangers, replace=False)]
    dated = events.loc[events["date"].str.len() >= 10, "date"].to_numpy(object)
    drawn = drawn.assign(date=rng.choice(dated, strangers), id="stranger-" + drawn["id"])
    return pd.concat([events, drawn], ignore_index=True)


def scores(story: pd.Series, event: pd.Series, asked: set[str]) -> np.ndarray:
    """B³ and pairs of the articles of some events; strangers count as wrong, other events not."""
    known = event[event.isin(asked) | (event == "")]
    table = pd.crosstab(story[known.index], known)
    total = table.sum(axis=1).to_numpy()[:, None]
    own = table.drop(columns="").to_numpy()
    n, of_event = own.sum(), own.sum(axis=0)
    precision, recall = (own**2 / total).sum() / n, (own**2 / of_event).sum() / n
    right = (own * (own - 1) / 2).sum()
    found = (own * (2 * total - own - 1) / 2).sum()  # with an article of an event at least once
    mixed = sum((row.sum() ** 2 - (row**2).sum()) / 2 for row in own)
    pairs = right / max(found - mixed, 1), right / (of_event * (of_event - 1) / 2).sum()
    f = 2 * precision * recall / (precision + recall)
    return np.array([precision, recall, f, *pairs])


def folds_of(events: np.ndarray) -> list[set[str]]:
    shuffled = np.random.default_rng(1).permutation(np.sort(events))
    return [set(shuffled[fold::FOLDS]) for fold in range(FOLDS)]


def in_folds(v: Vectors, event: pd.Series, rules: list[Rule], name: str) -> tuple[Rule, np.ndarray]:
    """The rule chosen on all events, and the mean figures of rules chosen without the events."""
    story = {rule: grouped_by(v, rule)[0].set_index("article")["story"] for rule in rules}
    folds = folds_of(event[event != ""].unique())

    def chosen(asked: set[str]) -> Rule:
        found = {rule: scores(story[rule], event, asked) for rule in rules}
        able = {r: s for r, s in found.items() if s[3] >= FEWEST_RIGHT} or found
        return max(able, key=lambda rule: able[rule][2])

    held_out = []
    for fold in folds:
        rule = chosen(set.union(*(other for other in folds if other is not fold)))
        held_out.append(scores(story[rule], event, fold))
        print(f"{name}, chosen on the other folds: {rule}")
    mean = np.mean(held_out, axis=0)
    print(f"{name}, on the events left out: " + _listed(mean))
    best = chosen(set.union(*folds))
    print(f"{name}, all events: {best}: " + _listed(scores(story[best], event, set.union(*folds))))
    return best, mean


def _listed(figures: np.ndarray) -> str:
    return ", ".join(f"{n} {x:.3f}" for n, x in zip(MEASURES, figures, strict=True))


def found_in_folds() -> dict[str, object]:
    articles = corpus()
    event = articles.set_index("id")["event"]
    columns = ["id", "outlet", "date", "title", "text"]
    v = vectors(measure_articles(articles[columns]))
    dated = [Rule(w, least, RULE.undated) for w, least in product(WINDOWS, LEAST)]
    best, figures = in_folds(v, event, dated, "dated")
    bare = v.articles.assign(date="")
    without = replace(v, articles=bare)
    undated = [Rule(best.window, best.least, more) for more in UNDATED]
    best_undated, bare_figures = in_folds(without, event, undated, "undated")
    print(f"in use: {RULE}; chosen here: {best._replace(undated=best_undated.undated)}")
    counts = {"events": event[event != ""].nunique(), "articles": int((event != "").sum())}
    return {
        **counts,
        "strangers": int((event == "").sum()),
        **_rounded(figures),
        **{f"undated_{k}": x for k, x in _rounded(bare_figures).items()},
    }


def _rounded(figures: np.ndarray) -> dict[str, float]:
    return {name: round(float(x), 3) for name, x in zip(MEASURES, figures, strict=True)}


def far_in_folds(trials: int = 40) -> dict[str, object]:
    """Corpora of a few events with strangers mixed in: how many of whom are listed as doubtful?"""
    articles = pd.concat([labelled(), sample().sample(3_000, random_state=5)], ignore_index=True)
    v = vectors(measure_articles(articles[["id", "outlet", "title", "text"]]))
    event = articles.set_index("id")["event"].reindex(v.ids).to_numpy(object)
    sizes = pd.Series(event[event != ""]).value_counts()
    folds = folds_of(sizes.index[sizes >= 5].to_numpy(object))
    strangers = np.flatnonzero(event == "")
    rng = np.random.default_rng(3)
    seen = []
    for fold in folds:
        for k in np.repeat((1, 3, min(7, len(fold))), trials):
            own = np.flatnonzero(np.isin(event, rng.choice(sorted(fold), k, replace=False)))
            mixed = rng.choice(strangers, max(1, len(own) // 5), replace=False)
            seen.append(_third_nearest(v, own, mixed))
    of_fold = np.repeat(np.arange(FOLDS), len(seen) // FOLDS)
    shares = []
    for fold in range(FOLDS):
        train = [seen[i] for i in np.flatnonzero(of_fold != fold)]
        least = max(FARS, key=lambda far: _worth(*_below(train, far)))
        shares.append(_below([seen[i] for i in np.flatnonzero(of_fold == fold)], least))
        print(f"doubtful, chosen on the other folds: cosine below {least}")
    listed, own = np.mean(shares, axis=0)
    print(f"doubtful, on the events left out: {listed:.3f} of strangers, {own:.4f} of the others")
    print(f"doubtful, in use: {FAR}: " + "{:.3f} and {:.4f}".format(*_below(seen, FAR)))
    drawn = [pd.Series(strangers), pd.Series(strangers).sample(frac=0.1, random_state=4)]
    topics = articles.set_index("id")["topic"].reindex(v.ids[strangers]).to_numpy(object)
    drawn += [part for _, part in drawn[0].groupby(topics) if len(part) >= 100]
    unlike = [
        part.sample(n, random_state=n) for part in drawn for n in (50, 100, 250) if len(part) >= n
    ]
    none = np.array([], int)
    listed_of = [_below([_third_nearest(v, none, part.to_numpy())], FAR)[0] for part in unlike]
    figures = {"strangers_listed": round(float(listed), 3), "own_listed": round(float(own), 4)}
    figures |= {"unlike": len(unlike), "unlike_listed": int(np.count_nonzero(listed_of))}
    print(f"doubtful, of corpora of many matters: {figures}")
    return {"corpora": len(seen), **figures}


def _worth(of_strangers: float, of_others: float) -> float:
    """To doubt an article that belongs is worse than to miss one that does not."""
    return of_strangers - 3 * of_others


def _third_nearest(v: Vectors, own: np.ndarray, mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine with the third nearest article, of strangers and of the others; as the rule has it."""
    rows = np.concatenate([mixed, own])
    cosines = (v.weights[rows] @ v.weights[rows].T).toarray()
    np.fill_diagonal(cosines, -1)
    third = np.sort(cosines, axis=1)[:, -3]
    third = third if np.median(third) >= MIDDLE else np.ones(len(third))  # lists none
    return third[: len(mixed)], third[len(mixed) :]


def _below(seen: list[tuple[np.ndarray, np.ndarray]], far: float) -> tuple[float, float]:
    of_strangers, of_others = (np.concatenate(part) for part in zip(*seen, strict=True))
    return float((of_strangers < far).mean()), float((of_others < far).mean()) if len(
        of_others
    ) else 0.0


def speed() -> None:
    articles = sample().drop_duplicates("id")
    measures = measure_articles(articles[["id", "outlet", "date", "title", "text"]])
    start = time.perf_counter()
    table = stories(measures)
    print(
        f"speed: {len(table):,} articles in {time.perf_counter() - start:.1f} s; "
        f"{table['story'].nunique():,} stories, the largest of {table['size'].max()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="stories doubtful speed (all, where left out)")
    parser.add_argument("--write", action="store_true", help="keep the figures in data/quality")
    asked = parser.parse_args()
    parts: dict[str, Callable[[], dict[str, object]]] = {
        "stories": found_in_folds,
        "doubtful": far_in_folds,
    }
    found = {name: run() for name, run in parts.items() if name in (asked.parts or parts)}
    if "speed" in (asked.parts or ["speed"]):
        speed()
    if asked.write and found:
        held = json.loads(_QUALITY.read_text("utf-8")) if _QUALITY.is_file() else {}
        about = {"provenance": _PROVENANCE, **held, **found}
        _QUALITY.write_text(json.dumps(about, indent=2) + "\n", "utf-8", newline="\n")
    sys.stdout.flush()


_PROVENANCE = (
    "Events: fhamborg/Giveme5W1H (Apache-2.0). Strangers: ramybaly/Article-Bias-Prediction "
    "(Apache-2.0), articles from before the events with days of the events. Means of five folds of "
    "events, each measured with the rule chosen on the other four. Undated: the same with no date."
)


if __name__ == "__main__":
    main()
