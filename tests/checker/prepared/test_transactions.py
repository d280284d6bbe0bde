"""Transactions and appends, unfolded and judged, against the definitions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from checker import History, Operation, Staleness, check
from tests.checker.literal import history, r, w
from tests.checker.transactions import TransactionalDefinitions, transactional_histories

SETTINGS = settings(
    max_examples=500, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PATIENCE = 15
JUDGED = (
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "consistent-prefix",
    "causal",
    "no-lost-acknowledged-writes",
    "no-aborted-reads",
    "no-thin-air-reads",
)


@given(transactional_histories())
@SETTINGS
def test_verdicts_are_the_definitions(history: History) -> None:
    definitions = TransactionalDefinitions(history)
    found = check(history, (*JUDGED, "bounded-staleness"), staleness=Staleness(PATIENCE, "ns")).guarantees
    expected = {name: getattr(definitions, name.replace("-", "_"))() for name in JUDGED}
    expected["bounded-staleness"] = definitions.bounded_staleness(PATIENCE)
    assert {name: found[name].verdict for name in expected} == expected


def txn(index: int, session: str, start: int, end: int | None, *ops: list[Any], **fields: Any) -> Operation:
    """A transaction; without end it is open."""
    fields.setdefault("status", "info" if end is None else "ok")
    return Operation(index=index, session=session, op="txn", ops=list(ops), start=start, end=end, **fields)


def append(index: int, session: str, item: int, start: int, end: int | None, **fields: Any) -> Operation:
    """An append to z; without end it is open."""
    fields.setdefault("status", "info" if end is None else "ok")
    return Operation(
        index=index, session=session, op="append", key="z", value=item, start=start, end=end, **fields
    )


def verdict(name: str, *operations: Operation) -> str:
    return check(history(*operations), [name]).guarantees[name].verdict


def told(name: str, *operations: Operation) -> str:
    (violation,) = check(history(*operations), [name]).guarantees[name].violations
    return violation.explanation


def test_parts_of_one_transaction_are_no_pair() -> None:
    both = txn(1, "a", 20, 30, ["r", "x", 1], ["w", "x", 2])
    assert verdict("writes-follow-reads", w(0, "b", "x=1", 0, 10), both) == "unknown"
    assert verdict("read-your-writes", txn(0, "a", 0, 10, ["w", "x", 1], ["r", "x", 1])) == "unknown"


def test_what_a_transaction_wrote_itself_it_read_from_nobody() -> None:
    own = txn(1, "b", 20, 30, ["w", "x", 2], ["r", "x", 2])
    assert verdict("no-thin-air-reads", w(0, "a", "x=1", 0, 10), own) == "unknown"
    others = txn(1, "b", 20, 30, ["w", "x", 2], ["r", "x", 1])
    assert verdict("no-thin-air-reads", w(0, "a", "x=1", 0, 10), others) == "holds"


def test_what_a_transaction_wrote_over_nobody_may_read() -> None:
    twice = txn(0, "a", 0, 10, ["w", "x", 1], ["w", "x", 2])
    assert verdict("no-aborted-reads", twice, r(1, "b", "x=1", 20, 30)) == "violated"
    assert verdict("no-aborted-reads", twice, r(1, "b", "x=2", 20, 30)) == "holds"


def test_why_nobody_may_have_read_it_is_said() -> None:
    twice = txn(0, "a", 0, 10, ["w", "x", 1], ["w", "x", 2])
    assert told("no-aborted-reads", twice, r(1, "b", "x=1", 20, 30)) == (
        "Let w = operation 0 (a writes 1 to x and writes 2 to x in one transaction) and r = operation 1 (b "
        "reads 1 from x). Then r saw w, because r returned 1, which w wrote and nobody else can have. But w "
        "was replaced within its own transaction, so nobody else can see it: a contradiction."
    )
    assert told("no-thin-air-reads", txn(0, "a", 0, 10, ["r", "x", 1], ["w", "x", 1])) == (
        "Let r = operation 0 (a reads 1 from x and writes 1 to x in one transaction). Then somebody wrote 1 "
        "to x before r ended, because r returned it. But only its own transaction did, and not before it "
        "read: a contradiction."
    )


def test_what_one_part_read_is_in_the_past_of_all() -> None:
    assert told(
        "causal",
        txn(0, "a", 0, 10, ["w", "x", 1], ["w", "y", 1]),
        txn(1, "b", 20, 30, ["w", "z", 1], ["r", "x", 1]),
        txn(2, "c", 40, 50, ["r", "z", 1], ["r", "y", None]),
    ) == (
        "Let w1 = operation 0 (a writes 1 to x and writes 1 to y in one transaction), w2 = operation 1 "
        "(b writes 1 to z and reads 1 from x in one transaction) and r = operation 2 (c reads 1 from z and "
        "reads null from y in one transaction). Then w1 happened before w2, because w2 returned 1 for x, "
        "which only w1 can have written, and w2 happened before r, because r returned 1 for z, which only "
        "w2 can have written. But r did not see w1, because r returned the initial version of y, which is "
        "older than any that was written: a contradiction (WriteCOInitRead)."
    )


def test_a_long_transaction_is_told_in_part() -> None:
    ops = [["w", f"k{number}", number] for number in range(9)]
    text = told("read-your-writes", txn(0, "a", 0, 10, *ops), r(1, "a", "k0=null", 20, 30))
    assert "writes 3 to k3 and does 5 things more in one transaction)" in text


def test_lists_tell_in_which_order_items_were_appended() -> None:
    assert told(
        "read-your-writes",
        append(0, "a", 5, 0, 10),
        append(1, "a", 6, 20, 30),
        r(2, "a", "z=[5]", 40, 50),
        r(3, "b", "z=[5,6]", 40, 50),
    ) == (
        "Let w = operation 1 (a appends 6 to z) and r = operation 2 (a reads [5] from z). Then w happened "
        "before r, because both are of session a and w ended at 30 ns, before r started at 40 ns. But r did "
        "not see w, because r returned what operation 0 wrote, and 5 stands before 6 in what was read of z: "
        "a contradiction."
    )


def test_what_nobody_saw_was_appended_after_all_that_was_read() -> None:
    text = told(
        "read-your-writes", append(0, "a", 5, 0, 10), append(1, "b", 6, 0, 10), r(2, "b", "z=[5]", 40, 50)
    )
    assert "and 6 is in nothing that was read of z, so w came later" in text


@pytest.mark.parametrize(
    ("read", "name"),
    [("z=[5]", "no-aborted-reads"), ("z=[4,5]", "no-aborted-reads"), ("z=[4,9]", "no-thin-air-reads")],
)
def test_a_list_holds_what_was_appended(read: str, name: str) -> None:
    appended = append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30, status="fail")
    assert verdict(name, *appended, r(2, "b", read, 40, 50)) == "violated"


def test_an_open_append_that_stands_in_a_list_took_effect() -> None:
    seen = append(0, "a", 4, 0, None), append(1, "b", 5, 20, 30), r(2, "c", "z=[4,5]", 40, 50)
    assert verdict("monotonic-reads", *seen, r(3, "c", "z=[4]", 60, 70)) == "violated"


@pytest.mark.parametrize(
    "others",
    [
        (r(8, "c", "z=[5,4]", 80, 90),),  # lists that fork
        (append(8, "c", 4, 80, 90),),  # an item twice
        (w(8, "c", "z=3", 80, 90),),  # another write
        (r(8, "c", "z=7", 80, 90),),  # no list
    ],
)
def test_where_lists_do_not_tell_an_order_the_key_is_left_open(others: tuple[Operation, ...]) -> None:
    plain = append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30), r(2, "a", "z=[4,5]", 40, 50)
    assert verdict("read-your-writes", *plain) == "holds"
    assert verdict("read-your-writes", *plain, *others) == "unknown"


def test_positions_of_appends_go_before_lists() -> None:
    placed = append(0, "a", 4, 0, 10, position=2), append(1, "a", 5, 20, 30, position=1)
    found = check(history(*placed, r(2, "b", "z=[4,5]", 40, 50))).guarantees["monotonic-writes"]
    assert (found.verdict, found.evidence) == ("violated", "positions")


def test_keys_of_transactions_are_counted() -> None:
    assert check(history(txn(0, "a", 0, 10, ["w", "x", 1], ["w", "y", 1]))).keys == 2
