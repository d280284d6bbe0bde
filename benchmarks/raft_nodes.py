"""One node of a replicated table, as a process of its own: ours, or PySyncObj's. `benchmarks/raft.py` starts
it, gives it one JSON object a line on its standard input, and reads such lines from its standard output.

    {"load": 256, "seconds": 10, "profile": false}    → {"commands": …, "seconds": …, "latencies_ns": […], …}

A node that has begun to lead says `{"leads": true, "acknowledged_ns": …}` once its first own write is
acknowledged, by the monotonic clock that all processes share. A load of 0 lets a follower be profiled.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic_ns
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.raft_load import Load, commands, say
from benchmarks.raft_peer import serve_pysyncobj

ROUNDS = {"appendEntriesPeriod": 0.005, "autoTickPeriod": 0.005}
"""PySyncObj gathers commands for 100 ms by default: many under way are needed to see what it can do."""

AT_ONCE = {"appendEntriesUseBatch": False}
"""PySyncObj sends each command by itself, as soon as it comes."""


class Table:
    """The state machine: keys and values."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def apply(self, command: Any) -> Any:
        key, value = command
        self.values[key] = value

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(self.values)

    def restore(self, data: bytes) -> None:
        self.values = msgspec.msgpack.decode(data)


def serve_ours(
    name: str, ports: dict[str, int], directory: Path, *, synced: bool = True, tasks: bool = False
) -> None:
    """Run a node until the standard input ends."""
    import trio

    from rts.raft import FileStorage, NotLeader, OutcomeUnknown, RaftNode, TcpTransport
    from rts.raft.storage.system import FileSystem

    class Unsynced(FileSystem):
        def sync(self, descriptor: int) -> None:
            pass

    class UnsyncedStorage(FileStorage):
        """Leaves it to the operating system when files reach the disk, as PySyncObj does, and so has no need
        of a thread that waits for it."""

        async def sync(self) -> None:
            pending, self._pending = self._pending, []
            self._write_out(pending)

    async def main() -> None:
        addresses = {peer: ("127.0.0.1", port) for peer, port in ports.items() if peer != name}
        leads = trio.Event()

        def on_note(what: str, detail: Any) -> None:
            if what == "leads":
                leads.set()

        node = RaftNode(
            name,
            sorted(addresses),
            TcpTransport(name, ("127.0.0.1", ports[name]), addresses),
            FileStorage(directory) if synced else UnsyncedStorage(directory, system=Unsynced()),
            Table(),
            chance=random.Random(),
            on_note=on_note,
        )

        async def tell_when_leading() -> None:
            await leads.wait()
            await node.submit(next(commands()))
            say(leads=True, acknowledged_ns=monotonic_ns())

        async def submit_in_turn(load: Load) -> None:
            while (begun := monotonic_ns()) < load.until:
                try:
                    await node.submit(next(load.commands))
                except (NotLeader, OutcomeUnknown):
                    load.failed += 1
                    return
                load.ended = monotonic_ns()
                load.latencies.append(load.ended - begun)

        async def keep_under_way(load: Load, under_way: int) -> None:
            ended = trio.Event()

            def submit() -> None:
                nonlocal under_way
                begun = monotonic_ns()
                if begun >= load.until:
                    under_way -= 1
                    if not under_way:
                        ended.set()
                    return

                def done(result: Any, error: Exception | None) -> None:
                    if error is None:
                        load.ended = monotonic_ns()
                        load.latencies.append(load.ended - begun)
                    else:
                        load.failed += 1
                        load.until = 0
                    submit()

                node.submit_nowait(next(load.commands), done)

            for _ in range(under_way):
                submit()
            await ended.wait()

        async with trio.open_nursery() as nursery:
            await nursery.start(node.run)
            nursery.start_soon(tell_when_leading)
            say(started=True)
            async for line in trio.wrap_file(sys.stdin):
                load, under_way, profiler = Load.asked(line)
                if profiler is not None:
                    profiler.enable()
                if not under_way:
                    await trio.sleep((load.until - load.begun) / 1e9)
                elif tasks:
                    async with trio.open_nursery() as clients:
                        for _ in range(under_way):
                            clients.start_soon(submit_in_turn, load)
                else:
                    await keep_under_way(load, under_way)
                if profiler is not None:
                    profiler.disable()
                load.report(profiler)
            nursery.cancel_scope.cancel()

    trio.run(main)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kind", choices=tuple(KINDS))
    parser.add_argument("name")
    parser.add_argument("ports", type=json.loads, help='as {"n0": 4001, …}')
    parser.add_argument("directory", type=Path)
    asked = parser.parse_args()
    serve, settings = KINDS[asked.kind]
    serve(asked.name, asked.ports, asked.directory, **settings)


KINDS: dict[str, tuple[Callable[..., None], dict[str, Any]]] = {
    "ours": (serve_ours, {}),
    "ours-tasks": (serve_ours, {"tasks": True}),
    "ours-unsynced": (serve_ours, {"synced": False}),
    "ours-tasks-unsynced": (serve_ours, {"synced": False, "tasks": True}),
    "pysyncobj": (serve_pysyncobj, {}),
    "pysyncobj-rounds": (serve_pysyncobj, ROUNDS),
    "pysyncobj-at-once": (serve_pysyncobj, AT_ONCE),
    "pysyncobj-rounds-synced": (serve_pysyncobj, {**ROUNDS, "synced": True}),
    "pysyncobj-at-once-synced": (serve_pysyncobj, {**AT_ONCE, "synced": True}),
}

if __name__ == "__main__":
    main()
