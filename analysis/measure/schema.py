"""The tables of a measured corpus: their columns, types, keys and the order of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError, unknown

ZONES = ("headline", "lead", "body")
VOICES = ("narrator", "reported", "quoted")
SCHEMA_NUMBER = 1  # of `datapackage.json`: raised whenever a table changes its columns


@dataclass(frozen=True)
class Column:
    """One column of a table: its Frictionless type and what it holds."""

    type: str
    description: str
    in_cells: tuple[str, ...] = ()
    category: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the package: its file, its primary key and its columns."""

    file: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


def _text(description: str) -> Column:
    return Column("string", description)


def _number(description: str) -> Column:
    return Column("integer", description)


def _decimal(description: str) -> Column:
    return Column("number", description)


def _category(description: str, in_cells: tuple[str, ...] = ()) -> Column:
    return Column("string", description, in_cells, category=True)


_ARTICLE = _category("id of the article")
_ZONE = _category("headline, lead (first five sentences) or body", ZONES)
_VOICE = _category(
    "narrator, reported (in a statement, without marks) or quoted (inside quotation marks)", VOICES
)
_SIDE = _category("side of the speaker; empty for the narrator and where no side is known")

SCHEMA: dict[str, Table] = {
    "articles": Table(
        "articles.csv",
        "One row per article; further columns are the corpus's own tags.",
        ("id",),
        {
            "id": _text("unique name of the article in this corpus"),
            "outlet": _text("who published it"),
            "date": _text("day of publication, with the time where known (ISO 8601); may be empty"),
            "title": _text("headline; empty where unknown"),
            "url": _text("address; empty where unknown"),
            "agency": _text("news agencies credited in the text, comma-separated"),
            "section": _text("section of the paper or site; empty where unknown"),
            "genre": _text("news, opinion, live, interview or transcript; empty where unknown"),
            "collection": _text("the collection it was taken from"),
            "language": _text("ISO 639-1 code; empty where it could not be told"),
            "words": _number("tokens of lead and body"),
            "sentences": _number("sentences of lead and body"),
            "quoted_words": _number("tokens of lead and body inside quotation marks"),
            "reported_words": _number("tokens of lead and body in statements, without marks"),
            "mattr": _decimal("moving-average type–token ratio, 100 words; empty if shorter"),
            "mtld": _decimal("measure of textual lexical diversity; empty if no word recurs"),
            "shingles": _number("distinct five-word shingles of the outlet's own words"),
            "topic_uses": _number("uses of the terms that the description gives as its topic"),
            "on_topic": Column("boolean", "whether these are enough; true where it gives none"),
            "text_sha256": _text("SHA-256 of the text (UTF-8); empty under 50 words"),
        },
    ),
    "outlets": Table(
        "outlets.csv",
        "One row per outlet.",
        ("outlet",),
        {
            "outlet": _text("name, as in articles"),
            "country": _text("country of the newsroom's headquarters; empty where not listed"),
            "ownership": _text("kind of ownership; empty where not listed"),
            "note": _text("source of the classification"),
        },
    ),
    "terms": Table(
        "terms.parquet",
        "How often each term stands in each zone and voice of each article.",
        ("article", "zone", "voice", "side", "term"),
        {
            "article": _ARTICLE,
            "zone": _category(
                "headline, lead (first five sentences) or body; empty where so few words share "
                "article, zone and voice that they could be put in order (under 12)",
                (*ZONES, ""),
            ),
            "voice": _VOICE,
            "side": _category("side of the speaker; empty where none is known, or under 12 words"),
            "term": _category("case-folded token"),
            "count": _number("occurrences"),
        },
    ),
    "spellings": Table(
        "spellings.parquet",
        "The commonest spelling of each term that is not written as it is counted.",
        ("term",),
        {"term": _text("case-folded token"), "spelling": _text("how it is written most often")},
    ),
    "statements": Table(
        "statements.parquet",
        "One row per attribution: who is given the word, and how it is introduced.",
        ("article", "order"),
        {
            "article": _ARTICLE,
            "order": _number("position among the article's statements, from 1"),
            "speaker": _category("name, one per person per article; empty where unattributed"),
            "side": _SIDE,
            "role": _category("role of the speaker; empty where none is known"),
            "cue": _category("verb or phrase that introduces the statement, in small letters"),
            "lemma": _category("base form of the verb in the cue; empty where none is listed"),
            "class": _category("class of that verb in its list; empty where none is listed"),
            "kind": _category("direct, indirect or mixed", ("direct", "indirect", "mixed")),
            "rule": _category("the rule that found it"),
            "modality": _category("empty; or negated, or hypothetical, saying"),
            "start_word": _number("tokens of lead and body before it"),
            "zone": _category("lead or body: where its first word stands", ZONES),
            "words": _number("tokens of the statement"),
            "marked_words": _number("tokens of it inside quotation marks"),
        },
    ),
    "indicators": Table(
        "indicators.parquet",
        "How often each entry of each word list was found.",
        ("article", "lexicon", "set", "entry", "found", "zone", "voice", "side"),
        {
            "article": _ARTICLE,
            "lexicon": _category("name of the word list"),
            "set": _category("the set of the word list within which a passage has one entry"),
            "entry": _category("indicator or label that was found"),
            "found": _category("the words found, four at most, as they are counted"),
            "zone": _ZONE,
            "voice": _VOICE,
            "side": _SIDE,
            "count": _number("occurrences"),
            "negated": _number("of them under a negation"),
            "distanced": _number("of them so-called, or in scare quotes"),
        },
    ),
    "overlaps": Table(
        "overlaps.parquet",
        "Pairs of articles that share five-word shingles of their own words.",
        ("a", "b"),
        {
            "a": _ARTICLE,
            "b": _ARTICLE,
            "shared": _number("distinct shingles that both have"),
            "of_a": _number("distinct shingles of a"),
            "of_b": _number("distinct shingles of b"),
            "longest": _number("longest common run, in own words"),
            "date_gap": _decimal("days between the dates; empty where one is undated"),
        },
    ),
    "removed": Table(
        "removed.csv",
        "How much was taken out of the articles before they were measured.",
        ("article", "kind"),
        {
            "article": _text("id of the article"),
            "kind": _text("the kind of furniture"),
            "lines": _number("lines and passages removed"),
            "words": _number("words of these, parted by white space"),
        },
    ),
}

_TAG = Column("string", "tag of this corpus")


def columns_of(name: str, frame: pd.DataFrame) -> dict[str, Column]:
    """The columns a table has: those of the schema, and for articles the tags after them."""
    columns = dict(SCHEMA[name].columns)
    if name != "articles":
        return columns
    tags = sorted(str(c) for c in frame.columns if c not in columns)
    names = list(columns)
    at = names.index("words")
    return {c: columns.get(c, _TAG) for c in (*names[:at], *tags, *names[at:])}


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with exactly the schema's columns, types and row order.

    Rows are sorted by the primary key; zones and voices in the order of reading.
    """
    columns = columns_of(name, frame)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise AnalysisError(
            f"Table {name}: no column {', '.join(missing)}.", f"It has: {', '.join(frame.columns)}."
        )
    out = pd.DataFrame({c: _typed(frame[c], spec) for c, spec in columns.items()})
    return _in_order(out, SCHEMA[name].key)


def check_values(name: str, table: pd.DataFrame) -> None:
    """Refuse values that a table cannot hold, whatever wrote it.

    Raises
    ------
    AnalysisError
        For a negative count, a number that is none, a key that is empty or stands twice, a date
        that is no day.
    """
    for column, spec in columns_of(name, table).items():
        values = table[column]
        if spec.type in ("integer", "number"):
            odd = values[(values < 0) | np.isinf(values.astype(np.float64))]
        elif column == "date":
            odd = values[~values.map(_is_day)]
        elif column in SCHEMA[name].key and column not in _MAY_BE_EMPTY:
            odd = values[values.astype("str") == ""]
        else:
            continue
        if len(odd):
            raise AnalysisError(
                f"{name}, row {int(odd.index[0]) + 1}, {column}: {str(odd.iloc[0])!r}.",
                "Take a fresh copy of the folder, or measure the articles again.",
            )
    key = list(SCHEMA[name].key)
    twice = table.duplicated(key)
    if twice.any():
        row = table.loc[twice.idxmax(), key].to_dict()
        raise AnalysisError(f"{name}: more than one row for {row}.", "Keep one of them.")


_MAY_BE_EMPTY = ("zone", "side")


def _is_day(date: str) -> bool:
    """Whether a date is empty, a day, or a day with a time, of the years 1700 to 2199."""
    if not date:
        return True
    try:
        return 1700 <= datetime.fromisoformat(date).year < 2200 and date[4:5] == "-"
    except ValueError:
        return False


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.type == "integer":
        return _whole(values)
    if column.type == "number":
        return pd.to_numeric(values.replace("", np.nan)).astype(np.float64).round(6)
    if column.type == "boolean":
        return _truths(values)
    if not column.category:
        return values.astype("str").fillna("")
    codes, words = _coded(values)
    used = np.zeros(len(words) + 1, bool)
    used[codes] = True
    found = sorted(word for word, is_used in zip(words, used, strict=False) if is_used)
    order = list(column.in_cells) if column.in_cells else found
    unexpected = set(found) - set(order)
    if unexpected:
        raise unknown(str(values.name), sorted(unexpected)[0], order)
    rank = {word: i for i, word in enumerate(order)}
    recoded = np.array([*(rank.get(word, -1) for word in words), -1])[codes]  # -1: missing
    dtype = pd.CategoricalDtype(pd.Index(order, dtype="str"), ordered=False)
    return pd.Series(
        pd.Categorical.from_codes(recoded, dtype=dtype, validate=False),
        index=values.index,
        name=values.name,
    )


def _whole(values: pd.Series) -> pd.Series:
    """Whole numbers; a text is one where it is digits and nothing else."""
    if not pd.api.types.is_integer_dtype(values.dtype):
        written = values.astype("str")
        odd = written[~written.str.fullmatch(r"-?[0-9]{1,15}")]
        if len(odd):
            raise AnalysisError(f"{values.name}: {odd.iloc[0]!r}.", "It is a whole number from 0.")
    return values.astype(np.int64)


def _truths(values: pd.Series) -> pd.Series:
    written = values.astype("str")
    odd = written[~written.isin(["True", "False"])]
    if len(odd):
        raise unknown(str(values.name), odd.iloc[0], ["True", "False"])
    return written == "True"


def _coded(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Codes and the words they stand for; -1 for a missing value."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories.astype("str").to_list()
    codes, words = pd.factorize(values.astype("str"))
    return codes, words.to_list()


def _in_order(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The rows sorted by the key, stably, categories in their order and missing values last."""
    columns = [
        frame[c].cat.codes.to_numpy() if isinstance(frame.dtypes[c], pd.CategoricalDtype)
        else frame[c].to_numpy()
        for c in key
    ]  # fmt: skip
    is_plain = all(c.dtype.kind in "iu" and (c.size == 0 or c.min() >= 0) for c in columns)
    if not is_plain:
        return frame.sort_values(list(key), kind="stable", ignore_index=True)
    if _is_sorted(columns):
        return frame.reset_index(drop=True)
    return frame.take(np.lexsort(columns[::-1])).reset_index(drop=True)


def _is_sorted(columns: list[np.ndarray]) -> bool:
    """Whether rows are in the order of the first column, equal ones in that of the next, …"""
    size = max(len(columns[0]) - 1, 0)
    undecided, descends = np.ones(size, bool), np.zeros(size, bool)
    for column in columns:
        before, after = column[:-1], column[1:]
        descends |= undecided & (after < before)
        undecided &= after == before
    return not descends.any()


def empty(name: str) -> pd.DataFrame:
    """A table with the schema's columns and no row."""
    columns = SCHEMA[name].columns
    return conform(
        name,
        pd.DataFrame(
            {
                c: pd.Series([], dtype="int64" if s.type == "integer" else "str")
                for c, s in columns.items()
            }
        ),
    )
