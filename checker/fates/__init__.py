"""What became of every write: stable, stale, lost, never read, recovered.

In the manner of Jepsen's `set-full` (jepsen.checker), for registers: a read that returns a newer version says
that a write is fine, for it was there to be replaced. Everything rests on what one read says of one write.

Let w be an acknowledged write (`ok`) of a key, and r a *later read*: an `ok` read of the key with
`w.end < r.start`. Candidates, places and the order of versions are those of the guarantees.

- A version v *lacks* w if v is older than w; for a key whose positions do not count also if v is an `ok`
  write that had ended before w started. The initial version lacks every write.
- v *follows* w if it does not lack w, and it is w, or w is older than v; for a key whose positions count also
  if v has w's place; for another one also if v started after w had ended.
- r *misses* w if it has candidates and each lacks w; it *shows* w if it has candidates and each follows w.
  Else (concurrent versions, candidates that disagree, an illegal read) it says nothing of w.
- A read that found nothing and does not say of what version may always have found the initial version. It
  misses w if no write of `null` explains it (`no-lost-acknowledged-writes` says which do); it shows w if it
  does not miss it, it has candidates apart from the initial version, and each of these follows w.

Every acknowledged write then has one fate:

- `lost`: there are *final* later reads, and all miss it (so exactly where `no-lost-acknowledged-writes` is
  violated); or there are none, some later read misses it, and none that started at the same time or after
  the last such one shows it. These last ones are counted again as `presumed_lost`: a replica that lags
  behind looks the same.
- `stable`: not lost, some later read shows it, and none misses it.
- `stale`: not lost, some later read shows it, and some miss it. It was stale for the time from its end to the
  start of the last later read that misses it.
- `never-read`: not lost, and no later read shows it.

Of the other writes:

- `recovered`: `info`, and the only candidate of some `ok` read.
- `aborted`: `fail`, of a value that an illegal read of its key returned: what no-aborted-reads is about.

Each write of a transaction is a write by itself. Keys that no guarantee is judged for are left out.

The room stands on `prepared` and the tally of `checks`; `judge` may import it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from checker.checks.tally import evidence_of
from checker.fates.losses import lost_across, role_changes
from checker.fates.pairs import compare_reads
from checker.fates.seen import NEVER, Seen, when_seen
from checker.fates.values import QUANTILES, DurabilityReport, Fate, NamedWrite
from checker.history.columns import FAIL, INFO, Bools, Ints
from checker.orders.candidates import NO_ONE, read_values
from checker.prepared import Prepared

if TYPE_CHECKING:
    from checker.history import History

__all__ = ["DurabilityReport", "durability_of", "fates_of", "judge_fates"]


def durability_of(
    history: History, *, real_time_writes: bool | None = None, most_named: int = 10
) -> DurabilityReport:
    """Return what became of every write of a history.

    `real_time_writes` overrides what the header says of whether real time orders writes. At most
    `most_named` writes of each fate are named. Raises `OutOfBudget`, whose message says why, where too many
    versions without positions overlap to be compared.
    """
    return judge_fates(Prepared(history, real_time_writes=real_time_writes), most_named=most_named)


def judge_fates(prepared: Prepared, *, most_named: int = 10) -> DurabilityReport:
    """Return the same of a history that is prepared for judging."""
    seen = when_seen(prepared)
    writes = prepared.acknowledged
    fates = fates_of(seen)
    waited = (seen.missed - prepared.columns.end[writes])[fates["stale"]]
    recovered, aborted = _recovered(prepared), _aborted(prepared)
    rows = {fate: writes[which] for fate, which in fates.items()}
    worst = rows["stale"][(-waited).argsort(kind="stable")]
    rows |= {"stale": worst, "recovered": recovered, "aborted": aborted}
    return DurabilityReport(
        acknowledged=len(writes),
        stable=len(rows["stable"]),
        stale=len(rows["stale"]),
        lost=len(rows["lost"]),
        never_read=len(rows["never-read"]),
        presumed_lost=int(np.count_nonzero(fates["lost"] & ~seen.asked)),
        recovered=len(recovered),
        aborted=len(aborted),
        evidence=evidence_of(prepared, writes, np.ones(len(writes), dtype=np.bool_)) if len(writes) else None,
        staleness=_quantiles(waited),
        named={fate: _named(prepared, fate, found[:most_named]) for fate, found in rows.items()},
    )


def fates_of(seen: Seen) -> dict[Fate, Bools]:
    """Return which acknowledged writes have which fate; each has one."""
    lost = np.where(seen.asked, seen.gone, seen.missed > seen.shown)
    shown = (seen.shown > NEVER) & ~lost
    missed = seen.missed > NEVER
    return {"stable": shown & ~missed, "stale": shown & missed, "lost": lost, "never-read": ~(shown | lost)}


def _recovered(prepared: Prepared) -> Ints:
    source = prepared.candidates.source[prepared.reads]
    read = np.zeros(prepared.size + 1, dtype=np.bool_)
    read[source[source >= 0]] = True
    rows: Ints = (read[:-1] & prepared.is_write & (prepared.columns.status == INFO)).nonzero()[0]
    return rows


def _aborted(prepared: Prepared) -> Ints:
    columns = prepared.columns
    illegal = prepared.reads[prepared.candidates.source[prepared.reads] == NO_ONE]
    failed = (prepared.is_write & (columns.status == FAIL)).nonzero()[0]
    wrote = columns.key[failed] * columns.value_count + columns.value[failed]
    returned = columns.key[illegal] * columns.value_count + read_values(columns)[illegal]
    rows: Ints = failed[np.isin(wrote, returned)]
    return rows


def _quantiles(waited: Ints) -> dict[float, int]:
    """Return the quantiles of some times: the least that so large a part of them does not exceed."""
    if not len(waited):
        return {}
    ordered = np.sort(waited)
    return {part: int(ordered[math.ceil(part * len(waited)) - 1]) for part in QUANTILES}


def _named(prepared: Prepared, fate: Fate, writes: Ints) -> tuple[NamedWrite, ...]:
    columns = prepared.columns
    tell = {"lost": _lost, "stale": _stale}.get(fate)
    names = []
    for row in writes.tolist():
        key = columns.key_names[columns.key[row]]
        more = tell(prepared, row) if tell else {}
        names.append(NamedWrite(operation=int(columns.index[row]), key=key, **more))
    return tuple(names)


def _stale(prepared: Prepared, write: int) -> dict[str, Any]:
    """Return which read was the last to miss a stale write, and for how long it had been stale."""
    columns = prepared.columns
    missing, _ = _later_reads(prepared, write)
    waited = int(columns.start[missing[-1]]) - int(columns.end[write])
    return {"missed_by": int(columns.index[missing[-1]]), "stale_for": waited}


def _lost(prepared: Prepared, write: int) -> dict[str, Any]:
    """Return which read was the first to miss a lost write since it was last seen, and what came between."""
    columns = prepared.columns
    missing, showing = _later_reads(prepared, write)
    shown = int(columns.start[showing[-1]]) if len(showing) else None
    since = missing if shown is None else missing[columns.start[missing] > shown]
    first = int((since if len(since) else missing)[0])
    across = lost_across(
        role_changes(prepared.history.header.trace),
        start=int(columns.start[write]),
        end=int(columns.end[write]),
        shown=shown,
        missed=int(columns.end[first]),
    )
    return {"missed_by": int(columns.index[first]), "across": across}


def _later_reads(prepared: Prepared, write: int) -> tuple[Ints, Ints]:
    """Return the later reads that miss a write, and those that show it, each in the order of their start."""
    columns, reads = prepared.columns, prepared.reads
    later = (columns.key[reads] == columns.key[write]) & (columns.start[reads] > columns.end[write])
    reads = reads[later]
    reads = reads[columns.start[reads].argsort(kind="stable")]
    misses, shows = compare_reads(prepared, reads, np.full(len(reads), write))
    return reads[misses], reads[shows]
