"""Histories of transactions and appends: random ones, and the definitions on them, written down as they read.

A transaction is taken apart into reads and writes with indices of their own. Relations between operations
hold for all their parts; between the parts of one operation none does.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from hypothesis import strategies as st
from msgspec import structs

from checker import Header, History, Operation
from tests.checker.brute_force import INITIAL, Definitions, Version, same

REGISTERS = ("x", "y")
LIST = "z"


class TransactionalDefinitions(Definitions):
    """The definitions over the parts of transactions."""

    def __init__(self, history: History) -> None:
        self.whole: dict[int, Operation] = {}
        parts = [part for operation in history.operations for part in self._parts(operation)]
        lists = [part for part in parts if (part.op, part.key, part.status) == ("read", LIST, "ok")]
        self.read_lists = [part.value for part in lists if part.value]
        super().__init__(_Parts(parts, history.header))  # type: ignore[arg-type]  # as far as it looks
        self.took = [w for w in self.writes if w in self.took or (w.status == "info" and self._seen(w))]
        self.causally = self._closure(self._steps())
        self.order = self._version_order()

    def _parts(self, operation: Operation) -> list[Operation]:
        number = 100 * operation.index
        if operation.op != "txn":
            deeds = [(operation.op, operation.key, operation.value)]
        else:
            words = {"r": "read", "w": "write", "append": "append"}
            deeds = [(words[word], key, value) for word, key, value in operation.ops or ()]
        parts: list[Operation] = []
        for at, (op, key, value) in enumerate(deeds):
            status = operation.status
            mine = [part for part in parts if part.key == key and part.op != "read"]
            if op == "read" and mine:
                if mine[-1].op == "write" and same(mine[-1].value, value):
                    continue
                if mine[-1].op == "append":
                    own = [part.value for part in mine]
                    if value is not None and value[-len(own) :] == own:
                        value = value[: -len(own)] or None
            if op == "read" and any(
                part.op == "read" and part.key == key and same(part.value, value) for part in parts
            ):
                continue
            later = [word for word, other, _ in deeds[at + 1 :] if other == key and word != "read"]
            if op != "read" and later:
                status = "fail"
            part = structs.replace(
                operation, index=number + at, op=op, key=key, value=value, status=status, ops=None
            )
            self.whole[part.index] = operation
            parts.append(part)
        return parts

    def _candidates(self, r: Operation) -> list[Version]:
        if r.key != LIST:
            found = super()._candidates(r)
            return [w for w in found if w is INITIAL or self.whole[w.index] is not self.whole[r.index]]
        if not r.value:
            return [INITIAL]
        if self._unfounded(r):
            return []
        last = self._appender(r.value[-1])
        assert last is not None
        assert r.end is not None
        return [] if r.end < last.start or self.whole[last.index] is self.whole[r.index] else [last]

    def _unfounded(self, r: Operation) -> list[Operation | None]:
        """The items of a list that nobody's operation appended, or left last."""
        appends = [self._appender(item) for item in r.value or ()]
        bad = [w for w in appends if w is None or self.whole[w.index].status == "fail"]
        if not bad and appends and appends[-1] is not None and appends[-1].status == "fail":
            return appends[-1:]
        return bad

    def _appender(self, item: Any) -> Operation | None:
        return next((w for w in self.writes if w.key == LIST and same(w.value, item)), None)

    def _illegal(self, mine: Callable[[list[Operation]], bool]) -> str:
        """As for values; of a list the first item decides that nobody appended, or whose append failed."""
        pairs = []
        for r in self.reads:
            if r.key != LIST:
                written = [w for w in self.writes if w.key == r.key and same(self.wrote(w), self.returned(r))]
            else:
                written = [w for w in self._unfounded(r)[:1] if w is not None]
            wrong = not self.candidates[r.index] and mine([w for w in written if w.status == "fail"])
            pairs.append((wrong, not wrong))
        return self.settle(pairs)

    def _seen(self, w: Operation) -> bool:
        return w.key == LIST and any(w.value in items for items in self.read_lists)

    def _steps(self) -> set[tuple[int, int]]:
        groups: dict[int, list[int]] = {}
        for o in self.operations:
            groups.setdefault(self.whole[o.index].index, []).append(o.index)
        edges = {(self.whole[a].index, self.whole[b].index) for a, b in super()._steps()}
        return {pair for a, b in edges for pair in product(groups[a], groups[b])}

    def _version_order(self) -> set[tuple[int, int]]:
        order = {
            (a, b)
            for a, b in super()._version_order()
            if self.by_index[a].key != LIST or self.by_index[b].key != LIST
        }
        if LIST in self.positioned:
            return super()._version_order()
        longest = max(self.read_lists, key=len, default=[])
        mine = [w for w in self.took if w.key == LIST]
        for a, b in product(mine, mine):
            if a.value in longest and (
                b.value not in longest or longest.index(a.value) < longest.index(b.value)
            ):
                order.add((a.index, b.index))
        return order


class _Parts:
    def __init__(self, operations: list[Operation], header: Header) -> None:
        self.operations = operations
        self.header = header


@st.composite
def transactional_histories(draw: st.DrawFn, *, lists: bool = True, most: int = 8) -> History:
    """Transactions of up to four reads and writes, and plain operations, of three sessions."""
    free = {"s0": 0, "s1": 0, "s2": 0}
    values: dict[str, list[Any]] = {"x": [None], "y": [None]}
    items: list[int] = []
    operations: list[Operation] = []
    positions = draw(st.sampled_from(("none", "all")))
    header = Header(one_log=draw(st.booleans()), real_time_writes=draw(st.booleans()))
    lists &= positions == "all" or not header.one_log  # in one log, positions alone order anything
    time = number = 0

    def read(key: str) -> Any:
        if key == LIST:
            return items[: draw(st.integers(0, len(items)))] or draw(st.sampled_from((None, [])))
        known = values[key]
        return known[-1] if draw(st.booleans()) else known[draw(st.integers(0, len(known) - 1))]

    for index in range(draw(st.integers(2, most))):
        time += draw(st.integers(1, 12))
        idle = [session for session, until in sorted(free.items()) if until < time]
        if not idle:
            time = min(free.values()) + 1
            idle = [session for session, until in sorted(free.items()) if until < time]
        session = idle[draw(st.integers(0, len(idle) - 1))]
        status = ("ok", "ok", "ok", "ok", "ok", "info", "fail")[draw(st.integers(0, 6))]
        end = time + draw(st.integers(0, 30))
        free[session] = end if status != "info" else time
        ops: list[Any] = []
        mine: dict[str, Any] = {}
        for _ in range(draw(st.integers(1, 4))):
            key = draw(st.sampled_from((*REGISTERS, LIST) if lists else REGISTERS))
            if draw(st.booleans()):
                seen = read(key)
                if key in mine and draw(st.integers(0, 7)):
                    seen = [*(seen or []), *mine[key]] if key == LIST else mine[key]
                ops.append(["r", key, seen])
                continue
            number += 1
            if key == LIST:
                ops.append(["append", key, number])
                mine.setdefault(key, []).append(number)
            else:
                written = number if draw(st.integers(0, 3)) else draw(st.integers(1, 3))
                ops.append(["w", key, written])
                mine[key] = written
        for key, written in mine.items():
            if key == LIST:
                items.extend(written if status == "ok" or draw(st.booleans()) else [])
            else:
                values[key].append(written)
        place = index + 1 if positions == "all" and mine and status == "ok" else None
        common: dict[str, Any] = {
            "index": index,
            "session": session,
            "start": time,
            "end": None if status == "info" else end,
            "status": status,
            "position": place,
        }
        if len(ops) == 1 and draw(st.booleans()):
            word, key, value = ops[0]
            op = {"r": "read", "w": "write", "append": "append"}[word]
            operations.append(Operation(op=op, key=key, value=value, **common))  # type: ignore[arg-type]
        else:
            operations.append(Operation(op="txn", ops=ops, **common))
    if draw(st.booleans()):
        time = max(time, *free.values()) + 1
        for node in ("a", "b"):
            for key in REGISTERS:
                time += 10
                operations.append(
                    Operation(
                        index=len(operations),
                        session=f"final-{node}",
                        op="read",
                        key=key,
                        value=read(key),
                        start=time,
                        end=time + 5,
                        status="ok",
                        node=node,
                        phase="final",
                    )
                )
    if not items and not any(
        "append" in str(operation.ops) or operation.op == "append" for operation in operations
    ):
        operations = [
            _without_lists(operation) for operation in operations
        ]  # then nothing says that it is a list
    return History.from_operations(operations, header=header)


def _without_lists(operation: Operation) -> Operation:
    ops = operation.ops and [[word, key, value or None] for word, key, value in operation.ops]
    return structs.replace(operation, ops=ops, value=operation.value or None)
