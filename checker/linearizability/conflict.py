"""Why a key is not linearizable, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from checker.checks.tally import Witness
from checker.history import Operation
from checker.search.specification import Specification

ConflictKind: TypeAlias = Literal["unwritten", "blocks", "inner", "forked", "circle", "stuck"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a key is not linearizable, by the rows of the operations that prove it.

    `initial` is the row that stands for the initial version. Kinds, and what their parts hold:

    - `unwritten`: nobody can have written what the operation of the only part read. - `blocks`: each part
    must precede the other. - `inner`: the first part's writes precede the second's, each replacing the
    one before at once, and yet the second must precede the first. - `forked`: the operations of the
    second part replaced one version, that of the first (empty: the initial one). - `circle`: each
    operation of the only part replaced what another one wrote. - `stuck`: the operations of the first
    part have no order that leaves a place for that of the second; a transaction stands by one of its rows.

    `proofs` are reads that show that open operations took effect, `replacing` writes that had replaced
    what else could have been read. Of what is stuck, `specification` is what it was held to, and `left` the
    operations of the first part as if what they found held nothing of what others had appended.
    """

    initial: int
    kind: ConflictKind
    parts: tuple[Witness, ...]
    proofs: Witness = ()
    replacing: Witness = ()
    specification: Specification | None = None
    left: tuple[Operation, ...] = ()

    @property
    def rows(self) -> Witness:
        """The rows of all operations, that of the initial version left out."""
        everything = (*self.parts, self.proofs, self.replacing)
        return tuple(sorted({row for part in everything for row in part if row != self.initial}))
