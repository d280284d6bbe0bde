"""`elle-json`: Jepsen's maps as JSON, as elle-cli reads them: one array, or an object a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from checker.formats.jepsen import Defaults, Notation
from checker.formats.jepsen_events import JepsenEvents
from checker.formats.protocol import Conventions, Imported
from checker.history import HistoryError

_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')
_TYPE = re.compile(rb'"type"\s*:\s*"(?:invoke|ok|fail|info)"')
_BYTE = re.compile(r"\(byte (\d+)\)")


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


JSON = Notation(colon="", value=_same, text=_text)


class _JsonFormat:
    name = "elle-json"

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes may be JSON objects of Jepsen's types."""
        return _HEAD.match(head) is not None and _TYPE.search(head) is not None

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with line and field."""
        defaults = Defaults(register=0, keyed=None, nil_register="unknown", nil="absent")
        events = JepsenEvents(JSON, defaults, conventions)
        number, line = 1, stream.readline().removeprefix(b"\xef\xbb\xbf")
        while line and not line.strip():
            number, line = number + 1, stream.readline()
        if line.lstrip()[:1] == b"[":
            found = _array(line + stream.read(), number)
        else:
            found = _lines(chain((line,), stream), number)
        for place, event in found:
            events.add(place, event)
        return events.imported()


FORMAT = _JsonFormat()


def _array(data: bytes, line: int) -> Iterator[tuple[int, Any]]:
    try:
        items = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise _not_json(wrong, data, line) from None
    place = 0
    for item in items:
        raw = bytes(item)
        found = data.index(raw, place)
        line += data.count(b"\n", place, found)
        yield line, _decoded(raw, line)
        line += raw.count(b"\n")
        place = found + len(raw)


def _lines(lines: Iterable[bytes], first: int) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, first):
        if line.strip():
            yield number, _decoded(line, number)


def _decoded(data: bytes, line: int) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise _not_json(wrong, data, line) from None


def _not_json(wrong: Exception, data: bytes, line: int) -> HistoryError:
    place = _BYTE.search(str(wrong))
    before = data[: int(place[1])] if place else data.rstrip() if "truncated" in str(wrong) else b""
    return HistoryError(f"not JSON: {wrong}", line=line + before.count(b"\n"))
