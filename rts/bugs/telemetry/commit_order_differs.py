"""A follower makes a batch of entries visible in another order than the leader did.

The first of a batch comes last, a while after the others: until then an effect is visible without its cause.
Seen in Amazon RDS for PostgreSQL 17.4 (Jepsen). Breaks `consistent-prefix`.
"""

from __future__ import annotations

from typing import Any

from rts.bugs import Bug
from rts.core.single_leader.log import Entry, Put
from rts.core.single_leader.replica import Replica
from rts.ids import ORIGIN

LATE = "late"


class CommitOrderDiffers(Replica):
    """Applies in parallel, and one of its hands is slower."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.late: tuple[Entry, ...] = ()

    def apply_committed(self) -> None:
        """Wrong: the position says that all of the batch is visible."""
        if self.role == "follower" and not self.late:
            self.late = self.overtaken(self.log.between(self.applied, self.committed))
            if self.late:
                self.set_timer(LATE, self.settings.heartbeat_ns)
        super().apply_committed()

    def apply(self, entry: Entry) -> None:
        """All but what is overtaken."""
        if entry not in self.late:
            super().apply(entry)

    def on_timer(self, name: str) -> None:
        """What was late becomes visible, unless something newer has."""
        if name != LATE:
            super().on_timer(name)
            return
        late, self.late = self.late, ()
        for entry in late:
            if (
                isinstance(entry.command, Put)
                and (self.item(entry.command.key).version or ORIGIN) < entry.lsn
            ):
                self.apply(entry)

    def overtaken(self, batch: list[Entry]) -> tuple[Entry, ...]:
        """The first write of a batch that goes on with writes of other keys."""
        keys = [entry.command.key for entry in batch if isinstance(entry.command, Put)]
        if len(keys) < 2 or keys[0] in keys[1:]:
            return ()
        return next((entry,) for entry in batch if isinstance(entry.command, Put))


BUG = Bug(
    name="commit-order-differs",
    breaks="consistent-prefix",
    description="a follower's visible order differs from the leader's",
    seen_in="Jepsen, Amazon RDS for PostgreSQL 17.4",
    replica=CommitOrderDiffers,
)
