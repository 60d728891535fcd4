"""What pages that hold every article and every group are made of: counts, names, neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.compare.ground.groups import grouped
from analysis.compare.ground.vectors import Vectors, nearest_of_all, vectors
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES

WORDS = 5
_HITS = ["group", "kind", "set", "entry"]
_LOOKED_AT = 40  # nearest of each article, among which those of every other group are sought


def telling_words(v: Vectors, most: int = WORDS) -> pd.DataFrame:
    """The words that set an article apart from news in general: those of greatest weight.

    Returns
    -------
    DataFrame, sorted by article, falling weight, term
        article, term, spelling, weight (as in `analysis.compare.ground.vectors`, 0 to 1).
    """
    coo = v.matrix.tocoo()
    order = np.lexsort((coo.col, -np.round(coo.data, 12), coo.row))
    row, column, weight = coo.row[order], coo.col[order], coo.data[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row, "left") < most
    terms = v.terms.to_numpy(object)[column[kept]]
    return pd.DataFrame(
        {
            "article": v.ids.to_numpy(object)[row[kept]],
            "term": terms,
            "spelling": v.measures.spelling(terms),
            "weight": weight[kept],
        }
    )


def called(measures: Measures, words: int = 3) -> pd.Series:
    """By article id: its title, or its outlet and its own most telling words.

    >>> # "BBC: Parubiy, visa, Obama"
    """
    articles = measures.articles.set_index("id")
    untitled = articles.index[articles["title"] == ""]
    if untitled.empty:
        return articles["title"]
    telling = telling_words(vectors(measures.keep(untitled)), words)
    listed = telling.groupby("article")["spelling"].agg(", ".join).reindex(untitled)
    named = articles["outlet"].reindex(untitled).astype(str) + ": " + listed.fillna("no words")
    return articles["title"].where(articles["title"] != "", named.reindex(articles.index))


def nearest_pairs(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """The two articles most alike of every two groups, as far as they are among the 40 nearest.

    Returns
    -------
    DataFrame, sorted by falling cosine, a, b
        group_a, group_b (group_a before group_b), a, b, cosine.
    """
    near = nearest_of_all(vectors(measures), _LOOKED_AT)
    labels = measures.labels(by)
    near = near.assign(
        group_a=labels.reindex(near["a"]).to_numpy(object),
        group_b=labels.reindex(near["b"]).to_numpy(object),
    )
    near = near[(near["group_a"] < near["group_b"]) & (near["group_a"] != "")]
    best = near.drop_duplicates(["group_a", "group_b"])  # they come by falling cosine
    return best[["group_a", "group_b", "a", "b", "cosine"]].reset_index(drop=True)


def speakers_by_group(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Who is heard in each group: counts of statements.

    Returns
    -------
    DataFrame, sorted by group, falling words, speaker
        group, speaker, side, statements, words, marked_words (inside quotation marks), articles.
    """
    group_of = pd.Series(grouped(measures, by).of_article)  # copies and editions count once
    said = measures.statements.astype({"article": "str"})
    said = said[said["article"].isin(group_of.index)]
    said = said.assign(group=group_of.reindex(said["article"]).to_numpy(object))
    said = said.astype({"speaker": "str", "side": "str"})
    table = said.groupby(["group", "speaker", "side"]).agg(
        statements=("words", "size"),
        words=("words", "sum"),
        marked_words=("marked_words", "sum"),
        articles=("article", "nunique"),
    )
    table = table.reset_index()
    order = ["group", "words", "speaker", "side"]
    return table.sort_values(order, ascending=[True, False, True, True], ignore_index=True)


def sets_of(measures: Measures, kind: str) -> list[str]:
    """The sets of the word lists of a kind ("naming", "indicators"), in the order of the lists."""
    lists = measures.package.get("measured", {}).get("lexicons", {}).values()
    return [name for one in lists for name, of in one["sets"].items() if of.get("kind") == kind]


def hits_by_group(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """How often each group uses each name and theme of the word lists, in whose voice.

    Returns
    -------
    DataFrame, sorted by kind, set, entry, group
        group, kind ("name" where labels compete, else "theme"), set, entry, narrator, reported,
        quoted, articles.
    """
    competing = sets_of(measures, "naming")
    hits = measures.indicators.astype(dict.fromkeys(("set", "entry", "voice", "article"), "str"))
    group_of = pd.Series(grouped(measures, by).of_article)  # copies and editions count once
    hits = hits[hits["article"].isin(group_of.index)]
    keys = hits.assign(
        group=group_of.reindex(hits["article"]).to_numpy(object),
        kind=np.where(hits["set"].isin(competing), "name", "theme"),
    )
    by_voice = keys.pivot_table(
        index=_HITS, columns="voice", values="count", aggfunc="sum", fill_value=0
    ).reindex(columns=list(VOICES), fill_value=0)
    by_voice["articles"] = keys.groupby(_HITS)["article"].nunique()
    by_voice.columns.name = None
    table = by_voice.reset_index()
    return table.sort_values(["kind", "set", "entry", "group"], ignore_index=True)
