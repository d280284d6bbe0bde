"""One vote a term: a voter that voted for one candidate votes for no other in that term, whether it crashed
in between or not (Raft, §5.2)."""

from __future__ import annotations

from rts.ids import Member
from rts.sim.node import SimNode


class OneVote:
    """Remembers for whom each vote was counted, by term and voter."""

    name = "one-vote-per-term"

    def __init__(self) -> None:
        self.votes: dict[tuple[int, Member], Member] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        if core.role != "candidate" and core.role != "leader":
            return None
        for voter in sorted(core.votes):
            candidate = self.votes.setdefault((core.term, voter), core.own)
            if candidate != core.own:
                return f"in term {core.term} {voter.node} voted for {candidate.node} and for {core.own.node}"
        return None
