"""Which writes of one value a read cannot have returned, because another write had surely replaced them."""

from __future__ import annotations

from checker import Operation, check
from checker.linearizability.overwritten import drop_overwritten
from checker.orders.candidates import NO_ONE, find_candidates
from checker.prepared import Prepared
from tests.checker.literal import d, history, r, w

INITIAL = "initial"
Left = dict[int, tuple[int | str, ...]]
Replaced = dict[int, tuple[int, ...]]


def left(*operations: Operation) -> tuple[Left, Replaced]:
    """What each read may still have returned, and what had replaced the rest."""
    prepared = Prepared(history(*operations))
    candidates = find_candidates(prepared.columns, prepared.reads, prepared.writes, by_version=False)
    replaced = drop_overwritten(prepared, prepared.reads, prepared.writes, candidates)
    found: Left = {}
    for read in prepared.reads.tolist():
        source = int(candidates.source[read])
        several = candidates.several.get(read, () if source == NO_ONE else (source,))
        found[read] = tuple(INITIAL if one == prepared.initial else one for one in several)
    return found, replaced


def test_a_write_is_gone_once_one_that_followed_it_has_ended() -> None:
    writes = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 5, 50), w(2, "a", "x=2", 20, 30))
    assert left(*writes, r(3, "c", "x=1", 40, 45)) == ({3: (1,)}, {3: (2,)})
    assert left(*writes, r(3, "c", "x=1", 30, 45)) == ({3: (0, 1)}, {})
    assert left(*writes, r(3, "c", "x=1", 31, 45)) == ({3: (1,)}, {3: (2,)})


def test_a_write_that_ended_as_the_other_started_is_not_gone() -> None:
    others = (w(1, "b", "x=1", 5, 50), w(2, "a", "x=2", 20, 30), r(3, "c", "x=1", 40, 45))
    assert left(w(0, "d", "x=1", 0, 20), *others) == ({3: (0, 1)}, {})
    assert left(w(0, "d", "x=1", 0, 19), *others) == ({3: (1,)}, {3: (2,)})


def test_of_those_that_had_ended_the_one_that_started_last_counts() -> None:
    """It stands first in the file, and ended before the other."""
    later = w(0, "a", "x=2", 30, 35)
    earlier = w(1, "b", "x=3", 20, 38)
    ones = (w(2, "c", "x=1", 0, 25), w(3, "d", "x=1", 0, 60), w(4, "e", "x=1", 0, None))
    assert left(later, earlier, *ones, r(5, "f", "x=1", 40, 45)) == ({5: (3, 4)}, {5: (0,)})


def test_all_that_were_replaced_are_named_if_none_is_left() -> None:
    one = (d(0, "a", "x", 0, 10), w(1, "a", "x=1", 20, 30), d(2, "b", "x", 0, 15))
    assert left(*one, r(3, "c", "x=null", 40, 50)) == ({3: ()}, {3: (0, 2, 1)})
    assert left(*one[:1], r(3, "c", "x=null", 40, 50)) == ({1: (0,)}, {1: (0,)})


def test_each_key_is_looked_at_by_itself() -> None:
    ones = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 0, 10), r(2, "c", "x=1", 40, 50))
    other = (w(3, "d", "y=2", 20, 30), w(4, "d", "y=1", 0, 5), w(5, "e", "y=1", 0, 5))
    assert left(*ones, *other, r(6, "f", "y=1", 40, 50)) == ({2: (0, 1), 6: ()}, {6: (4, 5, 3)})


def test_where_no_write_was_acknowledged_none_is_replaced() -> None:
    opened = (w(0, "a", "x=1", 0, None), w(1, "b", "x=1", 0, None), r(2, "c", "x=1", 10, 20))
    assert left(*opened) == ({2: (0, 1)}, {})
    found = check(history(*opened, r(3, "d", "x=9", 30, 40)), ["linearizable"]).guarantees["linearizable"]
    assert [violation.operations for violation in found.violations] == [(3,)]


def test_a_read_with_one_writer_keeps_it() -> None:
    writes = (w(0, "a", "x=1", 0, 10), w(1, "a", "x=2", 20, 30))
    assert left(*writes, r(2, "b", "x=1", 40, 50)) == ({2: (0,)}, {})
