"""Measures: a corpus as counts, in a folder that can be published, checked and compared.

The folder is a Frictionless data package: `datapackage.json` with the schema and SHA-256 of
every table, beside the tables. It holds no sentence of any article.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.sparse as sp

from analysis.data import DATA
from analysis.errors import AnalysisError, unknown

ZONES = ("headline", "lead", "body")
VOICES = ("narrator", "quoted")
HIT_VOICES = ("narrator", "reported", "quoted")
PACKAGE = "datapackage.json"


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
_VOICE = _category("narrator, or quoted (inside quotation marks)", VOICES)
_SIDE = _category("side of the speaker; empty for the narrator and where no side is known")

SCHEMA: dict[str, Table] = {
    "articles": Table(
        "articles.csv",
        "One row per article; further columns are the corpus's own tags.",
        ("id",),
        {
            "id": _text("unique name of the article in this corpus"),
            "outlet": _text("who published it"),
            "date": Column("date", "day of publication (ISO 8601); empty where unknown"),
            "title": _text("headline; empty where unknown"),
            "url": _text("address; empty where unknown"),
            "agency": _text("news agencies credited in the text, comma-separated"),
            "collection": _text("the collection it was taken from"),
            "words": _number("tokens of lead and body"),
            "sentences": _number("sentences of lead and body"),
            "quoted_words": _number("tokens of lead and body inside quotation marks"),
            "mattr": _decimal("moving-average type–token ratio, 100 words; empty if shorter"),
            "mtld": _decimal("measure of textual lexical diversity; empty if no word recurs"),
            "shingles": _number("distinct five-word shingles of which a sketch is kept"),
            "text_sha256": _text("SHA-256 of the text (UTF-8) that was measured"),
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
            "zone": _ZONE,
            "voice": _VOICE,
            "side": _SIDE,
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
            "kind": _category("direct, indirect or mixed", ("direct", "indirect", "mixed")),
            "rule": _category("the rule that found it"),
            "modality": _category("empty; or negated, or hypothetical, saying"),
            "start_word": _number("tokens of lead and body before it"),
            "words": _number("tokens of the statement"),
            "marked_words": _number("tokens of it inside quotation marks"),
        },
    ),
    "indicators": Table(
        "indicators.parquet",
        "How often each entry of each word list was found.",
        ("article", "lexicon", "set", "entry", "pattern", "zone", "voice", "side"),
        {
            "article": _ARTICLE,
            "lexicon": _category("name of the word list"),
            "set": _category("the set of the word list within which a passage has one entry"),
            "entry": _category("indicator or label the pattern belongs to"),
            "pattern": _category("the pattern that matched"),
            "zone": _ZONE,
            "voice": _category(
                "quoted (inside quotation marks), reported (part of a statement without them), or "
                "narrator",
                HIT_VOICES,
            ),
            "side": _SIDE,
            "count": _number("occurrences"),
            "negated": _number("of them under a negation"),
            "distanced": _number("of them so-called, or in scare quotes"),
        },
    ),
    "shingles": Table(
        "shingles.parquet",
        "Sketch of the five-word shingles of each article's own words (FracMinHash).",
        ("article", "hash"),
        {"article": _ARTICLE, "hash": _number("64-bit hash of a shingle")},
    ),
    "removed": Table(
        "removed.csv",
        "What was taken out of the articles before they were measured.",
        ("outlet", "reason", "sha256"),
        {
            "outlet": _text("whose articles it was taken out of"),
            "reason": _text("the kind of furniture"),
            "line": _text("its first six words"),
            "articles": _number("of the outlet it stood in"),
            "occurrences": _number("how often it was removed"),
            "characters": _number("removed in all"),
            "sha256": _text("SHA-256 of the first such line (UTF-8)"),
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


@dataclass(frozen=True)
class Counts:
    """Term counts as a matrix.

    Attributes
    ----------
    matrix : sparse int64 matrix, articles × terms
    articles : DataFrame, one row per row of the matrix, in the same order
    terms : the terms in code-point order, one per column
    """

    matrix: sp.csr_array
    articles: pd.DataFrame
    terms: pd.Index


@dataclass(frozen=True)
class Measures:
    """The tables of a measured corpus, and how they were made.

    Attributes
    ----------
    articles, outlets, terms, spellings, statements, indicators, shingles, removed
        DataFrames with the columns of `SCHEMA`; `articles` has the corpus's tags as well.
    package
        Title, licences, sources and how it was measured, as in `datapackage.json`.
    notes
        What was selected, in words; carried into every table that is made of these measures.
    """

    articles: pd.DataFrame
    outlets: pd.DataFrame
    terms: pd.DataFrame
    spellings: pd.DataFrame
    statements: pd.DataFrame
    indicators: pd.DataFrame
    shingles: pd.DataFrame
    removed: pd.DataFrame
    package: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def select(self, **filters: object) -> Measures:
        """The measures of some articles, or of some of their words.

        Parameters
        ----------
        **filters
            Column = value or list of values. Any column of `articles` or `outlets` selects
            articles; `zone`, `voice` and `side` select words (terms, indicators; `side` also
            statements). An article stays when none of its words is left.

        Raises
        ------
        AnalysisError
            Where a column or a value does not exist; the message lists those that do.
        """
        selected = self
        for column, wanted in filters.items():
            values = [wanted] if isinstance(wanted, str) or not _is_list(wanted) else list(wanted)  # type: ignore[call-overload]
            if column in ("zone", "voice", "side"):
                selected = selected._select_words(column, values)
            else:
                selected = selected._select_articles(column, values)
            note = f"Selected: {column} = {', '.join(map(str, values))}."
            selected = dataclasses.replace(selected, notes=(*selected.notes, note))
        return selected

    def _select_words(self, column: str, values: list[object]) -> Measures:
        available = {"zone": ZONES, "voice": VOICES}.get(column) or (
            set(self.terms["side"].unique()) | set(self.statements["side"].unique())
        )
        for value in values:
            if column == "voice" and value == "reported":
                raise AnalysisError(
                    "Words are the narrator's or quoted; reported ones stand among the narrator's.",
                    'For hits use indicators(measures, voice="reported") or naming(…).',
                )
            if value not in available:
                raise unknown(column, value, available)
        tables = {"terms": self.terms, "indicators": self.indicators}
        if column == "side":
            tables["statements"] = self.statements
        kept = {name: t[t[column].isin(values)] for name, t in tables.items()}
        return dataclasses.replace(self, **kept)

    def _select_articles(self, column: str, values: list[object]) -> Measures:
        labels = self.labels(column)
        for value in values:
            if not (labels == value).any():
                raise unknown(column, value, labels.unique())
        return self.keep(labels.index[labels.isin(values)])

    def keep(self, ids: Iterable[str]) -> Measures:
        """The measures of the articles with these ids, nothing else changed."""
        wanted = set(ids)
        articles = self.articles[self.articles["id"].isin(wanted)].reset_index(drop=True)
        outlets = self.outlets[self.outlets["outlet"].isin(articles["outlet"])]
        by_article = {
            name: table[table["article"].isin(wanted)]
            for name in ("terms", "statements", "indicators", "shingles")
            if (table := getattr(self, name)) is not None
        }
        removed = self.removed[self.removed["outlet"].isin(articles["outlet"])]
        return dataclasses.replace(
            self,
            articles=articles,
            outlets=outlets.reset_index(drop=True),
            removed=removed.reset_index(drop=True),
            **by_article,
        )

    def labels(self, by: str) -> pd.Series:
        """The group of each article: a column of `articles` or of `outlets`, indexed by id."""
        if by in self.articles.columns:
            values = self.articles[by]
        elif by in self.outlets.columns:
            of_outlet = self.outlets.set_index("outlet")[by]
            values = self.articles["outlet"].map(of_outlet).fillna("")
        else:
            columns = [*self.articles.columns, *self.outlets.columns]
            raise unknown("column to compare by", by, columns)
        return pd.Series(values.to_numpy(), index=pd.Index(self.articles["id"]), name=by)

    def counts(self) -> Counts:
        """The selected words as a sparse matrix, articles × terms; zones and voices added up."""
        terms = self.terms
        rows = pd.Index(self.articles["id"]).get_indexer(terms["article"].cat.categories)
        used, columns = np.unique(terms["term"].cat.codes.to_numpy(), return_inverse=True)
        names = terms["term"].cat.categories[used]
        order = np.argsort(names.to_numpy(object), kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        shape = (len(self.articles), len(names))
        at = (rows[terms["article"].cat.codes.to_numpy()], rank[columns])
        matrix = sp.coo_array((terms["count"].to_numpy(np.int64), at), shape=shape).tocsr()
        return Counts(matrix, self.articles, pd.Index(names[order], name="term"))

    def spelling(self, terms: Iterable[str]) -> list[str]:
        """How each term is written most often in this corpus."""
        written = dict(zip(self.spellings["term"], self.spellings["spelling"], strict=True))
        return [written.get(term, term) for term in terms]


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | set | frozenset | np.ndarray | pd.Series | pd.Index)


# ---------------------------------------------------------------- frames with the schema's types


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


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.type == "integer":
        dtype = np.uint64 if values.dtype == np.uint64 else np.int64
        return values.astype(dtype)
    if column.type == "number":
        return pd.to_numeric(values.replace("", np.nan)).astype(np.float64).round(6)
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


# ---------------------------------------------------------------- the folder


def write_measures(measures: Measures, folder: str | Path) -> Path:
    """Write a Measures folder whole: beside its place first, then moved there.

    Raises
    ------
    AnalysisError
        Where `folder` exists and is not a Measures folder; it is left as it is.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / PACKAGE).is_file():
        raise AnalysisError(
            f"{folder} exists and is not a Measures folder (it has no {PACKAGE}).",
            "Give a new folder, or one that holds measures to be replaced.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".tmp", dir=folder.parent))
    try:
        scratch.chmod(0o755)
        _write_tables(measures, scratch)
        old = scratch.with_suffix(".old.tmp")
        if folder.exists():
            folder.rename(old)
        scratch.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _write_tables(measures: Measures, folder: Path) -> None:
    resources = []
    for name, table in SCHEMA.items():
        frame = conform(name, getattr(measures, name))
        path = folder / table.file
        if path.suffix == ".csv":
            frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        else:
            pq.write_table(_arrow(name, frame), path, compression="zstd", compression_level=9)
        resources.append(_resource(name, table, frame, path))
    package = {"profile": "data-package", **measures.package, "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    arrays = {}
    for column, spec in columns_of(name, frame).items():
        values = frame[column]
        if spec.category:
            codes = pa.array(values.cat.codes.to_numpy(np.int32))
            words = pa.array(values.cat.categories.to_list(), pa.string())
            arrays[column] = pa.DictionaryArray.from_arrays(codes, words)
        elif spec.type == "integer":
            arrays[column] = pa.array(values.to_numpy())
        else:
            arrays[column] = pa.array(values.to_list(), pa.string())
    return pa.table(arrays)


def _resource(name: str, table: Table, frame: pd.DataFrame, path: Path) -> dict[str, Any]:
    is_csv = path.suffix == ".csv"
    fields = [
        {"name": c, "type": s.type, "description": s.description}
        | ({"constraints": {"enum": list(s.in_cells)}} if s.in_cells else {})
        for c, s in columns_of(name, frame).items()
    ]
    return {
        "name": name,
        "path": table.file,
        "description": table.description,
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "format": "csv" if is_csv else "parquet",
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        **({"encoding": "utf-8"} if is_csv else {}),
        "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": len(frame),
        "schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]},
    }


def find_corpus(corpus: str | Path) -> Path:
    """The folder of a corpus: a path, or the name of one of the project's own in `data/`."""
    path = Path(corpus)
    for candidate in (path, DATA / path):
        if (candidate / PACKAGE).is_file():
            return candidate
    if path.exists():
        raise AnalysisError(
            f"{path} is not a Measures folder: it has no {PACKAGE}.",
            "Make one with: python -m analysis measure articles.parquet --out FOLDER",
        )
    raise unknown("corpus", str(corpus), (p.parent.name for p in DATA.glob(f"*/{PACKAGE}")))


def open_measures(corpus: str | Path) -> Measures:
    """Read a Measures folder, after checking every table's hash and schema.

    Parameters
    ----------
    corpus
        A folder, or the name of a corpus in the project's `data/`.

    Raises
    ------
    AnalysisError
        Where the folder is none, or a file is missing, changed, or not as its schema says; the
        message names the file.
    """
    folder = find_corpus(corpus)
    package = _read_package(folder)
    tables = {name: _read_table(folder, package, name) for name in SCHEMA}
    _check_references(folder, tables)
    described = {k: v for k, v in package.items() if k not in ("profile", "resources")}
    return Measures(**tables, package=described)


def _read_package(folder: Path) -> dict[str, Any]:
    path = folder / PACKAGE
    try:
        package = json.loads(path.read_text("utf-8"))
        resources = {r["name"]: r for r in package["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise AnalysisError(f"{path}: not a data package ({error}).", _AGAIN) from error
    missing = [name for name in SCHEMA if name not in resources]
    if missing:
        raise AnalysisError(f"{path}: lists no table {', '.join(missing)}.", _AGAIN)
    return dict(package)


_AGAIN = "Take a fresh copy of the folder, or measure the articles again."


def _read_table(folder: Path, package: dict[str, Any], name: str) -> pd.DataFrame:
    resource = next(r for r in package["resources"] if r["name"] == name)
    path = folder / SCHEMA[name].file
    if not path.is_file():
        raise AnalysisError(f"{path} is missing.", _AGAIN)
    digest = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != resource.get("hash"):
        raise AnalysisError(
            f"{path} is not the file that was published: its SHA-256 is {digest[7:19]}…, "
            f"{PACKAGE} says {str(resource.get('hash'))[7:19]}….",
            _AGAIN,
        )
    if path.suffix == ".csv":
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    else:
        frame = pq.read_table(path).to_pandas()
    listed = [f["name"] for f in resource["schema"]["fields"]]
    if list(frame.columns) != listed:
        raise AnalysisError(
            f"{path}: columns {', '.join(frame.columns)}.", f"{PACKAGE} has {', '.join(listed)}."
        )
    return _checked(path, name, frame)


def _checked(path: Path, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    try:
        table = conform(name, frame)
    except (ValueError, TypeError) as error:
        raise AnalysisError(f"{path}: {error}", _AGAIN) from error
    key = list(SCHEMA[name].key)
    twice = table.duplicated(key)
    if twice.any():
        row = table.loc[twice.idxmax(), key].to_dict()
        raise AnalysisError(f"{path}: more than one row for {row}.", _AGAIN)
    return table


def _check_references(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every article that a table speaks of is in articles.csv, every outlet in outlets.csv."""
    ids = set(tables["articles"]["id"])
    for name in ("terms", "statements", "indicators", "shingles"):
        strangers = set(tables[name]["article"].cat.categories) - ids
        if strangers:
            path = folder / SCHEMA[name].file
            raise AnalysisError(
                f"{path}: article {sorted(strangers)[0]!r} is not in articles.csv.", _AGAIN
            )
    strangers = set(tables["articles"]["outlet"]) - set(tables["outlets"]["outlet"])
    if strangers:
        raise AnalysisError(
            f"{folder / 'articles.csv'}: outlet {sorted(strangers)[0]!r} is not in outlets.csv.",
            _AGAIN,
        )
