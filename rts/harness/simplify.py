"""Simpler versions of a schedule: what shrinking tries.

These functions may offer anything: whoever asks keeps what measures less (`rts.harness.measure`) and still
fails.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from rts.harness.measure import tidy_pauses_ns
from rts.harness.profile import Profile
from rts.schedule import (
    MILLISECOND,
    OPERATION_STEPS,
    AnyStep,
    ChangeMembers,
    CompareAndSet,
    Crash,
    Delete,
    Duplicate,
    Heal,
    Lag,
    Loss,
    Partition,
    Pause,
    Promote,
    Read,
    Reorder,
    Schedule,
    SkewClock,
    SlowDisk,
    Write,
    keys_of,
    sessions_of,
)

_MOST_FAULTS_FOR_LAG: Final = 5
_FEW_FAULTS: Final = 3
# A fault that does no more than keep a follower behind is better told as a lagging link.
_LAG_IN_DISGUISE: Final = (Loss, Partition, Reorder, Duplicate, Pause, SlowDisk, Crash, Promote)


# --- simpler steps


def simpler_steps(step: AnyStep, schedule: Schedule, profile: Profile) -> Iterator[AnyStep]:
    """Simpler steps to put in the place of `step`, the simplest first."""
    replace = msgspec.structs.replace
    for after_ns in tidy_pauses_ns(profile):
        yield replace(step, after_ns=after_ns)
    match step:
        case CompareAndSet() | Delete():
            yield Write(after_ns=step.after_ns, session=step.session, key=step.key)
            for replica in range(len(schedule.nodes)):
                yield Read(after_ns=step.after_ns, session=step.session, key=step.key, replica=replica)
        case Write(needs=needs) if needs:
            yield replace(step, needs=())
        case Read():
            yield replace(step, needs=(), mode=None)
            yield replace(step, needs=())
            for replica in range(min(step.replica, len(schedule.nodes))):
                yield replace(step, replica=replica)
        case Partition(group=group):
            yield replace(step, direction="both")
            for left_out in range(len(group) - 1, -1, -1):
                if len(group) > 1:
                    yield replace(step, group=group[:left_out] + group[left_out + 1 :])
        case Crash():
            yield replace(step, lose_disk=False, tear=False, at_effect=None)
            yield replace(step, lose_disk=False)
            yield replace(step, tear=False)
            for at_effect in (None, *range(step.at_effect or 0)):
                yield replace(step, at_effect=at_effect)
        case SkewClock():
            yield replace(step, drift_ppm=0)
            if step.drift_ppm:
                yield replace(step, jump_ns=0)
            for jump_ns in _smaller(abs(step.jump_ns), profile.lags_ns):
                yield replace(step, jump_ns=jump_ns if step.jump_ns > 0 else -jump_ns)
        case Promote():
            yield replace(step, forced=False)
            yield replace(step, candidate="best")
            for old in ("leave", "cut"):
                yield replace(step, old=old)
        case ChangeMembers(action="add-learner"):
            yield replace(step, action="add")
        case _:
            pass
    if profile.faults.get("heal") and not isinstance(step, Heal | Write | Read | Delete | CompareAndSet):
        yield Heal(after_ns=step.after_ns)
    if isinstance(step, Lag | Loss | Duplicate | Reorder):
        yield replace(step, percent=100) if not isinstance(step, Lag) else step
        for field in ("source", "target"):
            if getattr(step, field) == "*":
                for node in schedule.nodes:
                    yield replace(step, **{field: node})
        for follower in schedule.nodes[1:]:
            yield replace(step, source=schedule.nodes[0], target=follower)
    if isinstance(step, Lag | Duplicate | Reorder | SlowDisk):
        for delay_ns in _smaller(step.delay_ns, profile.lags_ns):
            yield replace(step, delay_ns=delay_ns)
    if isinstance(step, _LAG_IN_DISGUISE) and profile.faults.get("lag"):
        for delay_ns in dict.fromkeys((max(profile.lags_ns), min(profile.lags_ns))):
            for target in schedule.nodes[1:]:
                yield Lag(after_ns=step.after_ns, source=schedule.nodes[0], target=target, delay_ns=delay_ns)


def _smaller(value: int, coarse: tuple[int, ...]) -> list[int]:
    return sorted({candidate for candidate in coarse if candidate < value})


# --- other names


def renamings(schedule: Schedule) -> Iterator[Schedule]:
    """The schedule with other names: sessions and keys numbered by appearance or merged, followers
    swapped."""
    for prefix, used in (("s", sessions_of(schedule)), ("k", keys_of(schedule))):
        numbered = {name: f"{prefix}{number}" for number, name in enumerate(used)}
        yield renamed(schedule, numbered)
        for later in used[1:]:
            for earlier in used[: used.index(later)]:
                yield renamed(schedule, {later: earlier})
    nodes = schedule.nodes
    for first, second in itertools.combinations(range(len(nodes)), 2):
        yield renamed(schedule, {nodes[first]: nodes[second], nodes[second]: nodes[first]})
    yield from with_followers_swapped(schedule)


def with_followers_swapped(schedule: Schedule) -> Iterator[Schedule]:
    """The schedule with two followers in each other's place, for the reads that choose one as well."""
    nodes = schedule.nodes
    for first, second in itertools.combinations(range(1, len(nodes)), 2):
        swapped = renamed(schedule, {nodes[first]: nodes[second], nodes[second]: nodes[first]})
        yield _with_replicas_swapped(swapped, first - 1, second - 1)


def renamed(schedule: Schedule, names: Mapping[str, str]) -> Schedule:
    """The schedule with each name in its steps replaced by what `names` says; its list of nodes stays."""

    def rename(step: AnyStep) -> AnyStep:
        changes: dict[str, Any] = {}
        for field in ("session", "key", "source", "target", "node", "candidate"):
            if (new := names.get(getattr(step, field, ""))) is not None:
                changes[field] = new
        if isinstance(step, Partition):
            changes["group"] = tuple(sorted({names.get(name, name) for name in step.group}))
        return msgspec.structs.replace(step, **changes) if changes else step

    return with_steps(schedule, tuple(map(rename, schedule.steps)))


def _with_replicas_swapped(schedule: Schedule, first: int, second: int) -> Schedule:
    """The reads that went to the follower at one place go to the one at the other place."""
    followers = len(schedule.nodes) - 1
    swap = {first: second, second: first}

    def swapped(step: AnyStep) -> AnyStep:
        if not isinstance(step, Read):
            return step
        place = step.replica % followers
        return msgspec.structs.replace(step, replica=swap.get(place, place))

    return with_steps(schedule, tuple(map(swapped, schedule.steps)))


# --- the whole


def plainer(schedule: Schedule, profile: Profile) -> Iterator[Schedule]:
    """The schedule with plainer surroundings: no jitter, first settings, no session guarantees."""
    replace = msgspec.structs.replace
    defaults = {
        name: profile.settings[name][0] if profile.settings.get(name) else value
        for name, value in schedule.settings.items()
    }
    no_needs = tuple(
        replace(step, needs=()) if isinstance(step, Write | Read) and step.needs else step
        for step in schedule.steps
    )
    yield replace(schedule, jitter=0, settings=defaults, steps=no_needs)
    for jitter in (0, 1):
        yield replace(schedule, jitter=jitter)
    yield with_steps(schedule, no_needs)
    yield with_steps(schedule, tuple(replace(step, after_ns=0) for step in schedule.steps))
    for name in schedule.settings:
        for value in profile.settings.get(name, ()):
            yield replace(schedule, settings={**schedule.settings, name: value})


def with_fewer_nodes(schedule: Schedule) -> Iterator[Schedule]:
    """The schedule on a cluster without its last node, if no step names it; the system may refuse."""
    last = schedule.nodes[-1]
    if len(schedule.nodes) > 1 and not any(_mentions(step, last) for step in schedule.steps):
        yield msgspec.structs.replace(schedule, nodes=schedule.nodes[:-1])


def with_lag_instead(schedule: Schedule, profile: Profile) -> Iterator[Schedule]:
    """One link that lags from the start, in the place of some faults; of many only in the place of all, or of
    all but one.

    Much of what faults bring about comes down to a replica that is behind, and a lag is the plainest way to
    have one; no single step can be dropped on the way there. What the faults took in time is tried as pauses.
    """
    faults = [place for place, step in enumerate(schedule.steps) if not isinstance(step, OPERATION_STEPS)]
    if not profile.faults.get("lag") or not 1 <= len(faults) <= _MOST_FAULTS_FOR_LAG:
        return
    few = len(faults) <= _FEW_FAULTS
    sizes = range(1, len(faults) + 1) if few else (len(faults),)
    for gone in (gone for size in sizes for gone in itertools.combinations(faults, size)):
        rest = [step for place, step in enumerate(schedule.steps) if place not in gone]
        late = sorted(rest, key=lambda step: not isinstance(step, OPERATION_STEPS))
        orders = (rest, late) if few and late != rest else (rest,)
        for target, order, pause_ns in itertools.product(schedule.nodes[1:], orders, _pauses_ns(profile)):
            lag = Lag(source=schedule.nodes[0], target=target, delay_ns=max(profile.lags_ns))
            paused = (msgspec.structs.replace(step, after_ns=max(step.after_ns, pause_ns)) for step in order)
            candidate = with_steps(schedule, (lag, *paused))
            yield candidate
            if few:
                yield _with_another_writer(candidate)


def _with_another_writer(schedule: Schedule) -> Schedule:
    """The writes by a session that does not read: what a session knows of its own writes then hides
    nothing."""
    writer = f"s{len(sessions_of(schedule))}"
    return with_steps(
        schedule,
        tuple(
            msgspec.structs.replace(step, session=writer) if isinstance(step, Write) else step
            for step in schedule.steps
        ),
    )


def _pauses_ns(profile: Profile) -> tuple[int, ...]:
    """No pause, one that lets a message through, and one that outlasts a bound."""
    return (0, 20 * MILLISECOND, 2 * max(profile.delays_ns))


def _mentions(step: AnyStep, node: str) -> bool:
    named = (getattr(step, field, None) for field in ("source", "target", "node", "candidate"))
    return node in named or node in getattr(step, "group", ())


def with_steps(schedule: Schedule, steps: tuple[AnyStep, ...]) -> Schedule:
    """The schedule with other steps."""
    return msgspec.structs.replace(schedule, steps=steps)


def without(schedule: Schedule, dropped: Callable[[int], bool], *, keep_times: bool) -> Schedule:
    """The schedule without the steps at dropped places.

    `keep_times`: the steps that stay happen when they did; else the dropped pauses go with their steps.
    """
    kept: list[AnyStep] = []
    owed_ns = 0
    for place, step in enumerate(schedule.steps):
        if dropped(place):
            owed_ns += step.after_ns if keep_times else 0
        else:
            kept.append(msgspec.structs.replace(step, after_ns=step.after_ns + owed_ns) if owed_ns else step)
            owed_ns = 0
    return with_steps(schedule, tuple(kept))
