"""What is written to a replicated table, how long each write took, and what a process spent its time on."""

from __future__ import annotations

import cProfile
import json
import pstats
from collections import Counter
from collections.abc import Iterator
from time import monotonic_ns
from typing import Any

KEYS = 1000
VALUE = "x" * 100

GROUPS = {
    "method 'poll' of 'select.epoll'": "nothing: it waits for the network or the disk",
    "method 'send' of '_socket": "sending",
    "method 'recv_into' of '_socket": "receiving",
    "posix.fdatasync": "syncing in place",
    "posix.write": "writing to the log's file",
    "msgspec.": "MessagePack and checksums",
    "zlib.crc32": "MessagePack and checksums",
    "/rts/core/": "the protocol (`rts/core`)",
    "/rts/": "the node around it (`rts/raft`, `rts/runtime`, `rts/storage`)",
    "/benchmarks/": "the program that submits, and its table",
    "/trio/": "Trio",
    "/outcome/": "Trio",
    "<attrs generated": "Trio",
    "_contextvars": "Trio",
}
"""A part of a function's name → what its time counts as; the first that fits."""


def commands() -> Iterator[tuple[str, str]]:
    """Values of 100 bytes, to a thousand keys in turn."""
    while True:
        for number in range(KEYS):
            yield f"key {number}", VALUE


def say(**fields: Any) -> None:
    """Tell `benchmarks/raft.py` on the standard output."""
    print(json.dumps(fields), flush=True)


class Load:
    """What a load has come to: commands that were acknowledged, and how long each took."""

    def __init__(self, seconds: float) -> None:
        self.commands = commands()
        self.begun = monotonic_ns()
        self.until = self.begun + round(seconds * 1e9)
        self.latencies: list[int] = []
        self.failed = 0
        self.ended = self.begun

    @classmethod
    def asked(cls, line: str) -> tuple[Load, int, cProfile.Profile | None]:
        """What a line asks for: a load, how many are to be under way, and a profiler where one is wanted."""
        asked = json.loads(line)
        profiler = cProfile.Profile() if asked["profile"] else None
        return cls(asked["seconds"]), asked["load"], profiler

    def report(self, profiler: cProfile.Profile | None) -> None:
        """Say what it has come to."""
        self.latencies.sort()
        say(
            commands=len(self.latencies),
            seconds=(self.ended - self.begun) / 1e9,
            failed=self.failed,
            latencies_ns=[self.percentile(p) for p in (50, 90, 99, 100)],
            shares=None if profiler is None else shares(profiler),
        )

    def percentile(self, percent: int) -> int:
        """A latency in nanoseconds that so many percent do not exceed."""
        if not self.latencies:
            return 0
        return self.latencies[min(len(self.latencies) - 1, len(self.latencies) * percent // 100)]


def shares(profiler: cProfile.Profile) -> dict[str, float]:
    """What the profiled thread spent its time on, in percent. What Python's own functions take counts as
    their callers'."""
    times: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]  # not in typeshed
        group = group_of(function)
        if group is not None or not callers:
            times[group or "the rest of Python"] += own
        else:
            for caller, (_, _, own_for_caller, _) in callers.items():
                times[group_of(caller) or "the rest of Python"] += own_for_caller
    return {group: 100 * time / times.total() for group, time in times.items()}


def group_of(function: tuple[str, int, str]) -> str | None:
    """What a function's own time counts as."""
    path, _, name = function
    return next((group for part, group in GROUPS.items() if part in f"{path} {name}"), None)
