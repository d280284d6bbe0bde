"""What is in a causal past: the cases that only histories of several kinds at once bring up."""

from __future__ import annotations

from checker import History, check
from tests.checker.literal import c, history, r, w


def consistent_prefix(one: History) -> str:
    return check(one, ["consistent-prefix"]).guarantees["consistent-prefix"].verdict


def test_what_a_compare_and_set_replaced_is_a_cause_of_it_even_if_open() -> None:
    """GUARANTEES: a compare-and-set that is `ok` is a read of `expected` and then a write of `value`."""
    assert consistent_prefix(
        history(
            w(0, "s1", "k=1", 0, None),
            c(1, "s2", "k=1>2", 10, 20),
            r(2, "s3", "k=2", 30, 40),
            r(3, "s3", "k=null", 50, 60),
        )
    ) == "violated"  # fmt: skip


def test_a_compare_and_set_is_no_cause_of_itself() -> None:
    assert consistent_prefix(
        history(
            w(0, "s1", "k=1", 0, None),
            c(1, "s2", "k=1>2", 10, 20),
            r(2, "s3", "k=2", 30, 40),
            r(3, "s3", "k=1", 50, 60),
        )
    ) == "holds"  # fmt: skip
