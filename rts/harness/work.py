"""What one worker of a hunt does: search a chunk, or shrink a schedule and save what it became.

A task is data, so that it can go to another process; the system is loaded there by name. Whatever happens, a
task comes back as a result: a failure of the harness is reported in it, not raised.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rts.errors import RtsError, ScheduleError
from rts.harness.archive import on_disk, save
from rts.harness.budget import admits
from rts.harness.chunk import ChunkResult
from rts.harness.determinism import first_difference
from rts.harness.judge import judge, violates
from rts.harness.shrink import Shrunk, shrink
from rts.harness.summary import ErrorKind, HarnessError
from rts.harness.system import Configuration, System
from rts.schedule import OPERATION_STEPS, Schedule, dumps

Load = Callable[[str], System]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is hunted: a system by the name that loads it, one configuration, and a seeded bug or none."""

    system: str
    configuration: str
    bug: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTask:
    """One chunk to search."""

    row: Row
    chunk: int
    seed: int
    schedules: int
    steps: int | None
    targets: bool
    histories: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrinkTask:
    """One failing schedule to shrink and save. `histories` is `None` where nothing is saved."""

    row: Row
    guarantee: str
    schedule: Schedule
    histories: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """What a failing schedule was shrunk to. `error` says what went wrong instead, or on the way."""

    guarantee: str
    schedule: Schedule
    steps: int
    operations: int
    shrink_s: float
    simulations: int
    explanation: str | None = None
    path: Path | None = None
    error: HarnessError | None = None


class Flag(Protocol):
    """A `threading.Event`, or one of another process."""

    def is_set(self) -> bool:
        """Whether it was set."""

    def set(self) -> None:
        """Set it for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The flags by which a hunt tells its workers to come to an end: to search no more, or to stop at all."""

    search: Flag
    everything: Flag


_stops: Stops | None = None


def start_worker(stops: Stops) -> None:
    """Make this process a worker: it leaves Ctrl-C to the process that started it."""
    global _stops
    _stops = stops
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def configuration_of(system: System, row: Row) -> Configuration:
    """The configuration that a row names; a bug brings its own. Raises `RtsError` if there is none."""
    if row.bug is not None:
        if row.bug not in system.bugs:
            raise RtsError(f"{row.system} has no seeded bug {row.bug!r}; there are: {', '.join(system.bugs)}")
        return system.bugs[row.bug].configuration
    for configuration in system.configurations:
        if configuration.name == row.configuration:
            return configuration
    known = ", ".join(configuration.name for configuration in system.configurations)
    raise RtsError(f"{row.system} has no configuration {row.configuration!r}; there are: {known}")


def search_task(task: SearchTask, load: Load, stops: Stops | None = None) -> ChunkResult:
    """Search one chunk."""
    # Importing Hypothesis takes longer than starting everything else: only who searches pays for it.
    from rts.harness.search import search_chunk

    stops = stops or _stops
    system = load(task.row.system)
    return search_chunk(
        system,
        configuration_of(system, task.row),
        system_name=task.row.system,
        chunk=task.chunk,
        seed=task.seed,
        schedules=task.schedules,
        steps=task.steps,
        bug=task.row.bug,
        targets=task.targets,
        histories=task.histories,
        stop=stops.search.is_set if stops is not None else lambda: False,
    )


def shrink_task(task: ShrinkTask, load: Load, stops: Stops | None = None) -> Counterexample:
    """Shrink one failing schedule, judge the smallest and save it.

    When the hunt is told to end, the smallest one so far is saved.
    """
    stops = stops or _stops
    system = load(task.row.system)
    configuration = configuration_of(system, task.row)
    started = time.perf_counter()

    def stopped() -> bool:
        return stops is not None and stops.everything.is_set()

    def still_fails(candidate: Schedule) -> bool:
        if candidate is not task.schedule and (
            stopped() or not admits(candidate, configuration.profile.budget, configuration)
        ):
            return False
        try:
            run = system.simulate(candidate, bug=task.row.bug)
        except ScheduleError:
            return False
        except KeyboardInterrupt:
            if stops is None:
                raise
            stops.everything.set()
            return False
        return violates(run, configuration, task.guarantee)

    try:
        shrunk = shrink(task.schedule, still_fails, profile=configuration.profile)
    except Exception as error:
        shrunk = Shrunk(schedule=task.schedule, simulations=1, complete=False)
        return _counterexample(task, shrunk, started, error=_error(task, "shrink", error))
    try:
        return _saved(task, system, configuration, shrunk, started)
    except Exception as error:
        return _counterexample(task, shrunk, started, error=_error(task, "judge", error))


def _saved(
    task: ShrinkTask, system: System, configuration: Configuration, shrunk: Shrunk, started: float
) -> Counterexample:
    run = system.simulate(shrunk.schedule, bug=task.row.bug)
    difference = first_difference(run, system.simulate(shrunk.schedule, bug=task.row.bug))
    error = None if difference is None else _error(task, "determinism", difference)
    if task.histories is None:
        explanation = judge(run, configuration).explanation(task.guarantee)
        return _counterexample(task, shrunk, started, explanation=explanation, error=error)
    with on_disk(task.histories, system=task.row.system, run=run):
        judgement = judge(run, configuration)
        path = save(
            task.histories,
            system=task.row.system,
            configuration=configuration,
            run=run,
            judgement=judgement,
            guarantee=task.guarantee,
        )
    explanation = judgement.explanation(task.guarantee)
    return _counterexample(task, shrunk, started, explanation=explanation, path=path, error=error)


def _counterexample(
    task: ShrinkTask,
    shrunk: Shrunk,
    started: float,
    *,
    explanation: str | None = None,
    path: Path | None = None,
    error: HarnessError | None = None,
) -> Counterexample:
    steps = shrunk.schedule.steps
    return Counterexample(
        guarantee=task.guarantee,
        schedule=shrunk.schedule,
        steps=len(steps),
        operations=sum(isinstance(step, OPERATION_STEPS) for step in steps),
        shrink_s=time.perf_counter() - started,
        simulations=shrunk.simulations,
        explanation=explanation,
        path=path,
        error=error,
    )


def _error(task: ShrinkTask, kind: ErrorKind, error: Exception | str) -> HarnessError:
    message = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return HarnessError(
        kind=kind,
        message=f"{task.guarantee}: {message}",
        system=task.row.system,
        configuration=task.row.configuration,
        bug=task.row.bug,
        schedule=dumps(task.schedule).decode(),
    )
