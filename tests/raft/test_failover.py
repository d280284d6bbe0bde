"""Nodes that crash, are cut off, or fail, and what is left of what they took."""

from __future__ import annotations

import pytest
import trio

from rts.raft import (
    DiskFailed,
    MemoryStorage,
    OutcomeUnknown,
)
from tests.raft.clusters import Trial, play

# --- failover and recovery


def test_another_leads_when_the_leader_crashes_and_nothing_acknowledged_is_lost() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        for number in range(20):
            await leader.submit(["set", f"k{number}", number])
        await trial.crash(leader.node_id)
        other = await trial.leader(but=leader.node_id)
        assert await other.read(lambda table: dict(table.values)) == {f"k{n}": n for n in range(20)}
        assert await other.submit(["set", "k0", "new"]) == 0
        again = await trial.start(leader.node_id)
        assert await again.wait_leader() == other.node_id
        assert await again.read(lambda table: table.values["k0"], mode="read-index") == "new"

    play(main)


def test_all_crash_and_nothing_acknowledged_is_lost() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        await leader.submit(["set", "a", 1])
        term = leader.statistics().term
        for name in trial.names:
            await trial.crash(name)
        await trial.start_all()
        leader = await trial.leader()
        assert leader.statistics().term > term
        assert await leader.read(lambda table: table.values) == {"a": 1}

    play(main)


def test_a_leader_cut_off_steps_down_and_its_commands_have_an_unknown_outcome() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        others = [name for name in trial.names if name != leader.node_id]
        trial.network.partition([leader.node_id], others)
        with pytest.raises(OutcomeUnknown, match="stopped leading in term 1"):
            await leader.submit(["set", "a", "lost"])
        assert not leader.is_leader
        other = await trial.leader(but=leader.node_id)
        await other.submit(["set", "a", "kept"])
        trial.network.heal()
        assert await leader.wait_leader() == other.node_id
        assert await leader.read(lambda table: table.values, mode="read-index") == {"a": "kept"}
        assert trial.tables[leader.node_id].applied == [["set", "a", "kept"]]

    play(main)


def test_a_node_that_was_away_for_long_gets_a_snapshot() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        away = next(name for name in trial.names if name != leader.node_id)
        await trial.crash(away)
        for number in range(50):
            await leader.submit(["set", f"k{number % 7}", number])
        node = await trial.start(away)
        await trial.leader()
        values = await leader.read(lambda table: dict(table.values))
        assert await node.read(lambda table: dict(table.values), mode="read-index") == values
        assert (away, "snapshot installed") in trial.notes
        assert len(trial.tables[away].applied) < 50

    play(main, compact_after=10, compact_keep=2)


def test_a_storage_that_fails_at_once_stops_the_node_before_it_promises_anything() -> None:
    async def main(trial: Trial) -> None:
        trial.storages["n3"] = MemoryStorage(disk=9)
        trial.storages["n3"].fails = OSError("input/output error")
        with pytest.raises(RuntimeError, match="without calling task_status"):
            await trial.start("n3", disk=9)
        assert isinstance(trial.ended["n3"], DiskFailed)

    play(main)


def test_a_storage_that_fails_stops_the_node() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        name = next(name for name in trial.names if name != leader.node_id)
        trial.storages[name].fails = OSError("input/output error")
        await leader.submit(["set", "a", 1])
        await trio.sleep(0.1)
        assert isinstance(trial.ended[name], DiskFailed)
        assert "input/output error" in str(trial.ended[name])
        assert trial.nodes[name].leader is None

    play(main)


def test_a_state_machine_that_raises_stops_its_node_with_what_it_raised() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        with pytest.raises(OutcomeUnknown, match="the node has stopped"):
            await leader.submit(["no such thing"])
        assert (
            str(trial.ended[leader.node_id]) == repr(LookupError("no such command: ['no such thing']"))[13:-2]
        )

    play(main)
