"""The five relations between operations, each edge with its reason.

GUARANTEES, "The relations". Verdicts are reached on columns, without these; here are the edges of the few
operations that explain a violation, and of the whole happens-before graph.
"""

from __future__ import annotations

import numpy as np

from checker.describe import Words, value_text
from checker.history.columns import NOT_SAID, Ints
from checker.orders.candidates import SEVERAL
from checker.prepared import Prepared
from checker.verdict import Edge, EdgeKind


class Relations:
    """Says which edges hold between the rows of a history, and why; `words` name the operations."""

    def __init__(self, prepared: Prepared, words: Words | None = None) -> None:
        self.prepared = prepared
        self.words = words if words is not None else Words(prepared)

    def edge(self, from_: int, to: int, kind: EdgeKind, reason: str) -> Edge:
        """Return an edge between two rows."""
        index = self.prepared.columns.index
        return Edge(from_=int(index[from_]), to=int(index[to]), edge=kind, reason=reason)

    def session_order(self, one: int, other: int) -> Edge:
        """Return the edge between two operations of one session."""
        words = self.words
        session = words.operations[one].session
        reason = (
            f"both are of session {session} and {words.name(one)} ended at {words.end(one)}, "
            f"before {words.name(other)} started at {words.start(other)}"
        )
        return self.edge(one, other, "session-order", reason)

    def real_time(self, one: int, other: int) -> Edge:
        """Return the edge from an operation that had ended before another started."""
        words = self.words
        reason = (
            f"{words.name(one)} ended at {words.end(one)}, "
            f"before {words.name(other)} started at {words.start(other)}"
        )
        return self.edge(one, other, "real-time", reason)

    def reads_from(self, write: int, read: int) -> Edge:
        """Return the edge from a write to a read of it."""
        words, returned = self.words, self.words.returned(read)
        reason = f"{words.name(read)} returned {returned}, which only {words.name(write)} can have written"
        if int(self.prepared.candidates.source[read]) == SEVERAL:
            reason = (
                f"{words.name(read)} returned {returned}, written by {words.name(write)} "
                "or by a write of a version at least as new"
            )
        return self.edge(write, read, "reads-from", reason)

    def version_order(self, one: int, other: int) -> Edge:
        """Return the edge from a write to one of a newer version."""
        return self.edge(one, other, "version-order", self._older(one, other))

    def anti_dependency(self, read: int, write: int) -> Edge:
        """Return the edge from a read to a write whose version is newer than what it returned."""
        words = self.words
        versions = list(self.prepared.versions_of(read))
        name = words.name(read)
        if versions == [self.prepared.initial]:
            key = self.words.operations[read].key if self.prepared.is_part(read) else None
            of = f" of {key}" if key is not None else ""
            reason = f"{name} returned the initial version{of}, which is older than any that was written"
        elif len(versions) == 1:
            version = versions[0]
            reason = f"{name} returned what {words.name(version)} wrote, and {self._older(version, write)}"
        else:
            reason = (
                f"{name} returned {words.returned(read)}, and whichever of {words.several(versions)} "
                f"it saw, {words.name(write)} is newer"
            )
        return self.edge(read, write, "anti-dependency", reason)

    def newer(self, version: int) -> Ints:
        """Return the rows of the writes of a write's key that are newer than it; in one log, of any key."""
        prepared, columns = self.prepared, self.prepared.columns
        took = prepared.took[:-1].nonzero()[0]
        same = took[columns.key[took] == columns.key[version]]
        newer: Ints = same[prepared.versions.older(np.full(len(same), version), same)]
        if not prepared.one_log or not self._in_log(version):
            return newer
        others = took[columns.key[took] != columns.key[version]]
        others = others[prepared.positioned_key[columns.key[others]]]
        others = others[prepared.place[others] > prepared.place[version]]
        in_log: Ints = np.concatenate((newer, others))
        return in_log

    def unseen(self, read: int) -> Ints:
        """Return the rows of the writes that are newer than everything that a read may have returned."""
        prepared, columns = self.prepared, self.prepared.columns
        versions = prepared.versions_of(read)
        took = prepared.took[:-1].nonzero()[0]
        same = took[columns.key[took] == columns.key[read]]
        if not versions:
            return np.zeros(0, dtype=np.int64)
        missed = np.ones(len(same), dtype=np.bool_)
        for version in versions:
            missed &= prepared.versions.older(np.full(len(same), version), same)
        unseen: Ints = same[missed]
        return unseen

    def _in_log(self, version: int) -> bool:
        prepared = self.prepared
        positioned = bool(prepared.positioned_key[prepared.columns.key[version]])
        return positioned and bool(prepared.place[version] != NOT_SAID)

    def _older(self, one: int, other: int) -> str:
        prepared, words = self.prepared, self.words
        position, newer = words.position(one), words.position(other)
        positioned = prepared.positioned_key[prepared.columns.key[one]]
        if int(prepared.columns.key[one]) in prepared.derived_keys and position != newer:
            return self._older_in_lists(one, other)
        if positioned and position is not None and newer is not None:
            if prepared.place[one] < prepared.place[other]:
                return f"{words.name(one)} has position {position}, below {words.name(other)}'s {newer}"
            return f"{words.name(one)} is older than {words.name(other)} by way of a write without position"
        if positioned:
            return f"{words.name(one)} precedes {words.name(other)} causally, or by way of other positions"
        if prepared.real_time_writes:
            return (
                f"{words.name(one)} precedes {words.name(other)} causally, or as a write through one leader"
            )
        return f"{words.name(one)} is in the causal past of {words.name(other)}"

    def _older_in_lists(self, one: int, other: int) -> str:
        prepared, words = self.prepared, self.words
        items = [value_text(words.operations[row].value) for row in (one, other)]
        key = prepared.columns.key_names[prepared.columns.key[one]]
        if self._seen(other):
            return f"{items[0]} stands before {items[1]} in what was read of {key}"
        return f"{items[1]} is in nothing that was read of {key}, so {words.name(other)} came later"

    def _seen(self, write: int) -> bool:
        prepared = self.prepared
        item, key = self.words.operations[write].value, int(prepared.columns.key[write])
        reads = prepared.reads[prepared.columns.key[prepared.reads] == key].tolist()
        return any(item in (self.words.operations[read].value or ()) for read in reads)
