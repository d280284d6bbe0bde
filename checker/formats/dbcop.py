"""`dbcop`: the JSON of dbcop, old and new: sessions of transactions of events.

Either the sessions themselves or an object with them under `data`. An event is `{"Read": {"variable": 0,
"version": 1}}`, `["r", 0, 1]`, or, before 2025, `{"write": false, "variable": 0, "value": 1, "success":
true}`; a transaction has `committed`, or before 2025 `success`.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

import msgspec

from checker.formats.protocol import Conventions, Imported
from checker.formats.sessions import Access, Sessions
from checker.history import HistoryError

_HEAD = re.compile(rb"\s*(?:\[\s*\[\s*(?:\{|\])|\{)")
_EVENTS = re.compile(rb'"(?:events|params)"\s*:')


class _Event(msgspec.Struct, frozen=True):
    variable: int | str
    write: bool
    value: int | None = None
    success: bool = True


class _Access(msgspec.Struct, frozen=True):
    variable: int | str
    version: int | None = None


class _Tagged(msgspec.Struct, frozen=True):
    read: _Access | None = msgspec.field(name="Read", default=None)
    write: _Access | None = msgspec.field(name="Write", default=None)


class _Transaction(msgspec.Struct, frozen=True):
    events: list[Any]
    committed: bool | None = None
    success: bool = True


class _Whole(msgspec.Struct, frozen=True):
    data: list[list[_Transaction]]


class _DbcopFormat:
    name = "dbcop"

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes may be sessions of transactions."""
        return _HEAD.match(head) is not None and _EVENTS.search(head) is not None

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with the field."""
        data = stream.read()
        try:
            if data.lstrip()[:1] == b"{":
                found = msgspec.json.decode(data, type=_Whole).data
            else:
                found = msgspec.json.decode(data, type=list[list[_Transaction]])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise HistoryError(f"not dbcop's JSON: {wrong}") from None
        sessions = Sessions(conventions)
        for number, session in enumerate(found):
            for place, transaction in enumerate(session):
                committed = transaction.success if transaction.committed is None else transaction.committed
                accesses: list[Access] = []
                failed: list[Access] = []
                for event in transaction.events:
                    access, happened = _access(event, f"session {number}, transaction {place}")
                    (accesses if happened else failed).append(access)
                sessions.add(str(number), accesses, committed=committed, line=0)
                if failed:
                    sessions.add(str(number), failed, committed=False, line=0)
        return sessions.imported()


FORMAT = _DbcopFormat()


def _access(event: Any, where: str) -> tuple[Access, bool]:
    """An event as an access, and whether it happened."""
    try:
        if isinstance(event, list):
            code, variable, version = msgspec.convert(event, tuple[str, int | str, int | None])
            if code in ("r", "w"):
                return [code, str(variable), version], True
        elif isinstance(event, dict) and "write" in event:
            old = msgspec.convert(event, _Event)
            return ["w" if old.write else "r", str(old.variable), old.value], old.success
        else:
            tagged = msgspec.convert(event, _Tagged)
            for code, found in (("r", tagged.read), ("w", tagged.write)):
                if found is not None:
                    return [code, str(found.variable), found.version], True
    except msgspec.ValidationError:
        pass
    raise HistoryError(f"{msgspec.json.encode(event).decode()[:60]} is no event ({where})", field="events")
