"""A batch of articles → rows: a pure function that knows nothing of other batches."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import AnalysisError
from analysis.measure.collocations import RUN_WORDS, Runs, adjacent, runs_in
from analysis.measure.diversity import mattr, mtld, neighbours
from analysis.measure.lexicon.matching import Matcher, hits_in
from analysis.measure.lexicon.patterns import Lexicon
from analysis.measure.overlaps import counts_as_own, shingles, term_hashes
from analysis.measure.schema import VOICES, ZONES
from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import has_rules
from analysis.measure.tokens import SPELLED, is_unspaced, tokenize
from analysis.measure.words import HEADLINE, REPORTED, Reading, Words, read, words_of

NAME_WORDS = 8
CELL_WORDS = 12  # fewer words of a text than this may be put in order by eye
HASHED_WORDS = 50  # a text under these could be found again from its words by trying


class Rules(NamedTuple):
    """What the measuring looks for besides words."""

    lexicons: tuple[Lexicon, ...] = ()
    speakers: SpeakerTable = SpeakerTable()
    topic: tuple[str, ...] = ()


# What is measured of some articles, by table; adds up with what is measured of others. Hashes and
# sizes are `Shingles`.
Batch = dict[str, pa.Table]
_OF_LABEL = ("lexicon", "set", "entry")


def write_batch(batch: Batch, folder: Path) -> None:
    """Keep it in a folder, as Parquet."""
    for name, table in batch.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def part_of(batch: Batch | Path, name: str) -> pa.Table:
    """One of the tables of a batch, or of the folder where it is kept."""
    if not isinstance(batch, Path):
        return batch[name]
    pool = pa.default_memory_pool()  # it keeps much of what reading takes for a moment
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        return pq.read_table(batch / f"{name}.parquet")
    finally:
        pa.set_memory_pool(pool)


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
    spoken = articles["language"].to_list()
    each = zip(articles["title"].to_list(), articles["text"].to_list(), spoken, strict=True)
    readings = [read(title, text, rules.speakers, language) for title, text, language in each]
    words = words_of(readings)
    spelled = [SPELLED[form] for form in words.forms]
    terms = sorted({term for _, term in spelled})
    number = {term: i for i, term in enumerate(terms)}
    term = np.array([number[t] for _, t in spelled], np.int64)[words.form]

    in_text = words.zone != HEADLINE
    text_of = words.article[in_text]
    counted = partial(np.bincount, minlength=len(readings))
    size = counted(text_of)
    starts = np.concatenate([[0], np.cumsum(size)])
    previous, following = neighbours(term[in_text], starts)
    own = in_text & ~words.quoted & counts_as_own(words.forms)[words.form]
    found = shingles(term_hashes(terms)[term[own]], words.article[own], len(readings))
    measured = articles.drop(columns="text").assign(
        words=size,
        sentences=[len(one.text.sentences) for one in readings],
        quoted_words=counted(text_of[words.quoted[in_text]]),
        reported_words=counted(text_of[words.voice[in_text] == REPORTED]),
        mattr=mattr(previous, starts),
        mtld=mtld(previous, following, starts),
        shingles=found.distinct,
        unspaced=[is_unspaced(one.text.text) for one in readings],
        topic_uses=_topic_uses(readings, words, term, terms, rules.topic),
        text_sha256=list(map(_digest, readings, size)),
    )
    ids = pa.array(articles["id"], "string")
    hits = hits_in(readings, words, matcher)
    known = np.array([has_rules(language) for language in spoken], bool)  # of its negations
    hits = hits[known[words.article[hits["first"]]]]
    zone, side = _without_small_cells(words)
    cell = (zone, words.voice, side)
    runs = runs_in(readings, words, cell, spoken)
    return {
        "articles": pa.Table.from_pandas(measured, preserve_index=False),
        "terms": _term_table(ids, words, cell, term, terms),
        "spellings": _spelling_table(words, spelled),
        **{name: pa.table({name: values}) for name, values in found._asdict().items()},
        "statements": _statement_table(ids, words),
        "indicators": _indicator_table(ids, words, hits, matcher),
        "runs": _run_table(ids, words, cell, term, terms, runs),
    }


def _digest(one: Reading, words: int) -> str:
    return hashlib.sha256(one.text.text.encode()).hexdigest() if words >= HASHED_WORDS else ""


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


def _topic_uses(
    readings: Sequence[Reading],
    words: Words,
    term: np.ndarray,
    terms: list[str],
    topic: tuple[str, ...],
) -> np.ndarray:
    """How often the words of a topic (`stem*`: any ending) stand in each article.

    The words of a phrase have only white space between them: no end of a sentence, no comma.
    """
    found = np.zeros(len(term), bool)
    follows = adjacent(readings, words) if topic else found
    for phrase in topic:
        here = np.ones(len(term), bool)
        for ahead, word in enumerate(folded(phrase)):
            stem = word.removesuffix("*")
            fits = [t.startswith(stem) if word != stem else t == stem for t in terms]
            at = np.minimum(np.arange(len(term)) + ahead, len(term) - 1)
            inside = (np.arange(len(term)) + ahead < len(term)) & follows[at]
            here &= np.asarray(fits, bool)[term[at]] & (inside | (ahead == 0))
        found[at[here]] = True  # its last word: a place counts once, whatever terms meet there
    return np.bincount(words.article[found], minlength=len(readings))


def folded(phrase: str) -> list[str]:
    """The words of a phrase as they are counted, a star at their end kept; none is an error."""
    parts = [(tokenize(part.removesuffix("*")), part.endswith("*")) for part in phrase.split()]
    found = [w + "*" * (star and w is ws[-1]) for ws, star in parts for w in ws]
    if not found:
        raise AnalysisError(f"{phrase!r} holds no word.", 'Write words, as in "pier*".')
    return found


Cell = tuple[np.ndarray, np.ndarray, np.ndarray]  # zone, voice and side of each token


def _in_cells(
    ids: pa.Array, words: Words, cell: Cell, at: np.ndarray | slice, of: np.ndarray, number: int
) -> tuple[dict[str, pa.Array], np.ndarray, np.ndarray, np.ndarray]:
    """Columns of article, zone, voice and side; of which thing, how often, and which is whose."""
    kinds = (pa.array(ids), (*ZONES, ""), VOICES, words.sides)
    columns = (words.article, *cell)
    (*codes, which), times, row = _counted(
        *((c[at], len(k)) for c, k in zip(columns, kinds, strict=True)), (of, number)
    )
    names = ("article", "zone", "voice", "side")
    coded = {n: _coded(c, k) for n, c, k in zip(names, codes, kinds, strict=True)}
    return coded, which, times, row


def _term_table(
    ids: pa.Array, words: Words, cell: Cell, term: np.ndarray, terms: list[str]
) -> pa.Table:
    cells, of, times, _ = _in_cells(ids, words, cell, slice(None), term, len(terms))
    return pa.table({**cells, "term": _coded(of, terms), "count": times})


def _run_table(
    ids: pa.Array, words: Words, cell: Cell, term: np.ndarray, terms: list[str], runs: Runs
) -> pa.Table:
    """Runs of two and three words, from which the phrases of all articles are chosen."""
    third = np.where(runs.size == 3, term[np.minimum(runs.first + 2, len(term) - 1)], len(terms))
    columns = (term[runs.first], term[runs.first + 1], third)
    distinct, _, run = _counted(*((column, len(terms) + 1) for column in columns))
    cells, of, times, row = _in_cells(ids, words, cell, runs.first, run, len(distinct[0]))
    named = {n: _coded(c[of], [*terms, ""]) for n, c in zip(RUN_WORDS, distinct, strict=True)}
    capital = np.bincount(row[runs.capital], minlength=len(times))
    return pa.table({**cells, **named, "count": times, "capital": capital})


def _without_small_cells(words: Words) -> tuple[np.ndarray, np.ndarray]:
    """Zone and side of each token, without those that so few share that one could order them.

    Tokens of one article, zone, voice and side that are fewer than `CELL_WORDS`, the headline's
    apart, lose their side; where they still are, their zone (index ``len(ZONES)``).
    """

    def is_few(zone: np.ndarray, side: np.ndarray) -> np.ndarray:
        sizes = (len(words.pieces), len(ZONES) + 1, len(VOICES), len(words.sides))
        columns = (words.article, zone, words.voice, side)
        _, times, row = _counted(*zip(columns, sizes, strict=True))
        return np.asarray((words.zone != HEADLINE) & (times[row] < CELL_WORDS))

    side = np.where(is_few(words.zone, words.side), words.sides.index(""), words.side)
    return np.where(is_few(words.zone, side), len(ZONES), words.zone), side


def _spelling_table(words: Words, spelled: list[tuple[str, str]]) -> pa.Table:
    times = np.bincount(words.form, minlength=len(words.forms))
    written, terms = zip(*spelled, strict=True) if spelled else ((), ())
    table = pa.table({"term": terms, "spelling": written, "count": times})
    return table.group_by(["term", "spelling"]).aggregate([("count", "sum")])


def _statement_table(ids: pa.Array, words: Words) -> pa.Table:
    in_text = words.said_in % 2 == 1  # a headline's statements are no part of the article's words
    said = [s for s, is_in_text in zip(words.said, in_text, strict=True) if is_in_text]
    piece, first = words.said_in[in_text], words.said_first[in_text]
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
        "lemma": [s.lemma for s in said],
        "class": [s.group for s in said],
    }
    return pa.table(
        {
            "article": _coded(of, ids),
            "order": order,
            **{c: pa.array(cells, "string").dictionary_encode() for c, cells in columns.items()},
            "start_word": first - words.pieces[piece],
            "zone": _coded(words.zone[np.minimum(first, len(words.zone) - 1)], ZONES),
            "words": words.said_words[in_text],
            "marked_words": words.said_marked[in_text],
        }
    )


def _cut(phrase: str) -> str:
    """A phrase no longer than a name may be: what is measured is published, text is not."""
    words = phrase.split()
    return " ".join(words[:NAME_WORDS]) + (" …" if len(words) > NAME_WORDS else "")


def _indicator_table(ids: pa.Array, words: Words, hits: pd.DataFrame, matcher: Matcher) -> pa.Table:
    side_of = [*(s.side for s in words.said), ""]  # -1: none, the last
    sides, side = np.unique(np.array(side_of, object), return_inverse=True)
    entries = [f"{name}\0{entry.set}\0{entry.label}" for name, entry in matcher.entries]
    labels, label_of = np.unique(np.array(entries, object), return_inverse=True)
    found, found_of = np.unique(hits["found"].to_numpy(object), return_inverse=True)
    (article, label, which, zone, voice, its_side), times, row = _counted(
        (words.article[hits["first"]], len(ids)),
        (label_of[hits["rank"]], len(labels)),
        (found_of, len(found)),
        (words.zone[hits["first"]], len(ZONES)),
        (hits["voice"].to_numpy(), len(VOICES)),
        (side[hits["statement"]], len(sides)),
    )
    return pa.table(
        {
            "article": _coded(article, ids),
            **{
                c: _coded(label, [n.split("\0")[i] for n in labels])
                for i, c in enumerate(_OF_LABEL)
            },
            "found": _coded(which, found),
            "zone": _coded(zone, ZONES),
            "voice": _coded(voice, VOICES),
            "side": _coded(its_side, sides),
            "count": times,
            "negated": np.bincount(row[hits["negated"]], minlength=len(times)),
            "distanced": np.bincount(row[hits["scare"] | hits["so_called"]], minlength=len(times)),
        }
    )
