"""`no-aborted-reads` and `no-thin-air-reads`: every value that was read was written, and not withdrawn."""

from __future__ import annotations

import numpy as np

from checker.checks.tally import Outcome, Witness
from checker.history.columns import FAIL, Ints
from checker.orders.candidates import NO_ONE, read_values
from checker.prepared import Prepared

_VACUOUS = "no read was answered"


def no_aborted_reads(prepared: Prepared, limit: int) -> Outcome:
    """Judge `no-aborted-reads`: no read returned what only a failed write wrote."""
    witnesses = [(write, read) for read, write in _illegal(prepared) if write is not None]
    return _outcome(prepared, list(witnesses), limit)


def no_thin_air_reads(prepared: Prepared, limit: int) -> Outcome:
    """Judge `no-thin-air-reads`: no read returned what nobody can have written."""
    witnesses: list[Witness] = [(read,) for read, write in _illegal(prepared) if write is None]
    return _outcome(prepared, witnesses, limit)


def _outcome(prepared: Prepared, witnesses: list[Witness], limit: int) -> Outcome:
    return Outcome(
        judged=len(prepared.reads), witnesses=witnesses[:limit], count=len(witnesses), vacuous=_VACUOUS
    )


def _illegal(prepared: Prepared) -> list[tuple[int, int | None]]:
    """Return the illegal reads, each with the first failed write of its key that wrote its value."""
    unclear = prepared.unclear
    illegal: Ints = unclear[prepared.candidates.source[unclear] == NO_ONE]
    if not len(illegal):
        return []
    columns = prepared.columns
    failed: dict[tuple[int, int], int] = {}
    rows = (prepared.is_write & (columns.status == FAIL)).nonzero()[0]
    for row in rows.tolist():
        failed.setdefault((int(columns.key[row]), int(columns.value[row])), row)
    returned = read_values(columns)
    pairs = np.stack((columns.key[illegal], returned[illegal]), axis=1).tolist()
    return [
        (read, failed.get((key, value))) for read, (key, value) in zip(illegal.tolist(), pairs, strict=True)
    ]
