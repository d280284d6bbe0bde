"""How fast files are read: seconds and memory beside a yardstick taken in the same run.

Run `python -m benchmarks.reading [--operations 1000000]`. The yardstick is msgspec decoding the same file,
line by line, into operation structs, and nothing else. Each figure is the best of several processes, for a
file is read once in the life of `rts check`: what a first read costs counts. Seconds are of processor time,
so that other jobs on the machine count less.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3


def write_history(
    path: Path,
    operations: int,
    *,
    sessions: int = 50,
    keys: int = 100,
    value: Callable[[int], Any] = lambda index: f"v{index}",
    positions: bool = True,
    separators: tuple[str, str] = (",", ":"),
    info: float = 0.0,
) -> None:
    """Write the history of a leader that tells the truth, read by read and write by write."""
    chance = random.Random(1)
    newest: dict[str, tuple[Any, list[int] | None]] = {}
    with path.open("w") as file:
        file.write('{"format":"rts-history/1","one_log":true,"real_time_writes":true}\n')
        for index in range(operations):
            key = f"k{chance.randrange(keys)}"
            line: dict[str, Any] = {
                "index": index,
                "session": f"s{index % sessions}",
                "op": "read",
                "key": key,
            }
            written = chance.random() < 0.45
            if written:
                newest[key] = (value(index), [1, index + 1])
                line["op"] = "write"
            line["value"], place = newest.get(key, (None, None))
            line |= {
                "start": 1_000 * index,
                "end": 1_000 * index + 400,
                "status": "ok",
                "node": f"n{index % 3}",
            }
            if chance.random() < info:
                line |= {"end": None, "status": "info", "error": "timeout"}
            if positions:
                line["position" if written else "version"] = place
            file.write(json.dumps(line, separators=separators) + "\n")


FORMS: dict[str, dict[str, Any]] = {
    "with positions": {},
    "without positions, values are integers, spaced": {
        "positions": False,
        "value": lambda index: index + 1,
        "separators": (", ", ": "),
    },
    "values are UUIDs, 1% info": {
        "value": lambda index: str(uuid.uuid5(uuid.NAMESPACE_OID, str(index))),
        "info": 0.01,
    },
    "values are objects": {"value": lambda index: {"bytes": f"v{index}"}},
}


def yardstick(path: Path) -> None:
    """Decode the lines of a file, and nothing else."""
    import msgspec

    from checker.history import OperationFields

    lines = path.read_bytes().split(b"\n")[1:-1]
    decode = msgspec.json.Decoder(OperationFields).decode
    begun = process_time()
    operations = [decode(line) for line in lines]
    report(process_time() - begun, len(operations))


def read(path: Path) -> None:
    """Read a file into columns; loading numpy, which every judgement needs once, is not counted."""
    from checker.reading.files import read as read_file

    begun = process_time()
    history = read_file(path)
    report(process_time() - begun, len(history))


def report(seconds: float, operations: int) -> None:
    import resource

    print(seconds, operations, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(what: str, path: Path) -> tuple[float, float]:
    """The least seconds of several processes, and the most memory of any, in megabytes."""
    command = [sys.executable, "-m", "benchmarks.reading", "--only", what, str(path)]
    runs = [
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True) for _ in range(ROUNDS)
    ]
    found = [[float(word) for word in run.stdout.split()] for run in runs]
    return min(run[0] for run in found), max(run[2] for run in found)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast files are read.")
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--only", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        what, path = arguments.only
        {"yardstick": yardstick, "read": read}[what](Path(path))
        return
    print("| a file | operations | MB | yardstick | reading | ratio | memory |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "h.jsonl"
        for name, form in FORMS.items():
            write_history(path, arguments.operations, **form)
            stick, _ = measured("yardstick", path)
            seconds, memory = measured("read", path)
            size = path.stat().st_size / 1e6
            print(
                f"| {name} | {arguments.operations:,} | {size:.0f} | {stick:.2f} s | {seconds:.2f} s "
                f"| {seconds / stick:.2f} | {memory:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
