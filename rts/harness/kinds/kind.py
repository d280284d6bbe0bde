"""What the harness knows of one kind of step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rts.harness.drawing import Drawing
from rts.schedule import TAGS, Step

AnyKind = TypeVar("AnyKind", bound=Step)


def _no_details(step: Step) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Kind(Generic[AnyKind]):
    """How steps of the class `step` are drawn, told and weighed.

    `draw` gives the step that bytes stand for, and after it weaker ones to fall back on where it would leave
    the fault budget. `words` say what a step does, without its kind. `cost` is how hard the kind is to
    understand, from 0; `details`, how much a step says beyond the plainest of its kind.
    """

    step: type[AnyKind]
    cost: int
    draw: Callable[[Drawing], tuple[AnyKind, ...]]
    words: Callable[[AnyKind], str]
    details: Callable[[AnyKind], int] = _no_details

    @property
    def tag(self) -> str:
        """The word that a schedule file uses for the kind."""
        return TAGS[self.step]


def listed(*parts: str) -> str:
    """The parts that say anything, in one line."""
    return ", ".join(part for part in parts if part)
