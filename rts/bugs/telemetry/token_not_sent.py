"""A read goes out without the session's token.

Whichever follower it reaches answers with what it has. Seen in the Azure SDK for Rust (azure-sdk-for-rust
#4625). Breaks `read-your-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.client.session import ClientSession
from rts.ids import Lsn


class TokenNotSent(ClientSession):
    """Keeps its token to itself."""

    def required(self, needs: tuple[str, ...]) -> Lsn | None:
        """Wrong: a replica cannot wait for a position that it is not told."""
        return None


BUG = Bug(
    name="token-not-sent",
    breaks="read-your-writes",
    description="a read goes out without the session's token",
    seen_in="azure-sdk-for-rust #4625",
    session=TokenNotSent,
)
