"""How soon each seeded bug is found, and how small it becomes; writes a table beside this file.

    python -m benchmarks.bugs
    python -m benchmarks.bugs --system raft

Every hunt starts from nothing: no example database, no saved history. One process; times are of this machine.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rts import systems
from rts.bugs import NUMBERS, canonical
from rts.harness.hunt import hunt
from rts.harness.search import search_chunk
from rts.schedule import loads

HERE = Path(__file__).parent
SMALLEST = HERE.parent / "tests" / "bugs" / "smallest"
ENOUGH = 10_000

ESTIMATES = {
    "telemetry": (4, 4, 4, 4, 4, 5, 5, 3, 5, 6, 4, 2, 4, 5, 4, 3, 4, 4),
    "raft": (
        *(5, 8, 4, 5, 6, 8, 6, 14, 9, 7, 13, 10, 8, 7, 22, 23, 8, 20, 9, 9, 8, 5),
        *(4, 4, 5, 5, 3, 9, 4, 2, 14, 4),
    ),
}
"""Operations and faults that each bug was thought to need before any was hunted, in order."""

TABLES = {"telemetry": ("bugs.md", "the telemetry store"), "raft": ("raft_bugs.md", "Raft")}


class Row(NamedTuple):
    number: str
    bug: str
    guarantee: str
    schedules: int | None
    found_s: float | None
    shrink_s: float | None
    steps: int | None
    operations: int | None
    smallest: int
    estimate: int
    clean: str


def measure(system: str, number: str, *, seed: int, clean: int) -> Row:
    name = NUMBERS[system][number]
    seeded = systems.load(system).bugs[name]
    summary = hunt(
        [(system, seeded.configuration.name, name)], load=systems.load, seed=seed, schedules=ENOUGH
    )
    outcome = summary.results[0].guarantees[seeded.guarantee]
    found_after = outcome.found_after_schedules
    return Row(
        number=number,
        bug=name,
        guarantee=seeded.guarantee,
        schedules=None if found_after is None else found_after + 1,
        found_s=outcome.found_after_s,
        shrink_s=outcome.shrink_s,
        steps=outcome.steps,
        operations=outcome.operations,
        smallest=len(loads((SMALLEST / f"{name}.json").read_bytes()).steps),
        estimate=ESTIMATES[system][int(number[1:]) - 1],
        clean=_without(system, name, seed=seed, schedules=clean),
    )


def _without(system: str, name: str, *, seed: int, schedules: int) -> str:
    store = systems.load(system)
    configuration = store.bugs[name].configuration
    searched = search_chunk(store, configuration, seed=seed, schedules=schedules)
    violated = [guarantee for guarantee in searched.first_failures if guarantee in configuration.holds]
    wrong = [*violated, *(error.message for error in searched.errors)]
    return f"{searched.schedules:,} clean" if not wrong else f"NOT CLEAN: {'; '.join(wrong)}"


COLUMNS: tuple[tuple[str, Callable[[Row], object]], ...] = (
    ("", lambda row: row.number),
    ("seeded bug", lambda row: row.bug),
    ("reported as", lambda row: row.guarantee),
    ("schedules", lambda row: row.schedules),
    ("found in s", lambda row: row.found_s),
    ("shrunk in s", lambda row: row.shrink_s),
    ("steps", lambda row: row.steps),
    ("operations", lambda row: row.operations),
    ("smallest known", lambda row: row.smallest),
    ("estimate", lambda row: row.estimate),
    ("without the bug", lambda row: row.clean),
)


def line(row: Row) -> str:
    return f"| {' | '.join(_text(cell(row)) for _, cell in COLUMNS)} |"


def _text(value: object) -> str:
    if value is None:
        return "not found"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def heading() -> str:
    names = " | ".join(name for name, _ in COLUMNS)
    return f"| {names} |\n|{'---|' * len(COLUMNS)}"


def document(system: str, rows: list[Row], *, seed: int, elapsed_s: float) -> str:
    return "\n".join(
        (
            f"# Seeded bugs of {TABLES[system][1]}",
            "",
            f"Written by `python -m benchmarks.bugs --system {system} --seed {seed}` on one core, Python "
            f"{platform.python_version()}, in {elapsed_s:.0f} s.",
            "",
            "Every hunt starts from nothing. Steps are the operations and faults that are left after",
            "shrinking, without the final reads that every run ends with. The smallest schedules known are",
            "in `tests/bugs/smallest/`; the estimate was made before any hunt.",
            "",
            heading(),
            *map(line, rows),
            "",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=sorted(NUMBERS), default="telemetry")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", type=int, default=2_000, help="schedules to hunt without each bug")
    parser.add_argument("--bug", action="append", help="only this one; writes no file")
    chosen = parser.parse_args()
    started = time.perf_counter()
    rows = []
    print(heading(), flush=True)
    only = [canonical(name, chosen.system) for name in chosen.bug or ()]
    for number, name in NUMBERS[chosen.system].items():
        if only and name not in only:
            continue
        rows.append(measure(chosen.system, number, seed=chosen.seed, clean=chosen.clean))
        print(line(rows[-1]), flush=True)
    if chosen.bug is None:
        elapsed_s = time.perf_counter() - started
        text = document(chosen.system, rows, seed=chosen.seed, elapsed_s=elapsed_s)
        (HERE / TABLES[chosen.system][0]).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
