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
from contextlib import suppress
from typing import TypeAlias

import msgspec
import trio

from rts.core.raft.messages import FromNode
from rts.raft.transport.protocol import Deliver
from rts.raft.transport.uniform import UniformTransport
from rts.storage.wal import CorruptLog, frame, read

Address: TypeAlias = tuple[str, int]
"""Host and port."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 1.0
CONNECT_S = 1.0
SILENT_MS = 5000
RECEIVE_BYTES = 1 << 18

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FromNode).decode


class Connection:
    """A connection to one other node, and what waits to be sent on it, at most `queue_bytes`."""

    def __init__(self, stream: trio.SocketStream, queue_bytes: int) -> None:
        self.stream = stream
        self.queue_bytes = queue_bytes
        self._waiting: list[bytes] = []
        self._size = 0
        self._filled = trio.Event()
        self._received = b""

    def send(self, framed: bytes) -> None:
        """Send this soon, or lose it."""
        if self._size + len(framed) <= self.queue_bytes or not self._waiting:
            self._waiting.append(framed)
            self._size += len(framed)
            self._filled.set()

    async def write(self) -> None:
        """Send what waits, all of it at a time, until the connection is lost."""
        while True:
            await self._filled.wait()
            self._filled = trio.Event()
            data = b"".join(self._waiting)
            self._waiting = []
            self._size = 0
            await self.stream.send_all(data)

    async def receive(self) -> list[bytes]:
        """What has arrived: at least one payload, or none where the connection is lost.

        Raises `CorruptLog` for what is not framed.
        """
        while True:
            data = await self.stream.receive_some(RECEIVE_BYTES)
            if not data:
                return []
            self._received += data
            payloads, rest = read(self._received)
            self._received = self._received[len(self._received) - rest :]
            if payloads:
                return payloads


class TcpTransport(UniformTransport):
    """See `rts.raft.transport.protocol.Transport`.

    It listens at `listen` from the start (port 0: any that is free; see `address`) and knows the addresses of
    `peers`, which may be added to by `add_peer`. At most `queue_bytes` wait for one connection. Raises
    `OSError` where it cannot listen.
    """

    def __init__(
        self,
        node_id: str,
        listen: Address,
        peers: Mapping[str, Address] | None = None,
        *,
        queue_bytes: int = 64 << 20,
    ) -> None:
        self.node_id = node_id
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
                connection = Connection(stream, self.queue_bytes)
                connection.send(frame(self.node_id.encode()))
                await self._serve(node_id, connection)
            await trio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _answer(self, stream: trio.SocketStream) -> None:
        """Take a call: the first thing that is said is who calls."""
        connection = Connection(stream, self.queue_bytes)
        payloads: list[bytes] = []
        with trio.move_on_after(CONNECT_S), suppress(trio.BrokenResourceError, CorruptLog):
            payloads = await connection.receive()
        if payloads:
            await self._serve(payloads[0].decode(errors="replace"), connection, payloads[1:])

    async def _serve(self, node_id: str, connection: Connection, payloads: list[bytes] | None = None) -> None:
        """Carry messages over a connection until it is lost, or another takes its place."""
        before = self._connections.get(node_id)
        if before is not None:
            await trio.aclose_forcefully(before.stream)
        self._connections[node_id] = connection
        try:
            keep_alive(connection.stream)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._write, connection, nursery.cancel_scope)
                await self._read(node_id, connection, payloads or [])
                nursery.cancel_scope.cancel()
        finally:
            if self._connections.get(node_id) is connection:
                del self._connections[node_id]
            await trio.aclose_forcefully(connection.stream)

    async def _write(self, connection: Connection, scope: trio.CancelScope) -> None:
        try:
            await connection.write()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            scope.cancel()

    async def _read(self, node_id: str, connection: Connection, payloads: list[bytes]) -> None:
        deliver = self._deliver
        assert deliver is not None
        try:
            while True:
                for payload in payloads:
                    deliver(node_id, _decode(payload))
                payloads = await connection.receive()
                if not payloads:
                    return
        except (trio.BrokenResourceError, trio.ClosedResourceError, CorruptLog, msgspec.MsgspecError):
            return


async def connect(address: Address) -> trio.SocketStream | None:
    """A connection, or `None` where nobody answers."""
    try:
        return await trio.open_tcp_stream(*address)
    except OSError:
        return None


def keep_alive(stream: trio.SocketStream) -> None:
    """Let the system notice that the other side is gone without a word, where it can."""
    with suppress(OSError):
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)
