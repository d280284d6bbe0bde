"""What reads may have read, when they are many and are matched all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.orders.candidates import NO_ONE
from checker.prepared import Prepared
from tests.checker.battery.families import FAMILIES
from tests.checker.battery.families import history as numbered
from tests.checker.brute_force import INITIAL, Definitions
from tests.checker.literal import history, r, w

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
