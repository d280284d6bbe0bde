"""Quorum arithmetic: what a majority has reached.

    five voters have logs up to      3   7   7   8   9
    a majority (three of them) has       7   7   8   9   …at least 7: the third from the right

Whatever a majority has, every other majority has met: two majorities share a voter (Raft, §5.2).
"""

from __future__ import annotations

from collections.abc import Iterable


def majority(voters: int) -> int:
    """How many of so many voters are more than half."""
    return voters // 2 + 1


def reached(marks: Iterable[int]) -> int:
    """The highest mark that a majority has reached, given each voter's; 0 where there are no voters."""
    ordered = sorted(marks, reverse=True)
    return ordered[majority(len(ordered)) - 1] if ordered else 0
