"""Logs that are compacted all the time, and nodes that need the snapshot (after MIT 6.5840, lab 3D)."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.messages import InstallSnapshot
from tests.core.raft.lab import Lab

SEEDS = range(1, 4)
AGGRESSIVE: dict[str, Any] = {"compact_after": 10, "compact_keep": 0, "chunk_bytes": 500}


def logs_are_short(lab: Lab) -> bool:
    """No log holds more than what came since its snapshot, and that is little."""
    return all(len(lab.core(name).log.entries) < 30 for name in lab.voters)


@pytest.mark.parametrize("seed", SEEDS)
def test_basic_snapshots(seed: int) -> None:
    lab = Lab(3, seed=seed, **AGGRESSIVE)
    for number in range(50):
        lab.agree(number)
        assert logs_are_short(lab)
    assert lab.trace.states["log compacted"] >= 3 * 4
    assert lab.settle()[:50] == list(range(50))


@pytest.mark.parametrize("crash", [False, True], ids=["disconnected", "crashed"])
@pytest.mark.parametrize("reliable", [True, False], ids=["reliable", "unreliable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_was_away_gets_the_snapshot(seed: int, reliable: bool, crash: bool) -> None:
    lab = Lab(3, seed=seed, **AGGRESSIVE)
    if not reliable:
        lab.unreliable()
    lab.agree("first")
    for turn in range(10):
        leader = lab.elected()
        follower = next(name for name in lab.voters if name != leader)
        victim = follower if turn % 3 else leader
        if crash:
            lab.crash(victim)
        else:
            lab.disconnect(victim)
        lab.agree(f"{turn} without it", nodes=2)
        for number in range(30):
            lab.submit(lab.elected(), f"{turn} {number}")
        lab.agree(f"{turn} and more", nodes=2)
        if crash:
            lab.start(victim)
        else:
            lab.connect(victim)
        lab.agree(f"{turn} with it", nodes=3)
        assert logs_are_short(lab)
    assert lab.trace.states["snapshot installed"] >= 5
    lab.settle()


@pytest.mark.parametrize("reliable", [True, False], ids=["reliable", "unreliable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_all_crash_and_start_from_snapshots(seed: int, reliable: bool) -> None:
    lab = Lab(3, seed=seed, **AGGRESSIVE)
    if not reliable:
        lab.unreliable()
    done = []
    for turn in range(5):
        for number in range(12):
            done.append(f"{turn} {number}")
            lab.agree(done[-1], nodes=2)
        applied = max(lab.core(name).applied for name in lab.voters)
        lab.crash(*lab.voters)
        lab.start(*lab.voters)
        assert all(lab.core(name).applied == lab.core(name).log.snapshot.lsn.index for name in lab.voters)
        lab.wait(lambda at=applied: min(lab.core(name).applied for name in lab.voters) >= at, within=5_000)  # type: ignore[misc]
    assert lab.settle()[: len(done)] == done


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_starts_from_a_snapshot_alone_keeps_it(seed: int) -> None:
    lab = Lab(3, seed=seed, **AGGRESSIVE)
    for number in range(25):
        lab.agree(number)
    for _ in range(2):  # the second life has nothing but what the first wrote again
        lab.crash(*lab.voters)
        lab.start(*lab.voters)
        lab.agree(f"after {lab.pump.now}")
    assert lab.settle()[:25] == list(range(25))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_node_that_missed_it_all_gets_the_snapshot_and_exactly_what_follows_it(seed: int) -> None:
    lab = Lab(3, seed=seed, **{**AGGRESSIVE, "compact_after": 20})
    leader = lab.elected()
    follower = next(name for name in lab.voters if name != leader)
    lab.crash(follower)
    for number in range(45):
        assert lab.submit(leader, number)
    lab.wait(lambda: len(lab.have(44)) == 2, within=1_000)
    log = lab.core(leader).log
    assert log.snapshot.lsn.index == log.base.index > 20

    lab.start(follower)
    lab.wait(lambda: lab.core(follower).applied == log.last_index, within=2_000)
    pieces = [
        event[4]
        for event in lab.trace.events
        if event[1:4] == ("deliver", leader, follower) and isinstance(event[4], InstallSnapshot)
    ]
    assert len({piece.offset for piece in pieces}) == -(-len(log.snapshot.data) // 500) > 1
    assert lab.core(follower).log.snapshot == log.snapshot
    assert lab.core(follower).log.entries == log.entries
    assert lab.journal(follower) == list(range(45))


@pytest.mark.parametrize("tear", [False, True], ids=["lost", "torn"])
@pytest.mark.parametrize("effects", range(12))
def test_a_crash_at_any_effect_of_taking_in_a_snapshot_leaves_a_node_that_recovers(
    effects: int, tear: bool
) -> None:
    lab = Lab(3, seed=1, compact_after=10, chunk_bytes=100_000)
    leader = lab.elected()
    follower = next(name for name in lab.voters if name != leader)
    node = lab.nodes[follower]
    lab.crash(follower)
    for number in range(25):
        assert lab.submit(leader, number)
    lab.wait(lambda: len(lab.have(24)) == 2, within=1_000)
    lab.start(follower)
    lab.wait(
        lambda: any(
            event[1:4] == ("note", leader, "snapshot sent") and event[4] == follower
            for event in lab.trace.events
        ),
        within=1_000,
    )
    node.arm(effects, 7, tear=tear)
    lab.wait(lambda: not node.up, within=1_000)
    assert 7 in lab.trace.took_hold
    lab.start(follower)
    assert lab.settle()[:25] == list(range(25))


@pytest.mark.parametrize("effects", range(8))
def test_a_crash_at_any_effect_of_compacting_leaves_a_node_that_recovers(effects: int) -> None:
    lab = Lab(3, seed=1, compact_after=5)
    leader = lab.elected()
    node = lab.nodes[leader]
    for number in range(4):
        assert lab.submit(leader, number)
    assert lab.trace.states["log compacted"] == 0
    lab.wait(lambda: len(lab.have(2)) == 1, within=1_000)
    node.arm(effects, 7)
    lab.submit(leader, "more")
    lab.wait(lambda: not node.up, within=1_000)
    lab.start(leader)
    assert lab.settle()[:4] == list(range(4))
