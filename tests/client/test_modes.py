"""The read modes: where each read goes, what it asks for, where next, and what is noted."""

from __future__ import annotations

from typing import Any

import pytest

from rts.client.modes import KNOWLEDGE_NS, ROUTES
from rts.client.requests import Outcome, Request
from rts.client.session import ATTEMPT
from rts.core.single_leader.messages import Repoint
from rts.ids import Lsn
from rts.schedule import MILLISECOND, SECOND
from tests.client.hand import Client, plain

TOKEN = Lsn(1, 5)


def after_a_write(**settings: Any) -> Client:
    """A session that wrote at 1:5."""
    client = Client(**settings)
    client.write().done((1, 5))
    return client


def failed(client: Client) -> str | None:
    assert client.outcome is not None
    assert client.outcome.status == "fail"
    return client.outcome.error


# --- replica, leader, any-follower


@pytest.mark.parametrize(("replica", "node"), [(0, "n0"), (3, "n3"), (5, "n1")])
def test_replica_asks_the_one_drawn_leader_or_not(replica: int, node: str) -> None:
    assert Client().read("replica", replica=replica).asked == (node, plain())


def test_leader_asks_the_leader_to_confirm() -> None:
    client = after_a_write().read("leader", replica=2)
    assert client.asked == ("n0", plain(consistency="leader"))
    client.answer("v", (1, 7))
    assert client.outcome == Outcome(
        status="ok", items=(("k", "v", Lsn(1, 7)),), position=Lsn(1, 7), node="n0", leads=True
    )


def test_leader_follows_a_refusal_and_asks_again_after_silence() -> None:
    client = Client().read("leader").refuse("not-leader", epoch=2, leader="n2")
    assert client.asked == ("n2", plain(consistency="leader"))
    assert client.fire(ATTEMPT).asked == ("n2", plain(consistency="leader"))


def test_leader_fails_when_nobody_leads() -> None:
    client = Client().read("leader")
    asked = [client.target]
    while client.outcome is None:
        client.refuse("not-leader", leader=None)
        asked.append(client.target)
    assert asked == ["n0", "n1", "n2", "n3", "n0", "n1", "n2", "n3", ""]
    assert failed(client) == "no node leads"


@pytest.mark.parametrize(("replica", "node"), [(0, "n1"), (1, "n2"), (2, "n3"), (3, "n1")])
def test_any_follower_asks_the_follower_drawn_without_a_token(replica: int, node: str) -> None:
    assert after_a_write().read("any-follower", replica=replica).asked == (node, plain())


def test_any_follower_takes_what_it_gets_and_tries_nobody_else() -> None:
    client = Client().read("any-follower")
    assert all(getattr(effect, "name", None) != ATTEMPT for effect in client.effects)
    client.refuse()
    assert failed(client) == "no replica serves the read"


@pytest.mark.parametrize("mode", ["any-follower", "session-consistent", "pinned", "best-effort-fresh"])
def test_a_program_may_choose_the_follower_itself(mode: str) -> None:
    client = Client()
    offered: list[tuple[str, ...]] = []

    def last(request: Request, followers: tuple[str, ...]) -> str:
        offered.append(followers)
        return followers[-1]

    client.session.select = last
    assert client.read(mode, replica=0).target == "n3"
    assert offered == [("n1", "n2", "n3")]


def test_followers_are_all_but_the_leader_after_a_promotion_too() -> None:
    client = Client()
    client.get("operator", Repoint(2, "n1"))
    assert client.read("any-follower").target == "n0"
    assert client.session.followers == ("n0", "n2", "n3")


# --- session-consistent


def test_a_session_without_a_past_needs_no_token() -> None:
    assert Client().read("session-consistent").asked == ("n1", plain())


@pytest.mark.parametrize(
    ("fallback", "behind"), [("leader", "refuse"), ("wait", "wait"), ("forward", "forward")]
)
def test_session_consistent_sends_its_token_and_says_what_to_do_when_behind(
    fallback: str, behind: Any
) -> None:
    client = after_a_write(fallback=fallback).read("session-consistent", replica=1)
    assert client.asked == ("n2", plain(at_least=TOKEN, behind=behind))


def test_session_consistent_falls_back_to_the_leader_after_a_refusal() -> None:
    client = after_a_write().read("session-consistent").refuse()
    assert client.asked == ("n0", plain(at_least=TOKEN, behind="wait"))
    assert client.notes == ["fallback to the leader"]


def test_session_consistent_falls_back_to_the_leader_after_silence() -> None:
    client = after_a_write(fallback="wait").read("session-consistent").fire(ATTEMPT)
    assert client.asked == ("n0", plain(at_least=TOKEN, behind="wait"))
    assert client.notes == ["fallback to the leader"]


def test_what_is_known_of_a_follower_does_not_replace_the_token() -> None:
    client = after_a_write()
    client.read("any-follower").answer("v", (1, 5))
    assert client.read("session-consistent").asked == ("n1", plain(at_least=TOKEN))


def test_a_read_advances_the_token() -> None:
    client = after_a_write()
    client.read("any-follower").answer("w", (1, 8))
    assert client.read("session-consistent").message.at_least == Lsn(1, 8)


def test_the_token_goes_with_the_session_across_a_promotion() -> None:
    client = after_a_write()
    client.get("operator", Repoint(2, "n1"))
    assert client.notes == ["token carried across promotion"]
    assert client.read("session-consistent").asked == ("n0", plain(at_least=TOKEN))


@pytest.mark.parametrize(
    ("needs", "at_least"),
    [
        (("read-your-writes",), Lsn(1, 5)),
        (("monotonic-reads",), Lsn(1, 8)),
        (("consistent-prefix",), Lsn(1, 8)),
        (("read-your-writes", "monotonic-reads"), Lsn(1, 8)),
    ],
)
@pytest.mark.parametrize("asked_by", ["operation", "settings"])
def test_guarantees_asked_for_one_by_one_send_their_part_of_the_token(
    needs: tuple[str, ...], at_least: Lsn, asked_by: str
) -> None:
    client = Client(needs=needs if asked_by == "settings" else ())
    client.write().done((1, 5))
    client.read("any-follower").answer("w", (1, 8))
    if asked_by == "settings":
        client.read("session-consistent")
    else:
        client.read("any-follower", needs=needs)
    assert client.asked == ("n1", plain(at_least=at_least))


# --- pinned


def test_pinned_stays_where_it_read_first() -> None:
    client = Client()
    assert client.read("pinned", replica=1).asked == ("n2", plain())
    client.answer("v", (1, 2))
    assert client.read("pinned", replica=0).target == "n2"


def test_pinned_moves_when_its_replica_is_silent_and_takes_nothing_along() -> None:
    client = Client()
    client.read("pinned", replica=1).answer("v", (1, 9))
    client.read("pinned", replica=0).fire(ATTEMPT)
    assert client.asked == ("n1", plain())
    assert client.notes == ["pinned session moved"]
    client.answer("old", (1, 2))
    assert client.read("pinned", replica=1).target == "n1"


def test_pinned_moves_to_another_replica_even_if_its_draw_points_at_the_same() -> None:
    client = Client().read("pinned", replica=0)
    assert client.target == "n1"
    assert client.fire(ATTEMPT).target == "n2"


# --- leader-window


def test_leader_window_asks_any_follower_before_the_first_write() -> None:
    assert Client().read("leader-window", replica=1).asked == ("n2", plain())


@pytest.mark.parametrize(
    ("after_ns", "asked"),
    [
        (200 * MILLISECOND, ("n0", plain(consistency="leader"))),
        (200 * MILLISECOND + 1, ("n2", plain())),
    ],
)
def test_leader_window_asks_the_leader_as_long_as_the_window_is_open(after_ns: int, asked: Any) -> None:
    client = after_a_write(window_ns=200 * MILLISECOND)
    client.now += after_ns
    assert client.read("leader-window", replica=1).asked == asked


def test_leader_window_may_close_between_two_attempts() -> None:
    client = after_a_write(window_ns=200 * MILLISECOND).read("leader-window", replica=1)
    assert client.target == "n0"
    assert client.fire(ATTEMPT, after_ns=300 * MILLISECOND).asked == ("n2", plain())


# --- bounded-staleness


def test_bounded_staleness_asks_for_its_bound() -> None:
    client = Client(bound_ns=SECOND, bound_entries=3).read("bounded-staleness", replica=1)
    assert client.asked == ("n2", plain(consistency="fresh", bound_ns=SECOND, bound_entries=3))


@pytest.mark.parametrize("how", ["refusal", "silence"])
def test_a_replica_over_the_bound_leaves_the_pool_and_comes_back(how: str) -> None:
    client = Client(heartbeat_ns=500 * MILLISECOND).read("bounded-staleness")
    assert client.target == "n1"
    client.refuse("not-fresh") if how == "refusal" else client.fire(ATTEMPT)
    assert client.notes == ["replica left the pool"]
    assert client.target == "n2"
    client.answer("v", (1, 2))
    client.now += 500 * MILLISECOND - 1
    assert client.read("bounded-staleness").target == "n2"
    client.answer("v", (1, 2))
    client.now += 1
    assert client.read("bounded-staleness").target == "n1"


def exhausted(**settings: Any) -> Client:
    """A read that every follower refused."""
    client = Client(**settings).read("bounded-staleness")
    asked = [client.target]
    for _ in range(3):
        asked.append(client.refuse("not-fresh").target)
    assert asked[:3] == ["n1", "n2", "n3"]
    return client


def test_an_empty_pool_is_an_error_and_an_alert() -> None:
    client = exhausted(none_fresh="error")
    assert failed(client) == "no replica is within the bound"
    assert client.notes == [*["replica left the pool"] * 3, "alert: no replica within the bound"]


def test_an_empty_pool_is_the_leaders_business_if_so_configured() -> None:
    client = exhausted(none_fresh="leader")
    assert client.asked == ("n0", plain(consistency="leader"))
    # n0 turns out to be a follower now, and was not tried as one
    client.refuse("not-leader", epoch=2, leader="n2")
    assert client.asked == ("n0", plain(consistency="fresh", bound_ns=SECOND))
    client.refuse("not-fresh", epoch=2, leader="n2")
    assert client.asked == ("n2", plain(consistency="leader"))
    assert client.notes.count("alert: no replica within the bound") == 1


# --- best-effort-fresh


def knows(client: Client, node: int, position: tuple[int, int]) -> None:
    """The session heard how far a follower is."""
    client.read("any-follower", replica=node).answer("v", position)


def test_best_effort_asks_a_follower_of_which_nothing_is_known() -> None:
    assert after_a_write().read("best-effort-fresh").asked == ("n1", plain())


def test_best_effort_asks_the_leader_where_the_follower_is_known_to_be_behind() -> None:
    client = after_a_write()
    knows(client, 0, (1, 4))
    assert client.read("best-effort-fresh", replica=0).asked == ("n0", plain())
    assert client.read("best-effort-fresh", replica=1).asked == ("n2", plain())


def test_best_effort_asks_a_follower_that_is_known_to_be_level() -> None:
    client = after_a_write()
    knows(client, 0, (1, 5))
    assert client.read("best-effort-fresh", replica=0).target == "n1"


def test_what_best_effort_heard_long_ago_counts_no_more() -> None:
    client = after_a_write()
    knows(client, 0, (1, 4))
    client.now += KNOWLEDGE_NS
    assert client.read("best-effort-fresh").target == "n0"
    client.now += 1
    assert client.read("best-effort-fresh").target == "n1"


def test_what_was_known_of_positions_is_forgotten_at_a_promotion() -> None:
    client = after_a_write()
    knows(client, 1, (1, 4))
    client.get("operator", Repoint(2, "n3"))
    assert client.read("best-effort-fresh", replica=2).target == "n2"


def test_every_mode_has_a_route() -> None:
    assert sorted(ROUTES) == [
        "any-follower",
        "best-effort-fresh",
        "bounded-staleness",
        "leader",
        "leader-window",
        "pinned",
        "replica",
        "session-consistent",
    ]
