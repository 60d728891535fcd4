"""Articles → Measures: batches run wherever there is room, and what needs all of them."""

import errno
import hashlib
import json
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import compress, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import cache
from analysis.data import DATA, bundled_hashes, mistake, read_list
from analysis.description import Description, described
from analysis.errors import AnalysisError, unknown
from analysis.measure.batch import (
    Batch,
    Rules,
    folded,
    is_name,
    measure_batch,
    part_of,
    write_batch,
)
from analysis.measure.collocations import chained, phrases, spelled
from analysis.measure.languages import languages_of
from analysis.measure.lexicon.load import read_lexicons
from analysis.measure.lexicon.patterns import Lexicon
from analysis.measure.measures import Measures
from analysis.measure.overlaps import EDITION, SHINGLE_WORDS, Shingles, overlaps
from analysis.measure.schema import SCHEMA, conform
from analysis.measure.speech.names import SpeakerTable, read_speakers
from analysis.measure.speech.people import usual_names
from analysis.measure.tokens import TOKEN_RULE, tokenize
from analysis.measure.words import LEAD_SENTENCES
from analysis.notes import note
from analysis.progress import step
from analysis.writing import scratch

_OPTIONAL = ("date", "title", "url", "agency", "section", "genre", "collection", "language")
_BATCH_CHARACTERS = 6_000_000  # bounds the memory of a process
_TITLE = "A measured corpus of news articles"
_FEW_CHARACTERS = 1_000_000  # not worth a second process
_MANY_CHARACTERS = 100_000_000
_ARTICLES = 200  # of a batch on average, more where there are many: what is lost is soon done


def measure_articles(
    articles: pd.DataFrame,
    about: Description | str | Path | None = None,
    *,
    executor: Executor | None = None,
    progress: bool = False,
    **described_as: Any,
) -> Measures:
    """Measure articles: counts of words by zone and voice, statements, hits of word lists.

    Parameters
    ----------
    articles
        One row per article, as `analysis.read_articles` gives them. Its ``attrs["removed"]``, what
        was taken out of the texts before, is kept with the measures.
    about
        What the corpus is about (`analysis.description`), or the file that says so. Left out:
        generic indicators, and speakers without sides.
    executor
        Where batches run: any `concurrent.futures.Executor`, or that of a Dask cluster
        (`analysis.measure.cluster`). Left out, one
        process per core where there are enough articles to be worth it, else this process.
    progress
        Show a progress bar.
    **described_as
        Fields of the description that take the place of those in `about`: ``title="…"``,
        ``lexicons=["generic", "mine.toml"]``, ``speakers="mine.toml"``, …

    Returns
    -------
    Measures
        The same whatever the order of the rows and the executor.
    """
    _check_table(articles)
    description = described(about, **described_as)
    absent = {c: "" for c in _OPTIONAL if c not in articles.columns}
    description.check_tags(articles)
    tags = [tag for tag in description.publish if tag not in SCHEMA["articles"].columns]
    published = (*SCHEMA["articles"].columns, *tags, "text")
    ordered = articles[[c for c in published if c in articles]].assign(**absent)
    ordered = ordered.sort_values("id", ignore_index=True)
    ordered.attrs = {}  # else each column of it takes a copy of all that was removed
    check_published(ordered, tags)
    ordered["outlet"] = ordered["outlet"].replace(description.aliases)
    ordered["language"] = languages_of(ordered, description.language)
    slices = _batches(ordered)
    table = description.speakers_file()
    known = read_speakers(table) if table else SpeakerTable()
    for phrase in description.topic:
        folded(phrase)
    lexicons = read_lexicons(description.lexicons, beside=description.folder)
    rules = Rules(lexicons, known, description.topic)
    how = how_measured(rules.lexicons, table)
    with step("measuring", len(ordered), "article", shown=progress) as done:
        batches = []
        for batch, part in zip(_kept(slices, executor, rules, how), slices, strict=True):
            batches.append(batch)
            done(len(part))
    removed = pd.DataFrame(articles.attrs.get("removed", []), columns=[*SCHEMA["removed"].columns])
    package = {"title": _TITLE, **description.packaged(), "measured": how}
    del ordered, slices, part  # the texts have been read: memory is wanted for the tables
    return _together(batches, removed, package, description)


def _check_table(articles: object) -> None:
    """Refuse what is no table of articles: it has id, outlet and text, all of them texts."""
    remedy = "Give a table as analysis.read_articles gives it: one row per article."
    if not isinstance(articles, pd.DataFrame):
        raise AnalysisError(f"Articles were given as {type(articles).__name__}.", remedy)
    if articles.empty:
        raise AnalysisError("No articles to measure.", "Give at least one article with text.")
    for column in ("id", "outlet", "text"):
        if column not in articles.columns:
            raise unknown("column of articles", column, articles.columns)
        odd = articles.index[~articles[column].map(lambda value: isinstance(value, str))]
        if len(odd):
            value = articles.loc[odd[0], column]
            raise mistake("articles-text", row=odd[0], column=column, value=str(value), how=remedy)
    nameless = articles["id"][articles["outlet"].str.strip() == ""]
    if len(nameless):
        told = {"n": len(nameless), "all": len(articles), "first": nameless.iloc[0]}
        raise mistake("articles-outlet", **told)
    twice = articles["id"][articles["id"].duplicated()]
    if len(twice):
        raise AnalysisError(f"The id {twice.iloc[0]!r} stands twice.", "Give each its own.")


def check_published(articles: pd.DataFrame, tags: Sequence[str]) -> None:
    """Refuse values of columns that would carry text into the measures.

    Raises
    ------
    AnalysisError
        For a value that is long, or has five words in a row of its article's text and is no name of
        an outlet, and for a tag that is different in every article; the message names article and
        column.
    """
    for column, (words, characters) in (_LONGEST | dict.fromkeys(tags, _OF_TAG)).items():
        values = articles[column].astype("str")
        long = values[(values.str.len() > characters) | (values.str.split().str.len() > words)]
        if len(long):
            told = {"name": articles["id"][long.index[0]], "column": column}
            told |= {"n": len(long.iloc[0]), "n_words": len(long.iloc[0].split())}
            raise mistake("published-long", **told, characters=characters, words=words)
    for column in tags:
        values = articles[column]
        if len(values) >= _SEVERAL and values.nunique() == len(values):
            raise mistake("published-tag", tag=column)
    for column in {*_OF_OUTLET, *tags}:
        several = articles[articles[column].str.split().str.len() >= SHINGLE_WORDS]
        for name, value, text in several[["id", column, "text"]].itertuples(index=False):
            is_name = column == "outlet" and _is_name(value)
            if not is_name and _share_five(value, text):
                raise mistake("published-words", name=name, column=column, value=value)


_OF_OUTLET = ("outlet", "section", "genre", "agency", "collection")
_OF_TAG = (8, 60)  # words and characters of a value
_LONGEST = dict.fromkeys(_OF_OUTLET, (20, 250)) | {"title": (60, 500), "id": (20, 200)}
_SEVERAL = 5  # articles from which a tag that is always different is refused


def _is_name(value: str) -> bool:
    """Whether more than half of the words have a capital: a long name, which a text may hold."""
    return 2 * sum(word[0].isupper() for word in value.split()) > len(value.split())


def _share_five(value: str, text: str) -> bool:
    words, whole = tokenize(value), f" {' '.join(tokenize(text))} "
    runs = (words[i : i + SHINGLE_WORDS] for i in range(len(words) - SHINGLE_WORDS + 1))
    return any(f" {' '.join(run)} " in whole for run in runs)


def _batches(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """Consecutive articles, cut at some of their ids: what is added later changes one batch."""
    size = articles["text"].str.len().to_numpy(np.int64)
    if size.sum() <= _FEW_CHARACTERS:
        return [articles]
    one_in = _ARTICLES if size.sum() < _MANY_CHARACTERS else 8 * _ARTICLES
    number, characters, numbers = 0, 0, []
    for name, more in zip(articles["id"], size.tolist(), strict=True):
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        is_cut = int.from_bytes(digest[:4], "big") % one_in == 0
        if characters and (is_cut or characters + more > _BATCH_CHARACTERS):
            number, characters = number + 1, 0
        characters += more
        numbers.append(number)
    return [part for _, part in articles.groupby(numbers)]


def _kept(
    slices: list[pd.DataFrame], executor: Executor | None, rules: Rules, how: Any
) -> Iterator[Batch | Path]:
    """Each slice measured, by this run or by one before that was stopped or had it as well.

    Where there are several, the folders in which they are kept.
    """
    measure = partial(measure_batch, rules=rules)
    if len(slices) == 1:
        yield from executor.map(measure, slices) if executor else map(measure, slices)
        return
    asked = []
    for part in slices:
        rows = json.dumps(part.to_dict("list"), default=str).encode()
        asked.append(["batch", how, rules.topic, hashlib.sha256(rows).hexdigest()])
    is_new = [not (cache.folder() / cache.key(*one)).is_dir() for one in asked]
    new = list(compress(zip(asked, slices, strict=True), is_new))
    done: Iterator[Batch | None] = repeat(None)  # measured here, below
    if executor:
        done = executor.map(measure, [part for _, part in new])
    elif (workers := min(os.cpu_count() or 1, len(new))) > 1 and _may_share_locks():
        done = _in_processes(new, rules, workers)
    for one, part, is_one in zip(asked, slices, is_new, strict=True):
        batch = next(done) if is_one else None
        write = partial(write_batch, batch) if batch else partial(_measure_into, part, rules)
        yield cache.kept(one, write)


def _measure_into(part: pd.DataFrame, rules: Rules, place: Path) -> None:
    """Measured, and put into a folder."""
    write_batch(measure_batch(part, rules), place)


def _in_processes(
    new: list[tuple[Any, pd.DataFrame]], rules: Rules, workers: int
) -> Iterator[None]:
    """Measured and kept by processes of this machine, which end with this one or where it stops.

    They are spawned: a child forked while a thread holds a lock may wait for it for ever. Articles
    and measures go through files: who writes much into a pipe whose reader has died waits as long.
    """
    root, before = cache.folder(), _children()
    root.mkdir(parents=True, exist_ok=True)
    spawned = multiprocessing.get_context("spawn")
    with (
        scratch(root, cache.MAKING) as folder,
        ProcessPoolExecutor(workers, spawned, initializer=_end_with_parent) as pool,
    ):
        try:
            files = [folder / str(number) for number in range(len(new))]
            for file, (one, part) in zip(files, new, strict=True):
                file.write_bytes(pickle.dumps((one, part, rules)))
            with _no_script():
                done = pool.map(_measure_asked, files)
            yield from done
        except BaseException as error:  # what they measure now is not waited for
            for child in _children() - before:
                child.kill()
            pool.shutdown(wait=False, cancel_futures=True)
            # Where one died at its start, its pipe is what is found broken, or closed meanwhile.
            is_pipe = isinstance(error, OSError) and error.errno in (None, errno.EPIPE)
            if is_pipe or isinstance(error, BrokenProcessPool):
                raise mistake("stopped") from error
            raise


def _may_share_locks() -> bool:
    """Whether processes can share locks here: some systems have no /dev/shm to write to."""
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError):
        return False
    return True


@contextmanager
def _no_script() -> Iterator[None]:
    """While this holds, processes start without running the caller's own script once more."""
    main = vars(sys.modules["__main__"])
    kept = {name: value for name, value in main.items() if name in ("__file__", "__spec__")}
    main.update(dict.fromkeys(kept))
    try:
        yield
    finally:
        main.update(kept)


def _children() -> set[multiprocessing.process.BaseProcess]:
    """The processes this one has started; asked again where one starts or ends just now."""
    while True:
        with suppress(RuntimeError):
            return {*multiprocessing.active_children()}


def _measure_asked(file: Path) -> None:
    asked, part, rules = pickle.loads(file.read_bytes())
    file.unlink()
    cache.kept(asked, partial(_measure_into, part, rules))


def _end_with_parent() -> None:
    """End this worker when the process that started it has ended, however it ended."""

    def watch() -> None:
        if (parent := multiprocessing.parent_process()) is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _together(
    batches: list[Batch | Path], removed: pd.DataFrame, package: dict[str, Any], about: Description
) -> Measures:
    articles = pd.concat([part_of(b, "articles").to_pandas() for b in batches], ignore_index=True)
    uses, unspaced = articles["topic_uses"], int(articles.pop("unspaced").sum())
    found = Shingles(*(_joined(batches, name)[name].to_numpy() for name in Shingles._fields))
    pairs = overlaps(found, articles)
    del found
    statements, indicators = (_joined(batches, n).to_pandas() for n in ("statements", "indicators"))
    spoken, usual = statements["speaker"].astype("category"), usual_names(statements)
    statements["speaker"] = spoken.map(lambda name: usual.get(name, name))
    statements["speaker"] = _unchained(statements, indicators)
    told = [(indicators, "found"), (statements, "cue"), (statements, "speaker")]
    terms, spellings = _with_phrases(batches, _copied_once(articles, pairs), told)
    enough = (uses >= about.topic_least) & (1000 * uses >= about.topic_share * articles["words"])
    articles["on_topic"] = enough | (not about.topic)
    tables = {
        "articles": articles,
        "outlets": outlet_table(articles["outlet"], about),
        "terms": terms,
        "spellings": spellings,
        "overlaps": pairs,
        "statements": statements,
        "indicators": indicators,
        "removed": removed,
    }
    unread = note("measured.unspaced", n=unspaced, of=len(articles))
    made = {name: conform(name, tables.pop(name)) for name in [*tables]}
    measures = Measures(**made, package=package).fitted()
    said = (*measures.notes, *([unread] if unspaced else []), *about.unheld(articles["outlet"]))
    return replace(measures, notes=said)


def _unchained(statements: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """Speakers; of a phrase that is no name fewer words where what else is told would go on."""
    several = indicators[indicators["found"].str.contains(" ")]
    told: dict[str, list[list[str]]] = {}
    for article, found in several[["article", "found"]].drop_duplicates().itertuples(index=False):
        told.setdefault(article, []).append(found.split())
    spoken = statements[["article", "speaker"]].drop_duplicates()
    phrases = []
    for article, speaker in spoken.itertuples(index=False):
        if is_name(words := speaker.removesuffix(" …").split()):
            told.setdefault(article, []).append(tokenize(speaker))
        else:
            phrases.append((article, speaker, words))
    shorter = {}
    for article, speaker, words in phrases:
        others, own = told.setdefault(article, []), tokenize(" ".join(words))
        while len(words) > 1 and any(chained(own, other) >= SHINGLE_WORDS for other in others):
            words = words[:-1]
            own = tokenize(" ".join(words))
            shorter[article, speaker] = f"{' '.join(words)} …"
        others.append(own)
    each = zip(statements["article"], statements["speaker"], strict=True)
    return pd.Series([shorter.get(one, one[1]) for one in each], statements.index, dtype="str")


def _copied_once(articles: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """The outlet of each article, by its id, without copies and editions within an outlet."""
    outlet = articles.set_index("id")["outlet"]
    same = [c for c in _SAME if c in articles]
    share = pairs["shared"] / pairs[["of_a", "of_b"]].min(axis=1)
    inside = pairs["a"].map(outlet).eq(pairs["b"].map(outlet)) & (share >= EDITION)
    return outlet[
        ~articles.duplicated(same).to_numpy() & ~outlet.index.isin(pairs.loc[inside, "b"])
    ]


_SAME = ("outlet", "words", "sentences", "mattr", "mtld", "shingles", "text_sha256")


def _with_phrases(
    batches: list[Batch | Path], outlet_of: pd.Series, ordered: list[tuple[pd.DataFrame, str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Terms and spellings of all batches, phrases after the words."""
    spellings = _commonest(_joined(batches, "spellings"))
    terms = _joined(batches, "terms")
    article, term = (terms[c].combine_chunks() for c in ("article", "term"))
    asked = article.dictionary.to_pandas().isin(outlet_of.index).to_numpy()[article.indices]
    words = np.bincount(term.indices.to_numpy()[asked], terms["count"].to_numpy()[asked])
    every = [
        table[["article", column]].drop_duplicates().astype("str")
        .set_axis(["article", "words"], axis=1).assign(name=column == "speaker")
        for table, column in ordered
    ]  # fmt: skip
    uses = pd.Series(words, term.dictionary.to_pylist()[: len(words)])
    del terms, article, term, asked  # read once more: memory is wanted for the runs
    told = pd.concat(every, ignore_index=True)
    found = phrases(_joined(batches, "runs"), uses, outlet_of, told)
    terms = _joined(batches, "terms")
    if found.empty:
        return terms.to_pandas(), spellings
    written = dict(zip(spellings["term"], spellings["spelling"], strict=True))
    large = found.groupby("term")[["count", "capital"]].sum().eval("2 * capital > count")
    of_phrase = {term: spelled(term, written, is_large) for term, is_large in large.items()}
    more = pd.DataFrame({"term": [*of_phrase], "spelling": [*of_phrase.values()]})
    more = more[more["term"] != more["spelling"]]
    names = terms.column_names[:-1]
    columns = {c: pa.array(found[c], "string").dictionary_encode() for c in names}
    more_terms = pa.table({**columns, "count": found["count"].to_numpy(np.int64)})
    terms = pa.concat_tables([terms, more_terms]).unify_dictionaries()
    every_term = terms.to_pandas(split_blocks=True, self_destruct=True)
    return every_term, pd.concat([spellings, more], ignore_index=True)


def _joined(batches: list[Batch | Path], name: str) -> pa.Table:
    """A table of all batches; each dictionary column with one dictionary."""
    return pa.concat_tables([part_of(batch, name) for batch in batches]).unify_dictionaries()


def _commonest(spellings: pa.Table) -> pd.DataFrame:
    """The commonest spelling of each term; of equally common ones the first by code point."""
    summed = spellings.group_by(["term", "spelling"]).aggregate([("count_sum", "sum")])
    order = [("term", "ascending"), ("count_sum_sum", "descending"), ("spelling", "ascending")]
    sorted_ = summed.sort_by(order).select(["term", "spelling"]).to_pandas()
    best = sorted_.drop_duplicates("term")
    return best[best["spelling"] != best["term"]]


def outlet_table(outlets: pd.Series, about: Description) -> pd.DataFrame:
    """What the description says of these outlets, else ``data/outlets.csv``; else nothing."""
    known = pd.read_csv(DATA / "outlets.csv", dtype="str", keep_default_na=False)
    names = pd.DataFrame({"outlet": sorted(outlets.unique())})
    table = names.merge(known, on="outlet", how="left").fillna("").set_index("outlet")
    for name, said in about.outlets.items():
        if name in table.index and set(said) - {"aliases"}:
            table.loc[name] = [said.get(key, "") for key in ("country", "ownership", "source")]
    return table.reset_index()


def how_measured(lexicons: tuple[Lexicon, ...], speakers: Path | None) -> dict[str, Any]:
    """Version, rules, settings, and the hash of every list that decides a count."""
    from analysis import __version__

    lists = {n: h for n, h in bundled_hashes().items() if n.startswith("languages/")}
    if speakers:
        name = speakers.relative_to(DATA).as_posix() if DATA in speakers.parents else speakers.name
        lists[name] = read_list(speakers).sha256
    return {
        "by": "analysis",
        "version": __version__,
        "token_rule": TOKEN_RULE,
        "lead_sentences": LEAD_SENTENCES,
        "shingle_words": SHINGLE_WORDS,
        "lists": lists,
        "lexicons": {lexicon.name: lexicon.described() for lexicon in lexicons},
    }
