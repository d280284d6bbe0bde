"""What a guarantee's check found: pairs that are violated, fine or ambiguous, and the witnesses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from checker.columns import Bools, Ints

if TYPE_CHECKING:
    from checker.prepared import Prepared

Evidence = Literal["positions", "inferred"]
Witness = tuple[int, ...]


@dataclass(slots=True)
class Outcome:
    """What a check found, before it is put in words.

    `judged` and `ambiguous` count operations that the guarantee could, and could not, compare with others
    before them. `witnesses` are rows, at most as many as asked for, in the order of the last operation;
    `count` of them there are. `vacuous` says why nothing was judged, if nothing was; `doubt` why an
    outcome without violation cannot be trusted (a part was not judged); `evidence` is None where no order
    of versions is used. `unsure` says why all was ambiguous, if all was;
    `details` keep, of some witnesses, what the argument needs to know.
    """

    judged: int = 0
    ambiguous: int = 0
    witnesses: list[Witness] = field(default_factory=list)
    count: int = 0
    evidence: Evidence | None = None
    vacuous: str = ""
    doubt: str = ""
    unsure: str = "what was read, or its place in the order, is ambiguous wherever it matters"
    details: dict[Witness, Any] = field(default_factory=dict)


class Tally:
    """Collects, for each operation, whether some pair that it ends is violated, fine or ambiguous."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.violated: Bools = np.zeros(prepared.size, dtype=np.bool_)
        self.fine: Bools = np.zeros(prepared.size, dtype=np.bool_)
        self.paired: Bools = np.zeros(prepared.size, dtype=np.bool_)
        self.seen: dict[int, Witness] = {}

    def add(self, rows: Ints, paired: Bools, violated: Bools, fine: Bools) -> None:
        """Add what was found about `rows`, one entry of each array per row."""
        self.paired[rows] |= paired
        self.violated[rows] |= violated & paired
        self.fine[rows] |= fine & paired

    def add_pairs(self, earlier: Ints, later: Ints, violated: Bools, fine: Bools) -> None:
        """Add single pairs of rows; each counts for the later one."""
        self.paired[later] = True
        self.fine[later[fine]] = True
        self.violated[later[violated]] = True
        for one, other in zip(earlier[violated].tolist(), later[violated].tolist(), strict=True):
            self.seen[other] = (one, other)

    def outcome(self, *, limit: int, vacuous: str, witness: Callable[[int], Witness]) -> Outcome:
        """Return the outcome; `witness` finds the witness of a row whose pair was not added by itself."""
        prepared = self.prepared
        found = int(np.count_nonzero(self.violated))
        decided = self.violated | self.fine
        judged = int(np.count_nonzero(decided))
        ambiguous = int(np.count_nonzero(self.paired)) - judged
        rows = self.violated.nonzero()[0][:limit].tolist() if found else []
        return Outcome(
            judged=judged,
            ambiguous=ambiguous,
            witnesses=[self.seen.get(row) or witness(row) for row in rows],
            count=found,
            evidence=evidence_of(prepared, decided) if judged else None,
            vacuous=vacuous,
        )


def evidence_of(prepared: Prepared, judged: Bools) -> Evidence:
    """Return `positions` if they alone order the versions of all judged operations' keys."""
    if prepared.all_positioned:
        return "positions"
    keys = prepared.columns.key[judged]
    return "positions" if prepared.positioned_key[keys].all() else "inferred"
