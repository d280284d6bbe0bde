"""A cluster of three processes, each a node (see `benchmarks/raft_nodes.py`), on the loopback interface."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

NODES = Path(__file__).resolve().parent / "raft_nodes.py"
NAMES = ("n0", "n1", "n2")
PATIENCE_S = 30
DROPPED = "truncating already-applied log entries"
"""PySyncObj says so where a node drops entries that it has applied: "state machine may have diverged"."""


class Process:
    """A node's process; what it says goes into `heard`, with its name, and its errors into a file."""

    def __init__(
        self, kind: str, name: str, ports: dict[str, int], directory: Path, heard: Queue[Any]
    ) -> None:
        self.name = name
        self.errors = directory.with_suffix(".errors")
        command = [sys.executable, str(NODES), kind, name, json.dumps(ports), str(directory)]
        with self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
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
        """The next time that a node says `word`: which, and what else it says. Raises `queue.Empty` where no
        node says anything for `PATIENCE_S`."""
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

    def close(self) -> int:
        """End it. How often a node of PySyncObj dropped entries that it had applied; other errors are passed
        on."""
        dropped = 0
        for process in self.processes.values():
            process.kill()
            for line in process.errors.read_text().splitlines():
                if DROPPED in line:
                    dropped += 1
                else:
                    print(line, file=sys.stderr)
        return dropped


def free_ports() -> dict[str, int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in NAMES]
        return {name: sock.getsockname()[1] for name, sock in zip(NAMES, sockets, strict=True)}
