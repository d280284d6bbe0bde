"""The thread that waits for a disk: errands in their order, errors, and tasks that are cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import trio

from rts.raft.storage.writer import Writer


def play(main: Callable[[Writer], Any]) -> None:
    writer = Writer()
    trio.run(main, writer)
    writer.close()


def test_errands_are_done_in_one_other_thread_in_the_order_they_came() -> None:
    done: list[tuple[int, int]] = []

    async def main(writer: Writer) -> None:
        async with trio.open_nursery() as nursery:
            for number in range(3):
                nursery.start_soon(
                    writer.do, lambda number=number: done.append((number, threading.get_ident()))
                )
                await trio.testing.wait_all_tasks_blocked()

    play(main)
    (thread,) = {thread for _, thread in done}
    assert thread != threading.get_ident()
    assert [number for number, _ in done] == [0, 1, 2]


def test_what_an_errand_raises_is_raised_and_the_thread_goes_on() -> None:
    class Crash(BaseException):
        pass

    def crash() -> None:
        raise Crash

    async def main(writer: Writer) -> None:
        with pytest.raises(Crash):
            await writer.do(crash)
        done: list[int] = []
        await writer.do(lambda: done.append(1))
        assert done == [1]

    play(main)


def test_a_cancelled_task_waits_for_its_errand_all_the_same() -> None:
    begun, may_end = threading.Event(), threading.Event()
    told: list[str] = []

    def errand() -> None:
        begun.set()
        may_end.wait()
        told.append("errand")

    async def main(writer: Writer) -> None:
        async def go() -> None:
            with trio.CancelScope() as scope:
                scopes.append(scope)
                await writer.do(errand)
            told.append("task")

        scopes: list[trio.CancelScope] = []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(go)
            await trio.to_thread.run_sync(begun.wait)
            scopes[0].cancel()
            await trio.testing.wait_all_tasks_blocked()
            told.append("cancelled")
            may_end.set()

    play(main)
    assert told == ["cancelled", "errand", "task"]


def test_a_task_that_is_cancelled_already_sends_for_it_too() -> None:
    done: list[int] = []

    async def main(writer: Writer) -> None:
        with trio.CancelScope() as scope:
            scope.cancel()
            await writer.do(lambda: done.append(1))

    play(main)
    assert done == [1]


def test_a_writer_serves_one_run_after_another_and_ends_when_closed() -> None:
    before = threading.active_count()
    writer = Writer()
    done: list[int] = []
    for number in range(2):
        trio.run(writer.do, lambda number=number: done.append(number))
    assert (done, threading.active_count()) == ([0, 1], before + 1)
    writer.close()
    writer.close()
    assert threading.active_count() == before


class Clock:
    """Each errand takes `errand_s` by it: it is read before and after."""

    def __init__(self, errand_s: float) -> None:
        self.errand_s = errand_s
        self.now = 0.0

    def __call__(self) -> float:
        self.now += self.errand_s
        return self.now


def where(errand_s: float, errands: int, *, long: bool = False) -> list[bool]:
    """Whether each errand was done in a thread beside the node's."""
    clock = Clock(errand_s)
    elsewhere: list[bool] = []

    async def main() -> None:
        own = threading.get_ident()
        for _ in range(errands):
            await writer.do(lambda: elsewhere.append(threading.get_ident() != own), long=long)

    writer = Writer(clock)
    trio.run(main)
    writer.close()
    return elsewhere


def test_the_node_does_itself_what_has_been_quick_for_a_while() -> None:
    assert where(0.0001, 30) == [True] * 12 + [False] * 18


def test_the_thread_does_what_is_slow_and_what_is_known_to_be_long() -> None:
    assert where(0.0005, 30) == [True] * 30
    assert where(0.0001, 30, long=True) == [True] * 30


def test_one_slow_errand_sends_the_next_to_the_thread() -> None:
    clock = Clock(0.0001)
    writer = Writer(clock)

    async def main() -> None:
        own = threading.get_ident()
        for _ in range(20):
            await writer.do(lambda: None)
        seen: list[bool] = []
        clock.errand_s = 0.01
        for _ in range(2):
            await writer.do(lambda: seen.append(threading.get_ident() != own))
        assert seen == [False, True]

    trio.run(main)
    writer.close()
