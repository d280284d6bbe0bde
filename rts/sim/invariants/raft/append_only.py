"""A leader only appends: within its term it removes and replaces nothing of its log (Raft, §5.3)."""

from __future__ import annotations

from rts.ids import Lsn
from rts.sim.node import SimNode


class LeaderAppendOnly:
    """Remembers where each leader's log ended."""

    name = "leader-append-only"

    def __init__(self) -> None:
        self.ends: dict[tuple[str, int], Lsn] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        if core.role != "leader":
            return None
        reign = (node.name, core.term)
        end = self.ends.get(reign)
        self.ends[reign] = core.log.last
        if end is None or end.index < core.log.beginning.index or core.log.lsn_at(end.index) == end:
            return None
        return f"{node.name}, leader of term {core.term}, had an entry at {end} and has it no more"
