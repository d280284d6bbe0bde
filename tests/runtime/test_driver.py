"""The driver's duties: effects in order, messages behind earlier persists, death after so many effects."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import CancelTimer, Note, Persist, Reply, Send, SetTimer
from rts.core.events import Event, Persisted, Started, TimerFired
from rts.runtime.driver import Node


class ScriptedCore:
    """Answers each event with the effects laid out for it."""

    def __init__(self, *script: list[Any]) -> None:
        self.script = list(script)
        self.events: list[tuple[Event, int, int]] = []

    def step(self, event: Event, now: int, wall: int) -> list[Any]:
        self.events.append((event, now, wall))
        return self.script.pop(0) if self.script else []


class Paper:
    """A machine that writes down what is asked of it."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def monotonic_ns(self) -> int:
        return 7

    def wall_ns(self) -> int:
        return 1_007

    def send(self, to: str, message: Any) -> None:
        self.done.append(("send", to, message))

    def persist(self, number: int, record: Any) -> None:
        self.done.append(("persist", number, record))

    def set_timer(self, name: str, after_ns: int) -> None:
        self.done.append(("set", name, after_ns))

    def cancel_timer(self, name: str) -> None:
        self.done.append(("cancel", name))

    def note(self, what: str, detail: Any) -> None:
        self.done.append(("note", what, detail))

    def carry_out(self, effect: Any) -> None:
        self.done.append(("own", effect))

    def blow(self) -> None:
        self.done.append(("died",))

    def take(self) -> list[tuple[Any, ...]]:
        """What was done since the last look."""
        done, self.done = self.done, []
        return done


def node(*script: list[Any]) -> tuple[Node, ScriptedCore, Paper]:
    core, paper = ScriptedCore(*script), Paper()
    return Node(core, paper), core, paper


def test_the_core_sees_the_event_and_the_machines_clocks() -> None:
    driver, core, _ = node()
    driver.handle(TimerFired("t"))
    assert core.events == [(TimerFired("t"), 7, 1_007)]


def test_effects_are_carried_out_in_order() -> None:
    script = [
        SetTimer("t", 5),
        Send("b", "hello"),
        Note("seen", 1),
        CancelTimer("t"),
        Reply("c", "bye"),
        "own",
    ]
    driver, _, paper = node(script)
    driver.handle(Started())
    assert paper.take() == [
        ("set", "t", 5),
        ("send", "b", "hello"),
        ("note", "seen", 1),
        ("cancel", "t"),
        ("send", "c", "bye"),
        ("own", "own"),
    ]


def test_messages_wait_for_the_persists_before_them_and_keep_their_order() -> None:
    driver, _, paper = node(
        [Send("b", 0), Persist(1, "x"), Send("b", 1), Reply("c", 2), Persist(2, "y"), Send("b", 3)]
    )
    driver.handle(Started())
    assert paper.take() == [("send", "b", 0), ("persist", 1, "x"), ("persist", 2, "y")]
    driver.persisted(1)
    assert paper.take() == [("send", "b", 1), ("send", "c", 2)]
    driver.persisted(2)
    assert paper.take() == [("send", "b", 3)]


def test_one_answer_of_the_disk_may_speak_for_several_persists() -> None:
    driver, core, paper = node([Persist(1, "x"), Send("b", 1), Persist(2, "y"), Send("b", 2)])
    driver.handle(Started())
    paper.take()
    driver.persisted(2)
    assert paper.take() == [("send", "b", 1), ("send", "b", 2)]
    assert core.events[-1][0] == Persisted(2)


@pytest.mark.parametrize("kind", [Send, Reply])
def test_before_persist_does_not_wait(kind: type[Send] | type[Reply]) -> None:
    driver, _, paper = node([Persist(1, "x"), kind("b", "waits"), kind("b", "hurries", before_persist=True)])
    driver.handle(Started())
    assert paper.take() == [("persist", 1, "x"), ("send", "b", "hurries")]


def test_events_flow_while_the_disk_works_and_later_messages_wait_too() -> None:
    driver, core, paper = node([Persist(1, "x")], [Send("b", "later"), Note("seen")])
    driver.handle(Started())
    paper.take()
    driver.handle(TimerFired("t"))
    assert len(core.events) == 2
    assert paper.take() == [("note", "seen", None)]
    driver.persisted(1)
    assert paper.take() == [("send", "b", "later")]


def test_waiting_messages_go_out_before_the_core_hears_that_they_may() -> None:
    driver, _, paper = node([Persist(1, "x"), Send("b", "first")], [Send("b", "second")])
    driver.handle(Started())
    driver.persisted(1)
    assert paper.take() == [("persist", 1, "x"), ("send", "b", "first"), ("send", "b", "second")]


EFFECTS = [Persist(1, "x"), Note("seen"), SetTimer("t", 1)]
DONE = [("persist", 1, "x"), ("note", "seen", None), ("set", "t", 1)]


@pytest.mark.parametrize("fuse", [0, 1, 2])
def test_a_fuse_kills_after_so_many_effects(fuse: int) -> None:
    driver, _, paper = node(EFFECTS)
    driver.fuse = fuse
    driver.handle(Started())
    assert paper.take() == [*DONE[:fuse], ("died",)]


def test_a_fuse_longer_than_an_event_burns_on_in_the_next() -> None:
    driver, _, paper = node(EFFECTS, EFFECTS)
    driver.fuse = 4
    driver.handle(Started())
    assert paper.take() == DONE
    driver.handle(TimerFired("t"))
    assert paper.take() == [*DONE[:1], ("died",)]


def test_an_event_without_effects_does_not_light_the_fuse() -> None:
    driver, _, paper = node([])
    driver.fuse = 0
    driver.handle(Started())
    assert paper.take() == []
