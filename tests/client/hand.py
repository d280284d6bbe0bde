"""A client session driven by hand: it says where it sends what, and the test answers for the replicas."""

from __future__ import annotations

from typing import Any

from rts.client.requests import Done, Outcome, Request
from rts.client.session import ClientSession
from rts.client.tokens import Tokens
from rts.core.effects import Note, Send
from rts.core.events import Received, TimerFired
from rts.core.single_leader.messages import Item, ReadDone, ReadRequest, Refusal, WriteDone
from rts.core.single_leader.settings import Settings
from rts.ids import Lsn

NODES = ("n0", "n1", "n2", "n3")


class Client:
    """A session that knows `n0` as the leader of epoch 1."""

    def __init__(self, name: str = "s0", *, tokens: Tokens | None = None, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.session = ClientSession(
            name, NODES, leader="n0", epoch=1, settings=self.settings, tokens=tokens or Tokens()
        )
        self.now = 0
        self.effects: list[Any] = []
        self.target = ""
        self.message: Any = None
        self.outcome: Outcome | None = None
        self.notes: list[str] = []

    def take(self, effects: list[Any]) -> Client:
        self.effects = effects
        self.target, self.message = "", None
        for effect in effects:
            match effect:
                case Send(to=to, message=message):
                    self.target, self.message = to, message
                case Done(outcome=outcome):
                    self.outcome = outcome
                case Note(what=what):
                    self.notes.append(what)
        return self

    def begin(self, request: Request) -> Client:
        self.outcome, self.notes = None, []
        return self.take(self.session.begin(request, self.now))

    def read(self, mode: str, *, replica: int = 0, needs: tuple[str, ...] = ()) -> Client:
        return self.begin(Request(operation="read", keys=("k",), mode=mode, replica=replica, needs=needs))

    def write(self, value: Any = "v", *, needs: tuple[str, ...] = ()) -> Client:
        return self.begin(Request(operation="write", keys=("k",), value=value, needs=needs))

    def get(self, sender: str, message: Any) -> Client:
        return self.take(self.session.step(Received(sender, message), self.now, 0))

    def fire(self, timer: str, *, after_ns: int = 0) -> Client:
        self.now += after_ns
        return self.take(self.session.step(TimerFired(timer), self.now, 0))

    # --- the replicas' part

    def answer(self, value: Any, position: tuple[int, int]) -> Client:
        """The replica asked answers, as of a position."""
        leads = self.target == self.session.leader
        item = Item("k", value, Lsn(*position))
        return self.get(
            self.target, ReadDone(self.message.request, position[0], (item,), Lsn(*position), leads)
        )

    def done(self, position: tuple[int, int]) -> Client:
        """The leader asked has done the write."""
        return self.get(self.target, WriteDone(self.message.request, position[0], Lsn(*position)))

    def refuse(
        self, reason: Any = "behind", *, epoch: int = 1, leader: str | None = "n0", position: Any = (1, 1)
    ) -> Client:
        """The replica asked refuses."""
        refusal = Refusal(self.message.request, reason, epoch, leader, Lsn(*position))
        return self.get(self.target, refusal)

    @property
    def asked(self) -> tuple[str, ReadRequest]:
        """Whom the session asked last, and what, without the request's number."""
        return self.target, ReadRequest(0, *[getattr(self.message, name) for name in READ_FIELDS])


READ_FIELDS = ReadRequest.__struct_fields__[1:]


def plain(**named: Any) -> ReadRequest:
    """A read of the key `k`, as `asked` shows it."""
    return ReadRequest(0, ("k",), **named)
