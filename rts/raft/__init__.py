"""Raft for programs: a replicated state machine on real files and sockets, or in memory and virtual time.

    node = RaftNode("n0", ["n1", "n2"], transport, storage, machine, chance=random.Random())
    nursery.start_soon(node.run)
    result = await node.submit(command)

The protocol is `rts.core.raft`, the same that the simulator runs; here are the ports around it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rts.core.raft.log import Configuration, Entry, Snapshot
    from rts.core.raft.node import Statistics
    from rts.core.raft.settings import Settings
    from rts.errors import DiskFailed, NotLeader, OutcomeUnknown, Refused
    from rts.ids import Lsn, Member
    from rts.raft.calls import Ticket
    from rts.raft.changes import AddLearner, AddVoter, Remove
    from rts.raft.node import RaftNode
    from rts.raft.state_machine import StateMachine
    from rts.raft.storage.files import FileStorage
    from rts.raft.storage.memory import MemoryStorage
    from rts.raft.storage.protocol import Storage
    from rts.raft.transport.connection import FrameTooLong
    from rts.raft.transport.memory import MemoryNetwork, MemoryTransport
    from rts.raft.transport.protocol import Transport
    from rts.raft.transport.tcp import TcpTransport
    from rts.storage.wal import CorruptLog

_ROOMS = {
    "AddLearner": "rts.raft.changes",
    "AddVoter": "rts.raft.changes",
    "Configuration": "rts.core.raft.log",
    "CorruptLog": "rts.storage.wal",
    "DiskFailed": "rts.errors",
    "Entry": "rts.core.raft.log",
    "FileStorage": "rts.raft.storage.files",
    "FrameTooLong": "rts.raft.transport.connection",
    "Lsn": "rts.ids",
    "Member": "rts.ids",
    "MemoryNetwork": "rts.raft.transport.memory",
    "MemoryStorage": "rts.raft.storage.memory",
    "MemoryTransport": "rts.raft.transport.memory",
    "NotLeader": "rts.errors",
    "OutcomeUnknown": "rts.errors",
    "RaftNode": "rts.raft.node",
    "Refused": "rts.errors",
    "Remove": "rts.raft.changes",
    "Settings": "rts.core.raft.settings",
    "Snapshot": "rts.core.raft.log",
    "StateMachine": "rts.raft.state_machine",
    "Statistics": "rts.core.raft.node",
    "Storage": "rts.raft.storage.protocol",
    "TcpTransport": "rts.raft.transport.tcp",
    "Ticket": "rts.raft.calls",
    "Transport": "rts.raft.transport.protocol",
}

__all__ = [
    "AddLearner",
    "AddVoter",
    "Configuration",
    "CorruptLog",
    "DiskFailed",
    "Entry",
    "FileStorage",
    "FrameTooLong",
    "Lsn",
    "Member",
    "MemoryNetwork",
    "MemoryStorage",
    "MemoryTransport",
    "NotLeader",
    "OutcomeUnknown",
    "RaftNode",
    "Refused",
    "Remove",
    "Settings",
    "Snapshot",
    "StateMachine",
    "Statistics",
    "Storage",
    "TcpTransport",
    "Ticket",
    "Transport",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    try:
        room = _ROOMS[name]
    except KeyError:
        raise AttributeError(f"module 'rts.raft' has no attribute {name!r}") from None
    return getattr(import_module(room), name)
