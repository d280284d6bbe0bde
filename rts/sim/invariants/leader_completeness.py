"""Leader completeness: what was acknowledged is in the log of every later leader that was not forced (Raft,
§5.4)."""

from __future__ import annotations

from collections.abc import Callable

from rts.ids import Lsn
from rts.sim.node import SimNode


class LeaderCompleteness:
    """Knows the positions of acknowledged writes; `forced()` says whether the operator ever forced a
    promotion."""

    name = "leader-completeness"

    def __init__(self, forced: Callable[[], bool]) -> None:
        self.acknowledged: list[Lsn] = []
        self.forced = forced
        self.led: set[tuple[str, int]] = set()

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        if core.role != "leader" or (node.name, core.epoch) in self.led:
            return None
        self.led.add((node.name, core.epoch))
        if self.forced():
            return None
        for lsn in self.acknowledged:
            if lsn.epoch < core.epoch and lsn.index > core.log.base and core.log.lsn_at(lsn.index) != lsn:
                return f"{node.name} leads epoch {core.epoch} without the acknowledged write at {lsn}"
        return None
