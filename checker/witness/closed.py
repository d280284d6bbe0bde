"""Parts of a history that prove neither more nor less than the history does.

A read has one possible writer, perhaps, only because the others were left out; an `info` write took effect
because somebody read it. So a part is *closed*: with a read come all writes that it may have read, with an
`info` write a read of it, with a write whose place is known from a read that read, and with anything of a
key what keeps its positions from counting. Of the guarantees that compare pairs of operations a closed part
violates none that the whole keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np

from checker.history import History
from checker.history.columns import CAS, INFO, NOT_SAID, READ, Bools, Columns, Ints
from checker.orders.candidates import find_candidates, read_values
from checker.prepared import Prepared
from checker.values import NULL


def part_of(history: History, rows: list[int]) -> History:
    """Return the history of some rows, in their order; it shares what it can with the whole."""
    header = msgspec.structs.replace(history.header, schedule=None, trace=None)
    return History(
        _select(history.columns, np.array(rows, dtype=np.int64)),
        header,
        materialise=lambda: [history.operation(row) for row in rows],
    )


def _select(columns: Columns, rows: Ints) -> Columns:
    number = np.full(columns.size, -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    by_session = number[columns.by_session]
    arrays: dict[str, Any] = {
        field.name: array[rows]
        for field in fields(columns)
        if isinstance(array := getattr(columns, field.name), np.ndarray)
    }
    return replace(columns, **arrays | {"size": len(rows), "by_session": by_session[by_session >= 0]})


class Closure:
    """Adds to some rows those without which they would prove more, or less, than in their history.

    `on_values` is for a guarantee that looks at values alone, not at what reads say of their version;
    `by_order` for one that compares versions.
    """

    def __init__(self, prepared: Prepared, *, on_values: bool, by_order: bool) -> None:
        self.prepared = prepared
        self._on_values = on_values
        self._appended: Bools = np.zeros(prepared.key_count, dtype=np.bool_)
        if prepared.unfolded is not None:
            appends = [operation.op == "append" for operation in prepared.history.operations]
            self._appended[prepared.columns.key[appends]] = True
        columns = prepared.columns
        self._candidates = prepared.candidates
        if on_values:
            self._candidates = find_candidates(
                columns,
                prepared.reads,
                prepared.writes,
                by_version=False,
                parts=prepared.unfolded is not None,
            )
        self._lacking = _lacking_a_place(prepared) if by_order else {}
        source = self._candidates.source[prepared.reads]
        known = source >= 0
        order = known.nonzero()[0][::-1]
        self._reader = np.full(columns.size + 1, -1, dtype=np.int64)
        # Of several readers the first one stays, of those that others may explain the last.
        self._reader[source[order]] = prepared.reads[order]
        for read, choice in sorted(self._candidates.several.items(), reverse=True):
            for write in choice:
                if self._reader[write] < 0:
                    self._reader[write] = read

    def of(self, rows: Iterable[int]) -> frozenset[int]:
        """Return some rows of the history as it was given, with all that must come with them."""
        unfolded = self.prepared.unfolded
        if unfolded is None:
            return frozenset(self._closed(sorted(rows)))
        parts = np.isin(unfolded.whole, sorted(rows)).nonzero()[0].tolist()
        return frozenset(unfolded.whole[sorted(self._closed(parts))].tolist())

    def _closed(self, waiting: list[int]) -> set[int]:
        closed: set[int] = set()
        while waiting:
            row = waiting.pop()
            if row not in closed:
                closed.add(row)
                waiting.extend(self._needed_by(row))
                if self.prepared.unfolded is not None:
                    waiting.extend(self._together_with(row))
        return closed

    def _together_with(self, row: int) -> list[int]:
        """Return a transaction's other parts, and all that tells the order of a key that was appended to."""
        assert self.prepared.unfolded is not None
        whole, key = self.prepared.unfolded.whole, self.prepared.columns.key
        together = whole == whole[row]
        if self._appended[key[row]]:
            together |= key == key[row]
        rows: list[int] = together.nonzero()[0].tolist()
        return rows

    def _needed_by(self, row: int) -> list[int]:
        prepared, columns = self.prepared, self.prepared.columns
        lacking = self._lacking.get(int(columns.key[row]))
        needed: list[int] = [] if lacking is None else [lacking]
        if prepared.ok_read[row]:
            source = int(self._candidates.source[row])
            found = self._candidates.several.get(row, (source,) if source >= 0 else ())
            needed += [write for write in found if write != prepared.initial]
            if columns.final[row] and columns.value[row] == NULL:
                needed += self._writers_of_null(row)
            if source < 0 and row not in self._candidates.several:
                needed += self._writers_of_same(row)
        elif self._on_values and prepared.is_write[row] and columns.kind[row] == CAS:
            needed += self._writers_of_same(row)  # an open one took effect only on what it expected
        if prepared.is_write[row]:
            open_ = columns.status[row] == INFO and prepared.took[row]
            placed = columns.place[row] == NOT_SAID and self._candidates.places[row] != NOT_SAID
            if (open_ or placed) and self._reader[row] >= 0:
                needed.append(int(self._reader[row]))
        return needed

    def _writers_of_null(self, read: int) -> list[int]:
        columns, writes = self.prepared.columns, self.prepared.writes
        rows = writes[(columns.key[writes] == columns.key[read]) & (columns.value[writes] == NULL)]
        nulls: list[int] = rows.tolist()
        return nulls

    def _writers_of_same(self, read: int) -> list[int]:
        """Return all who wrote what a read returned, also those who failed, or began too late."""
        columns = self.prepared.columns
        value = read_values(columns)[read]
        same = (columns.key == columns.key[read]) & (columns.value == value) & (columns.kind < READ)
        writers: list[int] = same.nonzero()[0].tolist()
        return writers


def _lacking_a_place(prepared: Prepared) -> dict[int, int]:
    """Return, by key, an acknowledged write without place beside which others have one."""
    placed = prepared.columns.place[prepared.acknowledged] != NOT_SAID
    key = prepared.columns.key[prepared.acknowledged]
    mixed = ~placed & np.isin(key, key[placed])
    rows = prepared.acknowledged[mixed][::-1]
    return dict(zip(key[mixed][::-1].tolist(), rows.tolist(), strict=True))
