"""Elections under schedules with an end: a leader is there in time (after MIT 6.5840, lab 3A)."""

from __future__ import annotations

import pytest

from tests.core.raft.lab import UPPER_MS, Lab

SEEDS = range(1, 11)
IN_TIME_MS = 2 * UPPER_MS


@pytest.mark.parametrize("seed", SEEDS)
def test_five_nodes_have_one_leader_within_two_time_outs_and_go_on_having_it(seed: int) -> None:
    lab = Lab(5, seed=seed)
    leader = lab.elected(within=IN_TIME_MS)
    term = lab.core(leader).term
    assert lab.leaders() == [leader]
    lab.run(2_000)
    assert lab.leader() == leader
    assert lab.core(leader).term == term


@pytest.mark.parametrize("seed", SEEDS)
def test_when_the_leader_dies_another_leads_within_two_time_outs(seed: int) -> None:
    lab = Lab(5, seed=seed)
    first = lab.elected(within=IN_TIME_MS)
    lab.crash(first)
    second = lab.elected(within=IN_TIME_MS)
    assert second != first


def late(seeds: range) -> tuple[int, int]:
    """How many clusters have not one leader after two time-outs, and again after their leader died."""
    at_first = again = 0
    for seed in seeds:
        lab = Lab(5, seed=seed)
        lab.run(IN_TIME_MS)
        at_first += len(lab.leaders()) != 1
        lab.crash(lab.elected())
        lab.run(IN_TIME_MS)
        again += len(lab.leaders()) != 1
    return at_first, again


def test_99_in_100_clusters_elect_within_two_time_outs_and_again_when_the_leader_dies() -> None:
    at_first, again = late(range(200))
    assert at_first <= 2
    assert again <= 2


@pytest.mark.nightly
def test_of_1000_clusters_99_in_100_do() -> None:
    at_first, again = late(range(1_000))
    assert at_first <= 10
    assert again <= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_re_election(seed: int) -> None:
    lab = Lab(3, seed=seed)
    first = lab.elected()
    lab.disconnect(first)
    second = lab.elected()
    assert second != first

    lab.connect(first)
    lab.run(500)
    assert lab.elected() == second, "who comes back disturbs nobody"

    other = next(name for name in lab.voters if name != second)
    lab.disconnect(second, other)
    lab.run(4 * UPPER_MS)
    assert lab.leaders() == [], "nobody leads without a majority"
    assert lab.leaders(lab.voters) == [], "nor does who led before"

    lab.connect(other)
    third = lab.elected()
    lab.connect(second)
    lab.run(500)
    assert lab.elected() == third


@pytest.mark.parametrize("seed", SEEDS)
def test_many_elections(seed: int) -> None:
    lab = Lab(7, seed=seed)
    lab.elected()
    for _ in range(10):
        away = lab.chance.sample(lab.voters, 3)
        lab.disconnect(*away)
        lab.elected()
        lab.connect(*away)
    lab.elected()
    lab.settle()


def test_a_minority_never_leads() -> None:
    lab = Lab(5, seed=3)
    leader = lab.elected()
    minority = [leader, next(name for name in lab.voters if name != leader)]
    lab.network.cut(minority, 0)
    majority = [name for name in lab.voters if name not in minority]
    lab.wait(lambda: lab.leaders(minority) == [], within=2 * UPPER_MS)
    lab.wait(lambda: len(lab.leaders(majority)) == 1, within=IN_TIME_MS)
    terms = [lab.core(name).term for name in minority]
    lab.run(3_000)
    assert lab.leaders(minority) == []
    assert [lab.core(name).term for name in minority] == terms, "pre-votes leave the terms alone"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_link_that_fails_in_one_direction_does_not_unseat_the_leader_again_and_again(seed: int) -> None:
    lab = Lab(3, seed=seed)
    leader = lab.elected()
    deaf = next(name for name in lab.voters if name != leader)
    lab.network.link(leader, deaf).cut = 0
    lab.network.link(leader, deaf).faulty = True
    term = lab.core(leader).term
    lab.run(5_000)
    assert lab.leaders() == [leader]
    assert lab.core(leader).term == term


@pytest.mark.parametrize("seed", SEEDS)
def test_a_leader_that_hears_nobody_gives_way(seed: int) -> None:
    lab = Lab(3, seed=seed)
    leader = lab.elected()
    lab.network.cut([leader], 0, out_of=False)
    others = [name for name in lab.voters if name != leader]
    lab.wait(lambda: len(lab.leaders(others)) == 1, within=4 * UPPER_MS)
    assert lab.leaders([leader]) == []
