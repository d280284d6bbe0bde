"""A simulated client: one operation at a time, given up in time, deaf to what an old connection brings."""

from __future__ import annotations

import pytest

from rts.client.requests import Request
from rts.core.effects import Persist
from rts.schedule import MILLISECOND, SECOND, Lag, Partition
from tests.sim.lab import Lab, value_of

READ = Request(operation="read", keys=("k0",), mode="leader")


def test_operations_of_one_session_follow_one_another() -> None:
    lab = Lab()
    for value in (1, 2, 3):
        lab.submit_write(value)
    lab.submit(READ)
    lab.run(100)
    assert [outcome.status for outcome in lab.outcomes] == ["ok"] * 4
    assert value_of(lab.outcomes[-1]) == 3


def test_two_sessions_do_not_wait_for_each_other() -> None:
    lab = Lab()
    lab.fault(1, Lag(source="s0", target="n0", delay_ns=SECOND))
    lab.submit_write("slow", session="s0")
    assert lab.write("quick", session="s1").status == "ok"


def test_an_operation_is_given_up_in_time_and_the_next_begins() -> None:
    lab = Lab(timeout_ns=200 * MILLISECOND)
    lab.write("v")
    lab.outcomes.clear()
    lab.fault(1, Partition(group=("n0", "n1", "n2")))
    started = lab.pump.now
    lab.submit_write("lost")
    lab.submit(READ)
    lab.run(1_000)
    assert [(outcome.status, outcome.error) for outcome in lab.outcomes] == [("info", "timed out")] * 2
    fired = [event[0] - started for event in lab.trace.events if event[1:4] == ("timer", "s0", "timeout")]
    assert fired == [200 * MILLISECOND + 1, 400 * MILLISECOND + 2]


def test_the_timers_of_a_finished_operation_do_not_fire() -> None:
    lab = Lab()
    lab.write("v")
    lab.read()
    lab.run(5_000)
    assert [event for event in lab.happened("timer") if event[0] == "s0"] == []


def test_an_answer_on_an_old_connection_is_lost() -> None:
    lab = Lab(timeout_ns=200 * MILLISECOND)
    lab.submit(READ)
    lab.run(6)  # the answer is on its way from n0
    lab.network.reset_connections()
    lab.run(500)
    assert [outcome.status for outcome in lab.outcomes] == ["info"]
    assert lab.delivered("n0", "s0") == []


def test_a_client_has_no_disk() -> None:
    lab = Lab()
    lab.write("v")
    with pytest.raises(TypeError, match="a client has no disk"):
        lab.clients["s0"].node.carry_out([Persist(1, "record")])
