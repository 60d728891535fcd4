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

NAME_WORDS, PHRASE_WORDS = 8, 4  # of a speaker's name, and of any other phrase, at most
PARTICLE = 3  # letters of a word that a name may hold in small letters, at most
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
    hits = hits_in(readings, words, matcher)
    known = np.array([has_rules(language) for language in spoken], bool)  # of its negations
    hits = hits[known[words.article[hits["first"]]]]
    cell = _cells(articles["id"], words)
    runs = runs_in(readings, words, [cell[c][0] for c in ("zone", "voice", "side")], spoken)
    return {
        "articles": pa.Table.from_pandas(measured, preserve_index=False),
        "terms": _counted(cell | {"term": (term, terms)}),
        "spellings": _spelling_table(words, spelled),
        **{name: pa.table({name: values}) for name, values in found._asdict().items()},
        "statements": _statement_table(articles["id"], words),
        "indicators": _indicator_table(articles["id"], words, hits, matcher),
        "runs": _run_table(cell, term, terms, runs),
    }


def _digest(one: Reading, words: int) -> str:
    return hashlib.sha256(one.text.text.encode()).hexdigest() if words >= HASHED_WORDS else ""


@lru_cache(maxsize=2)
def _matcher(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """One for all batches of a process: what it learns of a word serves the next batch."""
    return Matcher(lexicons)


Coded = tuple[np.ndarray, Sequence[str] | pd.Series]  # a column: numbers of words, and the words


def _coded(codes: np.ndarray, words: Sequence[str] | pd.Series) -> pa.DictionaryArray:
    """A column of words, each of them kept once."""
    return pa.array(words, "string").dictionary_encode().take(pa.array(codes))


def _counted(columns: dict[str, Coded], **added: np.ndarray) -> pa.Table:
    """How often each distinct row of some columns stands there, and the sums of others."""
    table = pa.table({name: _coded(*column) for name, column in columns.items()} | added)
    sums = [([], "count_all"), *((name, "sum") for name in added)]
    found = table.group_by([*columns], use_threads=False).aggregate(sums)
    return found.rename_columns([*columns, "count", *added])


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


def _run_table(cell: dict[str, Coded], term: np.ndarray, terms: list[str], runs: Runs) -> pa.Table:
    """Runs of two and three words, from which the phrases of all articles are chosen."""
    first = runs.first
    third = np.where(runs.size == 3, term[np.minimum(first + 2, len(term) - 1)], len(terms))
    columns = {name: (codes[first], names) for name, (codes, names) in cell.items()}
    for name, codes in zip(RUN_WORDS, (term[first], term[first + 1], third), strict=True):
        columns[name] = (codes, [*terms, ""])
    return _counted(columns, capital=runs.capital.astype(np.int64))


def _cells(ids: pd.Series, words: Words) -> dict[str, Coded]:
    """Article, zone, voice and side of each token, as far as not so few share them.

    Tokens of one article, zone, voice and side that are fewer than `CELL_WORDS`, the headline's
    apart, lose their side; where they still are, their zone (index ``len(ZONES)``).
    """
    sizes = (len(words.pieces), len(ZONES) + 1, len(VOICES), len(words.sides))

    def is_few(zone: np.ndarray, side: np.ndarray) -> np.ndarray:
        cell = np.ravel_multi_index((words.article, zone, words.voice, side), sizes)
        return np.asarray((words.zone != HEADLINE) & (np.bincount(cell)[cell] < CELL_WORDS))

    side = np.where(is_few(words.zone, words.side), words.sides.index(""), words.side)
    zone = np.where(is_few(words.zone, side), len(ZONES), words.zone)
    return {
        "article": (words.article, ids),
        "zone": (zone, (*ZONES, "")),
        "voice": (words.voice, VOICES),
        "side": (side, words.sides),
    }


def _spelling_table(words: Words, spelled: list[tuple[str, str]]) -> pa.Table:
    times = np.bincount(words.form, minlength=len(words.forms))
    written, terms = zip(*spelled, strict=True) if spelled else ((), ())
    table = pa.table({"term": terms, "spelling": written, "count": times})
    return table.group_by(["term", "spelling"]).aggregate([("count", "sum")])


def _statement_table(ids: pd.Series, words: Words) -> pa.Table:
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


def is_name(words: Sequence[str]) -> bool:
    """Whether no word but short ones is in small letters: a name, or a title."""
    return not any(len(w) > PARTICLE and w[0].islower() for w in words)


def _cut(phrase: str) -> str:
    """A name, or of another phrase four words: what is measured is published, text is not."""
    words = phrase.split()
    most = NAME_WORDS if is_name(words) else PHRASE_WORDS
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def _indicator_table(
    ids: pd.Series, words: Words, hits: pd.DataFrame, matcher: Matcher
) -> pa.Table:
    first, rank = hits["first"], hits["rank"]
    side_of = [*(s.side for s in words.said), ""]  # -1: none, the last
    found, found_of = np.unique(hits["found"].to_numpy(object), return_inverse=True)
    columns = {
        "article": (words.article[first], ids),
        "lexicon": (rank, [name for name, _ in matcher.entries]),
        "set": (rank, [entry.set for _, entry in matcher.entries]),
        "entry": (rank, [entry.label for _, entry in matcher.entries]),
        "found": (found_of, found),
        "zone": (words.zone[first], ZONES),
        "voice": (hits["voice"], VOICES),
        "side": (hits["statement"] % len(side_of), side_of),
    }
    distanced = hits["scare"] | hits["so_called"]
    return _counted(columns, negated=hits["negated"].astype(int), distanced=distanced.astype(int))
