r"""Phrases: two or three words that stand together more often than their frequencies would have it.

A *run* is two or three words of one sentence with nothing but a space between them, in one zone
and voice, none of them a function word or a number. Phrases are the runs that stand in at least
five articles of at least two outlets, the strongest first, by how far they exceed what
independence would give (*simple-ll*: Evert 2009, in Lüdeling & Kytö, Corpus Linguistics 2:
1212–1248):

.. math:: 2\,\Bigl(O\ln\frac{O}{E} - (O - E)\Bigr), \quad O > E

O being the occurrences and E those expected among N words: :math:`f(a)\,f(b)/N` of two, and of
three the larger of :math:`f(ab)\,f(c)/N` and :math:`f(a)\,f(bc)/N`.

No word belongs to two phrases, and none shares a part of its words with what else is told in the
text's own order of an article it stands in (words found by lists, cues), nor can it be put together
with the name of a speaker to four words: nothing can be chained to a longer run of the text. A run
of which that is not so in one article is no phrase anywhere, so that what is one is counted
wherever it stands.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.data import LANGUAGE, LANGUAGES, word_list
from analysis.measure.tokens import SPELLED, find_tokens
from analysis.measure.words import Reading, Words

MOST, LEAST_ARTICLES, LEAST_OUTLETS = 300, 5, 2
_LOOKED_AT = 20 * MOST  # of the strongest, among which the phrases are chosen
_CHAINED = 4  # words that a phrase and the name of a speaker may not be put together to
_SPACES = frozenset((" ", "\u00a0"))
_CELL = ("article", "zone", "voice", "side")
RUN_WORDS = ("first", "second", "third")


class Runs(NamedTuple):
    """Where runs stand: one entry a run.

    Attributes
    ----------
    first : index of its first token
    size : number of its words, 2 or 3
    capital : whether each of them is written with a capital letter
    """

    first: np.ndarray
    size: np.ndarray
    capital: np.ndarray


def adjacent(readings: Sequence[Reading], words: Words) -> np.ndarray:
    """Whether nothing but white space stands between each token and the one before it."""
    pieces = (piece.tokens.between[:-1] for one in readings for piece in one.pieces)
    gaps = map(_SPACES.__contains__, chain.from_iterable(pieces))
    follows = np.fromiter(gaps, bool, len(words.form))
    follows[words.pieces[:-1][np.diff(words.pieces) > 0]] = False
    return follows


def runs_in(
    readings: Sequence[Reading], words: Words, cell: Sequence[np.ndarray], spoken: Sequence[str]
) -> Runs:
    """The runs of articles whose language's function words are listed.

    Parameters
    ----------
    cell
        What the words of a run have in common: zone, voice, side of each token.
    spoken
        Language of each article.
    """
    follows = adjacent(readings, words)
    whole = np.array([SPELLED[form][0] == form for form in words.forms], bool)
    usable = np.zeros(len(words.form), bool)
    language = np.array([one or LANGUAGE for one in spoken], object)[words.article]
    for name in sorted(set(language)):
        if (LANGUAGES / name / "function_words.toml").is_file():
            common = frozenset(word_list("function_words", name)["words"])
            terms = [SPELLED[form][1] for form in words.forms]
            content = [len(t) > 1 and t[0].isalpha() and t not in common for t in terms]
            usable |= (language == name) & np.array(content, bool)[words.form]
    # A possessive ends a run: "the Council's vote" holds no "council vote".
    follows[1:] &= usable[1:] & usable[:-1] & whole[words.form[:-1]]
    for column in cell:
        follows[1:] &= column[1:] == column[:-1]
    large = np.array([form[:1].isupper() for form in words.forms], bool)[words.form]
    two = np.flatnonzero(follows) - 1
    three = two[np.append(follows, False)[two + 2]]
    first = np.concatenate([two, three])
    size = np.repeat([2, 3], [len(two), len(three)])
    return Runs(first, size, large[first] & large[first + 1] & large[first + size - 1])


# ---------------------------------------------------------------- of all articles


def phrases(
    runs: pa.Table, words: pd.Series, outlet_of: pd.Series, told: pd.DataFrame
) -> pd.DataFrame:
    """The runs that are phrases.

    Parameters
    ----------
    runs
        article, zone, voice, side, first, second, third ("" where there are two), count, capital:
        dictionaries but for the last two.
    words
        Occurrences of each term, by term, in the articles of `outlet_of`.
    outlet_of
        Outlet of each article that decides what is a phrase, by its id: copies are none.
    told
        article, words, name: what is told of an article in the order of its text, and whether that
        is the name of a speaker.

    Returns
    -------
    DataFrame
        article, zone, voice, side, term, count, capital.
    """
    run = np.zeros(len(runs), np.int64)
    for word in RUN_WORDS:  # most begin like too few others to be phrases
        column = runs[word].combine_chunks()
        key = run * len(column.dictionary) + column.indices.to_numpy()
        run, _ = pd.factorize(key, sort=True)
        enough = np.bincount(run)[run] >= LEAST_ARTICLES
        run, runs = run[enough], runs.filter(enough)
    rows = runs.to_pandas().assign(run=run)
    if rows.empty:
        return rows.assign(term="")
    asked = rows[rows["article"].isin(outlet_of.index)]
    places = asked[["run", "article"]].drop_duplicates()
    places["outlet"] = places["article"].map(outlet_of)
    held = places.groupby("run")["outlet"].agg(["size", "nunique"])
    enough = held.index[(held["size"] >= LEAST_ARTICLES) & (held["nunique"] >= LEAST_OUTLETS)]
    rows, places = rows[rows["run"].isin(enough)], places[places["run"].isin(enough)]
    of_run = rows.drop_duplicates("run").set_index("run")[[*RUN_WORDS]].astype("str")
    scores = _scores(of_run, asked.groupby("run")["count"].sum(), words)
    one, two, three = (of_run[word] for word in RUN_WORDS)
    text = (one + " " + two + " " + three).str.strip()
    ranked = pd.DataFrame({"score": scores.round(6), "text": text})
    ranked = ranked[ranked["score"] > 0].sort_values(["score", "text"], ascending=[False, True])
    ranked = ranked.head(_LOOKED_AT)
    places = rows.loc[rows["run"].isin(ranked.index), ["run", "article"]]
    of = {run: set(articles) for run, articles in places.groupby("run")["article"]}
    chosen = _chosen(ranked["text"], of, told)
    rows = rows.assign(term=rows["run"].map(chosen)).dropna(subset="term")
    return rows[[*_CELL, "term", "count", "capital"]].reset_index(drop=True)


def _scores(of_run: pd.DataFrame, times: pd.Series, of_word: pd.Series) -> pd.Series:
    """simple-ll of each run; 0 where it is no more frequent than expected."""
    times = times.reindex(of_run.index)
    by_words = times.set_axis(pd.MultiIndex.from_frame(of_run))
    a, b, c = (of_run[word] for word in RUN_WORDS)
    none = pd.Series("", of_run.index)

    def often(first: pd.Series, second: pd.Series) -> np.ndarray:
        pairs = pd.MultiIndex.from_arrays([first, second, none])
        return by_words.reindex(pairs).to_numpy(np.float64)

    one, two, three = (of_word.reindex(word).to_numpy(np.float64) for word in (a, b, c))
    of_three = np.fmax(often(a, b) * three, one * often(b, c))
    expected = np.where(c == "", one * two, of_three) / of_word.sum()
    found = 2 * (times * np.log(times / expected) - (times - expected))
    return found.where(times > expected, 0.0)


def _chosen(ranked: pd.Series, of: dict[int, set[str]], told: pd.DataFrame) -> dict[int, str]:
    """The strongest runs that share no word with a stronger one, and none in part with `told`."""
    asked = {word for text in ranked for word in text.split()}
    counted = {w: [SPELLED[t][1] for t in find_tokens(w).words] for w in set(told["words"])}
    kept = {w: " ".join(c) for w, c in counted.items() if len(c) > 1 and not asked.isdisjoint(c)}
    told = told.assign(words=told["words"].map(kept)).dropna(subset="words")
    standing = {key: set(rows) for key, rows in told.groupby(["words", "name"])["article"]}
    with_word: dict[str, list[tuple[str, bool]]] = {}
    for key in standing:
        for word in set(key[0].split()):
            with_word.setdefault(word, []).append(key)
    taken: set[str] = set()
    chosen: dict[int, str] = {}
    for run, text in ranked.items():
        own = set(text.split())
        near = {key for word in own for key in with_word.get(word, ())}
        apart = (key for key in near if _tells_more(text.split(), *key))
        if len(chosen) == MOST or own & taken or any(standing[key] & of[run] for key in apart):
            continue
        taken |= own
        chosen[int(run)] = text
    return chosen


def _tells_more(phrase: list[str], words: str, is_name: bool) -> bool:
    """Whether a phrase and words it shares some with tell more of the order than either alone."""
    other, both = words.split(), (f" {' '.join(phrase)} ", f" {words} ")
    if both[0] in both[1] or both[1] in both[0]:
        return False
    length = len(phrase) + len(other)
    overlaps = range(1, min(len(phrase), len(other), length - _CHAINED + 1))
    orders = ((phrase, other), (other, phrase))
    return not is_name or any(a[-k:] == b[:k] for k in overlaps for a, b in orders)


def chained(one: list[str], other: list[str]) -> int:
    """The most words that two runs make of which one begins as the other ends; 0 if none does.

    >>> chained(["the", "old", "pier"], ["old", "pier", "of", "oru"]), chained(["a"], ["b"])
    (5, 0)
    """
    shared = range(1, min(len(one), len(other)))
    meets = (k for k in shared if one[-k:] == other[:k] or other[-k:] == one[:k])
    return next((len(one) + len(other) - k for k in meets), 0)


def spelled(phrase: str, written: Mapping[str, str], large: bool) -> str:
    """A phrase as it is written most often: of its words' spellings, with capitals or without."""
    words = [written.get(word, word) for word in phrase.split()]
    return " ".join(w[:1].upper() + w[1:] if large else w for w in words)
