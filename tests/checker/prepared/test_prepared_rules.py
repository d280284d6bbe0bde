"""What is asked of a history before anything is judged."""

from __future__ import annotations

from checker import check
from tests.checker.literal import history, w


def test_writes_alone_can_hold_monotonic_writes_without_positions() -> None:
    one = history(w(0, "s1", "k=1", 0, 5), w(1, "s1", "k=2", 10, 15))
    verdict = check(one, ["monotonic-writes"]).guarantees["monotonic-writes"]
    assert (verdict.verdict, verdict.evidence, verdict.judged) == ("holds", "inferred", 1)
