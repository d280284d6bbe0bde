"""What a program gets back: cancelled calls, errors by whose fault they are, and misuse."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import partial

import pytest
import trio

from rts import CompareFailed, Follower, Leader, Lsn, Network, NotLeader, OutcomeUnknown, ReadRouter, Refused
from tests.telemetry.store import store, virtual


@virtual
async def test_positions_count_up_from_the_epochs_first_entry() -> None:
    async with store() as it:
        assert await it.leader.write("a", b"\xff") == Lsn(1, 2)
        assert await it.leader.cas("a", b"\xff", b"\x00") == Lsn(1, 3)
        assert await it.leader.delete("a") == Lsn(1, 4)
        assert it.leader.current_lsn == Lsn(1, 4)
        await trio.sleep(0.01)
        assert it.followers["async"].current_lsn == Lsn(1, 4)


@virtual
async def test_a_cancelled_write_is_recorded_as_unknown_and_may_still_take_effect() -> None:
    async with store() as it:
        it.network.inject_lag("leader", "sync", 5)
        with trio.move_on_after(1) as patience:
            await it.leader.write("mode", "safe")
        assert patience.cancelled_caught
        write = it.network.history.operations[0]
        assert (write.status, write.end, write.error) == ("info", None, "cancelled")
        await trio.sleep(10)
        assert await it.leader.read("mode") == "safe"
        assert it.network.states["info write seen later"] == 1


@virtual
async def test_a_call_that_is_cancelled_before_its_turn_leaves_no_trace() -> None:
    async with store() as it:
        router = it.router()
        it.network.inject_lag("leader", "sync", 5)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: router.write("mode", "first", session="console"))
            await trio.sleep(1)
            with trio.move_on_after(1):
                await router.write("mode", "second", session="console")
        await router.write("mode", "third", session="console")
        assert [operation.value for operation in it.network.history.operations] == ["first", "third"]


@virtual
async def test_one_session_does_one_thing_at_a_time() -> None:
    async with store() as it:
        router = it.router()
        async with trio.open_nursery() as nursery:
            for number in range(5):
                nursery.start_soon(partial(router.write, "n", str(number), session="console"))
        operations = it.network.history.operations
        assert [operation.status for operation in operations] == ["ok"] * 5
        assert all((earlier.end or 0) < later.start for earlier, later in itertools.pairwise(operations))


@virtual
async def test_nameless_calls_are_a_session_each() -> None:
    async with store() as it:
        router = it.router()
        await it.leader.write("mode", "safe")
        await it.leader.read("mode")
        await router.read("mode", "any-follower")
        assert len({operation.session for operation in it.network.history.operations}) == 3


@virtual
async def test_a_compare_and_set_fails_on_another_value() -> None:
    async with store() as it:
        await it.leader.cas("mode", None, "safe")
        with pytest.raises(CompareFailed, match="another value than expected"):
            await it.leader.cas("mode", None, "on")
        assert await it.leader.read("mode") == "safe"
        assert it.network.history.operations[1].status == "fail"


@virtual
async def test_a_follower_asked_to_lead_says_who_does() -> None:
    async with store() as it:
        await it.leader.write("mode", "safe")
        await trio.sleep(0.1)
        with pytest.raises(NotLeader, match="sync does not lead") as write:
            await Leader("sync", it.network).write("mode", "on")
        with pytest.raises(NotLeader, match="sync does not lead"):
            await Leader("sync", it.network).read("mode")
        assert write.value.leader == "leader"


@virtual
async def test_a_time_out_of_the_stores_own_leaves_the_outcome_unknown() -> None:
    async with store(timeout_s=2.0) as it:
        it.network.crash("sync")
        with pytest.raises(OutcomeUnknown, match="timed out"):
            await it.leader.write("mode", "safe")
        assert trio.current_time() == pytest.approx(2.0)


@virtual
async def test_a_follower_that_is_down_serves_nothing() -> None:
    async with store() as it:
        await it.leader.write("mode", "safe")
        it.network.crash("async")
        with pytest.raises(Refused, match="no replica serves the read"):
            await it.followers["async"].read("mode")


@virtual
async def test_cancelling_a_followers_task_switches_its_machine_off() -> None:
    network = Network()
    leader = Leader("leader", network)
    leader.add_async_follower("one")
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(Follower("one", network).run)
            await leader.write("mode", "safe")
            assert set(network.lag()) == {"leader", "one"}
            scope.cancel()
    assert set(network.lag()) == {"leader"}


# --- faults are for addresses that exist, and wait for the cluster


@virtual
async def test_a_fault_may_be_injected_before_the_cluster_is_complete() -> None:
    network = Network()
    network.inject_lag("leader", "one", 0.5)
    leader = Leader("leader", network)
    leader.add_sync_follower("one")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Follower("one", network).run)
        await leader.write("mode", "safe")
        nursery.cancel_scope.cancel()
    assert trio.current_time() >= 0.5


@virtual
async def test_a_misspelt_address_is_refused() -> None:
    async with store() as it:
        await it.router().write("mode", "safe", session="console")
        known = "there are: leader, sync, async, operator, console"
        with pytest.raises(ValueError, match=f"'asnyc' is no node, and no session so far; {known}"):
            it.network.inject_lag("leader", "asnyc", 5)
        with pytest.raises(ValueError, match="'asnyc' is no node"):
            it.network.partition(["asnyc"], ["leader"])
        with pytest.raises(ValueError, match="'asnyc' is no node"):
            it.network.crash("asnyc")


def test_a_fault_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a message cannot be 0\.5 s early"):
        Network().inject_lag("leader", "one", -0.5)
    with pytest.raises(ValueError, match="120 is no percentage"):
        Network().drop("leader", "one", percent=120)


@virtual
async def test_a_star_stands_for_every_address() -> None:
    async with store() as it:
        it.network.inject_lag("*", "sync", 1)
        await it.leader.write("mode", "safe")
        assert 1.0 < trio.current_time() < 1.01


@virtual
async def test_a_clients_own_link_can_be_faulty() -> None:
    async with store() as it:
        router = it.router()
        await router.write("mode", "safe", session="console")
        it.network.inject_lag("leader", "console", 1)
        await router.write("mode", "on", session="console")
        assert trio.current_time() > 1
        it.network.partition(["console"], ["leader", "sync", "async"])
        with trio.move_on_after(5) as patience:
            await router.write("mode", "off", session="console")
        assert patience.cancelled_caught


@virtual
async def test_messages_that_are_lost_repeated_or_reordered_change_nothing_but_time() -> None:
    async with store() as it:
        network = it.network
        for follower in ("sync", "async"):
            network.drop("leader", follower, percent=30)
            network.duplicate("leader", follower, later_s=0.01)
            network.reorder(follower, "leader")
        for number in range(30):
            await it.leader.write("n", str(number))
        network.heal()
        await trio.sleep(2)
        assert set(map(str, (await network.read_finally()).values())) == {"{'n': '29'}"}
        assert it.verdict("linearizable") == "holds"


# --- misuse


@virtual
async def test_misuse_is_named() -> None:
    async with store() as it:
        router = it.router()
        with pytest.raises(TypeError, match="a value is bytes or text, not int"):
            await it.leader.write("mode", 5)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="a value is bytes or text, not NoneType"):
            await router.cas("mode", "safe", None, session="console")  # type: ignore[arg-type]
        with pytest.raises(
            ValueError, match="there is no read mode 'strong'; there are: leader, any-follower"
        ):
            await router.read("mode", "strong")
        with pytest.raises(ValueError, match=r"session-consistent is a session's: name it \(session=…\)"):
            await router.read("mode", "session-consistent")
        with pytest.raises(
            ValueError, match="'causal' cannot be asked for here; these can: read-your-writes"
        ):
            await router.read("mode", "leader", session="console", needs=["causal"])
        with pytest.raises(
            ValueError, match="'sync' is a node or the operator: a session needs a name of its own"
        ):
            await router.write("mode", "safe", session="sync")
        await it.leader.write("mode", "safe")
        with pytest.raises(ValueError, match="late cannot be added: the cluster runs already"):
            it.leader.add_async_follower("late")


@virtual
async def test_what_select_follower_raises_is_its_callers() -> None:
    class Choosy(ReadRouter):
        def select_follower(self, key: str, followers: Sequence[str]) -> str:
            return {"mode": "moon"}[key]

    async with store() as it:
        router = Choosy(it.leader, list(it.followers.values()))
        with pytest.raises(ValueError, match="select_follower chose 'moon', which is no node"):
            await router.read("mode", "any-follower")
        with pytest.raises(KeyError):
            await router.read("altitude", "any-follower")
        alone = ReadRouter(Leader("alone", Network()), [])
        with pytest.raises(ValueError, match="alone has no follower to read from"):
            await alone.read("mode", "any-follower")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"policy": "most"}, 'policy is "sync", "none" or like "2 of 3", not \'most\''),
        ({"policy": "4 of 3"}, "not '4 of 3'"),
        ({"confirm": "never"}, "Invalid enum value 'never'"),
        ({"heartbeat_s": 0}, "heartbeat has to be more than 0"),
        ({"disk_sync_s": -1}, "disk_sync cannot be less than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Leader("leader", Network(), **settings)  # type: ignore[arg-type]


def test_a_policy_speaks_of_the_members_that_there_are() -> None:
    network = Network()
    leader = Leader("leader", network, policy="2 of 3")
    leader.add_sync_follower("one")
    with pytest.raises(ValueError, match="of 3 members, but the leader and its synchronous followers are 2"):
        network.build()


def test_nodes_are_named_once() -> None:
    network = Network()
    with pytest.raises(ValueError, match="there is no leader on this network yet"):
        network.build()
    leader = Leader("leader", network)
    leader.add_sync_follower("one")
    with pytest.raises(ValueError, match="one is in the cluster already"):
        leader.add_async_follower("one")
    with pytest.raises(ValueError, match="'moon' is no node of leader's network"):
        Leader("moon", network)
