"""Circles of causal order and of positions: which are found, and which way round is told."""

from __future__ import annotations

import pytest

from checker import History, Verdict, check
from tests.checker.literal import c, history, r, w

OF_POSITIONS = (w(2, "d", "y=1", 0, 10, position=2), w(3, "d", "y=2", 20, 30, position=1))


def judged(one: History, most: int = 10) -> Verdict:
    return check(one, ["causal"], max_violations=most).guarantees["causal"]


def found(one: History, most: int = 10) -> list[tuple[int, ...]]:
    return [violation.operations for violation in judged(one, most).violations]


def test_a_circle_of_causal_order_and_one_of_positions_are_both_found() -> None:
    causal = (c(0, "a", "x=2>1", 0, 10), c(1, "b", "x=1>2", 5, 15))
    assert found(history(*causal, *OF_POSITIONS)) == [(0, 1), (2, 3)]


def test_no_more_circles_are_told_than_asked_for() -> None:
    others = (w(0, "a", "x=1", 0, 10, position=2), w(1, "a", "x=2", 20, 30, position=1))
    one = history(*others, *OF_POSITIONS)
    assert judged(one, most=1).violation_count == 2
    assert found(one, most=1) == [(0, 1)]


def test_a_circle_without_reads_rests_on_positions() -> None:
    verdict = judged(history(*OF_POSITIONS))
    assert (verdict.verdict, verdict.judged, verdict.evidence) == ("violated", 0, "positions")


def test_a_way_round_of_causal_order_alone_goes_before_a_shorter_one() -> None:
    """By positions operation 1 leads straight back to 0."""
    one = history(
        c(0, "a", "x=3>1", 0, 10, position=2),
        c(1, "b", "x=1>2", 0, 10, position=1),
        c(2, "c", "x=2>3", 0, 10, position=3),
    )
    (violation,) = judged(one).violations
    assert [edge.edge for edge in violation.cycle] == ["reads-from", "reads-from", "reads-from"]


def test_a_circle_is_of_the_key_of_its_last_operation() -> None:
    one = history(
        w(0, "a", "x=1", 20, 30, position=1),
        w(1, "a", "y=1", 0, 10, position=2),
        w(2, "b", "x=2", 0, 10, position=2),
        w(3, "b", "y=2", 20, 30, position=1),
    )
    (violation,) = judged(one).violations
    assert [(edge.from_, edge.to) for edge in violation.cycle] == [(0, 2), (2, 3), (3, 1), (1, 0)]
    assert violation.key == "y"


@pytest.mark.parametrize(("tried", "told"), [(1, (0, 1, 3, 4)), (2, (1, 2))])
def test_a_shortest_way_round_is_looked_for_from_the_first_operations(
    monkeypatch: pytest.MonkeyPatch, tried: int, told: tuple[int, ...]
) -> None:
    monkeypatch.setattr("checker.checks.causal.TRIED", tried)
    one = history(
        w(0, "a", "y=1", 60, 70, position=2),
        w(1, "a", "x=1", 20, 30, position=3),
        w(2, "a", "x=2", 40, 50, position=2),
        w(3, "b", "y=2", 0, 10, position=3),
        w(4, "b", "x=3", 20, 30, position=1),
    )
    assert found(one) == [told]


def test_positions_alone_are_the_evidence_where_each_key_that_was_read_has_some() -> None:
    both = (w(0, "a", "x=1", 0, 5, position=1), r(1, "b", "x=1", 10, 15))
    for one, evidence in (
        (history(*both), "positions"),
        (history(*both, r(2, "b", "y=null", 20, 25)), "inferred"),
    ):
        verdict = check(one, ["causal"]).guarantees["causal"]
        assert (verdict.verdict, verdict.evidence) == ("holds", evidence)
