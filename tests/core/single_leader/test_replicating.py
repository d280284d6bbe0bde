"""A leader: what it sends again, what it does about rejections, and whom it counts as a member."""

from __future__ import annotations

from typing import Any

from rts.core.effects import SetTimer
from rts.core.single_leader.leading import HEARTBEAT
from rts.core.single_leader.log import AppendRecord, ChangeMembers, Entry, Snapshot
from rts.core.single_leader.messages import (
    Append,
    AppendRejected,
    InstallSnapshot,
    WriteDone,
)
from rts.ids import Lsn
from rts.schedule import MILLISECOND
from tests.core.single_leader.hand import (
    N1,
    N2,
    NONE,
    QUORUM,
    SYNC,
    Hand,
    answers,
    noted,
    promoted,
    put,
    spoken,
    told,
    written,
)


def leader(settings: dict[str, Any] = SYNC, **more: Any) -> Hand:
    return Hand("n0", settings, **more)


# --- replication


def test_what_was_sent_is_not_sent_again_with_the_next_write() -> None:
    hand = leader()
    hand.write("a")
    assert told(hand.write("b", request=2), "n1") == [Append(1, Lsn(1, 2), (put((1, 3), "b", request=2),), 1)]


def test_a_heartbeat_sends_again_what_is_not_confirmed() -> None:
    hand = leader()
    answers(hand, "n1", 1)
    hand.write("a")
    effects = hand.fire(HEARTBEAT)
    assert told(effects, "n1") == [Append(1, Lsn(1, 1), (put((1, 2), "a"),), 1)]
    assert effects[-1] == SetTimer(HEARTBEAT, 500 * MILLISECOND)


def test_a_heartbeat_to_who_has_everything_is_empty_and_carries_the_acknowledged_position() -> None:
    hand = leader()
    hand.write("a")
    hand.sync()
    answers(hand, "n1", 2)
    assert told(hand.fire(HEARTBEAT), "n1") == [Append(1, Lsn(1, 2), (), 2)]


def test_a_heartbeat_asks_whom_nothing_is_known_of() -> None:
    assert told(leader().fire(HEARTBEAT), "n2") == [Append(1, Lsn(1, 1), (), 1, asks=True)]


def test_a_rejection_is_answered_from_the_hint_on() -> None:
    hand = leader()
    hand.write("a")
    hand.write("b", request=2)
    whole = (put((1, 2), "a"), put((1, 3), "b", request=2))
    assert spoken(hand.get("n1", AppendRejected(1, 1, 1))) == [("n1", Append(1, Lsn(1, 1), whole, 1))]


def test_a_hint_that_brings_nothing_new_is_left_to_the_heartbeat() -> None:
    hand = leader()
    assert hand.get("n1", AppendRejected(1, 1, 1)) == []


def test_a_lower_hint_after_a_disk_was_lost_starts_from_nothing() -> None:
    hand = leader()
    hand.write("a")
    hand.sync()
    answers(hand, "n1", 2)
    effects = hand.get("n1", AppendRejected(1, 0, 2))
    assert [(message.previous, len(message.entries)) for message in told(effects, "n1")] == [((0, 0), 2)]
    hand.write("b", request=2)
    hand.sync()
    assert told(answers(hand, "n1", 3, disk=2), "c") == []


def test_what_one_disk_confirmed_is_not_held_of_another() -> None:
    hand = leader()
    hand.write("a")
    answers(hand, "n1", 2)
    answers(hand, "n1", 1, disk=2)
    assert told(hand.fire(HEARTBEAT), "n1") == [Append(1, Lsn(1, 1), (put((1, 2), "a"),), 1)]


def test_a_follower_below_the_snapshot_gets_the_snapshot_and_what_follows() -> None:
    hand = leader(NONE, compact_after=2)
    hand.write("a")
    hand.sync()
    hand.write("b", request=2)
    assert hand.log == ["1:3"]
    state = Snapshot(Lsn(1, 2), {"k": ("a", Lsn(1, 2))}, {"c": (1, Lsn(1, 2))}, (), "n0")
    assert told(hand.get("n2", AppendRejected(1, 0, 1)), "n2") == [
        InstallSnapshot(1, state, 2),
        Append(1, Lsn(1, 2), (put((1, 3), "b", request=2),), 2),
    ]


# --- members


def test_a_quorum_member_that_lost_its_disk_is_readmitted_once_it_has_everything() -> None:
    hand = leader(QUORUM)
    hand.get("n2", AppendRejected(1, 0, 2))
    hand.write("a")
    hand.sync()
    answers(hand, "n1", 2)
    assert noted(answers(hand, "n2", 1, disk=2)) == []
    effects = answers(hand, "n2", 2, disk=2)
    assert noted(effects) == ["member readmitted"]
    assert hand.log[-1] == "1:3"
    assert hand.replica.members == (("n0", 1), ("n1", 1), ("n2", 2))
    assert hand.replica.configurations() == (
        (("n0", 1), ("n1", 1), ("n2", 1)),
        (("n0", 1), ("n1", 1), ("n2", 2)),
    )


def test_a_change_of_members_needs_the_members_before_it_as_well() -> None:
    hand = leader(QUORUM)
    answers(hand, "n2", 1, disk=2)
    assert hand.log[-1] == "1:2"
    hand.sync()
    answers(hand, "n2", 2, disk=2)
    assert hand.replica.committed == 1  # the old set has the leader alone
    answers(hand, "n1", 2)
    assert hand.replica.committed == 2
    assert hand.replica.configurations() == ((("n0", 1), ("n1", 1), ("n2", 2)),)


def test_no_second_change_starts_before_the_first_is_acknowledged() -> None:
    hand = leader(QUORUM)
    answers(hand, "n2", 1, disk=2)
    answers(hand, "n1", 2, disk=2)
    assert hand.log == ["1:1", "1:2"]


def test_a_synchronous_member_that_lost_its_disk_is_not_readmitted_within_the_epoch() -> None:
    hand = leader()
    hand.write("a")
    hand.sync()
    assert noted(answers(hand, "n1", 2, disk=2)) == []
    assert list(hand.replica.members) == [N1]
    assert hand.replica.committed == 1


def test_an_epoch_without_a_member_takes_the_first_that_has_caught_up_and_no_other() -> None:
    hand = promoted("n1")
    assert hand.log == ["1:1", "2:2"]
    hand.write("a")
    hand.sync()
    assert answers(hand, "n2", 1) == []  # lacks the opening entry
    assert list(hand.replica.members) == []
    effects = answers(hand, "n2", 3)
    assert written(effects) == [AppendRecord(3, (Entry(Lsn(2, 4), ChangeMembers((N2,))),), 1)]
    assert told(effects, "c") == []
    hand.sync()
    assert told(answers(hand, "n2", 4), "c") == [WriteDone(1, 2, Lsn(2, 3))]
    assert written(answers(hand, "n0", 4)) == []
    assert list(hand.replica.members) == [N2]
