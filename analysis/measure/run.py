"""Articles → Measures, in batches that know nothing of each other."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from tqdm.auto import tqdm

from analysis.errors import AnalysisError
from analysis.measure import measures as schema
from analysis.measure.measures import VOICES, ZONES, Measures
from analysis.measure.shingles import (
    SHINGLE_WORDS,
    SKETCH_FRACTION,
    counts_as_own,
    shingle_hashes,
    sketch,
    term_hashes,
)
from analysis.measure.tokens import TOKEN, encode, fold, sentences
from analysis.measure.voices import quoted_spans
from analysis.paths import DATA

LEAD_SENTENCES = 5
_BATCH_CHARACTERS = 4_000_000


class Segment(NamedTuple):
    """A stretch of an article in one zone and one voice."""

    zone: int
    voice: int
    side: str
    text: str


@dataclass(frozen=True)
class Batch:
    """What is measured of some articles; adds up with what is measured of others."""

    articles: pd.DataFrame
    terms: pa.Table
    spellings: Counter[tuple[str, str]]
    shingles: pd.DataFrame


def segments(title: str, text: str) -> tuple[list[Segment], int]:
    """An article cut at its quotation marks and at the end of its lead, and its sentences' number.

    The lead is the first five sentences of the text; the headline a zone of its own.
    """
    pieces = [Segment(0, voice, "", title[a:b]) for voice, a, b in _voices(title)]
    quoted = quoted_spans(text)
    spans = sentences(text, quoted)
    lead_end = spans[LEAD_SENTENCES - 1][1] if len(spans) > LEAD_SENTENCES else len(text)
    for voice, a, b in _voices(text, quoted):
        if a < lead_end:
            pieces.append(Segment(1, voice, "", text[a : min(b, lead_end)]))
        if b > lead_end:
            pieces.append(Segment(2, voice, "", text[max(a, lead_end) : b]))
    return pieces, len(spans)


def _voices(
    text: str, quoted: list[tuple[int, int]] | None = None
) -> Iterator[tuple[int, int, int]]:
    """(voice, start, end) of the whole text, in order."""
    at = 0
    for start, end in quoted_spans(text) if quoted is None else quoted:
        yield 0, at, start
        yield 1, start, end
        at = end
    yield 0, at, len(text)


def measure_batch(articles: pd.DataFrame) -> Batch:
    """Measure some articles: a pure function, the same in any process and any order."""
    pieces: list[Segment] = []
    owner: list[int] = []
    n_sentences = []
    for i, (title, text) in enumerate(zip(articles["title"], articles["text"], strict=True)):
        found, n = segments(title, text)
        pieces += found
        owner += [i] * len(found)
        n_sentences.append(n)
    encoded = encode(pa.array([p.text for p in pieces], pa.large_string()), threads=1)
    term_of, terms = encoded.terms()
    sides = sorted({p.side for p in pieces})
    sizes = np.diff(encoded.starts)
    article = np.repeat(np.asarray(owner, np.int64), sizes)
    zone = np.repeat(np.asarray([p.zone for p in pieces], np.int64), sizes)
    voice = np.repeat(np.asarray([p.voice for p in pieces], np.int64), sizes)
    side = np.repeat(np.asarray([sides.index(p.side) for p in pieces], np.int64), sizes)
    term = term_of[encoded.codes]

    in_text = zone > 0
    words = np.bincount(article[in_text], minlength=len(articles))
    quoted = np.bincount(article[in_text & (voice == 1)], minlength=len(articles))
    small = counts_as_own(encoded.spellings)[encoded.codes]
    own = in_text & (voice == 0) & small
    n_shingles, shingles = _shingles(articles["id"], article[own], term[own], terms)
    measured = articles.drop(columns="text").assign(
        words=words,
        sentences=n_sentences,
        quoted_words=quoted,
        shingles=n_shingles,
        text_sha256=[hashlib.sha256(t.encode()).hexdigest() for t in articles["text"]],
    )
    times = np.bincount(encoded.codes, minlength=len(encoded.spellings))
    spellings = Counter(
        {(fold(s), s): int(n) for s, n in zip(encoded.spellings, times, strict=True)}
    )
    table = _term_table(list(articles["id"]), sides, terms, article, zone, voice, side, term)
    return Batch(measured, table, spellings, shingles)


def _term_table(
    ids: list[str],
    sides: list[str],
    terms: list[str],
    article: np.ndarray,
    zone: np.ndarray,
    voice: np.ndarray,
    side: np.ndarray,
    term: np.ndarray,
) -> pa.Table:
    """Equal rows added up."""
    shape = (max(len(ids), 1), len(ZONES), len(VOICES), max(len(sides), 1), max(len(terms), 1))
    key = np.ravel_multi_index((article, zone, voice, side, term), shape)
    distinct, times = np.unique(key, return_counts=True)
    columns = np.unravel_index(distinct, shape)
    words = (ids, list(ZONES), list(VOICES), sides, terms)
    names = ("article", "zone", "voice", "side", "term")
    arrays = {
        name: pa.DictionaryArray.from_arrays(
            pa.array(codes.astype(np.int32)), pa.array(w, "string")
        )
        for name, codes, w in zip(names, columns, words, strict=True)
    }
    return pa.table({**arrays, "count": pa.array(times.astype(np.int64))})


def _shingles(
    ids: pd.Series, article: np.ndarray, term: np.ndarray, terms: list[str]
) -> tuple[list[int], pd.DataFrame]:
    words = term_hashes(terms)[term]
    ends = np.searchsorted(article, np.arange(len(ids) + 1))
    found = [shingle_hashes(words[a:b]) for a, b in pairwise(ends)]
    kept = [sketch(hashes) for hashes in found]
    frame = pd.DataFrame(
        {
            "article": np.repeat(ids.to_numpy(object), [len(k) for k in kept]),
            "hash": np.concatenate([np.zeros(0, np.uint64), *kept]),
        }
    )
    return [len(f) for f in found], frame


# ---------------------------------------------------------------- all batches together


def measure_articles(
    articles: pd.DataFrame,
    *,
    title: str = "A measured corpus of news articles",
    executor: Executor | None = None,
    progress: bool = False,
    **package: Any,
) -> Measures:
    """Measure articles: counts of words by zone and voice, and sketches of their shingles.

    Parameters
    ----------
    articles
        One row per article, as `analysis.read_articles` gives them.
    title, **package
        What `datapackage.json` says of the corpus: title, description, licences, sources, …
    executor
        Where batches run: any `concurrent.futures.Executor` or a Dask client's. Left out, one
        process per core where there are enough articles to be worth it, else this process.
    progress
        Show a progress bar.

    Returns
    -------
    Measures
        The same whatever the order of the rows and the executor.
    """
    if articles.empty:
        raise AnalysisError("No articles to measure.", "Give at least one article with text.")
    optional = ("date", "title", "url", "agency", "collection")
    absent = {c: "" for c in optional if c not in articles.columns}
    ordered = articles.assign(**absent).sort_values("id", ignore_index=True)
    slices = _batches(ordered)
    with tqdm(total=len(ordered), unit="article", desc="measuring", disable=not progress) as bar:
        batches = []
        for batch in _run(slices, executor):
            batches.append(batch)
            bar.update(len(batch.articles))
    return _together(batches, {"title": title, **package, "measured": how_measured()})


def _batches(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """Consecutive articles of together about `_BATCH_CHARACTERS`."""
    size = articles["text"].str.len().fillna(0).to_numpy(np.int64)
    number = (np.cumsum(size) - size) // _BATCH_CHARACTERS
    return [part for _, part in articles.groupby(number)]


def _run(slices: list[pd.DataFrame], executor: Executor | None) -> Iterator[Batch]:
    cores = os.cpu_count() or 1
    if executor is not None:
        yield from executor.map(measure_batch, slices)
    elif len(slices) == 1 or cores == 1:
        yield from map(measure_batch, slices)
    else:
        with ProcessPoolExecutor(min(cores, len(slices))) as pool:
            yield from pool.map(measure_batch, slices)


def _together(batches: list[Batch], package: dict[str, Any]) -> Measures:
    articles = pd.concat([b.articles for b in batches], ignore_index=True)
    terms = pa.concat_tables([b.terms for b in batches]).unify_dictionaries().to_pandas()
    spellings: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        spellings.update(batch.spellings)
    tables = {
        "articles": articles,
        "outlets": outlet_table(articles["outlet"]),
        "terms": terms,
        "spellings": _commonest(spellings),
        "shingles": pd.concat([b.shingles for b in batches], ignore_index=True),
        "statements": schema.empty("statements"),
        "indicators": schema.empty("indicators"),
    }
    return Measures(
        **{name: schema.conform(name, table) for name, table in tables.items()}, package=package
    )


def _commonest(spellings: Counter[tuple[str, str]]) -> pd.DataFrame:
    """The commonest spelling of each term; of equally common ones the first by code point."""
    best: dict[str, tuple[int, str]] = {}
    for (term, written), times in spellings.items():
        candidate = (-times, written)
        if term not in best or candidate < best[term]:
            best[term] = candidate
    rows = [(term, written) for term, (_, written) in sorted(best.items()) if written != term]
    return pd.DataFrame(rows, columns=["term", "spelling"])


def outlet_table(outlets: pd.Series) -> pd.DataFrame:
    """What `data/outlets.csv` says of these outlets; empty fields for those it does not list."""
    names = pd.DataFrame({"outlet": sorted(outlets.unique())})
    path = DATA / "outlets.csv"
    known = pd.read_csv(path, dtype="str", keep_default_na=False)
    return names.merge(known, on="outlet", how="left").fillna("")


def how_measured() -> dict[str, Any]:
    """Version, rules and settings, as they stand in `datapackage.json`."""
    from analysis import __version__

    return {
        "by": "analysis",
        "version": __version__,
        "token_rule": TOKEN.pattern,
        "lead_sentences": LEAD_SENTENCES,
        "shingle_words": SHINGLE_WORDS,
        "sketch_fraction": f"1/{SKETCH_FRACTION}",
        "lexicons": {},
    }
