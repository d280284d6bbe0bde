"""A leader: appends, commitment, and clients."""

from __future__ import annotations

from rts.core.effects import Persist, Reply, Send
from rts.core.raft.leading import HEARTBEAT
from rts.core.raft.log import AppendRecord, Noop
from rts.core.raft.messages import (
    Appended,
    AppendEntries,
    Refused,
    Submit,
    Submitted,
    Unknown,
    Voted,
)
from rts.ids import ORIGIN, Lsn, Member
from tests.core.raft.hand import (
    BEAT,
    N1,
    N2,
    NOOP,
    Hand,
    append,
    command,
    entry,
    leader,
    timers,
    told,
    written,
)


def test_a_new_leader_appends_a_no_op_and_speaks_to_all_before_its_own_disk_is_done() -> None:
    hand = Hand()
    effects = hand.lead()
    noop = entry(1, 1, NOOP)
    message = AppendEntries(1, ORIGIN, (noop,), 0, 1)
    assert Persist(2, AppendRecord(0, (noop,))) in effects
    assert [one for one in effects if isinstance(one, Send)] == [
        Send("n1", message, before_persist=True),
        Send("n2", message, before_persist=True),
    ]
    assert timers(effects) == [(HEARTBEAT, BEAT)]


def test_a_command_is_appended_sent_and_answered_when_it_is_committed() -> None:
    hand = leader()
    effects = hand.submit("one")
    new = entry(1, 2, command("one"))
    assert written(effects) == [AppendRecord(1, (new,))]
    assert told(effects, "n1") == [AppendEntries(1, Lsn(1, 1), (new,), 1, 1)]
    hand.sync()
    assert hand.value() is None
    assert told(hand.answer("n1"), "c") == [Submitted(1, Lsn(1, 2), "k is one")]
    assert hand.value() == "one"


def test_two_followers_commit_before_the_leaders_own_disk_has_it() -> None:
    hand = leader()
    hand.submit("one")
    hand.answer("n1")
    assert hand.core.committed == 1
    assert told(hand.answer("n2"), "c") == [Submitted(1, Lsn(1, 2), "k is one")]


def test_the_leader_does_not_count_itself_before_its_disk_is_done() -> None:
    hand = leader()
    hand.submit("one")
    hand.answer("n1")
    assert hand.core.committed == 1
    assert told(hand.sync(), "c") == [Submitted(1, Lsn(1, 2), "k is one")]


def test_a_replay_of_an_acknowledgement_counts_once() -> None:
    hand = leader(voters=("n0", "n1", "n2", "n3", "n4"))
    hand.submit("one")
    hand.sync()
    hand.answer("n1")
    hand.answer("n1")
    assert hand.core.committed == 1
    hand.answer("n2")
    assert hand.core.committed == 2


def test_an_acknowledgement_of_an_earlier_term_does_not_count() -> None:
    hand = Hand(log=(1, 1), term=3)
    hand.lead()
    hand.sync()
    hand.get("n1", Appended(3, N1, 3, 1))
    hand.get("n2", Appended(3, N2, 3, 1))
    assert hand.core.progress["n1"].matched == 0
    assert hand.core.committed == 0


def test_the_acknowledgement_of_a_lost_disk_does_not_count_for_the_voter() -> None:
    hand = leader()
    hand.submit("one")
    hand.sync()
    hand.answer("n1", Member("n1", 2))
    assert hand.core.committed == 1
    assert hand.core.progress["n1"].state == "replicate", "it is sent the log all the same"


# --- clients


def test_who_does_not_lead_refuses_and_says_who_does() -> None:
    hand = Hand("n1")
    assert told(hand.submit("x"), "c") == [Refused(1, "not-leader", 0, None)]
    hand.get("n0", append(1, (0, 0)))
    assert told(hand.submit("x"), "c") == [Refused(1, "not-leader", 1, "n0")]


def test_a_command_that_was_done_is_answered_from_the_table_by_anyone() -> None:
    hand = leader()
    hand.submit("one")
    hand.sync()
    hand.answer("n1")
    again = hand.submit("one")
    assert again == [Reply("c", Submitted(1, Lsn(1, 2), "k is one"), before_persist=True)]
    hand.get("n1", append(2, (1, 2)))
    assert told(hand.submit("one"), "c") == [Submitted(1, Lsn(1, 2), "k is one")]


def test_a_late_duplicate_of_what_was_answered_gets_no_answer() -> None:
    hand = leader()
    hand.submit("one", request=1)
    hand.submit("two", request=2, answered=2)
    hand.sync()
    hand.answer("n1")
    assert hand.submit("one", request=1) == []


def test_a_command_asked_for_twice_while_it_waits_is_answered_twice_and_done_once() -> None:
    hand = leader()
    hand.submit("one")
    hand.get("c", Submit("c", 1, 0, ("k", "one")))
    hand.sync()
    assert told(hand.answer("n1"), "c") == [Submitted(1, Lsn(1, 2), "k is one")] * 2
    assert hand.machine.applied == ["one"]


def test_a_leader_that_steps_down_does_not_know_what_became_of_its_commands() -> None:
    hand = leader()
    hand.submit("one")
    effects = hand.get("n1", Voted(5, N1, False))
    assert told(effects, "c") == [Unknown(1, 5)]
    assert hand.core.waiting == {}


def test_the_first_entry_of_a_term_is_a_no_op() -> None:
    hand = Hand(log=(1,))
    hand.lead()
    assert isinstance(hand.core.log.at(2).command, Noop)
