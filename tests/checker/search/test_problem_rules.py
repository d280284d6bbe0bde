"""A problem in whole numbers: events, classes, and what a machine knows of states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker import Operation, Specification, register
from checker.history.columns import FOREVER
from checker.search.problem import REFUSED, Horizon, pose
from checker.search.specification import Effect
from tests.checker.literal import c, d, r, w


def test_events_are_in_the_order_of_time_invocations_first() -> None:
    """Operation 1 is invoked at the moment at which operation 0 returns, so they overlap; 2 is open."""
    operations = [w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 10, 30), w(2, "c", "x=1", 20, None)]
    problem = pose(register(), operations)
    assert problem.events == [0, 1, ~0, 2, ~1]
    assert problem.returns == [2, 4, FOREVER]
    assert problem.kinds == [0, 1, 0]
    assert problem.machine.effects == ["overwrites", "observes"]


def test_what_takes_no_time_returns_after_all_that_is_invoked_then() -> None:
    problem = pose(register(), [w(0, "a", "x=1", 5, 5), w(1, "b", "x=2", 5, 5)])
    assert problem.events == [0, 1, ~0, ~1]


def _counter(asked: list[tuple[Any, Any]]) -> Specification:
    """Writes add to a sum modulo 4, deletes are refused; notes what it is asked."""

    def step(state: int, operation: Operation) -> tuple[bool, int]:
        asked.append((state, operation.index))
        return operation.op == "write", (state + (operation.value or 0)) % 4

    def effect(operation: Operation) -> Effect:
        return "overwrites" if operation.op == "read" else "depends"

    return Specification(name="counter", initial=0, step=step, effect=effect)


def test_each_step_is_asked_for_once_of_the_first_of_a_class() -> None:
    asked: list[tuple[Any, Any]] = []
    machine = pose(_counter(asked), [w(7, "a", "x=1", 0, 1), d(8, "a", "x", 2, 3)]).machine
    one = machine.step(0, machine.initial)
    assert (machine.states, machine.initial, one) == ([0, 1], 0, 1)
    assert machine.step(0, machine.initial) == one
    assert machine.step(1, machine.initial) == REFUSED
    assert machine.step(1, machine.initial) == REFUSED
    assert asked == [(0, 7), (0, 8)]
    assert [machine.number(1), machine.number(3), machine.number(3)] == [1, 2, 2]


def test_without_a_horizon_nothing_is_forgotten() -> None:
    machine = pose(_counter([]), [w(0, "a", "x=1", 0, 1)]).machine
    assert (machine.until, machine.forgotten) == ([FOREVER], [0])
    assert machine.at(0, FOREVER) == 0
    assert not machine.stands_in(0)


def _even(operations: Sequence[Operation], returns: Sequence[int]) -> Horizon:
    """Every state matters until the event of the last return, and then its parity does."""
    return Horizon(until=lambda state: max(returns), forget=lambda state: state % 2)


def test_a_state_is_forgotten_after_the_last_event_at_which_it_matters() -> None:
    machine = pose(_counter([]), [w(0, "a", "x=3", 0, 1)], horizon=_even).machine
    three = machine.step(0, machine.initial)
    assert machine.states == [0, 3, 1]
    assert [machine.at(three, event) for event in (0, 1, 2)] == [three, three, 2]
    assert machine.at(REFUSED, 99) == REFUSED < 0
    assert [machine.stands_in(state) for state in (0, three, 2)] == [True, False, True]


def test_the_initial_state_is_forgotten_like_others() -> None:
    def horizon(operations: Sequence[Operation], returns: Sequence[int]) -> Horizon:
        return Horizon(until=lambda state: 1, forget=lambda state: 3)

    machine = pose(_counter([]), [w(0, "a", "x=1", 0, 1)], horizon=horizon).machine
    assert machine.states[machine.at(machine.initial, 2)] == 3


def test_a_state_is_barren_where_only_what_overwrites_it_is_allowed() -> None:
    machine = pose(_counter([]), [r(0, "a", "x=1", 0, 1), d(1, "a", "x", 2, 3)]).machine
    assert machine.is_barren(machine.initial)
    machine = pose(_counter([]), [r(0, "a", "x=1", 0, 1), w(1, "a", "x=1", 2, 3)]).machine
    assert not machine.is_barren(machine.initial)
    machine = pose(register(), [c(0, "a", "x=2>3", 0, 1), w(1, "a", "x=2", 0, 1)]).machine
    assert machine.is_barren(machine.initial)
    assert not machine.is_barren(machine.step(1, machine.initial))
