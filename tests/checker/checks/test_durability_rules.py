"""What final reads say, at the edges."""

from __future__ import annotations

import pytest

from checker import check
from tests.checker.literal import d, f, history, w


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
