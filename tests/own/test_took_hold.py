"""Each kind of fault in a run of one's own store: it took hold where it met something, and not elsewhere."""

from __future__ import annotations

import pytest

from rts.own.store import FAULTS
from rts.runs import FaultCount
from rts.schedule import (
    AnyStep,
    Crash,
    Duplicate,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Rejoin,
    Reorder,
    Restart,
    Resume,
)
from tests.own.stores import MS, Complete, Register, broken, read, run, seen, write

MEETS_SOMETHING: dict[str, tuple[AnyStep, ...]] = {
    "lag": (Lag(source="n0", target="n1", delay_ns=50 * MS), write()),
    "loss": (Loss(source="n0", target="n1"), write()),
    "duplicate": (Duplicate(source="n0", target="n1"), write()),
    "reorder": (Reorder(source="n0", target="n1", percent=100), write()),
    "partition": (Partition(group=("n2",)), write()),
    "heal": (Lag(source="n0", target="n1", delay_ns=5), Heal()),
    "crash": (Crash(node="n2"),),
    "restart": (Crash(node="n2"), Restart(node="n2")),
    "pause": (Pause(node="n2"), read(2, 10), read(2, 10)),
    "resume": (Pause(node="n2"), Resume(node="n2")),
    "rejoin": (Crash(node="n2"), Rejoin(node="n2")),
}

MEETS_NOTHING: dict[str, tuple[AnyStep, ...]] = {
    "lag": (Lag(source="n1", target="n2", delay_ns=50 * MS), write()),
    "loss": (Loss(source="n0", target="n1", percent=0), write()),
    "duplicate": (Duplicate(source="n0", target="n1", percent=0), write()),
    "reorder": (Reorder(source="n1", target="n2", percent=100), write()),
    "partition": (Partition(group=("n0", "n1", "n2", "s0")), write()),
    "heal": (Heal(), write()),
    "crash": (Crash(node="n2", at_effect=99), write()),
    "restart": (Restart(node="n2"), write()),
    "pause": (Pause(node="n2"), read(0)),
    "resume": (Resume(node="n2"), write()),
    "rejoin": (Rejoin(node="n2"), write()),
}


def test_every_kind_is_tested() -> None:
    assert set(MEETS_SOMETHING) == set(MEETS_NOTHING) == set(FAULTS)


@pytest.mark.parametrize("kind", FAULTS)
def test_it_took_hold(kind: str) -> None:
    result = run(Register(), *MEETS_SOMETHING[kind])
    assert result.faults[kind] == FaultCount(drawn=1, took_hold=1)
    assert broken(result) == []


@pytest.mark.parametrize("kind", FAULTS)
def test_it_met_nothing(kind: str) -> None:
    result = run(Register(), *MEETS_NOTHING[kind])
    assert result.faults[kind] == FaultCount(drawn=1, took_hold=0)


def test_a_lag_makes_a_replica_stale_for_so_long() -> None:
    lag = Lag(source="n0", target="n1", delay_ns=50 * MS)
    assert seen(run(Register(), lag, write(), read(1, 40), read(1, 40)))[1:] == [
        ("s0", "read", None, "ok"),
        ("s0", "read", 2, "ok"),
    ]


def test_a_lag_on_every_link_is_one_on_the_links_of_clients_that_come_later() -> None:
    found = run(Register(), Lag(source="*", target="*", delay_ns=50 * MS), write(10)).operations[0]
    assert found.end is not None
    assert found.end - found.start == 101 * MS


def test_what_was_under_way_when_the_faults_ended_arrives_before_the_last_reads() -> None:
    result = run(Complete(), Lag(source="n0", target="n1", delay_ns=5_000 * MS), write())
    final = [operation.value for operation in result.operations if operation.phase == "final"]
    assert final == [2, 2, 2]


def test_the_first_copy_of_a_duplicate_is_the_receivers_to_change() -> None:
    class Changing(Register):
        async def serve(self, node):  # type: ignore[no-untyped-def]
            async for request in node.requests:
                match request.message:
                    case ["write", _, value]:
                        node.send("n1", ["append", [value]])
                        request.reply()
                    case ["append", values]:
                        values.append("changed")
                        node.storage.setdefault("seen", []).append(values)
                    case ["read", _]:
                        request.reply(node.storage.get("seen"))

    result = run(Changing(), Duplicate(source="n0", target="n1"), write(), read(1, 20))
    assert seen(result)[1] == ("s0", "read", [[2, "changed"], [2, "changed"]], "ok")
