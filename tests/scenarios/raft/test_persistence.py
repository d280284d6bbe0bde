"""Crashes, restarts from disk, and links that lose and reorder (after MIT 6.5840, lab 3C)."""

from __future__ import annotations

import pytest

from rts.core.raft.log import recover
from tests.core.raft.lab import Lab

SEEDS = range(1, 6)


def restart(lab: Lab, *names: str) -> None:
    lab.crash(*names)
    lab.start(*names)


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_1_what_was_agreed_outlives_crashes(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("11")
    restart(lab, *lab.voters)
    lab.agree("12")

    leader = lab.elected()
    restart(lab, leader)
    lab.agree("13")

    leader = lab.elected()
    lab.crash(leader)
    lab.agree("14", nodes=3 - 1)
    lab.start(leader)
    lab.wait(lambda: len(lab.have("14")) == 3, within=1_000)

    follower = next(name for name in lab.voters if name != lab.elected())
    lab.crash(follower)
    lab.agree("15", nodes=2)
    lab.start(follower)
    lab.agree("16")
    assert lab.settle()[:6] == ["11", "12", "13", "14", "15", "16"]


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_2_nodes_take_turns_at_being_down(seed: int) -> None:
    lab = Lab(5, seed=seed)
    commands = []

    def agree(nodes: int) -> None:
        commands.append(f"command {len(commands)}")
        lab.agree(commands[-1], nodes=nodes)

    for _ in range(5):
        agree(5)
        leader = lab.elected()
        at = lab.voters.index(leader)
        first, second, third, fourth = ((*lab.voters, *lab.voters))[at + 1 : at + 5]
        lab.crash(first, second)
        agree(3)
        lab.crash(leader, third, fourth)
        lab.start(first, second)
        lab.run(500)
        assert lab.leaders() == [], "two of five"
        lab.start(third)
        agree(3)
        lab.start(fourth, leader)
    agree(5)
    assert lab.settle()[:-1] == commands


@pytest.mark.parametrize("seed", SEEDS)
def test_persist_3_a_partitioned_leader_and_one_follower_crash(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("101")
    leader = lab.elected()
    first, second = (name for name in lab.voters if name != leader)
    lab.disconnect(second)
    lab.agree("102", nodes=2)
    lab.crash(leader, first)
    lab.connect(second)
    lab.start(leader)
    lab.agree("103", nodes=2)
    lab.start(first)
    lab.agree("104", nodes=3)
    assert lab.settle()[:4] == ["101", "102", "103", "104"]


@pytest.mark.parametrize("seed", SEEDS)
def test_all_five_crash_and_start_from_their_disks(seed: int) -> None:
    lab = Lab(5, seed=seed)
    leader = lab.elected()
    for number in range(20):
        assert lab.submit(leader, number)
    lab.wait(lambda: len(lab.have(19)) == 5, within=1_000)
    before = {
        name: (lab.core(name).term, lab.core(name).vote, lab.core(name).log.last) for name in lab.voters
    }
    answered = lab.is_answered()
    lab.crash(*lab.voters)
    for name in lab.voters:
        found = recover(lab.nodes[name].disk.records())
        assert (found.term, found.vote, found.entries[-1].lsn) == before[name]
        assert answered <= {entry.lsn for entry in found.entries}
    lab.start(*lab.voters)
    assert {name: (lab.core(name).term, lab.core(name).vote) for name in lab.voters} == {
        name: (term, vote) for name, (term, vote, _) in before.items()
    }
    assert lab.settle()[:20] == list(range(20))


@pytest.mark.parametrize("reliable", [True, False], ids=["reliable", "unreliable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_figure_8_leaders_crash_before_what_they_appended_is_committed(seed: int, reliable: bool) -> None:
    lab = Lab(5, seed=seed)
    chance = lab.chance
    if not reliable:
        lab.unreliable()
    lab.agree("first", nodes=1)
    for number in range(200):
        leaders = lab.leaders()
        for name in leaders:
            lab.submit(name, number)
        lab.run(chance.randrange(150) if chance.randrange(10) == 0 else chance.randrange(13))
        for name in leaders:
            if chance.randrange(2):
                lab.crash(name, tear=chance.randrange(4) == 0)
        down = [name for name in lab.voters if not lab.nodes[name].up]
        if len(down) > 2:
            lab.start(chance.choice(down))
    lab.settle()


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement_over_unreliable_links(seed: int) -> None:
    lab = Lab(5, seed=seed)
    lab.unreliable()
    for number in range(20):
        lab.agree(number, nodes=1)
        for extra in range(4):
            for leader in lab.leaders():
                lab.submit(leader, f"{number} and {extra}")
    lab.agree("last")
    assert [command for command in lab.settle() if isinstance(command, int)] == list(range(20))


@pytest.mark.parametrize("reliable", [True, False], ids=["reliable", "unreliable"])
@pytest.mark.parametrize("seed", SEEDS)
def test_churn(seed: int, reliable: bool) -> None:
    lab = Lab(5, seed=seed)
    chance = lab.chance
    if not reliable:
        lab.unreliable()
    taken: set[str] = set()
    for turn in range(60):
        name = chance.choice(lab.voters)
        if chance.randrange(10) < 2:
            lab.disconnect(name)
        if chance.randrange(10) < 5:
            lab.connect(chance.choice(lab.voters))
            lab.start(chance.choice(lab.voters))
        if chance.randrange(10) < 2:
            lab.crash(chance.choice(lab.voters))
        for leader in lab.leaders(lab.voters):
            if lab.submit(leader, f"turn {turn} by {leader}"):
                taken.add(f"turn {turn} by {leader}")
        lab.run(chance.randrange(10, 100))
    done = {lab.watch.applied[lsn.index][1] for lsn in lab.is_answered()}
    journal = lab.settle()
    assert done <= set(journal)
    assert done, "the churn left room for some work"
    assert set(journal[:-1]) <= taken
    assert len(set(journal)) == len(journal)
