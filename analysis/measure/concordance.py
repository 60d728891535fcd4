"""Terms in their sentences: needs the text, and enters no measured corpus."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.tokens import TOKEN, fold, spelling


def concordance(
    measures: Measures, articles: pd.DataFrame, term: str, *, most: int | None = None
) -> pd.DataFrame:
    """Every occurrence of a term in its sentence.

    Parameters
    ----------
    articles
        id, title and text. Only articles whose text is the one measured (by SHA-256) are used.
    term
        A word, written in any way that counts as that term.
    most
        At most so many rows.

    Returns
    -------
    DataFrame, in the order of outlets, article ids and text
        outlet, date, article, before, word, after, voice ("narrator" or "quoted").
    """
    texts = at_hand(measures, articles)
    lines, found = in_context(texts)
    found = found[found["term"] == fold(spelling(term))].merge(lines, on="sentence")
    about = measures.articles.set_index("id")
    table = pd.DataFrame(
        {
            "outlet": about["outlet"].reindex(found["article"]).to_numpy(),
            "date": about["date"].reindex(found["article"]).to_numpy(),
            "article": found["article"],
            "before": [t[:a] for t, a in zip(found["text"], found["start"], strict=True)],
            "word": [
                t[a:b] for t, a, b in zip(found["text"], found["start"], found["end"], strict=True)
            ],
            "after": [t[b:] for t, b in zip(found["text"], found["end"], strict=True)],
            "voice": np.where(found["quoted"], "quoted", "narrator"),
        }
    )
    table = table.sort_values(["outlet", "article"], kind="stable", ignore_index=True)
    notes = [f"{len(table):,} occurrences in {len(texts):,} articles whose text is at hand."]
    if most is not None:
        table = table.head(most)
    table.attrs["notes"] = notes
    return table


def at_hand(measures: Measures, articles: pd.DataFrame) -> pd.DataFrame:
    """The articles whose text is the one that was measured: id, title, text; sorted by id.

    Raises
    ------
    AnalysisError
        Where a column is missing.
    """
    for column in ("id", "title", "text"):
        if column not in articles.columns:
            raise AnalysisError(
                f"The articles have no column {column}; they have {', '.join(articles.columns)}.",
                "Give the articles that were measured, with their text.",
            )
    known = measures.articles.set_index("id")
    texts = articles[["id", "title", "text"]].drop_duplicates("id")
    texts = texts[texts["id"].isin(known.index)]
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts["text"]]
    same = known["text_sha256"].reindex(texts["id"]).to_numpy(object) == np.asarray(digests, object)
    same &= known["title"].reindex(texts["id"]).to_numpy(object) == texts["title"].to_numpy(object)
    return texts[same].sort_values("id", ignore_index=True)


def in_context(articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All sentences of some articles, and where in them each term stands.

    Parameters
    ----------
    articles
        id, title, text; the headline is the first sentence.

    Returns
    -------
    sentences : DataFrame
        sentence (number, from 0), article, text.
    occurrences : DataFrame
        term (as it is counted), sentence, start, end (code points into the sentence), quoted
        (inside quotation marks); in the order of the text.
    """
    lines: list[tuple[int, str, str]] = []
    found: list[tuple[str, int, int, int, bool]] = []
    for article, title, text in articles[["id", "title", "text"]].itertuples(index=False):
        for whole, parts in ((title, [(0, len(title))]), (text, None)):
            quoted = quoted_spans(whole)
            for start, end in sentences(whole, quoted) if parts is None else parts:
                found += _terms_of(whole, start, end, quoted, len(lines))
                lines.append((len(lines), article, whole[start:end]))
    occurrences = pd.DataFrame(found, columns=["term", "sentence", "start", "end", "quoted"])
    return pd.DataFrame(lines, columns=["sentence", "article", "text"]), occurrences


def _terms_of(
    text: str, start: int, end: int, quoted: list[tuple[int, int]], sentence: int
) -> list[tuple[str, int, int, int, bool]]:
    """The terms of one sentence; positions from its beginning."""
    spans = [(q, r) for q, r in quoted if q < end and r > start]
    found = []
    for match in TOKEN.finditer(text, start, end):
        if term := fold(spelling(match[0])):
            a, b = match.span()
            inside = any(q <= a < r for q, r in spans)
            found.append((term, sentence, a - start, b - start, inside))
    return found
