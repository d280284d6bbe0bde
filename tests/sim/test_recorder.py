"""The recorder: what clients saw, as operations that a history file can hold."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import pytest

from rts.client.requests import Outcome, Request
from rts.ids import Lsn
from rts.sim.pump import Pump
from rts.sim.recorder import Recorder
from rts.sim.trace import Trace

WRITE = Request(operation="write", keys=("k0",), value=7)
READ = Request(operation="read", keys=("k0",), mode="pinned")


class Tape:
    """A recorder whose clock a test sets."""

    def __init__(self) -> None:
        self.pump, self.trace = Pump(), Trace()
        self.recorder = Recorder(self.pump, self.trace)

    def play(
        self,
        request: Request,
        outcome: Outcome | None,
        *,
        session: str = "s0",
        phase: Literal["main", "final"] = "main",
    ) -> dict[str, Any]:
        """An operation that takes 10 ns; what was recorded of it."""
        self.pump.now += 5
        self.recorder.begin(session, request, phase=phase)
        self.pump.now += 10
        if outcome is not None:
            self.recorder.end(session, request, outcome)
        recorded: dict[str, Any] = msgspec.to_builtins(self.recorder.operations[-1])
        return recorded


def test_a_write_that_was_acknowledged() -> None:
    outcome = Outcome(status="ok", position=Lsn(1, 4), node="n0", leads=True)
    recorded = Tape().play(WRITE, outcome)
    assert recorded["index"] == 0
    assert (recorded["session"], recorded["op"], recorded["key"], recorded["value"]) == (
        "s0",
        "write",
        "k0",
        7,
    )
    assert (recorded["start"], recorded["end"], recorded["status"]) == (5, 15, "ok")
    assert (recorded["node"], recorded["position"], recorded["mode"]) == ("n0", (1, 4), None)


def test_a_read_has_the_value_its_version_and_how_far_the_replica_was() -> None:
    items = (("k0", 7, Lsn(1, 4)),)
    recorded = Tape().play(READ, Outcome(status="ok", items=items, position=Lsn(1, 9), node="n1"))
    assert (recorded["value"], recorded["version"], recorded["position"]) == (7, (1, 4), (1, 9))
    assert recorded["mode"] == "pinned"


def test_a_read_of_nothing_has_the_initial_version() -> None:
    recorded = Tape().play(READ, Outcome(status="ok", items=(("k0", None, None),), position=Lsn(1, 1)))
    assert (recorded["value"], recorded["version"]) == (None, None)


def test_silence_never_ends() -> None:
    recorded = Tape().play(WRITE, Outcome(status="info", error="timed out"))
    assert (recorded["status"], recorded["end"], recorded["error"]) == ("info", None, "timed out")


def test_an_answer_that_says_unknown_has_a_time() -> None:
    recorded = Tape().play(WRITE, Outcome(status="info", error="gave up", node="n0"))
    assert (recorded["status"], recorded["end"]) == ("info", 15)


def test_an_operation_that_is_under_way_is_open() -> None:
    recorded = Tape().play(WRITE, None)
    assert (recorded["status"], recorded["end"]) == ("info", None)


def test_a_refusal_says_why() -> None:
    recorded = Tape().play(WRITE, Outcome(status="fail", error="no node leads", node="n2"))
    assert (recorded["status"], recorded["end"], recorded["error"]) == ("fail", 15, "no node leads")


def test_a_compare_and_set_has_what_it_expected() -> None:
    request = Request(operation="cas", keys=("k0",), expected=None, value=8)
    recorded = Tape().play(request, Outcome(status="ok", position=Lsn(1, 2)))
    assert (recorded["expected"], recorded["value"]) == (None, 8)
    assert "expected" not in Tape().play(WRITE, None)


@pytest.mark.parametrize(
    ("value", "recorded"), [(b"active", "active"), (b"\xff\x00", {"bytes": "/wA="}), (3, 3), (None, None)]
)
def test_bytes_are_text_or_base64(value: Any, recorded: Any) -> None:
    request = Request(operation="write", keys=("k0",), value=value)
    assert Tape().play(request, None)["value"] == recorded


def test_an_unknown_write_that_is_seen_is_counted() -> None:
    tape = Tape()
    tape.play(WRITE, Outcome(status="info", error="timed out"))
    tape.play(READ, Outcome(status="ok", items=(("k0", 6, Lsn(1, 2)),)), session="s1")
    assert tape.trace.states["info write seen later"] == 0
    tape.play(READ, Outcome(status="ok", items=(("k0", 7, Lsn(1, 3)),)), session="s1")
    assert tape.trace.states["info write seen later"] == 1


def test_who_served_reads_is_counted_but_for_the_final_ones() -> None:
    tape = Tape()
    for leads in (True, False, False):
        tape.play(READ, Outcome(status="ok", items=(("k0", 7, None),), leads=leads))
    tape.play(READ, Outcome(status="ok", items=(("k0", 7, None),)), phase="final")
    assert tape.trace.states == {"read served by the leader": 1, "read served by a follower": 2}
