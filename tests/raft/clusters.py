"""A table to replicate, and clusters of nodes in one process."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import trio

import rts
from rts.raft import MemoryNetwork, MemoryStorage, NotLeader, RaftNode, Settings

MILLISECOND = 1_000_000
QUICK = Settings(election_ns=(150 * MILLISECOND, 300 * MILLISECOND))


class Table:
    """Keys and values. A command is `["set", key, value]`, which gives the value before, or `["fail"]`."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.applied: list[Any] = []

    def apply(self, command: Any) -> Any:
        self.applied.append(command)
        match command:
            case ["set", key, value]:
                before = self.values.get(key)
                self.values[key] = value
                return before
        raise LookupError(f"no such command: {command!r}")

    def snapshot(self) -> bytes:
        return json.dumps(self.values).encode()

    def restore(self, data: bytes) -> None:
        self.values = json.loads(data)


def len_of_applied(table: Table) -> int:
    return len(table.applied)


class Trial:
    """Nodes `n0`, `n1`, … in memory, each in a cancel scope of its own."""

    def __init__(self, nursery: trio.Nursery, nodes: int = 3, *, seed: int = 1, **settings: Any) -> None:
        self.nursery = nursery
        self.names = [f"n{number}" for number in range(nodes)]
        self.network = MemoryNetwork(delay_s=0.001)
        self.settings = Settings(**{"election_ns": QUICK.election_ns, **settings})
        self.chance = random.Random(seed)
        self.storages: dict[str, MemoryStorage] = {}
        self.tables: dict[str, Table] = {}
        self.nodes: dict[str, RaftNode] = {}
        self.scopes: dict[str, trio.CancelScope] = {}
        self.ended: dict[str, Exception] = {}
        self.notes: list[tuple[str, str]] = []

    async def start(self, name: str, *, disk: int = 1) -> RaftNode:
        """Start a node, on the storage that it had."""
        storage = self.storages.setdefault(name, MemoryStorage(disk=disk))
        table = self.tables[name] = Table()
        node = self.nodes[name] = RaftNode(
            name,
            [other for other in self.names if other != name] if disk == 1 else [],
            self.network.transport(name),
            storage,
            table,
            chance=random.Random(self.chance.randrange(0, 1 << 30)),
            settings=self.settings,
            on_note=lambda what, detail: self.notes.append((name, what)),
        )
        await self.nursery.start(self._run, node)
        return node

    async def _run(self, node: RaftNode, *, task_status: trio.TaskStatus[None]) -> None:
        with trio.CancelScope() as self.scopes[node.node_id]:
            try:
                await node.run(task_status=task_status)
            except Exception as error:
                self.ended[node.node_id] = error

    async def start_all(self) -> None:
        for name in self.names:
            await self.start(name)

    async def crash(self, name: str) -> None:
        """Stop a node; what it had not synced is lost."""
        self.scopes[name].cancel()
        await trio.sleep(0.001)
        self.storages[name].close()

    async def leader(self, *, but: str = "") -> RaftNode:
        """The node that leads, once one does and can commit."""
        while True:
            for name in self.names:
                node = self.nodes[name]
                if name != but and node.is_leader:
                    try:
                        await node.read(lambda table: None)
                    except NotLeader:
                        continue
                    return node
            await trio.sleep(0.01)


def play(main: Callable[[Trial], Awaitable[Any]], *, nodes: int = 3, seed: int = 1, **settings: Any) -> Any:
    """Run a cluster in virtual time until `main` returns."""

    async def started() -> Any:
        async with trio.open_nursery() as nursery:
            trial = Trial(nursery, nodes, seed=seed, **settings)
            await trial.start_all()
            with trio.fail_after(60):
                result = await main(trial)
            nursery.cancel_scope.cancel()
        return result

    return rts.run(started, seed=seed)
