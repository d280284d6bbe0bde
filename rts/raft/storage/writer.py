"""What waits for a disk: the node itself where it is quick, a thread where it is not.

A disk that keeps through a power cut what it has in its memory syncs in 50 µs, and the way to a thread and
back takes longer. Another takes milliseconds, for which the node must not stand still. Which it is can be
seen from how long it took lately.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from time import perf_counter

import trio

QUICK_S = 0.0003
FIRST_GUESS_S = 0.001
SHARE = 1 / 8
"""How much one errand changes what is usual."""


class Errand:
    """Something that the thread is to do, and the task that waits for it."""

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
    """Does one errand after another. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._usual_s = FIRST_GUESS_S
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def do(self, act: Callable[[], None], *, long: bool = False) -> None:
        """Wait until `act` was called, in the thread where it is known to be `long` or they were lately. It
        cannot be cancelled: a disk cannot be interrupted, and what was to be written is not to be lost.
        Raises what `act` raises.
        """
        if long:
            await self._send_for(act)
        elif self._usual_s < QUICK_S:
            self._do_timed(act)
        else:
            await self._send_for(lambda: self._do_timed(act))

    def _do_timed(self, act: Callable[[], None]) -> None:
        begun = self._clock()
        act()
        self._usual_s += SHARE * (self._clock() - begun - self._usual_s)

    async def _send_for(self, act: Callable[[], None]) -> None:
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
