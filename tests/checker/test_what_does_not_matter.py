"""What makes no difference to any verdict: names, the unit and the beginning of time, the order of the lines,
and operations that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from msgspec import structs

from checker import History, Operation, Staleness, check
from tests.checker.battery.families import FAMILIES, history

Found = dict[str, tuple[object, ...]]
NUMBERS = range(200, 206)


def found(whole: History, operations: list[Operation], *, patience: int = 15) -> Found:
    """What is judged of some operations with the header of a history, without the words."""
    one = History.from_operations(operations, header=whole.header)
    report = check(one, staleness=Staleness(patience, "ns"))
    return {
        name: (judged.verdict, judged.judged, judged.ambiguous, judged.violation_count, judged.evidence)
        for name, judged in report.guarantees.items()
    }


def shuffled(operations: list[Operation]) -> list[Operation]:
    lines = list(operations)
    Random(len(lines)).shuffle(lines)
    return lines


def renamed(operations: list[Operation]) -> list[Operation]:
    return [
        structs.replace(
            one,
            session=f"session {one.session}",
            key=one.key and f"key {one.key}",
            ops=one.ops and [[word, f"key {key}", value] for word, key, value in one.ops],
        )
        for one in operations
    ]


def with_idle_ones(operations: list[Operation]) -> list[Operation]:
    """A write that failed, and a read that nobody answered, of a key that others use."""
    key = next((one.key for one in operations if one.key), "k")
    more = max(one.index for one in operations) + 1
    failed = Operation(
        index=more, session="x", op="write", key=key, value="unseen", start=5, end=9, status="fail"
    )
    silent = Operation(index=more + 1, session="x", op="read", key=key, start=15, end=None, status="info")
    return [*operations, failed, silent]


@pytest.mark.parametrize("change", [shuffled, renamed, with_idle_ones])
@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_what_makes_no_difference(name: str, change: Callable[[list[Operation]], list[Operation]]) -> None:
    for number in NUMBERS:
        whole = history(FAMILIES[name], number)
        assert found(whole, change(whole.operations)) == found(whole, whole.operations), number


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_nor_does_the_unit_of_time(name: str) -> None:
    for number in NUMBERS:
        whole = history(FAMILIES[name], number)
        later = [
            structs.replace(
                one, start=3 * one.start - 1_000, end=None if one.end is None else 3 * one.end - 1_000
            )
            for one in whole.operations
        ]
        assert found(whole, later, patience=45) == found(whole, whole.operations), number
