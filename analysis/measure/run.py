"""Articles → Measures, in batches that know nothing of each other."""

from __future__ import annotations

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from tqdm.auto import tqdm

from analysis.errors import AnalysisError
from analysis.measure import measures as schema
from analysis.measure.diversity import mattr, mtld, neighbours
from analysis.measure.indicators import Matcher, placed_hits, tally
from analysis.measure.lexicon import Lexicon, available_lexicons, load_lexicon
from analysis.measure.measures import SCHEMA, VOICES, ZONES, Measures
from analysis.measure.names import SpeakerTable, read_speakers
from analysis.measure.reading import LEAD_SENTENCES, Segment, read
from analysis.measure.shingles import (
    SHINGLE_WORDS,
    SKETCH_FRACTION,
    counts_as_own,
    shingle_hashes,
    sketch,
    term_hashes,
)
from analysis.measure.tokens import TOKEN, encode, fold
from analysis.paths import DATA, LEXICONS

_BATCH_CHARACTERS = 2_000_000  # small enough that the processes end together


class Rules(NamedTuple):
    """What the measuring looks for besides words."""

    lexicons: tuple[Lexicon, ...] = ()
    speakers: SpeakerTable = SpeakerTable()


@dataclass(frozen=True)
class Batch:
    """What is measured of some articles; adds up with what is measured of others."""

    articles: pd.DataFrame
    terms: pa.Table
    spellings: Counter[tuple[str, str]]
    shingles: pa.Table
    statements: pa.Table
    indicators: pa.Table


def measure_batch(articles: pd.DataFrame, rules: Rules) -> Batch:
    """Measure some articles: a pure function, the same in any process and any order."""
    with _no_garbage_collection():  # nothing here refers to itself: looking costs a tenth
        return _measured(articles, rules)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _measured(articles: pd.DataFrame, rules: Rules) -> Batch:
    matcher = _matcher(rules.lexicons)
    ids = list(articles["id"])
    pieces: list[Segment] = []
    owner: list[int] = []
    n_sentences: list[int] = []
    said: list[tuple[object, ...]] = []
    hits: list[tuple[object, ...]] = []
    for i, (title, text) in enumerate(zip(articles["title"], articles["text"], strict=True)):
        reading = read(text, rules.speakers)
        found = reading.segments(title)
        pieces += found
        owner += [i] * len(found)
        n_sentences.append(len(reading.sentences))
        said += [(ids[i], *row) for row in reading.statement_rows()]
        places = tally(placed_hits(title, reading, matcher))
        hits += [(ids[i], *place, *numbers) for place, numbers in places.items()]
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
    starts = np.concatenate([[0], np.cumsum(words)])
    previous, following = neighbours(term[in_text], starts)
    small = counts_as_own(encoded.spellings)[encoded.codes]
    own = in_text & (voice == 0) & small
    n_shingles, shingles = _shingles(articles["id"], article[own], term[own], terms)
    measured = articles.drop(columns="text").assign(
        words=words,
        sentences=n_sentences,
        quoted_words=quoted,
        mattr=mattr(previous, starts),
        mtld=mtld(previous, following, starts),
        shingles=n_shingles,
        text_sha256=[hashlib.sha256(t.encode()).hexdigest() for t in articles["text"]],
    )
    times = np.bincount(encoded.codes, minlength=len(encoded.spellings))
    spellings = Counter(
        {(fold(s), s): int(n) for s, n in zip(encoded.spellings, times, strict=True)}
    )
    return Batch(
        measured,
        _term_table(ids, sides, terms, article, zone, voice, side, term),
        spellings,
        shingles,
        _row_table("statements", said),
        _row_table("indicators", hits),
    )


@lru_cache(maxsize=2)
def _matcher(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """One for all batches of a process: what it learns of a word serves the next batch."""
    return Matcher(lexicons)


def _row_table(name: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    """Rows as columns, each word sent between processes once."""
    columns = SCHEMA[name].columns
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table(
        {
            column: pa.array(cells, "string").dictionary_encode()
            if spec.category
            else pa.array(cells, "int64")
            for (column, spec), cells in zip(columns.items(), values, strict=True)
        }
    )


def _dictionary(codes: np.ndarray, words: Sequence[str]) -> pa.DictionaryArray:
    indices = pa.array(codes.astype(np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, "string"))


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
        name: _dictionary(codes, w) for name, codes, w in zip(names, columns, words, strict=True)
    }
    return pa.table({**arrays, "count": pa.array(times.astype(np.int64))})


def _shingles(
    ids: pd.Series, article: np.ndarray, term: np.ndarray, terms: list[str]
) -> tuple[list[int], pa.Table]:
    words = term_hashes(terms)[term]
    ends = np.searchsorted(article, np.arange(len(ids) + 1))
    found = [shingle_hashes(words[a:b]) for a, b in pairwise(ends)]
    kept = [sketch(hashes) for hashes in found]
    article_of = np.repeat(np.arange(len(ids)), [len(k) for k in kept])
    hashes = np.concatenate([np.zeros(0, np.uint64), *kept])
    table = pa.table({"article": _dictionary(article_of, list(ids)), "hash": pa.array(hashes)})
    return [len(f) for f in found], table


# ---------------------------------------------------------------- all batches together


def measure_articles(
    articles: pd.DataFrame,
    *,
    title: str = "A measured corpus of news articles",
    lexicons: Sequence[str | Path] | None = None,
    speakers: str | Path | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    **package: Any,
) -> Measures:
    """Measure articles: counts of words by zone and voice, and sketches of their shingles.

    Parameters
    ----------
    articles
        One row per article, as `analysis.read_articles` gives them. Its ``attrs["removed"]``, what
        was taken out of the texts before, is kept with the measures.
    title, **package
        What `datapackage.json` says of the corpus: title, description, licences, sources, …
    lexicons
        Word lists to look for: names of bundled ones, or files (`analysis.measure.lexicon`).
        The bundled ones, where left out.
    speakers
        Table of names, sides and roles (`analysis.measure.names.read_speakers`); the project's
        own where left out.
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
    table = Path(speakers) if speakers else LEXICONS / "speakers.toml"
    rules = Rules(read_lexicons(lexicons), read_speakers(table))
    with tqdm(total=len(ordered), unit="article", desc="measuring", disable=not progress) as bar:
        batches = []
        for batch in _run(slices, executor, rules):
            batches.append(batch)
            bar.update(len(batch.articles))
    removed = pd.DataFrame(articles.attrs.get("removed", []), columns=[*SCHEMA["removed"].columns])
    how = how_measured(rules.lexicons, table)
    return _together(batches, removed, {"title": title, **package, "measured": how})


def _batches(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """Consecutive articles of together about `_BATCH_CHARACTERS`."""
    size = articles["text"].str.len().fillna(0).to_numpy(np.int64)
    number = (np.cumsum(size) - size) // _BATCH_CHARACTERS
    return [part for _, part in articles.groupby(number)]


def read_lexicons(wanted: Sequence[str | Path] | None) -> tuple[Lexicon, ...]:
    """The lexicons asked for, by name; a name twice is refused, as hits could not be told apart."""
    found = [load_lexicon(one) for one in (available_lexicons() if wanted is None else wanted)]
    names = [lexicon.name for lexicon in found]
    for name in names:
        if names.count(name) > 1:
            raise AnalysisError(f"Two lexicons are called {name!r}.", "Rename one of the files.")
    return tuple(sorted(found, key=lambda lexicon: lexicon.name))


def _run(slices: list[pd.DataFrame], executor: Executor | None, rules: Rules) -> Iterator[Batch]:
    cores = os.cpu_count() or 1
    measure = partial(measure_batch, rules=rules)
    if executor is not None:
        yield from executor.map(measure, slices)
    elif len(slices) == 1 or cores == 1:
        yield from map(measure, slices)
    else:
        with ProcessPoolExecutor(min(cores, len(slices))) as pool:
            yield from pool.map(measure, slices)


def _together(batches: list[Batch], removed: pd.DataFrame, package: dict[str, Any]) -> Measures:
    articles = pd.concat([b.articles for b in batches], ignore_index=True)
    spellings: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        spellings.update(batch.spellings)
    tables = {
        "articles": articles,
        "outlets": outlet_table(articles["outlet"]),
        "terms": _joined(b.terms for b in batches),
        "spellings": _commonest(spellings),
        "shingles": _joined(b.shingles for b in batches),
        "statements": _joined(b.statements for b in batches),
        "indicators": _joined(b.indicators for b in batches),
        "removed": removed,
    }
    return Measures(
        **{name: schema.conform(name, table) for name, table in tables.items()}, package=package
    )


def _joined(parts: Iterable[pa.Table]) -> pd.DataFrame:
    return pa.concat_tables(parts).unify_dictionaries().to_pandas()


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


def how_measured(lexicons: tuple[Lexicon, ...], speakers: Path) -> dict[str, Any]:
    """Version, rules and settings, as they stand in `datapackage.json`."""
    from analysis import __version__

    return {
        "by": "analysis",
        "version": __version__,
        "token_rule": TOKEN.pattern,
        "lead_sentences": LEAD_SENTENCES,
        "shingle_words": SHINGLE_WORDS,
        "sketch_fraction": f"1/{SKETCH_FRACTION}",
        "speakers": {
            "file": speakers.name,
            "sha256": hashlib.sha256(speakers.read_bytes()).hexdigest(),
        },
        "lexicons": {lexicon.name: lexicon.described() for lexicon in lexicons},
    }
