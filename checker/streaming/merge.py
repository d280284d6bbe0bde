"""One verdict from the verdicts on the parts of a history.

What a guarantee says of each key by itself adds up: counts are summed, a violation of a part is one of the
whole, and the whole holds if something was judged and nothing is in doubt. The rest is said in `covers`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checker.prepared import Prepared
from checker.verdict import Verdict, Violation

BY_KEY = frozenset(("linearizable", "convergence", "no-aborted-reads", "no-thin-air-reads"))
"""Guarantees that are of one key each, whatever orders its versions."""
BY_RANKED_KEY = frozenset(
    ("read-your-writes", "monotonic-reads", "bounded-staleness", "no-lost-acknowledged-writes")
)
"""Guarantees that are of one key each where positions say which versions are newer."""
UNIQUE_POSITIONS = "unique-positions"
BY_LOG = frozenset(("monotonic-writes", "writes-follow-reads", UNIQUE_POSITIONS))
"""The same, unless all keys have one log: then they compare versions of different keys."""


def covers(name: str, *, one_log: bool) -> str | None:
    """Return why a guarantee cannot be judged key by key, None if it can."""
    if name in BY_LOG and one_log:
        return "it compares versions of different keys, since there is one log"
    if name in BY_KEY | BY_RANKED_KEY | BY_LOG:
        return None
    return "it needs the causes of all operations at once"


def is_ordered_alone(prepared: Prepared) -> bool:
    """Whether the order of each key's versions follows from operations of that key.

    It does where each version has a place, and where there is but one beside the initial version.
    """
    loose = np.flatnonzero(prepared.took[:-1] & ~prepared.ranked)
    if not len(loose):
        return True
    return bool(np.bincount(prepared.columns.key[loose]).max() <= 1)


def merge(name: str, parts: Sequence[Verdict], *, most: int) -> Verdict:
    """Return the verdict on a history from those on its parts; `most` violations are kept."""
    judged = sum(part.judged for part in parts)
    ambiguous = sum(part.ambiguous for part in parts)
    elapsed = sum(part.elapsed_s for part in parts)
    said = {part.evidence for part in parts}
    evidence = next((kind for kind in ("inferred", "positions") if kind in said), None)
    count = sum(part.violation_count for part in parts)
    if count:
        found = sorted((one for part in parts for one in part.violations), key=_order)
        return Verdict(
            verdict="violated",
            evidence=evidence,
            judged=judged,
            ambiguous=ambiguous,
            violations=tuple(found[:most]),
            violation_count=count,
            elapsed_s=elapsed,
        )
    doubtful = [part for part in parts if _is_doubtful(name, part)]
    if judged and not doubtful:
        return Verdict(
            verdict="holds", evidence=evidence, judged=judged, ambiguous=ambiguous, elapsed_s=elapsed
        )
    unsure = [part for part in parts if part.reason_code == "ambiguous"]
    reason = next(iter(doubtful or unsure or parts))
    return Verdict(
        verdict="unknown",
        judged=judged,
        ambiguous=ambiguous,
        reason=reason.reason,
        reason_code=reason.reason_code,
        elapsed_s=elapsed,
    )


def _order(violation: Violation) -> tuple[int, tuple[int, ...]]:
    return max(violation.operations), violation.operations


def _is_doubtful(name: str, part: Verdict) -> bool:
    """Whether a part was left undecided; where all was merely ambiguous, other parts may decide."""
    if part.verdict != "unknown" or part.reason_code == "vacuous":
        return False
    return part.reason_code == "budget" or name == "linearizable" or part.judged > 0
