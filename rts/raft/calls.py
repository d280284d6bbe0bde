"""What programs wait for: requests of one client session, and the calls that they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import trio

from rts.core.raft.messages import Answered, Changed, Refused, Submitted, ToClient, Transferred, Unknown
from rts.errors import NotLeader, OutcomeUnknown
from rts.errors import Refused as RefusedError


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


class Call:
    """A task that waits for an answer."""

    __slots__ = ("_task", "answer")

    def __init__(self) -> None:
        self.answer: ToClient | None = None
        self._task: trio.lowlevel.Task | None = None

    def resolve(self, answer: ToClient | None) -> None:
        """Give the answer; `None`: there will be none, because the node has stopped."""
        self.answer = answer
        task, self._task = self._task, None
        if task is not None:
            trio.lowlevel.reschedule(task)

    async def wait(self) -> ToClient | None:
        """Wait for the answer; once, by one task."""
        self._task = trio.lowlevel.current_task()

        def abort(_: Callable[[], Any]) -> trio.lowlevel.Abort:
            self._task = None
            return trio.lowlevel.Abort.SUCCEEDED

        await trio.lowlevel.wait_task_rescheduled(abort)
        return self.answer


def result_of(answer: ToClient | None) -> Submitted | Answered | Changed | Transferred:
    """The answer, if it is a good one.

    Raises `NotLeader` or `Refused` where the request was certainly not done, `OutcomeUnknown` where it may
    be.
    """
    match answer:
        case Refused(_, "not-leader", _, leader):
            raise NotLeader("this node does not lead", leader=leader)
        case Refused(_, reason, _, _):
            raise RefusedError(reason.replace("-", " "))
        case Unknown(_, term):
            raise OutcomeUnknown(f"the node stopped leading in term {term}")
        case None:
            raise OutcomeUnknown("the node has stopped")
        case _:
            return answer
