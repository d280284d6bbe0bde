"""A system's seeded bugs by name, each with the configuration that it is hunted in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rts import bugs
from rts.harness.profile import Profile
from rts.harness.system import Configuration, SeededBug


def hunted_in(name: str, claims: Configuration, profile: Profile) -> Configuration:
    """Where the bug `name` is hunted: `profile` is drawn from, and `claims` is the row whose claims are
    made."""
    return Configuration(
        name=name,
        mode=claims.mode,
        table="seeded bugs",
        holds=claims.holds,
        breaks=(),
        profile=profile,
        staleness=claims.staleness,
        description=f"where {name} is hunted",
    )


class Seeded(Mapping[str, SeededBug]):
    """The bugs of a system; each is imported when it is asked for, by name or by number."""

    def __init__(self, system: str, hunts: Mapping[str, Configuration]) -> None:
        self.system = system
        self.hunts = hunts

    def __getitem__(self, name: str) -> SeededBug:
        try:
            bug = bugs.load(name, self.system)
        except bugs.BugNotFound:
            raise KeyError(name) from None
        return SeededBug(
            name=bug.name,
            configuration=self.hunts[bug.name],
            guarantee=bug.breaks,
            description=f"{bug.description} ({bug.seen_in})",
        )

    def __iter__(self) -> Iterator[str]:
        return iter(bugs.names(self.system))

    def __len__(self) -> int:
        return len(bugs.names(self.system))
