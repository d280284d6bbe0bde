"""What final reads say, at the edges."""

from __future__ import annotations

import pytest

from checker import Operation, Verdict, check
from tests.checker.literal import d, f, history, r, w

LOST = "no-lost-acknowledged-writes"


@pytest.mark.parametrize(("one", "other"), [(100, 200), (200, 100)])
def test_two_nodes_diverge_whichever_read_comes_first_in_the_file(one: int, other: int) -> None:
    verdict = check(history(f(0, "a", "k=1", one), f(1, "b", "k=2", other)), ["convergence"])
    found = verdict.guarantees["convergence"]
    assert [violation.operations for violation in found.violations] == [(0, 1)]
    assert (found.judged, found.ambiguous) == (1, 0)


def test_a_delete_at_the_position_of_a_write_does_not_explain_that_nothing_was_found() -> None:
    """GUARANTEES: a `null` without `version` is explained by a write of null with a higher position."""
    one = history(
        w(0, "s1", "k=1", 0, 5, position=3),
        d(1, "s2", "k", 0, 5, position=3),
        f(2, "a", "k=null", 10),
    )
    found = check(one, ["no-lost-acknowledged-writes"]).guarantees["no-lost-acknowledged-writes"]
    assert [violation.operations for violation in found.violations] == [(0, 2)]
    assert found.judged == 2


def test_a_key_without_positions_that_no_final_read_asks_for_is_unknown() -> None:
    """Final reads of other keys, whose versions have positions, say nothing of it."""
    one = history(
        w(0, "s1", "k=1", 0, 5), w(1, "s1", "j=2", 6, 7, position=1), f(2, "a", "j=2", 10, version=1)
    )
    found = check(one, ["no-lost-acknowledged-writes"]).guarantees["no-lost-acknowledged-writes"]
    assert (found.verdict, found.judged, found.ambiguous) == ("holds", 1, 1)


def lost(*operations: Operation) -> Verdict:
    return check(history(*operations), [LOST]).guarantees[LOST]


def test_only_final_reads_that_began_after_the_write_are_shown() -> None:
    found = lost(
        w(0, "a", "k=1", 0, 10, position=1),
        f(1, "m", "k=null", 10, version=None),
        f(2, "n", "k=null", 20, version=None),
    )
    assert [violation.operations for violation in found.violations] == [(0, 2)]


def test_a_delete_at_the_next_position_explains_that_nothing_was_found() -> None:
    """The delete explains itself, too. One that is open may stand anywhere, even after the read."""
    found = lost(
        w(0, "a", "k=1", 0, 5, position=1), d(1, "b", "k", 0, 5, position=2), f(2, "n", "k=null", 10)
    )
    assert (found.verdict, found.judged) == ("holds", 2)
    for start in (0, 100):
        found = lost(
            w(0, "a", "k=1", 0, 5, position=1),
            w(1, "a", "k=2", 10, 15, position=2),
            w(2, "a", "k=3", 20, 25, position=3),
            d(3, "b", "k", start, None),
            f(4, "n", "k=null", 30),
        )
        assert (found.verdict, found.judged) == ("holds", 3)


def test_what_an_ambiguous_read_says_of_a_delete_is_not_clear() -> None:
    """In the end k is 1, of position 1 or of 3; nothing was found before the delete. Key j is first."""
    found = lost(
        w(0, "a", "j=1", 0, 5, position=9),
        w(1, "a", "k=1", 10, 15, position=1),
        d(2, "b", "k", 10, 50, position=2),
        w(3, "c", "k=1", 10, 15, position=3),
        f(4, "n", "k=null", 20),
        f(5, "m", "k=1", 60),
        f(6, "m", "j=1", 70),
    )
    assert (found.verdict, found.judged, found.ambiguous) == ("holds", 2, 2)


def test_a_delete_after_the_final_read_explains_that_nothing_was_found() -> None:
    """GUARANTEES: a write of null that did not end before the write began does."""
    found = lost(w(0, "a", "k=1", 0, 5), f(1, "n", "k=null", 10), d(2, "b", "k", 100, 105))
    assert (found.verdict, found.judged, found.ambiguous) == ("holds", 1, 1)


@pytest.mark.parametrize(("position", "explains"), [(2, False), (3, False), (4, True)])
def test_with_a_write_without_place_beside_them_positions_explain_what_they_do(
    position: int, explains: bool
) -> None:
    found = lost(
        w(0, "a", "k=1", 0, 5, position=3),
        d(1, "b", "k", 0, 5, position=position),
        w(2, "c", "k=7", 0, None),
        r(3, "e", "k=7", 6, 8),
        f(4, "n", "k=null", 10),
    )
    assert [violation.operations for violation in found.violations] == ([] if explains else [(0, 4)])
    assert found.judged == 2


@pytest.mark.parametrize(("most", "answer"), [(2, "holds"), (1, "unknown")])
def test_too_many_pairs_are_not_compared(monkeypatch: pytest.MonkeyPatch, most: int, answer: str) -> None:
    monkeypatch.setattr("checker.checks.durability.MANY_PAIRS", most)
    found = lost(w(0, "a", "k=1", 0, 5), f(1, "m", "k=1", 10), f(2, "n", "k=1", 20))
    assert found.verdict == answer
    if answer == "unknown":
        assert found.reason == "too many pairs to compare without positions"


def test_where_nothing_goes_back_a_final_read_later_is_all_that_is_needed() -> None:
    """Of k's three writes the last one ends with the read; j is read by nobody in the end."""
    found = lost(
        w(0, "a", "k=1", 0, 5, position=1),
        w(1, "a", "k=2", 10, 20, position=2),
        w(2, "b", "k=3", 10, 30, position=3),
        w(3, "c", "j=1", 0, 5, position=4),
        f(4, "n", "k=2", 19),
        f(5, "n", "k=3", 30),
    )
    assert (found.verdict, found.judged, found.ambiguous) == ("holds", 2, 2)
