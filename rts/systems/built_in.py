"""What the stores that ship with the package have in common as systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from rts.harness.system import Configuration, SeededBug
from rts.runs import Run
from rts.schedule import Schedule
from rts.sim.whole_run import WholeRun


class BuiltIn:
    """A simulated store as a `rts.harness.system.System`.

    `simulation` makes a run of a schedule, with the classes of a seeded bug where one is named; the bugs and
    their hunts are in `rts.systems.NAME_bugs`, which is imported when they are asked for.
    """

    def __init__(
        self, name: str, configurations: tuple[Configuration, ...], simulation: Callable[..., WholeRun]
    ) -> None:
        self.name = name
        self.configurations = configurations
        self.simulation = simulation

    @property
    def bugs(self) -> Mapping[str, SeededBug]:
        """The seeded bugs, by name or by number."""
        seeded: Mapping[str, SeededBug] = import_module(f"rts.systems.{self.name}_bugs").SEEDED
        return seeded

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        """See `System`. Raises `rts.bugs.BugNotFound` for a bug that does not exist."""
        if bug is None:
            return self.simulation(schedule).run()
        from rts.bugs import load

        seeded = load(bug, self.name)
        return self.simulation(schedule, bug=seeded.name, **seeded.classes).run()
