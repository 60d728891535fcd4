"""What needs the text once more: hits in their sentences, and the passages that two texts share.

Only where the text is at hand. Nothing here enters a measured corpus.
"""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.measure.concordance import at_hand
from analysis.measure.lexicon.load import read_lexicons
from analysis.measure.lexicon.matching import Matcher, hits_in
from analysis.measure.measures import Measures
from analysis.measure.package import find_corpus
from analysis.measure.schema import HIT_VOICES, ZONES
from analysis.measure.sentences import quoted_spans
from analysis.measure.speech.names import read_speakers
from analysis.measure.tokens import SPELLED, find_tokens
from analysis.measure.words import HEADLINE, Piece, read, words_of

PASSAGE_WORDS = 8
_OF_ENTRY = ("lexicon", "set", "entry", "pattern")
_OF_SPEAKER = ("side", "speaker")
_OF_PLACE = ("start", "end", "found", "passage")
_TEXTS = "articles.parquet"
VOICES_OF_A_PASSAGE = ("narrator", "mixed", "quoted")


def read_texts(corpus: str | Path) -> pd.DataFrame:
    """The texts kept beside a measured corpus, where there are any.

    Looked for as ``NAME.articles.parquet`` and ``articles.parquet`` next to the corpus's folder,
    and as ``articles.parquet`` in it; none of these is ever committed.

    Returns
    -------
    DataFrame
        id, title, text; no row where the text is not at hand.
    """
    folder = find_corpus(corpus)
    beside = [folder.with_name(f"{folder.name}.articles.parquet"), folder.parent / _TEXTS]
    for path in (*beside, folder / _TEXTS):
        if path.is_file():
            return pd.read_parquet(path, columns=["id", "title", "text"])
    return pd.DataFrame({"id": [], "title": [], "text": []}, dtype="str")


def indicator_hits(
    articles: pd.DataFrame,
    lexicons: Sequence[str | Path] | None = None,
    speakers: Path | None = None,
) -> pd.DataFrame:
    """Every hit of the lexicons in its sentence, for reading and for coding by hand.

    Parameters
    ----------
    articles
        id, text, and title where there is one.
    lexicons, speakers
        As in `analysis.measure_articles`.

    Returns
    -------
    DataFrame, in the order of articles by id and of hits in the text
        unit (article and number of the hit), article, lexicon, set, entry, pattern, zone, voice,
        side, speaker, start, end (code points of the headline or text), found (the words),
        passage (the sentence; the whole headline), negated, scare, so_called.
    """
    matcher, known = Matcher(read_lexicons(lexicons)), read_speakers(speakers)
    ordered = articles.sort_values("id")
    titles = ordered["title"] if "title" in ordered.columns else [""] * len(ordered)
    readings = [read(*both, known) for both in zip(titles, ordered["text"], strict=True)]
    words = words_of(readings)
    hits = hits_in(readings, words, matcher)
    article, zone = words.article[hits.first], words.zone[hits.first]
    entries = [(name, one.set, one.label, one.pattern) for name, one in matcher.entries]
    who = [(s.side, s.speaker) for s in words.said] + [("", "")]  # the last: nobody
    number = 2 * article + (zone != HEADLINE)
    first, after = (at - words.pieces[number] for at in (hits.first, hits.after))
    pieces = [piece for one in readings for piece in one.pieces]
    rows = [
        (*entries[rank], *who[said], *_place(pieces[at], at % 2 == 0, i, j))
        for rank, said, at, i, j in zip(
            hits.rank, hits.statement, number, first, after, strict=True
        )
    ]
    table = pd.DataFrame(rows, columns=[*_OF_ENTRY, *_OF_SPEAKER, *_OF_PLACE])
    table["article"] = ordered["id"].to_numpy(object)[article]
    table["unit"] = table["article"] + " #" + (table.groupby("article").cumcount() + 1).astype(str)
    table["zone"] = np.asarray(ZONES, object)[zone]
    table["voice"] = np.asarray(HIT_VOICES, object)[hits.voice]
    table = table.assign(negated=hits.negated, scare=hits.scare, so_called=hits.so_called)
    columns = ["unit", "article", *_OF_ENTRY, "zone", "voice", *_OF_SPEAKER, *_OF_PLACE]
    return table[[*columns, "negated", "scare", "so_called"]]


def _place(piece: Piece, is_headline: bool, first: int, after: int) -> tuple[int, int, str, str]:
    """Where some tokens stand, the words, and the sentence (or headline) around them."""
    start, end = piece.tokens.starts[first], piece.tokens.ends[after - 1]
    at = bisect_right(piece.sentences, start, key=itemgetter(0)) - 1
    passage = piece.text if is_headline else piece.text[slice(*piece.sentences[at])]
    return start, end, piece.text[start:end], passage


def _measured_texts(measures: Measures, articles: pd.DataFrame) -> pd.Series:
    """The texts that are the ones measured, indexed by id."""
    titled = articles if "title" in articles.columns else articles.assign(title="")
    return at_hand(measures, titled).set_index("id")["text"]


# ---------------------------------------------------------------- passages


def copied_passages(
    copy: pd.DataFrame, measures: Measures, articles: pd.DataFrame, *, pairs: int = 1
) -> pd.DataFrame:
    """The passages behind the containments of `analysis.compare.reuse.shared_copy`.

    Parameters
    ----------
    copy
        Its table; the first `pairs` pairs are aligned whose texts are at hand and not the same.
    articles
        id, title and text. Only texts that are the ones measured (by SHA-256) are used.

    Returns
    -------
    DataFrame
        a, b, outlet_a, outlet_b, length_a, length_b (code points of the texts), and the columns
        of `shared_passages`; in the order of `copy`.
    """
    texts = _measured_texts(measures, articles)
    at_hand = copy["a"].isin(texts.index) & copy["b"].isin(texts.index) & ~copy["same_text"]
    found = []
    for pair in copy[at_hand].head(pairs).itertuples():
        a, b = texts[pair.a], texts[pair.b]
        known = {"a": pair.a, "b": pair.b, "outlet_a": pair.outlet_a, "outlet_b": pair.outlet_b}
        found.append(shared_passages(a, b).assign(**known, length_a=len(a), length_b=len(b)))
    first = ["a", "b", "outlet_a", "outlet_b", "length_a", "length_b"]
    table = pd.concat(found, ignore_index=True) if found else shared_passages("", "")
    return table.reindex(columns=[*first, *(c for c in table.columns if c not in first)])


def shared_passages(a: str, b: str, *, words: int = PASSAGE_WORDS) -> pd.DataFrame:
    """The passages of at least `words` consecutive words that two texts share.

    Words are compared as they are counted (case-folded, without possessive 's); punctuation does
    not matter. The longest passage is taken first, then the longest in what is left of both
    texts (greedy string tiling, Wise 1993), so that no word of either text is in two passages.
    A passage is cut where a quotation begins or ends in either text.

    Returns
    -------
    DataFrame
        passage (number, from 1, in the order of text a), voice ("quoted" inside quotation marks
        in both texts, "narrator" in neither, "mixed" in one of them), words, a_start, a_end,
        b_start, b_end (code points into the texts). The rows of a passage sum to at least
        `words` words.
    """
    if words < 1:
        raise AnalysisError(f"words = {words}.", "Give at least 1.")
    one, other = _words(a), _words(b)
    number = {term: i for i, term in enumerate(sorted({*one["term"], *other["term"]}))}
    in_a, in_b = (np.array([number[t] for t in w["term"]], np.int64) for w in (one, other))
    tiles = _tiles(_matches(in_a, in_b, words), len(one), len(other), words)
    rows = [
        (passage, *piece)
        for passage, (i, j, length) in enumerate(tiles, start=1)
        for piece in _pieces(one[i : i + length], other[j : j + length])
    ]
    columns = ["passage", "voice", "words", "a_start", "a_end", "b_start", "b_end"]
    return pd.DataFrame(rows, columns=columns)


def _words(text: str) -> pd.DataFrame:
    """The words of a text: term, start, end, and whether inside quotation marks."""
    tokens = find_tokens(text)
    terms = [SPELLED[word][1] for word in tokens.words]
    words = pd.DataFrame({"term": terms, "start": tokens.starts, "end": tokens.ends})
    edges = np.asarray(quoted_spans(text), np.int64).reshape(-1, 2)
    starts = words["start"].to_numpy(np.int64)
    inside = np.searchsorted(edges[:, 0], starts, "right") - np.searchsorted(
        edges[:, 1], starts, "right"
    )
    return words.assign(quoted=inside > 0)


def _matches(a: np.ndarray, b: np.ndarray, words: int) -> list[tuple[int, int, int]]:
    """All longest runs of at least `words` equal codes, as (length, start in a, start in b)."""
    if min(len(a), len(b)) < words:
        return []
    windows = np.lib.stride_tricks.sliding_window_view
    runs = np.vstack([windows(a, words), windows(b, words)])
    _, run = np.unique(runs, axis=0, return_inverse=True)
    cut = len(a) - words + 1
    in_a = pd.DataFrame({"run": run[:cut], "i": np.arange(cut)})
    in_b = pd.DataFrame({"run": run[cut:], "j": np.arange(len(run) - cut)})
    pairs = in_a.merge(in_b, on="run")
    i, j = pairs["i"].to_numpy(), pairs["j"].to_numpy()
    order = np.lexsort((i, i - j))
    i, j = i[order], j[order]
    breaks = (np.diff(i) != 1) | (np.diff(j) != 1)
    first = np.flatnonzero(np.concatenate([np.ones(min(len(i), 1), bool), breaks]))
    lengths = np.diff(first, append=len(i)) + words - 1
    return list(zip(lengths.tolist(), i[first].tolist(), j[first].tolist(), strict=True))


def _tiles(
    matches: list[tuple[int, int, int]], n_a: int, n_b: int, words: int
) -> list[tuple[int, int, int]]:
    """Matches that overlap in neither text, longest first, as (start in a, start in b, length)."""
    used_a, used_b = np.zeros(n_a, bool), np.zeros(n_b, bool)
    heap = [(-length, i, j) for length, i, j in matches]
    heapq.heapify(heap)
    tiles = []
    while heap:
        negative, i, j = heapq.heappop(heap)
        used = used_a[i : i - negative] | used_b[j : j - negative]
        if not used.any():
            used_a[i : i - negative] = used_b[j : j - negative] = True
            tiles.append((i, j, -negative))
            continue
        for start, end in _runs(~used):
            if end - start >= words:
                heapq.heappush(heap, (start - end, i + start, j + start))
    return sorted(tiles)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of each run of true values."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _pieces(a: pd.DataFrame, b: pd.DataFrame) -> list[tuple[str, int, int, int, int, int]]:
    """A passage cut where the voice changes: voice, words, and where it stands in both texts."""
    voices = a["quoted"].to_numpy(int) + b["quoted"].to_numpy(int)
    cuts = [0, *(np.flatnonzero(np.diff(voices)) + 1).tolist(), len(voices)]
    return [
        (
            VOICES_OF_A_PASSAGE[voices[start]],
            end - start,
            *(int(a["start"].iloc[start]), int(a["end"].iloc[end - 1])),
            *(int(b["start"].iloc[start]), int(b["end"].iloc[end - 1])),
        )
        for start, end in itertools.pairwise(cuts)
    ]
