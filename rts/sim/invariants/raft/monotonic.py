"""Counters that only grow: term, commit index and applied index of a node, and what a leader knows of each
follower's log (Raft, figure 2)."""

from __future__ import annotations

from rts.ids import Member
from rts.sim.invariants.monotonic import Monotonic
from rts.sim.node import SimNode


class RaftMonotonic(Monotonic):
    """The same with the leader's match indexes, which belong to a term, a follower and its disk; one that was
    removed and added again begins anew."""

    def __init__(self) -> None:
        super().__init__(forced=lambda: False)
        self.matched: dict[tuple[str, int, Member], tuple[object, int]] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        wrong = super().check(node)
        core = node.core
        if wrong is not None or core.role != "leader":
            return wrong
        for progress in core.progress.values():
            if progress.member is None:
                continue
            key = (node.name, core.term, progress.member)
            of, before = self.matched.get(key, (progress, 0))
            if of is progress and progress.matched < before:
                return (
                    f"{node.name}, leader of term {core.term}, went back from {progress.node}'s log known "
                    f"up to {before} to {progress.matched}"
                )
            self.matched[key] = progress, progress.matched
        return None
