"""What a guarantee's check found: pairs that are violated, fine or ambiguous, and the witnesses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from checker.history.columns import Bools, Ints

if TYPE_CHECKING:
    from checker.prepared import Prepared
    from checker.verdict import ReasonCode

Evidence = Literal["positions", "inferred"]
Witness = tuple[int, ...]


@dataclass(slots=True)
class Outcome:
    """What a check found, before it is put in words.

    `judged` and `ambiguous` count operations that the guarantee could, and could not, compare with others
    before them. `witnesses` are rows, at most as many as asked for, in the order of the last operation;
    `count` of them there are. `vacuous` says why nothing was judged, if nothing was; `doubt` why an
    outcome without violation cannot be trusted (a part was not judged), and `doubt_code` of what kind that
    reason is; `evidence` is None where no order of versions is used. `unsure` says why all was ambiguous,
    if all was; `details` keep, of some witnesses, what the argument needs to know.
    """

    judged: int = 0
    ambiguous: int = 0
    witnesses: list[Witness] = field(default_factory=list)
    count: int = 0
    evidence: Evidence | None = None
    vacuous: str = ""
    doubt: str = ""
    doubt_code: ReasonCode = "ambiguous"
    unsure: str = "what was read, or its place in the order, is ambiguous wherever it matters"
    details: dict[Witness, Any] = field(default_factory=dict)


class Tally:
    """Collects, for each operation, whether some pair that it ends is violated, fine or ambiguous.

    What is added first is kept as it came, and spread over all operations only if more follows or somebody
    asks: mostly it is all there is, and only has to be counted.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.seen: dict[int, Witness] = {}
        self._first: tuple[Ints, Bools, Bools, Bools] | None = None
        self._spread: tuple[Bools, Bools, Bools] | None = None

    @property
    def paired(self) -> Bools:
        """Which operations end a pair; like all three, one entry per operation, to be changed in place."""
        return self._all()[0]

    @property
    def violated(self) -> Bools:
        """Which operations end a violated pair."""
        return self._all()[1]

    @property
    def fine(self) -> Bools:
        """Which operations end a pair that is fine."""
        return self._all()[2]

    def add(self, rows: Ints, paired: Bools, violated: Bools, fine: Bools) -> None:
        """Add what was found about `rows`, each named once; the arrays have one entry per row."""
        if self._first is None and self._spread is None:
            self._first = (rows, paired, violated & paired, fine & paired)
            return
        for into, what in zip(self._all(), (paired, violated & paired, fine & paired), strict=True):
            into[rows] |= what

    def add_pairs(self, earlier: Ints, later: Ints, violated: Bools, fine: Bools) -> None:
        """Add single pairs of rows; each counts for the later one."""
        paired_rows, violated_rows, fine_rows = self._all()
        paired_rows[later] = True
        fine_rows[later[fine]] = True
        violated_rows[later[violated]] = True
        for one, other in zip(earlier[violated].tolist(), later[violated].tolist(), strict=True):
            self.seen[other] = (one, other)

    def outcome(self, *, limit: int, vacuous: str, witness: Callable[[int], Witness]) -> Outcome:
        """Return the outcome; `witness` finds the witness of a row whose pair was not added by itself."""
        rows, paired, violated, fine = self._found()
        found = int(np.count_nonzero(violated))
        decided = violated | fine
        judged = int(np.count_nonzero(decided))
        ambiguous = int(np.count_nonzero(paired)) - judged
        bad: list[int] = np.sort(rows[violated])[:limit].tolist() if found else []
        return Outcome(
            judged=judged,
            ambiguous=ambiguous,
            witnesses=[self.seen.get(row) or witness(row) for row in bad],
            count=found,
            evidence=evidence_of(self.prepared, rows, decided) if judged else None,
            vacuous=vacuous,
        )

    def _found(self) -> tuple[Ints, Bools, Bools, Bools]:
        if self._first is not None:
            return self._first
        return (np.arange(self.prepared.size), *self._all())

    def _all(self) -> tuple[Bools, Bools, Bools]:
        if self._spread is None:
            size = self.prepared.size
            paired, violated, fine = (np.zeros(size, dtype=np.bool_) for _ in range(3))
            if self._first is not None:
                rows = self._first[0]
                paired[rows], violated[rows], fine[rows] = self._first[1:]
                self._first = None
            self._spread = (paired, violated, fine)
        return self._spread


def evidence_of(prepared: Prepared, rows: Ints, judged: Bools) -> Evidence:
    """Return `positions` if they alone order the versions of the keys of all rows that were judged."""
    if prepared.all_positioned:
        return "positions"
    keys = prepared.columns.key[rows[judged]]
    return "positions" if prepared.in_log[keys].all() else "inferred"
