"""One refused value: file, row and field, what stands there and what would work."""

from pathlib import Path

from analysis.data import refusal_texts
from analysis.errors import AnalysisError, printable

SHOWN = 60  # characters of a refused value that a message repeats


class BadArticle(AnalysisError):
    """An article (or a whole file) that cannot be read as it is.

    Parameters
    ----------
    file
        Name of the file.
    row
        Row in the file: the line for JSONL, the spreadsheet row for CSV (the header is row 1), the
        row counted from 1 for Parquet; 0 where the whole file is meant.
    field
        Name of the field, '' where none is meant.
    received
        What stands there.
    remedy
        What would work.
    """

    def __init__(self, file: str, row: int, field: str, received: str, remedy: str) -> None:
        file, field, received = map(printable, (file, field, received))
        self.file, self.row, self.field, self.found = file, row, field, received
        place = file + (f", row {row}" if row else "") + (f", field '{field}'" if field else "")
        super().__init__(f"{place}: {received}", remedy)


class PassedOver(BadArticle):
    """A file in a folder that holds no articles and need not; named, but no fault."""


class Remark(BadArticle):
    """What was done with something that is kept; no fault."""


def refused(
    file: str,
    which: str,
    row: int = 0,
    field: str = "",
    kind: type[BadArticle] = BadArticle,
    /,
    **said: object,
) -> BadArticle:
    """The refusal (or remark) of that name in ``data/refusals.toml``, with what was ``said``."""
    said = {"file": file} | said
    return kind(file, row, field, *refusal_texts("refusals.toml", which, **said))


def shown(value: object) -> str:
    """A value in quotation marks, cut so that a message never repeats an article."""
    try:
        text = str(value)
    except RecursionError:
        text = f"a deeply nested {type(value).__name__}"
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def beside(path: Path) -> str:
    """What there is where a file was looked for."""
    folder = path.parent
    names = sorted(p.name for p in folder.iterdir())[:10] if folder.is_dir() else []
    return f"In {folder} there are: {', '.join(names) or 'no files'}."
