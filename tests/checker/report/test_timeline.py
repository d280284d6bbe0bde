"""The drawing of a few operations, exactly."""

from __future__ import annotations

from checker import Operation
from checker.report.timeline import draw
from tests.checker.literal import c, d, r, w


def drawn(*operations: Operation) -> str:
    return "\n".join(draw(operations))


def test_nothing_is_drawn_as_nothing() -> None:
    assert draw([]) == []


def test_what_follows_stands_to_the_right_of_what_ended_before() -> None:
    assert drawn(w(0, "s0", "k=2", 0, 10), r(1, "s1", "k=null", 20, 30)) == (
        "s0  ├ 0 writes k=2 ┤\n"  #
        "s1                  ├ 1 reads k=null ┤"
    )


def test_what_overlaps_stands_above_one_another() -> None:
    assert drawn(w(0, "s0", "k=2", 0, 10), r(1, "reader", "k=null", 5, 30)) == (
        "s0      ├ 0 writes k=2 ┤\n"  #
        "reader   ├ 1 reads k=null ┤"
    )


def test_what_never_returned_stays_open() -> None:
    assert drawn(w(0, "s0", "k=2", 0, None), r(1, "s1", "k=null", 20, 30)) == (
        "s0  ├ 0 writes k=2 ┄┄┄┄\n"  #
        "s1   ├ 1 reads k=null ┤"
    )


def test_what_never_returned_gives_way_to_the_next_of_its_session() -> None:
    assert drawn(w(0, "s0", "k=2", 0, None), r(1, "s0", "k=null", 20, 30)) == (
        "s0  ├ 0 writes k=2 ├ 1 reads k=null ┤"
    )


def test_what_takes_no_time_has_room_for_its_words() -> None:
    assert drawn(w(0, "s0", "k=2", 0, 0), r(1, "s0", "k=2", 1, 1)) == (
        "s0  ├ 0 writes k=2 ┤├ 1 reads k=2 ┤"  #
    )


def test_each_kind_has_its_words() -> None:
    failed = d(1, "s", "k", 20, 30, status="fail")
    assert drawn(c(0, "s", "k=null>2", 0, 10), failed) == (
        "s  ├ 0 replaces k=null by 2 ┤├ 1 deletes k, fails ┤"
    )
    append = Operation(index=0, session="s", op="append", key="k", value="x", start=0, end=9, status="ok")
    assert drawn(append) == 's  ├ 0 appends "x" to k ┤'
    transaction = Operation(index=0, session="s", op="txn", ops=[], start=0, end=9, status="ok")
    assert drawn(transaction) == "s  ├ 0 runs a transaction ┤"
