"""Names and numbers that travel everywhere: log positions and the addresses of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Lsn(NamedTuple):
    """A log position: the epoch in which an entry was appended, and its index in the log, counted from 1.

    Positions of one log order as they were appended, because a later epoch starts above every entry that it
    kept.
    """

    epoch: int
    index: int  # type: ignore[assignment]  # hides `tuple.index`, which no position needs

    def next(self) -> Lsn:
        """The position after this one in the same epoch."""
        return Lsn(self.epoch, self.index + 1)

    @classmethod
    def generate(cls, epoch: int, *, after: int = 0) -> Iterator[Lsn]:
        """Positions of `epoch`, each above the one before, starting above index `after`."""
        index = after
        while True:
            index += 1
            yield cls(epoch, index)

    def __str__(self) -> str:
        return f"{self.epoch}:{self.index}"


ORIGIN = Lsn(0, 0)
"""Before every entry."""


class Member(NamedTuple):
    """A node together with the disk that its promises are on: a node that lost its disk is another member."""

    node: str
    disk: int
