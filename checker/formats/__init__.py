"""Histories of others: formats that are read, and formats that are written.

Each format of others is one module with a `FORMAT`: a name, a look at the first bytes, and a way from a
stream to operations. They are imported when a file asks for them, and so are the names here. The room stands
on `history` and `reading`; nothing that judges imports it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from checker.formats.names import FORMATS as FORMATS
from checker.formats.names import OWN as OWN
from checker.formats.names import WRITTEN as WRITTEN

if TYPE_CHECKING:
    from checker.formats.exporting import export as export
    from checker.formats.protocol import Conventions as Conventions
    from checker.formats.protocol import Format as Format
    from checker.formats.protocol import Imported as Imported
    from checker.formats.reading import format_of as format_of
    from checker.formats.reading import read as read
    from checker.formats.reading import read_stream as read_stream

_HOMES = {
    "Conventions": "protocol",
    "Format": "protocol",
    "Imported": "protocol",
    "export": "exporting",
    "format_of": "reading",
    "read": "reading",
    "read_stream": "reading",
}

__all__ = [
    "FORMATS",
    "OWN",
    "WRITTEN",
    "Conventions",
    "Format",
    "Imported",
    "export",
    "format_of",
    "read",
    "read_stream",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'checker.formats' has no attribute {name!r}")
    value = getattr(import_module(f"checker.formats.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
