"""The line on what became of the writes, word for word."""

from __future__ import annotations

from checker.fates import DurabilityReport
from checker.fates.values import NamedWrite, RoleChange
from checker.report.writes import writes_line

CRASH = RoleChange("crash", "n0", 36)
PROMOTION = RoleChange("promotion", "n1", 2_000)
LATER = RoleChange("crash", "n0", 3_000_000)


def lost(number: int, across: RoleChange | None) -> NamedWrite:
    return NamedWrite(operation=number, key="x", missed_by=9, across=across)


def test_nothing_is_said_of_nothing() -> None:
    assert writes_line(None) == ""
    assert writes_line(DurabilityReport()) == "writes: 0 acknowledged: 0 stable"


def test_each_fate_that_some_write_has_is_counted() -> None:
    report = DurabilityReport(
        acknowledged=12_345,
        stable=9_000,
        lost=1_234,
        stale=1_111,
        never_read=1_000,
        recovered=2_222,
        aborted=3_333,
        staleness={0.5: 10, 1.0: 2_500},
        named={"lost": ()},
    )
    assert writes_line(report) == (
        "writes: 12,345 acknowledged: 9,000 stable, 1,234 lost, 1,111 stale for up to 2.5 µs, "
        "1,000 never read; 2,222 recovered; 3,333 failed and yet read"
    )


def test_fates_that_one_write_has_are_counted_too() -> None:
    report = DurabilityReport(
        acknowledged=4,
        stable=1,
        stale=1,
        never_read=1,
        lost=1,
        recovered=1,
        aborted=1,
        staleness={1.0: 7},
        named={"lost": (lost(0, None),)},
    )
    assert writes_line(report) == (
        "writes: 4 acknowledged: 1 stable, 1 lost, 1 stale for up to 7 ns, 1 never read; "
        "1 recovered; 1 failed and yet read"
    )


def test_a_loss_says_how_sure_it_is_and_what_it_was_across() -> None:
    three = (lost(0, PROMOTION), lost(1, CRASH), lost(2, CRASH))
    report = DurabilityReport(acknowledged=3, lost=3, presumed_lost=3, named={"lost": three})
    assert writes_line(report) == (
        "writes: 3 acknowledged: 0 stable, 3 lost (presumed, for lack of final reads; "
        "across the crash of n0 at 36 ns and the promotion of n1 at 2 µs)"
    )


def test_of_more_losses_than_are_named_the_first_are_meant() -> None:
    three = (lost(0, LATER), lost(1, None), lost(2, PROMOTION))
    report = DurabilityReport(
        acknowledged=3_000, lost=2_000, presumed_lost=1_500, stable=1_000, named={"lost": three}
    )
    assert writes_line(report) == (
        "writes: 3,000 acknowledged: 1,000 stable, 2,000 lost (1,500 of them presumed, for lack of final "
        "reads; the first across the promotion of n1 at 2 µs and the crash of n0 at 3 ms)"
    )
