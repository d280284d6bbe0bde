"""What every transport does, in memory or over TCP: the same tests for both, in real time but without waiting
for time to pass."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest
import trio

from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    AppendRejected,
    FromNode,
    InstallSnapshot,
    PreVote,
    PreVoted,
    ReadIndex,
    ReadIndexed,
    RequestVote,
    SnapshotReceived,
    TimeoutNow,
    Voted,
)
from rts.ids import Lsn
from rts.raft import MemoryNetwork, TcpTransport, Transport
from tests.raft.entries import MEMBERS, N0, N1, entries, noop

Connect: TypeAlias = Callable[[int], list[Transport]]
"""Transports of so many nodes `n0`, `n1`, …, each of which knows where the others are."""

PATIENCE_S = 30


def in_memory(nodes: int) -> list[Transport]:
    network = MemoryNetwork()
    return [network.transport(f"n{number}") for number in range(nodes)]


def over_tcp(nodes: int) -> list[Transport]:
    transports = [TcpTransport(f"n{number}", ("127.0.0.1", 0)) for number in range(nodes)]
    for one in transports:
        for other in transports:
            if one is not other:
                one.add_peer(other.node_id, other.address)
    return list(transports)


@pytest.fixture(params=[in_memory, over_tcp])
def connect(request: pytest.FixtureRequest) -> Connect:
    made: Connect = request.param
    return made


class Inbox:
    """What has arrived at one node."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, FromNode]] = []
        self._arrived = trio.Event()

    def deliver(self, sender: str, message: FromNode) -> None:
        self.messages.append((sender, message))
        self._arrived.set()

    async def wait(self, count: int) -> list[tuple[str, FromNode]]:
        while len(self.messages) < count:
            self._arrived = trio.Event()
            await self._arrived.wait()
        return self.messages


def play(main: Callable[..., Awaitable[None]], *arguments: Any) -> None:
    async def limited() -> None:
        with trio.fail_after(PATIENCE_S):
            await main(*arguments)

    trio.run(limited)


async def start(nursery: trio.Nursery, transports: list[Transport]) -> list[Inbox]:
    inboxes = [Inbox() for _ in transports]
    for transport, inbox in zip(transports, inboxes, strict=True):
        await nursery.start(transport.run, inbox.deliver)
    return inboxes


async def connected(sender: Transport, to: str, inbox: Inbox) -> None:
    """Send until something arrives: what is sent before there is a connection is lost."""
    while not inbox.messages:
        sender.timeout_now(to, TimeoutNow(0))
        with trio.move_on_after(0.01):
            await inbox.wait(1)
    inbox.messages.clear()


ALL: list[tuple[str, FromNode]] = [
    ("pre_vote", PreVote(2, N0, Lsn(1, 3))),
    ("request_vote", RequestVote(2, N0, Lsn(1, 3), True)),
    ("append_entries", AppendEntries(2, Lsn(1, 3), (noop(2, 4), *entries((2, 5))), 3, 7)),
    ("install_snapshot", InstallSnapshot(2, Lsn(1, 3), MEMBERS, 10, b"\x00piece", True, 8)),
    ("timeout_now", TimeoutNow(2)),
    ("read_index", ReadIndex((1 << 61, 4))),
    ("reply", PreVoted(2, N1, True)),
    ("reply", Voted(2, N1, False)),
    ("reply", Appended(2, N1, 5, 7)),
    ("reply", AppendRejected(2, N1, 3, Lsn(0, 1), 7)),
    ("reply", SnapshotReceived(2, N1, 3, 16, 8)),
    ("reply", ReadIndexed((1 << 61, 4), None)),
]


def test_every_kind_of_message_arrives_as_it_was_sent_and_in_order(connect: Connect) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            transports = connect(2)
            _, inbox = await start(nursery, transports)
            await connected(transports[0], "n1", inbox)
            for way, message in ALL:
                getattr(transports[0], way)("n1", message)
            assert (await inbox.wait(len(ALL)))[: len(ALL)] == [("n0", message) for _, message in ALL]
            nursery.cancel_scope.cancel()

    play(main)


def test_messages_pass_between_all_pairs_in_both_directions(connect: Connect) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            transports = connect(3)
            inboxes = await start(nursery, transports)
            for number, transport in enumerate(transports):
                for other, inbox in enumerate(inboxes):
                    if other != number:
                        await connected(transport, f"n{other}", inbox)
            nursery.cancel_scope.cancel()

    play(main)


def test_what_is_sent_to_nobody_is_lost(connect: Connect) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            transports = connect(3)
            (inbox, _) = await start(nursery, transports[:2])
            transports[0].timeout_now("n2", TimeoutNow(1))
            transports[0].timeout_now("n9", TimeoutNow(1))
            await connected(transports[1], "n0", inbox)
            if isinstance(transports[2], TcpTransport):
                transports[2].close()
            nursery.cancel_scope.cancel()

    play(main)


def test_a_message_of_several_megabytes_arrives(connect: Connect) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            transports = connect(2)
            _, inbox = await start(nursery, transports)
            await connected(transports[0], "n1", inbox)
            message = InstallSnapshot(2, Lsn(1, 3), MEMBERS, 0, bytes(5_000_000), True, 8)
            transports[0].install_snapshot("n1", message)
            assert ("n0", message) in await inbox.wait(1)
            nursery.cancel_scope.cancel()

    play(main)


def test_a_node_that_comes_back_is_reached_again(connect: Connect) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            transports = connect(2)
            inbox = Inbox()
            await nursery.start(transports[0].run, Inbox().deliver)
            async with trio.open_nursery() as first_life:
                await first_life.start(transports[1].run, inbox.deliver)
                await connected(transports[0], "n1", inbox)
                first_life.cancel_scope.cancel()
            transport = transports[1]
            if isinstance(transport, TcpTransport):
                assert isinstance(transports[0], TcpTransport)
                transport = TcpTransport("n1", ("127.0.0.1", 0), {"n0": transports[0].address})
                transports[0].add_peer("n1", transport.address)
            await nursery.start(transport.run, inbox.deliver)
            await connected(transports[0], "n1", inbox)
            nursery.cancel_scope.cancel()

    play(main)
