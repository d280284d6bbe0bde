"""Reading files: columns straight from the bytes, and one operation at a time when somebody asks for it.

msgspec says what is valid and reads what is unusual (`lines`); nearly all lines of a long file are read by
the templates they follow (`templates`, `scan`), thousands at a time (`words`), a few megabytes at a time
(`pages`), into the same columns (`columns`). `files` reads a file whole and writes one. The room stands on
`history`; `formats` and `streaming` may import it.
"""

from __future__ import annotations

from checker.reading.recorded import Recorded as Recorded
from checker.reading.recorded import Sizes as Sizes
from checker.reading.recorded import read_text as read_text
from checker.reading.texts import InMemory as InMemory
from checker.reading.texts import text_of as text_of

__all__ = ["InMemory", "Recorded", "Sizes", "read_text", "text_of"]
