"""Whether a fault leaves a majority that can go on: then it has to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from rts.core.raft.quorum import majority
from rts.ids import Member
from rts.sim.network import SimNetwork
from rts.sim.node import SimNode


def has_connected_majority(
    voters: Collection[Member], nodes: Mapping[str, SimNode], network: SimNetwork
) -> bool:
    """Whether a majority of the voters runs well, each on the disk that votes, and each of them reaches each
    other both ways."""
    faulty = {ends for ends, link in network.links.items() if link.faulty}
    well = sorted(
        voter.node
        for voter in voters
        if _is_well(nodes[voter.node]) and nodes[voter.node].disk.identity == voter.disk
    )
    return any(
        not any((a, b) in faulty or (b, a) in faulty for a, b in combinations(group, 2))
        for group in combinations(well, majority(len(voters)))
    )


def has_cut_links(voters: Collection[Member], network: SimNetwork) -> bool:
    """Whether some voter cannot reach some other."""
    names = {voter.node for voter in voters}
    return any(link.cut is not None and a in names and b in names for (a, b), link in network.links.items())


def has_ailing_node(nodes: Mapping[str, SimNode]) -> bool:
    """Whether a node runs that is about to crash, or whose disk does not take what it is given in time: it
    may lead, and hold everyone up."""
    return any(node.up and not node.paused and not _is_well(node) for node in nodes.values())


def _is_well(node: SimNode) -> bool:
    driver, disk = node.node, node.disk
    is_doomed = driver is None or driver.fuse is not None
    return node.up and not node.paused and not is_doomed and disk.slow is None and disk.full is None
