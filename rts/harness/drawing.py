"""What the bytes of one step say, in the light of the schedule that they are in."""

from __future__ import annotations

from collections.abc import Sequence

from rts.harness.budget import Standing, members_of
from rts.harness.profile import Profile
from rts.harness.theme import Theme, falling, pick
from rts.schedule import Schedule

STEP_SIZE = 8
_ANY_NODE = 224


class Scene:
    """What all steps of one schedule are drawn from. `empty` is the schedule without its steps."""

    def __init__(self, empty: Schedule, profile: Profile, theme: Theme) -> None:
        self.profile = profile
        self.theme = theme
        self.members = members_of(empty)
        nodes, sessions = len(profile.nodes), len(theme.sessions)
        self.addresses = (*profile.nodes, *theme.sessions, "*")
        self.source_weights = [2 * nodes, *[2] * (nodes - 1), *[1] * sessions, 1]
        self.target_weights = [*[3] * nodes, *[1] * sessions, 1]


class Drawing:
    """The bytes of a step, each by what it decides (what decides most stands first), where `standing` is
    known of the cluster."""

    __slots__ = (
        *("scene", "standing"),
        *("whether", "kind", "after", "who", "where", "how", "flags", "more"),
    )

    def __init__(self, drawn: bytes, scene: Scene, standing: Standing) -> None:
        self.scene = scene
        self.standing = standing
        self.whether, self.kind, self.after, self.who, self.where, self.how, self.flags, self.more = drawn

    @property
    def after_ns(self) -> int:
        """The pause before the step."""
        delays = self.scene.theme.delays_ns
        return delays[pick(self.after, falling(len(delays)))]

    # --- operations

    @property
    def session(self) -> str:
        """Whose operation it is."""
        sessions = self.scene.theme.sessions
        return sessions[self.who % len(sessions)]

    @property
    def key(self) -> str:
        """The key; the first ones are likelier."""
        keys = self.scene.theme.keys
        return keys[pick(self.where, falling(len(keys)))]

    @property
    def needs(self) -> tuple[str, ...]:
        """The session guarantees to ask for."""
        if not self.scene.theme.needs_often:
            return ()
        return tuple(need for bit, need in enumerate(self.scene.profile.needs) if self.more >> bit & 1)

    # --- nodes

    def node(self) -> str:
        """A node; every third one is the schedule's focus."""
        return self._one_of(self.scene.profile.nodes)

    def down_node(self) -> str:
        """A node that may be down."""
        suspects = {suspect for outage in self.standing.outages for suspect in outage.suspects}
        down = [node for node in self.scene.profile.nodes if node in suspects]
        return down[self.where % len(down)]

    def voter(self) -> str:
        """A node that should vote by now; one in eight is any."""
        return self._mostly([node for node in self.scene.profile.nodes if node in self.standing.voters])

    def outsider(self) -> str:
        """A node that should not vote yet; one in eight is any."""
        return self._mostly([node for node in self.scene.profile.nodes if node not in self.standing.voters])

    def _mostly(self, nodes: Sequence[str]) -> str:
        return self.node() if not nodes or self.flags >= _ANY_NODE else self._one_of(nodes)

    def _one_of(self, nodes: Sequence[str]) -> str:
        focus = self.scene.theme.focus
        return focus if self.who % 3 == 0 and focus in nodes else nodes[self.where % len(nodes)]

    # --- links

    @property
    def lag_ns(self) -> int:
        """How much longer something takes."""
        lags = self.scene.theme.lags_ns
        return lags[pick(self.how, falling(len(lags)))]

    @property
    def percent(self) -> int:
        """How many of the messages a fault is for."""
        percents = self.scene.theme.percents
        return percents[self.flags % len(percents)]

    def link(self) -> tuple[str, str]:
        """The addresses of a link, the first node's likelier."""
        addresses = self.scene.addresses
        source = addresses[pick(self.who, self.scene.source_weights)]
        target = addresses[pick(self.where, self.scene.target_weights)]
        if source == target and source != "*":
            target = addresses[(addresses.index(source) + 1) % (len(addresses) - 1)]
        return source, target

    def group(self) -> tuple[str, ...]:
        """Some of the nodes, not all, and in every second partition some of the sessions with them."""
        nodes, sessions = self.scene.profile.nodes, self.scene.theme.sessions
        chosen = 1 + self.where % max(1, 2 ** len(nodes) - 2)
        with_sessions = self.more if self.flags >= 128 else 0
        return (
            *(node for bit, node in enumerate(nodes) if chosen >> bit & 1),
            *(session for bit, session in enumerate(sessions) if with_sessions >> bit & 1),
        )
