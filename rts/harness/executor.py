"""Where a hunt's tasks run: in worker processes, or one after the other in this process."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from rts.harness.work import Stops, start_worker


@contextmanager
def executor_for(workers: int) -> Iterator[tuple[Executor, Stops]]:
    """An executor with so many workers, and the flags that stop them; with one worker nothing is started."""
    if workers <= 1:
        stops = Stops(search=threading.Event(), everything=threading.Event())
        yield InThisProcess(stops), stops
        return
    # Not forked: a worker must not inherit threads, or the state of whatever else this process does.
    context = multiprocessing.get_context("spawn")
    stops = Stops(search=context.Event(), everything=context.Event())
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=start_worker, initargs=(stops,)
    ) as executor:
        yield executor, stops


class InThisProcess(Executor):
    """Runs a task when it is submitted, and hands it the flags that worker processes have of their own."""

    def __init__(self, stops: Stops) -> None:
        self._stops = stops

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` now and return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, stops=self._stops, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
