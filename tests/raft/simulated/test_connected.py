"""Whether a fault leaves a majority that can go on."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.raft.settings import Settings
from rts.ids import Member
from rts.raft.simulated.cluster import Cluster
from rts.raft.simulated.connected import has_ailing_node, has_connected_majority, has_cut_links

NODES = ("n0", "n1", "n2", "n3", "n4")
VOTERS = tuple(Member(node, 1) for node in NODES)


def cluster() -> Cluster:
    """Five voters that run."""
    found = Cluster(NODES, Settings(voters=NODES))
    for node in found.nodes.values():
        node.start()
    return found


def judged(found: Cluster) -> tuple[bool, bool]:
    """Whether links are cut, and whether a majority is connected."""
    return has_cut_links(VOTERS, found.network), has_connected_majority(VOTERS, found.nodes, found.network)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], (False, True)),
        ([("n0", "n1")], (True, True)),
        ([("n0", "n1", "n2")], (True, True)),
        ([("n0", "n1"), ("n2",)], (True, False)),
    ],
)
def test_a_majority_that_reaches_each_other_both_ways(groups: Any, expected: tuple[bool, bool]) -> None:
    found = cluster()
    for number, group in enumerate(groups):
        found.network.cut(group, number)
    assert judged(found) == expected


def test_a_cut_in_one_direction_is_a_cut() -> None:
    found = cluster()
    for node in ("n0", "n1"):
        found.network.cut((node,), 0, into=True, out_of=False)
    assert judged(found) == (True, True)
    found.network.cut(("n2",), 0, into=True, out_of=False)
    assert judged(found) == (True, False)


def test_a_node_that_is_down_is_of_no_majority() -> None:
    found = cluster()
    found.network.cut(("n0", "n1"), 0)
    found.nodes["n2"].crash()
    assert judged(found) == (True, False)
    assert not has_ailing_node(found.nodes)


def test_a_node_on_a_blank_disk_is_not_the_voter_that_it_was() -> None:
    found = cluster()
    found.network.cut(("n0", "n1"), 0)
    found.nodes["n2"].crash(lose_disk=True)
    found.nodes["n2"].start()
    assert judged(found) == (True, False)


@pytest.mark.parametrize("ailment", ["slow", "full", "doomed"])
def test_a_node_that_runs_and_does_not_work_ails(ailment: str) -> None:
    found = cluster()
    assert not has_ailing_node(found.nodes)
    node = found.nodes["n0"]
    match ailment:
        case "slow":
            node.disk.slow = (1, 0)
        case "full":
            node.disk.full = 0
        case "doomed":
            node.arm(3, 0)
    assert has_ailing_node(found.nodes)
    node.crash()
    assert not has_ailing_node(found.nodes)
