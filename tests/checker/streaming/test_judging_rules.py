"""What a file judged part by part is asked, what it leaves open, and what it says is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker import History, HistoryError, Operation, Report, Staleness, Verdict, check, dumps
from checker.reading import InMemory
from checker.streaming import judging
from checker.streaming.judging import BYTES_PER_OPERATION, MOST_PARTS, check_file
from tests.checker.literal import d, f, history, r, w


def in_parts(folder: Path, *operations: Operation, real_time: bool = False, **options: Any) -> Report:
    path = folder / "h.jsonl"
    path.write_bytes(dumps(history(*operations, real_time_writes=real_time)))
    options.setdefault("memory_limit", BYTES_PER_OPERATION * (len(operations) + 2) - 1)
    return check_file(path, **options)


def keys(count: int) -> list[Operation]:
    """A write and a stale read of each of some keys."""
    return [
        operation
        for at in range(count)
        for operation in (
            w(2 * at, f"s{at}", f"k{at}=1", 0, 10, position=1),
            r(2 * at + 1, f"s{at}", f"k{at}=null", 20, 30, version=None),
        )
    ]


def test_the_lines_of_a_file_are_counted_by_its_first_megabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judging._operations_in(InMemory(b"")) == 0
    assert [judging._operations_in(InMemory(data)) for data in (b"a", b"abc")] == [1, 1]
    assert judging._operations_in(InMemory(b"ab\n" * 5)) == 6
    monkeypatch.setattr(judging, "_SAMPLE", 9)
    assert judging._operations_in(InMemory(b"ab\n" * 3 + b"abcd\n" * 9)) == 24


@pytest.mark.parametrize(
    ("limit", "count"), [(5 * BYTES_PER_OPERATION, 5), (BYTES_PER_OPERATION, 25), (0, MOST_PARTS)]
)
def test_parts_are_a_quarter_of_what_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int, count: int
) -> None:
    """Six lines, as five operations end with a line feed."""
    counts: list[int] = []

    def noted(text: Any, *, count: int, **options: Any) -> Any:
        counts.append(count)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(judging, "split", noted)
    message = "cannot be dealt out: No space left on device"
    with pytest.raises(HistoryError, match=message) as caught:
        in_parts(tmp_path, *keys(2), memory_limit=limit)
    assert caught.value.file == str(tmp_path / "h.jsonl")
    assert counts == [count]


def test_a_file_is_judged_whole_where_there_is_room_for_all_its_lines(tmp_path: Path) -> None:
    for lines, reason_code in ((5, "budget"), (6, "vacuous")):
        report = in_parts(tmp_path, *keys(2), memory_limit=lines * BYTES_PER_OPERATION)
        assert report.guarantees["writes-follow-reads"].reason_code == "vacuous"
        assert report.guarantees["consistent-prefix"].reason_code == reason_code


def test_a_file_that_is_judged_whole_is_judged_as_was_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options: dict[str, Any] = {
        "staleness": Staleness(5, "ns"),
        "real_time_writes": True,
        "max_violations": 3,
        "time_limit": 60.0,
        "memory_limit": 10**9,
    }
    asked: list[Any] = []

    def noted(one: History, names: Any, **said: Any) -> Report:
        asked.append((names, said))
        return check(one, names, **said)

    monkeypatch.setattr(judging, "check", noted)
    report = in_parts(tmp_path, *keys(2), guarantees=["causal", "bounded-staleness"], **options)
    assert asked == [(["causal", "bounded-staleness"], options)]
    assert report.file == str(tmp_path / "h.jsonl")


def test_a_system_that_gives_no_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def odd(*asked: Any, **options: Any) -> Any:
        raise OSError("odd")

    monkeypatch.setattr(judging, "split", odd)
    with pytest.raises(HistoryError, match="cannot be dealt out: odd"):
        in_parts(tmp_path, *keys(2))


def test_the_report_names_the_file_and_what_was_asked(tmp_path: Path) -> None:
    report = in_parts(tmp_path, *keys(8), guarantees=["causal", "monotonic-reads"])
    assert report.file == str(tmp_path / "h.jsonl")
    assert report.asked == ("causal", "monotonic-reads")
    assert report.guarantees["causal"].reason == (
        "not judged part by part, as a file beyond the memory limit is: it needs the causes of all "
        "operations at once"
    )
    assert in_parts(tmp_path, *keys(8)).asked is None


def test_violations_of_all_parts_are_counted_and_few_kept(tmp_path: Path) -> None:
    report = in_parts(tmp_path, *keys(8), max_violations=3)
    verdict = report.guarantees["read-your-writes"]
    assert (verdict.violation_count, verdict.judged) == (8, 8)
    assert [violation.operations for violation in verdict.violations] == [(0, 1), (2, 3), (4, 5)]
    everything = in_parts(tmp_path, *keys(8)).history
    assert everything is not None
    assert [operation.index for operation in everything.operations] == list(range(16))


def test_a_bound_and_real_time_go_to_every_part(tmp_path: Path) -> None:
    stale = in_parts(tmp_path, *keys(8), staleness=Staleness(5, "ns")).guarantees["bounded-staleness"]
    assert (stale.verdict, stale.violation_count) == ("violated", 8)
    bare = [
        w(0, "a", "x=1", 0, 10),
        w(1, "b", "x=2", 20, 30),
        r(2, "c", "x=2", 40, 50),
        r(3, "c", "x=1", 60, 70),
    ]
    verdicts = {told: in_parts(tmp_path, *bare, real_time_writes=told) for told in (True, False)}
    assert verdicts[True].guarantees["monotonic-reads"].verdict == "violated"
    unknown = verdicts[False].guarantees["monotonic-reads"]
    assert (unknown.verdict, unknown.reason_code) == ("unknown", "budget")
    assert unknown.reason == (
        "not judged part by part, as a file beyond the memory limit is: of some keys, positions do not say "
        "which versions are newer"
    )


def test_a_violation_stands_though_positions_do_not_order_its_key(tmp_path: Path) -> None:
    bare = [
        w(0, "a", "x=1", 0, 10),
        w(1, "a", "x=2", 20, 30),
        r(2, "a", "x=1", 40, 50),
    ]
    verdict = in_parts(tmp_path, *bare).guarantees["read-your-writes"]
    assert [violation.operations for violation in verdict.violations] == [(1, 2)]


def lost(folder: Path, *operations: Operation) -> Verdict:
    """What is said of lost writes where keys x and y are in parts of their own."""
    return in_parts(folder, *operations).guarantees["no-lost-acknowledged-writes"]


def test_a_part_without_final_reads_has_writes_that_nobody_looked_for(tmp_path: Path) -> None:
    """Failed and open writes are none that may be lost, nor are reads."""
    final = [w(0, "a", "x=1", 0, 5, position=1), f(9, "n", "x=1", 40, version=1)]
    unread = [w(3, "b", "y=1", 0, 5, position=1), w(4, "b", "y=2", 10, 15, position=2)]
    beside = [
        w(5, "c", "y=3", 0, 5, status="fail"),
        w(6, "d", "y=4", 0, None),
        r(7, "e", "y=1", 0, 5, version=1),
    ]
    both = lost(tmp_path, final[0], *unread, *beside, final[1])
    assert (both.verdict, both.judged, both.ambiguous) == ("holds", 1, 2)
    only = lost(tmp_path, final[0], *beside, final[1])
    assert (only.verdict, only.judged, only.ambiguous) == ("holds", 1, 0)
    elsewhere = f(9, "n", "z=null", 40, version=None)
    alone = lost(tmp_path, *unread, elsewhere)
    assert (alone.verdict, alone.ambiguous, alone.reason_code) == ("unknown", 2, "ambiguous")
    assert alone.reason == "no final read tells whether an acknowledged write is still there"
    nothing = lost(tmp_path, *beside, elsewhere)
    assert (nothing.verdict, nothing.reason_code) == ("unknown", "vacuous")
    assert nothing.reason == "no write was acknowledged"
    assert lost(tmp_path, *unread).reason == "no final reads"


def test_a_part_in_which_nobody_looked() -> None:
    failed = w(0, "a", "x=1", 0, 5, status="fail")
    assert judging._without_final(history(failed)) == Verdict(
        verdict="unknown", reason="no write was acknowledged", reason_code="vacuous"
    )
    two = history(failed, w(1, "a", "x=2", 10, 15), d(2, "a", "x", 20, 25), w(3, "a", "x=3", 30, None))
    assert judging._without_final(two) == Verdict(
        verdict="unknown",
        ambiguous=2,
        reason="no final read tells whether an acknowledged write is still there",
        reason_code="ambiguous",
    )


def test_the_operations_that_violations_name_are_kept_and_no_others(tmp_path: Path) -> None:
    """With what the file says of itself."""
    report = in_parts(
        tmp_path,
        w(0, "c", "x=7", 0, 5, position=1),
        r(1, "c", "x=7", 10, 15, version=1),
        w(2, "a", "x=8", 20, 25, position=2),
        r(3, "c", "x=8", 30, 35, version=2),
        r(4, "a", "x=7", 30, 35, version=1),
        w(5, "b", "y=1", 0, 5, position=1),
        guarantees=["read-your-writes"],
        real_time=True,
    )
    assert report.history is not None
    assert [operation.index for operation in report.history.operations] == [2, 4]
    assert report.history.header.real_time_writes


def test_ten_violations_are_kept_where_nobody_says_how_many(tmp_path: Path) -> None:
    for report in (in_parts(tmp_path, *keys(12)), in_parts(tmp_path, *keys(12), memory_limit=None)):
        verdict = report.guarantees["read-your-writes"]
        assert (verdict.violation_count, len(verdict.violations)) == (12, 10)


def test_what_a_part_would_break_of_a_guarantee_of_all_operations_is_not_told(tmp_path: Path) -> None:
    report = in_parts(tmp_path, *keys(8), guarantees=["causal"])
    assert report.guarantees["causal"].reason_code == "budget"
    assert report.history is not None
    assert report.history.operations == []


def test_a_rule_that_only_a_part_can_see_is_told_with_its_field(tmp_path: Path) -> None:
    """Within one key, places are counted by lines of the part, which are none of the file."""
    path = tmp_path / "h.jsonl"
    good = dumps(history(w(0, "a", "x=1", 0, 5, position=1), w(1, "b", "x=2", 0, 5, position=3)))
    path.write_bytes(good.replace(b'"position":3', b'"position":[1,2]').rstrip(b"\n"))
    with pytest.raises(HistoryError, match="shape of the key's other") as caught:
        check_file(path, memory_limit=1)
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(path), None, "position")


def test_appends_leave_everything_to_be_judged_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No part is read."""

    def refuse(*asked: Any, **options: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(judging, "read_text", refuse)
    append = Operation(index=90, session="z", op="append", key="x", value=1, start=0, end=5, status="ok")
    report = in_parts(tmp_path, *keys(8), append)
    assert {verdict.reason for verdict in report.guarantees.values()} == {
        "not judged part by part, as a file beyond the memory limit is: its appends and transactions may be "
        "of several keys"
    }


@pytest.mark.parametrize(("limit", "left"), [(3.0, 3.0), (-1.0, 0.0)])
def test_every_part_gets_the_time_that_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: float, left: float
) -> None:
    """Time stands still here."""
    limits: set[float] = set()

    def noted(*asked: Any, time_limit: float | None = None, **options: Any) -> Report:
        if time_limit is not None:
            limits.add(time_limit)
        return check(*asked, **options)

    monkeypatch.setattr(judging, "check", noted)
    monkeypatch.setattr(judging, "perf_counter", lambda: 100.0)
    in_parts(tmp_path, *keys(8), time_limit=limit)
    assert limits == {left}
    limits.clear()
    in_parts(tmp_path, *keys(8))
    assert limits == set()


def test_a_file_with_no_operations(tmp_path: Path) -> None:
    report = in_parts(tmp_path, memory_limit=0)
    assert {verdict.verdict for verdict in report.guarantees.values()} == {"unknown"}
    assert (report.operations, report.sessions, report.keys) == (0, 0, 0)
