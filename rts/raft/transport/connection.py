"""One connection: frames out, frames in.

It works on the socket itself, and has Trio only say when that can be read or written: what the system takes
at once costs no switch of tasks, where a stream's `send_all` and `receive_some` each give the others a turn.
"""

from __future__ import annotations

import socket
from contextlib import suppress

import trio

from rts.storage.wal import HEADER, read

RECEIVE_BYTES = 1 << 18
SILENT_MS = 5000


class FrameTooLong(ValueError):
    """A frame of `size` bytes, where no more than `longest` are allowed."""

    def __init__(self, size: int, longest: int) -> None:
        super().__init__(f"a message of {size} bytes is longer than {longest}, which `frame_bytes` allows")


class Connection:
    """A connection to one other node, and what waits to be sent on it, at most `queue_bytes`. No frame is
    longer than `frame_bytes`. The socket is taken over from `stream`.
    """

    def __init__(self, stream: trio.SocketStream, *, queue_bytes: int, frame_bytes: int) -> None:
        keep_alive(stream)
        self.queue_bytes = queue_bytes
        self.frame_bytes = frame_bytes
        self._socket = socket.socket(fileno=stream.socket.detach())
        self._waiting: list[bytes] = []
        self._size = 0
        self._filled = trio.Event()
        self._buffer = bytearray(RECEIVE_BYTES)
        self._received = b""

    def send(self, framed: bytes) -> None:
        """Send this at once, or as soon as the system takes it, or lose it. Raises `FrameTooLong`."""
        check_length(len(framed) - HEADER, self.frame_bytes)
        if not self._filled.is_set():
            with suppress(OSError):  # the connection is lost, as `write` will find
                framed = framed[self._take(framed) :]
            if not framed:
                return
        elif self._size + len(framed) > self.queue_bytes and self._waiting:
            return
        self._waiting.append(framed)
        self._size += len(framed)
        self._filled.set()

    async def write(self) -> None:
        """Send what waits, all of it at a time, until the connection is lost."""
        with suppress(OSError, trio.ClosedResourceError):
            while True:
                await self._filled.wait()
                while self._waiting:
                    data = memoryview(b"".join(self._waiting))
                    self._waiting = []
                    self._size = 0
                    while data:
                        await trio.lowlevel.wait_writable(self._socket)
                        data = data[self._take(data) :]
                self._filled = trio.Event()

    def _take(self, data: bytes | memoryview) -> int:
        """How many bytes the system takes now."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    async def receive(self) -> list[bytes]:
        """What has arrived: at least one payload, or none where the connection is lost.

        Raises `CorruptLog` for what is not framed, and `FrameTooLong` as soon as a frame says so.
        """
        while True:
            try:
                await trio.lowlevel.wait_readable(self._socket)
                size = self._socket.recv_into(self._buffer)
            except BlockingIOError:  # it was a false alarm
                continue
            except (OSError, trio.ClosedResourceError):
                return []
            if not size:
                return []
            self._received += memoryview(self._buffer)[:size]
            payloads, rest = read(self._received)
            self._received = self._received[len(self._received) - rest :]
            announced = int.from_bytes(self._received[:4], "big") if rest >= HEADER else 0
            check_length(max(announced, *map(len, payloads), 0), self.frame_bytes)
            if payloads:
                return payloads

    def close(self) -> None:
        """Hang up, once or again; whoever writes or receives finds it lost."""
        if self._socket.fileno() >= 0:
            trio.lowlevel.notify_closing(self._socket)
            self._socket.close()


def keep_alive(stream: trio.SocketStream) -> None:
    """Let the system notice that the other side is gone without a word, where it can."""
    with suppress(OSError):
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)


def check_length(size: int, longest: int) -> None:
    """Raise `FrameTooLong` where a payload is."""
    if size > longest:
        raise FrameTooLong(size, longest)
