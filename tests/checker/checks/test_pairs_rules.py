"""Which pairs are compared one by one, and when there are too many of them."""

from __future__ import annotations

import pytest

from checker import History, Verdict, check
from checker.checks.pairs import Keep, batches_of_pairs, partial_pairs, preceded
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w


def judged(one: History, guarantee: str) -> Verdict:
    return check(one, [guarantee]).guarantees[guarantee]


def test_where_positions_count_no_earlier_operation_stands_for_another() -> None:
    """The open write without position, operation 4, keeps the key from being ranked by places alone."""
    one = history(
        w(0, "s1", "k=1", 0, 5, position=5),
        w(1, "s1", "k=2", 10, 15, position=9),
        w(2, "s1", "k=3", 20, 25, position=2),
        w(3, "s2", "k=6", 20, 25, position=6),
        w(4, "s3", "k=7", 20, None),
        r(5, "s4", "k=7", 30, 35),
        r(6, "s1", "k=6", 40, 45),
    )
    assert [found.operations for found in judged(one, "read-your-writes").violations] == [(1, 6)]


def test_every_earlier_read_counts_where_a_cause_may_come_later() -> None:
    """Only operation 1 is ordered after 4, by way of a compare-and-set that was open for long."""
    one = history(
        w(0, "s3", "k=1", 0, 5),
        c(1, "s1", "k=3>4", 0, 10),
        c(2, "s2", "k=2>3", 5, 100),
        r(3, "s1", "k=1", 20, 30),
        w(4, "s1", "k=2", 50, 60),
    )
    verdict = judged(one, "writes-follow-reads")
    assert [found.operations for found in verdict.violations] == [(1, 2, 4)]


def test_an_ambiguous_read_stands_for_no_other_read() -> None:
    """Neither for one of the initial version, nor for one of the write that happens to come last."""
    one = history(
        w(0, "a", "k=1", 0, 1),
        w(1, "a", "k=2", 2, 3),
        w(2, "a", "k=2", 4, 5),
        r(3, "s", "k=null", 0, 1),
        r(4, "s", "k=9", 6, 7),
        r(5, "s", "k=2", 8, 9),
        r(6, "s", "k=1", 10, 11),
        w(7, "b", "k=9", 0, 1),
    )
    assert [found.operations for found in judged(one, "monotonic-reads").violations] == [(5, 6)]


def test_an_ambiguous_read_stands_for_those_of_the_same_writes_alone() -> None:
    one = history(
        w(0, "a", "k=2", 0, 1),
        w(1, "a", "k=2", 2, 3),
        w(2, "a", "k=5", 4, 5),
        w(3, "a", "k=3", 6, 7),
        w(4, "a", "k=3", 8, 9),
        r(5, "s", "k=null", 0, 1),
        r(6, "s", "k=2", 10, 11),
        r(7, "s", "k=3", 12, 13),
        r(8, "s", "k=5", 14, 15),
    )
    assert [found.operations for found in judged(one, "monotonic-reads").violations] == [(7, 8)]


@pytest.mark.parametrize(("most", "answer"), [(2, "holds"), (1, "unknown")])
def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch, most: int, answer: str) -> None:
    monkeypatch.setattr("checker.checks.pairs.MANY_PAIRS", most)
    one = history(
        w(0, "s1", "k=1", 0, 5),
        r(1, "s1", "k=1", 10, 15),
        r(2, "s1", "k=1", 20, 25),
    )
    verdict = judged(one, "read-your-writes")
    assert verdict.verdict == answer
    if answer == "unknown":
        assert verdict.reason_code == "budget"
        assert verdict.reason == "too many pairs to compare without positions"


def test_pairs_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch ends where the pairs so far would be five or more."""
    monkeypatch.setattr("checker.checks.pairs._BATCH", 4)
    prepared = Prepared(
        history(
            w(0, "a", "k=1", 0, 5),
            r(1, "a", "k=1", 10, 15),
            w(2, "a", "k=2", 20, 25),
            r(3, "a", "k=1", 30, 35),
            w(4, "a", "k=3", 40, 45),
            r(5, "a", "k=1", 50, 55),
            w(6, "b", "k=4", 0, 5),
            r(7, "b", "k=1", 10, 15),
        )
    )
    batches = batches_of_pairs(prepared, prepared.ok_write, prepared.ok_read, Keep.ALL, most=7)
    assert [(ones.tolist(), others.tolist()) for ones, others in batches] == [
        ([0, 0, 2], [1, 3, 3]),
        ([0, 2, 4, 6], [5, 5, 5, 7]),
    ]


def test_what_nothing_precedes_is_in_no_batch() -> None:
    prepared = Prepared(history(r(0, "a", "k=1", 0, 5), w(1, "a", "k=1", 10, 15)))
    assert list(batches_of_pairs(prepared, prepared.ok_write, prepared.ok_read, Keep.ALL, most=0)) == []


def test_what_precedes_has_ended() -> None:
    prepared = Prepared(
        history(
            w(0, "a", "k=1", 0, None),
            r(1, "a", "k=1", 10, 15),
            w(2, "a", "k=2", 20, 25),
            r(3, "a", "k=1", 30, 35),
        )
    )
    assert preceded(prepared, prepared.is_write, prepared.ok_read).tolist() == [3]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        (Keep.ALL, [5, 6, 7, 8, 9, 10]),
        (Keep.ENDS, [5, 10]),
        (Keep.DISTINCT, [5, 7, 9, 10]),
        (Keep.LATEST, [9, 10]),
    ],
)
def test_which_earlier_reads_are_kept(keep: Keep, kept: list[int]) -> None:
    """Reads of 2 may be of two writes, and those of 3; 9 is read from the write listed last."""
    one = history(
        w(0, "a", "k=2", 0, 1),
        w(1, "a", "k=2", 2, 3),
        w(2, "a", "k=3", 4, 5),
        w(3, "a", "k=3", 6, 7),
        r(4, "other", "k=9", 8, 9),
        r(5, "s", "k=9", 8, 9),
        r(6, "s", "k=9", 10, 11),
        r(7, "s", "k=2", 12, 13),
        r(8, "s", "k=2", 14, 15),
        r(9, "s", "k=3", 16, 17),
        r(10, "s", "k=null", 18, 19),
        r(11, "s", "k=2", 20, 21),
        w(12, "b", "k=9", 0, 1),
    )
    prepared = Prepared(one)
    ones, others = partial_pairs(prepared, prepared.ok_read, prepared.ok_read, keep)
    assert sorted(ones[others == 11].tolist()) == kept
    assert not len(ones[others == 5])
    assert ones[others == 6].tolist() == [5]


def test_the_first_in_each_session_is_kept() -> None:
    one = history(
        w(0, "a", "k=1", 0, 1),
        r(1, "s", "k=1", 2, 3),
        r(2, "s", "k=1", 4, 5),
        r(3, "t", "k=1", 2, 3),
        r(4, "t", "k=1", 4, 5),
    )
    prepared = Prepared(one)
    ones, others = partial_pairs(prepared, prepared.ok_read, prepared.ok_read, Keep.DISTINCT)
    assert (ones.tolist(), others.tolist()) == ([1, 3], [2, 4])
