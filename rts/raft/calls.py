"""What programs wait for: requests of one client session, and the calls that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import trio

from rts.core.raft.messages import Refused, Submit, Submitted, ToClient, Unknown
from rts.errors import NotLeader, OutcomeUnknown
from rts.errors import Refused as RefusedError
from rts.raft.state_machine import join, unpack

ENTRY_BYTES = 1 << 16
"""Commands that come together share an entry of the log up to so many bytes."""

Done: TypeAlias = Callable[[Any, Exception | None], None]
"""Called with what a command gave and `None`, or with `None` and why it gave nothing."""


class Ticket(NamedTuple):
    """Which request of which client a command is: with the same ticket, at whatever node and however often,
    it is done once (thesis, §6.3).

    `request` counts the client's requests from 1; `answered` says that the client has the answers to all
    below it, and will not ask for them again.
    """

    client: str
    request: int
    answered: int


class ClientSession:
    """Numbers one client's requests, many of which may be open at a time."""

    def __init__(self, client: str) -> None:
        self.client = client
        self._last = 0
        self._open: set[int] = set()
        self._answered = 1

    def begin(self) -> Ticket:
        """The next request."""
        self._last += 1
        self._open.add(self._last)
        while self._answered not in self._open:
            self._answered += 1
        return Ticket(self.client, self._last, self._answered)

    def end(self, ticket: Ticket) -> None:
        """Nobody will ask for this one again."""
        self._open.discard(ticket.request)


class Waiter:
    """A task that waits for a value."""

    __slots__ = ("_error", "_task", "_value")

    def __init__(self) -> None:
        self._error: Exception | None = None
        self._task: trio.lowlevel.Task | None = None
        self._value: Any = None

    def resolve(self, value: Any) -> None:
        """Give it the value."""
        self._value = value
        self._wake()

    def fail(self, error: Exception) -> None:
        """Let the waiting task raise `error`."""
        self._error = error
        self._wake()

    def _wake(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            trio.lowlevel.reschedule(task)

    async def wait(self) -> Any:
        """The value, once it is there; one task may wait, once."""
        self._task = trio.lowlevel.current_task()
        await trio.lowlevel.wait_task_rescheduled(self._abort)
        if self._error is not None:
            raise self._error
        return self._value

    def _abort(self, _: Callable[[], Any]) -> trio.lowlevel.Abort:
        self._task = None
        return trio.lowlevel.Abort.SUCCEEDED


class Call(Waiter):
    """A task that waits for the core's answer to its own request."""

    __slots__ = ()

    def hear(self, answer: ToClient | None) -> None:
        """The answer; `None`: there will be none, because the node has stopped."""
        error = error_of(answer)
        if error is None:
            self.resolve(answer)
        else:
            self.fail(error)


class Submission(Waiter):
    """A task that waits for what its command, `packed`, gives."""

    __slots__ = ("packed",)

    def __init__(self, packed: bytes) -> None:
        self._error = None
        self._task = None
        self._value = None
        self.packed = packed


class Notice:
    """Somebody to be told what a command, `packed`, gives."""

    __slots__ = ("done", "packed")

    def __init__(self, packed: bytes, done: Done) -> None:
        self.packed = packed
        self.done = done

    def resolve(self, value: Any) -> None:
        """Tell them."""
        self.done(value, None)

    def fail(self, error: Exception) -> None:
        """Tell them why there is no value."""
        self.done(None, error)


class Batch:
    """Commands that were submitted together, and are one request of the node's session."""

    def __init__(self, submissions: list[Submission | Notice], session: ClientSession) -> None:
        self.submissions = submissions
        self.session = session
        self.ticket = session.begin()

    def message(self) -> Submit:
        """What the core is asked."""
        client, request, answered = self.ticket
        return Submit(client, request, answered, join([one.packed for one in self.submissions]))

    def hear(self, answer: ToClient | None) -> None:
        """See `Call`. Everybody hears of it; then the first error that a `done` raised is raised."""
        self.session.end(self.ticket)
        results: list[Any] | None = unpack(answer.result) if type(answer) is Submitted else None
        raised: Exception | None = None
        for number, submission in enumerate(self.submissions):
            try:
                if results is not None:
                    submission.resolve(results[number])
                else:
                    submission.fail(error_of(answer) or TypeError(f"{answer!r} answers no command"))
            except Exception as error:
                raised = raised or error
        if raised is not None:
            raise raised


def in_parts(submissions: list[Submission | Notice]) -> Iterator[list[Submission | Notice]]:
    """Commands in groups, each of no more than `ENTRY_BYTES` or of one command."""
    part: list[Submission | Notice] = []
    size = 0
    for submission in submissions:
        if part and size + len(submission.packed) > ENTRY_BYTES:
            yield part
            part, size = [], 0
        part.append(submission)
        size += len(submission.packed)
    if part:
        yield part


def error_of(answer: ToClient | None) -> Exception | None:
    """What an answer raises: `NotLeader` or `Refused` where the request was certainly not done,
    `OutcomeUnknown` where it may be; `None` for a good one.
    """
    match answer:
        case Refused(_, "not-leader", _, leader):
            known = f"this node does not lead; {leader} does" if leader else "no leader is known here"
            return NotLeader(known, leader=leader)
        case Refused(_, reason, _, _):
            return RefusedError(reason.replace("-", " "))
        case Unknown(_, term):
            return OutcomeUnknown(f"the node stopped leading in term {term}")
        case None:
            return OutcomeUnknown("the node has stopped")
        case _:
            return None
