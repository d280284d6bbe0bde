"""What comes with some rows of a history, by hand: that without which they would prove otherwise."""

from __future__ import annotations

import pytest

from checker import Header, History, Operation
from checker.prepared import Prepared
from checker.witness.closed import Closure, part_of
from tests.checker.literal import c, d, f, history, r, w


def closed(whole: History, *rows: int, on_values: bool = False, by_order: bool = True) -> list[int]:
    closure = Closure(Prepared(whole), on_values=on_values, by_order=by_order)
    return sorted(closure.of(rows))


def txn(index: int, session: str, start: int, end: int, *ops: list[object]) -> Operation:
    return Operation(index=index, session=session, op="txn", ops=list(ops), start=start, end=end, status="ok")


def append(index: int, key: str, item: int, start: int) -> Operation:
    session, end = f"a{index}", start + 5
    return Operation(
        index=index, session=session, op="append", key=key, value=item, start=start, end=end, status="ok"
    )


def test_a_part_is_a_history_of_its_own() -> None:
    header = Header(one_log=True, schedule=[1], trace={"events": []})
    operations = [
        w(0, "b", "k=1", 50, 60, position=1),
        r(7, "a", "k=1", 30, 40, version=1),
        w(5, "b", "k=2", 10, 20, position=2),
        r(6, "a", "k=2", 10, 20, version=2),
    ]
    part = part_of(History.from_operations(operations, header=header), [0, 2, 3])
    assert [operation.index for operation in part.operations] == [0, 5, 6]
    assert (part.header.one_log, part.header.schedule, part.header.trace) == (True, None, None)
    columns = part.columns
    assert (columns.size, columns.start.tolist(), columns.by_session.tolist()) == (3, [50, 10, 10], [1, 0, 2])


# --- reads, and who wrote what they returned


def test_with_a_read_come_its_writers_and_nobody_else() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=1", 0, 10, position=2),
        w(2, "c", "k=1", 0, 10, status="fail"),
        w(3, "d", "j=1", 0, 10, position=3),
        r(4, "e", "k=1", 20, 30, version=1),
        r(5, "e", "k=1", 40, 50),
        r(6, "f", "k=1", 40, 50, version=2),
    )
    assert closed(whole, 4) == [0, 4]
    assert closed(whole, 5) == [0, 1, 5]
    assert closed(whole, 4, 6) == [0, 1, 4, 6]
    assert closed(whole, 0) == [0]


def test_who_sees_values_alone_keeps_all_who_wrote_them() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=1", 0, 10, position=2),
        r(2, "c", "k=1", 20, 30, version=2),
    )
    assert closed(whole, 2) == [1, 2]
    assert closed(whole, 2, on_values=True) == [0, 1, 2]
    assert closed(whole, 0, on_values=True) == [0]


@pytest.mark.parametrize("on_values", [False, True])
def test_with_an_illegal_read_come_all_who_wrote_its_value(on_values: bool) -> None:
    whole = history(
        w(0, "a", "k=9", 0, 10, status="fail"),
        r(1, "b", "k=9", 20, 30),
        r(2, "c", "k=9", 20, 30),
        w(3, "d", "k=9", 60, 70),
        w(4, "d", "k=8", 80, 90),
        w(5, "e", "j=9", 0, 10),
    )
    assert closed(whole, 1, on_values=on_values) == [0, 1, 3]


@pytest.mark.parametrize("version", [{}, {"version": None}])
def test_who_read_the_initial_version_stands_alone(version: dict[str, None]) -> None:
    whole = history(w(0, "a", "k=1", 0, 10), r(1, "b", "k=null", 20, 30, **version), d(2, "a", "j", 20, 30))
    assert closed(whole, 1) == [1]


def test_with_a_final_read_of_nothing_comes_what_deleted_the_key() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        d(1, "a", "k", 20, 30, position=2),
        d(2, "a", "j", 40, 50, position=3),
        f(3, "n", "k=null", 60, version=None),
        f(4, "m", "k=1", 60, version=1),
        r(5, "b", "k=null", 60, 70, version=None),
    )
    assert (closed(whole, 3), closed(whole, 4), closed(whole, 5)) == ([1, 3], [0, 4], [5])


# --- writes, and who read them


def test_an_open_write_comes_with_the_first_read_of_it() -> None:
    reads = [r(number, f"s{number}", "k=1", 20 + number, 40) for number in (1, 2, 3)]
    assert closed(history(w(0, "a", "k=1", 0, None), *reads), 0) == [0, 1]
    assert closed(history(w(0, "a", "k=1", 0, 10), *reads), 0) == [0]
    assert closed(history(w(0, "a", "k=1", 0, None), r(1, "b", "k=null", 20, 30)), 0) == [0]


def test_an_open_write_comes_with_a_read_that_others_may_explain() -> None:
    writes = [w(0, "a", "k=1", 0, None), w(1, "b", "k=1", 0, 10)]
    reads = [r(number, f"s{number}", "k=1", 20 + number, 40) for number in (2, 3)]
    assert closed(history(*writes, *reads), 0) == [0, 1, 3], "the last one"
    assert closed(history(*writes, *reads), 1) == [1]
    first = r(9, "f", "k=1", 20, 40)
    assert closed(history(first, *writes, *reads), 1) == [1, 2, 4]


def test_the_first_row_may_be_the_read_that_surely_returned_an_open_write() -> None:
    whole = history(
        r(0, "d", "k=1", 20, 30, version=1),
        w(1, "a", "k=1", 0, None, position=1),
        w(2, "b", "k=1", 0, 10, position=2),
        r(3, "c", "k=1", 40, 50),
    )
    assert closed(whole, 1) == [0, 1]


def test_an_open_write_that_no_version_agrees_with_stands_alone() -> None:
    whole = history(w(0, "a", "k=1", 0, None, position=1), r(1, "b", "k=1", 20, 30, version=2))
    assert closed(whole, 0) == closed(whole, 0, on_values=True) == [0]


def test_a_write_comes_with_the_read_that_says_its_place() -> None:
    told = w(0, "a", "k=1", 0, 10)
    whole = history(told, w(1, "b", "k=2", 0, 10, position=1), r(2, "c", "k=1", 20, 30, version=3))
    assert closed(whole, 0, by_order=False) == [0, 2]
    assert closed(whole, 0, on_values=True, by_order=False) == [0]
    assert closed(whole, 1, by_order=False) == [1]
    silent = history(told, r(1, "c", "k=1", 20, 30))
    assert closed(silent, 0) == [0]


def test_an_open_swap_judged_by_values_comes_with_who_wrote_what_it_expected() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=2", 0, 10, position=2),
        c(2, "c", "k=1>3", 20, None, position=3),
        r(3, "d", "k=1", 30, 40, version=1),
    )
    assert closed(whole, 2) == [2]
    assert closed(whole, 2, on_values=True) == [0, 2]
    assert closed(whole, 0, on_values=True) == [0]


# --- what the order of a key rests on


def test_the_first_write_without_place_comes_with_all_that_compare_versions() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=2", 0, 10),
        w(2, "c", "k=3", 0, 10),
        w(3, "d", "j=1", 0, 10, position=2),
        w(4, "e", "i=1", 0, 10),
        w(5, "f", "i=2", 0, 10),
    )
    assert (closed(whole, 0), closed(whole, 3), closed(whole, 4)) == ([0, 1], [3], [4])
    assert closed(whole, 0, by_order=False) == [0]


def test_each_key_has_a_write_without_place_of_its_own() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=2", 0, 10),
        w(2, "c", "j=1", 0, 10, position=2),
        w(3, "d", "j=2", 0, 10),
    )
    assert (closed(whole, 0), closed(whole, 2)) == ([0, 1], [2, 3])


def test_the_write_without_place_may_be_the_first() -> None:
    whole = history(w(0, "a", "k=1", 0, 10), w(1, "b", "k=2", 0, 10, position=1))
    assert closed(whole, 1) == [0, 1]


# --- transactions and appends


def test_a_transaction_comes_whole_and_without_other_writes_of_its_keys() -> None:
    whole = history(
        w(0, "a", "j=1", 0, 5),
        w(1, "a", "k=7", 10, 15),
        txn(2, "b", 20, 30, ["w", "k", 1], ["r", "j", 1]),
        r(3, "c", "k=1", 40, 50),
    )
    assert (closed(whole, 2), closed(whole, 3), closed(whole, 1)) == ([0, 2], [0, 2, 3], [1])


def test_an_append_comes_with_all_of_its_key_and_nothing_of_others() -> None:
    whole = history(
        append(0, "k", 1, 0),
        append(1, "k", 2, 10),
        r(2, "s", "k=[1]", 20, 25),
        append(3, "l", 1, 0),
        w(4, "t", "j=1", 0, 5),
        w(5, "t", "j=2", 10, 15),
    )
    assert (closed(whole, 0), closed(whole, 3), closed(whole, 4)) == ([0, 1, 2], [3], [4])


def test_an_open_append_that_was_followed_by_others_has_no_read_of_its_own() -> None:
    opened = Operation(index=0, session="o", op="append", key="k", value=1, start=0, end=None, status="info")
    whole = history(opened, append(1, "k", 2, 10), r(2, "s", "k=[1, 2]", 20, 25), w(3, "t", "j=1", 0, 5))
    assert closed(whole, 0) == [0, 1, 2]


def test_a_transaction_that_read_its_own_later_write_comes_with_all_who_wrote_that() -> None:
    whole = history(txn(0, "a", 0, 10, ["r", "k", 1], ["w", "k", 1]), w(1, "b", "k=1", 0, 10, status="fail"))
    assert closed(whole, 0) == closed(whole, 0, on_values=True) == [0, 1]
