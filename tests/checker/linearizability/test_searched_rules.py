"""What searches may take, and what they say of keys that they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from checker import History, check
from checker.linearizability import searched
from checker.linearizability.searched import Searched, search_keys
from checker.prepared import Prepared
from checker.search.budget import Meter
from checker.search.deepening import Decision
from checker.search.problem import Problem
from tests.checker.literal import a, c, history, r, t, w

TWO = history(
    w(0, "a", "x=1", 0, 10),
    r(1, "b", "x=1", 20, 30),
    w(2, "a", "y=2", 40, 50),
    c(3, "b", "y=2>3", 60, 70),
    w(4, "c", "y=9", 55, 56, status="fail"),
    r(5, "d", "y=null", 0, None),
    w(6, "e", "z=1", 0, 10),
)
TIED = history(
    t(0, "a", "x:=1 y:=1", 0, 10), t(1, "b", "x=1", 20, 30), w(2, "c", "z=1", 0, 10), r(3, "d", "z=1", 20, 30)
)
"""Keys `x` and `y` are one object, the last; its states take 800 bytes."""


class Deciding:
    """Stands for `decide`: takes down what it is given, and decides all alike."""

    def __init__(self, *decisions: Decision) -> None:
        self.decisions = decisions
        self.sizes: list[int] = []
        self.given: dict[str, Any] = {}

    def __call__(self, problems: Sequence[Problem], **given: Any) -> list[Decision]:
        self.sizes = [len(problem.kinds) for problem in problems]
        self.given = given
        return [self.decisions[min(at, len(self.decisions) - 1)] for at in range(len(problems))]


def searching(
    monkeypatch: pytest.MonkeyPatch, one: History, keys: list[bool], *decisions: Decision, **budget: Any
) -> tuple[Searched, Deciding]:
    deciding = Deciding(*decisions)
    monkeypatch.setattr(searched, "decide", deciding)
    monkeypatch.setattr(searched, "perf_counter", lambda: 100.0)
    prepared = Prepared(one)
    for name, value in budget.items():
        setattr(prepared, name, value)
    return search_keys(prepared, np.array(keys)), deciding


FITS = Decision("fits", 0, 0, None, "")


@pytest.mark.parametrize(
    ("deadline", "limit", "until", "memory"),
    [
        (None, 4_000_000_000, 160.0, 2_000_000_000),
        (7.0, 5_000, 7.0, 5_000),
        (0.0, 2_000_000_001, 0.0, 2_000_000_000),
    ],
)
def test_what_all_searches_of_one_history_may_take(
    monkeypatch: pytest.MonkeyPatch, deadline: float | None, limit: int, until: float, memory: int
) -> None:
    """A minute and 2 GB, where the caller does not say; of the memory never more."""
    keys = [True, False, True]
    _, deciding = searching(monkeypatch, TWO, keys, FITS, deadline=deadline, memory_limit=limit)
    assert deciding.given == {"deadline": until, "memory": memory, "most": [None, None]}


@pytest.mark.parametrize(
    ("deadline", "limit", "most"),
    [
        (None, 4_000_000_000, 20_000),
        (None, 8_000_000, 10_000),
        (7.0, 4_000_000_000, 2_500_000),
        (7.0, 8_000_000, 10_000),
    ],
)
def test_what_is_looked_at_of_keys_that_are_tied(
    monkeypatch: pytest.MonkeyPatch, deadline: float | None, limit: int, most: int
) -> None:
    """Without a time limit no more than 20,000 configurations; and no more than there is memory for."""
    _, deciding = searching(monkeypatch, TIED, [True] * 3, FITS, deadline=deadline, memory_limit=limit)
    assert deciding.given["most"] == [None, most]
    assert deciding.sizes == [2, 2]


def test_keys_that_are_left_open_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed operations and open reads do not count."""
    found, deciding = searching(monkeypatch, TWO, [False, True, True], Decision("open", 1, 5, None, "time"))
    assert found.undecided.tolist() == [False, True, True]
    assert found.conflicts == []
    assert found.doubts == [
        "the time for key 'y' ran out: 1 of its 2 operations were linearized, in 5 configurations",
        "the time for key 'z' ran out: 1 of its 1 operations were linearized, in 5 configurations",
    ]
    assert deciding.sizes == [2, 1]
    verdict = check(TWO, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.judged) == ("holds", 2)


@pytest.mark.parametrize(
    ("deadline", "configurations", "reason"),
    [
        (
            None,
            20_001,
            "transactions tie keys 'x' and 'y' together: without a time limit the search ends after 20000 "
            "configurations, and by then 1 of their 2 operations were linearized",
        ),
        (
            None,
            20_000,
            "the memory for keys 'x' and 'y' ran out: 1 of their 2 operations were linearized, in 20000 "
            "configurations",
        ),
        (
            7.0,
            20_001,
            "the memory for keys 'x' and 'y' ran out: 1 of their 2 operations were linearized, in 20001 "
            "configurations",
        ),
    ],
)
def test_keys_that_are_tied_are_left_open_together(
    monkeypatch: pytest.MonkeyPatch, deadline: float | None, configurations: int, reason: str
) -> None:
    left = Decision("open", 1, configurations, None, "memory")
    limit = 16_000_000
    found, _ = searching(monkeypatch, TIED, [True] * 3, FITS, left, deadline=deadline, memory_limit=limit)
    assert (found.undecided.tolist(), found.doubts) == ([False, True, True], [reason])


def test_too_many_operations_of_keys_that_are_tied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched, "_MOST_TIED", 1)
    found, deciding = searching(monkeypatch, TIED, [True] * 3, FITS)
    assert found.undecided.tolist() == [False, True, True]
    assert found.doubts == [
        "transactions tie keys 'x' and 'y' together: without a time limit no order is looked for of more "
        "than 1 operations, and these have 2"
    ]
    assert deciding.sizes == [2]
    _, deciding = searching(monkeypatch, TIED, [True] * 3, FITS, deadline=7.0)
    assert deciding.sizes == [2, 2]
    monkeypatch.setattr(searched, "_MOST_TIED", 2)
    found, deciding = searching(monkeypatch, TIED, [True] * 3, FITS)
    assert (found.doubts, deciding.sizes) == ([], [2, 2])


@pytest.mark.parametrize(("count", "open_ones"), [(10_000, 0), (10_001, 1)])
def test_of_ten_thousand_operations_an_order_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, count: int, open_ones: int
) -> None:
    """Others are not the worse for one that has more."""
    many = [t(at, "s", f"x:={at}", 10 * at, 10 * at + 5) for at in range(count)]
    found, deciding = searching(monkeypatch, history(*many, t(count, "u", "y:=1", 0, 5)), [True] * 2, FITS)
    assert (len(found.doubts), deciding.sizes) == (open_ones, [count, 1][open_ones:])


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ("a", "key 'a'"),
        ("ba", "keys 'a' and 'b'"),
        ("abcd", "keys 'a', 'b', 'c' and 'd'"),
        ("abcde", "keys 'a', 'b', 'c' and 2 more"),
    ],
)
def test_four_keys_are_named(monkeypatch: pytest.MonkeyPatch, keys: str, named: str) -> None:
    one = history(t(0, "s", " ".join(f"{key}:=1" for key in keys), 0, 1))
    found, _ = searching(monkeypatch, one, [True] * len(keys), Decision("open", 0, 5, None, "time"))
    assert found.doubts[0].startswith(f"the time for {named} ran out: 0 of ")


def test_what_fits_is_decided_and_what_is_stuck_a_conflict() -> None:
    """Rows in the order of invocation, whatever the order of the file."""
    one = history(
        r(0, "b", "x=5", 40, 50),
        w(1, "a", "x=1", 0, 10),
        w(2, "c", "y=1", 0, 10),
        r(3, "c", "y=1", 20, 30),
    )
    found = search_keys(Prepared(one), np.array([True, True]))
    assert (found.undecided.tolist(), found.doubts) == ([False, False], [])
    (conflict,) = found.conflicts
    assert (conflict.kind, conflict.parts) == ("stuck", ((0,), (0,)))


def test_transactions_that_are_stuck_stand_by_one_row_each() -> None:
    """The transactions have rows 0 and 1, 2 and 3, and 4; operation 3 has row 5."""
    one = history(
        t(0, "a", "x:=1 y:=1", 0, 10),
        t(1, "b", "y:=2 x:=2", 20, 30),
        t(2, "c", "x=1", 40, 50),
        w(3, "c", "x=3", 60, 70),
    )
    found = search_keys(Prepared(one), np.array([True, True]))
    (conflict,) = found.conflicts
    assert (conflict.kind, conflict.parts) == ("stuck", ((2, 4), (4,)))
    assert conflict.initial == 6
    assert found.undecided.tolist() == [False, False]


def test_a_conflict_among_lists_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """That 2 was appended first is known only when operation 2 has returned; what comes later is left out."""
    first = (t(0, "a", "x+=1", 0, 10), t(1, "a", "x+=2", 20, 30))
    monkeypatch.setattr(searched, "_MOST_TIED", 1)
    for read, parts in (("[2,1]", [((0, 1, 2), (2,))]), ("[1,2]", [])):
        one = history(*first, t(2, "c", f"x={read}", 40, 50), t(3, "c", "x+=3", 60, 70))
        found, deciding = searching(monkeypatch, one, [True], FITS)
        assert [conflict.parts for conflict in found.conflicts] == parts
        assert (found.undecided.tolist(), found.doubts, deciding.sizes) == ([False], [], [])


def test_lists_of_one_key_need_no_search_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stale read is shown with the append that it missed; what the others appended is cut out."""
    appends = (a(0, "a", "x=1", 0, 10), a(1, "a", "x=2", 20, 30))
    one = history(*appends, r(2, "c", "x=[1]", 40, 50), w(3, "d", "y=1", 0, 10))
    found, deciding = searching(monkeypatch, one, [True, False], FITS)
    assert [conflict.parts for conflict in found.conflicts] == [((1, 2), (2,))]
    assert (found.undecided.tolist(), found.doubts, deciding.sizes) == ([False, False], [], [])


GROWN = (
    w(0, "a", 'x="p"', 0, 10),
    a(1, "a", 'x="a"', 20, 30),
    w(2, "b", "y=1", 0, 10),
    a(3, "b", "y=5", 20, 30),
    w(4, "c", "z=1", 0, 10),
)
"""Something grows in `x`; in `y` nothing can."""


def test_what_reads_tell_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    for read, parts in (("pa", []), ("p", [((0, 1, 5), (5,))])):
        one = history(*GROWN, r(5, "d", f'x="{read}"', 40, 50), r(6, "e", "y=1", 40, 50))
        found, deciding = searching(monkeypatch, one, [True, True, True], FITS, deadline=None)
        assert [conflict.parts for conflict in found.conflicts] == parts
        assert (found.undecided.tolist(), found.doubts) == ([False, False, False], [])
        assert deciding.sizes == [1, 3]


def test_what_contradicts_itself_without_a_proof_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the time that there is."""
    given: dict[str, Any] = {}

    def none_found(operations: Any, contradictions: Any, stuck_in: Any, meter: Meter, **others: Any) -> None:
        given.update(others, contradictions=contradictions, late=meter.is_spent(0))

    monkeypatch.setattr(searched, "find_stuck_among", none_found)
    one = history(*GROWN, r(5, "d", 'x="p"', 40, 50))
    for deadline, late in ((0.0, True), (None, False)):
        found, deciding = searching(monkeypatch, one, [True, False, False], FITS, deadline=deadline)
        assert (found.conflicts, deciding.sizes) == ([], [3])
        assert given == {
            "written": {2: "p"},
            "contradictions": (frozenset({0, 1, 2}),),
            "late": late,
        }


def test_what_transactions_tie_together_is_told_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    one = history(w(0, "a", 'x="p"', 0, 10), t(1, "a", 'x+="a"', 20, 30), t(2, "d", 'x="p"', 40, 50))
    _, deciding = searching(monkeypatch, one, [True], FITS)
    assert deciding.sizes == [3]


def test_what_may_be_looked_at_for_a_short_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """States of 100 MB, or 200,000 configurations where states are small."""
    given: list[int] = []
    really = searched.find_stuck

    def noted(*arguments: Any, most: int, **others: Any) -> Any:
        given.append(most)
        return really(*arguments, most=most, **others)

    monkeypatch.setattr(searched, "find_stuck", noted)
    search_keys(Prepared(history(t(0, "a", "x=1 y:=1", 0, 10))), np.array([True, True]))
    search_keys(Prepared(history(r(0, "a", "x=1", 0, 10))), np.array([True]))
    assert given == [100_000_000 // (500 + 2 * 150), 200_000]


def test_of_several_keys_that_are_left_open_the_first_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one = history(
        *(w(at, f"s{at}", f"{key}=1", 0, 100) for at, key in enumerate("xxyy")),
        r(4, "b", "x=1", 40, 50),
        r(5, "c", "y=1", 40, 50),
    )
    left = Decision("open", 1, 5, None, "memory")
    monkeypatch.setattr(searched, "decide", Deciding(left))
    verdict = check(one, ["linearizable"]).guarantees["linearizable"]
    assert verdict.reason is not None
    assert verdict.reason.startswith("the memory for key 'x' ran out: ")
    assert verdict.ambiguous == 2


def test_an_open_key_is_told_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes of one value leave zones in doubt; x is decided by them."""
    one = history(
        w(0, "a", "x=1", 0, 10),
        r(1, "b", "x=1", 20, 30),
        w(2, "d", "y=2", 0, 100),
        w(3, "c", "y=2", 0, 100),
        r(4, "b", "y=2", 40, 50),
    )
    monkeypatch.setattr(searched, "decide", Deciding(Decision("open", 1, 5, None, "memory")))
    verdict = check(one, ["linearizable"]).guarantees["linearizable"]
    assert (verdict.verdict, verdict.judged, verdict.ambiguous) == ("unknown", 1, 1)
    assert verdict.reason_code == "budget"
    assert verdict.reason == (
        "the memory for key 'y' ran out: 1 of its 3 operations were linearized, in 5 configurations"
    )
