"""Where a node's records go: the port that simulated and real disks stand behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Disk(Protocol):
    """A node's durable storage: an append-only log of records.

    `identity` changes when the disk is replaced by a blank one.
    """

    identity: int

    def persist(
        self, number: int, record: Any, done: Callable[[int], None], failed: Callable[[int, str], None]
    ) -> None:
        """Make `record` durable after all records before it.

        Then `done(n)` is called, which speaks for all persists up to `n`; or `failed(number, reason)`, once.
        """

    def records(self) -> list[Any]:
        """All durable records, in order.

        Raises `rts.storage.wal.CorruptLog` where one of them is damaged.
        """


class Codec(Protocol):
    """How a core's records become bytes."""

    def encode(self, record: Any) -> bytes:
        """A record as bytes."""

    def decode(self, payload: bytes) -> Any:
        """The record again."""
