"""How fast Raft is, beside PySyncObj in the same run, and how long a failover takes; writes raft.md.

    pip install 'rts-checker[benchmarks]'
    python -m benchmarks.raft [--seconds 10] [--kills 50]

Three nodes are three processes on the loopback interface, each with its own directory. In the leader's
process so many commands, each of 100 bytes, are under way at any time: as one is acknowledged, hence
committed and applied, its callback submits another. The usual way to use RTS is a task that waits for its
command; that is measured too.

Like is compared with like. PySyncObj's journal is a memory-mapped file that it never asks the system to sync:
it survives the crash of a process, not that of a machine. In the first table nobody syncs: RTS runs on a
storage that leaves its syncs out. In the second everybody does: RTS as it is, and PySyncObj with a journal
that this benchmark makes it sync, once for all that has gathered, before the node answers and before it
waits. The last column of the second table is RTS as it is, synced, against PySyncObj at its best, not synced.

PySyncObj gathers commands for 100 ms before it sends them, which bounds what it can do with few under way. So
it is measured with rounds of 5 ms too, and with its batching off, where it sends each command at once.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any, NamedTuple

from benchmarks.raft_cluster import NAMES, Cluster

UNSYNCED = {
    "ours-unsynced": "RTS, callbacks",
    "ours-tasks-unsynced": "RTS, a task waits for each",
    "pysyncobj": "PySyncObj, as it is",
    "pysyncobj-rounds": "PySyncObj, rounds of 5 ms",
    "pysyncobj-at-once": "PySyncObj, each at once",
}
SYNCED = {
    "ours": "RTS, callbacks",
    "ours-tasks": "RTS, a task waits for each",
    "pysyncobj-rounds-synced": "PySyncObj, rounds of 5 ms",
    "pysyncobj-at-once-synced": "PySyncObj, each at once",
}
TRIES = 10


class Figures(NamedTuple):
    """One load: commands a second, microseconds of processor time for each in all three processes, the
    latencies in milliseconds, and how often a node dropped entries that it had applied."""

    kind: str
    under_way: int
    rate: float
    processor_us: float
    p50: float
    p90: float
    p99: float
    longest: float
    dropped: int


def measure(kind: str, under_way: int, *, seconds: float) -> Figures:
    """The figures of one load on a new cluster, after a second of the same to warm up; where the leader was
    deposed meanwhile, or a command was never answered, of another try."""
    for _ in range(TRIES):
        said = attempt(kind, under_way, seconds=seconds)
        if not said["failed"]:
            break
    else:
        raise RuntimeError(f"{kind} failed in each of {TRIES} tries: the machine is too busy to measure")
    p50, p90, p99, longest = (value / 1e6 for value in said["latencies_ns"])
    rate = said["commands"] / said["seconds"]
    processor_us = 1e6 * said["processor_seconds"] / said["commands"]
    return Figures(kind, under_way, rate, processor_us, p50, p90, p99, longest, said["dropped"])


def attempt(kind: str, under_way: int, *, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster(kind, Path(directory))
        said: dict[str, Any] = {"failed": 1}
        try:
            leader, _ = cluster.wait("leads")
            process = cluster.processes[leader]
            process.ask(load=under_way, seconds=1, profile=False)
            cluster.wait("commands")
            before = cluster.processor_seconds()
            process.ask(load=under_way, seconds=seconds, profile=False)
            _, said = cluster.wait("commands")
            said["processor_seconds"] = cluster.processor_seconds() - before
        except Empty:
            print(f"{kind} {under_way}: a command was never answered", file=sys.stderr)
        finally:
            said["dropped"] = cluster.close()
        return said


def profiles(under_way: int, *, seconds: float) -> dict[str, dict[str, float]]:
    """What the leader and a follower spend their time on, in percent by group of functions."""
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster("ours", Path(directory))
        try:
            leader, _ = cluster.wait("leads")
            follower = next(name for name in NAMES if name != leader)
            cluster.processes[leader].ask(load=under_way, seconds=seconds, profile=True)
            cluster.processes[follower].ask(load=0, seconds=seconds, profile=True)
            said = dict(cluster.wait("commands") for _ in range(2))
            return {"leader": said[leader]["shares"], "follower": said[follower]["shares"]}
        finally:
            cluster.close()


def failovers(kills: int) -> list[float]:
    """Milliseconds from `kill -9` of the leader's process to the first acknowledged write, sorted."""
    times = []
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster("ours", Path(directory))
        try:
            leader, _ = cluster.wait("leads")
            for _ in range(kills):
                killed_ns = monotonic_ns()
                cluster.processes[leader].kill()
                killed, (leader, said) = leader, cluster.wait("leads")
                times.append((said["acknowledged_ns"] - killed_ns) / 1e6)
                cluster.processes[killed] = cluster.start(killed)
                cluster.wait("started")
                cluster.processes[leader].ask(load=1, seconds=0.5, profile=False)
                cluster.wait("commands")
        finally:
            cluster.close()
    return sorted(times)


def sync_ms() -> float:
    """What a sync of a few kilobytes takes on this disk, half of the times."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(100):
            file.write(bytes(3000))
            file.flush()
            begun = monotonic_ns()
            os.fdatasync(file.fileno())
            times.append((monotonic_ns() - begun) / 1e6)
    return sorted(times)[50]


# --- the report ---------------------------------------------------------------------------------------------


def table(rows: list[Figures], labels: dict[str, str]) -> str:
    """Those of the rows that `labels` name, each of ours against PySyncObj's settings beside it."""
    others = {"against rounds": "rounds", "against each at once": "at-once"}
    heads = ["commands/s", *others, "processor µs each", "p50 ms", "p90", "p99", "longest"]
    if labels is SYNCED:
        heads.append("against it unsynced")
    lines = [f"| | under way | {' | '.join(heads)} |", "|---|" + "---:|" * (1 + len(heads))]
    for row in rows:
        if row.kind in labels:
            cells = [f"{row.rate:,.0f}"]
            cells += [
                ratio(row, rows, [kind for kind in labels if kind.removesuffix("-synced").endswith(setting)])
                for setting in others.values()
            ]
            cells.append(f"{row.processor_us:.0f}")
            cells += [f"{value:.1f}" for value in (row.p50, row.p90, row.p99, row.longest)]
            if labels is SYNCED:
                cells.append(ratio(row, rows, [kind for kind in UNSYNCED if kind.startswith("py")]))
            lines.append(f"| {labels[row.kind]} | {row.under_way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def ratio(row: Figures, rows: list[Figures], kinds: list[str]) -> str:
    """A rate of ours over the best of these kinds under the same load; nothing for a rate of theirs."""
    others = [other.rate for other in rows if other.under_way == row.under_way and other.kind in kinds]
    return f"{row.rate / max(others):.1f}×" if others and row.kind.startswith("ours") else ""


def share_table(profiled: dict[int, dict[str, dict[str, float]]]) -> str:
    """By group of functions, the shares of the leader's and a follower's time under each load."""
    columns = [(under_way, who) for under_way in profiled for who in ("leader", "follower")]
    groups = {group for both in profiled.values() for one in both.values() for group in one}
    first = profiled[columns[0][0]]["leader"]
    lines = [
        "| | " + " | ".join(f"{who}, {under_way}" for under_way, who in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    for group in sorted(groups, key=lambda group: (-first.get(group, 0.0), group)):
        values = [f"{profiled[under_way][who].get(group, 0.0):.0f} %" for under_way, who in columns]
        lines.append(f"| {group} | " + " | ".join(values) + " |")
    return "\n".join(lines)


def describe(times: list[float]) -> str:
    """A distribution of milliseconds."""

    def at(percent: int) -> str:
        return f"{times[min(len(times) - 1, len(times) * percent // 100)]:.0f}"

    return (
        f"{len(times)} kills: least {at(0)} ms, p50 {at(50)}, p90 {at(90)}, p99 {at(99)}, most {at(100)} ms."
    )


def dropped(rows: list[Figures]) -> str:
    """How often PySyncObj dropped what it had applied, by setting."""
    counts = {
        label + end: sum(row.dropped for row in rows if row.kind == kind)
        for labels, end in ((UNSYNCED, ""), (SYNCED, ", synced"))
        for kind, label in labels.items()
    }
    told = "; ".join(f"{label}: {count:,}" for label, count in counts.items() if count)
    return (
        "How often in these runs a node of PySyncObj said that it dropped log entries that it had applied "
        f"and that its state may have diverged: {told}. Raft never drops what is committed."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="raft.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--under-way", type=int, nargs="*", default=[1, 16, 256, 1024, 4096])
    parser.add_argument(
        "--profiled", type=int, nargs="*", default=[1, 16, 256, 4096], help="loads to profile"
    )
    parser.add_argument("--kinds", nargs="*", choices=(*UNSYNCED, *SYNCED), default=(*UNSYNCED, *SYNCED))
    parser.add_argument("--remark", default="", help="a sentence on the circumstances, for the report")
    parser.add_argument("--dry", action="store_true", help="print only; write no file")
    asked = parser.parse_args()
    load_before = os.getloadavg()[0]
    synced_before = sync_ms()
    rows = []
    for under_way in asked.under_way:
        for kind in asked.kinds:
            row = measure(kind, under_way, seconds=asked.seconds)
            rows.append(row)
            print(
                f"{kind} {under_way}: {row.rate:,.0f}/s, {row.processor_us:.0f} µs, p50 {row.p50:.1f} ms",
                file=sys.stderr,
            )
    text = ["# Raft beside PySyncObj\n", __doc__.split("\n\n", 2)[2]]
    text += ["## Nobody syncs\n", table(rows, UNSYNCED), "\n## Everybody syncs\n", table(rows, SYNCED), ""]
    if any(row.dropped for row in rows):
        text += [dropped(rows), ""]
    if asked.profiled:
        profiled = {load: profiles(load, seconds=asked.seconds) for load in asked.profiled}
        text += ["## What the time goes into\n"]
        text += [
            "RTS with callbacks, synced: the time of the thread that runs the node, by cProfile, which makes"
        ]
        text += [
            "calls of Python's functions look dearer than they are. Heads: who, and how many are under way.\n"
        ]
        text += [share_table(profiled), ""]
    if asked.kills:
        text += ["## Failover\n"]
        text += ["From `kill -9` of the leader to the first acknowledged write, default time-outs:"]
        text += [describe(failovers(asked.kills)), ""]
    text += [
        "## Measured on\n",
        f"CPython {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}; "
        f"load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} at the end; "
        f"a sync of 3,000 bytes took {synced_before:.1f} ms before and {sync_ms():.1f} ms at the end. "
        f"{asked.remark}",
    ]
    report = "\n".join(text).strip()
    print(report)
    if not asked.dry:
        Path(__file__).with_name("raft.md").write_text(report + "\n")


if __name__ == "__main__":
    main()
