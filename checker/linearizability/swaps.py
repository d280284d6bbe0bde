"""Appends as compare-and-sets, in keys whose reads tell what each append found.

What was read mostly comes apart in one way (`texts`). So each append that was seen replaced one version with
another, as a compare-and-set does; and one that nobody saw may as well have written something that nobody
read. That makes a register of unique values, which zones decide.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_fields
from typing import Any, TypeAlias

import numpy as np
from msgspec.structs import replace

from checker.history import History, Operation
from checker.linearizability.conflict import Conflict
from checker.linearizability.crowded import crowded_keys
from checker.linearizability.texts import Grown, Texts, Version, Written
from checker.linearizability.zones import judge_zones
from checker.prepared import Prepared
from checker.sequential.deeds import end_of
from checker.sequential.growing import Growing, appended, held
from checker.values import identity

Contradiction: TypeAlias = frozenset[int]
"""The numbers of operations that have no order beside those that wrote what they found."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the reads of one key tell.

    Its operations are called by their numbers. `shown` is the version that each read found; of each append
    that was seen, `found` is the version that it found, and `seen_by` a read that saw it. `contradictions`
    show that the key is not linearizable, the small one first; it is if there are none.
    """

    operations: Sequence[Operation]
    grows: Growing
    shown: Mapping[int, Version]
    found: Mapping[int, Version]
    seen_by: Mapping[int, int]
    contradictions: tuple[Contradiction, ...] = ()

    def written(self) -> dict[int, Any]:
        """Return, by number, what reads found as somebody had written it, before it grew."""
        return {number: _chain(version)[0].value for number, version in self.shown.items()}

    def cut(self, some: Sequence[Operation]) -> list[Operation]:
        """Return some operations as if what was read held what they appended, and nothing of others.

        An order of all operations, cut down to some of them and those that wrote what they found, is one of
        what is returned.
        """
        number_of = {operation.index: number for number, operation in enumerate(self.operations)}
        mine = {number_of[operation.index] for operation in some}
        return [self._cut(number_of[operation.index], mine) for operation in some]

    def _cut(self, number: int, mine: Container[int]) -> Operation:
        operation, version = self.operations[number], self.shown.get(number)
        if version is None:
            return operation
        base, grown = _chain(version)
        value = base.value
        for each in grown:
            # Who started only when the read had ended is not cut out: it cannot have found that.
            if each.append in mine or self.operations[each.append].start > end_of(operation):
                _, value = appended(value, self.operations[each.append].value, self.grows)
        return replace(operation, value=value)

    def swapped(self) -> Iterator[Operation]:
        """Yield the operations with compare-and-sets and writes for appends, each version a value."""
        for number, operation in enumerate(self.operations):
            value = _value(self.shown[number]) if number in self.shown else held(operation.value, self.grows)
            if operation.op != "append":
                yield replace(operation, value=value)
            elif number in self.found:
                found = _value(self.found[number])
                yield replace(operation, op="cas", expected=found, value=_left_by(number))
            else:
                yield replace(operation, op="write", value=_left_by(number))

    def around(self, numbers: Iterable[int]) -> Contradiction:
        """Return some operations, the appends that they followed, and reads that tell so."""
        some = set(numbers)
        for number in tuple(some):
            version = self.shown.get(number, self.found.get(number))
            some |= {version.append} if isinstance(version, Grown) else set()
        seen = some & self.found.keys()
        # Who saw an append saw all that it follows.
        followed = {found.append for number in seen if isinstance(found := self.found[number], Grown)}
        return frozenset(some | {self.seen_by[number] for number in seen - followed})


def judge_told(keys: Sequence[tuple[Sequence[Operation], Growing]]) -> list[Told | None]:
    """Return what the reads of each key that something is appended to tell; None where that is not enough.

    Of each key there are its operations, `ok` or `info`, in the order of invocation, and what grows in it.
    """
    told = [_tell(operations, grows) for operations, grows in keys]
    rows = [
        (at, number, operation)
        for at, each in enumerate(told)
        if each is not None and not each.contradictions
        for number, operation in enumerate(each.swapped())
    ]
    prepared = Prepared(History.from_operations([operation for *_, operation in rows]))
    undecided = crowded_keys(prepared, np.ones(prepared.key_count, dtype=np.bool_))
    in_zones, conflicts = judge_zones(prepared, ~undecided)
    undecided |= in_zones
    for row in undecided[prepared.columns.key].nonzero()[0].tolist():
        told[rows[row][0]] = None
    for conflict in conflicts:
        at = rows[conflict.rows[0]][0]
        each = told[at]
        assert each is not None
        several = [
            each.around(rows[row][1] for row in some) for some in (_pins(prepared, conflict), conflict.rows)
        ]
        told[at] = with_fields(each, contradictions=tuple(dict.fromkeys(several)))
    return told


def _pins(prepared: Prepared, conflict: Conflict) -> set[int]:
    """Return what pins the parts of a conflict in time: what ended first of each, and what started last."""
    columns = prepared.columns
    pins = {*conflict.proofs, *conflict.replacing}
    for part in conflict.parts:
        rows = [row for row in part if row != prepared.initial]
        pins |= {min(rows, key=lambda row: int(columns.end[row]))} if rows else set()
        pins |= {max(rows, key=lambda row: int(columns.start[row]))} if rows else set()
    return pins


def _tell(operations: Sequence[Operation], grows: Growing) -> Told | None:
    """Return what the reads of one key tell, None if they do not tell what its appends found.

    There are contradictions only where reads contradict one another by themselves.
    """
    texts = Texts(operations, grows)
    # An open compare-and-set may have written, or not: then its key is not told.
    if not texts.is_told or any(operation.op == "cas" for operation in operations):
        return None
    shown: dict[int, Version] = {}
    found: dict[int, Version] = {}
    seen_by: dict[int, int] = {}
    told = Told(operations, grows, shown, found, seen_by)
    known: set[Version] = set()
    for number, operation in enumerate(operations):
        if operation.op != "read" or held(operation.value, grows) is None:
            continue
        versions = texts.found(number)
        if versions is None or len(versions) > 1:
            return None
        if not versions:
            newest = texts.newest_before(number)
            some = {number} if newest is None else {number, newest}
            return with_fields(told, contradictions=(frozenset(some),))
        (version,) = versions
        shown[number] = version
        while isinstance(version, Grown) and version not in known:
            known.add(version)
            seen_by.setdefault(version.append, number)
            other = found.setdefault(version.append, version.found)
            if _name(other) != _name(version.found):
                forked = {each.append for each in (other, version.found) if isinstance(each, Grown)}
                several = {number, seen_by[version.append], version.append, *forked}
                return with_fields(told, contradictions=(frozenset(several),))
            version = version.found
    return told


def _chain(version: Version) -> tuple[Written, list[Grown]]:
    """Return what somebody had written, and how it grew into a version."""
    grown = []
    while isinstance(version, Grown):
        grown.append(version)
        version = version.found
    return version, grown[::-1]


def _value(version: Version) -> Any:
    return version.value if isinstance(version, Written) else _left_by(version.append)


def _left_by(append: int) -> dict[str, int]:
    """Return a value that only one append leaves: nobody wrote an object, as none can grow."""
    return {"append": append}


def _name(version: Version) -> Hashable:
    return identity(_value(version))
