"""Three replicas of a table of keys and values, over TCP on this machine and with files in a temporary
directory. The leader is killed, the others go on, and it comes back.

    python examples/raft_kv.py
"""

from __future__ import annotations

import json
import random
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import trio

from rts.raft import FileStorage, NotLeader, OutcomeUnknown, RaftNode, Refused, TcpTransport, Ticket

NAMES = ("n0", "n1", "n2")


class Table:
    """What is replicated: `["set", key, value]` gives the value before."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def apply(self, command: Any) -> Any:
        _, key, value = command
        before = self.values.get(key)
        self.values[key] = value
        return before

    def snapshot(self) -> bytes:
        return json.dumps(self.values).encode()

    def restore(self, data: bytes) -> None:
        self.values = json.loads(data)


class Replica:
    """One node; in earnest it would be a process on a machine of its own."""

    def __init__(self, name: str, addresses: dict[str, tuple[str, int]], directory: Path) -> None:
        self.name = name
        self.addresses = addresses
        self.directory = directory
        self.life = trio.CancelScope()
        self.ended = trio.Event()
        self.node: RaftNode | None = None

    async def live(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        peers = {name: address for name, address in self.addresses.items() if name != self.name}
        storage = FileStorage(self.directory / self.name)
        transport = TcpTransport(self.name, self.addresses[self.name], peers)
        self.node = RaftNode(self.name, peers, transport, storage, Table(), chance=random.Random())
        self.life, self.ended = trio.CancelScope(), trio.Event()
        try:
            with self.life:
                await self.node.run(task_status=task_status)
        finally:
            storage.close()
            self.ended.set()

    async def kill(self) -> None:
        self.life.cancel()
        await self.ended.wait()


class Client:
    """Finds the leader, and asks again, with the same ticket, until it has an answer."""

    def __init__(self, replicas: dict[str, Replica]) -> None:
        self.replicas = replicas
        self.leader = NAMES[0]
        self.requests = 0

    async def set(self, key: str, value: Any) -> Any:
        self.requests += 1
        ticket = Ticket("client", self.requests, self.requests)
        while True:
            node = self.replicas[self.leader].node
            assert node is not None
            try:
                return await node.submit(["set", key, value], ticket=ticket)
            except NotLeader as error:
                self.leader = error.leader or self.another()
            except (Refused, OutcomeUnknown):
                self.leader = self.another()
            await trio.sleep(0.01)

    def another(self) -> str:
        return NAMES[(NAMES.index(self.leader) + 1) % len(NAMES)]


async def value_at(replica: Replica, key: str) -> Any:
    """The value at a replica, whichever it is, and no older than the last that was acknowledged."""
    node = replica.node
    assert node is not None
    while True:
        await node.wait_leader()
        try:
            return await node.read(lambda table: table.values.get(key), mode="read-index")
        except NotLeader:
            continue  # the leader has changed meanwhile


def free_addresses() -> dict[str, tuple[str, int]]:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(socket.create_server(("127.0.0.1", 0))) for name in NAMES}
        return {name: server.getsockname()[:2] for name, server in servers.items()}


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        addresses = free_addresses()
        replicas = {name: Replica(name, addresses, Path(directory)) for name in NAMES}
        client = Client(replicas)
        async with trio.open_nursery() as nursery:
            for replica in replicas.values():
                await nursery.start(replica.live)
            for number in range(100):
                await client.set("counter", number)
            print("100 commands are committed")
            killed = replicas[client.leader]
            await killed.kill()
            print("the leader is killed")
            assert await client.set("counter", 100) == 99
            print("another leads, and nothing is lost")
            await nursery.start(killed.live)
            assert await value_at(killed, "counter") == 100
            print("the one that was killed is back, and has caught up")
            nursery.cancel_scope.cancel()


if __name__ == "__main__":
    trio.run(main)
