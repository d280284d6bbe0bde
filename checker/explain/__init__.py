"""Explanations that argue: "Let w = …. Then … because …. But …: a contradiction."."""

from __future__ import annotations

from typing import Any

from checker.explain.cycles import tell_cycle
from checker.explain.linearizability import tell_linearizable
from checker.explain.plain import PLAIN
from checker.prepared import Prepared
from checker.staleness import Staleness
from checker.tally import Witness
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
