"""Short words for literal histories: one line per operation, `w(0, "s1", "k=1", 0, 10)`."""

from __future__ import annotations

import json
from typing import Any

from checker import Header, History, Operation


def _key(text: str) -> tuple[str, Any]:
    key, _, value = text.partition("=")
    return key, json.loads(value)


def w(index: int, session: str, text: str, start: int, end: int | None, **fields: Any) -> Operation:
    """A write of `key=value`; without end it is open."""
    key, value = _key(text)
    return _operation(index, session, "write", key, value, start, end, fields)


def r(index: int, session: str, text: str, start: int, end: int | None, **fields: Any) -> Operation:
    """A read that returned `key=value`."""
    key, value = _key(text)
    return _operation(index, session, "read", key, value, start, end, fields)


def d(index: int, session: str, key: str, start: int, end: int | None, **fields: Any) -> Operation:
    """A delete."""
    return _operation(index, session, "delete", key, None, start, end, fields)


def c(index: int, session: str, text: str, start: int, end: int | None, **fields: Any) -> Operation:
    """A compare-and-set, `key=expected>value`."""
    key, _, values = text.partition("=")
    expected, _, value = values.partition(">")
    fields["expected"] = json.loads(expected)
    return _operation(index, session, "cas", key, json.loads(value), start, end, fields)


def a(index: int, session: str, text: str, start: int, end: int | None, **fields: Any) -> Operation:
    """An append, `key=item`."""
    key, value = _key(text)
    return _operation(index, session, "append", key, value, start, end, fields)


def t(index: int, session: str, text: str, start: int, end: int | None, **fields: Any) -> Operation:
    """A transaction: `x=1` reads, `x:=1` writes, `x+=1` appends, with blanks between and none within."""
    fields["ops"] = [_deed(deed) for deed in text.split()]
    return _operation(index, session, "txn", None, None, start, end, fields)


def _deed(text: str) -> list[Any]:
    for word, sign in (("append", "+="), ("w", ":=")):
        key, found, value = text.partition(sign)
        if found:
            return [word, key, json.loads(value)]
    key, value = _key(text)
    return ["r", key, value]


def f(index: int, node: str, text: str, start: int, **fields: Any) -> Operation:
    """A final read at a node, by a session of its own."""
    return r(index, f"final-{node}", text, start, start + 5, node=node, phase="final", **fields)


def _operation(
    index: int,
    session: str,
    op: Any,
    key: str | None,
    value: Any,
    start: int,
    end: int | None,
    fields: dict[str, Any],
) -> Operation:
    status = fields.pop("status", "info" if end is None else "ok")
    return Operation(
        index=index,
        session=session,
        op=op,
        key=key,
        value=value,
        start=start,
        end=end,
        status=status,
        **fields,
    )


def history(*operations: Operation, one_log: bool = False, real_time_writes: bool = False) -> History:
    header = Header(one_log=one_log, real_time_writes=real_time_writes)
    return History.from_operations(operations, header=header)
