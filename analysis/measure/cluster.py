"""Batches measured by the workers of a running Dask cluster."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.data import mistake
from analysis.errors import AnalysisError
from analysis.measure.corpus import how_measured

_WAITED = 30  # seconds for a cluster to answer, and between two looks at whether it still works


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a running Dask cluster, as an executor for `measure_articles`.

    What a worker that dies had to do is done by another.

    Raises
    ------
    AnalysisError
        Where Dask is not installed, nothing answers at the address, or the workers would not
        measure as this process does: another version, other lists, or several threads each. Later
        as well, where the scheduler or all workers have ended.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise mistake("dask-none") from error
    try:
        client = Client(address, timeout=_WAITED, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise mistake("dask-scheduler", address=address, error=error) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WAITED)
        except TimeoutError as error:
            raise mistake("dask-no-worker", address=address) from error
        threads = client.nthreads()
        # Each is asked as for a batch, which unlike `Client.run` can be waited for with an end.
        asked = {n: client.submit(_counting_rules, workers=[n], pure=False) for n in threads}
        try:
            told = {name: future.result(timeout=_WAITED) for name, future in asked.items()}
        except TimeoutError as error:
            raise mistake("dask-silent", address=address) from error
        unlike = [name for name, rules in told.items() if rules != _counting_rules()]
        several = [name for name, number in threads.items() if number > 1]
        for name in unlike or several:
            raise mistake("dask-unlike" if unlike else "dask-threads", name=name)
        yield _Workers(client, address)


class _Workers(Executor):
    """Gives out batches, and looks now and then whether anybody still works on them."""

    def __init__(self, client: Any, address: str) -> None:
        self.client, self.address = client, address

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
        batches = list(zip(*iterables, strict=True))
        futures = [self.client.submit(fn, *batch, pure=False) for batch in batches]
        try:
            for number, batch in enumerate(batches):
                while True:
                    try:
                        yield futures[number].result(timeout=_WAITED)
                        break
                    except TimeoutError:
                        if not self._is_busy():  # lost: given out again
                            futures[number] = self.client.submit(fn, *batch, pure=False)
        except (OSError, CancelledError) as error:
            raise self._ended("scheduler no longer answers") from error
        finally:
            self.client.cancel(futures)

    def _is_busy(self) -> bool:
        working = self.client.processing()
        if not working:
            raise self._ended("workers have all ended")
        return any(working.values())

    def _ended(self, what: str) -> AnalysisError:
        return AnalysisError(
            f"The cluster at {self.address}: its {what}.",
            "Start it again, and measure again: what was measured is kept.",
        )


def _counting_rules() -> dict[str, Any]:
    """What decides counts, wherever it is asked."""
    return {**how_measured((), None), "libraries": (np.__version__, pa.__version__)}
