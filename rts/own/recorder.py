"""The recorder: what clients of one's own store saw, as operations of a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal

import msgspec

from checker import Operation
from rts.own.messages import plain
from rts.sim.pump import Pump
from rts.sim.recorder import as_json
from rts.sim.trace import Trace

Position = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Positioned:
    """What an operation of a store may return instead of a bare value: the value and its place in the store's
    log.

    `position` is the place that a write got, or how far the node that served a read had applied its log;
    `version` is the position of the write whose value a read returned (`None`: nobody's, the key was never
    written). Positions are integers, or sequences of integers that compare item by item, such as (epoch,
    index). Verdicts then rest on the log's own order instead of on what can be inferred. Raises `TypeError`
    for anything else.
    """

    value: Any = None
    _: KW_ONLY
    position: int | Sequence[int] | None = None
    version: int | Sequence[int] | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse what is no position, where it was written and not where it is judged."""
        _place(self.position)
        if self.version is not msgspec.UNSET:
            _place(self.version)


def _place(position: int | Sequence[int] | None) -> Position | None:
    if position is None or (isinstance(position, int) and not isinstance(position, bool)):
        return position
    if isinstance(position, tuple | list):
        parts = tuple(position)
        if parts and all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
            return parts
    raise TypeError(f"a position is an integer or a sequence of integers, not {position!r}")


class Recorder:
    """Collects operations in the order of their invocation. Every event has a time of its own."""

    def __init__(self, pump: Pump, trace: Trace) -> None:
        self.pump = pump
        self.trace = trace
        self.operations: list[Operation] = []
        self._last = -1
        self._unknown: set[tuple[str | None, str]] = set()

    def _now(self) -> int:
        """The virtual time, or one nanosecond after the event before."""
        self._last = max(self.pump.now, self._last + 1)
        return self._last

    def begin(
        self,
        session: str,
        kind: Literal["write", "delete", "cas", "read"],
        key: str,
        *,
        value: Any = None,
        expected: Any = None,
        mode: str | None = None,
        phase: Literal["main", "final"] = "main",
    ) -> int:
        """`session` invokes an operation now; what comes back is its index."""
        index = len(self.operations)
        self.operations.append(
            Operation(
                index=index,
                session=session,
                op=kind,
                key=key,
                value=value,
                expected=expected if kind == "cas" else msgspec.UNSET,
                start=self._now(),
                end=None,
                status="info",
                mode=mode,
                phase=phase,
            )
        )
        return index

    def succeed(self, index: int, result: Any, *, node: str | None) -> Any:
        """The operation returned `result`, served by `node`. What comes back is its value, as recorded."""
        begun = self.operations[index]
        placed = result if isinstance(result, Positioned) else Positioned(value=result)
        value = plain(as_json(placed.value)) if begun.op == "read" else begun.value
        if begun.op == "read" and (begun.key, repr(value)) in self._unknown:
            self.trace.reach("info write seen later")
        self._end(
            index,
            status="ok",
            node=node,
            value=value,
            end=self._now(),
            position=_place(placed.position),
            version=placed.version if placed.version is msgspec.UNSET else _place(placed.version),
        )
        return value

    def fail(self, index: int, error: str, *, node: str | None) -> None:
        """The operation was certainly not applied."""
        self._end(index, status="fail", node=node, error=error, end=self._now())

    def leave_open(self, index: int, error: str, *, node: str | None) -> None:
        """Nobody knows whether the operation was, or will be, applied."""
        begun = self.operations[index]
        if begun.op != "read" and begun.value is not None:
            self._unknown.add((begun.key, repr(begun.value)))
        self._end(index, status="info", node=node, error=error)

    def _end(self, index: int, **fields: Any) -> None:
        begun = self.operations[index]
        self.operations[index] = msgspec.structs.replace(begun, **fields)
        event = (self.pump.now, "end", begun.session, index, fields["status"])
        self.trace.events.append(event)
