"""Replaying a saved history: its schedule is run again, judged again, and held against what the file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import checker
from rts.harness.archive import Saved
from rts.harness.judge import Judgement, judge_at, judge_history
from rts.harness.system import System
from rts.runs import Run


class Difference(NamedTuple):
    """A verdict that is not the expected one. `found` is `None` where the guarantee was not judged at all."""

    guarantee: str
    expected: str
    found: str | None


class OperationDifference(NamedTuple):
    """The first operation that is not the recorded one, as lines of a file; `None` where one side has
    ended."""

    place: int
    recorded: str | None
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What became of a saved history.

    `run` and `judgement` are `None` after `recheck`, and so is `same_digest` where the file has no digest.
    """

    saved: Saved
    report: checker.Report
    differences: tuple[Difference, ...]
    run: Run | None = None
    judgement: Judgement | None = None
    first_difference: OperationDifference | None = None
    same_digest: bool | None = None

    @property
    def as_expected(self) -> bool:
        """Whether each verdict is the one that the file expects."""
        return not self.differences

    @property
    def exact(self) -> bool:
        """Whether the run was the recorded one, to the byte."""
        return self.first_difference is None and self.same_digest is not False

    def exit_status(self, *, exact: bool = False) -> int:
        """0 reproduced, 1 no longer as expected, 3 if `exact` is asked for and bytes differ."""
        if not self.as_expected:
            return 1
        return 3 if exact and not self.exact else 0


def replay(saved: Saved, system: System) -> Replay:
    """Run the saved schedule on `system`, judge it, and compare verdicts, operations and digest.

    Raises what `system.simulate` raises.
    """
    run = system.simulate(saved.schedule, bug=saved.bug)
    judgement = judge_at(run, saved.meta.get("staleness"), claimed=saved.expect)
    return Replay(
        saved=saved,
        report=judgement.report,
        differences=_differences(saved, judgement.report, set(saved.expect)),
        run=run,
        judgement=judgement,
        first_difference=_first_difference(saved, run),
        same_digest=None if saved.digest is None else saved.digest == run.digest,
    )


def recheck(saved: Saved) -> Replay:
    """Judge the recorded operations without running anything.

    What was watched inside the run cannot be judged from them and is not compared.
    """
    report = judge_history(saved.history, saved.meta.get("staleness"), claimed=saved.expect)
    return Replay(
        saved=saved,
        report=report,
        differences=_differences(saved, report, set(checker.GUARANTEES)),
    )


def _differences(saved: Saved, report: checker.Report, comparable: set[str]) -> tuple[Difference, ...]:
    found = {name: verdict.verdict for name, verdict in report.guarantees.items()}
    return tuple(
        Difference(name, expected, found.get(name))
        for name, expected in saved.expect.items()
        if name in comparable and found.get(name) != expected
    )


def _first_difference(saved: Saved, run: Run) -> OperationDifference | None:
    recorded, found = _lines(saved.history.operations), _lines(run.operations)
    for place in range(max(len(recorded), len(found))):
        old = recorded[place] if place < len(recorded) else None
        new = found[place] if place < len(found) else None
        if old != new:
            return OperationDifference(place, old, new)
    return None


def _lines(operations: list[checker.Operation]) -> list[str]:
    """The operations as the lines of a file, whoever wrote them and in which order of fields."""
    return checker.dumps(checker.History.from_operations(operations)).decode().splitlines()[1:]
