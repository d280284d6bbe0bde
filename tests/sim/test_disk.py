"""The simulated disk: durable after a while, in groups; crashes, damage and blanks."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.single_leader.log import EpochRecord
from rts.sim.disk import SimDisk
from rts.sim.pump import Pump
from rts.sim.trace import Trace
from rts.storage.wal import CorruptLog
from rts.telemetry.cluster import CODEC

SYNC_NS = 100
ONE, TWO, THREE, FOUR = (EpochRecord(number) for number in (1, 2, 3, 4))


class Bench:
    """A disk, and what it answered when."""

    def __init__(self) -> None:
        self.pump, self.trace = Pump(), Trace()
        self.disk = SimDisk(self.pump, self.trace, CODEC, sync_ns=SYNC_NS)
        self.answers: list[tuple[Any, ...]] = []

    def persist(self, *records: EpochRecord) -> None:
        for record in records:
            self.disk.persist(
                record.epoch,
                record,
                lambda number: self.answers.append((self.pump.now, number)),
                lambda number, reason: self.answers.append((self.pump.now, number, reason)),
            )

    def wait(self) -> list[tuple[Any, ...]]:
        """All its answers, once it has nothing left to do."""
        self.pump.run(10**9)
        return self.answers


def test_a_record_is_durable_after_a_sync() -> None:
    bench = Bench()
    bench.persist(ONE)
    assert (bench.disk.records(), bench.disk.pending) == ([], [ONE])
    assert bench.wait() == [(100, 1)]
    assert (bench.disk.records(), bench.disk.pending) == ([ONE], [])


def test_what_comes_during_a_sync_is_synced_together_by_the_next() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.pump.at(50, bench.persist, TWO, THREE)
    bench.pump.at(150, bench.persist, FOUR)
    assert bench.wait() == [(100, 1), (200, 3), (300, 4)]
    assert bench.disk.records() == [ONE, TWO, THREE, FOUR]


def test_a_slow_disk_delays_each_sync_and_says_so() -> None:
    bench = Bench()
    bench.disk.slow = (900, 7)
    bench.persist(ONE)
    bench.pump.at(50, bench.persist, TWO)
    assert bench.wait() == [(1_000, 1), (2_000, 2)]
    assert bench.trace.took_hold == {7}


def test_a_full_disk_fails_once_and_keeps_what_it_has() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.wait()
    bench.disk.full = 7
    bench.persist(TWO, THREE)
    assert bench.wait() == [(100, 1), (200, 2, "no space left")]
    assert bench.disk.records() == [ONE]
    assert bench.trace.took_hold == {7}


def test_a_crash_loses_what_is_not_synced_and_answers_nobody() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.wait()
    bench.persist(TWO, THREE)
    assert bench.disk.crash(tear=False) == 2
    assert bench.wait() == [(100, 1)]
    assert (bench.disk.records(), bench.disk.pending) == ([ONE], [])


def test_a_crash_of_a_synced_disk_loses_nothing() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.wait()
    assert bench.disk.crash(tear=True) == 0
    assert bench.disk.records() == [ONE]


def test_a_torn_crash_keeps_all_but_the_last_record() -> None:
    bench = Bench()
    bench.persist(ONE, TWO, THREE)
    assert bench.disk.crash(tear=True) == 1
    assert bench.disk.records() == [ONE, TWO]
    assert bench.wait() == []


def test_after_a_crash_the_disk_works_on() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.disk.crash(tear=False)
    bench.persist(TWO)
    assert [number for _, number in bench.wait()] == [2]
    assert bench.disk.records() == [TWO]


def test_a_flipped_byte_is_refused_when_it_is_read() -> None:
    bench = Bench()
    bench.persist(ONE, TWO)
    bench.wait()
    bench.disk.flipped = 7
    assert bench.trace.took_hold == set()
    with pytest.raises(CorruptLog, match="does not fit its checksum"):
        bench.disk.records()
    assert bench.trace.took_hold == {7}


def test_a_blank_disk_has_nothing_to_flip() -> None:
    bench = Bench()
    bench.disk.flipped = 7
    assert bench.disk.records() == []
    assert bench.trace.took_hold == set()


def test_a_replaced_disk_is_blank_and_another() -> None:
    bench = Bench()
    bench.persist(ONE)
    bench.wait()
    bench.persist(TWO)
    bench.disk.flipped = 7
    bench.disk.replace()
    assert (bench.disk.identity, bench.disk.replaced) == (2, [1])
    assert bench.disk.records() == []
    assert bench.wait() == [(100, 1)]


def test_mending_gives_space_and_speed_back() -> None:
    bench = Bench()
    bench.disk.slow, bench.disk.full = (900, 7), 8
    bench.disk.mend()
    bench.persist(ONE)
    assert bench.wait() == [(100, 1)]
