"""What is judged by whole columns agrees, to the nanosecond, with what each read says of each write."""

from __future__ import annotations

import numpy as np
import pytest

from checker.fates.pairs import compare_reads
from checker.fates.seen import NEVER, Seen, when_seen
from checker.history.columns import Bools, Ints
from checker.prepared import Prepared
from tests.checker.battery.families import FAMILIES, history
from tests.checker.fates.test_fates_numbered import RARE


def last(starts: Ints, which: Bools) -> int:
    return int(starts[which].max(initial=NEVER))


def by_pairs(prepared: Prepared) -> list[tuple[int, int, bool, bool]]:
    """Of each acknowledged write: last missed, last shown, whether asked for, and whether gone if so."""
    columns, found = prepared.columns, []
    for write in prepared.acknowledged.tolist():
        of_key = columns.key[prepared.reads] == columns.key[write]
        later = prepared.reads[of_key & (columns.start[prepared.reads] > columns.end[write])]
        misses, shows = compare_reads(prepared, later, np.full(len(later), write))
        final, starts = columns.final[later], columns.start[later]
        asked = bool(final.any())
        found.append((last(starts, misses), last(starts, shows), asked, asked and bool(misses[final].all())))
    return found


def by_columns(seen: Seen) -> list[tuple[int, int, bool, bool]]:
    columns = (seen.missed, seen.shown, seen.asked, seen.asked & seen.gone)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_columns_agree_with_pairs(name: str) -> None:
    for number in (*range(60), *RARE.get(name, ())):
        prepared = Prepared(history(FAMILIES[name], number))
        assert by_columns(when_seen(prepared)) == by_pairs(prepared), number
