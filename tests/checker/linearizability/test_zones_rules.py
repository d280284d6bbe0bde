"""What zones prove, by hand: of each key the fewest operations that have no order."""

from __future__ import annotations

from checker import Operation, Verdict, check
from tests.checker.literal import c, history, r, w


def judged(*operations: Operation) -> Verdict:
    return check(history(*operations), ["linearizable"]).guarantees["linearizable"]


def proofs(*operations: Operation) -> list[tuple[int, ...]]:
    return [violation.operations for violation in judged(*operations).violations]


def test_a_block_that_ends_as_another_goes_on_may_follow_it() -> None:
    """The second write takes effect at 20, after the read that starts then."""
    found = judged(
        w(0, "a", "x=1", 0, 10),
        r(1, "b", "x=1", 20, 30),
        w(2, "c", "x=2", 5, 20),
        r(3, "d", "x=2", 40, 50),
    )
    assert found.verdict == "holds"


def test_a_chain_is_cut_where_what_follows_ended_before_and_not_where_it_touches() -> None:
    """1 by 2 and 2 by 3 is replaced at once, by 70, and yet 2 is read after that; 1 was read until 50."""
    operations = (
        w(0, "a", "x=1", 0, 100),
        r(1, "b", "x=1", 50, 60),
        c(2, "c", "x=1>2", 0, 50),
        r(3, "d", "x=2", 80, 90),
        c(4, "e", "x=2>3", 0, 70),
    )
    assert proofs(*operations) == [(0, 2, 3, 4)]
    assert judged(*operations[:3], c(4, "e", "x=2>3", 0, 70)).verdict == "holds"


def test_of_three_who_replaced_an_open_write_the_first_two_are_enough() -> None:
    swaps = [c(number, f"s{number}", f"x=1>{number + 1}", 10, 20) for number in (1, 2, 3)]
    assert proofs(w(0, "a", "x=1", 0, None), *swaps) == [(0, 1, 2)]


def test_open_swaps_that_only_each_other_saw_prove_nothing() -> None:
    """Operation 2 saw that 1 took effect, and so did 0, as 1 saw; without 2 neither need have."""
    circle = (c(0, "a", "x=1>2", 0, None), c(1, "b", "x=2>1", 0, None))
    assert proofs(*circle, c(2, "c", "x=1>5", 10, 20)) == [(0, 1, 2)]
    assert judged(*circle).verdict == "unknown"


def test_a_swap_that_found_what_nobody_wrote_says_nothing_of_other_keys() -> None:
    unwritten = (c(0, "a", "x=7>2", 0, None), r(1, "b", "x=2", 10, 20))
    fork = (w(2, "c", "y=1", 0, 5), c(3, "c", "y=1>2", 10, 20), c(4, "d", "y=1>3", 10, 20))
    assert proofs(*unwritten, *fork[:2]) == [(0, 1)]
    assert proofs(*unwritten, *fork) == [(0, 1), (2, 3, 4)]


def test_the_operations_of_a_circle_are_told_in_the_order_of_their_rows() -> None:
    found = judged(c(0, "a", "x=3>1", 0, 9), c(1, "b", "x=1>2", 0, 9), c(2, "c", "x=2>3", 0, 9))
    (violation,) = found.violations
    assert violation.explanation.startswith(
        "Let c1 = operation 0 (a replaces 3 by 1 in x), c2 = operation 1 (b replaces 1 by 2 in x) "
        "and c3 = operation 2 (c replaces 2 by 3 in x). "
    )
