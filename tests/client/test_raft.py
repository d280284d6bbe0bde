"""A session of a Raft client: whom it asks, and what its operations end as."""

from __future__ import annotations

from typing import Any

from rts.client.raft import ATTEMPT, TIMEOUT, RaftSession
from rts.client.requests import Done, Outcome, Request
from rts.core.effects import Send, SetTimer
from rts.core.events import Received, TimerFired
from rts.core.raft.messages import Answered, Query, Refused, Submit, Submitted, Unknown
from rts.core.raft.settings import Settings
from rts.ids import Lsn

SETTINGS = Settings()
POSITION = Lsn(1, 2)


class Client:
    """A session of `n0`, `n1`, `n2` that takes `n0` for the leader."""

    def __init__(self) -> None:
        self.session = RaftSession("s0", ("n0", "n1", "n2"), leader="n0", settings=SETTINGS)
        self.effects: list[Any] = []

    def begin(
        self, operation: Any = "write", *, mode: str = "leader", replica: int = 0, **named: Any
    ) -> None:
        self.effects = self.session.begin(
            Request(operation=operation, keys=("k",), mode=mode, replica=replica, **named), 0
        )

    def get(self, sender: str, message: Any) -> None:
        self.effects = self.session.step(Received(sender, message), 0, 0)

    def fire(self, timer: str) -> None:
        self.effects = self.session.step(TimerFired(timer), 0, 0)

    def refuse(self, sender: str, leader: str | None) -> None:
        self.get(sender, Refused(self.session.number, "not-leader", 1, leader))

    @property
    def sent(self) -> list[tuple[str, Any]]:
        return [(effect.to, effect.message) for effect in self.effects if isinstance(effect, Send)]

    @property
    def asked(self) -> list[str]:
        return [to for to, _ in self.sent]

    @property
    def outcome(self) -> Outcome | None:
        return next((effect.outcome for effect in self.effects if isinstance(effect, Done)), None)


def test_a_write_goes_to_the_leader_with_its_number() -> None:
    client = Client()
    client.begin(value=7)
    assert client.sent == [("n0", Submit("s0", 1, 1, ("write", "k", 7)))]
    client.get("n0", Submitted(1, POSITION, True))
    assert client.outcome == Outcome(status="ok", position=POSITION, node="n0", leads=True)


def test_deletes_and_compare_and_sets_are_commands_too() -> None:
    client = Client()
    client.begin("delete")
    assert client.sent[0][1].command == ("delete", "k")
    client.get("n0", Submitted(1, POSITION, True))
    client.begin("cas", expected=1, value=2)
    assert client.sent[0][1] == Submit("s0", 2, 2, ("cas", "k", 1, 2))
    client.get("n0", Submitted(2, POSITION, False))
    assert client.outcome == Outcome(status="fail", error="another value than expected", node="n0")


def test_a_command_keeps_its_number_however_often_it_is_sent() -> None:
    client = Client()
    client.begin(value=7)
    client.fire(ATTEMPT)
    assert client.sent == [("n1", Submit("s0", 1, 1, ("write", "k", 7)))]
    client.fire(ATTEMPT)
    assert client.asked == ["n2"]
    client.get("n0", Submitted(1, POSITION, True))
    assert client.outcome is not None
    assert client.outcome.status == "ok"


def test_a_refusal_that_names_the_leader_is_followed_at_once() -> None:
    client = Client()
    client.begin()
    client.refuse("n0", "n2")
    assert client.asked == ["n2"]


def test_a_refusal_that_names_nobody_makes_it_wait_and_ask_the_next() -> None:
    client = Client()
    client.begin()
    client.refuse("n0", None)
    assert client.effects == [SetTimer(ATTEMPT, SETTINGS.heartbeat_ns)]
    client.fire(ATTEMPT)
    assert client.asked == ["n1"]


def test_nodes_that_name_each_other_do_not_keep_it_from_the_third() -> None:
    client = Client()
    client.begin()
    asked = []
    for _ in range(3):
        client.refuse("n0", None)
        client.fire(ATTEMPT)
        asked += client.asked
        client.refuse(client.asked[0], "n0")
    assert set(asked) == {"n0", "n1", "n2"}


def test_a_leader_that_stepped_down_is_asked_again_in_a_moment() -> None:
    client = Client()
    client.begin()
    client.get("n0", Unknown(1, 2))
    assert client.outcome is None
    assert SetTimer(ATTEMPT, SETTINGS.heartbeat_ns) in client.effects


def test_what_is_not_answered_in_time_may_or_may_not_be_done_even_if_all_refused() -> None:
    client = Client()
    client.begin()
    client.refuse("n0", None)
    client.fire(TIMEOUT)
    assert client.outcome == Outcome(status="info", error="timed out")


def test_an_answer_to_an_earlier_operation_says_nothing() -> None:
    client = Client()
    client.begin()
    client.fire(TIMEOUT)
    client.begin("read")
    client.get("n0", Submitted(1, POSITION, True))
    assert client.outcome is None
    client.get("n0", Answered(2, POSITION, (7, POSITION), True))
    assert client.outcome is not None
    assert client.outcome.items == (("k", 7, POSITION),)
    client.get("n0", Answered(2, POSITION, (7, POSITION), True))
    assert client.effects == []


def test_a_read_goes_where_its_mode_says() -> None:
    for mode, replica, target, asked in (
        ("leader", 1, "n0", "leader"),
        ("lease", 1, "n0", "lease"),
        ("read-index", 1, "n1", "read-index"),
        ("follower", 2, "n2", "local"),
        ("replica", 4, "n1", "local"),
    ):
        client = Client()
        client.begin("read", mode=mode, replica=replica)
        assert client.sent == [(target, Query(1, "k", asked))]  # type: ignore[arg-type]  # a mode


def test_a_session_stays_with_the_follower_that_it_read_from_first() -> None:
    client = Client()
    client.begin("read", mode="follower", replica=2)
    client.fire(ATTEMPT)
    assert client.asked == ["n2"]
    client.fire(TIMEOUT)
    client.begin("read", mode="follower", replica=1)
    assert client.asked == ["n2"]


def test_what_the_caller_gives_up_may_or_may_not_be_done() -> None:
    client = Client()
    client.begin()
    client.effects = client.session.give_up(0)
    assert client.outcome == Outcome(status="info", error="cancelled")
