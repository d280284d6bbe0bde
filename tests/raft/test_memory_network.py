"""The network in memory: delays and partitions, in virtual time."""

from __future__ import annotations

import pytest
import trio

import rts
from rts.core.raft.messages import FromNode, TimeoutNow
from rts.raft import MemoryNetwork

Log = list[tuple[float, str, str, int]]


async def start(nursery: trio.Nursery, network: MemoryNetwork, name: str, log: Log) -> None:
    def deliver(sender: str, message: FromNode) -> None:
        assert isinstance(message, TimeoutNow)
        log.append((round(trio.current_time(), 6), sender, name, message.term))

    await nursery.start(network.transport(name).run, deliver)


def test_a_message_takes_as_long_as_the_network_says() -> None:
    async def main() -> Log:
        log: Log = []
        network = MemoryNetwork(delay_s=0.25)
        async with trio.open_nursery() as nursery:
            await start(nursery, network, "n1", log)
            network.transport("n0").timeout_now("n1", TimeoutNow(1))
            await trio.sleep(0.1)
            network.transport("n0").timeout_now("n1", TimeoutNow(2))
            await trio.sleep(1)
            nursery.cancel_scope.cancel()
        return log

    assert rts.run(main) == [(0.25, "n0", "n1", 1), (0.35, "n0", "n1", 2)]


def test_nothing_passes_a_partition_until_it_heals() -> None:
    async def main() -> Log:
        log: Log = []
        network = MemoryNetwork()
        async with trio.open_nursery() as nursery:
            for name in ("n0", "n1", "n2"):
                await start(nursery, network, name, log)
            network.partition(["n0"], ["n1", "n2"])
            network.transport("n0").timeout_now("n1", TimeoutNow(1))
            network.transport("n2").timeout_now("n0", TimeoutNow(2))
            network.transport("n2").timeout_now("n1", TimeoutNow(3))
            await trio.sleep(1)
            network.heal()
            network.transport("n0").timeout_now("n1", TimeoutNow(4))
            await trio.sleep(1)
            nursery.cancel_scope.cancel()
        return log

    assert rts.run(main) == [(0, "n2", "n1", 3), (1, "n0", "n1", 4)]


def test_a_node_is_on_the_network_once() -> None:
    async def main() -> None:
        network = MemoryNetwork()
        async with trio.open_nursery() as nursery:
            await start(nursery, network, "n0", [])
            with pytest.raises(ValueError, match="n0 is on this network already"):
                await network.transport("n0").run(lambda sender, message: None)
            nursery.cancel_scope.cancel()

    rts.run(main)
