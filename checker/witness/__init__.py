"""The smallest part of a history that still shows a violation; it asks the judge, and nobody asks it."""

from __future__ import annotations

from checker.witness.minimal import minimal_witness as minimal_witness

__all__ = ["minimal_witness"]
