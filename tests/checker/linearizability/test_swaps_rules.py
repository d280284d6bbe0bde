"""What the reads of keys that grow tell, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs

from checker import Operation
from checker.linearizability.growing import Growing
from checker.linearizability.swaps import contradictions
from tests.checker.literal import a, c, d, r, w


def told(*operations: Operation, grows: Growing = "strings") -> set[int] | None:
    """What contradicts itself in one key; None if nothing is told. Each operation has its own session."""
    mine = [structs.replace(operation, session=f"s{operation.index}") for operation in operations]
    (found,) = contradictions([(mine, grows)])
    return None if found is None else set(found)


AB = (a(0, "s", 'x="a"', 0, 10), a(1, "t", 'x="b"', 0, 10))


def test_what_fits_contradicts_nothing() -> None:
    assert told(*AB, r(2, "u", 'x="ab"', 20, 30)) == set()
    assert told(*AB, r(2, "u", "x=null", 0, 30), r(3, "u", 'x="b"', 5, 30)) == set()
    assert told(*AB, r(2, "u", 'x="a"', 5, 30), r(3, "u", 'x="ab"', 5, 30)) == set()
    overwritten = (w(2, "u", 'x="p"', 20, 30), r(3, "u", 'x="p"', 40, 50))
    assert told(*AB, *overwritten) == set()
    assert told(*AB, *overwritten, a(4, "s", 'x="c"', 60, 70), r(5, "u", 'x="pc"', 80, 90)) == set()
    deleted = (d(2, "u", "x", 20, 30), a(3, "s", 'x="c"', 40, 50))
    assert told(*AB, *deleted, r(4, "u", 'x="c"', 60, 70)) == set()


def test_lists_grow_as_strings_do() -> None:
    ab = (a(0, "s", "x=1", 0, 10), a(1, "t", "x=true", 0, 10))
    assert told(*ab, r(2, "u", "x=[1,true]", 20, 30), grows="lists") == set()
    assert told(*ab, r(2, "u", "x=[1,true]", 20, 30), r(3, "u", "x=[true]", 5, 40), grows="lists") == {2, 3}
    assert told(*ab, r(2, "u", "x=[]", 5, 30), grows="lists") == set()
    written = (w(0, "s", "x=[1]", 0, 10), w(1, "s", "x=[true]", 0, 10), a(2, "s", "x=2", 20, 30))
    assert told(*written, r(3, "u", "x=[true,2]", 40, 50), grows="lists") == set()
    both = (r(3, "u", "x=[true,2]", 40, 50), r(4, "u", "x=[1,2]", 40, 50))
    assert told(*written, *both, grows="lists") == {3, 4}


def test_what_nobody_saw_is_gone_by_the_next_write() -> None:
    """And it was not there yet at the last read before that."""
    unseen = a(2, "u", 'x="c"', 20, 30)
    assert told(*AB, unseen, r(3, "v", 'x="ab"', 5, 20)) == set()
    assert told(*AB, unseen, r(3, "v", 'x="ab"', 31, 40)) == {0, 1, 2, 3}
    assert told(*AB, unseen, w(3, "v", 'x="p"', 25, 40), r(4, "v", 'x="p"', 41, 50)) == set()
    assert told(*AB, a(2, "u", 'x="c"', 20, None), r(3, "v", 'x="ab"', 31, 40)) == set()
    two = (unseen, a(3, "u", 'x="d"', 40, 50))
    assert told(*AB, *two, r(4, "v", 'x="ab"', 5, 20)) == set()


def test_an_open_append_took_effect_if_somebody_saw_it() -> None:
    one = (a(0, "s", 'x="a"', 0, None), a(1, "t", 'x="b"', 20, 30), r(2, "u", 'x="ab"', 40, 50))
    assert told(*one) == set()
    assert told(*one, r(3, "u", 'x="b"', 60, 70)) == {2, 3}


def test_reads_may_contradict_each_other() -> None:
    """By what they say was appended to what."""
    assert told(*AB, r(2, "u", 'x="ab"', 20, 30), r(3, "u", 'x="ba"', 20, 30)) == {2, 3}
    assert told(*AB, r(2, "u", 'x="a"', 5, 30), r(3, "v", 'x="ab"', 20, 30), r(4, "u", 'x="b"', 5, 30)) == {
        3,
        4,
    }
    assert told(*AB, r(2, "u", 'x="aa"', 20, 30)) == {2}
    begun = (w(2, "u", 'x="p"', 0, 10), r(3, "u", 'x="pa"', 20, 30))
    assert told(*AB, *begun, r(4, "u", 'x="a"', 5, 30)) == {3, 4}


def test_a_read_may_contradict_itself() -> None:
    """With the newest write before it, if there is one, that may have replaced what it found."""
    assert told(*AB, r(2, "u", 'x="z"', 20, 30)) == {2}
    assert told(*AB, r(2, "u", "x=5", 20, 30)) == {2}
    assert told(*AB, w(2, "u", 'x="p"', 11, 12), r(3, "u", 'x="a"', 20, 30)) == {2, 3}


def test_time_may_contradict_what_reads_tell() -> None:
    """With what is stuck come reads that saw what was appended: of those that saw all of it, the first."""
    late = (a(0, "s", 'x="a"', 0, 10), a(1, "t", 'x="b"', 20, 30), r(2, "u", 'x="ba"', 45, 60))
    assert told(*late) == {0, 2}
    one = (*AB, r(2, "u", 'x="a"', 5, 20), a(3, "u", 'x="c"', 20, 30))
    stale = r(6, "v", 'x="ab"', 60, 70)
    assert told(*one, r(4, "v", 'x="abc"', 40, 50), r(5, "v", 'x="abc"', 40, 50), stale) == {0, 1, 3, 4, 6}
    assert told(*one, r(4, "v", 'x="abc"', 40, 50), w(5, "w", 'x="p"', 61, 90)) == set()


def test_where_reads_do_not_tell_nothing_is_said() -> None:
    read = r(4, "u", 'x="ab"', 20, 30)
    assert told(*AB, read) == set()
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
    expected = [frozenset({0, 1, 2}), None, frozenset(), frozenset({1}), None]
    assert contradictions(keys) == expected
    assert contradictions(keys[::-1]) == expected[::-1]
    assert contradictions([]) == []
    assert contradictions([(untold, "lists")]) == [None]


@pytest.mark.parametrize("at", [(1, 3), (7,)])
def test_what_is_said_of_positions_does_not_matter(at: tuple[int, ...]) -> None:
    one = (
        a(0, "s", 'x="a"', 0, 10, position=at[0]),
        a(1, "s", 'x="b"', 20, 30, position=at[-1]),
        r(2, "u", 'x="ab"', 40, 50, version=99),
    )
    assert told(*one) == set()
