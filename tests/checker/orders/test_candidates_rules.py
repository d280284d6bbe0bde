"""What reads may have read, when they are many and are matched all at once."""

from __future__ import annotations

from dataclasses import replace

from checker.prepared import Prepared
from tests.checker.battery.families import FAMILIES
from tests.checker.battery.families import history as numbered
from tests.checker.brute_force import INITIAL, Definitions

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
