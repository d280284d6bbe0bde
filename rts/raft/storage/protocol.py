"""What a node needs of its durable storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rts.core.raft.log import Entry, Snapshot
from rts.ids import Lsn, Member

FIRST_DISK = 1
"""The number of the disks that the founding members begin with."""


class Storage(Protocol):
    """One node's durable state: term and vote, a log, and the snapshot that the log's beginning became.

    `disk` is a number that no other storage of this node ever had, but `FIRST_DISK` for a founding member's
    first: what a node promised on one disk does not bind it on another, so it is another member there.

    What is saved or appended is durable, in that order, once a `sync` that began later has returned; until
    then a crash may take it, from the end. The `load_` methods give what was there when the storage was
    opened, or has been saved since.
    """

    @property
    def disk(self) -> int:
        """See above."""

    def save_state(self, term: int, vote: Member | None) -> None:
        """The node is in `term` and has voted for `vote` in it, or for nobody."""

    def load_state(self) -> tuple[int, Member | None]:
        """Term and vote; 0 and nobody at first."""

    def append_log(self, entries: Sequence[Entry]) -> None:
        """Put entries after the last one."""

    def truncate_log_after(self, index: int) -> None:
        """Drop the entries above `index`."""

    def load_log(self) -> tuple[Entry, ...]:
        """The entries above the base (see `load_snapshot`), in order."""

    def save_snapshot(self, snapshot: Snapshot, base: Lsn | None) -> None:
        """Keep `snapshot` in place of an earlier one, and of the log only what is above `base`; `None`:
        nothing.
        """

    def load_snapshot(self) -> tuple[Snapshot, Lsn]:
        """The snapshot, and the position after which the log begins; an empty one at the origin at first."""

    async def sync(self) -> None:
        """Make durable all that was saved before this began; one call speaks for many saves.

        Raises `OSError` where the disk does not take it. Nothing is known then of what is on it: the storage
        is of no more use in this process.
        """

    def close(self) -> None:
        """Let go of files. What was not synced is lost."""
