"""Which positions must differ: of one key, of all keys in one log, but not of one transaction."""

from __future__ import annotations

from checker import History, Operation, Verdict, check
from tests.checker.literal import history, w


def unique_positions(one: History) -> Verdict:
    return check(one, ["unique-positions"]).guarantees["unique-positions"]


def test_the_writes_of_a_transaction_share_its_position() -> None:
    both = Operation(
        index=0,
        session="s1",
        op="txn",
        ops=[["w", "k", 1], ["w", "j", 2]],
        start=0,
        end=5,
        status="ok",
        position=1,
    )
    verdict = unique_positions(history(both, w(1, "s1", "k=3", 10, 15, position=2), one_log=True))
    assert (verdict.verdict, verdict.judged) == ("holds", 1)


def test_one_position_is_given_twice_among_others_that_are_not() -> None:
    verdict = unique_positions(
        history(
            w(0, "s1", "k=1", 0, 5, position=1),
            w(1, "s1", "k=2", 10, 15, position=2),
            w(2, "s1", "k=3", 20, 25, position=2),
            w(3, "s1", "j=3", 30, 35, position=1),
        )
    )
    assert [violation.operations for violation in verdict.violations] == [(1, 2)]
    assert (verdict.judged, verdict.violation_count) == (2, 1)
