"""What searches may take, and what they say of keys that they leave open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from checker import check
from checker.linearizability import searched
from checker.linearizability.deepening import Decision
from checker.linearizability.problem import Problem
from checker.linearizability.searched import search_keys
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w

TWO = history(
    w(0, "a", "x=1", 0, 10),
    r(1, "b", "x=1", 20, 30),
    w(2, "a", "y=2", 40, 50),
    c(3, "b", "y=2>3", 60, 70),
    w(4, "c", "y=9", 55, 56, status="fail"),
    r(5, "d", "y=null", 0, None),
    w(6, "e", "z=1", 0, 10),
)


def test_what_all_searches_of_one_history_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute and 2 GB, where the caller does not say; of the memory never more."""
    given: list[tuple[float, int]] = []

    def noted(problems: Sequence[Problem], *, deadline: float, memory: int) -> list[Decision]:
        given.append((deadline, memory))
        return [Decision("fits", 0, 0, None, "") for _ in problems]

    monkeypatch.setattr(searched, "decide", noted)
    monkeypatch.setattr(searched, "perf_counter", lambda: 100.0)
    for deadline, memory in ((None, 4_000_000_000), (7.0, 5_000), (0.0, 2_000_000_001)):
        prepared = Prepared(TWO)
        prepared.deadline, prepared.memory_limit = deadline, memory
        search_keys(prepared, np.array([True, False, True]))
    assert given == [(160.0, 2_000_000_000), (7.0, 5_000), (0.0, 2_000_000_000)]


def test_keys_that_are_left_open_and_the_first_of_them_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed operations and open reads do not count."""
    sizes: list[int] = []

    def undecided(problems: Sequence[Problem], *, deadline: float, memory: int) -> list[Decision]:
        sizes.extend(len(problem.kinds) for problem in problems)
        return [Decision("open", 1, 5, None, "time") for _ in problems]

    monkeypatch.setattr(searched, "decide", undecided)
    found = search_keys(Prepared(TWO), np.array([False, True, True]))
    assert found.undecided.tolist() == [False, True, True]
    assert found.conflicts == []
    assert found.doubt == (
        "the time for key 'y' ran out: 1 of its 2 operations were linearized, in 5 configurations"
    )
    assert sizes == [2, 1]
    verdict = check(TWO, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.judged) == ("holds", 2)


def test_what_fits_is_decided_and_what_is_stuck_a_conflict() -> None:
    """Rows in the order of invocation, whatever the order of the file."""
    one = history(
        r(0, "b", "x=5", 40, 50),
        w(1, "a", "x=1", 0, 10),
        w(2, "c", "y=1", 0, 10),
        r(3, "c", "y=1", 20, 30),
    )
    found = search_keys(Prepared(one), np.array([True, True]))
    assert (found.undecided.tolist(), found.doubt) == ([False, False], "")
    (conflict,) = found.conflicts
    assert (conflict.kind, conflict.parts) == ("stuck", ((0,), (0,)))


def test_an_open_key_is_told_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes of one value leave zones in doubt; x is decided by them."""
    one = history(
        w(0, "a", "x=1", 0, 10),
        r(1, "b", "x=1", 20, 30),
        w(2, "d", "y=2", 0, 100),
        w(3, "c", "y=2", 0, 100),
        r(4, "b", "y=2", 40, 50),
    )

    def undecided(problems: Sequence[Problem], *, deadline: float, memory: int) -> list[Decision]:
        return [Decision("open", 1, 5, None, "memory") for _ in problems]

    monkeypatch.setattr(searched, "decide", undecided)
    verdict = check(one, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 1, 1)
    assert verdict.reason_code == "budget"
    assert verdict.reason == (
        "the memory for key 'y' ran out: 1 of its 3 operations were linearized, in 5 configurations"
    )
