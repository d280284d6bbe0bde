"""A run's events as lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rts.cli.group import main
from rts.cli.trace import text, trace_lines
from rts.core.raft.log import Configuration, Entry, Noop
from rts.core.raft.messages import AppendEntries, InstallSnapshot, Voted
from rts.ids import Lsn, Member
from rts.schedule import MILLISECOND

SAVED = next((Path(__file__).parents[2] / "histories").glob("telemetry-any-follower-read-your-writes-*"))
APPEND = AppendEntries(2, Lsn(1, 4), (Entry(Lsn(2, 5), Noop()),), 3, 7)
APPENDED = "AppendEntries term=2 previous=1:4 entries=[Entry lsn=2:5 command=Noop] committed=3 round=7"
VOTED = Voted(2, Member("n1", 3), True)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (("deliver", "n0", "n1", APPEND), f"n0 → n1       {APPENDED}"),
        (("cut", "n1", "n0", VOTED), "n1 → n0       cut: Voted term=2 voter=n1/disk 3 granted=True"),
        (("lost", "n1", "n0", "ping"), "n1 → n0       lost: ping"),
        (("persisted", "n2", 4), "n2            persisted 4"),
        (("timer", "n2", "election"), "n2            timer election"),
        (("note", "n0", "leads", 2), "n0            leads: 2"),
        (("note", "n0", "log compacted", None), "n0            log compacted"),
        (("end", "s0", 3, "info"), "s0            operation 3 ends: info"),
        (("fault", 1, {"step": "crash", "node": "n1", "after_ns": 5}), "              step 2: crash node=n1"),
        (("healed",), "              healed"),
        (("crash", "n1", 2, False), "n1            crash 2 False"),
    ],
)
def test_an_event_is_a_line(event: tuple[Any, ...], line: str) -> None:
    assert list(trace_lines([(42 * MILLISECOND, *event)])) == ["      42.0 ms  " + line]


def test_values_are_as_short_as_they_can_be_read() -> None:
    chunk = InstallSnapshot(1, Lsn(1, 2), Configuration((Member("n0", 1),)), 0, b"abc", True, 1)
    assert text(chunk) == (
        "InstallSnapshot term=1 last=1:2 configuration=Configuration voters=[n0] learners=[] "
        "offset=0 data=3 bytes done=True round=1"
    )
    assert text({"k0": [1, None]}) == "{k0: [1, None]}"


def test_a_replay_shows_its_run_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--trace", str(SAVED)]) == 0
    *events, verdict = capsys.readouterr().out.splitlines()
    assert verdict.endswith("reproduced: read-your-writes, linearizable violated")
    assert events[0] == "       0.0 ms  n0            start 2"
    assert "       7.2 ms  s0            operation 0 ends: ok" in events


@pytest.mark.parametrize("other", ["--recheck", "--json"])
def test_what_runs_nothing_or_speaks_to_programs_shows_no_run(
    other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--trace", other, str(SAVED)]) == 2
    assert f"--trace and {other} contradict each other" in capsys.readouterr().err
