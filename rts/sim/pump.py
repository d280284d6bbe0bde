"""Virtual time: one heap of things to come, and a clock that moves from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any


class Pump:
    """The one source of time in a simulation, in nanoseconds from 0.

    No two events share an instant: what is due at one time happens in the order in which it was asked for,
    each a nanosecond later.
    """

    __slots__ = ("_count", "_heap", "now", "stopped")

    def __init__(self) -> None:
        self.now = 0
        self.stopped = False
        self._heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def at(self, time: int, act: Callable[..., None], *arguments: Any) -> None:
        """Call `act(*arguments)` at virtual `time`."""
        self._count = count = self._count + 1
        heappush(self._heap, (time, count, act, arguments))

    def next_time(self) -> int | None:
        """When the next thing is due; `None` if nothing is."""
        return self._heap[0][0] if self._heap else None

    def step(self) -> None:
        """Let the next thing happen."""
        time, _, act, arguments = heappop(self._heap)
        now = self.now
        self.now = time if time > now else now + 1
        act(*arguments)

    def run(self, until: int) -> None:
        """Let things happen until one of them sets `stopped`, nothing is left, or the next is due after
        `until`."""
        heap = self._heap
        self.stopped = False
        while heap and not self.stopped:
            if heap[0][0] > until:
                return
            time, _, act, arguments = heappop(heap)
            now = self.now
            self.now = time if time > now else now + 1
            act(*arguments)
