"""Small logs for the tests of storages and transports."""

from __future__ import annotations

from rts.core.raft.log import Apply, Configuration, Entry, Noop, Snapshot
from rts.ids import Lsn, Member

N0, N1, N2 = Member("n0", 1), Member("n1", 1), Member("n2", 1)
MEMBERS = Configuration((N0, N1, N2))


def entry(term: int, index: int) -> Entry:
    """The entry at a position; its command names it."""
    return Entry(Lsn(term, index), Apply("c", index, 1, f"{term}:{index}".encode()))


def entries(*positions: tuple[int, int]) -> tuple[Entry, ...]:
    return tuple(entry(*position) for position in positions)


def noop(term: int, index: int) -> Entry:
    return Entry(Lsn(term, index), Noop())


def snapshot(term: int, index: int, data: bytes = b"state") -> Snapshot:
    return Snapshot(Lsn(term, index), MEMBERS, data)
