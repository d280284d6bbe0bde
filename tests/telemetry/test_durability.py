"""What is acknowledged survives; what is not, or was not waited for, need not."""

from __future__ import annotations

import pytest
import trio

from rts import Leader, Network, OutcomeUnknown, PromotionRefused
from tests.telemetry.store import Store, store, timed, virtual

KEYS = tuple(f"sample-{number}" for number in range(100))


async def write_all(it: Store) -> None:
    for key in KEYS:
        await it.leader.write(key, f"{key} taken")


@virtual
async def test_nothing_acknowledged_is_lost_when_the_synchronous_follower_is_promoted() -> None:
    async with store() as it:
        network = it.network
        await write_all(it)
        network.partition(["async"], ["leader", "sync"])
        for key in KEYS:
            await it.leader.write(key, f"{key} checked")
        network.crash("leader")
        assert await network.promote("sync") == "sync"
        assert network.current_leader == "sync"
        promoted = Leader("sync", network)
        network.heal()  # an epoch acknowledges nothing before somebody else has it too
        assert [await promoted.read(key) for key in KEYS] == [f"{key} checked" for key in KEYS]
        await trio.sleep(2)
        assert network.lag() == {"sync": 0, "async": 0}
        assert [await it.followers["async"].read(key) for key in KEYS] == [f"{key} checked" for key in KEYS]


@virtual
async def test_the_history_of_a_promotion_says_so_too() -> None:
    async with store() as it:
        router = it.router()
        for number in range(100):
            await router.write("altitude", f"{number} m", session="sensor")
        it.network.partition(["async"], ["leader", "sync"])
        for number in range(100, 200):
            await router.write("altitude", f"{number} m", session="sensor")
        await it.network.promote("sync", old="crash")
        it.network.heal()
        assert (await router.read("altitude", "leader", session="sensor")).value == "199 m"
        await trio.sleep(2)
        values = await it.network.read_finally()
        assert values == {"sync": {"altitude": "199 m"}, "async": {"altitude": "199 m"}}
        guarantees = ("no-lost-acknowledged-writes", "convergence", "read-your-writes", "linearizable")
        verdicts = it.judge(*guarantees).guarantees
        assert {name: verdict.verdict for name, verdict in verdicts.items()} == {
            "no-lost-acknowledged-writes": "holds",
            "convergence": "holds",
            "read-your-writes": "holds",
            "linearizable": "holds",
            "no-aborted-reads": "holds",
            "no-thin-air-reads": "holds",
            "unique-positions": "holds",
        }


@virtual
async def test_forcing_the_other_one_loses_acknowledged_writes() -> None:
    async with store() as it:
        router = it.router()
        await router.write("altitude", "400 km", session="sensor")
        await trio.sleep(0.01)
        it.network.partition(["async"], ["leader", "sync"])
        await router.write("altitude", "390 km", session="sensor")
        it.network.crash("leader")
        with pytest.raises(PromotionRefused, match="async: it may lack acknowledged writes"):
            await it.network.promote("async")
        await it.network.promote("async", forced=True)
        it.network.heal()
        it.network.restart("leader")
        await trio.sleep(2)
        assert await it.network.read_finally() == {
            name: {"altitude": "400 km"} for name in ("leader", "sync", "async")
        }
        assert it.verdict("no-lost-acknowledged-writes") == "violated"
        assert it.network.states["tail truncated"] > 0


@virtual
async def test_two_of_three_waits_for_the_faster_follower_and_survives_the_leader() -> None:
    async with store(("near", "far"), (), policy="2 of 3") as it:
        it.network.inject_lag("leader", "far", 5)
        _, seconds = await timed(it.leader.write("altitude", "400 km"))
        assert seconds < 0.006
        it.network.crash("leader")
        assert await it.network.promote("best") == "near"
        assert await Leader("near", it.network).read("altitude") == "400 km"


@virtual
async def test_two_of_three_refuses_a_candidate_with_an_older_log() -> None:
    async with store(("near", "far"), (), policy="2 of 3") as it:
        it.network.inject_lag("leader", "far", 5)
        await it.leader.write("altitude", "400 km")
        it.network.crash("leader")
        with pytest.raises(PromotionRefused, match="far: another member's log is newer"):
            await it.network.promote("far")


@virtual
async def test_two_of_three_acknowledges_nothing_alone() -> None:
    async with store(("near", "far"), (), policy="2 of 3") as it:
        it.network.partition(["leader"], ["near", "far"])
        with trio.move_on_after(60) as patience:
            await it.leader.write("altitude", "400 km")
        assert patience.cancelled_caught


@virtual
async def test_policy_none_waits_for_nobody_and_loses_what_only_the_leader_had() -> None:
    async with store((), ("one", "other"), policy="none") as it:
        it.lag_all(5)
        _, seconds = await timed(it.leader.write("altitude", "400 km"))
        assert seconds < 0.001
        await it.network.promote("one", forced=True, old="crash")
        it.network.heal()
        await trio.sleep(10)
        assert await it.network.read_finally() == {"one": {"altitude": None}, "other": {"altitude": None}}
        assert it.verdict("no-lost-acknowledged-writes") == "violated"


@virtual
async def test_a_crashed_leader_finds_its_log_on_its_disk() -> None:
    async with store() as it:
        await it.leader.write("altitude", "400 km")
        it.network.crash("leader")
        assert it.network.current_leader is None
        assert it.network.lag() == {}
        it.network.restart("leader")
        assert it.network.current_leader == "leader"
        assert await it.leader.read("altitude") == "400 km"


@virtual
async def test_a_leader_that_lost_its_disk_does_not_lead_on() -> None:
    async with store() as it:
        await it.leader.write("altitude", "400 km")
        it.network.crash("leader", lose_disk=True)
        await it.network.promote("sync")
        it.network.restart("leader")
        await trio.sleep(2)
        assert await Leader("sync", it.network).read("altitude") == "400 km"
        assert await it.network.read_finally() == {
            name: {"altitude": "400 km"} for name in ("leader", "sync", "async")
        }


@virtual
async def test_a_write_in_flight_when_its_leader_is_deposed_has_an_unknown_outcome() -> None:
    async with store() as it:
        await it.leader.write("altitude", "400 km")
        it.network.inject_lag("sync", "leader", 1)  # it has the entry at once, and says so late

        async def write() -> None:
            with pytest.raises(OutcomeUnknown):
                await it.leader.write("altitude", "390 km")

        async with trio.open_nursery() as nursery:
            nursery.start_soon(write)
            await trio.sleep(0.1)
            await it.network.promote("sync", old="leave")
        it.network.heal()
        await trio.sleep(2)
        assert await Leader("sync", it.network).read("altitude") == "390 km"
        assert [operation.status for operation in it.network.history.operations] == ["ok", "info", "ok"]


def test_a_network_without_a_leader_has_an_empty_history() -> None:
    assert len(Network().history) == 0
