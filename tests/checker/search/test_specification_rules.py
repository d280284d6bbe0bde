"""What a specification is where little was said of it, and what a conflict holds."""

from __future__ import annotations

from typing import Any

from checker import Operation, Specification
from checker.linearizability.conflict import Conflict
from tests.checker.literal import w


def test_objects_are_keys_and_nothing_is_promised() -> None:
    plain = Specification(name="plain", initial=None, step=lambda state, operation: (True, state))
    write = w(0, "s", "x=1", 0, 10)
    assert (plain.partition(write), plain.effect(write)) == ("x", "depends")
    assert plain.identify([1]) == plain.identify([1.0])


def test_operations_are_alike_that_say_the_same_but_for_their_times() -> None:
    alike = Specification(name="plain", initial=None, step=lambda state, operation: (True, state)).alike

    def write(**fields: Any) -> Operation:
        return w(0, "s", "x=1", 0, 10, node="n", position=3, **fields)

    one = alike(write())
    assert one == alike(w(5, "s", "x=1.0", 2, 20, node="n", position=3))
    for other in (
        w(0, "t", "x=1", 0, 10, node="n", position=3),
        w(0, "s", "x=2", 0, 10, node="n", position=3),
        w(0, "s", "y=1", 0, 10, node="n", position=3),
        w(0, "s", "x=1", 0, 10, node="m", position=3),
        w(0, "s", "x=1", 0, 10, node="n"),
        write(extra={"zone": "a"}),
        write(status="info"),
    ):
        assert alike(other) != one
    assert alike(write(extra={"zone": "a"})) != alike(write(extra={"zone": "b"}))


def test_a_conflict_holds_each_row_once_and_not_that_of_the_initial_version() -> None:
    conflict = Conflict(9, "blocks", ((4, 9), (2, 4)), proofs=(7,), replacing=(2, 1))
    assert conflict.rows == (1, 2, 4, 7)
