"""Behind every number of hits: the articles, and where the text is at hand the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.gather.articles import read_articles
from analysis.measure.concordance import at_hand
from analysis.measure.lexicon.load import available_lexicons, load_lexicon
from analysis.measure.measures import Measures
from analysis.measure.package import find_corpus
from analysis.measure.passages import indicator_hits


def texts_beside(corpus: str | Path) -> pd.DataFrame | None:
    """The articles with their text that lie beside a Measures folder, where they do."""
    folder = find_corpus(corpus)
    path = folder.with_name(f"{folder.name}.articles.parquet")
    return read_articles(path) if path.is_file() else None


def evidence(
    measures: Measures,
    entry: str | Sequence[str],
    articles: pd.DataFrame | None = None,
    *,
    lexicons: Sequence[str | Path] = (),
    speakers: Path | None = None,
) -> pd.DataFrame:
    """Where the hits of an indicator, or of a name, are.

    Parameters
    ----------
    entry
        Its name, or several.
    articles
        The articles with their text, where that is at hand (`texts_beside`): adds the sentences.
        Only texts that are the ones measured (by SHA-256) are used.
    lexicons
        Files of the word lists of your own that the articles were measured with.
    speakers
        Table of speakers that the articles were measured with, if not the project's own.

    Returns
    -------
    DataFrame, sorted by entry, falling count, outlet, article
        entry, article, outlet, date, title, url, count (hits), narrator, reported, quoted (of
        them); with texts also passages: the sentences of the hits as a list, each beginning with
        its voice and side. Empty where an entry was not found, or no lexicon has it: the notes
        tell which.
    """
    wanted = [entry] if isinstance(entry, str) else list(entry)
    found = measures.indicators
    own = found[found["entry"].isin(wanted)]
    table = own.pivot_table(
        index=["entry", "article"], columns="voice", values="count", aggfunc="sum", observed=True
    )
    table = table.reindex(columns=["narrator", "reported", "quoted"]).fillna(0).astype("int64")
    table.columns.name = None
    table.insert(0, "count", table.sum(axis=1))
    table = table.reset_index().astype({"entry": "str", "article": "str"})
    about = measures.articles[["id", "outlet", "date", "title", "url"]]
    table = table.merge(about.rename(columns={"id": "article"}), on="article")
    columns = ["entry", "article", "outlet", "date", "title", "url", "count"]
    table = table[[*columns, "narrator", "reported", "quoted"]].sort_values(
        ["entry", "count", "outlet", "article"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )
    notes = [*measures.notes, *_absent(measures, wanted, set(table["entry"]))]
    if articles is not None:
        table, note = _with_passages(measures, table, articles, lexicons, speakers)
        notes.append(note)
    table.attrs["notes"] = [note for note in notes if note]
    return table


def _absent(measures: Measures, wanted: list[str], found: set[str]) -> list[str]:
    described = measures.package.get("measured", {}).get("lexicons", {})
    sought = {
        label for one in described.values() for s in one["sets"].values() for label in s["labels"]
    }
    missing = [name for name in wanted if name not in found]
    return [
        f"{name!r} was looked for and not found in these articles."
        if name in sought
        else f"{name!r} is in no lexicon these articles were measured with."
        for name in missing
    ]


def _with_passages(
    measures: Measures,
    table: pd.DataFrame,
    articles: pd.DataFrame,
    lexicons: Sequence[str | Path],
    speakers: Path | None,
) -> tuple[pd.DataFrame, str]:
    texts = at_hand(measures, articles)
    texts = texts[texts["id"].isin(table["article"])]
    same = _measured_with(measures, lexicons)
    hits = indicator_hits(texts, same, speakers)
    hits = hits[hits["entry"].isin(table["entry"])]
    said = hits["voice"].where(hits["side"] == "", hits["voice"] + ", " + hits["side"])
    lines = (said + ": " + hits["passage"]).groupby([hits["entry"], hits["article"]]).agg(list)
    at = pd.MultiIndex.from_frame(table[["entry", "article"]])
    passages = [lines.get(key, []) for key in at]
    shown = sum(map(len, passages))
    note = (
        f"Sentences: {shown} of {table['count'].sum()} hits, from {len(texts)} of "
        f"{table['article'].nunique()} articles whose text is at hand."
    )
    return table.assign(passages=passages), note


def _measured_with(measures: Measures, lexicons: Sequence[str | Path]) -> list[str | Path]:
    """The lexicons at hand that are, by their hash, the ones the articles were measured with."""
    described = measures.package.get("measured", {}).get("lexicons", {})
    hashes = {one["hash"] for one in described.values()}
    known = [*available_lexicons(), *lexicons]
    return [one for one in known if f"sha256:{load_lexicon(one).hash}" in hashes]
