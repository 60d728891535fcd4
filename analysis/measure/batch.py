"""A batch of articles → rows: a pure function that knows nothing of other batches."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.measure.diversity import mattr, mtld, neighbours
from analysis.measure.lexicon.matching import Hits, Matcher, hits_in
from analysis.measure.lexicon.patterns import Lexicon
from analysis.measure.overlaps import Shingles, counts_as_own, shingles, term_hashes
from analysis.measure.schema import HIT_VOICES, VOICES, ZONES
from analysis.measure.speech.names import SpeakerTable
from analysis.measure.tokens import SPELLED
from analysis.measure.words import HEADLINE, Words, read, words_of

NAME_WORDS = 8


class Rules(NamedTuple):
    """What the measuring looks for besides words."""

    lexicons: tuple[Lexicon, ...] = ()
    speakers: SpeakerTable = SpeakerTable()


@dataclass(frozen=True)
class Batch:
    """What is measured of some articles; adds up with what is measured of others."""

    articles: pd.DataFrame
    terms: pa.Table
    spellings: pa.Table
    shingles: Shingles
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
    both = zip(articles["title"].to_list(), articles["text"].to_list(), strict=True)
    readings = [read(title, text, rules.speakers) for title, text in both]
    words = words_of(readings)
    spelled = [SPELLED[form] for form in words.forms]
    terms = sorted({term for _, term in spelled})
    number = {term: i for i, term in enumerate(terms)}
    term = np.array([number[t] for _, t in spelled], np.int64)[words.form]

    in_text = words.zone != HEADLINE
    text_of = words.article[in_text]
    size = np.bincount(text_of, minlength=len(readings))
    starts = np.concatenate([[0], np.cumsum(size)])
    previous, following = neighbours(term[in_text], starts)
    own = in_text & ~words.quoted & counts_as_own(words.forms)[words.form]
    found = shingles(term_hashes(terms)[term[own]], words.article[own], len(readings))
    measured = articles.drop(columns="text").assign(
        words=size,
        sentences=[len(one.text.sentences) for one in readings],
        quoted_words=np.bincount(text_of[words.quoted[in_text]], minlength=len(readings)),
        mattr=mattr(previous, starts),
        mtld=mtld(previous, following, starts),
        shingles=found.distinct,
        text_sha256=[hashlib.sha256(one.text.text.encode()).hexdigest() for one in readings],
    )
    ids = pa.array(articles["id"], "string")
    return Batch(
        measured,
        _term_table(ids, words, terms, term),
        _spelling_table(words, spelled),
        found,
        _statement_table(ids, words),
        _indicator_table(ids, words, hits_in(readings, words, matcher), matcher),
    )


@lru_cache(maxsize=2)
def _matcher(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """One for all batches of a process: what it learns of a word serves the next batch."""
    return Matcher(lexicons)


def _coded(codes: np.ndarray, words: Sequence[str] | pa.Array) -> pa.DictionaryArray:
    """A column of words, each of them kept once."""
    return pa.array(words, "string").dictionary_encode().take(pa.array(codes))


def _counted(
    *columns: tuple[np.ndarray, int],
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """The distinct rows of some columns of codes, how often each stands there, and which is whose.

    Each column comes with the number of codes it may hold.
    """
    shape = tuple(max(size, 1) for _, size in columns)
    keys = np.ravel_multi_index(tuple(codes for codes, _ in columns), shape)
    distinct, row, times = np.unique(keys, return_inverse=True, return_counts=True)
    return list(np.unravel_index(distinct, shape)), times.astype(np.int64), row


def _term_table(ids: pa.Array, words: Words, terms: list[str], term: np.ndarray) -> pa.Table:
    (article, zone, voice, side, of), times, _ = _counted(
        (words.article, len(ids)),
        (words.zone, len(ZONES)),
        (words.quoted.astype(np.int64), len(VOICES)),
        (np.where(words.quoted, words.side, words.sides.index("")), len(words.sides)),
        (term, len(terms)),
    )
    return pa.table(
        {
            "article": _coded(article, ids),
            "zone": _coded(zone, ZONES),
            "voice": _coded(voice, VOICES),
            "side": _coded(side, words.sides),
            "term": _coded(of, terms),
            "count": times,
        }
    )


def _spelling_table(words: Words, spelled: list[tuple[str, str]]) -> pa.Table:
    times = np.bincount(words.form, minlength=len(words.forms))
    written, terms = zip(*spelled, strict=True) if spelled else ((), ())
    table = pa.table({"term": terms, "spelling": written, "count": times})
    return table.group_by(["term", "spelling"]).aggregate([("count", "sum")])


def _statement_table(ids: pa.Array, words: Words) -> pa.Table:
    quoted = np.concatenate([[0], np.cumsum(words.quoted)])
    in_text = words.said_in % 2 == 1  # a headline's statements are no part of the article's words
    said = [s for s, is_in_text in zip(words.said, in_text, strict=True) if is_in_text]
    piece, first, after = (
        column[in_text] for column in (words.said_in, words.said_first, words.said_after)
    )
    of = piece // 2
    order = np.arange(len(said)) - np.searchsorted(of, of) + 1
    columns = {
        "speaker": [_cut(s.speaker) for s in said],
        "side": [s.side for s in said],
        "role": [s.role for s in said],
        "cue": [_cut(s.cue.casefold()) for s in said],
        "kind": [s.kind for s in said],
        "rule": [s.rule for s in said],
        "modality": [s.modality for s in said],
    }
    return pa.table(
        {
            "article": _coded(of, ids),
            "order": order,
            **{c: pa.array(cells, "string").dictionary_encode() for c, cells in columns.items()},
            "start_word": first - words.pieces[piece],
            "words": after - first,
            "marked_words": quoted[after] - quoted[first],
        }
    )


def _cut(phrase: str) -> str:
    """A phrase no longer than a name may be: what is measured is published, text is not."""
    words = phrase.split()
    return " ".join(words[:NAME_WORDS]) + (" …" if len(words) > NAME_WORDS else "")


def _indicator_table(ids: pa.Array, words: Words, hits: Hits, matcher: Matcher) -> pa.Table:
    sides = sorted({s.side for s in words.said} | {""})
    side_of = np.array([*(sides.index(s.side) for s in words.said), 0])  # -1: none, the last
    (article, rank, zone, voice, side), times, row = _counted(
        (words.article[hits.first], len(ids)),
        (hits.rank, len(matcher.entries)),
        (words.zone[hits.first], len(ZONES)),
        (hits.voice, len(HIT_VOICES)),
        (side_of[hits.statement], len(sides)),
    )
    negated = np.bincount(row[hits.negated], minlength=len(times))
    distanced = np.bincount(row[hits.scare | hits.so_called], minlength=len(times))
    entries = matcher.entries
    return pa.table(
        {
            "article": _coded(article, ids),
            "lexicon": _coded(rank, [name for name, _ in entries]),
            "set": _coded(rank, [entry.set for _, entry in entries]),
            "entry": _coded(rank, [entry.label for _, entry in entries]),
            "pattern": _coded(rank, [entry.pattern for _, entry in entries]),
            "zone": _coded(zone, ZONES),
            "voice": _coded(voice, HIT_VOICES),
            "side": _coded(side, sides),
            "count": times,
            "negated": negated,
            "distanced": distanced,
        }
    )
