"""The argument that an operation has no place, word for word."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pytest

from checker import Operation, Specification, check
from checker.explain.stuck import tell_stuck
from checker.sequential.registers import registers
from tests.checker.literal import a, c, d, history, r, t, w
from tests.checker.registers import register_of


def told(*operations: Operation, specification: Specification | None = None) -> str:
    """The argument that the last operation has no place, from "But" on."""
    text = tell_stuck(specification or register_of(operations), operations, len(operations) - 1)
    return text[text.index("But ") :]


def never(
    initial: Any, leaves: Callable[[Any, Operation], Any], identify: Callable[[Any], Hashable] = repr
) -> Specification:
    """An object that allows writes and nothing else."""
    return Specification(
        name="never",
        initial=initial,
        step=lambda state, operation: (operation.op == "write", leaves(state, operation)),
        identify=identify,
    )


def test_a_read_at_first() -> None:
    assert tell_stuck(register_of([]), [r(4, "a", "x=1", 0, 1_500)], 0) == (
        "Let r = operation 4 (a reads 1 from x). Then what had to take effect before r ended, at 1.5 µs, has "
        "an order without r. But wherever r may stand among them, x is null (at first), and r found 1: "
        "a contradiction."
    )


def test_each_kind_has_its_letter_and_its_reason() -> None:
    first = w(0, "a", "x=1", 0, 10)
    assert told(first, c(1, "a", "x=2>3", 20, 30)) == (
        "But wherever c may stand among them, x is 1 (after operation 0), and c found 2: a contradiction."
    )
    two = told(first, w(1, "a", "x=5", 12, 15), r(2, "a", "x=2", 20, 30))
    assert "x is 5 (after operations 0 and 1), and r found 2" in two
    log = never((), lambda state, operation: (*state, operation.value))
    for operation, letter in (
        (d(1, "b", "x", 20, 30), "d"),
        (Operation(index=1, session="b", op="append", key="x", start=20, end=30, status="ok"), "a"),
    ):
        assert told(first, operation, specification=log) == (
            f"But wherever {letter} may stand among them, x is [1] (after operation 0), and {letter} is not "
            "allowed there: a contradiction."
        )
    transaction = Operation(index=1, session="b", op="txn", ops=[], start=20, end=30, status="ok")
    assert told(first, transaction, specification=log) == (
        "But wherever o may stand among them, the state is [1] (after operation 0), and o is not allowed "
        "there: a contradiction."
    )
    assert told(first, t(1, "b", "y:=1 x=2", 20, 30), specification=log) == (
        "But wherever o may stand among them, the state is [1] (after operation 0), and o found something "
        "else: a contradiction."
    )
    several = registers({})
    assert "the state is {} (at first), and r found 1" in told(
        r(0, "b", "x=1", 20, 30), specification=several
    )
    refused = never((), lambda state, operation: state)
    odd = Specification(name="odd", initial=(), step=lambda state, operation: (False, state))
    assert told(w(1, "b", "x=1", 20, 30), specification=odd).startswith("But wherever w may stand ")
    assert "[] (at first)" in told(d(1, "b", "x", 20, 30), specification=refused)


@pytest.mark.parametrize(
    ("writes", "rest"),
    [(4, " or 3 (after operation 3)"), (5, ", 3 (after operation 3) or 1 more"), (6, " or 2 more")],
)
def test_five_states_are_shown(writes: int, rest: str) -> None:
    operations = [w(at, f"s{at}", f"x={at}", 0, 10) for at in range(writes)]
    text = told(*operations, r(9, "a", "x=7", 0, 20))
    assert text.startswith(
        "But wherever r may stand among them, x is null (at first), 0 (after operation 0), "
    )
    assert text.endswith(f"{rest}, and r found 7: a contradiction.")
    assert text.count("(") == 5


def test_a_state_that_is_no_json_is_told_in_the_words_of_python() -> None:
    strange = never(1j, lambda state, operation: state)
    assert "x is 1j (at first)" in told(d(0, "b", "x", 20, 30), specification=strange)
    long = never({(1, 2): "y" * 60}, lambda state, operation: state)
    assert f"x is {{(1, 2): '{'y' * 14}…{'y' * 10}'}} (at first)" in told(
        d(0, "b", "x", 20, 30), specification=long
    )


def test_a_state_that_is_a_set_is_told_in_one_order() -> None:
    """Python goes through this one with 8 first, and through sets of texts by the hash seed."""
    names = frozenset(["one", "two", "three", "four", "five"])
    for state, text in (
        (frozenset([8, 1]), "[1,8]"),
        (names, '["five","four","one","three","two"]'),
    ):
        a_set = never(state, lambda state, operation: state)
        assert f"x is {text} (at first)" in told(d(0, "b", "x", 20, 30), specification=a_set)


def test_what_others_appended_is_not_spoken_of() -> None:
    """Of operations 0, 1 and 2, the first is enough: it had appended 1 to `y` before."""
    appends = [t(at, "a", f"x+={at} y+={at + 1}", 10 * at, 10 * at + 5) for at in range(3)]
    one = history(*appends, t(3, "b", "x=[0,1,2] y=[1,2]", 40, 50))
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert violation.operations == (2, 3)
    assert violation.explanation == (
        "Let o = operation 3 (b reads [0,1,2] from x and reads [1,2] from y in one transaction). Then what "
        "had to take effect before o ended, at 50 ns, has an order without o. (Of what was read, only what "
        "these operations wrote or appended is looked at.) But wherever o may stand among them, the state is "
        '{"x":[2],"y":[3]} (after operation 2), and o found something else: a contradiction.'
    )


def test_where_nobody_else_appended_nothing_is_said_of_it() -> None:
    one = history(t(0, "a", "x+=1 y+=1", 0, 10), t(1, "b", "x=[1] y=null", 20, 30))
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert "(Of what was read" not in violation.explanation
    assert violation.operations == (0, 1)


def test_a_transaction_that_only_writes_is_not_allowed() -> None:
    refusing = never((), lambda state, operation: (*state, operation.value))
    assert told(w(0, "a", "x=1", 0, 10), t(1, "b", "y:=1 x+=2", 20, 30), specification=refusing).endswith(
        "and o is not allowed there: a contradiction."
    )


def test_of_one_list_that_is_cut_it_is_said() -> None:
    """Operation 2, an append of its own, stays as it was."""
    appends = [a(at, "a", f"x={at}", 10 * at, 10 * at + 5) for at in range(3)]
    one = history(*appends, t(3, "b", "x=[0,1]", 40, 50))
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert violation.operations == (2, 3)
    assert "(Of what was read, " in violation.explanation
