"""Explanations that argue: "Let w = …. Then … because …. But …: a contradiction.".

They stand on what the checks found and on the `graph`; `judge` and `specified` ask for them, once something
is violated.
"""

from __future__ import annotations

from typing import Any

from checker.checks.staleness import Staleness
from checker.checks.tally import Witness
from checker.explain.cycles import tell_cycle
from checker.explain.linearizability import tell_linearizable
from checker.explain.plain import PLAIN
from checker.prepared import Prepared
from checker.verdict import Account


def tell(
    prepared: Prepared, guarantee: str, rows: Witness, *, staleness: Staleness | None, detail: Any
) -> Account:
    """Return the cycle and the argument for a witness, the rows that a guarantee's check found.

    `detail` is what the check kept of it; `staleness` the bound of `bounded-staleness`.
    """
    if guarantee == "linearizable":
        return tell_linearizable(prepared, detail)
    if guarantee in PLAIN:
        return PLAIN[guarantee](prepared, rows)
    return tell_cycle(prepared, guarantee, rows, staleness)
