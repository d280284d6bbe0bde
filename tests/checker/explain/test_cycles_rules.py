"""What is said of a cycle where it depends on more than its edges."""

from __future__ import annotations

from checker import History, check
from tests.checker.literal import c, history, r, w


def told(one: History, guarantee: str) -> str:
    """The argument for the only violation."""
    (violation,) = check(one, [guarantee]).guarantees[guarantee].violations
    return violation.explanation


def test_a_cycle_of_causes_alone_is_called_by_its_name() -> None:
    """Bouajjani et al., POPL 2017: CyclicCO."""
    one = history(c(0, "a", "x=2>1", 0, 10), c(1, "b", "x=1>2", 5, 15))
    assert told(one, "causal") == (
        "Let c1 = operation 0 (a replaces 2 by 1 in x) and c2 = operation 1 (b replaces 1 by 2 in x). "
        "Then c1 happened before c2, because c2 returned 1, which only c1 can have written. "
        "But c2 happened before c1, because c1 returned 2, which only c2 can have written: "
        "a contradiction (CyclicCO)."
    )


def test_an_ambiguous_read_is_told_with_the_oldest_of_its_versions() -> None:
    """Operation 1 is the older of the two that wrote 1, though it started later."""
    one = history(
        w(0, "a", "x=1", 0, 10, position=3),
        w(1, "b", "x=1", 5, 15, position=2),
        w(2, "b", "x=5", 20, 25, position=1),
        r(3, "c", "x=1", 30, 35),
        r(4, "c", "x=5", 40, 45, version=1),
    )
    assert told(one, "monotonic-reads") == (
        "Let w = operation 1 (b writes 1 to x), r1 = operation 3 (c reads 1 from x) and r2 = operation 4 "
        "(c reads 5 from x). Then w happened before r1, because r1 returned 1, written by w or by a write "
        "of a version at least as new, and r1 happened before r2, because both are of session c and r1 ended "
        "at 35 ns, before r2 started at 40 ns. But r2 did not see w, because r2 returned what operation 2 "
        "wrote, and operation 2 has position 1, below w's 2: a contradiction."
    )


def test_how_far_a_node_had_applied_is_no_version() -> None:
    """The read says position 1 of its node, and is yet no write that is older than operation 1."""
    one = history(
        w(0, "a", "x=1", 0, 10, position=1),
        w(1, "a", "x=2", 20, 30, position=2),
        r(2, "a", "x=1", 40, 50, position=1, version=1),
    )
    (violation,) = check(one, ["causal"]).guarantees["causal"].violations
    assert [edge.edge for edge in violation.cycle] == ["session-order", "anti-dependency"]
    assert violation.explanation.endswith(": a contradiction (WriteCORead).")
