"""A record of a news database → draft: what all exports have in common."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from analysis.data import DATA, read_list
from analysis.gather.credits import agencies
from analysis.gather.dates import LONGEST, is_date
from analysis.gather.drafts import Draft, Options, Source, date_field, one_line, settle
from analysis.gather.problems import BadArticle, refused
from analysis.gather.tables import day_first
from analysis.gather.text import paragraphs

LABEL = 50  # characters of a label, at most
WINDOW = 12  # words of a line in which a date is looked for
_EAST = re.compile(r"((?:1[6-9]|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")


@dataclass
class Record:
    """What an export says of one article; the byline is read for cleaning and never kept."""

    outlet: str = ""
    date: str = ""
    title: str = ""
    byline: str = ""
    section: str = ""
    genre: str = ""
    length: str = ""
    language: str = ""
    url: str = ""
    text: list[str] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)

    def say(self, meaning: str, value: str) -> None:
        """Keep what a label says, where a record has a place for it."""
        if meaning in ("length", "text", "removed") or not hasattr(self, meaning):
            self.length = count_of_words(value) if meaning == "length" else self.length
        elif value:
            setattr(self, meaning, value)


def record_of(form: str, found: Callable[[str], Sequence[str]]) -> Record:
    """A record of what is ``found`` under the names that ``data/exports.toml`` gives for a form."""
    record = Record()
    for meaning, names in read_list(DATA / "exports.toml")[form].items():
        values = [v for name in names for v in found(name) if v.strip()]
        setattr(record, meaning, values if meaning == "text" else values[0] if values else "")
    return record


@cache
def labels(database: str) -> dict[str, str]:
    """Label in lower case → what it labels, for one database; the first list that has it counts."""
    table = read_list(DATA / "exports.toml")[database]
    pairs = [(label.casefold(), meaning) for meaning, names in table.items() for label in names]
    return dict(reversed(pairs))


@cache
def words_for(*names: str) -> frozenset[str]:
    """A list of ``data/exports.toml`` by the names that lead to it, in lower case."""
    table: Any = read_list(DATA / "exports.toml")
    for name in names:
        table = table[name]
    return frozenset(w.casefold() for w in table)


def label_of(line: str, database: str) -> tuple[str, str]:
    """What a line ``Label: value`` is about, and the value; ('', line) where it has no label."""
    before, colon, _after = line[: LABEL + 1].partition(":")
    meaning = labels(database).get(" ".join(before.split()).casefold(), "") if colon else ""
    return (meaning, line[len(before) + 1 :].strip()) if meaning else ("", line)


@lru_cache(maxsize=256)
def date_in(line: str) -> str:
    """The longest run of a line's first words that is a date, '' for none."""
    if m := _EAST.search(line):
        return f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}"
    words = line[: 5 * LONGEST].split()[:WINDOW]
    if not _YEAR.search(" ".join(words)):
        return ""
    spans = [(a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1)]
    for a, b in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        found = " ".join(words[a:b]).strip(" ,;")
        if _YEAR.search(found) and is_date(found):
            return found
    return ""


def count_of_words(line: str) -> str:
    """``355`` from "355 words"; '' where a line is nothing of the kind."""
    m = re.fullmatch(r"\W*(\d[\d.,'’\s]{0,9})\s*([^\W\d_]+)\W*", line.strip()[:40])
    return re.sub(r"\D", "", m[1]) if m and m[2].casefold() in words_for("words") else ""


def language_code(name: str) -> str:
    """The two-letter code of a language's name in a menu, '' where it is not known."""
    first = re.split(r"[;,/|(]", name.strip())[0].strip().casefold()
    table = read_list(DATA / "exports.toml")["languages"]
    if first in table:
        return first
    return next((code for code, names in table.items() if first in names), "")


def genre_of(kind: str, section: str) -> str:
    """News, opinion, live, interview or transcript, by the type of document, else the section."""
    table = read_list(DATA / "exports.toml")["genres"]
    said = [set(re.findall(r"[\w-]+", text.casefold())) for text in (kind, section)]
    found = (str(genre) for words in said for genre in table if words & {*table[genre]})
    return next(found, "")


def is_copyright(line: str) -> bool:
    """Whether a line is a notice of rights and nothing else."""
    return len(line) < 200 and line.strip().casefold().startswith(tuple(words_for("copyright")))


def outlet_name(written: str) -> str:
    """An outlet's name as databases vary it: ``The Post(London)``, ``Post.example.``."""
    name = re.sub(r"(?<=\w)\(", " (", one_line(written))
    return re.sub(r"(\.[^\W\d_]{2,12})\.$", r"\1", name).strip(" ,;")


def drafts(
    records: Iterable[Record | BadArticle], source: Source, options: Options, form: str
) -> Iterator[Draft | BadArticle]:
    """The drafts of an export's records, numbered as they stand in it."""
    listed = list(records)
    wide = len(str(len(listed)))
    dated = ((n, r.date) for n, r in enumerate(listed, 1) if isinstance(r, Record))
    dayfirst, told = day_first(dated, source.name, options.dayfirst)
    yield from told
    for n, record in enumerate(listed, 1):
        fields = {"id": f"{source.stem}-{n:0{wide}}"}
        draft = Draft(source.name, n, fields, form=form)
        yield _filled(draft, record, dayfirst) if isinstance(record, Record) else record


def _filled(draft: Draft, record: Record, dayfirst: bool | None) -> Draft:
    draft.removed = record.removed
    for key in ("title", "section", "length", "url"):
        draft.fields[key] = one_line(getattr(record, key))
    draft.fields["outlet"] = outlet_name(record.outlet)
    draft.fields["genre"] = genre_of(record.genre, record.section)
    draft.fields["language"] = language_code(record.language) if record.language else ""
    draft.fields |= date_field(one_line(record.date), draft, dayfirst)
    byline = one_line(record.byline)
    # The lines of a PDF are those of its pages, not of its paragraphs.
    lines = paragraphs(("\n" if draft.form.endswith("PDF") else "\n\n").join(record.text))
    signed = byline.casefold()
    draft.removed += [(x, "byline") for x in lines if x.casefold() == signed]
    agency = settle(draft, [x for x in lines if x.casefold() != signed])
    credited = filter(None, [*agencies(byline), *agency.split(", ")])
    draft.fields["agency"] = ", ".join(dict.fromkeys(credited))
    return draft


def incomplete(source: Source, seen: str) -> BadArticle:
    """The refusal of an export that cannot be split whole."""
    return refused(source.name, "export", seen=seen)
