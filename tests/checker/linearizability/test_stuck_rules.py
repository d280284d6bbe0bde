"""Which few operations show that a register is not linearizable, and which must stay with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from checker import Operation
from checker.linearizability import stuck
from checker.linearizability.stuck import CONFIGURATIONS, Stuck, _Parts, _size, find_stuck_among
from checker.linearizability.stuck import find_stuck as find_stuck_in
from checker.search.budget import Meter
from checker.sequential.deeds import deeds_of
from checker.sequential.makers import Makers, _begins
from tests.checker.literal import a, c, d, r, t, w
from tests.checker.registers import searching


def parts(*operations: Operation, most: int = CONFIGURATIONS) -> _Parts:
    makers = Makers(operations, range(len(operations)))
    return _Parts(operations, makers, searching(operations), {}, most)


def find_stuck(operations: list[Operation], number: int) -> Stuck:
    return find_stuck_in(operations, number, searching(operations), items={})


def closed(*operations: Operation, without: int) -> set[int]:
    """What stays of some operations if one is left out."""
    return parts(*operations).closed(set(range(len(operations))) - {without})


def test_a_read_goes_with_each_write_that_it_may_have_returned() -> None:
    one = (
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=1", 0, 10),
        w(2, "c", "x=2", 0, 10),
        r(3, "d", "x=1", 20, 30),
    )
    assert closed(*one, without=0) == {1, 2}
    assert closed(*one, without=1) == {0, 2}
    assert closed(*one, without=2) == {0, 1, 3}
    assert closed(*one, without=3) == {0, 1, 2}


def test_what_is_left_out_takes_with_it_what_read_of_it() -> None:
    """Without operation 0, compare-and-set 1 may have found what it expected nowhere, and so for 2."""
    one = (w(0, "a", "x=1", 0, 10), c(1, "b", "x=1>2", 20, 30), r(2, "c", "x=2", 40, 50))
    assert closed(*one, without=0) == set()
    assert closed(*one, without=1) == {0}


def test_a_compare_and_set_is_a_writer_and_misses_others_but_not_itself() -> None:
    one = (c(0, "a", "x=1>1", 0, 30), w(1, "b", "x=1", 5, 10), r(2, "c", "x=1", 40, 50))
    assert closed(*one, without=1) == set()
    assert closed(*one, without=2) == {0, 1}
    assert closed(c(0, "a", "x=1>1", 0, 30), r(1, "b", "x=3", 5, 9), without=1) == {0}


@pytest.mark.parametrize(("start", "kept"), [(20, {1}), (21, {1, 2})])
def test_a_write_that_started_after_a_read_had_ended_is_not_missed(start: int, kept: set[int]) -> None:
    one = (w(0, "a", "x=1", start, 40), w(1, "b", "x=2", 0, 5), r(2, "c", "x=1", 10, 20))
    assert closed(*one, without=0) == kept


@pytest.mark.parametrize(
    ("replacing", "kept"),
    [
        (w(1, "b", "x=2", 11, 20), {1, 2}),
        (d(1, "b", "x", 11, 20), {1, 2}),
        (c(1, "b", "x=3>2", 11, 20), {1, 2}),
        (w(1, "b", "x=2", 10, 20), {1}),
        (w(1, "b", "x=2", 11, 30), {1}),
        (w(1, "b", "x=2", 11, None), {1}),
        (a(1, "b", "x=2", 11, 20), {1}),
        (r(1, "b", "x=2", 11, 20), {1}),
    ],
)
def test_a_write_that_another_one_had_surely_replaced_is_not_missed(
    replacing: Operation, kept: set[int]
) -> None:
    """Replaced is what had ended before a write started that had ended before the read started."""
    one = (w(0, "a", "x=1", 0, 10), replacing, r(2, "c", "x=1", 30, 40))
    assert closed(*one, without=0) == kept


def test_an_open_write_is_never_replaced() -> None:
    """Nor is one whose client says when it gave up."""
    others = (w(1, "b", "x=2", 11, 20), r(2, "c", "x=1", 30, 40))
    assert closed(w(0, "a", "x=1", 0, None), *others, without=0) == {1}
    assert closed(w(0, "a", "x=1", 0, 10, status="info"), *others, without=0) == {1}


def test_a_delete_leaves_nothing_whatever_value_it_names() -> None:
    delete = structs.replace(d(0, "a", "x", 0, 10), value=1)
    reads = (r(1, "b", "x=null", 20, 30), r(2, "c", "x=1", 20, 30))
    assert closed(delete, *reads, without=0) == {2}


def test_the_last_of_several_that_replaced_counts() -> None:
    replacing = (w(1, "b", "x=2", 5, 8), w(2, "b", "x=3", 15, 25))
    one = (w(0, "a", "x=1", 0, 10), *replacing, r(3, "c", "x=1", 30, 40))
    assert closed(*one, without=0) == {1, 2, 3}
    assert parts(*one).closed({1, 3}) == {1}
    assert parts(*one).closed({2, 3}) == {2, 3}


def test_where_values_grow_a_reader_goes_with_all_that_may_be_in_what_it_found() -> None:
    one = (
        w(0, "s0", "x=[1]", 0, 50),
        w(1, "s1", "x=[2]", 0, 50),
        d(2, "s2", "x", 0, 50),
        a(3, "s3", "x=3", 0, 50),
        a(4, "s4", "x=4", 0, 50),
        c(5, "s5", "x=7>[1,3]", 0, 50),
        r(6, "s6", "x=[1.0,3]", 60, 70),
    )
    gone = {number: 6 not in closed(*one, without=number) for number in range(6)}
    assert gone == {0: True, 1: False, 2: True, 3: True, 4: False, 5: True}


def test_where_strings_grow_pieces_are_looked_for() -> None:
    one = (
        w(0, "s0", 'x="a"', 0, 50),
        w(1, "s1", 'x="b"', 0, 50),
        w(2, "s2", "x=1", 0, 50),
        a(3, "s3", 'x="bc"', 0, 50),
        a(4, "s4", 'x="ca"', 0, 50),
        a(5, "s5", "x=1", 0, 50),
        d(6, "s6", "x", 0, 50),
        r(7, "s7", 'x="abc"', 60, 70),
    )
    gone = {number: 7 not in closed(*one, without=number) for number in range(7)}
    assert gone == {0: True, 1: True, 2: False, 3: True, 4: False, 5: False, 6: True}


def test_an_append_that_may_be_refused_goes_with_all_that_may_have_allowed_it() -> None:
    """To 7 nothing can be appended, to a string nothing else than a string."""
    one = (
        w(0, "s0", "x=7", 0, 50),
        w(1, "s1", "x=[1]", 0, 50),
        w(2, "s2", 'x="a"', 0, 50),
        d(3, "s3", "x", 0, 50),
        c(4, "s4", "x=7>null", 0, 50),
        a(5, "s5", "x=5", 0, 50),
        a(6, "s6", 'x="b"', 0, 50),
        w(7, "s7", "x=[2]", 71, 80),
        w(8, "s8", "x=[3]", 70, 80),
    )
    for item, makers in (("8", [1, 2, 3, 4, 5, 6, 8]), ('"c"', [1, 2, 3, 4, 8])):
        found = parts(*one, a(9, "s9", f"x={item}", 60, 70))._makers.of(9)
        assert found == [("x", maker) for maker in makers]
    lists = (w(0, "s0", "x=[1]", 0, 50), a(1, "s1", "x=1", 0, 50), a(2, "s2", "x=2", 60, 70))
    assert closed(*lists, without=0) == {1, 2}
    texts = (w(0, "s0", 'x="a"', 0, 50), a(1, "s1", 'x="b"', 0, 50), a(2, "s2", 'x="c"', 60, 70))
    assert closed(*texts, without=0) == {1, 2}
    mixed = (w(0, "s0", 'x="a"', 0, 50), d(1, "s1", "x", 0, 50), a(2, "s2", "x=2", 60, 70))
    assert closed(*mixed, without=1) == {0}


@pytest.mark.parametrize("start", [60, 100])
def test_what_was_under_way_when_one_was_stuck_may_have_found_what_came_later(start: int) -> None:
    """Operation 2 is stuck when it ends, at 30; operation 4 read what 5 wrote after that."""
    one = [w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 12, 15), r(2, "c", "x=1", 20, 30)]
    others = [r(4, "e", "x=9", 25, 100), w(5, "f", "x=9", start, 110)]
    assert find_stuck([*one, *others], 2) == Stuck((1, 2), 2)


def test_what_came_after_all_that_counts_is_not_missed() -> None:
    """The open compare-and-set may have taken effect on operation 6, but nobody was left to see it."""
    one = [w(0, "a", "x=7", 0, 2), w(1, "a", "x=1", 5, 10), c(2, "b", "x=1>2", 5, None)]
    reads = [r(3, "c", "x=2", 12, 15), w(4, "c", "x=3", 16, 18), r(5, "c", "x=2", 20, 30)]
    assert find_stuck([*one, *reads, w(6, "d", "x=1", 40, 50)], 5) == Stuck((1, 2, 4, 5), 5)


def test_what_is_no_list_was_not_appended_to() -> None:
    one = (w(0, "a", "x=1", 0, 5), a(1, "b", "x=1", 0, 5), w(2, "c", "x=1.0", 0, 5), r(3, "d", "x=1", 9, 10))
    gone = {number: 3 not in closed(*one, without=number) for number in range(3)}
    assert gone == {0: True, 1: False, 2: True}


@pytest.mark.parametrize(
    ("found", "written", "begins"),
    [
        ("abc", "ab", True),
        ("abc", "abc", True),
        ("abc", "b", False),
        ("abc", None, True),
        ("1", 1, False),
        ([1, 2], [1], True),
        ([1, 2], (1.0, 2), True),
        ([1, 2], [], True),
        ([1, 2], [2], False),
        ([1, 2], [1, 2, 3], False),
        ([1, 2], None, True),
        ([1, 2], 1, False),
        (None, None, True),
        (None, [], True),
        (None, 0, False),
        (1, 1.0, True),
        (1, None, False),
        (1, [], False),
    ],
)
def test_what_may_have_grown_from_what_was_written(found: Any, written: Any, begins: bool) -> None:
    assert _begins(found, written) == begins


def test_long_values_are_more_to_search() -> None:
    sizes = [
        _size(deeds_of(r(0, "a", f"x={text}", 0, 1)), {})
        for text in ("1", "null", "[]", "[1,2]", '"1234567"', '"12345678"')
    ]
    assert sizes == [1, 1, 1, 17, 1, 2]
    several = deeds_of(t(0, "a", 'x=[1,2,3,4,5,6,7,8] y=[1,2] x:=7 x="12345678" x=[1,2,3]', 0, 1))
    assert _size(several, {}) == 1 + 64 + 16 + 1 + 24
    assert _size(several, {"x": {}}) == 1 + 1 + 16 + 1


def test_a_window_is_what_went_on_since_some_operations_started() -> None:
    """Open ones from before it only if one in it may have read of them."""
    one = (
        w(0, "a", "x=0", 0, 30),
        w(1, "b", "x=1", 5, None),
        w(2, "c", "x=2", 6, None),
        w(3, "d", "x=3", 10, 29),
        w(4, "e", "x=4", 30, None),
        r(5, "f", "x=1", 40, 50),
        r(6, "g", "x=9", 41, 50),
    )
    found = parts(*one)
    assert found.window(range(7), 6, 3) == {0, 1, 4, 5, 6}
    assert found.window(range(7), 6, 2) == {1, 5, 6}
    assert found.window(range(7), 5, 1) == {1, 5, 6}
    assert found.window(range(7), 6, 1) == {1, 5, 6}
    assert parts(*one[:5], one[6]).window(range(6), 5, 1) == {5}


def test_the_end_of_a_part_is_where_it_has_no_order() -> None:
    one = (
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=2", 0, 10),
        r(2, "c", "x=3", 20, 30),
        r(3, "c", "x=1", 40, 50),
    )
    assert parts(*one).stuck({0, 1, 2, 3}) == 2
    assert parts(*one).stuck({0, 1, 3}) is None
    assert parts(*one).stuck({2}) == 2
    assert parts(*one).stuck(set()) is None


def test_a_part_whose_reads_do_not_show_strings_tells_nothing_of_them() -> None:
    strings = (a(0, "a", 'x="a"', 0, 10), r(1, "b", 'x="a"', 20, 30), r(2, "b", "x=3", 40, 50))
    assert parts(*strings).stuck({0, 1, 2}) == 2
    assert parts(*strings).stuck({0, 2}) is None
    lists = (a(0, "a", 'x="a"', 0, 10), r(1, "b", 'x=["a"]', 20, 30), r(2, "b", "x=3", 40, 50))
    assert parts(*lists).stuck({0, 2}) == 2
    plain = (w(0, "a", 'x="a"', 0, 10), r(1, "b", 'x="a"', 20, 30), r(2, "b", "x=3", 40, 50))
    assert parts(*plain).stuck({0, 2}) == 2


def test_what_is_enough_work(monkeypatch: pytest.MonkeyPatch) -> None:
    one = (w(0, "a", "x=[1]", 0, 10), r(1, "b", "x=3", 20, 30))
    monkeypatch.setattr(stuck, "_WORK", 20)
    found = parts(*one)
    assert found.stuck({0, 1}) == 1
    assert not found.spent()
    assert found.stuck({0, 1}) == 1
    assert not found.spent()
    assert found.stuck({1}) is None
    assert found.spent()


def test_what_can_be_left_out_is_left_out() -> None:
    """Before, after, and the write itself that was read, since operation 91 had surely replaced it."""
    noise = [w(at, "n", f"x={100 + at}", 10 * at, 10 * at + 5) for at in range(10)]
    late = [w(20 + at, "n", f"x={200 + at}", 500 + 10 * at, 505 + 10 * at) for at in range(3)]
    core = [w(90, "a", "x=1", 200, 210), w(91, "a", "x=2", 220, 230), r(92, "b", "x=1", 240, 250)]
    assert find_stuck([*noise, *core, *late], 12) == Stuck((11, 12), 12)


def test_what_contradicts_a_read_is_looked_for_near_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is not the time to search all three hundred operations."""
    noise = [w(at, "n", f"x={100 + at}", 10 * at, 10 * at + 5) for at in range(300)]
    core = [w(990, "a", "x=1", 5000, 5010), w(991, "a", "x=2", 5020, 5030), r(992, "b", "x=1", 5040, 5050)]
    monkeypatch.setattr(stuck, "_WORK", 150)
    assert find_stuck([*noise, *core], 302) == Stuck((301, 302), 302)


def test_where_there_is_no_time_what_is_known_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = [w(at, "n", f"x={100 + at}", 10 * at, 10 * at + 5) for at in range(10)]
    late = [w(20, "n", "x=200", 250, 260), w(21, "n", "x=201", 251, 260)]
    core = [w(90, "a", "x=1", 200, 210), w(91, "a", "x=2", 220, 230), r(92, "b", "x=1", 240, 250)]
    monkeypatch.setattr(stuck, "_WORK", -1)
    assert find_stuck([*noise, *core, *late], 12) == Stuck(tuple(range(14)), 12)


def test_a_read_that_shows_that_values_are_strings_is_kept_though_it_comes_late() -> None:
    """Without it what is appended to nothing begins a list, to which 1 may be appended."""
    one = [a(0, "a", 'x="a"', 0, 10), a(1, "a", "x=1", 20, 30)]
    late = [r(2, "b", 'x="a"', 40, 50), r(3, "b", 'x="a"', 60, 70)]
    assert find_stuck([*one, *late], 1) == Stuck((0, 1, 2), 1)
    early = [a(0, "a", 'x="a"', 0, 10), r(1, "b", 'x="a"', 12, 15), a(2, "a", "x=1", 20, 30)]
    assert find_stuck([*early, *late], 2) == Stuck((0, 1, 2), 2)


def test_once_others_are_left_out_another_one_may_be_stuck() -> None:
    """Without operation 1, which was, it is the read that was invoked as that one returned."""
    one = [w(0, "a", "x=3", 1, 2), c(1, "b", "x=null>2", 17, 19), r(2, "c", "x=null", 19, 21)]
    assert find_stuck(one, 1) == Stuck((0, 2), 2)
    assert find_stuck(one[:2], 1) == Stuck((0, 1), 1)


def test_another_one_may_be_stuck_where_nothing_can_be_left_out() -> None:
    """Operation 9 found 1 too late, as operations 1 and 2 show; without them only one can replace its 2."""
    far = [w(0, "a", "x=1", 0, 200), r(1, "b", "x=1", 5, 6), w(2, "b", "x=5", 10, 20)]
    dropped = [r(at, "b", "x=5", 24 + 2 * at, 25 + 2 * at) for at in range(3, 9)]
    swaps = [c(9, "c", "x=1>2", 100, 104), c(10, "d", "x=2>8", 100, 140), c(11, "e", "x=2>9", 100, 150)]
    assert find_stuck([*far, *dropped, *swaps], 9) == Stuck((0, 9, 10, 11), 11)


def test_operations_are_named_in_the_order_of_invocation() -> None:
    """Seven and eight, which a set of numbers holds the other way round."""
    noise = [w(at, "n", f"x={100 + at}", 10 * at, 10 * at + 5) for at in range(6)]
    core = [w(90, "a", "x=1", 200, 210), w(91, "a", "x=2", 220, 230), r(92, "b", "x=1", 240, 250)]
    assert find_stuck([*noise, *core], 8) == Stuck((7, 8), 8)
    reads = [r(at, "r", f"x={at}", 20, 30) for at in range(9)]
    assert parts(*reads).stuck({7, 8}) == 7


def test_what_ended_before_time_zero_may_have_been_read() -> None:
    one = (w(0, "a", "x=1", -100, -90), r(1, "b", "x=1", -80, -70))
    assert closed(*one, without=0) == set()


def test_what_are_enough_configurations() -> None:
    one = (w(0, "a", "x=1", 0, 10), r(1, "b", "x=3", 20, 30))
    found = parts(*one, most=2)
    assert found.stuck({0, 1}) == 1
    assert not found.spent()
    assert found.stuck({0, 1}) is None
    assert found.spent()


def among(operations: list[Operation], *some: list[int], meter: Meter | None = None) -> Stuck | None:
    return find_stuck_among(operations, some, searching(operations), meter or Meter(), written={})


def test_what_contradicts_itself_is_shown_with_what_made_it() -> None:
    """Of many operations only those are looked at; what can be left out of them is."""
    noise = [w(at, "n", f"x={100 + at}", 10 * at, 10 * at + 5) for at in range(9)]
    core = [w(9, "a", "x=1", 200, 210), w(10, "a", "x=2", 220, 230), r(11, "b", "x=1", 240, 250)]
    assert among([*noise, *core], [10, 11, 3]) == Stuck((10, 11), 11)
    assert among([*noise, *core], [11]) is None
    assert among([*noise, *core], []) is None
    assert among([*noise, *core]) is None
    assert among([*noise, *core], [11], [3], [10, 11], [9, 10, 11]) == Stuck((10, 11), 11)


def test_what_contradicts_itself_is_looked_at_as_long_as_there_is_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much there is to look at; after that nothing more is left out."""
    core = [w(0, "a", "x=1", 200, 210), w(1, "a", "x=2", 220, 230), r(2, "b", "x=1", 240, 250)]
    monkeypatch.setattr(stuck, "_WORK", -1)
    assert among(core, [1, 2]) == Stuck((0, 1, 2), 2)
    assert among(core, [1, 2], meter=Meter(most=0)) is None


def test_where_strings_do_not_show_nothing_is_said_of_a_contradiction() -> None:
    one = [a(0, "a", 'x="a"', 0, 10), r(1, "b", "x=null", 20, 30), r(2, "c", 'x="a"', 20, 30)]
    assert among(one, [0, 1]) is None
    assert among(one, [0, 1, 2]) == Stuck((0, 1, 2), 1)


def test_who_wrote_what_is_known_to_have_been_found_made_it_and_nobody_else() -> None:
    """What others appended to it is cut out of what was read."""
    one = [
        w(0, "a", 'x=""', 0, 10),
        a(1, "b", 'x="a"', 0, 10),
        a(2, "c", 'x="b"', 20, 30),
        r(3, "d", 'x="a"', 40, 50),
    ]

    def stuck_in(some: Sequence[Operation], meter: Meter) -> int | None:
        cut = [structs.replace(o, value="") if o.op == "read" else o for o in some]
        return searching(one)(cut, meter)

    assert among(one, [2, 3]) == Stuck((0, 1, 2, 3), 3)
    assert find_stuck_among(one, [[2, 3]], stuck_in, Meter(), written={3: ""}) == Stuck((0, 2, 3), 3)
