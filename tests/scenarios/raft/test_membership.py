"""Members that come and go while commands are done and links and machines fail (Ongaro's thesis, §4)."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.messages import Changed, ChangeMembers, InstallSnapshot, Refused, TransferLeadership
from tests.core.raft.lab import UPPER_MS, Lab

SEEDS = range(1, 6)


def voters(lab: Lab, name: str) -> list[str]:
    return [member.node for member in lab.core(name).voters]


@pytest.mark.parametrize("faults", ["none", "links", "links and crashes"])
@pytest.mark.parametrize("seed", range(1, 16))
def test_three_nodes_and_one_more_and_the_first_removed(seed: int, faults: str) -> None:
    lab = Lab(3, seed=seed, outside=("n3",), compact_after=20, compact_keep=5)
    lab.agree("first", nodes=2)
    if faults != "none":
        lab.unreliable()
    longest = 0.0

    def work(turn: str) -> None:
        nonlocal longest
        for number in range(5):
            if faults == "links and crashes":
                lab.start(*lab.nodes)
                lab.crash(lab.chance.choice(list(lab.nodes)))
            before = lab.pump.now
            lab.agree(f"{turn} {number}", nodes=1, within=5_000)
            longest = max(longest, (lab.pump.now - before) / 1e6)

    work("before")
    lab.change("add", "n3")
    work("while adding")
    lab.start(*lab.nodes)
    lab.changed("add", "n3", within=10_000)
    work("between")
    lab.change("remove", "n0")
    work("while removing")
    lab.start(*lab.nodes)
    lab.changed("remove", "n0", within=10_000)
    work("after")
    journal = lab.settle(members=("n1", "n2", "n3"))
    assert {command for command in journal if "while" in command} == {
        f"while {what} {number}" for what in ("adding", "removing") for number in range(5)
    }
    leader = lab.elected()
    assert leader != "n0"
    assert voters(lab, leader) == ["n1", "n2", "n3"]
    assert lab.core("n0").role != "leader"
    if faults == "none":
        assert longest < 2 * UPPER_MS, "available throughout"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_node_gets_the_snapshot_and_then_exactly_what_follows_it(seed: int) -> None:
    lab = Lab(3, seed=seed, outside=("n3",), compact_after=20, chunk_bytes=100)
    leader = lab.elected()
    for number in range(50):
        assert lab.submit(leader, number)
    lab.wait(lambda: len(lab.have(49)) == 3, within=1_000)
    snapshot = lab.core(leader).log.snapshot
    assert lab.change("add", "n3")
    lab.wait(lambda: "n3" in voters(lab, "n3"), within=2_000)
    assert lab.trace.states["snapshot installed"] == 1
    assert any(
        event[1:4] == ("deliver", leader, "n3") and isinstance(event[4], InstallSnapshot)
        for event in lab.trace.events
    )
    assert lab.core("n3").log.snapshot == snapshot
    assert lab.core("n3").log.entries == lab.core(leader).log.entries
    assert lab.journal("n3") == list(range(50))
    assert lab.settle()[:50] == list(range(50))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_removed_leader_hands_over_at_once_and_disturbs_nobody(seed: int) -> None:
    lab = Lab(3, seed=seed)
    first = lab.elected()
    lab.agree("before")
    assert lab.change("remove", first)
    lab.wait(lambda: lab.leader() not in (None, first), within=100)
    second = lab.elected()
    term = lab.core(second).term
    assert len(voters(lab, second)) == 2
    lab.run(5_000)
    assert lab.elected() == second
    assert lab.core(second).term == term
    lab.agree("after", nodes=2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_removed_node_that_never_heard_of_it_does_not_unseat_the_leader(seed: int) -> None:
    lab = Lab(4, seed=seed)
    leader = lab.elected()
    removed = next(name for name in lab.voters if name != leader)
    lab.disconnect(removed)
    lab.changed("remove", removed, within=2_000)
    term = lab.core(leader).term
    lab.run(2_000)
    lab.connect(removed)
    lab.run(5_000)
    assert lab.leaders() == [leader]
    assert lab.core(leader).term == term


@pytest.mark.parametrize("seed", SEEDS)
def test_a_learner_follows_and_does_not_count(seed: int) -> None:
    lab = Lab(3, seed=seed, outside=("n3",))
    leader = lab.elected()
    lab.agree("before", nodes=3)
    lab.changed("add-learner", "n3", within=2_000)
    lab.agree("with it", nodes=4)
    followers = [name for name in lab.voters if name != leader]
    lab.disconnect(*followers)
    lab.submit(leader, "leader and learner")
    lab.run(4 * UPPER_MS)
    assert lab.have("leader and learner") == []
    assert lab.leaders() == []


def test_a_newcomer_that_is_silent_is_given_up_and_holds_up_nothing() -> None:
    lab = Lab(3, outside=("n3", "n4"))
    leader = lab.elected()
    lab.agree("before", nodes=3)
    lab.crash("n3")
    assert lab.change("add", "n3")
    lab.wait(lambda: lab.core(leader).change is None, within=5 * UPPER_MS)
    lab.changed("add", "n4", within=2_000)
    assert voters(lab, leader) == ["n0", "n1", "n2", "n4"]


def test_a_newcomer_that_falls_silent_as_it_catches_up_is_given_up_too() -> None:
    lab = Lab(3, outside=("n3", "n4"), compact_after=10, chunk_bytes=10)
    leader = lab.elected()
    for number in range(50):
        lab.submit(leader, number)
    lab.run(100)
    assert lab.change("add", "n3")
    lab.wait(lambda: "n3" in lab.core(leader).progress and lab.core(leader).progress["n3"].offset > 50, 2_000)
    lab.crash("n3")
    lab.wait(lambda: lab.core(leader).change is None, within=5 * UPPER_MS)
    lab.changed("add", "n4", within=2_000)
    assert voters(lab, leader) == ["n0", "n1", "n2", "n4"]


def test_one_change_at_a_time() -> None:
    lab = Lab(3, outside=("n3", "n4"))
    leader = lab.elected()
    lab.agree("before", nodes=3)
    first = lab.ask(leader, ChangeMembers(1, "add", "n3"))
    second = lab.ask(leader, ChangeMembers(2, "add", "n4"))
    assert first == []
    assert second == [Refused(2, "change-under-way", lab.core(leader).term, leader)]
    lab.wait(lambda: any(isinstance(said, Changed) for _, said in lab.heard), within=1_000)
    assert "n4" not in voters(lab, leader)


@pytest.mark.parametrize("seed", SEEDS)
def test_leadership_goes_where_it_is_sent_while_commands_go_on(seed: int) -> None:
    lab = Lab(5, seed=seed)
    done: list[Any] = []
    for turn in range(10):
        leader = lab.elected()
        target = lab.chance.choice([name for name in lab.voters if name != leader])
        lab.submit(leader, f"{turn} before")
        lab.ask(leader, TransferLeadership(100 + turn, target))
        lab.wait(lambda to=target: lab.leader() == to, within=100)  # type: ignore[misc]
        done.append(f"{turn} after")
        lab.agree(done[-1])
    assert [command for command in lab.settle() if "after" in command] == done
