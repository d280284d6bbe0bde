"""What a version and what a read say of a write: by places, by time, by candidates, by nothing found."""

from __future__ import annotations

import numpy as np
import pytest

from checker import Operation
from checker.fates import durability_of
from checker.fates.pairs import compare_reads, compare_versions
from checker.prepared import Prepared
from tests.checker.literal import c, d, history, r, w

LACKS, FOLLOWS, NEITHER = (True, False), (False, True), (False, False)
MISSES, SHOWS = LACKS, FOLLOWS
Said = tuple[bool, bool]


def of_versions(pairs: list[tuple[int, int]], *operations: Operation) -> list[Said]:
    """Of each version and write whether the one lacks, and whether it follows the other."""
    versions, writes = np.array(pairs).T
    lacks, follows = compare_versions(Prepared(history(*operations)), versions, writes)
    return list(zip(lacks.tolist(), follows.tolist(), strict=True))


def of_reads(*operations: Operation) -> list[Said]:
    """What the last operation, a read, says of all acknowledged writes before."""
    prepared = Prepared(history(*operations))
    writes = prepared.acknowledged[prepared.acknowledged < len(operations) - 1]
    misses, shows = compare_reads(prepared, np.full(len(writes), len(operations) - 1), writes)
    return list(zip(misses.tolist(), shows.tolist(), strict=True))


def test_where_places_count_time_does_not() -> None:
    """Key `x` was written against the order of its places; the positions of `y` do not count."""
    operations = (
        w(0, "a", "x=1", 0, 10, position=3),
        w(1, "a", "x=2", 20, 30, position=2),
        w(2, "b", "x=3", 40, 50, position=3),
        w(3, "b", "y=1", 60, 70, position=9),
        w(4, "b", "y=2", 80, 90),
        w(5, "c", "y=3", 0, None),
        r(6, "d", "y=3", 100, 110),
    )
    initial = len(operations)
    asked = {
        (0, 1): FOLLOWS,
        (3, 4): LACKS,
        (1, 0): LACKS,
        (2, 0): FOLLOWS,
        (5, 4): NEITHER,
        (0, 2): FOLLOWS,
        (4, 3): FOLLOWS,
        (4, 4): FOLLOWS,
        (initial, 0): LACKS,
        (initial, 4): LACKS,
    }
    assert of_versions(list(asked), *operations) == list(asked.values())


def test_a_version_that_starts_as_a_write_ends_does_not_follow_it() -> None:
    touching = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 10, 20), w(2, "c", "x=3", 11, 20))
    assert of_versions([(1, 0), (0, 1), (2, 0), (0, 2)], *touching) == [NEITHER, NEITHER, FOLLOWS, LACKS]


ONES = (w(0, "a", "x=1", 0, 10), w(1, "b", "x=1", 20, 30))


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        # One candidate, or none.
        ((w(0, "a", "x=1", 0, 10), r(1, "c", "x=1", 20, 30)), [SHOWS]),
        ((w(0, "a", "x=1", 0, 10), r(1, "c", "x=9", 20, 30)), [NEITHER]),
        ((w(0, "a", "x=1", 0, 10), r(1, "c", "x=null", 20, 30, version=None)), [MISSES]),
        # Several: they agree, or they do not.
        ((*ONES, r(2, "c", "x=1", 40, 50)), [SHOWS, NEITHER]),
        ((*ONES, w(2, "c", "x=2", 40, 50), r(3, "c", "x=1", 60, 70)), [SHOWS, NEITHER, MISSES]),
        # Nothing was found, and of what version is not said.
        ((w(0, "a", "x=1", 0, 10), r(1, "c", "x=null", 20, 30)), [MISSES]),
        ((w(0, "a", "x=1", 0, 10), d(1, "b", "x", 20, 30), r(2, "c", "x=null", 40, 50)), [SHOWS, SHOWS]),
        ((w(0, "a", "x=1", 0, 10), d(1, "b", "x", 5, 30), r(2, "c", "x=null", 40, 50)), [NEITHER, SHOWS]),
        ((d(0, "b", "x", 0, 5), w(1, "a", "x=1", 10, 20), r(2, "c", "x=null", 40, 50)), [SHOWS, MISSES]),
        (
            (
                d(0, "b", "x", 0, 5),
                w(1, "a", "x=1", 10, 20),
                d(2, "b", "x", 30, 35),
                r(3, "c", "x=null", 40, 50),
            ),
            [SHOWS, NEITHER, NEITHER],
        ),
    ],
)
def test_what_a_read_says_of_the_writes_before(operations: tuple[Operation, ...], said: list[Said]) -> None:
    assert of_reads(*operations) == said


def test_pairs_are_told_apart() -> None:
    """Three kinds of reads at once, each beside writes of its own."""
    prepared = Prepared(
        history(
            *ONES,
            w(2, "c", "x=2", 40, 50),
            w(3, "d", "y=1", 0, 10),
            r(4, "e", "y=null", 60, 70),
            r(5, "g", "x=1", 60, 70),
            r(6, "f", "x=2", 60, 70),
            w(7, "h", "x=4", 45, 55),
        )
    )
    reads, writes = np.array([4, 5, 6, 5, 6, 5, 6]), np.array([3, 2, 2, 0, 0, 1, 7])
    misses, shows = compare_reads(prepared, reads, writes)
    assert misses.tolist() == [True, True, False, False, False, False, False]
    assert shows.tolist() == [False, False, True, True, True, False, False]


def test_a_swap_that_writes_nothing_has_read_something() -> None:
    """It expected 1, so it misses the newer 2, though it deletes at a higher place."""
    report = durability_of(
        history(
            w(0, "a", "x=1", 0, 10, position=1),
            w(1, "a", "x=2", 20, 30, position=2),
            c(2, "b", "x=1>null", 40, 50, position=3),
        )
    )
    assert [write.operation for write in report.named["lost"]] == [1]
