"""Sessions of transactions without a clock, as the formats of transactional checkers hold them.

Nothing is known of the order of two sessions. No times of one clock can say so: of two sessions with two
transactions each, some pair would come one after the other. So each session has a clock of its own, its
transactions are at 0–1, 2–3, … of it, and the header says `real_time: false`: times of different sessions do
not compare, and what rests on real time cannot be judged.

The initial value (0, if a file does not write it) is that of a key that nobody wrote: a read of it is one
of `null`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET

from checker.formats.protocol import Conventions, Imported
from checker.history import Header, Operation

Access = list[Any]
"""`["r" or "w", key, value]`."""


class Sessions:
    """Transactions, added session by session or mixed."""

    def __init__(self, conventions: Conventions) -> None:
        self._initial = 0 if conventions.initial is UNSET else conventions.initial
        self._sessions: dict[str, int] = {}
        self._written: set[tuple[str, Any]] = set()
        self._transactions: list[tuple[str, int, bool, list[Access], int]] = []

    def add(self, session: str, accesses: list[Access], *, committed: bool, line: int) -> None:
        """Add a transaction of a session, after those that it has."""
        number = self._sessions.get(session, 0)
        self._sessions[session] = number + 1
        self._written.update((key, value) for code, key, value in accesses if code == "w")
        self._transactions.append((session, number, committed, accesses, line))

    def imported(self) -> Imported:
        """Return the history of the transactions that were added."""
        order = sorted(self._transactions, key=lambda transaction: transaction[1])
        return Imported(
            header=Header(meta={"initial": self._initial}, extra={"real_time": False}),
            size=len(order),
            operations=self._operations(order),
            lines=[transaction[4] for transaction in order],
        )

    def _operations(self, order: list[tuple[str, int, bool, list[Access], int]]) -> Iterator[Operation]:
        for index, (session, number, committed, accesses, _) in enumerate(order):
            yield Operation(
                index=index,
                session=session,
                op="txn",
                ops=[self._settled(access, committed=committed) for access in accesses],
                start=2 * number,
                end=2 * number + 1,
                status="ok" if committed else "fail",
            )

    def _settled(self, access: Access, *, committed: bool) -> Access:
        """An access as it stands in a history: a read of the initial value reads nothing."""
        code, key, value = access
        if code == "r" and (not committed or (value == self._initial and (key, value) not in self._written)):
            return [code, key, None]
        return access
