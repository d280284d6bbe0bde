"""What must be true of a cluster after every event, checked from outside: Raft's safety properties (figure
3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rts.core.raft.messages import Voted
from rts.ids import Lsn, Member
from rts.sim.node import SimNode


class Watch:
    """Looks at nodes after each of their events, and at votes as they are sent.

    `leaders`: term → who led it; `committed`: index → position, as the first node to know it said.
    """

    def __init__(self) -> None:
        self.leaders: dict[int, str] = {}
        self.committed: dict[int, Lsn] = {}
        self.applied: dict[int, tuple[Lsn, Any]] = {}
        self.votes: dict[tuple[Member, int], str] = {}
        self.terms: dict[Member, int] = {}
        self.seen: dict[tuple[str, int], tuple[int, int, int]] = {}

    def look(self, node: SimNode) -> None:
        """At one node, which has just taken in an event."""
        core = node.core
        if core.role == "leader" and self.leaders.get(core.term) != node.name:
            self.look_at_new_leader(node.name, core)
        life = node.name, node.life
        now = core.term, core.committed, core.applied
        before = self.seen.get(life)
        if now == before:
            return
        self.seen[life] = now
        assert core.applied <= core.committed <= core.log.last_index
        if before is not None:
            assert all(old <= new for old, new in zip(before, now, strict=True)), (life, before, now)
        self.look_at_committed(core, before[1] if before else 0)

    def look_at_new_leader(self, name: str, core: Any) -> None:
        """Election safety and leader completeness (Raft, figure 3)."""
        assert self.leaders.setdefault(core.term, name) == name, f"two leaders in term {core.term}"
        for index in range(core.log.base.index, max(self.committed, default=0) + 1):
            if index in self.committed:
                assert core.log.lsn_at(index) == self.committed[index], f"{name} lacks {index}"

    def look_at_committed(self, core: Any, before: int) -> None:
        """No two nodes know different entries to be committed at one index."""
        for index in range(max(before + 1, core.log.base.index), core.committed + 1):
            lsn = core.log.lsn_at(index)
            if index:
                assert self.committed.setdefault(index, lsn) == lsn, f"{core.node} differs at {index}"

    def apply(self, position: Lsn, command: Any) -> None:
        """State-machine safety: all apply the same command at one index."""
        known = self.applied.setdefault(position.index, (position, command))
        assert known == (position, command)

    def sent(self, to: str, message: Any) -> None:
        """A disk votes for one candidate in a term, whatever happens to its node."""
        if type(message) is Voted:
            promised = self.terms.get(message.voter, 0)
            assert message.term >= promised, f"{message.voter} went back from term {promised}"
            self.terms[message.voter] = message.term
            if message.granted:
                assert self.votes.setdefault((message.voter, message.term), to) == to


def logs_match(cores: Iterable[Any]) -> None:
    """Log matching: where two logs have the same term at an index, they are the same up to there."""
    logs = [core.log for core in cores]
    for log in logs:
        for other in logs:
            low = max(log.base.index, other.base.index)
            agree = [
                index
                for index in range(low + 1, min(log.last_index, other.last_index) + 1)
                if log.lsn_at(index) == other.lsn_at(index)
            ]
            if agree:
                assert log.between(low, agree[-1]) == other.between(low, agree[-1])
