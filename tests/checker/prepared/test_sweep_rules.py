"""The sweep finds the keys whose order of places is a linearization, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from checker import Header, History, Operation, check
from checker.prepared import Prepared
from tests.checker.literal import c, history, r, w


def linear(*operations: Operation) -> list[bool]:
    return Prepared(history(*operations)).linear_key.tolist()


def test_reads_of_the_newest_place_in_time_are_a_linearization() -> None:
    assert linear(
        w(0, "s0", "k=1", 0, 10, position=1),
        w(1, "s1", "k=2", 5, 30, position=2),
        r(2, "s2", "k=1", 12, 20),
        r(3, "s2", "k=2", 25, 28),
    ) == [True]


def test_a_read_of_what_a_write_had_replaced_before_it_began_is_none() -> None:
    """At the very moment it may still be: what ends then had not ended before."""
    for start, passes in ((20, True), (21, False)):
        found = linear(
            w(0, "s0", "k=1", 0, 5, position=1),
            w(1, "s0", "k=2", 10, 20, position=2),
            r(2, "s1", "k=1", start, 30),
        )
        assert found == [passes]


def test_a_read_of_the_initial_version_after_a_write_is_none() -> None:
    assert linear(w(0, "s0", "k=1", 0, 5, position=1), r(1, "s1", "k=null", 6, 9)) == [False]


def test_a_read_of_the_initial_version_after_the_second_write_is_none() -> None:
    """The first write is at work all the time. At the very moment the second one may still be."""
    for start, passes in ((5, True), (6, False)):
        writes = (w(0, "s0", "k=1", 0, 100, position=1), w(1, "s1", "k=2", 0, 5, position=2))
        assert linear(*writes, r(2, "s2", "k=null", start, 20)) == [passes]


def test_a_read_of_an_older_version_than_an_earlier_read_is_none() -> None:
    assert linear(
        w(0, "s0", "k=1", 0, 5, position=1),
        w(1, "s0", "k=2", 10, 90, position=2),
        r(2, "s1", "k=2", 20, 30),
        r(3, "s2", "k=1", 40, 50),
    ) == [False]


def test_writes_against_real_time_are_none() -> None:
    assert linear(
        w(0, "s0", "k=1", 0, 5, position=2), w(1, "s1", "k=2", 6, 9, position=1), r(2, "s1", "k=1", 20, 30)
    ) == [False]


def test_one_place_given_twice_is_none() -> None:
    assert linear(w(0, "s0", "k=1", 0, 5, position=1), w(1, "s1", "k=2", 6, 9, position=1)) == [False]
    later = (w(1, "s1", "k=2", 6, 9, position=2), w(2, "s2", "k=3", 6, 9, position=2))
    assert linear(w(0, "s0", "k=1", 0, 5, position=1), *later) == [False]


def test_a_write_that_ended_before_one_two_places_below_it_began_is_none() -> None:
    """The one between them is at work all the time."""
    assert linear(
        w(0, "s0", "k=3", 0, 45, position=3),
        w(1, "s1", "k=2", 0, 100, position=2),
        w(2, "s2", "k=1", 50, 60, position=1),
    ) == [False]


def test_reads_of_the_initial_version_may_follow_one_another() -> None:
    assert linear(
        r(0, "s1", "k=null", 0, 5), r(1, "s1", "k=null", 10, 15), w(2, "s0", "k=1", 20, 25, position=1)
    ) == [True]


def test_a_key_without_positions_says_nothing_of_the_key_before_it() -> None:
    assert linear(w(0, "s0", "a=1", 0, 5, position=1), w(1, "s1", "b=1", 10, 15)) == [True, False]


def test_times_may_be_as_late_as_times_can_be() -> None:
    """Of the last key the newer place had ended when the older one was written."""
    end = 2**62
    assert linear(
        w(0, "s0", "a=1", end - 30, end - 1, position=1),
        w(1, "s1", "b=1", end - 30, end - 1, position=2),
        w(2, "s2", "c=2", end - 30, end - 25, position=4),
        w(3, "s3", "c=1", end - 6, end - 1, position=3),
    ) == [True, True, False]


def test_times_of_three_keys_may_lie_as_far_apart_as_times_can() -> None:
    first, last = -(2**61), 2**61
    assert linear(
        w(0, "s0", "a=1", first + 10, last, position=1),
        w(1, "s1", "b=1", first, first + 5, position=2),
        w(2, "s2", "c=2", first + 10, first + 15, position=4),
        w(3, "s3", "c=1", last, last + 5, position=3),
    ) == [True, True, False]


def test_the_end_of_one_key_is_not_the_beginning_of_the_next() -> None:
    """The write of b took no time, at the first moment of all."""
    assert linear(w(0, "s0", "a=1", 10, 15, position=1), w(1, "s1", "b=1", 0, 0, position=2)) == [True, True]


def test_thousands_of_writes_are_ordered_by_their_places() -> None:
    writes = [w(at, f"s{at % 2}", f"k={at}", 10 * at, 10 * at + 15, position=at + 1) for at in range(2_000)]
    assert linear(*writes) == [True]


def test_so_many_keys_and_operations_need_longer_numbers() -> None:
    """The last two writes of the last key stand against real time."""
    places = [*range(1, 399), 400, 399]
    writes = [
        w(at, "s", f"k{at // 2}={at}", 10 * at, 10 * at + 5, position=place)
        for at, place in enumerate(places)
    ]
    assert linear(*writes) == [True] * 199 + [False]


def test_an_ambiguous_read_of_one_key_says_nothing_of_another() -> None:
    """The last row is a write of the key that passes."""
    assert linear(
        w(0, "s0", "a=1", 0, 5, position=1),
        w(1, "s1", "a=1", 0, 50, position=2),
        r(2, "s2", "a=1", 60, 70),
        w(3, "s3", "b=1", 10, 20, position=3),
    ) == [False, True]


def test_an_ambiguous_read_says_nothing_of_the_write_in_the_last_row() -> None:
    """It was asked for after the write that follows had ended."""
    assert linear(
        w(0, "s0", "a=1", 0, 5, position=1),
        w(1, "s1", "a=1", 0, 50, position=2),
        r(2, "s2", "a=1", 60, 70),
        w(3, "s3", "b=2", 30, 40, position=4),
        w(4, "s3", "b=1", 10, 20, position=3),
    ) == [False, True]


def test_a_compare_and_set_stands_where_it_wrote_and_not_at_what_it_read() -> None:
    """Another write of the value that it expects stands between."""
    assert linear(
        w(0, "s0", "k=1", 0, 5, position=1),
        w(1, "s1", "k=1", 10, 15, position=2),
        c(2, "s2", "k=1>2", 20, 25, position=3, version=1),
    ) == [True]


def test_of_several_reads_of_one_version_the_latest_decides_wherever_it_stands_in_the_file() -> None:
    """The read that began last comes first."""
    assert linear(
        r(0, "s1", "k=1", 40, 50),
        r(1, "s2", "k=1", 6, 9),
        w(2, "s0", "k=1", 0, 5, position=1),
        w(3, "s0", "k=2", 10, 30, position=2),
    ) == [False]


def test_a_compare_and_set_must_expect_what_stands_before_it() -> None:
    for expected, passes in ((1, True), (7, False)):
        first = w(0, "s0", "k=1", 0, 5, position=1)
        other = w(1, "s9", "j=7", 0, 5, position=2)
        assert linear(first, other, c(2, "s1", f"k={expected}>2", 10, 20, position=3))[0] is passes


def test_a_compare_and_set_of_a_second_key_and_of_the_initial_version() -> None:
    first = w(0, "s0", "j=1", 0, 5, position=1)
    other = w(1, "s1", "k=1", 0, 5, position=2)
    assert linear(first, other, c(2, "s1", "k=1>2", 10, 20, position=3)) == [True, True]
    assert linear(first, c(1, "s1", "k=null>1", 10, 20, position=3)) == [True, True]


def test_all_are_linear_only_where_every_key_is_and_no_read_is_unclear() -> None:
    good = (w(0, "s0", "a=1", 0, 5, position=1), r(1, "s1", "a=1", 6, 9))
    assert Prepared(history(*good)).linear
    assert Prepared(history(*good, r(2, "s1", "b=null", 10, 15))).linear
    assert not Prepared(history(*good, r(2, "s1", "b=7", 10, 15))).linear
    assert not Prepared(history(*good, w(2, "s2", "b=1", 0, 5))).linear
    back = (w(2, "s2", "b=1", 0, 5, position=2), r(3, "s2", "b=null", 6, 9))
    assert not Prepared(history(*good, *back)).linear


def test_one_key_that_goes_back_keeps_causality_from_being_taken_for_granted() -> None:
    """The write of a is in the past of the last read by way of b, and that read missed it."""
    verdict = check(
        history(
            w(0, "s0", "a=1", 0, 5, position=1),
            w(1, "s0", "b=1", 10, 15, position=2),
            r(2, "s1", "b=1", 20, 25),
            r(3, "s1", "a=null", 30, 35, version=None),
        ),
        ["causal"],
    ).guarantees["causal"]
    assert (verdict.verdict, verdict.judged) == ("violated", 2)


def test_what_is_linear_is_causal_by_positions_and_every_read_is_judged() -> None:
    verdict = check(
        history(
            w(0, "s0", "a=1", 0, 5, position=1),
            w(1, "s0", "b=1", 10, 15, position=2),
            r(2, "s1", "b=1", 20, 25),
            r(3, "s1", "a=1", 30, 35),
        ),
        ["causal"],
    ).guarantees["causal"]
    assert (verdict.verdict, verdict.evidence, verdict.judged) == ("holds", "positions", 2)


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("shuffled", [False, True])
def test_it_is_what_comparing_every_two_operations_finds(far: bool, shuffled: bool) -> None:
    """Also where times of two keys do not fit in one integer, and where rows do not come in order of time."""
    verdicts = [found for seed in range(60) for found in _compared(seed, far=far, shuffled=shuffled)]
    assert {True, False} == set(verdicts)


def _compared(seed: int, *, far: bool, shuffled: bool) -> list[bool]:
    chance = np.random.default_rng(seed)
    operations = list(_operations(chance, 2**59 if far else 1))
    if shuffled:
        operations = [operations[row] for row in chance.permutation(len(operations)).tolist()]
        operations = [_renumbered(operation, row) for row, operation in enumerate(operations)]
    prepared = Prepared(History.from_operations(operations, header=Header()))
    found = prepared.linear_key.tolist()
    names = prepared.columns.key_names
    assert found == [_is_linear([one for one in operations if one.key == name]) for name in names]
    return found


def _operations(chance: np.random.Generator, scale: int) -> Iterator[Operation]:
    """Three writes of each of two keys, and five reads, each in a session of its own."""
    for index, start in enumerate(sorted(chance.integers(-3, 4, 11).tolist())):
        key, value = f"k{index % 2}", index // 2 % 3 + 1
        end = start * scale + int(chance.integers(0, 3)) * (scale + 1) // 2
        if index < 6:
            yield w(index, f"s{index}", f"{key}={value}", start * scale, end, position=value)
        else:
            yield r(index, f"s{index}", f"{key}={value}", start * scale, end)


def _renumbered(operation: Operation, index: int) -> Operation:
    fields = {name: getattr(operation, name) for name in operation.__struct_fields__}
    return Operation(**fields | {"index": index})


def _is_linear(operations: list[Operation]) -> bool:
    """By the definition: of no two does the one that had ended before stand at a newer place."""
    for one in operations:
        for other in operations:
            place = other.value + (other.op == "read") / 2
            if one.end is not None and one.end < other.start and one.value + (one.op == "read") / 2 > place:
                if one.op == "read" and other.op == "read" and one.value == other.value:
                    continue
                return False
    return True
