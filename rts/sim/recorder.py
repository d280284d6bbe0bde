"""The recorder: what clients saw, as operations of a history."""

from __future__ import annotations

import base64
from typing import Any, Literal

import msgspec

from checker import Operation
from rts.client.requests import Outcome, Request
from rts.sim.pump import Pump
from rts.sim.trace import Trace


def as_json(value: Any) -> Any:
    """A value as a history holds it: bytes are text where they are UTF-8, else base64 in an object."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"bytes": base64.b64encode(value).decode()}


class Recorder:
    """Collects operations in the order of their invocation; one that never returned stays open."""

    def __init__(self, pump: Pump, trace: Trace) -> None:
        self.pump = pump
        self.trace = trace
        self.operations: list[Operation] = []
        self._open: dict[str, int] = {}
        self._unknown: set[tuple[str | None, str]] = set()

    def begin(self, session: str, request: Request, *, phase: Literal["main", "final"]) -> None:
        """`session` invokes `request` now."""
        index = len(self.operations)
        self._open[session] = index
        read = request.operation == "read"
        self.operations.append(
            Operation(
                index=index,
                session=session,
                op=request.operation,
                key=request.keys[0],
                value=None if read else as_json(request.value),
                expected=as_json(request.expected) if request.operation == "cas" else msgspec.UNSET,
                start=self.pump.now,
                end=None,
                status="info",
                mode=request.mode if read else None,
                phase=phase,
            )
        )

    def end(self, session: str, request: Request, outcome: Outcome) -> None:
        """`session`'s operation returns now, or is given up."""
        index = self._open.pop(session)
        begun = self.operations[index]
        now = self.pump.now
        read = request.operation == "read"
        value: Any = begun.value
        version: Any = msgspec.UNSET
        if outcome.status == "ok":
            if read:
                _, value, lsn = outcome.items[0]
                value, version = as_json(value), lsn and tuple(lsn)
                if begun.phase == "main":  # the final reads ask every node, whatever the mode says
                    self.trace.reach(
                        "read served by the leader" if outcome.leads else "read served by a follower"
                    )
                if (begun.key, repr(value)) in self._unknown:
                    self.trace.reach("info write seen later")
        elif outcome.status == "info" and not read and value is not None:
            self._unknown.add((begun.key, repr(value)))
        silent = outcome.status == "info" and outcome.node is None
        self.operations[index] = Operation(
            index=index,
            session=session,
            op=begun.op,
            key=begun.key,
            value=value,
            expected=begun.expected,
            start=begun.start,
            end=None if silent else now,
            status=outcome.status,
            node=outcome.node,
            position=outcome.position and tuple(outcome.position),
            version=version,
            mode=begun.mode,
            phase=begun.phase,
            error=outcome.error,
        )
        self.trace.events.append((now, "end", session, index, outcome.status))
