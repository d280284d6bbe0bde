"""Verdicts, violations, reports, and what they look like as JSON (`rts-report/1`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

if TYPE_CHECKING:
    from checker.fates import DurabilityReport
    from checker.history import History

FORMAT = "rts-report/1"

Answer = Literal["holds", "violated", "unknown"]
ReasonCode = Literal["vacuous", "ambiguous", "budget"]
EdgeKind = Literal["session-order", "reads-from", "real-time", "version-order", "anti-dependency"]


class Edge(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One step of a cycle: from one operation's index to another's, of what kind, and why it is there."""

    from_: int
    to: int
    edge: EdgeKind
    reason: str


Made = TypeVar("Made")


class Later(Generic[Made]):
    """Something that is worked out when first asked for, and then kept."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make: Callable[[], Made] | None = make
        self._made: Made | None = None

    def get(self) -> Made:
        """Return it."""
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made  # type: ignore[return-value]  # it was made

    def __reduce__(self) -> tuple[Any, ...]:
        return Later, (partial(_as_made, self.get()),)


def _as_made(made: Made) -> Made:
    return made


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of a violation: its cycle, and the argument in words."""

    cycle: tuple[Edge, ...]
    explanation: str


class Violation:
    """A proof that a guarantee is broken: the operations' indices, their key, the cycle, the argument.

    `key` is the key of the last operation. The cycle and the words are worked out when first asked for.
    """

    __slots__ = ("_account", "key", "operations")

    def __init__(self, operations: tuple[int, ...], key: str | None, tell: Callable[[], Account]) -> None:
        self.operations = operations
        self.key = key
        self._account = Later(tell)

    @property
    def cycle(self) -> tuple[Edge, ...]:
        """The edges that contradict each other; empty where two operations already do."""
        return self._account.get().cycle

    @property
    def explanation(self) -> str:
        """The argument in words."""
        return self._account.get().explanation

    def to_json(self) -> dict[str, Any]:
        """Return the violation as in `rts-report/1`."""
        return {
            "operations": list(self.operations),
            "key": self.key,
            "cycle": [{"from": edge.from_, "to": edge.to, "edge": edge.edge} for edge in self.cycle],
            "explanation": self.explanation,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return Violation, (self.operations, self.key, partial(_as_made, self._account.get()))

    def __repr__(self) -> str:
        return f"<Violation by operations {self.operations}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one guarantee's check came to.

    `judged` and `ambiguous` count what could and could not be compared. `evidence` says which order of
    versions was used, None if none. An `unknown` carries `reason` and `reason_code`. `violations` are the
    first of the `violation_count` that were found; `elapsed_s` is in seconds.
    """

    verdict: Answer
    evidence: str | None = None
    judged: int = 0
    ambiguous: int = 0
    reason: str | None = None
    reason_code: ReasonCode | None = None
    violations: tuple[Violation, ...] = ()
    violation_count: int = 0
    elapsed_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as in `rts-report/1`."""
        fields: dict[str, Any] = {"verdict": self.verdict}
        for name in ("evidence", "reason", "reason_code"):
            value = getattr(self, name)
            if value is not None:
                fields[name] = value
        fields |= {"judged": self.judged, "ambiguous": self.ambiguous, "elapsed_s": self.elapsed_s}
        fields["violations"] = [violation.to_json() for violation in self.violations]
        fields["violation_count"] = self.violation_count
        return fields


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report:
    """The verdicts on one history.

    `asked` are the guarantees that were asked for by name. `history` is what was judged, for those who show
    its operations; it does not go along to another process.
    """

    guarantees: dict[str, Verdict]
    operations: int = 0
    ok: int = 0
    fail: int = 0
    info: int = 0
    sessions: int = 0
    keys: int = 0
    file: str | None = None
    asked: tuple[str, ...] | None = None
    history: History | None = field(default=None, compare=False)
    fates: Later[DurabilityReport | None] | None = field(default=None, compare=False)

    @property
    def durability(self) -> DurabilityReport | None:
        """What became of every write, worked out when first asked for.

        None where `no-lost-acknowledged-writes` was not judged, where no read tells anything of any write,
        and where it would take too much time or memory.
        """
        return None if self.fates is None else self.fates.get()

    @property
    def verdict(self) -> Answer:
        """The verdict of the whole.

        `violated` if any is. Else, where guarantees were asked for by name, `unknown` if any of them is;
        where not, `unknown` if all are or one is for another reason than that there was nothing to judge.
        """
        verdicts = list(self.guarantees.values())
        if any(verdict.verdict == "violated" for verdict in verdicts):
            return "violated"
        if self.asked is not None:
            asked = [self.guarantees[name].verdict for name in self.asked]
            return "unknown" if "unknown" in asked or not asked else "holds"
        unknown = [verdict for verdict in verdicts if verdict.verdict == "unknown"]
        if len(unknown) == len(verdicts) or any(verdict.reason_code != "vacuous" for verdict in unknown):
            return "unknown"
        return "holds"

    def to_json(self) -> dict[str, Any]:
        """Return the report as an `rts-report/1` object."""
        found = {
            "format": FORMAT,
            "file": self.file,
            "operations": self.operations,
            "ok": self.ok,
            "fail": self.fail,
            "info": self.info,
            "sessions": self.sessions,
            "keys": self.keys,
            "verdict": self.verdict,
            "guarantees": {name: verdict.to_json() for name, verdict in self.guarantees.items()},
        }
        if self.durability is not None:
            found["durability"] = self.durability.to_json()
        return found

    def __repr__(self) -> str:
        said = [f"<Report on {self.operations} operations: {self.verdict}"]
        for answer in ("violated", "unknown"):
            names = [name for name, verdict in self.guarantees.items() if verdict.verdict == answer]
            said += [f"{answer}: {', '.join(names)}"] if names else []
        return "; ".join(said) + ">"

    def _repr_html_(self) -> str:
        from checker.report.html import render_html

        return render_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        kept = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "history"}
        return partial(Report, **kept), ()


def exit_status(reports: Iterable[Report]) -> int:
    """Return the exit status of a command that came to these reports.

    0 all hold, 1 a violation, 3 inconclusive, 5 there was nothing to check.
    """
    verdicts = {report.verdict for report in reports}
    if not verdicts:
        return 5
    if "violated" in verdicts:
        return 1
    return 3 if "unknown" in verdicts else 0
