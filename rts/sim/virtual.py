"""Trio in virtual time: a clock that reads the pump, and a task that moves the pump whenever every other task
waits.

What happens inside the simulation (messages between nodes, disks, timers) needs no task: the pump does it by
plain calls, and Trio's scheduler is entered only when somebody who waits is to be woken. `trio.sleep`,
time-outs and cancel scopes work as they are, because the pump never moves past Trio's next deadline.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import trio
from trio.lowlevel import current_clock, current_statistics
from trio.testing import wait_all_tasks_blocked

from rts.errors import RtsError
from rts.runtime.scheduling import deterministic
from rts.schedule import SECOND
from rts.sim.pump import Pump

Result = TypeVar("Result")

_FAR_S = 1e9

STALLED_NS = 2 * 3600 * SECOND
"""So much virtual time without a task being woken means that none ever will be."""


class Stalled(RtsError):
    """Every task waits for something that will not happen."""


class VirtualClock(trio.abc.Clock):
    """Trio's clock, read off a pump; `driver` moves it."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.pump = driver.pump

    def start_clock(self) -> None:
        """Nothing to start: time moves when something happens."""

    def current_time(self) -> float:
        """Virtual time in seconds."""
        return self.pump.now / SECOND

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """No real sleep: a deadline has passed, or the driver will move time to it."""
        return 0.0 if deadline <= self.current_time() else _FAR_S


class Driver:
    """Moves one pump along inside a Trio run. `woke` is set by whoever wakes a task from inside the
    simulation."""

    def __init__(self, pump: Pump) -> None:
        self.pump = pump
        self.woke = False
        self.stalled = trio.CancelScope()
        self._token: object = None
        self._offset_s: float | None = None
        self._nudge = trio.Event()

    def ensure(self) -> None:
        """See to it that the pump is driven in this Trio run (a system task, started once for each run), and
        is not late."""
        token = trio.lowlevel.current_trio_token()
        if self._token is not token:
            self._token = token
            clock = current_clock()
            if isinstance(clock, VirtualClock) and clock.driver is self:
                self._offset_s = None
                trio.lowlevel.spawn_system_task(self._drive_virtually)
            else:
                self._offset_s = trio.current_time() - self.pump.now / SECOND
                trio.lowlevel.spawn_system_task(self._follow_the_clock)
        if self._offset_s is not None:
            self._catch_up(self._offset_s)
            self._nudge.set()

    async def _drive_virtually(self) -> None:
        pump = self.pump
        while True:
            await wait_all_tasks_blocked()
            self.woke = False
            wait_s = current_statistics().seconds_to_next_deadline
            deadline = None if math.isinf(wait_s) else self._time_in(wait_s)
            limit = pump.now + STALLED_NS if deadline is None else deadline
            due = pump.next_time()
            while due is not None and due < limit and not self.woke:
                pump.step()
                due = pump.next_time()
            if self.woke:
                continue
            if deadline is not None:
                pump.now = max(pump.now, deadline)
            elif not self.stalled.cancel_called:
                self.stalled.cancel()
            else:
                return  # not even cancelling woke anybody

    def _time_in(self, seconds: float) -> int:
        """The pump's time after so many seconds: later than now, however few they are, or time would stand
        still."""
        return self.pump.now + (max(1, round(seconds * SECOND)) if seconds > 0 else 0)

    async def _follow_the_clock(self) -> None:
        """The same under another clock (the real one, or a test's): simulated time follows it."""
        pump = self.pump
        offset_s = self._offset_s
        assert offset_s is not None
        while True:
            self._nudge = trio.Event()
            due = pump.next_time()
            with trio.move_on_at(math.inf if due is None else offset_s + due / SECOND) as until_due:
                await self._nudge.wait()
            if until_due.cancelled_caught and due is not None and due == pump.next_time():
                pump.now = max(pump.now, due - 1)  # whatever the floating-point clock makes of it
                pump.step()
            self._catch_up(offset_s)

    def _catch_up(self, offset_s: float) -> None:
        """Let everything happen that is due by the clock."""
        pump = self.pump
        now = round((trio.current_time() - offset_s) * SECOND)
        while (due := pump.next_time()) is not None and due <= now:
            pump.step()
        pump.now = max(pump.now, now)


def driver_here() -> Driver:
    """The driver of the virtual time that this is called in; elsewhere a new one, for a time of its own."""
    try:
        clock = current_clock()
    except RuntimeError:
        return Driver(Pump())
    return clock.driver if isinstance(clock, VirtualClock) else Driver(Pump())


def run(
    main: Callable[..., Awaitable[Result]], *arguments: Any, pump: Pump | None = None, seed: int = 0
) -> Result:
    """Run an async function in virtual time, like `trio.run`: sleeping takes no time, and the same seed gives
    the same run.

    `pump`: the simulation's, where there is one. Raises `Stalled` where every task waits for what will not
    happen.
    """
    driver = Driver(pump or Pump())
    results: list[Result] = []

    async def started() -> None:
        driver.ensure()
        with driver.stalled:
            results.append(await main(*arguments))

    with deterministic(seed):
        trio.run(started, clock=VirtualClock(driver))
    if not results:
        raise Stalled("every task waits for something that will not happen")
    return results[0]
