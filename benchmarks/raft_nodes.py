"""One node of a replicated table, as a process of its own: ours, or PySyncObj's. `benchmarks/raft.py` starts
it, gives it one JSON object a line on its standard input, and reads such lines from its standard output.

    {"load": 256, "seconds": 10, "profile": false}    → {"commands": …, "seconds": …, "latencies_ns": […], …}

A node that has begun to lead says `{"leads": true, "acknowledged_ns": …}` once its first own write is
acknowledged, by the monotonic clock that all processes share.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import os
import pstats
import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic_ns, sleep
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

KEYS = 1000
VALUE = "x" * 100
TUNED = {"appendEntriesPeriod": 0.005, "autoTickPeriod": 0.005}
"""PySyncObj gathers commands for 100 ms by default: many under way are needed to see what it can do."""


def commands() -> Iterator[tuple[str, str]]:
    """What is written: values of 100 bytes, to a thousand keys in turn."""
    while True:
        for number in range(KEYS):
            yield f"key {number}", VALUE


def say(**fields: Any) -> None:
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

    def report(self, profiler: cProfile.Profile | None) -> None:
        self.latencies.sort()
        say(
            commands=len(self.latencies),
            seconds=(self.ended - self.begun) / 1e9,
            failed=self.failed,
            latencies_ns=[self.percentile(p) for p in (50, 90, 99, 100)],
            profile=None if profiler is None else profile_text(profiler),
        )

    def percentile(self, percent: int) -> int:
        if not self.latencies:
            return 0
        return self.latencies[min(len(self.latencies) - 1, len(self.latencies) * percent // 100)]


def profile_text(profiler: cProfile.Profile) -> str:
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("tottime").print_stats(24)
    return text.getvalue()


# --- ours ---------------------------------------------------------------------------------------------------


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
    import trio

    from rts.raft import FileStorage, NotLeader, OutcomeUnknown, RaftNode, TcpTransport
    from rts.raft.storage.system import FileSystem

    class Unsynced(FileSystem):
        """Leaves it to the operating system when files reach the disk, as PySyncObj does."""

        def sync(self, descriptor: int) -> None:
            pass

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
            FileStorage(directory, system=FileSystem() if synced else Unsynced()),
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
                asked = json.loads(line)
                load = Load(asked["seconds"])
                profiler = cProfile.Profile() if asked["profile"] else None
                if profiler is not None:
                    profiler.enable()
                if tasks:
                    async with trio.open_nursery() as clients:
                        for _ in range(asked["load"]):
                            clients.start_soon(submit_in_turn, load)
                else:
                    await keep_under_way(load, asked["load"])
                if profiler is not None:
                    profiler.disable()
                load.report(profiler)
            nursery.cancel_scope.cancel()

    trio.run(main)


# --- PySyncObj ----------------------------------------------------------------------------------------------


def serve_pysyncobj(name: str, ports: dict[str, int], directory: Path, **settings: float) -> None:
    from pysyncobj import FAIL_REASON, SyncObj, SyncObjConf, replicated

    class Shared(SyncObj):  # type: ignore[misc]  # pysyncobj ships no types
        def __init__(self) -> None:
            addresses = {peer: f"127.0.0.1:{port}" for peer, port in ports.items()}
            directory.mkdir(parents=True, exist_ok=True)
            configuration = SyncObjConf(journalFile=str(directory / "journal"), **settings)
            super().__init__(addresses.pop(name), list(addresses.values()), configuration)
            self.values: dict[str, str] = {}

        @replicated  # type: ignore[untyped-decorator]  # the same
        def put(self, key: str, value: str) -> None:
            self.values[key] = value

    shared = Shared()
    shared.waitReady()
    say(started=True)

    def tell_when_leading() -> None:
        while not shared._isLeader():
            sleep(0.01)
        shared.put("key", VALUE, sync=True, timeout=10)
        say(leads=True, acknowledged_ns=monotonic_ns())

    threading.Thread(target=tell_when_leading, daemon=True).start()
    for line in sys.stdin:
        asked = json.loads(line)
        load = Load(asked["seconds"])
        open_requests = [asked["load"]]
        done = threading.Event()

        def submit(load: Load = load, open_requests: list[int] = open_requests, done: Any = done) -> None:
            begun = monotonic_ns()
            if begun >= load.until:
                open_requests[0] -= 1
                if not open_requests[0]:
                    done.set()
                return

            def acknowledged(result: Any, error: int) -> None:
                if error == FAIL_REASON.SUCCESS:
                    load.ended = monotonic_ns()
                    load.latencies.append(load.ended - begun)
                else:
                    load.failed += 1
                submit()

            shared.put(*next(load.commands), callback=acknowledged)

        for _ in range(asked["load"]):
            submit()
        done.wait()
        load.report(None)
    os._exit(0)


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
    "pysyncobj": (serve_pysyncobj, {}),
    "pysyncobj-tuned": (serve_pysyncobj, TUNED),
}

if __name__ == "__main__":
    main()
