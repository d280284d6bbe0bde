"""A replica of a single-leader store: all its duties in one state machine.

    follower ──promote──► candidate ──promises──► leader ──a higher epoch──► follower
        └──────────promote (nothing to ask)──────────┘

Each rule is a method of its own: a subclass that overrides one is a store with one bug.
"""

from __future__ import annotations

from rts.core.single_leader.following import Following
from rts.core.single_leader.leading import HEARTBEAT
from rts.core.single_leader.reading import FRESHNESS, Reading


class Replica(Reading, Following):
    """One node of a single-leader store (see `rts.core.events.Core` for how it is driven).

    `node` is its name and `nodes` all names; `recovered` is what its disk holds, `disk` the number of that
    disk, which changes when a disk is replaced.
    """

    handlers = Reading.handlers | Following.handlers

    def on_timer(self, name: str) -> None:
        """Wake the duty that asked for it."""
        if name == FRESHNESS:
            self.give_up_fresh_reads()
        elif name == HEARTBEAT and self.role == "leader":
            self.on_heartbeat()
            if self.rounds:
                self.ask_members()
        elif name == HEARTBEAT and self.role == "candidate":
            self.ask_promises()
