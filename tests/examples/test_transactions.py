"""The example of a specification for transactions: what is strictly serializable, and what is not."""

from __future__ import annotations

import pytest

from checker import History, Operation, check_specification
from examples.transactions import strictly_serializable


def txn(index: int, start: int, end: int | None, *ops: list[object]) -> Operation:
    status = "info" if end is None else "ok"
    return Operation(
        index=index, session=f"s{index}", op="txn", ops=list(ops), start=start, end=end, status=status
    )


def verdict(*transactions: Operation, unwritten: object = None) -> str:
    history = History.from_operations(list(transactions))
    return check_specification(history, strictly_serializable(unwritten)).verdict


BOTH = txn(0, 0, 10, ["w", "x", 1], ["w", "y", 1])


@pytest.mark.parametrize(("y", "said"), [(1, "holds"), (None, "violated")])
def test_all_of_a_transaction_is_seen_or_nothing(y: object, said: str) -> None:
    assert verdict(BOTH, txn(1, 5, 20, ["r", "x", 1], ["r", "y", y])) == said
    assert verdict(BOTH, txn(1, 5, 20, ["r", "x", None], ["r", "y", None])) == "holds"


def test_what_had_ended_is_seen() -> None:
    assert verdict(BOTH, txn(1, 11, 20, ["r", "x", None], ["r", "y", None])) == "violated"


def test_transactions_that_skew_each_others_reads_have_no_order() -> None:
    first = txn(0, 0, 10, ["r", "x", None], ["w", "y", 1])
    second = txn(1, 0, 10, ["r", "y", None], ["w", "x", 1])
    assert verdict(first, second) == "violated"
    assert verdict(first, txn(1, 0, 10, ["r", "y", 1], ["w", "x", 1])) == "holds"


def test_lists_are_appended_to_and_a_transaction_sees_what_it_did() -> None:
    appended = txn(0, 0, 10, ["append", "x", 1], ["r", "x", [1]], ["append", "x", 2])
    assert verdict(appended, txn(1, 20, 30, ["r", "x", [1, 2]])) == "holds"
    assert verdict(appended, txn(1, 20, 30, ["r", "x", [2, 1]])) == "violated"


def test_an_open_transaction_may_have_read_anything_and_have_taken_effect_or_not() -> None:
    unknown = txn(0, 0, None, ["r", "y", None], ["w", "x", 1])
    wrote = txn(1, 0, 5, ["w", "y", 7])
    for x in (None, 1):
        assert verdict(unknown, wrote, txn(2, 10, 20, ["r", "x", x], ["r", "y", 7])) == "holds"


def test_keys_may_start_with_something() -> None:
    assert verdict(txn(0, 0, 10, ["r", "x", 0]), unwritten=0) == "holds"
    assert verdict(txn(0, 0, 10, ["r", "x", 0])) == "violated"
