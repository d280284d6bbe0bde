"""One line at a time: what is valid, and what is wrong with what is not.

msgspec and the types of `history` define what a line may hold; nothing here knows how to be quick. Lines that
the scanner does not know come here, and so does every line that is bad.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from checker.history import FORMAT, Header, HistoryError, Operation, OperationFields


class _Line(OperationFields, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One line that holds nothing but what the format names: the quick way to read."""


_Fields = TypeVar("_Fields", bound=msgspec.Struct)

HEADER_NAMES = tuple(name for name in Header.__struct_fields__ if name != "extra")
FIELD_NAMES = OperationFields.__struct_fields__
decode_line = msgspec.json.Decoder(_Line).decode
_decode_known = msgspec.json.Decoder(OperationFields).decode
_decode_all = msgspec.json.Decoder().decode


def decode_header(line: bytes, *, file: str, cut: bool) -> Header:
    """Return the header that the first line holds; `cut` if the file ends before that line does.

    Raises `HistoryError`.
    """
    try:
        fields = _object(line, cut=cut)
        if "format" not in fields:
            raise HistoryError("missing", field="format")
        if fields["format"] != FORMAT:
            raise HistoryError(f"{fields['format']!r} is not {FORMAT!r}", field="format")
        return _convert(fields, Header, HEADER_NAMES)
    except HistoryError as wrong:
        raise HistoryError(wrong.message, file=file, line=1, field=wrong.field) from None


def decode_fields(line: bytes, *, file: str, number: int, cut: bool) -> OperationFields:
    """Return what the format names of an operation's line, the `number`-th of the file.

    `cut` if the file ends before the line does. Raises `HistoryError`.
    """
    try:
        return decode_line(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        _decode_all(line)  # what a struct skips it does not look at closely
        return _decode_known(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return decode_operation(line, file=file, number=number, cut=cut)


def decode_operation(line: bytes, *, file: str, number: int, cut: bool) -> Operation:
    """Return the operation of a line with all that it holds; as `decode_fields`."""
    try:
        return _convert(_object(line, cut=cut), Operation, FIELD_NAMES)
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
    try:
        return msgspec.convert(fields | {"extra": extra}, kind)
    except msgspec.ValidationError as wrong:
        message, _, place = str(wrong).partition(" - at `$.")
        if "missing required field" in message:
            raise HistoryError("missing", field=message.split("`")[1]) from None
        raise HistoryError(message, field=place.rstrip("`")) from None
