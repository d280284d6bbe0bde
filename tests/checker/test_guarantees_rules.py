"""Which guarantees there are, what implies what, and which histories leave one out."""

from __future__ import annotations

from typing import Any

import pytest

from checker import GUARANTEES, Header, History, check
from checker.guarantees import ALWAYS_CHECKED, CHECKS, IMPLIED
from tests.checker.literal import r, w


@pytest.mark.parametrize(
    ("extra", "verdict", "reason"),
    [
        ({"real_time": False}, "unknown", "each session has a clock of its own"),
        ({"real_time": True}, "violated", None),
        ({"real_time": None}, "violated", None),
        ({}, "violated", None),
    ],
)
def test_real_time_orders_only_what_is_on_one_clock(
    extra: dict[str, Any], verdict: str, reason: str | None
) -> None:
    operations = [w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 20, 30)]
    one = History.from_operations(operations, header=Header(extra=extra))
    found = check(one, ["linearizable"]).guarantees["linearizable"]
    assert (found.verdict, found.reason) == (verdict, reason)
    if reason is not None:
        assert (found.reason_code, found.judged, found.ambiguous) == ("vacuous", 0, 0)


def test_the_names() -> None:
    assert GUARANTEES == (
        "read-your-writes",
        "monotonic-reads",
        "monotonic-writes",
        "writes-follow-reads",
        "consistent-prefix",
        "causal",
        "bounded-staleness",
        "linearizable",
        "no-lost-acknowledged-writes",
        "convergence",
        "unique-positions",
        "no-aborted-reads",
        "no-thin-air-reads",
    )
    assert [name for name in GUARANTEES if name not in CHECKS] == ["bounded-staleness"]
    assert tuple(CHECKS) == tuple(name for name in GUARANTEES if name in CHECKS)
    assert GUARANTEES[-3:] == ALWAYS_CHECKED


def test_what_is_implied() -> None:
    """GUARANTEES, "What implies what"."""
    assert {"linearizable": GUARANTEES[:2], "causal": GUARANTEES[:5]} == IMPLIED
