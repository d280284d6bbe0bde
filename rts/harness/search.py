"""Searching one chunk: so many schedules drawn by Hypothesis from one seed, run, judged and counted.

A chunk depends on nothing but its arguments. It never raises because of what a schedule did: it keeps the
first schedule that violates each guarantee, goes on, and reports what went wrong in the harness itself.
"""

from __future__ import annotations

import gc
import hashlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, settings, strategies
from hypothesis import seed as seeded

from rts.harness.archive import record
from rts.harness.chunk import ChunkResult, FirstFailure
from rts.harness.determinism import first_difference
from rts.harness.draw import decode_drawn, drawn_size
from rts.harness.guide import CONTROL_SIZE, Guide
from rts.harness.judge import Judgement, judge
from rts.harness.summary import ErrorKind, HarnessError
from rts.harness.system import Configuration, System
from rts.harness.theme import header_size
from rts.runs import BEHIND_AT_A_READ, Run
from rts.schedule import Schedule, dumps

SELF_CHECK_EVERY = 50
COLLECT_AFTER = 20_000
MOST_ERRORS = 3


def chunk_seed(seed: int, system: str, configuration: str, bug: str | None, chunk: int) -> int:
    """The seed of one chunk of a hunt."""
    text = repr((seed, system, configuration, bug, chunk))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def search_chunk(
    system: System,
    configuration: Configuration,
    *,
    system_name: str | None = None,
    chunk: int = 0,
    seed: int = 0,
    schedules: int = 500,
    steps: int | None = None,
    bug: str | None = None,
    targets: bool = True,
    histories: Path | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> ChunkResult:
    """Run and judge `schedules` schedules of one configuration.

    `system_name` is the name that loads the system again, `steps` overrides the profile's number of steps.
    `targets`: vary what came close to trouble (`rts.harness.guide`). `histories` is where a run is kept that
    the judge failed on. `stop` is asked before each schedule, and ends the chunk early; so does Ctrl-C.
    """
    size = drawn_size(configuration, steps)
    chunk_of = _Chunk(
        system, configuration, system_name or system.name, chunk, steps, bug, targets, histories
    )

    @seeded(chunk_seed(seed, system.name, configuration.name, bug, chunk))
    @settings(
        max_examples=schedules,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.binary(min_size=size + CONTROL_SIZE, max_size=size + CONTROL_SIZE))
    def search(drawn: bytes) -> None:
        if interrupts or chunk_of.result.stopped or stop():
            chunk_of.result.stopped = True
            return
        chunk_of.example(drawn[CONTROL_SIZE:], drawn[:CONTROL_SIZE])

    interrupts: list[int] = []
    try:
        with rarer_collections(), noted_interrupts(interrupts):
            search()
    except KeyboardInterrupt:
        chunk_of.result.interrupted = True
    chunk_of.result.interrupted |= bool(interrupts)
    return chunk_of.finished()


@contextmanager
def noted_interrupts(interrupts: list[int]) -> Iterator[None]:
    """The first Ctrl-C is noted in `interrupts`, to end the search before its next schedule; the second
    raises.

    Python loses an exception that is raised within a callback of its garbage collector, and Hypothesis has
    one. Where Ctrl-C does not raise anyway (in a thread, or where it is ignored), nothing changes.
    """

    def note(number: int, frame: object) -> None:
        if interrupts:
            raise KeyboardInterrupt
        interrupts.append(number)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def rarer_collections() -> Iterator[None]:
    """A simulation makes thousands of small objects that live as long as it does: collecting them as often as
    Python does by itself costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Chunk:
    """The account of one chunk while it runs."""

    def __init__(
        self,
        system: System,
        configuration: Configuration,
        system_name: str,
        chunk: int,
        steps: int | None,
        bug: str | None,
        targets: bool,
        histories: Path | None,
    ) -> None:
        self.result = ChunkResult(chunk=chunk)
        self._system = system
        self._configuration = configuration
        self._system_name = system_name
        self._steps = steps
        self._bug = bug
        self._histories = histories
        profile = configuration.profile
        step_count = profile.steps if steps is None else steps
        self._guide = Guide(header_size(profile), step_count) if targets else None
        self._digest = hashlib.sha256()
        self._started = time.perf_counter()

    def finished(self) -> ChunkResult:
        self.result.digest = "sha256:" + self._digest.hexdigest()
        self.result.elapsed_s = time.perf_counter() - self._started
        return self.result

    def example(self, drawn: bytes, control: bytes) -> None:
        """One schedule: drawn or varied, run, judged, counted."""
        mixed = drawn if self._guide is None else self._guide.mix(drawn, control)
        schedule = decode_drawn(mixed, self._system_name, self._configuration, self._steps)
        number = self.result.schedules
        self.result.schedules += 1
        run = self._run(schedule)
        if run is None:
            return
        self._digest.update(run.digest.encode())
        self._count_run(run)
        judgement = self._judge(run)
        if judgement is None:
            return
        news = [name for name in judgement.violated if not self._is_known(name)]
        self._count_verdicts(judgement, run, number)
        if news or number % SELF_CHECK_EVERY == 0:
            self._run_again(run)
        if self._guide is not None:
            self._guide.learn(mixed, run)

    def _is_known(self, guarantee: str) -> bool:
        """Whether one more violation tells nothing: it is expected here, and was seen and run twice
        before."""
        return guarantee in self._configuration.breaks and guarantee in self.result.first_failures

    def _run(self, schedule: Schedule) -> Run | None:
        try:
            return self._system.simulate(schedule, bug=self._bug)
        except Exception as error:
            self._fault("simulate", f"the simulation failed: {type(error).__name__}: {error}", schedule)
            self._digest.update(b"failed")
            return None

    def _judge(self, run: Run) -> Judgement | None:
        try:
            return judge(run, self._configuration)
        except Exception as error:
            path = None
            if self._histories is not None and len(self.result.errors) < MOST_ERRORS:
                reason = f"{type(error).__name__}: {error}"
                path = record(self._histories, system=self._system_name, run=run, reason=reason)
            message = f"the judge failed: {type(error).__name__}: {error}"
            self._fault("judge", message, run.schedule, path)
            return None

    def _run_again(self, run: Run) -> None:
        again = self._run(run.schedule)
        difference = None if again is None else first_difference(run, again)
        if difference is not None:
            self._fault("determinism", difference, run.schedule)

    def _fault(self, kind: ErrorKind, message: str, schedule: Schedule, path: Path | None = None) -> None:
        if len(self.result.errors) >= MOST_ERRORS:
            return
        self.result.errors.append(
            HarnessError(
                kind=kind,
                message=message,
                system=self._system_name,
                configuration=self._configuration.name,
                bug=self._bug,
                path=None if path is None else str(path),
                schedule=dumps(schedule).decode(),
            )
        )

    def _count_run(self, run: Run) -> None:
        result = self.result
        result.simulated_ns += run.simulated_ns
        for operation in run.operations:
            result.statuses[operation.status] += 1
        for kind, count in run.faults.items():
            result.faults_drawn[kind] += count.drawn
            result.faults_held[kind] += count.took_hold
        result.states.update(run.states)

    def _count_verdicts(self, judgement: Judgement, run: Run, number: int) -> None:
        result = self.result
        could_be_stale = BEHIND_AT_A_READ in run.states
        result.could_have_been_stale += could_be_stale
        for name, verdict in judgement.verdicts.items():
            result.judged[name] += verdict.judged
            if verdict.judged:
                result.judged_schedules[name] += 1
                result.stale_schedules[name] += could_be_stale
            if verdict.verdict == "holds":
                result.held_schedules[name] += 1
            elif verdict.verdict == "violated":
                result.violated_schedules[name] += 1
                if name not in result.first_failures:
                    result.first_failures[name] = FirstFailure(
                        guarantee=name,
                        schedule=run.schedule,
                        after_schedules=number,
                        after_s=time.perf_counter() - self._started,
                    )
