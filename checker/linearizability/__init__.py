"""`linearizable`: does each key behave as one register, in real time (Herlihy & Wing, 1990).

Linearizability is local: each key is judged alone. First a sweep asks whether the order of positions is a
witness, which proves the key linearizable. A key whose positions are no witness is judged on values alone:
by zones, as long as every read has one possible writer; else by search, under a budget of time and memory.
A key with appends is judged by the order that its reads tell, if they do; else by search, too. So are keys
that transactions tie together, as one object.

It stands on `prepared` and the tally of `checks`; `guarantees`, `explain` and `specified` may import it.
"""

from __future__ import annotations

import numpy as np

from checker.checks.tally import Outcome
from checker.history.columns import CAS, OK, READ, Bools
from checker.linearizability.appended import sweep_lists
from checker.linearizability.conflict import Conflict
from checker.linearizability.crowded import crowded_keys
from checker.linearizability.zones import judge_zones
from checker.prepared import Prepared


def linearizable(prepared: Prepared, limit: int) -> Outcome:
    """Judge `linearizable`. Raises `OutOfBudget`."""
    outcome = Outcome(vacuous="no read was answered")
    columns = prepared.columns
    reading = (columns.status == OK) & ((columns.kind == READ) | (columns.kind == CAS))
    reads = np.bincount(columns.key[reading.nonzero()[0]], minlength=prepared.key_count)
    if not reads.any():
        return outcome
    alone = (reads > 0) & ~prepared.transacted_key
    open_keys = (reads > 0) & ~(alone & _pass(prepared, alone))
    undecided = open_keys.copy()
    found: list[Conflict] = []
    plain = open_keys & alone & ~prepared.appended_key
    if plain.any():
        plain &= ~crowded_keys(prepared, plain)
    if plain.any():
        in_zones, found = judge_zones(prepared, plain)
        undecided &= ~plain | in_zones
    if undecided.any():
        from checker.linearizability.searched import search_keys  # mostly nothing needs to be searched for

        searched = search_keys(prepared, undecided)
        undecided = searched.undecided
        found = sorted([*found, *searched.conflicts], key=lambda conflict: int(columns.key[conflict.rows[0]]))
        if searched.doubts:
            outcome.doubt, outcome.doubt_code = searched.doubts[0], "budget"
    outcome.count = len(found)
    outcome.witnesses = [conflict.rows for conflict in found[:limit]]
    outcome.details = {conflict.rows: conflict for conflict in found[:limit]}
    outcome.judged = int(reads[~undecided].sum())
    outcome.ambiguous = int(reads[undecided].sum())
    if outcome.judged:
        outcome.evidence = "inferred" if (open_keys & ~undecided).any() else "positions"
    return outcome


def _pass(prepared: Prepared, keys: Bools) -> Bools:
    """Return the keys of which one order is known to be a linearization: that of positions, or of lists."""
    passed: Bools = prepared.linear_key & ~prepared.appended_key
    lists = keys & prepared.appended_key & prepared.derived_key
    if lists.any():
        passed |= sweep_lists(prepared, lists)
    return passed
