"""A schedule run on a store of one's own: what clients saw, and how operations are judged to have ended."""

from __future__ import annotations

from typing import Any

import pytest
import trio

import rts
from rts.errors import ScheduleError
from rts.schedule import ChangeMembers, Crash, Pause, Promote, SlowDisk, TransferLeadership
from tests.own.stores import Complete, Register, broken, cas, delete, read, run, schedule, seen, write


def test_writes_and_reads_are_recorded_with_who_served_them() -> None:
    result = run(Register(), write(), read(1, 20))
    written, found = result.operations[:2]
    assert (written.op, written.value, written.status, written.node) == ("write", 1, "ok", "n0")
    assert (written.start, written.end) == (1_000_000, 2_000_000)
    assert (found.op, found.value, found.status, found.node) == ("read", 1, "ok", "n1")
    assert (found.mode, written.mode, found.phase) == ("default", None, "main")


def test_a_delete_and_two_compare_and_sets() -> None:
    result = run(
        Complete(), write(), cas(20), delete(20), cas(20, session="s1"), read(0, 20), cas(20, session="s2")
    )
    assert seen(result) == [
        ("s0", "write", 1, "ok"),
        ("s0", "cas", 2, "ok"),
        ("s0", "delete", None, "ok"),
        ("s1", "cas", 4, "ok"),
        ("s0", "read", 4, "ok"),
        ("s2", "cas", 6, "fail"),
    ]
    assert [found.expected for found in result.operations if found.op == "cas"] == [1, None, None]
    assert result.operations[5].error == "another value than expected"
    assert broken(result) == []


def test_operations_of_a_session_neither_overlap_nor_touch() -> None:
    operations = run(Register(), write(), read(), read(), write()).operations[:4]
    ends = [operation.end for operation in operations]
    assert all(
        end is not None and end < later.start for end, later in zip(ends, operations[1:], strict=False)
    )


def test_every_node_is_read_in_the_end_where_it_can_be() -> None:
    final = [operation for operation in run(Complete(), write()).operations if operation.phase == "final"]
    assert [(found.session, found.node, found.value) for found in final] == [
        ("final-n0", "n0", 1),
        ("final-n1", "n1", 1),
        ("final-n2", "n2", 1),
    ]
    assert [found for found in run(Register(), write()).operations if found.phase == "final"] == []


def test_a_write_on_a_key_of_its_own_shows_that_the_store_lives() -> None:
    result = run(Register(), write())
    assert [(found.session, found.value, found.status) for found in result.operations[1:]] == [
        ("liveness", 2, "ok")
    ]
    assert result.watched["liveness"] == 1


def test_a_schedule_without_steps_is_a_run() -> None:
    assert [found.session for found in run(Complete()).operations] == ["liveness"]


class Refusing(Register):
    async def write(self, client: rts.Client, key: str, value: Any) -> Any:
        if key == "k0":
            raise rts.Refused("not today")
        return await super().write(client, key, value)


def test_refused_is_certainly_not_applied() -> None:
    refused, _ = run(Refusing(), write(), read(0, 10)).operations[:2]
    assert (refused.status, refused.error, refused.end is not None) == ("fail", "not today", True)


class Impatient(Register):
    async def read(self, client: rts.Client, key: str) -> Any:
        return await client.call("n1", ("read", key), timeout_s=0.0005)


class Unsure(Register):
    async def read(self, client: rts.Client, key: str) -> Any:
        raise rts.OutcomeUnknown("the connection was lost")


class Twofold(Register):
    async def read(self, client: rts.Client, key: str) -> Any:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.refuse)
            nursery.start_soon(super().read, client, key)

    async def refuse(self) -> None:
        raise rts.Refused("by one of several")


@pytest.mark.parametrize(
    ("store", "status", "error"),
    [
        (Impatient(), "info", "TooSlowError"),
        (Unsure(), "info", "the connection was lost"),
        (Twofold(), "fail", "by one of several"),
    ],
)
def test_what_a_read_raises_says_how_it_ended(store: rts.Store, status: str, error: str) -> None:
    result = run(store, read())
    found = result.operations[0]
    assert (found.status, found.error, broken(result)) == (status, error, [])


def test_an_operation_that_takes_too_long_stays_open() -> None:
    class Hasty(Register):
        client_timeout_s = 0.25

    result = run(Hasty(), Crash(node="n0"), write(10))
    found = result.operations[0]
    assert (found.status, found.end, found.error) == ("info", None, "no answer within 0.25 s")
    assert result.states["operation timed out"] == 1


def test_an_open_write_that_is_seen_later_is_counted() -> None:
    result = run(Register(), Pause(node="n0"), write(10), read(1, 2_000), write(10, session="s1"))
    assert seen(result)[0] == ("s0", "write", 2, "info")
    assert "info write seen later" not in result.states
    slow = run(Register(), Pause(node="n1"), write(10, session="s1"), read(0, 10))
    assert seen(slow) == [("s1", "write", 2, "ok"), ("s0", "read", 2, "ok")]


class Wrong(Register):
    async def read(self, client: rts.Client, key: str) -> Any:
        return dict[str, Any]()["nothing here"]


def test_an_error_of_the_clients_code_is_a_breach_and_no_crash_of_the_harness() -> None:
    result = run(Wrong(), read())
    assert result.operations[0].status == "info"
    (breach,) = result.breaches
    assert (breach.guarantee, breach.node) == ("self-check", None)
    line = Wrong.read.__code__.co_firstlineno + 1
    expected = f"read of k0 by s0 raised KeyError: 'nothing here' (read, line {line})"
    assert breach.explanation == expected


def test_positions_are_recorded_as_evidence() -> None:
    class Placed(Register):
        one_log = True

        async def write(self, client: rts.Client, key: str, value: Any) -> Any:
            await super().write(client, key, value)
            return rts.Positioned(position=[1, value])

        async def read(self, client: rts.Client, key: str) -> Any:
            value = await super().read(client, key)
            return rts.Positioned(value, position=(1, 9), version=None if value is None else (1, value))

    result = run(Placed(), write(), read(0, 10), read(0, 10, key="k1"))
    assert [found.position for found in result.operations[:3]] == [(1, 1), (1, 9), (1, 9)]
    assert [found.version for found in result.operations[1:3]] == [(1, 1), None]
    assert result.one_log


@pytest.mark.parametrize("position", ["1", 1.0, True, (), (1, "2")])
def test_what_is_no_position_is_refused(position: Any) -> None:
    with pytest.raises(TypeError, match=r"a position is an integer or a sequence of integers, not "):
        rts.Positioned(position=position)
    with pytest.raises(TypeError, match="a position is an integer"):
        rts.Positioned(version=position)


def test_a_store_that_never_acknowledges_a_write_does_not_live() -> None:
    class Silent(Register):
        async def write(self, client: rts.Client, key: str, value: Any) -> Any:
            await client.call("n0", ("unknown",))

    result = run(Silent(), read())
    assert [(breach.guarantee, breach.explanation) for breach in result.breaches] == [
        ("liveness", "no write succeeded within 5 s after all faults had ended")
    ]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((delete(),), "steps[0]: Register has no steps of the kind 'delete'"),
        ((write(), cas()), "steps[1]: Register has no steps of the kind 'cas'"),
        ((Promote(),), "steps[0]: Register has no steps of the kind 'promote'"),
        (
            (ChangeMembers(action="add", node="n1"),),
            "steps[0]: Register has no steps of the kind 'change-members'",
        ),
        (
            (TransferLeadership(node="n1"),),
            "steps[0]: Register has no steps of the kind 'transfer-leadership'",
        ),
        ((SlowDisk(node="n0", delay_ns=1),), "steps[0]: Register has no steps of the kind 'slow-disk'"),
        ((Crash(node="n7"),), "steps[0].node: there is no node 'n7'"),
    ],
)
def test_a_schedule_that_does_not_fit_is_refused(steps: Any, message: str) -> None:
    with pytest.raises(ScheduleError) as raised:
        run(Register(), *steps)
    assert str(raised.value) == message


def test_a_schedule_without_nodes_and_a_seeded_bug_are_refused() -> None:
    with pytest.raises(ScheduleError, match="nodes: there are none"):
        run(Register(), nodes=0)
    with pytest.raises(ScheduleError, match="Register has no seeded bug 'x'"):
        Register().simulate(schedule(Register()), bug="x")


def test_a_smaller_cluster_is_one_too() -> None:
    assert seen(run(Complete(), write(), nodes=1)) == [("s0", "write", 1, "ok")]
