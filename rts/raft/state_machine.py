"""What a program replicates, and how the core sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from rts.ids import Lsn

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class StateMachine(Protocol):
    """The program's state. It must be deterministic: the same commands in the same order give the same state
    and the same results on every node. An error is a result: a method that raises stops its node.
    """

    def apply(self, command: Any) -> Any:
        """Do a committed command, once and in the order of the log.

        Commands and results are what MessagePack carries: `None`, numbers, text, bytes, lists and mappings. A
        tuple arrives as a list, on every node.
        """

    def snapshot(self) -> bytes:
        """The whole state."""

    def restore(self, data: bytes) -> None:
        """Take the state that `snapshot` gave in place of this one."""


def pack(value: Any) -> bytes:
    """A command or result as bytes. Raises `TypeError` where it holds what MessagePack does not carry."""
    try:
        return _encode(value)
    except OverflowError as error:
        raise TypeError(f"{value!r} is too large: {error}") from None


def unpack(data: bytes) -> Any:
    """The value again."""
    return _decode(data)


def join(commands: list[bytes]) -> bytes:
    """Packed commands as one: they are done one after another."""
    return _encode([msgspec.Raw(command) for command in commands])


class Raised:
    """A reader's function raised `error`; that is the reader's affair, not the node's."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class Packed:
    """A program's state machine as `rts.core.raft.machine.StateMachine`. An entry of the log has commands
    that were submitted together, and gives their results: as bytes, so that every node, the one that they
    were given to too, sees what came through the log.

    The state that `machine` has at first is what no snapshot means.
    """

    def __init__(self, machine: StateMachine) -> None:
        self.machine = machine
        self.first = machine.snapshot()

    def apply(self, position: Lsn, command: bytes) -> bytes:
        """See the core's protocol."""
        apply = self.machine.apply
        return _encode([apply(one) for one in _decode(command)])

    def query(self, query: Callable[[Any], Any]) -> Any:
        """See the core's protocol."""
        try:
            return query(self.machine)
        except Exception as error:
            return Raised(error)

    def snapshot(self) -> bytes:
        """See the core's protocol. A byte before it tells an empty snapshot from none."""
        return b"=" + self.machine.snapshot()

    def restore(self, data: bytes) -> None:
        """See the core's protocol."""
        self.machine.restore(data[1:] if data else self.first)
