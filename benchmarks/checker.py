"""How fast the judge is: microseconds for 20 operations, seconds and memory for a million, or ten.

Run `python -m benchmarks.checker [--operations 1000000] [--ten-million]`. The yardstick is msgspec decoding
the same file, line by line, into operation structs, and nothing else, in the same run on the same machine,
so that ratios compare across machines. Every figure of a long history is the least of several processes,
in seconds of processor time; memory is the most that the process held.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # also where it is run as a file
ROUNDS = 3
BOUND = "1us"
SESSION_GUARANTEES = ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads")
QUICK = (*SESSION_GUARANTEES, "bounded-staleness", "no-lost-acknowledged-writes", "linearizable")
ALL = (*QUICK, "causal", "consistent-prefix")


class Cost(NamedTuple):
    """Seconds of processor time, and the most memory in megabytes."""

    seconds: float
    memory: float


# --- a short history


def short() -> None:
    """A history of 20 operations: what a hunt judges ten thousand times."""
    import msgspec

    from benchmarks.recorded import write_history
    from checker import History, Operation, Staleness, check, read

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short.jsonl"
        write_history(path, 14, keys=2, sessions=4)
        history = read(path)
        lines = path.read_bytes().split(b"\n")[1:-1]
    operations, header, bound = history.operations, history.header, Staleness.parse(BOUND)
    decode = msgspec.json.Decoder(Operation).decode
    decoding = best(lambda: [decode(line) for line in lines])
    building = best(lambda: History.from_operations(operations, header=header))
    judging = best(lambda: check(history, staleness=bound))
    print(f"{len(history)} operations, all guarantees, positions given")
    print(f"  decoding (yardstick)  {decoding * 1e6:6.0f} µs")
    print(f"  building the history  {building * 1e6:6.0f} µs")
    print(f"  judging               {judging * 1e6:6.0f} µs")


def best(action: Callable[[], object], *, times: int = 200, rounds: int = 7) -> float:
    """Seconds for one call: the best of several rounds."""
    figures = []
    for _ in range(rounds):
        begun = perf_counter()
        for _ in range(times):
            action()
        figures.append((perf_counter() - begun) / times)
    return min(figures)


# --- what a process of its own does


def yardstick(path: Path) -> float:
    """Decode the lines of a file, and nothing else."""
    import msgspec

    from checker.history import OperationFields

    lines = path.read_bytes().split(b"\n")[1:-1]
    decode = msgspec.json.Decoder(OperationFields).decode
    begun = process_time()
    operations = [decode(line) for line in lines]
    assert operations
    return process_time() - begun


def judging(path: Path, guarantees: Sequence[str], *, explained: bool = False) -> float:
    """Judge what has been read, the reading and the loading of modules left out."""
    from checker import Staleness, check, read

    history, bound = read(path), Staleness.parse(BOUND)
    begun = process_time()
    report = check(history, guarantees, staleness=bound)
    for name in guarantees:
        verdict = report.guarantees[name]
        assert verdict.verdict == ("violated" if explained else "holds"), (name, verdict)
        assert not explained or verdict.violations[0].explanation
    return process_time() - begun


TASKS: dict[str, Callable[[Path], float]] = {
    "yardstick": yardstick,
    "session guarantees": lambda path: judging(path, SESSION_GUARANTEES),
    "linearizable": lambda path: judging(path, ["linearizable"]),
    "linearizable, broken": lambda path: judging(path, ["linearizable"], explained=True),
    "causal": lambda path: judging(path, ["causal"]),
    "consistent-prefix": lambda path: judging(path, ["consistent-prefix"]),
}


def task(name: str, path: Path) -> Cost:
    """The cost of one of the tasks on a file."""
    runs = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-m", "benchmarks.checker", "--task", name, str(path)]
        out, spent = _run(command)
        runs.append(Cost(float(out), spent.memory))
    return Cost(min(run.seconds for run in runs), max(run.memory for run in runs))


def command_line(path: Path, guarantees: Sequence[str]) -> Cost:
    """The cost of `rts check` on a file, from the start of the process to its end."""
    options = [word for name in guarantees for word in ("--guarantee", name)]
    command = [sys.executable, "-m", "rts", "check", "--staleness", BOUND, *options, str(path)]
    runs = [_run(command)[1] for _ in range(ROUNDS)]
    return Cost(min(run.seconds for run in runs), max(run.memory for run in runs))


def _run(command: list[str]) -> tuple[str, Cost]:
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        out.seek(0)
        return out.read(), Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


# --- long histories


def row(what: str, operations: int, cost: Cost, stick: float) -> None:
    rate = f"{operations / cost.seconds / 1e6:.1f} M/s"
    ratio = f"{cost.seconds / stick:.2f}"
    print(
        f"| {what} | {operations:,} | {cost.seconds:.2f} s | {rate} | {ratio} | {cost.memory:,.0f} MB |",
        flush=True,
    )


def long(operations: int) -> None:
    """The figures for long histories, each beside the yardstick of its file."""
    from benchmarks.recorded import write_history

    print("| what | operations | time | rate | × yardstick | memory |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        write_history(path, operations)
        stick = task("yardstick", path)
        row("yardstick: decoding 100 keys, 50 sessions, positions", operations, stick, stick.seconds)
        cost = command_line(path, QUICK)
        row("`rts check`: sessions, staleness, durability, linearizable", operations, cost, stick.seconds)
        row(
            "`rts check`: the same, causal and consistent-prefix",
            operations,
            command_line(path, ALL),
            stick.seconds,
        )
        for name in ("session guarantees", "causal", "consistent-prefix"):
            row(f"{name}, after reading", operations, task(name, path), stick.seconds)
        write_history(path, operations, positions=False)
        stick = task("yardstick", path)
        for name in ("causal", "consistent-prefix", "linearizable"):
            row(f"{name}, after reading, without positions", operations, task(name, path), stick.seconds)
        for stale in (False, True):
            write_history(path, operations, keys=1, positions=False, info=0.02, stale=stale)
            stick = task("yardstick", path)
            name = "linearizable, broken" if stale else "linearizable"
            what = "one stale read, found and explained" if stale else "one hot key, 50 clients, 1% info"
            row(f"linearizable, after reading, {what}", operations, task(name, path), stick.seconds)


def growth(most: int) -> None:
    """From file to verdict, ten times as many operations at a time."""
    from benchmarks.recorded import write_history

    what = "`rts check`: sessions, staleness, durability, linearizable"
    print(f"\n| {what} | operations | time | rate | × yardstick | memory |")
    print("|---|---|---|---|---|---|")
    size = 100_000
    while size <= most:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.jsonl"
            write_history(path, size)
            row("with positions", size, command_line(path, QUICK), task("yardstick", path).seconds)
        size *= 10


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the judge is.")
    parser.add_argument("--operations", type=int, default=1_000_000, help="of the long histories")
    parser.add_argument("--ten-million", action="store_true", help="show the growth up to ten million")
    parser.add_argument("--task", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.task:
        name, path = arguments.task
        print(json.dumps(TASKS[name](Path(path))))
        return
    short()
    print()
    long(arguments.operations)
    growth(10_000_000 if arguments.ten_million else arguments.operations)


if __name__ == "__main__":
    main()
