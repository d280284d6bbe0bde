"""Which pairs of a session are judged, however they are looked for: counts and witnesses, said literally."""

from __future__ import annotations

import pytest

from checker import Operation, check
from tests.checker.literal import history, r, w

Found = tuple[str, int, int, list[tuple[int, ...]]]


def found(name: str, *operations: Operation, one_log: bool = False) -> Found:
    """The verdict, how many were judged and were ambiguous, and who is named."""
    verdict = check(history(*operations, one_log=one_log), [name]).guarantees[name]
    named = [violation.operations for violation in verdict.violations]
    return verdict.verdict, verdict.judged, verdict.ambiguous, named


def test_an_open_write_that_was_read_follows_the_write_before_it_in_its_session() -> None:
    """The read between the two is no write; nor is the open write of 3 ordered, which nobody read."""
    for places, verdict, named in (((1, 2), "holds", []), ((2, 1), "violated", [(0, 2)])):
        one = (
            w(0, "a", "x=1", 0, 5, position=places[0]),
            r(1, "a", "x=1", 10, 15),
            w(2, "a", "x=2", 20, None, position=places[1]),
            w(3, "c", "x=3", 0, None, position=3),
            r(4, "b", "x=2", 30, 35),
        )
        assert found("monotonic-writes", *one) == (verdict, 1, 0, named)
        assert found("monotonic-writes", *one, one_log=True) == (verdict, 1, 0, named)


def test_what_comes_first_in_the_file_may_come_last_in_its_session() -> None:
    one = (
        w(0, "a", "y=1", 20, 25, position=2),
        r(1, "a", "x=1", 10, 15),
        w(2, "b", "x=1", 0, 5, position=1),
    )
    assert found("writes-follow-reads", *one, one_log=True) == ("holds", 1, 0, [])
    own = (r(0, "a", "x=1", 10, 15), w(1, "a", "x=1", 0, 5, position=1))
    assert found("read-your-writes", *own) == ("holds", 1, 0, [])


def test_in_one_log_the_keys_of_a_session_compare() -> None:
    good = (
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "a", "y=1", 10, 15, position=2),
        w(2, "b", "y=2", 20, 25, position=3),
    )
    assert found("monotonic-writes", *good, one_log=True) == ("holds", 1, 0, [])
    assert found("monotonic-writes", *good)[:2] == ("unknown", 0)
    back = (w(3, "b", "z=1", 30, 35, position=0), w(4, "a", "z=2", 40, 45, position=4))
    assert found("monotonic-writes", *good, *back, one_log=True) == ("violated", 3, 0, [(2, 3)])


def test_in_one_log_a_write_follows_what_was_read_of_another_key() -> None:
    """The read of the initial version follows no write; that of 5 is illegal."""
    seen = (w(0, "a", "x=1", 0, 5, position=2), r(1, "b", "x=1", 10, 15))
    rest = (
        r(3, "c", "z=null", 0, 5),
        w(4, "c", "z=1", 10, 15, position=5),
        r(5, "d", "x=7", 0, 5),
        w(6, "d", "z=2", 10, 15, position=6),
    )
    name = "writes-follow-reads"
    good, back = w(2, "b", "y=1", 20, 25, position=3), w(2, "b", "y=1", 20, 25, position=1)
    assert found(name, *seen, good, one_log=True) == ("holds", 1, 0, [])
    assert found(name, *seen, good, *rest, one_log=True) == ("holds", 1, 1, [])
    assert found(name, *seen, back, one_log=True) == ("violated", 1, 0, [(0, 1, 2)])
    assert found(name, *seen, back, *rest, one_log=True) == ("violated", 1, 1, [(0, 1, 2)])


def test_a_pair_that_is_ambiguous_stays_so_beside_a_key_that_never_goes_back() -> None:
    one = (
        w(0, "a", "x=1", 0, 5, position=1),
        r(1, "a", "x=1", 10, 15),
        w(2, "a", "y=1", 20, 25, position=2),
        r(3, "a", "y=9", 30, 35),
    )
    assert found("read-your-writes", *one) == ("holds", 1, 1, [])


def test_who_only_reads_has_no_writes_to_read() -> None:
    """There are more rows than sessions and keys."""
    reads = [r(at, "b", "x=1", 10 * at, 10 * at + 5) for at in range(1, 9)]
    one = (w(0, "a", "x=1", 0, 5, position=1), *reads)
    assert found("read-your-writes", *one)[:3] == ("unknown", 0, 0)
    assert found("monotonic-reads", *one) == ("holds", 7, 0, [])


@pytest.mark.parametrize("sessions", [40, 80, 100])
@pytest.mark.parametrize("unclear", [False, True])
def test_slots_are_as_long_as_so_many_sessions_and_places_need(sessions: int, unclear: bool) -> None:
    """Every other session writes twice against the order of places; one illegal read is of another key."""
    operations = []
    for session in range(sessions):
        low, high = 2 * session + 1, 2 * session + 2
        first, second = (low, high) if session % 2 else (high, low)
        operations += [
            w(low - 1, f"s{session}", f"x={low}", 20 * session, 20 * session + 5, position=first),
            w(high - 1, f"s{session}", f"x={high}", 20 * session + 10, 20 * session + 15, position=second),
        ]
    if unclear:
        operations.append(r(9_999, "z", "x=0", 9_000, 9_005))
    verdict, judged, ambiguous, named = found("monotonic-writes", *operations)
    assert (verdict, judged, ambiguous) == ("violated", sessions, 0)
    assert named[:3] == [(0, 1), (4, 5), (8, 9)]
