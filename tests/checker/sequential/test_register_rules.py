"""What a register allows, what it is left with, and how long each state of it matters."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Operation
from checker.history.columns import FOREVER
from checker.sequential.register import Forgotten, register
from tests.checker.literal import c, d, r, w
from tests.checker.registers import posed, register_of

STRING, LIST, OTHER = Forgotten.STRING, Forgotten.LIST, Forgotten.OTHER


def op(name: Any, value: Any = None, **fields: Any) -> Operation:
    return Operation(
        index=0, session="s", op=name, key="x", value=value, start=0, end=1, status="ok", **fields
    )


@pytest.mark.parametrize(
    ("state", "operation", "led"),
    [
        (1, op("read", 1.0), (True, 1)),
        (1, op("read", True), (False, 1)),
        (None, op("read"), (True, None)),
        (1, op("write", 2), (True, 2)),
        (1, op("delete"), (True, None)),
        (1, op("cas", 3, expected=1.0), (True, 3)),
        (None, op("append", 1), (True, [1])),
        (None, op("append", "a"), (True, ["a"])),
        ([1], op("append", "a"), (True, [1, "a"])),
        ((1,), op("append", [2]), (True, [1, [2]])),
        ("a", op("append", "b"), (True, "ab")),
        ("a", op("append", 1), (False, "a")),
        (1, op("append", 1), (False, 1)),
        ({"a": 1}, op("append", 1), (False, {"a": 1})),
        (1, op("txn", ops=[]), (False, 1)),
    ],
)
def test_a_step(state: Any, operation: Operation, led: tuple[bool, Any]) -> None:
    assert register().step(state, operation) == led


def test_a_refused_compare_and_set() -> None:
    assert register().step(1, op("cas", 3, expected=2))[0] is False


def test_what_is_appended_to_nothing_begins_a_string_where_reads_return_strings() -> None:
    assert register(grows="strings").step(None, op("append", "a")) == (True, "a")
    assert register(grows="strings").step("", op("append", "a")) == (True, "a")
    assert register(grows="strings").step(None, op("append", 1)) == (True, [1])
    more = op("append", "a")
    assert register_of([r(0, "s", 'x="a"', 0, 1), more]).step(None, more) == (True, "a")
    assert register_of([w(0, "s", 'x="a"', 0, 1), more]).step(None, more) == (True, ["a"])
    assert register_of([r(0, "s", "x=[]", 0, 1), more]).step(None, more) == (True, ["a"])


@pytest.mark.parametrize(
    ("state", "item", "allowed"),
    [
        (LIST, 1, True),
        (LIST, "a", True),
        (STRING, "a", True),
        (STRING, 1, False),
        (OTHER, 1, False),
        (OTHER, "a", False),
    ],
)
def test_of_a_forgotten_state_it_is_known_what_can_be_appended(
    state: Forgotten, item: Any, allowed: bool
) -> None:
    assert register(grows="strings").step(state, op("append", item)) == (allowed, state)
    assert register().step(state, op("read", None))[0] is False


def test_which_operations_are_alike() -> None:
    alike = register().alike
    assert alike(op("write", 1)) == alike(op("write", 1.0))
    assert alike(op("write", 1)) != alike(op("write", True))
    assert alike(op("write", None)) == alike(op("delete"))
    assert alike(op("write", 1)) != alike(op("append", 1))
    assert alike(op("cas", 1, expected=2)) == alike(op("cas", 1.0, expected=2.0))
    assert alike(op("cas", 1, expected=2)) != alike(op("cas", 1, expected=3))
    assert alike(op("cas", 1, expected=2)) != alike(op("cas", 3, expected=2))
    assert alike(op("read", 1)) != alike(op("write", 1))


def test_what_operations_promise_and_belong_to() -> None:
    plain = register()
    names = ("read", "write", "delete", "cas", "append")
    assert [plain.effect(op(name)) for name in names] == [
        "observes",
        "overwrites",
        "overwrites",
        "depends",
        "depends",
    ]
    assert plain.partition(op("read")) == "x"
    assert plain.partition(op("txn", ops=[])) is None
    assert (plain.name, plain.initial) == ("register", None)
    assert plain.identify(LIST) is LIST


def _stands(operations: list[Operation], state: Any, event: int) -> Any:
    """What stands for a state at an event."""
    machine = posed(operations).machine
    return machine.states[machine.at(machine.number(state), event)]


def test_a_state_is_forgotten_once_nobody_will_find_it() -> None:
    """Events: 0 and 1 are the write's, 2 and 3 the read's, 4 and 5 the compare-and-set's; 4 is never read."""
    operations = [w(0, "a", "x=1", 0, 10), r(1, "a", "x=1", 20, 30), c(2, "a", "x=2>3", 40, 50)]
    operations.append(w(3, "b", "x=4", 60, 70))
    assert (_stands(operations, 1, 3), _stands(operations, 1, 4)) == (1, OTHER)
    assert (_stands(operations, 2, 5), _stands(operations, 2, 6)) == (2, OTHER)
    assert (_stands(operations, 3, 0), _stands(operations, 4, 0)) == (OTHER, OTHER)
    assert _stands(operations, None, 99) is None
    assert (_stands(operations, "a", 0), _stands(operations, [1], 0)) == (STRING, LIST)
    assert _stands(operations, LIST, FOREVER) is LIST


def test_what_stands_for_forgotten_states_stands_for_itself() -> None:
    machine = posed([w(0, "a", "x=1", 0, 10)]).machine
    for state in (None, STRING, LIST, OTHER):
        assert machine.stands_in(machine.number(state))
    for value in (1, "a", [1]):
        assert not machine.stands_in(machine.number(value))


def test_an_open_compare_and_set_may_find_a_state_for_ever_and_an_open_read_never() -> None:
    operations = [r(0, "a", "x=1", 0, None), c(1, "b", "x=2>3", 0, None), d(2, "c", "x", 5, 9)]
    assert _stands(operations, 1, 0) is OTHER
    assert _stands(operations, 2, FOREVER) == 2


def test_a_beginning_matters_as_long_as_what_may_grow_from_it() -> None:
    grows = [op("append", 1), r(1, "a", "x=[1,2]", 20, 30)]
    assert (_stands(grows, [1], 3), _stands(grows, [1], 4)) == ([1], LIST)
    assert _stands(grows, [2], 0) is LIST
    assert _stands([r(1, "a", "x=[1,2]", 20, 30)], [1], 0) is LIST
