"""PySyncObj's node, as it is or with a journal that is synced before anything rests on it."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from time import monotonic_ns, sleep
from typing import Any

from benchmarks.raft_load import Load, commands, say


def sync_before_speaking() -> None:
    """Give PySyncObj's nodes a journal that is synced, once for all that has gathered, before the node says
    anything and before it waits for anything. Entries are sent before that, as we send ours: the disks of all
    nodes are then at work together."""
    import pysyncobj.syncobj
    from pysyncobj.journal import FileJournal
    from pysyncobj.poller import createPoller
    from pysyncobj.transport import TCPTransport

    class SyncedJournal(FileJournal):  # type: ignore[misc]  # pysyncobj ships no types
        unsynced = False

        def add(self, *entry: Any) -> None:
            super().add(*entry)
            self.unsynced = True

        def sync(self) -> None:
            if self.unsynced:
                self.unsynced = False
                self.flush()

    journals: list[SyncedJournal] = []
    send = TCPTransport.send

    def open_journal(path: str) -> SyncedJournal:
        journals.append(SyncedJournal(path))
        return journals[0]

    def send_synced(transport: Any, node: Any, message: Any) -> Any:
        if message["type"] != "append_entries":
            journals[0].sync()
        return send(transport, node, message)

    def make_poller(kind: str) -> Any:
        poller = createPoller(kind)
        poll = poller.poll

        def poll_synced(timeout: float) -> None:
            journals[0].sync()
            poll(timeout)

        poller.poll = poll_synced
        return poller

    pysyncobj.syncobj.createJournal = open_journal
    pysyncobj.syncobj.createPoller = make_poller
    TCPTransport.send = send_synced


def serve_pysyncobj(
    name: str, ports: dict[str, int], directory: Path, *, synced: bool = False, **settings: float
) -> None:
    """Run a node until the standard input ends; see `benchmarks/raft_nodes.py`."""
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

    if synced:
        sync_before_speaking()
    shared = Shared()
    shared.waitReady()
    say(started=True)

    def tell_when_leading() -> None:
        while not shared._isLeader():
            sleep(0.01)
        shared.put(*next(commands()), sync=True, timeout=10)
        say(leads=True, acknowledged_ns=monotonic_ns())

    threading.Thread(target=tell_when_leading, daemon=True).start()
    for line in sys.stdin:
        load, under_way, _ = Load.asked(line)
        open_requests = [under_way]
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

        for _ in range(under_way):
            submit()
        done.wait()
        load.report(None)
    os._exit(0)
