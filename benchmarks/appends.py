"""How far `linearizable` gets with a key that grows: by its items, how often it is overwritten, and clients.

Run `python -m benchmarks.appends [--quick] > benchmarks/appends.md`. Clients read one key and append to it
back to back, or write it anew; one append or write in two hundred is left open, and in every second history
one read, in the middle, is some appends old. The yardstick, taken in the same run, is reading the history
from its bytes.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clients import INVOKES, TAKES_EFFECT, turns
from checker import Budget, History, Operation, check, dumps, loads
from checker.history import Status

AGE = 30


def store(*, kind: str, clients: int, operations: int, one_in: int, stale: bool) -> History:
    """A key that tells the truth, written anew by one write in so many, if by any."""
    chance = random.Random(1)
    state: Any = None
    known: list[Any] = []
    pending: dict[int, dict[str, Any]] = {}
    session = list(range(clients))
    done: list[Operation] = []
    for time, client, does in turns(chance, clients):
        if does == INVOKES:
            op = "read" if chance.random() < 0.5 else "append"
            if op == "append" and one_in and chance.randrange(one_in) == 0:
                op = "write"
            item = f"<{client}.{time}>" if kind == "strings" else time
            value = [item] if op == "write" and kind == "lists" else item
            pending[client] = {"op": op, "start": time, "value": value}
        elif does == TAKES_EFFECT:
            fields = pending[client]
            if fields["op"] == "append":
                item = fields["value"]
                state = (state or "") + item if kind == "strings" else [*(state or ()), item]
            elif fields["op"] == "write":
                state = fields["value"]
            else:
                fields["value"] = state
                known.append(state)
                if stale and len(done) > operations // 2 and len(known) > AGE:
                    fields["value"], stale = known[-AGE], known[-AGE] == state
        else:
            fields = pending.pop(client)
            lost = fields["op"] != "read" and chance.random() < 0.005
            done.append(_operation(len(done), session[client], None if lost else time, fields))
            if lost:
                session[client] = clients + len(done)
        if len(done) == operations:
            break
    for client, fields in pending.items():  # what was cut off may have taken effect
        if fields["op"] != "read":
            done.append(_operation(len(done), session[client], None, fields))
    return History.from_operations(sorted(done, key=lambda operation: operation.start))


def _operation(index: int, session: int, end: int | None, fields: dict[str, Any]) -> Operation:
    """An operation; without end it is open."""
    status: Status = "info" if end is None else "ok"
    return Operation(index=index, key="x", session=f"s{session}", end=end, status=status, **fields)


def row(kind: str, one_in: int, clients: int, operations: int, stale: bool) -> None:
    """Judge one history, and print what came of it."""
    data = dumps(store(kind=kind, clients=clients, operations=operations, one_in=one_in, stale=stale))
    begun = perf_counter()
    history = loads(data)
    assert len(history.operations) >= operations
    yardstick = perf_counter() - begun
    begun = perf_counter()
    verdict = check(history, ["linearizable"], budget=Budget(seconds=60)).guarantees["linearizable"]
    took = perf_counter() - begun
    shown = f" by {len(verdict.violations[0].operations)}" if verdict.violations else ""
    overwritten = f"one in {one_in}" if one_in else "none"
    print(
        f"| {kind} | {overwritten} | {clients} | {operations:,} | {len(data) / 1e6:.1f} "
        f"| {'yes' if stale else 'no'} | {verdict.verdict}{shown} | {took:.2f} | {took / yardstick:.1f}× |",
        flush=True,
    )


def main() -> None:
    quick = "--quick" in sys.argv
    print("# How far `linearizable` gets with a key that grows\n")
    command = f"python -m benchmarks.appends{' --quick' if quick else ''}"
    print(f"By `{command}`: one key, one core, plain Python. `by 3`: shown by three operations.")
    print("`×`: times what reading the same history takes.\n")
    heads = ("items", "overwrites", "clients", "operations", "MB", "stale read", "verdict", "s", "×")
    print(f"| {' | '.join(heads)} |")
    print("| --- " * len(heads) + "|")
    for kind in ("strings", "lists"):
        for one_in in (0, 50):
            for clients in (10, 50):
                for operations in (1_000,) if quick else (1_000, 10_000):
                    for stale in (False, True):
                        row(kind, one_in, clients, operations, stale)


if __name__ == "__main__":
    main()
