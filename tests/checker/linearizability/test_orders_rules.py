"""The states that an operation may find, with a shortest order to each."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Operation, Specification, register
from checker.linearizability import orders
from checker.linearizability.orders import states_around
from tests.checker.literal import c, r, w


def around(*operations: Operation, stuck: int = -1) -> list[tuple[Any, tuple[int, ...]]] | None:
    """The states that one operation, the last one if not said, may find."""
    return states_around(register(), operations, stuck % len(operations))


def test_shortest_orders_come_first() -> None:
    """Numbers, not indices: the two writes are concurrent with the read."""
    found = around(w(7, "a", "x=1", 0, 50), w(8, "b", "x=2", 0, 50), r(9, "c", "x=5", 0, 20))
    assert found == [(None, ()), (1, (0,)), (2, (1,))]


def test_what_ended_before_must_have_taken_effect() -> None:
    """At the moment at which another one ends, two still overlap."""
    assert around(w(0, "a", "x=1", 0, 10), r(1, "b", "x=5", 20, 30)) == [(1, (0,))]
    assert around(w(0, "a", "x=1", 0, 20), r(1, "b", "x=5", 20, 30)) == [(None, ()), (1, (0,))]
    two = (w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 25))
    assert around(*two, r(2, "b", "x=5", 30, 40)) == [(2, (0, 1))]
    assert around(*two, r(2, "b", "x=5", 15, 40)) == [(1, (0,)), (2, (0, 1))]


def test_what_is_invoked_only_after_its_end_is_left_out() -> None:
    assert around(r(0, "b", "x=5", 0, 30), w(1, "a", "x=1", 30, 40), stuck=0) == [(None, ()), (1, (1,))]
    assert around(r(0, "b", "x=5", 0, 30), w(1, "a", "x=1", 31, 40), stuck=0) == [(None, ())]


def test_what_failed_and_open_reads_say_nothing() -> None:
    left_out = (w(0, "a", "x=1", 0, 10, status="fail"), r(1, "b", "x=7", 0, None))
    assert around(*left_out, r(2, "c", "x=5", 20, 30)) == [(None, ())]
    assert around(w(0, "a", "x=1", 0, None), r(1, "c", "x=5", 20, 30)) == [(None, ()), (1, (0,))]
    assert around(w(0, "a", "x=1", 0, 10), w(1, "c", "x=5", 20, None)) == [(1, (0,))]
    unknown = w(0, "a", "x=1", 0, 10, status="info")
    assert around(unknown, r(1, "c", "x=5", 20, 30)) == [(None, ()), (1, (0,))]


def test_a_state_counts_only_where_the_rest_can_still_take_effect() -> None:
    """The compare-and-set, which is over first, is possible at 1 alone, so 2 was not yet."""
    found = around(
        w(0, "a", "x=1", 0, 10),
        c(1, "b", "x=1>3", 20, 30),
        w(2, "c", "x=2", 20, 60),
        r(3, "d", "x=9", 20, 50),
    )
    assert found == [(1, (0,)), (3, (0, 1)), (2, (0, 1, 2))]
    together = (w(0, "a", "x=1", 0, 10), c(1, "b", "x=7>3", 20, 50), r(3, "d", "x=9", 20, 50))
    assert around(*together) == [(1, (0,))]
    refused = around(w(0, "a", "x=1", 0, 10), c(1, "b", "x=7>3", 20, 30), r(3, "d", "x=9", 20, 50))
    assert refused == []


def test_a_state_is_identified_as_its_specification_says() -> None:
    parity = Specification(
        name="parity",
        initial=0,
        step=lambda state, operation: (True, state + 1),
        identify=lambda state: state % 2,
    )
    writes = [w(at, f"s{at}", "x=1", 0, 50) for at in range(3)]
    assert states_around(parity, [*writes, r(9, "d", "x=9", 0, 50)], 3) == [(0, ()), (1, (0,))]


@pytest.mark.parametrize(("writes", "known"), [(3, True), (4, False)])
def test_too_many_operations_are_not_tried(monkeypatch: pytest.MonkeyPatch, writes: int, known: bool) -> None:
    monkeypatch.setattr(orders, "_MOST_OPERATIONS", 3)
    operations = [w(at, f"s{at}", "x=1", 0, 5) for at in range(writes)]
    silent = (r(7, "e", "x=0", 0, None), w(8, "f", "x=8", 0, 5, status="fail"))
    assert (around(*operations, *silent, r(9, "d", "x=9", 10, 20)) is not None) == known


@pytest.mark.parametrize(("most", "known"), [(4, True), (3, False)])
def test_too_many_orders_are_not_tried(monkeypatch: pytest.MonkeyPatch, most: int, known: bool) -> None:
    """One state and set of operations after the other: none, either write, both."""
    monkeypatch.setattr(orders, "_MOST", most)
    writes = (w(0, "a", "x=1", 0, 5), w(1, "b", "x=1", 0, 5))
    assert (around(*writes, r(9, "d", "x=9", 10, 20)) is not None) == known
