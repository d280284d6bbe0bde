"""How soon each seeded bug is found, and how small it becomes; writes bugs.md beside this file.

    python -m benchmarks.bugs

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
from rts.bugs import NAMES, canonical
from rts.harness.hunt import hunt
from rts.harness.search import search_chunk
from rts.schedule import loads
from rts.systems.telemetry import system

HERE = Path(__file__).parent
SMALLEST = HERE.parent / "tests" / "bugs" / "smallest"
ENOUGH = 10_000

ESTIMATES = (4, 4, 4, 4, 4, 5, 5, 3, 5, 6, 4, 2, 4, 5, 4, 3, 4, 4)
"""Operations and faults that each bug was thought to need before any was hunted, S1 to S18."""


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


def measure(name: str, *, seed: int, clean: int) -> Row:
    seeded = system.bugs[name]
    summary = hunt(
        [("telemetry", seeded.configuration.name, name)], load=systems.load, seed=seed, schedules=ENOUGH
    )
    outcome = summary.results[0].guarantees[seeded.guarantee]
    place = NAMES.index(name)
    found_after = outcome.found_after_schedules
    return Row(
        number=f"S{place + 1}",
        bug=name,
        guarantee=seeded.guarantee,
        schedules=None if found_after is None else found_after + 1,
        found_s=outcome.found_after_s,
        shrink_s=outcome.shrink_s,
        steps=outcome.steps,
        operations=outcome.operations,
        smallest=len(loads((SMALLEST / f"{name}.json").read_bytes()).steps),
        estimate=ESTIMATES[place],
        clean=_without(name, seed=seed, schedules=clean),
    )


def _without(name: str, *, seed: int, schedules: int) -> str:
    configuration = system.bugs[name].configuration
    searched = search_chunk(system, configuration, seed=seed, schedules=schedules)
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


def document(rows: list[Row], *, seed: int, elapsed_s: float) -> str:
    return "\n".join(
        (
            "# Seeded bugs of the telemetry store",
            "",
            f"Written by `python -m benchmarks.bugs --seed {seed}` on one core, Python "
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
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", type=int, default=2_000, help="schedules to hunt without each bug")
    parser.add_argument("--bug", action="append", type=canonical, help="only this one; writes no file")
    chosen = parser.parse_args()
    started = time.perf_counter()
    rows = []
    print(heading(), flush=True)
    for name in chosen.bug or NAMES:
        rows.append(measure(name, seed=chosen.seed, clean=chosen.clean))
        print(line(rows[-1]), flush=True)
    if chosen.bug is None:
        elapsed_s = time.perf_counter() - started
        (HERE / "bugs.md").write_text(document(rows, seed=chosen.seed, elapsed_s=elapsed_s), "utf-8")


if __name__ == "__main__":
    main()
