"""A delete is lost when the log is compacted.

The snapshot is made by merging values into the one before, and a deleted key has no value: it keeps the one
that it had. Whoever starts from the snapshot sees it again. Seen in etcd (#18089). Breaks `convergence`.
"""

from __future__ import annotations

import msgspec

from rts.bugs import Bug
from rts.core.single_leader.log import Put, Snapshot
from rts.core.single_leader.replica import Replica


class DeleteDropped(Replica):
    """Compacts deletes away together with what they deleted, but for the copy in the last snapshot."""

    def snapshot(self) -> Snapshot:
        """Wrong: the new snapshot replaces the old one, and holds what is visible now."""
        values = dict(self.log.snapshot.values)
        for entry in self.log.between(self.log.base, self.applied):
            if isinstance(entry.command, Put) and entry.command.value is not None:
                values[entry.command.key] = (entry.command.value, entry.lsn)
        return msgspec.structs.replace(super().snapshot(), values=values)


BUG = Bug(
    name="delete-dropped",
    breaks="convergence",
    description="a delete is lost when the log is compacted",
    seen_in="etcd #18089",
    replica=DeleteDropped,
)
