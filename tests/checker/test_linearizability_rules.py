"""Orders that a search must not overlook."""

from __future__ import annotations

from checker import check
from tests.checker.literal import c, history


def test_an_open_compare_and_set_may_lead_back_to_a_state_that_was_left() -> None:
    """Operation 4 finds 1 only after 2 replaced it and 3, which is open, brought it back."""
    one = history(
        c(0, "s1", "k=null>9", 20, 48),
        c(1, "s2", "k=9>1", 26, 38),
        c(2, "s3", "k=1>2", 34, 56),
        c(3, "s2", "k=2>1", 40, None),
        c(4, "s4", "k=1>3", 44, 54),
    )
    assert check(one, ["linearizable"]).guarantees["linearizable"].verdict == "holds"
