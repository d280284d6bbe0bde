"""Appends as compare-and-sets, in keys whose reads tell what each append found.

What was read mostly comes apart in one way (`texts`). So each append that was seen replaced one version with
another, as a compare-and-set does; and one that nobody saw may as well have written something that nobody
read. That makes a register of unique values, which zones decide.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace

from checker.history import History, Operation
from checker.linearizability.crowded import crowded_keys
from checker.linearizability.growing import Growing, held
from checker.linearizability.texts import Grown, Texts, Version, Written
from checker.linearizability.zones import judge_zones
from checker.prepared import Prepared
from checker.values import identity

Contradiction: TypeAlias = frozenset[int]
"""The numbers of operations that have no order, but for those that made what they found; none if all fits."""


def contradictions(keys: Sequence[tuple[Sequence[Operation], Growing]]) -> list[Contradiction | None]:
    """Return what contradicts itself in each key that something is appended to; None where reads do not tell.

    Of each key there are its operations, `ok` or `info`, in the order of invocation, and what grows in it.
    """
    told = [_tell(operations, grows) for operations, grows in keys]
    found = [each.contradiction if each is not None else None for each in told]
    rows = sorted(
        (operation.index, at, number, operation)
        for at, each in enumerate(told)
        if each is not None
        for number, operation in enumerate(each.operations)
    )
    if not rows:
        return found
    prepared = Prepared(History.from_operations([operation for *_, operation in rows]))
    undecided = crowded_keys(prepared, np.ones(prepared.key_count, dtype=np.bool_))
    in_zones, conflicts = judge_zones(prepared, ~undecided)
    undecided |= in_zones
    for row in undecided[prepared.columns.key].nonzero()[0].tolist():
        found[rows[row][1]] = None
    for conflict in conflicts:
        at = rows[conflict.rows[0]][1]
        each = told[at]
        assert each is not None
        found[at] = each.with_readers(rows[row][2] for row in conflict.rows)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What the reads of one key tell.

    `operations` are its operations, with compare-and-sets and writes for appends. Of each append that was
    seen, by number, `found` is the version that it found, and `seen_by` a read that saw it. Where reads
    contradict one another by themselves, that is all.
    """

    operations: Sequence[Operation] = ()
    found: Mapping[int, Version] = field(default_factory=dict)
    seen_by: Mapping[int, int] = field(default_factory=dict)
    contradiction: Contradiction = frozenset()

    def with_readers(self, some: Iterable[int]) -> Contradiction:
        """Return some operations, with reads that tell what the appends among them found."""
        numbers = frozenset(some)
        seen = numbers & self.found.keys()
        # Whoever saw an append saw all that it follows.
        followed = {found.append for number in seen if isinstance(found := self.found[number], Grown)}
        return numbers | {self.seen_by[number] for number in seen - followed}


def _tell(operations: Sequence[Operation], grows: Growing) -> _Told | None:
    """Return what the reads of one key tell, None if they do not tell what its appends found."""
    texts = Texts(operations, grows)
    # An open compare-and-set may have written, or not: then its key is not told.
    if not texts.is_told or any(operation.op == "cas" for operation in operations):
        return None
    shown: dict[int, Version] = {}
    found: dict[int, Version] = {}
    seen_by: dict[int, int] = {}
    known: set[Version] = set()
    for number, operation in enumerate(operations):
        if operation.op != "read" or held(operation.value, grows) is None:
            continue
        versions = texts.found(number)
        if versions is None or len(versions) > 1:
            return None
        if not versions:
            newest = texts.newest_before(number)
            return _Told(contradiction=frozenset((number,) if newest is None else (number, newest)))
        version = shown[number] = versions[0]
        while isinstance(version, Grown) and version not in known:
            known.add(version)
            seen_by.setdefault(version.append, number)
            if _name(found.setdefault(version.append, version.found)) != _name(version.found):
                return _Told(contradiction=frozenset((number, seen_by[version.append])))
            version = version.found

    def swapped(number: int, operation: Operation) -> Operation:
        value = _value(shown[number]) if number in shown else held(operation.value, grows)
        plain = replace(operation, value=value, position=None, version=UNSET)
        if operation.op != "append":
            return plain
        left = {"append": number}
        if number not in found:
            return replace(plain, op="write", value=left)
        return replace(plain, op="cas", expected=_value(found[number]), value=left)

    return _Told([swapped(number, operation) for number, operation in enumerate(operations)], found, seen_by)


def _value(version: Version) -> Any:
    """Return a value of its own for each version: nobody wrote an object, as none can grow."""
    return version.value if isinstance(version, Written) else {"append": version.append}


def _name(version: Version) -> Hashable:
    return identity(_value(version))
