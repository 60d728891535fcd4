"""Word lists as data: reading a lexicon, and refusing one that could not be defended.

A lexicon is a TOML file (the bundled ones are in ``data/languages/en``)::

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

    [[set.label]]
    name = "cost"                           # the column `entry` of the table `indicators`
    about = "The question a coder would answer."
    side = "port"                           # optional, for all its entries
    entries = [
      { pattern = "cost {0,3} taxpayer*", sense = "public expense", source = "Doe2001, q. 3", … },
    ]

An entry has a pattern, a note on the sense meant, a source, and an ``example`` written for the
lexicon in which the pattern is found; ``side`` names whose word it is, ``mirror`` the entry that
is its counterpart on another side.

**Patterns** are made of words as the token rule sees them (`analysis.measure.tokens`), in any
case, separated by spaces:

==================  ==============================================================
``word``            that token; possessive ``'s`` is stripped from texts, so never written
``stem*``           any token that begins so (at least three letters before the star)
``one|other*``      one of several
``{0,3}``           between none and three words of any kind, within the sentence
``#``, ``#-year``   a number in figures, alone or at the beginning of a token
``self-made``       hyphened or open: ``self-made`` and ``self made``
==================  ==============================================================

Words that follow each other directly in a pattern have only white space, quotation marks or
a sign like ``$`` between them in a text; a gap may hold commas, but no end of a sentence.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.data import EVENTS, LANGUAGES
from analysis.errors import AnalysisError, unknown
from analysis.measure.tokens import tokenize

_GAP = re.compile(r"\{(\d+),(\d+)\}")
_LONGEST_GAP = 8
_SHORTEST_STEM = 3
NUMBER = re.compile(r"\d[\d.,:]*")
KINDS = ("indicators", "naming")


# ---------------------------------------------------------------- patterns


@dataclass(frozen=True)
class Word:
    """One place in a pattern: any of some words, or any token that begins with a stem.

    A `Word` without words and stems stands for any token at all (a place inside a gap).
    """

    exact: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    def matches(self, token: str) -> bool:
        """Whether a folded token stands here; ``#`` in a word stands for a number."""
        if token in self.exact or token.startswith(self.stems):
            return True
        is_any = not self.exact and not self.stems
        return is_any or (token[:1].isdigit() and NUMBER.sub("#", token, count=1) in self.exact)

    def common(self, other: Word) -> str | None:
        """A token that both match, if there is one."""
        if not other.exact and not other.stems:
            self, other = other, self
        if not self.exact and not self.stems:
            return min([*other.exact, *other.stems], default="…")
        shared = [w for w in self.exact if other.matches(w)]
        shared += [w for w in other.exact if self.matches(w)]
        for a, b in product(self.stems, other.stems):
            if a.startswith(b) or b.startswith(a):
                shared.append(max(a, b, key=len))
        return min(shared, default=None)


ANY = Word()


@dataclass(frozen=True)
class Step:
    """A word of a pattern, and how many tokens may stand between it and the word before."""

    least: int
    most: int
    word: Word


Steps = tuple[Step, ...]


def parse(pattern: str) -> tuple[Steps, ...]:
    """The step sequences of a pattern: one, or several where a word may be written open.

    Raises
    ------
    AnalysisError
        Where the pattern could never match, or its meaning is unclear.
    """
    sequences: list[Steps] = [()]
    least = most = 0
    parts = pattern.split()
    if not parts:
        raise AnalysisError("The pattern is empty.", "Write at least one word.")
    if _GAP.fullmatch(parts[0]) or _GAP.fullmatch(parts[-1]):
        raise AnalysisError("A gap begins or ends the pattern.", "Put it between two words.")
    for before, part in pairwise(["", *parts]):
        gap = _GAP.fullmatch(part)
        if gap:
            least, most = _gap(gap, before)
            continue
        options = _options(part)
        sequences = [
            (*head, Step(least, most, first), *(Step(0, 0, w) for w in rest))
            for head in sequences
            for first, *rest in options
        ]
        least = most = 0
    return tuple(sequences)


def _gap(gap: re.Match[str], before: str) -> tuple[int, int]:
    least, most = int(gap[1]), int(gap[2])
    if least > most or not 0 < most <= _LONGEST_GAP or _GAP.fullmatch(before):
        raise AnalysisError(
            f"The gap {gap[0]!r} is not usable.",
            f"Write one gap {{m,n}} between two words, with m ≤ n and n from 1 to {_LONGEST_GAP}.",
        )
    return least, most


def _options(part: str) -> list[list[Word]]:
    """The ways to write one word of a pattern: as it stands, and open where it has hyphens."""
    written = [_checked(alternative) for alternative in part.split("|")]
    if len(set(written)) < len(written):
        raise AnalysisError(f"{part!r} names a word twice.", "Leave one out.")
    options = [[_word(written)]]
    for alternative in written:
        pieces = alternative.split("-")
        if len(pieces) > 1 and all(pieces):
            options.append([_word([piece]) for piece in pieces])
    return options


def _word(alternatives: Iterable[str]) -> Word:
    alternatives = list(alternatives)
    exact = frozenset(a for a in alternatives if not a.endswith("*"))
    return Word(exact, tuple(sorted(a[:-1] for a in alternatives if a.endswith("*"))))


def _checked(word: str) -> str:
    """A word of a pattern in its folded form, refused where no token can ever equal it."""
    if not word:
        raise AnalysisError("A bar has no word on one of its sides.", "Write one|other.")
    if "{" in word or "}" in word or "..." in word or "…" in word:
        raise AnalysisError(
            f"{word!r} is no gap.", "Write a gap as {0,3}: from none to three words."
        )
    stem = word.removesuffix("*")
    if "*" in stem or not stem:
        raise AnalysisError(
            f"The star in {word!r} is not at the end of a word.",
            "Write stem* for any ending, {1,1} for any one word.",
        )
    starred = word.endswith("*")
    number = stem.startswith("#")
    probe = stem.replace("#", "1", 1) if number else stem
    probe += "x" if starred else ""
    tokens = tokenize(probe)
    folded = tokens[0].removesuffix("x") if len(tokens) == 1 and starred else " ".join(tokens)
    if len(tokens) != 1 or len(folded) != len(probe.removesuffix("x") if starred else probe):
        shown = " ".join(tokens) or "nothing"
        raise AnalysisError(
            f"{word!r} can never match: the token rule reads it as {shown!r}.",
            f"Write {shown!r}." if tokens else "Write letters, digits, inner hyphens, apostrophes.",
        )
    if starred and (len(stem) < _SHORTEST_STEM or any(c.isdigit() or c == "#" for c in stem)):
        raise AnalysisError(
            f"The stem in {word!r} is too short or holds a number.",
            f"Give at least {_SHORTEST_STEM} letters, or the words themselves: one|other.",
        )
    if number:
        folded = "#" + folded[1:]
    return folded + ("*" if starred else "")


# ---------------------------------------------------------------- lexicons


@dataclass(frozen=True)
class Entry:
    """One pattern of a lexicon, with what a reader needs to judge it."""

    set: str
    label: str
    pattern: str
    sense: str
    source: str
    example: str
    side: str
    mirror: str
    sequences: tuple[Steps, ...]


@dataclass(frozen=True)
class LexiconSet:
    """A set of labels among which a passage has one."""

    name: str
    about: str
    sides: tuple[str, ...]
    house_style: bool
    labels: dict[str, str]


@dataclass(frozen=True)
class Lexicon:
    """A word list that passed every check of `load_lexicon`; equal where name and hash are.

    Attributes
    ----------
    name : the file's name without its ending
    hash : SHA-256 of the file, line ends as ``\\n``
    sets : by name, in the order of the file
    sources : by the key under which entries cite them
    entries : in the order of the file
    """

    name: str
    title: str = field(compare=False)
    kind: str = field(compare=False)
    about: str = field(compare=False)
    hash: str
    sets: dict[str, LexiconSet] = field(compare=False)
    sources: dict[str, str] = field(compare=False)
    entries: tuple[Entry, ...] = field(compare=False)

    def described(self) -> dict[str, Any]:
        """What a measured corpus keeps of the lexicon: enough to list what was not found."""
        sets = {
            s.name: {"house_style": s.house_style, "labels": dict(s.labels)}
            for s in self.sets.values()
        }
        return {"hash": f"sha256:{self.hash}", "title": self.title, "kind": self.kind, "sets": sets}

    def table(self) -> pd.DataFrame:
        """One row an entry: set, label, pattern, sense, source, example, side, mirror."""
        columns = ["set", "label", "pattern", "sense", "source", "example", "side", "mirror"]
        rows = [[getattr(e, c) for c in columns] for e in self.entries]
        return pd.DataFrame(rows, columns=columns, dtype="str")


def available_lexicons() -> list[str]:
    """Names of the bundled lexicons."""
    return sorted(_bundled())


def _bundled() -> dict[str, Path]:
    files = [*LANGUAGES.glob("*/*.toml"), *EVENTS.glob("*/*.toml")]
    return {f.stem: f for f in files if "[[set]]" in f.read_text("utf-8")}


def load_lexicon(path_or_name: str | Path) -> Lexicon:
    """Read and check a lexicon.

    Parameters
    ----------
    path_or_name
        A TOML file, or the name of a bundled lexicon (`available_lexicons`).

    Raises
    ------
    AnalysisError
        With file and entry, for: unreadable TOML; missing, empty or unknown keys; a source
        that ``[sources]`` does not explain; a pattern that occurs twice, shares a token
        sequence with another of its set, or can never match; an example in which its own
        pattern is not found; a set that declares sides and leaves one empty; a mirror that is
        no entry of another side, or does not point back.
    """
    path = Path(path_or_name)
    if path.suffix != ".toml":
        if str(path_or_name) not in _bundled():
            raise unknown("lexicon", path_or_name, available_lexicons())
        path = _bundled()[str(path_or_name)]
    if not path.is_file():
        raise AnalysisError(f"There is no file {path}.", "Give the path of a lexicon in TOML.")
    raw = path.read_bytes().replace(b"\r\n", b"\n")
    return _build(path, hashlib.sha256(raw).hexdigest(), path.stat().st_mtime_ns)


@cache
def _build(path: Path, digest: str, _changed: int) -> Lexicon:
    file = path.name
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AnalysisError(f"{file} is not TOML in UTF-8: {error}.", "Mend it there.") from error
    _check_keys(file, content, {"title", "kind", "about", "sources", "set"}, set())
    if content["kind"] not in KINDS:
        raise unknown(f"kind in {file}:", content["kind"], KINDS)
    sets: dict[str, LexiconSet] = {}
    entries: list[Entry] = []
    for number, table in enumerate(content["set"], 1):
        found, its_entries = _read_set(f"{file}, set {number}", table, content["sources"])
        if found.name in sets:
            raise AnalysisError(f"{file} has two sets {found.name!r}.", "Rename or join them.")
        sets[found.name] = found
        entries += its_entries
        _check_twice(file, its_entries)
        _check_overlap(file, its_entries)
        _check_sides(file, found, its_entries)
    about, title, kind = content["about"], content["title"], content["kind"]
    lexicon = Lexicon(
        path.stem, title, kind, about, digest, sets, content["sources"], tuple(entries)
    )
    _check_examples(file, lexicon)
    return lexicon


def _check_keys(where: str, table: dict[str, Any], needed: set[str], optional: set[str]) -> None:
    for key in sorted(needed):
        if not table.get(key):
            raise AnalysisError(f"{where} has no {key!r}.", f"Give it one: {key} = …")
    for key in sorted(set(table) - needed - optional):
        raise unknown(f"key in {where}:", key, needed | optional)


def _read_set(
    where: str, table: dict[str, Any], sources: dict[str, str]
) -> tuple[LexiconSet, list[Entry]]:
    _check_keys(where, table, {"name", "about", "label"}, {"sides", "house_style"})
    sides = tuple(table.get("sides", ()))
    labels: dict[str, str] = {}
    entries: list[Entry] = []
    for label in table["label"]:
        at = f"{where} ({table['name']}), label {label.get('name', '')!r}"
        _check_keys(at, label, {"name", "about", "entries"}, {"side"})
        if label["name"] in labels:
            raise AnalysisError(f"{at} occurs twice.", "Put its entries under one label.")
        labels[label["name"]] = label["about"]
        for row in label["entries"]:
            given = {"side": label.get("side", ""), **row}
            entries.append(_read_entry(at, given, table["name"], label["name"], sources, sides))
    house_style = bool(table.get("house_style", False))
    return LexiconSet(table["name"], table["about"], sides, house_style, labels), entries


def _read_entry(
    at: str,
    row: dict[str, str],
    set_name: str,
    label: str,
    sources: dict[str, str],
    sides: tuple[str, ...],
) -> Entry:
    where = f"{at}, pattern {row.get('pattern', '')!r}"
    _check_keys(where, row, {"pattern", "sense", "source", "example"}, {"side", "mirror"})
    key = row["source"].split(",")[0].strip()
    if key not in sources:
        raise unknown(f"source in {where}:", key, sources)
    side, mirror = row.get("side", ""), row.get("mirror", "")
    if side and side not in sides:
        raise unknown(f"side in {where}:", side, sides)
    try:
        sequences = parse(row["pattern"])
    except AnalysisError as error:
        raise AnalysisError(f"{where}: {error.received}", error.remedy) from error
    sense, source, example = row["sense"], row["source"], row["example"]
    pattern = " ".join(row["pattern"].split())
    return Entry(set_name, label, pattern, sense, source, example, side, mirror, sequences)


def _check_twice(file: str, entries: list[Entry]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.pattern.casefold(), entry)
        if other is not entry:
            raise AnalysisError(
                f"{file}, set {entry.set!r}: pattern {entry.pattern!r} stands under "
                f"{other.label!r} and {entry.label!r}.",
                "Keep the one that is meant.",
            )


def _fixed_lengths(entry: Entry) -> Iterator[tuple[Word, ...]]:
    """The places of an entry's sequences, for each length its gaps can take."""
    for steps in entry.sequences:
        for gaps in product(*(range(s.least, s.most + 1) for s in steps)):
            yield tuple(
                w for s, gap in zip(steps, gaps, strict=True) for w in (*[ANY] * gap, s.word)
            )


def _beginning(word: str) -> str:
    """What two words with a token in common share; a cheap sieve before they are compared."""
    return "#" if word[0] == "#" or word[0].isdigit() else word[:2]


def _check_overlap(file: str, entries: list[Entry]) -> None:
    """Refuse two entries that match one and the same token sequence."""
    buckets: dict[tuple[int, str], list[tuple[Entry, tuple[Word, ...]]]] = defaultdict(list)
    for entry in entries:
        for places in _fixed_lengths(entry):
            first = places[0]
            for begin in sorted({_beginning(w) for w in (*first.exact, *first.stems)}):
                bucket = buckets[len(places), begin]
                for other, its_places in bucket:
                    if other is not entry:
                        _refuse_common(file, other, its_places, entry, places)
                bucket.append((entry, places))


def _refuse_common(
    file: str, a: Entry, a_places: tuple[Word, ...], b: Entry, b_places: tuple[Word, ...]
) -> None:
    shared = []
    for x, y in zip(a_places, b_places, strict=True):
        word = x.common(y)
        if word is None:
            return
        shared.append(word)
    raise AnalysisError(
        f"{file}, set {a.set!r}: patterns {a.pattern!r} ({a.label}) and {b.pattern!r} "
        f"({b.label}) both match {' '.join(shared)!r}.",
        "Narrow one of them, or join them; a longer pattern may contain a shorter one.",
    )


def _check_sides(file: str, found: LexiconSet, entries: list[Entry]) -> None:
    where = f"{file}, set {found.name!r}"
    by_pattern = {e.pattern: e for e in entries}
    for side in found.sides:
        if not any(e.side == side for e in entries):
            raise AnalysisError(
                f"{where} declares the sides {', '.join(found.sides)}, but {side!r} has no entry.",
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


def _check_examples(file: str, lexicon: Lexicon) -> None:
    from analysis.measure.lexicon.matching import Matcher, find_hits  # it needs the lexicon's types

    matcher = Matcher([lexicon])
    for entry in lexicon.entries:
        hits = find_hits(entry.example, matcher)
        matched = [matcher.entries[hit.rank][1] for hit in hits]
        found = sorted({one.pattern for one in matched if one.set == entry.set})
        if entry.pattern not in found:
            raise AnalysisError(
                f"{file}, set {entry.set!r}, label {entry.label!r}: the example of pattern "
                f"{entry.pattern!r} does not hold it (found there: {', '.join(found) or 'none'}).",
                "Write an example in which the pattern is the longest match.",
            )
