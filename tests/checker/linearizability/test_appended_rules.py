"""Lists whose reads tell the order of all appends: the one order there is, tested."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from checker import Operation, check
from checker.linearizability.appended import sweep_lists
from checker.prepared import Prepared
from tests.checker.literal import history, r, w


def a(index: int, session: str, text: str, start: int, end: int | None) -> Operation:
    """An append, `key=item`."""
    one = w(index, session, text, start, end)
    return Operation(
        index=index,
        session=session,
        op="append",
        key=one.key,
        value=one.value,
        start=start,
        end=end,
        status=one.status,
    )


ONE, TWO, THREE = a(1, "a", "x=1", 0, 10), a(2, "b", "x=2", 20, 30), a(3, "c", "x=3", 20, 30)
BOTH = r(9, "r", "x=[1,2]", 40, 50)

FIT: dict[str, tuple[Operation, ...]] = {
    "all seen": (ONE, TWO, BOTH),
    "a read between": (ONE, TWO, BOTH, r(8, "s", "x=[1]", 12, 25)),
    "a read at first": (ONE, TWO, BOTH, r(8, "s", "x=null", 0, 5)),
    "a read that is over as an append is": (ONE, TWO, BOTH, r(8, "s", "x=[1]", 30, 35)),
    "an open one that was seen": (ONE, a(2, "b", "x=2", 20, None), BOTH),
    "an open one that nobody saw": (ONE, a(2, "b", "x=2", 20, None), r(9, "r", "x=[1]", 40, 50)),
    "several that nobody saw": (
        *(ONE, TWO, BOTH),
        *(a(4, "d", "x=4", 60, 70), a(5, "d", "x=5", 80, 90), a(6, "e", "x=6", 45, 95)),
    ),
    "nothing was seen": (ONE, TWO, r(9, "r", "x=null", 0, 1)),
    "what failed": (ONE, TWO, BOTH, w(7, "f", "y=7", 0, 1, status="fail")),
    "an append that failed": (
        *(ONE, TWO, BOTH, structs.replace(a(3, "c", "x=3", 60, 70), status="fail")),
        r(8, "s", "x=[1,2]", 80, 90),
    ),
    "a read that nobody answered": (ONE, TWO, BOTH, r(8, "s", "x=[7]", 60, None)),
}
MISFIT: dict[str, tuple[Operation, ...]] = {
    "an item from nowhere": (ONE, TWO, r(9, "r", "x=[1,2,7]", 40, 50)),
    "an item from nowhere at first": (ONE, TWO, r(9, "r", "x=[7]", 0, 5)),
    "a read that missed what was over": (ONE, TWO, BOTH, r(8, "s", "x=[1]", 31, 35)),
    "a read that missed everything": (ONE, TWO, BOTH, r(8, "s", "x=null", 11, 15)),
    "a read after another that saw more": (ONE, TWO, BOTH, r(8, "s", "x=[1]", 51, 60)),
    "what nobody saw was over": (ONE, TWO, THREE, BOTH),
    "an order against time": (ONE, TWO, r(9, "r", "x=[2,1]", 40, 50)),
    "an append that was read before it began": (
        *(ONE, a(2, "b", "x=2", 60, 70)),
        *(r(8, "s", "x=[1,2]", 40, 80), r(9, "r", "x=[1,2]", 20, 30)),
    ),
    "an unseen one before what was seen": (
        *(a(4, "d", "x=4", 0, 5), a(1, "a", "x=1", 8, 10)),
        r(9, "r", "x=[1]", 9, 50),
    ),
    "an unseen one before what was seen while the read went on": (
        *(a(4, "d", "x=4", 0, 5), a(1, "a", "x=1", 8, 10)),
        r(9, "r", "x=[1]", 3, 50),
    ),
    "an order against time further on": (
        *(ONE, TWO, a(3, "c", "x=3", 32, 35)),
        r(9, "r", "x=[1,3,2]", 40, 50),
    ),
}


def swept(*operations: Operation) -> list[bool]:
    prepared = Prepared(history(*operations))
    keys = prepared.appended_key & prepared.derived_key
    passed: list[bool] = sweep_lists(prepared, keys).tolist()
    return passed


@pytest.mark.parametrize("name", FIT)
def test_the_order_of_the_lists_is_a_linearization(name: str) -> None:
    assert swept(*FIT[name])[0]


@pytest.mark.parametrize("name", MISFIT)
def test_the_order_of_the_lists_is_none(name: str) -> None:
    assert not swept(*MISFIT[name])[0]


def test_each_key_is_swept_by_itself_and_only_if_asked_for() -> None:
    other = (a(11, "o", "y=1", 0, 10), r(12, "o", "y=[1]", 20, 30), r(13, "p", "y=null", 40, 50))
    third = (a(21, "q", "z=1", 100, 110), r(22, "q", "z=[1]", 120, 130))
    prepared = Prepared(history(*FIT["all seen"], *other, *third))
    for keys, passed in (
        ([True, True, True], [True, False, True]),
        ([True, False, False], [True, False, False]),
        ([False, True, True], [False, False, True]),
    ):
        asked = np.array(keys)
        assert sweep_lists(prepared, asked).tolist() == passed
        assert asked.tolist() == keys


def test_beside_a_key_with_positions_lists_are_not_searched_either() -> None:
    beside = (w(20, "q", "y=1", 0, 10, position=1), r(21, "q", "y=1", 20, 30, version=1))
    verdict = check(history(ONE, TWO, BOTH, *beside), ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.evidence, verdict.judged) == ("holds", "positions", 2)
