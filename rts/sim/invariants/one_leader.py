"""One leader an epoch (Raft, §5.2: election safety)."""

from __future__ import annotations

from rts.sim.node import SimNode


class OneLeader:
    """Remembers who led each epoch."""

    def __init__(self, name: str = "one-leader-per-epoch") -> None:
        self.name = name
        self.leaders: dict[int, str] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        if core.role != "leader":
            return None
        leader = self.leaders.setdefault(core.epoch, node.name)
        return None if leader == node.name else f"{leader} and {node.name} both lead epoch {core.epoch}"
