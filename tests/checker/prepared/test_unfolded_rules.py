"""What parts of transactions, and appends, are taken for."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Operation
from checker.prepared.unfolded import unfold
from tests.checker.literal import history, r, w
from tests.checker.prepared.test_transactions import append, told, txn, verdict


def delete(index: int, session: str, key: str, start: int, end: int, value: Any) -> Operation:
    return Operation(
        index=index, session=session, op="delete", key=key, value=value, start=start, end=end, status="ok"
    )


def test_a_read_of_its_own_append_is_of_the_list_before() -> None:
    own = txn(1, "a", 20, 30, ["append", "z", 5], ["r", "z", [4, 5]])
    assert verdict("no-thin-air-reads", append(0, "b", 4, 0, 10), own) == "holds"
    assert verdict("read-your-writes", append(0, "a", 4, 0, 10), own) == "holds"


def test_a_read_that_lacks_its_own_append_is_of_what_it_returned() -> None:
    without = txn(1, "a", 20, 30, ["append", "z", 5], ["r", "z", [4]])
    assert verdict("read-your-writes", append(0, "a", 4, 0, 10), without) == "holds"
    nothing = txn(1, "a", 20, 30, ["append", "z", 5], ["r", "z", None])
    assert verdict("read-your-writes", append(0, "a", 4, 0, 10), nothing) == "violated"


def test_what_a_transaction_says_of_its_version_is_of_none_of_its_reads() -> None:
    read = txn(1, "b", 20, 30, ["r", "x", 1], version=7)
    assert verdict("no-thin-air-reads", w(0, "a", "x=1", 0, 10, position=1), read) == "holds"


def test_keys_without_appends_are_what_they_are_without_transactions() -> None:
    """No write stands at version 3 of y, and the initial version is not it."""
    appended = append(0, "a", 5, 0, 10)
    assert verdict("no-thin-air-reads", appended, r(1, "a", "y=null", 20, 30, version=3)) == "violated"
    deleted = w(1, "b", "y=1", 0, 10), delete(2, "b", "y", 20, 30, value=3), r(3, "b", "y=null", 40, 50)
    assert verdict("read-your-writes", appended, *deleted) == "unknown"  # of the delete, or the initial one


def test_versions_of_lists_count_where_their_positions_do() -> None:
    read = r(1, "b", "z=[4]", 20, 30, version=1)
    assert verdict("no-thin-air-reads", append(0, "a", 4, 0, 10, position=2), read) == "violated"
    assert verdict("no-thin-air-reads", append(0, "a", 4, 0, 10), read) == "holds"


@pytest.mark.parametrize("value", ["4", "[4]", "null"])
def test_a_write_that_failed_is_none_of_a_list(value: str) -> None:
    """Nor did anybody read what it would have written, though it is an item of the list."""
    failed = w(0, "b", f"z={value}", 0, 5, status="fail")
    one = failed, append(1, "a", 4, 10, 20), r(2, "a", "z=[4]", 30, 40)
    for name in ("read-your-writes", "linearizable", "no-aborted-reads"):
        assert verdict(name, *one) == "holds"
    early = failed, r(1, "a", "z=[4]", 10, 20), append(2, "c", 4, 30, 40)
    assert verdict("no-aborted-reads", *early) == "holds"
    assert verdict("no-thin-air-reads", *early) == "violated"


def test_an_append_that_nobody_saw_is_not_the_empty_list() -> None:
    unseen = append(0, "a", 5, 0, 10), r(1, "a", "z=null", 20, 30)
    assert verdict("read-your-writes", *unseen) == "violated"


@pytest.mark.parametrize(
    "later", [append(1, "a", 5, 20, None), append(1, "a", 5, 20, 30, status="fail")], ids=["open", "failed"]
)
def test_an_append_that_took_no_effect_comes_after_nothing(later: Operation) -> None:
    assert verdict("monotonic-writes", append(0, "a", 4, 0, 10), later) == "unknown"


def test_appends_that_nobody_read_have_an_order_in_their_session() -> None:
    assert verdict("monotonic-writes", append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30)) == "holds"


@pytest.mark.parametrize("items", ['["x"]', "[4,5,4]", "[5]"])
def test_lists_that_are_no_prefixes_of_one_another_tell_no_order(items: str) -> None:
    plain = append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30), r(2, "a", "z=[4,5]", 40, 50)
    assert verdict("read-your-writes", *plain, r(3, "c", f"z={items}", 60, 70)) == "unknown"


def test_what_a_read_without_an_answer_says_forks_no_list() -> None:
    plain = append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30), r(2, "a", "z=[4,5]", 40, 50)
    open_read = txn(3, "c", 60, None, ["r", "z", [5]])
    assert verdict("read-your-writes", *plain, open_read) == "holds"


def test_there_is_room_for_the_places_of_the_longest_list() -> None:
    short = txn(2, "b", 0, 10, ["append", "y", 7])
    whole = unfold(history(append(0, "a", 4, 0, 10), r(1, "a", "z=[4]", 20, 30), short)).history.columns
    assert whole.place_count == 2
    assert whole.place.tolist() == [1, -1, 1]


def test_a_failed_append_in_a_list_did_not_take_effect() -> None:
    appended = append(0, "a", 4, 0, 10), append(1, "a", 5, 20, 30, status="fail")
    read = r(2, "b", "z=[4,5]", 40, 50)
    assert verdict("monotonic-writes", *appended, read) == "unknown"


def test_a_list_without_items_is_the_initial_version() -> None:
    assert "returned the initial version, which" in told(
        "read-your-writes", append(0, "a", 4, 0, 10), r(1, "a", "z=[]", 20, 30)
    )


def test_each_part_is_an_operation() -> None:
    one = history(
        txn(0, "a", 0, 10, ["w", "x", 1], ["append", "z", 4], ["r", "y", None]), w(1, "b", "x=2", 0, 5)
    )
    parts = unfold(one).history.operations
    assert [(part.index, part.op, part.key, part.value) for part in parts] == [
        (0, "read", "y", None),
        (0, "write", "x", 1),
        (0, "append", "z", 4),
        (1, "write", "x", 2),
    ]


def test_a_transaction_may_have_no_parts() -> None:
    assert (
        verdict("no-thin-air-reads", w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 20, 30), txn(2, "b", 40, 50))
        == "holds"
    )
