"""A history is read from any file: its format is guessed from the first bytes, or said."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, BinaryIO

from msgspec import UNSET
from msgspec.structs import replace

from checker.formats.names import FORMATS, MODULES, OWN
from checker.formats.protocol import Conventions, Format, Imported, Nil
from checker.formats.source import open_plain
from checker.history import History, HistoryError, columns_of
from checker.reading import files


def read(
    path: str | os.PathLike[str],
    format: str | None = None,
    *,
    initial: Any = UNSET,
    nil: Nil | None = None,
) -> History:
    """Return the history in a file of any known format, compressed with Zstandard or not.

    `format` is a name from `checker.formats.FORMATS`; None guesses it from the first bytes. In formats of
    others, `initial` is the value that every key starts with (None: absent), and `nil` says what a completed
    read of nil means: `unknown` or `absent`; what is not said is the format's own default.

    Raises `HistoryError` for everything that is wrong with the file, one that cannot be opened included, and
    `ValueError` for an unknown format.
    """
    name = os.fspath(path)
    conventions = Conventions(initial=initial, nil=nil)
    try:
        with open(name, "rb") as file:
            found, stream = _opened(file, name, format)
            if found is not None:
                return _history(found, stream, name, conventions)
    except OSError as wrong:
        raise HistoryError(wrong.strerror or str(wrong), file=name) from None
    return files.read(name)


def read_stream(
    stream: BinaryIO,
    format: str | None = None,
    *,
    initial: Any = UNSET,
    nil: Nil | None = None,
    file: str = "<stream>",
) -> History:
    """Return the history in a stream of bytes; `file` is its name in errors. See `read`."""
    found, plain = _opened(stream, file, format)
    if found is not None:
        return _history(found, plain, file, Conventions(initial=initial, nil=nil))
    try:
        data = plain.read()
    except HistoryError as wrong:
        raise _at(wrong, file) from None
    return files.loads(data, file=file)


def format_of(path: str | os.PathLike[str]) -> str:
    """Return the name of the format that a file has, by its first bytes. Raises `HistoryError`."""
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            head, _ = open_plain(file, compressed=name.endswith(".zst"))
            return guess(head)
    except OSError as wrong:
        raise HistoryError(wrong.strerror or str(wrong), file=name) from None
    except HistoryError as wrong:
        raise _at(wrong, name) from None


def _opened(stream: BinaryIO, file: str, format: str | None) -> tuple[Format | None, BinaryIO]:
    """The format of a stream, None for our own, and the stream decompressed."""
    try:
        head, plain = open_plain(stream, compressed=file.endswith(".zst"))
        name = format if format is not None else guess(head)
    except HistoryError as wrong:
        raise _at(wrong, file) from None
    return (None if name == OWN else load(name)), plain


def load(name: str) -> Format:
    """Return the format of others called `name`. Raises `ValueError` if there is none."""
    module = MODULES.get(name)
    if module is None:
        raise ValueError(f"{name!r} is no format; there are {', '.join(FORMATS)}")
    found: Format = import_module(f"checker.formats.{module}").FORMAT
    return found


def guess(head: bytes) -> str:
    """Return the name of the format that a file with these first bytes has. Raises `HistoryError`."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise HistoryError("empty: no header", line=1)
    first = text.split(b"\n", 1)[0]
    if first.startswith(b"{") and b'"format"' in first:
        return OWN
    for name in MODULES:
        if load(name).looks_like(head):
            return name
    if text.startswith(b'{"') or first.strip() in (b"{", b"{}"):
        return OWN  # which says what it misses
    raise HistoryError(f"of no known format (tried {', '.join(FORMATS)}): it begins with {_shown(text)}")


def _shown(text: bytes) -> str:
    return repr(text[:40])[1:] + ("…" if len(text) > 40 else "")


def _history(format: Format, stream: BinaryIO, file: str, conventions: Conventions) -> History:
    try:
        imported = format.read(stream, conventions)
        operations = list(imported.operations)
    except HistoryError as wrong:
        raise _at(wrong, file) from None
    header = replace(imported.header, meta=_provenance(format.name, imported))
    try:
        columns = columns_of(operations, header)
    except HistoryError as wrong:
        # The line that it would have in a file of ours: the header's is 1, the first operation's 2.
        line = imported.lines[wrong.line - 2] or None if wrong.line is not None else None
        raise HistoryError(wrong.message, file=file, line=line, field=wrong.field) from None
    return History(columns, header, operations=operations, file=file)


def _provenance(name: str, imported: Imported) -> dict[str, Any]:
    found = {"imported_from": name, "operations": imported.size, "skipped": dict(imported.skipped)}
    return {**imported.header.meta, **found}


def _at(wrong: HistoryError, file: str) -> HistoryError:
    return HistoryError(wrong.message, file=wrong.file or file, line=wrong.line, field=wrong.field)
