"""`jepsen-edn`: Jepsen's histories as Clojure prints them, one vector or list of maps or a map a line.

As in Knossos, from whose models the defaults come, a completed read of nil from a register says nothing, and
the one register of a history without keys starts at 0; so it is with the registers of transactions that spell
out `:read` and `:write`. Other registers with keys start absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from checker.formats.edn import read_forms
from checker.formats.edn_values import edn_text, json_value
from checker.formats.jepsen import Defaults, Notation
from checker.formats.jepsen_events import JepsenEvents
from checker.formats.protocol import Conventions, Imported
from checker.formats.source import text_lines

EDN = Notation(colon=":", value=json_value, text=edn_text)

_BLANK = rb'(?:[\s,]|;[^\n]*(?:\n|\Z)|#_[\s,]*[^\s,()\[\]{}";]+|\xef\xbb\xbf)*'
_HEAD = re.compile(
    rb"%(blank)s(?:[\[(]%(blank)s)?(?:#[A-Za-z][\w.$]*%(blank)s)?(?:\{%(blank)s:|[\])]|\Z)"
    % {b"blank": _BLANK}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdnFormat:
    """Jepsen's maps in EDN; `mark` is a pattern that the first bytes hold besides."""

    name: str
    defaults: Defaults
    mark: re.Pattern[bytes] | None = None

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes, one at least, may be EDN maps with keywords."""
        return _HEAD.match(head) is not None and (self.mark is None or bool(self.mark.search(head)))

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with line and field."""
        events = JepsenEvents(EDN, self.defaults, conventions)
        for line, form in read_forms(text_lines(stream)):
            events.add(line, form)
        return events.imported()


FORMAT = EdnFormat(
    name="jepsen-edn",
    defaults=Defaults(register=0, keyed=None, nil_register="unknown", nil="absent"),
)
