"""What all guarantees need of a history, worked out once: `Prepared`, the argument of every check.

It stands on `history` and `orders`; all that judges or explains may import it.
"""

from __future__ import annotations

from checker.prepared.prepared import Prepared as Prepared

__all__ = ["Prepared"]
