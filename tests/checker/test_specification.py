"""Specifications of one's own: a bank, a queue and a lock; and the example that explains the function."""

from __future__ import annotations

import doctest
from typing import Any

import pytest

import checker.specified
from checker import Operation, Specification, check_specification, register
from tests.checker.literal import history, r, w


def op(
    index: int, session: str, name: Any, value: Any, start: int, end: int | None, **fields: Any
) -> Operation:
    status: Any = "info" if end is None else "ok"
    return Operation(
        index=index,
        session=session,
        op=name,
        key="x",
        value=value,
        start=start,
        end=end,
        status=status,
        **fields,
    )


def _queue_step(state: tuple[Any, ...], operation: Operation) -> tuple[bool, tuple[Any, ...]]:
    """A write enqueues, a delete of a value dequeues it."""
    if operation.op == "write":
        return True, (*state, operation.value)
    if operation.status == "info":
        return True, state[1:]
    return bool(state) and state[0] == operation.value, state[1:]


QUEUE = Specification(name="queue", initial=(), step=_queue_step)


def _bank_step(state: dict[str, int], operation: Operation) -> tuple[bool, dict[str, int]]:
    """An append moves money between accounts, a read returns all balances."""
    if operation.op == "read":
        return operation.value == state, state
    source, target, amount = operation.value
    left = {**state, source: state[source] - amount, target: state[target] + amount}
    return left[source] >= 0, left


BANK = Specification(
    name="bank",
    initial={"a": 10, "b": 0},
    step=_bank_step,
    partition=lambda operation: "bank",
    effect=lambda operation: "observes" if operation.op == "read" else "depends",
)


def _lock_step(state: str | None, operation: Operation) -> tuple[bool, str | None]:
    if operation.op == "write":
        return state is None, operation.session
    return state == operation.session, None


LOCK = Specification(name="lock", initial=None, step=_lock_step)


def test_the_example_of_the_docstring() -> None:
    done = doctest.testmod(checker.specified)
    assert (done.failed, done.attempted) == (0, 7)


def test_a_queue_is_first_in_first_out() -> None:
    one, two = op(0, "a", "write", 1, 0, 10), op(1, "a", "write", 2, 20, 30)
    fits = history(one, two, op(2, "b", "delete", 1, 25, 40), op(3, "c", "delete", 2, 35, 50))
    assert check_specification(fits, QUEUE).verdict == "holds"
    verdict = check_specification(history(one, two, op(2, "b", "delete", 2, 40, 50)), QUEUE)
    assert (verdict.verdict, verdict.judged, verdict.violation_count) == ("violated", 3, 1)
    assert verdict.violations[0].operations == (0, 1, 2)
    assert verdict.violations[0].explanation == (
        "Let d = operation 2 (b deletes x). Then what had to take effect before d ended, at 50 ns, has an "
        "order without d. But wherever d may stand among them, x is [1,2] (after operations 0 and 1), and d "
        "is not allowed there: a contradiction."
    )


def test_an_open_operation_may_have_taken_effect_or_not() -> None:
    one = op(0, "a", "write", 1, 0, 10)
    open_one = op(1, "b", "delete", None, 20, None)
    for left in (op(2, "c", "write", 2, 30, 40), op(2, "c", "delete", 1, 30, 40)):
        assert check_specification(history(one, open_one, left), QUEUE).verdict == "holds"
    twice = history(one, open_one, op(2, "c", "delete", 1, 30, 40), op(3, "c", "delete", 1, 50, 60))
    assert check_specification(twice, QUEUE).verdict == "violated"


def test_a_bank_is_one_object_whatever_the_keys() -> None:
    moved = op(0, "a", "append", ["a", "b", 4], 0, 10)
    good = history(moved, op(1, "b", "read", {"a": 6, "b": 4}, 5, 20))
    assert check_specification(good, BANK).verdict == "holds"
    torn = history(moved, op(1, "b", "read", {"a": 6, "b": 0}, 5, 20))
    assert check_specification(torn, BANK).verdict == "violated"
    broke = history(moved, op(1, "b", "append", ["a", "b", 7], 5, 20))
    assert check_specification(broke, BANK).verdict == "violated"


def test_a_step_may_look_at_the_session() -> None:
    taken = op(0, "a", "write", None, 0, 10)
    assert check_specification(history(taken, op(1, "a", "delete", None, 20, 30)), LOCK).verdict == "holds"
    verdict = check_specification(history(taken, op(1, "b", "delete", None, 20, 30)), LOCK)
    assert verdict.violations[0].explanation.endswith(
        'x is "a" (after operation 0), and d is not allowed there: a contradiction.'
    )


def test_each_object_is_judged_alone() -> None:
    two = history(
        w(0, "a", "x=1", 0, 10), r(1, "a", "x=2", 20, 30), w(2, "b", "y=1", 0, 10), r(3, "b", "y=1", 20, 30)
    )
    verdict = check_specification(two, register())
    assert [violation.key for violation in verdict.violations] == ["x"]
    assert (verdict.judged, verdict.violation_count) == (4, 1)


@pytest.mark.parametrize("limit", [{"time_limit": 0.0}, {"memory_limit": 0}])
def test_what_there_is_no_room_for_is_unknown(limit: dict[str, Any]) -> None:
    several = history(*(op(index, f"s{index}", "write", index, 0, 10) for index in range(6)))
    verdict = check_specification(several, QUEUE, **limit)
    assert (verdict.verdict, verdict.reason_code, verdict.ambiguous) == ("unknown", "budget", 6)
    what = next(iter(limit)).removesuffix("_limit")
    assert verdict.reason == (
        f"the {what} for key 'x' ran out: 0 of its 6 operations were linearized, in 1 configurations"
    )


def test_nothing_to_judge_is_unknown() -> None:
    verdict = check_specification(history(), QUEUE)
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")
