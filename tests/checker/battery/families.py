"""Random histories by number: the same number gives the same history, on every machine.

A family says what its histories are like: how honest their store is, what its clients do, what is known of
positions. Among them they have what the judge treats apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from checker import Header, History, Operation

JSON = (True, 1, 1.0, "1", [1], {"a": 1, "b": [2]}, {"b": [2], "a": 1.0}, "", 0, False, None, "x" * 60, 2**70)
"""Values that are easily taken for one another, and some that are long."""

KINDS = {"r": "read", "w": "write", "d": "delete", "c": "cas", "a": "append", "t": "txn"}
STATUSES = {"o": "ok", "i": "info", "f": "fail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What histories of one kind have in common; letters and names that stand twice are twice as likely."""

    operations: tuple[int, int] = (5, 11)
    sessions: int = 3
    keys: tuple[str, ...] = ("k0", "k0", "k0", "k1")
    kinds: str = "rrrwwwdc"
    statuses: str = "ooooif"
    values: tuple[Any, ...] = tuple(range(1, 10))
    positions: tuple[str, ...] = ("none", "all", "some", "by key")
    shapes: tuple[str, ...] = ("integers", "lists")
    honest: float = 0.5
    out_of_order: float = 0.12
    version_said: float = 0.8
    thin_air: float = 0.06
    pause: tuple[int, int] = (1, 12)
    span: tuple[int, int] = (0, 30)
    unit: int = 1
    finals: tuple[str, ...] = ("a", "b")
    one_log: bool | None = None
    real_time_writes: bool | None = None
    shuffled: bool = False


PLAIN = Family()
FAMILIES: dict[str, Family] = {
    "plain": PLAIN,
    "ordered": replace(PLAIN, positions=("all",), version_said=0.95, honest=0.6, kinds="rrrwwwd"),
    "log": replace(
        PLAIN,
        positions=("all", "some"),
        one_log=True,
        keys=("k0", "k1", "k2"),
        kinds="rrwww",
        out_of_order=0.3,
    ),
    "inferred": replace(PLAIN, positions=("none",), values=tuple(range(1, 40)), kinds="rrrrww", honest=0.4),
    "leader": replace(PLAIN, positions=("none", "by key"), real_time_writes=True, values=tuple(range(1, 40))),
    "repeated": replace(PLAIN, values=(1, 2), kinds="rrrww", thin_air=0.0),
    "swaps": replace(
        PLAIN, kinds="cccccrrwd", honest=0.85, values=tuple(range(1, 30)), keys=("k0",), statuses="ooooooi"
    ),
    "chains": replace(
        PLAIN,
        kinds="cccr",
        honest=0.97,
        values=tuple(range(1, 99)),
        keys=("k0",),
        statuses="oooooooi",
        sessions=4,
    ),
    "open": replace(PLAIN, statuses="oooiii", values=tuple(range(1, 20)), version_said=0.6),
    "honest": replace(PLAIN, honest=1.0, thin_air=0.0, out_of_order=0.0, values=tuple(range(1, 60))),
    "ties": replace(PLAIN, pause=(0, 2), span=(0, 3), values=tuple(range(1, 20))),
    "alone": replace(PLAIN, sessions=1, keys=("k0", "k1"), span=(0, 2)),
    "nulls": replace(PLAIN, kinds="rrrwddd", values=(1, 2, None), finals=("a", "b", "c"), version_said=0.3),
    "finals": replace(PLAIN, operations=(3, 7), kinds="rwwwwd", finals=("a", "b", "c", "d"), honest=0.6),
    "json": replace(
        PLAIN,
        values=JSON,
        positions=("all", "some"),
        shapes=("mixed", "lists"),
        unit=1_250_000,
        thin_air=0.02,
    ),
    "illegal": replace(PLAIN, thin_air=0.35, statuses="oooff", unit=40_000),
    "wide": replace(
        PLAIN,
        operations=(18, 30),
        sessions=6,
        keys=("k0", "k1", "k2", "k3"),
        values=tuple(range(1, 99)),
        honest=0.8,
        unit=1_500_000_000,
    ),
    "placed": replace(
        PLAIN,
        operations=(30, 44),
        values=(1, 2, 3),
        kinds="rrrrww",
        positions=("all", "all", "some"),
        sessions=4,
        honest=0.9,
        version_said=0.97,
        unit=7,
    ),
    "shuffled": replace(PLAIN, shuffled=True, honest=0.7, values=tuple(range(1, 6))),
    "appends": replace(PLAIN, kinds="rrrraaaa", values=tuple(range(1, 99)), honest=0.7, thin_air=0.02),
    "lists": replace(PLAIN, kinds="rrraaawd", values=tuple(range(1, 9)), keys=("k0", "k1", "k2", "k2")),
    "transactions": replace(PLAIN, kinds="rwwttttt", values=tuple(range(1, 99)), honest=0.7),
}
"""The families by name."""


def history(family: Family, number: int) -> History:
    """Return one history of a family."""
    return _Store(family, Random(number)).history()


def bound(family: Family, number: int) -> tuple[int, int]:
    """Return the bounds on staleness that this history is judged by: nanoseconds, and versions."""
    return (15 * family.unit, 0, 3 * family.unit)[number % 3], number % 4 % 3


class _Store:
    """A store that answers as its family does."""

    def __init__(self, family: Family, chance: Random) -> None:
        self.family, self.chance = family, chance
        self.positions = chance.choice(family.positions)
        self.shape = chance.choice(family.shapes)
        self.one_log = self._flag(family.one_log) and self.shape != "mixed"
        self.written: dict[str, list[tuple[Any, Any]]] = {key: [(None, None)] for key in family.keys}
        self.operations: list[Operation] = []
        self.time, self.place = 10, 0
        self.free = {f"s{number}": 0 for number in range(family.sessions)}

    def _flag(self, fixed: bool | None) -> bool:
        return self.chance.random() < 0.5 if fixed is None else fixed

    def history(self) -> History:
        real_time_writes = self._flag(self.family.real_time_writes)
        for _ in range(self.chance.randint(*self.family.operations)):
            self._operate()
        if self.family.finals and self.chance.random() < 0.6:
            self._finish()
        if self.family.shuffled:  # a file may list its operations in any order
            self.chance.shuffle(self.operations)
        header = Header(one_log=self.one_log, real_time_writes=real_time_writes)
        return History.from_operations(self.operations, header=header)

    def _operate(self) -> None:
        chance, family = self.chance, self.family
        self.time += chance.randint(*family.pause)
        self.time = max(self.time, min(self.free.values()) + 1)
        session = chance.choice([name for name, until in self.free.items() if until < self.time])
        key, kind = chance.choice(family.keys), KINDS[chance.choice(family.kinds)]
        status = STATUSES[chance.choice(family.statuses)]
        end: int | None = self.time + chance.randint(*family.span)
        self.free[session] = self.time if status == "info" else end or 0
        if status == "info" and chance.random() < 0.8:
            end = None
        if kind == "txn":
            said: dict[str, Any] = {"ops": [self._part(status) for _ in range(chance.randint(1, 4))]}
            if self.positions == "all" and status == "ok":
                self.place += 1
                said["position"] = self._shaped(self.place, "k0")
        elif kind == "read":
            said = {"key": key, **self._answer(key)}
        else:
            said = {"key": key, **self._change(key, kind, status)}
        self._add(session, kind, self.time, end, status, **said)

    def _seen(self, key: str) -> tuple[Any, Any]:
        known = self.written[key]
        return known[-1] if self.chance.random() < self.family.honest else self.chance.choice(known)

    def _answer(self, key: str) -> dict[str, Any]:
        value, version = self._seen(key)
        if self.chance.random() < self.family.thin_air:
            value = self.chance.choice(self.family.values)
        said = self._has_positions(key) and self.chance.random() < self.family.version_said
        return (
            {"value": value, "version": version} if said and (version or value is None) else {"value": value}
        )

    def _part(self, status: str) -> list[Any]:
        """Return one read or write of a transaction."""
        key = self.chance.choice(self.family.keys)
        if self.chance.random() < 0.5:
            return ["r", key, self._seen(key)[0]]
        value = self.chance.choice(self.family.values)
        if status != "fail":
            self.written[key].append((value, None))
        return ["w", key, value]

    def _change(self, key: str, kind: str, status: str) -> dict[str, Any]:
        said: dict[str, Any] = {"value": None if kind == "delete" else self.chance.choice(self.family.values)}
        if kind == "cas":
            said["expected"] = self._seen(key)[0]
        position = None
        if status != "fail" and self._has_positions(key):
            self.place += 1
            back = self.chance.randint(1, 3) if self.chance.random() < self.family.out_of_order else 0
            position = self._shaped(max(1, self.place - back), key)
            if status == "ok" or self.chance.random() < 0.4:
                said["position"] = position
        if status != "fail" or self.chance.random() < 0.3:
            before = self.written[key][-1][0]
            grown = [*(before if isinstance(before, list) else ()), said["value"]]
            self.written[key].append((grown if kind == "append" else said["value"], position))
        return said

    def _has_positions(self, key: str) -> bool:
        if self.positions == "by key":
            return key == "k0"
        return self.positions == "all" or (self.positions == "some" and self.chance.random() < 0.7)

    def _shaped(self, place: int, key: str) -> Any:
        if self.shape == "lists" or (self.shape == "mixed" and key != "k0"):
            return (1 + place // 6, place)
        return place

    def _finish(self) -> None:
        """Final reads by every node, sometimes twice, sometimes before the last operation has ended."""
        chance = self.chance
        if chance.random() < 0.7:
            self.time = max(self.time, *self.free.values())
        for node in self.family.finals:
            for key in dict.fromkeys(self.family.keys):
                for _ in range(chance.choice((0, 1, 1, 1, 2))):
                    self.time += 10
                    status = "ok" if chance.random() < 0.9 else "info"
                    named = {"node": node} if chance.random() < 0.95 else {}
                    answer = {"key": key, "phase": "final", **named, **self._answer(key)}
                    kind = "read" if chance.random() < 0.95 else "cas"
                    if kind == "cas":
                        answer = {**answer, "expected": answer["value"], "value": 0}
                        answer.pop("version", None)
                    self._add(f"final-{node}", kind, self.time, self.time + 5, status, **answer)

    def _add(self, session: str, kind: Any, start: int, end: int | None, status: Any, **said: Any) -> None:
        unit = self.family.unit
        self.operations.append(
            Operation(
                index=len(self.operations),
                session=session,
                op=kind,
                start=start * unit,
                end=None if end is None else end * unit,
                status=status,
                **said,
            )
        )


def joined(parts: list[History]) -> History:
    """Return one long history: each part has sessions and keys of its own, and comes after the one before.

    What is true of it follows from what is true of the parts, where positions of two keys do not compare.
    """
    operations: list[Operation] = []
    time = 0
    for number, part in enumerate(parts):
        for row in part.operations:
            changed: dict[str, Any] = {
                "index": len(operations),
                "session": f"{row.session}.{number}",
                "key": f"{row.key}.{number}",
                "start": row.start + time,
                "end": None if row.end is None else row.end + time,
            }
            operations.append(
                Operation(**{name: getattr(row, name) for name in row.__struct_fields__} | changed)
            )
        time = max(row.end or row.start for row in operations) + 1
    return History.from_operations(operations, header=Header())
