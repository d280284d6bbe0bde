"""Log matching: two logs that have the same position have the same entry there, and the same entry before it.

By induction the logs are then the same up to there (Ongaro & Ousterhout, *Raft*, 2014, §5.3).
"""

from __future__ import annotations

from typing import Any

from rts.ids import Lsn
from rts.sim.node import SimNode


class LogMatching:
    """Remembers the first entry seen at each position, and the position before it."""

    name = "log-matching"

    def __init__(self) -> None:
        self.seen: dict[Lsn, tuple[Any, Lsn]] = {}
        self.checked: dict[str, list[Any]] = {}

    def check(self, node: SimNode) -> str | None:
        """See `Invariant`."""
        core = node.core
        log = core.log
        entries = log.entries
        before = self.checked.get(node.name, [])
        # what is not durable yet was sent to nobody: a crash may put another entry in its place
        count = max(0, min(len(entries), core.persisted - log.beginning.index))
        # what was the same object at the same place at the last check needs no second look
        if count == len(before) and (not count or before[-1] is entries[count - 1]):
            return None
        place = count - 1
        wrong = None
        while place >= 0 and not (place < len(before) and before[place] is entries[place]):
            entry = entries[place]
            previous = entries[place - 1].lsn if place else log.beginning
            known = self.seen.setdefault(entry.lsn, (entry, previous))
            if known[1] != previous or (known[0] is not entry and known[0] != entry):
                wrong = (
                    f"{node.name} has {entry.command} at {entry.lsn}, after {previous}; "
                    f"another log has {known[0].command} there, after {known[1]}"
                )
            place -= 1
        self.checked[node.name] = entries[:count]
        return wrong
