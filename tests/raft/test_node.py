"""A node as programs use it, in memory and in virtual time: elections and commands."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from rts.raft import (
    Refused,
)
from tests.raft.clusters import Trial, len_of_applied, play

# --- elections and commands


def test_a_leader_is_elected_and_all_nodes_come_to_know_it() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        known = [await trial.nodes[name].wait_leader() for name in trial.names]
        assert known == [leader.node_id] * 3
        assert [node.is_leader for node in trial.nodes.values()].count(True) == 1

    play(main)


def test_a_command_gives_its_result_and_reaches_every_node() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        assert await leader.submit(["set", "a", 1]) is None
        assert await leader.submit(["set", "a", 2]) == 1
        await trial.nodes["n2"].read(len_of_applied, mode="read-index")
        await trio.sleep(0.1)
        assert [table.applied for table in trial.tables.values()] == [[["set", "a", 1], ["set", "a", 2]]] * 3

    play(main)


def test_many_commands_under_way_share_entries_and_each_gets_its_own_result() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        results: dict[int, Any] = {}

        async def submit(number: int) -> None:
            results[number] = await leader.submit(["set", f"k{number % 100}", number])

        async with trio.open_nursery() as nursery:
            for number in range(1000):
                nursery.start_soon(submit, number)
        applied = trial.tables[leader.node_id].applied
        assert len(applied) == 1000
        before: dict[str, int] = {}
        for _, key, value in applied:
            assert results[value] == before.get(key)
            before[key] = value
        assert leader.statistics().committed < 10

    play(main)


def test_a_command_may_be_submitted_without_a_task_that_waits() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        heard: list[Any] = []
        ended = trio.Event()

        def done(result: Any, error: Exception | None) -> None:
            heard.append((result, error))
            if len(heard) < 3:
                leader.submit_nowait(["set", "a", len(heard)], done)
            else:
                ended.set()

        leader.submit_nowait(["set", "a", 0], done)
        assert heard == []
        await ended.wait()
        assert heard == [(None, None), (0, None), (1, None)]
        with pytest.raises(TypeError):
            leader.submit_nowait(object(), done)

    play(main)


def test_who_submitted_without_waiting_hears_of_refusals_and_unknown_outcomes() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        follower = trial.nodes[next(name for name in trial.names if name != leader.node_id)]
        heard: list[str] = []

        def done(result: Any, error: Exception | None) -> None:
            heard.append(f"{type(error).__name__}: {error}")

        follower.submit_nowait(["set", "a", 1], done)
        await trio.sleep(0.01)
        trial.network.partition([leader.node_id], [name for name in trial.names if name != leader.node_id])
        leader.submit_nowait(["set", "a", 2], done)
        await trio.sleep(0.01)
        trial.scopes[leader.node_id].cancel()
        leader.submit_nowait(["set", "a", 3], done)
        await trio.sleep(0.01)
        assert heard == [
            f"NotLeader: this node does not lead; {leader.node_id} does",
            "OutcomeUnknown: the node has stopped",
            f"Refused: {leader.node_id} has stopped",
        ]
        with pytest.raises(Refused, match="does not run"):
            leader.submit_nowait(["set", "a", 4], done)

    play(main)


def test_what_a_callback_raises_stops_the_node_once_all_others_have_heard() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        heard: list[Any] = []

        def raises(result: Any, error: Exception | None) -> None:
            raise ZeroDivisionError("in a callback")

        leader.submit_nowait(["set", "a", 1], raises)
        leader.submit_nowait(["set", "a", 2], lambda result, error: heard.append((result, error)))
        await trio.sleep(0.1)
        assert heard == [(1, None)]
        assert str(trial.ended[leader.node_id]) == "in a callback"

    play(main)


def test_a_large_batch_is_more_than_one_entry() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        before = leader.statistics().committed
        async with trio.open_nursery() as nursery:
            for number in range(5):
                nursery.start_soon(leader.submit, ["set", f"k{number}", "x" * 20_000])
        assert leader.statistics().committed == before + 2

    play(main)


def test_commands_are_what_came_through_the_log_on_the_leader_too() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        await leader.submit(("set", "a", (1, b"two", None, 3.5, {"four": True})))
        assert trial.tables[leader.node_id].applied == [["set", "a", [1, b"two", None, 3.5, {"four": True}]]]
        with pytest.raises(TypeError):
            await leader.submit(["set", "a", object()])
        with pytest.raises(TypeError, match="too large"):
            await leader.submit(["set", "a", 1 << 70])

    play(main)


def test_a_cluster_of_one() -> None:
    async def main(trial: Trial) -> None:
        assert await (await trial.leader()).submit(["set", "a", 1]) is None

    play(main, nodes=1)


# --- determinism


def test_the_same_seed_gives_the_same_run() -> None:
    async def main(trial: Trial) -> Any:
        leader = await trial.leader()
        for number in range(5):
            await leader.submit(["set", "a", number])
        await trial.crash(leader.node_id)
        other = await trial.leader(but=leader.node_id)
        return trio.current_time(), trial.notes, other.statistics()

    first, second, other = play(main, seed=3), play(main, seed=3), play(main, seed=4)
    assert first == second
    assert first != other
