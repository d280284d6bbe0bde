"""Bounds on staleness: their units, and when there are too many pairs to look at."""

from __future__ import annotations

import pytest

from checker import Staleness, check
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
