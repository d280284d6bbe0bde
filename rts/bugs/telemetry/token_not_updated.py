"""The session token is not advanced by the answer to a write.

The session's next read asks for a position from before its own write. Seen in EF Core (efcore #37942). Breaks
`read-your-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.client.session import ClientSession
from rts.ids import Lsn


class TokenNotUpdated(ClientSession):
    """Does not look at where its writes went."""

    def advance_write_token(self, position: Lsn) -> None:
        """Wrong: the session's reads have to wait for this position."""


BUG = Bug(
    name="token-not-updated",
    breaks="read-your-writes",
    description="the session token is not advanced by a response",
    seen_in="efcore #37942",
    session=TokenNotUpdated,
)
