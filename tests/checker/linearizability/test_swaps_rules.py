"""What the reads of keys that grow tell, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs

from checker import Operation
from checker.linearizability import swaps
from checker.linearizability.swaps import Told, judge_told
from checker.sequential.growing import Growing
from tests.checker.literal import a, c, d, r, w


def tell(*operations: Operation, grows: Growing = "strings") -> Told | None:
    """What the reads of a key tell; each operation has its own session."""
    mine = [structs.replace(operation, session=f"s{operation.index}") for operation in operations]
    return judge_told([(mine, grows)])[0]


def told(*operations: Operation, grows: Growing = "strings") -> list[set[int]] | None:
    """What contradicts itself in one key; None if nothing is told."""
    found = tell(*operations, grows=grows)
    return None if found is None else [set(some) for some in found.contradictions]


AB = (a(0, "s", 'x="a"', 0, 10), a(1, "t", 'x="b"', 0, 10))


def test_what_fits_contradicts_nothing() -> None:
    assert told(*AB, r(2, "u", 'x="ab"', 20, 30)) == []
    assert told(*AB, r(2, "u", "x=null", 0, 30), r(3, "u", 'x="b"', 5, 30)) == []
    assert told(*AB, r(2, "u", 'x="a"', 5, 30), r(3, "u", 'x="ab"', 5, 30)) == []
    overwritten = (w(2, "u", 'x="p"', 20, 30), r(3, "u", 'x="p"', 40, 50))
    assert told(*AB, *overwritten) == []
    assert told(*AB, *overwritten, a(4, "s", 'x="c"', 60, 70), r(5, "u", 'x="pc"', 80, 90)) == []
    deleted = (d(2, "u", "x", 20, 30), a(3, "s", 'x="c"', 40, 50))
    assert told(*AB, *deleted, r(4, "u", 'x="c"', 60, 70)) == []


def test_lists_grow_as_strings_do() -> None:
    ab = (a(0, "s", "x=1", 0, 10), a(1, "t", "x=true", 0, 10))
    assert told(*ab, r(2, "u", "x=[1,true]", 20, 30), grows="lists") == []
    assert told(*ab, r(2, "u", "x=[1,true]", 20, 30), r(3, "u", "x=[true]", 5, 40), grows="lists") == [
        {0, 1, 2, 3}
    ]
    assert told(*ab, r(2, "u", "x=[]", 5, 30), grows="lists") == []
    written = (w(0, "s", "x=[1]", 0, 10), w(1, "s", "x=[true]", 0, 10), a(2, "s", "x=2", 20, 30))
    assert told(*written, r(3, "u", "x=[true,2]", 40, 50), grows="lists") == []
    both = (r(3, "u", "x=[true,2]", 40, 50), r(4, "u", "x=[1,2]", 40, 50))
    assert told(*written, *both, grows="lists") == [{2, 3, 4}]


def test_what_nobody_saw_is_gone_by_the_next_write() -> None:
    """And it was not there yet at the last read before that."""
    unseen = a(2, "u", 'x="c"', 20, 30)
    assert told(*AB, unseen, r(3, "v", 'x="ab"', 5, 20)) == []
    assert told(*AB, unseen, r(3, "v", 'x="ab"', 31, 40)) == [{0, 1, 2, 3}]
    assert told(*AB, unseen, w(3, "v", 'x="p"', 25, 40), r(4, "v", 'x="p"', 41, 50)) == []
    assert told(*AB, a(2, "u", 'x="c"', 20, None), r(3, "v", 'x="ab"', 31, 40)) == []
    two = (unseen, a(3, "u", 'x="d"', 40, 50))
    assert told(*AB, *two, r(4, "v", 'x="ab"', 5, 20)) == []


def test_an_open_append_took_effect_if_somebody_saw_it() -> None:
    one = (a(0, "s", 'x="a"', 0, None), a(1, "t", 'x="b"', 20, 30), r(2, "u", 'x="ab"', 40, 50))
    assert told(*one) == []
    assert told(*one, r(3, "u", 'x="b"', 60, 70)) == [{0, 1, 2, 3}]


def test_reads_may_contradict_each_other() -> None:
    """By what they say was appended to what."""
    assert told(*AB, r(2, "u", 'x="ab"', 20, 30), r(3, "u", 'x="ba"', 20, 30)) == [{0, 1, 2, 3}]
    third = (r(2, "u", 'x="a"', 5, 30), r(3, "v", 'x="ab"', 20, 30), r(4, "u", 'x="b"', 5, 30))
    assert told(*AB, *third) == [{0, 1, 3, 4}]
    assert told(*AB, r(2, "u", 'x="aa"', 20, 30)) == [{0, 2}]
    begun = (w(2, "u", 'x="p"', 0, 10), r(3, "u", 'x="pa"', 20, 30))
    assert told(*AB, *begun, r(4, "u", 'x="a"', 5, 30)) == [{0, 3, 4}]


def test_a_read_may_contradict_itself() -> None:
    """With the newest write before it, if there is one, that may have replaced what it found."""
    assert told(*AB, r(2, "u", 'x="z"', 20, 30)) == [{2}]
    assert told(*AB, r(2, "u", "x=5", 20, 30)) == [{2}]
    assert told(*AB, w(2, "u", 'x="p"', 11, 12), r(3, "u", 'x="z"', 20, 30)) == [{2, 3}]


def test_time_may_contradict_what_reads_tell() -> None:
    """With what is stuck come reads that saw what was appended: of those that saw all of it, the first."""
    late = (a(0, "s", 'x="a"', 0, 10), a(1, "t", 'x="b"', 20, 30), r(2, "u", 'x="ba"', 45, 60))
    assert told(*late) == [{0, 1, 2}]
    one = (*AB, r(2, "u", 'x="a"', 5, 20), a(3, "u", 'x="c"', 20, 30))
    stale = r(6, "v", 'x="ab"', 60, 70)
    assert told(*one, r(4, "v", 'x="abc"', 40, 50), r(5, "v", 'x="abc"', 40, 50), stale) == [{0, 1, 3, 4, 6}]
    assert told(*one, r(4, "v", 'x="abc"', 40, 50), w(5, "w", 'x="p"', 61, 90)) == []


def test_where_reads_do_not_tell_nothing_is_said() -> None:
    read = r(4, "u", 'x="ab"', 20, 30)
    assert told(*AB, read) == []
    assert told(*AB, a(2, "s", 'x="ab"', 0, 10), read) is None
    assert told(*AB, a(2, "s", 'x="a"', 0, 10), read) is None
    assert told(*AB, w(2, "s", 'x="a"', 0, 20), read) is None
    assert told(*AB, w(2, "s", "x=5", 0, 20), read) is None
    assert told(*AB, a(2, "s", "x=5", 0, 20), read) is None
    assert told(*AB, c(2, "s", 'x="ab">"p"', 0, None), read) is None
    # Two writes of one value, either of which may be what was read.
    assert told(w(0, "s", 'x="p"', 0, 10), w(1, "t", 'x="p"', 0, 10), a(2, "s", 'x="a"', 5, 10),
                r(3, "s", 'x="pa"', 20, 30)) is None  # fmt: skip


def test_a_value_of_too_many_writes_is_left_to_others() -> None:
    """As for other registers, `crowded`."""
    writes = [w(number, f"s{number}", 'x=""', 0, 10 + number) for number in range(60)]
    reads = [r(60 + number, f"r{number}", 'x=""', 20 + number, 90) for number in range(60)]
    append = a(120, "s", 'x="a"', 0, 100)
    assert told(*writes, *reads, append) is None


def test_keys_are_told_each_by_itself() -> None:
    fits = (a(0, "a", 'x="a"', 0, 10), a(1, "b", 'x="b"', 0, 10), r(2, "c", 'x="ab"', 20, 30))
    stale = (a(3, "d", 'y="a"', 0, 10), a(4, "d", 'y="b"', 20, 30), r(5, "d", 'y="a"', 40, 50))
    untold = (a(6, "e", "z=1", 0, 10), a(7, "f", "z=1", 0, 10), r(8, "f", "z=[1,1]", 20, 30))
    forked = (a(9, "g", 'v="a"', 0, 10), r(10, "g", 'v="aa"', 20, 30))
    doubtful = (
        *(w(11 + number, f"h{number}", 'u="p"', 0, 10) for number in range(3)),
        a(14, "i", 'u="a"', 0, 10),
        r(15, "i", 'u="pa"', 20, 30),
    )
    keys: list[tuple[Sequence[Operation], Growing]] = [
        (stale, "strings"),
        (untold, "lists"),
        (fits, "strings"),
        (forked, "strings"),
        (doubtful, "strings"),
    ]
    expected = [(frozenset({0, 1, 2}),), None, (), (frozenset({0, 1}),), None]
    assert [found and found.contradictions for found in judge_told(keys)] == expected
    assert [found and found.contradictions for found in judge_told(keys[::-1])] == expected[::-1]
    assert judge_told([]) == []
    assert judge_told([(untold, "lists")]) == [None]


def test_what_nobody_saw_is_no_value_that_was_written() -> None:
    """The append of what had been written before made something else of it."""
    one = (w(0, "s", 'x="c"', 0, 10), a(1, "s", 'x="c"', 20, 30))
    assert told(*one, r(2, "u", 'x="c"', 20, 50)) == []
    assert told(*one, r(2, "u", 'x="c"', 40, 50)) == [{0, 1, 2}]


def test_two_appends_cannot_both_begin() -> None:
    assert told(*AB, r(2, "u", 'x="a"', 20, 30), r(3, "v", 'x="b"', 20, 30)) == [
        {0, 2},
        {0, 1, 2, 3},
    ]


def test_all_keys_are_asked_whether_they_are_crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "crowded_keys", lambda prepared, keys: keys)
    assert told(*AB, r(2, "u", 'x="ab"', 20, 30)) is None


LONG = (
    w(0, "a", 'x="p"', 0, 1),
    *(a(1 + at, "a", f'x="{item}"', 10 * at + 10, 10 * at + 12) for at, item in enumerate("abcdef")),
    r(7, "a", 'x="pabcdef"', 80, 90),
    r(8, "a", 'x="pab"', 100, 110),
)


def test_what_pins_a_contradiction_in_time_is_looked_at_before_all_of_it() -> None:
    """Operation 3 appended what operation 8 missed, which found what operation 2 had left."""
    assert told(*LONG) == [{0, 2, 3, 6, 7, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}]


def test_what_others_appended_is_cut_out_of_what_was_read() -> None:
    found = tell(*LONG, r(9, "b", "x=null", 0, 1))
    assert found is not None
    assert found.written() == {7: "p", 8: "p"}

    def left(*numbers: int) -> list[object]:
        cut = found.cut([found.operations[number] for number in numbers])
        assert [operation.index for operation in cut] == list(numbers)
        return [operation.value for operation in cut if operation.op == "read"]

    assert left(*range(10)) == ["pabcdef", "pab", None]
    assert left(0, 3, 7, 8) == ["pc", "p"]
    assert left(8, 7, 6, 2) == ["pb", "pbf"]
    assert left(9) == [None]
    lists = tell(
        a(0, "s", "x=1", 0, 10), a(1, "t", "x=2", 0, 10), r(2, "u", "x=[2,1]", 20, 30), grows="lists"
    )
    assert lists is not None
    assert [o.value for o in lists.cut([lists.operations[number] for number in (0, 2)])] == [1, [1]]
    assert [o.value for o in lists.cut([lists.operations[2]])] == [None]
    assert lists.written() == {2: None}


def test_with_what_is_asked_for_comes_what_it_followed() -> None:
    found = tell(*LONG[:8], a(8, "b", 'x="z"', 0, 1))
    assert found is not None
    assert found.around([5]) == {4, 5, 7}
    assert found.around([7]) == {6, 7}
    assert found.around([1]) == {1, 7}
    assert found.around([0, 8]) == {0, 8}
    assert found.around([]) == frozenset()


@pytest.mark.parametrize(("start", "left"), [(30, ""), (31, "b")])
def test_what_cannot_have_been_found_is_not_cut_out(start: int, left: str) -> None:
    """It shows by itself that something is wrong."""
    one = (
        w(0, "s", 'x=""', 0, 1),
        a(1, "s", 'x="a"', 2, 3),
        r(2, "u", 'x="ab"', 20, 30),
        a(3, "s", 'x="b"', start, 40),
    )
    found = tell(*one)
    assert found is not None
    assert [operation.value for operation in found.cut(found.operations[2:3])] == [left]


def test_what_ended_first_pins_a_part() -> None:
    """Operation 4 had ended before 2 and 3 had, which are not looked at for that."""
    one = (
        w(0, "a", 'x="p"', 0, 1),
        a(1, "b", 'x="a"', 10, 40),
        a(2, "c", 'x="b"', 50, 80),
        a(3, "d", 'x="c"', 55, 60),
        a(4, "e", 'x="d"', 56, 58),
        r(5, "f", 'x="pabcd"', 85, 86),
        r(6, "g", 'x="pa"', 90, 95),
    )
    assert told(*one) == [{0, 1, 3, 4, 5, 6}, {0, 1, 2, 3, 4, 5, 6}]
