"""`causal`: causal consistency (Bouajjani et al., On Verifying Causal Consistency, POPL 2017).

Causal order, hb = (session-order ∪ reads-from)⁺, has no cycle; no read returned a version older than a write
in its causal past; and where positions say which versions are newer, causal order and they do not go round in
circles. Each `ok` read with one candidate is judged.
"""

from __future__ import annotations

import numpy as np

from checker.checks.tally import Outcome, Witness, evidence_of
from checker.graph.circles import circles
from checker.graph.paths import Paths
from checker.history.columns import Ints
from checker.prepared import Prepared

TRIED = 16
"""Operations of one circle from which its shortest cycle is looked for."""


def causal(prepared: Prepared, limit: int) -> Outcome:
    """Judge `causal`.

    A witness is the way from the newer write to the read that missed it, or around a circle. Raises
    `OutOfBudget`.
    """
    outcome = Outcome(vacuous="no read was answered")
    reads = prepared.reads
    if prepared.linear:
        # Causal order agrees with that one order: nothing in a past is newer, and nothing circles.
        outcome.judged = len(reads)
        outcome.evidence = evidence_of(prepared, reads, np.ones(len(reads), dtype=np.bool_))
        return outcome
    found = circles(prepared)
    violated = prepared.versions.overtaken[reads]
    decided = violated | (prepared.candidates.source[reads] >= 0)
    outcome.judged = int(np.count_nonzero(decided))
    outcome.ambiguous = len(reads) - outcome.judged
    # A circle without reads is one of positions.
    outcome.evidence = evidence_of(prepared, reads, decided)
    # What a read in a circle missed, the circle says.
    missed = reads[violated]
    missed = missed[~np.isin(missed, np.concatenate((*found, reads[:0])))]
    outcome.count = len(found) + len(missed)
    outcome.witnesses = [_around(prepared, circle) for circle in found[:limit]]
    if len(missed):
        paths = Paths(prepared, versions=False)
        for read in missed[: limit - len(outcome.witnesses)].tolist():
            outcome.witnesses.append(paths.shortest(prepared.versions.newer_than(read), read))
    return outcome


def _around(prepared: Prepared, circle: Ints) -> Witness:
    """Return the shortest cycle found in a circle, of causal order alone if there is one."""
    best: Witness = ()
    for versions in (False, True):
        if versions or prepared.causality.cyclic:
            paths = Paths(prepared, versions=versions)
            ways = [paths.shortest(np.array([row]), row)[:-1] for row in circle[:TRIED].tolist()]
            best = min(filter(None, ways), key=len, default=())
        if best:
            break
    return best
