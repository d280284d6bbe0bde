"""What clients do: how operations are drawn, told and weighed."""

from __future__ import annotations

from rts.harness.kinds.kind import Kind, listed
from rts.schedule import CompareAndSet, Delete, Read, Write

# Divisible by every small number of followers, so that each is as likely.
_REPLICA_DRAWS = 12


def _needs(needs: tuple[str, ...]) -> str:
    return f"needs {' '.join(needs)}" if needs else ""


WRITE = Kind(
    Write,
    cost=0,
    draw=lambda drawn: (
        Write(after_ns=drawn.after_ns, session=drawn.session, key=drawn.key, needs=drawn.needs),
    ),
    words=lambda step: listed(f"{step.session} {step.key}", _needs(step.needs)),
    details=lambda step: len(step.needs),
)
READ = Kind(
    Read,
    cost=0,
    draw=lambda drawn: (
        Read(
            after_ns=drawn.after_ns,
            session=drawn.session,
            key=drawn.key,
            replica=drawn.how % _REPLICA_DRAWS,
            needs=drawn.needs,
        ),
    ),
    words=lambda step: listed(
        f"{step.session} {step.key}", f"replica {step.replica}", step.mode or "", _needs(step.needs)
    ),
    details=lambda step: step.replica + (step.mode is not None) + len(step.needs),
)
DELETE = Kind(
    Delete,
    cost=1,
    draw=lambda drawn: (Delete(after_ns=drawn.after_ns, session=drawn.session, key=drawn.key),),
    words=lambda step: f"{step.session} {step.key}",
)
COMPARE_AND_SET = Kind(
    CompareAndSet,
    cost=2,
    draw=lambda drawn: (CompareAndSet(after_ns=drawn.after_ns, session=drawn.session, key=drawn.key),),
    words=lambda step: f"{step.session} {step.key}",
)
