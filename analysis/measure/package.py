"""A measured corpus as a folder that can be published and checked.

The folder is a Frictionless data package: `datapackage.json` with the schema and SHA-256 of
every table, beside the tables. It holds no sentence of any article.
"""

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from os.path import expanduser
from pathlib import Path
from typing import Annotated, Any, Required

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from annotated_types import Ge
from typing_extensions import TypedDict

from analysis.checks import Flag, Whole, checked
from analysis.data import DATA, SHIPPED, bundled_hashes, mistake
from analysis.description import Description
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures
from analysis.measure.schema import SCHEMA, SCHEMA_NUMBER, Table, check_values, columns_of, conform
from analysis.measure.tokens import TOKEN_RULE
from analysis.notes import note
from analysis.writing import from_spreadsheet, may_replace, put_back, replacing, write_csv

PACKAGE = "datapackage.json"


def write_measures(measures: Measures, folder: str | Path) -> Path:
    """Write a Measures folder whole: beside its place first, then put there (`analysis.writing`).

    Raises
    ------
    AnalysisError
        Where `folder` exists and holds anything but measures, which is left as it is; for what is
        no measures, or has no table where one should be.
    """
    for name in ("measures", *SCHEMA):
        kind = Measures if name == "measures" else pd.DataFrame
        given = measures if name == "measures" else getattr(measures, name)
        if not isinstance(given, kind):
            raise mistake("measures-given", name=name, given=type(given).__name__)
    target = may_measure(folder)
    with replacing(target, _not_measures) as made:
        made.mkdir()
        _write_tables(measures, made)
    return Path(folder)


def may_measure(folder: str | Path, inputs: Iterable[str | Path] = ()) -> Path:
    """Where measures may be written; asked before the work (`analysis.writing.may_replace`)."""
    return may_replace(folder, _not_measures, inputs=inputs)


def _stranger(folder: Path) -> str:
    """What a folder holds that is no part of measures; '' where there is nothing."""
    known = {PACKAGE, *(table.file for table in SCHEMA.values())}
    entries = sorted(folder.iterdir())
    odd = (e.name for e in entries if e.name not in known or not e.is_file() or e.is_symlink())
    return next(odd, "")


def _not_measures(folder: Path) -> str:
    if not folder.is_dir():
        return "it is no folder"
    if stranger := _stranger(folder):
        return f"it holds {stranger}, which is no table of measures"
    try:
        measured = json.loads((folder / PACKAGE).read_text("utf-8"))["measured"]
        return "" if measured["by"] == "analysis" else "it was not measured by this tool"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        is_empty = not any(folder.iterdir())
        return "" if is_empty else f"it is not a Measures folder (it has no {PACKAGE} of this tool)"


def _write_tables(measures: Measures, folder: Path) -> None:
    resources = []
    for name, table in SCHEMA.items():
        frame = conform(name, getattr(measures, name))
        check_values(name, frame)
        path = folder / table.file
        if path.suffix == ".csv":
            write_csv(frame, path)
        else:
            arrow = pa.Table.from_pandas(frame, _arrow_schema(name), preserve_index=False)
            arrow = arrow.replace_schema_metadata(None)
            pq.write_table(arrow, path, compression="zstd", compression_level=9)
        resources.append(_resource(name, table, frame, path))
    package = {"profile": "data-package", "schema": SCHEMA_NUMBER, **measures.package}
    package["resources"] = resources
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _arrow_schema(name: str) -> pa.Schema:
    return pa.schema({c: _ARROW[spec.kind] for c, spec in SCHEMA[name].columns.items()})


_ARROW = {
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int64(),
    "number": pa.float64(),
}


def _resource(name: str, table: Table, frame: pd.DataFrame, path: Path) -> dict[str, Any]:
    is_csv = path.suffix == ".csv"
    fields = [
        {"name": c, "type": s.type, "description": s.description}
        | ({"constraints": {"enum": list(s.in_cells)}} if s.in_cells else {})
        for c, s in columns_of(name, frame.columns).items()
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


# ---------------------------------------------------------------- reading


def find_corpus(corpus: str | Path) -> Path:
    """The folder of a measured corpus: a path, or the name of one in `data/`.

    A path is read from where one stands, then from the repository; `~` is one's home.

    Raises
    ------
    AnalysisError
        Where there is none; the message says where it was looked for, and what there is.
    """
    path = Path(expanduser(corpus))
    tried = list(dict.fromkeys((path.absolute(), SHIPPED / path, DATA / path)))
    for candidate in tried:
        put_back(candidate, _not_measures)
        if (candidate / PACKAGE).is_file():
            return candidate
    if path.exists():
        raise mistake("measures-folder", path=path, needed=PACKAGE)
    names = (folder.parent.name for folder in DATA.glob(f"*/{PACKAGE}"))
    error = unknown("corpus", str(corpus), names)
    raise AnalysisError(f"{error.received} Looked for: {', '.join(map(str, tried))}.", error.remedy)


def open_measures(corpus: str | Path) -> Measures:
    """Read a Measures folder, after checking every table's hash, schema and values.

    Parameters
    ----------
    corpus
        A folder, or the name of a corpus in the project's `data/` (`find_corpus`).

    Raises
    ------
    AnalysisError
        Where the folder is none, of another version, or a file is missing, changed, or not as
        its schema says; the message names the file.
    """
    folder = find_corpus(corpus)
    package = _read_package(folder)
    tables = {name: _read_table(folder, package, name) for name in SCHEMA}
    _check_references(folder, tables)
    described = {k: v for k, v in package.items() if k not in ("profile", "resources", "schema")}
    notes = _changes(package["measured"])
    measures = Measures(**tables, package=described, notes=notes, beside=folder.parent).fitted()
    tags = set(tables["articles"].columns) - set(SCHEMA["articles"].columns)
    for tag in sorted(tags - set(measures.description.publish)):
        raise mistake("measures-tag", path=folder / "articles.csv", tag=tag)
    return measures


def check_folder(folder: str | Path) -> Measures:
    """The measures of a folder that is fit to be published: it holds these and nothing else.

    Raises
    ------
    AnalysisError
        As `open_measures`, and where the folder holds anything besides; the message names it.
    """
    place = find_corpus(folder)
    if stranger := _stranger(place):
        raise mistake("measures-stranger", place=place, stranger=stranger)
    return open_measures(place)


def _changes(measured: Mapping[str, Any]) -> tuple[str, ...]:
    """What is counted otherwise now than when the corpus was measured."""
    now, then = bundled_hashes(), measured["lists"]
    changed = sorted(name for name, digest in then.items() if now.get(name, digest) != digest)
    notes = (
        note("measured.token_rule", measured["token_rule"] != TOKEN_RULE),
        note("measured.lists", changed, names=", ".join(changed)),
    )
    return tuple(filter(None, notes))


_AGAIN = "Take a fresh copy of the folder, or measure the articles again."


def _read_package(folder: Path) -> dict[str, Any]:
    """`datapackage.json`, every part of it that is used later checked."""
    path = folder / PACKAGE
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST:,} bytes")
        package = json.loads(path.read_text("utf-8"))
        version = package.get("schema", 0)
    except (OSError, ValueError, RecursionError, AttributeError) as error:
        raise AnalysisError(f"{path}: not a data package ({error}).", _AGAIN) from error
    if version != SCHEMA_NUMBER or isinstance(version, bool):
        than = "an older" if version in (0, None) else "another"
        told = {"than": than, "version": version, "own": SCHEMA_NUMBER}
        raise mistake("measures-version", path=path, **told)
    try:
        resources = checked(_Package, package, str(path))["resources"]
    except AnalysisError as error:
        raise AnalysisError(error.received, _AGAIN) from error
    _same(str(path), "lists the tables", sorted(r["name"] for r in resources), sorted(SCHEMA))
    for one in resources:
        where, listed = f"{path}, {one['name']}", _columns(one)
        _same(where, "path", [one["path"]], [SCHEMA[one["name"]].file])
        _same(where, "columns", listed, [*columns_of(one["name"], set(listed))])
    Description.from_package(package)
    return dict(package)


_LARGEST = 50_000_000  # bytes of `datapackage.json`


class _Field(TypedDict):
    name: str


class _Schema(TypedDict):
    fields: list[_Field]


class _Resource(TypedDict):
    name: str
    path: str
    hash: str
    rows: Annotated[Whole, Ge(0)]
    schema: _Schema


class _KnownSet(TypedDict, total=False):
    kind: Required[str]
    house_style: Flag
    labels: dict[str, str]


class _Lexicon(TypedDict):
    hash: str
    title: str
    sets: dict[str, _KnownSet]


class _Measured(TypedDict):
    by: str
    version: str
    token_rule: str
    lists: dict[str, str]
    lexicons: dict[str, _Lexicon]


class _Package(TypedDict):
    resources: list[_Resource]
    measured: _Measured


def _columns(resource: Mapping[str, Any]) -> list[str]:
    return [field["name"] for field in resource["schema"]["fields"]]


def _same(where: str, what: str, found: Sequence[Any], wanted: Sequence[Any]) -> None:
    if found != wanted:
        told, right = (", ".join(map(str, values)) for values in (found, wanted))
        raise AnalysisError(f"{where}: {what} {told}; expected: {right}.", _AGAIN)


# ---------------------------------------------------------------- one table


_DAMAGED = (
    ValueError, TypeError, OverflowError, OSError, pa.ArrowException, pd.errors.ParserWarning,
)  # fmt: skip


def _read_table(folder: Path, package: dict[str, Any], name: str) -> pd.DataFrame:
    resource = next(r for r in package["resources"] if r["name"] == name)
    path = folder / SCHEMA[name].file
    if not path.is_file():
        raise AnalysisError(f"{path} is missing.", _AGAIN)
    listed = _columns(resource)
    if resource["hash"] != "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest():
        raise mistake("measures-hash", path=path, package=PACKAGE, again=_AGAIN)
    try:
        frame = _from_csv(path) if path.suffix == ".csv" else _from_parquet(path, name)
        _same(str(path), "columns", list(frame.columns), listed)
        _same(str(path), "rows", [len(frame)], [resource["rows"]])
        table = conform(name, frame)
        check_values(name, table)
    except AnalysisError as error:
        where = "" if str(path) in error.received else f"{path}: "
        raise AnalysisError(f"{where}{error.received}", error.remedy) from error
    except _DAMAGED as error:
        raise AnalysisError(f"{path} cannot be read: {error}.", _AGAIN) from error
    return table


def _from_csv(path: Path) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # a row wider than the header
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, index_col=False)
    return frame.map(from_spreadsheet)


def _from_parquet(path: Path, name: str) -> pd.DataFrame:
    """A Parquet table: what it declares is checked before anything is allocated for it."""
    file = pq.ParquetFile(path)
    declared, size = file.metadata, path.stat().st_size
    bytes_ = sum(declared.row_group(i).total_byte_size for i in range(declared.num_row_groups))
    if declared.num_rows > 10_000 + 20 * size or bytes_ > 10_000_000 + 400 * size:
        told = {"rows": declared.num_rows, "bytes": bytes_, "size": size}
        raise mistake("measures-declared", **told, again=_AGAIN)
    found, wanted = (
        [f"{field.name} ({field.type})" for field in schema]
        for schema in (file.schema_arrow, _arrow_schema(name))
    )
    _same(str(path), "columns", found, wanted)
    table = file.read().replace_schema_metadata(None)
    table.validate(full=True)
    return table.to_pandas()


_REFERENCES = [
    *((name, "article", "articles") for name in ("terms", "statements", "indicators", "removed")),
    *(("overlaps", column, "articles") for column in ("a", "b")),
    ("articles", "outlet", "outlets"),
]


def _check_references(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every article that a table speaks of is in articles.csv, every outlet in outlets.csv."""
    for name, column, of in _REFERENCES:
        strangers = {*tables[name][column].drop_duplicates().astype("str")} - {
            *tables[of][SCHEMA[of].key[0]]
        }
        if strangers:
            where, what = folder / SCHEMA[name].file, column if column == "outlet" else "article"
            raise AnalysisError(f"{where}: {what} {min(strangers)!r} is not in {of}.csv.", _AGAIN)
