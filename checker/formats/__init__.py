"""Histories of others: formats that are read, and formats that are written.

Each format of others is one module with a `FORMAT`: a name, a look at the first bytes, and a way from a
stream to operations. They are imported when a file asks for them.
"""

from __future__ import annotations

from checker.formats.protocol import Conventions as Conventions
from checker.formats.protocol import Format as Format
from checker.formats.protocol import Imported as Imported
from checker.formats.reading import FORMATS as FORMATS
from checker.formats.reading import read as read
from checker.formats.reading import read_stream as read_stream

__all__ = ["FORMATS", "Conventions", "Format", "Imported", "read", "read_stream"]
