"""A follower applies a duplicated message a second time.

The old value comes back where a newer one was visible. The textbook case is a command that is executed twice
(Ongaro, *Consensus*, 2014, §6.3). Breaks `state-machine-safety`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.core.single_leader.log import Entry
from rts.core.single_leader.replica import Replica


class DuplicateApplied(Replica):
    """Does not notice what it has done before."""

    def unknown_entries(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Wrong: what is visible already is made visible again."""
        for entry in entries:
            if entry.lsn.index <= self.applied:
                self.apply(entry)
        return super().unknown_entries(entries)


BUG = Bug(
    name="duplicate-applied",
    breaks="state-machine-safety",
    description="a duplicated message is applied twice",
    seen_in="Ongaro, Consensus, §6.3",
    replica=DuplicateApplied,
)
