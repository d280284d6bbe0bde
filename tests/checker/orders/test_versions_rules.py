"""The version order where positions, causality and a position given twice meet."""

from __future__ import annotations

from checker import check
from tests.checker.literal import c, d, f, history


def test_a_write_beside_a_circle_of_places_and_causes_is_not_in_it() -> None:
    """Operation 4 saw by way of 3 what stands above its own place; 0 has that place, too, and saw nothing."""
    one = history(
        c(0, "s1", "k=null>29", 0, 5, position=1),
        d(1, "s2", "k", 10, 15, position=2),
        c(2, "s2", "k=null>13", 20, None),
        c(3, "s0", "k=13>28", 30, 35, position=1),
        f(4, "a", "k=28", 40, version=1),
    )
    lost = check(one, ["no-lost-acknowledged-writes"]).guarantees["no-lost-acknowledged-writes"]
    assert [violation.operations for violation in lost.violations] == [(1, 4), (3, 4)]
    assert (lost.judged, lost.ambiguous) == (3, 0)
