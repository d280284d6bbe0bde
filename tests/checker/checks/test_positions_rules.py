"""Which positions must differ: of one key, of all keys in one log, but not of one transaction."""

from __future__ import annotations

from checker import History, Operation, Verdict, check
from tests.checker.literal import history, w

BOTH_KEYS = Operation(
    index=0,
    session="s1",
    op="txn",
    ops=[["w", "k", 1], ["w", "j", 2]],
    start=0,
    end=5,
    status="ok",
    position=1,
)


def unique_positions(one: History) -> Verdict:
    return check(one, ["unique-positions"]).guarantees["unique-positions"]


def test_the_writes_of_a_transaction_share_its_position() -> None:
    verdict = unique_positions(history(BOTH_KEYS, w(1, "s1", "k=3", 10, 15, position=2), one_log=True))
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


def test_a_transaction_may_share_a_position_with_another_key_and_not_with_a_write_of_its_own() -> None:
    one = history(BOTH_KEYS, w(1, "s1", "j=3", 10, 15, position=1), w(2, "s1", "i=3", 20, 25, position=1))
    assert [violation.operations for violation in unique_positions(one).violations] == [(0, 1)]
    assert unique_positions(one).judged == 1


def test_as_many_violations_are_shown_as_asked_for_and_all_are_counted() -> None:
    one = history(*[w(at, "s1", f"k={at}", 10 * at, 10 * at + 5, position=1) for at in range(4)])
    verdict = check(one, ["unique-positions"], max_violations=2).guarantees["unique-positions"]
    assert [violation.operations for violation in verdict.violations] == [(0, 1), (1, 2)]
    assert verdict.violation_count == 3
