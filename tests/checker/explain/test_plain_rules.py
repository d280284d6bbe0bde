"""What is said of compare-and-sets where others are plain reads."""

from __future__ import annotations

from checker import History, check
from tests.checker.literal import c, history, w


def told(one: History, guarantee: str) -> str:
    """The argument for the only violation."""
    (violation,) = check(one, [guarantee]).guarantees[guarantee].violations
    return violation.explanation


def test_a_compare_and_set_out_of_thin_air_is_told_by_what_it_expected() -> None:
    one = history(w(0, "a", "x=5", 0, 10), c(1, "b", "x=9>5", 20, 30))
    assert told(one, "no-thin-air-reads") == (
        "Let r = operation 1 (b replaces 9 by 5 in x). Then somebody wrote 9 to x before r ended, because r "
        "returned it. But no operation that may have taken effect did: a contradiction."
    )


def test_a_final_compare_and_set_that_wrote_null_did_not_find_it() -> None:
    one = history(
        w(0, "a", "x=3", 0, 10, position=1),
        w(1, "a", "x=1", 20, 30, position=2),
        c(2, "b", "x=3>null", 40, 45, position=3, phase="final"),
    )
    assert told(one, "no-lost-acknowledged-writes") == (
        "Let w = operation 1 (a writes 1 to x), and the final read that began later be r = operation 2 "
        "(b replaces 3 by null in x). Then w was acknowledged at 30 ns. But r did not see w, because r "
        "returned what operation 0 wrote, and operation 0 has position 1, below w's 2: w is in no node, "
        "a contradiction."
    )
