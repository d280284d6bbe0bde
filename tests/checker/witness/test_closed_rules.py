"""Parts of histories with transactions and appends: whole operations, and lists that tell their order."""

from __future__ import annotations

from typing import Any

from checker import History, Operation, Staleness, check, minimal_witness
from checker.prepared import Prepared
from checker.witness.closed import Closure, part_of
from tests.checker.battery.families import FAMILIES
from tests.checker.battery.families import history as numbered
from tests.checker.literal import history, r, w

BOUND = Staleness(15, "ns")
NOT_OF_PAIRS = {"linearizable", "convergence", "no-lost-acknowledged-writes"}
"""Guarantees that do not compare two operations: of these a part can break what the whole keeps."""


def txn(index: int, session: str, ops: list[Any], start: int, end: int) -> Operation:
    return Operation(index=index, session=session, op="txn", ops=ops, start=start, end=end, status="ok")


def append(index: int, session: str, key: str, item: int, start: int, end: int) -> Operation:
    return Operation(
        index=index, session=session, op="append", key=key, value=item, start=start, end=end, status="ok"
    )


def indices(part: History | None) -> list[int]:
    assert part is not None
    return [operation.index for operation in part.operations]


def test_a_transaction_comes_whole_with_the_writers_of_all_that_it_read() -> None:
    whole = history(
        w(0, "s1", "j=7", 0, 5),
        w(1, "s4", "i=9", 0, 5),
        txn(2, "s2", [["w", "k", 1], ["r", "j", 7]], 10, 20),
        r(3, "s2", "k=null", 30, 40),
    )
    assert indices(minimal_witness(whole, "read-your-writes")) == [0, 2, 3]


def test_the_lists_that_tell_the_order_of_appends_stay() -> None:
    whole = history(
        append(0, "s1", "k", 1, 0, 5),
        append(1, "s2", "k", 2, 10, 15),
        r(2, "s3", "k=[1, 2]", 20, 25),
        r(3, "s2", "k=[1]", 30, 35),
        w(4, "s4", "j=1", 40, 45),
    )
    assert indices(minimal_witness(whole, "read-your-writes")) == [0, 1, 2, 3]


def test_what_keeps_positions_from_counting_stays() -> None:
    """By positions operation 2 returned an older version than 0; but 3 has none, so they do not count."""
    whole = history(
        w(0, "s1", "k=1", 0, 5, position=2),
        w(1, "s2", "k=2", 0, 5, position=1),
        r(2, "s1", "k=2", 10, 15),
        w(3, "s3", "k=3", 20, 25),
        w(4, "s4", "k=4", 20, 25),
    )
    rows = Closure(Prepared(whole), on_values=False, by_order=True).of([0, 2])
    assert rows == {0, 1, 2, 3}
    for history_ in (whole, part_of(whole, sorted(rows))):
        assert check(history_, ["read-your-writes"]).guarantees["read-your-writes"].verdict == "holds"


def test_a_closed_part_violates_nothing_that_the_whole_keeps() -> None:
    parts = 0
    for number in range(90):
        whole = numbered(FAMILIES[("transactions", "appends", "lists")[number % 3]], number)
        kept = {
            name
            for name, verdict in check(whole, staleness=BOUND).guarantees.items()
            if verdict.verdict != "violated"
        } - NOT_OF_PAIRS
        closure = Closure(Prepared(whole), on_values=False, by_order=True)
        for row in range(0, len(whole), 3):
            rows = closure.of([row])
            assert row in rows
            if len(rows) == len(whole):
                continue
            parts += 1
            found = check(part_of(whole, sorted(rows)), staleness=BOUND).guarantees
            assert "violated" not in {found[name].verdict for name in kept}
    assert parts > 50
