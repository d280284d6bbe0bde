"""What a judgement may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much time and memory `check` may take; what they leave no room for is `unknown`.

    `seconds` are for all guarantees together, and are looked at where much time may go: a judgement that
    is under way may end a little later. `bytes` are for the whole, the history included. None leaves it to
    the algorithms that may need much: a search for a linearization takes at most 60 s and 2 GB, vector
    clocks 4 GB.
    """

    seconds: float | None = None
    bytes: int | None = None
