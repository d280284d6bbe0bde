"""What reads may have read: one by one, and when they are many and are matched all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker import Operation
from checker.orders import candidates
from checker.orders.candidates import NO_ONE, Candidates, OutOfBudget, find_candidates
from checker.prepared import Prepared
from tests.checker.battery.families import FAMILIES
from tests.checker.battery.families import history as numbered
from tests.checker.brute_force import INITIAL, Definitions
from tests.checker.literal import c, d, history, r, w

MANY = replace(
    FAMILIES["placed"], positions=("all",), thin_air=0.3, out_of_order=0.3, sessions=9, kinds="rrrrrww"
)


def test_candidates_are_those_of_the_definition() -> None:
    matched = 0
    for number in range(40):
        one = numbered(MANY, number)
        definitions, prepared = Definitions(one), Prepared(one)
        expected = {
            read: tuple(len(one) if version is INITIAL else version.index for version in versions)
            for read, versions in definitions.candidates.items()
        }
        assert {read: prepared.versions_of(read) for read in prepared.reads.tolist()} == expected
        matched += sum(len(versions) == 1 for versions in expected.values())
    assert matched > 400


@pytest.mark.parametrize("wrong", range(1, 21))
def test_what_stood_at_one_place_is_not_taken_for_what_stood_at_another(wrong: int) -> None:
    """Values 1 and 2 by turns, and 1 read where 2 stood, or 2 where 1 did, among many reads that are right.

    There is an open write of 2 as well, which may stand anywhere.
    """
    writes = [w(at, "a", f"x={2 - at % 2}", 100 * at, 100 * at + 5, position=at) for at in range(1, 21)]
    reads = [
        r(100 + at, "b", f"x={1 + at % 2 if at == wrong else 2 - at % 2}", 5_000 + at, 5_000 + at, version=at)
        for at in range(1, 21)
    ]
    prepared = Prepared(history(*writes, *reads, w(200, "c", "x=2", 0, None)))
    expected = [at - 1 for at in range(1, 21)]
    expected[wrong - 1] = 40 if wrong % 2 else NO_ONE
    assert prepared.candidates.source[20:40].tolist() == expected


def found(*operations: Operation, by_version: bool = True) -> Candidates:
    columns, plain = history(*operations).columns, Prepared(history(*operations))
    return find_candidates(columns, plain.reads, plain.writes, by_version=by_version)


def test_a_null_that_says_so_is_of_the_initial_version_whoever_else_wrote_null() -> None:
    deletes = (d(0, "a", "x", 0, 5), d(1, "b", "x", 0, 5))
    one = found(*deletes, r(2, "c", "x=null", 10, 15, version=None))
    assert (one.source[2], one.several) == (3, {})
    unsaid = found(*deletes, r(2, "c", "x=null", 10, 15))
    assert unsaid.several == {2: (3, 0, 1)}


def test_a_null_that_nobody_wrote_is_of_the_initial_version() -> None:
    """The last row is of the same key, and overlaps the read."""
    one = found(r(0, "a", "x=null", 0, 10), w(1, "b", "x=1", 5, 15))
    assert (one.source[0], one.several) == (2, {})


def test_a_value_of_which_there_are_too_many_writes_to_look_at_costs_the_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three reads with two candidates each are as many as may be looked at; four are not."""
    monkeypatch.setattr(candidates, "TOO_MANY", 6)
    writes = (w(0, "a", "x=1", 0, 5), w(1, "b", "x=1", 0, 5))
    reads = [r(at, "c", "x=1", 10 * at, 10 * at + 5) for at in range(2, 6)]
    assert found(*writes, *reads[:3]).several == {2: (0, 1), 3: (0, 1), 4: (0, 1)}
    with pytest.raises(OutOfBudget) as refused:
        found(*writes, *reads)
    assert str(refused.value) == "too many writes of one value"


def test_a_place_that_only_a_read_says_is_that_of_the_only_candidate_in_time() -> None:
    """Write 1 is read at [4] and has its place; write 2 started after it was said to be read at [5].

    That another read tells nothing new does not matter.
    """
    one = found(
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "b", "x=2", 0, None),
        r(2, "c", "x=1", 10, 15, version=1),
        r(3, "c", "x=2", 20, 25, version=4),
        r(4, "c", "x=3", 30, 35, version=5),
        w(5, "d", "x=3", 40, None),
    )
    assert one.source[2:5].tolist() == [0, 1, NO_ONE]
    assert one.places.tolist() == [1, 2, -1, -1, -1, -1, 0]


def test_a_place_that_only_a_read_says_may_be_of_one_of_several_writes_of_the_value() -> None:
    """The other one has another place."""
    one = found(
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "b", "x=1", 0, None),
        r(2, "c", "x=1", 10, 15, version=4),
    )
    assert (one.source[2], one.places.tolist()) == (1, [1, 2, -1, 0])


def test_no_write_gets_the_place_of_the_initial_version() -> None:
    one = found(w(0, "a", "x=1", 0, None), r(1, "b", "x=1", 10, 15, version=None))
    assert (one.source[1], one.places.tolist()) == (0, [-1, -1, 0])


def test_who_sees_values_only_looks_at_no_version() -> None:
    operations = (
        w(0, "a", "x=1", 0, 5, position=1),
        w(1, "a", "x=2", 10, 15, position=2),
        r(2, "b", "x=1", 20, 25, version=2),
    )
    assert found(*operations).source[2] == NO_ONE
    assert found(*operations, by_version=False).source[2] == 0


def test_a_hundred_and_twenty_eight_writes_of_one_value_are_as_many_candidates() -> None:
    """And 256 are: more than a byte can count."""
    for count in (128, 256):
        writes = [w(at, f"s{at}", "x=1", 0, 5) for at in range(count)]
        one = found(*writes, r(count, "r", "x=1", 10, 15))
        assert one.several == {count: tuple(range(count))}


def test_a_write_that_starts_as_the_read_ends_is_a_candidate_and_a_later_one_is_not() -> None:
    read = r(0, "a", "x=1", 0, 10)
    assert found(read, w(1, "b", "x=1", 10, 20)).source[0] == 1
    assert found(read, w(1, "b", "x=1", 11, 20)).source[0] == NO_ONE


@pytest.mark.parametrize("others", [(), (w(7, "d", "x=7", 0, 5),), (w(7, "d", "x=7", 200, 205),)])
def test_a_file_may_list_a_write_before_a_read_that_ended_sooner(others: tuple[Operation, ...]) -> None:
    one = found(*others, w(0, "a", "x=1", 100, 110), r(1, "b", "x=1", 40, 50))
    assert one.source[len(others) + 1] == NO_ONE


def test_no_compare_and_set_reads_what_it_wrote_itself() -> None:
    """In a file that is in the order of time, and in one that is not."""
    swap = c(0, "a", "x=1>1", 10, 20)
    assert found(swap).source[0] == NO_ONE
    assert found(swap, w(1, "b", "x=2", 0, 5)).source[0] == NO_ONE


def test_rows_are_operations_of_their_own_unless_one_says_that_they_are_parts() -> None:
    both = Operation(
        index=0, session="a", op="txn", ops=[("r", "x", 1), ("w", "x", 1)], start=0, end=5, status="ok"
    )
    plain = Prepared(history(both))
    asked = (plain.columns, plain.reads, plain.writes)
    assert find_candidates(*asked, parts=True).source[0] == NO_ONE
    assert find_candidates(*asked).source[0] == 1


def _written(text: str, *places: int) -> list[Operation]:
    return [w(at, f"w{at}", text, at, at, position=at) for at in places]


def _read(text: str, *versions: int) -> list[Operation]:
    return [r(1_000 + at, f"r{at}", text, 2_000 + at, 2_000 + at, version=at) for at in versions]


MANY_PLACES = range(1, 21)


@pytest.mark.parametrize(
    ("read", "writes"),
    [
        # Of another key, of another value, and of another key and value.
        ("x=1", [*_written("x=1", 21, 22), *_written("y=1", *MANY_PLACES)]),
        ("x=1", [*_written("x=1", 21, 22), *_written("x=null", *MANY_PLACES)]),
        ("x=null", [*_written("x=null", 21, 22), *_written("x=1", *MANY_PLACES)]),
        ("x=1", [*_written("y=2", *MANY_PLACES), *_written("x=1", 21, 22)]),
        ("x=1", [*_written("x=1", 21, 22), *_written("y=2", *MANY_PLACES)]),
    ],
)
def test_no_read_is_of_what_another_wrote_at_that_place(read: str, writes: list[Operation]) -> None:
    one = found(*writes, *_read(read, *MANY_PLACES))
    assert set(one.source[len(writes) : -1].tolist()) == {NO_ONE}


def test_values_places_and_rows_are_not_taken_for_one_another() -> None:
    """Value number n stands at the places 2n - 1 and 2n, and 2n was read at place n."""
    writes = [w(at, f"w{at}", f"x={(at + 1) // 2}", at, at, position=at) for at in range(1, 81)]
    reads = [r(1_000 + n, f"r{n}", f"x={2 * n}", 2_000, 2_000, version=n) for n in MANY_PLACES]
    assert set(found(*writes, *reads).source[80:-1].tolist()) == {NO_ONE}


def test_what_is_read_in_the_next_row_is_not_taken_for_what_is_read_in_this() -> None:
    """Reads stand first; each says the place of the value that the one before it returned."""
    reads = [r(n, f"r{n}", f"x={n}", 500, 500, version=2 * n - 2) for n in range(2, 23)]
    writes = [w(100 + at, f"w{at}", f"x={(at + 1) // 2}", at, at, position=at) for at in range(1, 45)]
    assert set(found(*reads, *writes).source[: len(reads)].tolist()) == {NO_ONE}


def test_many_reads_that_do_not_say_their_version_are_ambiguous() -> None:
    writes = (w(0, "a", "x=1", 0, 5, position=1), w(1, "b", "x=1", 0, None))
    reads = [r(at, f"r{at}", "x=1", 10, 15) for at in range(2, 22)]
    assert found(*writes, *reads).several == dict.fromkeys(range(2, 22), (0, 1))


def test_two_writes_of_one_value_at_one_place_are_both_candidates() -> None:
    """However many reads are matched, and in whatever order the writes come."""
    places = [*MANY_PLACES[::-1], *MANY_PLACES]
    writes = [w(n, f"w{n}", "x=1", n, n, position=place) for n, place in enumerate(places)]
    one = found(*writes, *_read("x=1", *MANY_PLACES))
    assert one.several == {40 + n: (19 - n, 20 + n) for n in range(20)}
