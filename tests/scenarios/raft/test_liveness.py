"""Liveness: once the faults have an end, or leave a majority that hears each other, the cluster works."""

from __future__ import annotations

import pytest

from rts.schedule import Loss
from tests.core.raft.lab import UPPER_MS, Lab
from tests.scenarios.raft.chaos import chaos

IN_EVERY_RUN = 100
EVERY_NIGHT = 1_000


def settles(lab: Lab) -> None:
    """All faults end: a leader is there soon, and all members end with the same state."""
    lab.heal()
    leader = lab.elected(within=20 * UPPER_MS)
    lab.agree("a last change of members is behind us", nodes=1)
    lab.wait(lambda: all(lab.core(name).change is None for name in lab.leaders()), within=10_000)
    leader = lab.elected(within=20 * UPPER_MS)
    lab.settle(members=[member.node for member in lab.core(leader).configuration.members])


def test_after_chaos_the_cluster_works_again() -> None:
    for seed in range(IN_EVERY_RUN):
        settles(chaos(seed, disks=False))


@pytest.mark.nightly
def test_after_much_chaos_the_cluster_works_again() -> None:
    for seed in range(IN_EVERY_RUN, EVERY_NIGHT):
        settles(chaos(seed, disks=False))


@pytest.mark.parametrize("lossy", [False, True], ids=["clean", "lossy"])
def test_a_majority_that_hears_each_other_works_whatever_lasts_elsewhere(lossy: bool) -> None:
    """Every other link, in either direction by itself, may be down for good."""
    for seed in range(25):
        lab = Lab(5, seed=seed)
        lab.elected()
        majority = lab.chance.sample(lab.voters, 3)
        if lossy:
            lab.fault(Loss(source="*", target="*", percent=10))
        for source in lab.voters:
            for target in lab.voters:
                inside = source in majority and target in majority
                if source != target and not inside and lab.chance.random() < 0.5:
                    link = lab.network.link(source, target)
                    link.cut, link.faulty = 0, True
        lab.run(4 * UPPER_MS)
        terms = len(lab.watch.leaders)
        for number in range(10):
            lab.agree(number, nodes=1, within=4 * UPPER_MS)
            lab.run(300)
        assert len(lab.watch.leaders) - terms <= 1, "no elections without end"
        lab.check()
