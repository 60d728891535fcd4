"""A measured corpus as a folder that can be published and checked.

The folder is a Frictionless data package: `datapackage.json` with the schema and SHA-256 of
every table, beside the tables. It holds no sentence of any article.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.data import DATA
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures
from analysis.measure.schema import SCHEMA, Table, columns_of, conform, empty

PACKAGE = "datapackage.json"


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
        elif spec.type in ("integer", "number"):
            arrays[column] = pa.array(values.to_numpy(), from_pandas=True)
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
    listed = {resource["name"] for resource in package["resources"]}
    tables = {n: _read_table(folder, package, n) if n in listed else empty(n) for n in SCHEMA}
    _check_references(folder, tables)
    described = {k: v for k, v in package.items() if k not in ("profile", "resources")}
    older = () if _ADDED in listed else ("Measured by an older version: shared copy is not known.",)
    return Measures(**tables, package=described, notes=older, beside=folder.parent)


def _read_package(folder: Path) -> dict[str, Any]:
    path = folder / PACKAGE
    try:
        package = json.loads(path.read_text("utf-8"))
        resources = {r["name"]: r for r in package["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise AnalysisError(f"{path}: not a data package ({error}).", _AGAIN) from error
    missing = [name for name in SCHEMA if name not in resources and name != _ADDED]
    if missing:
        raise AnalysisError(f"{path}: lists no table {', '.join(missing)}.", _AGAIN)
    return dict(package)


_ADDED = "overlaps"  # the table that a corpus of an older version has not
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
    columns = [(name, "article") for name in ("terms", "statements", "indicators")]
    for name, column in (*columns, ("overlaps", "a"), ("overlaps", "b")):
        strangers = set(tables[name][column].cat.categories) - ids
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
