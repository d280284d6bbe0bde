"""What all stories share: a store with two followers, and how its operations and the judge's verdicts are
told.
"""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import trio

from checker import Report, Violation, check
from rts.ids import Lsn
from rts.telemetry.network import Network
from rts.telemetry.nodes import Follower, Leader
from rts.telemetry.router import Answer, ReadRouter

Tell = Callable[[str], None]

WIDTH = 80
INDENT = " " * 6


class Guided(ReadRouter):
    """A router whose followers the story chooses."""

    next_follower = ""

    def select_follower(self, key: str, followers: Sequence[str]) -> str:
        """See `ReadRouter`."""
        return self.next_follower or super().select_follower(key, followers)


class Story:
    """A store in one act of a story, and what is told of it. Operations are numbered as in the network's
    history.
    """

    def __init__(self, tell: Tell, leader: Leader, followers: Sequence[Follower]) -> None:
        self.tell = tell
        self.leader = leader
        self.network = leader.network
        self.router = Guided(leader, followers)

    async def write(self, session: str, key: str, value: str, *, waits_for: str, role: str = "") -> Lsn:
        """A session writes; how long it took, for whom it waited, and the write's role in the story."""
        begun = trio.current_time()
        lsn = await self.router.write(key, value, session=session)
        took_ms = (trio.current_time() - begun) * 1000
        self.operation(f"{session} writes {key} = {value!r}{role and f', {role}'}")
        took = f"{took_ms:.0f} ms" if took_ms >= 1 else "less than 1 ms"
        self.tell(f"{INDENT}write returned in {took} ({waits_for})")
        return lsn

    async def read(self, session: str, key: str, mode: str, what: str, *, follower: str = "") -> Answer:
        """A session reads, from `follower` if the mode lets it; `what` to call it."""
        self.router.next_follower = follower
        answer = await self.router.read(key, mode, session=session)
        self.operation(f"{what}: {answer.value!r}, served by {answer.node}")
        return answer

    def operation(self, text: str) -> None:
        """The operation that ended last, under its number."""
        self.tell(f"  #{len(self.network.history) - 1}: {text}")

    def verdict(self, *guarantees: str) -> None:
        """What the judge says of this act's history: the verdict, and of a violation why."""
        report: Report = check(self.network.history, guarantees)
        for name in guarantees:
            verdict = report.guarantees[name]
            self.tell(f"  Verdict: {name} {verdict.verdict}")
            for violation in verdict.violations[:1]:
                for line in textwrap.wrap(in_one_sentence(violation), WIDTH - len(INDENT)):
                    self.tell(INDENT + line)


def in_one_sentence(violation: Violation) -> str:
    """What closes the violation's cycle: who did not see what, and why."""
    last = violation.cycle[-1]
    reason = last.reason.replace(f"operation {last.from_} ", "it ", 1)
    return f"Operation {last.from_} did not see operation {last.to}: {reason}."


@asynccontextmanager
async def store(
    tell: Tell, *, synchronous: Sequence[str] = (), asynchronous: Sequence[str] = ()
) -> AsyncIterator[Story]:
    """A running store for one act."""
    network = Network()
    leader = Leader("leader", network)
    for name in synchronous:
        leader.add_sync_follower(name)
    for name in asynchronous:
        leader.add_async_follower(name)
    followers = [Follower(name, network) for name in (*synchronous, *asynchronous)]
    async with trio.open_nursery() as nursery:
        for follower in followers:
            await nursery.start(follower.run)
        yield Story(tell, leader, followers)
        nursery.cancel_scope.cancel()
