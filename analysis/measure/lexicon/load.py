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

import csv
import hashlib
import io
import tomllib
from bisect import bisect_left
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
from analysis.data import LEXICON_KINDS, bundled_lexicons, lexicon_files, mistake
from analysis.errors import AnalysisError, unknown
from analysis.measure.lexicon.matching import Matcher, find_hits
from analysis.measure.lexicon.patterns import (
    Entry,
    Guards,
    Lexicon,
    LexiconSet,
    Pattern,
    Place,
    Word,
    parse,
)

_LARGEST = 2_000_000  # bytes of a file
_MOST_ENTRIES = 20_000
_DEEPEST = 8  # keys within keys
_ALIKE = 50  # words of other patterns that are tried for a stem
_LISTS = ("near", "not_near", "article", "not_article", "not_in")
_INHERITED = (*_LISTS, "part_of_name", "side")  # from a label, or a set


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
    if (size := path.stat().st_size) > _LARGEST:
        raise mistake("list-size", name=path.name, size=size, most=_LARGEST)
    return path, path.read_bytes().replace(b"\r\n", b"\n")


@cache
def _load(name: str, files: tuple[tuple[Path, bytes], ...]) -> Lexicon:
    """The lists of one name as one lexicon."""
    sets: dict[str, LexiconSet] = {}
    entries: list[Entry] = []
    contents = [_content(path, content) for path, content in files]
    for (path, _), content in zip(files, contents, strict=True):
        for one, its_entries in _sets_of(path.name, content):
            if one.name in sets:
                raise mistake("list-set-twice", file=path.name, name=one.name)
            sets[one.name] = one
            entries += its_entries
    if len(entries) > _MOST_ENTRIES:
        raise mistake("list-patterns", name=name, n=len(entries), most=_MOST_ENTRIES)
    digests = [hashlib.sha256(content).hexdigest() for _, content in files]
    whole = hashlib.sha256("".join(digests).encode()).hexdigest() if digests[1:] else digests[0]
    titles = [c.get("title", path.stem) for (path, _), c in zip(files, contents, strict=True)]
    about = " ".join(c["about"] for c in contents if c.get("about"))
    sources = {key: text for c in contents for key, text in c.get("sources", {}).items()}
    lexicon = Lexicon(name, whole, "; ".join(titles), about, sets, sources, tuple(entries))
    matcher = Matcher([lexicon])
    _check_overlap(lexicon, matcher)
    _check_examples(lexicon, matcher)
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
        raise mistake("list-format", name=path.name, kind=kind, told=told[:200]) from error
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
        raise mistake("list-leaf", keys=", ".join(keys) or "no key", found=str(content)[:60])


def _of_csv(name: str, text: str) -> dict[str, Any]:
    """Two columns, a pattern and its label; a first row pattern, label is left out."""
    csv.field_size_limit(_LARGEST)
    labels: dict[str, list[str]] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() in ("pattern", "term", "word")):
            continue
        if len(cells) != 2 or not all(cells):
            raise mistake("list-row", row=number, n=len(cells), cells=", ".join(cells)[:80])
        labels.setdefault(cells[1], []).append(cells[0])
    return _as_sets(name, labels)


def _as_sets(name: str, labels: dict[str, list[str]]) -> dict[str, Any]:
    """Each label a set of its own: where lists come from, a passage may count for several."""
    sets = [{"name": k, "label": [{"name": k, "entries": v}]} for k, v in labels.items()]
    return {"title": name, "set": sets}


_READERS = {".toml": _of_toml, ".yml": _of_quanteda, ".yaml": _of_quanteda, ".csv": _of_csv}


# ---------------------------------------------------------------- sets, labels, entries


def _sets_of(file: str, content: _File) -> Iterator[tuple[LexiconSet, list[Entry]]]:
    kind = content.get("kind", "indicators")
    for table in content["set"]:
        where = f"{file}, set {table['name']!r}"
        labels: dict[str, str] = {}
        entries: list[Entry] = []
        for label in table["label"]:
            name, at = label["name"], f"{where}, label {label['name']!r}"
            if name in labels:
                raise AnalysisError(f"{at} occurs twice.", "Put its entries under one label.")
            labels[name] = label.get("about", "")
            given = {k: v for k, v in {**table, **label}.items() if k in _INHERITED}
            for row in label["entries"]:
                of = {**given, **row, "set": table["name"], "label": name}
                entries.append(_entry(f"{at}, pattern {row['pattern']!r}", of, table, content))
        sides = tuple(table.get("sides", ()))
        _check_sides(where, sides, entries)
        style, about = table.get("house_style", False), table.get("about", "")
        yield LexiconSet(table["name"], kind, about, sides, style, labels), entries


def _entry(where: str, row: dict[str, Any], of_set: _Set, content: _File) -> Entry:
    """An entry, its row holding what its label and set say as well."""
    words, key = content.get("words", {}), row.get("source", "").split(",")[0].strip()
    sources, sides = content.get("sources", {}), of_set.get("sides", ())
    for what, named, known in (("source", key, sources), ("side", row.get("side"), sides)):
        if named and named not in known:
            raise unknown(f"{what} in {where}:", named, known)
    guards: dict[str, frozenset[str]] = {}
    for name in _LISTS:
        patterns: set[str] = set()
        for one in row.pop(name, ()):
            if one.startswith("@") and one[1:] not in words:
                raise unknown(f"name of words in {where}:", one, [f"@{word}" for word in words])
            patterns.update(words[one[1:]] if one.startswith("@") else [one])
        guards[name] = frozenset(patterns)
    pattern, guard = row.pop("pattern"), ""
    try:
        places = parse(pattern)
        for one in sorted({p for patterns in guards.values() for p in patterns}):
            guard = f", guard {one!r}"
            parse(one)
    except AnalysisError as error:
        raise AnalysisError(f"{where}{guard}: {error.received}", error.remedy) from error
    when = Guards(**guards, part_of_name=row.pop("part_of_name", True))
    return Entry(pattern=" ".join(pattern.split()), places=places, guards=when, **row)


def _check_overlap(lexicon: Lexicon, matcher: Matcher) -> None:
    """Refuse entries of two labels of a set that match one and the same token sequence.

    Of each entry all words are tried in each of its places, of a stem those that other patterns
    name as well, and each length of a gap.
    """
    known = {w for e in lexicon.entries for p in e.places for o in p.options for w in o}
    named = sorted({text for word in known for text in (*word.exact, *word.stems)})
    several = {name for name, of_set in lexicon.sets.items() if len(of_set.labels) > 1}
    for rank, (_, entry) in enumerate(matcher.entries):
        for tokens in _examples(entry.places, named) if entry.set in several else ():
            for other in matcher.rivals(rank, tokens):
                both = {"one": entry, "other": other, "words": " ".join(tokens)}
                raise mistake("list-overlap", name=lexicon.name, **both)


def _examples(pattern: Pattern, named: list[str]) -> Iterator[list[str]]:
    """Token sequences that a pattern matches: all that fills a place, with the first of others."""
    ways = [list(_fills(place, named)) for place in pattern]
    first = [fills[0] for fills in ways]
    for at, fills in enumerate(ways):
        for fill in fills[at > 0 :]:
            yield [*chain(*first[:at]), *fill, *chain(*first[at + 1 :])]


def _fills(place: Place, named: list[str]) -> Iterator[list[str]]:
    gap = ["…"] * place.least
    for option in place.options:
        begin, *rest = (_texts(word, named) for word in option)
        yield from ([*gap, text, *(texts[0] for texts in rest)] for text in begin)
    shortest = _texts(place.options[0][0], named)[0]
    yield from (["…"] * n + [shortest] for n in range(place.least + 1, place.most + 1))


def _texts(word: Word, named: list[str]) -> list[str]:
    """Tokens that stand for a word: those of `named`, for its stems."""
    texts = [text.replace("#", "1", 1) for text in sorted(word.exact)]
    for stem in word.stems:
        at = bisect_left(named, stem)
        texts += [stem, *(text for text in named[at : at + _ALIKE] if text.startswith(stem))]
    return texts


def _check_sides(where: str, sides: tuple[str, ...], entries: list[Entry]) -> None:
    for side in sides:
        if not any(e.side == side for e in entries):
            raise mistake("list-side", where=where, sides=", ".join(sides), side=side)
    by_pattern = {e.pattern: e for e in entries}
    for entry in filter(lambda e: e.mirror, entries):
        other = by_pattern.get(entry.mirror)
        if not other or other.side in ("", entry.side) or other.mirror != entry.pattern:
            raise mistake("list-mirror", where=where, entry=entry)


def _check_examples(lexicon: Lexicon, matcher: Matcher) -> None:
    for entry in lexicon.entries:
        where = f"{lexicon.name}, set {entry.set!r}, label {entry.label!r}"
        found = _found_in(entry.example, entry.set, matcher)
        if entry.example and entry.pattern not in found:
            there = ", ".join(found) or "none"
            raise mistake("list-example", where=where, entry=entry, there=there)
        if entry.pattern in _found_in(entry.but_not, entry.set, matcher):
            raise mistake("list-but-not", where=where, entry=entry)


def _found_in(text: str, of_set: str, matcher: Matcher) -> list[str]:
    """The patterns of a set that are found in a text."""
    matched = [matcher.entries[hit.rank][1] for hit in find_hits(text, matcher)] if text else []
    return sorted({one.pattern for one in matched if one.set == of_set})


def _remarks(lexicon: Lexicon) -> Iterator[str]:
    """What a reader of the list will miss, each in one sentence."""
    for key in ("sense", "source", "example"):
        without = [e.pattern for e in lexicon.entries if not getattr(e, key)]
        if without:
            of = f"{len(without)} of {len(lexicon.entries)} entries without {key}"
            yield f"{lexicon.name}: {of}: {_few(without)}."
    labels = [pair for one in lexicon.sets.values() for pair in one.labels.items()]
    silent = [name for name, about in labels if not about]
    if silent:
        of = f"{len(silent)} labels do not say what they are about"
        yield f"{lexicon.name}: {of}: {_few(silent)}."


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + ", …" * (len(names) > 3)
