"""What went wrong, in words a user can act on."""

from __future__ import annotations

from collections.abc import Iterable


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
        self.received = received
        self.remedy = remedy
        super().__init__(f"{received} {remedy}".strip())


def unknown(kind: str, received: object, available: Iterable[object]) -> AnalysisError:
    """The error for a failed look-up: it lists what there is.

    >>> str(unknown("outlet", "gaurdian", ["BBC", "CNN"]))
    "Unknown outlet 'gaurdian'. Available: BBC, CNN."
    """
    names = sorted({str(a) for a in available})
    listed = ", ".join(names[:30]) + (f", … ({len(names)} in all)" if len(names) > 30 else "")
    return AnalysisError(f"Unknown {kind} {str(received)!r}.", f"Available: {listed or 'none'}.")
