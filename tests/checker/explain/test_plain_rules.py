"""What is said of values from nowhere, and of compare-and-sets where others are plain reads."""

from __future__ import annotations

from checker import History, Operation, check
from tests.checker.literal import c, history, r, w


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


def test_what_a_transaction_wrote_after_it_had_read_it_is_from_nowhere() -> None:
    ops = [("r", "x", 5), ("w", "x", 5)]
    one = Operation(index=1, session="b", op="txn", ops=ops, start=20, end=30, status="ok")
    assert told(history(one), "no-thin-air-reads") == (
        "Let r = operation 1 (b reads 5 from x and writes 5 to x in one transaction). Then somebody wrote 5 "
        "to x before r ended, because r returned it. But only its own transaction did, and not before it "
        "read: a contradiction."
    )


def test_a_write_that_started_as_the_read_ended_may_have_been_seen_if_not_at_that_position() -> None:
    read = r(1, "b", "x=5", 20, 30, version=7)
    for start, why in (
        (30, "r says that it stood at position 7, and no write of it did"),
        (31, "operation 0 started only after r had ended"),
    ):
        one = history(w(0, "a", "x=5", start, 40, position=1), read)
        assert told(one, "no-thin-air-reads").endswith(f"because r returned it. But {why}: a contradiction.")


def test_what_a_read_says_of_its_position_is_told() -> None:
    write = w(0, "a", "x=5", 0, 10, position=1)
    for text, version, where in (("x=null", 7, "at position 7"), ("x=5", None, "as the initial version")):
        one = history(write, r(1, "b", text, 20, 30, version=version))
        assert told(one, "no-thin-air-reads").endswith(
            f"But r says that it stood {where}, and no write of it did: a contradiction."
        )


def test_a_compare_and_set_does_not_find_what_it_writes_itself() -> None:
    assert told(history(c(0, "b", "x=5>5", 20, 30)), "no-thin-air-reads").endswith(
        "But no operation that may have taken effect did: a contradiction."
    )
