"""From bytes to a schedule: the whole of what is drawn, as one pure function.

Hypothesis draws a few bytes and this module reads them: a header, which says what kind of schedule it is
(settings, how many sessions and keys, which faults are on and how strong: swarm testing, Groce et al., ISSTA
2012), then a few bytes a step. Zero bytes are the simplest: a step of zeros is no step, a header of zeros has
the first value of each setting, one session, one key, no faults, no jitter; so what shrinks bytes shrinks
schedules. A step that would leave the fault budget becomes a weaker one, or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from rts.harness.budget import Standing, admits_step, first_standing
from rts.harness.drawing import Drawing, Scene
from rts.harness.kinds import kind_named
from rts.harness.kinds.kind import Kind
from rts.harness.system import Configuration
from rts.harness.theme import Theme, jitter_of, pick, script_of, settings_of
from rts.schedule import AnyStep, Heal, LinkStep, Schedule

_REPAIR_FACTOR = 4


def decode(
    header: bytes, steps: Sequence[bytes], configuration: Configuration, *, system: str = ""
) -> Schedule:
    """The schedule that these bytes stand for: always valid, always inside the configuration's fault budget.

    `header` has `theme.header_size(configuration.profile)` bytes, each of `steps` has `drawing.STEP_SIZE`.
    Raises `ValueError` where a script of the profile leaves the budget.
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
    decoder = _Decoder(Scene(empty, profile, Theme.read(header, profile)), first_standing(empty))
    script = decoder.script(script_of(header, profile))
    decoded = (step for step in map(decoder.step, steps) if step is not None)
    return msgspec.structs.replace(empty, steps=(*script, *decoded))


class _Decoder:
    """Reads the steps of one schedule in turn and keeps account of what is down."""

    def __init__(self, scene: Scene, standing: Standing) -> None:
        self._scene = scene
        self._standing = standing
        self._links_disturbed = False
        self._fault_threshold = 256 - round(scene.theme.fault_share * 256)
        self._operations = [(tag, weight) for tag, weight in scene.profile.operations.items() if weight > 0]

    def script(self, steps: tuple[AnyStep, ...]) -> tuple[AnyStep, ...]:
        for step in steps:
            if not self._admits(step):
                raise ValueError(f"a script of the profile leaves its fault budget: {step!r}")
            self._happens(step)
        return steps

    def step(self, step_bytes: bytes) -> AnyStep | None:
        drawn = Drawing(step_bytes, self._scene, self._standing)
        if drawn.whether == 0:
            return None
        faults = self._faults_now() if drawn.whether >= self._fault_threshold else []
        if not faults:
            return next(_drawn_from(self._operations, drawn), None)
        for step in _drawn_from(faults, drawn):
            if self._admits(step):
                self._happens(step)
                return step
        return None

    def _admits(self, step: AnyStep) -> bool:
        return admits_step(step, self._standing, self._scene.profile.budget, self._scene.members)

    def _happens(self, step: AnyStep) -> None:
        self._standing = self._standing.after(step)
        if isinstance(step, LinkStep):
            self._links_disturbed = not isinstance(step, Heal)

    def _faults_now(self) -> list[tuple[str, int]]:
        """The faults that are switched on and would do something, repairs likelier than their weight says."""
        causes = {outage.cause for outage in self._standing.outages}
        useful = {
            "restart": "crash" in causes,
            "resume": "pause" in causes,
            "rejoin": bool(causes),
            "heal": self._links_disturbed or "cut" in causes,
        }
        faults = self._scene.profile.faults
        return [
            (tag, faults[tag] * (_REPAIR_FACTOR if tag in useful else 1))
            for tag in self._scene.theme.switched_on
            if useful.get(tag, True)
        ]


def _drawn_from(kinds: Sequence[tuple[str, int]], drawn: Drawing) -> Iterator[AnyStep]:
    """The step that `drawn` stands for, of these kinds with their weights, and after it weaker ones."""
    if kinds:
        kind: Kind[AnyStep] = kind_named(kinds[pick(drawn.kind, [weight for _, weight in kinds])][0])
        yield from kind.draw(drawn)
