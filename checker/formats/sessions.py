"""Sessions of transactions without a clock, as the formats of transactional checkers hold them.

Nothing is known of the order of two sessions, but that a transaction ended no earlier than those began whose
writes it read. Each gets the earliest times that this and the order of its own session allow. No times of one
clock can say that *nothing more* is known: of two sessions with two transactions each, some pair would come
one after the other. So the header says `real_time: false`, and what rests on real time is not judged.

Where no times fit (a session read what was written only after it had gone on), the read ends too early for
what it read, and shows as out of thin air.

A read of the initial value (0, if nobody wrote it to that key) is one of `null`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec import UNSET

from checker.formats.protocol import Conventions, Imported
from checker.history import Header, Operation

Access = list[Any]
"""`["r" or "w", key, value]`."""


@dataclass(slots=True, kw_only=True)
class _Transaction:
    session: str
    accesses: list[Access]
    committed: bool
    line: int
    start: int = 0
    end: int = 0
    ended: bool = False
    next: _Transaction | None = None
    readers: list[_Transaction] = field(default_factory=list)
    awaited: int = 0
    """How many of those that it read have not begun yet."""


class Sessions:
    """Transactions, added session by session or mixed."""

    def __init__(self, conventions: Conventions) -> None:
        self._initial = 0 if conventions.initial is UNSET else conventions.initial
        self._last: dict[str, _Transaction] = {}
        self._first: list[_Transaction] = []
        self._written: dict[tuple[str, Any], list[_Transaction]] = {}
        self._transactions: list[_Transaction] = []

    def add(self, session: str, accesses: list[Access], *, committed: bool, line: int) -> None:
        """Add a transaction of a session, after those that it has."""
        added = _Transaction(session=session, accesses=accesses, committed=committed, line=line)
        before = self._last.get(session)
        if before is None:
            self._first.append(added)
        else:
            before.next = added
        self._last[session] = added
        self._transactions.append(added)
        for code, key, value in accesses:
            if code == "w":
                self._written.setdefault((key, value), []).append(added)

    def imported(self) -> Imported:
        """Return the history of the transactions that were added."""
        self._find_readers()
        self._find_times()
        order = sorted(self._transactions, key=lambda transaction: transaction.start)
        return Imported(
            header=Header(meta={"initial": self._initial}, extra={"real_time": False}),
            size=len(order),
            operations=self._operations(order),
            lines=[transaction.line for transaction in order],
        )

    def _find_readers(self) -> None:
        for reader in self._transactions:
            if reader.committed:
                for code, key, value in reader.accesses:
                    for writer in self._written.get((key, value), ()) if code == "r" else ():
                        if writer is not reader:
                            writer.readers.append(reader)
                            reader.awaited += 1

    def _find_times(self) -> None:
        ready = deque(self._first)
        running: dict[int, _Transaction] = {}
        while ready or running:
            if not ready:  # a circle: somebody ends before those began whom it read
                self._end(next(iter(running.values())), running, ready)
                continue
            begun = ready.popleft()
            begun.end = max(begun.end, begun.start)
            running[id(begun)] = begun
            for reader in begun.readers:
                reader.awaited -= 1
                if not reader.ended:
                    reader.end = max(reader.end, begun.start)
                    if reader.awaited == 0 and id(reader) in running:
                        self._end(reader, running, ready)
            if begun.awaited == 0:
                self._end(begun, running, ready)

    @staticmethod
    def _end(ended: _Transaction, running: dict[int, _Transaction], ready: deque[_Transaction]) -> None:
        del running[id(ended)]
        ended.ended = True
        if ended.next is not None:
            ended.next.start = ended.end + 1
            ready.append(ended.next)

    def _operations(self, order: list[_Transaction]) -> Iterator[Operation]:
        for index, transaction in enumerate(order):
            committed = transaction.committed
            yield Operation(
                index=index,
                session=transaction.session,
                op="txn",
                ops=[self._settled(access, committed=committed) for access in transaction.accesses],
                start=transaction.start,
                end=transaction.end,
                status="ok" if committed else "fail",
            )

    def _settled(self, access: Access, *, committed: bool) -> Access:
        """An access as it stands in a history: a read of the initial value reads nothing."""
        code, key, value = access
        if code == "r" and (not committed or (value == self._initial and (key, value) not in self._written)):
            return [code, key, None]
        return access
