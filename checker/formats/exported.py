"""The event that stands first in what we export: it carries what Jepsen's events cannot say.

It is of no client (`:process :rts`), so that everyone else passes over it. Its value is a string of JSON: the
header, whether values are `[key value]` tuples, and the name of the one key if they are not. Schedule, trace
and digest stay behind: they belong to the file that a replay made.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import structs

from checker.history import Header, HistoryError

PROCESS = "rts"
EXPORTED = "rts-history"
"""The event's `:f`."""

_LEFT_BEHIND = ("schedule", "trace", "digest")


class Exported(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the event says. `key` is the one key's name, None where values are tuples."""

    header: Header
    key: str | None = None


def write_exported(exported: Exported) -> str:
    """Return the value of the event."""
    said = structs.asdict(exported.header).items()
    header = {name: value for name, value in said if value and name not in _LEFT_BEHIND}
    return msgspec.json.encode({"header": header, "key": exported.key}).decode()


def read_exported(value: Any) -> Exported:
    """Return what the value of the event says. Raises `HistoryError`."""
    try:
        if not isinstance(value, str):
            raise msgspec.ValidationError("it is no string")
        return msgspec.json.decode(value, type=Exported)
    except msgspec.DecodeError as wrong:
        raise HistoryError(f"no header of an exported history: {wrong}", field="value") from None
