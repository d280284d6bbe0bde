"""A schedule's steps in words, for reports."""

from __future__ import annotations

from checker.describe import duration
from rts.schedule import (
    AnyStep,
    ChangeMembers,
    CompareAndSet,
    CorruptDisk,
    Crash,
    Delete,
    Duplicate,
    FullDisk,
    Heal,
    Lag,
    Loss,
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

_DIRECTIONS = {"both": "both ways", "into": "what goes in", "out-of": "what goes out"}
_OLD_LEADERS = {"crash": "the old leader crashed", "cut": "the old leader cut off alive", "leave": ""}
_ACTIONS = {"add": "add {}", "add-learner": "add {} as a learner", "remove": "remove {}"}


def step_rows(schedule: Schedule) -> list[tuple[str, str, str, str]]:
    """A row for each step: its number, the pause before it, its kind, and what it does in a few words."""
    return [
        (str(number), f"+{duration(step.after_ns)}" if step.after_ns else "", kind_of(step), describe(step))
        for number, step in enumerate(schedule.steps, start=1)
    ]


def kind_of(step: AnyStep) -> str:
    """The word that a schedule file uses for this kind of step."""
    return str(type(step).__struct_config__.tag)


def describe(step: AnyStep) -> str:
    """What a step does, without its kind."""
    match step:
        case Write(session=session, key=key, needs=needs):
            return _listed(f"{session} {key}", _needs(needs))
        case Delete(session=session, key=key) | CompareAndSet(session=session, key=key):
            return f"{session} {key}"
        case Read(session=session, key=key, replica=replica, mode=mode, needs=needs):
            return _listed(f"{session} {key}", f"replica {replica}", mode or "", _needs(needs))
        case Lag(source=source, target=target, delay_ns=delay_ns):
            return f"{source} → {target} by {duration(delay_ns)}"
        case Loss(source=source, target=target, percent=percent):
            return f"{percent}% of {source} → {target}"
        case Duplicate(source=source, target=target, percent=percent, delay_ns=delay_ns):
            return _listed(f"{percent}% of {source} → {target}", f"{duration(delay_ns)} later")
        case Reorder(source=source, target=target, percent=percent, delay_ns=delay_ns):
            return _listed(f"{percent}% of {source} → {target}", f"held {duration(delay_ns)}")
        case Partition(group=group, direction=direction):
            return _listed(f"{' '.join(group)} from the others", _DIRECTIONS[direction])
        case Heal():
            return "all links"
        case Crash(node=node, lose_disk=lose_disk, tear=tear, at_effect=at_effect):
            when = "" if at_effect is None else f"after {at_effect} effects"
            return _listed(
                node, when, "its disk lost" if lose_disk else "", "its last write torn" if tear else ""
            )
        case Restart(node=node) | Pause(node=node) | Resume(node=node):
            return node
        case FullDisk(node=node) | CorruptDisk(node=node) | Rejoin(node=node):
            return node
        case SlowDisk(node=node, delay_ns=delay_ns):
            return f"{node} by {duration(delay_ns)}"
        case SkewClock(node=node, jump_ns=jump_ns, drift_ppm=drift_ppm):
            jump = f"jumps {'-' if jump_ns < 0 else ''}{duration(abs(jump_ns))}" if jump_ns else ""
            return _listed(node, jump, f"drifts {drift_ppm} ppm" if drift_ppm else "")
        case Promote(candidate=candidate, old=old, forced=forced):
            return _listed(candidate, _OLD_LEADERS[old], "forced" if forced else "")
        case ChangeMembers(action=action, node=node):
            return _ACTIONS[action].format(node)
        case TransferLeadership(node=node):
            return f"to {node}"


def _needs(needs: tuple[str, ...]) -> str:
    return f"needs {' '.join(needs)}" if needs else ""


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
