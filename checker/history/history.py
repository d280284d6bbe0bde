"""One history: its operations as values, and the same as columns.

Verdicts are reached on the columns (numpy arrays, one entry per operation, in the order of the file), whether
there are twenty operations or millions. `Operation` values are what people write, read and print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from checker.history.building import build_columns
from checker.history.columns import BadRow, Columns

FORMAT = "rts-history/1"

OperationKind = Literal["write", "read", "delete", "cas", "append", "txn"]
Status = Literal["ok", "fail", "info"]
Phase = Literal["main", "final"]
Position = int | tuple[int, ...]


class HistoryError(ValueError):
    """A history that cannot be judged: what is wrong, and where.

    `file`, `line` (counted from 1) and `field` are None where they are not known.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.message, self.file, self.line, self.field = message, file, line, field
        where = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(": ".join(part for part in (where, field, message) if part))


class OperationFields(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The fields of one operation that `rts-history/1` names; see `Operation`."""

    index: int
    session: str
    op: OperationKind
    key: str | None = None
    value: Any = None
    expected: Any = UNSET
    start: int
    end: int | None
    status: Status
    node: str | None = None
    position: Position | None = None
    version: Position | UnsetType | None = UNSET
    mode: str | None = None
    phase: Phase = "main"
    error: Any = None
    ops: list[Any] | None = None


class Operation(OperationFields, frozen=True, kw_only=True):
    """One operation that a client saw, as in a line of `rts-history/1`.

    `index` is unique, in the order of invocation; `session` names the client session. `value` is what was
    written, or returned (None: absent); `expected` is a compare-and-set's, `UNSET` elsewhere. `start` and
    `end` are nanoseconds on one clock; `end` is None for what never returned. `status` is `ok`, `fail`
    (certainly not applied) or `info` (unknown). `node` served it. `position` is a write's place in the
    log, an integer or a tuple of integers; `version` is the position of the write whose value a read
    returned: None is the initial version, `UNSET` means that nobody said. `ops` are a transaction's.
    `extra` keeps the fields that the format does not name.
    """

    extra: dict[str, Any] = {}


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a history file; only `format` is required there.

    `one_log`: positions of different keys come from one log and compare. `real_time_writes`: writes go
    through one leader, so that real time orders them. `expect` holds the verdicts that a saved history
    must have. `extra` keeps the fields that the format does not name.
    """

    format: Literal["rts-history/1"] = "rts-history/1"
    name: str | None = None
    system: str | None = None
    meta: dict[str, Any] = {}
    real_time_writes: bool = False
    one_log: bool = False
    mode: str | None = None
    bug: str | None = None
    schedule: Any = None
    trace: Any = None
    digest: str | None = None
    explanation: str | None = None
    expect: dict[str, str] = {}
    extra: dict[str, Any] = {}


class Recording(Protocol):
    """The bytes that a history was read from, decoded when asked for."""

    def data(self) -> bytes:
        """Return the very bytes."""

    def operations(self) -> list[Operation]:
        """Return all operations."""

    def operation(self, row: int) -> Operation:
        """Return the operation of one row."""


class History:
    """A validated history: `header`, `columns`, and its operations on demand.

    Make one with `History.from_operations`, `checker.read` or `checker.loads`.
    """

    def __init__(
        self,
        columns: Columns,
        header: Header,
        *,
        operations: Sequence[Operation] | None = None,
        materialise: Callable[[], list[Operation]] | None = None,
        recording: Recording | None = None,
        file: str | None = None,
    ) -> None:
        self.columns = columns
        self.header = header
        self.file = file
        self._operations = list(operations) if operations is not None else None
        self._recording = recording
        self._materialise = materialise if recording is None else recording.operations

    @classmethod
    def from_operations(cls, operations: Sequence[Operation], *, header: Header | None = None) -> History:
        """Return the history of these operations, validated as a file's would be.

        Raises `HistoryError`, whose `line` is the one that the operation would have in a file.
        """
        header = header if header is not None else Header()
        return cls(columns_of(operations, header), header, operations=operations)

    @property
    def operations(self) -> list[Operation]:
        """The operations, in the order of the file; made when first asked for."""
        if self._operations is None:
            assert self._materialise is not None
            self._operations = self._materialise()
        return self._operations

    def operation(self, row: int) -> Operation:
        """Return the operation of one row, the first being 0, without making the others.

        Raises `HistoryError` if it was read from a file that has been changed since.
        """
        if self._operations is None and self._recording is not None:
            return self._recording.operation(row)
        return self.operations[row]

    @property
    def source(self) -> bytes | None:
        """The very bytes that it was read from, so that writing it again changes nothing; None if it was not.

        Raises `HistoryError` if they were in a file that has been changed since.
        """
        return None if self._recording is None else self._recording.data()

    def __len__(self) -> int:
        return self.columns.size

    def __repr__(self) -> str:
        return f"<History of {len(self)} operations, {self.columns.session_count} sessions>"

    def _repr_html_(self) -> str:
        from checker.report.html import render_history

        return render_history(self)

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`: a row per operation, a column per field, free values as JSON text.

        Raises `ImportError` where pandas is not installed; it is no dependency.
        """
        from checker.report.frames import to_pandas

        return to_pandas(self)

    def to_arrow(self) -> Any:
        """Return the same as a `pyarrow.Table`; raises `ImportError` where pyarrow is not installed."""
        from checker.report.frames import to_arrow

        return to_arrow(self)


def columns_of(operations: Sequence[OperationFields], header: Header, *, file: str | None = None) -> Columns:
    """Return the columns of some operations.

    Raises `HistoryError` with the line that an operation has in a file of its own: the header's is 1.
    """
    try:
        return build_columns(operations, one_log=header.one_log)
    except BadRow as bad:
        line = None if bad.row is None else bad.row + 2
        raise HistoryError(bad.message, file=file, line=line, field=bad.field) from None
