"""Judging a run: the checker's guarantees on what clients saw, and the promises that were watched inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import checker
from checker.verdict import Account
from rts.harness.system import Configuration
from rts.runs import Breach, Run


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts on one run, by guarantee: the checker's in its order, then the watched ones.

    A breach inside the run is a violation without operations. Explanations are worked out when asked for.
    """

    history: checker.History
    report: checker.Report
    breaches: tuple[Breach, ...]

    @property
    def verdicts(self) -> Mapping[str, checker.Verdict]:
        """What was judged, by name."""
        return self.report.guarantees

    @property
    def violated(self) -> tuple[str, ...]:
        """The names of what was violated, in order."""
        return tuple(name for name, verdict in self.verdicts.items() if verdict.verdict == "violated")

    def explanation(self, guarantee: str) -> str | None:
        """The argument for the first violation of `guarantee`, in words; `None` if there is none."""
        violations = self.verdicts[guarantee].violations if guarantee in self.verdicts else ()
        return violations[0].explanation if violations else None


def judge(run: Run, configuration: Configuration, *, max_violations: int = 1) -> Judgement:
    """The verdicts on `run`, with `bounded-staleness` judged at the configuration's bound.

    Raises `checker.HistoryError` if what the run recorded is no history: an error of the system, no verdict.
    """
    claimed = (*configuration.holds, *configuration.breaks)
    return judge_at(run, configuration.staleness, claimed=claimed, max_violations=max_violations)


def judge_at(
    run: Run, staleness: str | None, *, claimed: Collection[str] = (), max_violations: int = 1
) -> Judgement:
    """The verdicts on `run`, with `bounded-staleness` judged at `staleness` (`"1s"`), if one is given."""
    history = checker.History.from_operations(
        run.operations, header=_header(one_log=run.one_log, real_time_writes=run.real_time_writes)
    )
    report = judge_history(history, staleness, claimed=claimed, max_violations=max_violations)
    verdicts = {**report.guarantees, **_watched(run, max_violations)}
    return Judgement(
        history=history, report=dataclasses.replace(report, guarantees=verdicts), breaches=run.breaches
    )


def judge_history(
    history: checker.History,
    staleness: str | None,
    *,
    claimed: Collection[str] = (),
    max_violations: int = 1,
) -> checker.Report:
    """The checker's verdicts alone; `causal`, which the guarantees before it add up to, only if `claimed`."""
    names = [
        name
        for name in checker.GUARANTEES
        if (name != "causal" or name in claimed) and (name != "bounded-staleness" or staleness is not None)
    ]
    report = checker.check(history, names, staleness=_bound(staleness), max_violations=max_violations)
    return dataclasses.replace(report, asked=None)


@lru_cache(maxsize=4)
def _header(*, one_log: bool, real_time_writes: bool) -> checker.Header:
    return checker.Header(one_log=one_log, real_time_writes=real_time_writes)


@lru_cache(maxsize=16)
def _bound(staleness: str | None) -> checker.Staleness | None:
    return None if staleness is None else checker.Staleness.parse(staleness)


def _watched(run: Run, max_violations: int) -> dict[str, checker.Verdict]:
    """A verdict for each promise that the run watched, and for each that it saw broken."""
    names = dict.fromkeys((*run.watched, *(breach.guarantee for breach in run.breaches)))
    return {name: _watched_verdict(run, name, max_violations) for name in names}


def _watched_verdict(run: Run, name: str, max_violations: int) -> checker.Verdict:
    breaches = [breach for breach in run.breaches if breach.guarantee == name]
    judged = max(run.watched.get(name, 0), len(breaches))
    if not judged:
        return checker.Verdict(verdict="unknown", reason="it was never checked", reason_code="vacuous")
    violations = tuple(_violation(breach) for breach in breaches[:max_violations])
    return checker.Verdict(
        verdict="violated" if breaches else "holds",
        judged=judged,
        violations=violations,
        violation_count=len(breaches),
    )


def _violation(breach: Breach) -> checker.Violation:
    return checker.Violation((), None, lambda: Account(cycle=(), explanation=breach.explanation))


def violates(run: Run, configuration: Configuration, guarantee: str) -> bool:
    """Whether `run` violates one guarantee: what shrinking asks, and cheaper than all verdicts."""
    if any(breach.guarantee == guarantee for breach in run.breaches):
        return True
    if guarantee not in checker.GUARANTEES:
        return False
    history = checker.History.from_operations(
        run.operations, header=_header(one_log=run.one_log, real_time_writes=run.real_time_writes)
    )
    report = checker.check(history, [guarantee], staleness=_bound(configuration.staleness), max_violations=1)
    return report.guarantees[guarantee].verdict == "violated"
