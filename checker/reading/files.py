"""History files: `rts-history/1`, JSON Lines, plain or compressed with Zstandard.

A file is read whole or refused whole, with the file, the line and the field. What was read is written
again byte for byte, so fields that the format does not name survive; and nothing is ever overwritten.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec
from msgspec import UNSET

from checker.history import Header, History, Operation
from checker.reading import InMemory, read_text, text_of
from checker.reading.lines import FIELD_NAMES, HEADER_NAMES

_OMITTED_IF_NONE = frozenset(("key", "node", "position", "mode", "error", "ops"))
_encode = msgspec.json.Encoder().encode


def read(path: str | os.PathLike[str]) -> History:
    """Return the history in a file, `.jsonl` or `.jsonl.zst`.

    Raises `HistoryError` for everything that is wrong with it, a file that cannot be opened included.
    """
    name = os.fspath(path)
    return read_text(text_of(name), file=name)


def write(path: str | os.PathLike[str], history: History) -> None:
    """Write a history to a new file; a name that ends in `.zst` is compressed.

    Raises `FileExistsError` if there is one of that name already.
    """
    data = dumps(history)
    name = os.fspath(path)
    if name.endswith(".zst"):
        import zstandard

        data = zstandard.ZstdCompressor(write_checksum=True).compress(data)
    with open(name, "xb") as file:
        file.write(data)


def dumps(history: History) -> bytes:
    """Return a history as the bytes of a file: the very bytes that it was read from, if it was."""
    source = history.source
    if source is not None:
        return source
    lines = [_encode_header(history.header)]
    lines.extend(map(_encode_operation, history.operations))
    lines.append(b"")
    return b"\n".join(lines)


def loads(data: bytes, *, file: str = "<memory>") -> History:
    """Return the history in the bytes of an uncompressed file; `file` is its name in errors.

    Raises `HistoryError`.
    """
    return read_text(InMemory(data), file=file)


def _encode_header(header: Header) -> bytes:
    fields: dict[str, Any] = {"format": header.format}
    for name in HEADER_NAMES[1:]:
        value = getattr(header, name)
        if value is not None and value is not False and value != {}:
            fields[name] = value
    return _encode(fields | header.extra)


def _encode_operation(operation: Operation) -> bytes:
    fields: dict[str, Any] = {}
    for name in FIELD_NAMES:
        value = getattr(operation, name)
        if value is UNSET or (value is None and name in _OMITTED_IF_NONE):
            continue
        if name == "phase" and value == "main":
            continue
        fields[name] = value
    return _encode(fields | operation.extra)
