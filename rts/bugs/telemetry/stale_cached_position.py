"""The router trusts a follower position that it cached in an old epoch.

Having heard that a follower was up to date under the old leader, it sends a read there without the session's
token, for positions of different epochs do not seem to compare. Seen in PgDog (#912). Breaks
`read-your-writes`.
"""

from __future__ import annotations

from rts.bugs import Bug
from rts.client.modes import Route, SessionRoute
from rts.client.requests import Request
from rts.client.session import ClientSession


class TrustingRoute(SessionRoute):
    """Leaves the token at home where it believes that it is not needed."""

    def trusts(self, follower: str) -> bool:
        """Wrong: a follower that was up to date in an old epoch may lack all of the new one."""
        known = self.session.positions.get(follower)
        return known is not None and known[0].epoch < self.session.epoch


class StaleCachedPosition(ClientSession):
    """Routes its reads by a cache that nobody empties."""

    def route_for(self, request: Request) -> Route:
        """A session-consistent read trusts the cache."""
        route = super().route_for(request)
        return TrustingRoute(self, request) if type(route) is SessionRoute else route

    def forget_positions(self) -> None:
        """Wrong: a promotion makes the cache worthless."""


BUG = Bug(
    name="stale-cached-position",
    breaks="read-your-writes",
    description="the router trusts a follower position cached in an old epoch",
    seen_in="pgdog #912",
    session=StaleCachedPosition,
)
