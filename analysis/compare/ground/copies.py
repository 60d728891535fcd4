"""Which articles are counted with another: the same text, or an edition of it."""

from collections.abc import Collection, Hashable
from typing import Any

import pandas as pd

from analysis.measure.measures import Measures
from analysis.measure.overlaps import EDITION

Shares = dict[str, dict[str, float]]
Rank = dict[str, tuple[Any, ...]]


def find_editions(
    measures: Measures, labels: pd.Series, least: float = EDITION, but: Collection[str] = ()
) -> dict[str, tuple[str, float]]:
    """Articles that are an edition of another of the same outlet and label, with it.

    Of articles of an outlet with a containment of `least`, or with the same text, the longest is
    kept (then the earliest, then the first by id): what was reported is in it. Those in `but` are
    passed over.

    Returns
    -------
    dict
        Article → the one it is counted with, and their containment.
    """
    articles = measures.articles.set_index("id").drop(list(but))
    labels, texts = labels.reindex(articles.index), measures.texts.reindex(articles.index)
    place = pd.Series(list(zip(articles["outlet"], labels, strict=True)), index=articles.index)
    pairs = measures.overlaps.astype({"a": "str", "b": "str"})
    pairs = pairs[pairs["a"].isin(articles.index) & pairs["b"].isin(articles.index)].copy()
    pairs["containment"] = pairs["shared"] / pairs[["of_a", "of_b"]].min(axis=1)
    pairs = pairs[pairs["containment"] >= least]
    inside = place.reindex(pairs["a"]).to_numpy() == place.reindex(pairs["b"]).to_numpy()
    texts = pd.Series(list(zip(place, texts, strict=True)), index=articles.index)
    shares = shared(pairs[inside], texts)
    known = articles.loc[sorted(shares)]
    dates = known["date"].where(known["date"] != "", "~")  # after all dates
    keys = zip(-known["words"], dates, known.index, strict=True)
    return counted_with(shares, dict(zip(known.index, keys, strict=True)), texts)


def shared(pairs: pd.DataFrame, texts: pd.Series) -> Shares:
    """What each article shares with which others; the same text with the first that has it."""
    ids = texts.sort_index().index.to_series()
    first = ids.groupby(texts.sort_index()).transform("first")
    same = pd.DataFrame({"a": first, "b": ids, "containment": 1.0})
    both = pd.concat([pairs[["a", "b", "containment"]], same[same["a"] != same["b"]]])
    shares: Shares = {}
    for a, b, containment in zip(both["a"], both["b"], both["containment"], strict=True):
        shares.setdefault(a, {})[b] = containment
        shares.setdefault(b, {})[a] = containment
    return shares


def counted_with(shares: Shares, rank: Rank, texts: pd.Series) -> dict[str, tuple[str, float]]:
    """In the order of `rank`, the articles that share copy with one that was kept before.

    Each with the kept one that it shares most with, and how much.
    """
    kept: set[str] = set()
    with_text: dict[Hashable, str] = {}
    found = {}
    for article in sorted(shares, key=rank.__getitem__):
        same = with_text.get(texts[article])
        others = shares[article] | ({same: 1.0} if same else {})
        before = [(-c, rank[other], other) for other, c in others.items() if other in kept]
        if before:
            negative, _, other = min(before)
            found[article] = (other, -negative)
        else:
            kept.add(article)
            with_text[texts[article]] = article
    return found
