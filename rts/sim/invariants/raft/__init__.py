"""What must be true of Raft's nodes at all times (Raft, figure 3), beside what every log keeps."""

from __future__ import annotations

from rts.sim.node import SimNode


def mark_of(node: SimNode) -> object:
    """What changes whenever an invariant may have something to say of a Raft node."""
    core = node.core
    leads = core.role == "leader"
    return (
        core.term,
        core.role,
        core.persisted,
        core.log.last,
        core.committed,
        core.applied,
        len(core.votes),
        sum(progress.matched for progress in core.progress.values()) if leads else 0,
        node.is_durable(),
        node.incarnation,
    )
