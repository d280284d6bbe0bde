"""The lives of nodes: what a crash ends and leaves, what a pause holds, and what goes wrong in `serve`."""

from __future__ import annotations

from typing import Any

import pytest
import trio

import rts
from rts.runs import Run
from rts.schedule import Crash, Pause, Rejoin, Restart, Resume
from tests.own.stores import MS, Complete, Register, broken, read, run, seen, write


def values(result: Run) -> list[Any]:
    return [value for _, kind, value, _ in seen(result) if kind == "read"]


def test_storage_survives_a_crash() -> None:
    result = run(Register(), write(), Crash(after_ns=20 * MS, node="n1"), Restart(node="n1"), read(1, 10))
    assert values(result) == [1]


def test_storage_is_gone_with_the_disk() -> None:
    lost = Crash(after_ns=20 * MS, node="n1", lose_disk=True)
    assert values(run(Register(), write(), lost, Restart(node="n1"), read(1, 10))) == [None]


class Forgetful(Register):
    """Keeps everything in memory: on `self`, in a local variable."""

    async def serve(self, node: rts.Node) -> None:
        self.held: dict[str, Any] = getattr(self, "held", {})
        async for request in node.requests:
            match request.message:
                case ("write", key, value):
                    self.held[key] = value
                    request.reply()
                case ("read", key):
                    request.reply((node.name, self.held.get(key)))


def test_what_is_kept_on_self_is_one_lifes_memory() -> None:
    result = run(Forgetful(), write(), read(0, 10), read(1), Rejoin(after_ns=10 * MS, node="n0"), read(0))
    assert values(result) == [["n0", 1], ["n1", None], ["n0", 1]]
    crashed = run(Forgetful(), write(), Crash(after_ns=20 * MS, node="n0"), Restart(node="n0"), read(0, 10))
    assert values(crashed) == [["n0", None]]


def test_one_run_leaves_nothing_to_the_next() -> None:
    store = Forgetful()
    assert values(run(store, write(), read(0, 10))) == [["n0", 1]]
    assert values(run(store, read(0))) == [["n0", None]]


class Unwinding(Register):
    """Writes to its storage and to others as it is cancelled."""

    async def serve(self, node: rts.Node) -> None:
        try:
            await super().serve(node)
        finally:
            node.storage["k0"] = "from the grave"
            node.note("unwound")
            if node.name == "n0":
                node.send("n1", ("copy", "k0", "from the grave"))


def test_what_a_cancelled_life_still_does_has_no_effect() -> None:
    result = run(
        Unwinding(), write(), Crash(after_ns=20 * MS, node="n0"), Restart(node="n0"), read(0, 20), read(1)
    )
    assert values(result) == [1, 1]
    assert "unwound" not in result.states


def test_nested_storage_is_as_it_was_at_the_crash() -> None:
    class Nested(Register):
        async def serve(self, node: rts.Node) -> None:
            log = node.storage.setdefault("log", [])
            async for request in node.requests:
                if request.message[0] == "write":
                    log.append(request.message[2])
                request.reply(log)

    result = run(
        Nested(), write(), write(), Crash(after_ns=20 * MS, node="n0"), Restart(node="n0"), read(0, 10)
    )
    assert values(result) == [[1, 2]]


def test_a_crash_after_so_many_messages_sent() -> None:
    """The leader of three tells both others and then answers: it can die before each of the three."""
    outcomes = []
    for effects in range(4):
        result = run(
            Complete(),
            Crash(node="n0", at_effect=effects),
            write(10),
            read(1, 2_000, session="s1"),
            read(2, session="s1"),
        )
        outcomes.append((seen(result)[0][3], *values(result), result.faults["crash"].took_hold))
    assert outcomes == [
        ("info", None, None, 1),
        ("info", 2, None, 1),
        ("info", 2, 2, 1),
        # the read of s1 at n0 would be the fourth message, but it goes to n1
        ("ok", 2, 2, 0),
    ]


def test_a_message_to_a_life_that_has_ended_is_lost() -> None:
    steps = (write(), Crash(node="n0"), Restart(node="n0"), write(10, session="s1"))
    assert seen(run(Register(), *steps)) == [("s0", "write", 1, "info"), ("s1", "write", 4, "ok")]


def test_a_paused_node_answers_when_it_is_resumed() -> None:
    result = run(Register(), Pause(node="n1"), read(1, 10), Resume(after_ns=500 * MS, node="n1"))
    found = result.operations[0]
    assert (found.status, found.start, found.end) == ("ok", 11 * MS, 511 * MS + MS // 2 + 1)
    assert result.faults["pause"].took_hold == 1


def test_what_a_paused_node_sends_leaves_when_it_is_resumed() -> None:
    class Ticking(Register):
        async def serve(self, node: rts.Node) -> None:
            if node.name == "n0":
                await trio.sleep(0.1)
                node.send("n1", ("copy", "k0", "tick"))
            await super().serve(node)

    steps = (Pause(node="n0"), read(1, 200), Resume(after_ns=100 * MS, node="n0"), read(1, 10))
    assert values(run(Ticking(), *steps)) == [None, "tick"]


def test_a_crash_ends_a_pause_and_what_was_held() -> None:
    steps = (Pause(node="n1"), read(1, 10), Crash(after_ns=10 * MS, node="n1"), Restart(node="n1"))
    assert seen(run(Register(), *steps)) == [("s0", "read", None, "info")]


# --- what goes wrong in serve


class Failing(Register):
    async def serve(self, node: rts.Node) -> None:
        async for request in node.requests:
            raise ValueError(f"cannot take {request.message[0]}")


class FailingInside(Register):
    async def serve(self, node: rts.Node) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(super().serve, node)
            await node.requests.receive()
            raise ValueError("cannot take it")


class Leaving(Register):
    async def serve(self, node: rts.Node) -> None:
        await node.requests.receive()


@pytest.mark.parametrize(
    ("store", "what"),
    [
        (Failing(), "serve of n1 raised ValueError: cannot take read (serve, line "),
        (FailingInside(), "serve of n1 raised ValueError: cannot take it (serve, line "),
        (Leaving(), "serve of n1 returned: a node's life should go on until it is cancelled"),
    ],
)
def test_an_end_of_serve_is_a_breach_and_the_node_is_down(store: rts.Store, what: str) -> None:
    result = run(store, read(1), read(1))
    breach = next(breach for breach in result.breaches if breach.node == "n1")
    assert breach.guarantee == "self-check"
    assert breach.explanation.startswith(what)
    assert seen(result) == [("s0", "read", None, "info")] * 2


class Spinning(Register):
    async def serve(self, node: rts.Node) -> None:
        while True:
            await trio.sleep(0)


class Flooding(Register):
    async def serve(self, node: rts.Node) -> None:
        node.send(node.peers[0], "x")
        async for _ in node.requests:
            for peer in node.peers:
                node.send(peer, "x")


@pytest.mark.parametrize(
    ("store", "what"),
    [
        (
            Spinning(),
            "the store would run for ever: a task ran 10,000 times without waiting for time to pass",
        ),
        (Flooding(), "the store would run for ever: there were more than 50,000 messages and other events"),
    ],
)
def test_a_store_that_would_run_for_ever_is_stopped(store: rts.Store, what: str) -> None:
    assert broken(run(store, write()))[0] == what


def test_a_word_to_nobody_is_an_error_of_the_store() -> None:
    class Misdirected(Register):
        async def read(self, client: rts.Client, key: str) -> Any:
            return await client.call("n9", ("read", key))

    (what,) = broken(run(Misdirected(), read()))
    assert what.startswith("read of k0 by s0 raised ValueError: there is no node 'n9'; there are n0, n1, n2")


def test_ctrl_c_is_not_swallowed() -> None:
    class Interrupted(Register):
        async def serve(self, node: rts.Node) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(), write())
