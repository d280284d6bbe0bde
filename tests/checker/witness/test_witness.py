"""The smallest part of a history that still shows a violation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import GUARANTEES, History, Staleness, check
from checker.prepared import Prepared
from checker.witness import minimal_witness
from checker.witness.closed import Closure, part_of
from tests.checker.histories import histories
from tests.checker.literal import c, d, f, history, r, w
from tests.checker.test_definitions import SETTINGS

BOUND = Staleness(15, "ns")


def indices(part: History | None) -> list[int]:
    assert part is not None
    return [operation.index for operation in part.operations]


def test_what_has_nothing_to_do_with_it_is_left_out() -> None:
    whole = history(
        w(0, "s1", "k=1", 0, 10, position=1),
        w(1, "s2", "j=1", 2, 12, position=2),
        r(2, "s2", "j=1", 20, 30, version=2),
        w(3, "s1", "k=2", 20, 30, position=3),
        r(4, "s1", "k=1", 40, 50, version=1),
        r(5, "s2", "k=2", 40, 50, version=3),
    )
    part = minimal_witness(whole, "read-your-writes")
    assert indices(part) == [0, 3, 4]
    assert part is not None
    assert part.header.expect == {"read-your-writes": "violated"}
    assert part.header.meta == {
        "witness_of": None,
        "guarantee": "read-your-writes",
        "operations_of_whole": 6,
    }
    assert part.header.explanation is not None
    assert part.header.explanation.startswith("Let w = operation 3 (s1 writes 2 to k)")


def test_what_is_not_violated_has_no_witness() -> None:
    assert minimal_witness(history(w(0, "s", "k=1", 0, 10), r(1, "s", "k=1", 20, 30)), "linearizable") is None


def test_all_that_a_read_may_have_read_stays() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        w(1, "b", "k=1", 20, 30, position=2),
        w(2, "c", "k=2", 40, 50, position=3),
        r(3, "c", "k=1", 60, 70),
    )
    assert indices(minimal_witness(whole, "read-your-writes")) == [0, 1, 2, 3]


def test_an_open_write_keeps_a_read_of_it() -> None:
    whole = history(
        w(0, "a", "k=1", 0, None, position=1),
        r(1, "b", "k=1", 20, 30, version=1),
        w(2, "b", "j=1", 40, 50, position=1),
        r(3, "c", "j=1", 60, 70, version=1),
        r(4, "c", "k=null", 80, 90, version=None),
        r(5, "d", "k=1", 80, 90, version=1),
    )
    assert indices(minimal_witness(whole, "consistent-prefix")) == [0, 1, 2, 3, 4]


def test_of_several_violations_the_smallest_is_shown() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10),
        w(1, "a", "k=2", 20, 30),
        w(2, "a", "k=3", 40, 50),
        r(3, "b", "k=2", 60, 70),
        r(4, "b", "j=9", 80, 90),
    )
    assert indices(minimal_witness(whole, "linearizable")) == [4]


def test_a_bound_is_named() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=1),
        r(1, "b", "k=null", 40, 50, version=None),
        r(2, "b", "k=1", 60, 70, version=1),
    )
    part = minimal_witness(whole, "bounded-staleness", staleness=BOUND)
    assert indices(part) == [0, 1]
    assert part is not None
    assert part.header.meta["staleness"] == "15ns"


def test_a_delete_that_explains_that_nothing_was_found_stays() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10, position=2),
        d(1, "b", "k", 20, 30, position=1),
        f(2, "x", "k=null", 40),
        f(3, "x", "j=null", 60),
    )
    assert indices(minimal_witness(whole, "no-lost-acknowledged-writes")) == [0, 1, 2]


def test_a_compare_and_set_is_a_read_too() -> None:
    whole = history(
        w(0, "a", "k=1", 0, 10),
        c(1, "b", "k=1>2", 20, 30),
        c(2, "c", "k=1>3", 40, 50),
        r(3, "d", "k=3", 60, 70),
    )
    assert indices(minimal_witness(whole, "linearizable")) == [0, 1, 2]


def test_from_a_long_history_the_same_few_operations() -> None:
    noise = [w(number, "n", f"n={number}", 100 * number, 100 * number + 9) for number in range(10, 3_000)]
    late = 1_000_000
    whole = history(
        w(0, "a", "k=1", 0, 10),
        *noise,
        w(4_000, "a", "k=2", late, late + 10),
        r(4_001, "b", "k=1", late + 20, late + 30),
    )
    assert indices(minimal_witness(whole, "linearizable")) == [0, 4_000, 4_001]


@pytest.mark.parametrize("guarantee", GUARANTEES)
@given(whole=histories())
@settings(SETTINGS, max_examples=100)
def test_a_witness_violates_and_nothing_of_it_can_go(guarantee: str, whole: History) -> None:
    part = minimal_witness(whole, guarantee, staleness=BOUND)
    violated = check(whole, [guarantee], staleness=BOUND).guarantees[guarantee].verdict == "violated"
    assert (part is not None) == violated
    if part is not None:
        assert check(part, [guarantee], staleness=BOUND).guarantees[guarantee].verdict == "violated"
        assert set(indices(part)) <= {operation.index for operation in whole.operations}


IN_PAIRS = (
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "consistent-prefix",
    "bounded-staleness",
    "unique-positions",
    "no-aborted-reads",
    "no-thin-air-reads",
)


@given(whole=histories(), data=st.data())
@SETTINGS
def test_a_closed_part_violates_nothing_that_the_whole_keeps(whole: History, data: st.DataObject) -> None:
    rows = data.draw(st.sets(st.integers(0, len(whole) - 1), min_size=1))
    part = part_of(whole, sorted(Closure(Prepared(whole), on_values=False, by_order=True).of(rows)))
    kept = check(whole, IN_PAIRS, staleness=BOUND).guarantees
    for name, verdict in check(part, IN_PAIRS, staleness=BOUND).guarantees.items():
        if verdict.verdict == "violated":
            assert kept[name].verdict == "violated", name


@given(whole=histories(), data=st.data())
@SETTINGS
def test_a_part_closed_on_values_is_linearizable_if_the_whole_is(whole: History, data: st.DataObject) -> None:
    rows = data.draw(st.sets(st.integers(0, len(whole) - 1), min_size=1))
    part = part_of(whole, sorted(Closure(Prepared(whole), on_values=True, by_order=True).of(rows)))
    if check(part, ["linearizable"]).guarantees["linearizable"].verdict == "violated":
        assert check(whole, ["linearizable"]).guarantees["linearizable"].verdict != "holds"
