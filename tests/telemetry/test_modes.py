"""Every read mode through a router: who serves, and what the mode does not promise."""

from __future__ import annotations

import pytest
import trio

from checker import check
from rts import Lsn, NotFresh
from rts.telemetry.router import MODES
from tests.telemetry.store import store, timed, virtual


@virtual
@pytest.mark.parametrize("mode", MODES)
async def test_every_mode_answers_with_the_value_and_where_it_came_from(mode: str) -> None:
    async with store() as it:
        router = it.router()
        lsn = await router.write("mode", "safe", session="console")
        await trio.sleep(1)
        answer = await router.read("mode", mode, session="console")
        assert (answer.value, answer.position, answer.version) == ("safe", lsn, lsn)
        assert answer.from_leader == (answer.node == "leader") == (mode == "leader")


@virtual
@pytest.mark.parametrize("mode", MODES)
async def test_many_keys_are_read_at_one_position_of_one_replica(mode: str) -> None:
    async with store() as it:
        router = it.router()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(write_pairs, router, 50)
            for _ in range(50):
                answers = await router.read_many(["x", "y"], mode, session="conjunction")
                x, y = answers["x"], answers["y"]
                assert (x.node, x.position) == (y.node, y.position)
                # y is always written right after x: one position shows both, or x one ahead
                assert number(x.value) - number(y.value) in (0, 1)
                await trio.sleep(0.003)


async def write_pairs(router: object, times: int) -> None:
    for count in range(times):
        await router.write("x", str(count), session="radar")  # type: ignore[attr-defined]
        await router.write("y", str(count), session="radar")  # type: ignore[attr-defined]


def number(value: str | None) -> int:
    return -1 if value is None else int(value)


@virtual
async def test_a_scan_shows_the_present_keys_below_a_prefix() -> None:
    async with store() as it:
        router = it.router()
        for key in ("orbit/a", "orbit/b", "orbit/c", "power/a"):
            await router.write(key, key.upper(), session="sensor")
        await router.delete("orbit/b", session="sensor")
        answers = await router.scan("orbit/", "session-consistent", session="sensor")
        assert {key: answer.value for key, answer in answers.items()} == {
            "orbit/a": "ORBIT/A",
            "orbit/c": "ORBIT/C",
        }
        assert {answer.position for answer in answers.values()} == {Lsn(1, 6)}


# --- session-consistent, behind a follower that lags


@virtual
@pytest.mark.parametrize(
    ("fallback", "lag_s", "node", "least_s"),
    [
        ("leader", 0.2, "leader", 0.0),
        ("wait", 0.2, "async", 0.19),
        ("wait", 5.0, "leader", 0.3),
        ("forward", 0.2, "leader", 0.0025),
    ],
)
async def test_a_follower_behind_the_session_is_passed_over_waited_for_or_forwards(
    fallback: str, lag_s: float, node: str, least_s: float
) -> None:
    async with store() as it:
        router = it.forced("async", fallback=fallback)
        await router.write("mode", "on", session="console")
        await trio.sleep(0.1)
        it.network.inject_lag("leader", "async", lag_s)
        await router.write("mode", "safe", session="console")
        answer, seconds = await timed(router.read("mode", "session-consistent", session="console"))
        assert (answer.value, answer.node) == ("safe", node)
        assert least_s <= seconds < least_s + 0.02


@virtual
async def test_guarantees_can_be_asked_for_one_by_one() -> None:
    async with store() as it:
        router = it.forced("async")
        it.network.inject_lag("leader", "async", 5)
        await router.write("mode", "safe", session="console")
        assert (await router.read("mode", "leader", session="visitor")).value == "safe"

        async def reads(session: str, guarantee: str) -> object:
            return (await router.read("mode", "any-follower", session=session, needs=[guarantee])).value

        assert await reads("visitor", "read-your-writes") is None  # it wrote nothing
        assert await reads("visitor", "monotonic-reads") == "safe"
        assert await reads("visitor", "consistent-prefix") == "safe"
        assert await reads("console", "monotonic-reads") is None  # it read nothing
        assert await reads("console", "read-your-writes") == "safe"
        lsn = await router.write(
            "mode", "on", session="console", needs=["monotonic-writes", "writes-follow-reads"]
        )
        assert lsn == Lsn(1, 3)


# --- pinned


@virtual
async def test_a_pinned_session_goes_back_in_time_when_its_replica_dies() -> None:
    async with store((), ("near", "far")) as it:
        router = it.forced("near")
        await router.write("altitude", "400 km", session="sensor")
        await trio.sleep(1)
        it.network.inject_lag("leader", "far", 5)
        await router.write("altitude", "390 km", session="sensor")
        await trio.sleep(0.1)
        before = await router.read("altitude", "pinned", session="dashboard")
        router.forced = "far"
        same = await router.read("altitude", "pinned", session="dashboard")
        it.network.crash("near")
        after = await router.read("altitude", "pinned", session="dashboard")
        assert [(answer.value, answer.node) for answer in (before, same, after)] == [
            ("390 km", "near"),
            ("390 km", "near"),
            ("400 km", "far"),
        ]
        assert it.verdict("monotonic-reads") == "violated"
        assert it.network.states["pinned session moved"] == 1


# --- leader-window


@virtual
async def test_what_outlives_the_leader_window_is_visible() -> None:
    async with store() as it:
        router = it.forced("async", window_s=0.5)
        it.network.inject_lag("leader", "async", 5)
        await router.write("mode", "safe", session="console")
        inside = await router.read("mode", "leader-window", session="console")
        await trio.sleep(0.5)
        outside = await router.read("mode", "leader-window", session="console")
        assert [(answer.value, answer.node) for answer in (inside, outside)] == [
            ("safe", "leader"),
            (None, "async"),
        ]
        assert it.verdict("read-your-writes") == "violated"


@virtual
async def test_a_write_by_another_way_opens_the_window_too() -> None:
    async with store() as it:
        router = it.forced("async")
        it.network.inject_lag("leader", "async", 5)
        router.record_session_write("console", await it.leader.write("mode", "safe"))
        assert (await router.read("mode", "leader-window", session="console")).value == "safe"
        assert (await router.read("mode", "session-consistent", session="console")).value == "safe"


# --- bounded-staleness


@virtual
async def test_a_replica_over_the_bound_leaves_the_pool_and_comes_back() -> None:
    async with store((), ("near", "far"), heartbeat_s=2.0) as it:
        router = it.router(bound_s=1.0)
        await router.write("mode", "safe", session="console")
        await trio.sleep(0.1)
        it.network.inject_lag("leader", "far", 5)
        nodes = [(await router.read("mode", "bounded-staleness", session="console")).node for _ in range(20)]
        assert set(nodes) == {"near"}
        assert it.network.states["replica left the pool"] == 1
        it.network.heal()
        await trio.sleep(6)
        nodes = [(await router.read("mode", "bounded-staleness", session="console")).node for _ in range(20)]
        assert set(nodes) == {"near", "far"}
        assert it.network.alerts == ()


@virtual
async def test_no_replica_within_the_bound_is_an_error_and_an_alert() -> None:
    async with store() as it:
        router = it.router()
        await router.write("mode", "safe", session="console")
        it.lag_all(5)
        with pytest.raises(NotFresh, match="no replica is within the bound"):
            await router.read("mode", "bounded-staleness", session="console")
        (alert,) = it.network.alerts
        assert (alert.source, alert.what) == ("console", "no replica within the bound")
        assert alert.at_s == pytest.approx(trio.current_time(), abs=0.001)
        failed = it.network.history.operations[-1]
        assert (failed.status, failed.error) == ("fail", "no replica is within the bound")


@virtual
async def test_or_the_leaders_turn() -> None:
    async with store((), ("one", "other")) as it:
        router = it.router(none_fresh="leader")
        it.lag_all(5)
        await router.write("mode", "safe", session="console")
        answer = await router.read("mode", "bounded-staleness", session="console")
        assert (answer.value, answer.from_leader) == ("safe", True)
        assert len(it.network.alerts) == 1


@virtual
async def test_the_heartbeats_of_a_deposed_leader_make_nobody_fresh() -> None:
    async with store(("sync",), ("cut", "far")) as it:
        router = it.router(bound_s=1.0)
        await router.write("mode", "old", session="console")
        await trio.sleep(1)
        it.network.partition(["leader", "cut"], ["sync", "far"])
        await it.network.promote("sync")
        await trio.sleep(2)
        await router.write("mode", "new", session="console")
        assert await it.followers["cut"].read("mode") == "old"
        for _ in range(20):
            answer = await router.read("mode", "bounded-staleness", session="console")
            assert (answer.value, answer.node) == ("new", "far")


@virtual
async def test_a_bound_in_entries_lets_so_many_be_missing() -> None:
    async with store((), ("one",), heartbeat_s=60.0) as it:
        router = it.router(bound_entries=2)
        await router.write("count", "1", session="console")
        await trio.sleep(0.1)
        it.network.drop("leader", "one")
        await router.write("count", "2", session="console")
        await router.write("count", "3", session="console")
        it.network.heal()
        answer = await router.read("count", "bounded-staleness", session="console")
        assert (answer.value, answer.node) == ("1", "one")
        it.network.drop("leader", "one")
        await router.write("count", "4", session="console")
        it.network.heal()
        with pytest.raises(NotFresh):
            await router.read("count", "bounded-staleness", session="console")


# --- best-effort-fresh


@virtual
async def test_best_effort_asks_the_leader_only_where_the_follower_is_known_to_be_behind() -> None:
    async with store((), ("far",)) as it:
        router = it.router()
        await trio.sleep(0.1)
        it.network.inject_lag("leader", "far", 5)
        await router.write("mode", "safe", session="console")
        first = await router.read("mode", "best-effort-fresh", session="console")
        second = await router.read("mode", "best-effort-fresh", session="console")
        await trio.sleep(2)  # what it knew is too old by now
        third = await router.read("mode", "best-effort-fresh", session="console")
        assert [(answer.value, answer.node) for answer in (first, second, third)] == [
            (None, "far"),
            ("safe", "leader"),
            (None, "far"),
        ]
        assert check(it.network.history, ["monotonic-reads"]).verdict == "violated"
