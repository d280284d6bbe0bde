"""What the network does: how faults of links are drawn, told and weighed."""

from __future__ import annotations

from typing import Literal

from checker.describe import duration
from rts.harness.drawing import Drawing
from rts.harness.kinds.kind import Kind, listed
from rts.harness.theme import pick
from rts.schedule import Duplicate, Heal, Lag, Loss, Partition, Reorder

_DIRECTIONS: dict[Literal["both", "into", "out-of"], str] = {
    "both": "both ways",
    "into": "what goes in",
    "out-of": "what goes out",
}


def _link(step: Lag | Loss | Duplicate | Reorder) -> str:
    return f"{step.source} → {step.target}"


def _wildcards(step: Lag | Loss | Duplicate | Reorder) -> int:
    return 2 * (step.source, step.target).count("*")


def _in_part(step: Loss | Duplicate | Reorder) -> int:
    return _wildcards(step) + (step.percent != 100)


def _lags(drawn: Drawing) -> tuple[Lag]:
    source, target = drawn.link()
    return (Lag(after_ns=drawn.after_ns, source=source, target=target, delay_ns=drawn.lag_ns),)


def _losses(drawn: Drawing) -> tuple[Loss]:
    source, target = drawn.link()
    return (Loss(after_ns=drawn.after_ns, source=source, target=target, percent=drawn.percent),)


def _duplicates(drawn: Drawing) -> tuple[Duplicate]:
    source, target = drawn.link()
    percent, delay_ns = drawn.percent, drawn.lag_ns
    return (
        Duplicate(after_ns=drawn.after_ns, source=source, target=target, percent=percent, delay_ns=delay_ns),
    )


def _reorderings(drawn: Drawing) -> tuple[Reorder]:
    source, target = drawn.link()
    percent, delay_ns = drawn.percent, drawn.lag_ns
    return (
        Reorder(after_ns=drawn.after_ns, source=source, target=target, percent=percent, delay_ns=delay_ns),
    )


def _partitions(drawn: Drawing) -> tuple[Partition]:
    direction = tuple(_DIRECTIONS)[pick(drawn.how, (2, 1, 1))]
    return (Partition(after_ns=drawn.after_ns, group=drawn.group(), direction=direction),)


LAG = Kind(
    Lag,
    cost=3,
    draw=_lags,
    words=lambda step: f"{_link(step)} by {duration(step.delay_ns)}",
    details=_wildcards,
)
LOSS = Kind(
    Loss,
    cost=5,
    draw=_losses,
    words=lambda step: f"{step.percent}% of {_link(step)}",
    details=_in_part,
)
DUPLICATE = Kind(
    Duplicate,
    cost=6,
    draw=_duplicates,
    words=lambda step: f"{step.percent}% of {_link(step)}, {duration(step.delay_ns)} later",
    details=_in_part,
)
REORDER = Kind(
    Reorder,
    cost=6,
    draw=_reorderings,
    words=lambda step: f"{step.percent}% of {_link(step)}, held {duration(step.delay_ns)}",
    details=_in_part,
)
PARTITION = Kind(
    Partition,
    cost=4,
    draw=_partitions,
    words=lambda step: listed(f"{' '.join(step.group)} from the others", _DIRECTIONS[step.direction]),
    details=lambda step: len(step.group) + (step.direction != "both"),
)
HEAL = Kind(
    Heal,
    cost=1,
    draw=lambda drawn: (Heal(after_ns=drawn.after_ns),),
    words=lambda step: "all links",
)
