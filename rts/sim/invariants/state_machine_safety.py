"""State-machine safety: two nodes that have applied the log up to one position show the same values (Raft,
§5.4.3)."""

from __future__ import annotations

from typing import Any

from rts.ids import Lsn
from rts.sim.node import SimNode


class StateMachineSafety:
    """Remembers the state first seen at each position."""

    name = "state-machine-safety"

    def __init__(self) -> None:
        self.seen: dict[Lsn, tuple[str, dict[str, Any]]] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        position = core.position
        known = self.seen.get(position)
        if known is None:
            self.seen[position] = (node.name, dict(core.values))
        elif known[1] != core.values:
            shows, showed = _values(core.values), _values(known[1])
            return f"at {position} {node.name} shows {shows}, {known[0]} showed {showed}"
        return None


def _values(values: dict[str, Any]) -> str:
    return (
        ", ".join(f"{key}={value!r} of {version}" for key, (value, version) in sorted(values.items()))
        or "nothing"
    )
