"""What the store, the recorder, the judge and the archive make of one run fits together."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given

import checker
from checker.guarantees import IMPLIED
from rts.harness import archive
from rts.harness.judge import judge
from rts.harness.replay import recheck, replay
from rts.systems.telemetry import system
from tests.properties.drawing import Drawn, configured_schedules


def without_positions(operations: list[checker.Operation]) -> checker.History:
    """What clients saw, and nothing of what the log says."""
    bare = [
        msgspec.structs.replace(operation, position=None, version=msgspec.UNSET) for operation in operations
    ]
    return checker.History.from_operations(bare, header=checker.Header(real_time_writes=True))


@given(configured_schedules())
def test_what_a_guarantee_implies_holds_with_it(drawn: Drawn) -> None:
    _, schedule = drawn
    report = checker.check(without_positions(system.simulate(schedule).operations)).guarantees
    for name, implied in IMPLIED.items():
        if report[name].verdict == "holds":
            assert [other for other in implied if report[other].verdict == "violated"] == []


@given(configured_schedules())
def test_what_clients_saw_broken_is_broken_by_the_log_too(drawn: Drawn) -> None:
    """The log's order is one of those that the values leave open: it can only rule out more."""
    row, schedule = drawn
    run = system.simulate(schedule)
    seen = checker.check(without_positions(run.operations)).guarantees
    known = judge(run, row).verdicts
    for name in ("read-your-writes", "monotonic-reads", "consistent-prefix"):
        if seen[name].verdict == "violated":
            assert known[name].verdict == "violated", name


@given(configured_schedules())
def test_a_saved_history_replays_to_the_same_bytes(drawn: Drawn) -> None:
    row, schedule = drawn
    run = system.simulate(schedule)
    judgement = judge(run, row)
    with TemporaryDirectory() as folder:
        saving = {"system": "telemetry", "configuration": row, "guarantee": "convergence"}
        path = archive.save(Path(folder), run=run, judgement=judgement, **saving)  # type: ignore[arg-type]
        saved = archive.load(path)
        assert saved.schedule == schedule
        assert recheck(saved).as_expected
        done = replay(saved, system)
        assert done.as_expected
        assert done.exact
        assert done.run is not None
        assert done.judgement is not None
        again = archive.save(Path(folder), run=done.run, judgement=done.judgement, **saving)  # type: ignore[arg-type]
        assert [again] == list(archive.saved_paths(Path(folder)))
