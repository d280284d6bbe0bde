"""Nodes on real files and real sockets, in real time: nothing here waits for a time, only, looking again and
again, for what is to happen."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import trio

from rts.raft import (
    AddVoter,
    DiskFailed,
    FileStorage,
    NotLeader,
    OutcomeUnknown,
    RaftNode,
    Refused,
    Remove,
    Settings,
    TcpTransport,
    Ticket,
)
from rts.raft.storage.system import FileSystem
from tests.raft.clusters import Table

PATIENCE_S = 120
PATIENT = Settings(election_ns=(500_000_000, 1_000_000_000))
"""Nodes that do not take a busy machine for a lost leader."""
LOOK_AGAIN_S = 0.005


class Failing(FileSystem):
    """A file system whose disk fails from the moment that it is told to."""

    fails = False

    def sync(self, descriptor: int) -> None:
        if self.fails:
            raise OSError("input/output error")
        super().sync(descriptor)


class Real:
    """Nodes of one process; each listens where it listened before, and comes back to its directory."""

    def __init__(self, nursery: trio.Nursery, directory: Path) -> None:
        self.nursery = nursery
        self.directory = directory
        self.founders = ("n0", "n1", "n2")
        self.addresses: dict[str, tuple[str, int]] = {}
        self.transports: dict[str, TcpTransport] = {}
        self.nodes: dict[str, RaftNode] = {}
        self.tables: dict[str, Table] = {}
        self.scopes: dict[str, trio.CancelScope] = {}
        self.ends: dict[str, trio.Event] = {}
        self.failures: dict[str, Exception] = {}
        self.systems: dict[str, Failing] = {}
        self.requests = 0

    async def start(self, *names: str) -> None:
        """Start nodes; all are told where all are."""
        transports = {name: TcpTransport(name, self.addresses.get(name, ("127.0.0.1", 0))) for name in names}
        self.addresses |= {name: transport.address for name, transport in transports.items()}
        self.transports |= transports
        for name, transport in self.transports.items():
            for other, address in self.addresses.items():
                if other != name:
                    transport.add_peer(other, address)
        for name, transport in transports.items():
            await self.nursery.start(self._live, name, transport)

    async def _live(self, name: str, transport: TcpTransport, *, task_status: trio.TaskStatus[None]) -> None:
        founding = name in self.founders
        self.systems[name] = Failing()
        storage = FileStorage(
            self.directory / name, founding=founding, chance=random.Random(), system=self.systems[name]
        )
        peers = [other for other in self.founders if founding and other != name]
        self.tables[name] = Table()
        self.nodes[name] = RaftNode(
            name, peers, transport, storage, self.tables[name], chance=random.Random(), settings=PATIENT
        )
        self.ends[name] = trio.Event()
        try:
            with trio.CancelScope() as self.scopes[name]:
                await self.nodes[name].run(task_status=task_status)
        except DiskFailed as error:
            self.failures[name] = error
        finally:
            storage.close()
            self.ends[name].set()

    async def kill(self, *names: str) -> None:
        for name in names:
            self.scopes[name].cancel()
            await self.ends[name].wait()

    async def at_the_leader(self, act: Callable[[RaftNode], Awaitable[Any]]) -> Any:
        """Do something at the leader; look for another while it is refused or its outcome unknown."""
        names = [name for name, end in self.ends.items() if not end.is_set()]
        while True:
            for name in names:
                if self.nodes[name].is_leader:
                    try:
                        return await act(self.nodes[name])
                    except (NotLeader, OutcomeUnknown):
                        continue
            await trio.sleep(LOOK_AGAIN_S)

    async def put(self, key: str, value: Any) -> Any:
        self.requests += 1
        ticket = Ticket("client", self.requests, self.requests)
        return await self.at_the_leader(lambda node: node.submit(["set", key, value], ticket=ticket))

    async def get_at(self, name: str, key: str) -> Any:
        while True:
            await self.nodes[name].wait_leader()
            try:
                return await self.nodes[name].read(lambda table: table.values.get(key), mode="read-index")
            except Refused:
                await trio.sleep(LOOK_AGAIN_S)


def play(main: Callable[[Real], Awaitable[None]], directory: Path) -> None:
    async def started() -> None:
        async with trio.open_nursery() as nursery:
            real = Real(nursery, directory)
            with trio.fail_after(PATIENCE_S):
                await real.start(*real.founders)
                await main(real)
            nursery.cancel_scope.cancel()

    trio.run(started)


def test_a_leader_is_killed_and_comes_back(tmp_path: Path) -> None:
    async def main(real: Real) -> None:
        for number in range(20):
            await real.put("a", number)
        leader = (await real.at_the_leader(lambda node: node.read(lambda table: node))).node_id
        await real.kill(leader)
        assert await real.put("a", 20) == 19
        await real.start(leader)
        assert await real.get_at(leader, "a") == 20

    play(main, tmp_path)


def test_all_are_killed_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    async def main(real: Real) -> None:
        async with trio.open_nursery() as nursery:
            leader = await real.at_the_leader(lambda node: node.read(lambda table: node))
            for number in range(100):
                nursery.start_soon(leader.submit, ["set", f"k{number}", number])
        before = {name: node.statistics() for name, node in real.nodes.items()}
        await real.kill(*real.founders)
        await real.start(*real.founders)
        assert all(real.nodes[name].statistics().term >= before[name].term for name in real.founders)
        for name in real.founders:
            assert [await real.get_at(name, f"k{number}") for number in range(0, 100, 9)] == [
                *range(0, 100, 9)
            ]

    play(main, tmp_path)


def test_a_node_joins_and_another_leaves(tmp_path: Path) -> None:
    async def main(real: Real) -> None:
        await real.put("a", 1)
        await real.start("n3")
        members = await real.at_the_leader(lambda node: change(node, AddVoter("n3")))
        disk = next(member.disk for member in members.voters if member.node == "n3")
        assert disk > 1
        members = await real.at_the_leader(lambda node: change(node, Remove("n0")))
        assert [member.node for member in members.voters] == ["n1", "n2", "n3"]
        await real.kill("n0")
        await real.put("a", 2)
        assert await real.get_at("n3", "a") == 2
        await real.kill("n3")
        await real.start("n3")
        assert await real.get_at("n3", "a") == 2

    async def change(node: RaftNode, wanted: AddVoter | Remove) -> Any:
        while True:
            try:
                return await node.change_membership(wanted)
            except NotLeader:
                raise
            except Refused as refused:
                if str(refused) == "no change":  # an earlier try, whose outcome was not known, did it
                    return node.statistics().configuration
                await trio.sleep(LOOK_AGAIN_S)

    play(main, tmp_path)


def test_a_disk_that_fails_stops_its_node_and_the_others_go_on(tmp_path: Path) -> None:
    async def main(real: Real) -> None:
        leader = (await real.at_the_leader(lambda node: node.read(lambda table: node))).node_id
        real.systems[leader].fails = True
        await real.put("a", 1)
        await real.ends[leader].wait()
        assert "could not write to its disk: input/output error" in str(real.failures[leader])
        await real.start(leader)
        assert await real.get_at(leader, "a") == 1

    play(main, tmp_path)
