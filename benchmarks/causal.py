"""How fast causal consistency and consistent prefix are judged, and in how much memory.

Run `python benchmarks/causal.py`; `--operations`, `--sessions` and `--without-positions` choose one history.
The histories are those of a causally consistent store, simulated: each session has its replica; writes are
applied there at once and elsewhere later, in causal order; a key has the value with the highest Lamport time,
which is a write's position. Without positions the values alone must show that nothing is wrong. Then one
session goes back to a replica's state of long ago, and that must be found and explained.

Each history is judged by a process of its own, so that its peak of memory is known: that of reading the file
is in it. Seconds are of processor time. The yardstick is taken in the same run: decoding the same lines into
`Operation` values with msgspec, and nothing else.
"""

from __future__ import annotations

import argparse
import heapq
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time
from typing import TypeVar

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import checker
from checker import History, Operation
from checker.guarantees import CHECKS
from checker.prepared import Prepared

Result = TypeVar("Result")

REPLICAS = 5
LAG = 300_000
"""The longest that a write takes to another replica: 300 operations, in nanoseconds."""


class Replica:
    """The versions that one replica has: by key the value and its Lamport time."""

    def __init__(self) -> None:
        self.newest: dict[str, tuple[int, tuple[int, int]]] = {}
        self.applied = [0] * REPLICAS
        self.clock = 0
        self.waiting: list[list[tuple[int, tuple[int, ...], str, int, tuple[int, int]]]] = [
            [] for _ in range(REPLICAS)
        ]

    def apply(self, key: str, value: int, position: tuple[int, int]) -> None:
        self.clock = max(self.clock, position[0])
        known = self.newest.get(key)
        if known is None or known[1] < position:
            self.newest[key] = (value, position)

    def catch_up(self, time: int) -> None:
        """Apply what has arrived, as far as all that it depends on is there."""
        progress = True
        while progress:
            progress = False
            for origin, queue in enumerate(self.waiting):
                while queue and queue[0][0] <= time:
                    _, needs, key, value, position = queue[0]
                    if any(have < need for have, need in zip(self.applied, needs, strict=True)):
                        break
                    heapq.heappop(queue)
                    self.apply(key, value, position)
                    self.applied[origin] += 1
                    progress = True


def store(*, operations: int, sessions: int, keys: int, positions: bool, broken: bool = False) -> History:
    """Half writes, half reads; if `broken`, one read returns what its session had seen replaced long ago."""
    chance = random.Random(1)
    replicas = [Replica() for _ in range(REPLICAS)]
    arrival = [[0] * REPLICAS for _ in range(REPLICAS)]
    early: dict[tuple[int, str], tuple[int, tuple[int, int]]] = {}
    history: list[Operation] = []
    for index in range(operations):
        time = 1_000 * (index + 1)
        number, key = chance.randrange(sessions), f"k{chance.randrange(keys)}"
        origin = number % REPLICAS
        replica = replicas[origin]
        replica.catch_up(time)
        common = {"index": index, "session": f"s{number}", "key": key, "start": time, "end": time + 400}
        if chance.random() < 0.5:
            position = (replica.clock + 1, origin)
            needs = tuple(replica.applied)
            replica.apply(key, index, position)
            replica.applied[origin] += 1
            for other in range(REPLICAS):
                if other != origin:
                    # One link delivers in order.
                    arrival[origin][other] = max(arrival[origin][other], time + chance.randrange(LAG))
                    queue = replicas[other].waiting[origin]
                    heapq.heappush(queue, (arrival[origin][other], needs, key, index, position))
            said = {"position": position} if positions else {}
            history.append(Operation(op="write", value=index, status="ok", **common, **said))
            continue
        value, version = replica.newest.get(key, (None, None))
        if value is not None and version is not None:
            first = early.setdefault((number, key), (value, version))
            if broken and index > operations * 9 // 10 and first[0] < index // 2:
                (value, version), broken = first, False
        said = {"version": version} if positions else {}
        history.append(Operation(op="read", value=value, status="ok", **common, **said))
    return History.from_operations(history)


def taken(action: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of processor time that something took, and what it returned: other jobs do not count."""
    begun = process_time()
    result = action()
    return process_time() - begun, result


def decode(file: str) -> None:
    """The yardstick; the process does nothing else."""
    lines = Path(file).read_bytes().splitlines()[1:]
    decoder = msgspec.json.Decoder(Operation)
    print(min(taken(lambda: [decoder.decode(line) for line in lines])[0] for _ in range(2)))


def judge(file: str, yardstick: float) -> None:
    """Judge one file, and print what it took; the process does nothing else."""

    def show(name: str, seconds: float, more: str) -> None:
        print(f"  {name:22}{seconds:6.2f} s {seconds / yardstick:6.1f} × yardstick   {more}")

    reading, history = taken(lambda: checker.read(file))
    show("reading the file", reading, f"{peak():.0f} MB at most")
    for name in ("causal", "consistent-prefix"):
        prepared = Prepared(history)
        _ = prepared.candidates, prepared.took, prepared.place, prepared.positioned_key
        seconds, outcome = taken(partial(CHECKS[name], prepared, 1))
        found = "violated" if outcome.count else "holds"
        show(name, seconds, f"{peak():.0f} MB at most; {found}, {outcome.judged:,} judged")
        del prepared
    both, report = taken(lambda: checker.check(history, ["causal", "consistent-prefix"]))
    show("both, from the columns", both, f"{peak():.0f} MB at most")
    for violation in report.guarantees["causal"].violations[:1]:
        seconds, explanation = taken(partial(getattr, violation, "explanation"))
        show("explaining", seconds, explanation)


def peak() -> float:
    """The most memory that this process has had so far, in MB; `getrusage` would count its parent's."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--operations", type=int, action="append")
    parser.add_argument("--sessions", type=int, action="append")
    parser.add_argument("--without-positions", action="store_true")
    parser.add_argument("--judge", help=argparse.SUPPRESS)
    parser.add_argument("--decode", help=argparse.SUPPRESS)
    parser.add_argument("--yardstick", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.judge:
        judge(asked.judge, asked.yardstick)
        return
    if asked.decode:
        decode(asked.decode)
        return
    for operations in asked.operations or (100_000, 1_000_000):
        for sessions in asked.sessions or (10, 50, 100):
            for positions in (False,) if asked.without_positions else (True, False):
                for broken in (False, True):
                    history = store(
                        operations=operations,
                        sessions=sessions,
                        keys=100,
                        positions=positions,
                        broken=broken,
                    )
                    kind = "with positions" if positions else "without positions"
                    flaw = ", one read gone back" if broken else ""
                    print(f"{operations:,} operations, {sessions} sessions, {kind}{flaw}", flush=True)
                    with tempfile.TemporaryDirectory() as folder:
                        file = Path(folder) / "history.jsonl"
                        checker.write(file, history)
                        del history
                        child = [sys.executable, __file__]
                        decoding = subprocess.run(
                            [*child, "--decode", str(file)], check=True, capture_output=True, text=True
                        ).stdout.strip()
                        print(f"  decoding (yardstick)  {float(decoding):6.2f} s", flush=True)
                        subprocess.run([*child, "--judge", str(file), "--yardstick", decoding], check=True)


if __name__ == "__main__":
    main()
