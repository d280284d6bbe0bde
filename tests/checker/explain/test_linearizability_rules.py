"""What is said of a key that no order explains."""

from __future__ import annotations

from checker import check
from tests.checker.literal import c, history, r, w


def test_what_an_open_compare_and_set_expected_was_not_replaced_but_never_written() -> None:
    """Operation 1 replaced what operation 0 wrote, so that 3 can have read operation 2's version only."""
    one = history(
        w(0, "a", "x=5", 0, 10),
        w(1, "a", "x=7", 20, 30),
        c(2, "b", "x=9>5", 5, None),
        r(3, "c", "x=5", 40, 50),
    )
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert violation.operations == (1, 2, 3)
    assert violation.explanation == (
        "Let c = operation 2 (b replaces 9 by 5 in x). Then x was 9 when c took effect, because c found it "
        "so (open, but another operation saw what it wrote). But no operation that may have taken effect "
        "wrote 9 to x: a contradiction."
    )


def test_all_of_a_circle_are_introduced() -> None:
    one = history(c(0, "a", "x=2>1", 0, 10), c(1, "b", "x=3>2", 5, 15), c(2, "c", "x=1>3", 5, 15))
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert violation.explanation == (
        "Let c1 = operation 0 (a replaces 2 by 1 in x), c2 = operation 1 (b replaces 3 by 2 in x) and c3 = "
        "operation 2 (c replaces 1 by 3 in x). Then each of them replaced what another one wrote, because "
        "nobody else can have written what it expected. But one of them was first: a contradiction."
    )


def test_the_write_that_had_replaced_the_others_is_the_one_that_started_last() -> None:
    """Wherever it stands in the file."""
    one = history(
        w(0, "b", "x=6", 20, 30),
        w(1, "a", "x=5", 0, 10),
        w(2, "c", "x=5", 1, 9),
        r(3, "d", "x=5", 40, 50),
    )
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert violation.explanation == (
        "Let r = operation 3 (d reads 5 from x). Then x was 5 when r took effect, because r found it so. But "
        "operation 0 had replaced operation 1 and operation 2 by then, because it started after the end of "
        "any that was written, and ended before r started: a contradiction."
    )


def test_of_two_that_started_last_the_first_in_the_file_is_named() -> None:
    """Operations 0 and 1 start at one time."""
    one = history(
        w(0, "a", "x=1", 40, 60),
        r(1, "b", "x=1", 40, 50),
        w(2, "c", "x=2", 0, 10),
        r(3, "d", "x=2", 70, 80),
    )
    (violation,) = check(one, ["linearizable"]).guarantees["linearizable"].violations
    assert [(edge.from_, edge.to) for edge in violation.cycle if edge.edge == "real-time"] == [(2, 0), (1, 3)]
