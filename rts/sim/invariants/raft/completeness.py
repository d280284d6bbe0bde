"""Leader completeness: what was committed in one term is in the log of every later leader (Raft, §5.4).

What counts as committed is what some node believes to be: the stronger claim, because a node applies what it
believes.
"""

from __future__ import annotations

from rts.ids import Lsn
from rts.sim.node import SimNode


class LeaderCompleteness:
    """Remembers the committed positions by index, and in which term each was first seen committed."""

    name = "leader-completeness"

    def __init__(self) -> None:
        self.committed: list[tuple[Lsn, int]] = []
        self.led: set[tuple[str, int]] = set()

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        log = core.log
        wrong = None
        if core.role == "leader" and (node.name, core.term) not in self.led:
            self.led.add((node.name, core.term))
            wrong = self._missing(node)
        for index in range(len(self.committed) + 1, core.committed + 1):
            lsn = log.lsn_at(index)
            if lsn is None:  # compacted away before anybody looked: nothing to remember
                lsn = Lsn(0, index)
            self.committed.append((lsn, core.term))
        return wrong

    def _missing(self, node: SimNode) -> str | None:
        core = node.core
        for lsn, term in self.committed:
            known = lsn.epoch > 0 and lsn.index > core.log.beginning.index
            if term < core.term and known and core.log.lsn_at(lsn.index) != lsn:
                return (
                    f"{node.name} leads term {core.term} without the entry at {lsn}, committed in term {term}"
                )
        return None
