"""How far long work has come: one bar for a whole job, or one for a step that is run alone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tqdm.auto import tqdm

# The steps of a job in their order, and how much of its time each takes, about.
SHARES = {"reading": 10, "measuring": 30, "writing pages": 60}
_JOB: ContextVar[Any] = ContextVar("job", default=None)


class Bar(tqdm):  # type: ignore[misc]
    """A bar of this process alone: a lock that processes share is held on by one that is killed."""

    _lock = threading.RLock()


Done = Callable[[float], object]  # is told how much more is done


@contextmanager
def job() -> Iterator[None]:
    """While this holds, the steps inside are shown as one bar; what was kept is skipped."""
    total = sum(SHARES.values())
    with Bar(total=total, bar_format="{desc}: {percentage:3.0f} %|{bar}| {elapsed}") as bar:
        token = _JOB.set(bar)
        try:
            yield
        finally:
            _JOB.reset(token)
        bar.set_description_str("done", refresh=False)
        bar.update(total - bar.n)


@contextmanager
def step(name: str, total: int, unit: str, *, shown: bool = False) -> Iterator[Done]:
    """A step of so many units: its part of the job's bar, or a bar of its own where ``shown``."""
    bar = _JOB.get()
    if bar is None:
        with Bar(total=total, unit=unit, desc=name, disable=not shown) as own:
            yield own.update
        return
    before = [*SHARES][: [*SHARES].index(name)]
    bar.set_description_str(name, refresh=False)
    bar.update(sum(SHARES[earlier] for earlier in before) - bar.n)
    yield lambda done: bar.update(SHARES[name] * done / max(total, 1))


def say(line: str) -> None:
    """A line on standard output, above whatever bar is shown."""
    Bar.write(line)
