"""Literal foreign files, read from memory, and what they hold in a few words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from msgspec import UNSET

from checker import History, HistoryError, Operation
from checker.formats import read_stream


def imported(text: str | bytes, format: str | None = None, **conventions: Any) -> History:
    data = text.encode() if isinstance(text, str) else text
    return read_stream(io.BytesIO(data), format, file="f", **conventions)


def told(history: History) -> list[str]:
    """Each operation in a line: `p1 write x=2 3-4 ok`."""
    return [_told(operation) for operation in history.operations]


def _told(operation: Operation) -> str:
    match operation.op:
        case "txn":
            what = " ".join(f"{code}({key}={value!r})" for code, key, value in operation.ops or ())
        case "cas":
            what = f"{operation.key}={operation.expected!r}>{operation.value!r}"
        case "delete":
            what = str(operation.key)
        case _:
            what = f"{operation.key}={operation.value!r}"
    end = "" if operation.end is None else operation.end
    return f"{operation.session} {operation.op} {what} {operation.start}-{end} {operation.status}"


def refused(text: str | bytes, format: str | None = None, **conventions: Any) -> tuple[Any, Any, str]:
    """Line, field and message of the error that a file is refused with."""
    with pytest.raises(HistoryError) as caught:
        imported(text, format, **conventions)
    assert caught.value.file == "f"
    return caught.value.line, caught.value.field, caught.value.message


def said(operation: Operation) -> dict[str, Any]:
    """The optional fields that an operation has."""
    names = ("node", "position", "version", "mode", "phase", "error", "extra")
    found = {name: getattr(operation, name) for name in names}
    return {name: value for name, value in found.items() if value not in (None, UNSET, {}, "main")}
