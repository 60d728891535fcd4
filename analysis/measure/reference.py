"""The reference list: how common each term is in news at large, frozen.

It gives the idf weights and the Dirichlet prior, so that results do not swing with the size of
the corpus at hand.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import with_config
from typing_extensions import TypedDict

from analysis.checks import NO_OTHERS
from analysis.data import DATA, mistake
from analysis.errors import AnalysisError
from analysis.measure.tokens import TOKEN_RULE, count
from analysis.notes import note
from analysis.writing import may_replace, put_back, replacing

DEFAULT = DATA / "reference"
MIN_ARTICLES = 3
_TERMS, _ABOUT = "terms.parquet", "reference.json"


@with_config(NO_OTHERS)
class Described(TypedDict, total=False):
    """What is said of a reference list beside what is counted."""

    name: str
    description: str
    language: str
    period: str
    source: str
    source_licence: str
    licence: str


@dataclass(frozen=True)
class Reference:
    """Term frequencies in a large sample of general news.

    Attributes
    ----------
    terms : DataFrame with columns term, articles (that hold it) and tokens, sorted by term
    about : name, number of articles and tokens counted, cut, token rule, source, licence
    """

    terms: pd.DataFrame
    about: dict[str, Any]

    @property
    def n_articles(self) -> int:
        """Articles counted."""
        return int(self.about["articles"])

    @property
    def n_tokens(self) -> int:
        """Tokens counted, those of terms below the cut included."""
        return int(self.about["tokens"])

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each term."""
        return {term: row for row, term in enumerate(self.terms["term"].tolist())}

    def _look_up(self, column: str, terms: Iterable[str]) -> np.ndarray:
        values = self.terms[column].to_numpy(np.float64)
        found = np.fromiter((self.rows.get(term, -1) for term in terms), np.int64)
        smallest = values.min() if len(values) else 0.0
        return np.where(found >= 0, values[found] if len(values) else 0.0, smallest)

    def articles(self, terms: Iterable[str]) -> np.ndarray:
        """Document frequency df of each term; a term not listed gets the smallest listed."""
        return self._look_up("articles", terms)

    def idf(self, terms: Iterable[str]) -> np.ndarray:
        r""":math:`\ln\frac{1+N}{1+df} + 1` of each term."""
        return np.log((1 + self.n_articles) / (1 + self.articles(terms))) + 1

    def share(self, terms: Iterable[str]) -> np.ndarray:
        """Share of each term in all tokens counted; unlisted terms get the smallest listed."""
        return self._look_up("tokens", terms) / self.n_tokens

    @property
    def note(self) -> str:
        """One line for the notes of a table."""
        return note("measured.reference", n=self.about["min_articles"], **self.about)


def build_reference(
    texts: Iterable[str], *, min_articles: int = MIN_ARTICLES, **about: Any
) -> Reference:
    """Count a reference list.

    Parameters
    ----------
    texts
        One text per article, headlines left out.
    min_articles
        Terms in fewer articles are cut; their tokens stay in the total.
    **about
        name, source, licence, period, …
    """
    matrix, names = count(texts)
    if not len(names):
        raise AnalysisError("The texts hold no word.", "Give articles with text.")
    articles = np.bincount(matrix.indices, minlength=len(names))
    tokens = matrix.sum(axis=0)
    kept = articles >= min_articles
    terms = pd.DataFrame({"term": names, "articles": articles, "tokens": tokens})[kept]
    counted = {
        "articles": int(matrix.shape[0]),
        "tokens": int(tokens.sum()),
        "terms": int(kept.sum()),
        "terms_cut": int((~kept).sum()),
        "tokens_cut": int(tokens[~kept].sum()),
        "min_articles": min_articles,
        "token_rule": TOKEN_RULE,
    }
    return Reference(terms.reset_index(drop=True), {**about, **counted})


def write_reference(reference: Reference, folder: str | Path) -> Path:
    """Write `terms.parquet` and `reference.json` as one folder, put in place at once.

    Raises
    ------
    AnalysisError
        Where `folder` exists and holds anything but a reference list.
    """
    kinds = pa.schema({"term": pa.string(), "articles": pa.int32(), "tokens": pa.int32()})
    table = pa.Table.from_pandas(reference.terms, kinds, preserve_index=False)
    table = table.replace_schema_metadata(None)
    with replacing(may_build(folder), _not_reference) as made:
        made.mkdir()
        pq.write_table(table, made / _TERMS, compression="zstd", compression_level=19)
        digest = hashlib.sha256((made / _TERMS).read_bytes()).hexdigest()
        about = {**reference.about, "terms_sha256": digest}
        text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
        (made / _ABOUT).write_text(text, encoding="utf-8", newline="\n")
    return Path(folder)


def may_build(folder: str | Path, inputs: Iterable[str | Path] = ()) -> Path:
    """Where a reference list may be written; asked before the work."""
    return may_replace(folder, _not_reference, inputs=inputs)


def _not_reference(folder: Path) -> str:
    if not folder.is_dir():
        return "it is no folder"
    names = sorted(entry.name for entry in folder.iterdir())
    for name in names:
        if name not in (_TERMS, _ABOUT):
            return f"it holds {name}, which is no part of a reference list"
    return "" if not names or _ABOUT in names else f"it holds no {_ABOUT}"


def read_reference(folder: str | Path = DEFAULT) -> Reference:
    """Read a reference list, the project's own by default, after checking its hash."""
    folder = Path(folder)
    put_back(folder, _not_reference)
    if not (folder / _ABOUT).is_file():
        raise mistake("reference-none", folder=folder, needed=_ABOUT)
    again = "Take a fresh copy of the folder, or build the list again."
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        content = (folder / _TERMS).read_bytes()
        if hashlib.sha256(content).hexdigest() != about["terms_sha256"]:
            told = {"path": folder / _TERMS, "about": _ABOUT}
            raise mistake("reference-hash", **told, again=again)
        # In this thread: a thread of Arrow that lets go of these bytes as Python ends aborts it.
        terms = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        return Reference(terms.to_pandas(), about)
    except AnalysisError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError, pa.ArrowException) as error:
        raise AnalysisError(f"{folder}: no reference list ({error}).", again) from error
