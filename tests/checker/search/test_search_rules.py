"""Where a search stops, and what it counts: to the configuration."""

from __future__ import annotations

import pytest

from checker import Operation
from checker.search import search
from checker.search.budget import Meter
from checker.search.search import Bound, Finding, Search
from tests.checker.literal import c, r, w
from tests.checker.registers import posed

SWAPS = [c(at, f"s{at}", f"x=null>{at}", 0, 10) for at in range(8)]


def found(
    *operations: Operation, meter: Meter | None = None, width: int = 100, bound: Bound = "under"
) -> Finding:
    return Search(posed(operations), meter or Meter(), width=width, bound=bound).run()


def test_what_was_counted_before_is_not_counted_again() -> None:
    meter = Meter()
    meter.count = 70
    finding = found(*SWAPS[:1], r(8, "r", "x=0", 20, 30), meter=meter)
    assert finding == found(*SWAPS[:1], r(8, "r", "x=0", 20, 30))
    assert meter.count == 70 + finding.configurations


def test_a_budget_is_kept_to_the_configuration() -> None:
    """The one that was one too many is counted."""
    for most in (0, 3):
        assert found(*SWAPS, meter=Meter(most=most)) == Finding("open", 0, most + 1)


@pytest.mark.parametrize(
    ("sprawl", "width", "bound", "answer"),
    [
        (4, 2, "over", "stuck"),
        (3, 2, "over", "open"),
        (0, 100, "over", "stuck"),
    ],
)
def test_what_is_spent_and_forgotten_again_and_again_is_followed_so_far(
    monkeypatch: pytest.MonkeyPatch, sprawl: int, width: int, bound: Bound, answer: str
) -> None:
    """Only where something was forgotten that may come again, by the upper bound."""
    monkeypatch.setattr(search, "_SPRAWL", sprawl)
    assert found(*SWAPS, r(8, "r", "x=0", 20, 30), width=width, bound=bound).answer == answer


def test_by_the_lower_bound_nothing_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_SPRAWL", 0)
    finding = found(*SWAPS, r(8, "r", "x=0", 20, 30), width=1)
    assert finding == Finding("open", 1, 3)


def test_an_open_write_that_nobody_saw_may_have_made_an_append_possible() -> None:
    """Nothing can be appended to 5; to the list that may have replaced it, 1 can."""
    before = [w(0, "a", "x=5", 0, 10), r(1, "b", "x=5", 12, 14), w(2, "a", "x=[9]", 20, None)]
    append = Operation(index=3, session="c", op="append", key="x", value=1, start=30, end=40, status="ok")
    assert found(*before, append).answer == "fits"
    assert found(*before[:2], append).answer == "stuck"
