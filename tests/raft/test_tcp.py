"""Connections: who calls, what happens to bad callers, and what is lost when too much waits."""

from __future__ import annotations

from contextlib import suppress

import pytest
import trio

from rts.core.raft.messages import InstallSnapshot, TimeoutNow
from rts.ids import Lsn
from rts.raft import FrameTooLong, TcpTransport
from rts.storage.wal import frame
from tests.raft.entries import MEMBERS
from tests.raft.test_transport import Inbox, connected, play

LOOPBACK = ("127.0.0.1", 0)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        frame(b"n0") + frame(b"no message"),
        frame(b"n0") + frame(b"\x92\xaaTimeoutNow\x01")[:-1] + b"?",
    ],
)
def test_a_caller_who_speaks_otherwise_is_hung_up_on(sent: bytes) -> None:
    async def main() -> None:
        transport, inbox = TcpTransport("n1", LOOPBACK), Inbox()
        async with trio.open_nursery() as nursery:
            await nursery.start(transport.run, inbox.deliver)
            stream = await trio.open_tcp_stream(*transport.address)
            await stream.send_all(sent)
            with suppress(trio.BrokenResourceError):  # hung up on before all was read
                assert await stream.receive_some(1) == b""
            await stream.aclose()
            assert inbox.messages == []
            good = TcpTransport("n0", LOOPBACK, {"n1": transport.address})
            await nursery.start(good.run, Inbox().deliver)
            await connected(good, "n1", inbox)
            nursery.cancel_scope.cancel()

    play(main)


def test_a_second_call_of_one_node_takes_the_place_of_the_first() -> None:
    async def main() -> None:
        transport, inbox = TcpTransport("n1", LOOPBACK), Inbox()
        async with trio.open_nursery() as nursery:
            await nursery.start(transport.run, inbox.deliver)
            first, second = [await trio.open_tcp_stream(*transport.address) for _ in range(2)]
            hello = frame(b"n0") + frame(b"\x92\xaaTimeoutNow\x01")
            await first.send_all(hello)
            await inbox.wait(1)
            await second.send_all(hello)
            await inbox.wait(2)
            assert await first.receive_some(1) == b""
            transport.timeout_now("n0", TimeoutNow(5))
            assert await second.receive_some(100) == frame(b"\x92\xaaTimeoutNow\x05")
            await first.aclose()
            await second.aclose()
            nursery.cancel_scope.cancel()

    play(main)


def test_what_does_not_fit_into_the_queue_is_lost_and_nobody_waits() -> None:
    async def main() -> None:
        transport = TcpTransport("n1", LOOPBACK, queue_bytes=1_000_000)
        async with trio.open_nursery() as nursery:
            inbox = Inbox()
            await nursery.start(transport.run, inbox.deliver)
            stream = await trio.open_tcp_stream(*transport.address)
            await stream.send_all(frame(b"n0") + frame(b"\x92\xaaTimeoutNow\x01"))
            await inbox.wait(1)
            piece = InstallSnapshot(1, Lsn(1, 1), MEMBERS, 0, bytes(400_000), False, 1)
            for _ in range(5):
                transport.install_snapshot("n0", piece)
            transport.timeout_now("n0", TimeoutNow(2))
            received = b""
            while not received.endswith(frame(b"\x92\xaaTimeoutNow\x02")):
                received += await stream.receive_some(1 << 20)
            assert 800_000 < len(received) < 801_000
            await stream.aclose()
            nursery.cancel_scope.cancel()

    play(main)


def test_a_message_that_is_too_long_is_not_sent_and_not_taken() -> None:
    async def main() -> None:
        piece = InstallSnapshot(1, Lsn(1, 1), MEMBERS, 0, bytes(1000), False, 1)
        inbox = Inbox()
        short = TcpTransport("n1", LOOPBACK, frame_bytes=1000)
        long = TcpTransport("n0", LOOPBACK, {"n1": short.address})
        async with trio.open_nursery() as nursery:
            await nursery.start(short.run, inbox.deliver)
            await nursery.start(long.run, Inbox().deliver)
            await connected(long, "n1", inbox)
            with pytest.raises(FrameTooLong, match=r"a message of 1\d\d\d bytes is longer than 1000, which"):
                short.install_snapshot("n0", piece)
            long.install_snapshot("n1", piece)
            long.timeout_now("n1", TimeoutNow(1))  # over the same connection, which is hung up
            while not inbox.messages:
                long.timeout_now("n1", TimeoutNow(2))
                with trio.move_on_after(0.01):
                    await inbox.wait(1)
            nursery.cancel_scope.cancel()
        assert set(inbox.messages) == {("n0", TimeoutNow(2))}

    play(main)


def test_an_address_is_taken_from_the_start_and_free_again_at_the_end() -> None:
    async def main() -> None:
        transport = TcpTransport("n0", LOOPBACK)
        address = transport.address
        with pytest.raises(OSError, match="in use"):
            TcpTransport("n1", address)
        async with trio.open_nursery() as nursery:
            await nursery.start(transport.run, Inbox().deliver)
            nursery.cancel_scope.cancel()
        other = TcpTransport("n1", address)
        assert other.address == address
        other.close()

    play(main)
