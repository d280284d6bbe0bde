"""Which keys are one object, which operations are its own, and what grows in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from checker import History, Operation
from checker.linearizability.objects import Object, object_of, overwrites, rows_of, tied_keys
from checker.prepared import Prepared
from checker.search.budget import Meter
from checker.search.deepening import attempt
from checker.values import identity
from tests.checker.literal import a, c, d, history, r, t, w


def numbers(prepared: Prepared, names: str) -> np.ndarray:
    """The numbers of some keys that are named by one letter each."""
    return np.array([prepared.columns.key_names.index(name) for name in names])


def tied(one: History, names: str) -> list[str]:
    """The keys of each object of which one of these keys is."""
    prepared = Prepared(one)
    asked = np.zeros(prepared.key_count, dtype=np.bool_)
    asked[numbers(prepared, names)] = True
    return ["".join(prepared.columns.key_names[key] for key in keys) for keys in tied_keys(prepared, asked)]


def made(one: History, names: str) -> tuple[Object, list[int]]:
    """The object of some keys, and the indices of its operations."""
    prepared = Prepared(one)
    keys = numbers(prepared, names)
    rows = rows_of(prepared, keys)
    found = object_of(prepared, keys)
    assert (found.keys.tolist(), found.rows.tolist()) == (keys.tolist(), rows.tolist())
    return found, [prepared.whole.operation(int(prepared.operation_of[row])).index for row in rows]


def stuck(found: Object, operations: Sequence[Operation]) -> int | None:
    return found.stuck_in(operations, Meter())


def test_keys_that_transactions_tie_together() -> None:
    one = history(
        w(0, "s", "z=1", 0, 1),
        t(1, "s", "c=null a:=1 c=null", 2, 3),
        t(2, "t", "e=null b:=1", 2, 3),
        t(3, "u", "d:=1 a=null", 2, None),
        t(4, "v", "f=null", 2, 3),
        r(5, "v", "e=null", 6, 7),
    )
    assert tied(one, "abcdef") == ["eb", "cad", "f"]
    assert tied(one, "b") == ["eb"]
    assert tied(one, "d") == ["cad"]
    assert tied(one, "z") == []
    assert tied(one, "zf") == ["f"]


def test_keys_are_in_order_whatever_their_numbers() -> None:
    """A set holds 8 before 1."""
    alone = [w(at, "s", f"{name}=1", 2 * at, 2 * at + 1) for at, name in enumerate("abcdefghi")]
    prepared = Prepared(history(*alone, t(9, "s", "i:=2 b:=2", 50, 51)))
    (found,) = tied_keys(prepared, prepared.transacted_key)
    assert found.tolist() == [1, 8]


def test_what_failed_ties_nothing() -> None:
    one = history(t(0, "s", "a:=1 b:=1", 2, 3, status="fail"), t(1, "s", "b=null c=null", 6, 7))
    assert tied(one, "ab") == ["bc"]
    assert tied(history(t(0, "s", "a:=1 b:=1", 2, 3, status="fail")), "ab") == []


def test_neighbours_of_one_transaction_are_not_neighbours_of_the_next() -> None:
    one = history(t(0, "s", "a:=1 b:=1", 0, 1), t(1, "s", "c:=1 d:=1", 2, 3))
    assert tied(one, "abcd") == ["ab", "cd"]


def test_the_operations_of_an_object_in_the_order_of_invocation() -> None:
    """Once each, whatever it did to several keys; nothing of what failed, nor of reads without an answer."""
    one = history(
        t(0, "s", "x=1 y=1 x=1", 50, 60),
        w(1, "t", "x=1", 0, 10),
        r(2, "u", "x=1", 0, None),
        c(3, "v", "y=1>2", 0, None),
        w(4, "w", "y=5", 5, 6, status="fail"),
        d(5, "x", "z", 0, 10),
        w(6, "y", "y=1", -5, 10),
        t(7, "z", "x=null", 70, None),
    )
    assert made(one, "xy")[1] == [6, 1, 3, 0]
    assert made(one, "x")[1] == [1, 0]
    assert made(one, "z")[1] == [5]
    found, _ = made(one, "xy")
    assert [operation.index for operation in found.operations] == [6, 1, 3, 0]


def test_one_key_alone_is_a_register() -> None:
    """Of which there are never too many states."""
    one = history(a(0, "s", "x=1", 0, 10), a(1, "s", "x=2", 12, 15), r(2, "s", "x=[1,2]", 20, 30))
    found, _ = made(one, "x")
    assert found.specification.name == "register"
    assert (found.items, found.is_lists, found.room(1)) == ({"x": {1: 0, 2: 12}}, True, None)
    assert attempt(found.pose(found.operations), Meter(), width=64).answer == "fits"
    assert (stuck(found, found.operations), stuck(found, found.operations[1:])) == (None, None)
    assert found.specification.step(None, r(9, "s", "x=[]", 0, 1))[0]
    several, _ = made(history(*one.operations, a(3, "s", "x=1", 40, 50)), "x")
    assert (several.items, several.is_lists) == ({}, False)
    assert (stuck(several, one.operations), stuck(several, one.operations[1:])) == (None, 1)
    plain, _ = made(history(w(0, "s", "x=1", 0, 10)), "x")
    assert (plain.is_register, plain.is_lists) == (True, False)
    assert not plain.specification.step(None, r(9, "s", "x=[]", 0, 1))[0]


def test_keys_of_transactions_are_registers() -> None:
    one = history(
        t(0, "s", "x+=1 y:=1", 0, 10),
        t(1, "s", "x+=2 y:=2", 12, 15),
        a(2, "s", "x=3", 16, 17),
        t(3, "s", "x=[1,2,3] y=2", 20, 30),
    )
    found, _ = made(one, "xy")
    assert (found.specification.name, found.is_lists) == ("registers", False)
    assert found.items == {"x": {identity(1): 0, identity(2): 12, identity(3): 16}}
    assert attempt(found.pose(found.operations), Meter(), width=64).answer == "fits"
    assert (stuck(found, found.operations), stuck(found, found.operations[1:])) == (None, None)
    assert stuck(found, [found.operations[0], found.operations[3]]) == 1
    assert found.specification.step({}, r(9, "s", "x=[]", 0, 1))[0]
    assert not found.specification.step({}, r(9, "s", "y=[]", 0, 1))[0]


def test_what_a_search_looks_at_is_counted() -> None:
    found, _ = made(history(t(0, "s", "x:=1", 0, 10), t(1, "s", "x=1", 20, 30)), "x")
    meter = Meter()
    found.stuck_in(found.operations, meter)
    assert meter.count == 1


@pytest.mark.parametrize(
    ("other", "is_lists"),
    [
        ("x+=3", True),
        ("y+=1", True),
        ("y=null x=null", True),
        ("y=[] x=[]", True),
        ("y=7", True),
        ("x+=2", False),
        ("x:=[2]", False),
        ("y:=1", False),
        ('x="2"', False),
        ('y="2"', True),
    ],
)
def test_where_all_is_lists_nothing_needs_to_be_searched(other: str, is_lists: bool) -> None:
    one = history(t(0, "s", "x+=1", 0, 10), t(1, "s", "x+=2 y=null", 20, 30), t(2, "u", other, 0, 5))
    found, _ = made(one, "xy")
    assert found.is_lists == is_lists


def test_lists_are_judged_without_a_search() -> None:
    """Without operation 0, what it appended is cut out of what operation 2 read."""
    reads = t(2, "s", "x=[2,1] y=[]", 40, 50), t(3, "s", "y+=1", 52, 55, status="fail")
    one = history(t(0, "s", "x+=1", 0, 10), t(1, "s", "x+=2", 20, 30), *reads)
    found, _ = made(one, "xy")
    meter = Meter()
    assert found.is_lists
    assert found.stuck_in(found.operations, meter) == 2
    assert found.stuck_in(found.operations[:2], meter) is None
    assert found.stuck_in(found.operations[1:], meter) is None
    assert meter.count == 0
    assert found.specification.step({}, r(9, "s", "y=[]", 0, 1))[0]


@pytest.mark.parametrize(
    ("other", "overwriting"),
    [
        (t(1, "s", "x=[1] x+=3", 20, 30), False),
        (a(1, "s", "x=2", 20, 30), False),
        (r(1, "s", "x=2", 20, 30), False),
        (t(1, "s", "x=[1] x:=2", 20, 30), True),
        (w(1, "s", "x=2", 20, None), True),
        (d(1, "s", "x", 20, 30), True),
        (c(1, "s", "x=2>3", 20, 30), True),
        (c(1, "s", "x=2>3", 20, 30, status="fail"), False),
        (w(1, "s", "y=2", 20, 30), False),
    ],
)
def test_what_overwrites_keys(other: Operation, overwriting: bool) -> None:
    prepared = Prepared(history(t(0, "s", "x=null x+=1", 0, 10), other))
    assert overwrites(prepared, rows_of(prepared, numbers(prepared, "x"))) == overwriting


def test_states_are_counted_by_what_they_hold() -> None:
    """Half a thousand bytes, 150 for each key, and 24 for each item that was appended."""
    one = history(t(0, "s", "x+=1 y+=2 x+=3", 0, 10), t(1, "s", "z=null x+=4", 20, 30))
    found, _ = made(one, "xyz")
    assert found.state_bytes == 500 + 3 * 150 + 4 * 24
    assert [found.room(memory) for memory in (0, 1046, 2091, 2092, 10_460)] == [1, 1, 1, 2, 10]


@pytest.mark.parametrize("transaction", [False, True])
def test_what_failed_says_what_its_key_is_for(transaction: bool) -> None:
    """An append that failed makes of an empty list what is absent."""
    read = t(0, "s", "x=[]", 0, 1) if transaction else r(0, "s", "x=[]", 0, 1)
    for word, allowed in (("x+=1", True), ("x:=1", False), ("y+=1", False)):
        found, _ = made(history(read, t(1, "s", word, 2, 3, status="fail")), "x")
        assert found.specification.step(found.specification.initial, read)[0] == allowed


def test_other_keys_that_grow_do_not_matter() -> None:
    found, _ = made(history(r(0, "s", "x=[]", 0, 1), a(1, "s", "y=1", 2, 3)), "x")
    assert not found.specification.step(None, r(9, "s", "x=[]", 0, 1))[0]
