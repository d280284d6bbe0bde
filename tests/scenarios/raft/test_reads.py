"""Reads while leaders change: none is older than what was shown before it was asked (thesis, §6.4).

The laboratory fails at the first answer that is (see `Lab.deliver`).
"""

from __future__ import annotations

import pytest

from rts.core.raft.messages import Answered, ReadMode, TransferLeadership
from tests.core.raft.lab import UPPER_MS, Lab

SEEDS = range(1, 11)


def answers(lab: Lab, name: str) -> int:
    """How many reads a node has answered."""
    return sum(source == name and isinstance(message, Answered) for source, message in lab.heard)


@pytest.mark.parametrize("drift_ppm", [0, 500, -500])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_lease_ends_before_another_leader_can_be_elected(seed: int, drift_ppm: int) -> None:
    """Whichever clock is the fast one, as long as they drift apart no faster than the settings say."""
    lab = Lab(3, seed=seed)
    lab.agree("before")
    old = lab.elected()
    for name, node in lab.nodes.items():
        node.skew(0, drift_ppm if name == old else -drift_ppm, None)
    lab.run(500)
    lab.read(old, "lease")
    assert answers(lab, old) == 1
    lab.disconnect(old)
    count = 0
    for _ in range(6 * UPPER_MS // 5):
        for name in lab.leaders():
            lab.submit(name, f"{count} after")
            count += 1
        lab.run(5)
        lab.read(old, "lease")
    assert answers(lab, old) > 10, "the lease went on for a while"
    assert lab.have("0 after") != []
    lab.settle()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lease_ends_when_leadership_is_handed_over(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("before")
    for turn in range(5):
        old = lab.elected()
        target = lab.chance.choice([name for name in lab.voters if name != old])
        lab.ask(old, TransferLeadership(turn, target))
        lab.network.cut([old], turn)
        for step in range(20):
            for name in lab.leaders(lab.voters):
                if name != old:
                    lab.submit(name, f"{turn} {step}")
            lab.run(2)
            lab.read(old, "lease")
        lab.network.heal()
        lab.agree(f"{turn} is over")
    lab.settle()


@pytest.mark.parametrize("mode", ["leader", "read-index", "lease"])
@pytest.mark.parametrize("seed", range(1, 4))
def test_reads_at_all_nodes_while_leaders_fall(seed: int, mode: ReadMode) -> None:
    lab = Lab(5, seed=seed)
    lab.unreliable()
    for turn in range(48):
        for name in lab.leaders(lab.voters):
            lab.submit(name, f"turn {turn} by {name}")
        for name in lab.connected:
            lab.read(name, mode)
        if turn % 16 == 0:
            lab.start(*lab.voters)
            lab.crash(*lab.leaders()[:1])
        if turn % 16 == 8:
            lab.connect(*lab.voters)
            lab.disconnect(*lab.leaders()[:1])
        lab.run(lab.chance.randrange(20, 120))
    assert sum(answers(lab, name) for name in lab.voters) > 5
    if mode == "read-index":
        assert all(answers(lab, name) for name in lab.voters)
