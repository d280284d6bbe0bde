"""Virtual time for a store written in plain Trio: Trio's clock, which moves the simulation along.

Trio asks its clock how long to sleep exactly when no task can run. That is the moment at which virtual time
may move: the clock lets the simulation go on, by plain calls, until somebody was woken or until Trio's own
next deadline, and then says that there is nothing to sleep for. No task of the simulation's own is needed,
and Trio is entered only where a task of the store has something to do.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import trio
from trio.lowlevel import Abort, current_task, reschedule, wait_task_rescheduled

from rts.schedule import SECOND
from rts.sim.pump import Pump
from rts.sim.trace import Trace

Item = TypeVar("Item")

MOST_ROUNDS = 10_000
"""So often may tasks run at one instant of virtual time before they are said never to wait."""

MOST_EVENTS = 50_000
"""So many messages and other events may a run have; a store that sends more sends without end."""

_NAP_S = 0.05
_MOST_NAPS = 5


class PumpClock(trio.abc.Clock):
    """Trio's clock in a run that is driven by `pump`.

    Whoever wakes a task from inside the simulation sets `woke`. Once it is `over`, nothing happens any more
    but that tasks unwind. An error of the simulation is kept in `error`, and `give_up` is called. `stuck` is
    called where every task waits for what will not happen; it wakes some.
    """

    def __init__(self, pump: Pump, give_up: Callable[[], None], stuck: Callable[[], None]) -> None:
        self.pump = pump
        self.woke = False
        self.over = False
        self.error: Exception | None = None
        self._give_up = give_up
        self._stuck = stuck
        self._naps = 0

    def start_clock(self) -> None:
        """Nothing to start: time moves when nothing else does."""

    def current_time(self) -> float:
        """Virtual time in seconds."""
        return self.pump.now / SECOND

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """Let time pass until a task can run."""
        pump = self.pump
        limit = math.inf if deadline == math.inf else _first_instant(deadline)
        self.woke = False
        try:
            while not self.woke and not self.over and (due := pump.next_time()) is not None and due < limit:
                pump.step()
        except Exception as error:
            self.error, self.woke = error, True
            self._give_up()
        if not self.woke and limit == math.inf:
            return self._nap()
        if not self.woke:
            pump.now = max(pump.now, int(limit))
        self._naps = 0
        return 0.0

    def _nap(self) -> float:
        """Nothing is due. Trio, as it shuts down, waits for signals of its own, which take real time."""
        self._naps += 1
        if self.over and self._naps <= _MOST_NAPS:
            return _NAP_S
        self._stuck()
        return 0.0


def _first_instant(deadline: float) -> int:
    """The first nanosecond at which a deadline in seconds has passed, as floating point numbers compare."""
    instant = math.floor(deadline * SECOND)
    while instant / SECOND < deadline:
        instant += 1
    return instant


class Rounds(trio.abc.Instrument):
    """Notices a store that would run for ever: tasks that never wait, messages without end.

    `give_up` is called with what is wrong, once.
    """

    def __init__(self, pump: Pump, trace: Trace, give_up: Callable[[str], None]) -> None:
        self._pump = pump
        self._trace = trace
        self._give_up = give_up
        self._at = -1
        self._count = 0
        self._given_up = False

    def before_io_wait(self, timeout: float) -> None:
        """See Trio: called once for each round of the scheduler."""
        now = self._pump.now
        if now != self._at:
            self._at, self._count = now, 0
        self._count += 1
        if self._given_up:
            return
        if self._count > MOST_ROUNDS:
            self._stop(f"a task ran {MOST_ROUNDS:,} times without waiting for time to pass")
        elif len(self._trace.events) > MOST_EVENTS:
            self._stop(f"there were more than {MOST_EVENTS:,} messages and other events")

    def _stop(self, reason: str) -> None:
        self._given_up = True
        self._give_up(reason)


class Inbox(Generic[Item]):
    """What has arrived and waits to be taken, first come first served; an asynchronous iterator without end.

    Unlike a channel it does not yield where something is there already: time cannot pass meanwhile anyway.
    """

    __slots__ = ("_clock", "_items", "_takers")

    def __init__(self, clock: PumpClock) -> None:
        self._clock = clock
        self._items: deque[Item] = deque()
        self._takers: deque[tuple[trio.lowlevel.Task, list[Item]]] = deque()

    def __aiter__(self) -> Inbox[Item]:
        return self

    async def receive(self) -> Item:
        """The next one; waits for it."""
        if self._items:
            return self._items.popleft()
        taker: tuple[trio.lowlevel.Task, list[Item]] = (current_task(), [])
        self._takers.append(taker)

        def abort(_: object) -> Abort:
            self._takers.remove(taker)
            return Abort.SUCCEEDED

        await wait_task_rescheduled(abort)
        return taker[1][0]

    __anext__ = receive

    def put(self, item: Item) -> None:
        """It has arrived."""
        if not self._takers:
            self._items.append(item)
            return
        task, slot = self._takers.popleft()
        slot.append(item)
        reschedule(task)
        self._clock.woke = True

    def clear(self) -> None:
        """Forget what waits."""
        self._items.clear()
