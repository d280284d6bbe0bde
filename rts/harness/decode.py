"""From bytes to a schedule: the whole of what is drawn, as one pure function.

Hypothesis draws a few bytes and this module reads them: a header, which says what kind of schedule it is
(settings, how many sessions and keys, which faults are on and how strong: swarm testing, Groce et al., ISSTA
2012), then a few bytes a step. Zero bytes are the simplest: a step of zeros is no step, a header of zeros has
the first value of each setting, one session, one key, no faults, no jitter; so what shrinks bytes shrinks
schedules. A step that would leave the fault budget becomes a weaker one, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from rts.harness.budget import Standing, admits_step, first_standing, members_of
from rts.harness.profile import Profile
from rts.harness.system import Configuration
from rts.harness.theme import Theme, falling, jitter_of, pick, script_of, settings_of
from rts.schedule import (
    MILLISECOND,
    AnyStep,
    ChangeMembers,
    CompareAndSet,
    CorruptDisk,
    Crash,
    Delete,
    Duplicate,
    FaultStep,
    FullDisk,
    Heal,
    Lag,
    LinkStep,
    Loss,
    OperationStep,
    Partition,
    Pause,
    Promote,
    Read,
    Rejoin,
    Reorder,
    Restart,
    Resume,
    Schedule,
    SkewClock,
    SlowDisk,
    TransferLeadership,
    Write,
)

STEP_SIZE = 8
# The bytes of a step. What decides most stands first.
_WHETHER, _KIND, _AFTER, _WHO, _WHERE, _HOW, _FLAGS, _MORE = range(STEP_SIZE)

_DRIFTS_PPM = (0, 100, -100, 500, -500)
_DIRECTIONS: tuple[Literal["both", "into", "out-of"], ...] = ("both", "into", "out-of")
_OLD_LEADER: tuple[Literal["crash", "cut", "leave"], ...] = ("leave", "cut", "crash", "crash")
_ACTIONS: tuple[Literal["add", "add-learner", "remove"], ...] = ("add", "add-learner", "remove")
_REPAIR_FACTOR = 4
# Divisible by every small number of followers, so that each is as likely.
_REPLICA_DRAWS = 12


def decode(
    header: bytes, steps: Sequence[bytes], configuration: Configuration, *, system: str = ""
) -> Schedule:
    """The schedule that these bytes stand for: always valid, always inside the configuration's fault budget.

    `header` has `theme.header_size(configuration.profile)` bytes, each of `steps` has `STEP_SIZE`. Raises
    `ValueError` where the profile names a kind of step that does not exist, or a script leaves the budget.
    """
    profile = configuration.profile
    empty = Schedule(
        system=system,
        configuration=configuration.name,
        mode=configuration.mode,
        nodes=profile.nodes,
        settings=settings_of(header, profile),
        jitter=jitter_of(header),
    )
    decoder = _Decoder(empty, profile, Theme.read(header, profile))
    script = decoder.script(script_of(header, profile))
    decoded = (step for step in map(decoder.step, steps) if step is not None)
    return msgspec.structs.replace(empty, steps=(*script, *decoded))


class _Decoder:
    """Reads the steps of one schedule in turn and keeps account of what is down."""

    def __init__(self, empty: Schedule, profile: Profile, theme: Theme) -> None:
        self._profile = profile
        self._members = members_of(empty)
        self._theme = theme
        self._standing: Standing = first_standing(empty)
        self._links_disturbed = False
        self._fault_threshold = 256 - round(theme.fault_share * 256)
        self._operations = [(kind, weight) for kind, weight in profile.operations.items() if weight > 0]
        self._operation_weights = [weight for _, weight in self._operations]
        nodes, sessions = len(profile.nodes), len(theme.sessions)
        self._addresses = (*profile.nodes, *theme.sessions, "*")
        self._source_weights = [2 * nodes, *[2] * (nodes - 1), *[1] * sessions, 1]
        self._target_weights = [*[3] * nodes, *[1] * sessions, 1]

    def script(self, steps: tuple[AnyStep, ...]) -> tuple[AnyStep, ...]:
        for step in steps:
            if not self._admits(step):
                raise ValueError(f"a script of the profile leaves its fault budget: {step!r}")
            self._happens(step)
        return steps

    def step(self, drawn: bytes) -> AnyStep | None:
        if drawn[_WHETHER] == 0:
            return None
        if drawn[_WHETHER] < self._fault_threshold:
            return self._operation(drawn)
        faults = self._faults_now()
        if not faults:
            return self._operation(drawn)
        kind = faults[pick(drawn[_KIND], [weight for _, weight in faults])][0]
        for step in self._fault(kind, drawn):
            if self._admits(step):
                self._happens(step)
                return step
        return None

    def _admits(self, step: AnyStep) -> bool:
        return admits_step(step, self._standing, self._profile.budget, self._members)

    def _happens(self, step: AnyStep) -> None:
        self._standing = self._standing.after(step)
        if isinstance(step, LinkStep):
            self._links_disturbed = not isinstance(step, Heal)

    def _after_ns(self, drawn: bytes) -> int:
        delays = self._theme.delays_ns
        return delays[pick(drawn[_AFTER], falling(len(delays)))]

    # --- operations

    def _operation(self, drawn: bytes) -> OperationStep | None:
        if not self._operations:
            return None
        after_ns = self._after_ns(drawn)
        session = self._theme.sessions[drawn[_WHO] % len(self._theme.sessions)]
        key = self._theme.keys[pick(drawn[_WHERE], falling(len(self._theme.keys)))]
        match self._operations[pick(drawn[_KIND], self._operation_weights)][0]:
            case "write":
                return Write(after_ns=after_ns, session=session, key=key, needs=self._needs(drawn))
            case "delete":
                return Delete(after_ns=after_ns, session=session, key=key)
            case "cas":
                return CompareAndSet(after_ns=after_ns, session=session, key=key)
            case "read":
                replica = drawn[_HOW] % _REPLICA_DRAWS
                needs = self._needs(drawn)
                return Read(after_ns=after_ns, session=session, key=key, replica=replica, needs=needs)
            case unknown:
                raise ValueError(f"a profile names an operation that does not exist: {unknown!r}")

    def _needs(self, drawn: bytes) -> tuple[str, ...]:
        if not self._theme.needs_often:
            return ()
        return tuple(need for bit, need in enumerate(self._profile.needs) if drawn[_MORE] >> bit & 1)

    # --- faults

    def _faults_now(self) -> list[tuple[str, int]]:
        """The faults that are switched on and would do something, repairs likelier than their weight says."""
        causes = {outage.cause for outage in self._standing.outages}
        useful = {
            "restart": "crash" in causes,
            "resume": "pause" in causes,
            "rejoin": bool(causes),
            "heal": self._links_disturbed or "cut" in causes,
        }
        return [
            (kind, self._profile.faults[kind] * (_REPAIR_FACTOR if kind in useful else 1))
            for kind in self._theme.switched_on
            if useful.get(kind, True)
        ]

    def _node(self, drawn: bytes) -> str:
        """A node; every third one is the schedule's focus."""
        nodes = self._profile.nodes
        return self._theme.focus if drawn[_WHO] % 3 == 0 else nodes[drawn[_WHERE] % len(nodes)]

    def _down_node(self, drawn: bytes) -> str:
        """A node that may be down."""
        suspects = {suspect for outage in self._standing.outages for suspect in outage.suspects}
        down = [node for node in self._profile.nodes if node in suspects]
        return down[drawn[_WHERE] % len(down)]

    def _voter(self, drawn: bytes, *, votes: bool) -> str:
        """A node that should vote by now, or should not; one in eight is any."""
        voters = self._standing.voters
        nodes = [node for node in self._profile.nodes if (node in voters) is votes]
        if not nodes or drawn[_FLAGS] >= 224:
            return self._node(drawn)
        if drawn[_WHO] % 3 == 0 and self._theme.focus in nodes:
            return self._theme.focus
        return nodes[drawn[_WHERE] % len(nodes)]

    def _link(self, drawn: bytes) -> tuple[str, str]:
        source = self._addresses[pick(drawn[_WHO], self._source_weights)]
        target = self._addresses[pick(drawn[_WHERE], self._target_weights)]
        if source == target and source != "*":
            target = self._addresses[(self._addresses.index(source) + 1) % (len(self._addresses) - 1)]
        return source, target

    def _group(self, drawn: bytes) -> tuple[str, ...]:
        """Some of the nodes, not all, and in every second partition some of the sessions with them."""
        nodes, sessions = self._profile.nodes, self._theme.sessions
        chosen = 1 + drawn[_WHERE] % max(1, 2 ** len(nodes) - 2)
        with_sessions = drawn[_MORE] if drawn[_FLAGS] >= 128 else 0
        return (
            *(node for bit, node in enumerate(nodes) if chosen >> bit & 1),
            *(session for bit, session in enumerate(sessions) if with_sessions >> bit & 1),
        )

    def _fault(self, kind: str, drawn: bytes) -> tuple[FaultStep, ...]:
        """The drawn fault of this kind, and after it weaker ones to fall back on."""
        after_ns = self._after_ns(drawn)
        lags_ns = self._theme.lags_ns
        lag_ns = lags_ns[pick(drawn[_HOW], falling(len(lags_ns)))]
        percent = self._theme.percents[drawn[_FLAGS] % len(self._theme.percents)]
        source, target = self._link(drawn)
        match kind:
            case "lag":
                return (Lag(after_ns=after_ns, source=source, target=target, delay_ns=lag_ns),)
            case "loss":
                return (Loss(after_ns=after_ns, source=source, target=target, percent=percent),)
            case "duplicate":
                return (
                    Duplicate(
                        after_ns=after_ns, source=source, target=target, percent=percent, delay_ns=lag_ns
                    ),
                )
            case "reorder":
                return (
                    Reorder(
                        after_ns=after_ns, source=source, target=target, percent=percent, delay_ns=lag_ns
                    ),
                )
            case "partition":
                direction = _DIRECTIONS[pick(drawn[_HOW], (2, 1, 1))]
                return (Partition(after_ns=after_ns, group=self._group(drawn), direction=direction),)
            case "heal":
                return (Heal(after_ns=after_ns),)
            case "crash":
                return self._crashes(after_ns, drawn)
            case "restart":
                return (Restart(after_ns=after_ns, node=self._down_node(drawn)),)
            case "pause":
                return (Pause(after_ns=after_ns, node=self._node(drawn)),)
            case "resume":
                return (Resume(after_ns=after_ns, node=self._down_node(drawn)),)
            case "slow-disk":
                return (SlowDisk(after_ns=after_ns, node=self._node(drawn), delay_ns=lag_ns),)
            case "full-disk":
                return (FullDisk(after_ns=after_ns, node=self._node(drawn)),)
            case "corrupt-disk":
                return (CorruptDisk(after_ns=after_ns, node=self._node(drawn)),)
            case "skew-clock":
                return (self._skew(after_ns, lag_ns, drawn),)
            case "promote":
                return self._promotions(after_ns, drawn)
            case "change-members":
                return (self._change(after_ns, drawn),)
            case "transfer-leadership":
                return (TransferLeadership(after_ns=after_ns, node=self._voter(drawn, votes=True)),)
            case "rejoin":
                return (Rejoin(after_ns=after_ns, node=self._down_node(drawn)),)
            case unknown:
                raise ValueError(f"a profile names a fault that does not exist: {unknown!r}")

    def _crashes(self, after_ns: int, drawn: bytes) -> tuple[FaultStep, ...]:
        node, tear = self._node(drawn), drawn[_FLAGS] & 3 == 3
        at_effect = drawn[_HOW] % 4 if drawn[_HOW] >= 128 else None
        mild = Crash(after_ns=after_ns, node=node, tear=tear, at_effect=at_effect)
        if drawn[_MORE] < 256 - self._profile.disk_loss_percent * 256 // 100:
            return (mild,)
        return Crash(after_ns=after_ns, node=node, lose_disk=True, at_effect=at_effect), mild

    def _skew(self, after_ns: int, lag_ns: int, drawn: bytes) -> SkewClock:
        jump_ns = (0, lag_ns, -lag_ns)[drawn[_FLAGS] % 3]
        drift_ppm = _DRIFTS_PPM[drawn[_MORE] % len(_DRIFTS_PPM)]
        if not jump_ns and not drift_ppm:
            jump_ns = MILLISECOND
        return SkewClock(after_ns=after_ns, node=self._node(drawn), jump_ns=jump_ns, drift_ppm=drift_ppm)

    def _promotions(self, after_ns: int, drawn: bytes) -> tuple[FaultStep, ...]:
        promotions = self._profile.budget.promotions
        if not promotions:
            return ()
        candidate = promotions[drawn[_WHERE] % len(promotions)]
        if candidate == "member":
            candidate = self._members[drawn[_WHO] % len(self._members)]
        forced = self._profile.budget.forced and drawn[_MORE] & 1 == 1
        old = _OLD_LEADER[drawn[_HOW] % len(_OLD_LEADER)]
        return tuple(
            Promote(after_ns=after_ns, candidate=candidate, old=fate, forced=forced)
            for fate in dict.fromkeys((old, "leave"))
        )

    def _change(self, after_ns: int, drawn: bytes) -> ChangeMembers:
        action = _ACTIONS[pick(drawn[_HOW], (4, 1, 3))]
        if self._standing.voters.issuperset(self._profile.nodes):
            action = "remove"
        node = self._voter(drawn, votes=action == "remove")
        return ChangeMembers(after_ns=after_ns, action=action, node=node)
