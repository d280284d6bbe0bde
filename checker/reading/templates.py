"""Templates: what the lines that one program writes have in common.

Theory of operation: a program writes its lines with the same fields in the same order with the same blanks;
only numbers and texts differ. A template is such a line with slots where those stand:

    {"index":▢,"session":"▢","op":"read","key":"▢","value":"▢","start":▢, … "status":"ok"}

Whatever has few forms (`op`, `status`, `phase`, `null`, how many numbers a position has) stays in the
letters, so a template says by itself what it is a template of. A line that agrees with it in every letter,
and has plain numbers and texts in its slots, is known without being parsed: msgspec would read the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import msgspec

from checker.history import HistoryError
from checker.history.columns import KINDS, PHASES, STATUSES
from checker.reading.lines import decode_fields


class Slot(Enum):
    """What a slot holds: a number, a text, any digits, or nothing, for the end of the line."""

    NUMBER = b"N"
    TEXT = b"T"
    DIGITS = b"D"
    END = b""


class Piece(NamedTuple):
    """Letters, and the slot after them: its kind, the field it fills (None: nobody asks), and for a list of
    numbers which of them.
    """

    letters: bytes
    slot: Slot
    field: str | None = None
    number: int = 0


class Holds(Enum):
    """What lines of a template have in an optional field."""

    NOTHING = 0
    NULL = 1
    NUMBER = 2
    TEXT = 3
    LIST = 4


@dataclass(frozen=True)
class Template:
    """The pieces of a line, and what they say of each line of this form.

    `kind`, `status` and `final` are as in `Columns`; `holds` says what stands in the optional fields, and
    `lengths` how many numbers a position has that is a list.
    """

    pieces: tuple[Piece, ...]
    kind: int
    status: int
    final: bool
    holds: dict[str, Holds]
    lengths: dict[str, int]

    def has(self, name: str) -> Holds:
        """Return what lines of this form have in a field."""
        return self.holds.get(name, Holds.NOTHING)


LONGEST_LETTERS = 400
"""Letters between two slots beyond which a line is no template."""

LONGEST_LIST = 8
"""Numbers in a position beyond which a line is no template."""

_TEXT, _NUMBER, _NULL = rb'"T"', rb"N", rb"null"
_LIST = rb"\[N(?:,N){0,%d}\]" % (LONGEST_LIST - 1)
_PLAIN = {
    "index": re.compile(_NUMBER),
    "session": re.compile(_TEXT),
    "key": re.compile(_TEXT + b"|" + _NULL),
    "value": re.compile(_TEXT + b"|" + _NUMBER + b"|" + _NULL),
    "expected": re.compile(_TEXT + b"|" + _NUMBER + b"|" + _NULL),
    "start": re.compile(_NUMBER),
    "end": re.compile(_NUMBER + b"|" + _NULL),
    "node": re.compile(_TEXT + b"|" + _NULL),
    "position": re.compile(_LIST + b"|" + _NUMBER + b"|" + _NULL),
    "version": re.compile(_LIST + b"|" + _NUMBER + b"|" + _NULL),
}
"""The fields that are read from slots, and the forms that their values may have: T in a text's place, N in a
number's."""

_FIXED = frozenset(("op", "status", "phase"))
_SCALAR = re.compile(rb'"([^"\\]*)"|([0-9]+)(?:\.([0-9]+))?([eE])?')
_SLOT_OF_GROUP = (Slot.TEXT, Slot.NUMBER, Slot.DIGITS)
_NAME = rb' *[{,] *"%s" *: *'
_END = re.compile(rb" *} *\r?")
_raw_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def learn(line: bytes) -> Template | None:
    """Return the template of a line; None where it has none.

    It has none if it is bad, if it names a field twice, or if it holds what is never read from a slot: a
    value that is neither a number nor a text nor `null`, a transaction, a backslash, an exponent.
    """
    if b"\\" in line:
        return None
    try:
        decoded = decode_fields(line, file="", number=0, cut=False)
        raw = {name: bytes(text) for name, text in _raw_fields(line).items()}
    except (HistoryError, msgspec.DecodeError):
        return None
    pieces = _pieces(line, raw) if decoded.op != "txn" else None
    if pieces is None or any(len(piece.letters) > LONGEST_LETTERS for piece in pieces):
        return None
    return Template(
        tuple(pieces),
        kind=KINDS[decoded.op],
        status=STATUSES[decoded.status],
        final=PHASES[decoded.phase],
        holds={name: _HOLDS.get(text[:1], Holds.NUMBER) for name, text in raw.items() if name in _PLAIN},
        lengths={
            name: len(item)
            for name in ("position", "version")
            if isinstance(item := getattr(decoded, name), tuple)
        },
    )


def _pieces(line: bytes, raw: dict[str, bytes]) -> list[Piece] | None:
    """Return a line's pieces, None if its fields are not one after the other, or hold what is not plain."""
    pieces: list[Piece] = []
    letters, at = b"", 0
    for name, text in raw.items():
        found = re.match(_NAME % re.escape(name.encode()), line[at:])
        if found is None or not line.startswith(text, at + found.end()):
            return None
        letters += found.group()
        slots, rest = ([], text) if name in _FIXED else _slots(text)
        if slots is None or not _is_plain(name, slots, rest):
            return None
        for number, (before, slot) in enumerate(slots):
            read = (name, number) if name in _PLAIN else (None, 0)
            pieces.append(Piece(letters + before, slot, *read))
            letters = b""
        letters += rest
        at += found.end() + len(text)
    if not _END.fullmatch(line, at):
        return None
    pieces.append(Piece(letters + line[at:], Slot.END))
    return pieces


def _slots(text: bytes) -> tuple[list[tuple[bytes, Slot]] | None, bytes]:
    """Take a value apart into slots, each with the letters before it, and the letters after the last."""
    slots, at = [], 0
    for found in _SCALAR.finditer(text):
        if found[4]:
            return None, b""
        for group, slot in enumerate(_SLOT_OF_GROUP, 1):
            if found[group] is not None:
                slots.append((text[at : found.start(group)], slot))
                at = found.end(group)
    return slots, text[at:]


def _is_plain(name: str, slots: list[tuple[bytes, Slot]], rest: bytes) -> bool:
    if name not in _PLAIN:
        return True
    form = b"".join(before + slot.value for before, slot in slots) + rest
    return _PLAIN[name].fullmatch(form.replace(b" ", b"")) is not None


_HOLDS = {b"n": Holds.NULL, b"[": Holds.LIST, b'"': Holds.TEXT}
