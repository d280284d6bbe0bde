"""A node as programs use it: in memory and in virtual time."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio

import rts
from rts.raft import (
    AddLearner,
    AddVoter,
    DiskFailed,
    MemoryNetwork,
    MemoryStorage,
    NotLeader,
    OutcomeUnknown,
    RaftNode,
    Refused,
    Remove,
    Ticket,
)
from tests.raft.clusters import Table, Trial


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


def len_of_applied(table: Table) -> int:
    return len(table.applied)


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


# --- reads


def test_every_mode_of_reading() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        await leader.submit(["set", "a", 1])
        for mode in ("leader", "lease", "read-index", "local"):
            assert await leader.read(lambda table: table.values["a"], mode=mode) == 1
        for name in trial.names:
            assert await trial.nodes[name].read(lambda table: table.values["a"], mode="read-index") == 1
            assert await trial.nodes[name].read(lambda table: table.values["a"], mode="local") == 1

    play(main)


def test_what_a_query_raises_is_the_readers_affair() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        with pytest.raises(KeyError, match="absent"):
            await leader.read(lambda table: table.values["absent"])
        assert await leader.submit(["set", "a", 1]) is None

    play(main)


def test_a_read_is_asked_again_when_its_question_was_lost() -> None:
    async def main(trial: Trial) -> int:
        leader = await trial.leader()
        await leader.submit(["set", "a", 1])
        name = next(name for name in trial.names if name != leader.node_id)
        await trial.nodes[name].wait_leader()

        async def heal_soon() -> None:
            await trio.sleep(0.1)
            trial.network.heal()

        trial.network.partition([name], [leader.node_id])
        trial.nursery.start_soon(heal_soon)
        found: int = await trial.nodes[name].read(lambda table: table.values["a"], mode="read-index")
        return found

    assert play(main, election_ns=(2_000_000_000, 4_000_000_000)) == 1


# --- members and leaders


def test_a_node_is_added_and_another_removed_while_commands_go_on() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        done = 0

        async def write() -> None:
            nonlocal done
            while True:
                try:
                    await (await trial.leader()).submit(["set", "a", done])
                    done += 1
                except (NotLeader, OutcomeUnknown):
                    await trio.sleep(0.01)

        trial.nursery.start_soon(write)
        trial.names.append("n3")
        await trial.start("n3", disk=77)
        members = await leader.change_membership(AddVoter("n3"))
        assert [tuple(member) for member in members.voters] == [("n0", 1), ("n1", 1), ("n2", 1), ("n3", 77)]
        members = await (await trial.leader()).change_membership(Remove("n0"))
        assert [member.node for member in members.voters] == ["n1", "n2", "n3"]
        await trial.crash("n0")
        before = done
        await (await trial.leader(but="n0")).submit(["set", "b", 1])
        assert done >= before > 0
        assert await trial.nodes["n3"].read(lambda table: table.values["b"], mode="read-index") == 1

    play(main)


def test_a_learner_follows_without_a_vote() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        learner = await trial.start("n3", disk=5)
        members = await leader.change_membership(AddLearner("n3"))
        assert [member.node for member in members.learners] == ["n3"]
        await leader.submit(["set", "a", 1])
        assert await learner.read(lambda table: table.values["a"], mode="read-index") == 1
        with pytest.raises(Refused, match="no change"):
            await leader.change_membership(AddLearner("n3"))
        with pytest.raises(TypeError, match="a change is AddVoter, AddLearner or Remove"):
            await leader.change_membership("n3")  # type: ignore[arg-type]

    play(main)


def test_leadership_goes_where_it_is_wanted() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        to = next(name for name in trial.names if name != leader.node_id)
        await leader.transfer_leadership(to)
        assert (await trial.leader()).node_id == to
        with pytest.raises(Refused, match="not a voter"):
            await trial.nodes[to].transfer_leadership("n9")

    play(main)


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
