"""Session tokens: how far into the log a session has written and read.

A token is two positions, because the guarantees can be asked for one by one (Terry et al., *Session
Guarantees*, 1994, §4): what the session wrote and what it read. Kept by the client or by the server under a
session id, a token belongs to one session; kept under the user's identity it is shared by all of a user's
sessions, so that a second device sees what the first one wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rts.ids import ORIGIN, Lsn

READ_YOUR_WRITES = "read-your-writes"
MONOTONIC_READS = "monotonic-reads"
MONOTONIC_WRITES = "monotonic-writes"
WRITES_FOLLOW_READS = "writes-follow-reads"
CONSISTENT_PREFIX = "consistent-prefix"

FOR_READS = (READ_YOUR_WRITES, MONOTONIC_READS, CONSISTENT_PREFIX)
FOR_WRITES = (MONOTONIC_WRITES, WRITES_FOLLOW_READS)


class Tokens:
    """The tokens of all sessions.

    `kept_by`: `client`, `server` or `user`; `users` maps a session to its user where the user's identity is
    the key.
    """

    def __init__(
        self,
        kept_by: Literal["client", "server", "user"] = "client",
        users: Mapping[str, str] | None = None,
    ) -> None:
        self.kept_by = kept_by
        self.users = dict(users or {})
        self._written: dict[str, Lsn] = {}
        self._seen: dict[str, Lsn] = {}

    def owner(self, session: str) -> str:
        """Under which name a session's token is kept."""
        return self.users.get(session, session) if self.kept_by == "user" else session

    def wrote(self, session: str, position: Lsn) -> None:
        """The session wrote at `position`."""
        owner = self.owner(session)
        self._written[owner] = max(self._written.get(owner, ORIGIN), position)

    def saw(self, session: str, position: Lsn) -> None:
        """The session read from a state as of `position`."""
        owner = self.owner(session)
        self._seen[owner] = max(self._seen.get(owner, ORIGIN), position)

    def required(self, session: str, needs: tuple[str, ...]) -> Lsn | None:
        """The position that a replica must have reached for the guarantees in `needs`; `None` where none is
        needed."""
        owner = self.owner(session)
        position = ORIGIN
        if READ_YOUR_WRITES in needs or MONOTONIC_WRITES in needs:
            position = max(position, self._written.get(owner, ORIGIN))
        if MONOTONIC_READS in needs or CONSISTENT_PREFIX in needs or WRITES_FOLLOW_READS in needs:
            position = max(position, self._seen.get(owner, ORIGIN))
        return position if position > ORIGIN else None

    def forget(self, session: str) -> None:
        """Drop a session's token."""
        self._written.pop(self.owner(session), None)
        self._seen.pop(self.owner(session), None)
