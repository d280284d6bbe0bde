"""`jepsen-log`: the lines that `jepsen.util` logs, `INFO  jepsen.util - 3 \\t:invoke\\t:read\\tnil`.

Lines of anything else are passed over, and counted; what follows the value is the `error`, as text. A date
and time before the operation (to the millisecond) is its time; without one, time is the number of the event.
Reading nil finds the register absent, and so it starts. A failure with `:timed-out` for a value is none:
nobody knows what became of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from checker.formats.edn import read_values
from checker.formats.edn_values import edn_text
from checker.formats.jepsen import Defaults
from checker.formats.jepsen_edn import EDN
from checker.formats.jepsen_events import JepsenEvents
from checker.formats.protocol import Conventions, Imported
from checker.formats.source import text_lines
from checker.history import HistoryError

_LINE = re.compile(
    r"(?P<before>.*?)\bjepsen\.util\b[\s:-]*\s(?P<process>:?[^\s:]\S*)\s+"
    r":(?P<type>invoke|ok|fail|info)\s+(?P<f>:\S+)\s*(?P<rest>.*)"
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{3}))?")
_LOG = re.compile(rb"^(?:[^\n]*[\s\[])?(?:INFO|WARN|ERROR|DEBUG)\b[^\n]*\bjepsen\.", re.MULTILINE)
_TIMED_OUT = (":timed-out", ":timeout")


class _LogFormat:
    name = "jepsen-log"

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes hold a line that Jepsen logged."""
        return _LOG.search(head) is not None

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with line and field."""
        defaults = Defaults(register=None, keyed=None, nil_register="absent", nil="absent")
        events = JepsenEvents(EDN, defaults, conventions)
        for number, line in enumerate(text_lines(stream), 1):
            found = _LINE.match(line)
            if found is None:
                if line.strip():
                    events.skip("other lines")
                continue
            events.add(number, _event(found, number))
        return events.imported()


FORMAT = _LogFormat()


def _event(found: re.Match[str], line: int) -> Mapping[str, Any]:
    """The event as the map that Jepsen would have printed."""
    text, _, remark = found["rest"].strip().partition("\t")
    try:
        values = read_values(text)
    except HistoryError as wrong:
        raise HistoryError(wrong.message, line=line, field="value") from None
    process = found["process"]
    value = values[0] if values else None
    more = remark or " ".join(map(edn_text, values[1:]))
    kind = found["type"]
    event: dict[str, Any] = {
        ":process": int(process) if process.isdecimal() else process,
        ":type": "info" if kind == "fail" and value in _TIMED_OUT else kind,
        ":f": found["f"],
        ":value": value,
        ":time": _nanoseconds(found["before"], line),
    }
    if more:
        event[":error"] = more
    return event


def _nanoseconds(text: str, line: int) -> int | None:
    found = _TIME.search(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]} {found[2]}").replace(tzinfo=UTC)
    except ValueError as wrong:
        raise HistoryError(str(wrong), line=line, field="time") from None
    return int(moment.timestamp()) * 10**9 + int(found[3] or 0) * 10**6
