"""Asking another machine, and answering."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import trio
from trio.lowlevel import Abort, current_task, reschedule, wait_task_rescheduled

from rts.own.clock import PumpClock
from rts.own.messages import Envelope, copied


class Request:
    """A message that reached a node.

    `source` names who sent it, a node or a client; `message` is the node's own copy. Sent or asked, it may
    arrive twice, late or never.
    """

    __slots__ = ("_answer", "message", "source")

    def __init__(self, source: str, message: Any, answer: Callable[[Any], None]) -> None:
        self.source = source
        self.message = message
        self._answer = answer

    def reply(self, message: Any = None) -> None:
        """Answer whoever asked by `call`; a message that was only sent has nobody who waits, and it is
        dropped."""
        self._answer(message)


class Caller:
    """One end of calls.

    `transmit(to, envelope)` gives to the network, `numbers` yields a number for each call that no other call
    of this address ever has, `known` are the names of the nodes.
    """

    def __init__(
        self,
        clock: PumpClock,
        known: Iterable[str],
        numbers: Callable[[], int],
        transmit: Callable[[str, Envelope], None],
    ) -> None:
        self._clock = clock
        self._known = tuple(known)
        self._numbers = numbers
        self._transmit = transmit
        self._waiting: dict[int, tuple[trio.lowlevel.Task, list[Any]]] = {}

    async def call(self, to: str, message: Any, *, timeout_s: float | None = None) -> Any:
        """Send `message` to node `to` and wait for its reply.

        Nothing says that the other side is gone: without `timeout_s` (virtual seconds) the wait may be for
        ever. Raises `trio.TooSlowError` after that time.
        """
        self._check(to)
        if timeout_s is None:
            return await self._call(to, message)
        with trio.fail_after(timeout_s):
            return await self._call(to, message)

    async def _call(self, to: str, message: Any) -> Any:
        number = self._numbers()
        slot: list[Any] = []
        self._waiting[number] = (current_task(), slot)

        def abort(_: object) -> Abort:
            self._waiting.pop(number, None)
            return Abort.SUCCEEDED

        self._transmit(to, Envelope("call", number, copied(message)))
        await wait_task_rescheduled(abort)
        return slot[0]

    def replied(self, number: int, message: Any) -> bool:
        """A reply arrived; whether somebody waits for it."""
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return False
        task, slot = waiting
        slot.append(message)
        reschedule(task)
        self._clock.woke = True
        return True

    def _check(self, to: str) -> None:
        if to not in self._known:
            raise ValueError(f"there is no node {to!r}; there are {', '.join(self._known)}")
