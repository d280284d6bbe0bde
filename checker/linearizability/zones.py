"""Zones: linearizability of a register whose reads each have one possible writer.

Gibbons & Korach, Testing Shared Memories (1997), section 4. A write and all reads of it form a block:
nothing of another write may stand between. A block must precede another if some operation of it completes
before some operation of the other is invoked; so with f the earliest completion in a block and s the
latest invocation, A must precede B if f_A < s_B. The key is linearizable iff no two blocks must each
precede the other. Between forward blocks (f < s) that is an overlap; a backward one (f >= s) must not lie
strictly inside a forward one.

A compare-and-set that took effect follows what it expected at once: its block is joined to that of the
write that it replaced, and the inner order of a joined block must respect real time, too.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice

import numpy as np

from checker.checks.tally import Witness
from checker.history.columns import CAS, FOREVER, INFO, Bools, Ints
from checker.linearizability.conflict import Conflict, ConflictKind
from checker.linearizability.overwritten import drop_overwritten
from checker.orders.candidates import NO_ONE, SEVERAL, find_candidates
from checker.prepared import Prepared
from checker.values import NULL

_ALWAYS = -(2**62)
"""The end of the initial version's write."""


def judge_zones(prepared: Prepared, keys: Bools) -> tuple[Bools, list[Conflict]]:
    """Judge the keys that are set, on values alone.

    Returns by key whether it stays undecided, and for each key that is not linearizable the smallest proof
    found. Raises `OutOfBudget`.
    """
    columns = prepared.columns
    reads = prepared.reads[keys[columns.key[prepared.reads]]]
    writes = prepared.writes[keys[columns.key[prepared.writes]]]
    candidates = find_candidates(columns, reads, writes, by_version=False)
    replaced = drop_overwritten(prepared, reads, writes, candidates)
    source = candidates.source
    undecided = np.zeros(prepared.key_count, dtype=np.bool_)
    undecided[columns.key[sorted(candidates.several)]] = True
    blocks = _Blocks(prepared, reads, writes, source, undecided, replaced)
    illegal = reads[source[reads] == NO_ONE]
    found: dict[int, Conflict] = {}
    unwritten = [blocks.conflict("unwritten", (read,)) for read in illegal.tolist()]
    for conflict in sorted([*unwritten, *blocks.contradictions, *blocks.conflicts()], key=_size):
        found.setdefault(int(columns.key[conflict.rows[0]]), conflict)
    undecided[sorted(found)] = False
    return undecided, [found[key] for key in sorted(found)]


def _size(conflict: Conflict) -> tuple[int, Witness]:
    return len(conflict.rows), conflict.rows


def _few(pairs: list[tuple[int, int]], key: Ints) -> list[tuple[int, int]]:
    """Return some pairs of each key: enough to choose a small one from."""
    by_key: dict[int, list[tuple[int, int]]] = {}
    for pair in pairs:
        by_key.setdefault(int(key[pair[0]]), []).append(pair)
    return [pair for several in by_key.values() for pair in islice(several, 20)]


class _Blocks:
    """The blocks of the judged keys. A cluster is numbered by its write's row, or size + key if initial."""

    def __init__(
        self,
        prepared: Prepared,
        reads: Ints,
        writes: Ints,
        source: Ints,
        undecided: Bools,
        replaced: dict[int, Witness],
    ) -> None:
        self._replaced_before = replaced
        self.prepared = prepared
        columns = prepared.columns
        size = prepared.size
        swapping = columns.kind[reads] == CAS
        sources = source[reads]
        known = reads[(sources >= 0) & ~swapping]
        cluster = np.where(source[known] == prepared.initial, size + columns.key[known], source[known])
        took = np.zeros(size + 1, dtype=np.bool_)
        took[writes] = prepared.ok[writes]
        took[sources[sources >= 0]] = True
        # An open compare-and-set that took effect vouches for the writer of what it expected.
        self.replaced = dict(zip(reads[swapping].tolist(), sources[swapping].tolist(), strict=True))
        self._vouching = {source: swap for swap, source in reversed(self.replaced.items())}
        waiting = (took[:-1] & (columns.kind == CAS) & (columns.status == INFO)).nonzero()[0].tolist()
        while waiting:
            swap = waiting.pop()
            writer = self.replaced[swap] = self._writer_of(swap, writes)
            if 0 <= writer < size and not took[writer]:
                took[writer] = True
                self._vouching[writer] = swap
                if columns.kind[writer] == CAS:
                    waiting.append(writer)
        taken = took[:-1].nonzero()[0]
        self.rows = np.concatenate((taken, known))
        self.cluster = np.concatenate((taken, cluster))
        total = size + prepared.key_count
        self.first_end = np.full(total, FOREVER, dtype=np.int64)
        self.last_start = np.full(total, _ALWAYS, dtype=np.int64)
        np.minimum.at(self.first_end, self.cluster, columns.end[self.rows])
        np.maximum.at(self.last_start, self.cluster, columns.start[self.rows])
        self.first_end[size:] = _ALWAYS
        self.key = np.append(columns.key, np.arange(prepared.key_count))
        self.block = np.arange(total)
        self._known, self._read_of = known, cluster
        self.members: dict[int, list[int]] = {}
        self.contradictions: list[Conflict] = []
        if self.replaced:
            self._join(undecided)

    def _join(self, undecided: Bools) -> None:
        """Join each compare-and-set's cluster to that of what it expected."""
        prepared, columns = self.prepared, self.prepared.columns
        size = prepared.size
        parent: dict[int, int] = {}
        child: dict[int, int] = {}
        for swap, expected in sorted(self.replaced.items()):
            key = int(columns.key[swap])
            if expected == NO_ONE:
                self.contradictions.append(self.conflict("unwritten", (swap,)))
                continue
            if expected == SEVERAL:
                undecided[key] = True
                continue
            before = size + key if expected == prepared.initial else expected
            if before in child:
                replaced = (before,) if before < size else ()
                swaps = (child[before], swap)
                self.contradictions.append(self.conflict("forked", replaced, swaps))
                continue
            parent[swap], child[before] = before, swap
        for root in sorted(set(child) - set(parent)):
            chain = [root]
            while chain[-1] in child:
                chain.append(child[chain[-1]])
            self._merge(chain)
        seated = {member for members in self.members.values() for member in members}
        circling = set(parent) - seated
        while circling:  # each replaced what another one wrote
            circle = [min(circling)]
            while (before := parent[circle[-1]]) != circle[0]:
                circle.append(before)
            self.contradictions.append(self.conflict("circle", tuple(sorted(circle))))
            circling.difference_update(circle)

    def _writer_of(self, swap: int, writes: Ints) -> int:
        """Return the only writer of what an open compare-and-set expected, `NO_ONE` or `SEVERAL`."""
        columns = self.prepared.columns
        same = (columns.key[writes] == columns.key[swap]) & (writes != swap)
        writers = writes[same & (columns.value[writes] == columns.expected[swap])].tolist()
        if columns.expected[swap] == NULL:
            writers.append(self.prepared.initial)
        if not writers:
            return NO_ONE
        return writers[0] if len(writers) == 1 else SEVERAL

    def _merge(self, chain: list[int]) -> None:
        root = chain[0]
        self.members[root] = chain
        first_ends = self.first_end[chain]
        last_starts = self.last_start[chain]
        # Nothing of a later cluster completes before something of an earlier one is invoked.
        latest = np.maximum.accumulate(last_starts)[:-1]
        earliest = np.minimum.accumulate(first_ends[::-1])[::-1][1:]
        if (earliest < latest).any():
            at = int((earliest < latest).argmax())
            before, after = chain[: at + 1], chain[at + 1 :]
            self.contradictions.append(self.conflict("inner", self._extremes(before), self._extremes(after)))
        self.block[chain] = root
        self.first_end[root], self.last_start[root] = first_ends.min(), last_starts.max()

    def conflicts(self) -> list[Conflict]:
        """Return for each key two blocks of which each must precede the other, if there are such."""
        clusters = np.flatnonzero(np.bincount(self.block[self.cluster], minlength=len(self.block)))
        if not len(clusters):
            return []
        first, last, key = self.first_end[clusters], self.last_start[clusters], self.key[clusters]
        forward = first < last
        order = np.lexsort((first[forward], key[forward]))
        ahead = clusters[forward][order]
        f, s, k = self.first_end[ahead], self.last_start[ahead], self.key[ahead]
        overlap = ((k[1:] == k[:-1]) & (f[1:] < s[:-1])).nonzero()[0]
        pairs = list(zip(ahead[overlap].tolist(), ahead[overlap + 1].tolist(), strict=True))
        behind = clusters[~forward]
        if len(behind) and len(ahead):
            times = np.sort(f)
            span = len(times) + 1
            slot = k * span + times.searchsorted(f, "left")
            wanted = self.key[behind] * span + times.searchsorted(self.last_start[behind], "left")
            at = slot.searchsorted(wanted, "left") - 1
            there = np.maximum(at, 0)
            inside = (at >= 0) & (k[there] == self.key[behind]) & (self.first_end[behind] < s[there])
            pairs += zip(ahead[there[inside]].tolist(), behind[inside].tolist(), strict=True)
        return [
            self.conflict(
                "blocks", self._extremes(self._clusters(one)), self._extremes(self._clusters(other))
            )
            for one, other in _few(pairs, self.key)
        ]

    def _clusters(self, block: int) -> list[int]:
        return self.members.get(block, [block])

    def conflict(self, kind: ConflictKind, *parts: Witness) -> Conflict:
        """Return a conflict, with what else it takes to prove it."""
        size = self.prepared.size
        rows = [row for part in parts for row in part if row != size]
        proofs = self._proofs(rows)
        replacing = {write for row in (*rows, *proofs) for write in self._replaced_before.get(row, ())}
        return Conflict(size, kind, parts, proofs, tuple(sorted(replacing)))

    def _extremes(self, clusters: list[int]) -> Witness:
        """Return what pins a block in time: its writes, what completes first and what is invoked last."""
        columns = self.prepared.columns
        size = self.prepared.size
        chosen = {min(cluster, size) for cluster in clusters}
        rows = self.rows[np.isin(self.cluster, clusters)]
        chosen |= {int(rows[columns.end[rows].argmin()]), int(rows[columns.start[rows].argmax()])}
        return tuple(sorted(chosen))

    @cached_property
    def _readers(self) -> dict[int, int]:
        """The first read of each cluster."""
        return dict(zip(self._read_of[::-1].tolist(), self._known[::-1].tolist(), strict=True))

    def _proofs(self, rows: list[int]) -> Witness:
        """Return what shows that the open ones among some operations took effect: a read of each."""
        status = self.prepared.columns.status
        proofs: list[int] = []
        waiting = [row for row in rows if status[row] == INFO]
        while waiting:
            write = waiting.pop()
            read = self._readers.get(write)
            if read is None:
                read = self._vouching[write]
                if status[read] == INFO:
                    waiting.append(read)
            proofs.append(read)
        return tuple(sorted(set(proofs)))
