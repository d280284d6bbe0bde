"""How far `linearizable` gets with transactions: strict serializability by kind, clients and length.

Run `python benchmarks/transactions.py [--quick] > benchmarks/transactions.md`. Clients run transactions of
one to four reads and writes (or appends) on eight keys back to back; one transaction in two hundred is left
open, and in every second history one read, in the middle, is a few writes old. Each is judged without a time
limit, and, if that leaves it undecided, with one of 60 s. The yardstick, taken in the same run, is the
checker itself on the session guarantees of the same history, which takes no search.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clients import INVOKES, TAKES_EFFECT, turns
from checker import Budget, History, Operation, check

KEYS, LONGEST, AGE = 8, 4, 4
SESSION_GUARANTEES = ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads")


def store(*, kind: str, clients: int, transactions: int, stale: bool) -> History:
    """Registers that tell the truth: each transaction takes effect at some instant while it is pending."""
    chance = random.Random(1)
    state: dict[str, list[int]] = {f"k{key}": [] for key in range(KEYS)}
    values = count()
    pending: dict[int, tuple[int, list[list[Any]]]] = {}
    session = list(range(clients))
    done: list[Operation] = []
    for time, client, does in turns(chance, clients):
        if does == INVOKES:
            pending[client] = time, [_deed(chance, kind, values) for _ in range(chance.randint(1, LONGEST))]
        elif does == TAKES_EFFECT:
            for deed in pending[client][1]:
                held = state[deed[1]]
                if deed[0] == "r":
                    deed[2] = (list(held) or None) if kind == "lists" else (held[-1] if held else None)
                else:
                    held.append(deed[2])
        else:
            start, deeds = pending.pop(client)
            lost = chance.random() < 0.005
            done.append(_transaction(len(done), session[client], start, None if lost else time, deeds))
            if lost:
                session[client] = clients + len(done)
        if len(done) == transactions:
            break
    for client, (start, deeds) in pending.items():  # what was cut off may have taken effect
        done.append(_transaction(len(done), session[client], start, None, deeds))
    if stale:
        _make_stale(done)
    return History.from_operations(sorted(done, key=lambda operation: operation.start))


def _deed(chance: random.Random, kind: str, values: Iterator[int]) -> list[Any]:
    """A read, of what will be found, or a write or an append of something new."""
    key = f"k{chance.randrange(KEYS)}"
    if chance.random() < 0.5:
        return ["r", key, None]
    return ["w" if kind == "registers" else "append", key, next(values)]


def _transaction(index: int, session: int, start: int, end: int | None, deeds: list[list[Any]]) -> Operation:
    """A transaction; without end it is open, and what it read is not known."""
    return Operation(
        index=index,
        session=f"s{session}",
        op="txn",
        ops=[[word, key, None if end is None and word == "r" else value] for word, key, value in deeds],
        start=start,
        end=end,
        status="info" if end is None else "ok",
    )


def _make_stale(done: list[Operation]) -> None:
    """Let one read in the middle be a few writes old."""
    found: dict[str, list[Any]] = {f"k{key}": [] for key in range(KEYS)}
    for at, operation in enumerate(done):
        for deed in operation.ops or ():
            if deed[0] == "r" and deed[2] is not None and deed[2] not in found[deed[1]]:
                if at > len(done) // 2 and len(found[deed[1]]) > AGE:
                    deed[2] = found[deed[1]][-AGE]
                    return
                found[deed[1]].append(deed[2])


def row(kind: str, clients: int, transactions: int, stale: bool) -> None:
    """Judge one history, and print what came of it."""
    history = store(kind=kind, clients=clients, transactions=transactions, stale=stale)
    begun = perf_counter()
    check(history, SESSION_GUARANTEES)
    yardstick = perf_counter() - begun
    cells = []
    for budget in (Budget(), Budget(seconds=60)):
        begun = perf_counter()
        verdict = check(history, ["linearizable"], budget=budget).guarantees["linearizable"]
        took = perf_counter() - begun
        shown = f" by {len(verdict.violations[0].operations)}" if verdict.violations else ""
        cells.append(f"{verdict.verdict}{shown} | {took:.2f} | {took / yardstick:.0f}×")
        if verdict.verdict != "unknown":
            break
    cells += [" |  | "] * (2 - len(cells))
    print(
        f"| {kind} | {clients} | {transactions:,} | {'yes' if stale else 'no'} | {' | '.join(cells)} |",
        flush=True,
    )


def main() -> None:
    quick = "--quick" in sys.argv
    print("# How far `linearizable` gets with transactions\n")
    command = f"python benchmarks/transactions.py{' --quick' if quick else ''}"
    print(f"By `{command}`: eight keys, one core, plain Python. `by 3`: shown by three")
    print("transactions. The last three columns: with a time limit of 60 s, where none was not enough.")
    print("`×`: times what the session guarantees take on the same history.\n")
    heads = ("keys", "clients", "transactions", "stale read", "verdict", "s", "×", "in 60 s", "s", "×")
    print(f"| {' | '.join(heads)} |")
    print("| --- " * len(heads) + "|")
    for kind in ("registers", "lists"):
        for clients in (3, 5, 10, 20):
            for transactions in (100, 1_000) if quick or kind == "registers" else (100, 1_000, 5_000):
                for stale in (False, True):
                    row(kind, clients, transactions, stale)


if __name__ == "__main__":
    main()
