"""The router forgets a session's token when another node is promoted.

A follower that lags behind may then show the session an older state than it has seen. Seen in Azure Cosmos
DB's SDK (azure-cosmos-dotnet-v3 #2937). Breaks `monotonic-reads`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.client.session import ClientSession


class TokenLostAtFailover(ClientSession):
    """Starts anew with each leader."""

    def repoint(self, epoch: int, leader: str) -> None:
        """Wrong: what was acknowledged outlives the epoch, and so do tokens."""
        super().repoint(epoch, leader)
        self.tokens.forget(self.name)


BUG = Bug(
    name="token-lost-at-failover",
    breaks="monotonic-reads",
    description="the router forgets session tokens at a promotion",
    seen_in="azure-cosmos-dotnet-v3 #2937",
    session=TokenLostAtFailover,
)
