"""`plume`: the text of Plume, PolySI and AWDIT, an access a line: `r(key,value,session,transaction)`.

Keys and values are integers. Accesses of one session and transaction number are one transaction, wherever
they stand; a session's transactions stand in its order. Number -1 marks writes that were aborted.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from checker.formats.protocol import Conventions, Imported
from checker.formats.sessions import Access, Sessions
from checker.formats.source import text_lines
from checker.history import HistoryError

_LINE = re.compile(r"([rw])\(\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*\)")
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*[rw]\(\s*-?\d+\s*,")
_ABORTED = "-1"


class _PlumeFormat:
    name = "plume"

    def looks_like(self, head: bytes) -> bool:
        """Return whether the first bytes may be an access."""
        return _HEAD.match(head) is not None

    def read(self, stream: BinaryIO, conventions: Conventions) -> Imported:
        """Return the history in a stream. Raises `HistoryError` with the line."""
        transactions: dict[tuple[str, str], tuple[list[Access], int]] = {}
        for number, line in enumerate(text_lines(stream), 1):
            text = line.strip()
            if not text:
                continue
            found = _LINE.fullmatch(text)
            if found is None:
                raise HistoryError(f"{text[:60]!r} is no r(key,value,session,transaction)", line=number)
            code, key, value, session, transaction = found.groups()
            place = (session, transaction)
            accesses, _ = transactions.setdefault(place, ([], number))
            accesses.append([code, key, int(value)])
        sessions = Sessions(conventions)
        for (session, transaction), (accesses, number) in transactions.items():
            sessions.add(session, accesses, committed=transaction != _ABORTED, line=number)
        return sessions.imported()


FORMAT = _PlumeFormat()
