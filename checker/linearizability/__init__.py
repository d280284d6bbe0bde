"""`linearizable`: does each key behave as one register, in real time (Herlihy & Wing, 1990).

Linearizability is local: each key is judged alone. First a sweep asks whether the order of positions is a
witness, which proves the key linearizable. A key whose positions are no witness is judged on values alone,
by zones, as long as every read has one possible writer; else it is left undecided.
"""

from __future__ import annotations

import numpy as np

from checker.linearizability.sweep import sweep
from checker.linearizability.zones import judge_zones
from checker.prepared import Prepared
from checker.tally import Outcome


def linearizable(prepared: Prepared, limit: int) -> Outcome:
    """Judge `linearizable`. Raises `OutOfBudget`."""
    outcome = Outcome(vacuous="no read was answered")
    if not len(prepared.reads):
        return outcome
    key = prepared.columns.key[prepared.reads]
    reads = np.bincount(key, minlength=prepared.key_count)
    passed = sweep(prepared)
    open_keys = (reads > 0) & ~passed
    undecided = np.zeros(prepared.key_count, dtype=np.bool_)
    if open_keys.any():
        undecided, conflicts = judge_zones(prepared, open_keys)
        outcome.count = len(conflicts)
        outcome.witnesses = [conflict.rows for conflict in conflicts[:limit]]
        outcome.details = {conflict.rows: conflict for conflict in conflicts[:limit]}
    outcome.ambiguous = int(reads[undecided].sum())
    outcome.judged = len(prepared.reads) - outcome.ambiguous
    if outcome.judged:
        outcome.evidence = "inferred" if (open_keys & ~undecided).any() else "positions"
    if undecided.any():
        name = prepared.columns.key_names[int(undecided.argmax())]
        outcome.doubt = f"reads of key {name!r} have several possible writers, and positions do not settle it"
    return outcome
