"""Where the frontier of the search is: compare-and-set histories by clients, length, values and validity.

Run `python benchmarks/search.py [--quick] > benchmarks/search.md`. Each history is one key: clients that
read, write and compare-and-set few values back to back, one in a hundred writes left open; every second one
has a read that is stale, or finds what was long replaced. Each is judged in a process of its own, so that its
peak of memory is its own, under a budget of 60 s and 2 GB. The yardstick, taken in the same run, is a plain
Python loop that looks one number up in a dictionary and sets a bit of another.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from msgspec.structs import replace

from benchmarks.clients import INVOKES, TAKES_EFFECT, turns
from checker import Operation
from checker.search.deepening import decide
from checker.sequential.register import pose_register

SECONDS, BYTES = 60.0, 2_000_000_000
CLIENTS, LENGTHS, VALUES = (5, 10, 20), (1_000, 10_000), (5, 50)


def store(*, clients: int, operations: int, values: int, stale: bool) -> list[Operation]:
    """A register that tells the truth: each operation takes effect at some instant while it is pending."""
    chance = random.Random(1)
    pending: dict[int, dict[str, Any]] = {}
    session = list(range(clients))
    state: int | None = None
    done: list[Operation] = []
    for time, client, does in turns(chance, clients):
        if does == INVOKES:
            op = chance.choice(("read", "write", "cas"))
            pending[client] = {"op": op, "start": time, "status": "ok", "session": f"s{session[client]}"}
            if op != "read":
                pending[client]["value"] = chance.randrange(values)
            if op == "cas":
                pending[client]["expected"] = chance.randrange(values)
        elif does == TAKES_EFFECT:
            fields = pending[client]
            lost = fields["op"] != "read" and chance.random() < 0.01
            if fields["op"] == "read":
                fields["value"] = state
            elif fields["op"] == "cas" and fields["expected"] != state:
                fields["status"] = "fail"
            elif not lost or chance.random() < 0.5:
                state = fields["value"]
            if lost:
                fields["status"] = "info"
        else:
            fields = pending.pop(client)
            open_one = fields["status"] == "info"
            done.append(Operation(index=len(done), key="x", end=None if open_one else time, **fields))
            if open_one:
                session[client] = clients + len(done)
        if len(done) == operations:
            break
    for fields in pending.values():  # what was cut off may have taken effect
        if fields["op"] != "read":
            done.append(Operation(index=len(done), key="x", end=None, **(fields | {"status": "info"})))
    if stale:
        at = next(
            at
            for at, operation in enumerate(done)
            if at > 0.9 * operations and operation.op == "read" and operation.value is not None
        )
        done[at] = replace(done[at], value=_false(done, at, values))
    return sorted(done, key=lambda operation: operation.start)


def _false(done: list[Operation], at: int, values: int) -> int:
    """Return a value that a read cannot have found, if there is one; else one that only few wrote."""
    read = done[at]
    wrote = [0] * values
    for operation in done:
        near = operation.end is None or operation.end > read.start - 40 * values
        if operation.op != "read" and operation.status != "fail" and near:
            wrote[operation.value] += operation.start < (read.end or 0)
    wrote[read.value] = len(done)
    return min(range(values), key=lambda value: (wrote[value], value))


def judge(clients: int, operations: int, values: int, stale: bool) -> None:
    """Judge one history and print what it took, as JSON."""
    history = store(clients=clients, operations=operations, values=values, stale=stale)
    live = [
        operation
        for operation in history
        if operation.status == "ok" or (operation.status == "info" and operation.op != "read")
    ]
    begun = perf_counter()
    (decision,) = decide([pose_register(live, grows="nothing")], deadline=begun + SECONDS, memory=BYTES)
    took = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "answer": decision.answer,
                "seconds": took,
                "configurations": decision.configurations,
                "returned": decision.returned,
                "live": len(live),
                "peak": peak / 1024,
            }
        )
    )


def yardstick() -> float:
    """Seconds for one turn of a plain loop: the best of several."""
    table = {number: number * 7 % 64 for number in range(64)}
    figures = []
    for _ in range(5):
        at = bits = 0
        begun = perf_counter()
        for _ in range(200_000):
            at = table[at]
            bits |= 1 << at
        figures.append((perf_counter() - begun) / 200_000)
    return min(figures)


def main() -> None:
    quick = "--quick" in sys.argv
    turn = yardstick()
    print("# The frontier of the search\n")
    print(f"By `python benchmarks/search.py{' --quick' if quick else ''}`: one key, one core, plain Python,")
    print(f"budget {SECONDS:.0f} s and 2 GB each. A turn of the yardstick's loop took {turn * 1e9:.0f} ns.\n")
    heads = (
        "values",
        "clients",
        "operations",
        "false read",
        "verdict",
        "s",
        "configurations",
        "turns each",
        "peak MB",
    )
    print(f"| {' | '.join(heads)} |")
    print("| --- " * len(heads) + "|")
    for values in VALUES:
        for clients in CLIENTS:
            for operations in LENGTHS[:1] if quick else LENGTHS:
                for stale in (False, True):
                    row(turn, clients, operations, values, stale)


def row(turn: float, clients: int, operations: int, values: int, stale: bool) -> None:
    """Judge one history in a process of its own, and print its row."""
    arguments = [str(clients), str(operations), str(values), str(int(stale))]
    done = subprocess.run(
        [sys.executable, __file__, "--one", *arguments], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    verdict = {"fits": "holds", "stuck": "violated"}.get(
        found["answer"], f"unknown, {found['returned']} of {found['live']} linearized"
    )
    each = found["seconds"] / max(1, found["configurations"]) / turn
    print(
        f"| {values} | {clients} | {operations:,} | {'yes' if stale else 'no'} | {verdict} "
        f"| {found['seconds']:.2f} | {found['configurations']:,} | {each:.0f} | {found['peak']:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    if "--one" in sys.argv:
        clients, operations, values, stale = map(int, sys.argv[2:])
        judge(clients, operations, values, bool(stale))
    else:
        main()
