"""Histories as others read them: Jepsen's events, in EDN for Knossos and Elle, in JSON for elle-cli.

Invocations and completions are in the order of time, at equal times invocations first: what touches,
overlaps. A history of one key is written as a register's, one of several with `[key value]` tuples, as
`jepsen.independent` has them; a delete as a write of nil. A session is a process, a new one after each
operation whose outcome nobody knows.

What Jepsen has no word for stands in fields of ours (`:session`, `:node`, `:position`, …), and in an event
before all (see `checker.formats.exported`): whoever reads the file as we do gets the same operations, at the
same times, renumbered. What a read without success returned is left out, since it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from checker.formats.edn import read_values
from checker.formats.edn_values import edn_text, json_value
from checker.formats.exported import EXPORTED, PROCESS, Exported, write_exported
from checker.formats.names import OWN, WRITTEN
from checker.history import History, HistoryError, Operation
from checker.reading import files

Event = dict[str, Any]

_NUMBERED = re.compile(r"p(0|[1-9]\d*)")
_WORDS = frozenset(("type", "f", "op", "phase"))
"""The fields whose values are words of Jepsen's: keywords, in EDN."""


def export(history: History, to: str) -> Iterator[bytes]:
    """Return a history in another format, piece by piece.

    `to` is a name from `checker.formats.WRITTEN`; raises `ValueError` for any other.
    """
    if to not in WRITTEN:
        raise ValueError(f"{to!r} is no format that is written; there are {', '.join(WRITTEN)}")
    if to == OWN:
        return iter((files.dumps(history),))
    write = _edn_line if to == "jepsen-edn" else _json_line
    return map(write, jepsen_events(history))


def jepsen_events(history: History) -> Iterator[Event]:
    """Return a history as Jepsen's events, the names without colons, the values JSON's."""
    operations = history.operations
    keys = {operation.key for operation in operations if operation.op != "txn"}
    key = keys.pop() if len(keys) == 1 else None
    exported = write_exported(Exported(header=history.header, key=key))
    yield {"process": PROCESS, "type": "info", "f": EXPORTED, "value": exported}
    moments = [(operation.start, 0, row) for row, operation in enumerate(operations)]
    ends = ((operation.end, row) for row, operation in enumerate(operations))
    moments += [(end, 1, row) for end, row in ends if end is not None]
    moments.sort()
    processes = _Processes(operations)
    running: dict[int, int] = {}
    for index, (time, completes, row) in enumerate(moments):
        operation = operations[row]
        event: Event = {"index": index, "time": time}
        if completes:
            event["process"] = running.pop(row)
            event["type"] = operation.status
        else:
            event["process"] = running[row] = processes.of(operation)
            event["type"] = "invoke"
            if operation.session != f"p{event['process']}":
                event["session"] = operation.session
        event |= _what(operation, tuples=key is None, done=bool(completes) and operation.status == "ok")
        if completes or operation.end is None:
            event |= _more(operation)
        yield event


class _Processes:
    """Numbers sessions: `p7` is 7, whatever has no number gets the next that is free."""

    def __init__(self, operations: list[Operation]) -> None:
        self._of: dict[str, int] = {}
        for operation in operations:
            if numbered := _NUMBERED.fullmatch(operation.session):
                self._of[operation.session] = int(numbered[1])
        self._free = max(self._of.values(), default=-1) + 1

    def of(self, operation: Operation) -> int:
        """The process of an operation; an open one's is not heard of again."""
        session = operation.session
        number = self._of.get(session)
        if number is None:
            number = self._of[session] = self._free
            self._free += 1
        if operation.status == "info":
            self._of[session] = self._free
            self._free += 1
        return number


def _what(operation: Operation, *, tuples: bool, done: bool) -> Event:
    """The fields that say what an operation does, and, once it is `done`, what it found."""
    if operation.op == "txn":
        ops = operation.ops or ()
        found = [[code, key, value if done or code != "r" else None] for code, key, value in ops]
        return {"f": "txn", "value": found}
    event: Event = {"f": operation.op}
    value = operation.value
    match operation.op:
        case "read":
            value = value if done else None
        case "cas":
            value = [operation.expected, value]
        case "delete":
            event = {"f": "write", "op": "delete"}
            value = None
        case _:
            pass
    event["value"] = [operation.key, value] if tuples else value
    return event


def _more(operation: Operation) -> Event:
    """The fields that Jepsen has no word for."""
    event: Event = {
        name: found
        for name in ("node", "position", "mode", "error")
        if (found := getattr(operation, name)) is not None
    }
    if operation.version is not UNSET:
        event["version"] = operation.version
    if operation.phase != "main":
        event["phase"] = operation.phase
    if operation.extra:
        event["extra"] = operation.extra
    return event


def _json_line(event: Event) -> bytes:
    return msgspec.json.encode(event) + b"\n"


def _edn_line(event: Event) -> bytes:
    fields = []
    for name, value in event.items():
        text = f":{value}" if name in _WORDS or value is PROCESS else edn_text(_edn_value(value))
        if name == "value" and event["f"] == "txn":
            micro = (f"[:{code} {_text(key)} {_text(found)}]" for code, key, found in value)
            text = f"[{' '.join(micro)}]"
        fields.append(f":{name} {text}")
    return ("{" + ", ".join(fields) + "}\n").encode()


def _text(value: Any) -> str:
    return edn_text(_edn_value(value))


def _edn_value(value: Any) -> Any:
    """The EDN value that a JSON value stands for."""
    if isinstance(value, (list, tuple)):
        return [_edn_value(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"edn"} and isinstance(value["edn"], str):
        try:
            found = read_values(value["edn"])
        except HistoryError:
            found = []
        if len(found) == 1 and json_value(found[0]) == value:
            return found[0]
    return {name: _edn_value(item) for name, item in value.items()}
