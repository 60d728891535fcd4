"""What needs the text once more: terms and hits in their sentences, and what two texts share.

Only where the text is at hand. Nothing here enters a measured corpus.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.data import mistake
from analysis.errors import AnalysisError
from analysis.gather.articles import read_articles
from analysis.measure.lexicon.load import load_lexicon, read_lexicons
from analysis.measure.lexicon.matching import Matcher, hits_in
from analysis.measure.lexicon.patterns import Entry, Lexicon, parse
from analysis.measure.measures import Measures
from analysis.measure.package import find_corpus
from analysis.measure.schema import VOICES, ZONES
from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech.names import SpeakerTable, read_speakers
from analysis.measure.speech.people import usual_names
from analysis.measure.tokens import SPELLED, find_tokens, tokenize
from analysis.measure.words import HEADLINE, Piece, read, words_of
from analysis.notes import note

PASSAGE_WORDS = 8
VOICES_OF_A_PASSAGE = ("narrator", "mixed", "quoted")
_TEXTS = "articles.parquet"
_OF_PATTERN = "*|{#"  # signs of the language of patterns
_READ_AT_ONCE = 200  # articles: bounds memory
_FIXED = 1 / 3  # of an entry's hits in one and the same longer phrase
_GENERAL = 0.5  # of the articles
_EXAMPLES = 3
_OF_HIT = [
    *("unit", "article", "lexicon", "set", "entry", "pattern", "found", "zone", "voice", "side"),
    *("speaker", "start", "end", "written", "passage", "at", "negated", "scare", "so_called"),
]


# ---------------------------------------------------------------- the texts


def texts_beside(corpus: str | Path) -> pd.DataFrame | None:
    """The articles with their text that lie beside a Measures folder, where they do.

    Looked for as ``NAME.articles.parquet`` and ``articles.parquet`` next to the corpus's folder,
    and as ``articles.parquet`` in it; none of these is ever published.
    """
    found = place_of_texts(find_corpus(corpus))
    return read_articles(found) if found else None


def place_of_texts(folder: Path) -> Path | None:
    """The file that `texts_beside` reads, where there is one."""
    beside = [folder.with_name(f"{folder.name}.articles.parquet"), folder.parent / _TEXTS]
    return next((path for path in (*beside, folder / _TEXTS) if path.is_file()), None)


def at_hand(measures: Measures, articles: pd.DataFrame) -> pd.DataFrame:
    """The articles whose text is the one that was measured: id, title, text; sorted by id.

    Raises
    ------
    AnalysisError
        Where a column is missing.
    """
    for column in ("id", "title", "text"):
        if column not in articles.columns:
            raise mistake("texts-column", column=column, there=", ".join(articles.columns))
    texts = articles[["id", "title", "text"]].drop_duplicates("id")
    measured = measures.articles[["id", "title", "text_sha256", "words"]]
    both = texts.merge(measured, on=["id", "title"]).sort_values("id", ignore_index=True)
    same = [  # a short text has no hash: its number of words has to do
        hashlib.sha256(row.text.encode()).hexdigest() == row.text_sha256
        if row.text_sha256
        else len(find_tokens(row.text).words) == row.words
        for row in both.itertuples()
    ]
    return both.loc[same, [*texts]].reset_index(drop=True)


# ---------------------------------------------------------------- terms in their sentences


def concordance(
    measures: Measures, articles: pd.DataFrame, term: str, *, most: int | None = None
) -> pd.DataFrame:
    """Every occurrence of a word, phrase or pattern in its sentence.

    Parameters
    ----------
    articles
        id, title and text. Only articles whose text is the one measured (by SHA-256) are used.
    term
        As patterns of word lists are written (`analysis.measure.lexicon.patterns`): ``harbour*``,
        ``sea ice``, ``cost {0,3} taxpayer*``. A word may be written in any way that counts as it.
    most
        At most so many rows.

    Returns
    -------
    DataFrame, in the order of outlets, article ids and text
        outlet, date, article, before, word, after, voice (narrator, reported or quoted), side.
    """
    texts = at_hand(measures, articles)
    plain = [p if set(p) & set(_OF_PATTERN) else " ".join(tokenize(p)) for p in term.split()]
    entry = Entry("", term, term, parse(" ".join(plain)))
    _, speakers = measures.description.lists_at_hand()
    found = indicator_hits(texts, [Lexicon("", "", "", "", {}, {}, (entry,))], speakers)
    about = measures.articles.set_index("id").reindex(found["article"])
    placed = list(found[["passage", "written", "at"]].itertuples(index=False))
    table = found.rename(columns={"written": "word"}).assign(
        outlet=about["outlet"].to_numpy(),
        date=about["date"].to_numpy(),
        before=[passage[:at] for passage, _, at in placed],
        after=[passage[at + len(written) :] for passage, written, at in placed],
    )
    table = table[["outlet", "date", "article", "before", "word", "after", "voice", "side"]]
    table = table.sort_values(["outlet", "article"], kind="stable", ignore_index=True)
    told = note("evidence.occurrences", n=len(table), texts=len(texts))
    table = table.head(len(table) if most is None else most)
    table.attrs["notes"] = [told]
    return table


def in_context(
    articles: pd.DataFrame, phrases: Iterable[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All sentences of some articles, and where in them each term stands.

    Parameters
    ----------
    articles
        id, title, text; the headline is the first sentence.
    phrases
        Terms of several words that are sought beside the words.

    Returns
    -------
    sentences : DataFrame
        sentence (number, from 0), article, text.
    occurrences : DataFrame
        term (as it is counted), sentence, start, end (code points into the sentence), quoted
        (inside quotation marks); in the order of the text.
    """
    lines: list[tuple[int, str, str]] = []
    found = [_words("").assign(sentence=0)]
    for article, title, text in articles[["id", "title", "text"]].itertuples(index=False):
        for whole, is_title in ((title, True), (text, False)):
            spans = [(0, len(whole))] if is_title else sentences(whole, quoted_spans(whole))
            words = _words(whole)
            at = np.searchsorted([start for start, _ in spans], words["start"], "right") - 1
            opens = np.array([start for start, _ in spans], np.int64)[at]
            words[["start", "end"]] -= opens[:, None]
            found.append(words[words["term"] != ""].assign(sentence=at + len(lines)))
            lines += [(len(lines) + i, article, whole[a:b]) for i, (a, b) in enumerate(spans)]
    words = pd.concat(found, ignore_index=True)
    occurrences = pd.concat([words, *_phrases_of(words, set(phrases))], ignore_index=True)
    columns = ["term", "sentence", "start", "end", "quoted"]
    return pd.DataFrame(lines, columns=["sentence", "article", "text"]), occurrences[columns]


def _phrases_of(words: pd.DataFrame, sought: set[str]) -> Iterator[pd.DataFrame]:
    """Where phrases stand, a single sign between their words."""
    for size in sorted({len(phrase.split()) for phrase in sought}):
        run = words
        for ahead in range(1, size):
            after = words.shift(-ahead).loc[run.index]
            is_close = (after["sentence"] == run["sentence"]) & (after["start"] == run["end"] + 1)
            run, after = run[is_close], after[is_close]
            run = run.assign(term=run["term"] + " " + after["term"], end=after["end"].astype(int))
        yield run[run["term"].isin(sought)]


# ---------------------------------------------------------------- hits in their sentences


def indicator_hits(
    articles: pd.DataFrame,
    lexicons: Sequence[str | Path | Lexicon] | None = None,
    speakers: str | Path | None = None,
) -> pd.DataFrame:
    """Every hit of the lexicons in its sentence, for reading and for coding by hand.

    Parameters
    ----------
    articles
        id, text, and title where there is one.
    lexicons
        Names, files, or lexicons already read; all bundled ones, where left out.
    speakers
        Table of speakers; left out, speakers have no sides.

    Returns
    -------
    DataFrame, in the order of articles by id and of hits in the text
        unit (article and number of the hit), article, lexicon, set, entry, pattern, found (the
        words found, as the table `indicators` has them), zone, voice, side, speaker, start, end
        (code points of the headline or text), written (the words as they stand there), passage
        (the sentence; the whole headline), at (where in it the words begin), negated, scare,
        so_called.
    """
    named = None if lexicons is None else [x for x in lexicons if not isinstance(x, Lexicon)]
    own = [x for x in lexicons or () if isinstance(x, Lexicon)]
    matcher = Matcher([*own, *read_lexicons(named)])
    known = read_speakers(Path(speakers)) if speakers else SpeakerTable()
    ordered = articles.sort_values("id", ignore_index=True)
    if "title" not in ordered.columns:
        ordered = ordered.assign(title="")
    parts = [
        _hits_of(ordered.iloc[i : i + _READ_AT_ONCE], matcher, known)
        for i in range(0, max(len(ordered), 1), _READ_AT_ONCE)
    ]
    return pd.concat(parts, ignore_index=True)


def hits_at_hand(
    measures: Measures,
    articles: pd.DataFrame,
    lexicons: Sequence[str | Path] = (),
    speakers: str | Path | None = None,
) -> pd.DataFrame:
    """`indicator_hits` of texts, by the lists that they were measured with; as `evidence` asks."""
    own, table = measures.description.lists_at_hand()
    described = measures.package.get("measured", {}).get("lexicons", {}).values()
    hashes = {one["hash"] for one in described}
    found = [*read_lexicons(), *map(load_lexicon, sorted({*lexicons, *own}, key=str))]
    found = [one for one in found if f"sha256:{one.hash}" in hashes]
    hits = indicator_hits(at_hand(measures, articles), found, speakers or table)
    said = measures.statements[["article", "speaker", "side"]].astype("str")
    others = hits.loc[~hits["speaker"].isin(said["speaker"]), said.columns]
    usual = usual_names(pd.concat([said, others]))
    return hits.assign(speaker=[usual.get(name, name) for name in hits["speaker"]])


def _hits_of(articles: pd.DataFrame, matcher: Matcher, known: SpeakerTable) -> pd.DataFrame:
    both = zip(articles["title"], articles["text"], strict=True)
    readings = [read(title, text, known) for title, text in both]
    words = words_of(readings)
    hits = hits_in(readings, words, matcher)
    article, zone = words.article[hits["first"]], words.zone[hits["first"]]
    number = 2 * article + (zone != HEADLINE)
    pieces = [piece for one in readings for piece in one.pieces]
    first, after = (hits[at] - words.pieces[number] for at in ("first", "after"))
    where = [
        _place(pieces[n], n % 2 == 0, i, j) for n, i, j in zip(number, first, after, strict=True)
    ]
    entries = [(name, e.set, e.label, e.pattern) for name, e in matcher.entries]
    who = [(s.side, s.speaker) for s in words.said] + [("", "")]  # the last: nobody
    parts = {
        ("lexicon", "set", "entry", "pattern"): [entries[rank] for rank in hits["rank"]],
        ("side", "speaker"): [who[said] for said in hits["statement"]],
        ("start", "end", "written", "passage", "at"): where,
    }
    of = {c: [row[i] for row in rows] for names, rows in parts.items() for i, c in enumerate(names)}
    ids = articles["id"].to_numpy(object)[article]
    unit = pd.Series(ids, dtype="object").groupby(ids).cumcount() + 1
    table = hits.assign(
        **of,
        unit=[f"{name} #{n}" for name, n in zip(ids, unit, strict=True)],
        article=ids,
        zone=np.asarray(ZONES, object)[zone],
        voice=np.asarray(VOICES, object)[hits["voice"]],
    )
    return table[_OF_HIT]


def _place(
    piece: Piece, is_headline: bool, first: int, after: int
) -> tuple[int, int, str, str, int]:
    """Where some tokens stand, the words, the sentence (or headline), and where in it."""
    start, end = piece.tokens.starts[first], piece.tokens.ends[after - 1]
    opens, closes = 0, len(piece.text)
    if not is_headline:
        at = bisect_right(piece.sentences, start, key=itemgetter(0)) - 1
        opens, closes = piece.sentences[at]
    return start, end, piece.text[start:end], piece.text[opens : max(closes, end)], start - opens


def evidence(
    measures: Measures,
    entry: str | Sequence[str],
    articles: pd.DataFrame | None = None,
    *,
    of_set: str = "",
    lexicons: Sequence[str | Path] = (),
    speakers: str | Path | None = None,
) -> pd.DataFrame:
    """Where the hits of an indicator, or of a name, are.

    Parameters
    ----------
    entry
        Its name, or several.
    articles
        The articles with their text, where that is at hand (`texts_beside`), or what
        `hits_at_hand` found in them: adds the sentences. Only texts that are the ones measured
        (by SHA-256) are used.
    of_set
        The set that the entries are of, where several sets have one of the name.
    lexicons
        Files of word lists of your own that the articles were measured with, where the
        description of the corpus does not tell where they lie.
    speakers
        Table of speakers that the articles were measured with, if not that of the description.

    Returns
    -------
    DataFrame, sorted by entry, falling count, outlet, article
        entry, article, outlet, date, title, url, count (hits), narrator, reported, quoted (of
        them); with texts also passages: the sentences of the hits as a list, each beginning with
        its voice and side. Empty where an entry was not found, or no lexicon has it: the notes
        tell which.
    """
    wanted = [entry] if isinstance(entry, str) else list(entry)
    own = measures.indicators[measures.indicators["entry"].isin(wanted)]
    own = own[(own["set"] == of_set) | (not of_set)]
    own = own.astype({"entry": "str", "article": "str", "voice": "str"})
    table = own.pivot_table("count", ["entry", "article"], "voice", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=[*VOICES], fill_value=0).astype("int64")
    table = table.assign(count=table.sum(axis=1)).reset_index()
    about = measures.articles[["id", "outlet", "date", "title", "url"]]
    table = table.merge(about.rename(columns={"id": "article"}), on="article")
    columns = ["entry", "article", "outlet", "date", "title", "url", "count", *VOICES]
    keys = ["entry", "count", "outlet", "article"]
    table = table[columns].sort_values(keys, ascending=[True, False, True, True])
    table = table.reset_index(drop=True)
    described = measures.package.get("measured", {}).get("lexicons", {}).values()
    sought = {label for one in described for s in one["sets"].values() for label in s["labels"]}
    absent = [name for name in wanted if name not in set(table["entry"])]
    why = {name: "not_found" if name in sought else "not_asked" for name in absent}
    notes = [*measures.notes, *(note(f"evidence.{w}", name=name) for name, w in why.items())]
    if articles is not None:
        is_read = "passage" in articles
        hits = articles if is_read else hits_at_hand(measures, articles, lexicons, speakers)
        hits = hits[(hits["set"] == of_set) | (not of_set)]
        said = hits["voice"].where(hits["side"] == "", hits["voice"] + ", " + hits["side"])
        lines = (said + ": " + hits["passage"]).groupby([hits["entry"], hits["article"]]).agg(list)
        at = pd.MultiIndex.from_frame(table[["entry", "article"]])
        table["passages"] = passages = [lines.get(key, []) for key in at]
        sizes = {"n": sum(map(len, passages)), "of": table["count"].sum()}
        sizes |= {"with_some": sum(map(bool, passages)), "articles": table["article"].nunique()}
        notes.append(note("evidence.sentences", **sizes))
    table.attrs["notes"] = notes
    return table


# ---------------------------------------------------------------- a list of one's own


def check_lexicon(path: str | Path, articles: pd.DataFrame) -> pd.DataFrame:
    """What each entry of a word list finds in some articles, and what it probably should not.

    Parameters
    ----------
    path
        A word list, as `analysis.measure.lexicon.load.load_lexicon` reads it.
    articles
        id, text, and title where there is one.

    Returns
    -------
    DataFrame, in the order of the list
        set, label, pattern, hits, articles (with a hit), words (what was found, with counts), look
        (what to look at, in words; empty where nothing was noticed), passages (up to three
        sentences, each beginning with the words found). The notes hold the list's remarks.

    *look* says where a list usually goes wrong: an entry that finds nothing, or something in more
    than half of the articles; a stem that finds words of different kinds; a third of the hits in
    one and the same longer phrase ("heart attack"), or continued by another word with a capital
    letter (a name).
    """
    lexicon = load_lexicon(path)
    hits = indicator_hits(articles, [lexicon])
    by_entry = dict(list(hits.groupby(["set", "entry", "pattern"])))
    rows = []
    for entry in lexicon.entries:
        key = (entry.set, entry.label, entry.pattern)
        own = by_entry.get(key, hits.head(0))
        words = own.groupby("found").size().sort_values(ascending=False, kind="stable")
        listed = ", ".join(f"{word} {count}" for word, count in words.head(8).items())
        told = own.astype({"written": "str", "passage": "str"})  # also where there are none
        lines = (told["written"] + ": " + told["passage"]).drop_duplicates()
        spread = np.linspace(0, max(len(lines) - 1, 0), min(_EXAMPLES, len(lines))).astype(int)
        look = "; ".join(_suspicions(own, entry, len(articles)))
        passages = lines.iloc[spread].to_list()
        rows.append((*key, len(own), own["article"].nunique(), listed, look, passages))
    columns = ["set", "label", "pattern", "hits", "articles", "words", "look", "passages"]
    table = pd.DataFrame(rows, columns=columns)
    sizes = {"hits": len(hits), "n": hits["article"].nunique(), "of": len(articles)}
    sizes |= {"none": int((table["hits"] == 0).sum()), "entries": len(table)}
    told = note("evidence.check", name=lexicon.name, **sizes)
    table.attrs["notes"] = [told, *lexicon.remarks]
    return table


def _suspicions(hits: pd.DataFrame, entry: Entry, articles: int) -> Iterator[str]:
    """Where the hits of an entry are probably not what is meant."""
    if hits.empty:
        yield "finds nothing"
    if hits["article"].nunique() > _GENERAL * articles and articles > _EXAMPLES:
        yield "in more than half of the articles: too general?"
    if long := _far_longer(entry, hits["found"]):
        yield f"the stem also finds {', '.join(dict.fromkeys(long[:5]))}"
    where = [
        (passage[:at], written, passage[at + len(written) :])
        for passage, written, at in hits[["passage", "written", "at"]].itertuples(index=False)
    ]
    beside = Counter(one for place in where for one in _phrases_around(*place))
    common = sorted(phrase for phrase, n in beside.items() if n > _FIXED * len(hits))
    if len(hits) >= _EXAMPLES + 2 and common:
        yield f"often in “{'”, “'.join(common[:3])}”: guard with not_in?"
    names = sum(written[:1].isupper() and after[1:2].isupper() for _, written, after in where)
    if names > _FIXED * len(hits):
        yield f"{names} of {len(hits)} continued by a capital: part_of_name = false?"


def _far_longer(entry: Entry, phrases: Iterable[str]) -> list[str]:
    words = (w for place in entry.places for option in place.options for w in option)
    found = {word for phrase in phrases for word in phrase.split()}
    pairs = [(f, stem) for w in words for stem in w.stems for f in found if f.startswith(stem)]
    return sorted(f for f, stem in pairs if len(f) - len(stem) > max(3, len(stem) // 2))


def _phrases_around(before: str, written: str, after: str) -> Iterator[str]:
    """The words found with the word before them and with the word behind them."""
    word = " ".join(tokenize(written))
    near = [[*tokenize(before)[-1:], word]] if before.endswith(" ") else []
    near += [[word, *tokenize(after)[:1]]] if after.startswith(" ") else []
    for pair in near:
        phrase = " ".join(pair)
        if len(pair) == 2 and all(len(w) > 3 for w in phrase.split()):
            yield phrase


# ---------------------------------------------------------------- passages


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
    rows = [
        (passage, *piece)
        for passage, (i, j, length) in enumerate(_tiles(one["term"], other["term"], words), 1)
        for piece in _pieces(one[i : i + length], other[j : j + length])
    ]
    columns = ["passage", "voice", "words", "a_start", "a_end", "b_start", "b_end"]
    return pd.DataFrame(rows, columns=columns)


def _words(text: str) -> pd.DataFrame:
    """The words of a text: term, start, end, and whether inside quotation marks."""
    tokens = find_tokens(text)
    edges = np.asarray(quoted_spans(text), np.int64).reshape(-1, 2)
    opened, closed = (np.searchsorted(at, tokens.starts, "right") for at in edges.T)
    terms = [SPELLED[word][1] for word in tokens.words]
    where = {"start": np.array(tokens.starts, np.int64), "end": np.array(tokens.ends, np.int64)}
    return pd.DataFrame(
        {"term": pd.Series(terms, dtype="object"), **where, "quoted": opened > closed}
    )


def _tiles(a: Iterable[str], b: Iterable[str], words: int) -> list[tuple[int, int, int]]:
    """Runs that overlap in neither text, longest first: start in a, start in b, length."""
    in_a, in_b = (list(a), list(b))
    runs_a, runs_b = (
        [tuple(of[i : i + words]) for i in range(len(of) - words + 1)] for of in (in_a, in_b)
    )
    tiles = []
    while (run := SequenceMatcher(None, runs_a, runs_b, autojunk=False).find_longest_match()).size:
        length = run.size + words - 1
        tiles.append((run.a, run.b, length))
        for runs, at, taken in ((runs_a, run.a, ("a",)), (runs_b, run.b, ("b",))):
            for i in range(max(at - words + 1, 0), min(at + length, len(runs))):
                runs[i] = (*taken, "") * words  # longer than a run, so that it equals none
    return sorted(tiles)


def _pieces(a: pd.DataFrame, b: pd.DataFrame) -> list[tuple[object, ...]]:
    """A passage cut where the voice changes: voice, words, and where it stands in both texts."""
    voices = a["quoted"].to_numpy(int) + b["quoted"].to_numpy(int)
    cuts = [0, *(np.flatnonzero(np.diff(voices)) + 1).tolist(), len(voices)]
    rows = []
    for first, after in pairwise(cuts):
        ends = (("start", first), ("end", after - 1))
        where = [int(text[column].iloc[at]) for text in (a, b) for column, at in ends]
        rows.append((VOICES_OF_A_PASSAGE[voices[first]], after - first, *where))
    return rows
