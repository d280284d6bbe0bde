"""One operation of a recorded history, had without the others; and the words of an error."""

from __future__ import annotations

from checker import History, HistoryError, Operation
from tests.checker.literal import history, w


class Told:
    """A recording that counts how often all its operations are asked for."""

    def __init__(self, *operations: Operation) -> None:
        self._operations = operations
        self.asked = 0

    def data(self) -> bytes:
        """Nobody asks for it here."""
        return b""

    def operations(self) -> list[Operation]:
        """All of them."""
        self.asked += 1
        return list(self._operations)

    def operation(self, row: int) -> Operation:
        """One of them, always under the same name."""
        return w(row, "one", "x=1", 0, 10)


def test_one_operation_is_had_alone_until_all_are_there() -> None:
    told = Told(w(0, "all", "x=1", 0, 10))
    one = history(w(0, "all", "x=1", 0, 10))
    recorded = History(one.columns, one.header, recording=told)
    assert (recorded.operation(0).session, told.asked) == ("one", 0)
    assert (recorded.operations[0].session, told.asked) == ("all", 1)
    assert (recorded.operation(0).session, told.asked) == ("all", 1)


def test_an_error_says_where_as_far_as_that_is_known() -> None:
    assert str(HistoryError("bad", file="f", line=3, field="end")) == "f:3: end: bad"
    assert str(HistoryError("bad", line=3)) == "3: bad"
    assert str(HistoryError("bad")) == "bad"
