"""Operations, values, positions and times in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from checker.history import History, Operation
from checker.history.columns import INITIAL, NOT_SAID
from checker.prepared import Prepared

_PARTS = {"r": "reads {} from {}", "w": "writes {} to {}", "append": "appends {} to {}"}
_SHOWN = 4
"""Parts of a transaction that are told; longer ones are cut."""
_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))


def duration(nanoseconds: int) -> str:
    """Return a time in the largest unit that it fills, exactly: `1.25 ms`, `40 ns`."""
    for size, unit in _UNITS:
        if abs(nanoseconds) >= size:
            return f"{Decimal(nanoseconds) / size:f} {unit}"
    return f"{nanoseconds} ns"


def value_text(value: Any) -> str:
    """Return a value as JSON, shortened in the middle if it is long."""
    return shortened(msgspec.json.encode(value).decode())


def shortened(text: str) -> str:
    """Return a text, cut out in the middle if it is long."""
    return text if len(text) <= 40 else f"{text[:24]}…{text[-12:]}"


def position_text(position: Any) -> str:
    """Return a position as it stands in a history file."""
    return msgspec.json.encode(position).decode()


def deed(operation: Operation) -> str:
    """Return who does what: `s1 writes 1 to k0`; of a part of a transaction, what the whole does."""
    if operation.ops is not None:
        deeds = [_PARTS[word].format(value_text(value), key) for word, key, value in operation.ops[:_SHOWN]]
        if (more := len(operation.ops) - _SHOWN) > 0:
            deeds.append(f"does {more} thing{'s' * (more > 1)} more")
        what = f"{listed(deeds)} in one transaction" if deeds else "runs an empty transaction"
    else:
        value = value_text(operation.value)
        match operation.op:
            case "write":
                what = f"writes {value} to {operation.key}"
            case "delete":
                what = f"deletes {operation.key}"
            case "cas":
                what = f"replaces {value_text(operation.expected)} by {value} in {operation.key}"
            case "append":
                what = f"appends {value} to {operation.key}"
            case _:
                what = f"reads {value} from {operation.key}"
    at = f" at {operation.node}" if operation.node is not None else ""
    return f"{operation.session} {what}{at}"


def listed(items: list[str]) -> str:
    """Return items as a list in a sentence: `a, b and c`."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


class _ByRow:
    """The operations of a history, each made when it is spoken of: a long one's are not made all."""

    def __init__(self, history: History) -> None:
        self._history = history

    def __getitem__(self, row: int) -> Operation:
        return self._history.operation(row)


class Words:
    """Speaks of one history's operations, by row; `names` replace "operation 7" by a letter."""

    def __init__(self, prepared: Prepared, names: dict[int, str] | None = None) -> None:
        self.prepared = prepared
        self.operations = _ByRow(prepared.history)
        self._names = names or {}

    def name(self, row: int) -> str:
        """Return what an operation is called."""
        if row == self.prepared.initial:
            return "the initial version"
        return self._names.get(row, f"operation {self.operations[row].index}")

    def several(self, rows: list[int]) -> str:
        """Return what some operations are called, as a list."""
        return listed([self.name(row) for row in rows])

    def introduction(self, row: int) -> str:
        """Return the words that introduce an operation by its letter."""
        operation = self.operations[row]
        return f"{self.name(row)} = operation {operation.index} ({deed(operation)})"

    def returned(self, row: int) -> str:
        """Return the value that a read returned, as JSON; a compare-and-set read what it expected.

        Of a transaction's read it also says for which key.
        """
        operation = self.operations[row]
        return self.found(row) if operation.ops is None else f"{self.found(row)} for {operation.key}"

    def found(self, row: int) -> str:
        """Return the value that a read returned, and no more."""
        operation = self.operations[row]
        return value_text(operation.expected if operation.op == "cas" else operation.value)

    def start(self, row: int) -> str:
        """Return when an operation started."""
        return duration(int(self.prepared.columns.start[row]))

    def end(self, row: int) -> str:
        """Return when an operation ended that is not open."""
        return duration(int(self.prepared.columns.end[row]))

    def position(self, row: int) -> str | None:
        """Return the position of a version, None where it has none."""
        place = int(self.prepared.place[row])
        if place in (NOT_SAID, INITIAL):
            return None
        return position_text(self.prepared.columns.positions[place - 1])
