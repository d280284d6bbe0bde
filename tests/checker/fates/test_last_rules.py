"""When writes without places were last missed and shown, where times touch and where causes decide."""

from __future__ import annotations

from checker import Operation
from checker.fates.seen import NEVER, when_seen
from checker.prepared import Prepared
from tests.checker.literal import history, r, w

Last = tuple[int | None, int | None]


def last(*operations: Operation) -> list[Last]:
    """Of each acknowledged write the starts of the last reads that miss and that show it."""
    seen = when_seen(Prepared(history(*operations)))
    pairs = zip(seen.missed.tolist(), seen.shown.tolist(), strict=True)
    return [(None if m == NEVER else m, None if s == NEVER else s) for m, s in pairs]


def test_a_read_that_several_explain_counts_from_the_moment_after() -> None:
    writes = (w(0, "a", "x=1", 0, 5), w(1, "b", "x=1", 0, 5), w(2, "c", "x=2", 6, 10))
    assert last(*writes, r(3, "d", "x=1", 10, 20))[2] == (None, None)
    assert last(*writes, r(3, "d", "x=1", 11, 20))[2] == (11, None)


def test_who_had_seen_a_version_replaced_it_though_they_overlap() -> None:
    """The second write begins a nanosecond after the first, which its session had read by then."""
    writes = (w(0, "a", "x=1", 0, 100), r(1, "s", "x=1", 0, 0), w(2, "s", "x=2", 1, 50))
    assert last(*writes, r(3, "b", "x=1", 200, 210)) == [(None, 200), (200, None)]
    assert last(*writes, r(3, "b", "x=2", 200, 210)) == [(None, 200), (None, 200)]


def test_the_initial_version_lacks_all_writes_of_its_key() -> None:
    operations = (w(0, "a", "x=1", 0, 10), w(1, "b", "y=1", 0, 10), r(2, "c", "x=null", 20, 30, version=None))
    assert last(*operations) == [(20, None), (None, None)]
    assert last(*operations, r(3, "c", "x=1", 40, 50)) == [(20, 40), (None, None)]
