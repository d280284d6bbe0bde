"""Which read a lost or stale write is named with, to the moment; and what reports leave out."""

from __future__ import annotations

from checker import History, Operation
from checker.fates import DurabilityReport, durability_of, judge_fates
from checker.fates.losses import lost_across
from checker.fates.values import NamedWrite, RoleChange
from checker.prepared import Prepared
from tests.checker.literal import f, history, r, w

WRITE = w(0, "a", "x=1", 0, 10, position=1)


def lost(*reads: Operation) -> NamedWrite:
    report = durability_of(history(WRITE, *reads))
    (write,) = report.named["lost"]
    assert report.lost == 1
    return write


def test_a_lost_write_is_missed_by_the_first_read_since_it_was_last_seen() -> None:
    missed_between = r(2, "b", "x=null", 30, 35, version=None)
    seen = [r(1, "b", "x=1", 20, 25), r(3, "b", "x=1", 40, 45)]
    last = f(4, "n", "x=null", 60, version=None)
    assert lost(*seen, missed_between, last).missed_by == 4
    assert lost(seen[0], missed_between, last).missed_by == 2


def test_what_misses_it_at_the_moment_it_was_last_seen_is_no_later() -> None:
    at_once = r(2, "c", "x=null", 40, 45, version=None)
    assert lost(r(1, "b", "x=1", 40, 45), at_once, f(3, "n", "x=null", 60, version=None)).missed_by == 3


def test_final_reads_that_miss_it_count_though_it_is_seen_later() -> None:
    assert lost(f(1, "n", "x=null", 50, version=None), r(2, "b", "x=1", 60, 65)).missed_by == 1


def test_a_read_that_starts_as_the_write_ends_is_not_later() -> None:
    touching = r(1, "b", "x=null", 10, 12, version=None)
    assert lost(touching, r(2, "b", "x=null", 20, 25, version=None)).missed_by == 2
    assert durability_of(history(WRITE, touching)).lost == 0


def test_a_final_read_that_starts_as_the_write_ends_does_not_ask_for_it() -> None:
    touching = f(1, "n", "x=null", 10, version=None)
    report = durability_of(history(WRITE, touching, r(2, "b", "x=null", 20, 25, version=None)))
    assert (report.lost, report.presumed_lost) == (1, 1)
    assert durability_of(history(WRITE, touching)).never_read == 1


def test_one_final_read_that_shows_it_a_moment_after_its_end_is_enough() -> None:
    last = f(2, "n", "x=null", 30, version=None)
    assert durability_of(history(WRITE, f(1, "m", "x=1", 11), last)).stale == 1
    assert lost(f(1, "m", "x=1", 10), last).missed_by == 2
    assert lost(f(1, "m", "x=1", 9), last).missed_by == 2


def test_reads_come_in_the_order_of_time_and_then_of_the_file() -> None:
    late = r(1, "b", "x=null", 50, 55, version=None)
    assert lost(late, r(2, "c", "x=null", 20, 25, version=None)).missed_by == 2
    many = [r(number, f"s{number}", "x=null", 30 - number % 3, 40, version=None) for number in range(1, 41)]
    assert lost(*many).missed_by == 2


def test_the_stalest_come_first_and_then_the_first_of_the_file() -> None:
    operations: list[Operation] = []
    for number in range(40):
        key, session = f"k{number}", f"s{number}"
        begin = 3 * number
        operations += [
            w(begin, session, f"{key}=1", 0, 10, position=1),
            r(begin + 1, session, f"{key}=null", 20 + number % 3, 25, version=None),
            r(begin + 2, session, f"{key}=1", 30, 35),
        ]
    report = durability_of(history(*operations), most_named=40)
    assert [(write.operation, write.stale_for) for write in report.named["stale"]] == [
        (3 * number, 10 + rest) for rest in (2, 1, 0) for number in range(rest, 40, 3)
    ]
    assert report.longest_staleness == 12


def test_a_write_that_comes_after_an_illegal_read_of_it_has_not_failed() -> None:
    early = r(0, "b", "x=1", 0, 5)
    report = durability_of(history(early, w(1, "a", "x=1", 10, 20), w(2, "a", "x=1", 30, 40, status="fail")))
    assert (report.aborted, [write.operation for write in report.named["aborted"]]) == (1, [2])


def test_real_time_orders_writes_where_somebody_says_so() -> None:
    operations = [w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 20, 30), r(2, "c", "x=2", 40, 50)]
    plain = history(*operations)
    led = durability_of(plain, real_time_writes=True)
    assert (led.stable, durability_of(plain).stable) == (2, 2)
    header_says = History.from_operations(operations, header=history(real_time_writes=True).header)
    assert durability_of(header_says, real_time_writes=False) == durability_of(plain)


def test_what_real_time_orders_may_follow_from_what_overlaps() -> None:
    """The second session had read the first write; the third overlaps that one, and came later still."""
    whole = history(
        w(0, "a", "x=1", 0, 100),
        r(1, "s", "x=1", 1, 2),
        w(2, "s", "x=2", 3, 10),
        w(3, "t", "x=3", 20, 30),
        r(4, "b", "x=1", 200, 210),
    )
    told, silent = durability_of(whole, real_time_writes=True), durability_of(whole)
    assert [write.operation for write in told.named["lost"]] == [2, 3]
    assert [write.operation for write in silent.named["lost"]] == [2]
    assert silent.never_read == 1


def test_the_evidence_is_what_orders_the_versions() -> None:
    read = r(9, "b", "x=1", 20, 25)
    assert durability_of(history(WRITE, read)).evidence == "positions"
    assert durability_of(history(WRITE, w(1, "c", "y=1", 0, 10), read)).evidence == "inferred"
    assert durability_of(history(read)).evidence is None


def test_what_is_not_known_is_left_out() -> None:
    assert NamedWrite(operation=3, key="x").to_json() == {"operation": 3, "key": "x"}
    crash = RoleChange("crash", "n0", 7)
    assert NamedWrite(operation=3, key="x", missed_by=4, stale_for=0, across=crash).to_json() == {
        "operation": 3,
        "key": "x",
        "missed_by": 4,
        "stale_ns": 0,
        "across": {"kind": "crash", "node": "n0", "time": 7},
    }
    assert DurabilityReport().longest_staleness == 0


def test_a_report_of_nothing_counts_nothing() -> None:
    of_acknowledged = ("acknowledged", "stable", "stale", "lost", "never_read", "presumed_lost")
    assert DurabilityReport().to_json() == dict.fromkeys((*of_acknowledged, "recovered", "aborted"), 0) | {
        "evidence": None,
        "staleness_ns": {},
        "named": {},
    }


def test_ten_writes_of_each_fate_are_named_unless_the_caller_says_otherwise() -> None:
    unread = history(*(w(at, f"s{at}", f"k{at}=1", 0, 10) for at in range(12)))
    named = [durability_of(unread), judge_fates(Prepared(unread)), durability_of(unread, most_named=11)]
    assert [len(report.named["never-read"]) for report in named] == [10, 10, 11]
    assert named[0].never_read == 12


def test_a_write_that_was_seen_was_not_lost_on_its_way() -> None:
    during = (RoleChange("crash", "n0", 5),)
    assert lost_across(during, start=0, end=10, shown=None, missed=50) == during[0]
    assert lost_across(during, start=0, end=10, shown=20, missed=50) is None
