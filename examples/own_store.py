"""A replicated store in sixty lines of plain Trio, and a bug that is easy to write and hard to see.

`n0` leads. It answers a write first and replicates it afterwards; clients read whichever replica they like.
Tests, demos and most days of production see nothing wrong with that. Find it:

    rts hunt --system examples/own_store.py
"""

from __future__ import annotations

from typing import Any

import trio
from hypothesis import given, settings

import rts


class Shelf(rts.Store):
    """n0 leads and answers before it replicates; clients read any replica."""

    name = "shelf"
    nodes = 3
    claims = ("read-your-writes", "monotonic-reads", "no-lost-acknowledged-writes", "convergence")
    faults = ("lag", "loss", "reorder", "partition", "crash", "pause")
    real_time_writes = True

    async def serve(self, node: rts.Node) -> None:
        async with trio.open_nursery() as nursery:
            if node.name == "n0":
                nursery.start_soon(self.repeat, node)
            async for request in node.requests:
                match request.message:
                    case ("write", key, value):
                        version = node.storage.get("version", 0) + 1
                        node.storage["version"] = version
                        node.storage[key] = (version, value)
                        request.reply()
                        for peer in node.peers:
                            node.send(peer, ("replicate", key, version, value))
                    case ("replicate", key, version, value):
                        if version > node.storage.get(key, (0, None))[0]:
                            node.storage[key] = (version, value)
                    case ("read", key):
                        request.reply(node.storage.get(key, (0, None))[1])

    async def repeat(self, node: rts.Node) -> None:
        """Messages get lost and nodes are down: send everything again, once a second."""
        while True:
            await trio.sleep(1)
            for key, held in node.storage.items():
                if key != "version":
                    for peer in node.peers:
                        node.send(peer, ("replicate", key, *held))

    async def write(self, client: rts.Client, key: str, value: Any) -> None:
        await client.call("n0", ("write", key, value))

    async def read(self, client: rts.Client, key: str) -> Any:
        return await client.call(client.choose(client.nodes), ("read", key))

    async def read_at(self, client: rts.Client, node: str, key: str) -> Any:
        return await client.call(node, ("read", key))


class ShelfReadAtLeader(Shelf):
    """The same, read at the leader only."""

    name = "shelf, read at the leader"

    async def read(self, client: rts.Client, key: str) -> Any:
        return await client.call("n0", ("read", key))


system = Shelf()
fixed = ShelfReadAtLeader()


@settings(max_examples=50, deadline=None)
@given(rts.schedules(fixed, fixed.configuration))
def test_the_fixed_store_keeps_its_claims(schedule: rts.Schedule) -> None:
    rts.check_schedule(fixed, fixed.configuration, schedule)
