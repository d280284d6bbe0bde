"""Who wrote and who read what, and whose places count, where all of it can be said."""

from __future__ import annotations

from typing import Any

from checker import Operation
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w

MIXED = (
    w(0, "a", "x=1", 0, 5, position=1),
    w(1, "a", "x=2", 10, 15, position=2),
    w(2, "b", "x=3", 0, None),
    w(3, "c", "x=4", 0, None),
    w(4, "d", "x=9", 0, 5, status="fail"),
    r(5, "e", "x=3", 20, 25),
    r(6, "e", "x=null", 30, 35),
    r(7, "e", "x=7", 40, 45),
    w(8, "f", "y=1", 0, 5),
    w(9, "g", "y=1", 0, 5),
    r(10, "h", "y=1", 10, 15),
    r(11, "h", "z=null", 20, 25),
)
"""Of the open writes 2 was read and 3 was not; 7 is illegal, and 10 may have read 8 or 9."""


def mixed() -> Prepared:
    return Prepared(history(*MIXED))


def test_open_writes_took_effect_if_they_were_read() -> None:
    assert mixed().writes.tolist() == [0, 1, 2, 3, 8, 9]
    assert mixed().acknowledged.tolist() == [0, 1, 8, 9]
    assert mixed().took.nonzero()[0].tolist() == [0, 1, 2, 8, 9]
    assert mixed().written.tolist() == [0, 1, 2, 8, 9]
    assert not mixed().all_acknowledged


def test_an_open_write_that_one_of_several_may_have_been_took_effect() -> None:
    one = Prepared(history(w(0, "a", "x=1", 0, None), w(1, "b", "x=1", 0, None), r(2, "c", "x=1", 5, 9)))
    assert one.took.tolist() == [True, True, False, False]
    assert one.ranked_key.tolist() == [False]
    last = Prepared(history(r(0, "c", "x=1", 5, 9), w(1, "a", "x=1", 0, None), w(2, "b", "x=1", 0, None)))
    assert last.written.tolist() == [1, 2]


def test_what_each_read_read() -> None:
    assert mixed().reads.tolist() == [5, 6, 7, 10, 11]
    assert mixed().read_from.tolist() == [2, 12, -1, -2, 12]
    assert mixed().ambiguous.nonzero()[0].tolist() == [7, 10]
    assert [mixed().versions_of(read) for read in (5, 6, 7, 10)] == [(2,), (12,), (), (8, 9)]


def test_a_key_without_a_place_for_all_is_positioned_but_not_ranked() -> None:
    """A key that nobody wrote is neither."""
    assert mixed().positioned_key.tolist() == [True, False, False]
    assert mixed().in_log.tolist() == [True, False, False]
    assert not mixed().all_positioned
    assert mixed().unplaced.tolist() == [2]
    assert mixed().ranked_key.tolist() == [False, False, False]
    assert not mixed().ranked.any()
    assert mixed().positioned.nonzero()[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert mixed().place.tolist() == [1, 2, *[-1] * 10, 0]


def test_a_key_whose_open_write_has_a_place_from_its_read_is_ranked() -> None:
    one = Prepared(
        history(
            w(0, "a", "x=1", 0, 5, position=1),
            w(1, "b", "x=2", 0, None),
            r(2, "c", "x=2", 10, 15, version=4),
            w(3, "d", "y=1", 0, 5),
            w(4, "d", "y=2", 10, None),
            r(5, "e", "y=2", 20, 25),
        )
    )
    assert one.place.tolist() == [1, 2, -1, -1, -1, -1, 0]
    assert one.unplaced.tolist() == []
    assert one.ranked_key.tolist() == [True, False]
    assert one.ranked.nonzero()[0].tolist() == [0, 1, 2]


def test_the_places_that_a_read_may_have_returned() -> None:
    """Read 3 may have returned the first or the second write, 4 the third; 5 is illegal."""
    one = Prepared(
        history(
            w(0, "a", "x=1", 0, 5, position=1),
            w(1, "a", "x=1", 10, 15, position=3),
            w(2, "a", "x=2", 20, 25, position=5),
            r(3, "b", "x=1", 30, 35),
            r(4, "b", "x=2", 40, 45),
            r(5, "b", "x=9", 50, 55),
            r(6, "b", "x=null", 60, 65),
        )
    )
    oldest, newest = one.read_places
    assert oldest[one.reads].tolist() == [1, 3, -1, 0]
    assert newest[one.reads].tolist() == [2, 3, 4, 0]
    assert one.all_acknowledged
    assert one.all_positioned
    clear = Prepared(history(w(0, "a", "x=1", 0, 5, position=1), r(1, "b", "x=1", 10, 15)))
    assert clear.read_places[0] is clear.read_places[1]
    assert clear.read_places[0][1] == 1


def test_one_illegal_read_or_one_ambiguous_one_is_enough_for_two_arrays() -> None:
    write = w(0, "a", "x=1", 0, 5, position=1)
    illegal = Prepared(history(write, r(1, "b", "x=9", 10, 15))).read_places
    assert [places[1] for places in illegal] == [-1, 2]
    both = (write, w(1, "a", "x=1", 10, 15, position=2), r(2, "b", "x=1", 20, 25))
    assert [places[2] for places in Prepared(history(*both)).read_places] == [1, 2]


def test_a_compare_and_set_reads_and_writes() -> None:
    one = Prepared(
        history(
            w(0, "a", "x=1", 0, 5, position=1),
            c(1, "a", "x=1>2", 10, 15, position=2),
            c(2, "a", "x=1>3", 20, 25, status="fail"),
        )
    )
    assert (one.swaps, mixed().swaps) == (True, False)
    assert one.reads.tolist() == [1]
    assert one.read_from.tolist() == [0]
    assert one.acknowledged.tolist() == [0, 1]
    assert one.operation_of.tolist() == [0, 1, 2]


def append(index: int, session: str, text: str, item: int, end: int | None = 5) -> Operation:
    status: Any = "info" if end is None else "ok"
    return Operation(
        index=index, session=session, op="append", key=text, value=item, start=0, end=end, status=status
    )


def test_places_that_were_read_off_lists_are_in_no_log() -> None:
    one = Prepared(
        history(
            append(0, "a", "x", 1),
            append(1, "b", "x", 2),
            r(2, "c", "x=[1, 2]", 10, 15),
            w(3, "a", "y=1", 10, 15, position=1),
        )
    )
    assert (one.derived_keys, one.opaque_keys) == (frozenset((0,)), frozenset())
    assert one.derived_key.tolist() == [True, False]
    assert one.positioned_key.tolist() == [True, True]
    assert one.in_log.tolist() == [False, True]
    assert not one.all_positioned
    assert one.positioned_key.tolist() == [True, True]


def test_an_open_append_that_a_list_shows_took_effect() -> None:
    read = r(2, "c", "x=[1, 2]", 10, 15)
    one = Prepared(history(append(0, "a", "x", 1, None), append(1, "b", "x", 2), read))
    assert one.took.tolist() == [True, True, False, False]


def test_a_key_whose_appends_nothing_orders_has_no_writes_and_no_reads() -> None:
    """Two appended the same item."""
    one = Prepared(
        history(
            append(0, "a", "x", 1),
            append(1, "b", "x", 1),
            r(2, "c", "x=[1, 1]", 10, 15),
            w(3, "a", "y=1", 10, 15, position=1),
            r(4, "c", "y=1", 20, 25),
            w(5, "d", "x=[5]", 0, 5),
        )
    )
    assert (one.opaque_keys, one.derived_keys) == (frozenset((0,)), frozenset())
    assert one.is_write.nonzero()[0].tolist() == [3]
    assert (one.reads.tolist(), one.writes.tolist(), one.acknowledged.tolist()) == ([4], [3], [3])


def test_who_judges_may_say_otherwise_than_the_header() -> None:
    for said in (True, False):
        one = history(w(0, "a", "x=1", 0, 5), real_time_writes=said, one_log=said)
        assert Prepared(one).real_time_writes is said
        assert Prepared(one, real_time_writes=said).real_time_writes is said
        assert Prepared(one, real_time_writes=not said).real_time_writes is (not said)
        assert Prepared(one).one_log is said


def test_limits_are_those_of_somebody_who_did_not_say() -> None:
    assert (mixed().memory_limit, mixed().deadline) == (4_000_000_000, None)
    assert (mixed().key_count, mixed().size, mixed().initial) == (3, 12, 12)


def test_what_is_plain_is_judged_as_it_is() -> None:
    """A history of nothing, too."""
    nothing, plain = history(), history(c(0, "a", "x=null>1", 0, 5), r(1, "a", "x=1", 10, 15))
    for one in (nothing, plain):
        assert Prepared(one).unfolded is None
        assert Prepared(one).history is Prepared(one).whole is one
    assert Prepared(history(append(0, "a", "x", 1))).unfolded is not None


def test_no_part_of_a_transaction_reads_what_another_part_wrote() -> None:
    both = Operation(
        index=0, session="a", op="txn", ops=[("r", "x", 1), ("w", "x", 1)], start=0, end=5, status="ok"
    )
    assert Prepared(history(both)).read_from.tolist() == [-1]
