"""Which two operations a session guarantee names: the last one before that is newer, and no other."""

from __future__ import annotations

import pytest

from checker import History, check
from tests.checker.literal import c, history, r, w


def named(one: History, guarantee: str) -> list[tuple[int, ...]]:
    return [violation.operations for violation in check(one, [guarantee]).guarantees[guarantee].violations]


def test_an_own_write_that_the_read_may_have_seen_a_newer_one_than_is_not_named() -> None:
    one = history(
        w(0, "s2", "k=7", 0, 1, position=1),
        w(1, "s2", "k=7", 2, 3, position=3),
        w(2, "s1", "k=8", 2, 3, position=4),
        w(3, "s1", "k=9", 4, 5, position=2),
        r(4, "s1", "k=7", 6, 7),
    )
    assert named(one, "read-your-writes") == [(2, 4)]


def test_an_earlier_read_of_the_same_version_is_not_named() -> None:
    one = history(
        w(0, "s2", "k=1", 0, 1, position=1),
        w(1, "s2", "k=2", 2, 3, position=2),
        r(2, "s1", "k=2", 4, 5, version=2),
        r(3, "s1", "k=1", 6, 7, version=1),
        r(4, "s1", "k=1", 8, 9, version=1),
    )
    assert named(one, "monotonic-reads") == [(1, 2, 3), (1, 2, 4)]


def test_an_earlier_write_at_the_same_position_is_not_named() -> None:
    one = history(
        w(0, "s1", "k=1", 0, 1, position=5),
        w(1, "s1", "k=2", 2, 3, position=3),
        w(2, "s1", "k=3", 4, 5, position=3),
    )
    assert named(one, "monotonic-writes") == [(0, 1), (0, 2)]


def test_a_read_of_a_version_at_the_position_of_the_write_is_not_named() -> None:
    one = history(
        w(0, "s2", "k=1", 0, 1, position=5),
        w(1, "s2", "k=2", 2, 3, position=3),
        r(2, "s1", "k=1", 4, 5, version=5),
        r(3, "s1", "k=2", 6, 7, version=3),
        w(4, "s1", "k=3", 8, 9, position=3),
    )
    assert named(one, "writes-follow-reads") == [(0, 2, 4)]


def test_what_a_session_did_before_a_read_is_no_part_of_what_was_read() -> None:
    """Only the compare-and-set of operation 2 leads back in time to a write of the session's own future."""
    one = history(
        w(0, "s3", "k=1", 0, 5),
        c(1, "s1", "k=3>4", 0, 10),
        c(2, "s2", "k=2>3", 5, 100),
        r(3, "s1", "k=1", 20, 30),
        w(4, "s1", "k=2", 50, 60),
    )
    assert named(one, "writes-follow-reads") == [(1, 2, 4)]


def test_a_write_of_a_key_whose_positions_do_not_count_is_not_named() -> None:
    one = history(
        w(0, "s1", "k=1", 0, 1, position=8),
        w(1, "s1", "j=1", 2, 3, position=9),
        w(2, "s1", "k=2", 4, 5, position=5),
        w(3, "s2", "j=2", 4, 5),
        one_log=True,
    )
    assert named(one, "monotonic-writes") == [(0, 2)]


def test_a_read_that_only_may_have_returned_something_newer_is_not_named() -> None:
    """Operation 3 returned 0, which is newer than 5; operation 4 returned 1, which is, or 2, which is not."""
    one = history(
        w(0, "s2", "k=1", 0, 1, position=5),
        w(1, "s2", "k=2", 2, 3, position=6),
        w(2, "s3", "k=2", 2, 3, position=1),
        r(3, "s1", "k=1", 4, 5),
        r(4, "s1", "k=2", 6, 7),
        w(5, "s1", "k=3", 8, 9, position=3),
    )
    assert named(one, "writes-follow-reads") == [(0, 3, 5)]


def test_many_reads_are_compared_if_they_missed_something_and_the_others_are_fine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a history of more than 200 operations."""
    monkeypatch.setattr("checker.checks.sessions.FEW", 0)
    writes = (w(0, "a", "x=1", 0, 5), w(1, "a", "x=2", 10, 15))
    stale = history(*writes, r(2, "b", "x=2", 20, 25), r(3, "b", "x=1", 30, 35))
    assert named(stale, "monotonic-reads") == [(1, 2, 3)]
    good = history(*writes, r(2, "b", "x=1", 20, 25), r(3, "b", "x=2", 30, 35))
    verdict = check(good, ["monotonic-reads"]).guarantees["monotonic-reads"]
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("holds", 1, 0)


@pytest.mark.parametrize("most", [1, 2])
def test_where_no_write_can_be_violated_each_is_compared_with_the_last_one_only(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Of three writes of a session that is two pairs."""
    monkeypatch.setattr("checker.checks.pairs.MANY_PAIRS", most)
    one = history(*[w(at, "a", f"x={at}", 10 * at, 10 * at + 5) for at in range(3)])
    verdict = check(one, ["monotonic-writes"]).guarantees["monotonic-writes"]
    assert verdict.verdict == ("unknown" if most == 1 else "holds")


@pytest.mark.parametrize(("size", "answer"), [(200, "unknown"), (201, "holds")])
def test_two_hundred_operations_are_compared_one_by_one_and_of_more_only_those_that_missed_something(
    monkeypatch: pytest.MonkeyPatch, size: int, answer: str
) -> None:
    monkeypatch.setattr("checker.checks.sessions.MANY_COMPARED", 0)
    one = history(
        r(0, "b", "x=2", 10_000, 10_005),
        r(1, "b", "x=2", 10_010, 10_015),
        *[w(at, "a", f"x={at}", 10 * at, 10 * at + 5) for at in range(2, size)],
    )
    assert check(one, ["monotonic-reads"]).guarantees["monotonic-reads"].verdict == answer
