"""One row of a hunt as it grows: chunks are added in their order, and it becomes a `Result`."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Literal

import checker
from rts.harness.chunk import ChunkResult, FirstFailure
from rts.harness.summary import FaultTally, HarnessError, Outcome, Result, VerdictName
from rts.harness.system import Configuration
from rts.harness.work import Counterexample, Row

MOST_ERRORS = 5


class Tally:
    """The account of one row. `bug_guarantee` is what the row's seeded bug must be reported under."""

    def __init__(self, row: Row, configuration: Configuration, bug_guarantee: str | None) -> None:
        self.row = row
        self.configuration = configuration
        self.bug_guarantee = bug_guarantee
        self.first_failures: dict[str, FirstFailure] = {}
        self.counterexamples: dict[str, Counterexample] = {}
        self.errors: list[HarnessError] = []
        self._sum = ChunkResult(chunk=-1)
        self._digest = hashlib.sha256()

    @property
    def schedules(self) -> int:
        """How many schedules have been added."""
        return self._sum.schedules

    @property
    def bug_found(self) -> bool | None:
        """Whether the row's bug was found; `None` in a row without one."""
        return None if self.bug_guarantee is None else self.bug_guarantee in self.first_failures

    @property
    def has_all_expected(self) -> bool:
        """Whether all that the configuration is known to break has been seen broken."""
        return all(guarantee in self.first_failures for guarantee in self.configuration.breaks)

    def add(self, chunk: ChunkResult) -> tuple[FirstFailure, ...]:
        """Add the next chunk; what it is the first to violate comes back, counted from the start of the
        row."""
        total = self._sum
        new = tuple(
            FirstFailure(
                guarantee=name,
                schedule=failure.schedule,
                after_schedules=total.schedules + failure.after_schedules,
                after_s=total.elapsed_s + failure.after_s,
            )
            for name, failure in chunk.first_failures.items()
            if name not in self.first_failures
        )
        self.first_failures.update({failure.guarantee: failure for failure in new})
        total.schedules += chunk.schedules
        total.simulated_ns += chunk.simulated_ns
        total.could_have_been_stale += chunk.could_have_been_stale
        total.elapsed_s += chunk.elapsed_s
        for mine, its in (
            (total.statuses, chunk.statuses),
            (total.faults_drawn, chunk.faults_drawn),
            (total.faults_held, chunk.faults_held),
            (total.states, chunk.states),
            (total.judged, chunk.judged),
            (total.judged_schedules, chunk.judged_schedules),
            (total.stale_schedules, chunk.stale_schedules),
            (total.violated_schedules, chunk.violated_schedules),
            (total.held_schedules, chunk.held_schedules),
        ):
            _add(mine, its)
        self._digest.update(chunk.digest.encode())
        for error in chunk.errors:
            self.add_error(error)
        return new

    def add_error(self, error: HarnessError) -> None:
        """Keep an error, if there are not enough already."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)

    def add_counterexample(self, found: Counterexample) -> None:
        """Keep what a first failure was shrunk to."""
        self.counterexamples[found.guarantee] = found
        if found.error is not None:
            self.add_error(found.error)

    def result(self) -> Result:
        """The row as it stands."""
        total = self._sum
        return Result(
            system=self.row.system,
            configuration=self.configuration.name,
            table=self.configuration.table,
            mode=self.configuration.mode,
            bug=self.row.bug,
            schedules=total.schedules,
            operations=total.operations,
            ok=total.statuses["ok"],
            fail=total.statuses["fail"],
            info=total.statuses["info"],
            faults={
                kind: FaultTally(drawn=drawn, took_hold=total.faults_held[kind])
                for kind, drawn in sorted(total.faults_drawn.items())
            },
            states=dict(sorted(total.states.items())),
            could_have_been_stale=total.could_have_been_stale,
            bug_found=self.bug_found,
            simulated_s=total.simulated_ns / 1e9,
            digest="sha256:" + self._digest.hexdigest(),
            guarantees={name: self._outcome(name) for name in self._guarantees()},
        )

    def _guarantees(self) -> list[str]:
        """Whatever was judged or is claimed: the checker's guarantees in its order, then the others."""
        claimed = (*self.configuration.holds, *self.configuration.breaks)
        named = dict.fromkeys((*self._sum.judged, *claimed))
        return [
            *(name for name in checker.GUARANTEES if name in named),
            *(name for name in named if name not in checker.GUARANTEES),
        ]

    def _expected(self, guarantee: str) -> Literal["holds", "violated"] | None:
        if self.bug_guarantee is not None:
            return "violated" if guarantee == self.bug_guarantee else None
        if guarantee in self.configuration.holds:
            return "holds"
        return "violated" if guarantee in self.configuration.breaks else None

    def _outcome(self, name: str) -> Outcome:
        total = self._sum
        verdict: VerdictName = "unknown"
        if name in self.first_failures:
            verdict = "violated"
        elif total.held_schedules[name]:
            verdict = "holds"
        first, shrunk = self.first_failures.get(name), self.counterexamples.get(name)
        return Outcome(
            verdict=verdict,
            judged=total.judged[name],
            expected=self._expected(name),
            schedules_judged=total.judged_schedules[name],
            could_have_been_stale=total.stale_schedules[name],
            violated_schedules=total.violated_schedules[name],
            found_after_schedules=None if first is None else first.after_schedules,
            found_after_s=None if first is None else round(first.after_s, 3),
            counterexample=None if shrunk is None or shrunk.path is None else str(shrunk.path),
            shrink_s=None if shrunk is None else round(shrunk.shrink_s, 3),
            shrink_simulations=None if shrunk is None else shrunk.simulations,
            steps=None if shrunk is None else shrunk.steps,
            operations=None if shrunk is None else shrunk.operations,
            explanation=None if shrunk is None else shrunk.explanation,
        )


def _add(mine: Counter[str], its: Counter[str]) -> None:
    """Add up, zeros included: a fault that never took hold must not vanish."""
    for name, count in its.items():
        mine[name] += count
