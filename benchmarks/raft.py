"""How fast Raft is, beside PySyncObj in the same run, and how long a failover takes; writes raft.md.

    pip install 'rts-checker[benchmarks]'
    python -m benchmarks.raft [--seconds 10] [--kills 50]

Three nodes are three processes on the loopback interface, each with its own directory. In the leader's
process so many commands, each of 100 bytes, are under way at any time: as one is acknowledged, hence
committed and applied, its callback submits another. The usual way to use RTS is a task that waits for its
command; that is measured too.

PySyncObj's journal is a memory-mapped file that it never asks the system to sync: it survives the crash of a
process, not that of a machine. Ours is synced before anything rests on it; the same without syncing is
measured too, for it is the like-for-like figure. PySyncObj gathers commands for 100 ms before it sends them,
which bounds what it can do with few under way; with rounds of 5 ms it is measured again, and the better of
the two is what RTS is compared with.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from threading import Thread
from time import monotonic_ns
from typing import IO, Any, NamedTuple

HERE = Path(__file__).resolve().parent
NAMES = ("n0", "n1", "n2")
KINDS = {
    "ours": "RTS, callbacks",
    "ours-tasks": "RTS, a task waits for each",
    "ours-unsynced": "RTS, callbacks, never synced",
    "pysyncobj": "PySyncObj, as it is",
    "pysyncobj-tuned": "PySyncObj, rounds of 5 ms",
}
PATIENCE_S = 60
TRIES = 10


class Process:
    """A node's process; what it says goes into `heard`, with its name."""

    def __init__(
        self, kind: str, name: str, ports: dict[str, int], directory: Path, heard: Queue[Any]
    ) -> None:
        self.name = name
        command = [sys.executable, str(HERE / "raft_nodes.py"), kind, name, json.dumps(ports), str(directory)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        Thread(target=self._listen, args=(self.process.stdout, heard), daemon=True).start()

    def _listen(self, output: IO[str], heard: Queue[Any]) -> None:
        for line in output:
            heard.put((self.name, json.loads(line)))

    def ask(self, **fields: Any) -> None:
        assert self.process.stdin is not None
        print(json.dumps(fields), file=self.process.stdin, flush=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Cluster:
    """Three processes."""

    def __init__(self, kind: str, directory: Path) -> None:
        self.kind = kind
        self.directory = directory
        self.heard: Queue[Any] = Queue()
        self.ports = free_ports()
        self.processes = {name: self.start(name) for name in NAMES}

    def start(self, name: str) -> Process:
        return Process(self.kind, name, self.ports, self.directory / name, self.heard)

    def wait(self, word: str) -> tuple[str, dict[str, Any]]:
        """The next time that a node says `word`: which, and what else it says."""
        while True:
            name, said = self.heard.get(timeout=PATIENCE_S)
            if word in said:
                return name, said

    def processor_seconds(self) -> float:
        """Of all three processes so far."""
        total = 0
        for process in self.processes.values():
            fields = Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()


class Figures(NamedTuple):
    """One load: commands a second, microseconds of processor time for each in all three processes, and the
    latencies in milliseconds."""

    kind: str
    under_way: int
    rate: float
    processor_us: float
    p50: float
    p90: float
    p99: float
    longest: float
    profile: str | None


def free_ports() -> dict[str, int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in NAMES]
        return {name: sock.getsockname()[1] for name, sock in zip(NAMES, sockets, strict=True)}


def measure(kind: str, under_way: int, *, seconds: float, profile: bool = False) -> Figures:
    """The figures of one load on a new cluster, after a second of the same to warm up; where the leader was
    deposed meanwhile, of another try."""
    for _ in range(TRIES):
        said = attempt(kind, under_way, seconds=seconds, profile=profile)
        if not said["failed"]:
            break
    else:
        raise RuntimeError(f"{kind} was deposed in each of {TRIES} tries: the machine is too busy to measure")
    latencies = [value / 1e6 for value in said["latencies_ns"]]
    return Figures(
        kind,
        under_way,
        said["commands"] / said["seconds"],
        1e6 * said["processor_seconds"] / said["commands"],
        *latencies,
        said["profile"],
    )


def attempt(kind: str, under_way: int, *, seconds: float, profile: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        cluster = Cluster(kind, Path(directory))
        try:
            leader, _ = cluster.wait("leads")
            process = cluster.processes[leader]
            process.ask(load=under_way, seconds=1, profile=False)
            cluster.wait("commands")
            before = cluster.processor_seconds()
            process.ask(load=under_way, seconds=seconds, profile=profile)
            _, said = cluster.wait("commands")
            said["processor_seconds"] = cluster.processor_seconds() - before
            return said
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


def table(rows: list[Figures]) -> str:
    lines = [
        "| | under way | commands/s | against PySyncObj | processor µs each | p50 ms | p90 | p99 | longest |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        others = [other.rate for other in rows if other.under_way == row.under_way and "py" in other.kind]
        ratio = f"{row.rate / max(others):.1f}×" if others else "–"
        latencies = " | ".join(f"{value:.1f}" for value in (row.p50, row.p90, row.p99, row.longest))
        rates = f"{row.rate:,.0f} | {ratio} | {row.processor_us:.0f}"
        lines.append(f"| {KINDS[row.kind]} | {row.under_way} | {rates} | {latencies} |")
    return "\n".join(lines)


def describe(times: list[float]) -> str:
    def at(percent: int) -> str:
        return f"{times[min(len(times) - 1, len(times) * percent // 100)]:.0f}"

    return (
        f"{len(times)} kills: least {at(0)} ms, p50 {at(50)}, p90 {at(90)}, p99 {at(99)}, most {at(100)} ms."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="raft.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--under-way", type=int, nargs="*", default=[1, 16, 256, 1024, 4096])
    parser.add_argument("--kinds", nargs="*", choices=tuple(KINDS), default=tuple(KINDS))
    parser.add_argument("--remark", default="", help="a sentence on the circumstances, for the report")
    parser.add_argument("--dry", action="store_true", help="print only; write no file")
    asked = parser.parse_args()
    load_before = os.getloadavg()[0]
    synced_before = sync_ms()
    rows = []
    for under_way in asked.under_way:
        for kind in asked.kinds:
            rows.append(measure(kind, under_way, seconds=asked.seconds))
            row = rows[-1]
            print(
                f"{kind} {under_way}: {row.rate:,.0f}/s, {row.processor_us:.0f} µs, p50 {row.p50:.1f} ms",
                file=sys.stderr,
            )
    text = ["# Raft beside PySyncObj\n", __doc__.split("\n\n", 2)[2], table(rows), ""]
    if asked.under_way:
        profiled = measure("ours", asked.under_way[-1], seconds=asked.seconds, profile=True)
        text += ["What the leader's time goes into (cProfile, which slows it down):\n"]
        text += [f"```\n{(profiled.profile or '').strip()}\n```\n"]
    if asked.kills:
        text += ["From `kill -9` of the leader to the first acknowledged write, default time-outs:"]
        text += [describe(failovers(asked.kills)), ""]
    text += [
        f"CPython {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}; "
        f"load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} at the end; "
        f"a sync of 3,000 bytes took {synced_before:.1f} ms before and {sync_ms():.1f} ms at the end. "
        f"{asked.remark}"
    ]
    report = "\n".join(text).strip()
    print(report)
    if not asked.dry:
        (HERE / "raft.md").write_text(report + "\n")


if __name__ == "__main__":
    main()
