"""What a laboratory's machines are made of: a state machine, a disk's codec, and a network that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from rts.core.raft.log import Record
from rts.ids import Lsn
from rts.sim.network import SimNetwork
from rts.sim.pump import Pump
from rts.sim.trace import Trace
from tests.core.raft.watch import Watch

CLIENT = "client"


class Journal:
    """A state machine that is the list of the commands that it was given."""

    def __init__(self, told: Callable[[Lsn, Any], None]) -> None:
        self.told = told
        self.commands: list[Any] = []

    def apply(self, position: Lsn, command: Any) -> int:
        self.told(position, command)
        self.commands.append(command)
        return len(self.commands)

    def query(self, query: Any) -> tuple[Any, ...]:
        return tuple(self.commands)

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(self.commands)

    def restore(self, data: bytes) -> None:
        self.commands = msgspec.msgpack.decode(data) if data else []


class Codec:
    """Records as bytes, for the simulated disk."""

    decoder = msgspec.msgpack.Decoder(Record)  # type: ignore[var-annotated]

    def encode(self, record: Any) -> bytes:
        return msgspec.msgpack.encode(record)

    def decode(self, payload: bytes) -> Any:
        return self.decoder.decode(payload)


class CountingNetwork(SimNetwork):
    """A network that shows the watch what is sent, and counts it: messages by kind, and bytes."""

    def __init__(self, pump: Pump, trace: Trace, watch: Watch, *, jitter: int) -> None:
        super().__init__(pump, trace, jitter=jitter)
        self.watch = watch
        self.count: Counter[str] = Counter()
        self.measures = False
        self.bytes = 0

    def send(self, source: str, target: str, message: Any) -> None:
        self.watch.sent(target, message)
        if target != CLIENT:
            self.count[type(message).__name__] += 1
            if self.measures:
                self.bytes += len(msgspec.msgpack.encode(message))
        super().send(source, target, message)
