"""A follower: the same log as the leader's, durable before it says so, visible once it is acknowledged."""

from __future__ import annotations

from typing import Any

import pytest

from rts.core.effects import Note, Persist, Send
from rts.core.events import Persisted, PersistFailed
from rts.core.single_leader.log import AppendRecord, EpochRecord, Snapshot, SnapshotRecord
from rts.core.single_leader.messages import (
    Append,
    Appended,
    AppendRejected,
    AskPromise,
    Confirm,
    Confirmed,
    Fenced,
    InstallSnapshot,
)
from rts.errors import DiskFailed, InvariantBroken
from rts.ids import ORIGIN, Lsn
from tests.core.single_leader.hand import N1, N2, SYNC, Hand, noted, opening, put, spoken, told, written

FIRST = opening((1, 1), "n0", N1)
TWO, THREE, FOUR = put((1, 2), "two"), put((1, 3), "three", request=2), put((1, 4), "four", request=3)


def follower(*entries: Any, committed: int = 1, **settings: Any) -> Hand:
    """`n1`, which has the first entry and these."""
    hand = Hand("n1", SYNC, **settings)
    if entries:
        hand.get("n0", Append(1, Lsn(1, 1), entries, committed))
        hand.sync()
    return hand


# --- what follows on


def test_entries_are_persisted_and_then_confirmed() -> None:
    hand = Hand("n1", SYNC)
    effects = hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 1))
    assert effects == [Persist(1, AppendRecord(1, (TWO, THREE), 1)), Send("n0", Appended(1, 3, 1))]


def test_what_is_not_acknowledged_is_not_visible() -> None:
    hand = Hand("n1", SYNC)
    hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 1))
    assert hand.value() is None
    assert hand.get("n0", Append(1, Lsn(1, 2), (), 2)) == []
    assert hand.value() == "two"
    assert hand.replica.position == Lsn(1, 2)


def test_an_entry_may_come_acknowledged() -> None:
    hand = Hand("n1", SYNC)
    hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 2))
    assert hand.value() == "two"


def test_the_acknowledged_position_counts_only_as_far_as_the_logs_are_known_to_agree() -> None:
    hand = follower(TWO, THREE)
    hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 9))
    assert hand.value() == "two"
    assert hand.replica.committed == 2


def test_the_acknowledged_position_does_not_go_back() -> None:
    hand = follower(TWO, THREE, committed=3)
    hand.get("n0", Append(1, Lsn(1, 3), (), 1))
    assert (hand.replica.committed, hand.value()) == (3, "three")


def test_a_leader_that_asks_is_answered_though_nothing_is_new() -> None:
    hand = Hand("n1", SYNC)
    assert hand.get("n0", Append(1, Lsn(1, 1), (), 1)) == []
    assert hand.get("n0", Append(1, Lsn(1, 1), (), 1, asks=True)) == [Send("n0", Appended(1, 1, 1))]


def test_a_delete_is_an_entry_like_any_other() -> None:
    hand = follower(TWO, put((1, 3), None, request=2), committed=3)
    assert hand.replica.values == {"k": (None, Lsn(1, 3))}


# --- gaps, duplicates, reordering


def test_a_gap_is_rejected_with_the_end_of_the_log() -> None:
    hand = follower(TWO)
    effects = hand.get("n0", Append(1, Lsn(1, 3), (FOUR,), 4))
    assert effects == [Send("n0", AppendRejected(1, 2, 1))]
    assert hand.log == ["1:1", "1:2"]
    assert hand.value() is None


def test_a_duplicate_brings_nothing_and_is_answered() -> None:
    hand = follower(TWO)
    assert hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 1)) == [Send("n0", Appended(1, 2, 1))]


def test_an_old_duplicate_takes_nothing_away() -> None:
    hand = follower(TWO, THREE, FOUR)
    effects = hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 1))
    assert effects == [Send("n0", Appended(1, 3, 1))]
    assert hand.log == ["1:1", "1:2", "1:3", "1:4"]


def test_an_old_duplicate_does_not_bring_an_old_value_back() -> None:
    hand = follower(TWO, THREE, committed=3)
    hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 2))
    assert hand.replica.values == {"k": ("three", Lsn(1, 3))}
    assert hand.replica.requests == {"c": (2, Lsn(1, 3))}


def test_of_an_overlap_only_the_new_part_is_taken() -> None:
    hand = follower(TWO, THREE)
    assert written(hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE, FOUR), 1))) == [
        AppendRecord(3, (FOUR,), 1)
    ]


# --- conflicts


def test_a_conflict_truncates_the_tail() -> None:
    hand = follower(TWO, THREE)
    second = opening((2, 2), "n2")
    effects = hand.get("n2", Append(2, Lsn(1, 1), (second,), 1))
    assert effects == [
        Persist(2, EpochRecord(2)),
        Note("tail truncated", 2),
        Persist(3, AppendRecord(1, (second,), 1)),
        Send("n2", Appended(2, 2, 1)),
    ]
    assert hand.log == ["1:1", "2:2"]
    assert hand.replica.members == ()


def test_what_was_durable_of_a_truncated_tail_counts_for_nothing() -> None:
    hand = follower(TWO, THREE)
    assert hand.replica.persisted == 3
    hand.get("n2", Append(2, Lsn(1, 1), (opening((2, 2), "n2"), put((2, 3), "new")), 1))
    assert hand.replica.persisted == 1
    hand.sync()
    assert hand.replica.persisted == 3


def test_a_sync_of_what_was_truncated_meanwhile_counts_for_nothing() -> None:
    hand = Hand("n1", SYNC)
    hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 1))
    hand.get("n2", Append(2, Lsn(1, 1), (opening((2, 2), "n2"), put((2, 3), "new")), 1))
    hand.do(Persisted(1))
    assert hand.replica.persisted == 1
    hand.sync()
    assert hand.replica.persisted == 3


def test_a_differing_previous_entry_is_answered_by_where_its_epoch_begins() -> None:
    hand = follower(TWO)
    hand.get("n2", Append(2, Lsn(1, 2), (opening((2, 3), "n2"), put((2, 4), "x"), put((2, 5), "y")), 1))
    effects = hand.get("n0", Append(4, Lsn(3, 5), (), 1))
    assert spoken(effects) == [("n0", AppendRejected(4, 2, 1))]


def test_the_hint_does_not_go_below_a_snapshot() -> None:
    hand = follower(TWO, THREE, FOUR, committed=3, compact_after=3)
    assert hand.log == ["1:4"]
    effects = hand.get("n2", Append(2, Lsn(2, 4), (), 1))
    assert spoken(effects) == [("n2", AppendRejected(2, 3, 1))]


def test_the_members_are_those_of_the_truncated_log() -> None:
    hand = follower(opening((1, 2), "n0", N2))
    assert hand.replica.members == (N2,)
    hand.get("n2", Append(2, Lsn(1, 1), (put((2, 2), "x"),), 1))
    assert list(hand.replica.members) == [N1]


def test_acknowledged_entries_are_not_dropped() -> None:
    hand = follower(TWO, THREE, committed=3)
    effects = hand.get("n2", Append(2, Lsn(1, 1), (opening((2, 2), "n2"),), 1))
    assert spoken(effects) == [("n2", AppendRejected(2, 0, 1))]
    assert hand.log == ["1:1", "1:2", "1:3"]


def test_a_whole_log_that_lacks_acknowledged_entries_stops_the_node() -> None:
    hand = follower(TWO, committed=2)
    with pytest.raises(InvariantBroken, match="n1 is to drop acknowledged entries, and no epoch was forced"):
        hand.get("n2", Append(2, ORIGIN, (FIRST, opening((2, 2), "n2")), 1))


def test_a_forced_epoch_may_drop_acknowledged_entries() -> None:
    hand = follower(TWO, committed=2)
    forced = opening((2, 2), "n2", forced=True)
    effects = hand.get("n2", Append(2, Lsn(1, 1), (forced,), 1))
    assert noted(effects) == ["acknowledged tail dropped by force"]
    assert spoken(effects) == [("n2", AppendRejected(2, 0, 1))]
    assert (hand.log, hand.value(), hand.replica.committed) == ([], None, 0)
    hand.get("n2", Append(2, ORIGIN, (FIRST, forced), 2))
    assert hand.log == ["1:1", "2:2"]
    assert hand.replica.committed == 2


# --- epochs


@pytest.mark.parametrize(
    "message",
    [
        Append(1, Lsn(1, 1), (TWO,), 1),
        InstallSnapshot(1, Snapshot(Lsn(1, 9), {}, {}, (), None), 9),
        Confirm(1, 7, 1),
        AskPromise(1),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_of_an_old_epoch_is_fenced_and_changes_nothing(message: Any) -> None:
    hand = Hand("n1", SYNC)
    hand.get("n2", Append(2, Lsn(1, 1), (opening((2, 2), "n2"),), 1))
    assert hand.get("n0", message) == [Send("n0", Fenced(2, "n2"))]
    assert hand.log == ["1:1", "2:2"]


def test_a_higher_epoch_is_promised_durably_before_it_is_answered() -> None:
    effects = Hand("n1", SYNC).get("n2", Confirm(5, 3, 1))
    assert effects == [Persist(1, EpochRecord(5)), Send("n2", Confirmed(5, 3, 1))]


def test_the_promise_survives_a_restart() -> None:
    hand = Hand("n1", SYNC, EpochRecord(5))
    assert told(hand.get("n0", Append(1, Lsn(1, 1), (TWO,), 1)), "n0") == [Fenced(5, None)]


def test_the_disk_that_the_log_is_on_is_named() -> None:
    assert told(Hand("n1", SYNC, disk=3).get("n0", Append(1, Lsn(1, 1), (TWO,), 1)), "n0") == [
        Appended(1, 2, 3)
    ]


# --- snapshots

STATE = Snapshot(Lsn(1, 3), {"k": ("three", Lsn(1, 3))}, {"c": (2, Lsn(1, 3))}, (N1,), "n0")


def test_catch_up_by_snapshot() -> None:
    hand = Hand("n1", SYNC)
    effects = hand.get("n0", InstallSnapshot(1, STATE, 3))
    assert effects == [
        Persist(1, SnapshotRecord(STATE, keeps=False)),
        Note("catch-up by snapshot"),
        Send("n0", Appended(1, 3, 1)),
    ]
    assert hand.value() == "three"
    assert hand.replica.position == Lsn(1, 3)
    hand.get("n0", Append(1, Lsn(1, 3), (FOUR,), 4))
    assert hand.value() == "four"


def test_entries_that_follow_on_the_snapshot_stay() -> None:
    hand = follower(TWO, THREE, FOUR)
    assert written(hand.get("n0", InstallSnapshot(1, STATE, 3))) == [SnapshotRecord(STATE, keeps=True)]
    assert hand.log == ["1:4"]


def test_entries_that_differ_from_the_snapshot_go() -> None:
    hand = follower(TWO, THREE, FOUR)
    other = Snapshot(Lsn(2, 3), {}, {}, (), "n2")
    assert written(hand.get("n2", InstallSnapshot(2, other, 3))) == [
        EpochRecord(2),
        SnapshotRecord(other, keeps=False),
    ]
    assert hand.log == []


def test_a_snapshot_of_what_is_known_changes_nothing() -> None:
    hand = follower(TWO, THREE, FOUR, committed=4)
    assert hand.get("n0", InstallSnapshot(1, STATE, 3)) == [Send("n0", Appended(1, 3, 1))]
    assert hand.value() == "four"


def test_entries_below_the_snapshot_are_known() -> None:
    hand = Hand("n1", SYNC)
    hand.get("n0", InstallSnapshot(1, STATE, 3))
    assert hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE), 3)) == [Send("n0", Appended(1, 3, 1))]
    assert written(hand.get("n0", Append(1, Lsn(1, 1), (TWO, THREE, FOUR), 3))) == [
        AppendRecord(3, (FOUR,), 3)
    ]


def test_a_forced_snapshot_takes_the_place_of_acknowledged_entries() -> None:
    hand = follower(TWO, THREE, FOUR, committed=4)
    forced = Snapshot(Lsn(2, 2), {}, {}, (), "n2", forced=2)
    hand.get("n2", InstallSnapshot(2, forced, 2))
    assert (hand.log, hand.value(), hand.replica.committed) == ([], None, 2)


# --- compaction


def test_the_applied_log_is_compacted_and_deletes_are_kept() -> None:
    hand = Hand("n1", SYNC, compact_after=3)
    gone = put((1, 3), None, request=2)
    effects = hand.get("n0", Append(1, Lsn(1, 1), (TWO, gone, FOUR), 3))
    state = Snapshot(Lsn(1, 3), {"k": (None, Lsn(1, 3))}, {"c": (2, Lsn(1, 3))}, (N1,), "n0")
    assert written(effects) == [AppendRecord(1, (TWO, gone, FOUR), 1), SnapshotRecord(state, keeps=True)]
    assert noted(effects) == ["log compacted"]
    assert hand.log == ["1:4"]


def test_a_short_log_is_not_compacted() -> None:
    hand = follower(TWO, committed=2, compact_after=3)
    assert hand.log == ["1:1", "1:2"]


def test_a_restart_shows_what_was_acknowledged_and_no_more() -> None:
    hand = Hand("n1", SYNC, AppendRecord(1, (TWO, THREE), 2))
    assert hand.value() == "two"
    assert hand.log == ["1:1", "1:2", "1:3"]
    assert hand.replica.role == "follower"


def test_a_disk_that_fails_stops_the_node() -> None:
    hand = follower(TWO)
    with pytest.raises(DiskFailed, match="n1 could not write to its disk: no space left"):
        hand.do(PersistFailed(2, "no space left"))
