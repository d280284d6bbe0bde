"""What a caller is told: refusals, unknown outcomes, exactly once."""

from __future__ import annotations

import random
from typing import Any

import pytest
import trio

import rts
from rts.raft import (
    MemoryNetwork,
    MemoryStorage,
    NotLeader,
    OutcomeUnknown,
    RaftNode,
    Refused,
    Remove,
    Ticket,
)
from tests.raft.clusters import Table, Trial, len_of_applied, play

# --- refusals


def test_a_follower_refuses_and_names_the_leader() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        name = next(name for name in trial.names if name != leader.node_id)
        follower = trial.nodes[name]
        await follower.wait_leader()
        for refused in (
            follower.submit(["set", "a", 1]),
            follower.read(lambda table: table.values),
            follower.read(lambda table: table.values, mode="lease"),
            follower.change_membership(Remove("n0")),
            follower.transfer_leadership(name),
        ):
            with pytest.raises(NotLeader) as error:
                await refused
            assert error.value.leader == leader.node_id
            assert str(error.value) == f"this node does not lead; {leader.node_id} does"
        assert trial.tables[name].applied == []

    play(main)


def test_a_node_that_does_not_run_refuses_and_one_that_stops_leaves_the_outcome_open() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        others = [name for name in trial.names if name != leader.node_id]
        trial.network.partition([leader.node_id], others)

        async def crash_soon() -> None:
            await trio.sleep(0.05)
            trial.scopes[leader.node_id].cancel()

        trial.nursery.start_soon(crash_soon)
        with pytest.raises(OutcomeUnknown, match="the node has stopped"):
            await leader.submit(["set", "a", 1])
        for refused in (leader.submit(["set", "a", 1]), leader.read(len_of_applied), leader.wait_leader()):
            with pytest.raises(Refused, match="does not run"):
                await refused
        with pytest.raises(RuntimeError, match="a node runs once"):
            await leader.run()

    play(main)


def test_a_waiting_caller_may_be_cancelled() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        trial.network.partition([leader.node_id], [name for name in trial.names if name != leader.node_id])
        with trio.move_on_after(0.05) as scope:
            await leader.submit(["set", "a", 1])
        assert scope.cancelled_caught
        trial.network.heal()
        assert await leader.submit(["set", "a", 2]) == 1

    play(main)


def test_a_node_is_not_its_own_peer() -> None:
    with pytest.raises(ValueError, match="a node is named twice among n0, n1, n0"):
        RaftNode(
            "n0",
            ["n1", "n0"],
            MemoryNetwork().transport("n0"),
            MemoryStorage(),
            Table(),
            chance=Trial.__new__(Trial),  # type: ignore[arg-type]
        )


# --- exactly once


def test_a_ticket_that_is_tried_again_elsewhere_is_done_once() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        ticket = Ticket("client 7", 1, 1)
        assert await leader.submit(["set", "a", 1], ticket=ticket) is None
        assert await leader.submit(["set", "a", 1], ticket=ticket) is None
        await trial.crash(leader.node_id)
        other = await trial.leader(but=leader.node_id)
        assert await other.submit(["set", "a", 1], ticket=ticket) is None
        assert trial.tables[other.node_id].applied == [["set", "a", 1]]
        assert await other.submit(["set", "a", 2], ticket=Ticket("client 7", 2, 2)) == 1
        with pytest.raises(ValueError, match="has the answer to request 1"):
            await other.submit(["set", "a", 1], ticket=ticket)

    play(main)


def test_a_node_that_draws_the_same_in_another_life_is_another_client() -> None:
    async def lead_and_submit(storage: MemoryStorage) -> Any:
        node = RaftNode("n0", [], MemoryNetwork().transport("n0"), storage, Table(), chance=random.Random(1))
        async with trio.open_nursery() as nursery:
            await nursery.start(node.run)
            await node.wait_leader()
            result = await node.submit(["set", "a", node.statistics().term])
            nursery.cancel_scope.cancel()
        storage.close()
        return result

    async def main() -> list[Any]:
        storage = MemoryStorage()
        return [await lead_and_submit(storage) for _ in range(3)]

    assert rts.run(main) == [None, 1, 2]
