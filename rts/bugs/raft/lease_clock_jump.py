"""A lease ends by the wall clock.

A clock that jumps back makes it longer than the others' patience. Ongaro's thesis warns of it (§6.4.1).
Breaks `linearizable`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.effects import Effect
from rts.core.events import Event
from rts.core.raft.node import RaftCore


class LeaseClockJump(RaftCore):
    """Reads the wrong clock."""

    wall = 0
    lease_until = 0

    def step(self, event: Event, now: int, wall: int) -> list[Effect]:
        """See `RaftBase`."""
        self.wall = wall
        return super().step(event, now, wall)

    def on_confirmed(self) -> None:
        """See `Leading`."""
        self.lease_until = self.wall - (self.now - self.contact) + self.settings.lease_ns
        super().on_confirmed()

    def has_lease(self) -> bool:
        """Wrong: wall clocks jump."""
        return self.is_settled_in_term() and not self.told_to_campaign and self.wall < self.lease_until


BUG = Bug(
    name="lease-clock-jump",
    breaks="linearizable",
    description="a lease is measured by the wall clock",
    seen_in="Ongaro §6.4.1",
    replica=LeaseClockJump,
)
