"""A hunt: chunks of schedules for each row, over worker processes, then each first failure shrunk and saved.

How many workers there are changes nothing but the time: a chunk's seed comes from the hunt's seed and its
number, and chunks are added in their order. What was found is shrunk as soon as it is certain to be the
first.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rts.harness.archive import UNJUDGED
from rts.harness.chunk import ChunkResult
from rts.harness.executor import executor_for
from rts.harness.summary import HarnessError, StopReason, Summary
from rts.harness.tally import Tally
from rts.harness.work import (
    Load,
    Row,
    SearchTask,
    ShrinkTask,
    Stops,
    configuration_of,
    search_task,
    shrink_task,
)

CHUNK = 500
PATIENCE = 6
_TICK_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a hunt is. `rate` is in client operations per second since its start."""

    done: int
    total: int
    operations: int
    rate: float
    phase: str
    violations: int


def hunt(
    rows: Sequence[tuple[str, str, str | None]],
    *,
    load: Load,
    seed: int,
    schedules: int = 1_000,
    workers: int = 1,
    max_time_s: float | None = None,
    steps: int | None = None,
    save_to: Path | None = None,
    targets: bool = True,
    on_progress: Callable[[Progress], None] | None = None,
    command: str = "",
) -> Summary:
    """Hunt each row: a system's name, the name of a configuration, and a seeded bug or `None`.

    `load` finds a system by its name, here and in the workers, so it must be importable there
    (`rts.systems.load`). `schedules` are run for each row, in chunks of at least 500; a row with a bug ends
    with the chunk that found it. A row that has not shown all that it is expected to break goes on, chunk by
    chunk, for up to `PATIENCE` times as many. `workers` is the number of processes; with 1, everything runs
    in this one. After `max_time_s` seconds no more is searched. `steps` overrides the profiles' number of
    steps. Counterexamples are saved in `save_to`. Ctrl-C ends the hunt early with what was found. Raises
    `RtsError` for a row that does not exist.
    """
    states = [
        _row_state(Row(system=system, configuration=configuration, bug=bug), load, chunk_sizes(schedules))
        for system, configuration, bug in rows
    ]
    plan = _Plan(load=load, seed=seed, steps=steps, histories=save_to, targets=targets)
    with executor_for(workers) as (executor, stops):
        account = _Hunt(states, plan, executor, stops, room=1 if workers <= 1 else 2 * workers)
        account.run(max_time_s, on_progress or (lambda progress: None))
    if save_to is not None:
        with contextlib.suppress(OSError):
            # It is empty unless a judge failed.
            (save_to / UNJUDGED).rmdir()
    return account.summary(command)


def chunk_sizes(schedules: int) -> list[int]:
    """How `schedules` are divided: as evenly as they can be, into chunks of at least `CHUNK` if there are as
    many."""
    if schedules <= 0:
        return []
    count = max(1, schedules // CHUNK)
    return [schedules // count + (number < schedules % count) for number in range(count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What all tasks of a hunt have in common."""

    load: Load
    seed: int
    steps: int | None
    histories: Path | None
    targets: bool


@dataclass(slots=True, kw_only=True)
class _RowState:
    """A row, what is left to search of it, and the chunks that came back before their turn."""

    tally: Tally
    sizes: list[int]
    extra: list[int]
    submitted: int = 0
    added: int = 0
    waiting: dict[int, ChunkResult] = field(default_factory=dict)
    ended: bool = False

    @property
    def has_more(self) -> bool:
        if self.ended:
            return False
        if self.submitted < len(self.sizes):
            return True
        return self.submitted == self.added < len(self.sizes) + len(self.extra)

    @property
    def next_size(self) -> int:
        return (*self.sizes, *self.extra)[self.submitted]

    @property
    def total(self) -> int:
        """How many schedules are to be run, as far as it is known."""
        return sum((*self.sizes, *self.extra)[: max(self.submitted, len(self.sizes))])

    @property
    def satisfied(self) -> bool:
        """Whether there is nothing more to be found."""
        if self.tally.bug_guarantee is not None:
            return bool(self.tally.bug_found)
        return self.added >= len(self.sizes) and self.tally.has_all_expected

    @property
    def complete(self) -> bool:
        return self.satisfied or self.tally.schedules == sum((*self.sizes, *self.extra))


def _row_state(row: Row, load: Load, sizes: list[int]) -> _RowState:
    system = load(row.system)
    configuration = configuration_of(system, row)
    guarantee = None if row.bug is None else system.bugs[row.bug].guarantee
    extra = sizes * (PATIENCE - 1) if guarantee is None else []
    return _RowState(tally=Tally(row, configuration, guarantee), sizes=sizes, extra=extra)


class _Hunt:
    """The account of one hunt while it runs. At most `room` tasks are under way at a time."""

    def __init__(
        self, rows: list[_RowState], plan: _Plan, executor: Executor, stops: Stops, *, room: int
    ) -> None:
        self._rows = rows
        self._plan = plan
        self._executor = executor
        self._stops = stops
        self._room = room
        self._to_shrink: deque[tuple[_RowState, ShrinkTask]] = deque()
        self._running: dict[Future[Any], _RowState] = {}
        self._stopped: StopReason | None = None
        self._done = 0
        self._operations = 0
        self._started = time.perf_counter()

    def run(self, max_time_s: float | None, on_progress: Callable[[Progress], None]) -> None:
        """Until nothing is left to do, or there is a reason to stop."""
        while True:
            try:
                if max_time_s is not None and self._elapsed_s >= max_time_s:
                    self._stop("max-time")
                if not self._submit():
                    return
                concurrent.futures.wait(
                    self._running, timeout=_TICK_S, return_when=concurrent.futures.FIRST_COMPLETED
                )
                self._collect()
                on_progress(self._progress())
            except KeyboardInterrupt:
                if self._stopped == "interrupted":
                    raise
                self._stop("interrupted")

    def summary(self, command: str) -> Summary:
        """The hunt as it stands."""
        results = tuple(row.tally.result() for row in self._rows)
        complete = all(row.complete for row in self._rows)
        digest = hashlib.sha256("".join(result.digest for result in results).encode()).hexdigest()
        return Summary(
            command=command,
            seed=self._plan.seed,
            complete=complete,
            stop_reason=self._stop_reason(complete),
            wall_s=round(self._elapsed_s, 3),
            digest=f"sha256:{digest}",
            results=results,
            errors=tuple(error for row in self._rows for error in row.tally.errors),
        )

    @property
    def _total(self) -> int:
        return sum(row.total for row in self._rows)

    @property
    def _elapsed_s(self) -> float:
        return time.perf_counter() - self._started

    def _stop_reason(self, complete: bool) -> StopReason:
        if self._stopped == "interrupted" or (self._stopped is not None and not complete):
            return self._stopped
        if self._rows and all(row.tally.bug_found for row in self._rows):
            return "bug-found"
        return "schedules" if complete else "error"

    def _stop(self, reason: StopReason) -> None:
        """Search no more. Interrupted: shrink no more either, but save what was found."""
        if self._stopped != "interrupted":
            self._stopped = reason
        self._stops.search.set()
        if reason == "interrupted":
            self._stops.everything.set()

    # --- what is next

    def _submit(self) -> bool:
        """Start what there is room for; false if nothing is under way and nothing is left."""
        while len(self._running) < self._room:
            if not self._to_shrink and not self._running and self._nothing_to_search:
                self._add_out_of_turn()
            if self._to_shrink:
                row, shrinking = self._to_shrink.popleft()
                self._start(row, shrink_task, shrinking)
            elif not self._nothing_to_search:
                # Each row in turn, so that a hunt that is cut short has seen as much of each.
                row = min((row for row in self._rows if row.has_more), key=lambda row: row.submitted)
                self._start(row, search_task, self._search(row))
            else:
                break
        return bool(self._running)

    def _start(self, row: _RowState, work: Callable[..., object], task: SearchTask | ShrinkTask) -> None:
        self._running[self._executor.submit(work, task, self._plan.load)] = row

    @property
    def _nothing_to_search(self) -> bool:
        return self._stopped is not None or not any(row.has_more for row in self._rows)

    def _search(self, row: _RowState) -> SearchTask:
        size = row.next_size
        row.submitted += 1
        return SearchTask(
            row=row.tally.row,
            chunk=row.submitted - 1,
            seed=self._plan.seed,
            schedules=size,
            steps=self._plan.steps,
            targets=self._plan.targets,
            histories=self._plan.histories,
        )

    # --- what came back

    def _collect(self) -> None:
        for future in [future for future in self._running if future.done()]:
            row = self._running.pop(future)
            try:
                came = future.result()
            except Exception as error:
                self._worker_failed(row, error)
                continue
            if isinstance(came, ChunkResult):
                self._done += came.schedules
                self._operations += came.operations
                row.waiting[came.chunk] = came
                if came.interrupted:
                    self._stop("interrupted")
                while row.added in row.waiting and not row.ended:
                    self._add(row, row.added)
            else:
                row.tally.add_counterexample(came)
                if self._stops.everything.is_set():
                    self._stop("interrupted")

    def _add(self, row: _RowState, chunk: int) -> None:
        row.added = chunk + 1
        for failure in row.tally.add(row.waiting.pop(chunk)):
            # What else a seeded bug breaks is counted; only the guarantee that it is known for is shrunk.
            if row.tally.bug_guarantee in (None, failure.guarantee):
                task = ShrinkTask(
                    row=row.tally.row,
                    guarantee=failure.guarantee,
                    schedule=failure.schedule,
                    histories=self._plan.histories,
                )
                self._to_shrink.append((row, task))
        row.ended = row.ended or row.satisfied
        if all(other.ended for other in self._rows):
            # Chunks that were begun in case the bug is not found before them.
            self._stops.search.set()

    def _add_out_of_turn(self) -> None:
        """A hunt that was stopped has gaps between its chunks: what came back counts all the same."""
        for row in self._rows:
            for chunk in sorted(row.waiting):
                if not row.ended:
                    self._add(row, chunk)

    def _worker_failed(self, row: _RowState, error: Exception) -> None:
        row.ended = True
        row.tally.add_error(
            HarnessError(
                kind="worker",
                message=f"a worker failed: {type(error).__name__}: {error}",
                system=row.tally.row.system,
                configuration=row.tally.row.configuration,
                bug=row.tally.row.bug,
            )
        )

    def _progress(self) -> Progress:
        return Progress(
            done=self._done,
            total=self._total,
            operations=self._operations,
            rate=self._operations / self._elapsed_s,
            phase="searching" if self._done < self._total else "shrinking",
            violations=sum(len(row.tally.first_failures) for row in self._rows),
        )
