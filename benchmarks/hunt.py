"""How fast a hunt is on one core, where the time goes, and whether memory stays flat.

    python -m benchmarks.hunt
    python -m benchmarks.hunt --profile
    python -m benchmarks.hunt --memory 60

Schedules have 20 steps, on average 14 of them client operations, on 4 nodes, and are drawn, run and judged
end to end by `search_chunk`. A yardstick taken in the same run (empty runs of Trio, and a loop of plain
Python) lets figures be compared across machines.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import trio

from checker import History, Operation, check
from rts.harness.chunk import ChunkResult
from rts.harness.judge import judge, judge_at
from rts.harness.search import search_chunk
from rts.harness.system import Configuration, SeededBug
from rts.runs import Run
from rts.schedule import OPERATION_STEPS, Schedule
from rts.systems.telemetry import CONFIGURATIONS, system

STEPS = 20
FAULT_SHARE = 0.24
"""Leaves 14 client operations of 20 steps, on average over the swarm."""
MODES = ("leader", "session-consistent", "any-follower")
MEMORY_EVERY_S = 30.0
PROFILED = 400
PROFILE_LINES = 40


@dataclass
class Spent:
    """Seconds of processor time by what they were spent on, and what came of them."""

    simulating: float = 0.0
    again: float = 0.0
    judging: float = 0.0
    digest: float = 0.0
    steps: int = 0
    client_operations: int = 0
    messages: int = 0
    timed: int = 0


class Timed:
    """The telemetry store with a stopwatch.

    Judging and digest are timed by doing them once more: `extra` is what that took, to be subtracted.
    """

    name = system.name
    configurations = system.configurations

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.spent = Spent()
        self.extra = 0.0
        self._last: Schedule | None = None

    @property
    def bugs(self) -> dict[str, SeededBug]:
        return {}

    def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
        begun = time.process_time()
        run = system.simulate(schedule, bug=bug)
        simulated = time.process_time()
        spent = self.spent
        if schedule is self._last:  # the self-check of determinism
            spent.again += simulated - begun
            return run
        self._last = schedule
        judge(run, self.configuration)
        judged = time.process_time()
        digest = run.digest
        digested = time.process_time()
        assert digest.startswith("sha256:")
        spent.simulating += simulated - begun
        spent.judging += judged - simulated
        spent.digest += digested - judged
        spent.steps += len(schedule.steps)
        spent.client_operations += sum(isinstance(step, OPERATION_STEPS) for step in schedule.steps)
        spent.messages += sum(event[1] == "deliver" for event in run.events)
        spent.timed += 1
        self.extra += time.process_time() - simulated
        return run


def configuration_of(name: str) -> Configuration:
    (row,) = (row for row in CONFIGURATIONS if row.name == name)
    return replace(row, profile=replace(row.profile, steps=STEPS, fault_share=FAULT_SHARE))


def best(action: Callable[[], object], *, times: int, rounds: int = 5) -> float:
    """Seconds for one call: the best of several rounds."""
    figures = []
    for _ in range(rounds):
        begun = time.process_time()
        for _ in range(times):
            action()
        figures.append((time.process_time() - begun) / times)
    return min(figures)


async def nothing() -> None:
    """An empty program."""


def count() -> int:
    """Plain Python: small objects in a table, and sums."""
    total = 0
    table: dict[int, tuple[int, int]] = {}
    for number in range(100_000):
        table[number & 255] = (number, total)
        total += len(table)
    return total


def yardstick() -> float:
    """Print what this machine does; seconds for the loop come back."""
    looping = best(count, times=3)
    running = best(lambda: trio.run(nothing), times=50)
    print("yardstick")
    print(f"  trio.run of nothing      {running * 1e6:9.0f} µs")
    print(f"  100,000 turns of a loop  {looping * 1e3:9.2f} ms")
    return looping


def end_to_end(name: str, schedules: int, looping: float) -> None:
    row = configuration_of(name)
    search_chunk(system, row, seed=9, schedules=50)
    begun = time.process_time()
    found = search_chunk(system, row, seed=1, schedules=schedules)
    seconds = time.process_time() - begun
    timed = Timed(row)
    begun = time.process_time()
    search_chunk(timed, row, seed=1, schedules=schedules)
    whole = time.process_time() - begun - timed.extra
    report(name, found, seconds, timed.spent, whole, looping)


def report(name: str, found: ChunkResult, seconds: float, spent: Spent, whole: float, looping: float) -> None:
    assert not found.errors, found.errors
    count_of = found.schedules
    print(
        f"{name}: {count_of} schedules, on average {spent.steps / spent.timed:.1f} steps, "
        f"{spent.client_operations / spent.timed:.1f} of them client operations; with the liveness write and "
        f"the final reads {found.operations / count_of:.1f} operations"
    )
    per_second = (
        ("schedules/s", count_of / seconds),
        ("client operations/s (of the steps)", spent.client_operations / seconds),
        ("client operations/s (all recorded)", found.operations / seconds),
        ("messages/s", spent.messages / seconds),
    )
    for what, rate in per_second:
        print(f"  {what:35} {rate:9,.0f}   {rate * looping:8.2f} in the time of the loop")
    drawing = whole - spent.simulating - spent.again - spent.judging - spent.digest
    shares = (
        ("drawing (Hypothesis, decoding, guidance)", drawing),
        ("simulating", spent.simulating),
        ("simulating again (the self-check)", spent.again),
        ("judging", spent.judging),
        ("digest", spent.digest),
    )
    for what, part in shares:
        print(f"  {what:42} {part / whole:5.0%}  {part / count_of * 1e6:7.0f} µs a schedule")


def small_history(looping: float) -> None:
    """All guarantees on a history of 20 operations that a run left behind."""
    row = configuration_of("leader")
    run = shortest_run_with(row, operations=20)
    operations = run.operations[:20]
    plain = replace(run, operations=operations)
    seconds = best(lambda: judge_at(plain, row.staleness), times=200)
    inferred = without_positions(operations)
    without = best(lambda: check(inferred), times=200)
    print("20 operations, all guarantees")
    print(f"  building and judging, positions given  {seconds * 1e6:6.0f} µs   {seconds / looping:.3f} loops")
    print(f"  judging, without positions             {without * 1e6:6.0f} µs   {without / looping:.3f} loops")


def shortest_run_with(row: Configuration, *, operations: int) -> Run:
    """The first run of a hunt with so many operations."""
    kept: list[Run] = []

    class Keeping(Timed):
        def simulate(self, schedule: Schedule, *, bug: str | None = None) -> Run:
            run = system.simulate(schedule, bug=bug)
            if len(run.operations) >= operations:
                kept.append(run)
            return run

    search_chunk(Keeping(row), row, seed=1, schedules=50, stop=lambda: bool(kept))
    return kept[0]


def without_positions(operations: list[Operation]) -> History:
    bare = [
        Operation(
            index=o.index,
            session=o.session,
            op=o.op,
            key=o.key,
            value=o.value,
            expected=o.expected,
            start=o.start,
            end=o.end,
            status=o.status,
            phase=o.phase,
            node=o.node,
        )
        for o in operations
    ]
    return History.from_operations(bare)


def resident_mib() -> float:
    """This process's resident memory in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


def memory(minutes: float) -> None:
    """Hunt for so long, chunk after chunk as `rts hunt` does, and print the memory in use every 30 s."""
    rows = [configuration_of(name) for name in MODES]
    begun = last = time.perf_counter()
    chunk = schedules = 0
    while time.perf_counter() - begun < minutes * 60:
        schedules += search_chunk(system, rows[chunk % len(rows)], chunk=chunk, schedules=500).schedules
        chunk += 1
        if time.perf_counter() - last >= MEMORY_EVERY_S:
            last = time.perf_counter()
            print(f"{last - begun:6.0f} s  {schedules:9,} schedules  {resident_mib():7.1f} MiB", flush=True)
    gc.collect()
    print(f"end       {schedules:9,} schedules  {resident_mib():7.1f} MiB")


@contextmanager
def profiled() -> Iterator[None]:
    profile = cProfile.Profile()
    profile.enable()
    try:
        yield
    finally:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(PROFILE_LINES)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--schedules", type=int, default=1_000, help="schedules for each mode")
    parser.add_argument("--profile", action="store_true", help="where the time goes, function by function")
    parser.add_argument("--memory", type=float, metavar="MINUTES", help="hunt for so long and print memory")
    chosen = parser.parse_args()
    if chosen.memory is not None:
        memory(chosen.memory)
        return
    if chosen.profile:
        row = configuration_of("session-consistent")
        search_chunk(system, row, seed=9, schedules=50)
        with profiled():
            search_chunk(system, row, seed=1, schedules=PROFILED)
        return
    looping = yardstick()
    for name in MODES:
        end_to_end(name, chosen.schedules, looping)
    small_history(looping)


if __name__ == "__main__":
    main()
