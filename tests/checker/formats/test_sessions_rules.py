"""Times of sessions without a clock: who read whom decides, whatever the order of the file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.checker.foreign import imported, told


@pytest.mark.parametrize(
    ("accesses", "operations"),
    [
        # Who waits for a second one is not ended early because a third waits, too.
        (
            "r(0,1,0,0) r(1,1,1,1) w(0,1,1,2) w(1,1,2,3)",
            ["0 txn r(0=1) 0-1 ok", "1 txn r(1=1) 0-0 ok", "2 txn w(1=1) 0-0 ok", "1 txn w(0=1) 1-1 ok"],
        ),
        # Of two that are waited for the later one counts.
        (
            "r(0,1,0,0) r(1,1,0,0) w(5,5,1,1) w(0,1,1,2) w(6,6,2,3) w(7,7,2,4) w(1,1,2,5)",
            [
                "0 txn r(0=1) r(1=1) 0-2 ok",
                "1 txn w(5=5) 0-0 ok",
                "2 txn w(6=6) 0-0 ok",
                "1 txn w(0=1) 1-1 ok",
                "2 txn w(7=7) 1-1 ok",
                "2 txn w(1=1) 2-2 ok",
            ],
        ),
        # Each read waits once, also of what two wrote.
        (
            "r(0,1,0,0) w(0,1,1,1) w(5,5,2,2) w(0,1,2,3)",
            ["0 txn r(0=1) 0-1 ok", "1 txn w(0=1) 0-0 ok", "2 txn w(5=5) 0-0 ok", "2 txn w(0=1) 1-1 ok"],
        ),
        # Its own writes a transaction does not wait for, nor writes for others of the same value.
        ("w(0,1,0,0) r(0,1,0,0)", ["0 txn w(0=1) r(0=1) 0-0 ok"]),
        (
            "w(0,1,0,0) w(5,5,1,1) w(0,1,1,2)",
            ["0 txn w(0=1) 0-0 ok", "1 txn w(5=5) 0-0 ok", "1 txn w(0=1) 1-1 ok"],
        ),
        # What was aborted waits for nobody, and what it read counts for nothing.
        (
            "r(0,1,0,-1) w(5,5,1,1) w(0,1,1,2)",
            ["0 txn r(0=None) 0-0 fail", "1 txn w(5=5) 0-0 ok", "1 txn w(0=1) 1-1 ok"],
        ),
    ],
)
def test_a_read_ends_no_earlier_than_what_it_read_began(accesses: str, operations: list[str]) -> None:
    assert told(imported(accesses.replace(" ", "\n"), "plume")) == operations


def test_what_is_not_said_to_have_failed_happened() -> None:
    """Of an event and of a transaction, as dbcop wrote them before 2025."""
    event: dict[str, Any] = {"write": True, "variable": 0, "value": 1}
    transactions: tuple[dict[str, Any], ...] = (
        {"events": [event]},
        {"events": [event | {"success": False}]},
        {"events": [event], "success": False},
        {"events": [event], "success": False, "committed": True},
    )
    assert told(imported(json.dumps([transactions]), "dbcop")) == [
        "0 txn w(0=1) 0-0 ok",
        "0 txn  1-1 ok",
        "0 txn w(0=1) 2-2 fail",
        "0 txn w(0=1) 3-3 fail",
        "0 txn w(0=1) 4-4 ok",
    ]
