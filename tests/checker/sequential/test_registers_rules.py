"""Several registers, and what transactions do to them."""

from __future__ import annotations

from typing import Any

from checker import Operation
from checker.search.budget import Meter
from checker.search.deepening import attempt
from checker.search.specification import Specification
from checker.sequential.lists import Items
from checker.sequential.registers import pose_registers, registers
from checker.values import identity
from tests.checker.literal import a, c, d, r, t, w

LISTS = registers({"l": "lists", "s": "strings"})


def after(*operations: Operation, of: Specification = LISTS) -> Any:
    """What is shown after some operations one after another; the index of the first that is refused."""
    state = of.initial
    for operation in operations:
        before = of.identify(state)
        allowed, left = of.step(state, operation)
        assert of.identify(state) == before
        if not allowed:
            assert left is state
            return operation.index
        state = left
    return of.show(state)


def test_what_operations_leave_in_all_keys() -> None:
    assert after() == {}
    assert after(w(0, "s", "x=1", 0, 1), w(1, "s", "y=2", 2, 3), r(2, "s", "x=1", 4, 5)) == {"x": 1, "y": 2}
    assert after(w(0, "s", "x=1", 0, 1), d(1, "s", "x", 2, 3), r(2, "s", "x=null", 4, 5)) == {}
    assert after(c(0, "s", "x=null>1", 0, 1), c(1, "s", "x=1.0>2", 2, 3)) == {"x": 2}
    assert after(t(0, "s", "x=null x:=1 x=1 y:=2 x:=3", 0, 1), t(1, "s", "x=3 y=2 z=null", 2, 3)) == {
        "x": 3,
        "y": 2,
    }


def test_what_is_refused_leaves_everything_as_it_was() -> None:
    first = w(0, "s", "x=1", 0, 1)
    assert after(first, r(1, "s", "x=2", 2, 3)) == 1
    assert after(first, c(1, "s", "x=2>3", 2, 3)) == 1
    assert after(first, t(1, "s", "x:=5 x=1", 2, 3)) == 1
    assert after(first, t(1, "s", "x:=5 y+=1 z=9", 2, 3), of=registers({"y": "lists"})) == 1
    assert after(w(0, "s", "l=7", 0, 1), a(1, "s", "l=1", 2, 3)) == 1


def test_what_is_appended() -> None:
    assert after(a(0, "s", "l=1", 0, 1), t(1, "s", "l=[1] l+=2 l=[1,2]", 2, 3)) == {"l": [1, 2]}
    assert after(a(0, "s", 's="a"', 0, 1), t(1, "s", 's="a" s+="b" s="ab"', 2, 3)) == {"s": "ab"}
    assert after(t(0, "s", "l=[] l:=[] l=null l+=1", 0, 1), r(1, "s", "l=[1.0]", 2, 3)) == {"l": [1]}


def test_an_empty_list_is_absent_only_where_lists_grow() -> None:
    assert after(r(0, "s", "l=[]", 0, 1)) == {}
    assert after(r(0, "s", "x=[]", 0, 1)) == 0
    assert after(r(0, "s", "s=[]", 0, 1)) == 0


def test_what_an_open_transaction_found_is_not_asked() -> None:
    assert after(t(0, "s", "x=9 x:=1", 0, None)) == {"x": 1}


def test_states_are_one_whatever_order_their_keys_came_in() -> None:
    def left(*operations: Operation) -> Any:
        state = LISTS.initial
        for operation in operations:
            state = LISTS.step(state, operation)[1]
        return LISTS.identify(state)

    one, other = w(0, "s", "x=1", 0, 1), w(1, "s", "y=2", 0, 1)
    assert left(one, other) == left(other, one)
    assert left(one, other, d(2, "s", "y", 0, 1)) == left(one) != left(other)
    assert left(w(3, "s", "x=null", 0, 1)) == left() == frozenset()
    assert left(w(4, "s", "x=1.0", 0, 1)) == left(one)
    hash(left(a(5, "s", "l=1", 0, 1)))


def test_what_is_promised_of_each_operation() -> None:
    effects = {
        "observes": (r(0, "s", "x=1", 0, 1), t(1, "s", "x=1 y=2", 0, 1), t(2, "s", "", 0, 1)),
        "blind": (w(3, "s", "x=1", 0, 1), d(4, "s", "x", 0, 1), t(5, "s", "x:=1 y:=2", 0, 1)),
        "depends": (
            c(6, "s", "x=1>2", 0, 1),
            a(7, "s", "x=1", 0, 1),
            t(8, "s", "x=1 y:=2", 0, 1),
            t(9, "s", "y:=2 x+=1", 0, 1),
        ),
    }
    for effect, operations in effects.items():
        assert {LISTS.effect(operation) for operation in operations} == {effect}
    assert LISTS.effect(t(0, "s", "x=1 x:=2", 0, None)) == "blind"


def test_which_operations_are_interchangeable() -> None:
    assert LISTS.alike(w(0, "a", "x=1", 0, 1)) == LISTS.alike(t(1, "b", "x:=1.0", 5, 6))
    alone = [
        w(0, "a", "x=1", 0, 1),
        w(0, "a", "x=2", 0, 1),
        w(0, "a", "y=1", 0, 1),
        a(0, "a", "x=1", 0, 1),
        r(0, "a", "x=1", 0, 1),
        t(0, "a", "x:=1 y:=1", 0, 1),
        t(0, "a", "y:=1 x:=1", 0, 1),
    ]
    assert len({LISTS.alike(operation) for operation in alone}) == len(alone)


def answer(*operations: Operation, items: Items) -> str:
    problem = pose_registers(operations, grows={"x": "lists"}, items=items)
    return attempt(problem, Meter(), width=64).answer


def test_what_is_left_of_lists_is_looked_at() -> None:
    items = {"x": dict.fromkeys(map(identity, (1, 2)), 0)}
    one, two = a(0, "a", "x=1", 0, 10), a(1, "b", "x=2", 0, 10)
    reads = r(2, "c", "x=[2,1]", 20, 30)
    assert answer(one, two, reads, items=items) == "fits"
    assert answer(two, reads, items=items) == "fits"
    assert answer(reads, items=items) == "fits"
    assert answer(two, reads, items={}) == "stuck"
    assert answer(two, r(2, "c", "x=[1]", 20, 30), items=items) == "stuck"
