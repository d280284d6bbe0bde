"""What a format is: a name, a look at the first bytes, and a way from bytes to operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, Protocol

from msgspec import UNSET

from checker.history import Header, Operation

Nil = Literal["unknown", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What a file leaves open and its reader must know; what is not said is the format's own default.

    `initial` is the value that every key starts with, None for absent. `nil` says what a completed read of
    nil means: that the value is unknown, or that the key was absent.
    """

    initial: Any = UNSET
    nil: Nil | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was found in a file: the header, the operations in the order of invocation, and the rest.

    `size` is the number of operations that the file holds; initial values are written by further ones.
    `lines` are the lines that the operations began on, 0 for those that stand in no line. `skipped` counts
    what was left out, by what it was.
    """

    header: Header
    size: int
    operations: Iterator[Operation]
    lines: list[int]
    skipped: Mapping[str, int] = field(default_factory=dict)


class Format(Protocol):
    """A format that histories are read from."""

    @property
    def name(self) -> str:
        """The name, as `--from` takes it."""

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes of a file may be of this format."""

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with line and field, without file."""
