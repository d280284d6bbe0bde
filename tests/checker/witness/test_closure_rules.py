"""What comes with one operation, case by case."""

from __future__ import annotations

from checker import Header, History, Operation
from checker.prepared import Prepared
from checker.witness.closed import Closure, part_of
from tests.checker.literal import c, d, f, history, r, w


def closed(*operations: Operation, on_values: bool = False, by_order: bool = False) -> list[set[int]]:
    """What comes with each operation."""
    closure = Closure(Prepared(history(*operations)), on_values=on_values, by_order=by_order)
    return [set(closure.of([row])) for row in range(len(operations))]


def test_a_read_brings_all_that_it_may_have_read_and_not_the_initial_version() -> None:
    ones = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10), w(2, "c", "x=2", 0, 10))
    assert closed(*ones, r(3, "d", "x=1", 20, 30), r(4, "d", "x=2", 40, 50)) == [
        {0},
        {1},
        {2},
        {0, 1, 3},
        {2, 4},
    ]
    assert closed(w(0, "a", "y=1", 0, 10), r(1, "b", "x=null", 20, 30)) == [{0}, {1}]


def test_a_final_read_that_found_nothing_brings_what_may_have_deleted() -> None:
    before = (w(0, "a", "x=1", 0, 10, position=1), d(1, "a", "x", 20, 30, position=2), d(2, "b", "y", 0, 5))
    final = f(3, "n", "x=null", 40, version=None)
    plain = r(4, "c", "x=null", 50, 60, version=None)
    assert closed(*before, final, plain)[3:] == [{1, 3}, {4}]


def test_an_illegal_read_brings_those_who_failed_to_write_it_or_began_too_late() -> None:
    ones = (w(0, "a", "x=1", 0, 5, status="fail"), r(1, "b", "x=1", 20, 30), w(2, "a", "x=1", 40, 50))
    other = (w(3, "c", "y=1", 0, 5, status="fail"), w(4, "c", "x=2", 6, 9, status="fail"))
    assert closed(*ones, *other)[1] == {0, 1, 2}


def test_an_open_write_brings_the_first_read_of_it() -> None:
    reads = (r(1, "b", "x=1", 20, 30), r(2, "b", "x=1", 40, 50))
    assert closed(w(0, "a", "x=1", 0, None), *reads) == [{0, 1}, {0, 1}, {0, 1, 2}]
    twice = (w(0, "a", "x=1", 0, None), w(1, "a", "x=1", 0, None), r(2, "b", "x=1", 20, 30))
    assert closed(*twice) == [{0, 1, 2}, {0, 1, 2}, {0, 1, 2}]
    assert closed(w(0, "a", "x=1", 0, None), r(1, "b", "x=null", 20, 30)) == [{0}, {1}]


def test_a_write_whose_place_a_read_tells_brings_that_read() -> None:
    untold = w(0, "a", "x=1", 0, 10)
    assert closed(untold, r(1, "b", "x=1", 20, 30, version=3)) == [{0, 1}, {0, 1}]
    assert closed(untold, r(1, "b", "x=1", 20, 30)) == [{0}, {0, 1}]
    told = w(0, "a", "x=1", 0, 10, position=3)
    assert closed(told, r(1, "b", "x=1", 20, 30, version=3)) == [{0}, {0, 1}]


def test_on_values_versions_say_nothing_and_an_open_swap_brings_what_it_may_have_found() -> None:
    swap = (w(0, "a", "x=1", 0, 10), c(1, "b", "x=1>2", 20, None), r(2, "c", "x=2", 40, 50))
    assert closed(*swap, on_values=True)[1] == {0, 1, 2}
    assert closed(*swap)[1] == {1, 2}
    twice = (w(0, "a", "x=1", 0, 10, position=1), w(1, "b", "x=1", 0, 10, position=2))
    read = r(2, "c", "x=1", 20, 30, version=2)
    assert closed(*twice, read)[2] == {1, 2}
    assert closed(*twice, read, on_values=True)[2] == {0, 1, 2}


def test_where_versions_are_compared_a_write_without_place_stays_beside_those_with_one() -> None:
    mixed = (w(0, "a", "x=1", 0, 10, position=1), w(1, "b", "x=2", 0, 10), w(2, "b", "x=3", 20, 30))
    other = (w(3, "c", "y=1", 0, 10),)
    assert closed(*mixed, *other, by_order=True) == [{0, 1}, {1}, {1, 2}, {3}]
    assert closed(*mixed, *other) == [{0}, {1}, {2}, {3}]


def test_a_part_is_a_history_of_its_own_in_the_order_of_the_whole() -> None:
    header = Header(name="n", schedule=[1], trace={"events": []}, one_log=True)
    operations = [
        r(7, "b", "x=1", 40, 50, version=1),
        w(5, "a", "y=1", 20, 30),
        w(3, "a", "x=1", 0, 10, position=1),
    ]
    whole = History.from_operations(operations, header=header)
    part = part_of(whole, [1, 2])
    assert [operation.index for operation in part.operations] == [5, 3]
    assert (len(part), part.header) == (2, Header(name="n", one_log=True))
    columns = part.columns
    assert (columns.index.tolist(), columns.start.tolist()) == ([5, 3], [20, 0])
    assert (columns.size, columns.by_session.tolist()) == (2, [1, 0])
