"""The thread in which a storage waits for its disk.

`trio.to_thread` would do, but each command waits for two such errands one after the other, and a thread that
is the storage's own is back from one in a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

import trio


class Errand:
    """Something to do, and the task that waits for it."""

    __slots__ = ("act", "error", "task", "token")

    def __init__(self, act: Callable[[], None]) -> None:
        self.act = act
        self.error: BaseException | None = None
        self.task = trio.lowlevel.current_task()
        self.token = trio.lowlevel.current_trio_token()

    def run(self) -> None:
        """Do it, and wake the task."""
        try:
            self.act()
        except BaseException as error:  # whatever it is, the task that waits is to raise it
            self.error = error
        with suppress(trio.RunFinishedError):
            self.token.run_sync_soon(trio.lowlevel.reschedule, self.task)


class Writer:
    """A thread that begins with its first errand, and does one after another."""

    def __init__(self) -> None:
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def do(self, act: Callable[[], None]) -> None:
        """Wait until the thread has called `act`. It cannot be cancelled: a disk cannot be interrupted, and
        what was to be written is not to be lost. Raises what `act` raises.
        """
        if self._thread is None:
            self._thread = Thread(target=self._work, daemon=True)
            self._thread.start()
        errand = Errand(act)
        self._errands.put(errand)
        await trio.lowlevel.wait_task_rescheduled(lambda _: trio.lowlevel.Abort.FAILED)
        if errand.error is not None:
            raise errand.error

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            errand.run()

    def close(self) -> None:
        """Let the thread end."""
        if self._thread is not None:
            self._errands.put(None)
            self._thread.join()
            self._thread = None
