"""Long histories for the benchmarks: written line by line, by seed, of a store that keeps its promises.

Sessions overlap; each operation takes effect at a moment between its start and its end, and the order of
those moments is the order of the log. So the history is linearizable, and breaks nothing.
"""

from __future__ import annotations

import heapq
import json
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NODES = 3


def write_history(
    path: Path,
    operations: int,
    *,
    keys: int = 100,
    sessions: int = 50,
    positions: bool = True,
    info: float = 0.0,
    stale: bool = False,
) -> None:
    """Write a history; with positions it ends with final reads of every key at every node.

    `info` is the share of writes that time out, every second of them in vain. `stale`: one read in the
    middle returns what had been overwritten long before.
    """
    chance = random.Random(1)
    header = {"format": "rts-history/1", "one_log": positions, "real_time_writes": positions}
    store = _Store(chance, positions=positions, info=info)
    end = 0
    with path.open("w") as file:
        file.write(json.dumps(header) + "\n")
        for line in store.run(_calls(operations, keys, sessions, chance)):
            if stale and line["index"] >= operations // 2 and line["op"] == "read":
                line["value"], stale = store.first[line["key"]], False
            end = max(end, line["end"] or 0)
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
        if positions:
            for index, line in enumerate(store.final_reads(end), operations):
                file.write(json.dumps({"index": index} | line, separators=(",", ":")) + "\n")


def _calls(
    operations: int, keys: int, sessions: int, chance: random.Random
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield operations in the order of their starts, each with the moment at which it takes effect."""
    free = [(chance.randrange(1_000), session) for session in range(sessions)]
    heapq.heapify(free)
    for index in range(operations):
        start, session = heapq.heappop(free)
        moment = start + chance.randrange(50, 500)
        end = moment + chance.randrange(50, 500)
        heapq.heappush(free, (end + 1 + chance.randrange(100), session))
        yield (
            moment,
            {
                "index": index,
                "session": f"s{session}",
                "op": "write" if chance.random() < 0.5 else "read",
                "key": f"k{chance.randrange(keys)}",
                "value": None,
                "start": start,
                "end": end,
                "status": "ok",
                "node": f"n{session % NODES}",
            },
        )


class _Store:
    """Applies operations at their moments; `first` is the first value of each key."""

    def __init__(self, chance: random.Random, *, positions: bool, info: float) -> None:
        self._chance, self._positions, self._info = chance, positions, info
        self._newest: dict[str, int] = {}
        self._written = 0
        self.first: dict[str, int] = {}

    def run(self, calls: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        """Yield the finished lines in the order of the calls."""
        pending: list[tuple[int, int, dict[str, Any]]] = []
        lines: deque[dict[str, Any]] = deque()
        for moment, line in calls:
            # Whatever comes later takes effect after it started: these are settled.
            while pending and pending[0][0] <= line["start"]:
                self._apply(heapq.heappop(pending)[2])
            while lines and lines[0]["done"]:
                yield _without_mark(lines.popleft())
            line["done"] = False
            lines.append(line)
            heapq.heappush(pending, (moment, line["index"], line))
        while pending:
            self._apply(heapq.heappop(pending)[2])
        yield from map(_without_mark, lines)

    def final_reads(self, end: int) -> Iterator[dict[str, Any]]:
        """Yield a read of every key at every node, after all else has ended."""
        for key, value in sorted(self._newest.items()):
            for node in range(NODES):
                end += 100
                yield {
                    "session": f"final-n{node}",
                    "op": "read",
                    "key": key,
                    "value": value,
                    "start": end,
                    "end": end + 10,
                    "status": "ok",
                    "node": f"n{node}",
                    "version": [1, value],
                    "phase": "final",
                }

    def _apply(self, line: dict[str, Any]) -> None:
        line["done"] = True
        key = line["key"]
        if line["op"] == "read":
            line["value"] = value = self._newest.get(key)
            if self._positions:
                line["version"] = None if value is None else [1, value]
            return
        self._written += 1
        line["value"] = self._written
        if self._chance.random() < self._info:
            line |= {"status": "info", "end": None, "session": f"lost-{self._written}"}
            if self._chance.random() < 0.5:
                return
        elif self._positions:
            line["position"] = [1, self._written]
        self._newest[key] = self._written
        self.first.setdefault(key, self._written)


def _without_mark(line: dict[str, Any]) -> dict[str, Any]:
    del line["done"]
    return line
