"""What reports say of operations and verdicts, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Edge, Operation, Verdict, Violation, check
from checker.report.rows import counted, counts, operations_of, remark, sentences, table_of
from checker.verdict import Account
from tests.checker.literal import c, d, history, r, w

EDGES = (
    Edge(from_=0, to=9, edge="reads-from", reason="9 read it"),
    Edge(from_=9, to=4, edge="session-order", reason="4 came later"),
)
CYCLE = Violation((9, 0), "x", lambda: Account(EDGES, "as it is"))


def test_operations_come_by_index_those_of_the_cycle_too() -> None:
    shuffled = history(
        w(9, "a", "x=1", 40, 50), w(4, "b", "x=2", 20, 30), w(7, "c", "x=3", 0, 5), w(0, "a", "x=4", 0, 10)
    )
    assert [operation.index for operation in operations_of(CYCLE, shuffled)] == [0, 4, 9]


def test_a_sentence_for_each_edge() -> None:
    assert sentences(CYCLE) == ["0 –reads-from→ 9: 9 read it", "9 –session-order→ 4: 4 came later"]


def test_numbers_and_their_nouns() -> None:
    assert [counted(number, "key") for number in (0, 1, 2, 1_234_567)] == [
        "0 keys",
        "1 key",
        "2 keys",
        "1,234,567 keys",
    ]
    report = check(history(w(0, "a", "x=1", 0, 9), w(1, "b", "y=1", 0, None), d(2, "a", "x", 20, 30)))
    assert counts(report) == "3 operations (2 ok, 0 fail, 1 info), 2 sessions, 2 keys"


@pytest.mark.parametrize(
    ("name", "verdict", "said"),
    [
        ("monotonic-writes", Verdict(verdict="violated", violation_count=3), "3 found"),
        (
            "monotonic-writes",
            Verdict(verdict="holds", evidence="inferred"),
            "says little: without positions only a cycle could break it",
        ),
        (
            "writes-follow-reads",
            Verdict(verdict="holds", evidence="inferred"),
            "says little: without positions only a cycle could break it",
        ),
        ("monotonic-reads", Verdict(verdict="holds", evidence="inferred"), ""),
        ("monotonic-writes", Verdict(verdict="holds", evidence="positions"), ""),
        ("monotonic-writes", Verdict(verdict="unknown", evidence="inferred", reason="too much"), "too much"),
        ("causal", Verdict(verdict="violated", reason="seen", violation_count=1), "1 found"),
    ],
)
def test_what_there_is_to_say_of_a_verdict(name: str, verdict: Verdict, said: str) -> None:
    assert remark(name, verdict) == said


HEADING = ["index", "session", "op", "key", "value", "node", "position", "version", "time", "status"]
ROWS: list[tuple[Operation, list[str]]] = [
    (
        w(0, "a", "x=1", 0, 10, node="n1", position=(1, 4)),
        ["0", "a", "write", "x", "1", "n1", "[1,4]", "", "0 ns – 10 ns", "ok"],
    ),
    (
        r(12, "b", "x=null", 20, 30, version=None),
        ["12", "b", "read", "x", "null", "", "", "initial", "20 ns – 30 ns", "ok"],
    ),
    (
        r(13, "b", "x=1", 40, 2_000, version=7),
        ["13", "b", "read", "x", "1", "", "", "7", "40 ns – 2 µs", "ok"],
    ),
    (d(14, "a", "x", 50, None), ["14", "a", "delete", "x", "", "", "", "", "50 ns – …", "info"]),
    (
        c(15, "a", "x=1>2", 60, 70, status="fail", position=0),
        ["15", "a", "cas", "x", "1 → 2", "", "0", "", "60 ns – 70 ns", "fail"],
    ),
    (
        Operation(index=16, session="a", op="txn", start=80, end=90, status="ok", ops=[["r", "x", 1]]),
        ["16", "a", "txn", "", '[["r","x",1]]', "", "", "", "80 ns – 90 ns", "ok"],
    ),
]


def test_a_row_for_each_operation() -> None:
    heading, rows = table_of([operation for operation, _ in ROWS])
    assert (heading, rows) == (HEADING, [cells for _, cells in ROWS])


@pytest.mark.parametrize(("operation", "cells"), ROWS)
def test_what_no_operation_says_has_no_column(operation: Operation, cells: list[str]) -> None:
    heading, rows = table_of([operation])
    said: dict[str, Any] = {name: text for name, text in zip(HEADING, cells, strict=True) if text}
    assert (heading, rows) == (list(said), [list(said.values())])


def test_nothing_has_no_columns() -> None:
    assert table_of([]) == ([], [])
