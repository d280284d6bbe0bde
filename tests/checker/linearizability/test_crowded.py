"""Keys whose few values were written again and again are searched at once, whatever else is judged."""

from __future__ import annotations

import numpy as np
import pytest

from checker import Operation, check
from checker.history.columns import Bools
from checker.linearizability.conflict import Conflict
from checker.linearizability.crowded import crowded_keys
from checker.linearizability.zones import judge_zones
from checker.prepared import Prepared
from tests.checker.literal import history, r, w


def again(count: int) -> list[Operation]:
    """One value, written and read so often."""
    return [
        operation
        for at in range(count)
        for operation in (
            w(2 * at, "a", "x=1", 40 * at, 40 * at + 10),
            r(2 * at + 1, "a", "x=1", 40 * at + 20, 40 * at + 30),
        )
    ]


def test_a_key_is_crowded_if_its_reads_have_many_writes_to_choose_from() -> None:
    beside = [w(900, "b", "y=1", 0, 10), r(901, "b", "y=1", 20, 30)]
    prepared = Prepared(history(*again(51), *beside))
    assert crowded_keys(prepared, np.array([True, True])).tolist() == [True, False]
    assert crowded_keys(prepared, np.array([False, True])).tolist() == [False, False]
    assert crowded_keys(Prepared(history(*again(50))), np.array([True])).tolist() == [False]
    first = [w(900, "b", "a=1", 0, 10), r(901, "b", "a=1", 20, 30)]
    unread = w(902, "c", "z=1", 0, 10)
    every = np.array([True, True, True])
    assert crowded_keys(Prepared(history(*first, *again(60), unread)), every).tolist() == [False, True, False]


def test_a_crowded_key_is_judged_like_others() -> None:
    fine = again(60)
    stale = [*fine, r(900, "b", "x=null", 2_000, 2_010)]
    assert check(history(*fine), ["linearizable"]).guarantees["linearizable"].verdict == "holds"
    (violation,) = check(history(*stale), ["linearizable"]).guarantees["linearizable"].violations
    assert violation.operations == (98, 900)


def test_zones_are_asked_about_other_keys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of key `z` the positions are a witness, so that nobody is asked about it."""
    asked: list[list[bool]] = []

    def zones(prepared: Prepared, keys: Bools) -> tuple[Bools, list[Conflict]]:
        asked.append(keys.tolist())
        return judge_zones(prepared, keys)

    monkeypatch.setattr("checker.linearizability.judge_zones", zones)
    plain = (w(900, "b", "y=1", 0, 10), r(901, "b", "y=1", 20, 30))
    placed = (w(902, "c", "z=1", 0, 10, position=1), r(903, "c", "z=1", 20, 30, version=1))
    verdict = check(history(*plain, *again(60), *placed), ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, asked) == ("holds", [[True, False, False]])
