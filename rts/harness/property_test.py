"""Property tests of one's own store: draw schedules with Hypothesis, and fail with a report.

    @given(schedules(system, system.configurations[0]))
    def test_store(schedule):
        check_schedule(system, system.configurations[0], schedule)

Hypothesis shrinks what fails; a schedule stays inside the configuration's fault budget while it does.
"""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from rts.harness import draw
from rts.harness.failure import failure_report
from rts.harness.judge import Judgement, judge
from rts.harness.system import Configuration, System
from rts.runs import Run
from rts.schedule import Schedule


class GuaranteeViolated(AssertionError):
    """A guarantee that a configuration claims was violated; the message is the whole report."""

    def __init__(self, guarantee: str, report: str, *, run: Run, judgement: Judgement) -> None:
        super().__init__(report)
        self.guarantee = guarantee
        self.run = run
        self.judgement = judgement


def schedules(
    system: System, configuration: Configuration, *, steps: int | None = None
) -> SearchStrategy[Schedule]:
    """Schedules of at most `steps` steps (default: the profile's) for one configuration of `system`."""
    return draw.schedules(system.name, configuration, steps=steps)


def check_schedule(
    system: System, configuration: Configuration, schedule: Schedule, *, bug: str | None = None
) -> Run:
    """Run and judge `schedule`; what `configuration` claims to hold must not be violated.

    Raises `GuaranteeViolated`, and what `system.simulate` raises.
    """
    run = system.simulate(schedule, bug=bug)
    judgement = judge(run, configuration)
    for guarantee in judgement.violated:
        if guarantee in configuration.holds:
            report = failure_report(run, judgement, guarantee, path=None)
            raise GuaranteeViolated(guarantee, report, run=run, judgement=judgement)
    return run
