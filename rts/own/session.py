"""A session of one's own store at work: one operation after another, each timed, recorded and judged by how
it ended."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import trio

from rts.errors import OutcomeUnknown, Refused
from rts.own.client import Client, Order
from rts.own.clock import Inbox
from rts.own.recorder import Recorder
from rts.sim.trace import Trace

if TYPE_CHECKING:
    from rts.own.store import Store

Phase = Literal["main", "final"]


class Session:
    """A client session, the `place`-th of a run, and the store's code that runs at its side.

    `done` is called after each operation, `broke(what)` where the store's code raised what it should not.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        place: int,
        orders: Inbox[Order],
        recorder: Recorder,
        trace: Trace,
        *,
        mode: str,
        phase: Phase,
        done: Callable[[], None],
        broke: Callable[[str, str], None],
    ) -> None:
        self.store = store
        self.client = client
        self.place = place
        self.orders = orders
        self.recorder = recorder
        self.trace = trace
        self.mode = mode
        self.phase: Phase = phase
        self.done = done
        self.broke = broke
        self.last_seen: dict[str, Any] = {}
        self.last_succeeded = False

    async def run(self) -> None:
        """Carry out what is ordered, for ever."""
        async for order in self.orders:
            await self._carry_out(order)
            self.done()

    async def _carry_out(self, order: Order) -> None:
        client, recorder = self.client, self.recorder
        client.draw, client.served_by = order.draw, order.node
        expected = self.last_seen.get(order.key)
        index = recorder.begin(
            client.name,
            order.kind,
            order.key,
            value=order.value,
            expected=expected,
            mode=self.mode if order.kind == "read" else None,
            phase=self.phase,
        )
        self.last_succeeded = False
        timeout_s = self.store.client_timeout_s
        try:
            with trio.move_on_after(timeout_s) as scope:
                result = await self._act(order, expected)
        except Exception as error:
            self._failed(index, order, error)
            return
        if scope.cancelled_caught:
            self.trace.reach("operation timed out")
            recorder.leave_open(index, f"no answer within {timeout_s:g} s", node=client.served_by)
            return
        try:
            value = recorder.succeed(index, result, node=client.served_by)
        except TypeError as error:
            self._failed(index, order, error)
            return
        self.last_seen[order.key] = value
        self.last_succeeded = True

    async def _act(self, order: Order, expected: Any) -> Any:
        store, client = self.store, self.client
        match order.kind:
            case "write":
                return await store.write(client, order.key, order.value)
            case "delete":
                return await store.delete(client, order.key)
            case "cas":
                return await store.compare_and_set(client, order.key, expected, order.value)
            case "read" if order.node is not None:
                return await store.read_at(client, order.node, order.key)
            case "read":
                return await store.read(client, order.key)

    def _failed(self, index: int, order: Order, error: Exception) -> None:
        """An operation that raised: refused, of unknown outcome, or an error in the store's own code."""
        leaves = tuple(_leaves(error))
        node = self.client.served_by
        text = "; ".join(str(leaf) or type(leaf).__name__ for leaf in leaves)
        if all(isinstance(leaf, Refused) for leaf in leaves):
            self.recorder.fail(index, text, node=node)
            return
        self.recorder.leave_open(index, text, node=node)
        if not all(isinstance(leaf, Refused | OutcomeUnknown | trio.TooSlowError) for leaf in leaves):
            self.broke(self.client.name, f"{order.kind} of {order.key} by {self.client.name} {raised(error)}")


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def raised(error: BaseException) -> str:
    """What was raised, and by which line of the store: in words that follow a subject."""
    leaf = next(_leaves(error))
    frames = [
        frame for frame in traceback.extract_tb(leaf.__traceback__) if "/rts/own/" not in frame.filename
    ]
    where = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    return f"raised {type(leaf).__name__}: {leaf}{where}"
