"""What may hold any JSON value is its text in a data frame, and nothing where it is absent."""

from __future__ import annotations

from checker import Operation
from checker.report.frames import fields_of
from tests.checker.literal import history, w


def test_errors_and_the_parts_of_a_transaction_are_text() -> None:
    failed = w(0, "a", 'x={"b":[1]}', 0, 5, status="fail", error={"why": "late"})
    both = Operation(index=1, session="a", op="txn", start=10, end=15, status="ok", ops=[["w", "x", 2]])
    fields = fields_of(history(failed, both))
    assert fields["value"] == ['{"b":[1]}', None]
    assert fields["error"] == ['{"why":"late"}', None]
    assert fields["ops"] == [None, '[["w","x",2]]']
