"""Word lists as data: reading a lexicon, and refusing one that could not be defended.

A lexicon is a TOML file. What every event may be counted by stands in
``data/languages/LANGUAGE/generic.toml``, what belongs to an event in ``data/events/NAME``; one
of your own is a file like these, step by step in ``docs/lists.md``::

    title = "Frames of the harbour debate"
    kind = "indicators"                     # or "naming": competing labels of one referent
    about = "What the lexicon is for."

    [sources]                               # everything an entry may cite
    Doe2001 = "Doe, J. (2001). A codebook of harbour frames."

    [[set]]                                 # within a set, a passage has one entry: the longest
    name = "harbour frames"
    about = "What the labels of this set have in common, or the referent they compete for."
    sides = ["port", "town"]                # optional: then each side must have entries
    house_style = false                     # optional: spelling conventions, not stance
    near = ["harbour*"]                     # optional: guards of all its entries

    [[set.label]]
    name = "cost"                           # the column `entry` of the table `indicators`
    about = "The question a coder would answer."
    side = "port"                           # optional, for all its entries
    entries = ["toll*", "bridge fee"]       # patterns alone

    [[set.label]]
    name = "taxes"
    about = "The next question."

    [[set.label.entries]]                   # a pattern with what a reader must know
    pattern = "cost {0,3} taxpayer*"
    sense = "public expense"
    source = "Doe2001, q. 3"
    example = "It cost the taxpayer."
    not_near = ["cinema*"]

Needed are the names of sets and labels and the patterns; how these are written stands in
`analysis.measure.lexicon.patterns`. What a reader would miss besides (a source, an ``example``
in which the pattern is found, what a label is about) is asked for by a remark. ``sense`` notes
the sense meant, ``side`` names whose word it is, ``mirror`` the entry that is its counterpart on
another side.

**Guards** say when a match counts. Each is a list of patterns, of which one is enough:

===================  ================================================================
``near``             one of them stands in the same sentence, outside the match
``not_near``         none of them stands in the same sentence, outside the match
``article``          one of them stands somewhere in the article, headline or text
``not_article``      none of them stands anywhere in the article
``not_in``           the match is no part of one of these: "heart attack" for *attack*
``part_of_name``     ``false``: the match is not continued by another word with a
                     capital letter, as in *Christian Bale*; in headlines where most
                     words have one, capitals tell nothing, and the match counts
===================  ================================================================

An entry's guard takes the place of its label's, and that of its set's; ``near = []`` takes it
away. Words that several guards share are named once, ``[words]`` and below it
``coast = ["coast*", "shore"]``, and called ``near = ["@coast"]``. ``but_not`` is a sentence in
which the entry is not found; it is checked as ``example`` is.

Two more kinds of file are read as lists: a dictionary of quanteda in YAML (keys that hold lists
of patterns, or further keys), and a CSV of two columns, a pattern and its label. There each label
is a set of its own, so that a passage may count for several.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Required

from annotated_types import MinLen
from pydantic import BeforeValidator, with_config
from typing_extensions import TypedDict

from analysis.checks import NO_OTHERS, Flag, Name, checked
from analysis.data import LEXICON_KINDS, bundled_lexicons, lexicon_files
from analysis.errors import AnalysisError, unknown
from analysis.measure.lexicon.matching import Matcher, find_hits
from analysis.measure.lexicon.patterns import (
    NUMBER,
    Entry,
    Guards,
    Lexicon,
    LexiconSet,
    Word,
    common,
    parse,
)

_LARGEST = 2_000_000  # bytes of a file
_MOST_ENTRIES = 20_000
_DEEPEST = 8  # keys within keys
_MOST_COMPARED = 200_000  # pairs of longer patterns that begin alike
_STEM = 3  # letters: the shortest stem
_LISTS = ("near", "not_near", "article", "not_article", "not_in")


@with_config(NO_OTHERS)
class _Guarded(TypedDict, total=False):
    near: list[str]
    not_near: list[str]
    article: list[str]
    not_article: list[str]
    not_in: list[str]
    part_of_name: Flag


@with_config(NO_OTHERS)
class _Entry(_Guarded, total=False):
    pattern: Required[Name]
    sense: str
    source: str
    example: str
    but_not: str
    side: str
    mirror: str


def _as_entry(value: object) -> object:
    return {"pattern": value} if isinstance(value, str) else value


@with_config(NO_OTHERS)
class _Label(_Guarded, total=False):
    name: Required[Name]
    about: str
    side: str
    entries: Required[Annotated[list[Annotated[_Entry, BeforeValidator(_as_entry)]], MinLen(1)]]


@with_config(NO_OTHERS)
class _Set(_Guarded, total=False):
    name: Required[Name]
    about: str
    sides: list[str]
    house_style: Flag
    label: Required[Annotated[list[_Label], MinLen(1)]]


@with_config(NO_OTHERS)
class _File(TypedDict, total=False):
    title: str
    kind: Literal["indicators", "naming"]
    about: str
    sources: dict[str, str]
    words: dict[str, list[str]]
    set: Required[Annotated[list[_Set], MinLen(1)]]


def available_lexicons() -> list[str]:
    """Names of the bundled lexicons."""
    return sorted(bundled_lexicons())


def read_lexicons(
    wanted: Iterable[str | Path] | None = None, beside: Path | None = None
) -> tuple[Lexicon, ...]:
    """The lexicons asked for, sorted by name; all bundled ones, where left out.

    Raises
    ------
    AnalysisError
        As `load_lexicon`; and for two of one name, as their hits could not be told apart.
    """
    names = available_lexicons() if wanted is None else list(dict.fromkeys(wanted))
    found = [load_lexicon(one, beside) for one in names]
    for one, other in pairwise(sorted(lexicon.name for lexicon in found)):
        if one == other:
            raise AnalysisError(f"Two lexicons are called {one!r}.", "Rename one of the files.")
    return tuple(sorted(found, key=lambda lexicon: lexicon.name))


def load_lexicon(path_or_name: str | Path, beside: Path | None = None) -> Lexicon:
    """Read and check a lexicon.

    Parameters
    ----------
    path_or_name
        The name of a bundled lexicon (`available_lexicons`), or a file: TOML, a dictionary of
        quanteda (``.yml``), or a table of patterns and labels (``.csv``).
    beside
        A folder in which a file is looked for first.

    Raises
    ------
    AnalysisError
        With file and entry, for: a file that cannot be read, is too large or too deep; missing,
        empty or unknown keys and values of a wrong kind; a source that ``[sources]`` does not
        explain; a pattern or guard that can never match; patterns of two labels of a set that
        match one and the same token sequence; an example in which its own pattern is not
        found, or a ``but_not`` in which it is; a set that declares sides and leaves one empty; a
        mirror that is no entry of another side, or does not point back.
    """
    files = lexicon_files(path_or_name, beside)
    is_file = str(path_or_name).casefold().endswith(LEXICON_KINDS)
    return _load(files[0].stem if is_file else str(path_or_name), tuple(map(_read, files)))


def _read(path: Path) -> tuple[Path, bytes]:
    if path.stat().st_size > _LARGEST:
        raise AnalysisError(
            f"{path.name} has {path.stat().st_size:,} bytes.",
            f"A word list has at most {_LARGEST:,}: is it one?",
        )
    return path, path.read_bytes().replace(b"\r\n", b"\n")


@cache
def _load(name: str, files: tuple[tuple[Path, bytes], ...]) -> Lexicon:
    """The lists of one name as one lexicon."""
    titles: list[str] = []
    about: list[str] = []
    sets: dict[str, LexiconSet] = {}
    sources: dict[str, str] = {}
    entries: list[Entry] = []
    digests = [hashlib.sha256(content).hexdigest() for _, content in files]
    for path, content in files:
        content_of = _content(path, content)
        titles.append(content_of.get("title", path.stem))
        about.append(content_of.get("about", ""))
        sources |= content_of.get("sources", {})
        for one, its_entries in _sets_of(path.name, content_of):
            if one.name in sets:
                raise AnalysisError(
                    f"{path.name} has a second set {one.name!r}.", "Rename or join them."
                )
            sets[one.name] = one
            entries += its_entries
    if len(entries) > _MOST_ENTRIES:
        raise AnalysisError(
            f"{name} has {len(entries):,} patterns.", f"Give at most {_MOST_ENTRIES:,}."
        )
    whole = hashlib.sha256("".join(digests).encode()).hexdigest() if digests[1:] else digests[0]
    title, of = "; ".join(titles), " ".join(filter(None, about))
    lexicon = Lexicon(name, whole, title, of, sets, sources, tuple(entries))
    _check_examples(lexicon)
    return replace(lexicon, remarks=tuple(_remarks(lexicon)))


# ---------------------------------------------------------------- kinds of file


def _content(path: Path, content: bytes) -> _File:
    """What a file holds, as if it were written in TOML, checked."""
    try:
        tables = _READERS[path.suffix.casefold()](path.stem, content.decode("utf-8-sig"))
    except AnalysisError as error:
        raise AnalysisError(f"{path.name}: {error.received}", error.remedy) from error
    except (ValueError, RecursionError, csv.Error) as error:
        kind = path.suffix[1:].upper()
        told = "it is too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise AnalysisError(
            f"{path.name} is not {kind} in UTF-8: {told[:200]}.", "Mend it there."
        ) from error
    return checked(_File, tables, path.name)


def _of_toml(_: str, text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _of_quanteda(name: str, text: str) -> dict[str, Any]:
    """A dictionary of quanteda: keys within keys, each with a list of patterns."""
    import yaml

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    labels: dict[str, list[str]] = {}
    for number, (keys, pattern) in enumerate(_leaves(content, ())):
        if number >= _MOST_ENTRIES:
            raise AnalysisError(f"More than {_MOST_ENTRIES:,} patterns.", "Give fewer.")
        patterns = labels.setdefault(", ".join(keys) or name, [])
        if pattern not in patterns:
            patterns.append(pattern)
    return _as_sets(name, labels)


def _leaves(content: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each pattern with the keys above it."""
    if len(keys) > _DEEPEST:
        raise AnalysisError(f"{len(keys)} keys within each other.", f"At most {_DEEPEST}.")
    if isinstance(content, dict):
        for key, below in content.items():
            yield from _leaves(below, (*keys, str(key)))
    elif isinstance(content, list):
        for below in content:
            yield from _leaves(below, keys)
    elif isinstance(content, str | int) and not isinstance(content, bool):
        yield keys, str(content)
    else:
        raise AnalysisError(
            f"Under {', '.join(keys) or 'no key'} stands {str(content)[:60]!r}, no pattern.",
            'Write keys with lists of patterns: cost: [toll*, "bridge fee"].',
        )


def _of_csv(name: str, text: str) -> dict[str, Any]:
    """Two columns, a pattern and its label; a first row pattern, label is left out."""
    csv.field_size_limit(_LARGEST)
    labels: dict[str, list[str]] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() in ("pattern", "term", "word")):
            continue
        if len(cells) != 2 or not all(cells):
            raise AnalysisError(
                f"Row {number} has {len(cells)} columns: {', '.join(cells)[:80]!r}.",
                "Write two: a pattern, and the label it belongs to.",
            )
        labels.setdefault(cells[1], []).append(cells[0])
    return _as_sets(name, labels)


def _as_sets(name: str, labels: dict[str, list[str]]) -> dict[str, Any]:
    """Each label a set of its own: where lists come from, a passage may count for several."""
    sets = [{"name": k, "label": [{"name": k, "entries": v}]} for k, v in labels.items()]
    return {"title": name, "set": sets}


_READERS = {".toml": _of_toml, ".yml": _of_quanteda, ".yaml": _of_quanteda, ".csv": _of_csv}


# ---------------------------------------------------------------- sets, labels, entries


def _sets_of(file: str, content: _File) -> Iterator[tuple[LexiconSet, list[Entry]]]:
    kind, sources = content.get("kind", "indicators"), content.get("sources", {})
    words = content.get("words", {})
    for table in content["set"]:
        where = f"{file}, set {table['name']!r}"
        sides = tuple(table.get("sides", ()))
        labels: dict[str, str] = {}
        entries: list[Entry] = []
        for label in table["label"]:
            at = f"{where}, label {label['name']!r}"
            if label["name"] in labels:
                raise AnalysisError(f"{at} occurs twice.", "Put its entries under one label.")
            labels[label["name"]] = label.get("about", "")
            both = {**table, **label}
            guards = {key: both[key] for key in _Guarded.__annotations__ if key in both}
            given = guards | {"side": label.get("side", "")}
            for row in label["entries"]:
                entry = _entry(at, given | row, words)
                entries.append(replace(entry, set=table["name"], label=label["name"]))
                _check_entry(f"{at}, pattern {row['pattern']!r}", entries[-1], sources, sides)
        _check_twice(where, entries)
        _check_overlap(where, entries)
        _check_sides(where, sides, entries)
        style, about = table.get("house_style", False), table.get("about", "")
        yield LexiconSet(table["name"], kind, about, sides, style, labels), entries


def _entry(at: str, row: dict[str, Any], words: dict[str, list[str]]) -> Entry:
    """An entry, its row holding the guards of its label and set as well."""
    pattern = row["pattern"]
    where = f"{at}, pattern {pattern!r}"
    near, not_near, article, not_article, not_in = (
        tuple(one for name in row.get(key, ()) for one in _named(where, name, words))
        for key in _LISTS
    )
    part_of_name = row.get("part_of_name", True)
    guards = Guards(near, not_near, article, not_article, not_in, part_of_name)
    try:
        places = parse(pattern)
        for one in sorted(guards.patterns()):
            where = f"{at}, pattern {pattern!r}, guard {one!r}"
            parse(one)
    except AnalysisError as error:
        raise AnalysisError(f"{where}: {error.received}", error.remedy) from error
    texts = {
        k: row[k] for k in ("sense", "source", "example", "but_not", "side", "mirror") if k in row
    }
    return Entry("", "", " ".join(pattern.split()), places, guards=guards, **texts)


def _named(where: str, pattern: str, words: dict[str, list[str]]) -> list[str]:
    """The patterns that "@name" stands for; a pattern itself otherwise."""
    if not pattern.startswith("@"):
        return [pattern]
    if pattern[1:] not in words:
        raise unknown(f"name of words in {where}:", pattern, [f"@{name}" for name in words])
    return words[pattern[1:]]


def _check_entry(where: str, entry: Entry, sources: dict[str, str], sides: tuple[str, ...]) -> None:
    key = entry.source.split(",")[0].strip()
    if key and key not in sources:
        raise unknown(f"source in {where}:", key, sources)
    if entry.side and entry.side not in sides:
        raise unknown(f"side in {where}:", entry.side, sides)


def _check_twice(where: str, entries: list[Entry]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.pattern.casefold(), entry)
        if other.label != entry.label:
            raise AnalysisError(
                f"{where}: pattern {entry.pattern!r} stands under "
                f"{other.label!r} and {entry.label!r}.",
                "Keep the one that is meant.",
            )


def _check_overlap(where: str, entries: list[Entry]) -> None:
    """Refuse entries of two labels that match one and the same token sequence."""
    single = _SingleWords(where)
    buckets: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    compared = 0
    for entry in entries:
        options = entry.places[0].options
        if len(entry.places) == 1:
            single.add(entry, options[0][0])
            options = options[1:]
        begins = {w[:_STEM] for first, *_ in options for w in (*first.exact, *first.stems)}
        for begin in sorted("#" if b[0].isdigit() else b for b in begins):
            others = [known for label, known in buckets[begin].items() if label != entry.label]
            compared += sum(map(len, others))
            if compared > _MOST_COMPARED:
                raise AnalysisError(
                    f"{where}: too many patterns begin like {entry.pattern!r} to compare them.",
                    "Join words that stand in the same place: one|other.",
                )
            for other in chain.from_iterable(others):
                if shared := common(other.places, entry.places):
                    raise _overlap(where, other, entry, shared)
            buckets[begin][entry.label].append(entry)


class _SingleWords:
    """The patterns of one word so far: what each would match."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._words: dict[str, Entry] = {}
        self._stems: dict[str, Entry] = {}
        self._prefixes: dict[str, tuple[str, Entry]] = {}  # of words and stems
        self._numbers: dict[str, tuple[str, Entry]] = {}  # as they are written with "#"

    def add(self, entry: Entry, word: Word) -> None:
        """Take in a pattern; refused where it matches a word that another matches."""
        for text in sorted(word.exact):
            number = NUMBER.sub("#", text, count=1) if text[0].isdigit() else ""
            stems = (self._stems.get(text[:n]) for n in range(_STEM, len(text) + 1))
            known = [self._words.get(text), self._words.get(number), *stems]
            self._refuse(entry, [(text, other) for other in known])
            self._refuse(entry, [self._numbers.get(text)] if text[0] == "#" else [])
            self._words[text] = entry
            if number:
                self._numbers[number] = text, entry
        for stem in word.stems:
            shorter = (self._stems.get(stem[:n]) for n in range(_STEM, len(stem)))
            self._refuse(entry, [(stem, other) for other in shorter])
            self._refuse(entry, [self._prefixes.get(stem)])
            self._stems[stem] = entry
        for text in (*word.exact, *word.stems):
            for n in range(_STEM, len(text) + 1):
                self._prefixes.setdefault(text[:n], (text, entry))

    def _refuse(self, entry: Entry, found: Iterable[tuple[str, Entry | None] | None]) -> None:
        for text, other in filter(None, found):
            if other is not None and other.label != entry.label:
                raise _overlap(self._where, other, entry, text)


def _overlap(where: str, a: Entry, b: Entry, shared: str) -> AnalysisError:
    return AnalysisError(
        f"{where}: patterns {a.pattern!r} ({a.label}) and {b.pattern!r} ({b.label}) both match "
        f"{shared!r}.",
        "Narrow one of them, or join them; a longer pattern may contain a shorter one.",
    )


def _check_sides(where: str, sides: tuple[str, ...], entries: list[Entry]) -> None:
    by_pattern = {e.pattern: e for e in entries}
    for side in sides:
        if not any(e.side == side for e in entries):
            raise AnalysisError(
                f"{where} declares the sides {', '.join(sides)}, but {side!r} has no entry.",
                f"Give {side!r} the words that are used for its view, or drop `sides`.",
            )
    for entry in entries:
        if not entry.mirror:
            continue
        other = by_pattern.get(entry.mirror)
        if other is None or not other.side or other.side == entry.side:
            raise AnalysisError(
                f"{where}: pattern {entry.pattern!r} has the mirror {entry.mirror!r}, "
                "which is no entry of another side in this set.",
                "Name a pattern of another side, spelt as it stands there.",
            )
        if other.mirror != entry.pattern:
            raise AnalysisError(
                f"{where}: pattern {entry.pattern!r} has the mirror {other.pattern!r}, whose own "
                f"mirror is {other.mirror!r}.",
                f"Give {other.pattern!r} mirror = {entry.pattern!r}.",
            )


def _check_examples(lexicon: Lexicon) -> None:
    matcher = Matcher([lexicon])
    for entry in lexicon.entries:
        where = f"{lexicon.name}, set {entry.set!r}, label {entry.label!r}"
        found = _found_in(entry.example, entry.set, matcher)
        if entry.example and entry.pattern not in found:
            raise AnalysisError(
                f"{where}: the example of pattern {entry.pattern!r} does not hold it "
                f"(found there: {', '.join(found) or 'none'}).",
                "Write an example in which the pattern is the longest match and its guards hold.",
            )
        if entry.pattern in _found_in(entry.but_not, entry.set, matcher):
            raise AnalysisError(
                f"{where}: pattern {entry.pattern!r} is found in its but_not: {entry.but_not!r}.",
                "Add a guard that keeps it out, or another sentence.",
            )


def _found_in(text: str, of_set: str, matcher: Matcher) -> list[str]:
    """The patterns of a set that are found in a text."""
    matched = [matcher.entries[hit.rank][1] for hit in find_hits(text, matcher)] if text else []
    return sorted({one.pattern for one in matched if one.set == of_set})


def _remarks(lexicon: Lexicon) -> Iterator[str]:
    """What a reader of the list will miss, each in one sentence."""
    for key in ("sense", "source", "example"):
        without = [e.pattern for e in lexicon.entries if not getattr(e, key)]
        if without:
            few = ", ".join(without[:3]) + ", …" * (len(without) > 3)
            yield (
                f"{lexicon.name}: {len(without)} of {len(lexicon.entries)} entries without {key}: "
                f"{few}."
            )
    labels = [pair for one in lexicon.sets.values() for pair in one.labels.items()]
    silent = [name for name, about in labels if not about]
    if silent:
        few = ", ".join(silent[:3]) + ", …" * (len(silent) > 3)
        yield f"{lexicon.name}: {len(silent)} labels do not say what they are about: {few}."
