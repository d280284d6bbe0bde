"""History files: `rts-history/1`, JSON Lines, plain or compressed with Zstandard.

A file is read whole or refused whole, with the file, the line and the field. What was read is written
again byte for byte, so fields that the format does not name survive; and nothing is ever overwritten.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from checker.history import FORMAT, Header, History, HistoryError, Operation, OperationFields, columns_of


class _Line(OperationFields, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One line that holds nothing but what the format names: the quick way to read."""


_Fields = TypeVar("_Fields", bound=msgspec.Struct)

_HEADER_NAMES = tuple(name for name in Header.__struct_fields__ if name != "extra")
_FIELD_NAMES = OperationFields.__struct_fields__
_OMITTED_IF_NONE = frozenset(("key", "node", "position", "mode", "error", "ops"))
_decode_line = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode


def read(path: str | os.PathLike[str]) -> History:
    """Return the history in a file, `.jsonl` or `.jsonl.zst`.

    Raises `HistoryError` for everything that is wrong with it, a file that cannot be opened included.
    """
    name = os.fspath(path)
    try:
        data = Path(name).read_bytes()
    except OSError as wrong:
        raise HistoryError(wrong.strerror or str(wrong), file=name) from None
    return loads(_decompress(data, name) if name.endswith(".zst") else data, file=name)


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
    if history.source is not None:
        return history.source
    lines = [_encode_header(history.header)]
    lines.extend(map(_encode_operation, history.operations))
    lines.append(b"")
    return b"\n".join(lines)


def loads(data: bytes, *, file: str = "<memory>") -> History:
    """Return the history in the bytes of an uncompressed file; `file` is its name in errors.

    Raises `HistoryError`.
    """
    lines = data.split(b"\n")
    whole = lines[-1] == b""
    if whole:
        lines.pop()
    if not lines:
        raise HistoryError("empty: no header", file=file, line=1)
    header = _header(lines[0], file, cut=not whole and len(lines) == 1)
    del lines[0]
    last = None if whole else len(lines) - 1
    try:
        operations: list[Any] = [_decode_line(line) for line in lines]
    except (msgspec.DecodeError, UnicodeDecodeError):
        operations = [
            _operation(line, file=file, number=row + 2, cut=row == last) for row, line in enumerate(lines)
        ]
    return History(
        columns_of(operations, header, file=file),
        header,
        source=data,
        file=file,
        materialise=lambda: _materialise(data, file),
    )


def _materialise(data: bytes, file: str) -> list[Operation]:
    lines = data.split(b"\n")[1:]
    if lines and lines[-1] == b"":
        lines.pop()
    return [_operation(line, file=file, number=row + 2, cut=False) for row, line in enumerate(lines)]


def _header(line: bytes, file: str, *, cut: bool) -> Header:
    try:
        fields = _object(line, cut=cut)
        if "format" not in fields:
            raise HistoryError("missing", field="format")
        if fields["format"] != FORMAT:
            raise HistoryError(f"{fields['format']!r} is not {FORMAT!r}", field="format")
        return _convert(fields, Header, _HEADER_NAMES)
    except HistoryError as wrong:
        raise HistoryError(wrong.message, file=file, line=1, field=wrong.field) from None


def _operation(line: bytes, *, file: str, number: int, cut: bool) -> Operation:
    try:
        return _convert(_object(line, cut=cut), Operation, _FIELD_NAMES)
    except HistoryError as wrong:
        raise HistoryError(wrong.message, file=file, line=number, field=wrong.field) from None


def _object(line: bytes, *, cut: bool) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        if cut:
            raise HistoryError("the last line is truncated") from None
        if not line.strip():
            raise HistoryError("an empty line") from None
        raise HistoryError(f"not JSON: {wrong}") from None
    if not isinstance(found, dict):
        raise HistoryError("not a JSON object")
    return found


def _convert(fields: dict[str, Any], kind: type[_Fields], names: tuple[str, ...]) -> _Fields:
    extra = {name: value for name, value in fields.items() if name not in names}
    known = {name: value for name, value in fields.items() if name in names}
    known["extra"] = extra
    try:
        return msgspec.convert(known, kind)
    except msgspec.ValidationError as wrong:
        message, _, place = str(wrong).partition(" - at `$.")
        if "missing required field" in message:
            raise HistoryError("missing", field=message.split("`")[1]) from None
        raise HistoryError(message, field=place.rstrip("`") or None) from None


def _encode_header(header: Header) -> bytes:
    fields: dict[str, Any] = {"format": header.format}
    for name in _HEADER_NAMES[1:]:
        value = getattr(header, name)
        if value is not None and value is not False and value != {}:
            fields[name] = value
    return _encode(fields | header.extra)


def _encode_operation(operation: Operation) -> bytes:
    fields: dict[str, Any] = {}
    for name in _FIELD_NAMES:
        value = getattr(operation, name)
        if value is UNSET or (value is None and name in _OMITTED_IF_NONE):
            continue
        if name == "phase" and value == "main":
            continue
        fields[name] = value
    return _encode(fields | operation.extra)


def _decompress(data: bytes, file: str) -> bytes:
    import zstandard

    parts = []
    try:
        while data:
            frame = zstandard.ZstdDecompressor().decompressobj()
            parts.append(frame.decompress(data))
            if not frame.eof:
                raise HistoryError("truncated Zstandard data", file=file)
            data = frame.unused_data
    except zstandard.ZstdError as wrong:
        raise HistoryError(f"damaged Zstandard data: {wrong}", file=file) from None
    return b"".join(parts)
