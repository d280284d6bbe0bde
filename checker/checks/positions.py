"""`unique-positions`: no two acknowledged writes have one position."""

from __future__ import annotations

import numpy as np

from checker.checks.tally import Outcome, Witness
from checker.history.columns import NOT_SAID, OK, READ
from checker.orders.ordering import begins
from checker.prepared import Prepared


def unique_positions(prepared: Prepared, limit: int) -> Outcome:
    """Judge `unique-positions`: within a key, or within the file where there is one log."""
    outcome = Outcome(vacuous="no two acknowledged writes have positions that compare")
    columns = prepared.columns
    rows, place = prepared.acknowledged, prepared.acknowledged_place
    if prepared.unfolded is not None:  # those of appends whose order nobody told, too
        rows = ((columns.kind != READ) & (columns.status == OK)).nonzero()[0]
        place = prepared.whole.columns.place[prepared.operation_of[rows]]
    said = place != NOT_SAID
    if not said.all():
        rows, place = rows[said], place[said]
    if prepared.one_log and prepared.unfolded is not None:
        single = begins(prepared.operation_of[rows])  # a transaction's writes share its position
        rows, place = rows[single], place[single]
    if len(rows) < 2:
        return outcome
    logs = 1 if prepared.one_log else np.count_nonzero(np.bincount(columns.key[rows]))
    outcome.judged = len(rows) - int(logs)
    outcome.evidence = "positions"
    given = np.zeros(int(place.max()) + 1, dtype=np.bool_)
    given[place] = True
    if np.count_nonzero(given) == len(rows):
        return outcome  # no position at all was given twice
    log = np.zeros(len(rows), dtype=np.int64) if prepared.one_log else columns.key[rows]
    order = np.lexsort((place, log))
    place, rows, log = place[order], rows[order], log[order]
    same = ((place[1:] == place[:-1]) & (log[1:] == log[:-1])).nonzero()[0]
    witnesses: list[Witness] = [(int(rows[at]), int(rows[at + 1])) for at in same[:limit]]
    outcome.witnesses, outcome.count = witnesses, len(same)
    return outcome
