"""Figures for similarity and shared copy; run with ``python tests/benchmarks/bench_similarity.py``.

Prints what it measures and asserts nothing. Needs the material in ../shared, and the reference list
(its own, or one counted from the news sample where none is there yet).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score

from analysis import Measures, measure_articles
from analysis.compare.ground.pairs import agreed, interval, weighted_difference
from analysis.compare.ground.permanova import permanova
from analysis.compare.ground.vectors import Vectors, vectors
from analysis.compare.reuse import SUBSTANTIAL, shared_copy
from analysis.compare.similarity import between_articles, between_outlets, outlets_differ
from analysis.measure.reference import DEFAULT, Reference, build_reference, read_reference

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


def news_sample() -> pd.DataFrame:
    return pd.read_parquet(CORPORA / "news-sample.parquet").astype("str")


def same_event_news() -> pd.DataFrame:
    return pd.read_json(CORPORA / "same-event-news.jsonl", lines=True, dtype=False).astype("str")


def reference_list() -> Reference:
    if (DEFAULT / "reference.json").is_file():
        return read_reference()
    return build_reference(news_sample()["text"].tolist(), name="news sample")


def retrieval(reference: Reference) -> None:
    """Same-event articles: nearest neighbour and AUC, against scikit-learn's defaults."""
    articles = same_event_news().sort_values("id", ignore_index=True)
    ours = between_articles(measure_articles(articles).with_reference(reference)).to_numpy()
    weights = TfidfVectorizer().fit_transform(articles["text"])
    theirs = (weights @ weights.T).toarray()
    event = articles["event"].to_numpy(object)
    has_partner = articles.groupby("event")["id"].transform("size").to_numpy() > 1
    i, j = np.triu_indices(len(event), 1)
    for name, cosines in (("ours", ours), ("TfidfVectorizer()", theirs)):
        others = cosines.copy()
        np.fill_diagonal(others, -1)
        hit = event[others.argmax(axis=1)] == event
        auc = roc_auc_score(event[i] == event[j], cosines[i, j])
        print(
            f"retrieval, {name}: P@1 {hit[has_partner].mean():.4f} of {has_partner.sum()} articles "
            f"with a partner ({hit.mean():.4f} of all {len(hit)}); AUC {auc:.4f}"
        )


def planted(articles: pd.DataFrame, n: int = 200) -> None:
    """Copies spliced from real articles: the first part of one, then the rest of another."""
    rng = np.random.default_rng(7)
    long = articles[articles["text"].str.len().between(2_500, 9_000)].sort_values("id")
    drawn = long.iloc[rng.choice(len(long), 3 * n, replace=False)].reset_index(drop=True)
    source, host, alone = drawn[:n], drawn[n : 2 * n], drawn[2 * n :]
    spliced = [
        _first_part(a, 0.5) + "\n" + _first_part(b, 0.5)
        for a, b in zip(source["text"], host["text"], strict=True)
    ]
    copies = source.assign(id=[f"copy-{i:03}" for i in range(n)], text=spliced, outlet="Copyist")
    corpus = pd.concat([source, alone, copies], ignore_index=True)
    truth = set(zip(copies["id"], source["id"], strict=True))
    measures = measure_articles(corpus)
    found = set(shared_copy(measures, SUBSTANTIAL)[["a", "b"]].apply(tuple, axis=1))
    right = {frozenset(p) for p in found} & {frozenset(p) for p in truth}
    precision, recall = len(right) / len(found), len(right) / len(truth)
    f1 = 2 * precision * recall / (precision + recall)
    print(
        f"planted half-copies: {n} among {len(corpus)} articles; precision {precision:.3f}, recall "
        f"{recall:.3f}, F1 {f1:.3f} at containment ≥ {SUBSTANTIAL}"
    )


def _first_part(text: str, share: float) -> str:
    words = text.split(" ")
    return " ".join(words[: int(len(words) * share)])


def null(sample: Measures, reference: Reference, trials: int = 200) -> None:
    """Random halves of one outlet: how often are they called different?"""
    counts = sample.articles["outlet"].value_counts()
    outlets = sorted(counts.index[counts >= 60])
    p_values, dispersion_p, excluded = [], [], 0
    for trial in range(trials):
        rng = np.random.default_rng([5, trial])
        ids = sample.articles.loc[
            sample.articles["outlet"] == outlets[trial % len(outlets)], "id"
        ].to_numpy(object)
        size = int(rng.integers(12, 31))
        drawn = rng.choice(ids, 2 * size, replace=False)
        halves = _relabelled(sample, dict(zip(drawn, ["one", "two"] * size, strict=True)))
        test = outlets_differ(halves.with_reference(reference), "half").iloc[0]
        pair = between_outlets(halves.with_reference(reference), "half")
        low, high = pair.loc[pair["a"] != pair["b"], ["low", "high"]].iloc[0]
        p_values.append(test["p"])
        dispersion_p.append(test["dispersion_p"])
        excluded += not low <= 0 <= high
    print(
        f"null: {trials} random halves of {len(outlets)} outlets, 12 to 30 articles a side: "
        f"PERMANOVA p < .05 in {np.mean(np.array(p_values) < 0.05):.3f}, dispersion p < .05 in "
        f"{np.mean(np.array(dispersion_p) < 0.05):.3f}, interval without 0 in "
        f"{excluded / trials:.3f}"
    )


def coverage(sample: Measures, reference: Reference, trials: int = 400) -> None:
    """Samples of two outlets: how often does the interval hold the difference of all they have?

    Three pairs of outlets, and one outlet with itself, where the difference is 0.
    """
    v = vectors(sample.with_reference(reference))
    outlet = sample.labels("outlet").reindex(v.ids).to_numpy(object)
    largest = pd.Series(outlet).value_counts().index[:6]
    for sizes in ((10, 10), (30, 30), (60, 60), (10, 60)):
        for pairs in (zip(largest[::2], largest[1::2], strict=True), [largest[[0, 0]]]):
            held = [h for a, b in pairs for h in _held(v, outlet, (a, b), sizes, trials)]
            print(
                f"coverage, {sizes[0]} and {sizes[1]} articles, {len(held)} trials: the interval "
                f"holds the difference in {np.mean(held):.1%}"
                + " (one outlet with itself)"
                * (len(held) == trials)
            )


def _held(
    v: Vectors, outlet: np.ndarray, names: tuple[str, str], sizes: tuple[int, int], trials: int
) -> list[bool]:
    """Whether each interval holds the difference of all articles of the two outlets."""
    of = [np.flatnonzero(outlet == name) for name in dict.fromkeys(names)]
    rows, first, held = np.concatenate(of), len(of[0]), []
    every = (v.weights[rows] @ v.weights[rows].T).toarray()
    alike = len(of) == 1
    truth = 0.0 if alike else weighted_difference(every, first, np.ones((1, len(rows))))[0]
    for trial in range(trials):
        rng = np.random.default_rng([6, *sizes, trial])
        dealt = [rng.permutation(first), rng.permutation(len(rows) - first) + first]
        parts = np.split(dealt[0][: sum(sizes)], [sizes[0]]) if alike else dealt
        drawn = np.concatenate([part[:n] for part, n in zip(parts, sizes, strict=True)])
        cosines = every[np.ix_(drawn, drawn)]
        groups = np.repeat([0, 1], sizes)
        p = permanova(np.clip(1 - cosines, 0, None), groups, rng, permutations=500).p
        low, high = agreed(*interval(cosines, sizes[0]), p)
        held.append(bool(low <= truth <= high))
    return held


def _relabelled(sample: Measures, half: dict[str, str]) -> Measures:
    import dataclasses

    kept = sample.keep(half)
    return dataclasses.replace(
        kept, articles=kept.articles.assign(half=kept.articles["id"].map(half))
    )


def speed(sample: Measures, reference: Reference) -> None:
    """Nearest ten of every article, and all shared copy."""
    start = time.perf_counter()
    nearest = between_articles(sample.with_reference(reference), top=10)
    middle = time.perf_counter()
    copy = shared_copy(sample)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"speed, {len(sample.articles):,} articles: nearest ten {middle - start:.1f} s "
        f"({len(nearest):,} rows), shared copy {end - middle:.1f} s ({len(copy):,} pairs), peak "
        f"{peak:.2f} GB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="retrieval speed planted null coverage")
    wanted = parser.parse_args().parts
    reference, texts = reference_list(), news_sample()
    sample = measure_articles(texts)
    parts: dict[str, Callable[[], None]] = {
        "retrieval": lambda: retrieval(reference),
        "speed": lambda: speed(sample, reference),
        "planted": lambda: planted(texts),
        "null": lambda: null(sample, reference),
        "coverage": lambda: coverage(sample, reference),
    }
    for name, part in parts.items():
        if not wanted or name in wanted:
            part()


if __name__ == "__main__":
    main()
