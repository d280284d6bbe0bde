"""State-machine safety: no two nodes apply different entries at one index (Raft, §5.4.3)."""

from __future__ import annotations

from typing import Any

from rts.ids import Lsn
from rts.sim.node import SimNode


class StateMachineSafety:
    """Remembers the entry first applied at each index, and the state first seen after it."""

    name = "state-machine-safety"

    def __init__(self) -> None:
        self.applied: dict[int, tuple[Lsn, str]] = {}
        self.states: dict[int, tuple[dict[str, Any], str]] = {}
        self.looked: dict[tuple[str, int], int] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        life = (node.name, node.life)
        log = core.log
        for index in range(self.looked.get(life, 0) + 1, core.applied + 1):
            lsn = log.lsn_at(index)
            if lsn is None:
                continue
            known, by = self.applied.setdefault(index, (lsn, node.name))
            if known != lsn:
                return f"at index {index} {node.name} applied the entry of {lsn}, {by} that of {known}"
        self.looked[life] = core.applied
        values = core.state.machine.values
        seen = self.states.get(core.applied)
        if seen is None:
            self.states[core.applied] = (dict(values), node.name)
        elif seen[0] != values:
            return f"after index {core.applied} {node.name} shows {_text(values)}, {seen[1]} {_text(seen[0])}"
        return None


def _text(values: dict[str, Any]) -> str:
    shown = (f"{key}={value!r} of {version}" for key, (value, version) in sorted(values.items()))
    return ", ".join(shown) or "nothing"
