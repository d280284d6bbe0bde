"""Bounds on staleness: their units, and when there are too many pairs to look at."""

from __future__ import annotations

import pytest

from checker import Operation, Staleness, Verdict, check
from tests.checker.literal import history, r, w


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("3ns", 3), ("3us", 3_000), ("3µs", 3_000), ("3ms", 3_000_000), ("3s", 3_000_000_000), ("0.5µs", 500)],
)
def test_every_unit_is_known(text: str, nanoseconds: int) -> None:
    assert Staleness.parse(text) == Staleness(nanoseconds, "ns")


@pytest.mark.parametrize(("most", "answer"), [(2, "holds"), (1, "unknown")])
def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch, most: int, answer: str) -> None:
    monkeypatch.setattr("checker.checks.staleness.MANY_PAIRS", most)
    one = history(w(0, "s1", "k=1", 0, 5), r(1, "s2", "k=1", 10, 15), r(2, "s2", "k=1", 20, 25))
    report = check(one, ["bounded-staleness"], staleness=Staleness(0, "ns"))
    verdict = report.guarantees["bounded-staleness"]
    assert (verdict.verdict, verdict.reason_code) == (answer, "budget" if answer == "unknown" else None)
    if answer == "unknown":
        assert verdict.reason == "too many pairs to compare without positions"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5", "'5' is no bound on staleness: write 5s, 2.5ms, 40ns or 10versions"),
        ("1.5versions", "'1.5versions': versions are counted whole"),
    ],
)
def test_why_a_text_is_no_bound_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"bound|whole") as refused:
        Staleness.parse(text)
    assert str(refused.value) == why


def test_a_whole_number_is_taken_exactly() -> None:
    assert Staleness.parse("9007199254740993ns") == Staleness(2**53 + 1, "ns")


def stale(bound: int, *operations: Operation) -> Verdict:
    found = check(history(*operations), ["bounded-staleness"], staleness=Staleness(bound, "ns"))
    return found.guarantees["bounded-staleness"]


@pytest.mark.parametrize("positions", [(1, 2), (2, 1)])
def test_no_read_is_staler_than_a_bound_beyond_all_times(positions: tuple[int, int]) -> None:
    first, second = positions
    verdict = stale(
        10**30,
        w(0, "a", "k=1", 0, 1, position=first),
        w(1, "a", "k=2", 3, 4, position=second),
        r(2, "b", "k=1", 2**62 - 10, 2**62 - 5),
    )
    assert (verdict.verdict, verdict.reason_code) == ("unknown", "vacuous")


@pytest.mark.parametrize(("start", "judged"), [(15, 0), (16, 1), (30, 1)])
def test_where_nothing_goes_back_reads_are_only_counted(start: int, judged: int) -> None:
    """Only a read that began more than 10 ns after the first acknowledged write ended is; j has no other."""
    verdict = stale(
        10,
        w(0, "a", "k=1", 0, 5, position=1),
        w(1, "a", "k=2", 20, 25, position=2),
        r(2, "b", f"k={1 if start < 20 else 2}", start, 40),
        r(3, "c", "j=null", 100, 110),
        w(4, "d", "j=1", 105, 108, position=3),
    )
    assert (verdict.verdict, verdict.judged) == ("holds" if judged else "unknown", judged)
