"""What a leader knows of a follower: probe, replicate, snapshot."""

from __future__ import annotations

from rts.core.raft.log import Configuration, Snapshot
from rts.core.raft.progress import Progress
from rts.ids import Lsn, Member
from tests.core.raft.hand import N1

SNAPSHOT = Snapshot(Lsn(2, 8), Configuration((N1,)), b"state")


def probing(next_index: int = 5) -> Progress:
    return Progress("n1", N1, next_index)


def replicating(matched: int = 4) -> Progress:
    progress = probing()
    progress.match(matched)
    return progress


def test_one_append_at_a_time_while_probing() -> None:
    progress = probing()
    assert progress.may_send(16)
    progress.sent(7)
    assert not progress.may_send(16)
    assert progress.next == 5, "it may have to be sent again"
    progress.try_again()
    assert progress.may_send(16)


def test_a_match_ends_probing() -> None:
    progress = probing()
    assert progress.match(4)
    assert (progress.state, progress.matched, progress.next) == ("replicate", 4, 5)


def test_a_window_of_appends_while_replicating() -> None:
    progress = replicating()
    progress.sent(5)
    progress.sent(6)
    assert (progress.next, progress.may_send(2), progress.may_send(3)) == (7, False, True)
    assert progress.match(5)
    assert progress.may_send(2)
    progress.try_again()
    assert list(progress.under_way) == [6], "what is under way in a window is taken to arrive"


def test_what_was_matched_stays_so() -> None:
    progress = replicating(4)
    assert not progress.match(3)
    assert (progress.matched, progress.next) == (4, 5)


def test_probing_does_not_go_below_what_matched() -> None:
    progress = replicating(4)
    progress.probe(2)
    assert (progress.state, progress.next) == ("probe", 5)


def test_nothing_is_appended_while_a_snapshot_is_sent() -> None:
    progress = probing()
    progress.send_snapshot(SNAPSHOT)
    assert not progress.may_send(16)
    assert progress.match(3), "an old answer"
    assert progress.state == "snapshot"
    assert progress.match(8)
    assert (progress.state, progress.next, progress.snapshot) == ("replicate", 9, None)


def test_the_last_round_that_was_answered_does_not_go_back() -> None:
    progress = probing()
    progress.heard(N1, 3)
    progress.heard(N1, 2)
    assert progress.round == 3


def test_of_another_disk_nothing_is_known() -> None:
    progress = replicating(4)
    progress.heard(Member("n1", 2), 1)
    assert (progress.state, progress.matched, progress.member) == ("probe", 0, Member("n1", 2))


def test_a_newcomer_says_who_it_is() -> None:
    progress = Progress("n1", None, 5)
    progress.heard(N1, 1)
    assert (progress.member, progress.next) == (N1, 5)
