"""Small stores to run schedules on, and the steps to run."""

from __future__ import annotations

from typing import Any

import rts
from rts.runs import Run
from rts.schedule import MILLISECOND, AnyStep, CompareAndSet, Delete, Read, Schedule, Write

MS = MILLISECOND


class Register(rts.Store):
    """Each node holds its own register; `n0` answers, and tells the others."""

    async def serve(self, node: rts.Node) -> None:
        async for request in node.requests:
            match request.message:
                case ("write", key, value):
                    node.storage[key] = value
                    for peer in node.peers:
                        node.send(peer, ("copy", key, value))
                    request.reply()
                case ("copy", key, value):
                    node.storage[key] = value
                case ("cas", key, expected, value):
                    if node.storage.get(key) == expected:
                        node.storage[key] = value
                    request.reply(node.storage.get(key) == value)
                case ("read", key):
                    request.reply(node.storage.get(key))

    async def write(self, client: rts.Client, key: str, value: Any) -> Any:
        return await client.call("n0", ("write", key, value))

    async def read(self, client: rts.Client, key: str) -> Any:
        return await client.call(client.choose(client.nodes), ("read", key))


class Complete(Register):
    """The same with all that is optional."""

    async def delete(self, client: rts.Client, key: str) -> Any:
        return await client.call("n0", ("write", key, None))

    async def compare_and_set(self, client: rts.Client, key: str, expected: Any, value: Any) -> Any:
        if not await client.call("n0", ("cas", key, expected, value)):
            raise rts.CompareFailed("another value than expected")

    async def read_at(self, client: rts.Client, node: str, key: str) -> Any:
        return await client.call(node, ("read", key))


def write(after_ms: int = 0, *, session: str = "s0", key: str = "k0") -> Write:
    return Write(after_ns=after_ms * MS, session=session, key=key)


def read(replica: int = 0, after_ms: int = 0, *, session: str = "s0", key: str = "k0") -> Read:
    return Read(after_ns=after_ms * MS, session=session, key=key, replica=replica)


def delete(after_ms: int = 0) -> Delete:
    return Delete(after_ns=after_ms * MS, session="s0", key="k0")


def cas(after_ms: int = 0, *, session: str = "s0") -> CompareAndSet:
    return CompareAndSet(after_ns=after_ms * MS, session=session, key="k0")


def schedule(store: rts.Store, *steps: AnyStep, nodes: int = 3, jitter: int = 0) -> Schedule:
    return Schedule(
        system=store.name,
        configuration=store.name,
        mode="default",
        nodes=tuple(f"n{number}" for number in range(nodes)),
        steps=steps,
        jitter=jitter,
    )


def run(store: rts.Store, *steps: AnyStep, nodes: int = 3, jitter: int = 0) -> Run:
    return store.simulate(schedule(store, *steps, nodes=nodes, jitter=jitter))


def seen(result: Run) -> list[tuple[Any, ...]]:
    """What the schedule's own operations came to: session, kind, value, status."""
    return [
        (operation.session, operation.op, operation.value, operation.status)
        for operation in result.operations
        if operation.key != "liveness" and operation.phase == "main"
    ]


def broken(result: Run) -> list[str]:
    """What went wrong inside the run."""
    return [breach.explanation for breach in result.breaches]
