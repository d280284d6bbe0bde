"""Events become operations: each completion meets the open invocation of its process.

**Time.** What a file tells for certain is the order of its events: they were written down by one recorder
as they happened. Of an operation that completed *before* another was invoked this must not be lost, and of
two that overlap nothing may be invented. So an invocation is later than every completion above it, if need
be by one nanosecond; otherwise an event keeps its own time, or takes that of the event above it if its own is
earlier. An event without time comes one nanosecond after the one above it: in a file without times, time is
the number of the event. It follows that operations of one process never touch.

An invocation that never completes stays open, and so does one whose completion says that nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.history import HistoryError, Status


class Clock:
    """Gives events their times, in nanoseconds."""

    __slots__ = ("_after_completions", "_last")

    def __init__(self) -> None:
        self._last: int | None = None
        self._after_completions: int | None = None

    def invoked(self, given: int | None) -> int:
        """Return the time of an invocation that a file says happened at `given`."""
        return self._at(given, self._after_completions)

    def completed(self, given: int | None) -> int:
        """Return the time of a completion that a file says happened at `given`."""
        time = self._at(given, None)
        self._after_completions = time + 1
        return time

    def _at(self, given: int | None, least: int | None) -> int:
        last = self._last
        if last is None:
            time = 0 if given is None else given
        elif given is None:
            time = last + 1
        else:
            time = given if given > last else last
            if least is not None and time < least:
                time = least
        self._last = time
        return time


class Call:
    """One call: who invoked what, when, on which line; its completion adds the end and the status.

    `answer` is what the two come to, for those who pair them to fill in.
    """

    __slots__ = ("answer", "end", "line", "request", "session", "start", "status")

    def __init__(self, session: str, start: int, line: int, request: Mapping[Any, Any]) -> None:
        self.session = session
        self.start = start
        self.line = line
        self.request = request
        self.end: int | None = None
        self.status: Status = "info"
        self.answer: dict[str, Any] | None = None


class Pairing:
    """Calls in the order of their invocation, each with its completion once it is known."""

    def __init__(self) -> None:
        self._clock = Clock()
        self.calls: list[Call] = []
        self._open: dict[Any, Call] = {}

    def invoke(
        self, process: Any, session: str, *, time: int | None, line: int, request: Mapping[Any, Any]
    ) -> None:
        """Note an invocation. Raises `HistoryError` if the process has one open."""
        before = self._open.get(process)
        if before is not None:
            raise HistoryError(
                f"process {process} invokes before its operation of line {before.line} completed",
                field="process",
            )
        call = Call(session, self._clock.invoked(time), line, request)
        self._open[process] = call
        self.calls.append(call)

    def complete(self, process: Any, status: Status, *, time: int | None) -> Call | None:
        """Note a completion and return its call; None if the process has nothing open."""
        call = self._open.pop(process, None)
        if call is not None:
            call.end = self._clock.completed(time)
            call.status = status
        return call
