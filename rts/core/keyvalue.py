"""A store of keys and values as a state machine: what the simulated Raft cluster replicates.

Commands are plain tuples, `("write", key, value)`, `("delete", key)` and `("cas", key, expected, value)`, so
that they are the same after a way over a disk or a wire; a query is a key.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from rts.ids import Lsn


class Versioned(NamedTuple):
    """A value (`None`: the key was deleted), and the position of the command that put it there."""

    value: Any
    version: Lsn


_DECODER = msgspec.msgpack.Decoder(dict[str, Versioned])


class KeyValue:
    """See `rts.core.raft.machine.StateMachine`. `values` is all that there is."""

    def __init__(self) -> None:
        self.values: dict[str, Versioned] = {}

    def apply(self, position: Lsn, command: Any) -> bool:
        """Do a command; whether it was done: a compare-and-set may find another value than it expected."""
        operation, key, *values = command
        match operation:
            case "write":
                self.values[key] = Versioned(values[0], position)
            case "delete":
                self.values[key] = Versioned(None, position)
            case "cas":
                expected, value = values
                if self.query(key)[0] != expected:
                    return False
                self.values[key] = Versioned(value, position)
            case _:
                raise ValueError(f"{operation!r} is no operation of a key-value store")
        return True

    def query(self, query: Any) -> tuple[Any, Lsn | None]:
        """The value and version of a key; nothing of one that never was."""
        return self.values.get(query, (None, None))

    def snapshot(self) -> bytes:
        """The values as bytes, in the order of their keys."""
        return msgspec.msgpack.encode(dict(sorted(self.values.items())))

    def restore(self, data: bytes) -> None:
        """See `StateMachine`."""
        self.values = _DECODER.decode(data) if data else {}
