"""The network between processes: TCP, one connection for each pair of nodes.

Of two nodes the one whose name sorts first calls the other, says its name, and calls again when the
connection is lost. A message is MessagePack in a frame with its length and checksums (`rts.storage.wal`).
What is sent to a node without a connection is lost, and so is what does not fit into its queue: Raft sends
again.

There is no authentication and no encryption: the network must be trusted, or the addresses those of tunnels.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import TypeAlias

import msgspec
import trio

from rts.core.raft.messages import FromNode
from rts.raft.transport.connection import Connection, FrameTooLong
from rts.raft.transport.protocol import Deliver
from rts.raft.transport.uniform import UniformTransport
from rts.storage.wal import CorruptLog, frame

Address: TypeAlias = tuple[str, int]
"""Host and port."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 1.0
CONNECT_S = 1.0

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FromNode).decode


class TcpTransport(UniformTransport):
    """See `rts.raft.transport.protocol.Transport`.

    It listens at `listen` from the start (port 0: any that is free; see `address`) and knows the addresses of
    `peers`, which may be added to by `add_peer`. At most `queue_bytes` wait for one connection. A message
    longer than `frame_bytes` raises `FrameTooLong` where it is sent and ends the connection where it arrives.
    Raises `OSError` where it cannot listen.
    """

    def __init__(
        self,
        node_id: str,
        listen: Address,
        peers: Mapping[str, Address] | None = None,
        *,
        queue_bytes: int = 64 << 20,
        frame_bytes: int = 1 << 30,
    ) -> None:
        self.node_id = node_id
        self.frame_bytes = frame_bytes
        self.queue_bytes = queue_bytes
        self._socket = socket.create_server(listen)
        self._peers: dict[str, Address] = {}
        self._connections: dict[str, Connection] = {}
        self._nursery: trio.Nursery | None = None
        self._deliver: Deliver | None = None
        for name, address in (peers or {}).items():
            self.add_peer(name, address)

    @property
    def address(self) -> Address:
        """Where this node can be reached."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def close(self) -> None:
        """Stop listening, where `run` is not to be called after all."""
        self._socket.close()

    def add_peer(self, node_id: str, address: Address) -> None:
        """Another node is at `address`; where it was known before, it is there from the next call on."""
        is_new = node_id not in self._peers
        self._peers[node_id] = address
        if is_new and self._nursery is not None and self.node_id < node_id:
            self._nursery.start_soon(self._call, node_id)

    def send(self, to: str, message: FromNode) -> None:
        """See `UniformTransport`."""
        connection = self._connections.get(to)
        if connection is not None:
            connection.send(frame(_encode(message)))

    async def run(
        self, deliver: Deliver, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """See `Transport`. Afterwards the address is free again."""
        self._deliver = deliver
        listener = trio.SocketListener(trio.socket.from_stdlib_socket(self._socket))
        try:
            async with listener, trio.open_nursery() as nursery:
                self._nursery = nursery
                for node_id in sorted(self._peers):
                    if self.node_id < node_id:
                        nursery.start_soon(self._call, node_id)
                task_status.started()
                await trio.serve_listeners(self._answer, [listener], handler_nursery=nursery)
        finally:
            self._nursery = None

    async def _call(self, node_id: str) -> None:
        """Keep a connection to another node, calling again after a pause that grows while nobody answers."""
        pause_s = FIRST_PAUSE_S
        while True:
            stream = None
            with trio.move_on_after(CONNECT_S):
                stream = await connect(self._peers[node_id])
            if stream is not None:
                pause_s = FIRST_PAUSE_S
                with closing(self._connection(stream)) as connection:
                    connection.send(frame(self.node_id.encode()))
                    await self._serve(node_id, connection)
            await trio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _connection(self, stream: trio.SocketStream) -> Connection:
        return Connection(stream, queue_bytes=self.queue_bytes, frame_bytes=self.frame_bytes)

    async def _answer(self, stream: trio.SocketStream) -> None:
        """Take a call: the first thing that is said is who calls."""
        with closing(self._connection(stream)) as connection:
            payloads: list[bytes] = []
            with trio.move_on_after(CONNECT_S), suppress(CorruptLog, FrameTooLong):
                payloads = await connection.receive()
            if payloads:
                await self._serve(payloads[0].decode(errors="replace"), connection, payloads[1:])

    async def _serve(self, node_id: str, connection: Connection, payloads: list[bytes] | None = None) -> None:
        """Carry messages over a connection until it is lost, or another takes its place."""
        before = self._connections.get(node_id)
        if before is not None:
            before.close()
        self._connections[node_id] = connection
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._write, connection, nursery.cancel_scope)
                await self._read(node_id, connection, payloads or [])
                nursery.cancel_scope.cancel()
        finally:
            if self._connections.get(node_id) is connection:
                del self._connections[node_id]

    async def _write(self, connection: Connection, scope: trio.CancelScope) -> None:
        await connection.write()
        scope.cancel()

    async def _read(self, node_id: str, connection: Connection, payloads: list[bytes]) -> None:
        deliver = self._deliver
        assert deliver is not None
        with suppress(CorruptLog, FrameTooLong, msgspec.MsgspecError):
            while True:
                for payload in payloads:
                    deliver(node_id, _decode(payload))
                payloads = await connection.receive()
                if not payloads:
                    return


async def connect(address: Address) -> trio.SocketStream | None:
    """A connection, or `None` where nobody answers."""
    try:
        return await trio.open_tcp_stream(*address)
    except OSError:
        return None
