"""A schedule is data: everything that makes one run what it is, and nothing else.

Two runs of one schedule are the same run, byte for byte. A schedule is JSON, versioned and meant to be edited
by hand: the cluster and its settings, then the steps in order. A step happens `after_ns` virtual nanoseconds
after the step before it; an operation whose session is still busy waits for its turn.

Nodes are `n0`, `n1`, …, sessions `s0`, …, keys `k0`, …. A client session is an address on the network like a
node: a link between `s0` and `n1` can lag, lose and be cut. The values that writes write are not drawn: the
n-th operation step writes the value n, so that each value is unique.
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000

FORMAT: Final = "rts-schedule/1"


class Step(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="step",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """One thing that happens, `after_ns` nanoseconds after the step before it."""

    after_ns: int = 0


# --- what clients do


class Write(Step, frozen=True, tag="write"):
    """`session` writes a new value to `key`; `needs` names session guarantees asked for one by one (Terry
    1994)."""

    session: str
    key: str
    needs: tuple[str, ...] = ()


class Delete(Step, frozen=True, tag="delete"):
    """`session` deletes `key`."""

    session: str
    key: str


class CompareAndSet(Step, frozen=True, tag="cas"):
    """`session` replaces the value of `key` that it saw last (absent at first) by a new one."""

    session: str
    key: str


class Read(Step, frozen=True, tag="read"):
    """`session` reads `key`.

    `replica` is the draw that selects a follower where the mode leaves the choice open. `mode` overrides the
    schedule's.
    """

    session: str
    key: str
    replica: int = 0
    mode: str | None = None
    needs: tuple[str, ...] = ()


# --- what the network does
# `source` and `target` are addresses, or "*" for every one. A fault on a link lasts until `Heal`.


class Lag(Step, frozen=True, tag="lag"):
    """Messages from `source` to `target` take `delay_ns` longer."""

    source: str
    target: str
    delay_ns: int


class Loss(Step, frozen=True, tag="loss"):
    """`percent` of the messages from `source` to `target` are lost."""

    source: str
    target: str
    percent: int = 100


class Duplicate(Step, frozen=True, tag="duplicate"):
    """`percent` of the messages from `source` to `target` arrive again, `delay_ns` later."""

    source: str
    target: str
    percent: int = 100
    delay_ns: int = 0


class Reorder(Step, frozen=True, tag="reorder"):
    """`percent` of the messages from `source` to `target` are held `delay_ns`, so that later ones overtake
    them."""

    source: str
    target: str
    percent: int = 50
    delay_ns: int = 20 * MILLISECOND


class Partition(Step, frozen=True, tag="partition"):
    """Cut `group` off from every other address: both ways, or only what goes `into` or `out-of` the group."""

    group: tuple[str, ...]
    direction: Literal["both", "into", "out-of"] = "both"


class Heal(Step, frozen=True, tag="heal"):
    """All links are as they were at the start."""


# --- what machines do


class Crash(Step, frozen=True, tag="crash"):
    """`node` loses what it had in memory and what its disk had not synced.

    `lose_disk`: its disk is gone too. `tear`: a part of the unsynced writes survives, the last of them torn.
    `at_effect`: it dies after so many effects of the next event that has any, instead of at once.
    """

    node: str
    lose_disk: bool = False
    tear: bool = False
    at_effect: int | None = None


class Restart(Step, frozen=True, tag="restart"):
    """A crashed `node` starts again from its disk."""

    node: str


class Pause(Step, frozen=True, tag="pause"):
    """`node` stands still (as in a long garbage collection); what arrives waits."""

    node: str


class Resume(Step, frozen=True, tag="resume"):
    """A paused `node` goes on, unaware of the time that passed."""

    node: str


class SlowDisk(Step, frozen=True, tag="slow-disk"):
    """Each sync of `node`'s disk takes `delay_ns` longer."""

    node: str
    delay_ns: int


class FullDisk(Step, frozen=True, tag="full-disk"):
    """`node`'s disk takes no more data."""

    node: str


class CorruptDisk(Step, frozen=True, tag="corrupt-disk"):
    """A byte of what `node`'s disk holds has flipped: it is returned so at the next start."""

    node: str


class SkewClock(Step, frozen=True, tag="skew-clock"):
    """`node`'s wall clock jumps by `jump_ns`, and its monotonic clock gains `drift_ppm` from now on."""

    node: str
    jump_ns: int = 0
    drift_ppm: int = 0


# --- what the operator does


class Promote(Step, frozen=True, tag="promote"):
    """The operator promotes `candidate`: a node, `"best"` (the most up to date) or `"any"` (the last in the
    list that runs).

    `old`: what became of the old leader first: it crashed, was cut off alive, or was left as it is. `forced`:
    the candidate does not refuse where it may lack acknowledged writes.
    """

    candidate: str = "best"
    old: Literal["crash", "cut", "leave"] = "crash"
    forced: bool = False


class ChangeMembers(Step, frozen=True, tag="change-members"):
    """The operator asks the leader to add `node` as a voter or as a learner, or to remove it."""

    action: Literal["add", "add-learner", "remove"]
    node: str


class TransferLeadership(Step, frozen=True, tag="transfer-leadership"):
    """The operator asks the leader to let `node` lead in its place."""

    node: str


class Rejoin(Step, frozen=True, tag="rejoin"):
    """`node` comes back: restarted or resumed if it was down, its links healed."""

    node: str


OperationStep: TypeAlias = Write | Delete | CompareAndSet | Read
LinkStep: TypeAlias = Lag | Loss | Duplicate | Reorder | Partition | Heal
MachineStep: TypeAlias = Crash | Restart | Pause | Resume | SlowDisk | FullDisk | CorruptDisk | SkewClock
CommandStep: TypeAlias = Promote | ChangeMembers | TransferLeadership
"""What the operator has the store itself do."""
OperatorStep: TypeAlias = CommandStep | Rejoin
FaultStep: TypeAlias = LinkStep | MachineStep | OperatorStep
AnyStep: TypeAlias = OperationStep | FaultStep


class Schedule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A whole run as data.

    `system` and `configuration` name what is run and which row of its table; `mode` is the read mode of reads
    that name none; `settings` are the system's own (policy, time-outs, …), checked by the system; `jitter`
    seeds the small differences between message delays (0: none).
    """

    format: Literal["rts-schedule/1"] = FORMAT
    system: str
    configuration: str
    mode: str
    nodes: tuple[str, ...]
    settings: dict[str, Any] = {}
    steps: tuple[AnyStep, ...] = ()
    jitter: int = 0


def sessions_of(schedule: Schedule) -> tuple[str, ...]:
    """The client sessions that a schedule uses, in the order in which they first appear."""
    return tuple(dict.fromkeys(step.session for step in schedule.steps if isinstance(step, OPERATION_STEPS)))


def keys_of(schedule: Schedule) -> tuple[str, ...]:
    """The keys that a schedule uses, in the order in which they first appear."""
    return tuple(dict.fromkeys(step.key for step in schedule.steps if isinstance(step, OPERATION_STEPS)))


OPERATION_STEPS = (Write, Delete, CompareAndSet, Read)


def dumps(schedule: Schedule) -> bytes:
    """The schedule as canonical JSON: equal schedules give equal bytes, wherever their values came from."""
    fields = _set_fields(schedule) | {"format": schedule.format}
    fields["steps"] = [plain(step) for step in schedule.steps]
    return msgspec.json.encode(fields, order="sorted")


def plain(step: AnyStep) -> dict[str, Any]:
    """A step as the object that its JSON is: equal steps give equal objects."""
    return _set_fields(step) | {"step": TAGS[type(step)]}


def loads(data: bytes) -> Schedule:
    """The schedule that `dumps` wrote, or that a person edited.

    Raises `msgspec.ValidationError`, which names the field, where it is not a schedule.
    """
    return msgspec.json.decode(data, type=Schedule)


def from_builtins(value: object) -> Schedule:
    """The schedule in a history file's header, from its decoded JSON. Raises as `loads`."""
    return msgspec.convert(value, type=Schedule)


TAGS: Final[dict[type[Step], str]] = {
    kind: str(kind.__struct_config__.tag) for kind in get_args(OperationStep) + get_args(FaultStep)
}
"""What a schedule file calls each kind of step."""
_KINDS: tuple[type[msgspec.Struct], ...] = (Schedule, *TAGS)
_DEFAULTS: dict[type[msgspec.Struct], tuple[tuple[str, object], ...]] = {
    kind: tuple((field.name, field.default) for field in msgspec.structs.fields(kind)) for kind in _KINDS
}


def _set_fields(value: msgspec.Struct) -> dict[str, Any]:
    """The fields that are not at their defaults.

    The encoder's own `omit_defaults` asks for the very object that is the default, and what came out of a
    file or from another process is never that.
    """
    fields = ((name, getattr(value, name), default) for name, default in _DEFAULTS[type(value)])
    return {name: found for name, found, default in fields if found != default and found != {}}
