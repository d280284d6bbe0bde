"""`no-lost-acknowledged-writes` and `convergence`: what the final reads say, after all faults have ended."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from checker.checks.pairs import MANY_PAIRS
from checker.checks.tally import Outcome, Tally, Witness
from checker.history.columns import FOREVER, INFO, INITIAL, NOT_SAID, OK, READ, Bools, Ints
from checker.orders.candidates import OutOfBudget
from checker.prepared import Prepared
from checker.values import NULL


def no_lost_acknowledged_writes(prepared: Prepared, limit: int) -> Outcome:
    """Judge `no-lost-acknowledged-writes`: some node still has each acknowledged write, or a newer one."""
    tally = Tally(prepared)
    final = prepared.reads[prepared.columns.final[prepared.reads]]
    if not len(prepared.acknowledged):
        return Outcome(vacuous="no write was acknowledged")
    if not prepared.columns.final.any():
        return Outcome(vacuous="no final reads")
    ranked = prepared.acknowledged[prepared.ranked[prepared.acknowledged]]
    if len(ranked):
        steady = prepared.steady_key[prepared.columns.key[ranked]]
        if steady.any():
            _judge_steady(prepared, final, ranked[steady], tally)
        if not steady.all():
            _judge_ranked(prepared, final[prepared.ranked[final]], ranked[~steady], tally)
    partial = prepared.acknowledged[~prepared.ranked[prepared.acknowledged]]
    if len(partial):
        _judge_partial(prepared, final[~prepared.ranked[final]], partial, tally)
    outcome = tally.outcome(limit=limit, vacuous="", witness=lambda write: (write,))
    outcome.witnesses = [
        (write, *_reads_after(prepared, final, write).tolist()) for (write,) in outcome.witnesses
    ]
    outcome.unsure = "no final read tells whether an acknowledged write is still there"
    return outcome


def _reads_after(prepared: Prepared, final: Ints, write: int) -> Ints:
    columns = prepared.columns
    after = columns.start[final] > columns.end[write]
    later: Ints = final[after & (columns.key[final] == columns.key[write])]
    return later


def _judge_steady(prepared: Prepared, final: Ints, writes: Ints, tally: Tally) -> None:
    """No final read after a write goes back to an older place; the last one tells if there is any."""
    columns = prepared.columns
    last = np.full(prepared.key_count, -FOREVER, dtype=np.int64)
    np.maximum.at(last, columns.key[final], columns.start[final])
    everyone = np.ones(len(writes), dtype=np.bool_)
    tally.add(writes, everyone, ~everyone, last[columns.key[writes]] > columns.end[writes])


def _judge_ranked(prepared: Prepared, final: Ints, writes: Ints, tally: Tally) -> None:
    """A write is lost if the newest place that any final read after it may have returned is below its own."""
    columns = prepared.columns
    everyone = np.ones(len(writes), dtype=np.bool_)
    tally.add(writes, everyone, ~everyone, ~everyone)
    if not len(final):
        return
    low, high = (places[final] for places in prepared.read_places)
    silent = _silent_nulls(prepared, final)
    if not silent.any():
        _compare_places(prepared, final, low, high, writes, tally)
        return
    # A later write of null explains that nothing was found; and a write of null explains itself.
    low[silent] = high[silent] = _newest_null(prepared)[columns.key[final[silent]]] - 1
    null = columns.value[writes] == NULL
    _compare_places(prepared, final, low, high, writes[~null], tally)
    low[silent] = high[silent] = columns.place_count + 1
    _compare_places(prepared, final, low, high, writes[null], tally)


def _compare_places(
    prepared: Prepared, final: Ints, low: Ints, high: Ints, writes: Ints, tally: Tally
) -> None:
    """Compare writes with the places that the final reads after them may (`high`) and must (`low`) have."""
    columns = prepared.columns
    order = _backwards(prepared, final)
    final, low, high = final[order], low[order], high[order]
    key = columns.key[final]
    width = columns.place_count + 4
    newest = np.maximum.accumulate(key * width + high) - key * width
    surest = np.maximum.accumulate(key * width + low) - key * width
    begin, stop = _later(prepared, final, writes)
    paired = stop > begin
    last = np.maximum(stop - 1, 0)
    place = prepared.place[writes]
    tally.add(writes, paired, newest[last] < place, surest[last] >= place)


def _backwards(prepared: Prepared, final: Ints) -> Ints:
    """Return the order key by key, the last read first: a running maximum is over all from each on."""
    columns = prepared.columns
    order: Ints = np.lexsort((-columns.start[final], columns.key[final]))
    return order


def _later(prepared: Prepared, final: Ints, writes: Ints) -> tuple[Ints, Ints]:
    """Return where, in that order, the final reads that began after each write's end begin and stop."""
    columns = prepared.columns
    key = columns.key[final]
    starts = np.sort(columns.start[final])
    of_key = key.searchsorted(np.arange(prepared.key_count + 1), "left")
    written = columns.key[writes]
    begin, stop = of_key[written], of_key[written + 1]
    # Most writes had ended before any of these reads began.
    at = (columns.end[writes] >= starts.min(initial=FOREVER)).nonzero()[0]
    span = len(final) + 1
    slot = key * span + (len(final) - starts.searchsorted(columns.start[final], "right"))
    later = len(final) - starts.searchsorted(columns.end[writes[at]], "right")
    stop[at] = slot.searchsorted(written[at] * span + later, "left")
    return begin, stop


def _silent_nulls(prepared: Prepared, reads: Ints) -> Bools:
    """Return which reads found nothing and do not say of what version."""
    columns = prepared.columns
    silent: Bools = (columns.version[reads] == NOT_SAID) & (columns.value[reads] == NULL)
    silent &= columns.kind[reads] == READ
    return silent


def _newest_null(prepared: Prepared) -> Ints:
    """Return for each key the newest place at which `null` may have been written, beyond all if unknown."""
    columns = prepared.columns
    newest = np.full(prepared.key_count, INITIAL, dtype=np.int64)
    rows = prepared.writes[columns.value[prepared.writes] == NULL]
    place = np.where(prepared.place[rows] == NOT_SAID, columns.place_count + 2, prepared.place[rows])
    np.maximum.at(newest, columns.key[rows], place)
    return newest


def _judge_partial(prepared: Prepared, final: Ints, writes: Ints, tally: Tally) -> None:
    """Look at every write and every final read after it."""
    tally.paired[writes] = True
    write, read = _pairs(prepared, final, writes)
    lost = np.zeros(len(write), dtype=np.bool_)
    kept = np.zeros(len(write), dtype=np.bool_)
    source = prepared.candidates.source[read]
    silent = _silent_nulls(prepared, read)
    clear = (source >= 0) & ~silent
    lost[clear] = _lacks(prepared, source[clear], write[clear])
    kept[clear] = ~lost[clear]
    explained: dict[int, bool] = {}
    for at in (~clear).nonzero()[0].tolist():
        one = int(write[at])
        if silent[at]:
            if one not in explained:
                explained[one] = _null_explained(prepared, one)
            lost[at], kept[at] = not explained[one], explained[one]
        elif versions := prepared.versions_of(int(read[at])):
            facts = _lacks(prepared, np.array(versions), np.full(len(versions), one))
            lost[at], kept[at] = facts.all(), not facts.any()
    reads = np.bincount(write, minlength=prepared.size)
    losses = np.bincount(write[lost], minlength=prepared.size)
    gone = (reads > 0) & (losses == reads)
    tally.violated[gone] = True
    tally.fine[write[kept]] = True


def _pairs(prepared: Prepared, final: Ints, writes: Ints) -> tuple[Ints, Ints]:
    """Return each write with each final read of its key that began after it had ended."""
    final = final[_backwards(prepared, final)]
    begin, stop = _later(prepared, final, writes)
    counts = stop - begin
    total = int(counts.sum())
    if total > MANY_PAIRS:
        raise OutOfBudget("too many pairs to compare without positions")
    within = np.arange(total) - np.repeat(counts.cumsum() - counts, counts)
    return np.repeat(writes, counts), final[np.repeat(begin, counts) + within]


def _lacks(prepared: Prepared, versions: Ints, writes: Ints) -> Bools:
    """Return for each pair whether the version is older, or, without positions, was over before the write."""
    columns = prepared.columns
    lacks = prepared.versions.older(versions, writes)
    done = ~prepared.positioned_key[columns.key[writes]] & (versions != prepared.initial)
    done[done] = prepared.ok[versions[done]] & (columns.end[versions[done]] < columns.start[writes[done]])
    lacks |= done
    return lacks


def _null_explained(prepared: Prepared, write: int) -> bool:
    """Whether some write of `null` explains that nothing was found after `write`."""
    columns = prepared.columns
    positioned = bool(prepared.positioned_key[columns.key[write]])
    same = prepared.writes[columns.key[prepared.writes] == columns.key[write]]
    for row in same[columns.value[same] == NULL].tolist():
        if row == write:
            return True
        if positioned and prepared.place[row] != NOT_SAID:
            if prepared.place[row] > prepared.place[write]:
                return True
        elif columns.end[row] >= columns.start[write]:
            return True
    return False


def convergence(prepared: Prepared, limit: int) -> Outcome:
    """Judge `convergence`: the last final reads of one key by two nodes return one value."""
    columns = prepared.columns
    outcome = Outcome(
        vacuous="no key was read by two nodes in the end",
        unsure="nodes did not answer, or a write that is still open may have landed between two reads",
    )
    asked = columns.final & (columns.kind == READ) & (columns.node >= 0)
    rows = asked.nonzero()[0]
    last: dict[int, dict[int, int]] = {}
    for row in rows[columns.start[rows].argsort(kind="stable")].tolist():
        key = int(columns.key[row])
        if key in prepared.opaque_keys:
            continue
        nodes = last.setdefault(key, {})
        node = int(columns.node[row])
        if columns.status[row] == OK:
            nodes[node] = row
        else:
            nodes.setdefault(node, -1)
    for key, nodes in last.items():
        for one, other in combinations(nodes.values(), 2):
            if one < 0 or other < 0:
                outcome.ambiguous += 1
            elif columns.value[one] == columns.value[other]:
                outcome.judged += 1
            elif _may_land_late(prepared, key, (one, other)):
                outcome.ambiguous += 1
            else:
                outcome.judged += 1
                outcome.count += 1
                if len(outcome.witnesses) < limit:
                    outcome.witnesses.append((min(one, other), max(one, other)))
    return outcome


def _may_land_late(prepared: Prepared, key: int, reads: Witness) -> bool:
    columns = prepared.columns
    open_writes = prepared.writes[
        (columns.key[prepared.writes] == key) & (columns.status[prepared.writes] == INFO)
    ]
    return bool(np.isin(columns.value[open_writes], columns.value[list(reads)]).any())
