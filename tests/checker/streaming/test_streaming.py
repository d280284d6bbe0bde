"""A file judged part by part gets the report that it gets as a whole, as far as that goes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checker
from checker import (
    GUARANTEES,
    History,
    HistoryError,
    Operation,
    Report,
    Staleness,
    Verdict,
    check,
    dumps,
)
from checker.prepared import Prepared
from checker.reading import InMemory, Sizes
from checker.streaming import check_file
from checker.streaming.judging import BYTES_PER_OPERATION
from checker.streaming.merge import BY_KEY, BY_LOG, BY_RANKED_KEY, UNIQUE_POSITIONS, is_ordered_alone
from checker.streaming.split import Parts, split
from tests.checker.histories import histories
from tests.checker.literal import d, f, history, r, w


def too_large(history: History) -> int:
    """A memory limit that leaves room for every part of a history, but not for the whole."""
    return BYTES_PER_OPERATION * (len(history) + 2) - 1


def in_parts(history: History, **options: Any) -> Report:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "h.jsonl"
        path.write_bytes(dumps(history))
        return check_file(path, memory_limit=too_large(history), **options)


def dealt(data: bytes, folder: Path, *, page: int = 1 << 20) -> Parts:
    sizes = Sizes(short=0, page=page, few=1)
    return split(InMemory(data), file="h.jsonl", folder=folder, count=3, sizes=sizes)


def said(verdict: Verdict) -> tuple[Any, ...]:
    violations = sorted((one.operations, one.key, one.cycle, one.explanation) for one in verdict.violations)
    return (
        verdict.verdict,
        verdict.evidence,
        verdict.judged,
        verdict.ambiguous,
        verdict.reason_code,
        verdict.violation_count,
        violations,
    )


@given(histories(most=14), st.sampled_from((None, "0ns", "5ns", "0versions", "1versions")))
@settings(max_examples=300)
def test_a_file_judged_in_parts_gets_the_same_report(history: History, bound: str | None) -> None:
    staleness = Staleness.parse(bound) if bound else None
    whole = check(history, staleness=staleness, max_violations=99)
    report = in_parts(history, staleness=staleness, max_violations=99)
    ordered = is_ordered_alone(Prepared(history))
    by_key = BY_KEY | {UNIQUE_POSITIONS} | (BY_RANKED_KEY | BY_LOG if ordered else set())
    if history.header.one_log:
        by_key -= BY_LOG
    assert report.guarantees.keys() == whole.guarantees.keys()
    for name, verdict in report.guarantees.items():
        if name in by_key:
            assert said(verdict) == said(whole.guarantees[name]), name
        elif verdict.verdict == "violated":
            assert whole.guarantees[name].verdict == "violated", name
        else:
            assert verdict.reason_code in ("budget", "vacuous"), name
    counted = ("operations", "ok", "fail", "info", "sessions", "keys")
    assert [getattr(report, name) for name in counted] == [getattr(whole, name) for name in counted]


LOST = history(
    w(0, "a", "x=1", 0, 5, position=1),
    w(1, "a", "y=1", 10, 15, position=2),
    r(2, "b", "x=1", 20, 25, version=1),
    r(3, "b", "x=null", 30, 35, version=None),
    f(4, "n1", "y=1", 40, version=2),
)


def test_what_is_told_of_a_part_is_told_of_the_file() -> None:
    report = in_parts(LOST)
    verdict = report.guarantees["monotonic-reads"]
    assert (verdict.verdict, verdict.judged, verdict.evidence) == ("violated", 1, "positions")
    (violation,) = verdict.violations
    (whole,) = check(LOST).guarantees["monotonic-reads"].violations
    assert (violation.cycle, violation.explanation) == (whole.cycle, whole.explanation)
    mentioned = report.history
    assert mentioned is not None
    assert mentioned.operations == [LOST.operations[index] for index in (0, 2, 3)]
    assert mentioned.header == LOST.header


def test_what_needs_several_keys_is_not_judged() -> None:
    one_log = history(*LOST.operations, one_log=True)
    for judged, left_out in (
        (LOST, {"causal", "consistent-prefix"}),
        (one_log, {"causal", "consistent-prefix", *BY_LOG}),
    ):
        report = in_parts(judged)
        budget = {name for name, verdict in report.guarantees.items() if verdict.reason_code == "budget"}
        assert budget == left_out
    reason = report.guarantees["monotonic-writes"].reason
    assert reason == (
        "not judged part by part, as a file beyond the memory limit is: "
        "it compares versions of different keys, since there is one log"
    )


def test_a_key_without_positions_leaves_the_sessions_open() -> None:
    bare = (w(5, "c", "z=1", 50, 55), w(6, "c", "z=2", 60, 65), r(7, "c", "z=2", 70, 75))
    report = in_parts(history(*LOST.operations[:2], *bare))
    assert report.guarantees["read-your-writes"].reason_code == "budget"
    assert report.guarantees["linearizable"].verdict == "holds"


@pytest.mark.parametrize("op", ["append", "txn"])
def test_appends_and_transactions_are_not_judged(op: Any) -> None:
    made = Operation(index=9, session="z", op=op, key="x", value=1, ops=[], start=90, end=95, status="ok")
    report = in_parts(history(*LOST.operations, made))
    assert {verdict.reason_code for verdict in report.guarantees.values()} == {"budget"}
    assert report.operations == 6


def test_only_what_was_asked_for_is_judged() -> None:
    report = in_parts(LOST, guarantees=["linearizable"])
    assert list(report.guarantees) == ["linearizable", *checker.guarantees.ALWAYS_CHECKED]
    assert report.asked == ("linearizable",)
    with pytest.raises(ValueError, match="is no guarantee"):
        in_parts(LOST, guarantees=["speed"])


def test_a_file_that_fits_is_judged_whole(tmp_path: Path) -> None:
    path = tmp_path / "h.jsonl"
    path.write_bytes(dumps(LOST))
    for limit in (None, too_large(LOST) + 1):
        report = check_file(path, memory_limit=limit)
        assert report.guarantees["causal"].reason_code is None
        assert report.history is not None
        assert len(report.history) == 5


def test_time_runs_out() -> None:
    report = in_parts(LOST, time_limit=0.0)
    assert {verdict.reason_code for verdict in report.guarantees.values()} == {"budget"}


# --- dealing out


def test_each_line_goes_as_it_is_to_the_part_of_its_key(tmp_path: Path) -> None:
    spaced = msgspec.json.format(dumps(LOST).split(b"\n")[2], indent=-1).replace(b":", b" : ")
    data = dumps(LOST).split(b"\n")
    data[2] = spaced
    for page in (1 << 20, 64):
        folder = tmp_path / str(page)
        folder.mkdir()
        parts = dealt(b"\n".join(data), folder, page=page)
        written = [path.read_bytes().split(b"\n") for path in parts.paths]
        assert {lines[0] for lines in written} == {
            b'{"format":"rts-history/1","one_log":false,"real_time_writes":false}'
        }
        assert sorted(line for lines in written for line in lines[1:] if line) == sorted(data[1:-1])
        keys = [{msgspec.json.decode(line)["key"] for line in lines[1:] if line} for lines in written]
        assert sorted(key for part in keys for key in part) == ["x", "y"]
        assert (parts.counts.tolist(), parts.sessions, parts.keys, parts.has_final) == ([5, 0, 0], 3, 2, True)


REFUSED: dict[str, tuple[list[Operation], tuple[int | None, str | None, str]]] = {
    "an index that falls": (
        [d(5, "a", "x", 0, 5), d(4, "b", "x", 0, 5)],
        (3, "index", "does not rise: a file that is judged part by part is in the order of `index`"),
    ),
    "an overlap": (
        [d(0, "a", "x", 0, 5), d(1, "b", "y", 0, 5), d(2, "a", "y", 5, 9)],
        (4, "start", "overlaps an earlier operation of session 'a', or is not in the order of time"),
    ),
    "two shapes in one log": (
        [d(0, "a", "x", 0, 5, position=1), d(1, "b", "y", 0, 5, position=(1, 2))],
        (None, "position", "positions of one log (one_log) are not all of one shape"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_the_whole_file_shows(name: str, tmp_path: Path) -> None:
    """Each operation on a page of its own."""
    operations, expected = REFUSED[name]
    lines = [b'{"format":"rts-history/1","one_log":true}', *map(_line, operations), b""]
    with pytest.raises(HistoryError) as caught:
        dealt(b"\n".join(lines), tmp_path, page=64)
    assert (caught.value.line, caught.value.field, caught.value.message) == expected
    assert caught.value.file == "h.jsonl"


def test_a_bad_line_is_named_by_its_number_in_the_file(tmp_path: Path) -> None:
    """Where a rule is broken only within a part the file alone is named: parts count their own lines."""
    with pytest.raises(HistoryError, match=r"^h\.jsonl:5: not JSON"):
        dealt(dumps(LOST).replace(b'"version":null', b'"version":'), tmp_path, page=64)
    with pytest.raises(HistoryError, match=r"^h\.jsonl:1: empty: no header"):
        dealt(b"", tmp_path)
    path = tmp_path / "h.jsonl"
    shapes = [d(0, "a", "x", 0, 5, position=1), d(1, "b", "x", 0, 5, position=(1, 2))]
    data = b"\n".join([b'{"format":"rts-history/1"}', *map(_line, shapes)])
    for end, message in (
        (b"\n", "are not judged part by part"),
        (b"", "not of the shape of the key's other"),
    ):
        path.write_bytes(data + end)
        with pytest.raises(HistoryError, match=message) as caught:
            check_file(path, memory_limit=1)
        assert (caught.value.file, caught.value.line) == (str(path), None)


def _line(operation: Operation) -> bytes:
    return dumps(History.from_operations([operation])).split(b"\n")[1]


def test_every_guarantee_has_its_place() -> None:
    assert set(GUARANTEES) - BY_KEY - BY_RANKED_KEY - BY_LOG == {"causal", "consistent-prefix"}
