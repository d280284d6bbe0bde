"""The definitions of the guarantees, written down as they read, for histories of a dozen operations.

Nothing here is shared with the judge, and nothing is quick: every pair is looked at, and for
linearizability every order is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

from msgspec import UNSET

from checker import History, Operation

INITIAL = "initial"
Version = Any  # an Operation, or INITIAL


def same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def precedes(one: Operation, other: Operation) -> bool:
    return one.status == "ok" and other.status != "fail" and one.end is not None and one.end < other.start


class Definitions:
    def __init__(self, history: History) -> None:
        self.operations = history.operations
        self.by_index = {o.index: o for o in self.operations}
        self.one_log = history.header.one_log
        self.real_time_writes = history.header.real_time_writes
        self.writes = [o for o in self.operations if o.op != "read"]
        self.acknowledged = [o for o in self.writes if o.status == "ok"]
        self.reads = [o for o in self.operations if o.op in ("read", "cas") and o.status == "ok"]
        self.candidates = {r.index: self._candidates(r) for r in self.reads}
        self.took = [
            w
            for w in self.writes
            if w.status == "ok" or any(w in self.candidates[r.index] for r in self.reads)
        ]
        self.place = {w.index: w.position for w in self.writes}
        for r in self.reads:
            found = self.candidates[r.index]
            if len(found) == 1 and found[0] is not INITIAL and r.version not in (UNSET, None):
                w = found[0]
                if self.place[w.index] is None:
                    self.place[w.index] = r.version
        keys = {o.key for o in self.operations}
        self.positioned = {
            k
            for k in keys
            if any(w.key == k for w in self.acknowledged)
            and all(w.position is not None for w in self.acknowledged if w.key == k)
        }
        self.causally = self._closure(self._steps())
        self.order = self._version_order()

    # What a read read.

    def returned(self, r: Operation) -> Any:
        return r.expected if r.op == "cas" else r.value

    def _candidates(self, r: Operation) -> list[Version]:
        value = self.returned(r)
        writers: list[Version] = [
            w
            for w in self.writes
            if w.status != "fail"
            and w.key == r.key
            and w is not r
            and same(self.wrote(w), value)
            and not r.end < w.start  # type: ignore[operator]
        ]
        if r.version is UNSET:
            return ([INITIAL] if value is None else []) + writers
        if r.version is None:
            there = [INITIAL] if value is None else []
        else:
            there = [w for w in writers if w.position == r.version]
        return there or [w for w in writers if w.position is None]

    def wrote(self, w: Operation) -> Any:
        return None if w.op == "delete" else w.value

    # The orders.

    def _steps(self) -> set[tuple[int, int]]:
        steps = {
            (a.index, b.index)
            for a in self.operations
            for b in self.operations
            if a.session == b.session and precedes(a, b)
        }
        for r in self.reads:
            found = self.candidates[r.index]
            if len(found) == 1 and found[0] is not INITIAL:
                steps.add((found[0].index, r.index))
        return steps

    def _closure(self, steps: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        closed = set(steps)
        middles = [o.index for o in self.operations]
        for m in middles:
            into = [a for a, b in closed if b == m]
            out = [b for a, b in closed if a == m]
            closed |= {(a, b) for a in into for b in out}
        return closed

    def _version_order(self) -> set[tuple[int, int]]:
        order: set[tuple[int, int]] = set()
        steps = self._steps()
        if self.real_time_writes:
            steps |= {(a.index, b.index) for a in self.writes for b in self.took if precedes(a, b)}
        inferred = self._closure(steps)
        for key in sorted({w.key or "" for w in self.took}):
            mine = [w for w in self.took if w.key == key]
            if key not in self.positioned:
                order |= {(a.index, b.index) for a in mine for b in mine if (a.index, b.index) in inferred}
                continue
            edges = set()
            for a in mine:
                for b in mine:
                    pa, pb = self.place[a.index], self.place[b.index]
                    if pa is None or pb is None:
                        if (a.index, b.index) in self.causally:
                            edges.add((a.index, b.index))
                    elif pa < pb:
                        edges.add((a.index, b.index))
            order |= self._closure(edges)
        return order

    def older(self, a: Version, b: Version) -> bool:
        if a is INITIAL:
            return b is not INITIAL
        return b is not INITIAL and (a.index, b.index) in self.order

    # Verdicts.

    def settle(self, pairs: list[tuple[bool, bool]]) -> str:
        """Each pair says whether it is violated, and whether it is fine."""
        if any(bad for bad, _ in pairs):
            return "violated"
        return "holds" if any(good for _, good in pairs) else "unknown"

    def pair(self, ones: list[Version], others: list[Version]) -> tuple[bool, bool]:
        """Whether each of `ones` is older than each of `others`, and whether none is."""
        if not ones or not others:
            return False, False
        facts = [self.older(a, b) for a in ones for b in others]
        return all(facts), not any(facts)

    def in_session(self, a: Operation, b: Operation) -> bool:
        return a.session == b.session and precedes(a, b)

    def read_your_writes(self) -> str:
        return self.settle(
            [
                self.pair(self.candidates[r.index], [w])
                for w in self.acknowledged
                for r in self.reads
                if w.key == r.key and self.in_session(w, r)
            ]
        )

    def monotonic_reads(self) -> str:
        return self.settle(
            [
                self.pair(self.candidates[r2.index], self.candidates[r1.index])
                for r1 in self.reads
                for r2 in self.reads
                if r1.key == r2.key and self.in_session(r1, r2)
            ]
        )

    def _ordered_before(self, w2: Operation, w1: Operation) -> bool | None:
        """Whether w2 is ordered before w1; None if their places do not compare."""
        if w1.key == w2.key:
            return self.older(w2, w1)
        places = self.place[w1.index], self.place[w2.index]
        if not self.one_log or not {w1.key, w2.key} <= self.positioned or None in places:
            return None
        return bool(places[1] < places[0])

    def monotonic_writes(self) -> str:
        facts = [
            self._ordered_before(w2, w1) for w1 in self.took for w2 in self.took if self.in_session(w1, w2)
        ]
        return self.settle([(fact, not fact) for fact in facts if fact is not None])

    def writes_follow_reads(self) -> str:
        pairs: list[tuple[bool, bool]] = []
        for r in self.reads:
            found = self.candidates[r.index]
            if found == [INITIAL]:
                continue
            for w2 in self.took:
                if not self.in_session(r, w2):
                    continue
                facts = [False if w1 is INITIAL else self._ordered_before(w2, w1) for w1 in found]
                if None not in facts:
                    bad = bool(facts) and all(facts)
                    pairs.append((bad, len(found) == 1 and not any(facts)))
        return self.settle(pairs)

    def consistent_prefix(self) -> str:
        pairs = []
        for r2 in self.reads:
            for r1 in self.reads:
                if not self.in_session(r2, r1):
                    continue
                found = self.candidates[r2.index]
                for w2 in found:
                    for w1 in self.took:
                        if w2 is INITIAL or w1.key != r1.key or (w1.index, w2.index) not in self.causally:
                            continue
                        pair = self.pair(self.candidates[r1.index], [w1])
                        pairs.append(pair if len(found) == 1 else (False, False))
        return self.settle(pairs)

    def causal(self) -> str:
        pairs = []
        for r in self.reads:
            found = self.candidates[r.index]
            stale = [
                self.pair(found, [w])[0]
                for w in self.took
                if w.key == r.key and (w.index, r.index) in self.causally
            ]
            pairs.append((any(stale), len(found) == 1 and not any(stale)))
        places = {(a, b) for a, b in self.order if self.by_index[b].key in self.positioned}
        cyclic = any(a == b for a, b in self._closure(self.causally | places))
        return self.settle([*pairs, (cyclic, False)])

    def bounded_staleness(self, patience: int) -> str:
        return self.settle(
            [
                self.pair(self.candidates[r.index], [w])
                for w in self.acknowledged
                for r in self.reads
                if w.key == r.key and w.end is not None and w.end < r.start - patience
            ]
        )

    def no_aborted_reads(self) -> str:
        return self._illegal(lambda failed: bool(failed))

    def no_thin_air_reads(self) -> str:
        return self._illegal(lambda failed: not failed)

    def _illegal(self, mine: Callable[[list[Operation]], bool]) -> str:
        pairs = []
        for r in self.reads:
            failed = [
                w
                for w in self.writes
                if w.status == "fail" and w.key == r.key and same(self.wrote(w), self.returned(r))
            ]
            bad = not self.candidates[r.index] and mine(failed)
            pairs.append((bad, not bad))
        return self.settle(pairs)

    def unique_positions(self) -> str:
        placed = [w for w in self.acknowledged if w.position is not None]
        pairs = [(a, b) for a, b in combinations(placed, 2) if self.one_log or a.key == b.key]
        return self.settle([(a.position == b.position, a.position != b.position) for a, b in pairs])

    def convergence(self) -> str:
        asked = [o for o in self.operations if o.phase == "final" and o.op == "read" and o.node]
        pairs = []
        for key in sorted({o.key or "" for o in asked}):
            nodes = sorted({o.node or "" for o in asked if o.key == key})
            last = {}
            for node in nodes:
                answers = [o for o in asked if o.key == key and o.node == node and o.status == "ok"]
                last[node] = max(answers, key=lambda o: o.start, default=None)
            late = [self.wrote(w) for w in self.writes if w.key == key and w.status == "info"]
            for a, b in combinations(nodes, 2):
                one, other = last[a], last[b]
                if one is None or other is None:
                    pairs.append((False, False))
                elif same(one.value, other.value):
                    pairs.append((False, True))
                else:
                    doubtful = any(same(v, o.value) for v in late for o in (one, other))
                    pairs.append((not doubtful, False))
        return self.settle(pairs)

    def no_lost_acknowledged_writes(self) -> str:
        pairs = []
        for w in self.acknowledged:
            reads = [
                r
                for r in self.reads
                if r.phase == "final" and r.key == w.key and w.end is not None and w.end < r.start
            ]
            if reads:
                facts = [self._lost(w, r) for r in reads]
                pairs.append((all(bad for bad, _ in facts), any(good for _, good in facts)))
        return self.settle(pairs)

    def _lost(self, w: Operation, r: Operation) -> tuple[bool, bool]:
        if r.op == "read" and r.value is None and r.version is UNSET:
            explained = any(self._explains(n, w) for n in self.writes if self.wrote(n) is None)
            return not explained, explained
        found = self.candidates[r.index]
        if not found:
            return False, False
        positioned = w.key in self.positioned
        facts = [
            self.older(v, w) or (not positioned and v is not INITIAL and v.status == "ok" and v.end < w.start)
            for v in found
        ]
        return all(facts), not any(facts)

    def _explains(self, n: Operation, w: Operation) -> bool:
        if n.key != w.key or n.status == "fail":
            return False
        if n is w:
            return True
        if w.key in self.positioned and self.place[n.index] is not None:
            return bool(self.place[n.index] > self.place[w.index])
        return n.status == "info" or not (n.end is not None and n.end < w.start)

    # Linearizability: every order.

    def linearizable(self) -> str:
        keys = sorted({r.key or "" for r in self.reads})
        return self.settle([(not good, good) for good in (self.has_order(key) for key in keys)])

    def has_order(self, key: str) -> bool:
        mine = [
            o
            for o in self.operations
            if o.key == key and (o.status == "ok" or (o.status == "info" and o.op != "read"))
        ]
        return self._extend(mine, None)

    def _extend(self, left: list[Operation], state: Any) -> bool:
        if all(o.status == "info" for o in left):
            return True
        for o in left:
            if any(precedes(other, o) for other in left if other is not o):
                continue
            if o.op in ("read", "cas") and not same(self.returned(o), state):
                continue
            after = state if o.op == "read" else self.wrote(o)
            if self._extend([other for other in left if other is not o], after):
                return True
        return False
