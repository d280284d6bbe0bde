"""Jepsen's events, one by one, become a history.

Each process is a session, process 3 the session `p3`, unless `:session` names one. Processes that are no
integers (`:nemesis`) are no clients: their events are counted and left out. `:node`, `:mode`, `:phase`,
`:position`, `:version` and `:error` mean what the same fields of `rts-history/1` mean, `:op :delete` makes a
write a delete, and further fields are kept.

An initial value other than nil is written by a session of its own, `initial`, that ended before everything
else, so that no guarantee needs to know of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from checker.formats.exported import EXPORTED, read_exported
from checker.formats.jepsen import Defaults, Fields, Meaning, Notation
from checker.formats.pairing import Call, Pairing
from checker.formats.protocol import Conventions, Imported
from checker.history import Header, HistoryError, Operation, Status

INITIAL = "initial"
"""The session that writes the initial values."""

_STATUSES: dict[str, Status] = {"ok": "ok", "fail": "fail", "info": "info"}
_COMMON = ("type", "process", "f", "value", "key", "time", "index", "session", "op")
_NOTHING = Defaults(register=None, keyed=None, nil_register="absent", nil="absent")


class JepsenEvents:
    """Takes the events of a file in order, and makes a history of them."""

    def __init__(self, notation: Notation, defaults: Defaults, conventions: Conventions) -> None:
        self._notation = notation
        self._conventions = conventions
        self._meaning = Meaning(notation, _settled(defaults, conventions))
        self._pairing = Pairing()
        self._skipped: Counter[str] = Counter()
        self._header = Header()
        self._untimed: int | None = -1  # how Jepsen writes that there is no time
        names = [notation.colon + field for field in _COMMON]
        self._type, self._process, self._f, self._value, _, self._time, _, self._session, self._op = names
        self._common = frozenset(names)

    def skip(self, what: str) -> None:
        """Count something that is no client's."""
        self._skipped[what] += 1

    def add(self, line: int, event: Any) -> None:
        """Take the event of a line. Raises `HistoryError`."""
        try:
            self._add(line, event)
        except HistoryError as wrong:
            raise HistoryError(wrong.message, line=line, field=wrong.field) from None

    def _add(self, line: int, event: Any) -> None:
        if not isinstance(event, dict):
            raise HistoryError(f"{self._notation.text(event)[:60]} is no operation: not a map")
        process = event.get(self._process, UNSET)
        if process is UNSET:
            raise HistoryError("missing", field="process")
        if type(process) is not int:
            if self._bare(event.get(self._f)) == EXPORTED:
                self._take_header(event.get(self._value))
            else:
                self.skip("events of no client")
            return
        kind = self._bare(event.get(self._type))
        time = event.get(self._time)
        if time is not None and type(time) is not int:
            raise HistoryError(f"{self._notation.text(time)} is no integer", field="time")
        if time == self._untimed:
            time = None
        if kind == "invoke":
            session = event.get(self._session)
            name = f"p{process}" if session is None else str(session)
            self._meaning.note(event)
            self._pairing.invoke(process, name, time=time, line=line, request=event)
            return
        status = _STATUSES.get(kind)
        if status is None:
            raise HistoryError(f"{kind or 'nothing'} is none of invoke, ok, fail, info", field="type")
        call = self._pairing.complete(process, status, time=time)
        if call is not None:
            call.answer = self._fields(call, event)
            call.request = {}  # no longer needed, and half of what is held in memory
        elif status == "info":
            self.skip("completions of nothing")
        else:
            raise HistoryError(f"process {process} completes what it did not invoke", field="process")

    def imported(self) -> Imported:
        """Return the history of the events that were taken. Raises `HistoryError`."""
        calls = self._pairing.calls
        for call in calls:
            if call.answer is None:
                try:
                    call.answer = self._fields(call, None)
                except HistoryError as wrong:
                    raise HistoryError(wrong.message, line=call.line, field=wrong.field) from None
        written = {key: value for key, value in self._meaning.initial.items() if value is not None}
        meta = dict(self._header.meta)
        meta["nil"] = self._meaning.defaults.nil_register
        if written:
            meta["initial"] = next(iter(written.values()))  # one for all that have any
        return Imported(
            header=replace(self._header, meta=meta),
            size=len(calls),
            operations=_operations(calls, written),
            lines=[0] * len(written) + [call.line for call in calls],
            skipped=dict(self._skipped),
        )

    def _fields(self, call: Call, completion: Fields | None) -> dict[str, Any]:
        """The fields of a call's operation, but for its times."""
        invocation: Fields = call.request
        fields = self._meaning.fields(invocation, completion, call.status)
        if fields["op"] == "write" and self._bare(invocation.get(self._op)) == "delete":
            fields["op"] = "delete"
        more = [event for event in (invocation, completion) if event and not event.keys() <= self._common]
        if more:
            said: dict[str, Any] = {}
            for event in more:
                for name in event:
                    if name not in self._common:
                        said[self._bare(name)] = event[name]
            fields |= _said(said, self._notation, exact=self._meaning.exact)
        return fields

    def _take_header(self, value: Any) -> None:
        exported = read_exported(value)
        self._header = exported.header
        self._untimed = None
        self._meaning.defaults = _settled(_NOTHING, self._conventions)
        self._meaning.exact = True
        self._meaning.tuples = exported.key is None
        if exported.key is not None:
            self._meaning.register = exported.key

    def _bare(self, word: Any) -> str:
        """A word without its keyword's colon."""
        return word.removeprefix(self._notation.colon) if isinstance(word, str) else self._notation.text(word)


def _settled(defaults: Defaults, conventions: Conventions) -> Defaults:
    """The defaults, but for what somebody said."""
    initial, nil = conventions.initial, conventions.nil
    return Defaults(
        register=defaults.register if initial is UNSET else initial,
        keyed=defaults.keyed if initial is UNSET else initial,
        nil_register=nil or defaults.nil_register,
        nil=nil or defaults.nil,
    )


def _said(said: dict[str, Any], notation: Notation, *, exact: bool) -> dict[str, Any]:
    """Fields that `rts-history/1` names, checked, and the rest of them as `extra`. Raises `HistoryError`."""
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, found in said.items():
        value = notation.value(found)
        if name in ("position", "version"):
            fields[name] = _position(name, value)
        elif name == "phase":
            fields[name] = _phase(found, notation)
        elif name in ("node", "mode"):
            fields[name] = (
                None if found is None else found if isinstance(found, str) else notation.text(found)
            )
        elif name == "error":
            fields[name] = value
        elif name == "extra" and exact and isinstance(value, dict):
            extra |= value
        else:
            extra[name] = value
    if extra:
        fields["extra"] = extra
    return fields


def _position(name: str, value: Any) -> Any:
    parts = value if isinstance(value, list) and value else [value]
    if value is not None and any(type(part) is not int for part in parts):
        raise HistoryError(f"{value!r} is neither an integer nor a list of integers", field=name)
    return tuple(value) if isinstance(value, list) else value


def _phase(found: Any, notation: Notation) -> str:
    phase = found.removeprefix(notation.colon) if isinstance(found, str) else None
    if phase not in ("main", "final"):
        raise HistoryError(f"{notation.text(found)} is neither main nor final", field="phase")
    return phase


def _operations(calls: list[Call], initial: dict[str, Any]) -> Iterator[Operation]:
    first = calls[0].start if calls else 0
    for index, (key, value) in enumerate(initial.items()):
        start = first - 2 * (len(initial) - index)
        yield Operation(
            index=index,
            session=INITIAL,
            op="write",
            key=key,
            value=value,
            start=start,
            end=start + 1,
            status="ok",
        )
    for index, call in enumerate(calls, len(initial)):
        assert call.answer is not None
        yield Operation(index=index, session=call.session, start=call.start, end=call.end, **call.answer)
