"""What happened in a run, one event a line: `rts replay --trace`.

     42.5 ms  n0 → n1   AppendEntries term=1 previous=1:1 entries=[1:2 Noop] committed=1 round=3
     45.9 ms  n1        persisted 4
     61.0 ms  n2        timer election

A message's line stands where it arrives; one that is `cut` or `lost` stands where it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rts.ids import Lsn, Member
from rts.schedule import MILLISECOND

_BETWEEN = ("deliver", "cut", "lost")


def trace_lines(events: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """A line for each event of a `rts.runs.Run`."""
    for at_ns, kind, *rest in events:
        where, what = _line(kind, rest)
        yield f"{at_ns / MILLISECOND:10.1f} ms  {where:<12}  {what}".rstrip()


def _line(kind: str, rest: list[Any]) -> tuple[str, str]:
    """Where it happened, and what."""
    match kind, rest:
        case _, [source, target, message] if kind in _BETWEEN:
            lost = "" if kind == "deliver" else f"{kind}: "
            return f"{source} → {target}", lost + text(message)
        case "fault", [number, step]:
            named = " ".join(
                f"{name}={text(value)}" for name, value in step.items() if name not in ("step", "after_ns")
            )
            return "", f"step {number + 1}: {step['step']} {named}".rstrip()
        case "note", [node, what, detail]:
            return node, what if detail is None else f"{what}: {text(detail)}"
        case "end", [session, index, status]:
            return session, f"operation {index} ends: {status}"
        case _, [node, *details] if isinstance(node, str):
            return node, " ".join([kind, *map(text, details)])
        case _:
            return "", " ".join([kind, *map(text, rest)])


def text(value: Any) -> str:
    """A value as short as it can be read: positions as `1:2`, members as their node, messages by field."""
    match value:
        case Lsn():
            return str(value)
        case Member(node, disk):
            return node if disk == 1 else f"{node}/disk {disk}"
        case msgspec.Struct():
            name = type(value).__name__
            fields = " ".join(f"{field}={text(getattr(value, field))}" for field in value.__struct_fields__)
            return f"{name} {fields}".rstrip()
        case tuple() | list():
            return f"[{', '.join(map(text, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {text(one)}" for key, one in value.items()) + "}"
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
