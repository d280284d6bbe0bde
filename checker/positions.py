"""`unique-positions`: no two acknowledged writes have one position."""

from __future__ import annotations

import numpy as np

from checker.columns import NOT_SAID, OK, READ
from checker.ordering import begins
from checker.prepared import Prepared
from checker.tally import Outcome, Witness


def unique_positions(prepared: Prepared, limit: int) -> Outcome:
    """Judge `unique-positions`: within a key, or within the file where there is one log."""
    outcome = Outcome(vacuous="no two acknowledged writes have positions that compare")
    columns = prepared.columns
    places = prepared.whole.columns.place[prepared.operation_of]
    rows = ((columns.kind != READ) & (columns.status == OK) & (places != NOT_SAID)).nonzero()[0]
    log = columns.key[rows]
    if prepared.one_log:  # a transaction's writes share its position
        rows = rows[begins(prepared.operation_of[rows])]
        log = np.zeros(len(rows), dtype=np.int64)
    if len(rows) < 2:
        return outcome
    outcome.judged = len(rows) - int(np.count_nonzero(np.bincount(log)))
    outcome.evidence = "positions"
    if np.bincount(places[rows]).max() == 1:
        return outcome  # no position at all was given twice
    order = np.lexsort((places[rows], log))
    place, rows, log = places[rows][order], rows[order], log[order]
    same = ((place[1:] == place[:-1]) & (log[1:] == log[:-1])).nonzero()[0]
    witnesses: list[Witness] = [(int(rows[at]), int(rows[at + 1])) for at in same[:limit]]
    outcome.witnesses, outcome.count = witnesses, len(same)
    return outcome
