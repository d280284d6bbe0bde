"""What a verdict by a specification of one's own counts, leaves out and names."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import inf
from typing import Any

import pytest
from msgspec.structs import replace

from checker import Operation, Specification, check_specification, register
from checker.search.deepening import Decision, decide
from checker.search.problem import Problem
from tests.checker.literal import history, r, w


def stale(key: str, first: int) -> tuple[Operation, Operation]:
    """A read that has no order."""
    return (
        w(first, f"a{key}", f"{key}=1", 0, 10),
        r(first + 1, f"a{key}", f"{key}=2", 20, 30),
    )


def by(partition: Hashable) -> Specification:
    """A register that is an object of this name."""
    plain = register()
    return Specification(
        name="named",
        initial=None,
        step=plain.step,
        partition=lambda operation: partition,
        identify=plain.identify,
        effect=plain.effect,
        alike=plain.alike,
    )


def test_violations_are_counted_beyond_the_most_that_are_shown() -> None:
    three = history(*stale("x", 0), *stale("y", 10), *stale("z", 20))
    verdict = check_specification(three, register(), max_violations=2)
    assert [violation.operations for violation in verdict.violations] == [(0, 1), (10, 11)]
    assert (verdict.violation_count, verdict.evidence, verdict.judged) == (3, "inferred", 6)
    assert 0 < verdict.elapsed_s < 60


def test_ten_violations_are_shown_unless_one_says_how_many() -> None:
    many = [operation for at in range(11) for operation in stale(f"x{at}", 10 * at)]
    verdict = check_specification(history(*many), register())
    assert (len(verdict.violations), verdict.violation_count) == (10, 11)


def test_it_may_take_a_minute_and_two_gigabytes_unless_one_says_how_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[tuple[float, int]] = []

    def noted(problems: Sequence[Problem], *, deadline: float, memory: int) -> list[Decision]:
        limits.append((deadline, memory))
        return decide(problems, deadline=inf, memory=memory)

    monkeypatch.setattr("checker.specified.perf_counter", lambda: 100.0)
    monkeypatch.setattr("checker.specified.decide", noted)
    check_specification(history(*stale("x", 0)), register())
    check_specification(history(*stale("x", 0)), register(), time_limit=7.0, memory_limit=400)
    assert limits == [(160.0, 2_000_000_000), (107.0, 400)]


def test_what_holds_is_inferred_and_counts_what_was_answered() -> None:
    """The failed write took no effect, and the open one was not answered."""
    one = history(
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=9", 0, 10, status="fail"),
        w(2, "c", "x=2", 0, None),
        r(3, "a", "x=1", 20, 30),
        r(4, "a", "x=2", 40, 50),
    )
    verdict = check_specification(one, register())
    assert (verdict.verdict, verdict.evidence) == ("holds", "inferred")
    assert (verdict.judged, verdict.ambiguous, verdict.reason) == (3, 0, None)
    assert verdict.elapsed_s > 0


def test_what_failed_explains_nothing() -> None:
    one = history(w(0, "a", "x=9", 0, 10, status="fail"), r(1, "b", "x=9", 20, 30))
    (violation,) = check_specification(one, register()).violations
    assert violation.operations == (1,)


def test_a_file_may_list_operations_in_any_order() -> None:
    one = history(r(0, "b", "x=2", 40, 50), w(1, "a", "x=2", 20, 30), w(2, "a", "x=1", 0, 10))
    assert check_specification(one, register()).verdict == "holds"


def test_what_belongs_to_no_object_is_left_out() -> None:
    transaction = Operation(index=9, session="z", op="txn", ops=[("r", "x", 7)], start=0, end=5, status="ok")
    verdict = check_specification(history(transaction, w(0, "a", "x=1", 0, 10)), register())
    assert (verdict.verdict, verdict.judged) == ("holds", 1)
    verdict = check_specification(history(transaction), register())
    assert (verdict.verdict, verdict.judged, verdict.reason) == ("unknown", 0, "no operation was answered")
    assert verdict.elapsed_s > 0


def test_open_operations_alone_say_nothing() -> None:
    verdict = check_specification(history(w(0, "a", "x=1", 0, None)), register())
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")


def test_a_violation_holds_what_was_invoked_by_its_end_in_the_order_of_index() -> None:
    """Operation 1 was invoked at the moment at which the read ended, operation 0 after it."""
    one = history(
        w(0, "d", "x=4", 31, 40),
        w(1, "c", "x=3", 30, 40),
        w(3, "a", "x=1", 0, 10),
        r(2, "b", "x=2", 20, 30),
    )
    (violation,) = check_specification(one, register()).violations
    assert (violation.operations, violation.key, violation.cycle) == ((1, 2, 3), "x", ())


@pytest.mark.parametrize(
    ("name", "key", "told"), [("shelf", "shelf", "key 'shelf'"), (("shelf", 1), None, "('shelf', 1)")]
)
def test_an_object_with_a_name_that_is_no_text_has_no_key(name: Hashable, key: str | None, told: str) -> None:
    one = history(*stale("x", 0))
    (violation,) = check_specification(one, by(name)).violations
    assert violation.key == key
    verdict = check_specification(one, by(name), time_limit=0.0)
    assert verdict.reason == (
        f"the time for {told} ran out: 0 of its 2 operations were linearized, in 1 configurations"
    )
    assert verdict.elapsed_s > 0


def _log_step(state: tuple[Any, ...], operation: Operation) -> tuple[bool, tuple[Any, ...]]:
    if operation.op == "read":
        return operation.value == list(state), state
    return True, (*state, operation.value)


LOG = Specification(name="log", initial=(), step=_log_step)


def test_what_was_left_open_is_counted_beside_what_was_found() -> None:
    """Eight writes at a time have too many orders for so little memory; the first such object is named."""
    many = [w(at, f"{key}{at}", f"{key}={at}", 0, 10) for key in ("x", "y") for at in range(8)]
    many = [replace(operation, index=at) for at, operation in enumerate(many)]
    wrong = (w(90, "p", "a=1", 0, 10), r(91, "p", "a=[2]", 20, 30))
    right = (w(90, "p", "a=1", 0, 10), r(91, "p", "a=[1]", 20, 30))
    verdict = check_specification(history(*many, *wrong), LOG, memory_limit=400)
    assert [violation.operations for violation in verdict.violations] == [(90, 91)]
    assert (verdict.judged, verdict.ambiguous) == (2, 16)
    verdict = check_specification(history(*many, *right), LOG, memory_limit=400)
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 2, 16)
    assert (verdict.reason or "").startswith("the memory for key 'x' ran out: 0 of its 8 operations ")
    assert verdict.reason_code == "budget"
