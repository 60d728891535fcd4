"""What went wrong, in words a user can act on; and how messages count."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches

_COMPARED = 2_000  # names among which the nearest are looked for
_COMMAND_LINE = ContextVar("command_line", default=False)


class AnalysisError(ValueError):
    """A refusal that says what was received, where, and what would work.

    Parameters
    ----------
    received
        What stands there, with file, row and field where they are known.
    remedy
        What would work instead.
    """

    def __init__(self, received: str, remedy: str = "") -> None:
        self.received = printable(received)
        self.remedy = printable(remedy)
        super().__init__(f"{self.received} {self.remedy}".strip())


def printable(text: str) -> str:
    r"""A text that can be written as UTF-8: half characters, as in a file's name, are spelled out.

    >>> printable("Z\udcfcrich")
    'Z\\udcfcrich'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def unknown(kind: str, received: object, available: Iterable[object]) -> AnalysisError:
    """The error for a failed look-up: it lists what there is.

    >>> str(unknown("outlet", "gaurdian", ["BBC", "CNN"]))
    "Unknown outlet 'gaurdian'. Available: BBC, CNN."
    >>> str(unknown("outlet", "gaurdian", ["BBC", "Guardian"]))
    "Unknown outlet 'gaurdian'. Available: BBC, Guardian. Nearest: Guardian."
    """
    names = sorted({str(a) for a in available})
    folded = {name.casefold(): name for name in names[:_COMPARED]}
    close = [folded[c] for c in get_close_matches(str(received).casefold()[:99], folded)]
    nearest = f" Nearest: {', '.join(close)}." if close else ""
    listed = ", ".join(names[:30]) + (f", … ({len(names)} in all)" if len(names) > 30 else "")
    return AnalysisError(
        f"Unknown {kind} {str(received)!r}.", f"Available: {listed or 'none'}.{nearest}"
    )


def counted(n: int, what: str) -> str:
    """A number and what it counts: 1 article, 2 articles.

    >>> counted(1, "article"), counted(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{n:,} {what if n == 1 else f'{what}s'}"


@contextmanager
def command_line() -> Iterator[None]:
    """While this holds, messages name the options of the command line, else Python's arguments."""
    token = _COMMAND_LINE.set(True)
    try:
        yield
    finally:
        _COMMAND_LINE.reset(token)


def wording(python: str, command: str) -> str:
    """What to write, in the words of who asked.

    >>> wording("dayfirst=True", "--day-first")
    'dayfirst=True'
    >>> with command_line():
    ...     wording("dayfirst=True", "--day-first")
    '--day-first'
    """
    return command if _COMMAND_LINE.get() else python
