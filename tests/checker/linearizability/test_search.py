"""The search: exact against all orders tried, under both bounds, with few operations to show for it."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import History, Operation, check
from checker.explain.stuck import tell_stuck
from checker.search.budget import Meter
from checker.search.deepening import decide
from checker.search.problem import pose
from checker.search.search import Search
from tests.checker.literal import c, d, history, r, w
from tests.checker.registers import has_order, posed, register_of, registers

SETTINGS = settings(
    max_examples=600,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def a(index: int, session: str, text: str, start: int, end: int | None) -> Operation:
    """An append, `key=item`."""
    write = w(index, session, text, start, end)
    return Operation(
        index=index,
        session=session,
        op="append",
        key=write.key,
        value=write.value,
        start=start,
        end=end,
        status=write.status,
    )


def judged(*operations: Operation, **limits: Any) -> Any:
    return check(history(*operations), ["linearizable"], **limits).guarantees["linearizable"]


@given(registers())
@SETTINGS
def test_the_verdict_is_whether_there_is_an_order(operations: list[Operation]) -> None:
    verdict = check(History.from_operations(operations), ["linearizable"]).guarantees["linearizable"]
    if any(o.status == "ok" and o.op in ("read", "cas") for o in operations):
        assert verdict.verdict == ("holds" if has_order(operations) else "violated")
    else:
        assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")


@given(registers())
@SETTINGS
def test_a_witness_has_no_order_whatever_joins_it_and_is_explained(operations: list[Operation]) -> None:
    """It proves that the whole has none: nothing that it leaves out could have made an order of it."""
    for violation in (
        check(History.from_operations(operations), ["linearizable"]).guarantees["linearizable"].violations
    ):
        part = [o for o in operations if o.index in violation.operations]
        others = [o for o in operations if o not in part and o.status != "fail"]
        assert part
        for count in range(3):
            assert not any(has_order([*part, *more]) for more in combinations(others, count))
        assert violation.explanation.startswith("Let ")
        assert violation.explanation.endswith(": a contradiction.")


@pytest.mark.parametrize("width", [1, 2, 1_000])
@given(operations=registers(), forgetful=st.booleans())
@SETTINGS
def test_bounds_are_on_the_right_side(width: int, operations: list[Operation], forgetful: bool) -> None:
    live = sorted(
        (o for o in operations if o.status == "ok" or (o.status == "info" and o.op != "read")),
        key=lambda operation: operation.start,
    )
    problem = posed(live) if forgetful else pose(register_of(live), live)
    answers = [
        Search(problem, Meter(), width=width, bound="under").run().answer,
        Search(problem, Meter(), width=width, bound="over").run().answer,
    ]
    right = "fits" if has_order(operations) else "stuck"
    assert set(answers) <= {right, "open"}
    if width == 1_000:
        assert answers == [right, right]


STUCK = {
    "repeated values": (
        (
            w(0, "a", "x=1", 0, 10),
            w(1, "b", "x=2", 0, 10),
            w(2, "c", "x=1", 20, 60),
            r(3, "d", "x=2", 30, 40),
            r(4, "e", "x=1", 42, 45),
            r(5, "e", "x=2", 46, 50),
        ),
        (0, 1, 2, 4, 5),
        "Let r = operation 5 (e reads 2 from x). Then what had to take effect before r ended, at 50 ns, has"
        " an order without r. But wherever r may stand among them, x is 1 (after operations 1, 0 and 4), and"
        " r found 2: a contradiction.",
    ),
    "appends": (
        (a(0, "a", "x=1", 0, 10), a(1, "b", "x=2", 20, 30), r(2, "c", "x=[2]", 40, 50)),
        (0, 2),
        "Let r = operation 2 (c reads [2] from x). Then what had to take effect before r ended, at 50 ns,"
        " has an order without r. (Of what was read, only what these operations wrote or appended is looked"
        " at.) But wherever r may stand among them, x is [1] (after operation 0), and r found null: a"
        " contradiction.",
    ),
    "appends of one item": (
        (a(0, "a", "x=1", 0, 10), a(1, "b", "x=1", 20, 30), r(2, "c", "x=[1]", 40, 50)),
        (0, 1, 2),
        "Let r = operation 2 (c reads [1] from x). Then what had to take effect before r ended, at 50 ns,"
        " has an order without r. But wherever r may stand among them, x is [1,1] (after operations 0 and 1),"
        " and r found [1]: a contradiction.",
    ),
    "a refused append": (
        (w(0, "a", "x=5", 0, 10), a(1, "b", "x=2", 20, 30), r(2, "c", "x=5", 40, 50)),
        (0, 1),
        "Let a = operation 1 (b appends 2 to x). Then what had to take effect before a ended, at 30 ns, has"
        " an order without a. But wherever a may stand among them, x is 5 (after operation 0), and a is not"
        " allowed there: a contradiction.",
    ),
    "a compare-and-set too many": (
        (
            w(0, "a", "x=1", 0, 10),
            w(1, "b", "x=1", 5, 15),
            c(2, "a", "x=1>2", 20, 40),
            c(3, "b", "x=1>2", 20, 50),
            r(4, "c", "x=2", 60, 70),
        ),
        (0, 1, 2, 3),
        "Let c = operation 3 (b replaces 1 by 2 in x). Then what had to take effect before c ended, at 50"
        " ns, has an order without c. But wherever c may stand among them, x is 1 (after operations 0 and 1)"
        " or 2 (after operations 0, 1 and 2); and where c could take effect, others could not after it: a"
        " contradiction.",
    ),
    "a string": (
        (a(0, "a", 'x="a"', 0, 10), a(1, "b", 'x="a"', 0, 10), r(2, "c", 'x="a"', 20, 30)),
        (0, 1, 2),
        'Let r = operation 2 (c reads "a" from x). Then what had to take effect before r ended, at 30 ns, has'
        ' an order without r. But wherever r may stand among them, x is "aa" (after operations 0 and 1), and'
        ' r found "a": a contradiction.',
    ),
}


@pytest.mark.parametrize("name", STUCK)
def test_what_is_stuck_and_why(name: str) -> None:
    operations, shown, explanation = STUCK[name]
    (violation,) = judged(*operations).violations
    assert violation.operations == shown
    assert violation.explanation == explanation


def test_a_string_is_joined_to_a_string() -> None:
    ab = (a(0, "a", 'x="a"', 0, 10), a(1, "a", 'x="b"', 20, 30))
    assert judged(*ab, r(2, "b", 'x="ab"', 40, 50)).verdict == "holds"
    assert judged(*ab, r(2, "b", 'x=["a","b"]', 40, 50)).verdict == "holds"
    assert judged(*ab, r(2, "b", 'x="ba"', 40, 50)).verdict == "violated"
    assert judged(d(2, "c", "x", 5, 25), *ab, r(3, "b", 'x="b"', 40, 50)).verdict == "holds"


def test_lists_that_tell_the_order_need_no_search() -> None:
    seen = r(9, "c", "x=[1]", 40, 50)
    unseen = [a(index, f"s{index}", f"x={index}", 45, 60 + index) for index in range(2, 6)]
    assert judged(a(1, "a", "x=1", 0, 10), *unseen, seen).verdict == "holds"
    late = a(6, "d", "x=6", 20, 30)
    verdict = judged(a(1, "a", "x=1", 0, 10), late, *unseen, seen)
    assert [violation.operations for violation in verdict.violations] == [(6, 9)]


def test_open_operations_are_taken_or_left_and_each_once() -> None:
    open_ones = [w(0, "a", "x=1", 0, None), c(1, "b", "x=1>2", 0, None)]
    reads = [r(2, "c", "x=2", 10, 20), r(3, "c", "x=1", 30, 40), r(4, "c", "x=null", 50, 60)]
    assert judged(*open_ones, w(5, "d", "x=2", 0, 5), reads[0], reads[1]).verdict == "holds"
    assert (
        judged(*open_ones, w(5, "d", "x=2", 0, 5), reads[0], reads[1], r(6, "c", "x=2", 45, 48)).verdict
        == "holds"
    )
    assert judged(*open_ones, w(5, "d", "x=2", 0, 5), *reads).verdict == "violated"


def hard(key: str) -> list[Operation]:
    """Compare-and-sets along a walk through a few values, all at once, and a read of where it did not end."""
    chance, steps, at = Random(0), [], 0
    for _ in range(40):
        steps.append((at, at := chance.randrange(6)))
    chance.shuffle(steps)
    swaps = [
        c(index, f"{key}{index}", f"{key}={expected}>{value}", 20, 1_000 + index)
        for index, (expected, value) in enumerate(steps)
    ]
    false = (at + 1) % 6
    return [
        w(40, f"{key}w", f"{key}=0", 0, 10),
        *swaps,
        r(41, f"{key}r", f"{key}={false}", 2_000, 2_010),
    ]


def test_a_budget_that_runs_out_says_how_far_it_got_and_hides_nothing() -> None:
    beside = [
        w(90, "p", "z=1", 0, 10),
        w(91, "q", "z=1", 0, 10),
        w(93, "q", "z=2", 20, 30),
        r(92, "p", "z=1", 40, 50),
    ]
    unknown = judged(*hard("x"), time_limit=0.3)
    assert (unknown.verdict, unknown.reason_code, unknown.ambiguous) == ("unknown", "budget", 41)
    assert re.fullmatch(
        r"the time for key 'x' ran out: \d+ of its 42 operations were linearized, in \d+ configurations",
        unknown.reason,
    )
    both = judged(*hard("x"), *beside, time_limit=0.3)
    assert [violation.key for violation in both.violations] == ["z"]
    assert (both.judged, both.ambiguous) == (1, 41)


def test_what_starts_at_one_time_under_another_key_replaces_nothing() -> None:
    other = w(0, "o", "x=1", 20, 30)
    repeated = [w(1, "p", "z=1", 0, 10), w(2, "q", "z=1", 0, 10), w(3, "q", "z=2", 20, 30)]
    (violation,) = judged(other, r(5, "o", "x=1", 40, 50), *repeated, r(4, "p", "z=1", 40, 50)).violations
    assert (violation.key, violation.operations) == ("z", (1, 2, 3, 4))


def test_memory_is_a_budget_too() -> None:
    problems = [posed(hard("x"))]
    (decision,) = decide(problems, deadline=perf_counter() + 60, memory=100_000)
    assert (decision.answer, decision.why) == ("open", "memory")


def test_too_many_orders_are_not_written_out() -> None:
    writes = [w(index, f"s{index}", f"x={index % 2}", 0, 10) for index in range(18)]
    read = r(18, "r", "x=2", 20, 30)
    assert tell_stuck(register_of([read]), [*writes, read], 18) == (
        "Let r = operation 18 (r reads 2 from x). Then what had to take effect before r ended, at 30 ns, has"
        " an order without r. But none of their orders leaves a place for r: a contradiction."
    )
