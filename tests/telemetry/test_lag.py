"""What lag does to writes and to each kind of read."""

from __future__ import annotations

import itertools

import pytest
import trio

from checker import check
from rts import run
from tests.telemetry import lag_scenarios
from tests.telemetry.store import store, timed, virtual


def test_a_write_waits_for_the_synchronous_follower() -> None:
    _, seconds = run(lag_scenarios.lag_to_the_synchronous_follower)
    assert 0.5 <= seconds < 0.51


def test_a_write_does_not_wait_for_the_asynchronous_follower() -> None:
    _, seconds = run(lag_scenarios.lag_to_the_asynchronous_follower)
    assert seconds < 0.006


@virtual
@pytest.mark.parametrize("to_followers_s", [0.0, 0.5, 5.0])
async def test_a_leader_read_sees_the_write_before_it_under_any_lag(to_followers_s: float) -> None:
    async with store() as it:
        it.lag_all(to_followers_s)
        router = it.router()
        await it.leader.write("mode", "safe")
        answer, seconds = await timed(router.read("mode", "leader"))
        assert (answer.value, answer.node, answer.from_leader) == ("safe", "leader", True)
        assert to_followers_s + 0.005 <= seconds < to_followers_s + 0.006  # its members confirm that it leads
        await it.leader.delete("mode")
        assert await it.leader.read("mode") is None


def test_any_follower_returns_the_old_value_every_time() -> None:
    history, answers = run(lag_scenarios.reads_of_a_lagging_follower, "any-follower")
    assert [answer.value for answer in answers] == ["old"] * 20
    assert {answer.node for answer in answers} == {"async"}
    verdict = check(history, ["read-your-writes"]).guarantees["read-your-writes"]
    assert (verdict.verdict, verdict.violation_count) == ("violated", 20)


def test_session_consistent_returns_the_new_value_every_time() -> None:
    history, answers = run(lag_scenarios.reads_of_a_lagging_follower, "session-consistent")
    assert [answer.value for answer in answers] == [f"new {number}" for number in range(20)]
    assert {answer.node for answer in answers} == {"leader"}
    verdict = check(history, ["read-your-writes"]).guarantees["read-your-writes"]
    assert (verdict.verdict, verdict.judged) == ("holds", 20)


def test_session_consistent_reads_land_on_the_leader_while_all_followers_lag() -> None:
    _, early, late = run(lag_scenarios.all_followers_lag)
    assert [(answer.value, answer.node, answer.from_leader) for answer in early] == [
        ("safe", "leader", True)
    ] * 10
    assert late.value == "safe"
    assert late.node in ("first", "second")
    assert not late.from_leader


@virtual
async def test_so_they_do_where_the_followers_have_the_write_but_not_the_word_that_it_is_acknowledged() -> (
    None
):
    async with store() as it:
        router = it.router()
        await router.write("mode", "old", session="console")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: router.write("mode", "safe", session="console"))
            await trio.sleep(0.003)  # the entry is under way, the acknowledgement is not
            it.lag_all(5)
        assert it.followers["sync"].current_lsn < it.leader.current_lsn
        for _ in range(10):
            answer = await router.read("mode", "session-consistent", session="console")
            assert (answer.value, answer.node) == ("safe", "leader")
            await trio.sleep(0.1)


def test_any_follower_reads_regress_between_two_followers() -> None:
    history, answers = run(
        lambda: lag_scenarios.two_followers_at_different_lag("any-follower", 40, restless=False)
    )
    seen = [int(answer.value.split()[0]) if answer.value else -1 for answer in answers]
    assert any(later < earlier for earlier, later in itertools.pairwise(seen))
    verdict = check(history, ["monotonic-reads"]).guarantees["monotonic-reads"]
    assert verdict.verdict == "violated"
    assert "did not see" in verdict.violations[0].explanation


def test_a_thousand_session_consistent_reads_do_not() -> None:
    history, answers = run(
        lambda: lag_scenarios.two_followers_at_different_lag("session-consistent", 1000, restless=True)
    )
    seen = [int(answer.value.split()[0]) for answer in answers]
    assert seen == sorted(seen)
    assert seen[-1] > 300
    served = {name: sum(answer.node == name for answer in answers) for name in ("near", "far", "leader")}
    assert all(times >= 20 for times in served.values())
    verdict = check(history, ["monotonic-reads"]).guarantees["monotonic-reads"]
    assert (verdict.verdict, verdict.judged) == ("holds", 999)


@virtual
async def test_every_replicas_lag_is_a_metric() -> None:
    async with store() as it:
        await it.leader.write("mode", "on")
        assert it.network.lag() == {
            "leader": 0,
            "sync": 1,
            "async": 1,
        }  # they do not know that it is acknowledged
        await trio.sleep(0.01)
        assert it.network.lag() == {"leader": 0, "sync": 0, "async": 0}
        it.network.inject_lag("leader", "async", 5)
        for number in range(3):
            await it.leader.write("mode", f"step {number}")
        await trio.sleep(0.1)
        assert it.network.lag() == {"leader": 0, "sync": 0, "async": 3}
        assert it.followers["async"].lag == 3
        it.network.crash("async")
        assert it.followers["async"].lag is None
        assert it.network.lag() == {"leader": 0, "sync": 0}
