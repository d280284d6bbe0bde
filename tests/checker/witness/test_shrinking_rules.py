"""What a witness is started from, what may go from it, and how long that is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from math import inf

import pytest

from checker import History, Operation, check
from checker.prepared import Prepared
from checker.verdict import Account, Edge, Violation
from checker.witness import minimal, minimal_witness
from checker.witness.closed import Closure
from checker.witness.minimal import _shrink
from tests.checker.literal import f, history, r, w

MIXED = (w(90, "y", "k=90", 0, 10, position=90), w(91, "z", "k=91", 0, 10))
"""Beside these positions of `k` do not count, as long as the second is there."""


def indices(part: History | None) -> list[int]:
    assert part is not None
    return [operation.index for operation in part.operations]


def shown(guarantee: str, *operations: Operation) -> list[int]:
    return indices(minimal_witness(history(*operations), guarantee))


def unread(number: int, writes: int) -> list[Operation]:
    """A key of its own, written so often, and then not found: a violation, from index `10 * number` on."""
    begin, key = 10 * number, f"k{number}"
    written = [
        w(begin + at, f"s{number}", f"{key}={at}", 20 * at, 20 * at + 10) for at in range(1, writes + 1)
    ]
    return [*written, r(begin + 9, f"s{number}", f"{key}={1 if writes > 1 else 'null'}", 500, 510)]


# --- what it is started from


@pytest.mark.parametrize(
    ("guarantee", "operations"),
    [
        ("linearizable", (r(0, "a", "k=7", 20, 30),)),
        ("convergence", (w(0, "a", "k=7", 0, 10), f(1, "n", "k=7", 20), f(2, "m", "k=null", 20))),
        ("unique-positions", (w(0, "a", "k=7", 0, 10, position=1), w(1, "b", "k=8", 0, 10, position=1))),
        ("no-aborted-reads", (w(0, "a", "k=7", 0, 10, status="fail"), r(1, "b", "k=7", 20, 30))),
        ("no-thin-air-reads", (r(0, "b", "k=7", 20, 30),)),
    ],
)
def test_where_versions_are_not_compared_nothing_keeps_their_order(
    guarantee: str, operations: tuple[Operation, ...]
) -> None:
    assert shown(guarantee, *operations, *MIXED) == [operation.index for operation in operations]


def test_where_they_are_what_keeps_positions_from_counting_stays() -> None:
    written = w(0, "a", "k=1", 20, 30, position=1)
    nothing = r(2, "a", "k=null", 60, 70, version=None)
    assert shown("read-your-writes", written, nothing, *MIXED) == [0, 2, 91]
    seen = r(1, "a", "k=1", 40, 50)
    assert shown("monotonic-reads", written, seen, nothing, *MIXED) == [0, 1, 2, 91]


def test_what_is_judged_on_values_keeps_all_writers_of_a_value() -> None:
    writes = [
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "a", "k=2", 20, 30, position=2),
        w(2, "a", "k=1", 40, 50, position=3),
    ]
    late = (w(3, "a", "k=3", 80, 90, position=4), r(4, "b", "k=1", 100, 110, version=1))
    assert shown("linearizable", *writes, *late) == [0, 2, 3, 4]
    final = (f(3, "n", "k=1", 80, version=1), f(4, "m", "k=2", 80, version=2))
    assert shown("convergence", *writes, *final) == [0, 1, 2, 3, 4]


# --- how many are looked at, and how long


def test_ten_violations_are_looked_at() -> None:
    large = [operation for number in range(9) for operation in unread(number, 2)]
    assert shown("linearizable", *large, *unread(9, 1)) == [91, 99]
    assert shown("linearizable", *large, *unread(9, 2), *unread(10, 1)) == [1, 2, 9]


def test_of_equally_small_ones_the_first_of_the_file_is_shown() -> None:
    assert shown("linearizable", *unread(1, 1), *unread(0, 1)) == [11, 19]


def test_of_two_of_one_size_the_one_with_the_lowest_row_is_shown_whichever_was_found_first() -> None:
    """A part holds rows 1 and 8, which a set of numbers holds the other way round."""
    late, read = w(1, "a", "x=5", 100, 110), r(8, "b", "x=5", 0, 10)
    other = (w(2, "c", "y=5", 100, 110), r(3, "d", "y=5", 0, 10))
    first, *rest = (w(20 + at, f"s{at}", f"n{at}=1", 0, 10) for at in range(5))
    assert shown("no-thin-air-reads", first, late, *other, *rest, read) == [1, 8]
    assert shown("no-thin-air-reads", first, read, *other, *rest, late) == [8, 1]


TWO = history(*unread(0, 2), *unread(1, 1))


@pytest.mark.parametrize(("later", "found"), [(10.0, [11, 19]), (10.5, [1, 2, 9])])
def test_no_violation_is_begun_once_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch, later: float, found: list[int]
) -> None:
    clock: Iterator[float] = chain([100.0], repeat(100.0 + later))
    monkeypatch.setattr(minimal, "perf_counter", lambda: next(clock))
    assert indices(minimal_witness(TWO, "linearizable")) == found


# --- what is tried, in which order


def tried(
    guarantee: str,
    operations: tuple[int, ...],
    needed: set[int],
    *,
    cycle: tuple[tuple[int, int], ...] = (),
    deadline: float = inf,
    count: int = 8,
) -> list[str]:
    """The parts that are tried of writes with indices from 10 on, by last digits, and what is kept."""
    whole = history(*(w(10 + at, f"s{at}", f"k{at}=1", 0, 10) for at in range(count)))
    edges = tuple(Edge(from_=10 + a, to=10 + b, edge="real-time", reason="") for a, b in cycle)
    violation = Violation(
        tuple(10 + at for at in operations), None, lambda: Account(cycle=edges, explanation="")
    )
    parts: list[str] = []

    def violated(rows: frozenset[int]) -> bool:
        parts.append("".join(map(str, sorted(rows))))
        return needed <= rows

    closure = Closure(Prepared(whole), on_values=False, by_order=False)
    kept = _shrink(closure, guarantee, violated, violation, deadline)
    return [*parts, "".join(map(str, sorted(kept)))]


def test_first_large_pieces_are_taken_away_and_then_single_operations() -> None:
    halves = ["4567", "0123"]
    quarters = ["234567", "4567", "2367", "2345"]
    single = ["345", "245", "25", "2"]
    last = ["5", "2"]
    found = tried("causal", tuple(range(8)), {2, 5})
    assert found == ["01234567", *halves, *quarters, *single, *last, "25"]


def test_what_is_the_proof_stays_where_it_holds_no_more_than_it_needs() -> None:
    assert tried("read-your-writes", (1, 3), {1}) == ["13", "13"]
    assert tried("consistent-prefix", (1, 3), {1}) == ["13", "3", "1", "", "1"]


def test_where_the_proof_is_not_enough_its_cycle_comes_too_and_then_everything() -> None:
    assert tried("read-your-writes", (1,), {1, 2}, cycle=((2, 3), (3, 2))) == [
        "1",
        "123",
        "13",
        "12",
        "1",
        "12",
    ]
    everything = tried("read-your-writes", (1,), {1, 2, 5})
    assert everything[:4] == ["1", "1", "1567", "01234"]
    assert everything[-1] == "125"


def test_operations_are_taken_away_in_the_order_of_their_rows() -> None:
    """A set of numbers holds 8 before 1."""
    assert tried("causal", (1, 8), {1}, count=9) == ["18", "8", "1", "", "1"]


def test_nothing_is_tried_once_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tried("causal", tuple(range(8)), {2, 5}, deadline=0.0) == ["01234567", "01234567"]
    monkeypatch.setattr(minimal, "perf_counter", lambda: 100.0)
    assert tried("causal", tuple(range(8)), {2, 5}, deadline=100.0)[-1] == "25"


# --- what the judge is told


def test_real_time_orders_the_writes_of_parts_too_if_the_caller_says_so() -> None:
    whole = history(
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=2", 20, 30),
        r(2, "c", "x=2", 40, 50),
        r(3, "c", "x=1", 60, 70),
    )
    assert minimal_witness(whole, "monotonic-reads") is None
    assert indices(minimal_witness(whole, "monotonic-reads", real_time_writes=True)) == [0, 1, 2, 3]


def test_of_a_block_the_judge_names_more_than_it_takes() -> None:
    """Of the initial version's reads the first to end proves nothing."""
    whole = (r(0, "a", "k=null", 0, 5), w(1, "b", "k=1", 10, 20), r(2, "c", "k=null", 40, 50))
    (violation,) = check(history(*whole), ["linearizable"]).guarantees["linearizable"].violations
    assert violation.operations == (0, 1, 2)
    assert shown("linearizable", *whole) == [1, 2]
