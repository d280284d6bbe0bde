"""`unique-positions`: no two acknowledged writes have one position."""

from __future__ import annotations

from checker.columns import NOT_SAID
from checker.prepared import Prepared
from checker.tally import Outcome, Witness


def unique_positions(prepared: Prepared, limit: int) -> Outcome:
    """Judge `unique-positions`: within a key, or within the file where there is one log."""
    outcome = Outcome(vacuous="no two acknowledged writes have positions that compare")
    columns = prepared.columns
    rows = prepared.acknowledged
    rows = rows[columns.place[rows] != NOT_SAID]
    if len(rows) < 2:
        return outcome
    log = columns.place[rows] * 0 if prepared.one_log else columns.key[rows]
    width = columns.place_count + 1
    slot = log * width + columns.place[rows]
    order = slot.argsort(kind="stable")
    slot, rows, log = slot[order], rows[order], log[order]
    outcome.judged = int((log[1:] == log[:-1]).sum())
    outcome.evidence = "positions"
    same = (slot[1:] == slot[:-1]).nonzero()[0]
    witnesses: list[Witness] = [(int(rows[at]), int(rows[at + 1])) for at in same[:limit]]
    outcome.witnesses, outcome.count = witnesses, len(same)
    return outcome
