"""A client session: what it sends, what it learns from refusals, and what it may say of the outcome."""

from __future__ import annotations

from typing import Any

import pytest

from rts.client.requests import Done, Outcome, Request
from rts.client.session import ATTEMPT, TIMEOUT
from rts.client.tokens import Tokens
from rts.core.effects import CancelTimer, Send, SetTimer
from rts.core.single_leader.messages import Repoint, Unknown, WriteDone, WriteRequest
from rts.ids import Lsn
from rts.schedule import MILLISECOND, SECOND
from tests.client.hand import Client


def ended(client: Client) -> tuple[str, str | None, str | None]:
    """Status, error and node of what the session recorded."""
    assert client.outcome is not None
    return client.outcome.status, client.outcome.error, client.outcome.node


# --- writes


def test_a_write_goes_to_the_leader_and_is_done_when_acknowledged() -> None:
    client = Client().write("v")
    assert client.effects == [
        SetTimer(TIMEOUT, 2 * SECOND),
        Send("n0", WriteRequest(1, 1, "write", "k", "v")),
    ]
    client.done((1, 5))
    outcome = Outcome(status="ok", position=Lsn(1, 5), node="n0", leads=True)
    assert client.effects == [CancelTimer(TIMEOUT), CancelTimer(ATTEMPT), Done(outcome)]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request(operation="delete", keys=("k",)), WriteRequest(1, 1, "delete", "k")),
        (
            Request(operation="cas", keys=("k",), value="b", expected="a"),
            WriteRequest(1, 1, "cas", "k", "b", "a"),
        ),
    ],
    ids=["delete", "cas"],
)
def test_other_writes(request_: Request, message: WriteRequest) -> None:
    client = Client().begin(request_)
    assert (client.target, client.message) == ("n0", message)


def test_silence_after_a_write_is_an_unknown_outcome_and_it_is_never_sent_again() -> None:
    client = Client().write()
    assert not any(isinstance(effect, SetTimer) and effect.name == ATTEMPT for effect in client.effects)
    client.fire(TIMEOUT, after_ns=2 * SECOND)
    assert ended(client) == ("info", "timed out", None)


def test_a_leader_that_does_not_know_makes_the_outcome_unknown() -> None:
    client = Client().write().get("n0", Unknown(1, 2))
    assert ended(client) == ("info", "the leader was deposed or gave up", "n0")


def test_a_compare_and_set_that_failed_is_a_failure() -> None:
    client = Client().begin(Request(operation="cas", keys=("k",), value="b", expected="a"))
    client.refuse("compare-failed")
    assert ended(client) == ("fail", "another value than expected", "n0")


@pytest.mark.parametrize(("operation", "seen"), [("write", None), ("cas", Lsn(1, 5))])
def test_a_compare_and_set_is_a_read_as_well(operation: Any, seen: Lsn | None) -> None:
    client = Client().begin(Request(operation=operation, keys=("k",), value="b"))
    client.done((1, 5))
    assert client.read("any-follower", needs=("monotonic-reads",)).message.at_least == seen


def test_a_refused_write_is_sent_to_the_leader_that_the_refusal_names() -> None:
    client = Client().write("v").refuse("not-leader", epoch=2, leader="n2")
    assert (client.target, client.message) == ("n2", WriteRequest(2, 2, "write", "k", "v"))
    assert ended(client.done((2, 7)))[0] == "ok"


def test_a_hint_of_the_own_epoch_is_followed_too() -> None:
    client = Client()
    client.session.leader = "n3"
    assert client.write().refuse("not-leader", epoch=1, leader="n0").target == "n0"


def test_without_a_hint_the_next_node_is_asked() -> None:
    client = Client().write().refuse("not-leader", leader=None)
    assert client.target == "n1"
    assert client.refuse("not-leader", leader=None).target == "n2"


def test_a_refusal_of_a_lower_epoch_names_no_leader() -> None:
    client = Client()
    client.get("operator", Repoint(3, "n2"))
    assert client.write().refuse("not-leader", epoch=2, leader="n1").target == "n3"
    assert client.session.epoch == 3


def test_a_write_that_every_node_refuses_fails() -> None:
    client = Client().write()
    asked = [client.target]
    while client.outcome is None:
        asked.append(client.refuse("not-leader", leader=None).target)
    assert asked == ["n0", "n1", "n2", "n3", "n0", ""]
    assert ended(client) == ("fail", "no node leads", "n0")


@pytest.mark.parametrize(
    ("needs", "at_least"),
    [
        ((), None),
        (("monotonic-writes",), Lsn(1, 5)),
        (("writes-follow-reads",), Lsn(1, 8)),
        (("read-your-writes",), None),
    ],
)
def test_a_write_asks_for_the_guarantees_that_it_names(needs: tuple[str, ...], at_least: Any) -> None:
    client = Client()
    client.write().done((1, 5))
    client.read("any-follower").answer("w", (1, 8))
    assert client.write(needs=needs).message.at_least == at_least


# --- reads


def test_a_read_is_given_up_in_the_end() -> None:
    client = Client().read("leader")
    client.fire(ATTEMPT, after_ns=300 * MILLISECOND)
    client.fire(TIMEOUT, after_ns=1_700 * MILLISECOND)
    assert ended(client) == ("info", "timed out", None)
    assert client.effects[:2] == [CancelTimer(TIMEOUT), CancelTimer(ATTEMPT)]


def test_each_attempt_has_a_number_and_a_time_of_its_own() -> None:
    client = Client().read("leader")
    assert client.message.request == 1
    client.fire(ATTEMPT)
    assert client.message.request == 2
    assert client.effects[-1] == SetTimer(ATTEMPT, 300 * MILLISECOND)


def test_an_answer_to_an_earlier_attempt_is_as_good() -> None:
    client = Client().read("session-consistent")
    first, request = client.target, client.message.request
    client.fire(ATTEMPT)
    client.target, client.message = first, client.message
    client.message = type(client.message)(request, ("k",))
    client.answer("v", (1, 3))
    assert ended(client) == ("ok", None, "n1")


def test_a_refusal_of_an_earlier_attempt_changes_nothing() -> None:
    client = Client().read("leader")
    early = client.message
    client.fire(ATTEMPT)
    client.target, client.message = "n0", early
    client.refuse("not-leader", epoch=2, leader="n2")
    assert client.effects == []
    assert client.session.leader == "n0"


def test_a_caller_that_no_longer_waits_does_not_know_the_outcome() -> None:
    client = Client().write()
    client.take(client.session.give_up(7))
    assert ended(client) == ("info", "cancelled", None)
    assert client.get("n0", WriteDone(1, 1, Lsn(1, 2))).effects == []


# --- what comes late, and what comes from the operator


def test_an_answer_to_an_operation_that_was_given_up_is_no_answer_to_the_next() -> None:
    client = Client().write("v")
    client.fire(TIMEOUT)
    client.write("w")
    client.get("n0", WriteDone(1, 1, Lsn(1, 2)))
    assert client.outcome is None
    client.get("n0", WriteDone(2, 1, Lsn(1, 3)))
    assert ended(client)[0] == "ok"


def test_an_answer_to_nothing_is_ignored() -> None:
    client = Client().write()
    client.done((1, 2))
    assert client.get("n0", WriteDone(1, 1, Lsn(1, 2))).effects == []
    assert client.fire(TIMEOUT).effects == []


def test_the_operators_word_counts_if_its_epoch_is_higher() -> None:
    client = Client()
    client.get("operator", Repoint(3, "n2"))
    client.get("operator", Repoint(2, "n1"))
    client.get("operator", Repoint(3, "n3"))
    assert (client.session.leader, client.session.epoch) == ("n2", 3)


def test_a_session_without_a_past_carries_no_token_across_a_promotion() -> None:
    client = Client()
    client.get("operator", Repoint(2, "n1"))
    assert client.notes == []


# --- whose token


def test_two_devices_of_one_user_share_a_token() -> None:
    tokens = Tokens("user", {"phone": "ann", "laptop": "ann"})
    phone, laptop = Client("phone", tokens=tokens), Client("laptop", tokens=tokens)
    phone.write().done((1, 5))
    assert laptop.read("session-consistent").message.at_least == Lsn(1, 5)


@pytest.mark.parametrize("kept_by", ["client", "server"])
def test_else_two_sessions_do_not(kept_by: Any) -> None:
    tokens = Tokens(kept_by, {"phone": "ann", "laptop": "ann"})
    phone, laptop = Client("phone", tokens=tokens), Client("laptop", tokens=tokens)
    phone.write().done((1, 5))
    assert laptop.read("session-consistent").message.at_least is None
