"""What became of every write: literal histories, and the definitions themselves on random ones."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import UNSET

from checker import Header, History, Operation, check
from checker.fates import durability_of, fates_of
from checker.fates.losses import lost_across, role_changes
from checker.fates.seen import when_seen
from checker.fates.values import NamedWrite, RoleChange
from checker.prepared import Prepared
from tests.checker.brute_force import INITIAL, Definitions
from tests.checker.histories import histories
from tests.checker.literal import c, d, f, history, r, w

SETTINGS = settings(
    max_examples=500, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


class Fates(Definitions):
    """The definitions of `checker.fates`, as they read."""

    def lacks(self, v: Any, w: Operation) -> bool:
        if self.older(v, w):
            return True
        return bool(
            w.key not in self.positioned and v is not INITIAL and v.status == "ok" and v.end < w.start
        )

    def follows(self, v: Any, w: Operation) -> bool:
        if v is INITIAL or self.lacks(v, w):
            return False
        if v is w or self.older(w, v):
            return True
        if w.key in self.positioned:
            return bool(self.place[v.index] is not None and self.place[v.index] == self.place[w.index])
        return bool(w.end < v.start)

    def says(self, r: Operation, w: Operation) -> tuple[bool, bool]:
        """Whether a later read misses a write, and whether it shows it."""
        found = self.candidates[r.index]
        if r.op == "read" and r.value is None and r.version is UNSET:
            missing = not any(self._explains(n, w) for n in self.writes if self.wrote(n) is None)
            found = [v for v in found if v is not INITIAL]
        else:
            missing = bool(found) and all(self.lacks(v, w) for v in found)
        return missing, not missing and bool(found) and all(self.follows(v, w) for v in found)

    def later(self, w: Operation) -> list[Operation]:
        reads = [r for r in self.reads if r.key == w.key and w.end is not None and w.end < r.start]
        return sorted(reads, key=lambda r: r.start)

    def fate(self, w: Operation) -> tuple[str, int | None]:
        """What became of an acknowledged write, and for how long a stale one was stale."""
        later = self.later(w)
        final = [r for r in later if r.phase == "final"]
        missing = [r.start for r in later if self.says(r, w)[0]]
        showing = [r.start for r in later if self.says(r, w)[1]]
        if final:
            lost = all(self.says(r, w)[0] for r in final)
        else:
            lost = bool(missing) and not any(start >= missing[-1] for start in showing)
        if lost:
            return "lost", None
        if not showing:
            return "never-read", None
        assert w.end is not None
        return ("stale", missing[-1] - w.end) if missing else ("stable", None)

    def recovered(self) -> list[int]:
        sure = [found[0] for found in self.candidates.values() if len(found) == 1]
        return [w.index for w in self.writes if w.status == "info" and w in sure]

    def aborted(self) -> list[int]:
        illegal = [r for r in self.reads if not self.candidates[r.index]]
        return [
            w.index
            for w in self.writes
            if w.status == "fail"
            and any(r.key == w.key and repr(self.returned(r)) == repr(self.wrote(w)) for r in illegal)
        ]


@given(histories())
@SETTINGS
def test_fates_are_the_definitions(history: History) -> None:
    definitions = Fates(history)
    prepared = Prepared(history)
    fates = fates_of(when_seen(prepared))
    found = {
        history.operations[row].index: [fate for fate, which in fates.items() if which[number]]
        for number, row in enumerate(prepared.acknowledged.tolist())
    }
    assert found == {w.index: [definitions.fate(w)[0]] for w in definitions.acknowledged}


@given(histories())
@SETTINGS
def test_the_report_is_the_definitions(history: History) -> None:
    definitions = Fates(history)
    report = durability_of(history, most_named=100)
    fates = {w.index: definitions.fate(w) for w in definitions.acknowledged}
    named = {fate: sorted(write.operation for write in writes) for fate, writes in report.named.items()}
    for fate in ("stable", "stale", "lost", "never-read"):
        assert named[fate] == [index for index, (what, _) in fates.items() if what == fate]
    assert named["recovered"] == definitions.recovered()
    assert named["aborted"] == definitions.aborted()
    waited = {index: time for index, (_, time) in fates.items() if time is not None}
    assert {write.operation: write.stale_for for write in report.named["stale"]} == waited
    assert report.longest_staleness == max(waited.values(), default=0)
    counts = (report.stable, report.stale, report.lost, report.never_read)
    assert counts == tuple(len(report.named[fate]) for fate in ("stable", "stale", "lost", "never-read"))
    assert sum(counts) == report.acknowledged


@given(histories())
@SETTINGS
def test_what_final_reads_say_is_never_contradicted(history: History) -> None:
    verdict = check(history, ["no-lost-acknowledged-writes"], max_violations=100)
    violations = verdict.guarantees["no-lost-acknowledged-writes"].violations
    report = durability_of(history, most_named=100)
    lost = {write.operation for write in report.named["lost"]}
    convicted = {violation.operations[0] for violation in violations}
    assert convicted <= lost
    assert report.lost - report.presumed_lost == len(convicted)


# --- the same, by hand

PLACED = [w(0, "a", "x=1", 0, 10, position=1), w(1, "a", "x=2", 20, 30, position=2)]


def fates(*operations: Operation, **header: Any) -> dict[int, str]:
    """The fate of each write, by the judge and by the definitions."""
    given_ = History.from_operations(operations, header=Header(**header))
    report = durability_of(given_)
    found = {write.operation: fate for fate, writes in report.named.items() for write in writes}
    definitions = Fates(given_)
    assert found == {w.index: definitions.fate(w)[0] for w in definitions.acknowledged} | dict.fromkeys(
        definitions.recovered(), "recovered"
    ) | dict.fromkeys(definitions.aborted(), "aborted")
    return found  # type: ignore[return-value]  # a fate is a string


def test_a_read_of_a_newer_version_says_that_a_write_is_fine() -> None:
    assert fates(*PLACED, r(2, "b", "x=2", 40, 50)) == {0: "stable", 1: "stable"}


def test_what_was_missed_and_shown_later_was_stale_until_the_last_read_that_missed_it() -> None:
    late = history(*PLACED, r(2, "b", "x=1", 40, 50), r(3, "b", "x=1", 60, 70), r(4, "b", "x=2", 80, 90))
    report = durability_of(late)
    assert (report.acknowledged, report.stable, report.stale) == (2, 1, 1)
    assert report.named["stale"] == (NamedWrite(operation=1, key="x", missed_by=3, stale_for=30),)
    assert report.staleness == {0.5: 30, 0.95: 30, 0.99: 30, 1.0: 30}


def test_quantiles_are_the_least_that_so_large_a_part_does_not_exceed() -> None:
    slow = [
        operation
        for number in range(4)
        for operation in (
            w(3 * number, f"w{number}", f"k{number}=1", 0, 10, position=1),
            r(3 * number + 1, f"r{number}", f"k{number}=null", 20 + number, 30, version=None),
            r(3 * number + 2, f"s{number}", f"k{number}=1", 40, 50),
        )
    ]
    report = durability_of(history(*slow), most_named=2)
    assert report.staleness == {0.5: 11, 0.95: 13, 0.99: 13, 1.0: 13}
    assert report.longest_staleness == 13
    assert [write.operation for write in report.named["stale"]] == [9, 6]


def test_no_read_after_it_or_none_that_could_tell() -> None:
    assert fates(w(0, "a", "x=1", 0, 10)) == {0: "never-read"}
    concurrent = [w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 5, 15), r(2, "c", "x=2", 20, 30)]
    assert fates(*concurrent) == {0: "never-read", 1: "stable"}
    assert fates(w(0, "a", "x=1", 0, 10), r(1, "b", "x=1", 10, 20)) == {0: "never-read"}


def test_without_positions_real_time_orders_what_does_not_overlap() -> None:
    apart = [w(0, "a", "x=1", 0, 10), w(1, "b", "x=2", 20, 30)]
    assert fates(*apart, r(2, "c", "x=2", 40, 50)) == {0: "stable", 1: "stable"}
    assert fates(*apart, r(2, "c", "x=1", 40, 50)) == {0: "stable", 1: "lost"}


def test_lost_is_what_all_final_reads_miss() -> None:
    assert fates(*PLACED, f(2, "n1", "x=1", 100), f(3, "n2", "x=1", 110)) == {0: "stable", 1: "lost"}
    assert fates(*PLACED, f(2, "n1", "x=2", 100), f(3, "n2", "x=1", 110)) == {0: "stable", 1: "stale"}


def test_without_final_reads_loss_is_presumed_of_what_the_last_reads_miss() -> None:
    report = durability_of(history(*PLACED, r(2, "b", "x=2", 40, 50), r(3, "b", "x=1", 60, 70)))
    assert (report.lost, report.presumed_lost) == (1, 1)
    assert report.named["lost"] == (NamedWrite(operation=1, key="x", missed_by=3),)
    final = durability_of(history(*PLACED, f(2, "n1", "x=1", 100)))
    assert (final.lost, final.presumed_lost) == (1, 0)


def test_a_read_that_found_nothing_misses_what_no_delete_explains() -> None:
    assert fates(w(0, "a", "x=1", 0, 10), r(1, "b", "x=null", 20, 30)) == {0: "lost"}
    deleted = [w(0, "a", "x=1", 0, 10), d(1, "a", "x", 20, 30), r(2, "b", "x=null", 40, 50)]
    assert fates(*deleted) == {0: "stable", 1: "stable"}
    early = [d(0, "a", "x", 0, 10), w(1, "a", "x=1", 20, 30), r(2, "b", "x=null", 40, 50)]
    assert fates(*early) == {0: "stable", 1: "lost"}


def test_a_delete_at_the_same_position_explains_nothing() -> None:
    twice = [d(0, "a", "x", 0, 10, position=1), w(1, "a", "x=1", 20, 30, position=1)]
    assert fates(*twice, r(2, "b", "x=null", 40, 50)) == {0: "stable", 1: "lost"}


def test_open_writes_that_are_read_are_recovered() -> None:
    recovered = [w(0, "a", "x=1", 0, None), r(1, "b", "x=1", 20, 30), w(2, "c", "y=1", 0, None)]
    assert fates(*recovered) == {0: "recovered"}


def test_failed_writes_that_are_read_are_counted_apart() -> None:
    failed = [w(0, "a", "x=1", 0, 10, status="fail"), w(1, "a", "x=2", 20, 30, status="fail")]
    assert fates(*failed, r(2, "b", "x=1", 40, 50)) == {0: "aborted"}


def test_causes_that_contradict_positions() -> None:
    crossed = [
        w(0, "a", "x=1", 0, 10, position=2),
        w(1, "a", "x=9", 20, None),
        r(2, "b", "x=9", 30, 40),
        w(3, "b", "x=3", 50, 60, position=1),
        r(4, "c", "x=1", 70, 80),
    ]
    assert fates(*crossed) == {0: "lost", 1: "recovered", 3: "lost"}


def test_where_a_place_was_given_twice_causes_say_which_write_was_seen() -> None:
    """Operation 3 has no place; it follows operation 0 of its session, and not the twins at 2."""
    twins = [w(1, "b", "x=2", 0, 10, position=2), w(2, "c", "x=3", 0, 10, position=2)]
    before = w(0, "a", "x=1", 0, 10, position=1)
    after = [w(3, "a", "x=4", 20, None), r(4, "d", "x=4", 30, 40)]
    assert fates(before, *twins, *after) == {0: "stable", 1: "never-read", 2: "never-read", 3: "recovered"}


def test_a_compare_and_set_may_read_what_started_after_it() -> None:
    swaps = [
        c(0, "a", "x=1>2", 0, 50),
        w(1, "b", "x=1", 20, 30),
        r(2, "c", "x=2", 60, 70),
        r(3, "c", "x=1", 80, 90),
    ]
    assert fates(*swaps) == {0: "lost", 1: "stable"}


def test_an_open_write_may_be_overwritten_while_it_is_open() -> None:
    overlapping = [w(0, "a", "x=1", 0, None), r(1, "b", "x=1", 10, 20), w(2, "b", "x=2", 30, 40)]
    assert fates(*overlapping, r(3, "c", "x=1", 50, 60)) == {0: "recovered", 2: "lost"}


def test_reads_that_several_writes_explain_count_apart() -> None:
    twice = [
        w(number, "a", f"{key}=1", 20 * number, 20 * number + 10)
        for number, key in enumerate(["x", "x", "y", "y"])
    ]
    reads = [r(4, "b", "y=1", 100, 110), r(5, "b", "x=1", 120, 130), r(6, "b", "y=9", 140, 150)]
    assert fates(*twice, *reads) == {0: "stable", 1: "never-read", 2: "stable", 3: "never-read"}


def test_times_beyond_what_fits_beside_a_key() -> None:
    late = 2**61
    apart = [
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "y=1", late, late + 10),
        w(2, "b", "x=2", late + 20, late + 30),
        r(3, "c", "x=2", late + 40, late + 50),
        r(4, "c", "y=1", late + 60, late + 70),
    ]
    assert fates(*apart) == {0: "stable", 1: "stable", 2: "stable"}


# --- what a write was lost across

CHANGES = (RoleChange("crash", "n0", 15), RoleChange("promotion", "n1", 25), RoleChange("crash", "n2", 60))


@pytest.mark.parametrize(
    ("start", "end", "shown", "missed", "across"),
    [
        (0, 10, None, 50, CHANGES[0]),
        (0, 20, None, 50, CHANGES[1]),
        (0, 10, 15, 50, CHANGES[1]),
        (0, 10, 30, 50, None),
        (0, 10, 30, 60, CHANGES[2]),
        (0, 10, None, 14, None),
        (16, 30, None, 50, CHANGES[1]),
        (10, 30, None, 50, CHANGES[1]),
        (16, 25, None, 50, CHANGES[1]),
        (15, 20, None, 22, None),
        (26, 30, None, 50, None),
    ],
)
def test_it_is_the_first_change_between_the_last_sight_and_the_first_miss(
    start: int, end: int, shown: int | None, missed: int, across: RoleChange | None
) -> None:
    assert lost_across(CHANGES, start=start, end=end, shown=shown, missed=missed) == across


def test_a_trace_names_promotions_and_crashes() -> None:
    events = [
        [25, "note", "n1", "leads", 2],
        [15, "crash", "n0", 0, False],
        [5, "deliver", "n0", "n1", ["Append"]],
        [6, "note", "n1", "tail truncated", 1],
        ["soon", "crash", "n0"],
        "crash",
    ]
    assert role_changes({"events": events}) == CHANGES[:2]
    assert role_changes({"events": 3}) == role_changes([]) == role_changes(None) == ()


def test_a_lost_write_names_what_it_was_lost_across() -> None:
    trace = {"events": [[35, "crash", "n0", 1, False], [36, "note", "n1", "leads", 2]]}
    reads = [r(2, "b", "x=1", 40, 50), f(3, "n1", "x=1", 100)]
    lost = History.from_operations([*PLACED, *reads], header=Header(trace=trace))
    assert durability_of(lost).named["lost"] == (
        NamedWrite(operation=1, key="x", missed_by=2, across=RoleChange("crash", "n0", 35)),
    )


def test_what_counts_is_what_came_after_it_was_last_seen() -> None:
    trace = {"events": [[time, "crash", "n0", 0, False] for time in (35, 45, 95, 99)]}
    reads = [r(2, "b", "x=1", 40, 42), r(3, "b", "x=2", 50, 52), r(4, "b", "x=2", 60, 62)]
    reads += [r(5, "b", "x=1", 90, 92), f(6, "n1", "x=1", 100)]
    across = RoleChange("crash", "n0", 95)
    lost = History.from_operations([*PLACED, *reads[:3], reads[4]], header=Header(trace=trace))
    assert durability_of(lost).named["lost"] == (
        NamedWrite(operation=1, key="x", missed_by=6, across=across),
    )
    earlier = History.from_operations([*PLACED, *reads], header=Header(trace=trace))
    assert durability_of(earlier).named["lost"] == (NamedWrite(operation=1, key="x", missed_by=5),)


def test_a_report_as_json_and_in_another_process() -> None:
    trace = {"events": [[35, "crash", "n0", 1, False]]}
    reads = [r(2, "b", "x=null", 12, 18, version=None), f(3, "n1", "x=1", 100)]
    report = durability_of(History.from_operations([*PLACED, *reads], header=Header(trace=trace)))
    assert pickle.loads(pickle.dumps(report)) == report
    assert report.to_json() == {
        "evidence": "positions",
        "acknowledged": 2,
        "stable": 0,
        "stale": 1,
        "lost": 1,
        "never_read": 0,
        "presumed_lost": 0,
        "recovered": 0,
        "aborted": 0,
        "staleness_ns": {"0.5": 2, "0.95": 2, "0.99": 2, "1": 2},
        "named": {
            "stable": [],
            "stale": [{"operation": 0, "key": "x", "missed_by": 2, "stale_ns": 2}],
            "lost": [
                {
                    "operation": 1,
                    "key": "x",
                    "missed_by": 3,
                    "across": {"kind": "crash", "node": "n0", "time": 35},
                }
            ],
            "never-read": [],
            "recovered": [],
            "aborted": [],
        },
    }


def test_each_write_of_a_transaction_has_its_fate() -> None:
    both = Operation(
        index=0, session="a", op="txn", ops=[["w", "x", 1], ["w", "y", 1]], start=0, end=10, status="ok"
    )
    report = durability_of(history(both, r(1, "b", "x=1", 20, 30), r(2, "b", "y=null", 40, 50)))
    assert report.named["stable"] == (NamedWrite(operation=0, key="x"),)
    assert report.named["lost"] == (NamedWrite(operation=0, key="y", missed_by=2),)


def test_an_empty_history() -> None:
    assert durability_of(history()).acknowledged == 0
    assert durability_of(history()).evidence is None
