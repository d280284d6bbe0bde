"""A node dies after each effect of an event in turn: the cluster recovers and loses nothing acknowledged."""

from __future__ import annotations

from typing import Any

import pytest

from rts.schedule import MILLISECOND, AnyStep, Crash, Promote, Rejoin, Restart
from tests.sim.lab import Lab
from tests.sim.schedules import read, run, violated, write

MOST_EFFECTS = 12
POLICIES: dict[str, dict[str, Any]] = {
    "sync": {"policy": "sync"},
    "two synchronous": {"policy": "sync", "synchronous": ("n1", "n2")},
    "quorum": {"policy": "quorum"},
    "compacting": {"policy": "quorum", "compact_after": 1},
}
AFTER = 50 * MILLISECOND


def in_a_write(crash: Crash) -> tuple[AnyStep, ...]:
    return (
        write(),
        crash,
        write(20),
        read(),
        write(session="s1"),
        Restart(after_ns=AFTER, node=crash.node),
        read(),
    )


def in_a_promotion(crash: Crash) -> tuple[AnyStep, ...]:
    return (
        write(),
        crash,
        Promote(after_ns=20 * MILLISECOND, candidate="n1", old="leave"),
        write(10, session="s1"),
        Restart(after_ns=AFTER, node=crash.node),
        read(),
        write(),
    )


def in_a_rejoin(crash: Crash) -> tuple[AnyStep, ...]:
    """The old leader comes back with a tail that the new one never had."""
    return (
        write(),
        Promote(after_ns=20 * MILLISECOND, candidate="n1", old="cut"),
        write(0, session="s1"),
        write(20),
        Crash(after_ns=crash.after_ns, node="n0"),
        Rejoin(node="n0"),
        crash,
        Restart(after_ns=AFTER, node=crash.node),
        read(),
    )


STORIES = {"a write": in_a_write, "a promotion": in_a_promotion, "a rejoin": in_a_rejoin}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("node", ["n0", "n1"])
@pytest.mark.parametrize("story", STORIES)
def test_a_crash_after_any_effect_loses_nothing(story: str, node: str, policy: str) -> None:
    reached = 0
    for effects in range(MOST_EFFECTS):
        found = run(*STORIES[story](Crash(node=node, at_effect=effects)), **POLICIES[policy])
        assert violated(found) == (), f"a crash of {node} after {effects} effects"
        assert found.operations[-1].status == "ok"
        crashes, held = found.faults["crash"]
        if held < crashes:
            break
        reached += 1
    assert reached >= 2


@pytest.mark.parametrize("effects", [0, 1, 2])
def test_the_crash_points_of_a_heartbeat_are_how_many_followers_heard_it(effects: int) -> None:
    lab = Lab()
    lab.fault(7, Crash(node="n0", at_effect=effects))
    lab.run(600)
    assert lab.held(7)
    heard = [
        name
        for name in ("n1", "n2")
        if any(time > 500 * MILLISECOND for time, _ in lab.delivered("n0", name))
    ]
    assert heard == ["n1", "n2"][:effects]


@pytest.mark.parametrize(("effects", "lost"), [(0, 0), (1, 1), (2, 1)])
def test_the_crash_points_of_a_write_are_before_and_after_its_persist(effects: int, lost: int) -> None:
    lab = Lab()
    lab.fault(7, Crash(node="n0", at_effect=effects))
    lab.submit_write("v")
    lab.run(10)
    assert lab.happened("crash") == [("n0", lost, False)]
